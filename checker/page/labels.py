"""Reads what an element says by its attributes: alternative texts, labels, tooltips, placeholders and choices of a form."""

from __future__ import annotations

import re

from bs4.element import CData, Comment, Declaration, Doctype, NavigableString, ProcessingInstruction, Tag

from checker.page import structured, zones
from checker.page.paths import Path
from checker.page.text import fold
from checker.page.walk import Frame, Walk
from checker.values import Role, Visibility, Zone

_SKIP = frozenset("script style embed iframe math select datalist".split())
NO_TEXT = (Comment, Doctype, Declaration, ProcessingInstruction, CData)
#: A label or a choice with fewer words names a control; with more it is a text of its own.
_LABEL_WORDS = 4
#: Elements and pieces of text in an element that are compared with its label.
_LABELLED_PARTS = 60
#: Their "title" writes an abbreviation out, or names a style sheet.
_NO_TOOLTIP = frozenset({"abbr", "dfn", "link", "style"})
#: What a drawn button or picture is, by its ARIA role or its element.
_DRAWN_BUTTONS = frozenset({"a", "button"})
#: Where a frame's address stands: those that load late have it beside the place that browsers mind, which comes last.
_FRAME_SOURCES = ("data-src", "data-lazy-src", "src")
_NO_ADDRESS = re.compile(r"$|#|(?!https?:)[a-z][a-z0-9+.-]{0,20}:", re.IGNORECASE)
_MAX_FRAMES = 50
#: Choices read of a menu in a form: lists of countries hold 250.
_MAX_OPTIONS = 60


def read_attributes(walk: Walk, tag: Tag, parent: Frame, path: Path) -> bool:
    """Read what an element says by its attributes or in its name for a drawing; return whether that is all it says."""
    name = tag.name
    if name in ("script", "meta"):
        walk.parts.take(tag, path.text)
        said = tag.get("itemprop") and tag.get("content")
        if said and structured.is_prose(str(tag.get("itemprop"))):
            _image(walk, said, tag, parent, path, Role.META)
    elif name == "title" and not parent.in_drawing and walk.parts.title is None:
        walk.parts.title = (tag, path.text if walk.drawn_title else "title")
    elif name in ("img", "area"):
        _image(walk, tag.get("alt"), tag, parent, path)
        _labels(walk, tag, parent, path)
    elif name == "input":
        _image(walk, tag.get(_shown_attribute(tag)), tag, parent, path, Role.BUTTON, Visibility.SHOWN)
    elif name == "select":
        _options(walk, tag, parent, path)
    else:
        return _beside(walk, tag, parent, path)
    return True


def _beside(walk: Walk, tag: Tag, parent: Frame, path: Path) -> bool:
    """Read what an element says beside its text; return whether its text is not read."""
    name = tag.name
    if parent.in_drawing and name in ("title", "desc"):
        walk.drawn_title = True
        _image(walk, tag.get_text(), tag, parent, path)
        return True
    if name in ("iframe", "frame"):
        _image(walk, tag.get("title"), tag, parent, path)
        if not tag.get("srcdoc"):
            _frame(walk, tag, parent)
        return not tag.get("srcdoc")
    if name == "svg":
        _image(walk, tag.get("aria-label"), tag, parent, path)
    elif name == "textarea":
        _image(walk, tag.get("placeholder"), tag, parent, path, Role.BUTTON, Visibility.SHOWN)
    elif tag.attrs:
        _labels(walk, tag, parent, path)
    return name in _SKIP or (parent.tag.name == "head" and name != "noscript")


def _frame(walk: Walk, tag: Tag, parent: Frame) -> None:
    """Keep the address of a frame that a visitor sees."""
    source = next((str(tag[name]).strip() for name in _FRAME_SOURCES if tag.get(name)), "")
    hidden = Visibility.HIDDEN in (parent.visibility, zones.visibility_of(tag, zones.names(tag)))
    unseen = hidden or parent.role is Role.NOSCRIPT or parent.zone is Zone.POPUP or _is_dot(tag)
    if not unseen and not _NO_ADDRESS.match(source) and len(walk.frames) < _MAX_FRAMES:
        walk.frames.append(source)


def _is_dot(tag: Tag) -> bool:
    """Say whether a frame is a counter: a pixel wide or high, or less."""
    return any(str(tag.get(side) or "").strip().removesuffix("px") in ("0", "1") for side in ("width", "height"))


def _labels(walk: Walk, tag: Tag, parent: Frame, path: Path) -> None:
    """Read the label that screen readers say and the one that shows under the mouse, where they say more than the text."""
    for name in ("aria-label", "title"):
        said = tag.get(name)
        if not isinstance(said, str) or tag.name in _NO_TOOLTIP:
            continue
        shown = beginning(tag) or str(tag.get("alt") or "")
        is_button = tag.name == "button" or tag.get("role") == "button"
        is_drawn = not shown and (tag.name in _DRAWN_BUTTONS or tag.get("role") in ("img", "button", "link"))
        if is_drawn or (len(said.split()) >= _LABEL_WORDS and fold(said) not in shown):
            _image(walk, said, tag, parent, path, Role.BUTTON if is_button else Role.ALT, Visibility.SEARCH_ENGINE)


def beginning(tag: Tag) -> str:
    """Return the text at the beginning of an element, without going through all that may be in it.

    Not by ``tag.descendants``, which first looks for the last of them: in nested elements that takes time with their square.
    """
    pieces: list[str] = []
    stack = [iter(tag.contents)]
    for _ in range(_LABELLED_PARTS):
        while stack and (child := next(stack[-1], None)) is None:
            stack.pop()
        if not stack:
            break
        if isinstance(child, Tag):
            stack.append(iter(child.contents))
        elif isinstance(child, NavigableString) and not isinstance(child, NO_TEXT):
            pieces.append(child)
    return fold("".join(pieces))


def _options(walk: Walk, tag: Tag, parent: Frame, path: Path) -> None:
    """Read the choices of a menu that say more than a name."""
    for option in tag.find_all("option", limit=_MAX_OPTIONS):
        text = option.get_text()
        if len(text.split()) >= _LABEL_WORDS:
            _image(walk, text, tag, parent, path, Role.BUTTON, Visibility.BEHIND_CLICK)


def _shown_attribute(tag: Tag) -> str:
    kind = str(tag.get("type") or "").lower()
    return {"submit": "value", "button": "value", "reset": "value", "image": "alt", "hidden": ""}.get(kind, "placeholder")


def _image(
    walk: Walk,
    said: object,
    tag: Tag,
    parent: Frame,
    path: Path,
    role: Role = Role.ALT,
    visibility: Visibility = Visibility.SEARCH_ENGINE,
) -> None:
    """Add what stands for a picture or in a control; in the middle of a text it comes after that."""
    text = fold(said) if isinstance(said, str) else ""
    if not text:
        return
    seen = visibility if parent.visibility is Visibility.SHOWN else parent.visibility
    framed = parent.framed or tag.name == "select"
    frame = Frame(tag, iter(()), role, parent.zone, seen, path, link=parent.link, question=parent.question, framed=framed)
    if walk.run.blank:
        walk.picture(text, frame)
    else:
        walk.run.images.append((text, frame))

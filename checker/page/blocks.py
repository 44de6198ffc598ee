"""Turns a page's HTML into its text blocks: everything that a visitor or a search engine can see, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import CData, Comment, Declaration, Doctype, NavigableString, PageElement, ProcessingInstruction, Tag

from checker.page import structured, zones
from checker.page.markup import parse
from checker.page.paths import Path
from checker.page.text import fold as fold
from checker.values import Document, Role, TextBlock, Visibility, Zone

_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q ruby rb rt rp s samp small span "
    "strike strong sub sup svg time tt u var wbr output tspan textpath meter progress".split()
)
_SKIP = frozenset("script style embed iframe math select datalist".split())
_ROLES = {
    "li": Role.LIST_ITEM,
    "dt": Role.SUMMARY,
    "dd": Role.PARAGRAPH,
    "td": Role.TABLE_CELL,
    "th": Role.TABLE_CELL,
    "button": Role.BUTTON,
    "summary": Role.SUMMARY,
    "figcaption": Role.CAPTION,
    "caption": Role.CAPTION,
    "noscript": Role.NOSCRIPT,
}
_LEVELS = {f"h{level}": level for level in range(1, 7)}
#: A heading that does not say how high it stands (role="heading" without aria-level) is one of these (ARIA 1.2).
_USUAL_LEVEL = 2
#: What stands in these keeps the role of what is around it, unless that is a paragraph.
_BOXES = frozenset({"p", "div", "section"})
#: A lead-in or a question in these is no longer one when they end.
_ENCLOSED = frozenset({"ul", "ol", "li", "dl", "details"})
#: A label or a choice with fewer words names a control; with more it is a text of its own.
_LABEL_WORDS = 4
#: Elements and pieces of text in an element that are compared with its label.
_LABELLED_PARTS = 60
#: Their "title" writes an abbreviation out, or names a style sheet.
_NO_TOOLTIP = frozenset({"abbr", "dfn", "link", "style"})
#: What a drawn button or picture is, by its ARIA role or its element.
_DRAWN_BUTTONS = frozenset({"a", "button"})
#: Choices read of a menu in a form: lists of countries hold 250.
_MAX_OPTIONS = 60
#: The first cell of a table's row says what the row is about if it is no longer than this.
_ROW_HEAD_CHARS = 80
#: Pages that stand whole in an attribute of another (srcdoc): so many are read, one in the other or side by side.
_MAX_INNER_PAGES = 10
#: Tags of such a page; those of maps and films hold some dozens.
_MAX_INNER_TAGS = 10_000
#: Parts of a drawing that hold words; all others are lines and areas.
_WORDS_OF_DRAWINGS = frozenset({"text", "foreignobject"})
_NO_TEXT = (Comment, Doctype, Declaration, ProcessingInstruction, CData)
#: Seen by no visitor: a text of its own wherever it stands.
_UNSEEN = frozenset({Visibility.HIDDEN, Visibility.SEARCH_ENGINE})
_BULLET = re.compile(r"^[\s•·▪●✓✔★*–-]*[\sA-Z0-9\"“'‘(]")
_LETTER = re.compile(r"\w")
_SENTENCE_END = re.compile(r"[.!?][\"”’)]*\s+[\"“‘(]?[A-Z]")
#: A question is shorter than this; longer text that ends in "?" is a paragraph.
_QUESTION_CHARS = 200
#: A link that is longer and holds an end of a sentence is a text that leads on (a card), not a link's name.
_LINK_CHARS = 80
#: Blocks that make the title of a panel; real ones hold one or two.
_SUMMARY_BLOCKS = 10
#: Elements between a question in microdata and its name.
_QUESTION_DEPTH = 4


def _is_prose(text: str) -> bool:
    return len(text) > _LINK_CHARS and _SENTENCE_END.search(text) is not None


@dataclass(slots=True, eq=False)
class _Frame:
    """An open element: what it hands down to all in it."""

    tag: Tag
    children: Iterator[PageElement]
    role: Role
    zone: Zone
    visibility: Visibility
    path: Path
    block: _Frame | None = None
    link: _Frame | None = None
    level: int = 0
    question: str | None = None
    in_drawing: bool = False
    before: tuple[str | None, str | None] | None = None
    row: str | None = None
    around: _Run | None = None
    first: int = 0

    @property
    def owner(self) -> _Frame:
        """The innermost block element: itself or one around it."""
        return self.block or self


@dataclass(slots=True)
class _Run:
    """The text collected for one block: its pieces, each with the link it stands in, and the images among them."""

    pieces: list[tuple[str, _Frame | None]] = field(default_factory=list)
    images: list[tuple[str, _Frame]] = field(default_factory=list)
    blank: bool = True
    linked: bool = True
    broken: bool = False


class _Walk:
    """One pass over a tree; collects what blocks are made of, and where structured data stand."""

    def __init__(self) -> None:
        self.blocks: list[dict[str, Any]] = []
        self.headings: list[tuple[int, str]] = []
        self.lead: str | None = None
        self.question: str | None = None
        self.run = _Run()
        self.row: str | None = None
        self.cell = ""
        self.taken: set[str] = set()
        self.parts = structured.Parts()
        self.drawn_title = False
        self.inner_pages = 0

    def add(self, text: str, frame: _Frame, role: Role | None = None, path: Path | None = None) -> None:
        """Append a block that stands in the frame."""
        role = role or frame.role
        asks = text.endswith("?") and len(text) < _QUESTION_CHARS
        self.blocks.append(
            {
                "text": text,
                "role": role,
                "zone": frame.zone,
                "visibility": frame.visibility,
                "css_path": (path or frame.path).text,
                "headings": tuple([heading for _, heading in self.headings]),
                "lead": self._lead(role),
                "question": frame.question or (None if asks else self.question),
            }
        )

    def _lead(self, role: Role) -> str | None:
        """Return what introduces a block: the line before a list, what a table's row is about for its other cells."""
        if role is Role.TABLE_CELL:
            return (self.row or None) if self.cell == "td" else None
        return self.lead if role in (Role.LIST_ITEM, Role.LINK) else None

    def flush(self, frame: _Frame) -> None:
        """Turn the text collected so far into a block of the frame, or into one for each link if it holds nothing else."""
        if not self.run.pieces:
            return
        run, self.run = self.run, _Run()
        if run.linked and frame.role in (Role.PARAGRAPH, Role.LIST_ITEM) and any(link for _, link in run.pieces):
            self._links(run, frame)
        elif text := fold("".join(piece for piece, _ in run.pieces)):
            if frame.role is Role.HEADING:
                self._heading(text, frame)
            else:
                self.add(text, frame)
                self._remember(text, frame)
        for said, image in run.images:
            self.add(said, image)

    def _links(self, run: _Run, frame: _Frame) -> None:
        for link, pieces in groupby(run.pieces, key=itemgetter(1)):
            text = fold("".join(piece for piece, _ in pieces))
            if link is None or not text:
                continue
            path = link.path if link.owner is frame else frame.path
            role = Role.BUTTON if link.tag.get("role") == "button" else Role.LINK
            self.add(text, frame, frame.role if _is_prose(text) else role, path)

    def _heading(self, text: str, frame: _Frame) -> None:
        while self.headings and self.headings[-1][0] >= frame.level:
            self.headings.pop()
        self.lead = self.question = None
        self.add(text, frame)
        self.headings.append((frame.level, text))
        self.lead = text if text.endswith(":") else None
        self.question = text if text.endswith("?") else None

    def _remember(self, text: str, frame: _Frame) -> None:
        """Keep a question for its answer and a lead-in for its list."""
        if frame.role is Role.TABLE_CELL:
            if self.row is None:
                self.row = text if len(text) <= _ROW_HEAD_CHARS else ""
            return
        asks = text.endswith("?") and len(text) < _QUESTION_CHARS
        if frame.role is Role.SUMMARY or asks:
            self.question = text
        elif frame.role is Role.LIST_ITEM:
            self.lead = text if text.endswith(":") else self.lead
            return
        elif frame.zone is not Zone.FAQ and not (self.headings and self.headings[-1][1] == self.question):
            self.question = None
        self.lead = text if text.endswith(":") else None


def document(soup: BeautifulSoup) -> Document:
    """Return the blocks of a page: head first (title, meta, Open Graph, JSON-LD), then the body in reading order."""
    walk = _Walk()
    _walk(walk, soup)
    head = structured.head_blocks(walk.parts)
    seen = {block["text"] for block in walk.blocks} | {block.text for block in head}
    data = structured.data(walk.parts)
    extra = [block for text, block in data.blocks.items() if text not in seen]
    first = [replace(block, index=index) for index, block in enumerate([*head, *extra])]
    blocks = (*first, *(TextBlock(index=index, **block) for index, block in enumerate(walk.blocks, len(first))))
    title = next((block.text for block in head if block.role is Role.TITLE), None)
    html = soup.find("html")
    language = str(html.get("lang") or "").strip() or None if isinstance(html, Tag) else None
    return Document(
        title=title,
        language=language,
        blocks=blocks,
        organizations=data.organization_names,
        publishers=data.publishers,
    )


def _walk(walk: _Walk, root: Tag) -> None:
    """Go through the tree without recursion: pages nested thousands of levels deep are read whole."""
    stack = [_Frame(root, iter(root.contents), Role.PARAGRAPH, Zone.MAIN, Visibility.SHOWN, Path())]
    while stack:
        frame = stack[-1]
        child = next(frame.children, None)
        if child is None:
            _leave(walk, stack.pop(), stack)
        elif isinstance(child, Tag):
            opened = _enter(walk, child, stack)
            if opened is not None:
                stack.append(opened)
        elif isinstance(child, NavigableString) and not isinstance(child, _NO_TEXT):
            _text(walk, str(child), frame)


def _leave(walk: _Walk, frame: _Frame, stack: list[_Frame]) -> None:
    """Close an element: what was collected becomes its block, what counted only in it is forgotten."""
    if frame.block is None:
        walk.flush(frame)
    if frame.before is not None:
        walk.lead, walk.question = frame.before
    if frame.tag.name == "tr":
        walk.row = frame.row
    if "itemprop" in frame.tag.attrs:
        _end_of_property(walk, frame, stack)
    if frame.around is not None:
        walk.run = frame.around
    if frame.tag.name == "summary" and stack[-1].tag.name == "details":
        title = " ".join(block["text"] for block in walk.blocks[frame.first : frame.first + _SUMMARY_BLOCKS])
        stack[-1].question = title or stack[-1].question


def _end_of_property(walk: _Walk, frame: _Frame, stack: list[_Frame]) -> None:
    """Keep the name of a question in microdata for its answer."""
    asked = next((f for f in stack[: -1 - _QUESTION_DEPTH : -1] if "itemtype" in f.tag.attrs), None)
    if asked is not None and str(frame.tag["itemprop"]) == "name" and str(asked.tag["itemtype"]).endswith("/Question"):
        asked.question = _begin(frame.tag) or asked.question


def _text(walk: _Walk, text: str, frame: _Frame) -> None:
    blank = not text.strip()
    if walk.run.broken and not blank:
        walk.run.broken = False
        owner = frame.owner
        if owner.role is not Role.HEADING and _BULLET.match(text):
            walk.flush(owner)
    if frame.tag.name == "bdo" and frame.tag.get("dir") == "rtl":
        text = text[::-1]
    run = walk.run
    run.pieces.append((text, frame.link))
    if blank:
        return
    run.blank = False
    if frame.link is None and _LETTER.search(text):
        run.linked = False


def _enter(walk: _Walk, tag: Tag, stack: list[_Frame]) -> _Frame | None:
    """Open an element; return its frame, or None when nothing in it is read."""
    parent = stack[-1]
    name = tag.name
    path = parent.path.child(tag, walk.taken)
    if name == "br":
        if walk.run.broken:
            walk.flush(parent.owner)
        walk.run.pieces.append((" ", parent.link))
        walk.run.broken = True
        return None
    if _attributes(walk, tag, parent, path):
        return None
    if "itemtype" in tag.attrs:
        walk.parts.take_item(tag)
    words = zones.names(tag)
    own = zones.visibility_of(tag, words)
    zone = zones.zone_of(tag, words)
    inline = name in _INLINE or (parent.in_drawing and name not in _WORDS_OF_DRAWINGS)
    if name == "small" and zone is not None and walk.run.blank:
        inline = False  # small print that stands alone
    apart = inline and own in _UNSEEN and parent.visibility is Visibility.SHOWN
    if not inline:
        walk.flush(parent.owner)
    frame = _Frame(
        tag=tag,
        children=iter(_contents(walk, tag)),
        role=_role(tag, parent, inline),
        zone=zone or parent.zone,
        visibility=_visibility(own, tag, stack),
        path=path,
        block=parent.owner if inline and not apart else None,
        link=parent.link,
        level=_level(tag) or parent.level,
        question=parent.question,
        in_drawing=name == "svg" or (parent.in_drawing and name != "foreignobject"),
        before=(walk.lead, walk.question) if name in _ENCLOSED else None,
    )
    if name == "a":
        frame.link = frame
    elif name == "tr":
        frame.row, walk.row = walk.row, None
    elif name in ("td", "th"):
        walk.cell = name
    elif name == "iframe":
        path.sealed = True  # what stands in the frame is found by the frame
    elif name == "summary":
        frame.question = stack[-2].question if parent.tag.name == "details" else parent.question
        frame.first = len(walk.blocks)
    elif name == "dd":
        frame.question = parent.question or walk.question
    if apart:  # hidden words in the middle of a sentence are no part of what a visitor reads
        frame.around, walk.run = walk.run, _Run()
        frame.role = Role.PARAGRAPH if frame.role is Role.HEADING else frame.role
    return frame


def _level(tag: Tag) -> int:
    """Return how high a heading stands, 1 being the highest; 0 for what is none."""
    if tag.name in _LEVELS:
        return _LEVELS[tag.name]
    if tag.get("role") != "heading":
        return 0
    said = str(tag.get("aria-level"))
    return int(said) if re.fullmatch("[1-6]", said) else _USUAL_LEVEL


def _role(tag: Tag, parent: _Frame, inline: bool) -> Role:
    if inline or parent.role is Role.NOSCRIPT:
        return parent.role
    if _level(tag):
        return Role.HEADING
    if parent.role is Role.HEADING and (tag.name == "button" or tag.get("role") == "button"):
        return Role.HEADING  # the title of an accordion's panel
    if tag.get("role") == "button":
        return Role.BUTTON
    inherited = parent.role if tag.name in _BOXES else Role.PARAGRAPH
    return _ROLES.get(tag.name, inherited)


def _visibility(own: Visibility | None, tag: Tag, stack: list[_Frame]) -> Visibility:
    """Return the less visible of what is handed down and what the element does; a closed panel's summary is seen."""
    given = stack[-1].visibility
    if tag.name == "summary" and stack[-1].tag.name == "details" and given is Visibility.BEHIND_CLICK:
        given = stack[-2].visibility
    return given if own is None or given is Visibility.HIDDEN else own


def _attributes(walk: _Walk, tag: Tag, parent: _Frame, path: Path) -> bool:
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


def _beside(walk: _Walk, tag: Tag, parent: _Frame, path: Path) -> bool:
    """Read what an element says beside its text; return whether its text is not read."""
    name = tag.name
    if parent.in_drawing and name in ("title", "desc"):
        walk.drawn_title = True
        _image(walk, tag.get_text(), tag, parent, path)
        return True
    if name == "iframe":
        _image(walk, tag.get("title"), tag, parent, path)
        return not tag.get("srcdoc")
    if name == "svg":
        _image(walk, tag.get("aria-label"), tag, parent, path)
    elif name == "textarea":
        _image(walk, tag.get("placeholder"), tag, parent, path, Role.BUTTON, Visibility.SHOWN)
    elif tag.attrs:
        _labels(walk, tag, parent, path)
    return name in _SKIP or (parent.tag.name == "head" and name != "noscript")


def _labels(walk: _Walk, tag: Tag, parent: _Frame, path: Path) -> None:
    """Read the label that screen readers say and the one that shows under the mouse, where they say more than the text."""
    for name in ("aria-label", "title"):
        said = tag.get(name)
        if not isinstance(said, str) or tag.name in _NO_TOOLTIP:
            continue
        shown = _begin(tag) or str(tag.get("alt") or "")
        is_button = tag.name == "button" or tag.get("role") == "button"
        is_drawn = not shown and (tag.name in _DRAWN_BUTTONS or tag.get("role") in ("img", "button", "link"))
        if is_drawn or (len(said.split()) >= _LABEL_WORDS and fold(said) not in shown):
            _image(walk, said, tag, parent, path, Role.BUTTON if is_button else Role.ALT, Visibility.SEARCH_ENGINE)


def _begin(tag: Tag) -> str:
    """Return the text at the beginning of an element, without going through all that may be in it."""
    parts = islice(tag.descendants, _LABELLED_PARTS)
    return fold("".join(part for part in parts if isinstance(part, NavigableString) and not isinstance(part, _NO_TEXT)))


def _options(walk: _Walk, tag: Tag, parent: _Frame, path: Path) -> None:
    """Read the choices of a menu that say more than a name."""
    for option in tag.find_all("option", limit=_MAX_OPTIONS):
        text = option.get_text()
        if len(text.split()) >= _LABEL_WORDS:
            _image(walk, text, tag, parent, path, Role.BUTTON, Visibility.BEHIND_CLICK)


def _contents(walk: _Walk, tag: Tag) -> list[PageElement]:
    """Return an element's children; those of a frame are the page that its srcdoc holds."""
    if tag.name != "iframe":
        return tag.contents
    walk.inner_pages += 1
    source = str(tag.get("srcdoc"))
    if walk.inner_pages > _MAX_INNER_PAGES or source.count("<") > _MAX_INNER_TAGS:
        return []
    inner = parse(source)
    return (inner.body or inner).contents


def _shown_attribute(tag: Tag) -> str:
    kind = str(tag.get("type") or "").lower()
    return {"submit": "value", "button": "value", "reset": "value", "image": "alt", "hidden": ""}.get(kind, "placeholder")


def _image(
    walk: _Walk,
    said: object,
    tag: Tag,
    parent: _Frame,
    path: Path,
    role: Role = Role.ALT,
    visibility: Visibility = Visibility.SEARCH_ENGINE,
) -> None:
    """Add what stands for a picture or in a control; in the middle of a text it comes after that."""
    text = fold(said) if isinstance(said, str) else ""
    if not text:
        return
    seen = visibility if parent.visibility is Visibility.SHOWN else parent.visibility
    frame = _Frame(tag, iter(()), role, parent.zone, seen, path, question=parent.question)
    if walk.run.blank:
        walk.add(text, frame)
    else:
        walk.run.images.append((text, frame))

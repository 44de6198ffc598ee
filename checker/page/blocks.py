"""Turns a page's HTML into its text blocks: everything that a visitor or a search engine can see, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bs4 import BeautifulSoup
from bs4.element import CData, Comment, Declaration, Doctype, NavigableString, PageElement, ProcessingInstruction, Tag

from checker.page import structured, zones
from checker.values import Document, Role, TextBlock, Visibility, Zone

_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q ruby rb rt rp s samp small span strike "
    "strong sub sup time tt u var wbr output tspan textpath".split()
)
_SKIP = frozenset("script style head object embed iframe canvas audio math select datalist".split())
_ROLES = {
    **{f"h{n}": Role.HEADING for n in range(1, 7)},
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
    "option": Role.BUTTON,
}
_NO_TEXT = (Comment, Doctype, Declaration, ProcessingInstruction, CData)
_LINK_START = "\x00"  # no character of a parsed page: parts the links of a block that holds nothing else
_BULLET = re.compile(r"^[\s•·▪●✓✔★*–-]*[\sA-Z0-9\"“'‘(]")
_SPACE = re.compile(r"\s+")

#: Elements deeper than this are found again by their ancestor at this depth and their own name; without a
#: bound, the paths of a page nested 5,000 levels deep would grow with the square of the depth.
MAX_PATH_DEPTH = 100


def fold(text: str) -> str:
    """Return the text with every run of white space as one space and none at the ends."""
    return _SPACE.sub(" ", text).strip()


@dataclass(slots=True)
class _Frame:
    """An open element: what it hands down to all in it."""

    tag: Tag
    children: Iterator[PageElement]
    role: Role
    zone: Zone
    visibility: Visibility
    path: str
    depth: int
    in_link: bool = False
    is_block: bool = True
    question: str | None = None
    counts: dict[str, int] = field(default_factory=dict)


class _Walk:
    """One pass over a tree; collects blocks."""

    def __init__(self) -> None:
        self.blocks: list[TextBlock] = []
        self.headings: list[tuple[int, str]] = []
        self.lead: str | None = None
        self.question: str | None = None
        self.buffer: list[str] = []
        self.linked = True
        self.broken = False

    def add(self, text: str, frame: _Frame, role: Role | None = None, visibility: Visibility | None = None) -> None:
        """Append a block that stands in the frame."""
        role = role or frame.role
        block = TextBlock(
            index=len(self.blocks),
            text=text,
            role=role,
            zone=frame.zone,
            visibility=visibility or frame.visibility,
            css_path=frame.path,
            headings=tuple(heading for _, heading in self.headings),
            lead=self.lead if role in (Role.LIST_ITEM, Role.LINK) else None,
            question=frame.question or self.question,
        )
        self.blocks.append(block)

    def flush(self, frame: _Frame) -> None:
        """Turn the text collected so far into a block of the frame."""
        if not self.buffer:
            return
        raw, linked = "".join(self.buffer), self.linked
        self.buffer, self.linked, self.broken = [], True, False
        text = fold(raw.replace(_LINK_START, ""))
        if not text:
            return
        if frame.role is Role.HEADING:
            self._heading(text, frame)
        elif linked and frame.role in (Role.PARAGRAPH, Role.LIST_ITEM):
            for link in filter(None, map(fold, raw.split(_LINK_START))):
                self.add(link, frame, Role.LINK)
        else:
            self.add(text, frame)
            self._remember(text, frame)

    def _heading(self, text: str, frame: _Frame) -> None:
        level = int(frame.tag.name[1])
        while self.headings and self.headings[-1][0] >= level:
            self.headings.pop()
        self.lead = self.question = None
        self.add(text, frame)
        self.headings.append((level, text))
        self.lead = text if text.endswith(":") else None
        self.question = text if text.endswith("?") else None

    def _remember(self, text: str, frame: _Frame) -> None:
        """Keep a question for its answer and a lead-in for its list."""
        if frame.role in (Role.LIST_ITEM, Role.TABLE_CELL):
            return
        if frame.role is Role.SUMMARY:
            self.question = text
        elif text.endswith("?") and len(text) < 200:
            self.question = text
        elif frame.zone is not Zone.FAQ and not (self.headings and self.headings[-1][1] == self.question):
            self.question = None
        self.lead = text if text.endswith(":") else None


def document(soup: BeautifulSoup) -> Document:
    """Return the blocks of a page: head first (title, meta, Open Graph, JSON-LD), then the body in reading order."""
    head = structured.head_blocks(soup)
    walk = _Walk()
    root = soup.body or soup
    if isinstance(root, Tag):
        _walk(walk, root)
    seen = {block.text for block in walk.blocks} | {block.text for block in head}
    extra = [block for block in structured.json_ld_blocks(soup) if block.text not in seen]
    ordered = [*head, *extra, *walk.blocks]
    blocks = tuple(replace(block, index=index) for index, block in enumerate(ordered))
    title = next((block.text for block in head if block.role is Role.TITLE), None)
    html = soup.find("html")
    language = str(html.get("lang") or "").strip() or None if isinstance(html, Tag) else None
    return Document(title=title, language=language, blocks=blocks)


def _walk(walk: _Walk, root: Tag) -> None:
    """Go through the tree without recursion: pages nested thousands of levels deep are read whole."""
    base = _Frame(root, iter(root.contents), Role.PARAGRAPH, Zone.MAIN, Visibility.SHOWN, root.name, 0)
    stack = [base]
    while stack:
        frame = stack[-1]
        child = next(frame.children, None)
        if child is None:
            stack.pop()
            if frame.is_block:
                walk.flush(frame)
            continue
        if isinstance(child, Tag):
            opened = _enter(walk, child, stack)
            if opened is not None:
                stack.append(opened)
        elif isinstance(child, NavigableString) and not isinstance(child, _NO_TEXT):
            _text(walk, str(child), frame, stack)


def _text(walk: _Walk, text: str, frame: _Frame, stack: list[_Frame]) -> None:
    blank = not text.strip()
    if walk.broken and not blank:
        walk.broken = False
        owner = _owner(stack)
        if owner.role is not Role.HEADING and _BULLET.match(text):
            walk.flush(owner)
    walk.buffer.append(text)
    if not blank and not frame.in_link:
        walk.linked = False


def _owner(stack: list[_Frame]) -> _Frame:
    """Return the innermost open block element."""
    return next(frame for frame in reversed(stack) if frame.is_block)


def _enter(walk: _Walk, tag: Tag, stack: list[_Frame]) -> _Frame | None:
    """Open an element; return its frame, or None when nothing in it is read."""
    parent = stack[-1]
    name = tag.name
    parent.counts[name] = parent.counts.get(name, 0) + 1
    if name == "br":
        if walk.broken:
            walk.flush(_owner(stack))
        walk.buffer.append(" ")
        walk.broken = True
        return None
    path = _path(tag, parent)
    if name in _SKIP:
        if name == "iframe" and tag.get("title"):
            _attribute(walk, tag, "title", parent, path, stack)
        return None
    if name in ("img", "input", "area") or (name == "svg" and tag.get("aria-label")):
        _attribute_text(walk, tag, parent, path, stack)
        return None
    words = zones.names(tag)
    inline = name in _INLINE
    if not inline:
        walk.flush(_owner(stack))
    frame = _Frame(
        tag=tag,
        children=iter(tag.contents),
        role=_role(tag, parent, inline),
        zone=zones.zone_of(tag, words) or parent.zone,
        visibility=_weaker(parent, zones.visibility_of(tag, words), tag),
        path=path,
        depth=parent.depth + 1,
        in_link=parent.in_link or name == "a",
        is_block=not inline,
        question=parent.question or (_summary_of(tag) if name == "details" else None),
    )
    if name == "summary":
        frame.question = None
    if name == "a":
        walk.buffer.append(_LINK_START)
    return frame


def _role(tag: Tag, parent: _Frame, inline: bool) -> Role:
    if inline:
        return parent.role
    if tag.get("role") == "button":
        return Role.BUTTON
    if tag.get("role") == "heading" and tag.name.startswith("h") is False:
        return parent.role
    inherited = parent.role if parent.role is not Role.PARAGRAPH and tag.name in ("p", "div", "span", "section") else Role.PARAGRAPH
    return _ROLES.get(tag.name, inherited)


def _weaker(parent: _Frame, own: Visibility | None, tag: Tag) -> Visibility:
    """Return the least visible of what the parent hands down and what the element does; a summary is always shown."""
    if tag.name == "summary" and parent.tag.name == "details" and parent.visibility is Visibility.BEHIND_CLICK:
        return Visibility.SHOWN
    if own is None or parent.visibility is Visibility.HIDDEN:
        return parent.visibility
    return own


def _summary_of(details: Tag) -> str | None:
    summary = details.find("summary", recursive=False)
    return fold(summary.get_text()) or None if isinstance(summary, Tag) else None


def _path(tag: Tag, parent: _Frame) -> str:
    """Return a CSS path that finds the element; an id starts it anew."""
    ident = tag.get("id")
    if isinstance(ident, str) and re.fullmatch(r"[A-Za-z][\w-]*", ident):
        return f"#{ident}"
    if parent.depth >= MAX_PATH_DEPTH:
        return parent.path if " " in parent.path.rsplit(">", 1)[-1].strip() else f"{parent.path} {tag.name}"
    return f"{parent.path} > {tag.name}:nth-of-type({parent.counts[tag.name]})"


def _attribute_text(walk: _Walk, tag: Tag, parent: _Frame, path: str, stack: list[_Frame]) -> None:
    """Read what an image or a form control says by its attributes."""
    if tag.name == "input":
        if str(tag.get("type") or "").lower() in ("submit", "button"):
            _attribute(walk, tag, "value", parent, path, stack, Role.BUTTON)
        else:
            _attribute(walk, tag, "placeholder", parent, path, stack, Role.BUTTON)
        return
    _attribute(walk, tag, "alt" if tag.name != "svg" else "aria-label", parent, path, stack)


def _attribute(
    walk: _Walk, tag: Tag, name: str, parent: _Frame, path: str, stack: list[_Frame], role: Role = Role.ALT
) -> None:
    text = fold(str(tag.get(name) or ""))
    if not text:
        return
    if _owner(stack).role not in (Role.PARAGRAPH, Role.HEADING) or not "".join(walk.buffer).strip():
        walk.flush(_owner(stack))
    visibility = Visibility.SEARCH_ENGINE if role is Role.ALT and parent.visibility is Visibility.SHOWN else parent.visibility
    place = _Frame(tag, iter(()), role, parent.zone, visibility, path, parent.depth + 1)
    place.question = parent.question
    walk.add(text, place, role)

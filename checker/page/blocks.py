"""Turns a page's HTML into its text blocks: everything that a visitor or a search engine can see, in reading order."""

from __future__ import annotations

import re
from dataclasses import replace

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag

from checker.page import structured, zones
from checker.page.labels import NO_TEXT, beginning, read_attributes
from checker.page.markup import parse
from checker.page.paths import Path
from checker.page.text import LINE_END
from checker.page.text import fold as fold
from checker.page.walk import Frame, Run, Walk
from checker.values import Document, Role, TextBlock, Visibility, Zone

_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q ruby rb rt rp s samp small span "
    "strike strong sub sup svg time tt u var wbr output tspan textpath meter progress".split()
)
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
#: Pages that stand whole in an attribute of another (srcdoc): so many are read, one in the other or side by side.
_MAX_INNER_PAGES = 10
#: Tags of such a page; those of maps and films hold some dozens.
_MAX_INNER_TAGS = 10_000
#: Parts of a drawing that hold words; all others are lines and areas.
_WORDS_OF_DRAWINGS = frozenset({"text", "foreignobject"})
#: Seen by no visitor: a text of its own wherever it stands.
_UNSEEN = frozenset({Visibility.HIDDEN, Visibility.SEARCH_ENGINE})
_BULLET = re.compile(r"^[\s•·▪●✓✔★*–-]*[\sA-Z0-9\"“'‘(]")
_LETTER = re.compile(r"\w")
#: White space that stays as it is where text is set by hand, so that no search goes over it.
_SET_APART = re.compile(r"\n|\s{2,}")
#: Blocks that make the title of a panel; real ones hold one or two.
_SUMMARY_BLOCKS = 10
#: Elements between a question in microdata and its name.
_QUESTION_DEPTH = 4


def document(soup: BeautifulSoup) -> Document:
    """Return the blocks of a page: head first (title, meta, Open Graph, JSON-LD), then the body in reading order."""
    walk = Walk()
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
        frames=tuple(walk.frames),
        frames_read=tuple(walk.frames_read),
        framed=frozenset(index + len(first) for index in walk.framed),
    )


def _walk(walk: Walk, root: Tag) -> None:
    """Go through the tree without recursion: pages nested thousands of levels deep are read whole."""
    stack = [Frame(root, iter(root.contents), Role.PARAGRAPH, Zone.MAIN, Visibility.SHOWN, Path())]
    while stack:
        frame = stack[-1]
        child = next(frame.children, None)
        if child is None:
            _leave(walk, stack.pop(), stack)
        elif isinstance(child, Tag):
            opened = _enter(walk, child, stack)
            if opened is not None:
                stack.append(opened)
        elif isinstance(child, NavigableString) and not isinstance(child, NO_TEXT):
            _text(walk, str(child), frame)


def _leave(walk: Walk, frame: Frame, stack: list[Frame]) -> None:
    """Close an element: what was collected becomes its block, what counted only in it is forgotten."""
    if frame.block is None:
        walk.flush(frame)
    if frame.before is not None:
        walk.lead, walk.question = frame.before
    if frame.tag.name == "tr":
        walk.row = frame.row
    if "itemprop" in frame.tag.attrs:
        _end_of_property(frame, stack)
    if frame.around is not None:
        walk.run = frame.around
    if frame.tag.name == "section" and "data-frame" in frame.tag.attrs:
        walk.frames_read.append(str(frame.tag["data-frame"]))
        walk.framed.update(range(frame.first, len(walk.blocks)))
    if frame.tag.name == "summary" and stack[-1].tag.name == "details":
        title = " ".join(block["text"] for block in walk.blocks[frame.first : frame.first + _SUMMARY_BLOCKS])
        stack[-1].question = title or stack[-1].question


def _end_of_property(frame: Frame, stack: list[Frame]) -> None:
    """Keep the name of a question in microdata for its answer."""
    asked = next((f for f in stack[: -1 - _QUESTION_DEPTH : -1] if "itemtype" in f.tag.attrs), None)
    if asked is not None and str(frame.tag["itemprop"]) == "name" and str(asked.tag["itemtype"]).endswith("/Question"):
        asked.question = beginning(frame.tag) or asked.question


def _text(walk: Walk, text: str, frame: Frame) -> None:
    blank = not text.strip()
    if walk.run.broken and not blank:
        walk.run.broken = False
        owner = frame.owner
        if owner.role is not Role.HEADING and _BULLET.match(text):
            walk.flush(owner)
    if frame.tag.name == "bdo" and frame.tag.get("dir") == "rtl":
        text = text[::-1]
    if frame.owner.tag.name == "pre":
        text = _SET_APART.sub(LINE_END, text)
    run = walk.run
    run.pieces.append((text, frame.link))
    if blank:
        return
    run.blank = False
    if frame.link is None and _LETTER.search(text):
        run.linked = False


def _enter(walk: Walk, tag: Tag, stack: list[Frame]) -> Frame | None:
    """Open an element; return its frame, or None when nothing in it is read."""
    parent = stack[-1]
    path = parent.path.child(tag, walk.taken)
    if tag.name == "br":
        _break_line(walk, parent)
        return None
    if read_attributes(walk, tag, parent, path):
        return None
    if "itemtype" in tag.attrs:
        walk.parts.take_item(tag)
    words = zones.names(tag)
    own, zone = zones.visibility_of(tag, words), zones.zone_of(tag, words)
    inline = _is_inline(walk, tag, parent, zone)
    apart = inline and own in _UNSEEN and parent.visibility is Visibility.SHOWN
    if not inline:
        walk.flush(parent.owner)
    frame = Frame(
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
        in_drawing=tag.name == "svg" or (parent.in_drawing and tag.name != "foreignobject"),
        before=(walk.lead, walk.question) if tag.name in _ENCLOSED else None,
        framed=parent.framed or tag.name == "iframe" or str(tag.get("data-frame")).startswith("http"),
    )
    _begin(walk, frame, stack)
    if apart:  # hidden words in the middle of a sentence are no part of what a visitor reads
        frame.around, walk.run = walk.run, Run()
        frame.role = Role.PARAGRAPH if frame.role is Role.HEADING else frame.role
    return frame


def _break_line(walk: Walk, parent: Frame) -> None:
    """Take a line break: two of them part paragraphs."""
    if walk.run.broken:
        walk.flush(parent.owner)
    walk.run.pieces.append((LINE_END, parent.link))
    walk.run.broken = True


def _is_inline(walk: Walk, tag: Tag, parent: Frame, zone: Zone | None) -> bool:
    """Say whether an element stands within a line of its parent's text; small print that stands alone does not."""
    if tag.name == "small" and zone is not None and walk.run.blank:
        return False
    return tag.name in _INLINE or (parent.in_drawing and tag.name not in _WORDS_OF_DRAWINGS)


def _begin(walk: Walk, frame: Frame, stack: list[Frame]) -> None:
    """Note what counts from the beginning of some elements on; ``stack`` is what stands around this one."""
    parent = stack[-1]
    match frame.tag.name:
        case "a":
            frame.link = frame
        case "tr":
            frame.row, walk.row = walk.row, None
        case "td" | "th":
            walk.cell = frame.tag.name
        case "iframe":
            frame.path.sealed = True  # what stands in the frame is found by the frame
        case "section":
            frame.first = len(walk.blocks)
        case "summary":
            frame.question = stack[-2].question if parent.tag.name == "details" else parent.question
            frame.first = len(walk.blocks)
        case "dd":
            frame.question = parent.question or walk.question


def _level(tag: Tag) -> int:
    """Return how high a heading stands, 1 being the highest; 0 for what is none."""
    if tag.name in _LEVELS:
        return _LEVELS[tag.name]
    if tag.get("role") != "heading":
        return 0
    said = str(tag.get("aria-level"))
    return int(said) if re.fullmatch("[1-6]", said) else _USUAL_LEVEL


def _role(tag: Tag, parent: Frame, inline: bool) -> Role:
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


def _visibility(own: Visibility | None, tag: Tag, stack: list[Frame]) -> Visibility:
    """Return the less visible of what is handed down and what the element does; a closed panel's summary is seen."""
    given = stack[-1].visibility
    if tag.name == "summary" and stack[-1].tag.name == "details" and given is Visibility.BEHIND_CLICK:
        given = stack[-2].visibility
    return given if own is None or given is Visibility.HIDDEN else own


def _contents(walk: Walk, tag: Tag) -> list[PageElement]:
    """Return an element's children; those of a frame are the page that its srcdoc holds."""
    if tag.name != "iframe":
        return tag.contents
    walk.inner_pages += 1
    source = str(tag.get("srcdoc"))
    if walk.inner_pages > _MAX_INNER_PAGES or source.count("<") > _MAX_INNER_TAGS:
        return []
    inner = parse(source)
    return (inner.body or inner).contents

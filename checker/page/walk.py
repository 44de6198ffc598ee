"""Collects what blocks are made of while a tree is gone through: open elements, running text, headings and questions above."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from bs4.element import PageElement, Tag

from checker.page.paths import Path
from checker.page.structured import Parts
from checker.page.text import fold_lines
from checker.values import Link, Role, Visibility, Zone

#: The first cell of a table's row says what the row is about if it is no longer than this.
_ROW_HEAD_CHARS = 80
_SENTENCE_END = re.compile(r"[.!?][\"”’)]*\s+[\"“‘(]?[A-Z]")
#: A paragraph without a stop at its end goes on in the list that follows it: "Our cells will not".
_STOPPED = re.compile(r"[.!?…][\"”’)\]*]*$")
#: A question is shorter than this; longer text that ends in "?" is a paragraph.
_QUESTION_CHARS = 200
#: A link that is longer and holds an end of a sentence is a text that leads on (a card), not a link's name.
_LINK_CHARS = 80
#: How the address of a link to another site begins.
_ELSEWHERE = re.compile(r"(?:https?:)?//", re.IGNORECASE)


def _goes_on(text: str) -> bool:
    return _STOPPED.search(text) is None


def _is_prose(text: str) -> bool:
    return len(text) > _LINK_CHARS and _SENTENCE_END.search(text) is not None


def _whole(text: str, frame: Frame) -> tuple[Link, ...]:
    """Return the link to elsewhere that a text stands in as a whole."""
    return (Link(start=0, end=len(text), address=frame.address),) if frame.address else ()


def _links_in(text: str, pieces: Iterable[tuple[str, Frame | None]]) -> Iterator[Link]:
    """Yield the links to elsewhere in a text that was folded from these pieces."""
    end = 0
    for link, parts in groupby(pieces, key=itemgetter(1)):
        words = " ".join("".join(piece for piece, _ in parts).split())
        start = text.find(words, end)
        if start < 0:  # set backwards
            return
        end = start + len(words)
        if link and words and link.address:
            yield Link(start=start, end=end, address=link.address)


@dataclass(slots=True, eq=False)
class Frame:
    """An open element: what it hands down to all in it."""

    tag: Tag
    children: Iterator[PageElement]
    role: Role
    zone: Zone
    visibility: Visibility
    path: Path
    block: Frame | None = None
    link: Frame | None = None
    level: int = 0
    question: str | None = None
    in_drawing: bool = False
    before: tuple[str | None, str | None] | None = None
    row: str | None = None
    around: Run | None = None
    first: int = 0
    framed: bool = False

    @property
    def owner(self) -> Frame:
        """The innermost block element: itself or one around it."""
        return self.block or self

    @property
    def address(self) -> str | None:
        """The address of the link that it is or stands in, where that leads to another site."""
        address = str(self.tag.get("href") or (self.link.tag.get("href") if self.link else None) or "").strip()
        return address if _ELSEWHERE.match(address) else None


@dataclass(slots=True)
class Run:
    """The text collected for one block: its pieces, each with the link it stands in, and the images among them."""

    pieces: list[tuple[str, Frame | None]] = field(default_factory=list)
    images: list[tuple[str, Frame]] = field(default_factory=list)
    blank: bool = True
    linked: bool = True
    broken: bool = False


class Walk:
    """One pass over a tree; collects what blocks are made of, and where structured data stand."""

    def __init__(self) -> None:
        self.blocks: list[dict[str, Any]] = []
        self.headings: list[tuple[int, str]] = []
        self.lead: str | None = None
        self.question: str | None = None
        self.run = Run()
        self.row: str | None = None
        self.cell = ""
        self.taken: set[str] = set()
        self.parts = Parts()
        self.drawn_title = False
        self.inner_pages = 0
        self.frames: list[str] = []
        self.frames_read: list[str] = []
        self.framed: set[int] = set()

    def add(
        self,
        text: str,
        frame: Frame,
        role: Role | None = None,
        path: Path | None = None,
        breaks: tuple[int, ...] = (),
        links: tuple[Link, ...] = (),
    ) -> None:
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
                "breaks": breaks,
                "framed": frame.framed,
                "links": links,
            }
        )

    def _lead(self, role: Role) -> str | None:
        """Return what introduces a block: the line before a list, what a table's row is about for its other cells."""
        if role is Role.TABLE_CELL:
            return (self.row or None) if self.cell == "td" else None
        return self.lead if role in (Role.LIST_ITEM, Role.LINK) else None

    def flush(self, frame: Frame) -> None:
        """Turn the text collected so far into a block of the frame, or into one for each link if it holds nothing else."""
        if not self.run.pieces:
            return
        run, self.run = self.run, Run()
        if run.linked and frame.role in (Role.PARAGRAPH, Role.LIST_ITEM) and any(link for _, link in run.pieces):
            self._links(run, frame)
        else:
            self._text(run, frame)
        for said, image in run.images:
            self.picture(said, image)

    def picture(self, said: str, frame: Frame) -> None:
        """Append the block of what stands for a picture, or in a control."""
        self.add(said, frame, links=_whole(said, frame))

    def _text(self, run: Run, frame: Frame) -> None:
        text, breaks = fold_lines("".join(piece for piece, _ in run.pieces))
        links = tuple(_links_in(text, run.pieces)) if any(link and link.address for _, link in run.pieces) else ()
        if text and frame.role is Role.HEADING:
            self._heading(text, breaks, links, frame)
        elif text:
            self.add(text, frame, breaks=breaks, links=links)
            self._remember(text, frame)

    def _links(self, run: Run, frame: Frame) -> None:
        for link, pieces in groupby(run.pieces, key=itemgetter(1)):
            text, breaks = fold_lines("".join(piece for piece, _ in pieces))
            if link is None or not text:
                continue
            path = link.path if link.owner is frame else frame.path
            role = Role.BUTTON if link.tag.get("role") == "button" else Role.LINK
            self.add(text, frame, frame.role if _is_prose(text) else role, path, breaks, _whole(text, link))

    def _heading(self, text: str, breaks: tuple[int, ...], links: tuple[Link, ...], frame: Frame) -> None:
        while self.headings and self.headings[-1][0] >= frame.level:
            self.headings.pop()
        self.lead = self.question = None
        self.add(text, frame, breaks=breaks, links=links)
        self.headings.append((frame.level, text))
        self.lead = text if text.endswith(":") else None
        self.question = text if text.endswith("?") else None

    def _remember(self, text: str, frame: Frame) -> None:
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
        self.lead = text if text.endswith(":") or (frame.role is Role.PARAGRAPH and _goes_on(text)) else None

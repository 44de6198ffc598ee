"""The values that a report's page shows, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from checker.reports.markup import Html
from checker.values import Source
from checker.web.retold import Retold
from checker.web.told import Fact


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What is said of a finding; ``first`` says that its kind has not been explained above.

    ``aside`` goes before what is known, where that is about something else than the statement. ``shown`` and ``further``
    are the sources in sight and those folded away that no other note of the card names before.
    """

    number: int
    does: str
    known: Fact | None
    why: Retold
    decided: str
    doubts: tuple[str, ...]
    aside: tuple[str, ...]
    sources: tuple[Source, ...]
    link: str | None
    first: bool
    shown: tuple[Source, ...] = ()
    further: tuple[Source, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Quote:
    """A statement as a reader meets it: the words, where they stand, and the notes, the weightiest first.

    ``opening`` is the beginning of the words, which tells links to different quotes apart; ``below`` leads to the words in the
    page's text below, "" where that is cut before them; ``also`` says what else the statement does, beyond the notes.
    """

    number: int
    marked: Html
    whole: str
    words: str
    opening: str
    place: str
    around: tuple[str, ...]
    link: str | None
    below: str
    also: tuple[str, ...]
    notes: tuple[Mark, ...]

    @property
    def does(self) -> str:
        """What the statement does, by its weightiest note."""
        return self.notes[0].does


@dataclass(frozen=True, kw_only=True)
class ShownBlock:
    """A block of the page's text with its marks and its notes."""

    index: int
    text: Html
    opening: str
    kind: str
    css: str
    said: str
    short: bool
    notes: tuple[Mark, ...]


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A registry number on the page and what is known of it."""

    id: str
    registry: str
    quote: str
    place: str
    outcome: str
    lines: tuple[Retold, ...]
    source: str | None

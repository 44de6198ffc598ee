"""Reads the term and cue lists that stand beside this file as text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import NamedTuple

TERM_FILES = ("treatment", "other_product", "condition", "effect", "authority", "study", "person", "offer", "talk")


class TermList(NamedTuple):
    """Phrases of one concept, in lower case."""

    kind: str
    concept: str
    phrases: tuple[str, ...]


class CueList(NamedTuple):
    """Phrases of one kind of cue; direction is forward, backward, both or none."""

    kind: str
    direction: str
    phrases: tuple[str, ...]


@cache
def terms() -> tuple[TermList, ...]:
    """Return every term list, in file order."""
    return tuple(TermList(name, head, phrases) for name in TERM_FILES for head, phrases in _lines(name))


@cache
def cues() -> tuple[CueList, ...]:
    """Return every cue list."""
    heads = ((head.split(), phrases) for head, phrases in _lines("cues"))
    return tuple(CueList(kind, direction, phrases) for (kind, direction), phrases in heads)


@cache
def heads(name: str) -> dict[str, tuple[str, ...]]:
    """Return the phrases of the list ``name``.txt under their heads."""
    return dict(_lines(name))


def alternation(phrases: Iterable[str]) -> str:
    """Return what matches any of the phrases in a regular expression, the longest first; a hyphen may stand for a space."""
    ordered = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    return "(?:" + "|".join(re.escape(phrase).replace(r"\ ", "[ -]") for phrase in ordered) + ")"


def any_of(name: str, head: str) -> str:
    """Return what matches any phrase under a head of the list ``name``.txt."""
    return alternation(heads(name)[head])


def _lines(name: str) -> list[tuple[str, tuple[str, ...]]]:
    """Read `head: phrase, phrase` lines; raises ValueError that names a line without a head."""
    result = []
    for number, line in enumerate(files(__package__).joinpath(f"{name}.txt").read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        head, colon, rest = line.partition(":")
        phrases = tuple(dict.fromkeys(part.strip().lower() for part in rest.split(",") if part.strip()))
        if not colon or not phrases:
            raise ValueError(f"lexicon/{name}.txt line {number}: write 'head: phrase, phrase'")
        result.append((head.strip(), phrases))
    return result

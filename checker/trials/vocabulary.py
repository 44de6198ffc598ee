"""Finds the groups of a vocabulary that texts name, and says whether a trial's groups cover a claim's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from checker.trials.plain import plain

#: A group with the pattern of its wording.
Group = tuple[str, re.Pattern[str]]
#: Says whether a trial's groups cover one group; None when that cannot be told.
CoversOne = Callable[[frozenset[str], str], bool | None]


def named(texts: Iterable[str], vocabulary: Sequence[Group]) -> frozenset[str]:
    """Return the groups that the texts name; what a group has matched is taken out for those after it."""
    return frozenset().union(*(_named(text, tuple(vocabulary)) for text in texts))


@lru_cache(256)
def _named(text: str, vocabulary: tuple[Group, ...]) -> frozenset[str]:
    """Return the groups that a text names; the statements of a block ask for it one after the other."""
    found: set[str] = set()
    rest = plain(text)
    for name, pattern in vocabulary:
        rest, count = pattern.subn(" ; ", rest)
        if count:
            found.add(name)
    return frozenset(found)


def covers(trial: frozenset[str], claim: frozenset[str], covers_one: CoversOne) -> bool | None:
    """Say whether the trial's groups cover every group of the claim; None when that cannot be told."""
    answers = {covers_one(trial, group) for group in claim}
    return False if False in answers else None if None in answers or not claim else True


def covers_any(trial: frozenset[str], claim: frozenset[str], covers_one: CoversOne) -> bool | None:
    """Say whether the trial's groups cover one group of the claim; None when that cannot be told."""
    answers = {covers_one(trial, group) for group in claim}
    return True if True in answers else None if None in answers or not claim else False

"""Finds registry numbers and study wording in statements."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from checker.values import Note, Statement, TrialCheck

#: Registry, and how its numbers look, also when split by spaces, hyphens or colons.
REGISTRIES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ClinicalTrials.gov", re.compile(r"\bnct[ :#-]{0,3}(?:no\.? ?)?(\d(?:[ -]?\d){7})(?!\d)")),
    ("ISRCTN", re.compile(r"\bisrctn[ :#-]{0,3}(\d{8})(?!\d)")),
    ("EudraCT", re.compile(r"\b(?:eudract[ a-z.:#-]{0,12})(\d{4}-\d{6}-\d{2})(?!\d)")),
    ("CTIS", re.compile(r"\b(?:eu ?ct|ctis)[ a-z.:#-]{0,12}(\d{4}-\d{6}-\d{2}-\d{2})(?!\d)")),
    ("ChiCTR", re.compile(r"\bchictr[ -]?((?:[a-z]{2,4}-)?\d{8,10})(?!\d)")),
    ("jRCT", re.compile(r"\bjrct[ -]?([a-z]?\d{9,10})(?!\d)")),
    ("UMIN", re.compile(r"\b(?:jprn-)?umin[ -]?(\d{9})(?!\d)")),
    ("ACTRN", re.compile(r"\bactrn[ -]?(\d{14})(?!\d)")),
    ("CTRI", re.compile(r"\bctri[/ ](\d{4}/\d{2,3}/\d{6})(?!\d)")),
    ("IRCT", re.compile(r"\birct[ -]?(\d{8,14}n\d{1,2})(?!\d)")),
    ("DRKS", re.compile(r"\bdrks[ -]?(\d{8})(?!\d)")),
)
_PREFIX = {"ClinicalTrials.gov": "NCT", "EudraCT": "", "CTIS": "", "UMIN": "UMIN"}
_STUDY = re.compile(
    r"\b(?:join|enrol+|take part|participate|participation|part of|conduct\w*|running|our)\b[^.;]{0,40}?\b(?:clinical trial|clinical study|registered (?:trial|study)|research study|our study|our trial)\b"
)
NOT_CHECKED = "The number was found on the page; this version does not look it up. A registry entry is no approval."


class Mention(NamedTuple):
    """A number on the page: where it stands in the statement's match text, and its plain form."""

    registry: str
    id: str
    start: int
    end: int


def mentions(statement: Statement) -> list[Mention]:
    """Return the registry numbers of a statement in reading order."""
    found = [
        Mention(registry, _plain(registry, match.group(1)), match.start(), match.end())
        for registry, pattern in REGISTRIES
        for match in pattern.finditer(statement.match_text)
    ]
    return sorted(found, key=lambda mention: mention.start)


def _plain(registry: str, digits: str) -> str:
    prefix = _PREFIX.get(registry, registry)
    return prefix + (re.sub(r"[ -]", "", digits) if registry == "ClinicalTrials.gov" else digits.upper())


def checks(statements: Sequence[Statement]) -> tuple[TrialCheck, ...]:
    """Return one entry per number on the page, at its first place, as not checked."""
    result: dict[str, TrialCheck] = {}
    for statement in statements:
        for mention in mentions(statement):
            start, end = statement.in_block(mention.start, mention.end)
            result.setdefault(
                mention.id,
                TrialCheck(
                    id=mention.id,
                    registry=mention.registry,
                    statement=statement,
                    start=start,
                    end=end,
                    outcome="not_checked",
                    message=NOT_CHECKED,
                ),
            )
    return tuple(result.values())


def study_wording(statements: Sequence[Statement]) -> tuple[Note, ...]:
    """Return a note for the first statement that speaks of the publisher's own study without any number on the page."""
    if any(mentions(statement) for statement in statements):
        return ()
    for statement in statements:
        if _STUDY.search(statement.match_text):
            message = "The page speaks of a study of its own but gives no registry number that could be looked up."
            return (Note(code="study_without_number", message=message, quote=statement.text),)
    return ()

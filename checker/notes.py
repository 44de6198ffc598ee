"""Turns findings into notes on the page's net impression: promises beside limits, and titles that say more than the text."""

from __future__ import annotations

from collections.abc import Sequence

from checker.findings import is_title
from checker.values import CAUTIONS, PROMISES, Finding, Label, Note, Organization, Statement, Visibility

_LIMITS = (Label.DISCLAIMER,)
SEEN = {
    Visibility.SHOWN: "shown",
    Visibility.BEHIND_CLICK: "behind a click",
    Visibility.HIDDEN: "hidden",
    Visibility.SEARCH_ENGINE: "only in text for search engines",
}
PAIR = (
    "The page says “{promise}” ({seen}) and limits it {where}: “{limit}” ({limit_seen}). "
    "A limit does not undo a promise elsewhere."
)
SAME_STATEMENT = "in the same statement"
APART = {
    (True, True): "1 statement after",
    (True, False): "1 statement before",
    (False, True): "{count} statements after",
    (False, False): "{count} statements before",
}
CONTRADICTION = "The title or a heading claims more than the text below it, which only hedges or limits."
PUBLISHER = "The page's data for search engines name an organization: {entries}."
ENTRIES = {
    "name": "name “{value}”",
    "legal name": "legal name “{value}”",
    "address": "address “{value}”",
    "telephone": "telephone “{value}”",
}


def of_findings(findings: Sequence[Finding]) -> tuple[Note, ...]:
    """Return the pair of the strongest promise and its nearest limit, and a contradiction of title and text."""
    return (*_pairs(findings), *_contradictions(findings))


def of_publishers(publishers: Sequence[Organization]) -> tuple[Note, ...]:
    """Return a note for each organization that the page's structured data name with more than its name."""
    return tuple(Note(code="publisher_data", message=_publisher(one)) for one in publishers)


def _publisher(one: Organization) -> str:
    said = {"name": one.name, "legal name": one.legal_name, "address": one.address, "telephone": one.telephone}
    entries = "; ".join(ENTRIES[key].format(value=value) for key, value in said.items() if value)
    return PUBLISHER.format(entries=entries)


def _pairs(findings: Sequence[Finding]) -> list[Note]:
    promises = [f for f in findings if f.label in PROMISES] or [f for f in findings if f.label is Label.BENEFIT]
    limits = [f for f in findings if f.label in _LIMITS]
    if not promises or not limits:
        return []
    promise = promises[0]
    limit = min(limits, key=lambda f: abs(f.statement.index - promise.statement.index))
    message = PAIR.format(
        promise=_in_full(promise.statement),
        seen=SEEN[promise.statement.block.visibility],
        where=_apart(limit.statement.index - promise.statement.index),
        limit=limit.statement.text,
        limit_seen=SEEN[limit.statement.block.visibility],
    )
    return [Note(code="promise_and_disclaimer", message=message, quote=promise.statement.text)]


def _apart(distance: int) -> str:
    """Return where a limit stands, so many statements after a promise."""
    return APART[abs(distance) == 1, distance > 0].format(count=f"{abs(distance):,}") if distance else SAME_STATEMENT


def _in_full(statement: Statement) -> str:
    """Return a statement's text, a short answer with its question."""
    return f"{statement.answer.question} {statement.text}" if statement.answer else statement.text


def _contradictions(findings: Sequence[Finding]) -> list[Note]:
    loud = next((f for f in findings if is_title(f) and (f.label in PROMISES or f.label in CAUTIONS)), None)
    body = [f for f in findings if not is_title(f)]
    careful = bool(body) and all(f.label in (Label.DISCLAIMER, Label.HEDGED_BENEFIT, Label.PRESSURE) for f in body)
    if loud is None or not careful:
        return []
    return [
        Note(
            code="title_against_body",
            message=CONTRADICTION,
            quote=loud.statement.text,
        )
    ]

"""Turns findings into notes on the page's net impression: promises beside limits, and titles that say more than the text."""

from __future__ import annotations

from collections.abc import Sequence

from checker.findings import is_title
from checker.reports.sentences import counted
from checker.values import CAUTIONS, PROMISES, Finding, Label, Note, Organization, Statement, Visibility

_LIMITS = (Label.DISCLAIMER,)
_SEEN = {
    Visibility.SHOWN: "shown",
    Visibility.BEHIND_CLICK: "behind a click",
    Visibility.HIDDEN: "hidden",
    Visibility.SEARCH_ENGINE: "only in text for search engines",
}


def of_findings(findings: Sequence[Finding]) -> tuple[Note, ...]:
    """Return the pair of the strongest promise and its nearest limit, and a contradiction of title and text."""
    return (*_pairs(findings), *_contradictions(findings))


def of_publishers(publishers: Sequence[Organization]) -> tuple[Note, ...]:
    """Return a note for each organization that the page's structured data name with more than its name."""
    return tuple(Note(code="publisher_data", message=_publisher(one)) for one in publishers)


def _publisher(one: Organization) -> str:
    said = {"name": one.name, "legal name": one.legal_name, "address": one.address, "telephone": one.telephone}
    parts = "; ".join(f"{key} “{value}”" for key, value in said.items() if value)
    return f"The page's data for search engines name an organization: {parts}."


def _pairs(findings: Sequence[Finding]) -> list[Note]:
    promises = [f for f in findings if f.label in PROMISES] or [f for f in findings if f.label is Label.BENEFIT]
    limits = [f for f in findings if f.label in _LIMITS]
    if not promises or not limits:
        return []
    promise = promises[0]
    limit = min(limits, key=lambda f: abs(f.statement.index - promise.statement.index))
    distance = abs(limit.statement.index - promise.statement.index)
    where = (
        "in the same statement"
        if distance == 0
        else f"{counted(distance, 'statement')} {'after' if limit.statement.index > promise.statement.index else 'before'}"
    )
    message = (
        f"The page says “{_in_full(promise.statement)}” ({_SEEN[promise.statement.block.visibility]}) and limits it {where}: "
        f"“{limit.statement.text}” ({_SEEN[limit.statement.block.visibility]}). A limit does not undo a promise elsewhere."
    )
    return [Note(code="promise_and_disclaimer", message=message, quote=promise.statement.text)]


def _in_full(statement: Statement) -> str:
    """Return a statement's text, a short answer with the question that it affirms."""
    return f"{statement.affirms} {statement.text}" if statement.affirms else statement.text


def _contradictions(findings: Sequence[Finding]) -> list[Note]:
    loud = next((f for f in findings if is_title(f) and (f.label in PROMISES or f.label in CAUTIONS)), None)
    body = [f for f in findings if not is_title(f)]
    careful = bool(body) and all(f.label in (Label.DISCLAIMER, Label.HEDGED_BENEFIT, Label.PRESSURE) for f in body)
    if loud is None or not careful:
        return []
    return [
        Note(
            code="title_against_body",
            message="The title or a heading claims more than the text below it, which only hedges or limits.",
            quote=loud.statement.text,
        )
    ]

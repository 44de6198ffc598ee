"""Joins what several sources say of one trial into one record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from checker.trials.record import TrialRecord


def merged(exported: Iterable[TrialRecord], stated: Iterable[TrialRecord]) -> tuple[TrialRecord, ...]:
    """Return one record per number, sorted; the registry's own export speaks first, facts add what it does not say."""
    records = {record.id: record for record in exported}
    for facts in stated:
        records[facts.id] = _with_facts(records[facts.id], facts) if facts.id in records else facts
    return tuple(records[key] for key in sorted(records))


def _with_facts(record: TrialRecord, facts: TrialRecord) -> TrialRecord:
    """Return the export's record with the facts' kinds of product, flags, and its status if that is newer."""
    newer = facts.status is not None and facts.as_of > record.as_of
    return replace(
        record,
        interventions=tuple(dict.fromkeys((*record.interventions, *facts.interventions))),
        status=facts.status if newer else record.status,
        as_of=facts.as_of if newer else record.as_of,
        source=facts.source if newer else record.source,
        results=True if facts.results else record.results,
        fee=True if facts.fee else record.fee,
        regulated=record.regulated if facts.regulated is None else facts.regulated,
    )

"""Turns our table of facts about trials into records, and into numbers that no record has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from checker.errors import CheckFailed
from checker.trials.plain import speaks_of_fee
from checker.trials.record import STATUSES, TrialRecord
from checker.trials.table import ID, bad_row, text_of


class Facts(NamedTuple):
    """What a facts table says: trials, numbers that no record has (with the source), and rows left out."""

    records: tuple[TrialRecord, ...]
    absent: tuple[tuple[str, str], ...]
    unconfirmed: int
    without_number: int


class FactRow(BaseModel):
    """A line of the facts table; further keys are allowed and not read."""

    model_config = ConfigDict(strict=True)

    nct_id: str | None
    title: str
    conditions: list[str]
    interventions: list[str]
    phase: str | None
    status: str | None
    sponsor: str | None
    country: str | None
    source: str
    confirmed: bool
    note: str = ""
    unconfirmed_fields: list[str] = []


def read_facts(path: Path, as_of: str) -> Facts:
    """Return what a JSON Lines facts table says; ``as_of`` is the month or day of its reading (the rows do not say).

    Unconfirmed rows and fields are left out: they rest on general knowledge.
    """
    rows = [(line, _fact(text, path, line)) for line, text in enumerate(text_of(path).splitlines(), 1) if text.strip()]
    confirmed = [row for _, row in rows if row.confirmed and row.nct_id]
    twice = {row.nct_id for row in confirmed if sum(other.nct_id == row.nct_id for other in confirmed) > 1}
    if twice:
        raise CheckFailed(f"{path.name}: {', '.join(sorted(map(str, twice)))} stands there twice.")
    return Facts(
        records=tuple(_stated(row, as_of) for row in confirmed),
        absent=tuple(found for _, row in rows for found in _absent(row)),
        unconfirmed=sum(not row.confirmed for _, row in rows),
        without_number=sum(row.nct_id is None for _, row in rows),
    )


def _fact(text: str, path: Path, line: int) -> FactRow:
    try:
        row = FactRow.model_validate(json.loads(text))
    except ValidationError as error:
        first = error.errors()[0]
        raise bad_row(path, line, f"{'.'.join(map(str, first['loc'])) or 'the row'}: {first['msg']}") from error
    except ValueError as error:
        raise bad_row(path, line, f"this is no JSON ({error})") from error
    if row.nct_id is not None and not ID.fullmatch(row.nct_id):
        raise bad_row(path, line, f"{row.nct_id!r} is no NCT number")
    if not row.source.strip():
        raise bad_row(path, line, "the row names no source")
    if row.status is not None and _status(row.status)[0] not in STATUSES:
        raise bad_row(path, line, f"{row.status!r} is no status of the registry")
    return row


def _status(text: str) -> tuple[str, str | None]:
    """Return the status and, from "RECRUITING (as of 2015 copy)", its own date."""
    dated = re.fullmatch(r"(\w+) \(as of (\d{4}(?:-\d{2}){0,2}) copy\)", text)
    return (dated[1], dated[2]) if dated else (text, None)


def _stated(row: FactRow, table_as_of: str) -> TrialRecord:
    def sure(name: str, value: Any) -> Any:
        return None if name in row.unconfirmed_fields else value

    status, dated = _status(row.status) if row.status else (None, None)
    return TrialRecord(
        id=str(row.nct_id),
        title=row.title,
        source=row.source,
        as_of=dated or table_as_of,
        conditions=tuple(sure("conditions", row.conditions) or ()),
        interventions=tuple(sure("interventions", row.interventions) or ()),
        status=sure("status", status),
        phase=sure("phase", row.phase),
        sponsor=sure("sponsor", row.sponsor),
        countries=tuple((sure("country", row.country) or "").split(" / ")) if sure("country", row.country) else (),
        results=True if "results posted" in row.note and "no results posted" not in row.note else None,
        fee=True if speaks_of_fee(f"{row.title}. {row.note}") else None,
        regulated=False if re.search(r"FDA regulated: no\b", row.note) else None,
    )


def _absent(row: FactRow) -> Iterator[tuple[str, str]]:
    """Yield (number, source) where a row says that a printed number matches no record."""
    for found in re.finditer(r"(NCT\d{8}), a number not matching the registry", row.note):
        yield found[1], row.source

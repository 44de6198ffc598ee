"""Turns a table export of ClinicalTrials.gov into records."""

from __future__ import annotations

import csv
import re
from datetime import date, datetime
from pathlib import Path

from checker.errors import CheckFailed
from checker.trials.plain import speaks_of_fee
from checker.trials.record import PAGE, STATUSES, TrialRecord
from checker.trials.table import ID, bad_row, text_of

_COLUMNS = (
    *("NCT Number", "Title", "Status", "Study Results", "Conditions", "Interventions", "Sponsor/Collaborators", "Phases"),
    *("Study Type", "Start Date", "Completion Date", "Last Update Posted", "Locations"),
)
#: Countries whose name holds a comma in the export, and those whose addresses name a state or province.
_COMMA_COUNTRIES = ("Korea, Republic of", "Iran, Islamic Republic of", "Moldova, Republic of")
_WITH_STATE = frozenset({"United States", "Canada", "Australia"})


def read_export(path: Path) -> tuple[TrialRecord, ...]:
    """Return the trials of a CSV export of ClinicalTrials.gov, all as of its newest entry.

    The export does not name the day of its download; no entry can be newer than it.
    """
    rows = list(csv.DictReader(text_of(path).splitlines(keepends=True)))
    missing = [name for name in _COLUMNS if not rows or rows[0].get(name) is None]
    if missing:
        raise CheckFailed(f"{path.name} is no export of ClinicalTrials.gov: it lacks {', '.join(missing)}.")
    for line, row in enumerate(rows, 2):
        if None in map(row.get, _COLUMNS):
            raise bad_row(path, line, "it has too few cells")
    records: dict[str, TrialRecord] = {}
    as_of = max(_day(row["Last Update Posted"], path, line) for line, row in enumerate(rows, 2))
    for line, row in enumerate(rows, 2):
        record = _exported(row, path, line, as_of.isoformat())
        if record.id in records:
            raise bad_row(path, line, f"{record.id} stands there twice")
        records[record.id] = record
    return tuple(records.values())


def status_word(text: str) -> str | None:
    """Return the API's word for a status as the export writes it ("Active, not recruiting"); None for no status."""
    word = re.sub(r"[^A-Z]+", "_", text.strip().upper())
    return {"": None, "UNKNOWN_STATUS": "UNKNOWN"}.get(word, word)


def _day(text: str, path: Path, line: int) -> date:
    try:
        day = datetime.strptime(text, "%B %d, %Y").date()
    except ValueError as error:
        raise bad_row(path, line, f"{text!r} is no date") from error
    if day > date.today():
        raise bad_row(path, line, f"the date {day} is in the future")
    return day


def _month(text: str) -> str | None:
    """Return "January 5, 2016" or "May 2015" as 2016-01-05 or 2015-05."""
    for form, iso in (("%B %d, %Y", "%Y-%m-%d"), ("%B %Y", "%Y-%m")):
        try:
            return datetime.strptime(text, form).strftime(iso)
        except ValueError:
            continue
    return None


def _exported(row: dict[str, str], path: Path, line: int, as_of: str) -> TrialRecord:
    status = status_word(row["Status"])
    if not ID.fullmatch(row["NCT Number"]):
        raise bad_row(path, line, f"{row['NCT Number']!r} is no NCT number")
    if status not in STATUSES:
        raise bad_row(path, line, f"{row['Status']!r} is no status of the registry")
    sponsors, places = _parts(row["Sponsor/Collaborators"]), _parts(row["Locations"])
    return TrialRecord(
        id=row["NCT Number"],
        title=row["Title"].strip(),
        source=PAGE + row["NCT Number"],
        as_of=as_of,
        conditions=_parts(row["Conditions"]),
        interventions=_parts(row["Interventions"]),
        status=status,
        phase=row["Phases"] or None,
        study_type=row["Study Type"] or None,
        sponsor=sponsors[0] if sponsors else None,
        collaborators=sponsors[1:],
        sites=tuple(dict.fromkeys(_facility(place) for place in places)),
        countries=tuple(dict.fromkeys(_country(place) for place in places)),
        start=_month(row["Start Date"]),
        completion=_month(row["Completion Date"]),
        results=row["Study Results"] == "Has Results",
        fee=True if speaks_of_fee(row["Title"]) else None,
    )


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())


def _country(place: str) -> str:
    return next((name for name in _COMMA_COUNTRIES if place.endswith(name)), place.rsplit(", ", 1)[-1])


def _facility(place: str) -> str:
    """Return a location's facility: "Clinic, Inc., Austin, Texas, United States" gives "Clinic, Inc."."""
    country = _country(place)
    parts = place.removesuffix(country).rstrip(", ").split(", ")
    kept = parts[: -2 if country in _WITH_STATE else -1]
    return ", ".join(kept) if kept else parts[0]

"""Says what is known of a registry number: from the offline copy, or from the live registry when that was asked for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from checker.trials import snapshot
from checker.trials.ask import UnreachableError
from checker.trials.client import Client
from checker.trials.record import PAGE, REGISTRY, TrialRecord, number
from checker.trials.snapshot import Snapshot, SnapshotError

#: The lowest number that the registry's full download holds (NCT0000xxxx/NCT00000102.xml is its first file).
FIRST = 102
#: How far above the highest number that can have been given out a number must be to be called not found.
MARGIN = 500_000
#: The highest number of the export of 2022 with its day, and how many numbers are given out in a year at most: the
#: export's own growth is 400,000 to 520,000 (2018 to 2022), and NCT07183761 of 2025 needs about 550,000. Without this
#: growth a copy of 2025 would declare every trial of late 2026 not found.
_ANCHOR = (date(2022, 9, 29), 5_559_801)
_A_YEAR = 600_000
#: Said where an answer rests on our offline copy, or on reckoning.
NOT_ASKED = f"{REGISTRY} itself was not asked."
NOT_LOOKED_UP = "The number was not looked up."
BAD_COPY = "The number was not looked up: our offline copy {error}."
FUTURE = "The number was not looked up: our offline copy bears a date in the future ({date}). Check this computer's clock."
NO_RECORD = "As far as we know no trial has this number: a source that we read in {date} says that it matches no record."
TOO_LOW = f"No trial can have this number: it is below the first number that {REGISTRY} gave out ({{first}})."
TOO_HIGH = (
    "We reckon that no trial has this number: it is more than {margin} above the highest number that can have been given out "
    "by {date}."
)
NOT_IN_COPY = "Our offline copy ({date}, {scope}) does not hold this number. That says nothing about whether it exists."
UNAVAILABLE = f"The number was not looked up: {REGISTRY} could not be asked ({{error}})."
REFUSED = f"The number was not looked up: {REGISTRY} refused it ({{error}})."
ANSWERED_NONE = f"We could not find this number in {REGISTRY} on {{date}}: the registry answered that it has no such record."
#: Older copies are named as old in the report.
STALE_DAYS = 365


class Found(NamedTuple):
    """The registry lists the number."""

    record: TrialRecord


class NotFound(NamedTuple):
    """No record has the number: what that rests on, in a sentence for the reader, on which day and by which source."""

    message: str
    as_of: str
    source: str | None


#: The reason where a copy that is whole lacks a number.
NOT_IN_SNAPSHOT = "not_in_snapshot"


class NotChecked(NamedTuple):
    """Nothing can be said: a code and the sentence for the reader."""

    reason: str
    message: str


class Lookup:
    """Looks numbers of ClinicalTrials.gov up; build once, use often. Without a client there is no network."""

    def __init__(self, path: Path | None = None, client: Client | None = None, today: date | None = None) -> None:
        """Open the offline copy (the shipped one without a path); a copy that cannot be used is a ``problem``, no error."""
        self._client = client
        self._today = today
        self.problem: NotChecked | None = None
        try:
            self.snapshot: Snapshot | None = Snapshot(path or snapshot.shipped())
            self.problem = self._from_the_future(self.snapshot)
        except SnapshotError as error:
            self.snapshot = None
            self.problem = NotChecked("snapshot_unreadable", BAD_COPY.format(error=error))

    @property
    def online(self) -> bool:
        """Say whether the live registry is asked."""
        return self._client is not None

    @property
    def today(self) -> date:
        """The day of the check."""
        return self._today or datetime.now(UTC).date()

    @property
    def version(self) -> str:
        """What a report says of the offline copy: its dates and the beginning of its digest."""
        if self.snapshot is None:
            return "none"
        meta = self.snapshot.meta
        facts = f", facts {meta['facts_as_of']}" if meta["facts_as_of"] else ""
        return f"{meta['as_of']}{facts}, {meta['digest'][:12]}"

    def find(self, key: str) -> Found | NotFound | NotChecked:
        """Return what is known of a well-formed NCT number."""
        if self._client is not None:
            return _live(self._client, key)
        if self.problem is not None or self.snapshot is None:
            return self.problem or NotChecked("snapshot_unreadable", NOT_LOOKED_UP)
        try:
            return self._offline(self.snapshot, key)
        except SnapshotError as error:
            return NotChecked("snapshot_unreadable", BAD_COPY.format(error=error))

    def stale(self) -> bool:
        """Say whether the offline copy is more than a year old."""
        return self.snapshot is not None and (self.today - _day(self.snapshot.meta["as_of"])).days > STALE_DAYS

    def _offline(self, copy: Snapshot, key: str) -> Found | NotFound | NotChecked:
        record = copy.get(key)
        if record is not None:
            return Found(record)
        absence = copy.absence(key)
        if absence is not None:
            return NotFound(f"{NO_RECORD.format(date=absence.as_of)} {NOT_ASKED}", absence.as_of, absence.source)
        today = self.today.isoformat()
        if number(key) < FIRST:
            return NotFound(f"{TOO_LOW.format(first=f'NCT{FIRST:08d}')} {NOT_ASKED}", today, None)
        if number(key) > highest_possible(copy.highest, self.today) + MARGIN:
            return NotFound(f"{TOO_HIGH.format(margin=f'{MARGIN:,}', date=today)} {NOT_ASKED}", today, None)
        return NotChecked(NOT_IN_SNAPSHOT, NOT_IN_COPY.format(date=copy.meta["as_of"], scope=copy.meta["scope"]))

    def _from_the_future(self, copy: Snapshot) -> NotChecked | None:
        later = [text for text in (copy.meta["as_of"], copy.meta["facts_as_of"]) if text > self.today.isoformat()[: len(text)]]
        if not later:
            return None
        return NotChecked("snapshot_from_the_future", FUTURE.format(date=later[0]))


def highest_possible(highest: int, today: date) -> int:
    """Return the highest number that can have been given out by a day, from the highest known and the yearly growth."""
    day, known = _ANCHOR
    return max(highest, known + int(_A_YEAR * max(0, (today - day).days) / 365.25))


def _day(text: str) -> date:
    """Return the first day of "2026", "2026-11" or "2026-11-05"."""
    return date.fromisoformat(text + "-01-01"[len(text) - 4 :]) if len(text) in (4, 7) else date.fromisoformat(text)


def _live(client: Client, key: str) -> Found | NotFound | NotChecked:
    try:
        live = client.study(key)
    except UnreachableError as error:
        return NotChecked("registry_unavailable", UNAVAILABLE.format(error=error))
    except ValueError as error:
        return NotChecked("registry_refused", REFUSED.format(error=error))
    if live.record is None:
        return NotFound(ANSWERED_NONE.format(date=live.as_of), live.as_of, PAGE + key)
    return Found(live.record)

"""The offline copy: built from an export and facts, the same each time, small, quick, and strict about bad rows."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from checker.errors import CheckFailed, SettingsError
from checker.trials import build
from checker.trials.check import checks
from checker.trials.export import read_export, status_word
from checker.trials.facts import read_facts
from checker.trials.lookup import Lookup
from checker.trials.record import STATUSES
from checker.trials.snapshot import Snapshot, SnapshotError, shipped, write
from tests.test_trials_find import statements

EXPORT_ROW = {
    "NCT Number": "NCT05559801",
    "Title": "Cells for “Neuropathy”",
    "Acronym": "",
    "Status": "Active, not recruiting",
    "Study Results": "No Results Available",
    "Conditions": "Diabetic Neuropathies|Pain",
    "Interventions": "Biological: UC-MSC|Drug: Placebo",
    "Sponsor/Collaborators": "Some Works Co., Ltd.|Some University",
    "Phases": "Phase 1|Phase 2",
    "Study Type": "Interventional",
    "Start Date": "January 5, 2016",
    "Completion Date": "May 2027",
    "Last Update Posted": "September 29, 2022",
    "Locations": "Clinic, Inc., Austin, Texas, United States|Cell Hospital, Seoul, Korea, Republic of|Alone, Spain",
}
FACT_ROW: dict[str, Any] = {
    "nct_id": "NCT05559802",
    "title": "Cord cells",
    "conditions": ["neuropathy"],
    "interventions": ["cord cells"],
    "phase": "PHASE1",
    "status": "RECRUITING",
    "sponsor": "Some Hospital",
    "country": "United States / Honduras",
    "source": "https://registry.example/1",
    "confirmed": True,
}


def export(folder: Path, *changes: dict[str, str], columns: int | None = None) -> Path:
    path = folder / "export.csv"
    names = list(EXPORT_ROW)[:columns]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names, extrasaction="ignore")
        writer.writeheader()
        writer.writerows({**EXPORT_ROW, **change} for change in changes or ({},))
    return path


def facts(folder: Path, *changes: dict[str, Any] | str) -> Path:
    path = folder / "facts.jsonl"
    lines = [change if isinstance(change, str) else json.dumps({**FACT_ROW, **change}) for change in changes or ({},)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def built(folder: Path, export_path: Path, facts_path: Path) -> Snapshot:
    to = folder / "copy.sqlite"
    build.build(export_path, facts_path, to)
    return Snapshot(to)


def test_a_row_of_the_export(tmp_path: Path) -> None:
    record = built(tmp_path, export(tmp_path), facts(tmp_path)).get("NCT05559801")
    assert record is not None
    assert (record.status, record.phase, record.results, record.fee) == ("ACTIVE_NOT_RECRUITING", "Phase 1|Phase 2", False, None)
    assert (record.sponsor, record.collaborators) == ("Some Works Co., Ltd.", ("Some University",))
    assert record.sites == ("Clinic, Inc.", "Cell Hospital", "Alone")
    assert record.countries == ("United States", "Korea, Republic of", "Spain")
    assert (record.start, record.completion, record.as_of) == ("2016-01-05", "2027-05", "2022-09-29")


def test_a_row_of_the_facts(tmp_path: Path) -> None:
    record = built(tmp_path, export(tmp_path), facts(tmp_path)).get("NCT05559802")
    assert record is not None
    assert (record.status, record.as_of, record.countries) == ("RECRUITING", "2026-11", ("United States", "Honduras"))
    assert record.source == "https://registry.example/1"


@pytest.mark.parametrize(
    ("change", "status", "as_of"),
    [
        ({"status": "UNKNOWN"}, "UNKNOWN", "2026-11"),
        ({"status": None}, "ACTIVE_NOT_RECRUITING", "2022-09-29"),
        ({"status": "RECRUITING (as of 2015 copy)"}, "ACTIVE_NOT_RECRUITING", "2022-09-29"),
        ({"confirmed": False}, "ACTIVE_NOT_RECRUITING", "2022-09-29"),
        ({"unconfirmed_fields": ["status"]}, "ACTIVE_NOT_RECRUITING", "2022-09-29"),
    ],
)
def test_the_newer_status_stands(tmp_path: Path, change: dict[str, Any], status: str, as_of: str) -> None:
    same = {"nct_id": "NCT05559801", **change}
    record = built(tmp_path, export(tmp_path), facts(tmp_path, same)).get("NCT05559801")
    assert record is not None and (record.status, record.as_of) == (status, as_of)
    assert record.sponsor == "Some Works Co., Ltd."


def test_unconfirmed_rows_and_fields_are_left_out(tmp_path: Path) -> None:
    table = facts(
        tmp_path,
        {"nct_id": "NCT05000001", "confirmed": False},
        {"nct_id": "NCT05000002", "unconfirmed_fields": ["sponsor", "country"]},
        {"nct_id": None},
    )
    copy = built(tmp_path, export(tmp_path), table)
    assert copy.get("NCT05000001") is None
    record = copy.get("NCT05000002")
    assert record is not None and (record.sponsor, record.countries) == (None, ())
    assert (copy.meta["unconfirmed"], copy.meta["without_number"], copy.meta["trials"]) == ("1", "1", "2")


def test_flags_in_the_facts(tmp_path: Path) -> None:
    note = "registry text itself says patient funded; registry answer 'FDA regulated: no'; results posted"
    record = built(tmp_path, export(tmp_path), facts(tmp_path, {"note": note})).get("NCT05559802")
    assert record is not None and (record.fee, record.regulated, record.results) == (True, False, True)
    quiet = built(tmp_path, export(tmp_path), facts(tmp_path, {"note": "no results posted"})).get("NCT05559802")
    assert quiet is not None and (quiet.fee, quiet.regulated, quiet.results) == (None, None, None)


def test_a_number_that_a_source_calls_unmatched(tmp_path: Path) -> None:
    note = {"note": "prints the number as NCT10953523, a number not matching the registry", "confirmed": False}
    copy = built(tmp_path, export(tmp_path), facts(tmp_path, note))
    absence = copy.absence("NCT10953523")
    assert absence is not None and (absence.source, absence.as_of) == ("https://registry.example/1", "2026-11")
    listed = {"note": "prints the number as NCT05559801, a number not matching the registry"}
    with pytest.raises(CheckFailed, match="NCT05559801"):
        build.build(export(tmp_path), facts(tmp_path, listed), tmp_path / "copy.sqlite")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda folder: export(folder, {}, {"NCT Number": "NCT1"}), "export.csv, row 3: 'NCT1' is no NCT number"),
        (lambda folder: export(folder, {}, {}), "row 3: NCT05559801 stands there twice"),
        (lambda folder: export(folder, {"Status": "Fine"}), "row 2: 'Fine' is no status of the registry"),
        (lambda folder: export(folder, {"Status": ""}), "row 2: '' is no status of the registry"),
        (lambda folder: export(folder, {"Last Update Posted": "yesterday"}), "row 2: 'yesterday' is no date"),
        (lambda folder: export(folder, {"Last Update Posted": "May 1, 2099"}), "row 2: the date 2099-05-01 is in the future"),
        (lambda folder: export(folder, columns=5), "it lacks Conditions, Interventions"),
    ],
)
def test_a_bad_row_of_the_export_is_named(tmp_path: Path, make: Callable[[Path], Path], says: str) -> None:
    with pytest.raises(CheckFailed, match=says):
        read_export(make(tmp_path))


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (({}, "{broken"), "facts.jsonl, row 2: this is no JSON"),
        (("[]",), "row 1: the row: "),
        (({"status": "SORT OF"},), "row 1: 'SORT OF' is no status"),
        (({"nct_id": "NCT12"},), "row 1: 'NCT12' is no NCT number"),
        (({"source": " "},), "row 1: the row names no source"),
        (({"conditions": "neuropathy"},), "row 1: conditions: "),
        (({"confirmed": "yes"},), "row 1: confirmed: "),
        (({}, {}), "NCT05559802 stands there twice"),
    ],
)
def test_a_bad_row_of_the_facts_is_named(tmp_path: Path, rows: tuple[Any, ...], says: str) -> None:
    with pytest.raises(CheckFailed, match=says):
        read_facts(facts(tmp_path, *rows), "2026-11")


def test_files_that_cannot_be_read_or_written(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.csv"):
        read_export(tmp_path / "none.csv")
    (tmp_path / "picture.csv").write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(SettingsError, match=r"picture\.csv"):
        read_export(tmp_path / "picture.csv")
    with pytest.raises(SettingsError, match="no-such-folder"):
        build.build(export(tmp_path), facts(tmp_path), tmp_path / "no-such-folder" / "copy.sqlite")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["export.csv", "facts.jsonl", "picture.csv"]


def test_the_same_input_gives_the_same_copy(tmp_path: Path) -> None:
    rows = ({}, {"NCT Number": "NCT05559800"})
    first = build.build(export(tmp_path, *rows), facts(tmp_path), tmp_path / "a.sqlite")
    again = build.build(export(tmp_path, *reversed(rows)), facts(tmp_path), tmp_path / "b.sqlite")
    other = build.build(export(tmp_path, {}), facts(tmp_path), tmp_path / "c.sqlite")
    assert first["digest"] == again["digest"] != other["digest"]


def test_a_copy_of_another_layout_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "copy.sqlite"
    write(path, [], {}, {"as_of": "2026", "facts_as_of": "", "scope": "", "source": ""})
    with pytest.raises(SnapshotError, match="another layout"):
        Snapshot(path)


def test_every_status_of_the_export_is_known() -> None:
    shown = "Completed, Unknown status, Recruiting, Not yet recruiting, Withdrawn, Terminated, Enrolling by invitation"
    shown += ", No longer available, Suspended, Available, Temporarily not available"
    for text in [*shown.split(", "), "Active, not recruiting"]:
        assert status_word(text) in STATUSES


# -- the copy that comes with the package


def test_the_shipped_copy_is_what_it_says() -> None:
    copy = Snapshot(shipped())
    assert shipped().stat().st_size <= 3_000_000
    assert (copy.meta["as_of"], copy.meta["facts_as_of"], copy.meta["schema"]) == ("2022-09-29", "2026-11", "1")
    records = copy.records()
    assert len(records) == int(copy.meta["trials"]) == sum(copy.statuses().values()) >= 1_424
    assert len({record.id for record in records}) == len(records)
    for record in records:
        assert record.status is None or record.status in STATUSES
        assert record.title and record.source.startswith("http") and record.as_of >= "2015"


def test_one_look_up_takes_at_most_a_millisecond() -> None:
    held = Lookup(today=date(2026, 11, 23))
    assert held.snapshot is not None
    keys = [record.id for record in held.snapshot.records()]
    begin = time.perf_counter()
    for key in keys:
        held.find(key)
    assert (time.perf_counter() - begin) / len(keys) < 0.001


def test_the_whole_copy_goes_through_a_match() -> None:
    held = Lookup(today=date(2026, 11, 23))
    assert held.snapshot is not None
    keys = [record.id for record in held.snapshot.records()]
    said = statements(*(f"Our stem cells for neuropathy are registered as {key}." for key in keys))
    found = checks(said, "Neuropathy | Sunrise Nerve Clinic", "https://sunrise.example/", (), held)
    assert [one.id for one in found] == keys
    outcomes = {one.outcome for one in found}
    assert "matched" not in outcomes and "not_found" not in outcomes  # the invented clinic runs none of them
    assert sum(one.outcome == "mismatched" for one in found) > 0.98 * len(keys)

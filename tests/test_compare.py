"""Two scans compared: every planted change is told, and nothing that was not changed."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from checker.cli.main import main
from checker.errors import SettingsError
from checker.store.compare import Change, ChangeKind, baseline, compare, passed_over, unread_sites
from checker.store.outcome import Scan
from checker.store.store import Store
from tests import planted


@pytest.fixture(scope="module")
def editions() -> planted.Editions:
    return planted.plan(30)


@pytest.fixture(scope="module")
def path(editions: planted.Editions, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("compare") / "clinics.db"
    planted.scan_both(path, editions)
    return path


def told(path: Path) -> list[Change]:
    with Store.read(path) as store:
        return list(compare(store, *baseline(store.scans(), None)))


def wrong(changes: Iterable[Change], editions: planted.Editions) -> list[str]:
    """Return every statement that is told otherwise than it was planted, and planted ones that are not told."""
    problems, seen = [], set()
    for change in changes:
        number = int(change.site.name.removeprefix("https://clinic").partition(".")[0])
        text = change.shown.findings[0].statement
        expected = editions.planted.get((number, text), ChangeKind.UNCHANGED)
        if number in editions.down:
            expected = ChangeKind.NOT_READ
        if change.kind is ChangeKind.RELABELLED and expected is ChangeKind.UNCHANGED:
            continue  # the same words in other markup can be judged otherwise, and that is what is told
        if change.kind is not expected:
            problems.append(f"{number} {text!r}: {change.kind}, not {expected}")
        seen.add((number, text))
    return problems + [f"{number} {text!r} is not told" for number, text in editions.planted.keys() - seen]


def test_every_planted_change_is_told_and_no_other(path: Path, editions: planted.Editions) -> None:
    changes = told(path)
    assert wrong(changes, editions) == []
    counts = Counter(change.kind for change in changes)
    assert {counts[kind] for kind in (ChangeKind.NEW, ChangeKind.REWORDED, ChangeKind.MOVED, ChangeKind.REMOVED)} == {6}
    assert counts[ChangeKind.UNCHANGED] > 100


def test_a_site_that_was_not_read_is_not_removed(path: Path, editions: planted.Editions) -> None:
    with Store.read(path) as store:
        lost = unread_sites(store, *baseline(store.scans(), None))
    assert len(lost) == len(editions.down) == 6
    assert {change.reason for change in told(path) if change.kind is ChangeKind.NOT_READ} == {
        "the site could not be read (timeout)"
    }


def test_a_statement_that_moved_where_it_is_not_labelled_is_not_called_removed(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "clinics.db"
    copy.write_bytes(path.read_bytes())
    moved = next(change for change in told(path) if change.kind is ChangeKind.MOVED and change.after)
    assert moved.after
    with Store.write(copy) as store:
        marks = [finding.fingerprint for finding in moved.after.findings]
        store.db.execute(f"DELETE FROM finding WHERE fingerprint IN ({','.join('?' * len(marks))})", marks)
    again = next(change for change in told(copy) if change.before and change.before.words == moved.after.words)
    assert (again.kind, again.after) == (ChangeKind.MOVED, None)
    assert moved.after.page.address in again.reason


def scan_of(day: str, ident: int, *, finished: bool = True) -> Scan:
    began = f"{day}T08:00:00Z"
    return Scan(id=ident, started_at=began, finished_at=began if finished else None, input="-", pages_per_site=9, versions={})


@pytest.mark.parametrize(
    ("since", "expected"),
    [(None, 3), ("2026-09-01", 1), ("2026-09-30", 1), ("2026-10-01", 2), ("2026-11-30", 3)],
)
def test_the_scan_to_compare_with(since: str | None, expected: int) -> None:
    scans = [scan_of(day, n) for n, day in enumerate(("2026-09-01", "2026-10-01", "2026-10-09", "2026-11-22"), 1)]
    before, after = baseline(scans, since)
    assert (before.id, after.id) == (expected, 4)


def test_a_day_before_all_scans_is_told() -> None:
    scans = [scan_of("2026-09-01", 1), scan_of("2026-10-01", 2)]
    with pytest.raises(SettingsError, match="scan of 2020-01-01 or before to compare with; the first is of 2026-09-01"):
        baseline(scans, "2020-01-01")


@pytest.mark.parametrize(("since", "number", "expected"), [(None, None, 1), ("2026-10-01", None, 1), (None, 2, 2), (None, 1, 1)])
def test_a_scan_that_was_broken_off_is_the_baseline_only_by_its_number(
    since: str | None, number: int | None, expected: int
) -> None:
    scans = [scan_of("2026-09-01", 1), scan_of("2026-10-01", 2, finished=False), scan_of("2026-11-01", 3)]
    before, after = baseline(scans, since, number)
    assert (before.id, after.id) == (expected, 3)
    assert [scan.id for scan in passed_over(scans, scans[0], since)] == [2]
    with pytest.raises(SettingsError, match="no scan 7 to compare with; earlier ones are 1, 2"):
        baseline(scans, None, 7)
    with pytest.raises(SettingsError, match="No scan before scan 3 was finished; --baseline 2 compares with one that was broken"):
        baseline(scans[1:], None)


def with_a_scan_broken_off_between(path: Path, copy: Path) -> Path:
    """Copy a database of two scans and make the earlier one the third of three, the second being broken off at its start."""
    copy.write_bytes(path.read_bytes())
    with Store.write(copy) as store:
        first, latest = store.scans()
        store.db.execute(
            "INSERT INTO scan SELECT 3, started_at, finished_at, input, pages_per_site, versions, sellers FROM scan WHERE id = 2"
        )
        store.db.execute("UPDATE site SET scan_id = 3 WHERE scan_id = ?", [latest.id])
        store.db.execute("UPDATE scan SET finished_at = NULL WHERE id = ?", [latest.id])
        sql = "INSERT INTO site (scan_id, position, name, key) SELECT 2, position, name, key FROM site WHERE scan_id = ?"
        store.db.execute(sql, [first.id])
    return copy


def test_a_scan_that_was_broken_off_is_passed_over_and_it_is_said(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = with_a_scan_broken_off_between(path, tmp_path / "clinics.db")
    before = Counter(change.kind for change in told(path))
    assert Counter(change.kind for change in told(copy)) == before
    assert main(["compare", str(copy)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Scan 3 of" in said and "beside scan 1 of" in said
    assert "Scan 2 was broken off and is passed over; --baseline 2 compares with it." in said
    assert main(["compare", str(copy), "--baseline", "2", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["counts"]["unchanged"] == 0 and data["counts"]["new"] > 100 and data["before"]["finished_at"] is None
    assert {change["reason"] for change in data["changes"]} == {"the site was not read before"}
    assert main(["compare", str(copy), "--baseline", "2"]) == 0
    assert "Scan 2 was broken off: of sites that waited in it nothing is known" in " ".join(capsys.readouterr().out.split())


def test_the_states_of_a_sarif_log_are_those_since_a_finished_scan(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = with_a_scan_broken_off_between(path, tmp_path / "clinics.db")

    def states(*options: str) -> Counter[str]:
        assert main(["export", str(copy), "--format", "sarif", *options]) == 0
        said = capsys.readouterr()
        assert "Scan 2 was broken off and is no baseline" in said.err or "scan 2, was broken off" in said.err
        return Counter(result["baselineState"] for result in json.loads(said.out)["runs"][0]["results"])

    assert states()["unchanged"] > 100
    assert set(states("--baseline", "2")) == {"new"}


def test_pages_and_sites_that_were_not_read_are_named_apart(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "clinics.db"
    copy.write_bytes(path.read_bytes())
    with Store.write(copy) as store:
        latest = store.scans()[-1].id
        of_latest = "(SELECT id FROM site WHERE scan_id = ? AND key = ?)"
        store.db.execute("DELETE FROM site WHERE scan_id = ? AND key = 'clinic0001.example'", [latest])
        page = f"(SELECT id FROM page WHERE key = ? AND site_id = {of_latest})"
        key, site = "clinic0000.example/neuropathy", "clinic0000.example"
        store.db.execute(f"DELETE FROM statement WHERE page_id = {page}", [key, latest, site])
        store.db.execute(f"UPDATE page SET verdict = 'could_not_read' WHERE id = {page}", [key, latest, site])
        failure = "INSERT INTO failure (site_id, page_id, stage, code, message, advice)"
        why = f"SELECT site_id, id, 'fetch', 'http_status', '', '' FROM page WHERE id = {page}"
        store.db.execute(f"{failure} {why}", [key, latest, site])
        other = "clinic0002.example"
        store.db.execute(f"DELETE FROM page WHERE key = ? AND site_id = {of_latest}", [other, latest, other])
    assert main(["compare", str(copy)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Not on this list, which is not removed: https://clinic0001.example/." in said
    assert "https://clinic0000.example/neuropathy: the site answered with an error" in said
    assert "https://clinic0002.example/: no page was read at its address" in said
    assert main(["compare", str(copy), "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["not_listed_sites"] == ["https://clinic0001.example/"] and data["counts"]["not_listed"] > 0
    assert {page["page"]: page["code"] for page in data["unread_pages"]} == {
        "https://clinic0000.example/neuropathy": "http_status",
        "https://clinic0002.example/": None,
    }


def test_one_scan_cannot_be_compared() -> None:
    with pytest.raises(SettingsError, match="only one scan"):
        baseline([scan_of("2026-09-01", 1)], None)


def test_what_the_checker_judges_otherwise_is_no_change_of_the_clinic(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "clinics.db"
    copy.write_bytes(path.read_bytes())
    with Store.write(copy) as store:
        latest = store.scans()[-1]
        sql = (
            "DELETE FROM finding WHERE statement_id IN (SELECT statement.id FROM statement JOIN page ON page.id = page_id "
            "JOIN site ON site.id = site_id WHERE scan_id = ? AND page.key = 'clinic0003.example/neuropathy')"
        )
        store.db.execute(sql, [latest.id])
    kinds = Counter(change.kind for change in told(copy))
    before = Counter(change.kind for change in told(path))
    assert (
        kinds[ChangeKind.RELABELLED] - before[ChangeKind.RELABELLED]
        == before[ChangeKind.UNCHANGED] - kinds[ChangeKind.UNCHANGED]
        >= 3
    )
    assert kinds[ChangeKind.REMOVED] == before[ChangeKind.REMOVED]


def test_the_command_tells_it_in_words(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(path), "--since", "2199-01-01"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    said = " ".join(" ".join(lines).split())
    # A planted change may turn how its neighbour is judged: words beside a statement are read with it.
    assert re.search(r"6 new, 6 reworded, 6 moved to another page, 6 removed, [0-3] judged otherwise", said)
    assert "Could not be read this time, which is not removed: https://clinic0004.example/" in said
    assert "before" in said and "https://clinic0002.example/ → https://clinic0002.example/neuropathy" in said


def test_the_command_tells_it_as_json(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(path), "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["counts"]["new"] == 6 and len(data["unread_sites"]) == 6
    new = next(change for change in data["changes"] if change["kind"] == "new")
    assert new["before"] is None and new["after"]["findings"][0]["label"]


def test_other_versions_are_told(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "clinics.db"
    copy.write_bytes(path.read_bytes())
    with Store.write(copy) as store:
        first = store.scans()[0]
        versions = json.dumps({**first.versions, "rules": "0.0"})
        store.db.execute("UPDATE scan SET versions = ? WHERE id = ?", [versions, first.id])
    assert main(["compare", str(copy)]) == 0
    assert "judged with different versions (rules)" in " ".join(capsys.readouterr().out.split())


def test_a_scan_of_sites_that_were_said_to_be_sellers_is_told(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "clinics.db"
    copy.write_bytes(path.read_bytes())
    with Store.write(copy) as store:
        latest = store.scans()[-1].id
        store.db.execute("UPDATE scan SET sellers = 1 WHERE id = ?", [latest])
    assert main(["compare", str(copy)]) == 0
    assert f"In scan {latest} alone it was said that all pages are sellers' own (--seller)." in " ".join(
        capsys.readouterr().out.split()
    )
    assert main(["compare", str(copy), "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["before"]["sellers"], data["after"]["sellers"]) == (False, True)
    assert main(["summary", str(copy)]) == 0
    assert "It was said that all pages are sellers' own (--seller)" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--since", "yesterday"], "does not match the format"),
        (["--since", "2026-01-01", "--baseline", "1"], "both choose the earlier scan"),
        ([], "There is no database"),
    ],
)
def test_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    assert main(["compare", str(tmp_path / "none.db"), *arguments]) == 2
    assert said in capsys.readouterr().err

"""A scan database: saved whole or not at all, opened with care, and clear about what is wrong with a file."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlite_utils import Database

import checker
from checker import wire
from checker.errors import StoreError
from checker.store import opening, schema
from checker.store.outcome import JudgedPage, ListedSite, SiteOutcome
from checker.store.store import Store
from checker.values import Failure

NOW = datetime(2026, 11, 26, tzinfo=UTC)
CLAIMS = (
    "<h1>Stem cells at our clinic</h1><p>Our stem cells reverse neuropathy. Ask for NCT00000000.</p>"
    "<p>Book a free consultation.</p>"
)
ROOT = os.geteuid() == 0


def listed(*names: str) -> list[ListedSite]:
    return [ListedSite(position=n, name=name, key=name, extra={"state": "TX"}) for n, name in enumerate(names, 1)]


def judged(url: str, html: str = CLAIMS) -> JudgedPage:
    return JudgedPage(report=wire.to_dict(checker.check_html(html, url=url)), words="our stem cells", sha256="0" * 64, size=9)


def outcome(*pages: JudgedPage, failures: tuple[Failure, ...] = ()) -> SiteOutcome:
    return SiteOutcome(started_at=NOW, finished_at=NOW, pages=pages, failures=failures)


def counts(store: Store) -> dict[str, int]:
    tables = ("scan", "site", "page", "statement", "finding", "trial_check", "note", "failure")
    return {name: store.db[name].count for name in tables}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "clinics.db"


def test_an_outcome_is_saved_with_all_its_rows_once(path: Path) -> None:
    with Store.write(path, create=True) as store:
        scan = store.begin_scan("sites.csv", 10, listed("a.example", "b.example"))
        site = store.waiting(scan)[0]
        page = judged("https://a.example/neuropathy?utm_source=x#top")
        assert store.save_site(site.id, outcome(page))
        before = counts(store)
        assert not store.save_site(site.id, outcome(judged("https://a.example/other")))
        assert counts(store) == before
        assert before["finding"] == len(page.report["findings"]) > 1
        assert before["note"] == len(page.report["notes"]) >= 1
        assert before["trial_check"] == len(page.report["trials"]) == 1
        assert before["statement"] == len({f["statement"] for f in page.report["findings"]})
        assert store.db.execute("SELECT address FROM page").fetchone()[0] == "https://a.example/neuropathy"
        assert [w.name for w in store.waiting(scan)] == ["b.example"]
        assert store.progress(scan) == {"waiting": 1, "read": 1, "unread": 0, "pages": 1}
        assert store.scan(scan.id).versions["checker"] == checker.__version__


def test_each_version_is_kept_once_though_it_holds_commas(path: Path) -> None:
    with Store.write(path, create=True) as store:
        scan = store.begin_scan("sites.csv", 10, listed("a.example", "b.example", "c.example"))
        pages = [judged(f"https://{name}.example/") for name in "abc"]
        other = {**pages[2].report["versions"], "trials": "2026-12-01, of another day"}
        pages[2] = replace(pages[2], report={**pages[2].report, "versions": other})
        for site, page in zip(store.waiting(scan), pages, strict=True):
            store.save_site(site.id, outcome(page))
        trials = pages[0].report["versions"]["trials"]
        assert "," in trials and store.scan(scan.id).versions["trials"] == f"{trials}; 2026-12-01, of another day"


def test_a_failure_in_the_middle_of_saving_leaves_nothing(path: Path) -> None:
    with Store.write(path, create=True) as store:
        scan = store.begin_scan("sites.csv", 10, listed("a.example"))
        site = store.waiting(scan)[0]
        broken = judged("https://a.example/2")
        broken.report["findings"][-1].pop("why")  # type: ignore[attr-defined]
        with pytest.raises(KeyError):
            store.save_site(site.id, outcome(judged("https://a.example/1"), broken))
        assert counts(store)["page"] == 0
        assert len(store.waiting(scan)) == 1


def test_pages_of_one_address_are_one_and_a_read_one_wins(path: Path) -> None:
    unread = wire.to_dict(checker.check_html("", url="https://a.example/"))
    with Store.write(path, create=True) as store:
        scan = store.begin_scan("sites.csv", 10, listed("a.example"))
        pages = (
            JudgedPage(report={**unread, "final_url": "http://a.example"}),
            judged("https://a.example/"),
            judged("https://www.a.example"),
        )
        store.save_site(store.waiting(scan)[0].id, outcome(*pages))
        assert counts(store)["page"] == 1
        assert store.progress(scan)["read"] == 1


def test_unread_pages_and_sites_have_their_reasons(path: Path) -> None:
    failure = Failure(stage="fetch", code="refused", message="No.", advice="Later.")
    bad = ListedSite(position=9, name="no such", key="no such", problem=failure)
    with Store.write(path, create=True) as store:
        scan = store.begin_scan("sites.csv", 10, [*listed("a.example", "b.example"), bad])
        one, two = store.waiting(scan)
        store.save_site(one.id, outcome(failures=(failure,)))
        store.save_site(two.id, outcome(JudgedPage(report=wire.to_dict(checker.check_html("", url="https://b.example/")))))
        store.finish_scan(scan)
        rows = list(
            store.db.query("SELECT site.name, page_id IS NULL AS whole, code FROM failure JOIN site ON site.id = site_id")
        )
        assert {(r["name"], r["whole"], r["code"]) for r in rows} == {
            ("no such", 1, "refused"),
            ("a.example", 1, "refused"),
            ("b.example", 0, "empty"),
        }
        assert store.progress(scan) == {"waiting": 0, "read": 0, "unread": 3, "pages": 1}
        assert store.scan(scan.id).finished_at is not None


def test_half_characters_are_stored_whole(path: Path) -> None:
    page = judged("https://a.example/")
    page.report["findings"][0]["statement"] = "half \ud83d"  # type: ignore[index]
    with Store.write(path, create=True) as store:
        scan = store.begin_scan("sites.csv", 10, listed("a.example"))
        assert store.save_site(store.waiting(scan)[0].id, outcome(page))


def test_tables_are_documented_and_linked(path: Path) -> None:
    with Store.write(path, create=True) as store:
        about = {(row["table"], row["column"]) for row in store.db["about"].rows}
        tables = set(store.db.table_names()) - {"about", "_sqlite_migrations"}
        assert {table for table, column in about if not column} == tables | set(store.db.view_names())
        for table in tables:
            linked = {key.column for key in store.db[table].foreign_keys}
            columns = {column.name for column in store.db[table].columns} - {"id"}
            assert columns - linked <= {column for name, column in about if name == table}, table
        assert store.db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert store.db.execute("PRAGMA foreign_keys").fetchone()[0] == 1


@pytest.mark.parametrize("open_it", [Store.write, Store.read])
def test_an_older_database_is_migrated_after_a_backup(path: Path, open_it: Callable[[Path], Store]) -> None:
    with closing(sqlite3.connect(path)) as connection:
        schema.migrations.apply(Database(connection), stop_before="m0002_reviews")
        connection.execute("INSERT INTO scan (started_at, input, pages_per_site) VALUES ('2026-01-01T00:00:00Z', 'old.csv', 5)")
        connection.commit()
    with open_it(path) as store:
        assert store.backup is not None and store.backup.exists()
        assert [scan.input for scan in store.scans()] == ["old.csv"]
        assert store.db["review"].count == 0
    [backup] = path.parent.glob("clinics.db.before-migration-*")
    with closing(sqlite3.connect(backup)) as connection:
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    assert "scan" in names and "review" not in names


def test_a_newer_database_is_refused(path: Path) -> None:
    Store.write(path, create=True).db.close()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('clinic-checker', 'm9999_more', '')")
    for open_it in (Store.write, Store.read):
        with pytest.raises(StoreError, match=r"newer version \(m9999_more\); update clinic-checker"):
            open_it(path)


def test_a_file_of_another_program_is_refused_and_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE bookmarks (url TEXT)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="not made by clinic-checker"):
        Store.write(path, create=True)
    assert path.read_bytes() == before


def test_a_file_that_was_killed_before_its_first_migration_is_ours(tmp_path: Path) -> None:
    path = tmp_path / "clinics.db"
    with closing(sqlite3.connect(path)) as connection:
        schema.migrations.ensure_migrations_table(Database(connection))
    with Store.write(path) as store:
        assert store.scans() == []


@pytest.mark.parametrize("data", [b"url,state\na.example,TX\n" * 50, b"SQLite format 3\0" + b"\xff" * 4000])
def test_no_database_is_refused_and_left_alone(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    with pytest.raises(StoreError, match=r"is no SQLite database|is damaged|cannot be used"):
        Store.write(path, create=True)
    assert path.read_bytes() == data


def test_a_damaged_database_is_told(path: Path) -> None:
    with Store.write(path, create=True) as store:
        store.begin_scan("sites.csv", 10, listed(*(f"{n}.example" for n in range(2000))))
    data = bytearray(path.read_bytes())
    data[8192:] = b"\x5a" * (len(data) - 8192)
    path.write_bytes(bytes(data))
    with pytest.raises(StoreError, match="is damaged"), Store.read(path) as store:
        store.waiting(store.scans()[-1])


def test_a_locked_database_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store.write(path, create=True).db.close()
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="is locked by another program"):
            Store.write(path)
        with Store.read(path) as store:  # readers go on
            assert store.scans() == []


def test_where_nothing_is_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no database"):
        Store.read(tmp_path / "none.db")
    with pytest.raises(StoreError, match="cannot be opened; check that the folder exists"):
        Store.write(tmp_path / "no" / "clinics.db", create=True)


@contextmanager
def as_user() -> Iterator[None]:
    """Give up root's right to write everywhere for a while."""
    if not ROOT:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_read_only_folder_can_be_read_and_writing_is_refused() -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "clinics.db"
        with Store.write(path, create=True) as store:
            store.begin_scan("sites.csv", 10, listed("a.example"))
        path.chmod(0o444)
        path.parent.chmod(0o555)
        with as_user():
            with Store.read(path) as store:
                assert len(store.scans()) == 1
            with pytest.raises(StoreError, match="can only be read, not written"):
                Store.write(path)
            with pytest.raises(StoreError, match="cannot be opened; check that the folder exists and may be written"):
                Store.write(path.with_name("new.db"), create=True)
        path.parent.chmod(0o755)


def test_what_is_not_in_the_file_yet_is_never_missed_silently() -> None:
    with TemporaryDirectory() as folder, TemporaryDirectory() as other:
        path = Path(folder) / "clinics.db"
        with Store.write(path, create=True) as store:
            store.begin_scan("sites.csv", 10, listed("a.example"))
            for part in (path, path.with_name("clinics.db-wal")):  # as a power cut leaves them
                (Path(other) / part.name).write_bytes(part.read_bytes())
        copy = Path(other) / "clinics.db"
        copy.chmod(0o444)
        copy.parent.chmod(0o555)
        with as_user(), pytest.raises(StoreError, match="or copy it with its -wal file"):
            Store.read(copy)
        copy.parent.chmod(0o755)
        with Store.read(copy) as store:
            assert len(store.scans()) == 1


FILL = """
import resource, sys
from pathlib import Path
from checker.errors import StoreError
from checker.store.store import Store
from tests.test_store import judged, listed, outcome
with Store.write(Path(sys.argv[1]), create=True) as store:
    scan = store.begin_scan("sites.csv", 10, listed(*(f"{n}.example" for n in range(500))))
    page = judged("https://a.example/")
    resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))
    try:
        for saved, site in enumerate(store.waiting(scan)):
            store.save_site(site.id, outcome(page))
    except StoreError as error:
        print(saved, error)
"""


def test_a_full_disk_is_told_and_what_was_saved_is_kept(path: Path) -> None:
    def ignore_size_signal() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    command = [sys.executable, "-c", FILL, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, preexec_fn=ignore_size_signal, check=False, timeout=120)
    saved, _, said = done.stdout.partition(" ")
    assert "disk" in said and said.count("\n") == 1, done.stderr
    with Store.write(path) as store:
        assert store.progress(store.scans()[-1])["read"] == int(saved) > 0
        assert store.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_migrations_have_names_in_order() -> None:
    names = [each.name for each in schema.migrations.pending(Database(memory=True))]
    assert names == sorted(names) and all(name[:5] == f"m{n:04d}" for n, name in enumerate(names, 1))

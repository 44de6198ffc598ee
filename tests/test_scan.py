"""Scanning invented sites over real HTTP: every site has its outcome, once, whatever happens on the way."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from checker.errors import ModelError, StoreError
from checker.scan.judge import judge
from checker.scan.run import Plan, run
from checker.scan.sites import read_file
from checker.store import opening
from checker.store.outcome import JudgedPage, ListedSite
from checker.store.store import Store
from checker.values import Page
from tests import dying, invented
from tests.invented import KINDS, PATHS, ROUND, Web, host, kind
from tests.test_scan_pool import page

#: Ten plain sites and one of each kind that gives trouble.
NUMBERS = range(ROUND - len(KINDS) - 10, ROUND)
PLAIN = [number for number in NUMBERS if kind(number) in ("plain", "slow")]


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with Web() as server:
        yield server


def environment(web: Web) -> dict[str, str]:
    return {**os.environ, **web.environment(NUMBERS)}


def site_list(web: Web, folder: Path) -> Path:
    path = folder / "sites.csv"
    path.write_text("name;url\n" + "".join(f"Clinic {n};{web.address(n)}\n" for n in NUMBERS))
    return path


def command(path: Path, db: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "checker", "scan", str(path), "--to", str(db), "--processes", "1", *options]


def scan(web: Web, path: Path, db: Path, *options: str) -> subprocess.CompletedProcess[str]:
    asked = command(path, db, *options)
    return subprocess.run(asked, capture_output=True, text=True, env=environment(web), timeout=400, check=False)


#: Everything that a scan found out, without numbers of rows and times.
TABLES = {
    "site": "SELECT position, name, key, extra, state, verdict, pages_read, pages_unread FROM site",
    "page": "SELECT position, address, page.key, title, page.verdict, publisher, sha256, bytes, hex(words) "
    "FROM page JOIN site ON site.id = site_id",
    "statement": "SELECT position, address, text, context, role, zone, visibility, css_path "
    "FROM statement JOIN page ON page.id = page_id JOIN site ON site.id = site_id",
    "finding": 'SELECT position, fingerprint, label, severity, confidence, rule, also, quote, start, "end", text '
    "FROM finding JOIN statement ON statement.id = statement_id JOIN page ON page.id = page_id JOIN site ON site.id = site_id",
    "failure": "SELECT position, page_id IS NULL, stage, code FROM failure JOIN site ON site.id = site_id",
}


def tables(db: Path) -> dict[str, list[tuple[object, ...]]]:
    with Store.read(db) as store:
        return {name: sorted(map(tuple, store.db.execute(sql)), key=repr) for name, sql in TABLES.items()}


@pytest.fixture(scope="module")
def whole(web: Web, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the database of a scan that nothing disturbed."""
    folder = tmp_path_factory.mktemp("whole")
    done = scan(web, site_list(web, folder), folder / "clinics.db")
    assert done.returncode == 0, done.stderr
    assert f"Scan 1 finished: {len(PLAIN)} sites read" in done.stdout, done.stderr
    return folder / "clinics.db"


def test_every_site_has_its_outcome(whole: Path) -> None:
    found = tables(whole)
    assert len(found["site"]) == len(NUMBERS)
    assert Counter(row[4] for row in found["site"]) == {"read": len(PLAIN), "unread": len(NUMBERS) - len(PLAIN)}
    assert Counter(row[0] for row in found["page"] if row[4] != "could_not_read") == {
        NUMBERS.index(n) + 1: len(PATHS) for n in PLAIN
    }
    assert {row[5] for row in found["site"] if row[4] == "read"} <= {"alarm", "alarm_other", "caution"}
    assert '{"name": "Clinic 30"}' in {row[3] for row in found["site"]}


def test_a_scan_is_thorough_unless_a_quick_one_is_asked_for(whole: Path, web: Web, tmp_path: Path) -> None:
    one = tmp_path / "one.csv"
    one.write_text(f"url\n{web.address(PLAIN[0])}\n")
    assert scan(web, one, tmp_path / "quick.db", "--pages", "1", "--quick").returncode == 0
    for database, reading in ((whole, "thorough"), (tmp_path / "quick.db", "quick")):
        with Store.read(database) as store:
            assert store.scans()[-1].versions["reading"] == reading


def test_what_was_not_read_says_why(whole: Path) -> None:
    codes = {}
    for position, *_, code in tables(whole)["failure"]:
        codes.setdefault(kind(NUMBERS[position - 1]), code)
    assert codes == {
        "error": "http_status",
        "reset": "refused",
        "garbage": "wrong_type",
        "flood": "too_large",
        "loop": "redirect_loop",
        "check": "bot_wall",
        "robots": "robots",
        "parked": "parked",
        "missing": "http_status",
    }


def test_a_list_from_standard_input_and_names_without_a_scheme(web: Web, tmp_path: Path) -> None:
    name = web.address(NUMBERS[1]).removeprefix("http://")  # a port where nobody speaks https
    done = subprocess.run(
        command(Path("-"), tmp_path / "clinics.db", "--pages", "1"),
        input=f"Name;Web site\nÉtoile;{name}\n;no such place\nPalm;\n".encode("cp1252"),
        capture_output=True,
        env=environment(web),
        timeout=400,
        check=False,
    )
    assert done.returncode == 0 and b"Scan 1 finished: 1 site read, 1 unread; 1 page read, 0 unread." in done.stdout, done.stderr
    bad, line, empty, log = done.stderr.decode().splitlines()  # a log where no terminal is
    assert bad == "Without an address, and so recorded as not read: 1 line."
    assert line == "  line 3, no such place: The address holds white space or an invisible character."
    assert empty == "Left out, since the cell for the address is empty: 1 line, first line 4."
    assert log.startswith(f"2/2 {name}: ") and " 1 page read (" in log
    with Store.read(tmp_path / "clinics.db") as store:
        assert store.db.execute("SELECT address FROM page").fetchone()[0] == web.address(NUMBERS[1])
        assert store.db.execute("SELECT extra FROM site").fetchone()[0] == '{"Name": "Étoile"}'


def kill_after(web: Web, asked: list[str], lines: int, pause: float) -> int:
    """Start a scan and kill it a moment after it saved so many sites; return how it ended."""
    with subprocess.Popen(asked, env=environment(web), text=True, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        assert process.stderr
        for _ in range(lines):
            process.stderr.readline()
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        return process.wait()


def test_after_kills_at_any_moment_a_resumed_scan_has_the_same_tables(web: Web, whole: Path, tmp_path: Path) -> None:
    path, db = site_list(web, tmp_path), tmp_path / "clinics.db"
    chance = random.Random(6)
    ends = [kill_after(web, command(path, db, "--resume"), lines, chance.uniform(0, 0.5)) for lines in (0, 12)]
    assert ends == [-signal.SIGKILL] * 2
    other = scan(web, path, db, "--resume", "--quick")
    assert other.returncode == 2 and "leave --quick out" in other.stderr
    done = scan(web, path, db, "--resume")
    assert done.returncode == 0, done.stderr
    assert tables(db) == tables(whole)
    again = scan(web, path, db, "--resume")
    assert again.returncode == 0 and "Nothing to resume" in again.stderr


def test_one_interrupt_ends_cleanly_and_two_at_once(web: Web, whole: Path, tmp_path: Path) -> None:
    path, db = site_list(web, tmp_path), tmp_path / "clinics.db"
    pipes = {"env": environment(web), "text": True, "stderr": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command(path, db), **pipes) as process:
        process.stderr.readline()  # a first site is saved
        process.send_signal(signal.SIGINT)
        said = process.stdout.read()
        assert process.wait(timeout=300) == 130
    assert "go on with --resume" in said
    with subprocess.Popen(command(path, db, "--resume"), **pipes) as process:
        process.stderr.readline()
        process.send_signal(signal.SIGINT)
        while "once more ends at once" not in process.stderr.readline():
            pass
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130
    saved = tables(db)
    assert saved["page"] and all(set(rows) <= set(tables(whole)[name]) for name, rows in saved.items() if name != "site")


def test_an_interrupt_loses_no_page_that_was_read_and_none_is_read_again(web: Web, tmp_path: Path) -> None:
    path, db = site_list(web, tmp_path), tmp_path / "clinics.db"
    before = len(web.asked)
    asked = command(path, db, "--quick", "--threads", "4")
    with subprocess.Popen(asked, env=environment(web), text=True, stderr=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stderr.readline()  # a first site is saved, and others are begun
        process.send_signal(signal.SIGINT)
        told, log = process.communicate(timeout=300)
        assert process.returncode == 130
    assert "Ending after the sites that are begun; once more ends at once, and these are read again." in log
    with Store.read(db) as store:
        left = store.progress(store.scans()[-1])["waiting"]
    assert left > 0 and told.startswith(f"Scan 1 stopped with {left} sites to do; go on with --resume: ")
    done = scan(web, path, db, "--resume", "--quick")
    assert done.returncode == 0 and f"Scan 1 finished: {len(PLAIN)} sites read" in done.stdout, done.stderr
    pages = Counter(page for page in web.asked[before:] if page[1] in PATHS)
    assert {pages[host(number), path] for number in PLAIN for path in PATHS} == {1}


def test_a_resumed_scan_takes_more_sites_and_no_other_limit(web: Web, tmp_path: Path) -> None:
    path, db = tmp_path / "sites.txt", tmp_path / "clinics.db"
    down = [f"http://clinic{n:04d}.example:1/" for n in range(30, 33)]  # nobody listens there
    path.write_text("\n".join(down[:2]))
    with Store.write(db, create=True) as store:
        store.begin_scan("sites.txt", 3, read_file(path).sites)
    path.write_text("\n".join(down))
    other = scan(web, path, db, "--resume", "--pages", "5")
    assert other.returncode == 2 and "reads 3 pages a site" in other.stderr
    done = scan(web, path, db, "--resume")
    assert done.returncode == 0 and "Added, since scan 1 does not have them yet: 1 site of the list." in done.stderr
    assert "0 sites read, 3 unread" in done.stdout


def test_the_last_unfinished_scan_is_resumed_with_its_own_list_only(web: Web, tmp_path: Path) -> None:
    path, other, db = tmp_path / "sites.txt", tmp_path / "other.txt", tmp_path / "clinics.db"
    path.write_text("http://clinic0030.example:1/")  # nobody listens there
    other.write_text("http://clinic0031.example:1/")
    with Store.write(db, create=True) as store:
        store.begin_scan("sites.txt", 3, read_file(path).sites)
        store.finish_scan(store.begin_scan("other.txt", 3, read_file(other).sites))
    refused = scan(web, other, db, "--resume")
    assert refused.returncode == 2 and refused.stderr.count("\n") == 1
    assert "not that of scan 1, sites.txt, for it lacks http://clinic0030.example:1/" in refused.stderr
    done = scan(web, path, db, "--resume")
    assert done.returncode == 0 and "Scan 1 finished: 0 sites read, 1 unread" in done.stdout


def test_a_scan_is_not_resumed_behind_a_later_one_of_its_sites(web: Web, tmp_path: Path) -> None:
    path, db = tmp_path / "sites.txt", tmp_path / "clinics.db"
    path.write_text("http://clinic0030.example:1/")  # nobody listens there
    with Store.write(db, create=True) as store:
        store.begin_scan("sites.txt", 3, read_file(path).sites)
        store.finish_scan(store.begin_scan("sites.txt", 3, read_file(path).sites))
    refused = scan(web, path, db, "--resume")
    assert refused.returncode == 2 and "Scan 1 was broken off, but scan 2 has visited sites of it since" in refused.stderr
    with Store.read(db) as store:
        assert [scan.finished_at is None for scan in store.scans()] == [True, False]


def test_a_crash_of_one_site_or_page_is_recorded_and_the_others_go_on(tmp_path: Path) -> None:
    sites = [ListedSite(position=n, name=name, key=name) for n, name in enumerate(("crash", "half", "fine"), 1)]
    home, other = (invented.page(1, path).encode() for path in PATHS[:2])
    body = {"half": b"crash", "fine": other}

    def visits(name: str, _: object) -> Iterator[Page]:
        if name == "crash":
            raise RuntimeError("a defect in the crawl")
        yield page(home, f"https://{name}.example/1")
        yield page(body[name], f"https://{name}.example/2")

    with Store.write(tmp_path / "clinics.db", create=True) as store:
        plan = Plan(visits=visits, judge=judge_or_crash, threads=2, watch=lambda *_: None)
        assert run(store, store.begin_scan("sites.csv", 2, sites), plan)
        rows = store.db.query("SELECT name, state, pages_read, pages_unread FROM site ORDER BY position")
        assert [tuple(row.values()) for row in rows] == [
            ("crash", "unread", 0, 0),
            ("half", "read", 1, 1),
            ("fine", "read", 2, 0),
        ]
        failures = sorted((row["stage"], row["message"].partition(": ")[2]) for row in store.db["failure"].rows)
    assert failures == [("judge", "ZeroDivisionError: a defect"), ("visit", "RuntimeError: a defect in the crawl")]


def judge_or_crash(given: Page, seller: bool = False) -> JudgedPage:
    """Judge for real, but crash on one body."""
    return dying.judge(given) if given.body == b"crash" else judge(given, seller)


def test_a_model_that_cannot_be_used_ends_the_scan_and_loses_no_site(tmp_path: Path) -> None:
    def no_model(given: Page, seller: bool = False) -> JudgedPage:
        raise ModelError("The model file is missing.")

    with Store.write(tmp_path / "clinics.db", create=True) as store:
        begun = store.begin_scan("sites.csv", 2, [ListedSite(position=1, name="a", key="a")])
        plan = Plan(visits=lambda name, _: [page(b"x")], judge=no_model, threads=1, watch=lambda *_: None)
        with pytest.raises(ModelError):
            run(store, begun, plan)
        assert len(store.waiting(begun)) == 1


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda db: db.write_text("url,state\n" * 500), "is no SQLite database"),
        (lambda db: db.mkdir(), "cannot be opened"),
    ],
)
def test_a_database_that_cannot_be_used_is_wrong_use(web: Web, tmp_path: Path, make, said: str) -> None:
    make(tmp_path / "clinics.db")
    done = scan(web, site_list(web, tmp_path), tmp_path / "clinics.db")
    assert done.returncode == 2
    assert said in done.stderr and done.stderr.count("\n") == 1


def test_a_database_that_is_locked_in_the_middle_keeps_what_was_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.2)
    path = tmp_path / "clinics.db"
    sites = [ListedSite(position=n, name=f"{n}.example", key=f"{n}.example") for n in range(3)]
    with Store.write(path, create=True) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        begun = store.begin_scan("sites.csv", 1, sites)
        plan = Plan(
            visits=lambda name, _: [page(b"fine", f"https://{name}/")],
            judge=dying.judge_for_store,
            threads=1,
            watch=lambda *_: other.execute("BEGIN IMMEDIATE"),  # another program takes the file after the first site
        )
        with pytest.raises(StoreError, match="is locked by another program"):
            run(store, begun, plan)
        other.execute("ROLLBACK")
        assert store.progress(begun)["waiting"] == 2
        assert run(store, begun, replace(plan, watch=lambda *_: None, stop=threading.Event()))
        assert store.progress(begun) == {"waiting": 0, "read": 3, "unread": 0, "pages": 3}


def test_a_full_disk_in_the_middle_keeps_what_was_saved(web: Web, tmp_path: Path) -> None:
    path, db = site_list(web, tmp_path), tmp_path / "clinics.db"
    limited = ["bash", "-c", 'trap "" XFSZ; ulimit -f 350; exec "$@"', "bash", *command(path, db)]
    done = subprocess.run(limited, capture_output=True, text=True, env=environment(web), timeout=400, check=False)
    assert done.returncode == 4, done.stderr
    assert "What was saved before is kept; go on with --resume." in done.stderr.splitlines()[-1]
    with Store.read(db) as store:
        before = store.progress(store.scans()[-1])
    assert before["waiting"] > 0 and before["read"] + before["unread"] > 0

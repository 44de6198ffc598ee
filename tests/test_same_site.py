"""Two entries of a list that lead to one site: its pages, findings and decisions count once, and it is said."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from checker.cli.main import main
from checker.cli.progress import Progress
from checker.scan.judge import judge
from checker.scan.run import Plan, run
from checker.scan.visits import unread
from checker.store.outcome import ListedSite
from checker.store.store import Store
from checker.values import Page, Report
from tests.planted import page_of
from tests.server import Answer, LocalServer, redirect
from tests.test_export import OFFER, REFUSED

CURE = "<p>Our stem cells cure neuropathy for good.</p>"
PAGES = {"/": f"{OFFER}{CURE}", "/faq": f"{OFFER}<p>Results vary.</p>"}
MOVED, HOME, OTHER = (
    ListedSite(position=n, name=f"{name}.example", key=f"{name}.example", extra={name: "yes"})
    for n, name in enumerate(("moved", "alarm", "other"), 1)
)


def visits(name: str, _: object) -> list[Page | Report]:
    host = name.replace("moved", "alarm")
    found = [page_of(f"https://{host}{path}", html) for path, html in PAGES.items()]
    pages: list[Page | Report] = [replace(page, source=page.source.replace(host, name)) for page in found]
    return [pages[0], unread(f"https://{host}/faq", REFUSED)] if name.startswith("moved") else pages


def scanned(path: Path, *lists: list[ListedSite]) -> Path:
    with Store.write(path, create=True) as store:
        for sites in lists:
            plan = Plan(visits=visits, judge=judge, threads=1, watch=lambda *_: None)
            assert run(store, store.begin_scan("sites.csv", 9, sites), plan)
    return path


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scanned(tmp_path_factory.mktemp("same") / "clinics.db", [MOVED, HOME, OTHER])


@pytest.fixture
def path(whole: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "clinics.db"
    copy.write_bytes(whole.read_bytes())
    return copy


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


def figures(capsys: pytest.CaptureFixture[str], path: Path) -> Any:
    return json.loads(printed(capsys, "summary", str(path), "--format", "json"))


def test_the_site_counts_once_and_it_is_said(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = figures(capsys, path)
    assert [found[name] for name in ("listed", "sites", "read", "unread", "pages_read", "pages_unread")] == [3, 2, 2, 0, 4, 0]
    assert found["same"] == [["alarm.example", "moved.example"]]
    assert next(each for each in found["verdicts"] if each["name"] == "alarm")["count"] == 2
    said = " ".join(printed(capsys, "summary", str(path)).split())
    assert "One site, though the list names it 2 times: alarm.example, moved.example. It counts once." in said


def test_a_finding_is_listed_and_decided_once(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [line for line in printed(capsys, "review", str(path)).splitlines() if "alarm.example" in line]
    marks = [line.split()[0] for line in lines]
    assert marks and len(set(marks)) == len(marks)
    cure = next(line.split()[0] for line in lines if " cure " in line)
    printed(capsys, "review", str(path), "--confirm", cure)
    label = next(each for each in figures(capsys, path)["labels"] if each["name"] == "cure")
    assert label["confirmed"] == 1


def test_exports_have_each_page_once_with_what_the_list_says_of_both(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = json.loads(printed(capsys, "export", str(path), "--format", "sarif"))["runs"][0]
    marks = [result["partialFingerprints"]["clinicClaim/v1"] for result in log["results"]]
    assert marks and len(set(marks)) == len(marks) and log["invocations"][0]["toolExecutionNotifications"] == []
    rows = [json.loads(line) for line in printed(capsys, "export", str(path), "--format", "jsonl").splitlines()]
    ours = [row for row in rows if row["site"] == "alarm.example"]
    assert {row["page"] for row in ours} == {"https://alarm.example/", "https://alarm.example/faq"}
    assert {(*row["also_listed"], row["list_moved"], row["list_alarm"]) for row in ours} == {("moved.example", "yes", "yes")}
    assert "also on the list as moved.example" in printed(capsys, "export", str(path), "--format", "html")


def test_the_end_of_a_scan_the_view_and_the_exports_count_the_same(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store.read(path) as store:
        Progress(store, store.scans()[-1]).end(finished=True)
        listed = Counter(row["fingerprint"] for row in store.db["latest_findings"].rows)
    said = capsys.readouterr().out
    assert "finished: 2 sites read, 0 unread; 4 pages read, 0 unread; 1 line of the list named a site again by another" in said
    rows = [json.loads(line) for line in printed(capsys, "export", str(path), "--format", "jsonl").splitlines()]
    assert listed == Counter(row["fingerprint"] for row in rows if row["row"] == "finding")


@pytest.mark.parametrize(
    ("earlier", "later"),
    [([HOME], [MOVED, HOME]), ([MOVED, HOME], [HOME]), ([MOVED, HOME], [MOVED]), ([MOVED], [MOVED, HOME])],
)
def test_a_comparison_finds_the_site_under_any_of_its_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], earlier: list[ListedSite], later: list[ListedSite]
) -> None:
    path = scanned(tmp_path / "clinics.db", earlier, later)
    data = json.loads(printed(capsys, "compare", str(path), "--format", "json"))
    assert data["counts"]["unchanged"] > 0 and data["counts"]["removed"] == 0
    assert "the site is new" not in {change["reason"] for change in data["changes"]}


def test_a_site_that_moved_is_one_with_its_new_address_over_real_requests(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with LocalServer() as server:
        home = Answer(f"{OFFER}{CURE}<a href='/stories'>Stories</a>".encode())
        story = Answer(f"{OFFER}<p>After stem cells at this clinic my neuropathy was gone.</p>".encode())
        moved = redirect(server.url("/", "alarm.example"), status=301)
        server.routes = {"moved.example/": moved, "alarm.example/": home, "alarm.example/stories": story}
        monkeypatch.setenv("CLINIC_CHECKER_HOSTS", f"moved.example={server.address},alarm.example={server.address}")
        monkeypatch.setenv("CLINIC_CHECKER_ALLOW_PRIVATE", "1")
        monkeypatch.setenv("CLINIC_CHECKER_DELAY", "0")
        monkeypatch.setenv("CLINIC_CHECKER_PAGE_CACHE", "none")
        sites, path = tmp_path / "sites.txt", tmp_path / "clinics.db"
        sites.write_text("".join(f"{server.url('/', host)}\n" for host in ("moved.example", "alarm.example")))
        scan = ["scan", str(sites), "--to", str(path), "--processes", "1", "--render", "never", "--quick"]
        printed(capsys, *scan)
        del server.routes["alarm.example/stories"]
        printed(capsys, *scan)
        gone = server.url("/stories", "alarm.example")
    found = json.loads(printed(capsys, "summary", str(path), "--scan", "1", "--format", "json"))
    assert (found["listed"], found["sites"], found["pages_read"]) == (2, 1, 2)
    assert f"no such page: {gone} " in " ".join(printed(capsys, "compare", str(path)).split())


LANDING = "<h1>Exosome therapy</h1><p>Our clinic offers exosomes, which are flown in every Monday. Ask our doctors.</p>"
FOR_SALE = "<title>Domain for sale</title><p>This domain is for sale. Buy this domain today.</p>"


def test_clinics_that_lead_to_a_page_that_cannot_be_read_stay_two_and_every_reason_is_true(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("parked-one", "parked-two", "chain-one", "chain-two")
    ends = {"seller": FOR_SALE, "landing": LANDING}
    with LocalServer() as server:
        hosts = [f"{name}.example" for name in (*names, *ends)]
        monkeypatch.setenv("CLINIC_CHECKER_HOSTS", ",".join(f"{host}={server.address}" for host in hosts))
        for name, value in (("ALLOW_PRIVATE", "1"), ("DELAY", "0"), ("PAGE_CACHE", "none")):
            monkeypatch.setenv(f"CLINIC_CHECKER_{name}", value)
        sites, path = tmp_path / "sites.txt", tmp_path / "clinics.db"
        sites.write_text("".join(f"{server.url('/', host)}\n" for host in hosts[:4]))
        scan = ["scan", str(sites), "--to", str(path), "--processes", "1", "--render", "never", "--quick"]
        server.routes = {f"{host}/": Answer(f"{OFFER}{CURE}<p>Ask for {host}.</p>".encode()) for host in hosts[:4]}
        printed(capsys, *scan)
        for host in hosts[:4]:
            end = "seller.example" if host.startswith("parked") else "landing.example"
            server.routes[f"{host}/"] = redirect(server.url("/", end), status=301)
        server.routes |= {f"{name}.example/": Answer(html.encode()) for name, html in ends.items()}
        printed(capsys, *scan)
    found = figures(capsys, path)
    assert (found["sites"], found["read"], found["unread"], found["reasons"]) == (3, 1, 2, {"parked": 2})
    assert [[name.split("//")[1].partition(".")[0] for name in same] for same in found["same"]] == [["chain-one", "chain-two"]]
    data = json.loads(printed(capsys, "compare", str(path), "--format", "json"))
    assert len(data["unread_sites"]) == 2 and data["counts"]["new"] == 0
    reasons = {(change["before"]["page"].split("//")[1].partition(".")[0], change["reason"]) for change in data["changes"]}
    assert reasons == {
        *((name, "the site could not be read (parked)") for name in names[:2]),
        *((name, "the site's address leads to landing.example now") for name in names[2:]),
    }
    said = " ".join(printed(capsys, "compare", str(path)).split())
    for name in names[2:]:
        assert f"{name}.example:{server.port}/: the site's address leads to landing.example now" in said


def test_sites_that_were_one_before_are_not_called_new(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = scanned(tmp_path / "clinics.db", [MOVED, HOME])
    with Store.write(path) as store:
        own = [page_of("https://moved.example/", f"{OFFER}{CURE}")]
        plan = Plan(
            visits=lambda name, _: own if name == "moved.example" else visits(name, _),
            judge=judge,
            threads=1,
            watch=lambda *_: None,
        )
        assert run(store, store.begin_scan("sites.csv", 9, [MOVED, HOME]), plan)
    data = json.loads(printed(capsys, "compare", str(path), "--format", "json"))
    assert {change["reason"] for change in data["changes"] if change["kind"] == "new"} == {"the site was not read before"}

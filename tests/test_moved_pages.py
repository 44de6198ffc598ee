"""Statements whose page got another address have moved, whatever the old one answers, and what was decided of them holds."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from checker.cli.main import main
from checker.scan.judge import judge
from checker.scan.run import Plan, run
from checker.scan.visits import site_visits
from checker.settings import Settings
from checker.store import rows
from checker.store.compare import ChangeKind, baseline, compare, lost_pages
from checker.store.outcome import ListedSite
from checker.store.rows import FindingRow
from checker.store.store import Store
from tests.planted import page_of
from tests.server import Answer, LocalServer, Route, redirect
from tests.test_engine import ARTICLE
from tests.test_export import OFFER

CLAIMS = "<p>Our stem cells cure neuropathy for good.</p><p>Nine of ten of our patients walk without pain.</p>"
OLD, NEW = "/treatment", "/neuropathy-care"


def page(links: str, text: str = "") -> Answer:
    return Answer(f"{OFFER}{text}{links}".encode())


def link(path: str) -> str:
    return f"<a href='{path}'>Our treatment</a>"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalServer]:
    with LocalServer() as server:
        hosts = ",".join(f"{name}.example={server.address}" for name in ("clinic", "new-clinic"))
        monkeypatch.setenv("CLINIC_CHECKER_HOSTS", hosts)
        monkeypatch.setenv("CLINIC_CHECKER_ALLOW_PRIVATE", "1")
        monkeypatch.setenv("CLINIC_CHECKER_DELAY", "0")
        monkeypatch.setenv("CLINIC_CHECKER_PAGE_CACHE", "none")
        yield server


class Clinic:
    """An invented clinic on a server, scanned into a database."""

    def __init__(self, server: LocalServer, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.server, self.capsys, self.path = server, capsys, folder / "clinics.db"
        self.list = folder / "sites.txt"
        self.list.write_text(f"{server.url('/', 'clinic.example')}\n")

    def scan(self, routes: Mapping[str, Route]) -> None:
        self.server.routes = dict(routes)
        self.printed("scan", str(self.list), "--to", str(self.path), "--processes", "1", "--render", "never", "--quick")

    def printed(self, *arguments: str) -> str:
        self.capsys.readouterr()
        assert main(list(arguments)) == 0
        return self.capsys.readouterr().out

    def compared(self) -> Any:
        return json.loads(self.printed("compare", str(self.path), "--format", "json"))

    def rows(self) -> list[dict[str, Any]]:
        said = self.printed("export", str(self.path), "--format", "jsonl")
        return [row for row in map(json.loads, said.splitlines()) if row["row"] == "finding"]


@pytest.fixture
def clinic(server: LocalServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Clinic:
    found = Clinic(server, tmp_path, capsys)
    found.scan({"clinic.example/": page(link(OLD)), f"clinic.example{OLD}": page("", CLAIMS)})
    return found


def later(server: LocalServer, old: str) -> dict[str, Answer]:
    """Return the clinic with its page at another address; ``old`` says what became of the one before."""
    if old == "domain":
        moved = {f"clinic.example{path}": redirect(server.url(path, "new-clinic.example")) for path in ("/", OLD)}
        return {**moved, "new-clinic.example/": page(link(OLD)), f"new-clinic.example{OLD}": page("", CLAIMS)}
    links = link(NEW) + (link(OLD) if old == "error" else "")
    routes = {"clinic.example/": page(links), f"clinic.example{NEW}": page("", CLAIMS)}
    return routes | ({f"clinic.example{OLD}": redirect(NEW, status=301)} if old == "redirect" else {})


@pytest.mark.parametrize("old", ["error", "redirect", "not linked", "domain"])
def test_a_page_with_another_address_moved_its_statements(clinic: Clinic, old: str) -> None:
    before = [row for row in clinic.rows() if row["page"].endswith(OLD) and row["label"] == "cure"]
    clinic.printed("review", str(clinic.path), "--reject", before[0]["fingerprint"], "--note", "of another clinic")
    clinic.scan(later(clinic.server, old))
    data = clinic.compared()
    kinds = Counter(change["kind"] for change in data["changes"] if "cure" in str(change) or "Nine" in str(change))
    assert set(kinds) == {"moved"} and data["counts"]["new"] == 0
    assert (data["counts"]["not_read"], data["counts"]["removed"]) == (0, 0)
    now = next(row for row in clinic.rows() if row["statement"] == before[0]["statement"] and row["label"] == "cure")
    assert now["fingerprint"] != before[0]["fingerprint"]
    assert (now["review"], now["review_note"]) == ("rejected", "of another clinic")
    clinic.printed("review", str(clinic.path), "--confirm", now["fingerprint"])
    assert next(row for row in clinic.rows() if row["fingerprint"] == now["fingerprint"])["review"] == "confirmed"


def busy(handler: BaseHTTPRequestHandler) -> None:
    """Break off without an answer, as a server that cannot be reached does."""
    handler.connection.close()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        pytest.param(Answer(b"<p>gone</p>", 404), "page_gone", id="404"),
        pytest.param(Answer(b"", 410), "page_gone", id="410"),
        pytest.param(Answer(b"<title>Page not found</title><h1>Page not found</h1>"), "page_gone", id="in words"),
        pytest.param(Answer(b"<p>later</p>", 503), "not_read", id="503"),
        pytest.param(busy, "not_read", id="no answer"),
    ],
)
@pytest.mark.parametrize("start", [False, True])
def test_a_page_that_is_gone_is_told_from_one_that_could_not_be_reached(
    clinic: Clinic, answer: Route, kind: str, *, start: bool
) -> None:
    if start:
        clinic.scan({"clinic.example/": page("", CLAIMS)})
    clinic.scan({"clinic.example/": answer} if start else {"clinic.example/": page(link(OLD)), f"clinic.example{OLD}": answer})
    data = clinic.compared()
    assert {change["kind"] for change in data["changes"] if "cure" in str(change)} == {kind}
    assert data["counts"]["removed"] == 0
    said = " ".join(clinic.printed("compare", str(clinic.path)).split())
    gone = "Pages that are gone, for the site says that it has no such page:" in said
    assert gone is (kind == "page_gone") is not ("which is not removed:" in said)
    assert {lost["gone"] for lost in data["unread_pages"]} == ({True} if gone else set() if start else {False})


def test_a_scan_judges_pages_as_sellers_where_that_is_said_and_keeps_that(clinic: Clinic) -> None:
    clinic.scan({"clinic.example/": Answer(ARTICLE.encode())})
    arguments = ["scan", str(clinic.list), "--to", str(clinic.path), "--processes", "1", "--render", "never", "--quick"]
    clinic.printed(*arguments, "--seller")
    with Store.read(clinic.path) as store:
        _, plain, sellers = store.scans()
        assert (plain.sellers, sellers.sellers) == (False, True)
        (before,), (after,) = (rows.pages(store, site) for scan in (plain, sellers) for site in rows.sites(store, scan))
    assert (before.publisher, after.publisher) == ("third_party", "provider")
    assert "publisher_given" in dict(after.notes) and "publisher_given" not in dict(before.notes)
    with Store.write(clinic.path) as store:
        store.db.execute("UPDATE scan SET finished_at = NULL WHERE id = ?", [sellers.id])
    assert main([*arguments, "--resume"]) == 2
    assert f"Scan {sellers.id} was begun with --seller; add it, or leave --resume out." in clinic.capsys.readouterr().err
    clinic.printed(*arguments, "--resume", "--seller")
    assert main(["scan", "--warc", "x.warc.gz", "--to", str(clinic.path), "--seller"]) == 2


def read_again(path: Path, *editions: dict[str, str]) -> None:
    """Scan editions of a clinic's pages (path: claims), without a network."""
    sites = [ListedSite(position=1, name="clinic.example", key="clinic.example")]
    with Store.write(path, create=True) as store:
        for pages in editions:
            visited = [page_of(f"https://clinic.example{place}", OFFER + claims) for place, claims in pages.items()]
            plan = Plan(visits=lambda *_, visited=visited: visited, judge=judge, threads=1, watch=lambda *_: None)
            assert run(store, store.begin_scan("sites.csv", 9, sites), plan)


def found(path: Path, label: str, page: str) -> FindingRow:
    """Return a finding of the latest scan by its label and page."""
    with Store.read(path) as store:
        ((_, pages, by_page),) = rows.with_pages(store, store.scans()[-1])
    at = next(each.id for each in pages if each.address.endswith(page))
    return next(finding for finding in by_page[at] if finding.label == label)


def test_a_copy_of_a_statement_on_another_page_is_decided_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "clinics.db"
    read_again(path, {"/": "", OLD: CLAIMS, NEW: CLAIMS})
    assert main(["review", str(path), "--reject", found(path, "cure", OLD).fingerprint]) == 0
    read_again(path, {"/": "", NEW: CLAIMS})
    assert found(path, "cure", NEW).decision is None
    with Store.read(path) as store:
        assert ChangeKind.MOVED not in {change.kind for change in compare(store, *baseline(store.scans(), None))}


def test_the_decision_that_was_made_last_moves_with_a_statement(tmp_path: Path) -> None:
    path = tmp_path / "clinics.db"
    read_again(path, {"/": CLAIMS, OLD: CLAIMS})
    for choice, page in (("--confirm", OLD), ("--reject", "/")):
        assert main(["review", str(path), choice, found(path, "cure", page).fingerprint]) == 0
    read_again(path, {"/a": "", NEW: CLAIMS})
    assert found(path, "cure", NEW).decision == "rejected"


def test_statements_of_two_pages_that_stand_on_one_now_have_all_moved(tmp_path: Path) -> None:
    path = tmp_path / "clinics.db"
    read_again(path, {"/": "", OLD: CLAIMS, "/a": CLAIMS}, {"/": "", "/a": "", NEW: CLAIMS})
    with Store.read(path) as store:
        changes = [change for change in compare(store, *baseline(store.scans(), None)) if change.kind is not ChangeKind.UNCHANGED]
    assert {(change.kind, change.reason) for change in changes} == {(ChangeKind.MOVED, "")}
    cures = [change for change in changes if "cure" in change.shown.labels]
    assert {change.before and change.before.page.address.rpartition("/")[2] for change in cures} == {"a", "treatment"}
    assert {change.shown.page.address for change in cures} == {f"https://clinic.example{NEW}"}


FOOT, HAND = "/neuropathy-foot", "/neuropathy-hand"
LONG = "<p>" + " ".join(f"On day {n} you rest, eat well and walk a little further." for n in range(20)) + "</p>"


def twins(foot: Route, hand: Route) -> dict[str, Route]:
    links = "".join(f"<a href='{path}'>Our treatment of neuropathy</a>" for path in (FOOT, HAND))
    return {"clinic.example/": page(links), f"clinic.example{FOOT}": foot, f"clinic.example{HAND}": hand}


def crawled(server: LocalServer, path: Path, *editions: dict[str, Route]) -> None:
    """Crawl editions of the clinic and judge their pages in this process."""
    sites = [ListedSite(position=1, name=server.url("/", "clinic.example"), key="clinic.example")]
    with Store.write(path, create=True) as store:
        for routes in editions:
            server.routes = dict(routes)
            visits = site_visits(Settings.from_environment(), 9)
            plan = Plan(visits=visits, judge=judge, threads=1, watch=lambda *_: None)
            assert run(store, store.begin_scan("sites.csv", 9, sites), plan)


def changed(path: Path) -> dict[str, ChangeKind]:
    """Return what became of the cures, by the end of their page's address."""
    with Store.read(path) as store:
        changes = [change for change in compare(store, *baseline(store.scans(), None)) if "cure" in change.shown.words]
    assert len({(change.shown.page.key, change.kind) for change in changes}) == len(changes)
    return {change.shown.page.address.rpartition("-")[2]: change.kind for change in changes}


@pytest.mark.parametrize(
    ("later", "kinds"),
    [
        pytest.param(
            (Answer(b"<p>later</p>", 500), page("", LONG + CLAIMS)),
            {"hand": ChangeKind.UNCHANGED},
            id="read alone",
        ),
        pytest.param((page("", LONG + CLAIMS), page("", LONG)), {"foot": ChangeKind.UNCHANGED}, id="another page now"),
        pytest.param((page("", LONG), page("", LONG)), {"foot": ChangeKind.REMOVED}, id="gone from both"),
        pytest.param(
            (page("", LONG), page("", LONG + CLAIMS)),
            {"foot": ChangeKind.REMOVED, "hand": ChangeKind.UNCHANGED},
            id="gone from the first",
        ),
    ],
)
def test_a_page_that_said_the_same_as_another_is_known_in_the_next_scan(
    server: LocalServer, tmp_path: Path, later: tuple[Route, Route], kinds: dict[str, ChangeKind]
) -> None:
    path, both = tmp_path / "clinics.db", page("", LONG + CLAIMS)
    crawled(server, path, twins(both, both), twins(*later))
    with Store.read(path) as store:
        (site,) = rows.sites(store, store.scans()[0])
        copied = {key.partition("/")[2]: original.partition("/")[2] for key, original in rows.copies(store, site).items()}
    assert copied == {HAND[1:]: FOOT[1:]}
    assert changed(path) == kinds


def test_a_page_that_says_the_same_as_another_now_was_read(server: LocalServer, tmp_path: Path) -> None:
    path, plain = tmp_path / "clinics.db", page("", LONG)
    crawled(server, path, twins(plain, page("", LONG + CLAIMS)), twins(plain, plain))
    assert changed(path) == {"hand": ChangeKind.NOT_READ}
    with Store.read(path) as store:
        assert lost_pages(store, *baseline(store.scans(), None)) == []
        changes = [change for change in compare(store, *baseline(store.scans(), None)) if "cure" in change.shown.words]
    assert all("says nearly the same as" in change.reason for change in changes)


def test_like_pages_that_change_places_are_neither_new_nor_removed(server: LocalServer, tmp_path: Path) -> None:
    path = tmp_path / "clinics.db"
    claim = "<p>At our {} office stem cells cure neuropathy for good.</p>"
    foot, hand = (page("", LONG + claim.format(name)) for name in ("Lakeside", "Hillside"))
    links = f"<a href='{HAND}'>Cure of neuropathy, prices</a><a href='{FOOT}'>More</a>"
    turned = {**twins(foot, hand), "clinic.example/": page(links)}
    crawled(server, path, twins(foot, hand), turned)
    with Store.read(path) as store:
        found = [change for change in compare(store, *baseline(store.scans(), None)) if "office" in change.shown.words]
    assert {change.kind for change in found} <= {ChangeKind.NOT_READ, ChangeKind.NEW}
    assert all("nearly the same" in change.reason for change in found) and len(found) == 2


@pytest.mark.parametrize("first", ["foot", "hand"])
def test_each_statement_of_like_pages_is_told_once(server: LocalServer, tmp_path: Path, first: str) -> None:
    path, both = tmp_path / "clinics.db", page("", LONG + CLAIMS)
    gone = {f"clinic.example{FOOT if first == 'foot' else HAND}": Answer(b"", 404)}
    crawled(server, path, twins(both, both), {**twins(both, both), **gone})
    with Store.read(path) as store:
        changes = list(compare(store, *baseline(store.scans(), None)))
    before = [change.before.key for change in changes if change.before]
    assert len(before) == len(set(before)) and {change.kind for change in changes} == {ChangeKind.UNCHANGED}

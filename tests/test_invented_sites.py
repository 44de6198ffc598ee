"""Three invented sites under several host names on loopback: crawled twice with the same result, politely, and judged."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest

from checker.crawl import Limits, PageVisit, judge, visits
from checker.crawl.scripts import browser_for
from checker.engine import Checker
from checker.settings import Settings
from checker.values import SiteReport, VerdictLevel
from tests.server import ADDRESS, LocalServer
from tests.sites import InventedSite, all_sites

BASE = Settings(allow_addresses=(f"{ADDRESS}/32",), delay=0.0, page_cache="none", render="never", total_timeout=10)
LIMITS = Limits(pages=25, seconds=60)


@pytest.fixture(scope="module")
def checker() -> Iterator[Checker]:
    with Checker(BASE) as made:
        yield made


def serve(index: int) -> tuple[LocalServer, InventedSite, Settings]:
    server = LocalServer()
    site = all_sites(server.port)[index]
    server.routes = dict(site.routes)
    return server, site, replace(BASE, hosts=tuple((host, ADDRESS) for host in (site.host, *site.hosts)))


def crawl(index: int, limits: Limits = LIMITS, **changes: float) -> tuple[list[PageVisit], LocalServer, InventedSite]:
    server, site, settings = serve(index)
    with server:
        return list(visits(server.url("/", site.host), replace(settings, **changes), limits)), server, site  # type: ignore[arg-type]


def told(found: list[PageVisit]) -> list[tuple[str, str]]:
    """Return what came of each visit, without the port, which differs from run to run."""
    ends = ((v.failure.code if v.failure else "copy" if v.duplicate_of else "away" if v.leads_to else "read") for v in found)
    return [(visit.url.split("/", 3)[3], end) for visit, end in zip(found, ends, strict=True)]


@pytest.mark.parametrize("index", range(3))
def test_the_same_site_gives_the_same_pages_in_the_same_order(index: int) -> None:
    server, site, settings = serve(index)
    with server:
        first, again = (list(visits(server.url("/", site.host), settings, LIMITS)) for _ in range(2))
    assert told(first) == told(again)
    assert [visit.page.sha256 for visit in first if visit.page] == [visit.page.sha256 for visit in again if visit.page]
    if index < 2:
        read = ["/" + path for path, end in told(first)[:10] if end == "read"]
        assert set(site.telling) <= set(read)


@pytest.mark.parametrize("index", range(2))
def test_the_servers_log_shows_robots_txt_pauses_and_budgets(index: int) -> None:
    found, server, site = crawl(index, Limits(pages=12, seconds=30), delay=0.06)
    asked = [(request.headers["Host"].split(":")[0], request.path) for request in server.requests]
    for host in {host for host, _ in asked}:
        own = [request.at for request in server.requests if request.headers["Host"].startswith(host)]
        assert next(path for name, path in asked if name == host) == "/robots.txt"
        assert min(later - earlier for earlier, later in pairwise(own)) >= 0.06 if len(own) > 1 else True
    assert not {path for _, path in asked} & set(site.forbidden)
    assert sum(visit.page is not None for visit in found) == 12 and found[-1].stopped == "pages"


def test_a_large_site_is_read_whole_but_for_its_traps() -> None:
    found, server, _ = crawl(1, Limits(pages=300, seconds=60))
    ends = [end for _, end in told(found)]
    assert sum(path.startswith("/events/") for path in server.paths()) <= 150
    assert ends.count("copy") >= 33  # one of the 36 town pages speaks for the others
    assert sum(path.startswith("blog/post-") and end == "read" for path, end in told(found)) >= 120
    assert ("go/booking", "away") in told(found)
    assert all("utm_" not in path for path in server.paths())


def report_on(index: int, checker: Checker, pages: int = 10, when: str = "never") -> SiteReport:
    server, site, settings = serve(index)
    with server:
        checker.settings = checker.browser.settings = replace(settings, render=when)
        made = visits(server.url("/", site.host), checker.settings, Limits(pages=pages, seconds=90), prepare=browser_for(checker))
        return judge(server.url("/", site.host), made, checker)


@pytest.mark.parametrize("index", range(2))
def test_the_sites_promises_are_found_with_their_pages(index: int, checker: Checker) -> None:
    report = report_on(index, checker)
    assert report.level is VerdictLevel.ALARM
    first = report.reasons[0]
    promised = {(report.pages[page].report.final_url or "").split("/", 3)[3] for page in first.pages}
    assert promised & {"treatments/", "conditions/neuropathy"}


def test_an_app_made_of_scripts_is_never_called_careful_unread(checker: Checker) -> None:
    report = report_on(2, checker)
    assert report.level is VerdictLevel.COULD_NOT_READ
    assert report.error is not None and report.error.code == "script_only"
    assert [page.report.error.code for page in report.pages if page.report.error] == ["script_only"] * 10


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no browser is installed here")
def test_with_a_browser_the_app_is_read(checker: Checker) -> None:
    report = report_on(2, checker, pages=3, when="auto")
    read = {(page.report.final_url or "").rsplit("/", 1)[1]: page.report.verdict.level for page in report.pages}
    assert report.level is VerdictLevel.ALARM and read["neuropathy"] is VerdictLevel.ALARM

"""A site of a scan comes to what `check --site` says of it, also where only the whole site, or a browser, shows it."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from checker.crawl import Limits, visits
from checker.crawl import judge as judge_site
from checker.engine import Checker
from checker.page.render import Browser
from checker.scan.judge import judge
from checker.scan.site import Looking, look_at
from checker.scan.visits import in_browser, site_visits
from checker.settings import Settings
from checker.store.outcome import SiteOutcome
from tests.server import ADDRESS, Answer, LocalServer
from tests.sites import all_sites

SETTINGS = Settings(allow_addresses=(f"{ADDRESS}/32",), delay=0.0, page_cache="none", render="never", total_timeout=10)
SELLS = (
    "<h1>Stem cell therapy at our clinic</h1><p>Our stem cells reverse neuropathy for good.</p>"
    "<p>Book your free consultation at our clinic today.</p><p><a href='/more'>More</a> <a href='/blog'>Blog</a></p>"
)
INFORMS = (
    "<title>News: what a study of stem cells found</title><h1>What a study of stem cells found</h1><p>Researchers at a "
    "university reported this week on a trial of stem cells in 40 people. The journal published the results.</p><p>The "
    "cells reverse neuropathy and end nerve pain for good, said the authors. "
    "Experts warned that the trial had no control group.</p>"
)


def verdicts(outcome: SiteOutcome | None) -> dict[str, tuple[str, str | None]]:
    assert outcome is not None and outcome.failures == ()
    reports = [page.report for page in outcome.pages]
    return {report["final_url"] or report["source"]: (report["verdict"], report["publisher"]) for report in reports}


def test_pages_are_judged_in_the_light_of_the_site_as_check_does() -> None:
    server = LocalServer()
    site = all_sites(server.port)[0]
    server.routes = dict(site.routes)
    settings = replace(SETTINGS, hosts=tuple((host, ADDRESS) for host in (site.host, *site.hosts)))
    with server, Checker(settings) as checker:
        start = server.url("/", site.host)
        whole = judge_site(start, visits(start, settings, Limits(pages=20)), checker)
        scanned = verdicts(look_at(start, Looking(visits=site_visits(settings, 20), judge=judge)))
    reports = [page.report for page in whole.pages]
    expected = {
        report.final_url or report.source: (
            report.verdict.level.value,
            report.verdict.publisher and report.verdict.publisher.value,
        )
        for report in reports
    }
    assert len(expected) > 15 and scanned == expected


def test_a_page_that_does_not_show_its_seller_is_judged_by_the_others() -> None:
    routes = {"/": SELLS, "/more": SELLS.replace("for good", "in a week"), "/blog": INFORMS}
    with LocalServer({path: Answer(html.encode()) for path, html in routes.items()}) as server:
        url = server.url("/")
        alone = judge(next(iter(visits(server.url("/blog"), SETTINGS, Limits(pages=1)))).page)  # type: ignore[arg-type]
        outcome = look_at(url, Looking(visits=site_visits(SETTINGS, 9), judge=judge))
    assert alone.report["publisher"] == "third_party"
    assert outcome is not None
    blog = next(page.report for page in outcome.pages if page.report["final_url"].endswith("/blog"))
    assert blog["publisher"] == "provider" and blog["notes"][0]["code"] == "publisher_by_site" and blog["findings"]


def test_no_other_page_passes_for_a_start_page_that_could_not_be_read() -> None:
    shell = "<div id=app></div><script src='/a.js'></script><a href='/sells'>Cells</a><a href='/n1'>1</a><a href='/n2'>2</a>"
    pages = {"/": shell, "/sells": SELLS, "/n1": INFORMS, "/n2": INFORMS.replace("40 people", "90 patients, and no harm")}
    with LocalServer({path: Answer(html.encode()) for path, html in pages.items()}) as server, Checker(SETTINGS) as checker:
        start = server.url("/")
        whole = judge_site(start, visits(start, SETTINGS, Limits(pages=9)), checker)
        scanned = verdicts(look_at(start, Looking(visits=site_visits(SETTINGS, 9), judge=judge)))
    told = {page.report.source: page.report.verdict.level.value for page in whole.pages}
    assert told[start] == "could_not_read" and told[server.url("/sells")] == "alarm"
    assert told[server.url("/n1")] == told[server.url("/n2")] == "informational"
    assert {url: level for url, (level, _) in scanned.items()} == told


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium here: apt-get install chromium")
def test_a_site_that_scripts_make_is_read_in_a_browser() -> None:
    server = LocalServer()
    site = all_sites(server.port)[2]
    server.routes = dict(site.routes)
    settings = replace(SETTINGS, render="auto", hosts=tuple((host, ADDRESS) for host in (site.host, *site.hosts)))
    with server, Browser(settings) as browser:
        start = server.url("/", site.host)
        plain = look_at(start, Looking(visits=site_visits(settings, 3), judge=judge))
        rendered = look_at(start, Looking(visits=site_visits(settings, 3), judge=judge, render=in_browser(browser)))
    assert plain and {page.report["error"]["code"] for page in plain.pages} == {"script_only"}
    assert rendered and len(rendered.pages) == 3
    verdicts = {page.report["verdict"] for page in rendered.pages}
    assert "alarm" in verdicts and "could_not_read" not in verdicts

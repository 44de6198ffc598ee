"""Crawls three invented sites, each twice, and prints how fast, whether twice the same, and what the server's log shows.

    python tests/bench/crawl.py             # a table; ends with 1 where two crawls differ or a rule of politeness is broken
    python tests/bench/crawl.py --browser   # the site made of scripts in Chromium as well

The sites are those of tests/sites.py, served on loopback under their own names. The first rows crawl without pauses, which
shows our own cost; the last rows keep a pause and show it in the log.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from checker.crawl import Limits, PageVisit, judge, visits  # noqa: E402  # the checkout first
from checker.crawl.scripts import browser_for  # noqa: E402
from checker.engine import Checker  # noqa: E402
from checker.settings import Settings  # noqa: E402
from tests.server import ADDRESS, LocalServer  # noqa: E402
from tests.sites import InventedSite, all_sites  # noqa: E402

BASE = Settings(allow_addresses=(f"{ADDRESS}/32",), delay=0.0, page_cache="none", render="never")
NAMES = ("clinic", "chain", "app of scripts")
PAUSE = 0.1
#: Visits among which the pages on the treatment, approval, questions and stories have to be.
FIRST = 10


@dataclass(frozen=True)
class Row:
    """What two crawls of one site came to."""

    name: str
    visits: int
    read: int
    copies: int
    refused: int
    failed: int
    stopped: str
    fetched: float
    judged: float
    verdict: str
    telling: str
    same: bool


def _served(index: int) -> tuple[LocalServer, InventedSite, Settings]:
    server = LocalServer()
    site = all_sites(server.port)[index]
    server.routes = dict(site.routes)
    return server, site, replace(BASE, hosts=tuple((host, ADDRESS) for host in (site.host, *site.hosts)))


def _told(found: list[PageVisit]) -> list[tuple[object, ...]]:
    return [(v.url, v.page and v.page.sha256, v.failure and v.failure.code, v.duplicate_of, v.leads_to) for v in found]


def _paths(found: list[PageVisit]) -> set[str]:
    return {"/" + visit.url.split("/", 3)[3] for visit in found if visit.page}


def crawl_twice(index: int, pages: int, checker: Checker, render: str = "never") -> Row:
    """Crawl a site twice, judge the second crawl's pages, and return both times in pages a second."""
    server, site, settings = _served(index)
    checker.settings = checker.browser.settings = replace(settings, render=render)
    limits = Limits(pages=pages, seconds=600)

    def crawl() -> Iterator[PageVisit]:
        return visits(server.url("/", site.host), checker.settings, limits, prepare=browser_for(checker))

    with server:
        began = time.perf_counter()
        first = list(crawl())
        fetched = time.perf_counter() - began
        again = list(crawl())
        began = time.perf_counter()
        report = judge(site.host, iter(again), checker)
        judged = time.perf_counter() - began
    read = sum(visit.page is not None for visit in first)
    return Row(
        name=f"{NAMES[index]}{' in a browser' if render != 'never' else ''}",
        visits=len(first),
        read=read,
        copies=sum(visit.duplicate_of is not None for visit in first),
        refused=sum(visit.is_refused for visit in first),
        failed=sum(visit.failure is not None and not visit.is_refused for visit in first),
        stopped=first[-1].stopped or "-",
        fetched=read / fetched,
        judged=read / (fetched + judged),
        verdict=report.level.value,
        telling=f"{len(set(site.telling) & _paths(first[:FIRST]))}/{len(site.telling)}",
        same=_told(first) == _told(again),
    )


def politeness(index: int) -> tuple[str, bool]:
    """Crawl a site with a pause and return what the server's log shows of it, and whether every rule was kept."""
    server, site, settings = _served(index)
    with server:
        list(visits(server.url("/", site.host), replace(settings, delay=PAUSE), Limits(pages=12, seconds=60)))
    logs = {
        host: [request for request in server.requests if request.headers["Host"].startswith(f"{host}:")]
        for host in (site.host, *site.hosts)
    }
    asked = {host: log for host, log in logs.items() if log}
    gaps = [later.at - earlier.at for log in asked.values() for earlier, later in pairwise(log)]
    first = all(log[0].path == "/robots.txt" for log in asked.values())
    kept = not {request.path for request in server.requests} & set(site.forbidden)
    said = f"{NAMES[index]}: {len(server.requests)} requests to {len(asked)} hosts, robots.txt first: {first}, "
    said += f"forbidden addresses left alone: {kept}, shortest pause {min(gaps):.3f} s of {PAUSE} s"
    return said, first and kept and min(gaps) >= PAUSE


def main() -> int:
    """Print the tables; return 1 where something does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--browser", action="store_true", help="read the site made of scripts in Chromium too")
    options = parser.parse_args()
    with Checker(BASE) as checker:
        rows = [crawl_twice(index, pages, checker) for index, pages in ((0, 100), (1, 25), (1, 300), (2, 100))]
        rows += [crawl_twice(2, 10, checker, "auto")] if options.browser else []
    print("site                       visits  read copies robots failed ended by  telling pages/s  judged  verdict")
    for row in rows:
        counts = f"{row.visits:7}{row.read:6}{row.copies:7}{row.refused:7}{row.failed:7} {row.stopped:9}{row.telling:>8}"
        print(f"{row.name:26}{counts}{row.fetched:8.0f}{row.judged:8.1f}  {row.verdict}{'' if row.same else '  DIFFERS'}")
    polite = [politeness(index) for index in range(2)]
    for said, held in polite:
        print(f"{said}{'' if held else '  BROKEN'}")
    return 0 if all(row.same for row in rows) and all(held for _, held in polite) else 1


if __name__ == "__main__":
    sys.exit(main())

"""Visits one site: yields its pages as they are fetched, and those that could not be read with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

from checker.crawl.visits import Limits, PageVisit, Prepare, visits
from checker.page import chromium
from checker.page.pace import Pace
from checker.page.render import Browser
from checker.scan.sites import addresses
from checker.settings import Settings
from checker.store.outcome import Copy
from checker.values import Failure, Page, Report, Verdict, VerdictLevel

#: A site as the list names it -> its pages, the reports of those that could not be read, and copies of earlier ones. The second
#: argument is called with every page before its links are read, and returns the one to go on with.
Visits = Callable[[str, Prepare | None], Iterable[Page | Report | Copy]]
#: What is worth trying again without encryption: nobody answers on the port, or not in a way that can be trusted.
TRY_HTTP = frozenset({"refused", "tls", "timeout"})


def site_visits(settings: Settings, pages: int) -> Visits:
    """Return the function that crawls a site for up to ``pages`` pages; its calls, in any thread, share one pace."""
    pace = Pace()
    limits = Limits(pages=pages)

    def visits_of(name: str, prepare: Prepare | None) -> Iterator[Page | Report | Copy]:
        return _visits(name, lambda address: visits(address, settings, limits, pace=pace, prepare=prepare))

    return visits_of


def _visits(name: str, crawl: Callable[[str], Iterator[PageVisit]]) -> Iterator[Page | Report | Copy]:
    """Yield a site's pages: under https, and where nobody answers there, under http."""
    *secure, last = addresses(name)
    for address in (*secure, last):
        for number, visit in enumerate(crawl(address)):
            failure = visit.failure
            if number == 0 and failure is not None and failure.code in TRY_HTTP and address != last:
                break
            if visit.page is not None:
                yield visit.page
            elif visit.duplicate_of is not None:
                yield Copy(address=visit.copied_at or visit.url, original=visit.duplicate_of)
            elif failure is not None:
                yield unread(visit.url, failure)
        else:
            return


def in_browser(browser: Browser) -> Callable[[Page], Page] | None:
    """Return what reads a page in the browser, for any thread; None where there is none or none is wanted."""
    if browser.settings.render == "never" or chromium.find(browser.settings) is None:
        return None
    return browser.render


def unread(source: str, failure: Failure, final_url: str | None = None) -> Report:
    """Return the report of a page that could not be read."""
    verdict = Verdict(level=VerdictLevel.COULD_NOT_READ, publisher=None)
    return Report(source=source, checked_at=datetime.now(UTC), verdict=verdict, versions={}, final_url=final_url, error=failure)

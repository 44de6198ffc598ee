"""Visits one site: yields its pages as they are fetched, and those that could not be read with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from checker.crawl.visits import Limits, visits
from checker.page.pace import Pace
from checker.scan.sites import addresses
from checker.settings import Settings
from checker.values import Failure, Page, Report, Verdict, VerdictLevel

#: A site as the list names it -> its pages, and the reports of those that could not be read.
Visits = Callable[[str], Iterator[Page | Report]]
#: What is worth trying again without encryption: nobody answers on the port, or not in a way that can be trusted.
_TRY_HTTP = frozenset({"refused", "tls", "timeout"})


def site_visits(settings: Settings, pages: int) -> Visits:
    """Return the function that crawls a site for up to ``pages`` pages; its calls, in any thread, share one pace."""
    pace = Pace()
    return lambda name: _visits(name, settings, Limits(pages=pages), pace)


def _visits(name: str, settings: Settings, limits: Limits, pace: Pace) -> Iterator[Page | Report]:
    """Yield a site's pages: under https, and where nobody answers there, under http."""
    *secure, last = addresses(name)
    for address in (*secure, last):
        for number, visit in enumerate(visits(address, settings, limits, pace=pace)):
            failure = visit.failure
            if number == 0 and failure is not None and failure.code in _TRY_HTTP and address != last:
                break
            if visit.page is not None:
                yield visit.page
            elif failure is not None and (number == 0 or not visit.is_refused):  # refusals may be many, and say one thing
                yield unread(visit.url, failure)
        else:
            return


def unread(source: str, failure: Failure, final_url: str | None = None) -> Report:
    """Return the report of a page that could not be read."""
    verdict = Verdict(level=VerdictLevel.COULD_NOT_READ, publisher=None)
    return Report(source=source, checked_at=datetime.now(UTC), verdict=verdict, versions={}, final_url=final_url, error=failure)

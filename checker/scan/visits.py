"""Visits one site: yields its pages as they are fetched, and those that could not be read with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from checker.errors import ReadError
from checker.page.fetch import fetch
from checker.scan.sites import addresses
from checker.settings import Settings
from checker.values import Failure, Page, Report, Verdict, VerdictLevel

#: A site as the list names it -> its pages. Raises ReadError when nothing of the site could be read.
Visits = Callable[[str], Iterator[Page | Report]]
#: What is worth trying again without encryption: no one answers on the port, or not in a way that can be trusted.
_TRY_HTTP = frozenset({"refused", "tls", "timeout"})


def first_page(name: str, settings: Settings) -> Iterator[Page]:
    """Yield the one page that the list names; raises ReadError."""
    *others, last = addresses(name)
    for address in others:
        try:
            yield fetch(address, settings)
        except ReadError as error:
            if error.code not in _TRY_HTTP:
                raise
        else:
            return
    yield fetch(last, settings)


def unread(source: str, failure: Failure, final_url: str | None = None) -> Report:
    """Return the report of a page that could not be read."""
    verdict = Verdict(level=VerdictLevel.COULD_NOT_READ, publisher=None)
    return Report(source=source, checked_at=datetime.now(UTC), verdict=verdict, versions={}, final_url=final_url, error=failure)

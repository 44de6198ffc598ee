"""Turns a site's start address into visits to its pages: fetched politely, in a fixed order, within limits, not judged."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from checker.crawl import sitemap
from checker.crawl.frontier import Frontier
from checker.crawl.likeness import Likeness
from checker.crawl.outline import Outline, outline_of
from checker.crawl.site import Site, fold
from checker.errors import ReadError
from checker.page.kept import open_cache
from checker.page.pace import Pace
from checker.page.polite import Visitor
from checker.settings import Settings
from checker.values import Failure, Page

#: Visits of any kind for each page asked for: a site of broken links and copies ends too.
VISITS_PER_PAGE = 4
#: The least number of such visits.
LEAST_VISITS = 20
#: Visits in a row without an answer, after which a site is left alone.
MAX_UNANSWERED = 5
_NO_ANSWER = ("timeout", "refused", "tls", "unknown_host")
#: Takes a page as it was fetched and returns the one to go on with, such as the same after its scripts ran.
Prepare = Callable[[Page], Page]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """When a crawl of one site ends: pages read, bytes received after decompression, seconds."""

    pages: int = 25
    bytes: int = 50_000_000
    seconds: float = 600.0


@dataclass(frozen=True, kw_only=True)
class PageVisit:
    """What came of one address of a site: a page, a failure, or why it was passed over.

    ``url`` is the address as folded. ``duplicate_of`` is the address of an earlier page that says nearly the same as the one at
    ``copied_at``, ``leads_to`` an address outside the site or visited before. ``waiting`` counts the addresses that are known
    and not visited at this moment; ``stopped`` is set on the last visit if they stay so: pages, bytes, time, visits, shape
    (they differ from visited ones in numbers only), or the code of the error that made the site be left alone.
    """

    url: str
    page: Page | None = None
    failure: Failure | None = None
    duplicate_of: str | None = None
    copied_at: str | None = None
    leads_to: str | None = None
    waiting: int = 0
    stopped: str | None = None

    @property
    def is_refused(self) -> bool:
        """Whether robots.txt forbids the address."""
        return self.failure is not None and self.failure.code == "robots"

    def without_page(self) -> PageVisit:
        """Return the visit without the page's bytes, to be kept for the site's report."""
        return replace(self, page=None)


def visits(
    start: str, settings: Settings, limits: Limits, *, pace: Pace | None = None, prepare: Prepare | None = None
) -> Iterator[PageVisit]:
    """Yield the visits to a site's pages, its start first, then the most telling; the same site gives the same order.

    Nothing is judged and nothing raised but SettingsError: what cannot be read is a visit with its failure. ``pace`` is
    shared by crawls that run at the same time, ``prepare`` is called with every page before its links are read.
    """
    crawl = _Crawl(settings, limits, pace or Pace(), prepare)
    try:
        address = fold(start)
    except ReadError as error:
        yield PageVisit(url=start, failure=error.failure())
        return
    yield from crawl.run(address)


class _LeadsAwayError(Exception):
    """A redirect leads out of the site, or to an address that was visited before."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class _Crawl:
    """One crawl of one site: what is known of it so far."""

    def __init__(self, settings: Settings, limits: Limits, pace: Pace, prepare: Prepare | None) -> None:
        self._end = time.monotonic() + limits.seconds
        self._visitor = Visitor(settings, pace, open_cache(settings), end=self._end)
        self._limits = limits
        self._prepare = prepare
        self._frontier = Frontier(limits.pages)
        self._likeness = Likeness()
        self._site: Site | None = None
        self._read = 0
        self._made = 0
        self._unanswered = 0

    def run(self, start: str) -> Iterator[PageVisit]:
        """Yield the visits until nothing waits or a limit is reached."""
        visit = self._visit(start)
        if visit.page is not None and visit.page.final_url:
            self._take_sitemap(visit.page.final_url)
        while True:
            stopped = self._stop(visit)
            address = None if stopped else self._frontier.pop()
            waiting = self._frontier.waiting + (address is not None)
            if address is None:
                yield replace(visit, waiting=waiting, stopped=(stopped or "shape") if waiting else None)
                return
            yield replace(visit, waiting=waiting)
            visit = self._visit(address)

    def _visit(self, address: str) -> PageVisit:
        self._made += 1
        self._frontier.mark(address)
        try:
            page = self._prepared(self._visitor.read(address, lambda hop: self._gate(hop, address)))
        except ReadError as error:
            self._made -= error.code == "robots"  # nothing was asked for
            return PageVisit(url=address, failure=error.failure())
        except _LeadsAwayError as error:
            return PageVisit(url=address, leads_to=error.address)
        return self._taken(address, page)

    def _prepared(self, page: Page) -> Page:
        """Return the page to go on with; what made it may have asked the host too, and may have been led elsewhere."""
        if self._prepare is None:
            return page
        before, page = page.final_url or page.source, self._prepare(page)
        self._visitor.pace.hold(urlsplit(before).hostname or "", self._visitor.delay(before))
        self._visitor.received += len(page.body)
        after = page.final_url or before
        if self._site is not None and not self._site.holds(after):
            raise _LeadsAwayError(after)
        if after != before:
            self._visitor.robots(after).require(after)
        return page

    def _gate(self, hop: str, address: str) -> None:
        """Stop before a hop that leads out of the site or where a visit was made; the start may lead anywhere."""
        if self._site is None or fold(hop) == address:
            return
        if not self._site.holds(hop) or self._frontier.visited(fold(hop)):
            raise _LeadsAwayError(hop)

    def _taken(self, address: str, page: Page) -> PageVisit:
        """Take in a page that was read: its site if it is the first, its links, its likeness to others."""
        final = page.final_url or address
        self._site = self._site or Site.of(final)
        self._frontier.mark(fold(final))
        outline = outline_of(page)
        self._take_links(outline)
        same = self._likeness.like(outline, final)
        if same is not None:
            return PageVisit(url=address, duplicate_of=same, copied_at=final)
        self._read += 1
        return PageVisit(url=address, page=page)

    def _take_links(self, outline: Outline) -> None:
        assert self._site is not None
        for link in outline.links:
            found = self._site.link(outline.base, link.href)
            if found:
                self._frontier.add(found, link.text)
        canonical = self._site.link(outline.base, outline.canonical) if outline.canonical else None
        if canonical:
            self._frontier.add(canonical)

    def _take_sitemap(self, start: str) -> None:
        assert self._site is not None
        try:
            for address in sitemap.addresses(self._site, start, self._visitor):
                self._frontier.add(address)
        except ReadError:  # the host stopped answering: its pages will say so
            return

    def _stop(self, visit: PageVisit) -> str | None:
        """Return which limit is reached, None for none."""
        code = visit.failure.code if visit.failure else ""
        self._unanswered = self._unanswered + 1 if code in _NO_ANSWER else 0
        if code == "rate_limited" or self._unanswered == MAX_UNANSWERED:
            return code
        if self._read >= self._limits.pages:
            return "pages"
        if self._visitor.received >= self._limits.bytes:
            return "bytes"
        if self._made >= max(LEAST_VISITS, VISITS_PER_PAGE * self._limits.pages):
            return "visits"
        host = urlsplit(visit.url).hostname or ""
        if time.monotonic() + self._visitor.pace.wait(host) >= self._end:
            return "time"
        return None

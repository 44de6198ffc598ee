"""Reads pages as a polite program does: robots.txt first, one request at a time, slowly, and not again what is unchanged."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from checker.errors import ReadError
from checker.page import robots
from checker.page.address import check_address
from checker.page.fetch import Answer, ask, fetch, page_of
from checker.page.kept import Kept, PageCache
from checker.page.pace import Pace
from checker.page.record import Recorder
from checker.page.robots import Robots
from checker.settings import Settings
from checker.values import Page

#: Answers after which a host may be asked once more, if it says when.
_BUSY = (429, 503)
_SERVER_ERRORS = range(500, 600)
_UNREADABLE = "The site's robots.txt could not be read, and so nothing on it may be asked for."

#: Called with every address before it is asked for; raises to stop.
Gate = Callable[[str], None]


def read_one(url: str, settings: Settings, recorder: Recorder | None = None) -> Page:
    """Read an address that a person gave: once, as a browser would, or as robots.txt allows where the settings say so.

    The recorder keeps what was sent and received for the page. Raises ReadError as `fetch` does, and robots.
    """
    if settings.respect_robots == "always":
        return Visitor(settings, recorder=recorder).read(url)
    return fetch(url, settings, recorder)


class Visitor:
    """One polite reader for one thread; several may share a pace, so that no host is asked by two at a time."""

    def __init__(
        self,
        settings: Settings,
        pace: Pace | None = None,
        cache: PageCache | None = None,
        recorder: Recorder | None = None,
        end: float = math.inf,
    ) -> None:
        """Keep to a pace; ``end`` is the moment of `time.monotonic` after which no pause may last."""
        self.settings = settings
        self._end = end
        self.pace = pace or Pace()
        self.received = 0
        self._cache = cache
        self._recorder = recorder
        self._robots: dict[str, Robots | ReadError] = {}

    def read(self, url: str, gate: Gate | None = None) -> Page:
        """Read one page with the redirects before it; every hop passes the gate and its own host's robots.txt.

        Raises ReadError: the codes of `fetch`, and robots; and whatever the gate raises.
        """
        address = check_address(url)
        passed: list[str] = []
        while True:
            if gate:
                gate(address)
            self.robots(address).require(address)
            kept = self._cache.get(address) if self._cache else None
            answer = self._ask(address, self.delay(address), kept.conditions if kept else None)
            if answer.location is None:
                return self._page(url, answer, tuple(passed), kept)
            passed.append(address)
            address = self._next(answer.location, passed)

    def _next(self, location: str, passed: list[str]) -> str:
        if len(passed) > self.settings.max_redirects or location in passed:
            raise ReadError("fetch", "redirect_loop", f"The site forwarded {len(passed)} times without an end.")
        return location

    def _page(self, url: str, answer: Answer, redirects: tuple[str, ...], kept: Kept | None) -> Page:
        if answer.status == 304 and kept:
            return replace(kept.page, source=url, redirects=redirects, fetched_at=datetime.now(UTC))
        page = page_of(url, answer, redirects, robots="obeyed")
        if self._cache:
            self._cache.put(answer.url, page, answer.headers)
        return page

    def download(self, address: str) -> bytes:
        """Return the bytes of a file such as a sitemap, whatever its type, after at most one redirect on the same host."""
        for _ in range(2):
            self.robots(address).require(address)
            answer = self._ask(address, self.delay(address), pages_only=False)
            if answer.location is None:
                return answer.body
            if urlsplit(answer.location).hostname != urlsplit(address).hostname:
                break
            address = answer.location
        raise ReadError("fetch", "redirect_loop", "The file is kept elsewhere.")

    def delay(self, address: str) -> float:
        """Return the seconds between two requests to the address's host: what it asks for, but no less than the setting."""
        known = self._robots.get(_origin(address))
        return max(self.settings.delay, known.delay if isinstance(known, Robots) else 0.0)

    def robots(self, address: str) -> Robots:
        """Return what the address's host says to programs, asking it the first time.

        No robots.txt (HTTP 4xx) forbids nothing; a server error forbids everything (RFC 9309). Raises ReadError where
        the host cannot be reached at all.
        """
        origin = _origin(address)
        if origin not in self._robots:
            self._robots[origin] = self._load_robots(f"{origin}/robots.txt")
        known = self._robots[origin]
        if isinstance(known, ReadError):
            raise known
        return known

    def _load_robots(self, address: str) -> Robots | ReadError:
        for _ in range(self.settings.max_redirects + 1):
            try:
                answer = self._ask(address, self.settings.delay, pages_only=False)
            except ReadError as error:
                return _without_rules(error)
            if answer.location is None:
                return robots.parse(answer.body, self.settings.user_agent)
            address = answer.location
        return Robots()

    def _ask(
        self, address: str, pause: float, conditions: Mapping[str, str] | None = None, *, pages_only: bool = True
    ) -> Answer:
        """Ask in the host's turn; an answer that says when to come back is asked for once more then."""
        host = urlsplit(address).hostname or ""
        recorder = self._recorder if pages_only else None
        for is_last in (False, True):
            if time.monotonic() + self.pace.wait(host) > self._end:
                raise ReadError("fetch", "timeout", "The site asks for a longer pause than there is time for.")
            try:
                with self.pace.turn(host, pause):
                    answer = ask(address, self.settings, conditions, recorder, pages_only=pages_only)
                break
            except ReadError as error:
                seconds = retry_seconds(error)
                if seconds is None:
                    raise
                if is_last or seconds > self.settings.max_retry_wait:
                    message = f"The site asks to be left alone for {seconds:.0f} seconds (HTTP {error.status})."
                    raise ReadError("fetch", "rate_limited", message, status=error.status) from error
                self.pace.hold(host, seconds)
        self.received += len(answer.body)
        return answer


def retry_seconds(error: ReadError) -> float | None:
    """Return in how many seconds a busy host wants to be asked again, None where it does not say."""
    if error.status not in _BUSY or not error.retry_after:
        return None
    if error.retry_after.isdecimal():
        return float(error.retry_after[:9])
    try:
        moment = parsedate_to_datetime(error.retry_after)
    except (ValueError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _without_rules(error: ReadError) -> Robots | ReadError:
    """Return what holds where robots.txt could not be read: the error itself where the host gave no answer at all."""
    if error.status in _SERVER_ERRORS or error.code in ("rate_limited", "too_large"):
        return Robots(closed=f"{_UNREADABLE} {error.message}", why="robots" if error.code == "too_large" else error.code)
    return Robots() if error.status or error.code == "unsupported_address" else error


def _origin(address: str) -> str:
    return urljoin(address, "/").rstrip("/")

"""Counts what each network address and everybody together did, in moving windows."""

from __future__ import annotations

import ipaddress
import threading
import time

from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.types import Scope

from checker.errors import SettingsError
from checker.settings import WebSettings


class Rates:
    """The counts, in memory: a restart forgets them."""

    def __init__(self, web: WebSettings) -> None:
        """Read the rates; raises SettingsError for one that cannot be read."""
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self.checking = threading.Lock()
        try:
            given = (web.rate_address, web.rate_all, web.rate_why, web.rate_reads)
            self.checks, self.everybody, self.whys, self.reads = map(parse_many, given)
        except ValueError as error:
            raise SettingsError(f'{error}; write a rate as "10 per minute; 60 per hour".') from error

    def wait_for_check(self, who: str) -> int:
        """Return 0 if a check is allowed, else the seconds until the next one is; counts nothing.

        Hold ``checking`` from here until the check is counted: requests come in on several threads.
        """
        return max(self._wait(self.checks, "check", who), self._wait(self.everybody, "check", "everybody"))

    def count_check(self, who: str) -> None:
        """Count a check that was taken in."""
        self._hit(self.checks, "check", who)
        self._hit(self.everybody, "check", "everybody")

    def why(self, who: str) -> int:
        """Count a question why; returns 0, or the seconds until the next one is allowed."""
        return self._count(self.whys, "why", who)

    def read(self, who: str) -> int:
        """Count any other request; returns 0, or the seconds until the next one is allowed."""
        return self._count(self.reads, "read", who)

    def headers(self, who: str) -> dict[str, str]:
        """Return the headers that tell a program how many checks it may still ask for."""
        tightest = min(self.checks, key=lambda rate: self._limiter.get_window_stats(rate, "check", who).remaining)
        reset, remaining = self._limiter.get_window_stats(tightest, "check", who)
        seconds = max(0, round(reset - time.time()))
        return {
            "RateLimit-Limit": str(tightest.amount),
            "RateLimit-Remaining": str(remaining),
            "RateLimit-Reset": str(seconds),
        }

    def _count(self, rates: list[RateLimitItem], what: str, who: str) -> int:
        seconds = self._wait(rates, what, who)
        if not seconds:
            self._hit(rates, what, who)
        return seconds

    def _wait(self, rates: list[RateLimitItem], what: str, who: str) -> int:
        full = [rate for rate in rates if not self._limiter.test(rate, what, who)]
        resets = [self._limiter.get_window_stats(rate, what, who).reset_time for rate in full]
        return max(1, round(max(resets) - time.time())) if resets else 0

    def _hit(self, rates: list[RateLimitItem], what: str, who: str) -> None:
        for rate in rates:
            self._limiter.hit(rate, what, who)


def visitor(scope: Scope) -> str:
    """Return the network address of a visitor; of IPv6 the first half, which one subscriber gets."""
    host = scope["client"][0] if scope.get("client") else "unknown"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return str(host)
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)

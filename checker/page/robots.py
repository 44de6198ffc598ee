"""Turns a site's robots.txt into what may be asked for and how slowly (RFC 9309, and the older Crawl-delay)."""

from __future__ import annotations

from dataclasses import dataclass, field

from protego import Protego

from checker.errors import ReadError

#: RFC 9309 asks for at least 500 KiB to be read; what stands behind that is left.
MAX_BYTES = 512_000
#: More lines than this cost the parser seconds; the longest of well-known sites hold some thousands.
MAX_LINES = 20_000
#: A longer pause than a day is no pause but a no; a crawl ends before it.
MAX_DELAY = 86_400.0
_DENIED = "The site's robots.txt asks programs to leave this address alone."


@dataclass(frozen=True)
class Robots:
    """What one host says to programs: ``rules`` None means that nothing is forbidden, ``closed`` that everything is."""

    rules: Protego | None = None
    closed: str = ""
    why: str = "robots"
    agent: str = field(default="*", kw_only=True)

    @property
    def delay(self) -> float:
        """Seconds that the host asks for between two requests, 0 if it names none."""
        if self.rules is None:
            return 0.0
        rate = self.rules.request_rate(self.agent)
        asked = (self.rules.crawl_delay(self.agent) or 0.0, rate.seconds / rate.requests if rate and rate.requests else 0.0)
        return min(MAX_DELAY, max((seconds for seconds in asked if seconds > 0), default=0.0))

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """Addresses of sitemaps as they are given."""
        return tuple(self.rules.sitemaps) if self.rules else ()

    def require(self, address: str) -> None:
        """Raise ReadError robots where the address must not be asked for."""
        if self.closed:
            raise ReadError("fetch", self.why, self.closed)
        if self.rules and not self.rules.can_fetch(address, self.agent):
            raise ReadError("fetch", "robots", _DENIED)


def parse(body: bytes, agent: str) -> Robots:
    """Return what a robots.txt says to the program named at the start of ``agent`` (a User-Agent)."""
    if len(body) > MAX_BYTES:  # half a rule forbids more, or less, than the whole one
        body = body[:MAX_BYTES].rpartition(b"\n")[0]
    lines = body.decode("utf-8-sig", errors="replace").splitlines()[:MAX_LINES]
    return Robots(Protego.parse("\n".join(lines)), agent=name_of(agent))


def name_of(agent: str) -> str:
    """Return the name by which robots.txt calls a program: the part of its User-Agent before the version."""
    return agent.split("/")[0].strip() or "*"

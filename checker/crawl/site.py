"""Turns links into the addresses of one site's pages: one spelling for each, nothing that is elsewhere or no page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import PurePosixPath
from urllib.parse import SplitResult, parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

from checker import lexicon
from checker.errors import ReadError
from checker.fingerprint import names_visit, registered_domain
from checker.page.address import check_address
from checker.page.kinds import DEFAULT_PORTS

#: Longer addresses are made by machines; those of pages on clinics' sites have under 200 characters.
MAX_ADDRESS = 1_000
#: More folders deep than any page: a link that adds to its own address each time.
MAX_SEGMENTS = 12
#: How often one folder may come again in a path ("/a/b/a/b/a/b").
MAX_REPEATS = 2
#: Folded addresses that are remembered: the menus of a site come again on every page.
MAX_FOLDED = 8_192
_SESSION_IN_PATH = re.compile(r";[a-z]*sess(?:ion)?id=[^/?]*|/\((?:[a-z]\([^)]*\))+\)", re.IGNORECASE)


@dataclass(frozen=True)
class Site:
    """All hosts under one registered domain; one host where there is none, such as an IP address."""

    domain: str
    scheme: str
    port: int

    @classmethod
    def of(cls, address: str) -> Site:
        """Return the site that a checked address belongs to."""
        parts = urlsplit(address)
        return cls(registered_domain(address) or parts.hostname or "", parts.scheme, _port(parts))

    def holds(self, address: str) -> bool:
        """Say whether a checked address is of this site: its domain, a web port or the port of the site's start."""
        parts = urlsplit(address)
        domain = registered_domain(address) or parts.hostname
        return domain == self.domain and _port(parts) in (self.port, *DEFAULT_PORTS.values())

    def link(self, base: str, href: str) -> str | None:
        """Return the folded address that a link on a page leads to, None for one that leads elsewhere or to no page."""
        address = self.file(base, href)
        return self._same_scheme(address) if address and is_page(address) else None

    def file(self, base: str, href: str) -> str | None:
        """Return the folded address of a file on this site, None for any other."""
        if len(href) > MAX_ADDRESS:
            return None
        try:
            address = fold(urljoin(base, href.strip()))
        except (ReadError, ValueError):
            return None
        return address if self.holds(address) and len(address) <= MAX_ADDRESS else None

    def _same_scheme(self, address: str) -> str:
        """Return the address under the start's scheme, where both speak on their own ports: http is https's old name."""
        parts = urlsplit(address)
        if parts.port is None and self.port == DEFAULT_PORTS[self.scheme]:
            return parts._replace(scheme=self.scheme).geturl()
        return address


def _port(parts: SplitResult) -> int:
    return parts.port or DEFAULT_PORTS.get(parts.scheme, 0)


@lru_cache(maxsize=MAX_FOLDED)
def fold(address: str) -> str:
    """Return the one spelling of a page's address: no fragment, tracking, session or view, parameters in order.

    Raises ReadError unsupported_address for what is no web address.
    """
    parts = urlsplit(check_address(address))
    asked = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if not _says_nothing(key)]
    plain = parts._replace(path=_SESSION_IN_PATH.sub("", parts.path) or "/", query=urlencode(asked), fragment="")
    return check_address(canonicalize_url(urlunsplit(plain)))


def _says_nothing(key: str) -> bool:
    return names_visit(key) or key.lower() in _views()


@cache
def _views() -> frozenset[str]:
    return frozenset(lexicon.heads("address")["view"])


@cache
def _files() -> frozenset[str]:
    return frozenset(lexicon.heads("address")["file"])


def is_page(address: str) -> bool:
    """Say whether an address may be a page: by how its name ends, and by a path that does not go round in circles."""
    path = urlsplit(address).path
    segments = [segment for segment in path.split("/") if segment]
    if len(segments) > MAX_SEGMENTS or any(segments.count(segment) > MAX_REPEATS for segment in segments):
        return False
    return PurePosixPath(path).suffix.lower().removeprefix(".") not in _files()


def shape(address: str) -> str:
    """Return an address with its digits folded: all days of a calendar are of one shape."""
    parts = urlsplit(address)
    keys = sorted(key for key, _ in parse_qsl(parts.query, keep_blank_values=True))
    return f"{parts.hostname}{re.sub('[0-9]+', '0', parts.path)}?{'&'.join(keys)}"

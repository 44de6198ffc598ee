"""All settings in two values; environment variables override the defaults field by field.

`CLINIC_CHECKER_<FIELD>` for reading sources, `CLINIC_CHECKER_WEB_<FIELD>` for the page for patients.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from ipaddress import ip_address, ip_network
from typing import Any, TypeVar

from checker.errors import SettingsError

PREFIX = "CLINIC_CHECKER_"
#: Settings that are one of a few words.
CHOICES = {"respect_robots": ("crawl", "always"), "render": ("auto", "never", "always")}
WEB_PREFIX = f"{PREFIX}WEB_"
AnySettings = TypeVar("AnySettings")


def _help(text: str) -> dict[str, str]:
    return {"help": text}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How sources are read. Times in seconds, sizes in bytes."""

    user_agent: str = field(
        default="clinic-claim-checker/0.1 (checks claims on public pages; +https://pypi.org/project/clinic-claim-checker/)",
        metadata=_help("what the program says it is"),
    )
    connect_timeout: float = field(default=5.0, metadata=_help("seconds for a connection"))
    read_timeout: float = field(default=10.0, metadata=_help("seconds between two pieces of an answer"))
    total_timeout: float = field(default=30.0, metadata=_help("seconds for one source, redirects included"))
    max_redirects: int = field(default=5, metadata=_help("redirects followed"))
    max_bytes: int = field(default=5_000_000, metadata=_help("bytes of a body after decompression"))
    allow_private: bool = field(default=False, metadata=_help("read private and loopback addresses too"))
    allow_addresses: tuple[str, ...] = field(default=(), metadata=_help("special networks (CIDR) that may be read"))
    hosts: tuple[tuple[str, str], ...] = field(default=(), metadata=_help("host=address pairs that replace DNS"))
    contact: str = field(default="", metadata=_help("mail or web address of whoever runs the program, told to every site"))
    respect_robots: str = field(
        default="crawl", metadata=_help("'crawl': robots.txt holds for crawls and scans; 'always': for single addresses too")
    )
    delay: float = field(default=1.0, metadata=_help("least seconds between two requests of a crawl to one host"))
    max_retry_wait: float = field(default=60.0, metadata=_help("longest Retry-After that a crawl waits for, in seconds"))
    page_cache: str = field(
        default="", metadata=_help("folder for pages of crawls, asked for again only if changed; 'none' for no cache")
    )
    page_cache_bytes: int = field(default=200_000_000, metadata=_help("bytes of pages kept there; the oldest go first"))
    render: str = field(
        default="auto", metadata=_help("pages read in a browser: 'auto' where scripts make all of the text, 'never', 'always'")
    )
    browser_path: str = field(default="", metadata=_help("the Chromium to use; found by itself when empty"))
    browser_timeout: float = field(default=45.0, metadata=_help("seconds for one page in a browser"))
    browser_max_bytes: int = field(default=50_000_000, metadata=_help("bytes that a page may load in a browser"))
    browser_memory: int = field(default=1_000_000_000, metadata=_help("bytes of memory that a page may take in a browser"))
    timestamp_url: str = field(default="", metadata=_help("address of an RFC 3161 authority that stamps evidence"))

    @property
    def agent(self) -> str:
        """What the program says it is, with the contact where there is one."""
        return f"{self.user_agent} contact: {self.contact}" if self.contact else self.user_agent

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None, **given: object) -> Settings:
        """Return the defaults overridden by the environment and then by ``given``; None means "not given".

        Raises SettingsError for an unknown variable with our prefix or a value of the wrong type.
        """
        environ = os.environ if environ is None else environ
        ours = {name: text for name, text in environ.items() if name.startswith(PREFIX) and not name.startswith(WEB_PREFIX)}
        return _overridden(cls(), PREFIX, ours, given)


@dataclass(frozen=True, kw_only=True)
class WebSettings:
    """How the page for patients is served. Rates as "10 per minute; 60 per hour", sizes in bytes."""

    store: str = field(default="", metadata=_help("the SQLite file of checks; without one a file in the cache folder"))
    keep_hours: float = field(default=24.0, metadata=_help("hours until a check is deleted"))
    workers: int = field(default=4, metadata=_help("pages that are fetched and judged at the same time"))
    queue: int = field(default=40, metadata=_help("checks that may wait"))
    check_seconds: float = field(default=60.0, metadata=_help("seconds for one check, from its start to its report"))
    text_bytes: int = field(default=200_000, metadata=_help("bytes of a pasted text"))
    page_bytes: int = field(default=2_000_000, metadata=_help("bytes of an uploaded or fetched page"))
    rate_address: str = field(default="10 per minute; 60 per hour", metadata=_help("checks from one network address"))
    rate_all: str = field(default="120 per minute", metadata=_help("checks from everybody together"))
    rate_why: str = field(default="30 per minute", metadata=_help("questions why from one network address"))
    rate_reads: str = field(default="300 per minute", metadata=_help("pages and answers for one network address"))
    host_names: tuple[str, ...] = field(
        default=("localhost", "127.0.0.1", "::1"), metadata=_help("names under which the page is reached, without port")
    )
    proxies: tuple[str, ...] = field(default=(), metadata=_help("addresses of reverse proxies whose X-Forwarded headers count"))
    https: bool = field(default=False, metadata=_help("browsers reach the page through TLS: send HSTS"))
    debug: bool = field(default=False, metadata=_help("write traces of our own errors to the log"))

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None, **given: object) -> WebSettings:
        """Return the defaults overridden by the environment and then by ``given``; raises SettingsError."""
        environ = os.environ if environ is None else environ
        ours = {name: text for name, text in environ.items() if name.startswith(WEB_PREFIX)}
        return _overridden(cls(), WEB_PREFIX, ours, given)


def _overridden(default: AnySettings, prefix: str, environ: Mapping[str, str], given: Mapping[str, object]) -> AnySettings:
    """Return the default settings with the variables of the environment and the given values in them."""
    known = {f.name for f in fields(default)}  # type: ignore[arg-type]  # both settings are dataclasses
    values: dict[str, Any] = {}
    for name, text in environ.items():
        key = name.removeprefix(prefix).lower()
        if key not in known:
            raise SettingsError(f"{name} is no setting; known are {', '.join(sorted(known))}.")
        values[key] = _parse(name, text, getattr(default, key))
    values.update({key: value for key, value in given.items() if value is not None})
    return replace(default, **values)  # type: ignore[type-var]


def _parse(name: str, text: str, default: object) -> object:
    """Turn a variable's text into the type of the default."""
    try:
        if isinstance(default, bool):
            return {"1": True, "true": True, "0": False, "false": False}[text.lower()]
        if isinstance(default, int | float):
            return _amount(name, type(default)(text))
        if isinstance(default, tuple):
            parts = [part.strip() for part in text.split(",") if part.strip()]
            if name == _HOST_NAMES and not parts:
                raise ValueError(text)  # nobody could reach the page
            return tuple(map(_LISTS.get(name, str), parts))
    except (KeyError, ValueError) as error:
        raise SettingsError(f"{name} cannot be {text!r}; the default is {default!r}.") from error
    return _line(name, text)


def _line(name: str, text: str) -> str:
    """Return a text that can stand in a request's headers, or a path; one of the choices where there are some."""
    if name in _PATHS and text.isprintable():
        return text
    choices = CHOICES.get(name.removeprefix(PREFIX).lower(), ())
    if not (text.isascii() and text.isprintable()) or (choices and text not in choices):
        said = " or ".join(map(repr, choices)) or "one line of plain ASCII"
        raise SettingsError(f"{name} cannot be {text!r}; it is {said}.")
    return text


def _amount(name: str, value: float) -> float:
    """Return a number that can be a time, a size or a count; raises ValueError for any other."""
    least, most = _BOUNDS.get(name, (0, math.inf))
    if not (math.isfinite(value) and least <= value <= most):
        raise ValueError(value)
    return value


def _pair(text: str) -> tuple[str, str]:
    """Return host and address of "host=address"; raises ValueError."""
    host, equals, address = text.partition("=")
    if not host or not equals:
        raise ValueError(text)
    return host.lower(), str(ip_address(address))


def _network(text: str) -> str:
    """Return a network in CIDR form; raises ValueError."""
    return str(ip_network(text))


def _host_name(text: str) -> str:
    """Return the name of a host in lower case; raises ValueError for one with a port or a path."""
    with suppress(ValueError):
        return str(ip_address(text))
    if not re.fullmatch(r"[\w.-]+", text):
        raise ValueError(text)
    return text.lower()


def _proxy(text: str) -> str:
    """Return a proxy's address or network, or * for any; raises ValueError."""
    return text if text == "*" else str(ip_network(text, strict=False))


_HOST_NAMES = f"{WEB_PREFIX}HOST_NAMES"
#: How the parts of a list are read; as plain text where nothing is said.
_LISTS: dict[str, Callable[[str], Any]] = {
    f"{PREFIX}HOSTS": _pair,
    f"{PREFIX}ALLOW_ADDRESSES": _network,
    _HOST_NAMES: _host_name,
    f"{WEB_PREFIX}PROXIES": _proxy,
}
#: Settings that name files or folders.
_PATHS = frozenset({f"{PREFIX}PAGE_CACHE", f"{PREFIX}BROWSER_PATH", f"{WEB_PREFIX}STORE"})
#: The least and the most of settings without a worker, a place or a day on which nothing could be done.
_BOUNDS = {f"{WEB_PREFIX}WORKERS": (1, 1_000), f"{WEB_PREFIX}QUEUE": (1, 1_000_000), f"{WEB_PREFIX}KEEP_HOURS": (0, 100_000)}

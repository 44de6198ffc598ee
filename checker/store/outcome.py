"""What one site of a scan came to, as values that are saved together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from checker.values import Failure


@dataclass(frozen=True, kw_only=True)
class ListedSite:
    """A site as the list gives it: ``key`` is host and path, ``extra`` the list's other columns.

    ``problem`` says why a line can be no address; such a site is recorded as unread and never fetched.
    """

    position: int
    name: str
    key: str
    extra: Mapping[str, str] = field(default_factory=dict)
    problem: Failure | None = None


@dataclass(frozen=True, kw_only=True)
class WaitingSite:
    """A site of a scan that has no outcome yet."""

    id: int
    position: int
    name: str
    key: str


@dataclass(frozen=True, kw_only=True)
class JudgedPage:
    """A page's report as the dictionary of the report format, with what is kept of the page itself.

    ``words`` are the page's words in normal form; ``sha256`` and ``size`` (bytes) are null for a page that was not fetched.
    """

    report: Mapping[str, Any]
    words: str = ""
    sha256: str | None = None
    size: int | None = None


@dataclass(frozen=True, kw_only=True)
class Copy:
    """An address whose page says nearly the same as an earlier one of its site, at ``original``, and was not judged again."""

    address: str
    original: str


@dataclass(frozen=True, kw_only=True)
class SiteOutcome:
    """Everything that a scan found out about one site; ``failures`` are those of the site as a whole."""

    started_at: datetime
    finished_at: datetime
    pages: tuple[JudgedPage, ...] = ()
    copies: tuple[Copy, ...] = ()
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Scan:
    """A row of the table ``scan``; ``finished_at`` is null while it runs and after it was cut short.

    ``sellers``: it was said that all pages are sellers' own.
    """

    id: int
    started_at: str
    finished_at: str | None
    input: str
    pages_per_site: int
    versions: Mapping[str, str]
    sellers: bool = False

"""Reads a scan back as rows: sites, pages, and findings with their page, their site and what a person decided of them."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from checker.store.opening import plain_errors
from checker.store.outcome import Scan
from checker.store.store import Store


@dataclass(frozen=True, kw_only=True)
class SiteRow:
    """A site of a scan; ``verdict`` is that of its strongest page, null when none was read."""

    id: int
    position: int
    name: str
    key: str
    extra: Mapping[str, str]
    state: str
    verdict: str | None
    pages_read: int
    pages_unread: int
    failures: tuple[Mapping[str, str], ...] = ()

    @property
    def host(self) -> str:
        """The host name without ``www.``."""
        return self.key.partition("/")[0].partition("?")[0].partition(":")[0]


@dataclass(frozen=True, kw_only=True)
class PageRow:
    """A page of a site, with why it could not be read where that is so; ``notes`` are codes and messages."""

    id: int
    address: str
    key: str
    title: str | None
    verdict: str
    publisher: str | None
    checked_at: str
    sha256: str | None
    words: str = field(repr=False)
    notes: tuple[tuple[str, str], ...]
    error_code: str | None
    error_message: str | None

    @property
    def is_read(self) -> bool:
        """Whether the page was read."""
        return self.verdict != "could_not_read"


@dataclass(frozen=True, kw_only=True)
class FindingRow:
    """A finding with its statement; ``decision`` is a person's: confirmed, rejected or null, with the latest note."""

    page_id: int
    label: str
    fingerprint: str
    severity: str
    confidence: float
    rule: str
    also: tuple[str, ...]
    statement: str
    quote: str
    context: tuple[str, ...]
    why: str
    strength: str | None
    about_nerves: bool
    unsure: bool
    shielded_by: str | None
    conditions: tuple[str, ...]
    products: tuple[str, ...]
    role: str
    zone: str
    visibility: str
    css_path: str
    start: int
    end: int
    decision: str | None
    note: str | None


def sites(store: Store, scan: Scan) -> list[SiteRow]:
    """Return a scan's sites that have an outcome, in the order of the list."""
    failed: dict[int, list[Mapping[str, str]]] = {}
    with plain_errors(store.path):
        sql = (
            "SELECT failure.* FROM failure JOIN site ON site.id = failure.site_id "
            "WHERE site.scan_id = ? AND page_id IS NULL ORDER BY failure.id"
        )
        for row in store.db.query(sql, [scan.id]):
            failed.setdefault(row["site_id"], []).append({name: row[name] for name in ("stage", "code", "message", "advice")})
        found = store.db.query("SELECT * FROM site WHERE scan_id = ? AND state != 'waiting' ORDER BY position, id", [scan.id])
        return [_site(row, tuple(failed.get(row["id"], ()))) for row in found]


def pages(store: Store, site: SiteRow) -> list[PageRow]:
    """Return a site's pages in the order of the visits."""
    sql = (
        "SELECT page.*, failure.code AS error_code, failure.message AS error_message "
        "FROM page LEFT JOIN failure ON failure.page_id = page.id WHERE page.site_id = ? ORDER BY page.id"
    )
    noted = "SELECT page_id, code, message FROM note JOIN page ON page.id = page_id WHERE site_id = ? ORDER BY note.id"
    notes: dict[int, list[tuple[str, str]]] = {}
    with plain_errors(store.path):
        for row in store.db.query(noted, [site.id]):
            notes.setdefault(row["page_id"], []).append((row["code"], row["message"]))
        return [_page(row, tuple(notes.get(row["id"], ()))) for row in store.db.query(sql, [site.id])]


def findings(store: Store, site: SiteRow) -> list[FindingRow]:
    """Return a site's findings in reading order."""
    sql = (
        "SELECT statement.*, finding.*, statement.text AS statement, decided.decision, decided.note "
        "FROM finding JOIN statement ON statement.id = finding.statement_id JOIN page ON page.id = statement.page_id "
        "LEFT JOIN decided ON decided.fingerprint = finding.fingerprint WHERE page.site_id = ? ORDER BY finding.id"
    )
    with plain_errors(store.path):
        return [_finding(row) for row in store.db.query(sql, [site.id])]


def with_pages(store: Store, scan: Scan) -> Iterator[tuple[SiteRow, list[PageRow], dict[int, list[FindingRow]]]]:
    """Yield each site with its pages and their findings by page id; one site is in memory at a time."""
    for site in sites(store, scan):
        by_page: dict[int, list[FindingRow]] = {}
        for finding in findings(store, site):
            by_page.setdefault(finding.page_id, []).append(finding)
        yield site, pages(store, site), by_page


def _site(row: Mapping[str, Any], failures: tuple[Mapping[str, str], ...]) -> SiteRow:
    names = ("id", "position", "name", "key", "state", "verdict", "pages_read", "pages_unread")
    return SiteRow(**{name: row[name] for name in names}, extra=json.loads(row["extra"]), failures=failures)


def _page(row: Mapping[str, Any], notes: tuple[tuple[str, str], ...]) -> PageRow:
    names = ("id", "address", "key", "title", "verdict", "publisher", "checked_at", "sha256", "error_code", "error_message")
    words = zlib.decompress(row["words"]).decode("utf-8") if row["words"] else ""
    return PageRow(**{name: row[name] for name in names}, words=words, notes=notes)


_PLAIN = ("page_id", "label", "fingerprint", "severity", "confidence", "rule", "statement", "quote", "why", "strength")
_MORE = ("shielded_by", "role", "zone", "visibility", "css_path", "start", "end", "decision", "note")


def _finding(row: Mapping[str, Any]) -> FindingRow:
    values: dict[str, Any] = {name: row[name] for name in (*_PLAIN, *_MORE)}
    values |= {name: tuple(json.loads(row[name])) for name in ("also", "context", "conditions", "products")}
    return FindingRow(**values, about_nerves=bool(row["about_nerves"]), unsure=bool(row["unsure"]))

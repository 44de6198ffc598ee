"""Reads a scan back as rows: sites, pages, and findings with their page, their site and what a person decided of them."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from checker.errors import says_gone
from checker.fingerprint import words
from checker.store.opening import plain_errors
from checker.store.outcome import Scan
from checker.store.saving import verdict_of
from checker.store.store import Store


@dataclass(frozen=True, kw_only=True)
class SiteRow:
    """A site of a scan; ``verdict`` is that of its strongest page, null when none was read.

    ``others`` are further entries of the list that led to the same pages; this row then stands for all of them.
    """

    id: int
    position: int
    name: str
    key: str
    extra: Mapping[str, str]
    state: str
    verdict: str | None
    failures: tuple[Mapping[str, str], ...] = ()
    others: tuple[SiteRow, ...] = ()

    @property
    def host(self) -> str:
        """The host name without ``www.``."""
        return host_of(self.key)

    @property
    def entries(self) -> tuple[SiteRow, ...]:
        """All entries of the list that are this site, this one first."""
        return (self, *self.others)


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

    @property
    def is_gone(self) -> bool:
        """Whether the site said that there is no such page."""
        return not self.is_read and says_gone(self.error_code, self.error_message)


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
    fragment: str | None
    decision: str | None
    note: str | None


def sites(store: Store, scan: Scan) -> list[SiteRow]:
    """Return a scan's sites that have an outcome, in the order of the list; entries that are one site are one row."""
    failed: dict[int, list[Mapping[str, str]]] = {}
    with plain_errors(store.path):
        sql = (
            "SELECT failure.* FROM failure JOIN site ON site.id = failure.site_id "
            "WHERE site.scan_id = ? AND page_id IS NULL ORDER BY failure.id"
        )
        for row in store.db.query(sql, [scan.id]):
            failed.setdefault(row["site_id"], []).append({name: row[name] for name in ("stage", "code", "message", "advice")})
        found = store.db.query("SELECT * FROM site WHERE scan_id = ? AND state != 'waiting' ORDER BY position, id", [scan.id])
        entries = [_site(row, tuple(failed.get(row["id"], ()))) for row in found]
        return _each_once(entries, list(store.db.query(_SHARED, [scan.id])))


def pages(store: Store, site: SiteRow) -> list[PageRow]:
    """Return a site's pages in the order of the visits, each once."""
    sql = (
        "SELECT page.*, failure.code AS error_code, failure.message AS error_message "
        "FROM page LEFT JOIN failure ON failure.page_id = page.id WHERE page.id IN ({pages}) ORDER BY page.id"
    )
    noted = "SELECT page_id, code, message FROM note WHERE page_id IN ({pages}) ORDER BY id"
    notes: dict[int, list[tuple[str, str]]] = {}
    with plain_errors(store.path):
        for row in _of_pages(store, site, noted):
            notes.setdefault(row["page_id"], []).append((row["code"], row["message"]))
        return [_page(row, tuple(notes.get(row["id"], ()))) for row in _of_pages(store, site, sql)]


def copies(store: Store, site: SiteRow) -> dict[str, str]:
    """Return the keys of a site's pages that say nearly the same as another, each with the key of that one."""
    marks = ", ".join("?" * len(site.entries))
    with plain_errors(store.path):
        if "page_copy" not in store.db.table_names():  # of an earlier version, where it cannot be written
            return {}
        rows = store.db.query(
            f"SELECT key, original FROM page_copy WHERE site_id IN ({marks}) ORDER BY id", [entry.id for entry in site.entries]
        )
        return {row["key"]: row["original"] for row in rows}


def findings(store: Store, site: SiteRow) -> list[FindingRow]:
    """Return a site's findings in reading order; what was decided of one holds for it on its new page too if it moved."""
    sql = (
        "SELECT statement.*, finding.*, statement.text AS statement, decided.decision, decided.note "
        "FROM finding JOIN statement ON statement.id = finding.statement_id JOIN page ON page.id = statement.page_id "
        "LEFT JOIN decided ON decided.fingerprint = finding.fingerprint WHERE page.id IN ({pages}) ORDER BY finding.id"
    )
    with plain_errors(store.path):
        found = [_finding(row) for row in _of_pages(store, site, sql)]
        return _decided_before(store, site, found)


def with_pages(store: Store, scan: Scan) -> Iterator[tuple[SiteRow, list[PageRow], dict[int, list[FindingRow]]]]:
    """Yield each site with its pages and their findings by page id; one site is in memory at a time."""
    for site in sites(store, scan):
        by_page: dict[int, list[FindingRow]] = {}
        for finding in findings(store, site):
            by_page.setdefault(finding.page_id, []).append(finding)
        yield site, pages(store, site), by_page


def totals(store: Store, scan: Scan) -> dict[str, int]:
    """Return how many sites and pages of a scan were read and not, each once, and how many entries name a site again."""
    found = dict.fromkeys(("read", "unread", "pages_read", "pages_unread", "again"), 0)
    for site in sites(store, scan):
        found[site.state] += 1
        found["again"] += len(site.others)
        with plain_errors(store.path):
            for page in _of_pages(store, site, "SELECT verdict FROM page WHERE id IN ({pages})"):
                found["pages_unread" if page["verdict"] == "could_not_read" else "pages_read"] += 1
    return found


#: What was decided of findings of a site, wherever and whenever they stood, with the scans in which they did; the latest first.
_DECIDED = (
    "SELECT decided.*, finding.label, statement.text, group_concat(DISTINCT site.scan_id) AS scans FROM decided "
    "JOIN finding ON finding.fingerprint = decided.fingerprint JOIN statement ON statement.id = finding.statement_id "
    "JOIN page ON page.id = statement.page_id JOIN site ON site.id = page.site_id WHERE site.key IN ({keys}) "
    "GROUP BY decided.fingerprint ORDER BY (SELECT max(id) FROM review WHERE review.fingerprint = decided.fingerprint) DESC"
)
_SCANS = (
    "SELECT DISTINCT site.scan_id FROM finding JOIN statement ON statement.id = finding.statement_id "
    "JOIN page ON page.id = statement.page_id JOIN site ON site.id = page.site_id WHERE finding.fingerprint = ?"
)


def _decided_before(store: Store, site: SiteRow, found: Sequence[FindingRow]) -> list[FindingRow]:
    """Return findings with what was decided of them on another page of the site; one that stood on both in a scan is a copy."""
    keys = [entry.key for entry in site.entries]
    known: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in store.db.query(_DECIDED.format(keys=", ".join("?" * len(keys))), keys):
        known.setdefault((row["label"], words(row["text"])), []).append(row)
    return [_as_decided(store, finding, known.get((finding.label, words(finding.statement)), ())) for finding in found]


def _as_decided(store: Store, finding: FindingRow, known: Sequence[Mapping[str, Any]]) -> FindingRow:
    here = {str(row["scan_id"]) for row in store.db.query(_SCANS, [finding.fingerprint])} if known else set()
    for row in known:
        if here.isdisjoint(row["scans"].split(",")):
            finding = replace(finding, decision=finding.decision or row["decision"], note=finding.note or row["note"])
    return finding


#: A crawl leaves its site by no link and no redirect but the first, so two crawls share a page only where they read one site.
#: One that could not be read joins nobody: addresses of many clinics that are for sale lead to one page.
_SHARED = (
    "SELECT page.key, group_concat(page.site_id) AS sites FROM page JOIN site ON site.id = page.site_id "
    "WHERE site.scan_id = ? AND page.verdict != 'could_not_read' GROUP BY page.key HAVING count(*) > 1"
)


def _each_once(entries: Sequence[SiteRow], shared: Iterable[Mapping[str, str]]) -> list[SiteRow]:
    """Make one row of the entries that share a page, in place of the one whose own host it is, else of the first."""
    groups: dict[int, frozenset[int]] = {}
    hosts: set[str] = set()
    for row in shared:
        hosts.add(host_of(row["key"]))
        met = [groups.get(ident, frozenset({ident})) for ident in map(int, row["sites"].split(","))]
        groups |= dict.fromkeys(frozenset().union(*met), frozenset().union(*met))
    found: list[SiteRow] = []
    for entry in entries:
        group = [each for each in entries if each.id in groups[entry.id]] if entry.id in groups else [entry]
        lead = next((each for each in group if each.host in hosts), group[0])
        if entry is lead:
            found.append(joined(lead, [each for each in group if each is not lead]))
    return found


def joined(lead: SiteRow, others: Sequence[SiteRow]) -> SiteRow:
    """Return one row for all: what the list says of each, read when one was, the strongest verdict."""
    if not others:
        return lead
    entries = (lead, *others)
    return replace(
        lead,
        extra={name: value for entry in reversed(entries) for name, value in entry.extra.items()},
        state="read" if any(entry.state == "read" for entry in entries) else "unread",
        verdict=verdict_of({entry.verdict for entry in entries if entry.verdict}),
        failures=tuple(failure for entry in entries for failure in entry.failures),
        others=tuple(others),
    )


def _of_pages(store: Store, site: SiteRow, sql: str) -> Iterator[Mapping[str, Any]]:
    """Ask about the pages of all entries of a site, each address once: where it was read, else where it first came up."""
    marks = ", ".join("?" * len(site.entries))
    ordered = f"SELECT id, key FROM page WHERE site_id IN ({marks}) ORDER BY verdict = 'could_not_read', id"
    first: dict[str, int] = {}
    for row in store.db.query(ordered, [entry.id for entry in site.entries]):
        first.setdefault(row["key"], row["id"])
    return store.db.query(sql.format(pages=", ".join("?" * len(first))), list(first.values()))


def host_of(key: str) -> str:
    """Return the host of a key."""
    return key.partition("/")[0].partition("?")[0].partition(":")[0]


def _site(row: Mapping[str, Any], failures: tuple[Mapping[str, str], ...]) -> SiteRow:
    names = ("id", "position", "name", "key", "state", "verdict")
    return SiteRow(**{name: row[name] for name in names}, extra=json.loads(row["extra"]), failures=failures)


def _page(row: Mapping[str, Any], notes: tuple[tuple[str, str], ...]) -> PageRow:
    names = ("id", "address", "key", "title", "verdict", "publisher", "checked_at", "sha256", "error_code", "error_message")
    words = zlib.decompress(row["words"]).decode("utf-8") if row["words"] else ""
    return PageRow(**{name: row[name] for name in names}, words=words, notes=notes)


_PLAIN = ("page_id", "label", "fingerprint", "severity", "confidence", "rule", "statement", "quote", "why", "strength")
_MORE = ("shielded_by", "role", "zone", "visibility", "css_path", "start", "end", "fragment", "decision", "note")


def _finding(row: Mapping[str, Any]) -> FindingRow:
    values: dict[str, Any] = {name: row[name] for name in (*_PLAIN, *_MORE)}
    values |= {name: tuple(json.loads(row[name])) for name in ("also", "context", "conditions", "products")}
    return FindingRow(**values, about_nerves=bool(row["about_nerves"]), unsure=bool(row["unsure"]))

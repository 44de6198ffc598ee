"""Keeps the scans of one database file: begins them, saves each site's outcome once, and says what is left to do."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlite_utils import Database

from checker.store.opening import open_for_reading, open_for_writing, plain_errors
from checker.store.outcome import ListedSite, Scan, SiteOutcome, WaitingSite
from checker.store.saving import distinct, is_read, save_failure, save_outcome, verdict_of
from checker.wire import rfc3339

#: Stands between versions of one part; some hold commas themselves.
BETWEEN_VERSIONS = "; "


class Store:
    """An open scan database. Every method is one transaction: all of it is in the file afterwards, or nothing.

    All methods raise StoreError, one clear line, when the file is locked, read-only, damaged or cannot grow.
    """

    def __init__(self, db: Database, path: Path, backup: Path | None = None) -> None:
        """Wrap an open database; use the two class methods. ``backup`` was made before an older file was migrated."""
        self.db = db
        self.path = path
        self.backup = backup

    @classmethod
    def write(cls, path: Path, *, create: bool = False) -> Store:
        """Open for writing; ``create`` makes the file where there is none."""
        db, backup = open_for_writing(path, create=create)
        return cls(db, path, backup)

    @classmethod
    def read(cls, path: Path) -> Store:
        """Open for reading only."""
        db, backup = open_for_reading(path)
        return cls(db, path, backup)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.db.close()

    def begin_scan(self, input_name: str, pages: int, sites: Iterable[ListedSite], *, sellers: bool = False) -> Scan:
        """Write a new scan with all its sites, those that are no addresses as unread at once."""
        with plain_errors(self.path), self.db.atomic():
            values = (_now(), input_name, pages, sellers)
            sql = "INSERT INTO scan (started_at, input, pages_per_site, sellers) VALUES (?, ?, ?, ?)"
            ident = self.db.execute(sql, values).lastrowid
            assert ident is not None
            self._add_sites(ident, sites)
        return self.scan(ident)

    def add_sites(self, scan: Scan, sites: Iterable[ListedSite]) -> int:
        """Add the sites that a scan does not have yet; return how many they were."""
        with plain_errors(self.path), self.db.atomic():
            return self._add_sites(scan.id, sites)

    def scans(self) -> list[Scan]:
        """Return all scans, oldest first."""
        with plain_errors(self.path):
            return [_scan(row) for row in self.db.query("SELECT * FROM scan ORDER BY id")]

    def scan(self, ident: int) -> Scan:
        """Return one scan by its number."""
        with plain_errors(self.path):
            return next(_scan(row) for row in self.db.query("SELECT * FROM scan WHERE id = ?", [ident]))

    def waiting(self, scan: Scan) -> list[WaitingSite]:
        """Return the sites without an outcome, in the order of the list."""
        sql = "SELECT id, position, name, key FROM site WHERE scan_id = ? AND state = 'waiting' ORDER BY position, id"
        with plain_errors(self.path):
            return [WaitingSite(**row) for row in self.db.query(sql, [scan.id])]

    def keys(self, scan: Scan) -> dict[str, str]:
        """Return the names of all sites of a scan by key, in the order of the list."""
        with plain_errors(self.path):
            rows = self.db.query("SELECT key, name FROM site WHERE scan_id = ? ORDER BY position, id", [scan.id])
            return {row["key"]: row["name"] for row in rows}

    def progress(self, scan: Scan) -> dict[str, int]:
        """Return how many sites are waiting, read and unread, and how many pages they have."""
        counts = "count(*) AS sites, sum(pages_read + pages_unread) AS pages"
        sql = f"SELECT state, {counts} FROM site WHERE scan_id = ? GROUP BY state"
        with plain_errors(self.path):
            rows = list(self.db.query(sql, [scan.id]))
        found = {"waiting": 0, "read": 0, "unread": 0, **{row["state"]: row["sites"] for row in rows}}
        return {**found, "pages": sum(row["pages"] for row in rows)}

    def save_site(self, site: int, outcome: SiteOutcome) -> bool:
        """Save a site's outcome; False, and nothing is written, when it has one already."""
        reports = [page.report for page in distinct(outcome.pages).values()]
        read = [report for report in reports if is_read(report)]
        state = "read" if read else "unread"
        verdict = verdict_of({report["verdict"] for report in read})
        times = (rfc3339(outcome.started_at), rfc3339(outcome.finished_at))
        sql = (
            "UPDATE site SET state = ?, verdict = ?, pages_read = ?, pages_unread = ?, started_at = ?, finished_at = ? "
            "WHERE id = ? AND state = 'waiting'"
        )
        with plain_errors(self.path), self.db.atomic():
            done = self.db.execute(sql, (state, verdict, len(read), len(reports) - len(read), *times, site)).rowcount == 1
            if done:
                save_outcome(self.db, site, outcome)
                self._keep_versions(site, next((report["versions"] for report in read), {}))
        return done

    def finish_scan(self, scan: Scan) -> None:
        """Mark a scan as finished."""
        with plain_errors(self.path), self.db.atomic():
            self.db.execute("UPDATE scan SET finished_at = ? WHERE id = ?", (_now(), scan.id))

    def _keep_versions(self, site: int, used: Mapping[str, str]) -> None:
        """Add the versions that a site's pages were judged with to its scan's; of one part several are joined."""
        row = next(self.db.query("SELECT scan.* FROM scan JOIN site ON site.scan_id = scan.id WHERE site.id = ?", [site]))
        known = json.loads(row["versions"])
        joined = {**known, **{part: _joined(known.get(part, ""), version) for part, version in used.items()}}
        if joined != known:
            self.db.execute("UPDATE scan SET versions = ? WHERE id = ?", (json.dumps(joined), row["id"]))

    def _add_sites(self, scan: int, sites: Iterable[ListedSite]) -> int:
        added = 0
        for site in sites:
            values = (scan, site.position, site.name, site.key, json.dumps(dict(site.extra), ensure_ascii=False))
            sql = "INSERT OR IGNORE INTO site (scan_id, position, name, key, extra) VALUES (?, ?, ?, ?, ?)"
            cursor = self.db.execute(sql, values)
            if cursor.rowcount != 1:
                continue
            added += 1
            if site.problem is not None:
                ident = cursor.lastrowid
                assert ident is not None
                self.db.execute("UPDATE site SET state = 'unread', finished_at = ? WHERE id = ?", (_now(), ident))
                save_failure(self.db, ident, None, site.problem)
        return added


def _now() -> str:
    return rfc3339(datetime.now(UTC))


def _joined(known: str, version: str) -> str:
    return BETWEEN_VERSIONS.join(dict.fromkeys([*filter(None, known.split(BETWEEN_VERSIONS)), version]))


def _scan(row: Mapping[str, Any]) -> Scan:
    return Scan(**{**row, "versions": json.loads(row["versions"]), "sellers": bool(row["sellers"])})

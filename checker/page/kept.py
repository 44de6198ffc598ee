"""Keeps pages of crawls on disk with what their server said of their version, so that unchanged ones are not sent again."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from checker.cachefile import default_folder, run
from checker.settings import Settings
from checker.values import Page

NO_CACHE = "none"
#: An older page is asked for anew.
LIFETIME_DAYS = 30.0
_COLUMNS = "url, etag, modified, content_type, charset, status, fetched_at, body"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS pages (
    url TEXT PRIMARY KEY, etag TEXT NOT NULL, modified TEXT NOT NULL, content_type TEXT NOT NULL, charset TEXT,
    status INTEGER NOT NULL, fetched_at REAL NOT NULL, size INTEGER NOT NULL, body BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS oldest ON pages (fetched_at);
"""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A page as it was, and the request headers that ask for it only if it has changed since."""

    page: Page
    conditions: Mapping[str, str]


def open_cache(settings: Settings) -> PageCache | None:
    """Return the cache that the settings name, by default one in the user's cache folder; None for none."""
    if settings.page_cache == NO_CACHE:
        return None
    folder = Path(settings.page_cache).expanduser() if settings.page_cache else default_folder()
    return PageCache(folder / "pages.sqlite", settings.page_cache_bytes)


class PageCache:
    """A SQLite file shared by threads and processes; without a usable file nothing is kept, and nothing fails."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        self._path = path
        self._max_bytes = max_bytes

    def get(self, url: str) -> Kept | None:
        """Return the page kept under an address."""
        query = f"SELECT {_COLUMNS} FROM pages WHERE url = ? AND fetched_at >= ?"
        row = run(self._path, _SCHEMA, lambda store: store.execute(query, (url, _oldest())).fetchone())
        return _kept(*row) if row else None

    def put(self, url: str, page: Page, headers: Mapping[str, str]) -> None:
        """Keep a page whose server names its version; drop the oldest where there are too many bytes."""
        etag, modified = headers.get("etag", ""), headers.get("last-modified", "")
        if not (etag or modified) or len(page.body) > self._max_bytes:
            return
        row = (url, etag, modified, page.content_type, page.charset, page.status, time.time(), len(page.body), page.body)

        def keep(store: sqlite3.Connection) -> None:
            store.execute("INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
            store.execute("DELETE FROM pages WHERE fetched_at < ?", (_oldest(),))
            self._drop_oldest(store)

        run(self._path, _SCHEMA, keep)

    def _drop_oldest(self, store: sqlite3.Connection) -> None:
        store.execute(
            "DELETE FROM pages WHERE url IN (SELECT url FROM"
            " (SELECT url, SUM(size) OVER (ORDER BY fetched_at DESC, url) AS upto FROM pages) WHERE upto > ?)",
            (self._max_bytes,),
        )


def _oldest() -> float:
    return time.time() - LIFETIME_DAYS * 86_400


def _kept(
    url: str, etag: str, modified: str, content_type: str, charset: str | None, status: int, fetched_at: float, body: bytes
) -> Kept:
    page = Page(
        source=url,
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
        content_type=content_type,
        charset=charset,
        fetched_at=datetime.fromtimestamp(fetched_at, UTC),
        final_url=url,
        status=status,
        robots="obeyed",
    )
    conditions = {"If-None-Match": etag, "If-Modified-Since": modified}
    return Kept(page=page, conditions={name: value for name, value in conditions.items() if value})

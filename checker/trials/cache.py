"""Keeps the registry's answers on disk for some days, and hands out the moments at which it may be asked."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from checker.cachefile import run
from checker.trials.ask import Reply

#: The registry refreshes its data every day, but a trial's status changes over months.
LIFETIME_DAYS = 7.0
#: A longer queue of turns is no queue but a clock that was set back.
_QUEUE = 60
_SCHEMA = """
CREATE TABLE IF NOT EXISTS answers (
    url TEXT PRIMARY KEY, at REAL NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL, final TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS turn (id INTEGER PRIMARY KEY CHECK (id = 0), free_at REAL NOT NULL);
"""
T = TypeVar("T")


class Cache:
    """A SQLite file of answers shared by all processes; a file that cannot be used is replaced or gone without."""

    def __init__(self, path: Path, lifetime_days: float = LIFETIME_DAYS, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._lifetime = lifetime_days * 86_400
        self._clock = clock
        self._free_at = 0.0

    def get(self, url: str) -> tuple[Reply, datetime] | None:
        """Return an answer that is young enough, and when it was given."""
        now = self._clock()
        query = "SELECT status, body, final, at FROM answers WHERE url = ? AND at BETWEEN ? AND ?"
        row = self._run(lambda store: store.execute(query, (url, now - self._lifetime, now)).fetchone())
        return None if row is None else (Reply(*row[:3]), datetime.fromtimestamp(row[3], UTC))

    def put(self, url: str, reply: Reply) -> None:
        """Keep an answer and drop those that are too old."""
        now = self._clock()

        def keep(store: sqlite3.Connection) -> None:
            store.execute("DELETE FROM answers WHERE at < ?", (now - self._lifetime,))
            row = (url, now, reply.status, reply.text, reply.url)
            store.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)", row)

        self._run(keep)

    def turn(self, pause: float) -> float:
        """Take the next free moment, ``pause`` seconds after the one before in any process; return the seconds until it."""
        now = self._clock()

        def take(store: sqlite3.Connection) -> float:
            store.execute("BEGIN IMMEDIATE")
            row = store.execute("SELECT free_at FROM turn").fetchone()
            moment = _next(row[0] if row else 0.0, now, pause)
            store.execute("INSERT OR REPLACE INTO turn VALUES (0, ?)", (moment + pause,))
            return moment

        shared = self._run(take)
        moment = _next(self._free_at, now, pause) if shared is None else shared
        self._free_at = moment + pause
        return moment - now

    def _run(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        return run(self._path, _SCHEMA, work)


def _next(free_at: float, now: float, pause: float) -> float:
    """Return the moment of the next turn."""
    return now if free_at > now + _QUEUE * pause else max(free_at, now)

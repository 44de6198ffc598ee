"""Keeps checks in one SQLite file for some hours and deletes them for good."""

from __future__ import annotations

import secrets
import sqlite3
import threading
import time
import zlib
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from checker.errors import SettingsError
from checker.judgement import Opinion
from checker.values import Report

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_Kept = TypeVar("_Kept", Report, Opinion)
#: Of the table below; a file of another version is left alone.
_VERSION = 2
_SCHEMA = """
CREATE TABLE IF NOT EXISTS checks (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, body BLOB, url TEXT, seller INTEGER NOT NULL,
    state TEXT NOT NULL, created REAL NOT NULL, report BLOB, opinion BLOB, evidence BLOB, error TEXT
) WITHOUT ROWID;
"""


class Given(StrEnum):
    """What a visitor gave."""

    ADDRESS = "address"
    TEXT = "text"
    FILE = "file"
    SAMPLE = "sample"


class State(StrEnum):
    """How far a check has come; the order of definition is the order in time."""

    WAITING = "waiting"
    READING = "reading"
    REGISTRIES = "registries"
    JUDGING = "judging"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


ENDED = frozenset({State.DONE, State.CANCELLED, State.FAILED})


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What to check: an address in ``name``, or the bytes of a text or a file with its name.

    Beside an address ``body`` holds the words that it came among. ``url`` is where a file or a text came from, and
    ``seller`` says that the page is known to be a seller's.
    """

    kind: Given
    name: str
    body: bytes | None = None
    url: str | None = None
    seller: bool = False


@dataclass(frozen=True, kw_only=True)
class KeptCheck:
    """A kept check; ``created`` in seconds since 1970, ``error`` the code of what went wrong with an id behind it."""

    id: str
    kind: Given
    name: str
    state: State
    created: float
    error: str | None = None

    @property
    def ended(self) -> bool:
        """Say whether nothing more will happen."""
        return self.state in ENDED


class CheckStore:
    """The file of checks; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        """Open or make the file; raises SettingsError when that cannot be done."""
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._refuse_other_versions(path)
            # A write-ahead log would keep what was deleted; this journal is emptied after every change.
            self._connection.executescript(f"PRAGMA secure_delete = ON; PRAGMA journal_mode = TRUNCATE; {_SCHEMA}")
            self._connection.execute(f"PRAGMA user_version = {_VERSION}")
        except (OSError, sqlite3.Error) as error:
            raise SettingsError(f"The file of checks {path} cannot be used: {error}.") from error

    def _refuse_other_versions(self, path: Path) -> None:
        """Raise SettingsError for a file that holds checks in another form; a new file has no table yet."""
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if version != _VERSION and self._connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            raise SettingsError(f"The file of checks {path} was made by another version: move it away and start again.")

    @property
    def is_well(self) -> bool:
        """Say whether the file answers."""
        try:
            return bool(self._all("SELECT 1"))
        except sqlite3.Error:
            return False

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def add(self, asked: Asked) -> str:
        """Keep what was asked for and return the id of the new check, which nobody can guess."""
        ident = secrets.token_urlsafe(18)
        values = (ident, asked.kind, asked.name, asked.body, asked.url, asked.seller, State.WAITING, time.time())
        columns = "id, kind, name, body, url, seller, state, created"
        self._do(f"INSERT INTO checks ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", *values)
        return ident

    def get(self, ident: str) -> KeptCheck | None:
        """Return a check, None when there is none of this id (any more)."""
        found = self._all("SELECT id, kind, name, state, created, error FROM checks WHERE id = ?", ident)
        if not found:
            return None
        name, kind, given, state, created, error = found[0]
        return KeptCheck(id=name, kind=Given(kind), name=given, state=State(state), created=created, error=error)

    def asked(self, ident: str) -> Asked | None:
        """Return what a check is to read, None when it is gone or has ended."""
        found = self._all(f"SELECT kind, name, body, url, seller FROM checks WHERE id = ? AND {_OPEN}", ident)
        if not found:
            return None
        kind, name, body, url, seller = found[0]
        return Asked(kind=Given(kind), name=name, body=body, url=url, seller=bool(seller))

    def move(self, ident: str, state: State, *, error: str | None = None) -> bool:
        """Note how far a check has come; False when it is gone or has ended. At the end what was given is emptied."""
        body = "NULL" if state in ENDED else "body"
        query = f"UPDATE checks SET state = ?, error = ?, body = {body} WHERE id = ? AND {_OPEN}"
        return self._do(query, state, error, ident) == 1

    def finish(self, ident: str, report: Report, opinion: Opinion | None = None, evidence: bytes | None = None) -> bool:
        """Keep the report, and what else there is of the check; False when the check is gone or has ended."""
        query = f"UPDATE checks SET state = ?, report = ?, opinion = ?, evidence = ?, body = NULL WHERE id = ? AND {_OPEN}"
        kept = opinion and zlib.compress(_adapter(Opinion).dump_json(opinion), 1)
        return self._do(query, State.DONE, zlib.compress(dump(report), 1), kept, evidence, ident) == 1

    def opinion(self, ident: str) -> Opinion | None:
        """Return what the classifier said of the page of a check that is done; None where nothing was judged."""
        found = self._all("SELECT opinion FROM checks WHERE id = ?", ident)
        return _adapter(Opinion).validate_json(zlib.decompress(found[0][0])) if found and found[0][0] else None

    def evidence(self, ident: str) -> bytes | None:
        """Return the evidence file of a check that is done, where one was saved."""
        found = self._all("SELECT evidence FROM checks WHERE id = ?", ident)
        return found[0][0] if found else None

    def report(self, ident: str) -> Report | None:
        """Return the report of a check that is done."""
        found = self._all("SELECT report FROM checks WHERE id = ?", ident)
        return load(zlib.decompress(found[0][0])) if found and found[0][0] else None

    def delete(self, ident: str) -> bool:
        """Delete a check for good (SQLite overwrites its bytes with zeros); False when there was none."""
        return self._do("DELETE FROM checks WHERE id = ?", ident) == 1

    def delete_older(self, hours: float) -> int:
        """Delete every check that was begun longer ago, and return how many there were."""
        return self._do("DELETE FROM checks WHERE created < ?", time.time() - hours * 3_600)

    def oldest(self) -> float | None:
        """Return when the oldest check was begun, in seconds since 1970; None without any."""
        found: float | None = self._all("SELECT min(created) FROM checks")[0][0]
        return found

    def open(self) -> list[str]:
        """Return the ids of the checks that have not ended, oldest first."""
        return [row[0] for row in self._all(f"SELECT id FROM checks WHERE {_OPEN} ORDER BY created")]

    def _all(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._lock, closing(self._connection.execute(query, values)) as cursor:
            return cursor.fetchall()

    def _do(self, query: str, *values: Any) -> int:
        with self._lock, closing(self._connection.execute(query, values)) as cursor:
            return cursor.rowcount


def _listed(states: Iterable[State]) -> str:
    return ", ".join(f"'{state}'" for state in sorted(states))


_OPEN = f"state NOT IN ({_listed(ENDED)})"


@cache
def _adapter(of: type[_Kept]) -> TypeAdapter[_Kept]:
    from pydantic import TypeAdapter

    return TypeAdapter(of)


def dump(report: Report) -> bytes:
    """Return a report with its blocks as JSON; half characters become "?", so that every offset stays right."""
    import json

    return json.dumps(_adapter(Report).dump_python(report, mode="json"), ensure_ascii=False).encode("utf-8", "replace")


def load(data: bytes) -> Report:
    """Return the report that `dump` wrote."""
    report: Report = _adapter(Report).validate_json(data)
    return report

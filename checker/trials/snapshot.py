"""Writes records into one SQLite file and reads single ones back in microseconds."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import astuple, fields
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from checker.errors import CheckerError, SettingsError
from checker.trials.record import TrialRecord, number, trial_id

SCHEMA_VERSION = "1"
#: Separates the items of a list in a column; no title, name or address holds it.
_BETWEEN = "\x1f"
_LISTS = frozenset({"conditions", "interventions", "collaborators", "sites", "countries", "aliases"})
_FLAGS = frozenset({"results", "fee", "regulated"})
_NAMES = tuple(field.name for field in fields(TrialRecord))
_COLUMNS = ", ".join("number INTEGER PRIMARY KEY" if name == "id" else name for name in _NAMES)
_SCHEMA = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE trials ({_COLUMNS});
CREATE TABLE aliases (alias INTEGER PRIMARY KEY, number INTEGER NOT NULL);
CREATE TABLE absent (number INTEGER PRIMARY KEY, source TEXT NOT NULL, as_of TEXT NOT NULL);
"""
_NEEDED = frozenset({"schema", "as_of", "facts_as_of", "scope", "source", "trials", "digest"})


class SnapshotError(CheckerError):
    """The offline copy cannot be used; the message says why."""


class Absence(NamedTuple):
    """A number that no record has, as a source says."""

    source: str
    as_of: str


def shipped() -> Path:
    """Return the offline copy that comes with the package."""
    return Path(str(files(__package__).joinpath("data/snapshot.sqlite")))


def write(path: Path, records: Iterable[TrialRecord], absent: Mapping[str, Absence], meta: Mapping[str, str]) -> dict[str, str]:
    """Write a snapshot in one move and return its table ``meta``; the same input gives the same ``digest``.

    ``meta`` must hold as_of, facts_as_of ("" for none), scope and source.
    """
    rows = [_row(record) for record in sorted(records, key=lambda record: record.id)]
    missing = sorted((number(key), *found) for key, found in absent.items())
    at = _NAMES.index("aliases")
    aliases = sorted({(number(alias), row[0]) for row in rows for alias in row[at].split(_BETWEEN) if alias})
    digest = hashlib.sha256(json.dumps([rows, missing, sorted(meta.items())], ensure_ascii=False).encode()).hexdigest()
    full = {**meta, "schema": SCHEMA_VERSION, "trials": str(len(rows)), "absent": str(len(missing)), "digest": digest}
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        partial.unlink(missing_ok=True)
        with closing(sqlite3.connect(partial)) as connection, connection:
            connection.executescript(_SCHEMA)
            connection.executemany("INSERT INTO meta VALUES (?, ?)", sorted(full.items()))
            connection.executemany(f"INSERT INTO trials VALUES ({', '.join('?' * len(_NAMES))})", rows)
            connection.executemany("INSERT OR IGNORE INTO aliases VALUES (?, ?)", aliases)
            connection.executemany("INSERT INTO absent VALUES (?, ?, ?)", missing)
        partial.replace(path)
    except (OSError, sqlite3.Error) as error:
        partial.unlink(missing_ok=True)
        raise SettingsError(f"The file {path} cannot be written: {error}.") from error
    return full


class Snapshot:
    """An open offline copy; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        """Open a copy and read its ``meta``; raises SnapshotError for a missing, broken or foreign file."""
        self.path = path
        self._lock = threading.Lock()
        try:
            address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
            self._connection = sqlite3.connect(address, uri=True, check_same_thread=False)
            self.meta: dict[str, str] = dict(self._connection.execute("SELECT key, value FROM meta"))
            highest = self._connection.execute("SELECT max(number) FROM trials").fetchone()[0]
        except (OSError, sqlite3.Error, ValueError) as error:
            raise SnapshotError(f"{path.name} cannot be read ({error})") from error
        if self.meta.get("schema") != SCHEMA_VERSION or _NEEDED - self.meta.keys() or highest is None:
            raise SnapshotError(f"{path.name} has another layout than this version reads")
        self.highest: int = highest

    def __del__(self) -> None:
        if hasattr(self, "_connection"):
            self._connection.close()

    def get(self, key: str) -> TrialRecord | None:
        """Return the record of a well-formed NCT number or of an alias, None when the copy does not hold it."""
        found = self._one(f"SELECT {', '.join(_SELECTED)} FROM trials WHERE number = ?", number(key))
        if found is None:
            other = self._one("SELECT number FROM aliases WHERE alias = ?", number(key))
            return None if other is None else self.get(trial_id(other[0]))
        return _record(found)

    def absence(self, key: str) -> Absence | None:
        """Return the source that says that no record has this number."""
        found = self._one("SELECT source, as_of FROM absent WHERE number = ?", number(key))
        return None if found is None else Absence(*found)

    def records(self) -> list[TrialRecord]:
        """Return every record, in the order of the numbers."""
        return [_record(row) for row in self._all(f"SELECT {', '.join(_SELECTED)} FROM trials ORDER BY number")]

    def absences(self) -> dict[str, Absence]:
        """Return every number that no record has."""
        return {trial_id(row[0]): Absence(row[1], row[2]) for row in self._all("SELECT number, source, as_of FROM absent")}

    def statuses(self) -> dict[str, int]:
        """Return how many trials have each status, most frequent first."""
        return dict(self._all("SELECT coalesce(status, 'not stated'), count(*) FROM trials GROUP BY 1 ORDER BY 2 DESC, 1"))

    def _one(self, query: str, key: int) -> tuple[Any, ...] | None:
        return next(iter(self._all(query, key)), None)

    def _all(self, query: str, *values: int) -> list[tuple[Any, ...]]:
        try:
            with self._lock:
                return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise SnapshotError(f"{self.path.name} cannot be read ({error})") from error


_SELECTED = tuple("number" if name == "id" else name for name in _NAMES)


def _row(record: TrialRecord) -> tuple[Any, ...]:
    return tuple(_stored(name, value) for name, value in zip(_NAMES, astuple(record), strict=True))


def _stored(name: str, value: Any) -> Any:
    if name == "id":
        return number(value)
    if name in _LISTS:
        return _BETWEEN.join(value)
    return int(value) if isinstance(value, bool) else value


def _record(row: tuple[Any, ...]) -> TrialRecord:
    values: dict[str, Any] = dict(zip(_NAMES, row, strict=True))
    values["id"] = trial_id(values["id"])
    for name in _LISTS:
        values[name] = tuple(values[name].split(_BETWEEN)) if values[name] else ()
    for name in _FLAGS:
        values[name] = None if values[name] is None else bool(values[name])
    return TrialRecord(**values)

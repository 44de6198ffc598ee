"""Opens a scan database: checks that it is ours and how old it is, migrates after a backup, and names what is wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from checker.errors import StoreError
from checker.store.schema import migrations

#: Seconds that a writer waits for another program that holds the file.
BUSY_SECONDS = 10.0
_CAUSES = (
    ("locked", "is locked by another program; close it, or wait and try again"),
    ("readonly", "can only be read, not written; change its permissions or copy it elsewhere"),
    ("full", "cannot grow: the disk is full; free some space and try again"),
    ("disk i/o", "cannot be read or written: the disk gives an error or is full"),
    ("unable to open", "cannot be opened; check that the folder exists and may be written, or copy it with its -wal file"),
    ("not a database", "is no SQLite database; give one that 'clinic-checker scan' made, or restore a copy"),
    ("malformed", "is damaged; restore a copy of it (a backup stands beside it after a migration)"),
)


#: Migrations without which a database can be read all the same.
_MAY_WAIT = frozenset({"m0007_copies"})


@contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into a StoreError of one clear line."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        said = str(error).lower()
        cause = next((meaning for mark, meaning in _CAUSES if mark in said), f"cannot be used ({error})")
        raise StoreError(f"The database {path} {cause}.") from error


def open_for_writing(path: Path, *, create: bool = False) -> tuple[Database, Path | None]:
    """Return the database, migrated to our schema, and the backup that was made before; StoreError says what is wrong."""
    if not create:
        _must_exist(path)
    with plain_errors(path):
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            return _ready(connection, path)
        except BaseException:
            connection.close()
            raise


def open_for_reading(path: Path) -> tuple[Database, Path | None]:
    """Return the database, even on a medium that cannot be written; an older one is migrated, after the backup returned."""
    _must_exist(path)
    with plain_errors(path):
        db, backup = _read_only(path), None
        _check(db, path)
        pending = {migration.name for migration in migrations.pending(db)}
        if pending:
            db.close()
            try:
                writable, backup = open_for_writing(path)
                writable.close()
            except StoreError:
                if not pending <= _MAY_WAIT:
                    raise
            db = _read_only(path)
        return db, backup


def _must_exist(path: Path) -> None:
    try:
        there = path.is_file()
    except OSError as error:
        raise StoreError(f"The database {path} cannot be opened: {error.strerror}.") from error
    if not there:
        raise StoreError(f"There is no database {path}; 'clinic-checker scan LIST --to {path}' makes one.")


def _read_only(path: Path) -> Database:
    """Open without writing; WAL mode wants a file beside it, and where none can be made it is read as unchanging."""
    unsaved = path.with_name(path.name + "-wal")
    error: sqlite3.OperationalError | None = None
    for mode in ("mode=ro", "immutable=1"):
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            connection.execute("SELECT count(*) FROM sqlite_master")
            return Database(connection)
        except sqlite3.OperationalError as failed:
            connection.close()
            error = failed
            if unsaved.exists() and unsaved.stat().st_size:  # what it holds would be missed
                break
        except BaseException:
            connection.close()
            raise
    raise error or AssertionError("one of the modes was tried")


def _ready(connection: sqlite3.Connection, path: Path) -> tuple[Database, Path | None]:
    db = Database(connection)
    _check(db, path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("BEGIN IMMEDIATE")  # a file that cannot be written is found out now, not after an hour
    connection.execute("ROLLBACK")
    backup = None
    if migrations.pending(db):
        backup = _backup(connection, path) if migrations.applied(db) else None
        migrations.apply(db)
    return db, backup


def _check(db: Database, path: Path) -> None:
    """Refuse a file of another program and one that a newer version of this program wrote."""
    tables = set(db.table_names())
    if not tables - {migrations.migrations_table}:  # new, or ours and killed before the first migration
        return
    if migrations.migrations_table not in tables or not migrations.applied(db):
        raise StoreError(f"The database {path} was not made by clinic-checker; give one that 'clinic-checker scan' made.")
    known = {*(each.name for each in migrations.applied(db)), *(each.name for each in migrations.pending(db))}
    ours = {each.name for each in migrations.pending(Database(memory=True))}
    if newer := sorted(known - ours):
        raise StoreError(f"The database {path} was made by a newer version ({newer[-1]}); update clinic-checker.")


def _backup(connection: sqlite3.Connection, path: Path) -> Path:
    """Copy the database as it is now to a new file beside it."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    target = path.with_name(f"{path.name}.before-migration-{stamp}")
    try:
        with closing(sqlite3.connect(target)) as copy:
            connection.backup(copy)
    except BaseException:
        with suppress(OSError):
            target.unlink()
        raise
    return target

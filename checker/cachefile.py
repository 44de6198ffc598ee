"""Runs work on a SQLite file that only saves time: a broken one is replaced, an unusable one is gone without."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


def default_folder() -> Path:
    """Return the user's cache folder for this program."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "clinic-checker"


def run(path: Path, schema: str, work: Callable[[sqlite3.Connection], T]) -> T | None:
    """Do the work in one transaction; a broken file is deleted, and without a usable one the result is None."""
    for _ in range(2):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(path, timeout=5)) as store, store:
                store.executescript(schema)
                return work(store)
        except sqlite3.OperationalError:  # locked, or a folder where nothing can be written: the file may be sound
            return None
        except sqlite3.DatabaseError:
            with suppress(OSError):  # then the second attempt ends like the first
                path.unlink(missing_ok=True)
        except OSError:
            return None
    return None

"""Reads the files that an offline copy is made from, and names a bad row by file and line."""

from __future__ import annotations

import re
from pathlib import Path

from checker.errors import CheckFailed, SettingsError

ID = re.compile(r"NCT\d{8}")


def text_of(path: Path) -> str:
    """Return a file's text; raises SettingsError when there is none."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The file {path} cannot be read as text: {error}.") from error


def bad_row(path: Path, line: int, problem: str) -> CheckFailed:
    """Return the error for one row, counted from 1."""
    return CheckFailed(f"{path.name}, row {line}: {problem}.")

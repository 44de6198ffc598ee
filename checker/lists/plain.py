"""What lists at a terminal share: how wide they are and how far their lines stand in."""

from __future__ import annotations

from typing import TextIO

from rich.console import Console
from rich.padding import Padding

from checker.reports.terminal import PLAIN_WIDTH


def plain_console(stream: TextIO) -> Console:
    """Return a console as wide as the terminal, in a pipe or file as wide as reports are there."""
    return Console(file=stream, width=None if stream.isatty() else PLAIN_WIDTH, markup=False, highlight=False, emoji=False)


def indented(text: str, columns: int) -> Padding:
    """Return a text all of whose lines stand in by so many columns."""
    return Padding(text, (0, 0, 0, columns), expand=False)

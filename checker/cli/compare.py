"""The command `compare`: what changed between two scans."""

from __future__ import annotations

import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from checker.cli import codes
from checker.cli.options import WithNames, opened


class Format(StrEnum):
    """How a comparison is written."""

    TERMINAL = "terminal"
    JSON = "json"


def compare(
    database: Annotated[Path, typer.Argument(help="A database that 'scan' made.")],
    since: Annotated[
        datetime | None,
        typer.Option(
            "--since", formats=["%Y-%m-%d"], help="Compare with the last scan on or before this day; without it the one before."
        ),
    ] = None,
    output: Annotated[Format, typer.Option("--format", "-f", help="How the comparison is written.")] = Format.TERMINAL,
    show_all: Annotated[
        bool, typer.Option("--all", help="In the terminal: show unchanged statements too, and name all that was not read.")
    ] = False,
    with_names: WithNames = False,
) -> int:
    """Tell which statements are new, reworded, moved, removed or unchanged since an earlier scan, and what was not read."""
    from checker.lists import changes, people
    from checker.store import compare as comparing

    with opened(database) as store:
        before, after = comparing.baseline(store.scans(), since.date().isoformat() if since else None)
        comparison = changes.Comparison(
            before=before,
            after=after,
            changes=list(comparing.compare(store, before, after)),
            unread=comparing.unread_sites(store, before, after),
            lost=comparing.lost_pages(store, before, after),
            absent=comparing.absent_sites(store, before, after),
        )
    show = people.as_it_is if with_names else people.shown
    if output is Format.JSON:
        changes.write_json(comparison, sys.stdout, show)
    else:
        changes.write(comparison, sys.stdout, show, unchanged=show_all)
    return codes.CLEAN

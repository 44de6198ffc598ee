"""The command `compare`: what changed between two scans."""

from __future__ import annotations

import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from checker.cli import codes
from checker.cli.options import Baseline, WithNames, opened
from checker.errors import SettingsError


class Format(StrEnum):
    """How a comparison is written."""

    TERMINAL = "terminal"
    JSON = "json"


def compare(
    database: Annotated[Path, typer.Argument(help="A database that 'scan' made.")],
    since: Annotated[
        datetime | None,
        typer.Option(
            "--since", formats=["%Y-%m-%d"], help="Compare with the last finished scan on or before this day, not the one before."
        ),
    ] = None,
    number: Baseline = None,
    output: Annotated[Format, typer.Option("--format", "-f", help="How the comparison is written.")] = Format.TERMINAL,
    show_all: Annotated[
        bool, typer.Option("--all", help="In the terminal: show unchanged statements too, and name all that was not read.")
    ] = False,
    with_names: WithNames = False,
) -> int:
    """Tell which statements are new, reworded, moved, removed or unchanged since an earlier scan, and what was not read."""
    from checker.lists import changes, people
    from checker.store import compare as comparing

    if since is not None and number is not None:
        raise SettingsError("--since and --baseline both choose the earlier scan: leave one out.")
    day = since.date().isoformat() if since else None
    with opened(database) as store:
        scans = store.scans()
        before, after = comparing.baseline(scans, day, number)
        comparison = changes.Comparison(
            before=before,
            after=after,
            changes=list(comparing.compare(store, before, after)),
            unread=comparing.unread_sites(store, before, after),
            lost=comparing.lost_pages(store, before, after),
            absent=comparing.absent_sites(store, before, after),
            passed_over=() if number is not None else comparing.passed_over(scans, before, day),
        )
    show = people.as_it_is if with_names else people.shown
    if output is Format.JSON:
        changes.write_json(comparison, sys.stdout, show)
    else:
        changes.write(comparison, sys.stdout, show, unchanged=show_all)
    return codes.CLEAN

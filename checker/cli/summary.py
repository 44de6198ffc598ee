"""The command `summary`: figures and pictures of a scan."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from checker.cli import codes
from checker.cli.options import WithNames, chosen, opened


class Format(StrEnum):
    """How figures are written."""

    TERMINAL = "terminal"
    JSON = "json"


def summary(
    database: Annotated[Path, typer.Argument(help="A database that 'scan' made.")],
    output: Annotated[Format, typer.Option("--format", "-f", help="How the figures are written.")] = Format.TERMINAL,
    pictures: Annotated[Path | None, typer.Option("--pictures", help="A folder for the figures as SVG and PNG.")] = None,
    scan: Annotated[int | None, typer.Option("--scan", help="The number of a scan; the latest without one.")] = None,
    with_names: WithNames = False,
) -> int:
    """Count sites by what they say, with intervals and beside published shares, and find sentences on several sites."""
    from checker.lists import charts, figures
    from checker.lists.summary import summarise

    with opened(database) as store:
        counted = summarise(store, chosen(store, scan), with_names=with_names)
    if output is Format.JSON:
        figures.write_json(counted, sys.stdout)
    else:
        figures.write(counted, sys.stdout, with_names=with_names)
    if pictures is not None:
        for path in charts.write(counted, pictures):
            typer.echo(str(path), err=True)
    return codes.CLEAN

"""The commands `facts`, `facts TABLE` and `facts check`: what is known, from where, and as of when."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from checker.errors import CheckFailed, SettingsError

app = typer.Typer(no_args_is_help=False)
Find = Annotated[str | None, typer.Option("--find", help="Only rows that hold all these words, such as a firm's name.")]


@app.callback(invoke_without_command=True)
def facts(context: typer.Context) -> int:
    """List the tables of facts with their dates; a table's name shows its rows."""
    if context.invoked_subcommand is None:
        from checker import knowledge
        from checker.reports import facts as pages

        pages.write_tables(knowledge.tables(), knowledge.stale(datetime.now(UTC).date()), sys.stdout)
    return 0


@app.command()
def products(find: Find = None) -> int:
    """Show licensed cell, tissue and gene products and their uses."""
    return _rows("products", find)


@app.command()
def medicines(find: Find = None) -> int:
    """Show ordinary medicines and devices approved for nerve disease."""
    return _rows("medicines", find)


@app.command()
def ladder(find: Find = None) -> int:
    """Show what "FDA ..." can mean, what each step proves and what not."""
    return _rows("ladder", find)


@app.command()
def enforcement(find: Find = None) -> int:
    """Show official actions; a firm's name finds its rows."""
    return _rows("enforcement", find)


@app.command()
def signs(find: Find = None) -> int:
    """Show warning signs that agencies and researchers name."""
    return _rows("warning_signs", find)


@app.command()
def rates(find: Find = None) -> int:
    """Show how often websites of the trade said something, as researchers counted it."""
    return _rows("base_rates", find)


@app.command()
def law(find: Find = None) -> int:
    """Show rules, cases and the notices that states require."""
    return _rows("law", find)


@app.command()
def known(find: Find = None) -> int:
    """Show what patients are told, in easy words."""
    return _rows("known", find)


@app.command()
def reporting(find: Find = None) -> int:
    """Show where a page can be reported."""
    return _rows("reporting", find)


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="A folder with the tables; the package's own without one.")] = None,
) -> int:
    """Validate every row of every table; bad rows are named with what to do, and the exit code is 4."""
    from checker.knowledge import load

    if folder is not None and not folder.is_dir():
        raise SettingsError(f"{folder} is no folder; give the one that holds products.jsonl and the other tables.")
    tables, problems = load.read(folder)
    if problems:
        count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
        raise CheckFailed("\n  ".join([f"{count} in the tables of facts:", *map(str, problems)]))
    typer.echo(f"All {sum(len(table.rows) for table in tables)} rows of {sum(1 for _ in tables)} tables are valid.")
    return 0


def _rows(name: str, find: str | None) -> int:
    from checker import knowledge
    from checker.reports import facts as pages

    table = next(table for table in knowledge.tables() if table.name == name)
    pages.write_rows(table, find, sys.stdout)
    return 0

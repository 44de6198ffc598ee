"""The command `export`: a scan as a table, for other programs, or as a page."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from checker.cli import codes
from checker.cli.options import Baseline, WithNames, chosen, opened
from checker.cli.target import target
from checker.errors import SettingsError
from checker.reports.sentences import counted

if TYPE_CHECKING:
    from checker.store.outcome import Scan
    from checker.store.store import Store


class Format(StrEnum):
    """What a scan is written as."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"
    PARQUET = "parquet"
    SARIF = "sarif"
    HTML = "html"


_BINARY = frozenset({Format.XLSX, Format.PARQUET})


def export(
    database: Annotated[Path, typer.Argument(help="A database that 'scan' made.")],
    output: Annotated[Format, typer.Option("--format", "-f", help="What to write.")],
    to: Annotated[Path | None, typer.Option("--to", help="The file, or a pipe; standard output without one.")] = None,
    scan: Annotated[int | None, typer.Option("--scan", help="The number of a scan; the latest without one.")] = None,
    since: Annotated[
        datetime | None,
        typer.Option("--since", formats=["%Y-%m-%d"], help="For sarif: the baseline is the last finished scan to this day."),
    ] = None,
    number: Baseline = None,
    with_names: WithNames = False,
) -> int:
    """Export a scan: a row for each finding, one for each page without finding or unread, with reviews and fingerprints."""
    if to is None and output in _BINARY and sys.stdout.isatty():
        raise SettingsError(f"{output} is no text for a terminal; give a file with --to.")
    if output is not Format.SARIF and (since is not None or number is not None):
        raise SettingsError("--since and --baseline are for a sarif log: leave them out, or add --format sarif.")
    if since is not None and number is not None:
        raise SettingsError("--since and --baseline both choose the earlier scan: leave one out.")
    with opened(database) as store:
        last = chosen(store, scan)
        earlier = _baseline(store, last, since.date().isoformat() if since else None, number) if output is Format.SARIF else None
        with target(to) if to else _standard_output() as stream:
            _write(output, store, last, stream, earlier, with_names)
        if waiting := store.progress(last)["waiting"]:
            sites = counted(waiting, "site")
            typer.echo(f"Scan {last.id} is not finished: {sites} to do, and nothing of them is in this file.", err=True)
    return codes.CLEAN


def _baseline(store: Store, scan: Scan, since: str | None, number: int | None) -> Scan | None:
    """Return the scan that gives the results their states, None when there is none; says which were broken off."""
    from checker.store.compare import baseline, passed_over

    scans = [each for each in store.scans() if each.id <= scan.id]
    asked = since is not None or number is not None
    if not asked and not any(each.finished_at for each in scans[:-1]):
        return None
    before, _ = baseline(scans, since, number)
    if before.finished_at is None:
        typer.echo(f"The baseline, scan {before.id}, was broken off: sites that waited in it are new.", err=True)
    for other in passed_over(scans, before, since) if number is None else ():
        typer.echo(f"Scan {other.id} was broken off and is no baseline; --baseline {other.id} takes it.", err=True)
    return before


def _write(output: Format, store: Store, scan: Scan, stream: IO[bytes], before: Scan | None, with_names: bool) -> None:
    from checker.lists import table, write
    from checker.store.rows import sites

    if output is Format.SARIF:
        stream.write(_sarif(store, scan, before, with_names))
        return
    if output is Format.HTML:
        from checker.lists import page

        stream.write(page.document(store, scan, with_names=with_names).encode("utf-8", errors="xmlcharrefreplace"))
        return
    rows, extra = table.rows(store, scan, with_names=with_names), table.extra_columns(sites(store, scan))
    if output is Format.JSONL:
        write.write_jsonl(rows, stream)
    elif output is Format.XLSX:
        write.write_xlsx(rows, extra, stream, with_names=with_names)
    else:
        tables = {Format.CSV: write.write_csv, Format.PARQUET: write.write_parquet}
        tables[output](rows, extra, stream)


def _sarif(store: Store, scan: Scan, before: Scan | None, with_names: bool) -> bytes:
    import json

    from checker.lists import sarif
    from checker.store.compare import compare

    changes = compare(store, before, scan) if before is not None else None
    data = sarif.log(store, scan, changes, with_names=with_names)
    return json.dumps(data, ensure_ascii=False, indent=1).encode("utf-8", errors="replace") + b"\n"


@contextmanager
def _standard_output() -> Iterator[IO[bytes]]:
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()

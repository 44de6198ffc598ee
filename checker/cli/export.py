"""The command `export`: a scan as a table, for other programs, or as a page."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from checker.cli import codes
from checker.cli.options import WithNames, chosen, opened
from checker.errors import SettingsError

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
    to: Annotated[Path | None, typer.Option("--to", help="The file; standard output without one.")] = None,
    scan: Annotated[int | None, typer.Option("--scan", help="The number of a scan; the latest without one.")] = None,
    since: Annotated[
        datetime | None,
        typer.Option("--since", formats=["%Y-%m-%d"], help="For sarif: the baseline is the scan on or before this day."),
    ] = None,
    with_names: WithNames = False,
) -> int:
    """Export a scan: a row for each finding, one for each page without finding or unread, with reviews and fingerprints."""
    if to is None and output in _BINARY and sys.stdout.isatty():
        raise SettingsError(f"{output} is no text for a terminal; give a file with --to.")
    if since is not None and output is not Format.SARIF:
        raise SettingsError("--since is the baseline of a sarif log: leave it out, or add --format sarif.")
    with opened(database) as store, _target(to) as stream:
        _write(output, store, chosen(store, scan), stream, since.date().isoformat() if since else None, with_names)
    return codes.CLEAN


def _write(output: Format, store: Store, scan: Scan, stream: IO[bytes], since: str | None, with_names: bool) -> None:
    from checker.lists import table, write
    from checker.store.rows import sites

    if output is Format.SARIF:
        stream.write(_sarif(store, scan, since, with_names))
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


def _sarif(store: Store, scan: Scan, since: str | None, with_names: bool) -> bytes:
    import json

    from checker.lists import sarif
    from checker.store.compare import baseline, compare

    earlier = [each for each in store.scans() if each.id <= scan.id]
    changes = compare(store, *baseline(earlier, since)) if len(earlier) > 1 else None
    data = sarif.log(store, scan, changes, with_names=with_names)
    return json.dumps(data, ensure_ascii=False, indent=1).encode("utf-8", errors="replace") + b"\n"


@contextmanager
def _target(to: Path | None) -> Iterator[IO[bytes]]:
    """Give a stream; a file appears under its name only when it is whole."""
    if to is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(dir=to.absolute().parent, prefix=f".{to.name}.", delete=False) as stream:
            part = Path(stream.name)
            yield stream
        part.chmod(0o666 & ~_umask())
        part.replace(to)
    except OSError as error:
        raise SettingsError(f"The file {to} cannot be written: {error.strerror or error}.") from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

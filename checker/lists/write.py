"""Writes the rows of a scan as CSV, JSON Lines, an Excel workbook or Parquet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import IO, Any

from checker.errors import SettingsError
from checker.lists.cells import cell
from checker.lists.masking import notice
from checker.lists.table import COLUMNS

Rows = Iterable[Mapping[str, Any]]
#: What a cell and a sheet of Excel hold at most.
MAX_CELL = 32_767
#: What the second sheet then says.
CUT = "Cells that were cut after {most:,} characters, for Excel takes no more: {count}. CSV and JSON Lines have them whole."
MAX_ROWS = 1_048_575
#: Rows in one row group of a Parquet file.
GROUP = 5_000
NEEDS_EXTRA = "This format needs {package}: pip install 'clinic-claim-checker[export]'."


def write_csv(rows: Rows, extra: Sequence[str], stream: IO[bytes]) -> None:
    """Write UTF-8 CSV with a row of names, one row for each finding and one for each page without any."""
    names = [*COLUMNS, *extra]
    text = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="", write_through=True)
    try:
        table = csv.writer(text)
        table.writerow(map(cell, names))
        table.writerows([cell(row.get(name)) for name in names] for row in rows)
    finally:
        text.detach()


def write_jsonl(rows: Rows, stream: IO[bytes]) -> None:
    """Write one JSON object a line, with the keys that apply."""
    for row in rows:
        stream.write(json.dumps(row, ensure_ascii=False).encode("utf-8", errors="replace") + b"\n")


def write_xlsx(rows: Rows, extra: Sequence[str], stream: IO[bytes], *, with_names: bool = False) -> None:
    """Write an Excel workbook in which every text is text: no formula, no link, no number made of a text.

    It is made in memory, so that what it is written to can fail only when it is whole. Raises SettingsError without the
    package, and for more rows than a sheet holds.
    """
    try:
        import xlsxwriter
        from xlsxwriter.exceptions import FileCreateError
    except ImportError as error:
        raise SettingsError(NEEDS_EXTRA.format(package="xlsxwriter")) from error
    try:
        made = _workbook(rows, extra, xlsxwriter, with_names=with_names)
    except FileCreateError as error:  # holds the OSError of a folder for temporary files that is full
        raise error.args[0] from error
    stream.write(made.getbuffer())


def _workbook(rows: Rows, extra: Sequence[str], xlsxwriter: Any, *, with_names: bool) -> io.BytesIO:
    names = [*COLUMNS, *extra]
    off = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"constant_memory": True, **off}) as book:
        sheet = book.add_worksheet("findings")
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(names):
            sheet.write_string(0, column, cell(name), book.add_format({"bold": True}))
        cut = 0
        for number, row in enumerate(rows, 1):
            if number > MAX_ROWS:
                raise SettingsError(f"An Excel sheet holds {MAX_ROWS:,} rows, this scan has more; export csv or parquet.")
            for column, name in enumerate(names):
                cut += _write_cell(sheet, number, column, row.get(name))
        about = book.add_worksheet("about")
        about.write_string(0, 0, notice(with_names=with_names))
        if cut:
            about.write_string(1, 0, CUT.format(count=cut, most=MAX_CELL))
    return made


def _write_cell(sheet: Any, row: int, column: int, value: Any) -> bool:
    """Write a value and say whether a part of it was left out."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(row, column, value)
    elif value is not None:
        text = cell(value)
        sheet.write_string(row, column, text[:MAX_CELL])
        return len(text) > MAX_CELL
    return False


def write_parquet(rows: Rows, extra: Sequence[str], stream: IO[bytes]) -> None:
    """Write Parquet with typed columns, a group of rows at a time; raises SettingsError without the package."""
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ImportError as error:
        raise SettingsError(NEEDS_EXTRA.format(package="pyarrow")) from error
    types = {
        str: arrow.string(),
        int: arrow.int64(),
        float: arrow.float64(),
        bool: arrow.bool_(),
        list: arrow.list_(arrow.string()),
    }
    fields = [*((name, types[kind]) for name, kind in COLUMNS.items()), *((name, arrow.string()) for name in extra)]
    schema = arrow.schema(fields)
    with parquet.ParquetWriter(stream, schema) as writer:
        for group in _groups(rows):
            writer.write_table(arrow.Table.from_pylist(group, schema=schema))


def _groups(rows: Rows) -> Iterator[list[Mapping[str, Any]]]:
    iterator = iter(rows)
    while group := list(islice(iterator, GROUP)):
        yield group

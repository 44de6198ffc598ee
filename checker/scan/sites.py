"""Reads a list of sites from CSV, text or standard input, as people save it, into one row per site."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from checker.errors import ReadError, SettingsError
from checker.fingerprint import clean_address, page_key
from checker.page.address import check_address
from checker.store.outcome import ListedSite

#: Column heads under which lists keep the address, the likeliest first.
_HEADS = ("url", "address", "website", "web site", "web", "site", "domain", "homepage", "link", "host", "page")
_DELIMITERS = ",;\t|"
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_LOOKS_LIKE_SITE = re.compile(r"(?:https?://)?[^\s/@:]+\.[^\s/@:.]{2,}(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)
_BINARY_STARTS = {
    b"PK\x03\x04": "a spreadsheet or archive",
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet",
    b"SQLite format 3\0": "a database",
}
#: No list of sites is larger; a file of this size is something else.
MAX_BYTES = 200_000_000
#: The first lines say how a file is laid out.
_LOOKED_AT = 20
#: A row put after a table's last: it comes out as it is unless a quotation mark before it is left open.
_END = "the end of the list"


@dataclass(frozen=True, kw_only=True)
class SiteList:
    """The sites of a list in order, each once, and how many lines named a site again."""

    sites: tuple[ListedSite, ...]
    repeated: int


def read_list(data: bytes, name: str) -> SiteList:
    """Return the sites of a list; ``name`` is the file's, for its suffix and for messages.

    A line that holds no address stays in the list with what is wrong with it. Raises SettingsError for an empty list
    and for a file that is no list.
    """
    rows = list(_rows(_decoded(data, name), name))
    sites: dict[str, ListedSite] = {}
    for address, extra in rows:
        site = _site(len(sites) + 1, address, extra)
        sites.setdefault(site.key, site)
    if not sites:
        raise SettingsError(f"{name} names no site; write one address a line, or a CSV with a column 'url'.")
    return SiteList(sites=tuple(sites.values()), repeated=len(rows) - len(sites))


def read_file(path: Path) -> SiteList:
    """Return the sites of a file; raises SettingsError when it cannot be read."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SettingsError(f"{path} is larger than {MAX_BYTES // 1_000_000} MB; that is no list of sites.")
        return read_list(path.read_bytes(), str(path))
    except IsADirectoryError as error:
        raise SettingsError(f"{path} is a folder; give the file with the list.") from error
    except OSError as error:
        raise SettingsError(f"The list {path} cannot be read: {error.strerror}.") from error


def addresses(name: str) -> tuple[str, ...]:
    """Return the addresses to try for a site as a list names it: without a scheme https, then http."""
    return (name,) if _SCHEME.match(name) else (f"https://{name}", f"http://{name}")


def _site(position: int, name: str, extra: Mapping[str, str]) -> ListedSite:
    name = clean_address(name).strip()
    try:
        key = page_key(check_address(addresses(name)[0]))
    except ReadError as error:
        return ListedSite(position=position, name=name, key=name, extra=extra, problem=error.failure())
    return ListedSite(position=position, name=name, key=key, extra=extra, problem=None)


def _decoded(data: bytes, name: str) -> str:
    """Return the text: by its byte order mark, else UTF-8, else as Windows writes Western text."""
    for start, kind in _BINARY_STARTS.items():
        if data.startswith(start):
            raise SettingsError(f"{name} is {kind}; save the list as CSV or text first.")
    text = _text(data)
    if "\0" in text:
        raise SettingsError(f"{name} is no text, for it holds NUL bytes; save the list as CSV or text first.")
    return text


def _text(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _rows(text: str, name: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each line's address and other columns."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    delimiter = _delimiter(lines[:_LOOKED_AT], is_table=name.lower().endswith((".csv", ".tsv")))
    if delimiter is None:
        yield from ((line.strip(), {}) for line in lines if line.strip().lower() not in _HEADS)
        return
    csv.field_size_limit(MAX_BYTES)
    table = csv.reader(io.StringIO("\n".join([*lines, _END])), delimiter=delimiter, skipinitialspace=True)
    try:
        *rows, last = table
    except csv.Error as error:
        raise SettingsError(f"{name} is no proper CSV (line {table.line_num}: {error}).") from error
    if last != [_END]:
        start = len(rows) + 1
        raise SettingsError(f"{name} is no proper CSV: a quotation mark that row {start} opens is not closed.")
    yield from _table_rows(rows)


def _table_rows(rows: Sequence[list[str]]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield address and other columns of a table, with a row of heads or without."""
    heads = [cell.strip() for cell in rows[0]] if rows else []
    has_heads = not any(map(_LOOKS_LIKE_SITE.fullmatch, heads))
    names = heads if has_heads else [f"column_{number}" for number in range(1, len(heads) + 1)]
    rows = rows[1:] if has_heads else rows
    column = _column(names, rows[:_LOOKED_AT])
    for row in rows:
        cells = [cell.strip() for cell in row]
        if column < len(cells) and cells[column]:
            extra = {name or f"column_{n}": cell for n, (name, cell) in enumerate(zip(names, cells, strict=False), 1) if cell}
            extra.pop(names[column] or f"column_{column + 1}", None)
            yield cells[column], extra


def _column(names: list[str], rows: Sequence[list[str]]) -> int:
    """Return which column holds the address: by its head, else the one whose cells look most like addresses."""
    lower = [name.lower().lstrip("\ufeff") for name in names]
    for head in _HEADS:
        if head in lower:
            return lower.index(head)

    def hits(column: int) -> int:
        return sum(1 for row in rows if column < len(row) and _LOOKS_LIKE_SITE.fullmatch(row[column].strip()))

    return max(range(len(names)), key=hits, default=0)


def _delimiter(lines: list[str], *, is_table: bool) -> str | None:
    """Return what parts the columns, None for one address a line; a text file is a table when its first line names a column."""
    if not lines:
        return None
    counts = {mark: lines[0].count(mark) for mark in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda mark: counts[mark])
    if is_table:
        return best
    heads = {part.strip().strip('"').lower() for part in lines[0].split(best)}
    return best if counts[best] and heads & set(_HEADS) else None

"""Reads a list of sites from CSV, text or standard input, as people save it, into one row per site."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from checker.errors import ReadError, SettingsError
from checker.fingerprint import clean_address, page_key
from checker.page.address import check_address
from checker.store.outcome import ListedSite

#: Column heads under which lists keep the address, the likeliest first.
_HEADS = ("url", "address", "website", "web site", "web", "site", "domain", "homepage", "link", "host", "page")
_DELIMITERS = ",;\t|"
#: Parts the cells of a table that has one column.
_NO_DELIMITER = "\x1f"
#: Other marks of a line's end (a vertical tab, U+2028) stand within the cells of tables.
_LINE_END = re.compile(r"\r\n|\r|\n")
_COMMENT = "#"
#: Where a quoted cell begins, and where it ends: a quotation mark within an unquoted cell is a sign like others.
_OPENS = re.compile(rf'(?:\A|[{_DELIMITERS}])[ \t]{{0,8}}"')
_CLOSES = re.compile(r'"(?:"")*(?!")')
#: A site's bare name in a line, and what parts it from more.
_BARE_NAME = re.compile(rf"(?:https?://)?[^\s/@:{_DELIMITERS}]{{1,253}}\.[^\s/@:.{_DELIMITERS}]{{2,63}}([{_DELIMITERS}])")
#: What some spreadsheet programs write first.
_DECLARED = re.compile(r"sep=(.)", re.IGNORECASE)
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


#: Written like an address, or another kind of address, and no name of a site.
_OTHER_KIND = re.compile(r"(?:https?|ftp|file|mailto|tel|data|javascript):(?!//|\d)", re.IGNORECASE)
ADVICE_IN_LIST = "Write the line as clinic.example or https://clinic.example/page, and scan the list again."


@dataclass(frozen=True, kw_only=True)
class ListLine:
    """A line of the list that is worth naming: its number, its address, and why."""

    number: int
    name: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SiteList:
    """The sites of a list in order, each once; the lines that named one again, with that site, and those without an address.

    ``empty`` are the numbers of a table's lines that hold something, but nothing where the address should stand.
    """

    sites: tuple[ListedSite, ...]
    repeated: tuple[ListLine, ...]
    bad: tuple[ListLine, ...]
    empty: tuple[int, ...]


def read_list(data: bytes, name: str) -> SiteList:
    """Return the sites of a list; ``name`` is the file's, for its suffix and for messages.

    A line that holds no address stays in the list with what is wrong with it. Raises SettingsError for an empty list
    and for a file that is no list.
    """
    sites: dict[str, ListedSite] = {}
    repeated: list[ListLine] = []
    bad: list[ListLine] = []
    empty: list[int] = []
    for number, address, extra in _rows(_decoded(data, name), name):
        if not address:
            empty.append(number)
            continue
        site = _site(len(sites) + 1, address, extra)
        first = sites.setdefault(site.key, site)
        if first is not site:
            repeated.append(ListLine(number=number, name=site.name, reason=f"as {first.name}"))
        elif site.problem is not None:
            bad.append(ListLine(number=number, name=site.name, reason=site.problem.message))
    if not sites:
        raise SettingsError(f"{name} names no site; write one address a line, or a CSV with a column 'url'.")
    return SiteList(sites=tuple(sites.values()), repeated=tuple(repeated), bad=tuple(bad), empty=tuple(empty))


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
        key = page_key(check_address(name if _OTHER_KIND.match(name) else addresses(name)[0]))
    except ReadError as error:
        problem = replace(error.failure(), advice=ADVICE_IN_LIST)
        return ListedSite(position=position, name=name, key=name, extra=extra, problem=problem)
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


def _rows(text: str, name: str) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Yield each line's number, address (empty where a table's line has none) and other columns."""
    numbered = [(n, line) for n, line in enumerate(_LINE_END.split(text), 1) if line.strip()]
    declared = _DECLARED.fullmatch(numbered[0][1].strip(" ")) if numbered else None
    numbered = list(_without_comments(numbered[1:] if declared else numbered))
    lines = [line for _, line in numbered]
    delimiter = declared[1] if declared else _delimiter(lines, is_table=name.lower().endswith((".csv", ".tsv")))
    if delimiter is None:
        plain = ((number, part.strip()) for number, line in numbered for part in line.splitlines())
        yield from ((number, part, {}) for number, part in plain if part and part[0] != _COMMENT and part.lower() not in _HEADS)
        return
    csv.field_size_limit(MAX_BYTES)
    table = csv.reader(io.StringIO("\n".join([*lines, _END])), delimiter=delimiter, skipinitialspace=True)
    try:
        read = [(row, table.line_num) for row in table]
    except csv.Error as error:
        raise SettingsError(f"{name} is no proper CSV (line {table.line_num}: {error}).") from error
    *rows, last = (row for row, _ in read)
    if last != [_END]:
        start = len(rows) + 1
        raise SettingsError(f"{name} is no proper CSV: a quotation mark that row {start} opens is not closed.")
    starts = [numbered[end][0] for end in [0, *(end for _, end in read)][: len(rows)]]
    yield from _table_rows(rows, starts)


def _without_comments(numbered: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield the lines but those that begin with "#"; none within a quoted cell, and in a table with a column "#" not its rows."""
    is_open, is_first, numbers = False, True, False
    for number, line in numbered:
        cells = _cells(line)
        if is_first and cells[0].startswith(_COMMENT):
            numbers = len(cells) > 1 and not set(_HEADS).isdisjoint(cells)
        is_row = numbers and (is_first or cells[0].removeprefix(_COMMENT).isdecimal() or cells[0] == _COMMENT)
        if line.lstrip().startswith(_COMMENT) and not (is_open or is_row):
            continue
        is_first, is_open = False, _is_open_after(line, is_open=is_open)
        yield number, line


def _is_open_after(line: str, *, is_open: bool) -> bool:
    """Say whether a quoted cell goes on behind a line's end."""
    at = 0
    while found := (_CLOSES if is_open else _OPENS).search(line, at):
        is_open, at = not is_open, found.end()
    return is_open


def _cells(line: str) -> list[str]:
    """Return the cells of a line of heads, by the mark that stands in it most often."""
    return [cell.strip().strip('"').lower() for cell in line.split(max(_DELIMITERS, key=line.count))]


def _table_rows(rows: Sequence[list[str]], numbers: Sequence[int]) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Yield line number, address and other columns of a table, with a row of heads or without; not of rows that hold nothing."""
    heads = [cell.strip() for cell in rows[0]] if rows else []
    has_heads = not any(map(_LOOKS_LIKE_SITE.fullmatch, heads))
    names = heads if has_heads else [""] * len(heads)
    rows, numbers = (rows[1:], numbers[1:]) if has_heads else (rows, numbers)
    column = _column(names, rows[:_LOOKED_AT])
    titles = _titles(names, max(map(len, rows), default=0))
    for number, row in zip(numbers, rows, strict=True):
        cells = [cell.strip() for cell in row]
        if any(cells):
            extra = {titles[n]: cell for n, cell in enumerate(cells) if cell and n != column}
            yield number, cells[column] if column < len(cells) else "", extra


def _titles(names: Sequence[str], count: int) -> list[str]:
    """Return a name for each of so many columns: its head, numbered where that stands before it, or its number alone."""
    titles: list[str] = []
    for number in range(1, max(count, len(names)) + 1):
        name = names[number - 1] if number <= len(names) else ""
        title, suffix = (name, 1) if name else (f"column_{number}", number)
        while title in titles or (title != name and title in names):
            suffix += 1
            title = f"{name or 'column'}_{suffix}"
        titles.append(title)
    return titles


def _column(names: list[str], rows: Sequence[list[str]]) -> int:
    """Return which column holds the address: by its head, else the one whose cells look most like addresses."""
    lower = [name.lower().lstrip("\ufeff") for name in names]
    for head in _HEADS:
        if head in lower:
            return lower.index(head)

    def hits(column: int) -> int:
        return sum(1 for row in rows if column < len(row) and _LOOKS_LIKE_SITE.fullmatch(row[column].strip()))

    return max(range(len(names)), key=hits, default=0)


def _parting(line: str) -> str | None:
    """Return what shows that a line has more columns than its heads name: a mark behind a bare name, or at the line's end."""
    found = _BARE_NAME.match(line)
    return found[1] if found else line[-1] if line[-1] in _DELIMITERS else None


def _delimiter(lines: list[str], *, is_table: bool) -> str | None:
    """Return what parts the columns, None for one address a line; a text file is a table when its first line names a column.

    A table whose first line is of one column has no other, however many commas its addresses hold, unless its lines show it.
    """
    if not lines:
        return None
    best = max(_DELIMITERS, key=lines[0].count)
    if is_table and best not in lines[0]:
        return next(filter(None, map(_parting, lines[1:_LOOKED_AT])), _NO_DELIMITER)
    if is_table:
        return best
    return best if best in lines[0] and not set(_HEADS).isdisjoint(_cells(lines[0])) else None

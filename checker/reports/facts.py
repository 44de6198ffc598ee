"""Writes the tables of facts for a person at a terminal: every row with its source and every mark of doubt."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
from typing import TextIO

from checker.knowledge.load import Table, Tables
from checker.knowledge.rows import Action, Known, Law, Medicine, Product, Rate, ReportingPlace, Row, Sign, Step
from checker.reports.visible import encoding_of, visible

#: Columns; a table in the list is set in by two.
WIDTH = 78
UNCONFIRMED = " (unconfirmed)"
NOT_CHECKED = "not checked"
_FORCE = {True: "yes", False: "no", None: NOT_CHECKED}
_ADS = {True: "yes", False: "no", None: "unconfirmed"}
#: A line of a row: what it tells, and the text.
Line = tuple[str, str | None]


def write_tables(tables: Tables, stale: Iterable[str], stream: TextIO) -> None:
    """Write the list of tables: date, number of rows, what each holds."""
    old = frozenset(stale)
    blocks = [_table_lines(table, table.name in old) for table in tables]
    _write(blocks, stream)


def write_rows(table: Table[Row], find: str | None, stream: TextIO) -> None:
    """Write a table's rows, or those that hold every word of ``find``."""
    rows = [row for row in table.rows if _holds(row, find)]
    date = table.as_of.isoformat() if table.as_of else "not usable"
    title = f"{table.title} ({len(rows)} of {len(table.rows)}, as of {date})"
    head = [*_wrapped(title, 0), *_wrapped(table.description, 0)]
    none = [f"No row of this table holds “{find}”. That says nothing about whether it exists."] if find and not rows else []
    _write([head, *([none] if none else []), *(_row_lines(row) for row in rows)], stream)


def _table_lines(table: Table[Row], old: bool) -> list[str]:
    date = table.as_of.isoformat() if table.as_of else "not usable"
    age = " (over a year old)" if old else ""
    return [
        f"{table.name}: {len(table.rows)} rows, as of {date}{age}",
        *(f"  {line}" for line in _wrapped(f"{table.title}. {table.description}", 0)),
    ]


def _holds(row: Row, find: str | None) -> bool:
    text = _folded(" ".join(_texts(row.model_dump(mode="json"))))
    return all(re.search(rf"(?<!\w){re.escape(word)}", text) for word in map(_bare, _folded(find or "").split()) if word)


def _folded(text: str) -> str:
    """Return the text in the form in which it is searched: "U.S." is "us", apostrophes are one."""
    return re.sub(r"\b(?:[a-z]\.){2,}", lambda found: found[0].replace(".", ""), text.casefold().replace("’", "'"))


def _bare(word: str) -> str:
    return word.strip(".,;:!?\"'()“”")


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif value is not None:
        yield str(value)


def _row_lines(row: Row) -> list[str]:
    title, lines = _told(row)
    marks = "" if row.confirmed else " [not confirmed: from general knowledge]"
    result = _wrapped(title + marks, 0)
    for label, text in (*lines, ("note", row.note)):
        if text:
            result += _wrapped(f"{label}: {text}", 2)
    for source in row.sources:
        result += [*_wrapped(f"source: {source.title} ({source.date})", 2), f"    {visible(source.url)}"]
    return result if row.sources else [*result, "  source: none"]


def _told(row: Row) -> tuple[str, list[Line]]:
    """Return the heading of a row and what is told of it."""
    if isinstance(row, Product):
        return f"{row.brand} ({row.proper_name})", _product(row)
    if isinstance(row, Medicine):
        return row.name, [("approved for", row.indication), ("kind", row.kind), ("in force", _FORCE[row.in_force])]
    if isinstance(row, Action):
        return f"{row.date}{_mark(row, 'date')} {row.agency}: {row.instrument}{_mark(row, 'instrument')}", _action(row)
    if isinstance(row, Sign):
        said = [("named by", row.named_by + _mark(row, "named_by")), ("wording", row.wording), ("figure", row.figure)]
        return f"{row.id} {row.sign}", [*said, ("explains", ", ".join(row.labels) or None)]
    if isinstance(row, Law):
        return f"{row.jurisdiction} {row.citation}: {row.title}", _law(row)
    if isinstance(row, Step):
        return f"{row.name} ({row.id})", _step(row)
    if isinstance(row, Rate):
        counted = f"{row.count} of {row.of} ({row.count / row.of:.0%}). {row.sample}."
        return row.measure, [("counted", counted), ("our rules", ", ".join(row.rules) or None), ("differs", row.difference)]
    if isinstance(row, Known):
        said = [("told", row.text + _mark(row, "text")), ("about", row.topic), ("explains", ", ".join(row.labels) or None)]
        return row.id, said
    if isinstance(row, ReportingPlace):
        address = f"{row.address}{_mark(row, 'address')}" if row.address else None
        where = "the United States" if row.where == "us" else "other countries"
        return row.name, [("takes", row.text + _mark(row, "text")), ("where", where), ("address", address), ("phone", row.phone)]
    raise TypeError(f"no page is written for {type(row).__name__}")


def _product(row: Product) -> list[Line]:
    return [
        ("licensed for", row.indication + _mark(row, "indication")),
        ("kind", row.kind),
        ("holder", row.sponsor),
        ("year", f"{row.year or NOT_CHECKED}{_mark(row, 'year')}"),
        ("covers peripheral neuropathy", "yes" if row.covers_neuropathy else "no"),
        ("in force", _FORCE[row.in_force]),
        ("brand", "unconfirmed" if "brand" in row.unconfirmed else None),
    ]


def _action(row: Action) -> list[Line]:
    own = "the agency's or court's own document, or a full reprint" if row.source_is_agency else "a report by others"
    return [
        ("firms", ", ".join(row.firms) or "none named"),
        ("domain", row.domain or (f"{row.domain_unconfirmed}{UNCONFIRMED}" if row.domain_unconfirmed else "none")),
        ("about", row.product),
        ("uses named", ", ".join(row.conditions) + _mark(row, "conditions")),
        ("it said", row.said),
        ("stage", row.stage.value.replace("_", " ")),
        ("outcome", row.outcome or NOT_CHECKED),
        ("rests on", own),
        ("shown beside its site", "yes" if row.may_be_shown else "no"),
    ]


def _law(row: Law) -> list[Line]:
    return [
        ("says", row.says + _mark(row, "says")),
        ("notice", f"{row.notice}{_mark(row, 'notice')}" if row.notice else None),
        ("in advertisements", _ADS[row.in_advertising] if row.notice else None),
        ("since", f"{row.effective}{_mark(row, 'effective')}" if row.effective else None),
        ("status", row.status + _mark(row, "status")),
    ]


def _step(row: Step) -> list[Line]:
    return [
        ("wording", "; ".join(f"“{wording}”" for wording in row.wording)),
        ("proves", row.proves + _mark(row, "proves")),
        ("does not prove", row.does_not_prove + _mark(row, "does_not_prove")),
        ("rule", row.regulation + _mark(row, "regulation")),
    ]


def _mark(row: Row, field: str) -> str:
    return UNCONFIRMED if field in row.unconfirmed else ""


def _wrapped(text: str, indent: int) -> list[str]:
    """Return the text in lines of at most 78 columns; addresses stay whole elsewhere, so that they can be copied."""
    first, next_ = " " * indent, " " * (2 * indent)
    return textwrap.wrap(visible(text), WIDTH, initial_indent=first, subsequent_indent=next_, break_on_hyphens=False) or [""]


def _write(blocks: Iterable[list[str]], stream: TextIO) -> None:
    encoding = encoding_of(stream)
    text = "\n".join(_lines(blocks))
    stream.write((text + "\n").encode(encoding, "backslashreplace").decode(encoding))


def _lines(blocks: Iterable[list[str]]) -> Iterator[str]:
    for number, block in enumerate(blocks):
        if number:
            yield ""
        yield from block

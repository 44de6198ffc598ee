"""Dated facts with their sources: approved products, official actions, warning signs, law, and what "FDA ..." can mean.

Importing this package reads nothing; the tables are read at the first question and kept.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from checker.values import Note

if TYPE_CHECKING:
    from checker.knowledge.load import TableProblem, Tables

#: Approvals, letters and state laws change within months; after a year a table is called old.
STALE_AFTER = timedelta(days=365)
UNUSABLE = "not usable"
STALE = (
    "Our tables of facts are over a year old ({names}). What they say was right on their date; "
    "approvals, official actions and laws may have changed since."
)
NOT_USED = (
    "Some of our facts could not be used ({problem}). What rests on them was not checked; "
    "'clinic-checker facts check' lists them."
)
NOT_USED_MORE = (
    "Some of our facts could not be used ({problem} and {count} more). What rests on them was not checked; "
    "'clinic-checker facts check' lists them."
)


@cache
def _read() -> tuple[Tables, tuple[TableProblem, ...]]:
    from checker.knowledge import load

    return load.read()


def tables() -> Tables:
    """Return all tables; a row or table that is wrong is left out, and `problems` says so."""
    return _read()[0]


def problems() -> tuple[TableProblem, ...]:
    """Return what is wrong with the tables, empty when all is well."""
    return _read()[1]


def versions() -> dict[str, str]:
    """Return "facts/NAME" -> the date of each table, for a report's versions."""
    return {f"facts/{table.name}": table.as_of.isoformat() if table.as_of else UNUSABLE for table in tables()}


def stale(today: date) -> tuple[str, ...]:
    """Return the names of the tables that are over a year old on a day."""
    return tuple(table.name for table in tables() if table.as_of and today - table.as_of > STALE_AFTER)


def notes(today: date) -> tuple[Note, ...]:
    """Return what a report must say of the tables themselves: that some are old, or that some could not be used."""
    return (*_stale_note(stale(today)), *_problem_note(problems()))


def _stale_note(names: tuple[str, ...]) -> tuple[Note, ...]:
    if not names:
        return ()
    return (Note(code="stale_facts", message=STALE.format(names=", ".join(names))),)


def _problem_note(found: tuple[TableProblem, ...]) -> tuple[Note, ...]:
    if not found:
        return ()
    said = NOT_USED if len(found) == 1 else NOT_USED_MORE
    return (Note(code="facts_not_checked", message=said.format(problem=found[0], count=len(found) - 1)),)

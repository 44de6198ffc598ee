"""Reads the tables in data/ into validated rows; what is wrong becomes a list of problems, each with what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Generic, TypeVar

from pydantic import ValidationError

from checker.knowledge.rows import Action, Header, Known, Law, Medicine, Product, Rate, ReportingPlace, Row, Sign, Step
from checker.values import Label

AnyRow = TypeVar("AnyRow", bound=Row)

#: The day these tables were shipped. A clock that stands before it is wrong, so that no table is refused for it.
SHIPPED = date(2026, 11, 23)
#: Model of each table's rows, and the field that names a row in messages and must not repeat.
MODELS: dict[str, tuple[type[Row], str | None]] = {
    "products": (Product, "brand"),
    "medicines": (Medicine, "name"),
    "enforcement": (Action, None),
    "warning_signs": (Sign, "id"),
    "law": (Law, "id"),
    "ladder": (Step, "id"),
    "base_rates": (Rate, "id"),
    "known": (Known, "id"),
    "reporting": (ReportingPlace, "id"),
}


@dataclass(frozen=True, kw_only=True)
class TableProblem:
    """What is wrong with a table: its file, the line (1 is the header), the field, and what to do."""

    table: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        field = f", {self.field}" if self.field else ""
        return f"{self.table}.jsonl line {self.line}{field}: {self.message}"


@dataclass(frozen=True, kw_only=True)
class Table(Generic[AnyRow]):
    """A table as it was read: ``as_of`` is None when it could not be used; bad rows are left out."""

    name: str
    title: str
    description: str
    as_of: date | None
    rows: tuple[AnyRow, ...]

    @property
    def usable(self) -> bool:
        """Say whether the table holds anything that can be relied on."""
        return self.as_of is not None and bool(self.rows)


@dataclass(frozen=True, kw_only=True)
class Tables:
    """All tables; iterating gives them in the order in which they are shown."""

    products: Table[Product]
    medicines: Table[Medicine]
    enforcement: Table[Action]
    warning_signs: Table[Sign]
    law: Table[Law]
    ladder: Table[Step]
    base_rates: Table[Rate]
    known: Table[Known]
    reporting: Table[ReportingPlace]

    def __iter__(self) -> Iterator[Table[Row]]:
        for name in MODELS:
            yield getattr(self, name)

    def step(self, ident: str) -> Step | None:
        """Return a step of the ladder, None where it is missing or was refused."""
        return next((step for step in self.ladder.rows if step.id == ident), None)

    def known_of(self, label: Label) -> Known | None:
        """Return what is known of a kind of statement, None where the table could not be used."""
        return next((row for row in self.known.rows if label in row.labels), None)


def read(folder: Traversable | None = None, today: date | None = None) -> tuple[Tables, tuple[TableProblem, ...]]:
    """Return the tables of a folder (ours without one) and what is wrong with them; never raises for bad data."""
    folder = folder or files(__package__).joinpath("data")
    today = max(today or datetime.now(UTC).date(), SHIPPED)
    problems: list[TableProblem] = []
    found = {name: _table(folder, name, today, problems) for name in MODELS}
    return Tables(**found), tuple(problems)  # type: ignore[arg-type]  # MODELS pairs each name with its row


def _table(folder: Traversable, name: str, today: date, problems: list[TableProblem]) -> Table[Row]:
    lines = _lines(folder, name, problems)
    header = _header(name, lines[0], today, problems) if lines else None
    if header is None:
        return Table(name=name, title=name, description="", as_of=None, rows=())
    rows: dict[str, Row] = {}
    key = MODELS[name][1]
    for number, line in enumerate(lines[1:], 2):
        row = _row(name, number, line, header.as_of, problems)
        ident = str(getattr(row, key)) if key and row is not None else str(number)
        if row is not None and ident in rows:
            message = f"{ident!r} stands twice; take one row out."
            problems.append(TableProblem(table=name, line=number, field=key or "", message=message))
        elif row is not None:
            rows[ident] = row
    return Table(name=name, title=header.title, description=header.description, as_of=header.as_of, rows=tuple(rows.values()))


def _lines(folder: Traversable, name: str, problems: list[TableProblem]) -> list[str]:
    try:
        text = folder.joinpath(f"{name}.jsonl").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(TableProblem(table=name, line=1, field="", message=f"cannot be read ({error}); restore the file."))
        return []
    if not text.strip():
        problems.append(TableProblem(table=name, line=1, field="", message="the file is empty; restore it."))
        return []
    return text.rstrip("\n").split("\n")


def _header(name: str, line: str, today: date, problems: list[TableProblem]) -> Header | None:
    try:
        header = Header.model_validate_json(line)
    except ValidationError as error:
        problems.extend(_problems(name, 1, error))
        return None
    if header.table != name:
        problems.append(TableProblem(table=name, line=1, field="table", message=f"says {header.table!r}; write {name!r}."))
        return None
    if header.as_of > today:
        message = f"{header.as_of} is in the future; write the day on which the rows were checked, or set this machine's clock."
        problems.append(TableProblem(table=name, line=1, field="as_of", message=message))
        return None
    return header


def _row(name: str, number: int, line: str, as_of: date, problems: list[TableProblem]) -> Row | None:
    try:
        return MODELS[name][0].model_validate_json(line, context=as_of)
    except ValidationError as error:
        problems.extend(_problems(name, number, error))
        return None


def _problems(name: str, number: int, error: ValidationError) -> Iterator[TableProblem]:
    for detail in error.errors(include_url=False, include_context=False, include_input=False):
        field = ".".join(str(part) for part in detail["loc"])
        said = detail["msg"].removeprefix("Value error, ").rstrip(".")
        yield TableProblem(table=name, line=number, field=field, message=f"{said}. Correct the row or take it out.")

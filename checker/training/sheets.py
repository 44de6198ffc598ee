"""Turns the two files of the public benchmark into sheets: what is to be judged, line by line, each with its name."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checker.claims.pipeline import Pipeline
from checker.errors import SettingsError
from checker.training import dataset
from checker.training.dataset import Example, LineSpan
from checker.values import Label, Statement, VerdictLevel

STATEMENTS, PAGES = "statements.txt", "pages.txt"
#: A product is still spoken of so many statements after it was named.
CARRIED = 3


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A single statement (without verdict) or a page of the benchmark, with its lines' labels by their names.

    ``covers`` holds the lines that each of the example's statements overlaps: name, and where the line begins in its block.
    """

    name: str
    example: Example
    labels: Mapping[str, frozenset[Label]]
    covers: tuple[tuple[tuple[str, int], ...], ...]
    verdict: VerdictLevel | None = None

    def by_line(self, found: Sequence[set[Label]]) -> dict[str, set[Label]]:
        """Return the labels of each line from those of the example's statements."""
        result: dict[str, set[Label]] = {name: set() for name in self.labels}
        for lines, labels in zip(self.covers, found, strict=True):
            for name, _ in lines:
                result[name] |= labels
        return result


def read(bench: Path, pipeline: Pipeline) -> list[Sheet]:
    """Return the single statements, named `statement/0` and so on, then the pages, their lines named `bench-01/0` and so on."""
    single = dataset.read_single_file(bench / STATEMENTS, pipeline)
    pages = dataset.read_file(bench / PAGES)
    return [*(_single(number, example) for number, example in enumerate(single)), *(_page(page, pipeline) for page in pages)]


def _single(number: int, example: Example) -> Sheet:
    name = f"statement/{number}"
    covers = (((name, 0),),) * len(example.statements)
    return Sheet(name=name, example=example, labels={name: example.labels[0]}, covers=covers)


def _page(page: dataset.LabelledPage, pipeline: Pipeline) -> Sheet:
    example, spans = dataset.example(page, pipeline), dataset.spans_of(page)
    return Sheet(
        name=page.name,
        example=example,
        labels={f"{page.name}/{number}": line.labels for number, line in enumerate(page.lines)},
        covers=tuple(_named(page.name, dataset.covered(statement, spans)) for statement in example.statements),
        verdict=page.verdict,
    )


def _named(page: str, spans: Sequence[LineSpan]) -> tuple[tuple[str, int], ...]:
    return tuple((f"{page}/{span.number}", span.start) for span in spans)


def core_part(bench: Path) -> int:
    """Return how many of the single statements, from the first on, are about approval and cure: those before part B."""
    before = (bench / STATEMENTS).read_text(encoding="utf-8").split("# Part B")[0]
    return sum(bool(line.strip()) and not line.startswith("#") for line in before.splitlines())


def write(sheets: Sequence[Sheet], file: Path) -> int:
    """Write everything that is to be judged as JSON Lines, without its labels; return how many lines there are."""
    lines = [json.dumps(item, ensure_ascii=False) for sheet in sheets for item in _items(sheet)]
    try:
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{file} cannot be written: {error.strerror or error}.") from error
    return len(lines)


def _items(sheet: Sheet) -> Iterator[dict[str, Any]]:
    for position, (statement, lines) in enumerate(zip(sheet.example.statements, sheet.covers, strict=True)):
        block = statement.block
        yield {
            "ids": [name for name, _ in lines],
            "role": block.role.value,
            "zone": block.zone.value,
            "headings": list(block.headings),
            "question": block.question,
            "lead": block.lead,
            "text": statement.text,
            "product": _about_product(position, sheet),
            "terms": [_term(statement, *term) for term in statement.terms],
        }


def _about_product(position: int, sheet: Sheet) -> bool:
    """Say whether a product in scope is spoken of: named here, or with no other named here, above or just before.

    A single statement stands on a page that sells one.
    """
    statement, statements = sheet.example.statements[position], sheet.example.statements
    if statement.has_term("treatment") or statement.has_term("other_product"):
        return statement.has_term("treatment")
    before = [other for other in statements[:position] if other.text in statement.block.headings]
    before += statements[max(position - CARRIED, 0) : position]
    return sheet.verdict is None or any(other.has_term("treatment") for other in before)


def _term(statement: Statement, kind: str, concept: str, start: int, end: int) -> list[str | int]:
    start, end = statement.in_block(start, end)
    return [kind, concept, start - statement.start, end - statement.start]

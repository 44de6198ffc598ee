"""Scores a system's answers to the public benchmark, line by line: one way for the systems of this project and for others'."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from checker.errors import SettingsError
from checker.training.evaluate import Tally
from checker.training.sheets import Sheet
from checker.values import CLAIMS, FLAGGED, PROMISES, Label, VerdictLevel


@dataclass(kw_only=True)
class Answers:
    """What a system says: labels by a line's name (none for a line that is not there), verdicts by a page's name.

    ``seconds`` is how long it took over ``of`` lines, where that was measured.
    """

    system: str
    labels: dict[str, set[Label]] = field(default_factory=dict)
    verdicts: dict[str, VerdictLevel] = field(default_factory=dict)
    seconds: float | None = None
    of: int = 0


class _Line(BaseModel):
    """A line of a file of answers: labels or the verdict of what has this id, or the time taken."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    system: str
    id: str | None = None
    labels: list[Label] | None = None
    verdict: VerdictLevel | None = None
    seconds: float | None = None
    of: int = 0


def read(file: Path, sheets: Iterable[Sheet]) -> list[Answers]:
    """Return the answers in a file of JSON Lines, by system; raises SettingsError that names a line that does not fit."""
    lines = {name for sheet in sheets for name in sheet.labels}
    pages = {sheet.name for sheet in sheets if sheet.verdict}
    found: dict[str, Answers] = {}
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} cannot be read: {error}.") from error
    for number, raw in enumerate(text.splitlines(), 1):
        try:
            line = _Line.model_validate_json(raw)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            raise SettingsError(f"{file} line {number}: {place} {first['msg']}") from error
        if line.id is not None and line.id not in (pages if line.verdict else lines):
            raise SettingsError(f"{file} line {number}: nothing in the benchmark is called {line.id!r}.")
        _take(found.setdefault(line.system, Answers(system=line.system)), line)
    return list(found.values())


def _take(answers: Answers, line: _Line) -> None:
    if line.id is not None and line.verdict is not None:
        answers.verdicts[line.id] = line.verdict
    elif line.id is not None:
        answers.labels.setdefault(line.id, set()).update(line.labels or ())
    if line.seconds is not None:
        answers.seconds, answers.of = line.seconds, line.of


def lines_of(answers: Answers) -> list[str]:
    """Return the answers as `read` takes them, a line each; a line without labels is left out."""
    rows: list[dict[str, object]] = [
        {"id": name, "labels": [label.value for label in Label if label in labels]}
        for name, labels in answers.labels.items()
        if labels
    ]
    rows += [{"id": name, "verdict": level.value} for name, level in answers.verdicts.items()]
    rows += [{"seconds": round(answers.seconds, 2), "of": answers.of}] if answers.seconds is not None else []
    return [json.dumps({"system": answers.system, **row}) for row in rows]


@dataclass(frozen=True, kw_only=True)
class Marks:
    """A system's scores on one part of the benchmark; shares of pages only where whole pages are judged."""

    system: str
    claim: Tally
    core: Tally
    micro: Tally
    speed: float | None
    flagged: float | None = None
    false_alarms: float | None = None
    verdict: float | None = None


def score(answers: Answers, sheets: Sequence[Sheet]) -> Marks:
    """Score one system; a page without a verdict counts as flagged when a line of it is given a claim."""
    claim, core, micro = Tally(), Tally(), Tally()
    for sheet in sheets:
        for name, wanted in sheet.labels.items():
            have = answers.labels.get(name, set())
            claim.add(bool(have & CLAIMS), bool(wanted & CLAIMS))
            core.add(bool(have & PROMISES), bool(wanted & PROMISES))
            for label in have | wanted:
                micro.add(label in have, label in wanted)
    speed = answers.of / answers.seconds if answers.seconds else None
    shares = _pages(answers, [sheet for sheet in sheets if sheet.verdict])
    return Marks(system=answers.system, claim=claim, core=core, micro=micro, speed=speed, **shares)


def _pages(answers: Answers, sheets: Sequence[Sheet]) -> dict[str, float | None]:
    if not sheets:
        return {}
    flagged = [_flagged(answers, sheet) for sheet in sheets]
    truth = [sheet.verdict in FLAGGED for sheet in sheets]
    harmless = [found for found, wanted in zip(flagged, truth, strict=True) if not wanted]
    exact = [answers.verdicts[sheet.name] is sheet.verdict for sheet in sheets if sheet.name in answers.verdicts]
    return {
        "flagged": sum(a == b for a, b in zip(flagged, truth, strict=True)) / len(sheets),
        "false_alarms": sum(harmless) / len(harmless) if harmless else None,
        "verdict": sum(exact) / len(sheets) if exact else None,
    }


def _flagged(answers: Answers, sheet: Sheet) -> bool:
    if sheet.name in answers.verdicts:
        return answers.verdicts[sheet.name] in FLAGGED
    return any(answers.labels.get(name, set()) & CLAIMS for name in sheet.labels)


def interval(tally: Tally) -> tuple[float, float]:
    """Return a 95 % interval of F1 from the delta method on counts (Takahashi et al. 2022, for a binary F1)."""
    total = 2 * tally.right + tally.wrong + tally.missed
    if not total:
        return 0.0, 0.0
    value = tally.f1
    spread = sqrt(max(value * (1 - value) * (2 - value) / total, 0.0)) * 1.96
    return max(value - spread, 0.0), min(value + spread, 1.0)


def table(marks: Sequence[Marks]) -> str:
    """Return the scores of several systems as a plain table; columns of pages only where pages were scored."""
    pages = any(row.flagged is not None for row in marks)
    three = f"{'P':>7s}{'R':>6s}{'F1':>6s}"
    last = f"{'flagged':>9s}{'false al.':>10s}{'verdict':>8s}" if pages else f"{'st./s':>9s}"
    groups = f"{'':36s}{'any claim':>19s}{'approval or cure':>32s}{'all labels':>19s}"
    return "\n".join([groups, f"{'':36s}{three}{three}{'95 %':>13s}{three}{last}", *(_row(row, pages) for row in marks)])


def _row(row: Marks, pages: bool) -> str:
    low, high = interval(row.core)
    core = f"{_three(row.core)} {f'[{low:.2f}, {high:.2f}]':>12s}"
    if pages:
        last = f"{_share(row.flagged):>9s}{_share(row.false_alarms):>10s}{_share(row.verdict):>8s}"
    else:
        last = f"{'-' if row.speed is None else format(row.speed, ',.0f'):>9s}"
    return f"{row.system:36s}{_three(row.claim)}{core}{_three(row.micro)}{last}"


def _three(tally: Tally) -> str:
    return f"{tally.precision:7.3f}{tally.recall:6.3f}{tally.f1:6.3f}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"

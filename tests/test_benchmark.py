"""The public benchmark: its size, how its lines are named and scored, what the systems answer on a small part of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.claims.pipeline import Pipeline
from checker.errors import SettingsError
from checker.training import scorer, sheets
from checker.training.scorer import Answers
from checker.training.sheets import Sheet
from checker.values import PROMISES, Label, VerdictLevel

BENCH = Path(__file__).parent / "bench"


@pytest.fixture(scope="module")
def whole() -> list[Sheet]:
    return sheets.read(BENCH, Pipeline())


def test_the_benchmark_is_large_enough_to_tell_systems_apart(whole: list[Sheet]) -> None:
    single, pages = [s for s in whole if not s.verdict], [s for s in whole if s.verdict]
    promises = [bool(s.labels[s.name] & PROMISES) for s in single[: sheets.core_part(BENCH)]]
    assert sum(promises) >= 150
    assert promises.count(False) >= 250
    assert len(pages) >= 60


def test_every_labelled_line_is_judged(whole: list[Sheet]) -> None:
    for sheet in whole:
        judged = {name for lines in sheet.covers for name, _ in lines}
        assert {name for name, labels in sheet.labels.items() if labels} <= judged, sheet.name


def test_right_answers_score_one_through_a_file_and_no_answers_zero(whole: list[Sheet], tmp_path: Path) -> None:
    right = Answers(system="right", seconds=2.0, of=1000)
    for sheet in whole:
        right.labels |= {name: set(labels) for name, labels in sheet.labels.items()}
        right.verdicts |= {sheet.name: sheet.verdict} if sheet.verdict else {}
    file = tmp_path / "answers.jsonl"
    file.write_text("\n".join([*scorer.lines_of(right), *scorer.lines_of(Answers(system="none", seconds=1.0))]))
    read, none = (scorer.score(answers, whole) for answers in scorer.read(file, whole))
    assert (read.claim.f1, read.core.f1, read.micro.f1, read.flagged, read.false_alarms, read.verdict) == (1, 1, 1, 1, 0, 1)
    assert read.speed == 500
    assert (none.claim.f1, none.core.f1, none.verdict) == (0, 0, None)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"system": "x", "id": "statement/99999", "labels": ["cure"]}', "nothing in the benchmark is called 'statement/99999'"),
        ('{"system": "x", "id": "bench-01/0", "verdict": "alarm"}', "nothing in the benchmark is called 'bench-01/0'"),
        ('{"system": "x", "id": "statement/0", "labels": ["miracle"]}', r"labels\.0 Input should be"),
        ("{", "Invalid JSON"),
    ],
)
def test_answers_that_do_not_fit_are_named_by_their_line(whole: list[Sheet], tmp_path: Path, line: str, says: str) -> None:
    file = tmp_path / "answers.jsonl"
    file.write_text(f'{{"system": "x", "id": "statement/0", "labels": []}}\n{line}\n')
    with pytest.raises(SettingsError, match=f"line 2: .*{says}"):
        scorer.read(file, whole)


def test_a_page_without_a_verdict_counts_as_flagged_by_its_claims(whole: list[Sheet]) -> None:
    page = next(s for s in whole if s.verdict is VerdictLevel.INFORMATIONAL)
    claims = Answers(system="x", labels={next(iter(page.labels)): {Label.CURE}})
    hedges = Answers(system="x", labels={next(iter(page.labels)): {Label.HEDGED_BENEFIT}})
    assert scorer.score(claims, [page]).false_alarms == 1
    assert scorer.score(hedges, [page]).false_alarms == 0

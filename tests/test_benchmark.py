"""The public benchmark: its size, how its lines are named and scored, what the systems answer on a small part of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checker.claims.pipeline import Pipeline
from checker.classifier.folder import model_folder
from checker.classifier.model import load
from checker.errors import SettingsError
from checker.rules.book import Book
from checker.training import benchmark, scorer, sheets, systems
from checker.training.scorer import Answers
from checker.training.sheets import Sheet
from checker.values import PROMISES, Label, VerdictLevel

BENCH = Path(__file__).parent / "bench"


@pytest.fixture(scope="module")
def whole() -> list[Sheet]:
    return sheets.read(BENCH, Pipeline())


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with every twentieth statement and the first four pages."""
    root = tmp_path_factory.mktemp("root")
    bench = root / "tests" / "bench"
    bench.mkdir(parents=True)
    lines = (BENCH / sheets.STATEMENTS).read_text("utf-8").splitlines()
    kept = [line for number, line in enumerate(lines) if line.startswith("# Part") or number % 20 == 5]
    (bench / sheets.STATEMENTS).write_text("\n".join(kept), encoding="utf-8")
    pages = (BENCH / sheets.PAGES).read_text("utf-8").split("# page:")
    (bench / sheets.PAGES).write_text("# page:".join(pages[:5]), encoding="utf-8")
    (root / "models").symlink_to(model_folder())
    return root


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


def test_the_checker_beats_a_keyword_list_on_a_part(small: Path) -> None:
    book, classifier = Book(), load()
    given = benchmark.ready(small / "tests" / "bench", book)
    shipped = systems.checker(systems.by_both(classifier, book), book, classifier.thresholds, with_rules=True)
    ours, plain = (scorer.score(systems.answer("x", system, given), given.sheets) for system in (shipped, systems.keywords))
    assert ours.claim.f1 > plain.claim.f1 + 0.1
    assert ours.core.f1 > plain.core.f1 + 0.1


def test_the_command_prints_tables_and_puts_outside_answers_beside(small: Path, tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    file.write_text('{"system": "somebody", "id": "statement/1", "labels": ["cure"]}\n')
    text = benchmark.run(small, learn=False, outside=file)
    assert "hard pages" in text
    assert text.count("\nsomebody ") == text.count(f"\n{benchmark.SHIPPED}") == 3


def test_items_hold_no_labels_and_lead_back_to_the_lines(small: Path, tmp_path: Path) -> None:
    file = tmp_path / "items.jsonl"
    benchmark.write_items(small, file)
    items = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert not {key for item in items for key in item} & {"labels", "verdict", "publisher"}
    for item in items:
        assert all(0 <= start < end <= len(item["text"]) for _, _, start, end in item["terms"])
    assert "bench-01/0" in {name for item in items for name in item["ids"]}


def test_a_product_is_carried_from_a_heading_and_from_just_before(whole: list[Sheet], tmp_path: Path) -> None:
    file = tmp_path / "items.jsonl"
    sheets.write(whole, file)
    product = {name: item["product"] for item in map(json.loads, file.read_text("utf-8").splitlines()) for name in item["ids"]}
    assert product["bench-02/0"]  # cord cell infusions, in the title
    assert product["bench-02/6"]  # "around those nerves", after infused cord cells
    assert not product["bench-01/0"]
    assert sum(product.values()) < 0.8 * len(product)


def test_the_answers_kept_beside_the_benchmark_fit_it(whole: list[Sheet]) -> None:
    answers = scorer.read(BENCH / benchmark.OUTSIDE, whole)
    assert {"medspaCy ConText 1.3.1", "negspaCy 1.0.4"} <= {each.system for each in answers}
    assert all(each.labels and each.seconds for each in answers)

"""Runs the public benchmark of tests/bench: the shipped checker beside simpler systems, and what each feature group adds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import numpy as np

from checker import findings
from checker.claims.denial import denies
from checker.claims.pipeline import Pipeline
from checker.classifier import features
from checker.classifier.model import Classifier, linear, load, named, sigmoid
from checker.classifier.outputs import CLAIM, OUTPUTS
from checker.rules.book import Book
from checker.training import dataset, train
from checker.training.evaluate import Tally, of_model
from checker.training.train import Prepared
from checker.values import CAUTIONS, PROMISES, Label, RuleHit, Statement

CLAIMS = CAUTIONS | PROMISES
#: A plain keyword list, the simplest system that a reader would write in an afternoon.
KEYWORDS: Mapping[Label, re.Pattern[str]] = {
    Label.FDA_APPROVED: re.compile(r"fda[- ](?:approved|cleared)|approved by the fda"),
    Label.FDA_HALO: re.compile(r"fda[- ](?:registered|compliant|inspected|regulated)"),
    Label.CURE: re.compile(r"\bcur(?:e|es|ed|ing)\b|revers|eliminat|permanent|guarantee|pain[- ]free"),
    Label.BENEFIT: re.compile(r"\bheal|repair|regenerat|restor|reliev|relief|improv|\breduc"),
    Label.SAFETY: re.compile(r"\bsafe|side effects?|no risk"),
    Label.SCIENCE_HALO: re.compile(r"proven|stud(?:y|ies)|breakthrough|research"),
    Label.SUCCESS_RATE: re.compile(r"\d ?%|success rate|out of ten"),
    Label.REPLACES_CARE: re.compile(r"without surgery|avoid surgery|without drugs|instead of"),
}
Judge = Callable[[Prepared, int], set[Label]]


@dataclass(frozen=True, kw_only=True)
class Row:
    """A system's scores on the hard statements."""

    name: str
    claim: Tally
    core: Tally
    micro: Tally

    def line(self) -> str:
        """Return the row as text, core F1 with its interval."""
        low, high = interval(self.core)
        return (
            f"{self.name:34s}{self.claim.precision:7.3f}{self.claim.recall:7.3f}{self.claim.f1:7.3f}"
            f"{self.core.precision:8.3f}{self.core.recall:7.3f}{self.core.f1:7.3f} [{low:.2f}, {high:.2f}]{self.micro.f1:8.3f}"
        )


HEAD = f"{'':34s}{'claim P':>7s}{'R':>7s}{'F1':>7s}{'core P':>8s}{'R':>7s}{'F1':>7s} {'95 %':>12s}{'micro':>8s}"


def interval(tally: Tally) -> tuple[float, float]:
    """Return a 95 % interval of F1 from the delta method on counts (Takahashi et al. 2022, for a binary F1)."""
    total = 2 * tally.right + tally.wrong + tally.missed
    if not total:
        return 0.0, 0.0
    value = tally.f1
    spread = sqrt(max(value * (1 - value) * (2 - value) / total, 0.0)) * 1.96
    return max(value - spread, 0.0), min(value + spread, 1.0)


def run(root: Path, ablate: bool = True) -> str:
    """Return the tables of the benchmark as text."""
    book, pipeline, classifier = Book(), Pipeline(), load(root / "models" / "classifier.skops")
    bench = root / "tests" / "bench"
    single = train.prepare(dataset.read_single_file(bench / "statements.txt", pipeline), book)
    pages = train.prepare([dataset.example(page, pipeline) for page in dataset.read_file(bench / "pages.txt")], book)
    rows = [
        score("keyword list", single, _keywords),
        score("rules only", single, _rules),
        score("model only", single, _model(classifier, book, rules=False)),
        score("rules and model (shipped)", single, _model(classifier, book, rules=True)),
    ]
    if ablate:
        rows += _ablations(root, single, pipeline, book)
    whole = of_model(classifier, pages)
    figures = "\n".join(f"{name:34s}{value:7.3f}" for name, value in whole.figures().items())
    misses = "\n".join(_misses(single, _model(classifier, book, rules=True)))
    return (
        f"{len(single)} hard statements\n{HEAD}\n"
        + "\n".join(row.line() for row in rows)
        + (f"\n\n{len(pages)} hard pages, the shipped checker\n{figures}\n\nKnown misses on approval and cure\n{misses}")
    )


def score(name: str, prepared: Sequence[Prepared], judge: Judge) -> Row:
    """Score one system on labelled statements."""
    claim, core, micro = Tally(), Tally(), Tally()
    for p in prepared:
        for i, wanted in enumerate(p.example.labels):
            have = judge(p, i)
            claim.add(bool(have & CLAIMS), bool(wanted & CLAIMS))
            core.add(bool(have & PROMISES), bool(wanted & PROMISES))
            for label in have | wanted:
                micro.add(label in have, label in wanted)
    return Row(name=name, claim=claim, core=core, micro=micro)


def _keywords(p: Prepared, i: int) -> set[Label]:
    return {label for label, pattern in KEYWORDS.items() if pattern.search(p.example.statements[i].match_text)}


def _rules(p: Prepared, i: int) -> set[Label]:
    return {hit.label for hit in p.hits[i] if not denies(p.example.statements[i], hit.label)}


def _model(classifier: Classifier, book: Book, *, rules: bool) -> Judge:
    def judge(p: Prepared, i: int) -> set[Label]:
        row = named(classifier.read(p.example.statements, classifier.probabilities(p.rows)))[i]
        return decided(p.example.statements[i], p.hits[i] if rules else (), row, book, classifier.thresholds)

    return judge


def decided(
    statement: Statement, hits: Sequence[RuleHit], row: Mapping[str, float], book: Book, thresholds: Mapping[str, float]
) -> set[Label]:
    """Return the labels that the checker would report for a statement of a page that sells."""
    return {label for label in findings.decide(hits, row, book, thresholds) if not denies(statement, label)}


def _ablations(root: Path, single: Sequence[Prepared], pipeline: Pipeline, book: Book) -> list[Row]:
    """Train again without each feature group and score on the hard statements, thresholds at 0.5."""
    examples = [dataset.example(page, pipeline) for page in dataset.read_pages(root / "training_data" / "pages")]
    extra = dataset.read_single(root / "training_data" / "statements", pipeline)
    tests = [p.example for p in single]
    rows = []
    for left_out in ("nothing", *features.GROUPS):
        groups = tuple(group for group in features.GROUPS if group != left_out)
        part = train.fit_statements(train.prepare([*examples, *extra], book, groups))
        rows.append(score(f"retrained without {left_out}", train.prepare(tests, book, groups), _plain(part)))
    return rows


def _plain(part: Mapping[str, object]) -> Judge:
    model = linear(train.exported(part, OUTPUTS), OUTPUTS)

    def judge(p: Prepared, i: int) -> set[Label]:
        values = sigmoid(np.asarray(model.logits([p.rows[i]])))[0]
        row = dict(zip(OUTPUTS, map(float, values), strict=True))
        return {label for label in Label if row[label] >= 0.5 and (label not in CLAIMS or row[CLAIM] >= 0.5)}

    return judge


def _misses(prepared: Sequence[Prepared], judge: Judge) -> list[str]:
    lines = []
    for p in prepared:
        for i, wanted in enumerate(p.example.labels):
            have = judge(p, i)
            if bool(have & PROMISES) != bool(wanted & PROMISES):
                kind = "missed" if wanted & PROMISES else "wrong"
                lines.append(f"{kind:7s}{','.join(sorted(wanted)) or '-':30s}{p.example.statements[i].text}")
    return lines

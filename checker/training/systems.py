"""The systems of this project that the benchmark compares, from a keyword list to the shipped checker: pages to answers."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from checker import findings, judgement, verdict
from checker.classifier import features, pages
from checker.classifier.model import Classifier, linear, named, sigmoid, voices
from checker.classifier.outputs import CLAIM
from checker.classifier.reader import Reader
from checker.judgement import by_words
from checker.rules.book import Book
from checker.training import train
from checker.training.scorer import Answers
from checker.training.sheets import Sheet
from checker.training.train import Array, Prepared
from checker.values import CLAIMS, Label, PageKind, RuleHit, VerdictLevel

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


class SystemJudgement(NamedTuple):
    """The labels of each statement of a page, and its verdict where the system gives one."""

    labels: list[set[Label]]
    level: VerdictLevel | None = None


#: The outputs that judge a statement; the others serve to judge the page.
JUDGED = (*(label.value for label in Label), CLAIM)
#: What single statements are taken to stand on.
_SELLER = PageKind(provider=1.0, in_scope=1.0, trial_record=0.0)
#: Judges a prepared page; says of single statements that they stand on a page that sells.
System = Callable[[Prepared, bool], SystemJudgement]
#: Gives a page's probabilities, shape (statements, OUTPUTS), and what the page is.
Odds = Callable[[Prepared], tuple[Array, PageKind]]


@dataclass(frozen=True, kw_only=True)
class Set:
    """The benchmark made ready, with the seconds that this took a line: to read it, and for the rules and features."""

    sheets: Sequence[Sheet]
    prepared: Sequence[Prepared]
    reading: float = 0.0
    rules: float = 0.0
    features: float = 0.0


def answer(name: str, system: System, given: Set, seconds: float = 0.0) -> Answers:
    """Return a system's answers to all of the benchmark; ``seconds`` is what its input took."""
    begin = time.perf_counter()
    found = [system(p, sheet.verdict is None) for sheet, p in zip(given.sheets, given.prepared, strict=True)]
    lines = sum(len(sheet.labels) for sheet in given.sheets)
    answers = Answers(system=name, seconds=time.perf_counter() - begin + seconds, of=lines)
    for sheet, judged in zip(given.sheets, found, strict=True):
        answers.labels |= sheet.by_line(judged.labels)
        if judged.level is not None and sheet.verdict is not None:
            answers.verdicts[sheet.name] = judged.level
    return answers


def keywords(p: Prepared, single: bool) -> SystemJudgement:
    """Judge by the keyword list."""
    texts = [statement.text.lower() for statement in p.example.statements]
    return SystemJudgement([{label for label, pattern in KEYWORDS.items() if pattern.search(text)} for text in texts])


def rules(p: Prepared, single: bool) -> SystemJudgement:
    """Judge by every rule that matched."""
    pairs = zip(p.example.statements, p.hits, strict=True)
    return SystemJudgement([{hit.label for hit in hits} for statement, hits in pairs])


def checker(odds: Odds, book: Book, thresholds: Mapping[str, float], *, with_rules: bool) -> System:
    """Return what the checker would report with these probabilities, with or without its rules."""
    basis = findings.Basis(book=book, thresholds=thresholds)

    def judge(p: Prepared, single: bool) -> SystemJudgement:
        probabilities, kind = odds(p)
        none: Sequence[Sequence[RuleHit]] = [()] * len(p.hits)
        rows = zip(p.example.statements, p.hits if with_rules else none, named(probabilities), strict=True)
        scored = [findings.ScoredStatement(*row) for row in rows]
        found = judgement.findings_of(p.example.document, _SELLER if single else kind, scored, basis)
        labels: list[set[Label]] = [set() for _ in p.hits]
        at = {statement.index: i for i, statement in enumerate(p.example.statements)}
        for finding in found:
            labels[at[finding.statement.index]].add(finding.label)
        return SystemJudgement(labels, verdict.decide(kind, found).level)

    return judge


def by_linear(classifier: Classifier) -> Odds:
    """Return the odds of the linear models alone."""

    def odds(p: Prepared) -> tuple[Array, PageKind]:
        probabilities = classifier.probabilities(p.rows)
        row = pages.of_page(p.example.statements, p.hits, voices(probabilities))
        return probabilities, _kind(sigmoid(classifier.page.scaled(row)))

    return odds


def by_reader(reader: Reader) -> Odds:
    """Return the odds of one reader alone, which then reads everything."""

    def odds(p: Prepared) -> tuple[Array, PageKind]:
        statements = p.example.statements
        reading = reader.read(statements, range(len(statements)), sys.maxsize)
        return sigmoid(reading.statements), _kind(sigmoid(reading.page))

    return odds


def by_both(classifier: Classifier, book: Book | None = None) -> Odds:
    """Return the odds as the checker has them: the linear models', and of what they doubt the readers'.

    With the rule book a promise that a rule is sure of puts the page in scope, as in a check.
    """

    def odds(p: Prepared) -> tuple[Array, PageKind]:
        probabilities = classifier.probabilities(p.rows)
        kind, reading = classifier.page_kind(p.example.statements, p.hits, probabilities)
        kind = by_words(kind, p.example.statements, p.hits, probabilities, book) if book else kind
        return classifier.read(p.example.statements, probabilities, reading), kind

    return odds


def _kind(values: Array) -> PageKind:
    return PageKind(provider=float(values[0]), in_scope=float(values[1]), trial_record=float(values[2]), cues=())


def retrained(whole: Sequence[Prepared], groups: Sequence[str]) -> System:
    """Return linear models learned again with some groups of features only, each label from 0.5 on."""
    part = train.fit_statements([_restricted(p, groups) for p in whole if p.selling], JUDGED)
    model = linear(train.exported(part, JUDGED), JUDGED)

    def judge(p: Prepared, single: bool) -> SystemJudgement:
        found = sigmoid(model.logits(_restricted(p, groups).rows)).tolist()
        return SystemJudgement([_from_half(dict(zip(JUDGED, row, strict=True))) for row in found])

    return judge


def _from_half(row: Mapping[str, float]) -> set[Label]:
    return {label for label in Label if row[label] >= 0.5 and (label not in CLAIMS or row[CLAIM] >= 0.5)}


def _restricted(p: Prepared, groups: Sequence[str]) -> Prepared:
    statements = p.example.statements
    return replace(p, rows=[features.of_statement(i, statements, p.hits, groups) for i in range(len(statements))])

"""Scores the classifier on pages whose writers it has not seen, and holds the scores against their floors."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import binomtest

from checker import findings, judgement, verdict
from checker.claims.void import asks
from checker.classifier.model import FILE_NAME, Classifier, digest, load, named
from checker.classifier.outputs import CLAIM, OUTPUTS
from checker.errors import CheckFailed
from checker.rules.book import Book
from checker.training import train
from checker.training.train import Array, Prepared, Trained
from checker.values import CLAIMS, FLAGGED, PROMISES, Finding, Label, PageKind, Publisher, VerdictLevel

FLOORS = "floors.json"
BINS = 10


@dataclass(kw_only=True)
class Tally:
    """Right, wrong and missed of one label."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, found: bool, wanted: bool) -> None:
        """Count one judgement."""
        self.right += found and wanted
        self.wrong += found and not wanted
        self.missed += wanted and not found

    @property
    def precision(self) -> float:
        """Share of what was found that is right."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 0.0

    @property
    def recall(self) -> float:
        """Share of what was wanted that was found."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / total if total else 0.0


@dataclass(kw_only=True)
class Scores:
    """What an evaluation counted; ``mistakes`` are (page, wanted, found, text) of wrongly judged statements."""

    claim: Tally = field(default_factory=Tally)
    core: Tally = field(default_factory=Tally)
    labels: dict[Label, Tally] = field(default_factory=lambda: {label: Tally() for label in Label})
    verdicts: Counter[str] = field(default_factory=Counter)
    mistakes: list[tuple[str, str, str, str]] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        """Return the figures that have floors."""
        micro = Tally(
            right=sum(t.right for t in self.labels.values()),
            wrong=sum(t.wrong for t in self.labels.values()),
            missed=sum(t.missed for t in self.labels.values()),
        )
        pages = max(self.verdicts["pages"], 1)
        return {
            "claim_f1": self.claim.f1,
            "core_f1": self.core.f1,
            "label_micro_f1": micro.f1,
            "verdict_exact": self.verdicts["exact"] / pages,
            "flagged_right": self.verdicts["flag_right"] / pages,
            "false_alarms": self.verdicts["false_alarm"] / max(self.verdicts["innocent"], 1),
            "publisher_right": self.verdicts["publisher_right"] / pages,
        }


def count(scores: Scores, prepared: Prepared, kind: PageKind, found: Sequence[Finding]) -> None:
    """Add one judged page to the scores."""
    page = prepared.example.page
    judged = verdict.decide(kind, found)
    by_statement: dict[int, set[Label]] = {}
    for finding in found:
        by_statement.setdefault(finding.statement.index, set()).add(finding.label)
    for statement, wanted in zip(prepared.example.statements, prepared.example.labels, strict=True):
        have = by_statement.get(statement.index, set())
        is_claim, should = bool(have & CLAIMS), bool(wanted & CLAIMS)
        scores.claim.add(is_claim, should)
        scores.core.add(bool(have & PROMISES), bool(wanted & PROMISES))
        for label in Label:
            scores.labels[label].add(label in have, label in wanted)
        if is_claim != should:
            scores.mistakes.append((page.name, ",".join(sorted(wanted)), ",".join(sorted(have)), statement.text))
    scores.verdicts["pages"] += 1
    scores.verdicts["exact"] += judged.level is page.verdict
    scores.verdicts["flag_right"] += (judged.level in FLAGGED) == (page.verdict in FLAGGED)
    scores.verdicts["innocent"] += page.verdict not in FLAGGED
    scores.verdicts["false_alarm"] += page.verdict not in FLAGGED and judged.level in FLAGGED
    publisher = Publisher.THIRD_PARTY if page.verdict is VerdictLevel.TRIAL else page.publisher
    scores.verdicts["publisher_right"] += judged.publisher is publisher


def over_voices(trained: Trained) -> Scores:
    """Judge the pages of the voices held out from the reader, with linear models that saw neither site nor voice."""
    scores, book = Scores(), Book()
    judge = Classifier(trained.content, trained.readers)
    for i in train.held_out(trained.prepared):
        p = trained.prepared[i]
        kind, reading = judge.blended_kind(trained.kinds[i], p.example.statements, trained.probabilities[i])
        kind = judgement.by_words(kind, p.example.statements, p.hits, trained.probabilities[i], book)
        if not verdict.may_sell(kind):
            count(scores, p, kind, ())
            continue
        rows = judge.read(p.example.statements, trained.probabilities[i], reading)
        count(scores, p, kind, _found(p, kind, judge, rows, book))
    return scores


def _found(p: Prepared, kind: PageKind, judge: Classifier, probabilities: Array, book: Book) -> tuple[Finding, ...]:
    scored = [findings.ScoredStatement(*part) for part in zip(p.example.statements, p.hits, named(probabilities), strict=True)]
    return judgement.findings_of(p.example.document, kind, scored, findings.Basis(book=book, thresholds=judge.thresholds))


def evaluate(root: Path, errors: int = 0) -> str:
    """Repeat the evaluation over unseen voices; raises CheckFailed when a score is under its floor or the data changed."""
    trained = train.train(root)
    scores = over_voices(trained)
    kept = json.loads((root / "models" / FLOORS).read_text(encoding="utf-8"))
    problems = [
        f"{name} is {value:.3f}, its floor {kept['floors'][name]:.3f}"
        for name, value in scores.figures().items()
        if _under(name, value, kept["floors"][name])
    ]
    if kept["data_digest"] != trained.content["data_digest"]:
        problems.append("training_data/ has changed since the model was trained; run 'clinic-checker model train'")
    shipped = load(root / "models" / FILE_NAME).digest
    again = digest(trained.content)
    if shipped != again:
        problems.append(f"the shipped model {shipped[:16]} is not what the data gives ({again[:16]})")
    shown = [f"{page}\t{wanted or '-'}\t{have or '-'}\t{text}" for page, wanted, have, text in scores.mistakes[:errors]]
    if problems:
        raise CheckFailed("; ".join(problems) + ".")
    return "\n".join([table(scores), overruled(trained), *shown])


def _under(name: str, value: float, floor: float) -> bool:
    return value > floor if name == "false_alarms" else value < floor


def table(scores: Scores) -> str:
    """Return the scores as a plain table."""
    lines = [f"{'':16s}{'precision':>10s}{'recall':>8s}{'F1':>7s}{'n':>6s}"]
    for name, tally in (("any claim", scores.claim), ("core", scores.core), *scores.labels.items()):
        lines.append(f"{name!s:16s}{tally.precision:10.3f}{tally.recall:8.3f}{tally.f1:7.3f}{tally.right + tally.missed:6d}")
    lines += [f"{name:16s}{value:10.3f}" for name, value in scores.figures().items()]
    return "\n".join(lines)


def reliability(trained: Trained, output: str = CLAIM) -> list[tuple[float, float, int]]:
    """Return (mean probability, share that is true, count) for ten bins of the out-of-fold probabilities of one output."""
    column = OUTPUTS.index(output)
    selling = [i for i, p in enumerate(trained.prepared) if p.selling]
    probability: Array = np.concatenate([trained.probabilities[i][:, column] for i in selling])
    truth: Array = np.concatenate([trained.prepared[i].targets[:, column] for i in selling])
    return [_bin(probability, truth, low / BINS, (low + 1) / BINS) for low in range(BINS)]


def _bin(probability: Array, truth: Array, low: float, high: float) -> tuple[float, float, int]:
    inside = (probability >= low) & (probability < high)
    if not inside.any():
        return (low + high) / 2, float("nan"), 0
    return float(probability[inside].mean()), float(truth[inside].mean()), int(inside.sum())


def rule_precision(prepared: Sequence[Prepared]) -> dict[str, dict[str, float | int]]:
    """Count for each rule its hits on statements of selling pages, how many carry its label, and Wilson's 95 % interval."""
    hits: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for p in prepared:
        if not p.selling:
            continue
        for found, labels in zip(p.hits, p.example.labels, strict=True):
            hits.update(hit.rule for hit in found)
            right.update(hit.rule for hit in found if hit.label in labels)
    return {rule: share(right[rule], count_) for rule, count_ in sorted(hits.items())}


def share(right: int, n: int) -> dict[str, float | int]:
    """Return a share with Wilson's 95 % score interval (Wilson 1927); ``n`` is at least 1."""
    interval = binomtest(right, n).proportion_ci(method="wilson")
    low, high = float(interval.low), float(interval.high)
    return {"precision": round(right / n, 3), "low": round(low, 3), "high": round(high, 3), "n": n}


def overruled(trained: Trained) -> str:
    """Return what deciding rules are worth by the classifier's probability for their label, out of fold: right of hits."""
    book, edges = Book(), (0.0, 0.3, findings.VETO, 1.0)
    right, hits = Counter[int](), Counter[int]()
    for p, probabilities in zip(trained.prepared, trained.probabilities, strict=True):
        for statement, found, labels, row in zip(p.example.statements, p.hits, p.example.labels, probabilities, strict=True):
            if not p.selling or asks(statement):
                continue
            for label in {hit.label for hit in found if book.rules[hit.rule].decides}:
                place = int(np.searchsorted(edges, row[OUTPUTS.index(label)], side="right"))
                hits[place] += 1
                right[place] += label in labels
    shares = (f"from {edges[i - 1]:.1f}: {right[i]} of {hits[i]}" for i in sorted(hits))
    return "deciding rules, right by the classifier's probability " + "; ".join(shares)


def data_summary(prepared: Sequence[Prepared]) -> dict[str, Any]:
    """Count pages, sites, voices, statements and labels."""
    pages = [p.example.page for p in prepared]
    labels = Counter(label.value for p in prepared for found in p.example.labels for label in found)
    return {
        "pages": len(pages),
        "sites": len({page.site for page in pages}),
        "voices": len({page.voice for page in pages}),
        "statements": sum(len(p.example.statements) for p in prepared),
        "selling": sum(len(p.example.statements) for p in prepared if p.selling),
        "labelled": sum(bool(found) for p in prepared for found in p.example.labels),
        "verdicts": Counter(page.verdict.value for page in pages),
        "labels": labels,
    }

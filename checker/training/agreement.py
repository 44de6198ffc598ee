"""Compares first labels, before any was settled, with those of a second, blind reader: of the training data and the benchmark."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sklearn.metrics import cohen_kappa_score

from checker.claims.pipeline import Pipeline
from checker.training import dataset
from checker.values import CLAIMS, PROMISES, Label

Labels = frozenset[Label]


def write(root: Path) -> str:
    """Return Cohen's kappa per label for each set that was read twice."""
    of_pages = _pairs(root / "training_data" / "second_reader.tsv")
    of_statements = _pairs(root / "training_data" / "second_reader_statements.tsv")
    bench = root / "tests" / "bench"
    hard = [example.labels[0] for example in dataset.read_single_file(bench / "statements.txt", Pipeline())]
    of_bench = [(hard[int(number)], _labels(labels)) for number, labels in _rows(bench / "second_reader.tsv")]
    tables = ("training pages", of_pages), ("single training statements", of_statements), ("benchmark", of_bench)
    return "\n\n".join(_table(name, pairs) for name, pairs in tables)


def kappa(first: Sequence[bool], second: Sequence[bool]) -> float:
    """Return Cohen's kappa of two readers' yes and no (Cohen 1960); 1 when neither ever differs from the other."""
    if list(first) == list(second):
        return 1.0  # also where all said one thing, which has no kappa
    return float(cohen_kappa_score(first, second))


def _table(name: str, pairs: Sequence[tuple[Labels, Labels]]) -> str:
    groups: dict[str, Labels] = {
        "any claim": CLAIMS,
        "core": PROMISES,
        **{label.value: frozenset({label}) for label in Label},
    }
    lines = [f"{name}, {len(pairs)} statements{'':10s}kappa  first  second"]
    for title, wanted in groups.items():
        first, second = [bool(a & wanted) for a, _ in pairs], [bool(b & wanted) for _, b in pairs]
        lines.append(f"{title:34s}{kappa(first, second):9.3f}{sum(first):7d}{sum(second):8d}")
    return "\n".join(lines)


def _pairs(file: Path) -> list[tuple[Labels, Labels]]:
    return [(_labels(first), _labels(second)) for _, _, first, second in _rows(file)]


def _rows(file: Path) -> list[list[str]]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return [[part.strip() for part in line.split("|")] for line in lines if line.strip() and not line.startswith("#")]


def _labels(text: str) -> Labels:
    return frozenset(Label(name.strip()) for name in text.split(",") if name.strip())

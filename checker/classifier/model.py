"""Loads the trained classifier and turns features into calibrated probabilities."""

from __future__ import annotations

import hashlib
import json
import math
import sys
import zipfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import numpy as np

from checker.classifier import features, pages
from checker.classifier.folder import model_folder
from checker.classifier.outputs import OUTPUTS, OWN_CLAIM, PAGE_OUTPUTS, SELLER
from checker.classifier.reader import Readers, Reading, merged
from checker.classifier.reader import load as load_readers
from checker.errors import ModelError
from checker.values import PROMISES, READINGS, PageKind, RuleHit, Statement

#: The only types that a model file may hold.
TRUSTED = frozenset({"builtins.dict", "builtins.list", "builtins.str", "builtins.float", "builtins.int", "numpy.ndarray"})
FILE_NAME = "classifier.skops"
#: A page that the linear models give a probability between these is doubtful, and the reader is asked.
DOUBT = (0.1, 0.9)
#: The same for a statement: nearly all are worth a look, for the reader is the better judge.
STATEMENT_DOUBT = (0.02, 0.98)
#: Where a reader may read fewer pieces of a page than these, the fast one reads these and the deep one none.
LEAST_READ = 80
_PROMISED = [OUTPUTS.index(label) for label in sorted(PROMISES)]


Array = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How many pieces of a page's words the fast and the deep reader read at most, around the most doubtful statements first.

    For every statement of the page they read so many fewer. ``every_page`` says that a page is also read to know what it is
    where the linear models are sure of that.
    """

    name: str
    fast: int
    fewer_fast: int
    deep: int
    fewer_deep: int
    every_page: bool

    def __str__(self) -> str:
        parts = (("fast", self.fast, self.fewer_fast), ("deep", self.deep, self.fewer_deep))
        return ", ".join(f"{name} {most}" + (f" - {fewer} n" if fewer else "") for name, most, fewer in parts)

    def allowed(self, count: int) -> tuple[int, int]:
        """Return how many pieces the fast and the deep reader may read of a page of so many statements."""
        deep = self.deep - self.fewer_deep * count
        return max(self.fast - self.fewer_fast * count, LEAST_READ), deep if deep >= LEAST_READ else 0


#: For crawls and for whoever has tens of milliseconds: what a long page costs elsewhere is saved here. The deep reader takes
#: five times as long for a piece.
QUICK = Effort(name=READINGS[False], fast=1600, fewer_fast=6, deep=500, fewer_deep=6, every_page=False)
#: For whoever can wait some seconds for a long page: all that is doubtful; of the longest pages the deep reader reads a part.
THOROUGH = Effort(name=READINGS[True], fast=12_000, fewer_fast=0, deep=4_000, fewer_deep=0, every_page=True)


@dataclass(frozen=True)
class Linear:
    """Several logistic models over one vocabulary: weights of shape (features + 1, outputs), zeros for unknown features last."""

    vocabulary: dict[str, int]
    weights: np.ndarray[Any, np.dtype[np.float32]]
    bias: Array
    outputs: tuple[str, ...]

    def logits(self, rows: Sequence[Collection[str]]) -> Array:
        """Return log-odds of shape (rows, outputs) of rows of feature names, each of which is there or not; no row is empty."""
        unknown = repeat(len(self.vocabulary))
        columns = np.fromiter(map(self.vocabulary.get, chain.from_iterable(rows), unknown), dtype=np.intp)
        starts = np.cumsum([0, *(len(row) for row in rows[:-1])])
        return np.add.reduceat(self.weights[columns], starts, axis=0, dtype=np.float64) + self.bias

    def scaled(self, row: Mapping[str, float]) -> Array:
        """Return log-odds of shape (outputs,) of one row of features with values."""
        known = {self.vocabulary[name]: value for name, value in row.items() if name in self.vocabulary}
        return np.asarray(np.array(list(known.values())) @ self.weights[list(known)] + self.bias)

    def strongest(self, row: Mapping[str, float], output: str, count: int = 8) -> list[tuple[str, float]]:
        """Return the features that moved an output most, with what each added to the log-odds."""
        column = self.outputs.index(output)
        parts = [
            (name, value * float(self.weights[self.vocabulary[name], column]))
            for name, value in row.items()
            if name in self.vocabulary
        ]
        return sorted(parts, key=lambda part: -abs(part[1]))[:count]


class Classifier:
    """The linear models, the readers for what they doubt, their calibration and thresholds; build once, use often."""

    def __init__(self, content: Mapping[str, Any], readers: Readers, effort: Effort = THOROUGH) -> None:
        """Take the model file's content; raises ValueError when it was calibrated with other readers."""
        if readers.digest != content["reader_digest"]:
            raise ValueError("the readers beside it are not those it was calibrated with")
        self.statement = linear(content["statement"], OUTPUTS)
        self.page = linear(content["page"], PAGE_OUTPUTS)
        self.readers, self.effort = readers, effort
        self._slope, self._offset = _columns(content["calibration"], OUTPUTS)
        self._statement_blend = _columns(content["statement_blend"], OUTPUTS)
        self._page_blend = _columns(content["page_blend"], PAGE_OUTPUTS)
        self.thresholds: dict[str, float] = dict(content["thresholds"])
        self.groups = tuple(content["groups"])
        self.data_digest: str = content["data_digest"]
        self.digest = digest(content)

    def rows(self, statements: Sequence[Statement], hits: Sequence[Sequence[RuleHit]]) -> list[dict[str, float]]:
        """Return the features of each statement."""
        return [self.row(i, statements, hits) for i in range(len(statements))]

    def row(self, position: int, statements: Sequence[Statement], hits: Sequence[Sequence[RuleHit]]) -> dict[str, float]:
        """Return the features of the statement at a position."""
        return features.of_statement(position, statements, hits, self.groups)

    def probabilities(self, rows: Sequence[Mapping[str, float]]) -> Array:
        """Return the linear models' calibrated probabilities, shape (rows, OUTPUTS)."""
        return sigmoid(self.statement.logits(rows) * self._slope + self._offset)

    def read(self, statements: Sequence[Statement], probabilities: Array, reading: Reading | None = None) -> Array:
        """Return the probabilities of a page that sells, by the readers where they read: ``reading``, else at its doubts."""
        reading = reading or read_doubts(self.readers, statements, probabilities, self.effort, start=False)
        result = probabilities.copy()
        at = reading.positions
        result[at] = blended(probabilities[at], reading.statements, self._statement_blend)
        return result

    def page_kind(
        self, statements: Sequence[Statement], hits: Sequence[Sequence[RuleHit]], probabilities: Array
    ) -> tuple[PageKind, Reading | None]:
        """Return what kind of page it is, and what was read to know.

        ``probabilities`` are the linear models' for its statements, same order.
        """
        row = pages.of_page(statements, hits, voices(probabilities))
        cues = [name for name, weight in self.page.strongest(row, "provider", 12) if not name.startswith("bias")]
        return self.blended_kind(sigmoid(self.page.scaled(row)), statements, probabilities, tuple(cues))

    def blended_kind(
        self, values: Array, statements: Sequence[Statement], probabilities: Array, cues: tuple[str, ...] = ()
    ) -> tuple[PageKind, Reading | None]:
        """Return the same by the linear models' ``values`` for the page, shape (PAGE_OUTPUTS,)."""
        reading = None
        if statements and (self.effort.every_page or is_doubtful(values)):
            reading = read_doubts(self.readers, statements, probabilities, self.effort, start=True)
            values = blended(values, reading.page, self._page_blend)
        kind = PageKind(provider=float(values[0]), in_scope=float(values[1]), trial_record=float(values[2]), cues=cues)
        return kind, reading


def named(probabilities: Array) -> list[dict[str, float]]:
    """Return each statement's probabilities by output."""
    return [dict(zip(OUTPUTS, row, strict=True)) for row in probabilities.tolist()]


def voices(probabilities: Array) -> list[pages.Voice]:
    """Return how each statement sounds."""
    columns = probabilities[:, [OUTPUTS.index(OWN_CLAIM), OUTPUTS.index(SELLER)]]
    return [pages.Voice(*row) for row in columns.tolist()]


def is_doubtful(values: Array) -> bool:
    """Say whether the linear models are unsure what a page is: then its beginning is worth reading."""
    return bool(((values > DOUBT[0]) & (values < DOUBT[1])).any())


def doubtful(probabilities: Array) -> list[int]:
    """Return the positions of the statements that are worth reading, the most doubtful first.

    What may promise approval or cure comes before all, however sure the linear models are: the verdict hangs on it.
    """
    judged = probabilities[:, : OUTPUTS.index(OWN_CLAIM)]
    doubt = (judged * (1 - judged)).max(axis=1, initial=0.0)
    doubt += (judged[:, _PROMISED] >= DOUBT[0]).any(axis=1)
    worst = np.argsort(-doubt, kind="stable")
    return [int(i) for i in worst if doubt[i] > STATEMENT_DOUBT[0] * STATEMENT_DOUBT[1]]


def read_doubts(
    readers: Readers, statements: Sequence[Statement], probabilities: Array, effort: Effort, *, start: bool
) -> Reading:
    """Read what the linear models leave doubtful, as much as the effort allows; ``start``: the page's beginning before it.

    What the fast reader is then still in doubt about the deep one reads too, where the page may be a seller's.
    """
    fast, deep = effort.allowed(len(statements))
    reading = readers.fast.read(statements, doubtful(probabilities), fast, start=start)
    if not deep or sigmoid(reading.page)[PAGE_OUTPUTS.index("provider")] < DOUBT[0]:
        return reading
    asked = [reading.positions[i] for i in doubtful(sigmoid(reading.statements))]
    return merged(reading, readers.deep.read(statements, asked, deep, start=start))


def blended(probabilities: Array, read: Array, blend: tuple[Array, ...]) -> Array:
    """Return probabilities from calibrated ones and the reader's log-odds: ``blend`` holds two weights and an offset."""
    return sigmoid(np.log(probabilities / (1 - probabilities)) * blend[0] + read * blend[1] + blend[2])


def _columns(by_name: Mapping[str, Sequence[float]], names: Sequence[str]) -> tuple[Array, ...]:
    """Return the numbers kept for each output as one row for each place."""
    return tuple(np.array([by_name[name] for name in names], dtype=np.float64).T)


def sigmoid(logits: Array) -> Array:
    """Return probabilities for log-odds, kept within 0.001 and 0.999: never certain."""
    result: Array = np.clip(1.0 / (1.0 + np.exp(np.clip(-logits, -30.0, 30.0))), 0.001, 0.999)  # exp never overflows
    return result


def linear(part: Mapping[str, Any], outputs: Iterable[str]) -> Linear:
    """Return the models of one part of the file; raises ValueError when names and weights do not fit each other."""
    names = str(part["names"]).split("\n")
    weights = np.asarray(part["weights"], dtype=np.float64)
    bias = np.asarray(part["bias"], dtype=np.float64)
    wanted = tuple(outputs)
    if weights.shape != (len(names), len(wanted)) or bias.shape != (len(wanted),):
        raise ValueError(f"weights of shape {weights.shape} for {len(names)} names and {len(wanted)} outputs")
    vocabulary = {sys.intern(name): i for i, name in enumerate(names)}
    known = np.vstack([weights, np.zeros((1, len(wanted)))]).astype(np.float32)
    return Linear(vocabulary=vocabulary, weights=known, bias=bias, outputs=wanted)


def load(path: Path | None = None, effort: Effort = THOROUGH) -> Classifier:
    """Return the classifier from a file, by default the one shipped with the package; its readers read with this effort.

    Raises ModelError when the file is missing, holds a type that is not trusted, or does not fit.
    """
    import skops.io

    path = path or model_folder() / FILE_NAME
    if not path.is_file():
        raise ModelError(
            f"The model file {path} is missing; reinstall the package, or run 'clinic-checker model train' in a checkout."
        )
    try:
        foreign = _types(path) - TRUSTED
        if foreign:
            raise ModelError(
                f"The model file {path} holds types that are not trusted: {', '.join(sorted(foreign))}. It was not loaded."
            )
        return Classifier(skops.io.load(path, trusted=[]), load_readers(path.parent), effort)
    except (KeyError, ValueError, TypeError, AttributeError, OSError, zipfile.BadZipFile) as error:
        raise ModelError(
            f"The model file {path} does not fit this version ({error}); run 'clinic-checker model train' in a checkout."
        ) from error


def _types(path: Path) -> set[str]:
    """Return the names of all types in a model file, read from its schema without building any object."""
    with zipfile.ZipFile(path) as archive:
        waiting = [json.loads(archive.read("schema.json"))]
    found: set[str] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if "__class__" in node and "__module__" in node:
                found.add(f"{node['__module__']}.{node['__class__']}")
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)
    return found


#: What the digest holds beside the weights.
_PLAIN = ("calibration", "statement_blend", "page_blend", "thresholds", "groups", "data_digest", "reader_digest")


def digest(content: Mapping[str, Any]) -> str:
    """Return SHA-256 over vocabulary, weights rounded to 6 digits, calibration, thresholds and data digest.

    Two files of one model differ in bytes; this does not.
    """
    total = hashlib.sha256()
    for part in ("statement", "page"):
        total.update(str(content[part]["names"]).encode())
        for name in ("weights", "bias"):
            total.update(np.round(np.asarray(content[part][name], dtype=np.float64), 6).astype("<f8").tobytes())
    rest = {key: _rounded(content[key]) for key in _PLAIN}
    total.update(json.dumps(rest, sort_keys=True).encode())
    return total.hexdigest()


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return value

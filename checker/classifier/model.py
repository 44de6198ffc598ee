"""Loads the trained classifier and turns features into calibrated probabilities."""

from __future__ import annotations

import hashlib
import json
import math
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from checker.classifier import features, pages
from checker.classifier.folder import model_folder
from checker.errors import ModelError
from checker.values import Label, PageKind, RuleHit, Statement

#: Outputs of the statement model: every label; whether the statement is a claim of any kind on a page that sells;
#: and whether it is one in the publisher's own voice, learned on pages of all kinds, for judging the page.
CLAIM = "claim"
OWN_CLAIM = "own_claim"
#: Whether a provider speaks, learned from every statement of every page with its page's publisher as the truth.
SELLER = "seller"
OUTPUTS = (*(label.value for label in Label), CLAIM, OWN_CLAIM, SELLER)
PAGE_OUTPUTS = ("provider", "in_scope", "trial_record")

#: The only types that a model file may hold.
TRUSTED = frozenset({"builtins.dict", "builtins.list", "builtins.str", "builtins.float", "builtins.int", "numpy.ndarray"})
FILE_NAME = "classifier.skops"


@dataclass(frozen=True)
class Linear:
    """Several logistic models over one vocabulary: weights of shape (features, outputs)."""

    vocabulary: Mapping[str, int]
    weights: np.ndarray[Any, np.dtype[np.float64]]
    bias: np.ndarray[Any, np.dtype[np.float64]]
    outputs: tuple[str, ...]

    def logits(self, rows: Sequence[Mapping[str, float]]) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Return log-odds of shape (rows, outputs)."""
        columns: list[int] = []
        values: list[float] = []
        ends = [0]
        vocabulary = self.vocabulary
        for row in rows:
            for name, value in row.items():
                column = vocabulary.get(name)
                if column is not None:
                    columns.append(column)
                    values.append(value)
            ends.append(len(columns))
        matrix = csr_matrix((values, columns, ends), shape=(len(rows), len(vocabulary)))
        return np.asarray(matrix @ self.weights + self.bias)

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
    """The statement model, the page model, their calibration and thresholds; build once, use often."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.statement = linear(content["statement"], OUTPUTS)
        self.page = linear(content["page"], PAGE_OUTPUTS)
        self._slope = np.array([content["calibration"][name][0] for name in OUTPUTS])
        self._offset = np.array([content["calibration"][name][1] for name in OUTPUTS])
        self.thresholds: dict[str, float] = dict(content["thresholds"])
        self.groups = tuple(content["groups"])
        self.data_digest: str = content["data_digest"]
        self.digest = digest(content)

    def rows(self, statements: Sequence[Statement], hits: Sequence[Sequence[RuleHit]]) -> list[dict[str, float]]:
        """Return the features of each statement."""
        return [features.of_statement(i, statements, hits, self.groups) for i in range(len(statements))]

    def probabilities(self, rows: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
        """Return calibrated probabilities for each row: label or "claim" to a number above 0 and below 1."""
        if not rows:
            return []
        values = sigmoid(self.statement.logits(rows) * self._slope + self._offset)
        return [dict(zip(OUTPUTS, row, strict=True)) for row in values.tolist()]

    def page_kind(
        self,
        statements: Sequence[Statement],
        hits: Sequence[Sequence[RuleHit]],
        probabilities: Sequence[Mapping[str, float]],
    ) -> PageKind:
        """Return what kind of page it is; ``probabilities`` are the statements', same order."""
        row = pages.of_page(statements, hits, [pages.Voice(p[OWN_CLAIM], p[SELLER]) for p in probabilities])
        values = sigmoid(self.page.logits([row]))[0]
        cues = [name for name, weight in self.page.strongest(row, "provider", 12) if not name.startswith("bias")]
        return PageKind(provider=float(values[0]), in_scope=float(values[1]), trial_record=float(values[2]), cues=tuple(cues))


def sigmoid(logits: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return probabilities for log-odds, kept within 0.001 and 0.999: never certain."""
    result: np.ndarray[Any, np.dtype[np.float64]] = np.clip(1.0 / (1.0 + np.exp(-logits)), 0.001, 0.999)
    return result


def linear(part: Mapping[str, Any], outputs: Iterable[str]) -> Linear:
    """Return the models of one part of the file; raises ValueError when names and weights do not fit each other."""
    names = str(part["names"]).split("\n")
    weights = np.asarray(part["weights"], dtype=np.float64)
    bias = np.asarray(part["bias"], dtype=np.float64)
    wanted = tuple(outputs)
    if weights.shape != (len(names), len(wanted)) or bias.shape != (len(wanted),):
        raise ValueError(f"weights of shape {weights.shape} for {len(names)} names and {len(wanted)} outputs")
    return Linear(vocabulary={name: i for i, name in enumerate(names)}, weights=weights, bias=bias, outputs=wanted)


def load(path: Path | None = None) -> Classifier:
    """Return the classifier from a file, by default the one shipped with the package.

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
        return Classifier(skops.io.load(path, trusted=[]))
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


def digest(content: Mapping[str, Any]) -> str:
    """Return SHA-256 over vocabulary, weights rounded to 6 digits, calibration, thresholds and data digest.

    Two files of one model differ in bytes; this does not.
    """
    total = hashlib.sha256()
    for part in ("statement", "page"):
        total.update(str(content[part]["names"]).encode())
        for name in ("weights", "bias"):
            total.update(np.round(np.asarray(content[part][name], dtype=np.float64), 6).astype("<f8").tobytes())
    rest = {key: _rounded(content[key]) for key in ("calibration", "thresholds", "groups", "data_digest")}
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

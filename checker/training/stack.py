"""Gradient-boosted trees over rule hits, cues and the linear models' odds: measured beside the checker, not part of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction import DictVectorizer

from checker.classifier import features
from checker.classifier.model import Classifier, sigmoid
from checker.classifier.outputs import OUTPUTS
from checker.training import systems, train
from checker.training.train import Array, Prepared
from checker.values import PageKind

GROUPS = ("cues", "rules")
#: A hit or cue of fewer statements than this is no column.
LEAST = 20
TREES = 100
#: Log-odds of what was never seen.
NEVER = -10.0


def learned(whole: Sequence[Prepared], classifier: Classifier) -> systems.Odds:
    """Return the odds of a stack that learned on what linear models said of pages of voices that they had not seen."""
    selling = [p for p in whole if p.selling and p.rows]
    odds = train.out_of_fold(selling, systems.JUDGED)
    vectorizer = DictVectorizer(dtype=np.float32, sparse=False)
    given = vectorizer.fit_transform([row for p in selling for row in _rows(p)])
    vectorizer.restrict(np.flatnonzero((given != 0).sum(axis=0) >= LEAST), indices=True)
    matrix = np.vstack([_matrix(vectorizer, p, part) for p, part in zip(selling, odds, strict=True)])
    columns = [OUTPUTS.index(name) for name in systems.JUDGED]
    models = [_boosted(matrix, column) for column in np.vstack([p.targets for p in selling])[:, columns].T]
    kind_of = systems.by_both(classifier)

    def judge(p: Prepared) -> tuple[Array, PageKind]:
        found = _matrix(vectorizer, p, classifier.statement.logits(p.rows)[:, columns])
        answers = np.full((len(found), len(OUTPUTS)), NEVER)
        answers[:, columns] = np.column_stack([_logits(model, found) for model in models])
        return sigmoid(answers), kind_of(p)[1]

    return judge


def _rows(p: Prepared) -> list[dict[str, float]]:
    statements = p.example.statements
    return [features.of_statement(i, statements, p.hits, GROUPS) for i in range(len(statements))]


def _matrix(vectorizer: DictVectorizer, p: Prepared, odds: Array) -> Array:
    return np.hstack([vectorizer.transform(_rows(p)), odds])


def _boosted(matrix: Array, truth: Array) -> HistGradientBoostingClassifier | None:
    """Return the trees of one output, None where its truth never varies."""
    if truth.all() or not truth.any():
        return None
    return HistGradientBoostingClassifier(max_iter=TREES, max_leaf_nodes=15, random_state=train.SEED).fit(matrix, truth)


def _logits(model: HistGradientBoostingClassifier | None, matrix: Array) -> Array:
    return np.full(len(matrix), NEVER) if model is None else np.asarray(model.decision_function(matrix))

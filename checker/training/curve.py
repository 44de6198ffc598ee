"""Shows how claim F1 on unseen voices grows with the training statements, and so when more of the same stops helping."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from sklearn.model_selection import GroupKFold

from checker.claims.pipeline import Pipeline
from checker.classifier.model import linear, sigmoid
from checker.classifier.outputs import CLAIM, OUTPUTS
from checker.rules.book import Book
from checker.training import dataset, train
from checker.training.train import Prepared

SHARES = (0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 1.0)


def write(root: Path) -> str:
    """Return a table: training statements on pages that sell (mean over folds), and claim F1 on voices not learned from."""
    pipeline = Pipeline()
    pages = dataset.read_pages(root / "training_data" / "pages")
    prepared = [p for p in train.prepare([dataset.example(page, pipeline) for page in pages], Book()) if p.selling]
    groups = [p.example.page.voice for p in prepared]
    folds = list(GroupKFold(n_splits=train.FOLDS).split(groups, groups=groups))
    lines = [f"{'statements':>10s}{'claim F1':>10s}"]
    for share in SHARES:
        counts, scores = zip(*(_point(prepared, learn, test, share) for learn, test in folds), strict=True)
        lines.append(f"{np.mean(counts):10.0f}{np.mean(scores):10.3f}")
    return "\n".join(lines)


def _point(prepared: list[Prepared], learn: train.Array, test: train.Array, share: float) -> tuple[int, float]:
    """Learn from a share of a fold's pages, the same pages for the same seed, and score the pages left out."""
    order = np.random.default_rng(train.SEED).permutation(learn)
    chosen = [prepared[i] for i in order[: max(int(len(order) * share), 1)]]
    model = linear(train.exported(train.fit_statements(chosen, (CLAIM,)), (CLAIM,)), (CLAIM,))
    found = np.concatenate([sigmoid(model.logits(prepared[i].rows))[:, 0] >= 0.5 for i in test])
    truth = np.concatenate([prepared[i].targets[:, OUTPUTS.index(CLAIM)] for i in test])
    return sum(len(p.rows) for p in chosen), train.f_score(found, truth)

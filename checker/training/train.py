"""Turns labelled pages into a model: features, out-of-fold predictions, calibration, thresholds, final fit."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from checker.claims.pipeline import Pipeline
from checker.classifier import features, pages
from checker.classifier import reader as reading
from checker.classifier.model import THOROUGH, Classifier, Linear, linear, read_doubts, sigmoid, voices
from checker.classifier.model import digest as model_digest
from checker.classifier.outputs import OUTPUTS, OWN_CLAIM, PAGE_OUTPUTS, SELLER
from checker.classifier.reader import Readers, Reading
from checker.rules.book import Book
from checker.training import dataset
from checker.training.dataset import Example
from checker.values import CLAIMS, PROMISES, Label, Publisher, RuleHit, VerdictLevel

Array = np.ndarray[Any, Any]

SEED = 0
FOLDS = 5
#: Voices that the reader never learns from: it is calibrated and weighed on them, and the scores are theirs.
HELD_OUT_VOICES = frozenset(
    """careful_clinic cell_explainers clinic_home obs_answers obs_hunt_retold obs_mixed_a obs_mixed_b obs_sundry plain_tourism
    third_party_plain web_abroad wellness_center""".split()
)
#: Inverse strength of the penalty on both models' weights: the rarer labels have a dozen examples on the pages held out.
BLEND_C, PAGE_BLEND_C = 0.3, 1.0
#: What both models' log-odds of "offers a product in scope" count, and the offset: set by hand, for weights fitted on invented
#: pages left nearly all to the reader, which takes other treatments for cells on real ones. With half the linear model's weight
#: for the reader more sellers' pages of the voices held out were lost, and no fewer were wrongly in scope.
IN_SCOPE_BLEND = (1.0, 0.75, 0.0)
#: Examples of a label from which on its threshold is set on the held-out voices alone.
ENOUGH = 50
#: Inverse strength of the penalty. Between 0.05 and 0.3 the scores hardly moved; the stronger penalties keep the
#: weights of rare words small.
STATEMENT_C = 0.1
PAGE_C = 0.3
TRIAL_C = 3.0
#: A feature seen in fewer statements (pages) than this is left out.
MIN_STATEMENTS = 3
MIN_PAGES = 3
#: Thresholds stay within these bounds: outside of them a label with few examples is fitted to noise.
LOWEST, HIGHEST = 0.2, 0.6
#: A promise of approval or cure decides the verdict: it needs more than an even chance.
LOWEST_PROMISE, HIGHEST_PROMISE = 0.5, 0.8
#: For promises precision counts twice as much as recall (F0.5): a page is not called an alarm on a doubtful one.
PROMISE_WEIGHT = 0.5
NOT_SELLING = frozenset({VerdictLevel.TRIAL, VerdictLevel.INFORMATIONAL, VerdictLevel.OUT_OF_SCOPE})


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """An example with its rule hits and features; ``targets`` has shape (statements, outputs)."""

    example: Example
    hits: Sequence[Sequence[RuleHit]]
    rows: list[dict[str, float]]
    targets: Array
    selling: bool


@dataclass(frozen=True, kw_only=True)
class Trained:
    """A model's content with what its linear models say of pages whose voices they have not seen.

    ``probabilities`` of a page have shape (statements, outputs), ``kinds`` (page outputs,).
    """

    content: dict[str, Any]
    prepared: list[Prepared]
    probabilities: list[Array]
    kinds: list[Array]
    readers: Readers


def is_selling(level: VerdictLevel) -> bool:
    """Say whether labels apply to pages of this verdict."""
    return level not in NOT_SELLING


def prepare(examples: Sequence[Example], book: Book, groups: Sequence[str] = features.GROUPS) -> list[Prepared]:
    """Return each example with rule hits, features of the given groups and targets."""
    return [_prepare(example, book, groups) for example in examples]


def _prepare(example: Example, book: Book, groups: Sequence[str]) -> Prepared:
    hits = [book.hits(statement) for statement in example.statements]
    rows = [features.of_statement(i, example.statements, hits, groups) for i in range(len(example.statements))]
    return Prepared(
        example=example,
        hits=hits,
        rows=rows,
        targets=np.array([targets(labels, example.page.publisher) for labels in example.labels], dtype=bool).reshape(
            -1, len(OUTPUTS)
        ),
        selling=is_selling(example.page.verdict),
    )


def targets(labels: frozenset[Label], publisher: Publisher) -> list[bool]:
    """Return one truth per output; a claim is any label but hedge, disclaimer and pressure."""
    claim = bool(labels & CLAIMS)
    return [*(label in labels for label in Label), claim, claim, publisher is Publisher.PROVIDER]


def fit_statements(
    prepared: Sequence[Prepared], outputs: Sequence[str] = OUTPUTS, strength: float = STATEMENT_C
) -> dict[str, Any]:
    """Fit one logistic model per output: on selling pages, and for own_claim on pages of all kinds."""
    rows = [row for p in prepared for row in p.rows]
    truth = np.vstack([p.targets for p in prepared])
    selling = np.concatenate([np.full(len(p.rows), p.selling) for p in prepared])
    vectorizer = _vectorizer([row for row, sells in zip(rows, selling, strict=True) if sells], MIN_STATEMENTS)
    matrix = _matrix(vectorizer, rows)
    models = {name: _fit_output(name, matrix, truth[:, OUTPUTS.index(name)], selling, strength) for name in outputs}
    return {"vectorizer": vectorizer, "models": models}


def _fit_output(name: str, matrix: csr_matrix, truth: Array, selling: Array, strength: float) -> LogisticRegression:
    if name in (OWN_CLAIM, SELLER):
        return _logistic(strength, balanced=name == SELLER).fit(matrix, truth)
    return _logistic(strength).fit(matrix[selling], truth[selling])


def fit_pages(prepared: Sequence[Prepared], probabilities: Sequence[Array]) -> dict[str, Any]:
    """Fit the page models; ``probabilities`` are each page's out-of-fold ones, shape (statements, outputs)."""
    rows = [pages.of_page(p.example.statements, p.hits, voices(part)) for p, part in zip(prepared, probabilities, strict=True)]
    pages_ = [p.example.page for p in prepared]
    provider = np.array([page.publisher is Publisher.PROVIDER for page in pages_])
    trial = np.array([page.verdict is VerdictLevel.TRIAL for page in pages_])
    scope = np.array([page.verdict is not VerdictLevel.OUT_OF_SCOPE for page in pages_])
    vectorizer = _vectorizer(rows, MIN_PAGES)
    matrix = _matrix(vectorizer, rows)
    names = vectorizer.feature_names_
    general = _only(matrix, [not name.startswith(pages.PRODUCT) for name in names])
    patterns = _only(matrix, [name.startswith(pages.PATTERNS) for name in names])
    models = {
        "provider": _logistic(PAGE_C).fit(general, provider),
        "trial_record": _logistic(TRIAL_C).fit(patterns, trial),
        "in_scope": _logistic(PAGE_C, balanced=True).fit(matrix[provider], scope[provider]),
    }
    return {"vectorizer": vectorizer, "models": models}


def _vectorizer(rows: Sequence[Mapping[str, float]], least: int) -> DictVectorizer:
    """Return a vectorizer of the features that stand in at least so many rows."""
    vectorizer = DictVectorizer()
    counts = np.asarray((vectorizer.fit_transform(rows) != 0).sum(axis=0)).ravel()
    return vectorizer.restrict(np.flatnonzero(counts >= least), indices=True)


def _logistic(strength: float, balanced: bool = False) -> LogisticRegression:
    return LogisticRegression(
        C=strength, solver="liblinear", max_iter=1000, random_state=SEED, class_weight="balanced" if balanced else None
    )


def _matrix(vectorizer: DictVectorizer, rows: Sequence[Mapping[str, float]]) -> csr_matrix:
    """Return the features of rows as a matrix."""
    return _small(vectorizer.transform(rows))


def _only(matrix: csr_matrix, kept: Sequence[bool]) -> csr_matrix:
    """Return the matrix with every column that is not kept empty; its weights come out as 0."""
    return _small(matrix @ diags(np.asarray(kept, dtype=float)))


def _small(matrix: Any) -> csr_matrix:
    """Return a sparse matrix with 32-bit indices, the only ones that liblinear takes."""
    result = csr_matrix(matrix)
    result.indices, result.indptr = result.indices.astype(np.int32), result.indptr.astype(np.int32)
    return result


def exported(part: Mapping[str, Any], outputs: Sequence[str]) -> dict[str, Any]:
    """Return what the model file holds of fitted models: feature names, a line each, and their weights as plain arrays."""
    models = part["models"]
    return {
        "names": "\n".join(part["vectorizer"].feature_names_),
        "weights": np.vstack([models[name].coef_[0] for name in outputs]).T.astype(np.float32),
        "bias": np.array([models[name].intercept_[0] for name in outputs], dtype=np.float32),
    }


def out_of_fold(
    prepared: Sequence[Prepared],
    outputs: Sequence[str] = OUTPUTS,
    strength: float = STATEMENT_C,
    extra: Sequence[Prepared] = (),
) -> list[Array]:
    """Return log-odds for every page, shape (statements, outputs), by models that saw neither its site nor its voice.

    ``extra`` pages are learned from in every fold and never predicted.
    """
    groups = [p.example.page.voice for p in prepared]
    folds = min(FOLDS, len(set(groups)))
    result: list[Array] = [np.empty((0, len(outputs)))] * len(prepared)
    for train, test in GroupKFold(n_splits=folds).split(groups, groups=groups):
        model = linear(exported(fit_statements([*(prepared[i] for i in train), *extra], outputs, strength), outputs), outputs)
        for i in test:
            result[i] = model.logits(prepared[i].rows)
    return result


def calibrate(logits: Array, truth: Array) -> tuple[float, float]:
    """Return slope and offset of Platt's scaling: a logistic fit of the truth on the log-odds (Platt 1999)."""
    if truth.all() or not truth.any():
        return 1.0, 0.0
    fitted = LogisticRegression(C=1e6, max_iter=1000).fit(logits.reshape(-1, 1), truth)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def best_threshold(name: str, probabilities: Array, truth: Array) -> float:
    """Return the threshold of an output with the best F1, within the bounds, in steps of 0.01."""
    low, high = (LOWEST_PROMISE, HIGHEST_PROMISE) if name in PROMISES else (LOWEST, HIGHEST)
    steps = np.arange(low, high + 0.001, 0.01)
    weight = PROMISE_WEIGHT if name in PROMISES else 1.0
    return float(max(steps, key=lambda step: (round(f_score(probabilities >= step, truth, weight), 4), -abs(step - 0.5))))


def f_score(found: Array, truth: Array, beta: float = 1.0) -> float:
    """Return the weighted harmonic mean of precision and recall, 0 when nothing is right; under 1, precision counts more."""
    right = float((found & truth).sum())
    square = beta * beta
    return (1 + square) * right / float(found.sum() + square * truth.sum()) if right else 0.0


def data(folder: Path) -> tuple[list[Prepared], list[Prepared]]:
    """Return the whole pages and the single statements of training_data/, each with features and targets."""
    book, pipeline = Book(), Pipeline()
    whole = prepare([dataset.example(page, pipeline) for page in dataset.read_pages(folder / "pages")], book)
    return whole, prepare(dataset.read_single(folder / "statements", pipeline), book)


def _calibration(prepared: Sequence[Prepared], logits: Sequence[Array]) -> dict[str, list[float]]:
    """Return slope and offset of the linear models' log-odds for each output."""
    selling = [i for i, p in enumerate(prepared) if p.selling]
    scores = np.vstack([logits[i] for i in selling])
    truth = np.vstack([prepared[i].targets for i in selling])
    calibration = {name: list(calibrate(scores[:, j], truth[:, j])) for j, name in enumerate(OUTPUTS)}
    calibration[SELLER] = [1.0, 0.0]  # on pages that sell its truth never varies
    return calibration


def held_out(prepared: Sequence[Prepared]) -> list[int]:
    """Return the numbers of the pages that the reader has not learned from."""
    return [i for i, p in enumerate(prepared) if p.example.page.voice in HELD_OUT_VOICES and p.rows]


def _statement_blend(prepared: Sequence[Prepared], readings: Mapping[int, Reading]) -> Array:
    """Return, for each output, the weights of both models' log-odds and an offset, shape (3, outputs).

    What is read the reader judges alone: fitted together, the linear models kept a weight on these voices that cost more than
    it brought on the benchmark. Its calibration is set on what it reads of pages that sell and that it has not learned from.
    """
    pages_ = [i for i in readings if prepared[i].selling]
    said = np.vstack([readings[i].statements for i in pages_])
    truth = np.vstack([prepared[i].targets[readings[i].positions] for i in pages_])
    even = np.full(said.shape, 0.5)
    return _blend(even, said, truth, BLEND_C)


def _page_blend(prepared: Sequence[Prepared], kinds: Sequence[Array], readings: Mapping[int, Reading]) -> Array:
    """Return the same for what a page is, shape (3, page outputs).

    Whether it offers a product in scope is settled by the linear model first, which sees each product's name, and a little less
    by the reader: read word by word, other treatments that are praised in the same words pass for cells. No offset is fitted:
    both models tell invented pages apart with much room between, so that where the boundary lies in it would be chance; each
    has its own at even odds.
    """
    ours = np.vstack([kinds[i] for i in readings])
    said = np.vstack([found.page for found in readings.values()])
    result = _blend(ours, said, np.vstack([page_truth(prepared[i]) for i in readings]), PAGE_BLEND_C, offset=False)
    result[:, PAGE_OUTPUTS.index("in_scope")] = IN_SCOPE_BLEND
    return result


def _blend(ours: Array, read: Array, truth: Array, strength: float, *, offset: bool = True) -> Array:
    """Fit the truth of each column on the log-odds of both models; where it never varies, the linear model stands alone."""
    result = np.zeros((3, truth.shape[1]))
    result[0] = 1.0
    odds = np.log(ours / (1 - ours))
    for j in range(truth.shape[1]):
        if truth[:, j].any() and not truth[:, j].all():
            model = LogisticRegression(C=strength, max_iter=1000, fit_intercept=offset)
            fitted = model.fit(np.column_stack([odds[:, j], read[:, j]]), truth[:, j])
            result[:2, j], result[2, j] = fitted.coef_[0], np.ravel(fitted.intercept_)[0]
    return result


def page_truth(p: Prepared) -> list[bool]:
    """Return what a page is, in the order of PAGE_OUTPUTS."""
    verdict = p.example.page.verdict
    return [
        p.example.page.publisher is Publisher.PROVIDER,
        verdict is not VerdictLevel.OUT_OF_SCOPE,
        verdict is VerdictLevel.TRIAL,
    ]


def _pages_out_of_fold(prepared: Sequence[Prepared], probabilities: Sequence[Array]) -> list[Array]:
    """Return what the linear page models say of each page, by models that saw neither its site nor its voice."""
    groups = [p.example.page.voice for p in prepared]
    result: list[Array] = [np.empty(0)] * len(prepared)
    for learn, test in GroupKFold(n_splits=min(FOLDS, len(set(groups)))).split(groups, groups=groups):
        part = fit_pages([prepared[i] for i in learn], [probabilities[i] for i in learn])
        model = linear(exported(part, PAGE_OUTPUTS), PAGE_OUTPUTS)
        for i in test:
            result[i] = _kind(prepared[i], probabilities[i], model)
    return result


def _kind(p: Prepared, probabilities: Array, model: Linear) -> Array:
    return sigmoid(model.scaled(pages.of_page(p.example.statements, p.hits, voices(probabilities))))


def train(root: Path) -> Trained:
    """Train on the checkout's training_data/ beside its readers; the same data and readers give the same model digest."""
    readers = reading.load(root / "models")
    prepared, extra = data(root / "training_data")
    logits = out_of_fold(prepared, extra=extra)
    calibration = _calibration(prepared, logits)
    slope, offset = np.array([calibration[name] for name in OUTPUTS]).T
    by_line = [sigmoid(part * slope + offset) for part in logits]
    kinds = _pages_out_of_fold(prepared, by_line)
    readings = {
        i: read_doubts(readers, prepared[i].example.statements, by_line[i], THOROUGH, start=True) for i in held_out(prepared)
    }
    content = {
        "statement": exported(fit_statements([*prepared, *extra]), OUTPUTS),
        "page": exported(fit_pages(prepared, by_line), PAGE_OUTPUTS),
        "calibration": calibration,
        "statement_blend": _by_name(OUTPUTS, _statement_blend(prepared, readings)),
        "page_blend": _by_name(PAGE_OUTPUTS, _page_blend(prepared, kinds, readings)),
        "thresholds": {},
        "groups": list(features.GROUPS),
        "data_digest": dataset.digest(root / "training_data"),
        "reader_digest": readers.digest,
    }
    content["thresholds"] = _thresholds(prepared, by_line, Classifier(content, readers))
    return Trained(content=content, prepared=prepared, probabilities=by_line, kinds=kinds, readers=readers)


def _by_name(names: Sequence[str], values: Array) -> dict[str, list[float]]:
    return dict(zip(names, values.T.tolist(), strict=True))


def _thresholds(prepared: Sequence[Prepared], probabilities: Sequence[Array], judge: Classifier) -> dict[str, float]:
    """Return each output's threshold on calibrated probabilities of statements on pages that sell.

    It is set on what is shipped, on the voices held out from the reader; a label with few examples there takes all voices,
    as the linear models read them.
    """
    selling = [i for i, p in enumerate(prepared) if p.selling]
    unread = [i for i in held_out(prepared) if prepared[i].selling]
    few = np.vstack([judge.read(prepared[i].example.statements, probabilities[i]) for i in unread])
    all_ = np.vstack([probabilities[i] for i in selling])
    truth_few, truth_all = (np.vstack([prepared[i].targets for i in part]) for part in (unread, selling))
    return {
        name: best_threshold(name, few[:, j], truth_few[:, j])
        if truth_few[:, j].sum() >= ENOUGH
        else best_threshold(name, all_[:, j], truth_all[:, j])
        for j, name in enumerate(OUTPUTS)
    }


def save(content: Mapping[str, Any], path: Path) -> str:
    """Write the model file and return its digest."""
    import skops.io

    path.parent.mkdir(parents=True, exist_ok=True)
    skops.io.dump(dict(content), path, compression=zipfile.ZIP_DEFLATED, compresslevel=9)
    return model_digest(content)

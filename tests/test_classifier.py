"""The model file is audited before it is loaded, and predictions repeat."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import skops.io
from sklearn.linear_model import LogisticRegression

from checker.claims.pipeline import Pipeline
from checker.classifier.folder import model_folder
from checker.classifier.model import FILE_NAME, Classifier, digest, load, named
from checker.classifier.outputs import OUTPUTS
from checker.classifier.reader import DEEP_NAME, FAST_NAME, PIECES_NAME
from checker.errors import ModelError
from checker.rules.book import Book
from checker.values import Role, TextBlock

TEXTS = ["Our exosomes repair damaged nerves.", "We are open on Mondays.", "Individual results may vary."]


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return load()


def probabilities(classifier: Classifier) -> list[dict[str, float]]:
    blocks = [TextBlock(index=i, text=text, role=Role.PARAGRAPH) for i, text in enumerate(TEXTS)]
    statements, book = Pipeline().statements(blocks), Book()
    rows = classifier.rows(statements, [book.hits(statement) for statement in statements])
    return named(classifier.read(statements, classifier.probabilities(rows)))


def test_probabilities_are_never_certain_and_repeat(classifier: Classifier) -> None:
    first, second = probabilities(classifier), probabilities(load())
    assert all(0 < value < 1 for row in first for value in row.values())
    assert all(abs(a[name] - b[name]) < 1e-6 for a, b in zip(first, second, strict=True) for name in OUTPUTS)


def test_model_tells_plain_cases_apart(classifier: Classifier) -> None:
    repair, hours, limits = probabilities(classifier)
    assert repair["claim"] > 0.5 > hours["claim"]
    assert limits["disclaimer"] > 0.5 > hours["disclaimer"]


def test_a_file_with_any_object_in_it_is_refused(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    skops.io.dump({"statement": LogisticRegression()}, path)
    with pytest.raises(ModelError, match="LogisticRegression"):
        load(path)


def test_a_broken_or_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is missing"):
        load(tmp_path / "none.skops")
    broken = tmp_path / "broken.skops"
    broken.write_bytes(b"no archive")
    with pytest.raises(ModelError, match="model train"):
        load(broken)


def test_a_file_whose_parts_do_not_fit_is_refused(tmp_path: Path) -> None:
    content = dict(skops.io.load(model_folder() / FILE_NAME, trusted=[]))
    content["statement"] = {**content["statement"], "weights": np.zeros((3, len(OUTPUTS)), dtype=np.float32)}
    path = tmp_path / FILE_NAME
    skops.io.dump(content, path)
    for name in (FAST_NAME, DEEP_NAME, PIECES_NAME):
        (tmp_path / name).write_bytes((model_folder() / name).read_bytes())
    with pytest.raises(ModelError, match="does not fit"):
        load(path)


def test_digest_sees_a_weight_that_changed() -> None:
    content = skops.io.load(model_folder() / FILE_NAME, trusted=[])
    other = {**content, "page": {**content["page"], "bias": content["page"]["bias"] + np.float32(0.01)}}
    assert digest(content) == digest(dict(content)) != digest(other)

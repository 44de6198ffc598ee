"""The reader splits words as its vocabulary says, reads only what is doubtful, and its files are checked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from checker.claims.pipeline import Pipeline
from checker.classifier import reader
from checker.classifier.folder import model_folder
from checker.classifier.model import DOUBT, FEWER_EVERY, LEAST_READ, MOST_READ, Classifier, blended, doubtful, load
from checker.classifier.outputs import OUTPUTS, PAGE_OUTPUTS
from checker.classifier.reader import END, MAX_PAGE, MAX_STATEMENT, START, UNKNOWN, Pieces
from checker.errors import ModelError
from checker.values import Role, Statement, TextBlock

VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "nerve", "##s", "heal", "##ing", ".", "paragraph", "main", "pain"]


@pytest.fixture(scope="module")
def whole() -> Classifier:
    return load()


def statements(*texts: str) -> tuple[Statement, ...]:
    blocks = [TextBlock(index=i, text=text, role=Role.PARAGRAPH, headings=("Pain",)) for i, text in enumerate(texts)]
    return Pipeline().statements(blocks)


def spelled(numbers: list[int]) -> list[str]:
    return [VOCABULARY[number] for number in numbers]


def test_words_are_split_into_the_longest_pieces() -> None:
    pieces = Pieces(VOCABULARY)
    assert spelled(pieces.of_words(["nerves", "healing", "."], 9)) == ["nerve", "##s", "heal", "##ing", "."]
    assert pieces.of_words(["zzz"], 9) == [UNKNOWN]
    assert len(pieces.of_words(["nerves"] * 50, 7)) == 7


def test_a_statement_is_read_with_what_stands_around_it() -> None:
    own, around = Pieces(VOCABULARY).of_statement(1, statements("Healing nerves.", "Nerves healing."))
    assert spelled(own) == ["[CLS]", "nerve", "##s", "heal", "##ing", ".", "[SEP]"]
    assert spelled(around) == ["paragraph", "main", "pain", "heal", "##ing", "nerve", "##s", ".", "[SEP]"]


def test_long_statements_and_pages_are_cut() -> None:
    pieces, long = Pieces(VOCABULARY), statements("nerves " * 500)
    assert len(pieces.of_statement(0, long)[0]) == MAX_STATEMENT + 2
    page, beside = pieces.of_page(long)
    assert (page[0], page[-1], len(page), beside) == (START, END, MAX_PAGE + 2, [])


def test_an_answer_does_not_depend_on_what_else_is_read(whole: Classifier) -> None:
    read = statements("Our cells rebuild the nerve.", "We open at nine.", "Results vary from person to person.")
    together = whole.reader.statements([0, 1, 2], read)
    alone = np.vstack([whole.reader.statements([i], read) for i in range(3)])
    assert together.shape == (3, len(OUTPUTS)) and np.array_equal(together, alone)
    assert whole.reader.statements([], read).shape == (0, len(OUTPUTS))
    assert whole.reader.page(read).shape == (len(PAGE_OUTPUTS),)


def test_only_doubtful_statements_are_read_the_most_doubtful_first() -> None:
    sure = np.full((5, len(OUTPUTS)), 0.01)
    assert doubtful(sure) == []
    sure[3, OUTPUTS.index("claim")] = 0.5
    sure[1, OUTPUTS.index("cure")] = DOUBT[0] + 0.01
    sure[2, OUTPUTS.index("seller")] = 0.5  # who speaks is a matter of the page
    assert doubtful(sure) == [1, 3]
    many = np.full((100, len(OUTPUTS)), 0.3)
    many[-1] = 0.5
    assert len(doubtful(many)) == MOST_READ - 100 // FEWER_EVERY and doubtful(many)[-1] == len(many) - 1
    assert len(doubtful(np.tile(many, (10, 1)))) == LEAST_READ
    assert doubtful(np.empty((0, len(OUTPUTS)))) == []


def test_what_may_promise_approval_or_cure_is_read_before_all_else() -> None:
    many = np.full((1000, len(OUTPUTS)), 0.5)
    many[:, [OUTPUTS.index("cure"), OUTPUTS.index("fda_approved")]] = 0.01
    many[700, OUTPUTS.index("cure")] = 0.999  # sure, and read all the same
    assert LEAST_READ == 1 and doubtful(many) == [700]


def test_blending_weighs_both_models() -> None:
    ours, read = np.array([[0.5, 0.9]]), np.array([[2.0, -2.0]])
    only_ours = blended(ours, read, (np.ones(2), np.zeros(2), np.zeros(2)))
    both = blended(ours, read, (np.ones(2), np.ones(2), np.zeros(2)))
    assert only_ours == pytest.approx(ours)
    assert both[0, 0] > 0.8 and both[0, 1] < 0.6


def test_missing_or_broken_files_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"reader\.onnx is missing; reinstall"):
        reader.load(tmp_path)
    (tmp_path / reader.FILE_NAME).write_bytes(b"no network")
    (tmp_path / reader.PIECES_NAME).write_text("[PAD]\n", encoding="utf-8")
    with pytest.raises(ModelError, match="cannot be loaded"):
        reader.load(tmp_path)


def test_a_reader_that_the_model_was_not_calibrated_with_is_refused(tmp_path: Path) -> None:
    for file in model_folder().iterdir():
        if file.suffix in (".skops", ".onnx", ".txt"):
            (tmp_path / file.name).write_bytes(file.read_bytes())
    with (tmp_path / reader.PIECES_NAME).open("a", encoding="utf-8") as file:
        file.write("another\n")
    with pytest.raises(ModelError, match="reader"):
        load(tmp_path / "classifier.skops")

"""The reader splits words as its vocabulary says, reads windows around what is doubtful, and its files are checked."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import pytest

from checker.claims.pipeline import Pipeline
from checker.classifier import reader
from checker.classifier.folder import model_folder
from checker.classifier.model import (
    DOUBT,
    LEAST_READ,
    QUICK,
    THOROUGH,
    Classifier,
    Effort,
    blended,
    doubtful,
    load,
    read_doubts,
)
from checker.classifier.outputs import OUTPUTS, PAGE_OUTPUTS
from checker.classifier.reader import MAX_STATEMENT, MAX_WINDOW, NOBODY, UNKNOWN, Pieces, Reading, Spelled, Window, padded
from checker.errors import ModelError
from checker.rules.book import Book
from checker.training import dataset
from checker.training.reader import cuts_of, lessons_of
from checker.training.train import prepare
from checker.values import Role, Statement, TextBlock

VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "nerve", "##s", "heal", "##ing", ".", "list", "item", "main", "pain"]

TRAINING = Path(__file__).parent.parent / "training_data"


@pytest.fixture(scope="module")
def whole() -> Classifier:
    return load()


def statements(*texts: str, role: Role = Role.PARAGRAPH) -> tuple[Statement, ...]:
    blocks = [TextBlock(index=i, text=text, role=role, headings=("Pain",)) for i, text in enumerate(texts)]
    return Pipeline().statements(blocks)


def spelled(numbers: list[int]) -> list[str]:
    return [VOCABULARY[number] for number in numbers]


def test_words_are_split_into_the_longest_pieces() -> None:
    pieces = Pieces(VOCABULARY)
    assert spelled(pieces.of_words(["nerves", "healing", "."], 9)) == ["nerve", "##s", "heal", "##ing", "."]
    assert pieces.of_words(["zzz"], 9) == [UNKNOWN]
    assert len(pieces.of_words(["nerves"] * 50, 7)) == 7


def test_a_window_holds_statements_in_order_under_their_heading() -> None:
    page = Spelled(Pieces(VOCABULARY), statements("Healing nerves.", "Nerves healing."))
    window = page.window(0, 2)
    first, second = ["heal", "##ing", "nerve", "##s", "."], ["nerve", "##s", "heal", "##ing", "."]
    assert spelled(window.pieces) == ["[CLS]", "pain", "[SEP]", *first, "[SEP]", *second, "[SEP]"]
    assert window.owners == [NOBODY] * 3 + [0] * 6 + [1] * 6
    assert window.kinds == [0, 1, 1] + [0] * 12
    assert spelled(page.window(1, 2, above=False).pieces) == ["[CLS]", *second, "[SEP]"]


def test_the_place_of_a_statement_is_told_unless_it_is_a_plain_paragraph() -> None:
    window = Spelled(Pieces(VOCABULARY), statements("Healing.", role=Role.LIST_ITEM)).window(0, 1, above=False)
    place = [i for i, kind in enumerate(window.kinds) if kind]
    assert place and all(window.owners[i] == NOBODY for i in place)
    assert spelled(window.pieces)[-4:] == ["heal", "##ing", ".", "[SEP]"]


def test_long_statements_and_windows_are_cut() -> None:
    page = Spelled(Pieces(VOCABULARY), statements("nerves " * 500, *["Healing nerves."] * 200))
    assert page.size(0) == MAX_STATEMENT + 1
    window = page.around(100)
    assert MAX_WINDOW - 40 < len(window.pieces) <= MAX_WINDOW
    assert abs((window.first + window.end - 1) / 2 - 100) <= 1  # in the middle
    assert page.around(0).first == 0 and page.around(len(page) - 1).end == len(page)


def test_windows_are_read_until_enough_is_read() -> None:
    page = Spelled(Pieces(VOCABULARY), statements(*["Healing nerves."] * 200))
    every = page.windows(range(200), 10**9, start=False)
    assert {i for window in every for i in range(window.first, window.end)} == set(range(200))
    assert len(page.windows([50, 120, 180], 2 * MAX_WINDOW, start=False)) == 2
    small = page.windows([50, 120, 180], 200, start=True)
    assert small[0].first == 0 and len(small) == 2 and max(len(window.pieces) for window in small) <= 100
    assert len(page.windows([50, 120, 180], 0, start=False)) == 1  # one is always read
    assert page.windows([50], 10**9, start=True)[0].first == 0
    end = page.around(50).end
    _, beside = page.windows([50, end], 10**9, start=False)
    assert beside.first == end - 2 and beside.end > end + 20  # the last one at the edge, and one neighbour that was read before
    first, *rest = page.windows([50, 51, 52], 10**9, start=False)
    assert not rest and first.first < 50 < first.end  # neighbours are read with it
    assert page.windows([], 10**9, start=False) == []


def test_shares_of_a_statement_lie_on_its_own_pieces() -> None:
    page = Spelled(Pieces(VOCABULARY), statements("Healing nerves.", "Pain."))
    given = padded([page.window(0, 2), page.window(1, 2)])
    assert given["shares"].shape == (2, 2, given["pieces"].shape[1])
    assert given["shares"].sum(axis=2).tolist() == [[1, 1], [1, 0]]
    assert not given["shares"][1, 0, given["shown"][1] == 0].any()


def test_an_answer_is_taken_from_where_a_statement_stands_deepest() -> None:
    windows = [Window(first=0, end=3, pieces=[], kinds=[], owners=[]), Window(first=1, end=5, pieces=[], kinds=[], owners=[])]
    answers = [(np.full((1, 3, 2), 1.0), np.zeros((1, 3))), (np.full((1, 4, 2), 2.0), np.ones((1, 3)))]
    found = reader.gathered(windows, answers, 9)
    assert found.positions == [0, 1, 2, 3, 4]
    assert found.statements[:, 0].tolist() == [1, 1, 2, 2, 2]  # the third has a neighbour on both sides in the second window
    assert found.page.tolist() == [0.5] * 3


def test_the_same_page_is_read_the_same_way_again(whole: Classifier) -> None:
    given = statements("Our cells rebuild the nerve.", "We open at nine.", "Results vary from person to person.")
    found = whole.readers.fast.read(given, [0, 1, 2], 10**9)
    again = whole.readers.fast.read(given, [2], 10**9, start=False)
    assert found.positions == [0, 1, 2] and found.statements.shape == (3, len(OUTPUTS))
    assert found.page.shape == (len(PAGE_OUTPUTS),)
    assert np.array_equal(found.statements, again.statements)  # a short page is one window, whatever is asked for
    nothing = whole.readers.fast.read(given, [], 10**9, start=False)
    assert nothing.positions == [] and nothing.statements.shape == (0, len(OUTPUTS))


def test_what_was_read_to_know_the_page_is_not_read_again(whole: Classifier) -> None:
    given = statements("Our cells rebuild the nerve.")
    sure = np.full((1, len(OUTPUTS)), 0.01)
    reading = Reading(positions=[0], statements=np.full((1, len(OUTPUTS)), 9.0), page=np.zeros(len(PAGE_OUTPUTS)))
    assert whole.read(given, sure, reading)[0, OUTPUTS.index("cure")] > 0.9
    assert np.array_equal(whole.read(given, sure), sure)  # nothing doubtful, nothing read


def test_a_thorough_check_reads_also_a_page_that_seems_clear(whole: Classifier) -> None:
    given = statements("Our clinic offers cells.", "Book with us today.")
    quick, lines, sure = copy.copy(whole), np.full((2, len(OUTPUTS)), 0.01), np.array([0.95, 0.95, 0.01])
    quick.effort = QUICK
    assert quick.blended_kind(sure, given, lines)[1] is None
    reading = whole.blended_kind(sure, given, lines)[1]
    assert reading is not None and reading.positions == [0, 1]


def test_only_doubtful_statements_are_read_the_most_doubtful_first() -> None:
    sure = np.full((5, len(OUTPUTS)), 0.01)
    assert doubtful(sure) == []
    sure[3, OUTPUTS.index("claim")] = 0.5
    sure[1, OUTPUTS.index("cure")] = DOUBT[0] + 0.01
    sure[2, OUTPUTS.index("seller")] = 0.5  # who speaks is a matter of the page
    assert doubtful(sure) == [1, 3]
    assert doubtful(np.empty((0, len(OUTPUTS)))) == []


@pytest.mark.parametrize("effort", [QUICK, THOROUGH], ids=str)
def test_a_quick_check_reads_less_of_a_long_page(effort: Effort, whole: Classifier) -> None:
    short, long = ("We open at nine and close at five every day.",) * 40, ("We open at nine and close at five every day.",) * 400
    shares = []
    for texts in (short, long):
        doubts = np.full((len(texts), len(OUTPUTS)), 0.5)
        shares.append(len(read_doubts(whole.readers, statements(*texts), doubts, effort, start=True).positions) / len(texts))
    assert QUICK.allowed(len(long)) == (LEAST_READ, 0)
    assert shares[0] == 1 and (shares[1] == 1) == (effort is THOROUGH)


def test_what_may_promise_approval_or_cure_is_read_before_all_else() -> None:
    many = np.full((1000, len(OUTPUTS)), 0.5)
    many[:, [OUTPUTS.index("cure"), OUTPUTS.index("fda_approved")]] = 0.01
    many[700, OUTPUTS.index("cure")] = 0.999  # sure, and read all the same
    assert doubtful(many)[0] == 700


def test_blending_weighs_both_models() -> None:
    ours, read = np.array([[0.5, 0.9]]), np.array([[2.0, -2.0]])
    only_ours = blended(ours, read, (np.ones(2), np.zeros(2), np.zeros(2)))
    both = blended(ours, read, (np.ones(2), np.ones(2), np.zeros(2)))
    assert only_ours == pytest.approx(ours)
    assert both[0, 0] > 0.8 and both[0, 1] < 0.6


def test_missing_or_broken_files_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"reader\.onnx is missing; reinstall"):
        reader.load(tmp_path)
    for name in (reader.FAST_NAME, reader.DEEP_NAME, reader.PIECES_NAME):
        (tmp_path / name).write_bytes(b"no network")
    broken = reader.load(tmp_path)
    with pytest.raises(ModelError, match="cannot be loaded"):
        broken.deep.read(statements("Healing."), [0], 100)


@pytest.mark.parametrize("name", [reader.FAST_NAME, reader.DEEP_NAME, reader.PIECES_NAME])
def test_a_reader_that_the_model_was_not_calibrated_with_is_refused(name: str, tmp_path: Path) -> None:
    for file in model_folder().iterdir():
        if file.suffix in (".skops", ".onnx", ".txt"):
            (tmp_path / file.name).write_bytes(file.read_bytes())
    with (tmp_path / name).open("ab") as changed:
        changed.write(b"another\n")
    with pytest.raises(ModelError, match="readers beside it"):
        load(tmp_path / "classifier.skops")


def test_what_two_readers_say_is_the_mean_where_both_have_read() -> None:
    def reading(positions: list[int], value: float) -> Reading:
        return Reading(positions=positions, statements=np.full((len(positions), 2), value), page=np.full(3, value))

    found = reader.merged(reading([0, 1, 2], 4.0), reading([2, 3], 2.0))
    assert found.positions == [0, 1, 2, 3]
    assert found.statements[:, 0].tolist() == [4, 4, 3, 2] and found.page.tolist() == [3] * 3
    first = reading([0], 4.0)
    assert reader.merged(first, reading([], 0.0)) is first  # nothing read says nothing of the page


def test_in_a_quick_check_only_short_pages_are_read_by_the_deep_reader(whole: Classifier) -> None:
    for count, deep in ((3, True), ((QUICK.deep - LEAST_READ) // QUICK.fewer_deep + 1, False)):
        given = statements(*["Our cells rebuild the nerve."] * count)
        doubts = np.full((count, len(OUTPUTS)), 0.5)
        fast = whole.readers.fast.read(given, doubtful(doubts), QUICK.allowed(count)[0], start=True)
        both = read_doubts(whole.readers, given, doubts, QUICK, start=True)
        assert np.array_equal(both.page, fast.page) != deep and np.array_equal(both.statements, fast.statements) != deep


def test_pages_are_cut_for_learning_so_that_every_statement_is_learned_once() -> None:
    book, pipeline = Book(), Pipeline()
    pages = [dataset.example(page, pipeline) for page in dataset.read_file(TRAINING / "pages" / "careful_clinic.txt")[:6]]
    lessons = lessons_of(prepare(pages, book), prepare(pages[:1], book), Pieces(VOCABULARY), 0.0)
    cuts = list(cuts_of(lessons, np.random.default_rng(0)))
    for number, lesson in enumerate(lessons):
        mine = [cut for cut in cuts if cut.lesson == number]
        assert [i for cut in mine for i in range(cut.first, cut.end)] == list(range(len(lesson.spelled)))
        assert all(cut.end == cut.first + 1 for cut in mine) == lesson.single
        assert all(len(lesson.spelled.window(cut.first, cut.end).pieces) <= MAX_WINDOW for cut in mine)

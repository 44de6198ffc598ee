"""Reads the doubtful parts of a page word by word with transformers, where the linear models see a bag of features.

They read windows: statements that follow each other, each judged among its neighbours, and what the page is from all of them
(sequential sentence classification: Cohan et al. 2019).

The fast network is all-MiniLM-L6-v2, the deep one all-mpnet-base-v2 without two of its twelve layers (both Apache-2.0), learned
further on our own statements and pages by `checker.training.reader`, with whole numbers of one byte for weights; they run in
ONNX Runtime on one core. The deep one takes five times as long for a word and is asked where the fast one is in doubt.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from checker.classifier.outputs import OUTPUTS, PAGE_OUTPUTS
from checker.errors import ModelError
from checker.values import Role, Statement, Zone

Array = np.ndarray[Any, Any]

#: The files of the fast network, of the deep one, and of the vocabulary that they share, a piece on each line.
FAST_NAME, DEEP_NAME, PIECES_NAME = "reader.onnx", "deep_reader.onnx", "reader_pieces.txt"
#: Pieces that are read of a statement, of its role, of what stands over a window, and of a window; what is longer is cut.
MAX_STATEMENT, MAX_ROLE, MAX_ABOVE, MAX_WINDOW = 64, 8, 20, 190
#: The vocabulary's first pieces, and what they are called.
PAD, UNKNOWN, START, END = range(4)
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
_PARTS = re.compile(r"[^\W_]+|[^\w\s]|_")
#: So many words are kept with their pieces.
MAX_WORDS = 50_000
#: Whose a piece is that belongs to no statement.
NOBODY = -1
#: Where most statements stand; the place of others is told.
PLAIN = (Role.PARAGRAPH, Zone.MAIN)


class Pieces:
    """Splits words into the longest pieces of a vocabulary (WordPiece: Schuster and Nakajima 2012)."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        """Take the pieces in order of their numbers; one that continues a word begins with ##."""
        self._numbers = {piece: number for number, piece in enumerate(vocabulary)}
        self._known: dict[str, tuple[int, ...]] = {}

    def of_words(self, words: Sequence[str], most: int) -> list[int]:
        """Return the numbers of the pieces of lower-case words, at most so many."""
        return list(chain.from_iterable(map(self._of_word, words[:most])))[:most]

    def of_text(self, text: str, most: int) -> list[int]:
        """Return the numbers of the pieces of a text, at most so many."""
        return self.of_words(_PARTS.findall(text.lower()), most)

    def _of_word(self, word: str) -> tuple[int, ...]:
        pieces = self._known.get(word)
        if pieces is None:
            if len(self._known) >= MAX_WORDS:
                self._known.clear()
            pieces = self._known[word] = tuple(chain.from_iterable(map(self._split, _PARTS.findall(word))))
        return pieces

    def _split(self, part: str) -> list[int]:
        numbers: list[int] = []
        start = 0
        while start < len(part):
            for end in range(len(part), start, -1):
                number = self._numbers.get(part[start:end] if start == 0 else f"##{part[start:end]}")
                if number is not None:
                    numbers.append(number)
                    start = end
                    break
            else:
                return [UNKNOWN]
        return numbers


@dataclass(frozen=True, kw_only=True)
class Window:
    """Statements ``first`` to before ``end`` in pieces: the kind of each (0 its own, 1 of its place), and whose it is."""

    first: int
    end: int
    pieces: list[int]
    kinds: list[int]
    owners: list[int]

    def depth(self, position: int, count: int) -> int:
        """Return how many statements at least stand around one on either side; the page's own ends are no edge."""
        before = position - self.first if self.first else count
        return min(before, self.end - 1 - position if self.end < count else count)


class Spelled:
    """A page's statements in pieces, each spelled out when it is first needed."""

    def __init__(self, pieces: Pieces, statements: Sequence[Statement]) -> None:
        self._pieces = pieces
        self._statements = statements
        self._lines: dict[int, tuple[list[int], list[int]]] = {}

    def __len__(self) -> int:
        return len(self._statements)

    def line(self, position: int) -> tuple[list[int], list[int]]:
        """Return the pieces of a statement's role and zone, none for a plain paragraph, and its own."""
        if position not in self._lines:
            statement = self._statements[position]
            role, zone = statement.block.role, statement.block.zone
            told = [] if (role, zone) == PLAIN else self._pieces.of_text(f"{role.value} {zone.value}", MAX_ROLE)
            self._lines[position] = told, [*self._pieces.of_words(statement.words, MAX_STATEMENT), END]
        return self._lines[position]

    def size(self, position: int) -> int:
        """Return how many pieces a statement takes in a window."""
        return sum(map(len, self.line(position)))

    def around(self, position: int, most: int = MAX_WINDOW, read: Container[int] = ()) -> Window:
        """Return the window of at most so many pieces that has a statement as near its middle as the page allows.

        Of statements that were read before it holds only the next one on either side.
        """
        first, end, left = position, position + 1, most - MAX_ABOVE - 2 - self.size(position)
        grows = [True, True]
        while any(grows):
            for after in (True, False):
                at = end if after else first - 1
                grows[after] = grows[after] and 0 <= at < len(self) and self.size(at) <= left
                if grows[after]:
                    left -= self.size(at)
                    first, end = (first, end + 1) if after else (first - 1, end)
                    grows[after] = at not in read
        return self.window(first, end)

    def window(self, first: int, end: int, *, above: bool = True) -> Window:
        """Return statements ``first`` to before ``end``, and ``above`` them the heading and what introduces the first one."""
        block = self._statements[first].block
        text = " ".join(filter(None, [block.headings[-1] if block.headings else "", block.lead or block.question]))
        over = self._pieces.of_text(text, MAX_ABOVE) if above else []
        parts = [([START], 0, NOBODY), ([*over, END] if over else [], 1, NOBODY)]
        for position in range(first, end):
            told, own = self.line(position)
            parts += [(told, 1, NOBODY), (own, 0, position - first)]
        return Window(
            first=first,
            end=end,
            pieces=[piece for some, _, _ in parts for piece in some],
            kinds=[kind for some, kind, _ in parts for _ in some],
            owners=[owner for some, _, owner in parts for _ in some],
        )

    def windows(self, positions: Iterable[int], allowed: int, *, start: bool) -> list[Window]:
        """Return windows around these positions, the first ones first, until so many pieces are read; one is always read.

        ``start`` asks for the page's beginning before all. A statement that has a neighbour on both sides in one of them is not
        asked for again. Where little is allowed the windows are smaller, so that there is more than one.
        """
        most = min(MAX_WINDOW, allowed // 2)
        chosen: list[Window] = []
        read: set[int] = set()
        for position in [0, *positions] if start else positions:
            if position in read:
                continue
            window = self.around(position, most, read)
            allowed -= len(window.pieces)
            if chosen and allowed < 0:
                break
            chosen.append(window)
            read |= {position, *(i for i in range(window.first, window.end) if window.depth(i, len(self)))}
        return chosen


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What the reader says of a page as log-odds: of its statements, shape (read, OUTPUTS), and of itself, (PAGE_OUTPUTS,).

    ``positions`` tell which statements were read, in order.
    """

    positions: list[int]
    statements: Array
    page: Array


class Reader:
    """One network, loaded when it is first asked: quick checks of long pages never ask the deep one. Build once, use often."""

    def __init__(self, network: Path, pieces: Pieces) -> None:
        """Take its file and vocabulary."""
        self._network = network
        self.pieces = pieces

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        try:
            return onnxruntime.InferenceSession(self._network, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # its errors share no base of their own
            raise ModelError(f"The reader's file cannot be loaded ({error}); reinstall the package.") from error

    def read(self, statements: Sequence[Statement], positions: Sequence[int], allowed: int, *, start: bool = True) -> Reading:
        """Read around these positions of a page as many pieces as are allowed; ``start`` reads its beginning before."""
        windows = Spelled(self.pieces, statements).windows(positions, allowed, start=start)
        # One at a time: together they are no faster, and an answer would depend on its neighbours in the batch.
        return gathered(windows, [self._session.run(None, padded([window])) for window in windows], len(statements))


def gathered(windows: Sequence[Window], answers: Sequence[Sequence[Array]], count: int) -> Reading:
    """Return what was read in some windows of a page of ``count`` statements.

    Each window has the answers for its statements and for the page, one row of each. A statement is taken from where it stands
    deepest, the page's is the mean.
    """
    best: dict[int, tuple[int, Array]] = {}
    for window, (rows, _) in zip(windows, answers, strict=True):
        for position in range(window.first, window.end):
            depth = window.depth(position, count)
            if position not in best or depth > best[position][0]:
                best[position] = depth, rows[0][position - window.first]
    positions = sorted(best)
    return Reading(
        positions=positions,
        statements=np.vstack([best[i][1] for i in positions] or [np.empty((0, len(OUTPUTS)))]),
        page=np.mean([page[0] for _, page in answers] or [np.zeros(len(PAGE_OUTPUTS))], axis=0),
    )


def padded(windows: Sequence[Window]) -> dict[str, Array]:
    """Return the network's input: pieces, their kinds, which are there, and each statement's share in its pieces.

    The shares have shape (windows, statements, pieces); those of one statement sum to 1.
    """
    shape = len(windows), max(len(window.pieces) for window in windows)
    pieces, kinds, shown = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    owners = np.full(shape, NOBODY)
    for i, window in enumerate(windows):
        end = len(window.pieces)
        pieces[i, :end], kinds[i, :end], shown[i, :end], owners[i, :end] = window.pieces, window.kinds, 1, window.owners
    most = max(window.end - window.first for window in windows)
    own = (owners[:, np.newaxis, :] == np.arange(most)[np.newaxis, :, np.newaxis]).astype(np.float32)
    shares = own / np.maximum(own.sum(axis=2, keepdims=True), 1)
    return {"pieces": pieces, "kinds": kinds, "shown": shown, "shares": shares}


@dataclass(frozen=True, kw_only=True)
class Readers:
    """Both networks; ``digest`` is SHA-256 over the digests of their files and of their vocabulary's."""

    fast: Reader
    deep: Reader
    digest: str


def merged(first: Reading, second: Reading) -> Reading:
    """Return what two readers say of a page: the mean of their log-odds where both have read, else what the one says."""
    if not second.positions:
        return first
    rows = dict(zip(first.positions, first.statements, strict=True))
    for position, row in zip(second.positions, second.statements, strict=True):
        rows[position] = (rows[position] + row) / 2 if position in rows else row
    positions = sorted(rows)
    return Reading(
        positions=positions,
        statements=np.vstack([rows[i] for i in positions]),
        page=(first.page + second.page) / 2,
    )


def load(folder: Path) -> Readers:
    """Return both readers from their files; raises ModelError when one is missing."""
    total = hashlib.sha256()
    try:
        for name in (FAST_NAME, DEEP_NAME, PIECES_NAME):
            with (folder / name).open("rb") as file:
                total.update(hashlib.file_digest(file, "sha256").digest())
        pieces = Pieces((folder / PIECES_NAME).read_text(encoding="utf-8").splitlines())
    except OSError as error:
        raise ModelError(f"The reader's file {error.filename} is missing; reinstall the package.") from error
    return Readers(fast=Reader(folder / FAST_NAME, pieces), deep=Reader(folder / DEEP_NAME, pieces), digest=total.hexdigest())

"""Reads doubtful statements and pages word by word with a small transformer, where the linear models see a bag of features.

The network is all-MiniLM-L6-v2 (Apache-2.0) learned further on our own statements and pages, and on a larger network's answers
for them, by `checker.training.reader`, with whole numbers of one byte for weights; it runs in ONNX Runtime on one core.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from checker.classifier.outputs import OUTPUTS, PAGE_OUTPUTS
from checker.errors import ModelError
from checker.values import Statement

Array = np.ndarray[Any, Any]

FILE_NAME = "reader.onnx"
PIECES_NAME = "reader_pieces.txt"
#: Pieces of a statement, of what stands around it, and of a page that are read; what is longer is cut.
MAX_STATEMENT = 64
MAX_CONTEXT = 32
MAX_PAGE = 126
#: The vocabulary's first pieces.
PAD, UNKNOWN, START, END = range(4)
_PARTS = re.compile(r"[^\W_]+|[^\w\s]|_")
#: So many words are kept with their pieces.
MAX_WORDS = 50_000


class Pieces:
    """Splits words into the longest pieces of a vocabulary (WordPiece: Schuster and Nakajima 2012)."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        """Take the pieces in order of their numbers; one that continues a word begins with ##."""
        self._numbers = {piece: number for number, piece in enumerate(vocabulary)}
        self._known: dict[str, tuple[int, ...]] = {}

    def of_words(self, words: Sequence[str], most: int) -> list[int]:
        """Return the numbers of the pieces of lower-case words, at most so many."""
        return list(chain.from_iterable(map(self._of_word, words[:most])))[:most]

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

    def of_statement(self, position: int, statements: Sequence[Statement]) -> tuple[list[int], list[int]]:
        """Return the pieces of a statement, and of its role, its heading, what introduces it and the statement before."""
        statement = statements[position]
        block = statement.block
        above = " ".join(filter(None, [block.headings[-1] if block.headings else "", block.lead or block.question]))
        before = statements[position - 1].words if position else ()
        around = [*_PARTS.findall(f"{block.role.value} {block.zone.value} {above}".lower()), *before]
        own = self.of_words(statement.words, MAX_STATEMENT)
        return [START, *own, END], [*self.of_words(around, MAX_CONTEXT), END]

    def of_page(self, statements: Sequence[Statement]) -> tuple[list[int], list[int]]:
        """Return the pieces of the first words of a page."""
        words: list[str] = []
        for statement in statements:
            words += statement.words
            if len(words) >= MAX_PAGE:
                break
        return [START, *self.of_words(words, MAX_PAGE), END], []


class Reader:
    """The loaded network; build once, use often."""

    def __init__(self, network: bytes, vocabulary: Sequence[str]) -> None:
        """Load the network; raises ModelError when ONNX Runtime cannot."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # its errors share no base of their own
            raise ModelError(f"The reader's file cannot be loaded ({error}); reinstall the package.") from error
        self.pieces = Pieces(vocabulary)
        self.digest = digest(network, vocabulary)

    def statements(self, positions: Sequence[int], statements: Sequence[Statement]) -> Array:
        """Return log-odds of the statements at these positions of a page, shape (positions, OUTPUTS)."""
        return self._read([self.pieces.of_statement(i, statements) for i in positions])[:, : len(OUTPUTS)]

    def page(self, statements: Sequence[Statement]) -> Array:
        """Return log-odds of what the page is by its first words, shape (PAGE_OUTPUTS,)."""
        return np.asarray(self._read([self.pieces.of_page(statements)])[0, len(OUTPUTS) :])

    def _read(self, rows: Sequence[tuple[list[int], list[int]]]) -> Array:
        """Read one row at a time: together they are no faster, and an answer would depend on its neighbours in the batch."""
        answers = [self._session.run(None, padded([row]))[0] for row in rows]
        return np.vstack([*answers, np.empty((0, len(OUTPUTS) + len(PAGE_OUTPUTS)))])


def padded(rows: Sequence[tuple[list[int], list[int]]]) -> dict[str, Array]:
    """Return the network's input: pieces, their kinds (0 the statement, 1 what stands around it) and which are there."""
    shape = len(rows), max(len(first) + len(second) for first, second in rows)
    pieces, kinds, shown = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    for i, (first, second) in enumerate(rows):
        end = len(first) + len(second)
        pieces[i, :end] = first + second
        kinds[i, len(first) : end] = 1
        shown[i, :end] = 1
    return {"pieces": pieces, "kinds": kinds, "shown": shown}


def load(folder: Path) -> Reader:
    """Return the reader from its two files; raises ModelError when one is missing or does not fit."""
    try:
        network = (folder / FILE_NAME).read_bytes()
        vocabulary = (folder / PIECES_NAME).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ModelError(f"The reader's file {error.filename} is missing; reinstall the package.") from error
    return Reader(network, vocabulary)


def digest(network: bytes, vocabulary: Sequence[str]) -> str:
    """Return SHA-256 over both files."""
    return hashlib.sha256(network + "\n".join(vocabulary).encode()).hexdigest()

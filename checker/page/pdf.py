"""Turns a PDF into text blocks: columns one after the other, lines joined to paragraphs, the page's number as place."""

from __future__ import annotations

import io
import logging
import re
import statistics
import struct
import time
import zlib
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from checker.errors import ReadError
from checker.page.text import fold
from checker.values import Document, Role, TextBlock

#: A PDF page longer than this is cut; a brochure's page holds some thousand characters.
MAX_PAGE_CHARS = 200_000
MAX_PAGES = 500
#: Bytes of a stream after decompression, and what is taken in of a drawing. A page of a brochure holds under 100 kB of both;
#: pypdf's own limits let one page take 350 MB.
_LIMITS: dict[str, Any] = {"zlib_maximum_output_length": 10_000_000, "stream_parsing_work_maximum_count": 400_000}
#: Seconds for a whole file; a brochure of eight pages takes a tenth of one.
MAX_SECONDS = 20.0
#: What reading a broken PDF raises besides the library's own errors (found by flipping bytes of whole files).
_BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
#: Of the size of a letter: how wide one is on average, how far a baseline may waver, the gap that parts two columns.
_WIDTH, _WAVER, _GAP = 0.5, 0.3, 1.8
#: A paragraph begins after a gap between lines this many times the page's usual one, or with letters of another size.
_PARAGRAPH_GAP, _OTHER_SIZE = 1.4, 1.08
#: Columns of prose: so many rows with two lines beside each other, of which so many go on in lower case.
_MIN_ROWS, _PROSE_SHARE = 3, 0.3
#: Columns begin so many points apart, list items in them less; of a line's width, what is surely room enough.
_EDGE_STEP, _ROOM = 60.0, 0.85
_HEADING_SIZE, _HEADING_WORDS = 1.15, 15
_BULLET = re.compile(r"\s*(?:[•·▪●✓✔★*]|[-–](?=\s))\s*\w")
#: A line's end is a gap; 7F is the bullet of the PDF encoding that most programs write (WinAnsiEncoding), and no sign elsewhere.
_SIGNS = str.maketrans({"\n": " ", "\x7f": "•"})
_END = re.compile(r"[.!?:][\"”’)]*$")
_SOFT = "\u00ad"
_CUT = re.compile(rf"(?<=[^\W\d_])([-\u2010{_SOFT}])\n(?=[^\W\d_])")
_WORD_BEFORE, _WORD_AFTER = re.compile(r"\w{1,40}$"), re.compile(r"\w+")
_WORD = re.compile(r"\b\w{1,40}(?:-\w{1,40})?\b")
_WORD_CHARS = 40
#: Words before which a hyphen stands for one that is left out: "pre- and post-operative".
_AFTER_LEFT_OUT = frozenset({"and", "or"})
#: Second parts of words with a hyphen, as brochures have them, and first parts with which they are one word all the same.
_SECOND_PARTS = frozenset(
    "approved assisted backed based certified cleared compliant derived effective free funded licensed pay proven registered "
    "regulated specific term tested".split()
)
_ONE_WORD_WITH = frozenset("con de dis in inef mis non over pre re sub un under".split())


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of text where it stands; ``y`` grows upwards, ``row`` says that another one stands beside it."""

    x: float
    y: float
    size: float
    bold: bool
    text: str
    row: bool = False

    @property
    def end(self) -> float:
        """About where the line ends."""
        return self.x + _WIDTH * self.size * len(self.text)

    def is_beside(self, other: _Line) -> bool:
        """Say whether both have one baseline."""
        return abs(self.y - other.y) < _WAVER * max(self.size, 1)


def document_of_pdf(body: bytes) -> Document:
    """Return blocks with their 1-based page number, and which pages hold no text.

    Raises ReadError broken_file for a PDF that cannot be opened, pdf_without_text for one of pictures, and too_large for
    one that takes too long.
    """
    from pypdf import apply_configuration
    from pypdf.errors import LimitReachedError, PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells each flaw of a file on standard error
    try:
        with apply_configuration(**_LIMITS):
            title, pages = _read(body)
    except LimitReachedError as error:
        raise ReadError("parse", "too_large", "The PDF holds more than this program reads.") from error
    except (PyPdfError, *_BROKEN) as error:
        raise ReadError("parse", "broken_file", "The PDF is broken and cannot be opened.") from error
    known = {word.lower() for lines in pages for line in lines for word in _WORD.findall(line.text)}
    blocks = [block for number, lines in enumerate(pages, 1) for block in _blocks(lines, number, known)]
    if not blocks:
        raise ReadError("parse", "pdf_without_text", "The PDF holds no text, only pictures.")
    return Document(
        title=title or None,
        language=None,
        blocks=tuple(replace(block, index=index) for index, block in enumerate(blocks)),
        pages_without_text=tuple(number for number, lines in enumerate(pages, 1) if not lines),
    )


def _read(body: bytes) -> tuple[str, list[list[_Line]]]:
    """Return the title and the lines of each page in the order in which the file draws them."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(body))
    if reader.is_encrypted and not _opens(reader):
        raise ReadError(
            "parse",
            "broken_file",
            "The PDF is protected with a password.",
            "Open the file with its password, print it into a new PDF, and check that.",
        )
    until = time.monotonic() + MAX_SECONDS
    pages = [_lines(page, until) for page in reader.pages[:MAX_PAGES]]
    return fold(str(reader.metadata.title or "")) if reader.metadata else "", pages


def _opens(reader: Any) -> bool:
    """Say whether a protected file opens without a password, as many do that only forbid copying."""
    from pypdf.errors import PyPdfError

    try:
        return bool(reader.decrypt(""))
    except (PyPdfError, *_BROKEN):
        return False


def _lines(page: Any, until: float) -> list[_Line]:
    pieces: list[_Line] = []
    chars = 0

    def text(said: str, cm: Sequence[float], tm: Sequence[float], font: Any, size: float) -> None:
        nonlocal chars
        if said.strip() and chars < MAX_PAGE_CHARS:
            chars += len(said)
            pieces.append(_piece(said, cm, tm, font, size))

    def in_time(*_: object) -> None:
        if time.monotonic() > until:
            raise ReadError("parse", "too_large", f"The PDF takes more than {MAX_SECONDS:.0f} seconds to read.")

    page.extract_text(visitor_text=text, visitor_operand_before=in_time)
    in_time()
    return _in_columns(_whole_lines(pieces))


def _piece(said: str, cm: Sequence[float], tm: Sequence[float], font: Any, size: float) -> _Line:
    """Return a piece of text at its place: text matrix, then the page's."""
    x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
    y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
    scale = abs((tm[3] or tm[1]) * (cm[3] or cm[1]))
    name = str(font.get("/BaseFont", "")) if font else ""
    return _Line(x, y, abs(size) * scale, "bold" in name.lower() or "black" in name.lower(), said.translate(_SIGNS))


def _whole_lines(pieces: Sequence[_Line]) -> list[_Line]:
    """Put the pieces of each line together; lines that stand beside each other are marked as a row."""
    lines: list[list[_Line]] = []
    rows: set[int] = set()
    for piece in pieces:
        last = lines[-1][-1] if lines else None
        if last is None or not last.is_beside(piece) or piece.x < last.x:
            lines.append([piece])
        elif piece.x - last.end <= _GAP * piece.size:
            lines[-1].append(piece)
        else:
            rows |= {len(lines) - 1, len(lines)}
            lines.append([piece])
    return [_one(line, row=number in rows) for number, line in enumerate(lines)]


def _one(pieces: Sequence[_Line], *, row: bool) -> _Line:
    text = "".join(piece.text for piece in pieces)
    return replace(pieces[0], text=text, bold=all(piece.bold for piece in pieces), row=row)


def _in_columns(lines: Sequence[_Line]) -> list[_Line]:
    """Return the lines of each column together where a file draws columns of prose line by line across the page."""
    ordered: list[_Line] = []
    band: list[_Line] = []
    starts: list[float] = []
    for line in lines:
        if not (band and _goes_on(band, line, starts)):
            ordered += _sorted(band, starts)
            band, starts = [], []
        if line.row and not any(abs(line.x - start) <= _GAP * line.size for start in _around(starts, line.x)):
            insort(starts, line.x)
        band.append(line)
    return ordered + _sorted(band, starts)


def _around(starts: Sequence[float], x: float) -> Sequence[float]:
    place = bisect_left(starts, x)
    return starts[max(place - 1, 0) : place + 1]


def _goes_on(band: Sequence[_Line], line: _Line, starts: Sequence[float]) -> bool:
    """Say whether a line belongs to the rows before it: in one of them, under them, or the end of a longer column."""
    if not band[0].row or not -_WAVER * line.size < band[-1].y - line.y <= 2 * _PARAGRAPH_GAP * line.size:
        return False
    after = _column(line, starts) + 1
    return line.row or after >= len(starts) or line.end <= starts[after]


def _sorted(band: Sequence[_Line], starts: Sequence[float]) -> list[_Line]:
    """Return the lines of a band column by column if it is prose, as they are if it is a table."""
    columns: dict[int, list[_Line]] = {}
    for line in band:
        columns.setdefault(_column(line, starts), []).append(line)
    long = [lines for lines in columns.values() if len(lines) >= _MIN_ROWS]
    pairs = [pair for lines in long for pair in pairwise(line.text.strip() for line in lines)]
    go_on = sum(second[:1].islower() or first.endswith("-") for first, second in pairs)
    if len(columns) < 2 or not pairs or go_on < _PROSE_SHARE * len(pairs):
        return list(band)
    return [replace(line, row=False) for number in sorted(columns) for line in columns[number]]


def _column(line: _Line, starts: Sequence[float]) -> int:
    """Return the number of the column that a line begins in, from 0."""
    return max(bisect_right(starts, line.x + line.size) - 1, 0)


def _blocks(lines: Sequence[_Line], page: int, known: Set[str]) -> Iterator[TextBlock]:
    """Yield a block for each paragraph, with the last heading above it."""
    body = statistics.median([line.size for line in lines for _ in line.text]) if lines else 0.0
    all_bold = all(line.bold for line in lines)
    heading: str | None = None
    for part in _paragraphs(lines):
        text = _joined(part, known)
        if not text:
            continue
        headings = (heading,) if heading else ()
        yield TextBlock(index=0, text=text, role=Role.PDF, page=page, headings=headings)
        stands_out = part[0].size >= _HEADING_SIZE * body or (part[0].bold and not all_bold)
        if stands_out and not part[0].row and len(text.split()) <= _HEADING_WORDS and not text.endswith("."):
            heading = text


def _paragraphs(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    steps = [a.y - b.y for a, b in pairwise(lines) if a.y - b.y > _WAVER * a.size]
    usual = sorted(steps)[len(steps) // 4] if steps else 0.0  # most steps are from line to line in a paragraph
    edges: dict[float, float] = {}
    for line in lines:
        edges[line.x // _EDGE_STEP] = max(edges.get(line.x // _EDGE_STEP, 0.0), line.end)
    part: list[_Line] = []
    for line in lines:
        if part and (_begins(part[-1], line, usual) or _had_room(part[-1], line, edges)):
            yield part
            part = []
        part.append(line)
    if part:
        yield part


def _begins(before: _Line, line: _Line, usual: float) -> bool:
    """Say whether a line begins a paragraph."""
    if line.row and before.row and before.is_beside(line):
        return False  # a row of a table
    sizes = sorted((before.size, line.size))
    if before.row or line.row or sizes[1] > _OTHER_SIZE * sizes[0] or before.bold != line.bold or _BULLET.match(line.text):
        return True
    step = before.y - line.y
    if step < -_WAVER * line.size or step > max(_PARAGRAPH_GAP * usual, 2 * line.size):  # the next column, or further down
        return _END.search(before.text.strip()) is not None or not line.text.strip()[:1].islower()
    return step > _PARAGRAPH_GAP * usual


def _had_room(before: _Line, line: _Line, edges: Mapping[float, float]) -> bool:
    """Say whether a line that begins with a capital or a number would have fitted behind the one before it."""
    text = line.text.strip()
    if before.row or text[:1].islower() or before.text.rstrip().endswith(("-", ",", "\u00ad")):
        return False
    place = before.x // _EDGE_STEP
    width = max(edges.get(place, 0.0), edges.get(place - 1, 0.0)) - before.x
    return before.end - before.x + _WIDTH * line.size * (len(text.split(maxsplit=1)[0]) + 1) < _ROOM * width


def _joined(part: Iterable[_Line], known: Set[str]) -> str:
    """Return the lines as one text; words cut at a line's end are whole again, and compounds keep their hyphen.

    ``known`` are the words of the file, in lower case, with those of two parts and a hyphen.
    """

    def mend(found: re.Match[str]) -> str:
        first = _WORD_BEFORE.search(text[max(found.start() - _WORD_CHARS, 0) : found.start()])
        second = _WORD_AFTER.match(text[found.end() : found.end() + _WORD_CHARS])
        return found[0] if not first or not second else _between(first[0], found[1], second[0], known)

    text = "\n".join(line.text.strip() for line in part)
    return fold(_CUT.sub(mend, text))


def _between(first: str, mark: str, second: str, known: Set[str]) -> str:
    """Return what stands between two parts of a word that a line's end divides: nothing, or a hyphen, or one and a space."""
    one, two, kept = first.lower(), second.lower(), mark.replace(_SOFT, "-")
    if f"{one}-{two}" in known:
        return kept
    if one + two in known:
        return ""
    if first[-1].isupper() and second[0].islower():
        return kept
    if mark == _SOFT:
        return ""
    if two in _AFTER_LEFT_OUT or (first[-1].islower() and second[0].isupper()):
        return f"{mark}\n"
    is_compound = one == "self" or (two in _SECOND_PARTS and one not in _ONE_WORD_WITH)
    return mark if first[-1].isupper() or is_compound else ""

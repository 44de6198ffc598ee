"""Turns plain text and PDF files into text blocks."""

from __future__ import annotations

import io
import logging
import re
import struct
import zlib
from collections.abc import Iterator

from checker.errors import ReadError
from checker.values import Document, Role, TextBlock

_SPACE = re.compile(r"\s+")
_PARAGRAPH = re.compile(r"\n\s*\n")
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_HYPHEN = re.compile(r"(?<=[a-z])-\n(?=[a-z])")
#: A line that begins like this is an item of a list.
_BULLET = re.compile(r"\n(?=[ \t]*(?:[•·▪●✓✔★*]|[-–](?=[ \t]))[ \t]*\w)")
#: A PDF page longer than this is cut; a brochure's page holds some thousand characters.
MAX_PAGE_CHARS = 200_000
MAX_PDF_PAGES = 500
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


def fold(text: str) -> str:
    """Return the text with every run of white space as one space and none at the ends."""
    return _SPACE.sub(" ", text).strip()


def document_of_text(text: str) -> Document:
    """Return a paragraph block for each part of the text between empty lines, and one for each item of a list."""
    blocks = (TextBlock(index=i, text=part, role=Role.PARAGRAPH) for i, part in enumerate(_parts(text)))
    return Document(title=None, language=None, blocks=tuple(blocks))


def document_of_pdf(body: bytes) -> Document:
    """Return blocks with their 1-based page number.

    Raises ReadError broken_file for a PDF that cannot be opened and pdf_without_text for one of pictures.
    """
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells each flaw of a file on standard error
    try:
        reader = PdfReader(io.BytesIO(body))
        pages = [(page.extract_text() or "")[:MAX_PAGE_CHARS] for page in reader.pages[:MAX_PDF_PAGES]]
        title = fold(str(reader.metadata.title or "")) if reader.metadata else ""
    except (PyPdfError, *_BROKEN) as error:
        raise ReadError("parse", "broken_file", "The PDF is broken or protected and cannot be opened.") from error
    blocks: list[TextBlock] = []
    for number, text in enumerate(pages, start=1):
        for part in _parts(_HYPHEN.sub("", text)):
            blocks.append(TextBlock(index=len(blocks), text=part, role=Role.PDF, page=number))
    if not blocks:
        raise ReadError("parse", "pdf_without_text", "The PDF holds no text, only pictures.")
    return Document(title=title or None, language=None, blocks=tuple(blocks))


def _parts(text: str) -> Iterator[str]:
    """Yield the folded parts between empty lines; in them each item of a list is a part of its own."""
    for paragraph in _PARAGRAPH.split(_LINE_END.sub("\n", text)):
        yield from filter(None, map(fold, _BULLET.split(paragraph)))

"""Turns plain text and PDF files into text blocks."""

from __future__ import annotations

import io
import re

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from checker.errors import ReadError
from checker.values import Document, Role, TextBlock

_SPACE = re.compile(r"\s+")
_PARAGRAPH = re.compile(r"\n\s*\n")
_HYPHEN = re.compile(r"(?<=[a-z])-\n(?=[a-z])")
#: A PDF page longer than this is cut; a brochure's page holds some thousand characters.
MAX_PAGE_CHARS = 200_000
MAX_PDF_PAGES = 500


def document_of_text(text: str) -> Document:
    """Return a paragraph block for each part of the text between empty lines."""
    parts = [_SPACE.sub(" ", part).strip() for part in _PARAGRAPH.split(text.replace("\r\n", "\n"))]
    blocks = (TextBlock(index=i, text=part, role=Role.PARAGRAPH) for i, part in enumerate(filter(None, parts)))
    return Document(title=None, language=None, blocks=tuple(blocks))


def document_of_pdf(body: bytes) -> Document:
    """Return blocks with their 1-based page number.

    Raises ReadError broken_file for a PDF that cannot be opened and pdf_without_text for one of pictures.
    """
    try:
        reader = PdfReader(io.BytesIO(body))
        pages = [(page.extract_text() or "")[:MAX_PAGE_CHARS] for page in reader.pages[:MAX_PDF_PAGES]]
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
        raise ReadError("parse", "broken_file", "The PDF is broken or protected and cannot be opened.") from error
    blocks: list[TextBlock] = []
    for number, text in enumerate(pages, start=1):
        for part in _PARAGRAPH.split(_HYPHEN.sub("", text)):
            folded = _SPACE.sub(" ", part).strip()
            if folded:
                blocks.append(TextBlock(index=len(blocks), text=folded, role=Role.PDF, page=number))
    if not blocks:
        raise ReadError("parse", "pdf_without_text", "The PDF holds no text, only pictures.")
    title = (reader.metadata.title if reader.metadata else None) or None
    return Document(title=title, language=None, blocks=tuple(blocks))

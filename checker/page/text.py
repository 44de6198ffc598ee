"""Turns plain text into text blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

from checker.errors import ReadError
from checker.values import Document, Role, TextBlock

_PARAGRAPH = re.compile(r"\n\s*\n")
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
#: Stands for the end of a line in an element while its text is collected; to Python it is white space.
LINE_END = "\x1e"
#: Text after this sign is shown from right to left, up to the sign that ends it.
_OVERRIDE = "\u202e"
_BACKWARDS = re.compile("\u202e([^\u202a-\u202e]*)\u202c?")
#: A line that begins like this is an item of a list.
_BULLET = re.compile(r"\n(?=[ \t]*(?:[•·▪●✓✔★*]|[-–](?=[ \t]))[ \t]*\w)")
#: Words of a heading at most, and how it begins and ends; a line under it that is longer than so many characters was not
#: broken by hand, so that the short line above it was not either.
MOST_OF_HEADING = 12
WRAPPED = 100
_HEADING = re.compile(r"[A-Z0-9“\"'‘(].*[^\s.!:;,…]")
#: Text that is judged: a book of 150,000 words, thirty times what the longest pages of clinics hold. Judging takes up to
#: 15 seconds for as much (measured November 2026 on 5 MB of claims, which took 65 seconds and 170,000 findings).
MAX_CHARS = 1_000_000


def bounded(document: Document) -> Document:
    """Return the document; raises ReadError too_large when it holds more text than is judged."""
    if sum(len(block.text) for block in document.blocks) > MAX_CHARS:
        raise ReadError("parse", "too_large", f"The page holds more than {MAX_CHARS:,} characters of text.")
    return document


def fold(text: str) -> str:
    """Return the text as it is seen: a run of white space as one space, none at the ends, what is set backwards turned."""
    if _OVERRIDE in text:
        text = _BACKWARDS.sub(lambda found: found[1][::-1], text)
    return " ".join(text.split())


def fold_lines(text: str) -> tuple[str, tuple[int, ...]]:
    """Return the folded text, and the offsets of its spaces that stand for a `LINE_END` of the element."""
    folded = fold(text)
    lines = list(filter(None, map(fold, text.split(LINE_END)))) if LINE_END in text else []
    if " ".join(lines) != folded:
        return folded, ()
    return folded, tuple(accumulate((len(line) for line in lines[:-1]), lambda at, length: at + 1 + length))


def document_of_text(text: str) -> Document:
    """Return a paragraph block for each part of the text between empty lines, and one for each item of a list.

    A short line without a full stop, with text under it, is a heading of what follows; one at the very start is also the title.
    """
    parts = list(_parts(text))
    blocks: list[TextBlock] = []
    trail: tuple[str, ...] = ()
    for index, part in enumerate(parts):
        heading = _is_heading(part) and index + 1 < len(parts) and not _is_heading(parts[index + 1])
        blocks.append(TextBlock(index=index, text=part, role=Role.HEADING if heading else Role.PARAGRAPH, headings=trail))
        trail = (part,) if heading else trail
    title = blocks[0].text if blocks and blocks[0].role is Role.HEADING else None
    return Document(title=title, language=None, blocks=tuple(blocks))


def _is_heading(part: str) -> bool:
    """Say whether a part looks like a heading: a few words that begin with a capital and end without a stop."""
    few = len(part.split()) <= MOST_OF_HEADING
    return few and bool(_HEADING.fullmatch(part)) and any(map(str.isalpha, part))


def _parts(text: str) -> Iterator[str]:
    """Yield the folded parts between empty lines; in them each item of a list and a heading line are parts of their own."""
    for paragraph in _PARAGRAPH.split(_LINE_END.sub("\n", text)):
        first, _, rest = paragraph.strip().partition("\n")
        headed = len(rest.partition("\n")[0]) > WRAPPED and _is_heading(fold(first))
        for part in (first, rest) if headed else (paragraph,):
            yield from filter(None, map(fold, _BULLET.split(part)))

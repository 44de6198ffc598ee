"""Turns the bytes of a web page into a parsed tree, within bounds."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, UnicodeDammit

from checker.errors import ReadError

#: More tags than this cost a parser minutes and gigabytes: 5 MB of ``<b>`` took BeautifulSoup on lxml
#: 20 s and 1.2 GB, 150,000 tags about a second (measured November 2026, Python 3.11).
MAX_TAGS = 150_000

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]{2,40})", re.IGNORECASE)
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def decode(body: bytes, charset: str | None) -> str:
    """Return the text of a page: byte-order mark, then the transport's charset, then meta, then a guess.

    The order is the HTML standard's (section 13.2.3.2). Undecodable bytes become U+FFFD; the text never
    starts with a byte-order mark.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, errors="replace")
    found = _META_CHARSET.search(body[:4096])
    for name in (charset, found.group(1).decode("ascii") if found else None, "utf-8"):
        text = _try_decode(body, name)
        if text is not None:
            return text
    guess = UnicodeDammit(body, ["windows-1252"])
    return guess.unicode_markup or body.decode("utf-8", errors="replace")


def _try_decode(body: bytes, name: str | None) -> str | None:
    """Decode strictly, or leniently when few bytes are broken; None if the name is unknown or does not fit."""
    if not name:
        return None
    name = "windows-1252" if name.lower() in ("iso-8859-1", "latin-1", "latin1", "ascii", "us-ascii") else name
    try:
        text = body.decode(name, errors="replace")
    except LookupError:
        return None
    return text if text.count("\ufffd") <= len(text) // 200 else None


def parse(text: str) -> BeautifulSoup:
    """Return the tree of a page; raises ReadError too_large for a page with too many tags."""
    if text.count("<") > MAX_TAGS:
        raise ReadError("parse", "too_large", f"The page holds more than {MAX_TAGS:,} tags.")
    return BeautifulSoup(text, "lxml")

"""Turns the bytes of a web page into a parsed tree, within bounds."""

from __future__ import annotations

import logging
import re
from typing import Any

import webencodings
from bs4 import BeautifulSoup
from bs4.dammit import UnicodeDammit
from bs4.element import NavigableString, PageElement, Tag

from checker.errors import ReadError

#: More tags than this cost a parser minutes and gigabytes: 5 MB of ``<b>`` took BeautifulSoup on lxml
#: 20 s and 1.2 GB, 150,000 tags about a second (measured November 2026, Python 3.11).
MAX_TAGS = 150_000

#: The page's own word on its encoding stands in the first 1,024 bytes (HTML standard); many pages are late with it.
_HEAD_BYTES = 4_096
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_META = re.compile(rb"<meta[\s/]([^<>]{0,1000})", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"([a-z-]{1,20})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_CONTENT_CHARSET = re.compile(rb"charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([a-zA-Z0-9_:.-]{2,40})", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([a-zA-Z0-9_:.-]{2,40})", re.IGNORECASE)
_XML_START = re.compile(r"\s*<\?xml[^>]{0,500}>")
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_SURROGATE = re.compile("[\ud800-\udfff]")
#: Elements of a table; before one of them a body or a row ends that a browser gave to others.
_CELLS = ("td", "th")
_BODIES = ("tbody", "thead", "tfoot")
_IN_TABLE = frozenset({*_CELLS, *_BODIES, "tr", "caption", "colgroup", "col"})
#: The elements of a head (HTML standard, 4.2).
_IN_HEAD = frozenset(["base", "bgsound", "link", "meta", "noscript", "script", "style", "template", "title"])


def decode(body: bytes, charset: str | None) -> str:
    """Return the text of a page: byte-order mark, then the transport's charset, then the page's word, then a guess.

    The order is the HTML standard's (section 13.2.3.2). Undecodable bytes become U+FFFD; the text never
    starts with a byte-order mark.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, errors="replace")
    for given in (charset, _declared(body[:_HEAD_BYTES]), "utf-8"):
        text = _try_decode(body, given)
        if text is not None:
            return text
    logging.getLogger("bs4.dammit").setLevel(logging.ERROR)  # it tells of each broken byte on standard error
    guess = UnicodeDammit(body, ["windows-1252"])
    return guess.unicode_markup or body.decode("utf-8", errors="replace")


def _declared(start: bytes) -> str | None:
    """Return what the page says of its encoding in bytes that read as ASCII, so that it cannot be UTF-16 (HTML standard)."""
    found = next(filter(None, map(_of_meta, _META.findall(_COMMENT.sub(b"", start)))), b"")
    xml = _XML_CHARSET.match(start)
    name = (found or (xml.group(1) if xml else b"")).decode("ascii", errors="replace").strip()
    return "utf-8" if name.lower().startswith(("utf-16", "utf-32", "ucs-2", "iso-10646")) else name or None


def _of_meta(inside: bytes) -> bytes | None:
    """Return what a meta element says of the encoding: its charset, or that in the content of a Content-Type."""
    said: dict[bytes, bytes] = {n.lower(): first or second or third for n, first, second, third in _ATTRIBUTE.findall(inside)}
    if b"charset" in said:
        return said[b"charset"]
    found = _CONTENT_CHARSET.search(said.get(b"content", b""))
    return found.group(1) if found and said.get(b"http-equiv", b"").lower() == b"content-type" else None


def _try_decode(body: bytes, given: str | None) -> str | None:
    """Decode by the web's name of an encoding, leniently when few bytes are broken; None if it is none or does not fit."""
    known = webencodings.lookup(given or "")
    if known is None:
        return None
    try:
        text, _ = known.codec_info.decode(body, "replace")
    except ValueError:
        return None
    return text.removeprefix("\ufeff") if _fits(text, known.name) else None


def _fits(text: str, name: str) -> bool:
    """Say whether hardly a byte is broken; in UTF-8 also whether other letters are whole, or only the last is cut."""
    broken = text.count("\ufffd")
    if broken <= len(text) // 200:
        return True
    whole = sum(not character.isascii() for character in text) - broken
    return name == "utf-8" and (whole >= broken or (broken == 1 and text.endswith("\ufffd")))


class _Tree(BeautifulSoup):
    """A tree that is built in time that grows with the page, not with the square of its depth.

    Tables get the bodies and rows that a browser gives them where the page leaves them out (HTML standard, 13.2.6.4.9).

    BeautifulSoup looks for what follows an element all the way up to the root, at every text behind a child (20,000
    times ``<b><br>x`` took 15 s). While a page is being parsed nothing can follow an element that is still open.
    """

    _given: set[int]

    def reset(self) -> None:
        """Begin again."""
        self._given = set()
        super().reset()

    def handle_starttag(self, name: str, *given: Any, **named: Any) -> Tag | None:
        """Open an element, in a table after what has to stand around it."""
        if name in _IN_TABLE:
            self._prepare(name)
        return super().handle_starttag(name, *given, **named)

    def _prepare(self, name: str) -> None:
        """End a row and a body that were given where they go no further, and give those that are missing."""
        if name not in _CELLS and self._is_given("tr"):
            self.handle_endtag("tr")
        if name not in (*_CELLS, "tr") and self._is_given("tbody"):
            self.handle_endtag("tbody")
        if name in (*_CELLS, "tr") and self._current == "table":
            self._give("tbody")
        if name in _CELLS and self._current in _BODIES:
            self._give("tr")

    @property
    def _current(self) -> str:
        return self.currentTag.name if self.currentTag else ""

    def _is_given(self, name: str) -> bool:
        return self._current == name and id(self.currentTag) in self._given

    def _give(self, name: str) -> None:
        super().handle_starttag(name, None, None, {})
        self._given.add(id(self.currentTag))

    def _linkage_fixer(self, el: Tag) -> None:
        above = el.parent
        if len(el.contents) > 1:
            el.parent = None
        super()._linkage_fixer(el)
        el.parent = above


def parse(text: str) -> BeautifulSoup:
    """Return the tree of a page; raises ReadError too_large for a page with too many tags."""
    if text.count("<") > MAX_TAGS:
        raise ReadError("parse", "too_large", f"The page holds more than {MAX_TAGS:,} tags.")
    # The parser warns of XML read as HTML and of text that looks like an address, unless a line goes before.
    tree = _Tree("\n" + _SURROGATE.sub("\ufffd", _without_declaration(text)), "lxml")
    _give_body(tree)
    return tree


def _give_body(tree: BeautifulSoup) -> None:
    """Move what stands in the head and belongs to a body: a page may leave both tags out, and libxml2 minds old tags only."""
    if tree.body is not None or tree.head is None:
        return
    children = list(tree.head.children)
    first = next((i for i, child in enumerate(children) if _is_content(child)), len(children))
    if first < len(children):
        body = tree.new_tag("body")
        tree.head.insert_after(body)
        body.extend(children[first:])


def _is_content(node: PageElement) -> bool:
    return node.name not in _IN_HEAD if isinstance(node, Tag) else type(node) is NavigableString and bool(node.strip())


def _without_declaration(text: str) -> str:
    found = _XML_START.match(text)
    return text[found.end() :] if found else text

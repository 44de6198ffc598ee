"""Reads from a page what a crawl needs: its links with their text, its canonical address, the words that are its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from lxml import etree, html

from checker import lexicon
from checker.page import markup
from checker.page.kinds import HTML_TYPES
from checker.values import Page

#: Links of one page that are looked at; the menus and cards of large sites hold some hundreds.
MAX_LINKS = 2_000
#: Characters of a link's text.
MAX_TEXT = 300
#: Elements of one link that are looked at.
MAX_PARTS = 100
#: Words of a page that are compared with other pages'.
MAX_WORDS = 50_000
_SPOKEN = ("title", "aria-label", "alt")
_ASIDE = ("script", "style", "template", "noscript", "nav", "header", "footer", "svg")
_REFRESH = re.compile(r"url\s*=\s*[\"']?([^\"'\s]+)", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_LETTERS = re.compile("[a-z]+")
#: Shares of patients or cases; other numbers (of houses and telephones) tell the pages of a chain's places apart, not claims.
_SHARE = re.compile(r"\d{1,6}(?:[.,]\d{1,4})? ?(?:%|percent\b)|\b\d{1,6} (?:out )?of \d{1,6}\b")
_CLAIMING = frozenset({"effect", "authority", "study", "treatment", "condition"})


@dataclass(frozen=True, kw_only=True)
class Link:
    """Where a link leads, as written, and what it says."""

    href: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Outline:
    """A page's links in its order, its own word on its address, and the words that are no frame around it.

    ``claims`` counts each word of effects, authorities, science, products, conditions and denial, and each share ("98 %",
    "9 of 10"), in the page's whole source: what a copy hides in its frame, in a picture's words or in its data makes it another
    page.
    """

    base: str
    links: tuple[Link, ...] = ()
    canonical: str | None = None
    words: tuple[str, ...] = ()
    claims: tuple[tuple[str, int], ...] = ()


def outline_of(page: Page) -> Outline:
    """Return what a crawl needs of a page; nothing of one that is no HTML, too large to parse, or empty."""
    address = page.final_url or page.source
    if page.content_type not in HTML_TYPES or page.body.count(b"<") > markup.MAX_TAGS:
        return Outline(base=address)
    text = markup.decode(page.body, page.charset).replace("\0", "")
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=_parser())
    except (etree.ParserError, etree.XMLSyntaxError):
        return Outline(base=address)
    links = tuple(_links(root))
    return Outline(base=_base(root, address), links=links, canonical=_canonical(root), words=_words(root), claims=_claims(text))


def _parser() -> html.HTMLParser:
    return html.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True)


def _base(root: Any, address: str) -> str:
    found = root.find(".//base[@href]")
    try:
        return urljoin(address, found.get("href").strip()) if found is not None else address
    except ValueError:
        return address


def _links(root: Any) -> Iterator[Link]:
    """Yield each address that the page links to once, with all that its links say, at most MAX_LINKS of them."""
    said: dict[str, list[str]] = {}
    for element in root.iter("a", "area", "iframe", "frame"):
        href = element.get("href") or element.get("src")
        if not href or href.startswith(("#", "javascript:", "mailto:", "tel:", "data:")):
            continue
        if href not in said and len(said) == MAX_LINKS:
            break
        said.setdefault(href, []).append(_text(element))
    for element in root.iter("meta"):
        if (element.get("http-equiv") or "").lower() == "refresh" and (found := _REFRESH.search(element.get("content") or "")):
            said.setdefault(found[1], [])
    for href, texts in said.items():
        yield Link(href=href, text=" ".join(dict.fromkeys(texts))[:MAX_TEXT])


def _text(element: Any) -> str:
    """Return what a link says: its text, the words that stand for its pictures, its title; from its first parts only."""
    said = [element.get(name) for name in _SPOKEN]
    if element.tag == "a":
        for part in islice(element.iter(), MAX_PARTS):
            said += [part.text, part.get("alt"), part.tail if part is not element else None]
    return " ".join(" ".join(filter(None, said)).split())[:MAX_TEXT]


def _canonical(root: Any) -> str | None:
    for element in root.iter("link"):
        if "canonical" in (element.get("rel") or "").lower().split() and element.get("href"):
            return str(element.get("href"))
    return None


def _words(root: Any) -> tuple[str, ...]:
    """Return the words of the page without those of its frame; this takes elements out of the tree."""
    title = root.findtext(".//title") or ""
    for element in list(root.iter(*_ASIDE)):
        if element.getparent() is not None:
            element.drop_tree()
    body = root.find("body")
    text = " ".join(body.itertext()) if body is not None else ""
    return tuple(islice((found[0] for found in _WORD.finditer(f"{title} {text}".lower())), MAX_WORDS))


def _claims(source: str) -> tuple[tuple[str, int], ...]:
    lower = source.lower()
    counted = Counter(found for found in _LETTERS.findall(lower) if found in _claiming())
    counted.update(found[0] for found in _SHARE.finditer(lower))
    return tuple(sorted(counted.items()))


@cache
def _claiming() -> frozenset[str]:
    named = [phrase for term in lexicon.terms() if term.kind in _CLAIMING for phrase in term.phrases]
    denied = [phrase for cue in lexicon.cues() if cue.kind == "negation" for phrase in cue.phrases]
    words = {word for phrase in (*named, *denied) for word in _LETTERS.findall(phrase) if len(word) > 1}
    return frozenset(words - {*lexicon.heads("speech")["often"]})

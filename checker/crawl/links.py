"""Reads from a page what a crawl needs: its links with their text, its canonical address, the words that are its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from lxml import etree, html

from checker.page import markup
from checker.values import Page

#: Links of one page that are looked at; the menus and cards of large sites hold some hundreds.
MAX_LINKS = 2_000
#: Characters of a link's text.
MAX_TEXT = 300
_ASIDE = ("script", "style", "template", "noscript", "nav", "header", "footer", "svg")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, kw_only=True)
class Link:
    """Where a link leads, as written, and what it says."""

    href: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Outline:
    """A page's links in its order, its own word on its address, and the words that are no frame around it."""

    base: str
    links: tuple[Link, ...] = ()
    canonical: str | None = None
    words: tuple[str, ...] = ()


def outline(page: Page) -> Outline:
    """Return what a crawl needs of a page; nothing of one that is no HTML, too large to parse, or empty."""
    address = page.final_url or page.source
    if page.content_type not in ("text/html", "application/xhtml+xml") or page.body.count(b"<") > markup.MAX_TAGS:
        return Outline(base=address)
    text = markup.decode(page.body, page.charset).replace("\0", "")
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=_parser())
    except (etree.ParserError, etree.XMLSyntaxError):
        return Outline(base=address)
    links = tuple(_links(root))
    return Outline(base=_base(root, address), links=links, canonical=_canonical(root), words=_words(root))


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
    for href, texts in said.items():
        yield Link(href=href, text=" ".join(dict.fromkeys(texts))[:MAX_TEXT])


def _text(element: Any) -> str:
    pictures = [picture.get("alt") for picture in element.iter("img") if picture.get("alt")]
    named = [element.get(name) for name in ("title", "aria-label", "alt") if element.get(name)]
    spoken = "".join(element.itertext())[:MAX_TEXT] if element.tag == "a" else ""
    return " ".join(" ".join([spoken, *named, *pictures]).split())[:MAX_TEXT]


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
    return tuple(_WORD.findall(f"{title} {text}".lower()))

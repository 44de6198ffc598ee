"""Turns a page's title, meta, Open Graph and JSON-LD data into text blocks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import Tag

from checker.values import Role, TextBlock, Visibility, Zone

_META = {
    "description": Role.META,
    "keywords": Role.META,
    "og:title": Role.OPEN_GRAPH,
    "og:description": Role.OPEN_GRAPH,
    "og:image:alt": Role.OPEN_GRAPH,
    "twitter:title": Role.OPEN_GRAPH,
    "twitter:description": Role.OPEN_GRAPH,
}
#: Properties of schema.org whose values are prose.
_PROSE = frozenset(
    "name headline alternativeHeadline description text reviewBody articleBody slogan legalName caption abstract "
    "knowsAbout disambiguatingDescription".split()
)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_SPACE = re.compile(r"\s+")
#: Objects visited in one JSON-LD script; real pages hold some dozens.
MAX_NODES = 5_000


def head_blocks(soup: BeautifulSoup) -> list[TextBlock]:
    """Return blocks for the title, meta description and keywords, and Open Graph text not said before."""
    blocks: list[TextBlock] = []
    title = soup.title
    if isinstance(title, Tag) and (text := _fold(title.get_text())):
        blocks.append(_block(text, Role.TITLE, "title", Visibility.SHOWN))
    seen = {block.text for block in blocks}
    for tag in soup.find_all("meta"):
        key = str(tag.get("name") or tag.get("property") or "").lower()
        text = _fold(str(tag.get("content") or ""))
        if key in _META and text and text not in seen:
            seen.add(text)
            attribute = "name" if tag.get("name") else "property"
            blocks.append(_block(text, _META[key], f'meta[{attribute}="{tag.get(attribute)}"]', Visibility.SEARCH_ENGINE))
    return blocks


def json_ld_blocks(soup: BeautifulSoup) -> list[TextBlock]:
    """Return a block for each piece of prose in the page's JSON-LD; broken JSON gives none."""
    blocks: list[TextBlock] = []
    seen: set[str] = set()
    scripts = soup.find_all("script", type=re.compile(r"^application/ld\+json", re.IGNORECASE))
    for number, script in enumerate(scripts, start=1):
        try:
            data = json.loads(script.string or "")
        except (ValueError, RecursionError):
            continue
        for kind, question, raw in _prose(data):
            text = _fold(_TAG.sub(" ", raw))
            if not text or text in seen or "://" in text[:10]:
                continue
            seen.add(text)
            zone = {"Review": Zone.TESTIMONIAL, "Question": Zone.FAQ, "Answer": Zone.FAQ}.get(kind, Zone.MAIN)
            path = f'script[type="application/ld+json"]:nth-of-type({number})'
            blocks.append(_block(text, Role.JSON_LD, path, Visibility.SEARCH_ENGINE, zone, question))
    return blocks


def _prose(data: Any) -> Iterator[tuple[str, str | None, str]]:
    """Yield (type, question, text) for every prose property, breadth first, bounded."""
    queue: list[tuple[Any, str, str | None]] = [(data, "", None)]
    for visited, (node, kind, question) in enumerate(queue):
        if visited >= MAX_NODES:
            return
        if isinstance(node, list):
            queue.extend((item, kind, question) for item in node if isinstance(item, dict | list))
        elif isinstance(node, dict):
            own = node.get("@type", kind)
            own = own[0] if isinstance(own, list) and own else own
            own = own if isinstance(own, str) else kind
            asked = node.get("name") if own == "Question" else None
            asked = asked if isinstance(asked, str) else question
            for key, value in node.items():
                if isinstance(value, dict | list):
                    queue.append((value, own, asked))
                elif isinstance(value, str) and key in _PROSE:
                    yield own, asked if own == "Answer" else None, value


def _block(
    text: str, role: Role, path: str, visibility: Visibility, zone: Zone = Zone.MAIN, question: str | None = None
) -> TextBlock:
    return TextBlock(index=0, text=text, role=role, zone=zone, visibility=visibility, css_path=path, question=question)


def _fold(text: str) -> str:
    return _SPACE.sub(" ", text).strip()

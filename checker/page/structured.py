"""Turns a page's title, meta, Open Graph and JSON-LD data into text blocks."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import Tag

from checker.page.text import fold
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
_INLINE_TAG = re.compile(r"</?(?:a|b|em|i|mark|small|span|strong|sub|sup|u)\b[^<>]{0,2000}>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z!][^<>]{0,2000}>")
_JSON_LD = re.compile(r"\s*application/ld\+json", re.IGNORECASE)
_WRAPPING = re.compile(r"^\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?)|(?:-->|(?://|/\*)?\s*\]\]>(?:\s*\*/)?)\s*$")
#: Types of schema.org that publish: Organization, MedicalBusiness, MedicalClinic, Physician, LocalBusiness and the like.
_ORGANIZATION = re.compile(r"Organi[sz]ation|Business|Clinic|Hospital|Physician|Corporation")
_NAMES = frozenset({"name", "legalName"})
#: Objects visited in one JSON-LD script; real pages hold some dozens.
MAX_NODES = 5_000


def head_blocks(soup: BeautifulSoup, title: Tag | None, paths: Mapping[int, str]) -> list[TextBlock]:
    """Return blocks for the title, meta description and keywords, and Open Graph text not said before.

    ``title`` is the page's title element (drawings have titles too), ``paths`` the CSS paths by the elements' ``id()``.
    """
    blocks: list[TextBlock] = []
    if title is not None and (text := fold(title.get_text())):
        path = "title" if title is soup.title else paths[id(title)]
        blocks.append(_block(text, Role.TITLE, path, Visibility.SHOWN))
    seen = {block.text for block in blocks}
    taken: set[str] = set()
    for tag in soup.find_all("meta"):
        attribute = next((name for name in ("name", "property") if str(tag.get(name)).lower() in _META), None)
        if attribute is None:
            continue
        path = f'meta[{attribute}="{tag.get(attribute)}"]'
        if path in taken:
            path = paths.get(id(tag), path)
        taken.add(path)
        text = fold(str(tag.get("content") or ""))
        if text and text not in seen:
            seen.add(text)
            blocks.append(_block(text, _META[str(tag.get(attribute)).lower()], path, Visibility.SEARCH_ENGINE))
    return blocks


def json_ld_blocks(soup: BeautifulSoup, paths: Mapping[int, str]) -> list[TextBlock]:
    """Return a block for each piece of prose in the page's JSON-LD; broken JSON gives none."""
    blocks: list[TextBlock] = []
    seen: set[str] = set()
    for script in soup.find_all("script", type=_JSON_LD):
        path = paths.get(id(script), 'script[type="application/ld+json"]')
        for kind, question, raw in _prose(_json(script.string or "")):
            text = _plain(raw)
            if not text or text in seen or "://" in text[:10]:
                continue
            seen.add(text)
            zone = {"Review": Zone.TESTIMONIAL, "Question": Zone.FAQ, "Answer": Zone.FAQ}.get(kind, Zone.MAIN)
            asked = _plain(question) if question else None
            blocks.append(_block(text, Role.JSON_LD, path, Visibility.SEARCH_ENGINE, zone, asked))
    return blocks


def organizations(soup: BeautifulSoup) -> tuple[str, ...]:
    """Return the names that og:site_name and JSON-LD objects of an organization's kind give the publisher, in order."""
    names = [str(tag.get("content") or "") for tag in soup.find_all("meta", property="og:site_name")]
    for script in soup.find_all("script", type=_JSON_LD):
        found = _prose(_json(script.string or ""), _NAMES)
        names += [name for kind, _, name in found if _ORGANIZATION.search(kind)]
    return tuple(dict.fromkeys(filter(None, map(_plain, names))))


def _json(text: str) -> Any:
    """Return the data, also where line breaks stand in its strings or a comment around it; None for what is no JSON."""
    try:
        return json.loads(_WRAPPING.sub("", text), strict=False)
    except (ValueError, RecursionError):
        return None


def _prose(data: Any, keys: frozenset[str] = _PROSE) -> Iterator[tuple[str, str | None, str]]:
    """Yield (type, question, text) for every property of these keys, by default all prose, breadth first, bounded."""
    queue: list[tuple[Any, str, str | None]] = [(data, "", None)]
    for visited, (node, kind, question) in enumerate(queue):
        if visited >= MAX_NODES:
            return
        if isinstance(node, list):
            queue.extend((item, kind, question) for item in node if isinstance(item, dict | list))
        elif isinstance(node, dict):
            own = _type(node) or kind
            asked = node.get("name") if own == "Question" else None
            asked = asked if isinstance(asked, str) else question
            for key, value in node.items():
                if isinstance(value, dict | list):
                    queue.append((value, own, asked))
                if key in keys:
                    yield from ((own, asked if own == "Answer" else None, text) for text in _texts(value))


def _type(node: dict[str, Any]) -> str | None:
    """Return the type of an object, of several the first."""
    given = node.get("@type")
    first = given[0] if isinstance(given, list) and given else given
    return first if isinstance(first, str) else None


def _texts(value: Any) -> list[str]:
    """Return the text of a property: one, several, or one with its language beside it."""
    values = value if isinstance(value, list) else [value]
    plain = [item.get("@value") if isinstance(item, dict) else item for item in values]
    return [text for text in plain if isinstance(text, str)]


def _block(
    text: str, role: Role, path: str, visibility: Visibility, zone: Zone = Zone.MAIN, question: str | None = None
) -> TextBlock:
    return TextBlock(index=0, text=text, role=role, zone=zone, visibility=visibility, css_path=path, question=question)


def _plain(text: str) -> str:
    """Return the text without the HTML that these values often hold."""
    tagged = html.unescape(text)
    return fold(html.unescape(_TAG.sub(" ", _INLINE_TAG.sub("", tagged))))

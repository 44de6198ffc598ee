"""Turns a page's title, meta, Open Graph, JSON-LD and microdata into text blocks and the organizations they name."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bs4.element import Tag

from checker.page.text import fold
from checker.values import Organization, Role, TextBlock, Visibility, Zone

_META = {
    "description": Role.META,
    "keywords": Role.META,
    "abstract": Role.META,
    "dc.title": Role.META,
    "dc.description": Role.META,
    "dcterms.description": Role.META,
    "og:title": Role.OPEN_GRAPH,
    "og:description": Role.OPEN_GRAPH,
    "og:image:alt": Role.OPEN_GRAPH,
    "twitter:title": Role.OPEN_GRAPH,
    "twitter:description": Role.OPEN_GRAPH,
    "twitter:image:alt": Role.OPEN_GRAPH,
}
#: Properties of schema.org whose values are prose.
_PROSE = frozenset(
    "name headline alternativeHeadline description text reviewBody articleBody slogan legalName caption abstract "
    "knowsAbout disambiguatingDescription transcript keywords award howPerformed preparation followup outcome procedure "
    "expectedPrognosis mechanismOfAction possibleComplication contraindication seriousAdverseOutcome warning".split()
)
_INLINE_TAG = re.compile(r"</?(?:a|b|em|i|mark|small|span|strong|sub|sup|u)\b[^<>]{0,2000}>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z!][^<>]{0,2000}>")
_JSON_LD = re.compile(r"^\s*application/ld\+json", re.IGNORECASE)
_WRAPPING = re.compile(r"^(?:<!--|(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?)|(?:-->|(?://\s?|/\*\s?)?\]\]>(?:\s?\*/)?)$")
#: Types of schema.org that publish: Organization, MedicalBusiness, MedicalClinic, Physician, LocalBusiness and the like.
_ORGANIZATION = re.compile(r"Organi[sz]ation|Business|Clinic|Hospital|Physician|Corporation")
_NAMES = ("name", "legalName")
_ADDRESS = ("streetAddress", "addressLocality", "addressRegion", "postalCode", "addressCountry")
_MICRODATA = frozenset({*_NAMES, *_ADDRESS, "address", "telephone"})
_ZONES = {"Review": Zone.TESTIMONIAL, "Question": Zone.FAQ, "Answer": Zone.FAQ}
#: A clinic's page names itself, and at times a few places; properties of one, and characters of a property.
MAX_ORGANIZATIONS = 5
MAX_PROPERTIES = 100
MAX_CHARS = 300
#: Objects visited in one JSON-LD script; real pages hold some dozens.
MAX_NODES = 5_000


def is_prose(itemprop: str) -> bool:
    """Say whether a property in microdata holds prose."""
    return not _PROSE.isdisjoint(itemprop.split())


#: An element with its CSS path.
Place = tuple[Tag, str]


@dataclass
class Parts:
    """The elements of a page that hold structured data, in the order of the page; ``title`` is the page's own."""

    title: Place | None = None
    metas: list[Place] = field(default_factory=list)
    scripts: list[Place] = field(default_factory=list)
    items: list[Tag] = field(default_factory=list)

    def take(self, tag: Tag, path: str) -> None:
        """Keep a meta element, or a script that holds JSON-LD."""
        if tag.name == "meta":
            self.metas.append((tag, path))
        elif _JSON_LD.match(str(tag.get("type") or "")):
            self.scripts.append((tag, path))

    def take_item(self, tag: Tag) -> None:
        """Keep an element that holds what is said of an organization (microdata)."""
        if len(self.items) < MAX_ORGANIZATIONS and _ORGANIZATION.search(str(tag["itemtype"])):
            self.items.append(tag)


def head_blocks(parts: Parts) -> list[TextBlock]:
    """Return blocks for the title, meta description and keywords, and Open Graph text not said before."""
    blocks: list[TextBlock] = []
    if parts.title is not None and (text := fold(parts.title[0].get_text())):
        blocks.append(_block(text, Role.TITLE, parts.title[1], Visibility.SHOWN))
    seen = {block.text for block in blocks}
    taken: set[str] = set()
    for tag, place in parts.metas:
        attribute = next((name for name in ("name", "property") if str(tag.get(name)).lower() in _META), None)
        if attribute is None:
            continue
        path = f'meta[{attribute}="{tag.get(attribute)}"]'
        path = place if path in taken else path
        taken.add(path)
        text = fold(str(tag.get("content") or ""))
        if text and text not in seen:
            seen.add(text)
            blocks.append(_block(text, _META[str(tag.get(attribute)).lower()], path, Visibility.SEARCH_ENGINE))
    return blocks


@dataclass
class Data:
    """What a page's structured data say: prose as blocks by their text, and the organizations with their names."""

    blocks: dict[str, TextBlock] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    found: list[Organization] = field(default_factory=list)

    @property
    def organization_names(self) -> tuple[str, ...]:
        """The names that the data give organizations, in order."""
        return tuple(dict.fromkeys(filter(None, map(_plain, self.names))))

    @property
    def publishers(self) -> tuple[Organization, ...]:
        """The organizations of which more than a name is known."""
        return tuple(dict.fromkeys(organization for organization in self.found if organization.is_told))

    def take(self, kind: str, question: str | None, node: dict[str, Any], path: str) -> None:
        """Add the prose of an object of JSON-LD, and what it says of an organization."""
        if len(self.found) < MAX_ORGANIZATIONS and _ORGANIZATION.search(_type(node) or ""):
            self.found.append(_of_json(node))
        if _ORGANIZATION.search(kind):
            self.names += [name for key in _NAMES for name in _texts(node.get(key))]
        for text in (_plain(text) for key, value in node.items() if key in _PROSE for text in _texts(value)):
            if text and text not in self.blocks and "://" not in text[:10]:
                asked = _plain(question) if question and kind == "Answer" else None
                zone = _ZONES.get(kind, Zone.MAIN)
                self.blocks[text] = _block(text, Role.JSON_LD, path, Visibility.SEARCH_ENGINE, zone, asked)


def data(parts: Parts) -> Data:
    """Return what stands in JSON-LD, microdata and og:site_name; broken JSON gives nothing.

    Microdata's prose is text of the page or a meta element, and is read there. extruct reads all three as well, but without
    places and bounds, from a second tree, and brings 11 packages and 34 MB along.
    """
    read = Data(names=[str(tag.get("content") or "") for tag, _ in parts.metas if tag.get("property") == "og:site_name"])
    for script, path in parts.scripts:
        for kind, question, node in _objects(_json(script.string or "")):
            read.take(kind, question, node, path)
    for item in parts.items:
        read.found.append(_of_microdata(item))
        read.names.append(read.found[-1].name or "")
    return read


def _of_json(node: dict[str, Any]) -> Organization:
    """Return what an object of an organization's type says of it."""
    return _organization({key: " ".join(_texts(node.get(key))) for key in (*_NAMES, "telephone")}, _address(node.get("address")))


def _address(value: Any) -> str:
    """Return an address that stands as text or as an object."""
    first = value[0] if isinstance(value, list) and value else value
    if isinstance(first, dict):
        return ", ".join(text for key in _ADDRESS for text in _texts(first.get(key)))
    return first if isinstance(first, str) else ""


def _of_microdata(item: Tag) -> Organization:
    """Return what an element of an organization's type says of it."""
    said: dict[str, str] = {}
    for tag in item.find_all(itemprop=True, limit=MAX_PROPERTIES):
        for key in str(tag["itemprop"]).split():
            if key in _MICRODATA:
                said.setdefault(key, str(tag.get("content") or "") or tag.get_text(" "))
    parts = [said[key] for key in _ADDRESS if key in said]
    return _organization(said, ", ".join(map(fold, parts)) or said.get("address", ""))


def _organization(said: Mapping[str, str], address: str) -> Organization:
    values = (said.get("name"), said.get("legalName"), address, said.get("telephone"))
    name, legal_name, address_, telephone = (_plain(value or "")[:MAX_CHARS] or None for value in values)
    return Organization(name=name, legal_name=legal_name, address=address_, telephone=telephone)


def _json(text: str) -> Any:
    """Return the data, also where line breaks stand in its strings or a comment around it; None for what is no JSON."""
    try:
        return json.loads(_WRAPPING.sub("", text.strip()), strict=False)
    except (ValueError, RecursionError):
        return None


def _objects(data: Any) -> Iterator[tuple[str, str | None, dict[str, Any]]]:
    """Yield (type, question, object) for every object, breadth first, bounded; one without a type has its parent's."""
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
            queue.extend((value, own, asked) for value in node.values() if isinstance(value, dict | list))
            yield own, asked, node


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
    """Return the text without the HTML that these values often hold, and without the half characters that JSON may hold."""
    tagged = html.unescape(text.encode("utf-8", "replace").decode("utf-8"))
    return fold(html.unescape(_TAG.sub(" ", _INLINE_TAG.sub("", tagged))))

"""Reads the labelled pages of training_data/ and lines their labels up with the statements that our own pipeline finds."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from checker.claims.pipeline import Pipeline
from checker.errors import SettingsError
from checker.page.blocks import document, fold
from checker.page.markup import parse
from checker.values import Document, Label, Publisher, Role, Statement, TextBlock, VerdictLevel

_MARKUP = {
    "og": '<meta property="og:description" content="{}">',
    "meta": '<meta name="description" content="{}">',
    "title": "<title>{}</title>",
    "jsonld": "",
    "alt": '<img src="x.jpg" alt="{}">',
    "caption": "<figure><figcaption>{}</figcaption></figure>",
    "summary": "<h4>{}</h4>",
    "li": "<ul><li>{}</li></ul>",
    "td": "<table><tr><td>{}</td></tr></table>",
    "link": '<p><a href="/x">{}</a></p>',
}
_ZONES = {
    "testimonial": 'section class="testimonials"',
    "faq": 'section class="faq"',
    "pricing": 'section class="pricing"',
    "disclaimer": 'section class="disclaimer"',
    "navigation": "nav",
    "header": "header",
    "footer": "footer",
    "sidebar": "aside",
    "popup": 'div class="popup" role="dialog"',
    "form": "form",
}


@dataclass(frozen=True, kw_only=True)
class LabelledLine:
    """A labelled line of a page file."""

    role: str
    zone: str
    text: str
    labels: frozenset[Label]
    continues: bool


class LineSpan(NamedTuple):
    """Where the line with this number stands in its block's text."""

    start: int
    end: int
    number: int


@dataclass(frozen=True, kw_only=True)
class LabelledPage:
    """A page with its own labels: ``voice`` is the writer's file, ``site`` the group it is split by."""

    name: str
    voice: str
    site: str
    publisher: Publisher
    verdict: VerdictLevel
    lines: tuple[LabelledLine, ...]


@dataclass(frozen=True, kw_only=True)
class Example:
    """A page as the checker reads it, with a set of labels for each statement (same order and length)."""

    page: LabelledPage
    document: Document
    statements: tuple[Statement, ...]
    labels: tuple[frozenset[Label], ...]


def read_pages(folder: Path) -> list[LabelledPage]:
    """Return the pages of every file in the folder; raises SettingsError that names a bad line."""
    files = sorted(folder.glob("*.txt"))
    if not files:
        raise SettingsError(f"No labelled pages in {folder}; training works from a checkout of the project only.")
    return [page for file in files for page in read_file(file)]


def read_single(folder: Path, pipeline: Pipeline) -> list[Example]:
    """Return the hard single statements of every file: `labels | context | text`, each as a page of a provider."""
    return [example for file in sorted(folder.glob("*.txt")) for example in read_single_file(file, pipeline)]


def read_single_file(file: Path, pipeline: Pipeline) -> list[Example]:
    """Return the single statements of one file; raises SettingsError that names a bad line."""
    lines = enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
    return [_single(file, number, raw, pipeline) for number, raw in lines if raw.strip() and not raw.startswith("#")]


def _single(file: Path, number: int, raw: str, pipeline: Pipeline) -> Example:
    try:
        labels, context, text = (part.strip() for part in raw.split("|", 2))
        wanted = frozenset(Label(name.strip()) for name in labels.split(",") if name.strip())
    except ValueError as error:
        raise SettingsError(f"{file.name} line {number}: write 'labels | context | text' ({error})") from error
    question, lead = (context if context.endswith(end) else None for end in "?:")
    heading = (context,) if context and not question and not lead else ()
    role = Role.LIST_ITEM if lead else Role.PARAGRAPH
    block = TextBlock(index=0, text=fold(text), role=role, headings=heading, question=question, lead=lead)
    statements = pipeline.statements([block])
    name = f"{file.stem}-{number}"
    page = LabelledPage(
        name=name, voice=file.stem, site=name, publisher=Publisher.PROVIDER, verdict=VerdictLevel.CAUTION, lines=()
    )
    document = Document(title=None, language=None, blocks=(block,))
    return Example(page=page, document=document, statements=statements, labels=(wanted,) * len(statements))


def digest(folder: Path) -> str:
    """Return the SHA-256 over the names and contents of the text files in the folder and below."""
    total = hashlib.sha256()
    for file in sorted(folder.rglob("*.txt")):
        total.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return total.hexdigest()


def read_file(file: Path) -> list[LabelledPage]:
    """Return the pages of one file; raises SettingsError that names a bad line."""
    pages: list[LabelledPage] = []
    head: dict[str, str] = {}
    lines: list[LabelledLine] = []

    def close() -> None:
        if head:
            pages.append(
                LabelledPage(
                    name=head["page"],
                    voice=file.stem,
                    site=head["site"],
                    publisher=Publisher(head["publisher"]),
                    verdict=VerdictLevel(head["verdict"]),
                    lines=tuple(lines),
                )
            )

    for number, raw in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            if raw.startswith("# page:"):
                close()
                head, lines = {"page": raw[7:].strip()}, []
            elif raw.startswith("# "):
                key, _, value = raw[2:].partition(":")
                head[key.strip()] = value.strip()
            elif raw.strip():
                lines.append(_line(raw))
        except ValueError as error:
            raise SettingsError(f"{file.name} line {number}: {error}") from error
    close()
    return pages


def _line(raw: str) -> LabelledLine:
    role, labels, text = raw.split("|", 2)
    role, _, zone = role.strip().partition("@")
    if role not in ("+", "p", "h1", "h2", "h3", "h4", "button", "noscript", *_MARKUP):
        raise ValueError(f"unknown role {role!r}")
    return LabelledLine(
        role=role,
        zone=zone,
        text=fold(text),
        labels=frozenset(Label(name.strip()) for name in labels.split(",") if name.strip()),
        continues=role == "+",
    )


def blocks_of(page: LabelledPage) -> list[list[LabelledLine]]:
    """Group the lines into blocks: a line and all that go on after it."""
    blocks: list[list[LabelledLine]] = []
    for line in page.lines:
        if line.continues and blocks:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def to_html(page: LabelledPage) -> str:
    """Return the page as a web page; neighbouring list items share a list."""
    head: list[str] = []
    body: list[str] = []
    for block in blocks_of(page):
        role, zone = block[0].role, block[0].zone
        text = html.escape(" ".join(line.text for line in block), quote=True)
        if role == "jsonld":
            role = "og"
        markup = _MARKUP.get(role, f"<{role}>{{}}</{role}>").format(text)
        if role in ("og", "meta", "title"):
            head.append(markup)
        elif zone:
            body.append(f"<{_ZONES[zone]}>{markup}</{_ZONES[zone].split()[0]}>")
        else:
            body.append(markup)
    inside = "\n".join(body).replace("</ul>\n<ul>", "\n")
    return f'<!doctype html><html lang="en"><head>{"".join(head)}</head><body><main>{inside}</main></body></html>'


def example(page: LabelledPage, pipeline: Pipeline) -> Example:
    """Read the page as the checker would, and give each statement the labels of the lines it covers."""
    parsed = document(parse(to_html(page)))
    statements = pipeline.statements(parsed.blocks)
    spans = spans_of(page)
    labels = tuple(_labels(page, covered(statement, spans)) for statement in statements)
    return Example(page=page, document=parsed, statements=statements, labels=labels)


def spans_of(page: LabelledPage) -> dict[str, list[LineSpan]]:
    """Map each block's text to the spans of its lines."""
    result: dict[str, list[LineSpan]] = {}
    number = 0
    for block in blocks_of(page):
        at, spans = 0, []
        for line in block:
            spans.append(LineSpan(at, at + len(line.text), number))
            at += len(line.text) + 1
            number += 1
        result[" ".join(line.text for line in block)] = spans
    return result


def covered(statement: Statement, spans: Mapping[str, list[LineSpan]]) -> list[LineSpan]:
    """Return the lines that overlap the statement by half of the shorter of the two."""
    return [span for span in spans.get(statement.block.text, []) if _overlaps(statement, span)]


def _overlaps(statement: Statement, span: LineSpan) -> bool:
    shared = min(span.end, statement.end) - max(span.start, statement.start)
    return shared * 2 >= min(span.end - span.start, statement.end - statement.start)


def _labels(page: LabelledPage, spans: list[LineSpan]) -> frozenset[Label]:
    return frozenset[Label]().union(*(page.lines[span.number].labels for span in spans))

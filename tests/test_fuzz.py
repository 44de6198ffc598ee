"""Whatever a page holds: blocks, statements and reports keep their promises, and no report breaks out of its form."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker import wire
from checker.claims.pipeline import Pipeline
from checker.engine import Checker
from checker.page import blocks, markup
from checker.page.text import fold
from checker.reports import html, jsonout, terminal
from checker.settings import Settings
from checker.values import Report

MANY = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
WORDS = [
    "Our stem cell therapy", "cures neuropathy", "FDA approved", "90% of patients", "is not", "may", "NCT01234567", "Dr. A. B. Sandoval",
    "?", "!", ".", "…", "—", "\u00a0", "\u200b", "\u202e", "\u2066", "\x1b[31m", "\x07", "\x00", "é", "e\u0301", "🦶🏽", "ＦＤＡ", "сure", "&amp;", "&#0;",
    "&lt;script&gt;", "<", ">", '"', "'", "`", "${x}", "{{7*7}}", "]]>", "javascript:alert(1)", "\ud800", "\n\n", "•", "$5,000", "http://x.example/",
]  # fmt: skip
NAMES = (
    "p div span b a li ul table tr td h1 h2 h3 br img button details summary script style noscript template svg text title meta form input "
    "select option iframe blockquote q dl dt dd section nav footer dialog label pre math slot x-card"
).split()
ATTRIBUTES = (
    'class="faq accordion" id="a" id="b" hidden style="display:none" alt="Stem cells cure." href="javascript:alert(1)" title="x" '
    'role="dialog" role="tab" aria-hidden="true" lang="en" content="Cures." name="description" itemscope itemprop="name"'
).split('" ')

text = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=8)), max_size=8).map(" ".join)
tags = st.builds(
    lambda close, name, given: f"<{close}{name}{' ' + given if given and not close else ''}>",
    st.sampled_from(["", "", "/"]),
    st.sampled_from(NAMES),
    st.sampled_from(["", "", *ATTRIBUTES]),
)
JSON_LD = '<script type="application/ld+json">{}</script>'
data = st.recursive(
    text, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["@type", "name", "description", "text"]), inner)
)
pages = st.lists(st.one_of(text, tags, tags, data.map(lambda value: JSON_LD.format(json.dumps(value)))), max_size=25).map("".join)


@pytest.fixture(scope="module")
def checker() -> Iterator[Checker]:
    with Checker(Settings()) as loaded:
        yield loaded


@MANY
@given(page=pages)
def test_blocks(page: str) -> None:
    document = blocks.document(markup.parse(page))
    for index, block in enumerate(document.blocks):
        assert block.index == index
        assert block.text and block.text == fold(block.text)


@MANY
@given(page=pages)
def test_statements_stand_where_they_say(checker: Checker, page: str) -> None:
    document = blocks.document(markup.parse(page))
    statements = checker.pipeline.statements(document.blocks)
    assert isinstance(checker.pipeline, Pipeline)
    ends: dict[int, int] = {}
    for index, statement in enumerate(statements):
        assert statement.index == index
        assert statement.block.text[statement.start : statement.end] == statement.text != ""
        assert ends.get(statement.block.index, 0) <= statement.start
        ends[statement.block.index] = statement.end
        for term in (*statement.terms, *statement.cues):
            assert 0 <= term.start < term.end <= len(statement.match_text)
            start, end = statement.in_block(term.start, term.end)
            assert statement.start <= start < end <= statement.end


@FEW
@given(page=pages)
def test_reports(checker: Checker, page: str) -> None:
    offer = "<p>Our FDA approved stem cell therapy cures neuropathy. Book your visit at our clinic now!</p>"
    report = checker.check_html(offer + page, source=page[:60], url="https://clinic.example/a?b=<script>")
    told = wire.to_dict(report)
    assert json.loads(written(jsonout.write_jsonl, report)) == json.loads(json.dumps(told))
    for finding in report.findings:
        assert finding.statement.block.text[finding.start : finding.end] == finding.quote
        assert 0 <= finding.confidence < 1
    safe_on_a_terminal(written(terminal.write, report))
    safe_in_a_browser(written(html.write, report))


def written(write: object, report: Report) -> str:
    stream = io.StringIO()
    write(report, stream)  # type: ignore[operator]
    return stream.getvalue()


#: What moves, colours, hides or turns round what a terminal shows; our own report has line ends and nothing else of these.
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def safe_on_a_terminal(said: str) -> None:
    assert UNSAFE.search(said) is None


class Seen(HTMLParser):
    """Collects what a report's HTML would run, load or lead to."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name in ("href", "src", "action"):
                self.addresses.append(value or "")


def safe_in_a_browser(page: str) -> None:
    seen = Seen()
    seen.feed(page)
    assert not seen.names & {"script", "iframe", "object", "embed", "form", "base", "svg", "math", "img"}
    assert not {name for name in seen.attributes if name.startswith("on") or name in ("style", "srcdoc")}
    assert all(re.match(r"https?://|#|mailto:", address) for address in seen.addresses)
    assert UNSAFE.search(page) is None


@pytest.mark.parametrize(
    "attack",
    [
        "</q><script>alert(1)</script>", "</style><script>alert(1)</script>", '" onmouseover="alert(1)', "' autofocus onfocus='alert(1)",
        "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "--><script>alert(1)</script>", "{{7*7}} ${7*7} {% raw %} <%= 7*7 %>",
        "javascript:alert(1)", "]]><x/>", "\x1b]0;title\x07\x1b[2J\x9b31m", "\u202ederugif\u202c", "&lt;script&gt;alert(1)&lt;/script&gt;",
        "\x00<script>", "<meta http-equiv=refresh content='0;url=//x.example'>", "<a href='data:text/html,x'>x</a>", "@import 'x'; } * {",
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["title", "statement", "source", "address", "name"])
def test_a_page_s_text_breaks_out_of_no_report(checker: Checker, attack: str, place: str) -> None:
    from html import escape

    said = escape(attack)
    title = said if place == "title" else "Clinic"
    data = json.dumps({"@type": "Organization", "name": attack if place == "name" else "Clinic"}).replace("</", "<\\/")
    offer = "Book your visit! Each infusion costs $4,900, and our doctors see new patients every day."
    plain = "At our clinic we treat numb feet with umbilical cord stem cells. Our stem cell injections relieve nerve pain."
    proof = f"Our trial NCT99999999 proves it {said if place == 'statement' else ''} to all"  # a number is found however it reads
    page = f"<title>{title}</title>{JSON_LD.format(data)}<p>{plain} {offer}</p><p>{proof}</p>"
    url = f"https://clinic.example/{attack}" if place == "address" else "https://clinic.example/"
    report = checker.check_html(page, source=attack if place == "source" else "page", url=url)
    assert any("NCT99999999" in finding.statement.block.text for finding in report.findings)
    safe_on_a_terminal(written(terminal.write, report))
    safe_in_a_browser(written(html.write, report))

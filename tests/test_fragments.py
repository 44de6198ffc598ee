"""Where a quote stands: in a real Chromium its link leads to this very statement, and its path finds the element."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from checker import fragments
from checker.page import blocks, chromium, markup
from checker.settings import Settings
from checker.values import Report, TextBlock, Verdict, VerdictLevel
from tests.server import Answer, LocalServer
from tests.test_blocks import ORDINARY

sync_api = pytest.importorskip("playwright.sync_api")

APART = '<div style="height: 2000px"></div>'
PARTS = (
    "<h2>What others say</h2><p id='denied'>No pill and no device can reverse neuropathy.</p>",
    "<h2>What we say</h2><p id='claimed'>Our stem cells reverse neuropathy.</p><p>Call us.</p>",
    "<h2>Said</h2><p id='hyphened'>Our sérum can re&shy;grow nerves.</p>",
    "<h2>Said again</h2><p id='plain'>Our serum can regrow nerves.</p>",
    "<h2>One</h2><p id='first'>Cells cure neuropathy.</p><p>Ask Ida.</p>",
    "<h2>Two</h2><p id='second'>Cells cure neuropathy.</p><p>Ask Noor.</p>",
    "<p id='broken'>Our exosome therapy<br>is FDA-approved<br>for all.</p>",
    "<pre id='set'>We heal\n   nerve   damage.</pre>",
    "<p id='noted'><a href='/'>We end numbness</a><sup>1</sup> for good.</p>",
    "<ul><li id='listed'>Cells, safe &amp; sound - always</li></ul>",
    "<p id='marked'>“Your” nerves&nbsp;can re<wbr>grow</p>",
    "<p id='long'>One two three four five six seven eight nine ten eleven twelve thirteen cells.</p>",
    "<p id='like'>One two three four five six seven eight nine ten eleven twelve thirteen nerves.</p>",
    "<details><summary>More</summary><p id='folded'>Closed cells cure neuropathy.</p></details>",
    "<p id='behind'>Behind it cells cure neuropathy.</p>",
    "<div id='shadow'><template shadowrootmode='open'><p>Shadow cells work</p></template></div>",
)
HEAD = """<title>Titled cells</title><meta name='description' content='Described cells'>
<script type='application/ld+json'>{"description": "Data on cells"}</script>"""
UNSEEN = (
    "<p hidden>Hidden cells</p><p class='sr-only'>Cells for readers</p><img alt='Pictured cells' src='data:,'>"
    "<iframe srcdoc='<p>Framed cells</p>'></iframe><noscript><p>Scriptless cells</p></noscript>"
    "<select><option>Four words of cells</option></select>"
)
PAGE = f"<!doctype html>{HEAD}<body>{APART}{APART.join((*PARTS, UNSEEN))}{APART}"
#: The words that a link is to lead to, and the element that has to come into view.
LED = [
    ("reverse neuropathy", "denied"),
    ("reverse neuropathy", "claimed"),
    ("Our stem cells reverse neuropathy.", "claimed"),
    ("serum can regrow", "plain"),
    ("regrow nerves", "plain"),
    ("cure neuropathy", "first"),
    ("cure neuropathy", "second"),
    ("exosome therapy is FDA-approved", "broken"),
    ("therapy is FDA-approved for all", "broken"),
    ("heal nerve damage", "set"),
    ("We end numbness", "noted"),
    ("numbness", "noted"),
    ("safe & sound - always", "listed"),
    ("“Your” nerves can regrow", "marked"),
    ("One two three four five six seven eight nine ten eleven twelve thirteen cells.", "long"),
    ("One two three four five six seven eight nine ten eleven twelve thirteen nerves.", "like"),
    ("four five", "like"),
    ("cells cure neuropathy", "folded"),
    ("cells cure neuropathy", "behind"),
    ("Shadow cells work", "shadow"),
]
#: Whose elements are in view.
IN_VIEW = """() => [...document.querySelectorAll("[id]")].filter((element) => {
  const box = element.getBoundingClientRect();
  return box.height > 0 && box.bottom > 0 && box.top < innerHeight;
}).map((element) => element.id)"""


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with LocalServer({"/": Answer(PAGE.encode(), headers={"Content-Type": "text/html; charset=utf-8"})}) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    found = chromium.find(Settings())
    if found is None:
        pytest.skip("no Chromium here; .ci/run installs it")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()


def report_of(page: str, url: str | None = "https://clinic.example/") -> Report:
    return Report(
        source="page",
        checked_at=datetime(2026, 11, 27, tzinfo=UTC),
        verdict=Verdict(level=VerdictLevel.CAREFUL, publisher=None),
        versions={},
        final_url=url,
        blocks=blocks.document(markup.parse(page)).blocks,
    )


def link(report: Report, block: TextBlock, words: str) -> str | None:
    start = block.text.index(words)
    return fragments.address(report, block, start, start + len(words))


def block_of(report: Report, words: str, name: str) -> TextBlock:
    return next(block for block in report.blocks if words in block.text and block.css_path.startswith(f"#{name}"))


@pytest.mark.parametrize(("words", "name"), LED)
def test_a_link_leads_to_this_very_statement(browser: Any, server: LocalServer, words: str, name: str) -> None:
    report = report_of(PAGE, server.url("/"))
    address = link(report, block_of(report, words, name), words)
    assert address is not None
    page = browser.new_page(viewport={"width": 1000, "height": 700})
    page.goto(address)
    page.wait_for_function("() => scrollY > 0", timeout=5_000)
    assert name in page.evaluate(IN_VIEW)
    page.close()


@pytest.mark.parametrize(
    "words", ["Titled", "Described", "Data on", "Hidden", "readers", "Pictured", "Framed", "Scriptless", "Four"]
)
def test_what_cannot_be_shown_has_no_link(words: str) -> None:
    report = report_of(PAGE)
    found = [block for block in report.blocks if words in block.text]
    assert found and [link(report, block, words) for block in found] == [None]


def test_no_address_no_link() -> None:
    report = report_of(PAGE, None)
    assert link(report, block_of(report, "reverse", "claimed"), "reverse neuropathy") is None


def test_the_same_again_with_the_same_around_it_has_no_link() -> None:
    report = report_of("<p>Ask.</p><p>Cells cure.</p><p>Call.</p>" * 3)
    links = [link(report, block, "cure") for block in report.blocks if "cure" in block.text]
    assert [found is None for found in links] == [False, True, True]


def test_a_page_that_repeats_itself_takes_no_longer() -> None:
    report = report_of("<p>Cells cure neuropathy in every patient.</p>" * 20_000 + f"<p>{'x' * 500_000}</p>")
    begin = time.thread_time()
    assert sum(link(report, block, block.text[:5]) is not None for block in report.blocks) <= 2
    assert time.thread_time() - begin < 20


TABLES = [
    "<table><tr><td>a<td>b<tr><td>c</table>",
    "<table id=t><caption>x</caption><colgroup><col></colgroup><thead><tr><th>h</thead><tr><td>a</table>",
    "<table><td>a<td>b<tr><td>c</table>",
    "<table><tr><td><table><tr><td>a<tr><td>b</table></td></tr><tr><td>c</table>",
    "<table><tbody><td>a</tbody><tfoot><tr><td>b</table>",
    "<table><tr><td>a</tr><tbody><tr><td>b</tbody><tr><td>c</table>",
    "<table><tbody><tr><td>a</tbody></table>",
]


@pytest.mark.parametrize("html", [*TABLES, ORDINARY])
def test_a_path_finds_the_element_in_a_browser_too(browser: Any, html: str) -> None:
    tree = markup.parse(html)
    page = browser.new_page()
    page.set_content(html)
    for block in blocks.document(tree).blocks:
        [here] = tree.select(block.css_path)[:1]
        there = page.evaluate("(path) => document.querySelector(path)?.textContent", block.css_path)
        assert there is not None, block
        if "template" not in block.css_path:
            assert there.split() == here.get_text().split()
    page.close()

"""Every way through the page for patients in a real Chromium, on a phone and a desktop, and axe on every state."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from checker.page import chromium
from tests import web_states
from tests.server import Answer, LocalServer, drip
from tests.test_web_safety import answer_of, free_ports
from tests.web_site import SETTINGS, Site

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.skipif(chromium.find(SETTINGS) is None, reason="no Chromium here; .ci/run installs it")

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
#: Half of 640 pixels: what a window of that width shows at 200 % zoom, and the narrowest phone.
NARROW: dict[str, Any] = {"viewport": {"width": 320, "height": 640}}
VIEWS = [pytest.param(PHONE, id="phone"), pytest.param(DESKTOP, id="desktop")]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SLOW = drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", web_states.ALARM.encode() + b"<!--", pause=0.1, times=25)
#: Slow enough to be stopped on a busy machine.
SLOWER = drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"<p>slow", pause=0.1, times=70)
TEXT = "Our clinic offers FDA-approved stem cell therapy that reverses neuropathy. Book your free consultation today."


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium.find(SETTINGS), args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with Site(tmp_path_factory.mktemp("web")) as running:
        yield running


@pytest.fixture(scope="module")
def clinic() -> Iterator[LocalServer]:
    with LocalServer({"/": Answer(web_states.ALARM.encode()), "/slow": SLOW, "/slower": SLOWER}) as running:
        yield running


class Visit:
    """A page of its own that notes errors and every address that it asks for."""

    def __init__(self, browser: Any, site: Site, **given: Any) -> None:
        self.context = browser.new_context(base_url=site.url, **given)
        self.page = self.context.new_page()
        self.page.set_default_timeout(40_000)
        self.errors: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *error: object) -> None:
        self.context.close()

    def ask(self, what: str) -> None:
        self.page.goto("/")
        self.page.get_by_label("Paste the address").fill(what)
        self.page.get_by_role("button", name="Check this page").click()

    def headline(self) -> str:
        self.page.wait_for_selector("body.report h1, body.unread h1")
        return str(self.page.locator("h1").inner_text())


@pytest.fixture(params=VIEWS)
def visit(request: pytest.FixtureRequest, browser: Any, site: Site) -> Iterator[Visit]:
    with Visit(browser, site, **request.param) as opened:
        yield opened
        assert opened.errors == []
        assert [url for url in opened.asked if not url.startswith(site.url)] == []


def test_an_address_and_what_can_be_done_with_its_report(visit: Visit, clinic: LocalServer) -> None:
    visit.ask(clinic.url("/"))
    assert visit.headline().startswith("This page promises to")
    page = visit.page
    page.get_by_text("Show one kind of mark only").click()
    page.get_by_role("link", name=re.compile("Says that it is safe")).click()
    assert page.locator(".paper .row").count() == 1
    page.get_by_role("link", name="Why?").first.click()
    assert "Marked:" in page.locator("main").inner_text()
    page.get_by_role("link", name="Back to the report").click()
    page.get_by_role("link", name="Español").click()
    assert page.locator("html").get_attribute("lang") == "es"
    assert visit.headline().startswith("Esta página promete")
    asked = page.get_by_role("button", name="Sí, borrarlo para siempre")
    assert not asked.is_visible()
    page.get_by_text("Borrar este informe ya").click()
    assert page.get_by_text("Todos los que tienen el enlace pierden también el informe.").is_visible()
    asked.click()
    assert "El informe ya no está" in page.locator("h1").inner_text()


def test_a_slow_page_shows_its_stages_and_then_the_report(visit: Visit, clinic: LocalServer) -> None:
    visit.ask(clinic.url("/slow"))
    visit.page.wait_for_selector("li.now[data-state=reading]")
    assert visit.page.get_by_role("status").inner_text() == "We fetch and read the page."
    assert visit.headline().startswith("This page promises to")


def test_stopping_a_check(visit: Visit, clinic: LocalServer) -> None:
    visit.ask(clinic.url("/slower"))
    visit.page.get_by_role("button", name="Stop").click()
    assert visit.page.locator("h1").inner_text() == "You stopped this check"


def test_a_text_an_upload_and_the_sample(visit: Visit, tmp_path: Path) -> None:
    visit.ask(TEXT)
    assert visit.headline().startswith("This page promises to")
    page = visit.page
    saved = tmp_path / "saved page.html"
    saved.write_text(web_states.CAREFUL)
    page.goto("/")
    page.get_by_text("Or give a page that you saved").click()
    page.get_by_label("Saved page").set_input_files(saved)
    page.get_by_role("button", name="Check this page").click()
    assert visit.headline().startswith("We found no promise")
    page.goto("/")
    page.get_by_role("button", name="Show me a sample").click()
    assert visit.headline().startswith("This page promises to")


def test_a_prepared_text_is_there_only_after_the_tick(browser: Any, site: Site) -> None:
    with Visit(browser, site, permissions=["clipboard-read", "clipboard-write"], **PHONE) as visit:
        visit.ask(TEXT)
        page = visit.page
        page.get_by_role("link", name="Prepare a text to send").click()
        assert page.locator("#text").count() == 0
        page.get_by_role("checkbox").first.check()
        page.get_by_role("button", name="Show the text").click()
        assert page.locator("#text").count() == 0, "the browser asks for the last tick"
        page.get_by_label("I have looked for each ticked quote").check()
        page.get_by_role("button", name="Show the text").click()
        text = page.locator("#text").input_value()
        assert text.startswith("A program found these quotes; I have checked each on the page.")
        assert "reverses neuropathy" in text
        page.get_by_role("button", name="Copy the text").click()
        page.get_by_role("button", name="Copied").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == text


def test_the_whole_way_without_scripts(browser: Any, site: Site, clinic: LocalServer) -> None:
    with Visit(browser, site, java_script_enabled=False, **PHONE) as visit:
        visit.ask(clinic.url("/slow"))
        assert "This page looks again every two seconds." in visit.page.locator("main").inner_text()
        assert visit.headline().startswith("This page promises to")
        page = visit.page
        assert page.get_by_role("button", name="Print this report").count() == 0
        page.get_by_role("link", name="Prepare a text to send").click()
        page.get_by_role("checkbox").first.check()
        page.get_by_label("I have looked for each ticked quote").check()
        page.get_by_role("button", name="Show the text").click()
        assert "A program found these quotes" in page.locator("#text").input_value()
        page.get_by_role("link", name="Back to the report").click()
        page.get_by_text("Delete this report now").click()
        page.get_by_role("button", name="Yes, delete it for good").click()
        assert page.locator("h1").inner_text() == "The report is gone"


def test_the_keyboard_is_enough(browser: Any, site: Site) -> None:
    with Visit(browser, site, **DESKTOP) as visit:
        page = visit.page
        page.goto("/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.get_by_label("Paste the address").focus()
        page.keyboard.type(TEXT)
        for _ in range(3):
            page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.innerText") == "Check this page"
        assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"
        page.keyboard.press("Enter")
        assert visit.headline().startswith("This page promises to")


def test_the_first_start_on_a_new_machine_leads_to_a_seen_report(browser: Any, tmp_path: Path) -> None:
    port = free_ports(1)[0]
    command = [sys.executable, "-m", "checker", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env={"PATH": "/usr/bin", "HOME": str(tmp_path)}, stderr=subprocess.DEVNULL)
    try:
        answer_of(f"http://127.0.0.1:{port}/")
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{port}/")
        page.get_by_role("button", name="Show me a sample").click()
        page.wait_for_selector("body.report h1")
        assert page.locator("h1").inner_text().startswith("This page promises to")
        assert (tmp_path / ".cache" / "clinic-checker" / "web.sqlite").stat().st_mode & 0o077 == 0
        page.close()
    finally:
        process.terminate()
        process.wait(20)


def test_what_the_bookmarklet_sends_stands_in_the_box(browser: Any, site: Site) -> None:
    with Visit(browser, site, **DESKTOP) as visit:
        visit.page.goto("/about")
        code = visit.page.get_by_role("link", name="Check this page").get_attribute("href")
        assert code.startswith(f"javascript:location.href='{site.url}/?address='")
        visit.page.goto("/?address=https%3A%2F%2Fclinic.example%2Fa%3Fb%3Dc")
        assert visit.page.get_by_label("Paste the address").input_value() == "https://clinic.example/a?b=c"


def test_on_paper_the_buttons_are_gone_and_the_words_are_there(browser: Any, site: Site) -> None:
    with Visit(browser, site, **DESKTOP) as visit:
        visit.ask(TEXT)
        visit.headline()
        visit.page.emulate_media(media="print")
        assert not visit.page.get_by_role("button").or_(visit.page.locator(".whynot, .top, .filter")).filter(visible=True).count()
        assert visit.page.get_by_text("Questions to ask").filter(visible=True).count()
        printed = "(link) => getComputedStyle(link, '::after').content"
        agency = visit.page.get_by_role("link", name="Federal Trade Commission")
        assert "reportfraud.ftc.gov" in agency.evaluate(printed) and visit.page.get_by_text("1-877-382-4357").is_visible()
        assert visit.page.pdf().startswith(b"%PDF-")


#: How a block of the page's text looks: its ground, its edge, its type, and how it can be pressed.
LOOKS = """(block) => {
  const style = getComputedStyle(block);
  return [style.backgroundColor, style.borderTopWidth, style.fontFamily, style.fontWeight, style.cursor, style.padding];
}"""


@pytest.mark.parametrize(("scheme", "media"), [("light", "screen"), ("dark", "screen"), ("light", "print")])
def test_the_clinics_buttons_are_words_on_paper_and_not_like_ours(browser: Any, site: Site, scheme: str, media: str) -> None:
    shop = web_states.page("Exosomes", "Our exosomes end nerve pain.", "<button>Add to cart</button>")
    path = web_states.checked(site, shop)
    for view in (PHONE, DESKTOP):
        with Visit(browser, site, color_scheme=scheme, **view) as visit:
            visit.page.goto(path)
            visit.page.emulate_media(media=media, color_scheme=scheme)
            theirs = visit.page.locator(".said", has_text="Add to cart").evaluate(LOOKS)
            assert theirs == visit.page.locator(".said", has_text="Our exosomes").evaluate(LOOKS)
            ours = visit.page.get_by_role("link", name="Prepare a text to send", include_hidden=True)
            assert theirs[0] != ours.evaluate(LOOKS)[0]


def test_the_first_page_is_small(browser: Any, site: Site) -> None:
    with Visit(browser, site, **PHONE) as visit:
        sizes: list[int] = []
        visit.page.on("response", lambda answer: sizes.append(len(answer.body()) + 1_000))  # and the headers, roughly
        visit.page.goto("/", wait_until="networkidle")
        print(sum(sizes), "bytes in", len(sizes), "answers")
        assert len(sizes) == 5
        assert sum(sizes) < 60_000


#: What a finger may press: everything but links within a sentence, as WCAG 2.5.8 has it.
TARGETS = """() => [...document.querySelectorAll('a, button, summary, label:has(input)')].filter((one) => one.checkVisibility() &&
  one.getBoundingClientRect().left >= 0 && !(one.matches('p > a:not([class])') && !one.closest('.ways, .source')))
  .map((one) => [one.innerText.slice(0, 30), Math.ceil(one.getBoundingClientRect().height)]).filter(([, high]) => high < 44)"""


def test_what_a_finger_presses_is_high_enough(browser: Any, site: Site) -> None:
    found = web_states.paths(site)
    with Visit(browser, site, **PHONE) as visit:
        for name in ("start", "alarm", "trials", "complaint", "complaint text", "why", "unread bot_wall", "known"):
            visit.page.goto(found[name])
            visit.page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
            assert (name, visit.page.evaluate(TARGETS)) == (name, [])


#: Our own words that a line break parts, in the texts that are not the clinic's.
PARTED = r"""() => {
  const range = document.createRange(), found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode;
    const other = '[lang=en]:not(html), .heard, .source, .sources, .versions, script, noscript, [hidden]';
    if (node.parentElement.closest(other)) continue;
    for (const word of node.data.matchAll(/(?<!\S)\p{L}+[.,:?]?(?!\S)/gu)) {
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) found.push(word[0]);
    }
  }
  return found;
}"""


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_telephone_at_double_size_parts_no_word(browser: Any, site: Site, language: str) -> None:
    found = web_states.paths(site)
    with Visit(browser, site, viewport={"width": 180, "height": 400}) as visit:
        for name in ("start", "alarm", "caution", "nothing in scope", "trials", "unread bot_wall", "complaint"):
            visit.page.goto(f"{found[name]}?lang={language}")
            assert (name, visit.page.evaluate(PARTED)) == (name, [])


def test_a_screen_reader_hears_what_a_mark_is_and_where_a_link_leads(browser: Any, site: Site) -> None:
    with Visit(browser, site, **DESKTOP) as visit:
        visit.page.goto(web_states.paths(site)["alarm"])
        main = visit.page.locator("main")
        for card in main.locator(".card").all():
            assert card.get_by_role("heading", level=3).inner_text() in card.locator(".beside").inner_text()
        spoken = main.locator(".paper").aria_snapshot()
        assert "[Promises a cure or a lasting end]" in spoken
        names = re.findall(r'link "((?:Why\?|why not\?|See it on the page|See it in the text below)[^"]*)"', main.aria_snapshot())
        assert len(names) > 10 and all("“" in name for name in names)
        shown = main.get_by_role("link", name="why not?").first
        assert shown.get_attribute("aria-label") is None


AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RUN = "async (tags) => (await axe.run(document, {runOnly: tags})).violations.map(v => [v.id, v.nodes.map(n => n.html)])"
#: In the dark only colours change, and these states have all of them.
IN_THE_DARK = ("start", "alarm", "complaint mistake", "stage judging", "careful", "why")


def states(site: Site) -> dict[str, str]:
    """Return the states; the reasons why a page is not read differ in two sentences, so that one is enough here."""
    found = web_states.paths(site)
    return {name: path for name, path in found.items() if not name.startswith("unread") or name == "unread bot_wall"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_at_320_pixels_has_no_fault_that_axe_finds_and_nothing_sticks_out(
    browser: Any, site: Site, scheme: str
) -> None:
    faults: dict[str, Any] = {}
    with Visit(browser, site, color_scheme=scheme, **NARROW) as visit:
        for name, path in states(site).items():
            if scheme == "dark" and name not in IN_THE_DARK:
                continue
            visit.page.goto(path)
            visit.page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
            visit.page.evaluate(AXE)
            found = visit.page.evaluate(RUN, TAGS)
            width = visit.page.evaluate("document.documentElement.scrollWidth")
            if found or width > 320:
                faults[name] = (found, width)
    assert faults == {}


def test_every_reason_in_spanish_says_that_nothing_is_said(browser: Any, site: Site) -> None:
    with Visit(browser, site, locale="es-MX", **PHONE) as visit:
        for name, report in web_states.unread():
            visit.page.goto(web_states.keep(site, report))
            assert visit.page.locator("h1").inner_text().startswith("No pudimos leer esta página:"), name
            assert "así que no decimos nada de ella" in visit.page.locator("main").inner_text()


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_pair_of_colours_can_be_read(scheme: int) -> None:
    css = files("checker.reports").joinpath("report.css").read_text("utf-8")
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", css.split(":root {")[scheme + 1]))
    for ground in ("paper", "tint"):
        assert contrast(colours["ink"], colours[ground]) >= 7
        for name in ("quiet", "action", "brick", "ochre", "moss"):
            assert contrast(colours[name], colours[ground]) >= 4.5, (name, ground)


@pytest.mark.parametrize(
    ("queue", "typed", "said"),
    [
        pytest.param(40, "clinic", "This is no web address we can read.", id="typed wrong"),
        pytest.param(0, TEXT, "Many people use this page right now.", id="queue full"),
    ],
)
def test_what_was_not_taken_stays_in_the_box(browser: Any, tmp_path: Path, queue: int, typed: str, said: str) -> None:
    with Site(tmp_path, queue=queue) as site, Visit(browser, site, **NARROW) as visit:
        visit.ask(typed)
        assert said in visit.page.get_by_role("alert").inner_text()
        assert visit.page.get_by_label("Paste the address").input_value() == typed
        visit.page.evaluate(AXE)
        assert visit.page.evaluate(RUN, TAGS) == []

"""A page in a real Chromium: what scripts make of it, what is opened, what never gets out, and that it always ends."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from signal import Signals
from typing import Any

import psutil
import pytest

from checker import wire
from checker.crawl import Limits, visits
from checker.crawl import judge as judge_site
from checker.crawl.scripts import browser_for
from checker.engine import Checker
from checker.errors import ReadError, SettingsError
from checker.page import blocks, chromium, markup
from checker.page.render import Browser
from checker.scan.judge import judge
from checker.scan.site import Looking, look_at
from checker.scan.visits import in_browser, site_visits
from checker.settings import Settings
from checker.values import TextBlock, Visibility, Zone
from tests.server import ADDRESS, Answer, LocalServer, drip, redirect

SETTINGS = Settings(
    allow_addresses=(f"{ADDRESS}/32",),
    hosts=(("clinic.example", ADDRESS), ("www.clinic.example", ADDRESS), ("inside.example", "127.0.0.1")),
    max_bytes=300_000,
    browser_timeout=30,
)
pytestmark = pytest.mark.skipif(chromium.find(SETTINGS) is None, reason="no Chromium here; .ci/run installs it")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser(SETTINGS) as running:
        yield running


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with LocalServer() as running:
        yield running


def page(script: str = "", body: str = "") -> Answer:
    return Answer(f"<!doctype html><title>Clinic</title><body>{body}<script>{script}</script>".encode())


def test_explain_reads_what_check_reads(server: LocalServer) -> None:
    said = "Our stem cell therapy reverses neuropathy for good."
    server.routes["/"] = page(f"document.body.innerHTML = '<h1>Stem cells</h1><p>{said} Book your visit at our clinic.</p>'")
    with Checker(SETTINGS) as checker:
        explained = checker.explain(server.url("/"), "reverses neuropathy")
    assert explained.exact and "cure" in explained.labels


def blocks_of(browser: Browser, url: str) -> dict[str, TextBlock]:
    body = browser.read(url).body.decode()
    return {block.text: block for block in blocks.document(markup.parse(body)).blocks}


def refusal(browser: Browser, url: str) -> ReadError:
    with pytest.raises(ReadError) as caught:
        browser.read(url)
    return caught.value


# -- what is read


PARTS = """
<div id=app></div>
<details><summary>Is it approved?</summary>Our therapy is FDA approved.</details>
<button aria-expanded=false onclick="this.nextElementSibling.style.display='block'">What does it do?</button>
<div style="display:none"><p>It reverses neuropathy within weeks.</p></div>
<style>.quiet {display: none} .layer {position: fixed; bottom: 0}</style>
<div class=quiet>This text is never shown to anybody.</div>
<div class=layer>We use cookies to improve your visit. <button>Accept</button></div>
<div role=tablist><button role=tab aria-selected=true>One</button>
<button role=tab aria-selected=false onclick="pane.innerHTML='<p>The second tab promises a cure.</p>'">Two</button></div>
<div id=pane><p>The first tab describes the visit.</p></div>
<iframe src="/frame"></iframe>
<x-card></x-card>
<div style="height: 3000px"></div><p id=late></p>
<a href="/other">Read more</a>
<form action="/sent"><button>Show more</button></form>
"""
SCRIPT = """
app.innerHTML = '<h1>Stem cells heal nerves</h1>';
customElements.define('x-card', class extends HTMLElement {
  connectedCallback() { this.attachShadow({mode: 'closed'}).innerHTML = '<p>The shadow tree promises relief.</p>'; }
});
new IntersectionObserver(seen => {
  if (seen[0].isIntersecting) late.textContent = 'The late part promises results.';
}).observe(late);
"""


def test_what_scripts_make_is_read_and_what_is_closed_is_opened(browser: Browser, server: LocalServer) -> None:
    server.routes.update({"/": page(SCRIPT, PARTS), "/frame": Answer(b"<p>The frame tells a story.</p>")})
    found = blocks_of(browser, server.url("/"))
    shown = ["Stem cells heal nerves", "The late part promises results.", "The frame tells a story."]
    shown += ["The shadow tree promises relief.", "The first tab describes the visit."]
    behind = ["Our therapy is FDA approved.", "It reverses neuropathy within weeks.", "The second tab promises a cure."]
    assert {text: found[text].visibility for text in behind} == dict.fromkeys(behind, Visibility.BEHIND_CLICK)
    assert found["This text is never shown to anybody."].visibility is Visibility.HIDDEN
    assert found["We use cookies to improve your visit."].zone is Zone.POPUP
    assert {found[text].visibility for text in shown[:4]} == {Visibility.SHOWN}
    assert "The first tab describes the visit." in found
    assert set(server.paths()) == {"/", "/frame"}, "a link was followed or a form sent"


def test_the_page_is_the_evidence_of_one_visit(browser: Browser, server: LocalServer) -> None:
    server.routes.update({"/old": redirect("/"), "/": page("document.body.append('Made by a script.')")})
    visit = browser.visit(server.url("/old"), screenshot=True)
    assert visit.page.final_url == server.url("/")
    assert visit.page.redirects == (server.url("/old"),)
    assert (visit.page.status, visit.page.content_type, visit.page.charset) == (200, "text/html", "utf-8")
    assert visit.page.rendered and b"Made by a script." in visit.page.body
    assert visit.png is not None and visit.png.startswith(b"\x89PNG")
    assert visit.received > 100 and visit.requests >= 2 and not visit.cut


def test_a_script_that_leads_on_is_followed(browser: Browser, server: LocalServer) -> None:
    server.routes.update({"/": page("location.replace('/real')"), "/real": page(body="<p>The real page is here.</p>")})
    read = browser.read(server.url("/"))
    assert read.final_url == server.url("/real")
    assert b"The real page is here." in read.body


def test_frames_of_the_same_site_and_no_other(browser: Browser, server: LocalServer) -> None:
    inner = server.url("/frame", "www.clinic.example")
    server.routes.update({"/": page(body=f'<iframe src="{inner}"></iframe>'), "/frame": Answer(b"<p>From our other host.</p>")})
    assert "From our other host." in blocks_of(browser, server.url("/", "clinic.example"))
    assert "From our other host." not in blocks_of(browser, server.url("/"))


# -- how it fails


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/none", "http_status"),
        ("/blank", "http_status"),
        ("/limit", "rate_limited"),
        ("/wall", "bot_wall"),
        ("/loop", "redirect_loop"),
        ("/again", "redirect_loop"),
        ("/gone", "broken_file"),
        ("/much", "too_large"),
        ("/inside", "private_address"),
        ("/file", "wrong_type"),
        ("/picture", "wrong_type"),
        ("/hangup", "refused"),
    ],
)
def test_what_cannot_be_read(browser: Browser, server: LocalServer, path: str, code: str) -> None:
    server.routes.update(
        {
            "/blank": Answer(b"", 404),
            "/limit": Answer(b"slow down", 429),
            "/wall": Answer(b"<title>Just a moment...</title>", 403),
            "/loop": redirect("/loop"),
            "/gone": page("document.documentElement.remove()", "<p>Hello.</p>"),
            "/much": page("document.body.innerHTML = `<p>${'x'.repeat(2e5)}</p>`.repeat(2)"),
            "/again": page("location.reload()", "<p>Once more.</p>"),
            "/inside": redirect("http://127.0.0.1:8080/"),
            "/file": Answer(b"PK", headers={"Content-Type": "application/zip"}),
            "/picture": Answer(b"\x89PNG", headers={"Content-Type": "image/png"}),
            "/hangup": lambda handler: None,
        }
    )
    assert refusal(browser, server.url(path)).code == code
    assert len(server.paths()) < 25


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://nobody.example/", "unknown_host"),
        ("http://127.0.0.1:8080/", "private_address"),
        ("http://0x7f000001:8080/", "private_address"),
        ("http://[::ffff:127.0.0.1]:8080/", "private_address"),
        ("http://inside.example:8080/", "private_address"),
        ("http://169.254.169.254/latest/meta-data", "private_address"),
        ("file:///etc/passwd", "unsupported_address"),
        ("http://me:secret@clinic.example/", "unsupported_address"),
    ],
)
def test_addresses_that_are_not_visited(browser: Browser, url: str, code: str) -> None:
    assert refusal(browser, url).code == code


def settings(**changes: Any) -> Settings:
    return Settings(**{**vars(SETTINGS), **changes})


def test_a_page_that_never_ends(server: LocalServer) -> None:
    server.routes["/"] = drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"<p>more</p>")
    with Browser(settings(browser_timeout=2)) as browser:
        assert refusal(browser, server.url("/")).code == "timeout"


# -- in a check


PROMISE = "Our FDA-approved stem cell therapy reverses neuropathy for good."
SELLS = "Book your free consultation at our clinic today. Our doctors treat patients with stem cell injections."


@pytest.fixture(scope="module")
def checker() -> Iterator[Checker]:
    with Checker(SETTINGS) as loaded:
        yield loaded


def test_a_shell_is_read_in_a_browser(checker: Checker, server: LocalServer) -> None:
    server.routes["/"] = page(f"app.innerHTML = '<p>{PROMISE}</p><p>{SELLS}</p>'", "<div id=app></div>")
    report = wire.to_dict(checker.check(server.url("/")))
    assert report["verdict"] == "alarm"
    assert {finding["place"]["needs_script"] for finding in report["findings"]} == {True}
    (note,) = [note for note in report["notes"] if note["code"] == "rendered"]
    assert "3 of its 4 statements" in note["message"]


def test_a_page_with_text_is_not(checker: Checker, server: LocalServer) -> None:
    server.routes["/"] = page("document.body.append('Cured at last by our stem cells.')", f"<p>{PROMISE}</p><p>{SELLS}</p>")
    report = wire.to_dict(checker.check(server.url("/")))
    assert {finding["place"]["needs_script"] for finding in report["findings"]} == {None}
    assert not any(note["code"] == "rendered" for note in report["notes"])


def test_asked_for_each_statement_says_whether_it_needs_scripts(checker: Checker, server: LocalServer) -> None:
    more = "Our exosomes cure neuropathy in every patient."
    server.routes["/"] = page(f"document.body.append(document.createElement('p')); document.querySelector('p:last-of-type')"
                              f".textContent = '{more}'", f"<p>{PROMISE}</p><p>{SELLS}</p>")  # fmt: skip
    asked = checker.as_of(date(2026, 11, 1), settings(render="always"))
    report = wire.to_dict(asked.check(server.url("/")))
    said = {finding["statement"]: finding["place"]["needs_script"] for finding in report["findings"]}
    assert said[more] is True and said[PROMISE] is False


def test_without_a_browser_the_plain_result_stands(checker: Checker, server: LocalServer) -> None:
    server.routes["/"] = page("1", "<div id=app></div>")
    error = checker.as_of(date(2026, 11, 1), settings(browser_path="/none")).check(server.url("/")).error
    assert error is not None and error.code == "script_only" and "Chromium" in error.advice
    with pytest.raises(SettingsError, match="no browser at /none"):
        Checker(settings(browser_path="/none", render="always"))


def test_a_browser_that_does_not_start_costs_nothing_where_none_was_asked_for(server: LocalServer) -> None:
    server.routes["/"] = page("1", "<div id=app></div>")
    asked = settings(browser_path="/bin/false")
    with Checker(asked) as checker:
        report = checker.check(server.url("/"))
        seen = visits(server.url("/"), asked, Limits(pages=2), prepare=browser_for(checker))
        whole = judge_site(server.url("/"), seen, checker)
    assert report.error is not None and report.error.code == "script_only"
    assert [note.code for note in report.notes] == ["render_failed"] and "does not start" in report.notes[0].message
    assert [page.report.error and page.report.error.code for page in whole.pages] == ["script_only"]
    with Browser(asked) as browser:
        outcome = look_at(server.url("/"), Looking(visits=site_visits(asked, 2), judge=judge, render=in_browser(browser)))
    assert outcome is not None and outcome.failures == () and len(outcome.pages) == 1
    with Checker(settings(browser_path="/bin/false", render="always")) as checker, pytest.raises(SettingsError, match="start"):
        checker.check(server.url("/"))


def test_a_shell_that_stays_empty_keeps_its_error(checker: Checker, server: LocalServer) -> None:
    server.routes["/"] = page("1", "<div id=app></div>")
    report = checker.check(server.url("/"))
    assert report.error is not None and report.error.code == "script_only"
    assert [note.code for note in report.notes] == ["render_failed"]


SHELL = """<nav><a href="/">Home</a> <a href="/cells">Stem cell therapy</a> <a href="/about">About us</a></nav>
<div id=app>Loading...</div><footer><p>Palm Clinic offers stem cell therapy for neuropathy.</p></footer>"""


@pytest.mark.parametrize("render", ["auto", "always"])
def test_a_shell_whose_script_is_missing_stays_unread(checker: Checker, server: LocalServer, render: str) -> None:
    server.routes["/"] = Answer(f"<title>Stem cell therapy</title>{SHELL}<script src=/missing.js></script>".encode())
    report = checker.as_of(date(2026, 11, 1), settings(render=render)).check(server.url("/"))
    assert report.error is not None and report.error.code == "script_only"
    assert "/missing.js" in server.paths()


def test_a_bare_page_without_scripts_is_read_in_a_browser_too(checker: Checker, server: LocalServer) -> None:
    server.routes["/"] = Answer(b"<title>Palm</title><nav><p>Our stem cells bring numb feet back to life.</p></nav>")
    assert checker.as_of(date(2026, 11, 1), settings(render="always")).check(server.url("/")).error is None


# -- that it always ends


ENDLESS = "while (true) {}"
#: Takes more than the browser gives one tab (4 GB of JavaScript's heap or less) and leaves no trace of it.
BREAKING = "const kept = []; while (true) kept.push(new Array(1e6).fill({}))"
HUNGRY = "const kept = []; setInterval(() => { for (let i = 0; i < 20; i++) kept.push(new Uint8Array(4e6).fill(7)) }, 10)"


@pytest.mark.parametrize(("script", "code"), [(ENDLESS, "timeout"), (HUNGRY, "too_large")])
def test_a_page_that_takes_too_much_and_the_next_one(server: LocalServer, script: str, code: str) -> None:
    server.routes.update({"/": page(script, "<p>Hello.</p>"), "/next": page(body="<p>The next page.</p>")})
    seconds = 8 if code == "timeout" else 30
    with Browser(settings(browser_timeout=seconds, browser_memory=400_000_000)) as browser:
        assert refusal(browser, server.url("/")).code == code
        assert b"The next page." in browser.read(server.url("/next")).body


def test_a_page_that_breaks_its_tab_and_the_next_one(server: LocalServer) -> None:
    server.routes.update({"/": page(BREAKING, "<p>Hello.</p>"), "/next": page(body="<p>The next page.</p>")})
    with Browser(settings(browser_timeout=60, browser_memory=100_000_000_000)) as browser:
        error = refusal(browser, server.url("/"))
        assert error.code == "too_large" and "break down" in error.message
        assert b"The next page." in browser.read(server.url("/next")).body


PROGRAM = """
import sys
from checker.page.render import Browser
from checker.settings import Settings
browser = Browser(Settings(allow_addresses=("127.0.0.2/32",), browser_timeout=60))
browser.read(sys.argv[1])
print(browser._mark, flush=True)
{end}
"""


@pytest.mark.parametrize(
    ("end", "signal"),
    [
        ("browser.read(sys.argv[2])", Signals.SIGTERM),
        ("browser.read(sys.argv[2])", Signals.SIGINT),
        ("raise RuntimeError('a fault of ours')", None),
    ],
)
def test_no_browser_outlives_the_program(server: LocalServer, end: str, signal: Signals | None) -> None:
    server.routes.update({"/": page(body="<p>Hello.</p>"), "/busy": page(ENDLESS, "<p>Busy.</p>")})
    command = [sys.executable, "-c", PROGRAM.format(end=end), server.url("/"), server.url("/busy")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as program:
        assert program.stdout is not None
        mark = program.stdout.readline().strip()
        assert mark
        if signal is not None:
            while "/busy" not in server.paths():
                time.sleep(0.05)
            program.send_signal(signal)
        program.wait(20)
    limit = time.monotonic() + 10
    while (left := marked(mark)) and time.monotonic() < limit:
        time.sleep(0.1)
    assert left == []


def marked(mark: str) -> list[int]:
    """Return the processes that bear the mark of a browser."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if mark in process.cmdline():
                found.append(process.pid)
    return found


@pytest.mark.parametrize("inline", [True, False])
def test_what_a_tab_showed_counts_though_it_stands_in_code_too(browser: Browser, server: LocalServer, *, inline: bool) -> None:
    said = ["Our team is kind and patient.", "Our cells end neuropathy in four weeks.", "We open at nine on all days."]
    tabs = "".join(f"<button role=tab aria-selected=false onclick='turn({n})'>Tab {n}</button>" for n in range(3))
    code = f"const said = {said!r}; function turn(n) {{ pane.textContent = said[n]; }} turn(0);"
    script = f"<script>{code}</script>" if inline else "<script src=/code.js></script>"
    server.routes["/code.js"] = Answer(code.encode(), headers={"Content-Type": "text/javascript"})
    server.routes["/"] = Answer(f"<p>Clinic</p><div role=tablist>{tabs}</div><div role=tabpanel id=pane></div>{script}".encode())
    assert set(said) <= set(blocks_of(browser, server.url("/")))


def test_a_text_that_is_typed_letter_by_letter_is_one(browser: Browser, server: LocalServer) -> None:
    script = """
        const said = ["Our cells end neuropathy.", "Feel your feet again."];
        let n = 0;
        setInterval(() => {
            const text = said[Math.floor(n / 40) % 2];
            typed.textContent = text.slice(0, n++ % 40) || " ";
            counted.textContent = `${n} patients walk again`;
        }, 5);
    """
    server.routes["/"] = page(script, "<p>Clinic</p><h1 id=typed> </h1><p id=counted></p>")
    found = list(blocks_of(browser, server.url("/")))
    assert "Our cells end neuropathy." in found
    assert len([text for text in found if text.startswith("Our cells")]) <= 2, "the whole one, and what it says at this moment"
    assert len([text for text in found if text.endswith("walk again")]) <= 2

"""A page in a real Chromium: what scripts make of it, what is opened, what never gets out, and that it always ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from checker.errors import ReadError
from checker.page import blocks, chromium, markup
from checker.page.render import Browser
from checker.settings import Settings
from checker.values import TextBlock, Visibility, Zone
from tests.server import ADDRESS, Answer, LocalServer, drip, redirect

SETTINGS = Settings(
    allow_addresses=(f"{ADDRESS}/32",),
    hosts=(("clinic.example", ADDRESS), ("www.clinic.example", ADDRESS), ("inside.example", "127.0.0.1")),
    browser_timeout=20,
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
        ("/limit", "rate_limited"),
        ("/wall", "bot_wall"),
        ("/loop", "redirect_loop"),
        ("/inside", "private_address"),
        ("/file", "wrong_type"),
        ("/picture", "wrong_type"),
        ("/hangup", "refused"),
    ],
)
def test_what_cannot_be_read(browser: Browser, server: LocalServer, path: str, code: str) -> None:
    server.routes.update(
        {
            "/limit": Answer(b"slow down", 429),
            "/wall": Answer(b"<title>Just a moment...</title>", 403),
            "/loop": redirect("/loop"),
            "/inside": redirect("http://127.0.0.1:8080/"),
            "/file": Answer(b"PK", headers={"Content-Type": "application/zip"}),
            "/picture": Answer(b"\x89PNG", headers={"Content-Type": "image/png"}),
            "/hangup": lambda handler: None,
        }
    )
    assert refusal(browser, server.url(path)).code == code


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

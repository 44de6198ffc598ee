"""Nothing that a page makes the browser do reaches an address that is not permitted, or leaves anything behind."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from checker.errors import ReadError
from checker.page import chromium
from checker.page.render import Browser, Visit
from checker.settings import Settings
from tests.server import ADDRESS, Answer, LocalServer, make_certificate, redirect

INSIDE = "127.0.0.1"
SETTINGS = Settings(
    allow_addresses=(f"{ADDRESS}/32",),
    hosts=(("clinic.example", ADDRESS), ("inside.example", INSIDE)),
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


class Trap:
    """Listens on a loopback address that is not permitted, for TCP and UDP, and remembers whoever comes."""

    def __init__(self) -> None:
        self.caught: list[bytes] = []
        self.tcp = socket.create_server((INSIDE, 0))
        self.port = self.tcp.getsockname()[1]
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind((INSIDE, self.port))

    def __enter__(self) -> Trap:
        threading.Thread(target=self._accept, daemon=True).start()
        threading.Thread(target=self._receive, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        for sock in (self.tcp, self.udp):
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.tcp.accept()
                with connection:
                    connection.settimeout(1)
                    self.caught.append(b"tcp " + connection.recv(200))

    def _receive(self) -> None:
        with suppress(OSError):
            while data := self.udp.recv(200):
                self.caught.append(b"udp " + data)


def visit(browser: Browser, server: LocalServer, body: str) -> Visit:
    server.routes["/"] = Answer(f"<!doctype html><title>Clinic</title><body><p>Some text here.</p>{body}".encode())
    return browser.visit(server.url("/"), screenshot=True)


#: Every way that a page has to make a browser ask an address, and those that once went past a guard.
WAYS = {
    "picture": "<img src='http://HOST/x.png'>",
    "script": "<script src='http://HOST/x.js'></script>",
    "style": "<link rel=stylesheet href='http://HOST/x.css'>",
    "style within a style": "<style>@import 'http://HOST/x.css'; p {background: url(http://HOST/y.png)}</style>",
    "frame": "<iframe src='http://HOST/'></iframe>",
    "object": "<object data='http://HOST/'></object><embed src='http://HOST/'>",
    "video": "<video autoplay src='http://HOST/x.mp4'></video><audio autoplay src='http://HOST/x.mp3'></audio>",
    "fetch": "<script>fetch('http://HOST/', {mode: 'no-cors'}).catch(() => 0)</script>",
    "post": "<script>fetch('http://HOST/', {mode: 'no-cors', method: 'POST', body: 'x'}).catch(() => 0)</script>",
    "beacon": "<script>navigator.sendBeacon('http://HOST/', 'x')</script>",
    "WebSocket": "<script>new WebSocket('ws://HOST/')</script>",
    "secure": "<script>fetch('https://HOST/').catch(() => 0); new WebSocket('wss://HOST/')</script>",
    "EventSource": "<script>new EventSource('http://HOST/')</script>",
    "WebRTC": "<script>const c = new RTCPeerConnection({iceServers: [{urls: ['stun:HOST', 'turn:HOST?transport=tcp'],"
    " username: 'a', credential: 'b'}]}); c.createDataChannel('x'); c.createOffer().then(o => c.setLocalDescription(o))</script>",
    "WebTransport": "<script>try { new WebTransport('https://HOST/').ready.catch(() => 0) } catch {}</script>",
    "preconnect": "<link rel=preconnect href='http://HOST/'><link rel=dns-prefetch href='//HOST/'>",
    "prefetch": "<link rel=prefetch href='http://HOST/'><link rel=preload as=image href='http://HOST/x.png'>"
    "<script type=speculationrules>{\"prerender\": [{\"urls\": [\"http://HOST/\"], \"eagerness\": \"immediate\"}]}</script>",
    "worker": "<script>new Worker(URL.createObjectURL(new Blob([\"fetch('http://HOST/', {mode: 'no-cors'}).catch(() => 0)\"])))"
    "</script>",
    "window": "<script>window.open('http://HOST/')</script>",
    "form": "<form id=f action='http://HOST/' target=_blank></form><script>f.submit()</script>",
    "redirect": "<img src='/away'><iframe src='/away'></iframe><script>fetch('/away', {mode: 'no-cors'}).catch(() => 0)</script>",
    "manifest and icon": "<link rel=manifest href='http://HOST/m.json'><link rel=icon href='http://HOST/i.png'>",
    "ping": "<a id=a href='#x' ping='http://HOST/'>x</a><script>a.click()</script>",
    "report": "<script>new ReportingObserver(() => 0).observe()</script><iframe csp=\"default-src 'none'\" src='http://HOST/'></iframe>",
    "drawing": "<svg><image href='http://HOST/x.png'/><use href='http://HOST/x.svg#a'/></svg>",
    "later": "<script>setTimeout(() => new Image().src = 'http://HOST/x.png', 300)</script>",
}


@pytest.mark.parametrize("host", [INSIDE, "inside.example", "[::ffff:127.0.0.1]"])
def test_no_way_of_a_page_reaches_an_address_that_is_not_permitted(browser: Browser, server: LocalServer, host: str) -> None:
    with Trap() as trap:
        place = f"{host}:{trap.port}"
        server.routes["/away"] = redirect(f"http://{place}/")
        page = visit(browser, server, "".join(WAYS.values()).replace("HOST", place))
        assert trap.caught == []
    assert b"Some text here." in page.page.body
    assert {code for _, code in page.refused} == {"private_address"}


@pytest.mark.parametrize("way", ["picture", "fetch", "WebSocket", "redirect"])
def test_each_of_these_ways_is_refused_by_the_proxy(browser: Browser, server: LocalServer, way: str) -> None:
    with Trap() as trap:
        server.routes["/away"] = redirect(f"http://{INSIDE}:{trap.port}/")
        page = visit(browser, server, WAYS[way].replace("HOST", f"{INSIDE}:{trap.port}"))
    assert page.refused == ((f"{INSIDE}:{trap.port}", "private_address"),)


def test_the_trap_catches() -> None:
    with Trap() as trap:
        socket.create_connection((INSIDE, trap.port)).close()
        for _ in range(100):
            if trap.caught:
                break
            threading.Event().wait(0.02)
        assert trap.caught == [b"tcp "]


def test_a_name_that_changes_its_address(browser: Browser, server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([ADDRESS])
    real = socket.getaddrinfo

    def resolve(host: str, port: Any, *args: Any, **options: Any) -> list[Any]:
        return real(next(answers, INSIDE) if host == "rebinds.example" else host, port, *args, **options)

    with Trap() as trap:
        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        server.routes["/"] = Answer(
            b"<!doctype html><title>Clinic</title><body><p>Some text here.</p>"
            b"<script>for (const port of [location.port, %d])"
            b" fetch('http://rebinds.example:' + port + '/x').catch(() => 0)</script>"
            % trap.port
        )
        page = browser.visit(f"http://rebinds.example:{server.port}/")
        assert trap.caught == []
    assert {code for _, code in page.refused} == {"private_address"}
    assert server.paths() == ["/"]


def test_what_the_browser_refuses(browser: Browser, server: LocalServer, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("a secret of this machine")
    server.routes["/save"] = Answer(b"x" * 1000, headers={"Content-Disposition": "attachment; filename=x.bin"})
    server.routes["/worker.js"] = Answer(b"", headers={"Content-Type": "text/javascript"})
    body = f"""<p id=out></p><iframe src="file://{secret}"></iframe><a id=d href="/save" download>x</a>
    <script>
    const say = text => out.append(text + '. ');
    d.click();
    navigator.serviceWorker.register('/worker.js').catch(() => 0);
    navigator.geolocation.getCurrentPosition(() => say('place given'), () => say('no place'));
    Notification.requestPermission().then(answer => say('notification ' + answer), () => 0);
    fetch('file://{secret}').then(() => say('file read'), () => say('no file'));
    try {{ location.href = 'file://{secret}' }} catch {{}}
    try {{ location.href = 'mailto:a@clinic.example' }} catch {{}}
    alert('stop'); confirm('stop'); print();
    </script>"""
    said = visit(browser, server, body).page.body.decode()  # 127.0.0.0/8 is a secure context, in which all of these exist
    assert "no file. " in said and "no place. " in said and "notification denied" in said
    assert "a secret" not in said and "/worker.js" not in server.paths()


def test_nothing_of_one_page_reaches_the_next(browser: Browser, server: LocalServer) -> None:
    body = """<p id=out></p><script>out.append('kept: ' + document.cookie + localStorage.x);
    document.cookie = 'x=1'; localStorage.x = 1</script>"""
    for _ in range(2):
        assert b"kept: undefined" in visit(browser, server, body).page.body


def test_a_certificate_that_nobody_knows(browser: Browser, tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, "clinic.example")
    routes = {"/": Answer(b"<p>Hello there.</p>")}
    with LocalServer(routes, certificate=certificate) as secure, pytest.raises(ReadError) as caught:
        browser.read(secure.url("/", "clinic.example"))
    assert caught.value.code == "tls"
    assert secure.paths() == []


def test_traffic_is_bounded(server: LocalServer) -> None:
    server.routes["/big"] = Answer(b"x" * 3_000_000, headers={"Content-Type": "text/plain", "Access-Control-Allow-Origin": "*"})
    with Browser(Settings(**{**vars(SETTINGS), "browser_max_bytes": 1_000_000})) as browser:
        page = visit(browser, server, "<script>fetch('/big').then(r => r.text()).then(t => document.title = t.length)</script>")
    assert page.cut and page.received < 1_200_000
    assert b"Some text here." in page.page.body


def test_the_program_says_what_it_is(browser: Browser, server: LocalServer) -> None:
    visit(browser, server, "")
    assert SETTINGS.agent in server.requests[0].headers["User-Agent"]


def test_proxies_of_the_environment_are_not_asked(server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with Trap() as trap:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://{INSIDE}:{trap.port}")
        with Browser(SETTINGS) as browser:
            assert b"Some text here." in visit(browser, server, "").page.body
        assert trap.caught == []


def test_a_page_cannot_reach_into_our_script(browser: Browser, server: LocalServer) -> None:
    body = """<p>Our therapy cures neuropathy.</p><script>
    for (const name of ['push', 'join', 'map', 'filter', 'splice']) Array.prototype[name] = () => [];
    String.prototype.replace = () => 'nothing'; WeakSet.prototype.has = () => true; JSON.stringify = () => '""';
    Element.prototype.checkVisibility = () => false; window.getComputedStyle = () => ({display: 'none'});
    globalThis.clinicChecker = {settle() {}, write() { return 'nothing' }}; Promise.prototype.then = () => 0;
    </script>"""
    assert b"<p>Our therapy cures neuropathy.</p>" in visit(browser, server, body).page.body

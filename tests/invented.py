"""Invented clinics by number: the same number gives the same pages, and a later edition of them has known changes.

One server answers for all of them by host name; some are slow, broken, hostile or blocked.
"""

from __future__ import annotations

import random
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Thread

PAGES = 5
PATHS = ("/", "/neuropathy", "/stem-cells", "/patients", "/about")
KINDS = ("slow", "error", "reset", "garbage", "flood", "loop", "check", "robots", "parked", "missing")
#: Of this many sites in a row, the last ten are one of each kind that gives trouble.
ROUND = 50

_CLAIMS = (
    "Our {product} reverses {condition} in {n} days.",
    "Our clinic in {town} offers FDA-approved {product} for {condition}.",
    "{n}% of our patients in {town} say that their {condition} is gone after {product}.",
    "{product_cap} repair damaged nerves and end {condition} for good.",
    "There are no side effects with {product} at our {town} clinic.",
    "With {product} you avoid surgery and stop taking pills for {condition} within {n} weeks.",
    "Clinically proven {product} restore feeling to feet after {n} sessions.",
    "Our {town} lab is FDA-registered, so your {product} are safe.",
    "{product_cap} may help some people with {condition} in {town} after {n} visits.",
)
_PRODUCTS = ("stem cells", "exosomes", "umbilical cord cells", "fat-derived stem cells", "platelet-rich plasma injections")
_CONDITIONS = ("neuropathy", "nerve pain", "diabetic neuropathy", "knee pain", "sciatica", "numb feet")
_TOWNS = ("Alder", "Birch Falls", "Cedar Point", "Dogwood", "Elm Grove", "Fir Ridge", "Ginkgo", "Hazel Bay")
_FILLER = (
    "Our office is open from Monday to Friday.",
    "Parking is behind the building in {town}.",
    "The first visit takes about {n} minutes.",
    "Please bring a list of your medicines.",
    "We answer questions on the phone in {town}.",
)


def host(number: int) -> str:
    """Return the host name of a clinic."""
    return f"clinic{number:04d}.example"


def kind(number: int) -> str:
    """Return "plain", or what gives trouble."""
    place = number % ROUND - (ROUND - len(KINDS))
    return KINDS[place] if place >= 0 else "plain"


def statements(number: int, path: str, edition: int = 1) -> list[str]:
    """Return the claims of a page."""
    chance = random.Random(f"{number}{path}")
    return [_filled(chance.choice(_CLAIMS), chance) for _ in range(3)]


def page(number: int, path: str) -> str:
    """Return a page's HTML."""
    chance = random.Random(f"filler {number}{path}")
    texts = [*statements(number, path), *(_filled(chance.choice(_FILLER), chance) for _ in range(4))]
    chance.shuffle(texts)
    return html(f"Nerve clinic {number} {path.strip('/') or 'home'}", texts)


def html(title: str, texts: list[str]) -> str:
    """Return a clinic's page with these paragraphs and links to all pages of its site."""
    links = "".join(f'<li><a href="{path}">{path.strip("/") or "home"}</a></li>' for path in PATHS)
    body = "".join(f"<p>{text}</p>" for text in texts)
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title></head><body><nav><ul>{links}</ul></nav>'
        f"<main><h1>Stem cell therapy at our clinic</h1>{body}<p>Book your free consultation at our clinic today.</p></main>"
        "</body></html>"
    )


def _filled(text: str, chance: random.Random) -> str:
    product = chance.choice(_PRODUCTS)
    words = {"product": product, "product_cap": product.capitalize(), "condition": chance.choice(_CONDITIONS)}
    return text.format(**words, town=chance.choice(_TOWNS), n=chance.randrange(2, 98))


@dataclass
class Web:
    """A server for all invented clinics on some loopback addresses; ``pages`` replaces what a page holds."""

    addresses: tuple[str, ...] = ("127.1.0.1",)
    pages: dict[tuple[int, str], str] = field(default_factory=dict)
    down: set[int] = field(default_factory=set)
    asked: list[tuple[str, str]] = field(default_factory=list)
    flood_bytes: int = 8_000_000
    pause: float = 0.3

    def __enter__(self) -> Web:
        first = _Server((self.addresses[0], 0), _handler(self))
        self.port: int = first.server_address[1]
        self._servers = [first, *(_Server((address, self.port), _handler(self)) for address in self.addresses[1:])]
        for server in self._servers:
            Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def environment(self, numbers: range) -> dict[str, str]:
        """Return the settings that let a program reach the clinics, and quickly."""
        pairs = zip(numbers, (self.addresses[n % len(self.addresses)] for n in count()), strict=False)
        return {
            "CLINIC_CHECKER_HOSTS": ",".join(f"{host(number)}={address}" for number, address in pairs),
            "CLINIC_CHECKER_ALLOW_ADDRESSES": "127.1.0.0/16",
            "CLINIC_CHECKER_TOTAL_TIMEOUT": "5",
            "CLINIC_CHECKER_READ_TIMEOUT": "2",
            "CLINIC_CHECKER_DELAY": "0",
            "CLINIC_CHECKER_PAGE_CACHE": "none",
        }

    def address(self, number: int) -> str:
        """Return a clinic's address."""
        return f"http://{host(number)}:{self.port}/"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients hang up."""


def _handler(web: Web) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            name = self.headers.get("Host", "").partition(":")[0]
            web.asked.append((name, self.path))
            number = int(name.removeprefix("clinic").partition(".")[0])
            self.close_connection = True
            with suppress(OSError):
                _answer(self, web, number)

        def log_message(self, *args: object) -> None:
            """Keep the output clean."""

    return Handler


def _answer(handler: BaseHTTPRequestHandler, web: Web, number: int) -> None:
    trouble = "down" if number in web.down else kind(number)
    path = handler.path.partition("?")[0]
    if trouble in ("down", "reset"):
        return
    if trouble == "robots" and path == "/robots.txt":
        _send(handler, 200, b"User-agent: *\nDisallow: /\n", "text/plain")
    elif path not in PATHS:
        _send(handler, 404, b"<p>nothing here</p>")
    elif trouble == "error":
        _send(handler, 500, b"<p>error</p>")
    elif trouble == "missing" and path == "/":
        _send(handler, 404, b"<p>gone</p>")
    elif trouble == "garbage":
        _send(handler, 200, bytes(range(256)) * 40, "application/octet-stream")
    elif trouble == "flood":
        _send(handler, 200, b"<p>" + b"stem cells " * (web.flood_bytes // 11))
    elif trouble == "loop":
        handler.send_response(302)
        handler.send_header("Location", f"{path}?again={random.random()}")
        handler.send_header("Content-Length", "0")
        handler.end_headers()
    elif trouble == "check":
        _send(handler, 403, b"<title>Just a moment...</title>")
    elif trouble == "parked":
        _send(handler, 200, b"<title>Domain for sale</title><p>This domain is for sale. Buy this domain today.</p>")
    else:
        if trouble == "slow":
            time.sleep(web.pause)
        _send(handler, 200, (web.pages.get((number, path)) or page(number, path)).encode())


def _send(handler: BaseHTTPRequestHandler, status: int, body: bytes, kind: str = "text/html; charset=utf-8") -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)

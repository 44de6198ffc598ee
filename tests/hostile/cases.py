"""The attacks: answers of a server that does not keep to the rules, and pages made to keep a reader busy."""

from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from itertools import count
from typing import Any

from checker.settings import Settings

try:
    import brotli  # where it is installed, answers packed with it are unpacked
except ImportError:
    brotli = None

from tests.server import ADDRESS, Answer, LocalServer, Route, drip, raw, redirect

READ = "read"
#: Bytes that are read and judged in full; a page of more text is refused.
MOST_TEXT = 990_000
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
#: How the checker is set for every case; the defaults but for time, and for the address of the test's own server.
SETTINGS = Settings(
    allow_addresses=(f"{ADDRESS}/32",),
    hosts=(("two.example", ADDRESS), ("half.example", "127.0.0.1")),
    connect_timeout=1,
    read_timeout=1.5,
    total_timeout=2,
    render="never",
)


@dataclass(frozen=True)
class Case:
    """One attack: the answer to a request, or where to go instead, and what a check may come to (codes, or READ)."""

    name: str
    codes: frozenset[str]
    route: Route | None = None
    address: str = ""


def page(body: str | bytes) -> bytes:
    """Return a page with this body; a clinic's sentence stands before it, so that there is something to judge."""
    given = body if isinstance(body, bytes) else body.encode()
    return b"<!doctype html><title>Clinic</title><p>Our stem cell therapy treats patients with neuropathy.</p>" + given


def endless(head: bytes, piece: bytes) -> Route:
    """Return a route that writes as fast as it can and never stops."""

    def write(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(head)
        while True:
            handler.wfile.write(piece)

    return write


def bomb(encoding: str, layers: int = 1) -> Answer:
    """Return an answer of some kilobytes that unpacks to 200 MB of paragraphs."""
    pack = zlib.compressobj(wbits=31 if encoding == "gzip" else 15)
    body = b"".join([*(pack.compress(b"<p>Stem cells cure.</p>" * 10_000) for _ in range(900)), pack.flush()])
    for _ in range(layers - 1):
        body = gzip.compress(body)
    return Answer(body, headers={"Content-Encoding": ", ".join([encoding] * layers)})


def of_the_server() -> Iterator[Case]:
    """Yield what a server can do below the level of a page."""
    numbers = count(1)

    def case(name: str, codes: str, route: Route | None, address: str = "") -> Case:
        return Case(f"{next(numbers):02} {name}", frozenset(codes.split()), route, address)

    yield case("redirect to itself", "redirect_loop", redirect("/01"))
    for place in (
        "http://127.0.0.1:80/", "http://localhost/", "http://2130706433/", "http://0177.0.0.1/", "http://0x7f.1/", "http://127.1/",
        "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/",
        "http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/", "http://100.64.0.1/", "http://10.0.0.1/",
        "http://192.168.0.1/", "http://224.0.0.1/", "http://0.0.0.0/", "http://255.255.255.255/", "http://half.example/",
        "http://①②⑦.⓪.⓪.①/", "http://１２７。0。0。1/", "http://127.0.0.1.:80/", "http://[fe80::1]/", "http://[::]/",
    ):  # fmt: skip
        yield case(f"redirect to {place}", "private_address unknown_host", redirect(place.encode().decode("latin-1")))
    for place in ("file:///etc/passwd", "ftp://two.example/", "http://me:pw@two.example/", "javascript:alert(1)", "data:text/html,x"):
        yield case(f"redirect to {place}", "unsupported_address", redirect(place))
    yield case("headers without end", "too_large refused", endless(HEAD, b"X-Filler: " + b"x" * 60 + b"\r\n"))
    yield case("one header of 100 MB", "too_large", raw(HEAD + b"X: " + b"x" * 100_000_000))
    yield case("interim answers without end", "too_large timeout", endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"))
    yield case("headers that drip", "timeout", drip(HEAD, b"X: x\r\n"))
    yield case("body that drips", "timeout", drip(HEAD + b"\r\n", b"<p>more</p>"))
    yield case("body without end", "too_large", endless(HEAD + b"\r\n", b"<p>more</p>" * 1000))
    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    yield case("chunks without end", "too_large", endless(chunked, b"10000\r\n" + b"x" * 0x10000 + b"\r\n"))
    yield case("chunks of one byte", "timeout too_large", endless(chunked, b"1\r\nx\r\n" * 1000))
    yield case("a chunk of 16 digits", "timeout refused broken_file", raw(chunked + b"fffffffffffffff0\r\nx"))
    yield case("chunk lengths without end", "refused too_large timeout", endless(chunked, b"1" * 10_000))
    yield case("a length that lies", "refused broken_file", raw(HEAD + b"Content-Length: 900\r\n\r\n<p>short</p>"))
    yield case("a length of 5 TB", "too_large", raw(HEAD + b"Content-Length: 5000000000000\r\n\r\n<p>x</p>"))
    yield case("no answer", "timeout", lambda handler: time.sleep(3))
    yield case("no HTTP", "refused", raw(b"SSH-2.0-OpenSSH_9.2\r\n" * 100))
    yield case("gzip bomb", "too_large", bomb("gzip"))
    yield case("gzip in gzip bomb", "too_large wrong_type broken_file", bomb("gzip", 2))
    yield case("deflate bomb", "too_large", bomb("deflate"))
    if brotli is not None:
        body = brotli.compress(b"<p>Stem cells cure.</p>" * 2_000_000, quality=3)
        yield case("Brotli bomb", "too_large", Answer(body, headers={"Content-Encoding": "br"}))
    yield case("broken Brotli", "wrong_type broken_file", Answer(b"\xff" * 900, headers={"Content-Encoding": "br"}))
    yield case("broken Zstandard", "wrong_type broken_file", Answer(b"\x28\xb5\x2f\xfd" * 90, headers={"Content-Encoding": "zstd"}))
    yield case("fifty compressions", "wrong_type broken_file refused", Answer(b"x" * 90, headers={"Content-Encoding": "gzip, " * 50}))
    yield case("a codec for a charset", READ, Answer(page("<p>Stem cells."), headers={"Content-Type": "text/html; charset=zlib"}))
    yield case("a page within XML entities", f"{READ} empty too_large", Answer(LAUGHS, headers={"Content-Type": "application/xml"}))


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(12))
    + b']><html><body><p>Our stem cell therapy cures. &m;</p><p><![CDATA[x]]></p></body></html>'
)
#: Units that are repeated in one paragraph until the size is reached.
UNITS = {
    "one letter": "a", "one digit": "9", "one word": "cure ", "negations": "not ", "approvals": "FDA approved ", "commas": ", ",
    "full stops": ". ", "points": ".", "hyphens": "a-", "quotation marks": '"', "spaces": " ", "line ends": "\n", "brackets": "(",
    "registry numbers": "NCT01234567 ", "percentages": "90% of patients ", "entities": "&amp;", "zero-width": "cu\u200bre ",
    "combining marks": "e\u0301\u0301", "right-to-left": "\u202ecure\u202c ", "questions": "Is it a cure? ", "ands": "and ",
    "claims": "Our stem cell therapy cures neuropathy in 90% of patients. ", "one claim": "our stem cells cure neuropathy and ",
    "addresses": "Miami, FL 33101 ", "names": "Dr. A B ", "mail": "a@a.a.a.", "emoji": "🦶🏽\u200d", "surrogates": "&#xD800;",
    "big references": "&#99999999999;", "consult": "consult      ", "not approved": "united states ",
}  # fmt: skip
#: Markup that is repeated until the size, or the number of tags that a page may hold, is reached.
TAGS = {
    "bold": "<b>x", "boxes": "<div>x</div>", "deep boxes": "<div>", "breaks": "a<br>", "links in links": "<a href=x>x",
    "tables in tables": "<table><tr><td>x", "lists in lists": "<ul><li>x", "pictures": '<img alt="Stem cells cure neuropathy">',
    "links": '<a href="/x">Stem cells cure</a> ', "questions": "<h2>Does it cure?</h2><p>Yes.</p>", "forms": "<form><p>x",
    "headings": "<h1>Cure</h1>", "titles": "<title>Cure</title>", "meta": '<meta name="description" content="Stem cells cure">',
    "buttons": "<button>x", "templates": "<template><p>x", "drawings": "<svg><text>x</text></svg>", "frames": "<iframe>x</iframe>",
    "select": "<select><option>x", "misnested": "<b><p></b></p>", "open comments": "<!--x", "half tags": "<a <a ", "end tags": "</p>",
    "noscript": "<noscript><p>cure", "details": "<details><summary>x</summary>y", "same id": '<p id="a">Stem cells cure.',
}  # fmt: skip


def times(unit: str | bytes, size: int) -> bytes:
    """Return a unit repeated to about this many bytes, with at most as many tags as a page may hold."""
    given = unit if isinstance(unit, bytes) else unit.encode("utf-8")
    tags = given.count(b"<")
    return given * min(size // len(given), 149_000 // tags if tags else size)


def of_the_page(size: int) -> Iterator[Case]:
    """Yield pages of about this many bytes that keep a parser, a pattern or the judging busy."""
    either = frozenset({READ, "too_large", "not_english"})  # one word again and again may be any language's

    def case(name: str, body: bytes, kind: str = "text/html; charset=utf-8", codes: frozenset[str] = either) -> Case:
        return Case(name, codes, Answer(body, headers={"Content-Type": kind}))

    for name, unit in UNITS.items():
        yield case(f"paragraph of {name}", page(b"<p>" + times(unit, min(size, MOST_TEXT))))
        yield case(f"text of {name}", b"Our stem cells treat neuropathy.\n\n" + times(unit, size), "text/plain; charset=utf-8")
    for name, unit in TAGS.items():
        yield case(f"tags: {name}", page(times(unit, size)), codes=either | {"empty", "script_only"})
    for name, value in {"class": "tab accordion ", "id": "faq-", "style": "display ", "alt": "cure ", "href": "/a/../"}.items():
        yield case(f"attribute: {name}", page(f'<p {name}="'.encode() + times(value, size) + b'">Our cells.</p>'))
    yield case("attributes", page(b"<p " + b" ".join(b"a%d=1" % i for i in range(size // 8)) + b">Our cells.</p>"))
    yield case("title", b"<title>" + times("a. ", size) + b"</title><p>Our stem cell therapy treats patients.</p>")
    yield case("title of points", b"<title>" + times(".", size) + b"</title><p>Our stem cell therapy treats patients.</p>")
    yield case("declared twice", times(b'<meta charset="x">', size) + page(b""))
    for name, data in of_json(size).items():
        yield case(f"JSON-LD: {name}", page(b'<script type="application/ld+json">' + data + b"</script>"))
    yield case("JSON-LD: scripts", page(times(b'<script type="application/ld+json">{"name":"Cure"}</script>', size)))


def of_json(size: int) -> dict[str, bytes]:
    """Return structured data that is deep, long, or wrapped in much space."""
    half = size // 2
    return {
        "deep lists": b"[" * half + b"]" * half,
        "deep objects": b'{"a":' * (size // 6) + b"1" + b"}" * (size // 6),
        "many objects": b"[" + times('{"@type":"Review","reviewBody":"Stem cells cure."},', size) + b"{}]",
        "a long text": b'{"description":"' + times("Stem cells cure. ", min(size, MOST_TEXT)) + b'"}',
        "open tags": b'{"description":"' + times("<a ", size) + b'"}',
        "entities": b'{"description":"' + times("&amp;", size) + b'"}',
        "a long number": b'{"name":' + b"9" * size + b"}",
        "space": b"{}" + b" \n" * half + b"x",
        "comments": times("/* ]]> ", size),
    }


def of_the_pdf(size: int) -> Iterator[Case]:
    """Yield PDF files that unpack, refer or repeat without end."""
    codes = frozenset({READ, "broken_file", "pdf_without_text", "too_large", "not_english"})
    texts = b"BT /F1 12 Tf 72 700 Td (Our stem cells cure.) Tj ET\n"
    streams = {
        "text bomb": zlib.compress(texts * (size * 20 // len(texts))),
        "space bomb": zlib.compress(b" " * size * 20),
        "operators": zlib.compress(b"q Q " * (size // 4)),
        "open brackets": zlib.compress(b"[" * size),
        "one long string": zlib.compress(b"BT (" + b"a" * size + b") Tj ET"),
    }
    kinds = {"Content-Type": "application/pdf"}
    for name, stream in streams.items():
        yield Case(f"PDF: {name}", codes, Answer(pdf(stream), headers=kinds))
    many = b"3 0 R " * min(size // 6, 200_000)
    yield Case("PDF: one page very often", codes, Answer(pdf(zlib.compress(texts), kids=many), headers=kinds))
    yield Case("PDF: pages within themselves", codes, Answer(pdf(zlib.compress(texts), kids=b"2 0 R 3 0 R"), headers=kinds))
    deep = b"[" * min(size, 100_000)
    yield Case("PDF: deep lists", codes, Answer(pdf(zlib.compress(texts), extra=b"/X " + deep), headers=kinds))
    yield Case("PDF: no table, many objects", codes, Answer(b"%PDF-1.7\n" + times("1 0 obj<</A 1 0 R>>endobj\n", size), headers=kinds))


def pdf(stream: bytes, *, kids: bytes = b"3 0 R", extra: bytes = b"") -> bytes:
    """Return a PDF with this packed stream as its page's text."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R" + extra + b">>",
        b"<</Type/Pages/Count 1/Kids[" + kids + b"]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n" % len(stream) + stream + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body = bytearray(b"%PDF-1.4\n")
    places = []
    for number, text in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj" % number + text + b"endobj\n"
    table = len(body)
    body += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(body + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % table)


@contextmanager
def served(cases: list[Case]) -> Iterator[dict[str, str]]:
    """Serve all cases from one server; yield the address of each by its name."""
    with LocalServer() as server:
        addresses = {}
        for number, case in enumerate(cases, 1):
            path = f"/{number:02}"
            if case.route is not None:
                server.routes[path] = case.route
            addresses[case.name] = case.address or server.url(path)
        yield addresses


def outcome(report: Any) -> str:
    """Return what a check came to: READ or the code of its error."""
    return str(report.error.code) if report.error else READ

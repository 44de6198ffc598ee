"""Reading a page over the network: a real server for every way it can go well or wrong."""

from __future__ import annotations

import gzip
import hashlib
import os
import socket
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import brotli
import pytest

from checker.errors import ADVICE, ReadError, SettingsError
from checker.page.fetch import fetch
from checker.page.transport import MAX_HEADER_BYTES
from checker.settings import Settings
from tests.server import ADDRESS, Answer, LocalServer, drip, make_certificate, raw, redirect

PAGE = b"<!doctype html><title>Clinic</title><p>We offer treatments.</p>"
ALLOWED = (f"{ADDRESS}/32",)
SETTINGS = Settings(allow_addresses=ALLOWED, connect_timeout=2, read_timeout=2, total_timeout=5, max_bytes=100_000)
OK_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with LocalServer({"/": Answer(PAGE)}) as running:
        yield running


def settings(**changes: Any) -> Settings:
    return Settings(**{**vars(SETTINGS), **changes})


def refusal(url: str, used: Settings = SETTINGS) -> ReadError:
    with pytest.raises(ReadError) as caught:
        fetch(url, used)
    assert caught.value.stage in ("address", "fetch")
    assert caught.value.code in ADVICE
    return caught.value


# -- pages that can be read


def test_a_page_is_read_whole(server: LocalServer) -> None:
    before = datetime.now(UTC)
    page = fetch(server.url("/#prices"), SETTINGS)
    assert page.source == server.url("/#prices")
    assert page.final_url == server.url("/")
    assert page.redirects == ()
    assert page.status == 200
    assert page.content_type == "text/html"
    assert page.charset == "utf-8"
    assert page.body == PAGE
    assert page.sha256 == hashlib.sha256(PAGE).hexdigest()
    assert before <= page.fetched_at <= datetime.now(UTC)


def test_the_program_says_what_it_is(server: LocalServer) -> None:
    fetch(server.url(), SETTINGS)
    headers = server.requests[0].headers
    assert headers["User-Agent"] == SETTINGS.user_agent
    assert "text/html" in headers["Accept"]
    assert "gzip" in headers["Accept-Encoding"]
    assert headers["Accept-Language"] == "en"
    assert headers["Host"] == f"{ADDRESS}:{server.port}"
    assert {"X-Forwarded-For", "Authorization", "Cookie", "Referer"}.isdisjoint(headers)


@pytest.mark.parametrize(
    "kind", ["text/html", "application/xhtml+xml", "text/plain", "application/pdf", "application/xml", "text/xml"]
)
def test_readable_types(server: LocalServer, kind: str) -> None:
    body = b"%PDF-1.7 \x00\x01" if "pdf" in kind else b"No tags." if "plain" in kind else PAGE
    server.routes["/x"] = Answer(body, headers={"Content-Type": kind.upper()})
    page = fetch(server.url("/x"), SETTINGS)
    assert page.content_type == kind
    assert page.charset is None


def test_a_web_page_that_is_called_plain_text_is_one_and_a_text_with_tags_is_none(server: LocalServer) -> None:
    for body, kind in ((PAGE, "text/html"), (b"Write <html> first, then <p>.", "text/plain")):
        server.routes["/x"] = Answer(body, headers={"Content-Type": "text/plain; charset=utf-8"})
        assert fetch(server.url("/x"), SETTINGS).content_type == kind


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (PAGE, "text/html"),
        (b"  <p>short</p>", "text/html"),
        (b"Plain words, 1 < 2.", "text/plain"),
        (b"", "text/plain"),
        (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\x00", "application/pdf"),
    ],
)
def test_without_a_type_the_body_decides(server: LocalServer, body: bytes, kind: str) -> None:
    server.routes["/x"] = Answer(body, headers={"Content-Type": ""})
    assert fetch(server.url("/x"), SETTINGS).content_type == kind


def test_a_pdf_served_as_a_page_is_a_pdf(server: LocalServer) -> None:
    server.routes["/x"] = Answer(b"%PDF-1.4\n\x00\x01\x02", headers={"Content-Disposition": "attachment"})
    assert fetch(server.url("/x"), SETTINGS).content_type == "application/pdf"


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le"])
def test_utf_16_is_text(server: LocalServer, charset: str) -> None:
    body = PAGE.decode().encode(charset)
    server.routes["/x"] = Answer(body, headers={"Content-Type": f'text/html; charset="{charset.upper()}"'})
    page = fetch(server.url("/x"), SETTINGS)
    assert (page.body, page.charset) == (body, charset)


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("gzip, gzip", lambda b: gzip.compress(gzip.compress(b)))],
)
def test_compressed_pages(server: LocalServer, encoding: str, pack: Callable[[bytes], bytes]) -> None:
    server.routes["/x"] = Answer(pack(PAGE), headers={"Content-Encoding": encoding})
    assert fetch(server.url("/x"), SETTINGS).body == PAGE


def test_chunked_pages(server: LocalServer) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    server.routes["/x"] = raw(head + b"5\r\n<p>On\r\n6\r\ne.</p>\r\n0\r\n\r\n")
    assert fetch(server.url("/x"), SETTINGS).body == b"<p>One.</p>"


# -- redirects


def test_redirects_are_followed(server: LocalServer) -> None:
    server.routes |= {"/a": redirect("/b", 301), "/c%20d?%C3%A9": Answer(PAGE)}
    server.routes["/b"] = redirect(server.url("/c d?é#x").encode().decode("latin-1"), 308)
    page = fetch(server.url("/a"), SETTINGS)
    assert page.redirects == (server.url("/a"), server.url("/b"))
    assert page.final_url == server.url("/c%20d?%C3%A9")
    assert page.body == PAGE


def test_a_redirect_keeps_cookies(server: LocalServer) -> None:
    server.routes |= {"/a": Answer(status=302, headers={"Location": "/b", "Set-Cookie": "seen=1"}), "/b": Answer(PAGE)}
    fetch(server.url("/a"), SETTINGS)
    assert server.requests[1].headers["Cookie"] == "seen=1"


@pytest.mark.parametrize("limit", [0, 3])
def test_redirect_loop(server: LocalServer, limit: int) -> None:
    server.routes["/a"] = redirect("/a")
    assert refusal(server.url("/a"), settings(max_redirects=limit)).code == "redirect_loop"
    assert len(server.requests) == limit + 1


def test_as_many_redirects_as_allowed(server: LocalServer) -> None:
    server.routes |= {"/a": redirect("/b"), "/b": redirect("/")}
    assert fetch(server.url("/a"), settings(max_redirects=2)).body == PAGE


def test_a_redirect_into_a_private_network_is_refused(server: LocalServer) -> None:
    with LocalServer({"/secret": Answer(PAGE)}, address="127.0.0.1") as inside:
        server.routes["/a"] = redirect(inside.url("/secret"))
        error = refusal(server.url("/a"))
        assert (error.code, inside.requests) == ("private_address", [])
        assert "127.0.0.1" in error.message


@pytest.mark.parametrize(
    "target",
    ["file:///etc/passwd", "ftp://clinic.example/", "http://me:pw@127.0.0.2/", "http://[::1", "javascript:1", "http://a\x01b/"],
)
def test_a_redirect_to_an_unsupported_address_is_refused(server: LocalServer, target: str) -> None:
    server.routes["/a"] = redirect(target)
    assert refusal(server.url("/a")).code == "unsupported_address"


def test_the_body_of_a_redirect_is_not_read(server: LocalServer) -> None:
    body = gzip.compress(bytes(30_000_000))
    server.routes["/a"] = Answer(body, 302, {"Location": "/", "Content-Encoding": "gzip"})
    assert peak(lambda: fetch(server.url("/a"), SETTINGS)) < 2_000_000


# -- answers that are no page


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (404, "http_status"),
        (403, "http_status"),
        (410, "http_status"),
        (500, "http_status"),
        (503, "http_status"),
        (304, "http_status"),
        (429, "rate_limited"),
    ],
)
def test_statuses(server: LocalServer, status: int, code: str) -> None:
    server.routes["/x"] = Answer(b"" if status == 304 else b"<p>no</p>", status)
    error = refusal(server.url("/x"))
    assert error.code == code
    assert str(status) in error.message


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"<title>Just a moment...</title>", 403),
        Answer(gzip.compress(b"<script src=/_Incapsula_Resource>"), 503, {"Content-Encoding": "gzip"}),
        Answer(b"", 403, {"cf-mitigated": "challenge"}),
    ],
)
def test_visitor_checks(server: LocalServer, answer: Answer) -> None:
    server.routes["/x"] = answer
    assert refusal(server.url("/x")).code == "bot_wall"


@pytest.mark.parametrize("kind", ["image/png", "application/zip", "video/mp4", "application/json", "application/octet-stream"])
def test_other_types(server: LocalServer, kind: str) -> None:
    server.routes["/x"] = Answer(PAGE, headers={"Content-Type": kind})
    error = refusal(server.url("/x"))
    assert error.code == "wrong_type"
    assert kind in error.message


@pytest.mark.parametrize("kind", ["text/html", "text/plain", ""])
@pytest.mark.parametrize(
    "body", [b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b"PK\x03\x04\x14\x00" + PAGE, bytes(range(256)) * 20, bytes(100)]
)
def test_binary_data_served_as_text(server: LocalServer, kind: str, body: bytes) -> None:
    server.routes["/x"] = Answer(body, headers={"Content-Type": kind})
    assert refusal(server.url("/x")).code == "wrong_type"


def test_an_unknown_compression(server: LocalServer) -> None:
    server.routes["/x"] = Answer(PAGE, headers={"Content-Encoding": "compress"})
    assert refusal(server.url("/x")).code == "wrong_type"


@pytest.mark.parametrize("body", [PAGE, gzip.compress(PAGE)[:10] + b"\xff" * 9])
def test_broken_compression(server: LocalServer, body: bytes) -> None:
    server.routes["/x"] = Answer(body, headers={"Content-Encoding": "gzip"})
    assert refusal(server.url("/x")).code == "broken_file"


@pytest.mark.parametrize("with_length", [True, False])
@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("gzip, gzip", lambda b: gzip.compress(gzip.compress(b))),
        ("br", brotli.compress),
    ],
)
def test_a_compressed_page_that_is_cut_off_is_not_taken_for_a_whole_one(
    server: LocalServer, encoding: str, pack: Callable[[bytes], bytes], with_length: bool
) -> None:
    body = pack(PAGE * 90)
    head = OK_HEAD[:-2] + f"Content-Encoding: {encoding}\r\n".encode()
    for end in (len(body) // 2, len(body) - 1, len(body)):
        length = f"Content-Length: {end}\r\n".encode() if with_length else b"Connection: close\r\n"
        server.routes["/x"] = raw(head + length + b"\r\n" + body[:end])
        if end == len(body):
            assert fetch(server.url("/x"), SETTINGS).body == PAGE * 90
        else:
            assert refusal(server.url("/x")).code == "refused"


def test_a_compressed_page_in_chunks_that_is_cut_off_is_no_page(server: LocalServer) -> None:
    head = OK_HEAD[:-2] + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    body = gzip.compress(bytes(range(32, 127)) * 40 + os.urandom(6_000).hex().encode())
    for end in (len(body) // 2, len(body)):
        server.routes["/x"] = raw(head + b"%x\r\n%b\r\n0\r\n\r\n" % (end, body[:end]))
        if end < len(body):
            assert refusal(server.url("/x")).code == "refused"
    assert len(fetch(server.url("/x"), SETTINGS).body) > 12_000


def test_a_page_that_is_whole_needs_no_end_of_its_compression(server: LocalServer) -> None:
    packer = zlib.compressobj(wbits=31)
    page = b"<html><p>Our clinic.</p></html>\n"
    flushed = packer.compress(page) + packer.flush(zlib.Z_SYNC_FLUSH)
    for body in (gzip.compress(page)[:-8], gzip.compress(page)[:-1], flushed):
        server.routes["/x"] = Answer(body, headers={"Content-Encoding": "gzip"})
        assert fetch(server.url("/x"), SETTINGS).body == page


def test_what_follows_a_compressed_page_counts_for_nothing(server: LocalServer) -> None:
    for rest in (b"\n", b"\0", b"\x1f", b"\0" * 20, b"<!-- cached -->", gzip.compress(b"")):
        server.routes["/x"] = Answer(gzip.compress(PAGE) + rest, headers={"Content-Encoding": "gzip"})
        assert fetch(server.url("/x"), SETTINGS).body == PAGE
    server.routes["/x"] = Answer(b"", headers={"Content-Encoding": "gzip"})
    assert fetch(server.url("/x"), SETTINGS).body == b""


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"rubbish\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 500\r\n\r\n<p>half",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_answers_broken_off(server: LocalServer, answer: bytes) -> None:
    server.routes["/x"] = raw(answer)
    assert refusal(server.url("/x")).code == "refused"


# -- addresses


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.0.0.2",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "017700000001",
        "0x7f.1",
        "127.1",
        "１２７.0.0.1",
        "localhost",
        "LOCALHOST.",
        "0.0.0.0",
        "0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "100.100.100.200",
        "192.0.0.192",
        "168.63.129.16",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[::127.0.0.1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[0:0:0:0:0:ffff:10.0.0.1]",
        "[::ffff:0:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b:1::1]",
        "[2002:7f00:1::]",
        "[2001::1]",
        "[2001:db8::1]",
        "[100::1]",
        "[fc00::1]",
        "[fd00:ec2::254]",
        "[fe80::1]",
        "[fec0::1]",
        "[ff02::1]",
        "[4000::1]",
    ],
)
def test_no_address_of_a_special_network_is_read(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", lambda *args: pytest.fail("connected"))
    assert refusal(f"http://{host}/", Settings()).code == "private_address"
    assert refusal(f"https://{host}:8443/", Settings()).code == "private_address"


@pytest.mark.parametrize("host", ["2130706434", "0x7f000002", "0177.0.0.2", "127.2", "[::ffff:127.0.0.2]"])
def test_another_notation_of_an_allowed_address(server: LocalServer, host: str) -> None:
    """The judged address is the one that is reached (mapped IPv4 may be unreachable, but is never refused)."""
    try:
        assert fetch(server.url("/", host), SETTINGS).body == PAGE
    except ReadError as error:
        assert (host[0], error.code) == ("[", "refused")


def test_allowing_one_address_allows_no_other(server: LocalServer) -> None:
    for host in ("127.0.0.1", "127.0.0.3", "[::127.0.0.2]", "[64:ff9b::7f00:2]"):
        assert refusal(server.url("/", host)).code == "private_address"


def test_allow_private_allows_all() -> None:
    with LocalServer({"/": Answer(PAGE)}, address="127.0.0.1") as inside:
        assert fetch(inside.url("/", "localhost"), Settings(allow_private=True)).body == PAGE


def test_hosts_replace_dns(server: LocalServer) -> None:
    used = settings(hosts=(("Clinic.Example.", ADDRESS),))
    page = fetch(server.url("/", "CLINIC.example"), used)
    assert page.final_url == server.url("/", "clinic.example")
    assert server.requests[0].headers["Host"] == f"clinic.example:{server.port}"


def test_hosts_open_no_address(server: LocalServer) -> None:
    used = settings(hosts=(("clinic.example", "127.0.0.1"),))
    assert refusal(server.url("/", "clinic.example"), used).code == "private_address"


def test_every_address_of_a_name_must_be_permitted(server: LocalServer) -> None:
    used = settings(hosts=(("clinic.example", ADDRESS), ("clinic.example", "10.0.0.1")))
    assert refusal(server.url("/", "clinic.example"), used).code == "private_address"
    assert server.requests == []


def test_the_next_address_is_tried(server: LocalServer) -> None:
    used = settings(hosts=(("clinic.example", "127.0.0.3"), ("clinic.example", ADDRESS)), allow_addresses=("127.0.0.0/29",))
    assert fetch(server.url("/", "clinic.example"), used).body == PAGE
    assert server.paths() == ["/"]


def test_a_name_is_looked_up_once(server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second answer of DNS (rebinding) would never be used."""
    answers = iter([ADDRESS, "127.0.0.1"])
    asked: list[str] = []
    real = socket.getaddrinfo

    def answer(host: str, *args: Any, **options: Any) -> Any:
        if host == "clinic.example":
            asked.append(host)
            host = next(answers)
        return real(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    assert fetch(server.url("/", "clinic.example"), SETTINGS).body == PAGE
    assert asked == ["clinic.example"]
    assert refusal(server.url("/", "clinic.example")).code == "private_address"


def test_unknown_host() -> None:
    assert refusal("http://no-such-clinic.invalid/").code == "unknown_host"


def test_connection_refused(server: LocalServer) -> None:
    with socket.socket() as unused:
        unused.bind((ADDRESS, 0))
        port = unused.getsockname()[1]
        assert refusal(f"http://{ADDRESS}:{port}/").code == "refused"


@pytest.mark.parametrize("url", ["ftp://127.0.0.2/", "file:///etc/passwd", "clinic.example", "http://me:pw@127.0.0.2/"])
def test_unsupported_addresses(url: str) -> None:
    assert refusal(url).code == "unsupported_address"


def test_proxies_and_passwords_of_the_environment_are_ignored(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text(f"machine {ADDRESS} login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with LocalServer(address="127.0.0.1") as proxy:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.url())
            monkeypatch.setenv(name.upper(), proxy.url())
        assert fetch(server.url(), SETTINGS).body == PAGE
        assert refusal("http://127.0.0.1/").code == "private_address"
        assert proxy.requests == []
    assert "Authorization" not in server.requests[0].headers


@pytest.mark.parametrize(
    "wrong", [{"allow_addresses": ("home",)}, {"allow_addresses": ("10.0.0.0/99",)}, {"hosts": (("a.example", "b.example"),)}]
)
def test_wrong_settings(wrong: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        fetch("http://a.example/", settings(**wrong))


# -- time


def ends_in_time(url: str, used: Settings) -> ReadError:
    begin = time.monotonic()
    error = refusal(url, used)
    assert time.monotonic() - begin < used.total_timeout + 0.5
    return error


SLOW_ROUTES = {
    "status line": drip(b"", b"H"),
    "one header": drip(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
    "many headers": drip(b"HTTP/1.1 404 Not Found\r\n", b"X-Slow: 1\r\n"),
    "redirect headers": drip(b"HTTP/1.1 302 Found\r\nLocation: /\r\n", b"X-Slow: 1\r\n"),
    "body": drip(OK_HEAD, b"<p>"),
    "body of known length": drip(OK_HEAD[:-2] + b"Content-Length: 90000\r\n\r\n", b"<p>"),
    "chunks": drip(OK_HEAD[:-2] + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "chunk size": drip(OK_HEAD[:-2] + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
    "trailers": drip(OK_HEAD[:-2] + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: 1\r\n"),
    "compressed": drip(OK_HEAD[:-2] + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(PAGE)[:10], b""),
    "visitor check": drip(b"HTTP/1.1 503 Busy\r\n\r\n", b"<p>"),
    "continue": drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
}


@pytest.mark.parametrize("name", SLOW_ROUTES)
def test_slow_answers_end_in_time(server: LocalServer, name: str) -> None:
    server.routes["/x"] = SLOW_ROUTES[name]
    error = ends_in_time(server.url("/x"), settings(total_timeout=0.4))
    assert error.code == ("http_status" if name == "visitor check" else "timeout")


def test_silence_ends_with_the_read_timeout(server: LocalServer) -> None:
    server.routes |= {"/x": drip(b"", b"", pause=1, times=3), "/y": drip(OK_HEAD + b"<p>", b"", pause=1, times=3)}
    used = settings(read_timeout=0.2)
    for path in ("/x", "/y"):
        begin = time.monotonic()
        assert refusal(server.url(path), used).code == "timeout"
        assert time.monotonic() - begin < 0.7


def test_redirects_share_one_deadline(server: LocalServer) -> None:
    def slow(handler: Any) -> None:
        time.sleep(0.15)
        handler.wfile.write(b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n")

    server.routes["/x"] = slow
    assert ends_in_time(server.url("/x"), settings(total_timeout=0.5, max_redirects=50)).code == "timeout"


def test_a_slow_look_up_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(*args: object, **options: object) -> list[Any]:
        time.sleep(1)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    assert ends_in_time("http://slow.example/", settings(total_timeout=0.3)).code == "timeout"


def test_a_host_that_takes_no_connection_ends_in_time() -> None:
    """A full queue: the system answers no further connection request."""
    with socket.socket() as full:
        full.bind((ADDRESS, 0))
        full.listen(0)
        place = full.getsockname()
        waiting = [socket.socket() for _ in range(3)]
        for sock in waiting:
            sock.setblocking(False)
            sock.connect_ex(place)
        error = ends_in_time(f"http://{ADDRESS}:{place[1]}/", settings(connect_timeout=0.3, total_timeout=1))
        assert error.code == "timeout"
        for sock in waiting:
            sock.close()


# -- size


def peak(run: Callable[[], object]) -> int:
    """Return the most memory that was allocated while this ran."""
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_bombs_cost_no_memory(
    server: LocalServer, layers: int, chunked: bool, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    bomb = bytes(30_000_000)
    for _ in range(layers):
        bomb = pack(bomb)
    head = OK_HEAD[:-2] + f"Content-Encoding: {', '.join([encoding] * layers)}\r\n".encode()
    if chunked:
        server.routes["/x"] = raw(head + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(bomb), bomb))
    else:
        server.routes["/x"] = raw(head + b"Content-Length: %d\r\n\r\n%b" % (len(bomb), bomb))
    caught: list[ReadError] = []
    assert peak(lambda: caught.append(refusal(server.url("/x")))) < 2_000_000
    assert caught[0].code == "too_large"


def test_a_big_page(server: LocalServer) -> None:
    limit = SETTINGS.max_bytes
    server.routes |= {
        "/fits": Answer(b"x" * limit),
        "/big": Answer(b"x" * (limit + 1)),
        "/endless": drip(OK_HEAD, b"x" * 9_999, 0),
    }
    assert len(fetch(server.url("/fits"), SETTINGS).body) == limit
    assert refusal(server.url("/big")).code == "too_large"
    assert refusal(server.url("/endless")).code == "too_large"


@pytest.mark.parametrize(
    "head", [b"X-Long: " + b"x" * MAX_HEADER_BYTES, b"X-Many: " + b"x" * 1_000 + b"\r\n", b"x" * MAX_HEADER_BYTES]
)
def test_big_headers(server: LocalServer, head: bytes) -> None:
    server.routes["/x"] = raw(b"HTTP/1.1 200 OK\r\n" + head * (80 if head.endswith(b"\n") else 1) + b"\r\n\r\n")
    assert refusal(server.url("/x")).code == "too_large"


# -- TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls"), "clinic.example")


@pytest.fixture
def secure(certificate: Path) -> Iterator[LocalServer]:
    with LocalServer({"/": Answer(PAGE)}, certificate=certificate) as running:
        yield running


NAMED = settings(hosts=(("clinic.example", ADDRESS), ("other.example", ADDRESS)))


def test_an_unknown_certificate_is_refused(secure: LocalServer) -> None:
    assert refusal(secure.url("/", "clinic.example"), NAMED).code == "tls"
    assert secure.requests == []


def test_no_tls_at_all(server: LocalServer) -> None:
    assert refusal(server.url().replace("http:", "https:")).code == "tls"


def test_a_trusted_certificate_counts_for_its_own_name(
    secure: LocalServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(certificate))
    assert fetch(secure.url("/", "clinic.example"), NAMED).body == PAGE
    assert secure.requests[0].headers["Host"] == f"clinic.example:{secure.port}"
    assert refusal(secure.url("/", "other.example"), NAMED).code == "tls"
    assert refusal(secure.url("/"), NAMED).code == "tls"


@pytest.mark.parametrize("name", ["one header", "body"])
def test_slow_answers_over_tls_end_in_time(
    secure: LocalServer, certificate: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(certificate))
    secure.routes["/x"] = SLOW_ROUTES[name]
    used = settings(total_timeout=0.4, hosts=NAMED.hosts)
    assert ends_in_time(secure.url("/x", "clinic.example"), used).code == "timeout"


def test_a_slow_handshake_ends_in_time() -> None:
    with socket.socket() as silent:
        silent.bind((ADDRESS, 0))
        silent.listen()
        error = ends_in_time(f"https://{ADDRESS}:{silent.getsockname()[1]}/", settings(total_timeout=0.4))
    assert error.code == "timeout"

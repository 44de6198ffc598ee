"""What goes over a connection is kept byte for byte, and a kept read can be done again without a network."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from checker.errors import ReadError
from checker.page.fetch import fetch, replay
from checker.page.record import Recorder
from checker.settings import Settings
from checker.values import Exchange
from tests.server import ADDRESS, Answer, LocalServer, Route, drip, make_certificate, raw, redirect

PAGE = b"<!doctype html><title>Clinic</title><p>We offer treatments.</p>"
SETTINGS = Settings(allow_addresses=(f"{ADDRESS}/32",), read_timeout=2, total_timeout=5, max_bytes=100_000)
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Odd:   two  spaces\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"5\r\n<p>We\r\n7;ext=1\r\n offer.\r\n0\r\n\r\n"
)
ZIPPED = gzip.compress(PAGE, mtime=0)


@pytest.fixture
def server() -> Iterator[LocalServer]:
    routes: dict[str, Route] = {
        "/": Answer(PAGE),
        "/moved": redirect("/again"),
        "/again": redirect("/"),
        "/chunked": raw(CHUNKED),
        "/zipped": Answer(ZIPPED, headers={"Content-Encoding": "gzip"}),
        "/gone": Answer(b"<p>no such page</p>", 404),
        "/wall": Answer(b"<title>Just a moment...</title>", 403),
        "/large": Answer(b"x" * 200_000, headers={"Content-Length": "", "Connection": "close"}),
        "/picture": Answer(b"\x89PNG", headers={"Content-Type": "image/png"}),
    }
    with LocalServer(routes) as running:
        yield running


def kept(url: str, settings: Settings = SETTINGS) -> tuple[Exchange, ...]:
    """Read an address, whether or not that works, and return what was kept."""
    recorder = Recorder()
    with suppress(ReadError):
        fetch(url, settings, recorder)
    return recorder.exchanges


def test_request_and_answer_are_kept_whole(server: LocalServer) -> None:
    (exchange,) = kept(server.url())
    assert exchange.url == server.url() and exchange.address == ADDRESS
    assert exchange.request.startswith(b"GET / HTTP/1.1\r\n") and exchange.request.endswith(b"\r\n\r\n")
    assert f"\r\nHost: {ADDRESS}:{server.port}\r\n".encode() in exchange.request
    assert exchange.response.startswith(b"HTTP/1.1 200 OK\r\n") and exchange.response.endswith(b"\r\n\r\n" + PAGE)


def test_chunks_and_compression_are_kept_as_they_came(server: LocalServer) -> None:
    assert kept(server.url("/chunked"))[0].response == CHUNKED
    assert kept(server.url("/zipped"))[0].response.endswith(b"\r\n\r\n" + ZIPPED)


def test_every_hop_is_kept(server: LocalServer) -> None:
    assert [exchange.url for exchange in kept(server.url("/moved"))] == [server.url(p) for p in ("/moved", "/again", "/")]


def test_what_the_tls_connection_carried_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = make_certificate(tmp_path, "clinic.example")
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(certificate))
    settings = Settings(allow_addresses=(f"{ADDRESS}/32",), hosts=(("clinic.example", ADDRESS),))
    with LocalServer({"/": Answer(PAGE)}, certificate=certificate) as secure:
        (exchange,) = kept(secure.url("/", "clinic.example"), settings)
    assert exchange.request.startswith(b"GET / HTTP/1.1\r\n")


def test_a_request_without_an_answer_is_kept() -> None:
    with LocalServer({"/": drip(b"", b"", times=40)}) as silent:
        settings = Settings(allow_addresses=(f"{ADDRESS}/32",), read_timeout=0.2, total_timeout=0.5)
        (exchange,) = kept(silent.url(), settings)
    assert exchange.request and not exchange.response


@pytest.mark.parametrize("path", ["/", "/moved", "/chunked", "/zipped"])
def test_a_kept_page_is_read_again_without_the_server(server: LocalServer, path: str) -> None:
    recorder = Recorder()
    page = fetch(server.url(path), SETTINGS, recorder)
    asked = len(server.requests)
    again = replay(server.url(path), SETTINGS, recorder.exchanges)
    assert len(server.requests) == asked
    assert {**vars(again), "fetched_at": None} == {**vars(page), "fetched_at": None}


@pytest.mark.parametrize("path", ["/gone", "/wall", "/large", "/picture"])
def test_a_kept_refusal_is_the_same_again(server: LocalServer, path: str) -> None:
    recorder = Recorder()
    with pytest.raises(ReadError) as first:
        fetch(server.url(path), SETTINGS, recorder)
    with pytest.raises(ReadError) as second:
        replay(server.url(path), SETTINGS, recorder.exchanges)
    assert second.value.failure() == first.value.failure()


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda kept: (), id="nothing kept"),
        pytest.param(lambda kept: kept[:-1], id="last hop missing"),
        pytest.param(lambda kept: kept[1:], id="first hop missing"),
        pytest.param(lambda kept: (*kept[:2], replace(kept[2], url="http://other.example/")), id="another address"),
        pytest.param(lambda kept: tuple(replace(exchange, response=b"") for exchange in kept), id="no answers"),
    ],
)
def test_a_kept_read_that_lacks_something_fails(
    server: LocalServer, spoil: Callable[[tuple[Exchange, ...]], tuple[Exchange, ...]]
) -> None:
    exchanges = spoil(kept(server.url("/moved")))
    with pytest.raises(ReadError, match="broke the connection off"):
        replay(server.url("/moved"), SETTINGS, exchanges)

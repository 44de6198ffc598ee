"""Turns an address into a Page: one guarded, bounded read with redirects followed by hand."""

from __future__ import annotations

import hashlib
import re
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from AntiSSRF import AntiSSRFError  # type: ignore[import-untyped]

from checker.errors import ReadError
from checker.page.address import check_address
from checker.page.guard import Deadline
from checker.page.kinds import SNIFFED_BYTES, declared_type, is_binary
from checker.page.record import Recorder, ReplaySession
from checker.page.refusals import refusal
from checker.page.transport import CHUNK_BYTES, open_session, read_body
from checker.settings import Settings
from checker.values import Exchange, Page

READABLE_TYPES = frozenset(
    {"text/html", "application/xhtml+xml", "text/plain", "application/pdf", "application/xml", "text/xml"}
)
_ENCODINGS = frozenset({*urllib3.HTTPResponse.CONTENT_DECODERS, "identity", ""})
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s\"',;]+)", re.IGNORECASE)
_UNICODE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
#: Bytes of an error page that are looked at; those of protection services, hosts and site builders hold under 100 kB.
MAX_ERROR_PAGE = 200_000
#: How a web page begins that a server calls plain text.
_DOCUMENT = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)
_MARKUP = re.compile(rb"<(!doctype|html|head|body|title|meta|div|p|h1|script|!--)[\s>-]", re.IGNORECASE)
_TRANSPORT_ERRORS = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    AntiSSRFError,
    OSError,
)
#: Error, code and message; the first that fits anything in the error's history decides.
_CAUSES: tuple[tuple[type[Exception], str, str], ...] = (
    (AntiSSRFError, "private_address", "{host} leads to an address that is not public."),
    (socket.gaierror, "unknown_host", "No site with the name {host} was found."),
    (requests.exceptions.InvalidURL, "unsupported_address", "The address of {host} is malformed."),
    (requests.exceptions.SSLError, "tls", "The certificate or the secure connection of {host} cannot be trusted."),
    (requests.exceptions.ContentDecodingError, "broken_file", "The answer of {host} is compressed in a broken way."),
    (urllib3.exceptions.NewConnectionError, "refused", "{host} takes no connection."),
    (requests.Timeout, "timeout", "{host} did not answer in time."),
    (urllib3.exceptions.TimeoutError, "timeout", "{host} did not answer in time."),
    (TimeoutError, "timeout", "{host} did not answer in time."),
    (Exception, "refused", "{host} broke the connection off or sent no proper answer."),
)


def fetch(url: str, settings: Settings, recorder: Recorder | None = None) -> Page:
    """Read one page with the redirects before it, within the settings' limits.

    ``redirects`` holds the addresses that led on, in order; ``final_url`` is the one that answered. The recorder
    keeps what was sent and received, also when the read fails.
    Raises ReadError: unsupported_address, private_address, unknown_host, refused, timeout, tls, redirect_loop,
    http_status, rate_limited, bot_wall, login_wall, parked, coming_soon, too_large, wrong_type, broken_file. Raises
    SettingsError for malformed allow_addresses or hosts.
    """
    address = check_address(url)
    with Deadline(settings.total_timeout) as deadline, open_session(settings, deadline, recorder) as session:
        return _read(session, url, address, settings, deadline)


def replay(url: str, settings: Settings, exchanges: Sequence[Exchange]) -> Page:
    """Read a page again from kept exchanges, without any network; raises ReadError as the first read did."""
    address = check_address(url)
    with Deadline(settings.total_timeout) as deadline, ReplaySession(exchanges) as session:
        return _read(session, url, address, settings, deadline)


def _read(session: requests.Session, url: str, address: str, settings: Settings, deadline: Deadline) -> Page:
    response, redirects = _follow(session, address, settings, deadline)
    with _plain_errors(response.url, deadline):
        check_status(response.status_code, response.headers, partial(_start, response))
        _check_declared_type(response)
        body = read_body(response, settings.max_bytes)
    return page_of(url, _answer(response, body), redirects, robots="not_asked")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One successful answer: its body, or where it leads; status 304 where a condition that was sent holds."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    location: str | None = None


def ask(
    address: str,
    settings: Settings,
    conditions: Mapping[str, str] | None = None,
    recorder: Recorder | None = None,
    *,
    pages_only: bool = True,
) -> Answer:
    """Ask a checked address once, following nothing; ``conditions`` are request headers such as If-None-Match.

    Only types that can be read as a page are downloaded, unless ``pages_only`` is false. Raises ReadError as `fetch` does.
    """
    with Deadline(settings.total_timeout) as deadline, open_session(settings, deadline, recorder) as session:
        with _plain_errors(address, deadline):
            response = session.get(address, stream=True, allow_redirects=False, headers=dict(conditions or {}))
        if response.is_redirect:
            return _answer(response, location=_target(response))
        if response.status_code == 304 and conditions:
            return _answer(response)
        with _plain_errors(address, deadline):
            check_status(response.status_code, response.headers, partial(_start, response))
            if pages_only:
                _check_declared_type(response)
            return _answer(response, body=read_body(response, settings.max_bytes))


def _answer(response: requests.Response, body: bytes = b"", location: str | None = None) -> Answer:
    return Answer(
        url=response.url, status=response.status_code, headers=response.headers, body=body, location=location
    )


def _follow(
    session: requests.Session, address: str, settings: Settings, deadline: Deadline
) -> tuple[requests.Response, tuple[str, ...]]:
    """Return the first answer that is no redirect, its body unread, and the addresses that led to it."""
    passed: list[str] = []
    while True:
        with _plain_errors(address, deadline):
            response = session.get(address, stream=True, allow_redirects=False)
        if not response.is_redirect:
            return response, tuple(passed)
        response.close()
        passed.append(address)
        if len(passed) > settings.max_redirects:
            raise ReadError("fetch", "redirect_loop", f"The site forwarded more than {settings.max_redirects} times.")
        address = _target(response)


def _target(response: requests.Response) -> str:
    """Return the checked address that a redirect leads to."""
    location = response.headers["location"].strip(" \t\r\n").replace(" ", "%20")
    with suppress(UnicodeError):  # headers arrive as Latin-1 whatever was sent; most servers send UTF-8
        location = location.encode("latin-1").decode("utf-8")
    try:
        return check_address(urljoin(response.url, location))
    except ValueError as error:
        raise ReadError("fetch", "unsupported_address", "The site forwards to a malformed address.") from error
    except ReadError as error:
        raise ReadError("fetch", error.code, f"The site forwards elsewhere. {error.message}") from error


@contextmanager
def _plain_errors(address: str, deadline: Deadline) -> Iterator[None]:
    """Turn every error of the transport into a ReadError; after the deadline everything is a timeout."""
    try:
        yield
    except _TRANSPORT_ERRORS as error:
        deadline.check()
        raise read_error(error, urlsplit(address).hostname or address) from error
    deadline.check()


def read_error(error: BaseException, host: str) -> ReadError:
    """Return what an error of the transport means for the reader."""
    inner = error.args[0] if error.args else None
    history = (error, inner, getattr(inner, "reason", None))
    for kind, code, message in _CAUSES:
        if any(isinstance(part, kind) for part in history):
            return ReadError("fetch", code, message.format(host=host))
    raise AssertionError("the last cause fits every error")


def check_status(status: int, headers: Mapping[str, str], start: Callable[[], bytes]) -> None:
    """Raise ReadError for an answer that is not the page, with the code that its status and its text come to.

    ``headers`` have names in lower case or find them in any; ``start`` gives the beginning of the body.
    """
    if not 200 <= status < 300:
        raise refusal(status, headers, start())


def _start(response: requests.Response) -> bytes:
    """Return the start of an error page; what came before the connection broke or the time was up is enough."""
    start = bytearray()
    with suppress(*_TRANSPORT_ERRORS):
        for chunk in response.iter_content(CHUNK_BYTES):
            start += chunk
            if len(start) >= MAX_ERROR_PAGE:
                break
    return bytes(start)


def _check_declared_type(response: requests.Response) -> None:
    """Refuse before reading what could not be read."""
    kind = declared_type(response.headers)
    if kind and kind not in READABLE_TYPES:
        raise ReadError("fetch", "wrong_type", f"The address holds no page but {kind[:60]}.")
    encodings = {name.strip().lower() for name in response.headers.get("content-encoding", "").split(",")}
    if encodings - _ENCODINGS:
        raise ReadError("fetch", "wrong_type", "The page is compressed in a way that this program does not know.")


def page_of(url: str, answer: Answer, redirects: tuple[str, ...], *, robots: str) -> Page:
    """Return the page that an answer holds; raises ReadError wrong_type for binary bytes."""
    found = _CHARSET.search(answer.headers.get("content-type", ""))
    charset = found[1].lower() if found else None
    return Page(
        source=url,
        body=answer.body,
        sha256=hashlib.sha256(answer.body).hexdigest(),
        content_type=_content_type(declared_type(answer.headers), charset, answer.body),
        fetched_at=datetime.now(UTC),
        final_url=answer.url,
        redirects=redirects,
        status=answer.status,
        charset=charset,
        robots=robots,
    )


def _content_type(declared: str, charset: str | None, body: bytes) -> str:
    """Return what the body is: a PDF or a web page if it begins like one, else what was declared or what it looks like.

    Raises ReadError wrong_type for binary bytes.
    """
    if declared == "application/pdf" or body.startswith(b"%PDF-"):
        return "application/pdf"
    start = body[:SNIFFED_BYTES]
    if not _holds_zero_bytes(start, charset) and is_binary(start):
        raise ReadError("fetch", "wrong_type", "The address holds no text but binary data.")
    if declared == "text/plain" and _DOCUMENT.match(start):
        return "text/html"
    if declared:
        return declared
    return "text/html" if _MARKUP.search(start) else "text/plain"


def _holds_zero_bytes(start: bytes, charset: str | None) -> bool:
    """Say whether a text is in UTF-16 or UTF-32, by its mark or the declared charset."""
    return start.startswith(_UNICODE_MARKS) or (charset or "").startswith(("utf-16", "utf-32"))

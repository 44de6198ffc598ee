"""Sends one bounded request through the guarded session and returns the answer as text, whatever its status."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from AntiSSRF import AntiSSRFError  # type: ignore[import-untyped]

from checker.errors import CheckerError, ReadError
from checker.page.guard import Deadline
from checker.page.transport import open_session, read_body
from checker.settings import Settings

#: An alias leads to its trial in one step; more than a few is a fault of the server.
MAX_REDIRECTS = 3
_HEADERS = {"Accept": "application/json, text/plain;q=0.9"}
_ERRORS = (requests.RequestException, urllib3.exceptions.HTTPError, AntiSSRFError, OSError, ReadError)


class UnreachableError(CheckerError):
    """The registry gave no complete answer."""


class Reply(NamedTuple):
    """An answer: HTTP status, body as text, and the address that gave it."""

    status: int
    text: str
    url: str


def ask(url: str, settings: Settings) -> Reply:
    """Return the answer of an address, redirects within the same host followed; raises UnreachableError without one."""
    try:
        with Deadline(settings.total_timeout) as deadline, open_session(settings, deadline) as session:
            response = session.get(url, stream=True, allow_redirects=False, headers=_HEADERS)
            for _ in range(MAX_REDIRECTS):
                if not response.is_redirect:
                    break
                response = session.get(_next(response), stream=True, allow_redirects=False, headers=_HEADERS)
            body = read_body(response, settings.max_bytes)
            deadline.check()
    except _ERRORS as error:
        raise UnreachableError(_plain(error)) from error
    return Reply(response.status_code, body.decode("utf-8", "replace"), response.url)


def _next(response: requests.Response) -> str:
    """Return where a redirect leads; raises UnreachableError when that is another host."""
    target = urljoin(response.url, response.headers["location"])
    response.close()
    here, there = urlsplit(response.url), urlsplit(target)
    if (here.scheme, here.netloc) != (there.scheme, there.netloc):
        raise UnreachableError("it forwards to another host")
    return target


def _plain(error: Exception) -> str:
    if isinstance(error, requests.Timeout | TimeoutError) or (isinstance(error, ReadError) and error.code == "timeout"):
        return "it did not answer in time"
    if isinstance(error, AntiSSRFError):
        return "its address is not public"
    return "its answer is too large" if isinstance(error, ReadError) else "no connection, or it broke off"

"""Stands before every route: host names, cross-site writes, sizes, rates, headers, and errors that carry an id."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from checker.settings import WebSettings
from checker.web.meter import Meter
from checker.web.problem import Problem, answer
from checker.web.rates import Rates, visitor

log = logging.getLogger("checker.web")
#: What a form adds around the page in it.
FORM_BYTES = 20_000
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
#: Nothing is loaded but our own style sheet and script; nothing may frame the page or send its forms elsewhere.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}
HSTS = "max-age=31536000"


class Guard:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, *, web: WebSettings, rates: Rates, meter: Meter) -> None:
        self.app = app
        self.meter = meter
        self.web = web
        self.rates = rates
        self._limit = max(web.page_bytes, web.text_bytes) + FORM_BYTES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that must not pass; let the others through with our headers on the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] == "HEAD":  # answered as what it asks about; the server sends no body
            scope = {**scope, "method": "GET"}
        started = time.perf_counter()
        status = 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._add_headers(MutableHeaders(scope=message), scope)
            await send(message)

        try:
            await self._pass(scope, receive, sending)
        finally:
            self.meter.answers.labels(str(status)).inc()
            path = getattr(scope.get("route"), "path", "(no route)")
            log.info("%s %s %d %.0f ms", scope["method"], path, status, 1_000 * (time.perf_counter() - started))

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False
        measured = _Measured(receive, self._limit)

        async def sending(message: Message) -> None:
            nonlocal begun
            if measured.is_over:  # whatever the application made of it
                raise Problem(413, "too_large")
            begun = True
            await send(message)

        try:
            self._check(scope)
            await self.app(scope, measured, sending)
        except Problem as problem:
            await answer(Request(scope), problem)(scope, receive, send)
        except Exception as error:
            if measured.is_over and not begun:
                await answer(Request(scope), Problem(413, "too_large"))(scope, receive, send)
                return
            number = secrets.token_hex(4)
            log.error("error %s: %s", number, type(error).__name__, exc_info=self.web.debug)
            if begun:
                raise
            await answer(Request(scope), Problem(500, "internal", number=number))(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        if _name(headers.get("host", "")) not in self.web.host_names:
            raise Problem(400, "host")
        if scope["method"] not in _READING and _is_cross_site(headers):
            raise Problem(403, "cross_site")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self._limit:
            raise Problem(413, "too_large")
        seconds = self.rates.read(visitor(scope))
        if seconds:
            raise Problem(429, "rate", seconds=seconds)

    def _add_headers(self, headers: MutableHeaders, scope: Scope) -> None:
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        if self.web.https or scope["scheme"] == "https":
            headers["Strict-Transport-Security"] = HSTS


class _Measured:
    """A request's body that ends with a Problem when it grows too long."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._left = limit

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self.is_over:
            raise Problem(413, "too_large")
        return message

    @property
    def is_over(self) -> bool:
        """Say whether more came than may come."""
        return self._left < 0


def _name(host: str) -> str:
    """Return the host name in a Host header without its port."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _is_cross_site(headers: Mapping[str, str]) -> bool:
    """Say whether a browser sends this from another site (Sec-Fetch-Site, and Origin where that is missing)."""
    if (site := headers.get("sec-fetch-site")) is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")

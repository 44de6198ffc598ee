"""Turns settings into a session that reaches only permitted addresses and keeps to the limits.

Every name is looked up once, every address of the answer is judged, and the connection goes to the judged
address. One deadline covers look-up, connection, headers and body; headers and bodies are bounded.
"""

from __future__ import annotations

import http.client
import io
import socket
from functools import partial
from typing import Any
from urllib.parse import SplitResult, urlsplit

import requests
import urllib3
from AntiSSRF import AntiSSRFPolicy  # type: ignore[import-untyped]

# The package offers no public name for these two, and the limits need a subclass.
from AntiSSRF._antissrf_agent import AntiSSRFSession, _AntiSSRFAdapter  # type: ignore[import-untyped]
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import GzipDecoderState

from checker.errors import ReadError
from checker.page.guard import Deadline, address_policy, look_up
from checker.page.record import Listener, Recorder
from checker.settings import Settings

#: Four times what common servers send at most (16 KiB), a quarter of what browsers take.
MAX_HEADER_BYTES = 65_536
CHUNK_BYTES = 65_536
#: What every installation can unpack; urllib3 would add what happens to be installed here, and evidence is read elsewhere.
ENCODINGS = "gzip, deflate"
#: A page with this end is whole, though some servers leave out the last bytes of its compression.
_END_OF_PAGE = b"</html>"
ACCEPT = "text/html,application/xhtml+xml,application/pdf;q=0.9,text/plain;q=0.8,application/xml;q=0.7,*/*;q=0.1"


class _BoundedHeaders:
    """A reader that stops when status line and headers grow over MAX_HEADER_BYTES together."""

    def __init__(self, stream: io.BufferedIOBase) -> None:
        self._stream = stream
        self._left = MAX_HEADER_BYTES

    def readline(self, size: int = -1) -> bytes:
        line = self._stream.readline(size)
        self._left -= len(line)
        if self._left < 0:
            raise ReadError("fetch", "too_large", f"The answer's headers hold more than {MAX_HEADER_BYTES:,} bytes.")
        return line

    def close(self) -> None:
        self._stream.close()


class _BoundedResponse(http.client.HTTPResponse):
    """The standard library's answer with bounded headers (its own bounds add up to 6.5 MB)."""

    def __init__(self, *args: Any, recorder: Recorder | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if recorder is not None:
            self.fp = Listener(self.fp, recorder)  # type: ignore[assignment]  # it reads as the stream does

    def begin(self) -> None:
        stream = self.fp
        self.fp = _BoundedHeaders(stream)  # type: ignore[assignment]  # begin reads lines only
        try:
            super().begin()
        finally:
            if self.fp is not None:
                self.fp = stream


class _Connection(HTTPConnection):
    """A connection that the deadline can shut, also in the middle of headers."""

    response_class = _BoundedResponse

    def __init__(self, *args: Any, deadline: Deadline, recorder: Recorder | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self._deadline = deadline
        self._recorder = recorder
        if recorder is not None:
            self.response_class = partial(_BoundedResponse, recorder=recorder)  # type: ignore[assignment]  # makes the same

    def _new_conn(self) -> socket.socket:
        sock = super()._new_conn()
        self._deadline.watch(sock)
        return sock

    def send(self, data: Any) -> None:
        """Send bytes of the request, and keep them for the recorder."""
        super().send(data)
        if self._recorder is not None:
            self._recorder.sent(data, self.sock.getpeername()[0])


class _SecureConnection(_Connection, HTTPSConnection):
    """The same below TLS, so that the deadline covers the handshake."""


class LimitedAdapter(_AntiSSRFAdapter):  # type: ignore[misc]  # the package is untyped
    """The guarded adapter with our look-up, our Host header, the deadline and the next address if one is dead.

    Besides the errors of requests it raises AntiSSRFError for an address that is not permitted, socket.gaierror,
    TimeoutError from looking up, and ReadError too_large for headers.
    """

    def __init__(
        self, policy: AntiSSRFPolicy, settings: Settings, deadline: Deadline, recorder: Recorder | None = None
    ) -> None:
        super().__init__(policy)
        self._settings = settings
        self._deadline = deadline
        self._recorder = recorder
        self._addresses: list[str] = []
        self._answers: list[requests.Response] = []

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """Send the request to the host's first address that takes the connection."""
        self._addresses = look_up(_parts(request).hostname or "", self._settings, self._deadline)
        while True:
            try:
                return self._send_once(request, options)
            except requests.ConnectionError as error:
                if self._deadline.passed or len(self._addresses) == 1 or not _never_connected(error):
                    raise
                del self._addresses[0]

    def _send_once(self, request: requests.PreparedRequest, options: dict[str, Any]) -> requests.Response:
        limits = (self._settings.connect_timeout, self._settings.read_timeout)
        options["timeout"] = tuple(map(self._deadline.left, limits))
        if self._recorder is not None:
            self._recorder.begin(request.url or "")
        response: requests.Response = super().send(request, **options)
        self._answers.append(response)
        return response

    def close(self) -> None:
        """Close all connections, those of unread answers too."""
        for response in self._answers:
            response.close()
        super().close()

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Let the guard judge every address of the host; return the connection to the first.

        The guard sees each address in place of the name, so that it never looks up anything itself; name and port
        go back into the Host header, the name into the check of the certificate.
        """
        parts = _parts(request)
        judged = []
        for address in self._addresses:
            pinned = _with_host(request, parts, address)
            judged.append(super().build_connection_pool_key_attributes(pinned, verify, cert))
        place, options = judged[0]
        request.headers["Host"] = parts.netloc
        if parts.scheme == "https":
            options["assert_hostname"] = options["server_hostname"] = parts.hostname
        return place, options

    def get_connection_with_tls_context(self, *args: Any, **options: Any) -> urllib3.HTTPConnectionPool:
        """Return the pool for the request, making connections that the deadline can shut."""
        pool: urllib3.HTTPConnectionPool = super().get_connection_with_tls_context(*args, **options)
        pool.ConnectionCls = _SecureConnection if pool.scheme == "https" else _Connection
        pool.conn_kw.update(deadline=self._deadline, recorder=self._recorder)
        return pool


def _parts(request: requests.PreparedRequest) -> SplitResult:
    return urlsplit(request.url or "")


def _with_host(request: requests.PreparedRequest, parts: SplitResult, address: str) -> requests.PreparedRequest:
    """Return a copy of the request with the IP address in place of the host."""
    host = f"[{address}]" if ":" in address else address
    copy = request.copy()
    copy.url = parts._replace(netloc=host if parts.port is None else f"{host}:{parts.port}").geturl()
    return copy


def _never_connected(error: requests.ConnectionError) -> bool:
    """Say whether nothing was sent yet, so that another address may be tried."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(reason, urllib3.exceptions.ConnectTimeoutError | urllib3.exceptions.NewConnectionError)


class _Session(AntiSSRFSession):  # type: ignore[misc]  # the package is untyped
    """The guarded session without redirects of its own: it would read their bodies without a bound."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


def open_session(settings: Settings, deadline: Deadline, recorder: Recorder | None = None) -> requests.Session:
    """Return a session for one read that takes nothing (proxies, passwords, certificates) from the environment.

    It follows no redirects; the recorder gets every byte sent and received. Raises SettingsError for malformed
    allow_addresses.
    """
    policy = address_policy(settings.allow_private, settings.allow_addresses)
    session: requests.Session = _Session(policy)
    session.trust_env = False
    headers = {"User-Agent": settings.agent, "Accept": ACCEPT, "Accept-Language": "en", "Accept-Encoding": ENCODINGS}
    session.headers.update(headers)
    for scheme in ("http://", "https://"):
        session.mount(scheme, LimitedAdapter(policy, settings, deadline, recorder))
    return session


def read_body(response: requests.Response, max_bytes: int) -> bytes:
    """Return the body after decompression, read in chunks, never holding much more than ``max_bytes``.

    Raises ReadError too_large and the errors of requests, also for a compressed body that ends before its end.
    """
    message = f"The page holds more than {max_bytes:,} bytes."
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and len(announced) < 20 and int(announced) > max_bytes:
        raise ReadError("fetch", "too_large", message)
    body = bytearray()
    for chunk in response.iter_content(CHUNK_BYTES):
        body += chunk
        if len(body) > max_bytes:
            raise ReadError("fetch", "too_large", message)
    if (body or response.raw.tell()) and not (_is_whole(response.raw) or body.rstrip().lower().endswith(_END_OF_PAGE)):
        raise requests.ConnectionError("the compressed body was cut off", response=response)
    return bytes(body)


def _is_whole(raw: urllib3.HTTPResponse) -> bool:
    """Say whether what was unpacked came to the end that its compression marks; urllib3 takes a cut stream for a whole one.

    It has no public way to ask this. What follows the end of a gzip stream counts for nothing, as in browsers.
    """
    decoder = getattr(raw, "_decoder", None)
    return all(map(_is_at_end, getattr(decoder, "_decoders", [decoder])))


def _is_at_end(decoder: Any) -> bool:
    unpacker: Any = getattr(decoder, "_obj", None)
    if hasattr(unpacker, "is_finished"):  # brotli, which some servers send unasked
        return bool(unpacker.is_finished())
    is_first = getattr(decoder, "_state", GzipDecoderState.FIRST_MEMBER) == GzipDecoderState.FIRST_MEMBER
    return not is_first or bool(getattr(unpacker, "eof", True))

"""Lets a browser reach permitted addresses only: a forward proxy on loopback that looks up, judges, pins and counts.

Every request of the browser comes here: plain ones as they are, secure ones and WebSockets as a tunnel to an address
that was judged just before. What leads elsewhere is answered with 403 and remembered.
"""

from __future__ import annotations

import selectors
import socket
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import urlsplit

from AntiSSRF import AntiSSRFError  # type: ignore[import-untyped]

from checker.errors import ReadError
from checker.page.address import check_address
from checker.page.fetch import read_error
from checker.page.guard import Deadline, permitted_addresses
from checker.settings import Settings

PIECE_BYTES = 65_536
#: Connections at a time (Chromium opens 32 to a proxy), and in one visit; pages of site builders need some hundred.
MAX_CONNECTIONS = 64
MAX_REQUESTS = 2_000
#: Headers that speak of the connection to us, not of the request.
_OF_THE_CONNECTION = frozenset({"connection", "proxy-connection", "keep-alive", "proxy-authorization", "host", "te", "trailer"})


class Target(NamedTuple):
    """Where a request goes: host in plain form, port, and what stands in the Host header."""

    host: str
    port: int
    netloc: str


class Proxy:
    """The proxy of one visit, in a context manager; it ends with its deadline or after ``max_bytes``.

    ``refusals`` holds why a "host:port" was not reached; ``requests`` and ``received`` (bytes) count the traffic.
    """

    def __init__(self, settings: Settings, deadline: Deadline, max_bytes: int) -> None:
        self.settings = settings
        self.deadline = deadline
        self.max_bytes = max_bytes
        self.refusals: dict[str, ReadError] = {}
        self.requests = 0
        self.received = 0
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.proxy = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def address(self) -> str:
        """The proxy's address, as browsers take it."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def exhausted(self) -> bool:
        """Whether the visit has received as many bytes as it may."""
        return self.received > self.max_bytes

    def __enter__(self) -> Proxy:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        with self._lock:
            for sock in self._open:
                with suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)

    def connect(self, target: Target) -> socket.socket:
        """Return a connection to the first of the target's addresses that takes one.

        Raises ReadError with the code that fits and remembers it.
        """
        try:
            return self._connect(target)
        except (OSError, AntiSSRFError) as error:
            refusal = read_error(error, target.host)
            self.refusals[f"{target.host}:{target.port}"] = refusal
            raise refusal from error

    def _connect(self, target: Target) -> socket.socket:
        addresses = permitted_addresses(target.host, self.settings, self.deadline)
        for position, address in enumerate(addresses, 1):
            try:
                sock = socket.create_connection((address, target.port), self.deadline.left(self.settings.connect_timeout))
            except OSError:
                if position == len(addresses):
                    raise
            else:
                sock.settimeout(self.settings.read_timeout)
                return sock
        raise AssertionError("a look-up that finds nothing raises")

    def count(self, size: int) -> None:
        """Count what came in; raises OSError when it was too much."""
        with self._lock:
            self.received += size
        if self.exhausted:
            raise OSError("the visit may receive no more")

    def enter(self, sock: socket.socket) -> bool:
        """Remember a browser's connection; say whether there may be one more."""
        with self._lock:
            self.requests += 1
            if len(self._open) >= MAX_CONNECTIONS or self.requests > MAX_REQUESTS:
                return False
            self._open.add(sock)
            return True

    def leave(self, sock: socket.socket) -> None:
        """Forget a browser's connection."""
        with self._lock:
            self._open.discard(sock)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256
    proxy: Proxy

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a browser hangs up whenever it likes."""


class _Handler(BaseHTTPRequestHandler):
    """One connection of the browser: one request, or one tunnel."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def handle(self) -> None:
        """Serve one request, then hang up: the next one may be for another host."""
        proxy = self.server.proxy
        if proxy.enter(self.connection):
            try:
                self.connection.settimeout(proxy.settings.total_timeout)
                self.close_connection = True
                self.handle_one_request()
            except (OSError, ValueError):  # either side hung up, or the time is over
                pass
            finally:
                proxy.leave(self.connection)

    def do_CONNECT(self) -> None:
        """Open a tunnel to a judged address."""
        upstream = self._upstream(f"https://{self.path}/", 443)
        if upstream is not None:
            with upstream[1] as sock:
                self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                self._relay(sock, both_ways=True)

    def _forward(self) -> None:
        """Send one plain request on, to a judged address."""
        upstream = self._upstream(self.path, 80)
        if upstream is None:
            return
        with upstream[1] as sock:
            sock.sendall(self._head(upstream[0]))
            left = int(self.headers.get("Content-Length") or 0)
            while left > 0 and (piece := self.rfile.read(min(left, PIECE_BYTES))):
                sock.sendall(piece)
                left -= len(piece)
            self._relay(sock, both_ways=False)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _forward  # noqa: N815  # the library's names

    def _upstream(self, url: str, port: int) -> tuple[Target, socket.socket] | None:
        """Return target and connection, or answer 403 and return None."""
        try:
            parts = urlsplit(url)
            plain = urlsplit(check_address(f"{parts.scheme}://{parts.netloc}/"))
            target = Target(plain.hostname or "", plain.port or port, plain.netloc)
            return target, self.server.proxy.connect(target)
        except (ReadError, ValueError):
            self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return None

    def _head(self, target: Target) -> bytes:
        """Return the request's head as the server shall see it."""
        parts = urlsplit(self.path)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        lines = [f"{self.command} {path} HTTP/1.1", f"Host: {target.netloc}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in self.headers.items() if name.lower() not in _OF_THE_CONNECTION]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def _relay(self, upstream: socket.socket, *, both_ways: bool) -> None:
        """Pass bytes on until a side ends or the time is over; what comes in is counted.

        After a plain request the browser has nothing more to say: what it sends then is for another request.
        """
        proxy = self.server.proxy
        with selectors.DefaultSelector() as selector:
            selector.register(upstream, selectors.EVENT_READ, self.connection)
            selector.register(self.connection, selectors.EVENT_READ, upstream)
            while ready := selector.select(proxy.deadline.left(proxy.settings.total_timeout)):
                for key, _ in ready:
                    source, sink = key.fileobj, key.data
                    assert isinstance(source, socket.socket)
                    piece = source.recv(PIECE_BYTES)
                    if not piece or (source is self.connection and not both_ways):
                        return
                    if source is upstream:
                        proxy.count(len(piece))
                    sink.sendall(piece)

    def log_message(self, *args: object) -> None:
        """Print nothing."""

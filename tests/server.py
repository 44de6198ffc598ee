"""A real HTTP server on loopback for tests: a table of routes, a record of what was asked, and slow answers.

A path answers for every host name; "clinic.example/path" for that name only, before the other.
Use it as ``with LocalServer({"/": Answer(b"<p>hello</p>")}) as server: fetch(server.url("/"), SETTINGS)``.
"""

from __future__ import annotations

import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ADDRESS = "127.0.0.2"


@dataclass(frozen=True)
class Answer:
    """An answer in full; Content-Type and Content-Length are added unless they are among the headers."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


#: A route is an answer, or a function that writes one to the handler's wfile itself.
Route = Answer | Callable[[BaseHTTPRequestHandler], None]


@dataclass(frozen=True)
class Request:
    """What a client asked for, and when (seconds of ``time.monotonic``)."""

    path: str
    headers: Mapping[str, str]
    at: float = field(default_factory=time.monotonic)


class LocalServer:
    """A threaded server in a context manager; unknown paths are answered with 404."""

    def __init__(
        self, routes: Mapping[str, Route] | None = None, address: str = ADDRESS, certificate: Path | None = None
    ) -> None:
        self.routes: dict[str, Route] = dict(routes or {})
        self.requests: list[Request] = []
        self.address = address
        self.scheme = "https" if certificate else "http"
        self._server = _Server((address, 0), _handler_for(self))
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> LocalServer:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, path: str = "/", host: str | None = None) -> str:
        """Return the address of a path, under another host name if one is given."""
        return f"{self.scheme}://{host or self.address}:{self.port}{path}"

    def paths(self) -> list[str]:
        """Return the paths asked for, in order."""
        return [request.path for request in self.requests]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that hang up are what the tests are about."""


def _handler_for(server: LocalServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            server.requests.append(Request(self.path, dict(self.headers)))
            host = self.headers.get("Host", "").partition(":")[0]
            route = server.routes.get(host + self.path) or server.routes.get(self.path, Answer(b"<p>nothing here</p>", 404))
            if isinstance(route, Answer):
                _send(self, route)
            else:
                self.close_connection = True
                with suppress(OSError):
                    route(self)

        def log_message(self, *args: object) -> None:
            """Keep the tests' output clean."""

    return Handler


def _send(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    handler.send_response(answer.status)
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(answer.body)), **answer.headers}
    for name, value in headers.items():
        if value:  # an empty value takes a header away
            handler.send_header(name, value)
    handler.end_headers()
    with suppress(OSError):
        handler.wfile.write(answer.body)


def redirect(location: str, status: int = 302) -> Answer:
    """Return an answer that leads elsewhere."""
    return Answer(status=status, headers={"Location": location})


def raw(data: bytes) -> Route:
    """Return a route that writes these bytes and hangs up."""
    return lambda handler: _write(handler, data)


def drip(head: bytes, piece: bytes, pause: float = 0.05, times: int = 400) -> Route:
    """Return a route that writes a head and then the piece again and again, with pauses."""

    def write(handler: BaseHTTPRequestHandler) -> None:
        _write(handler, head)
        for _ in range(times):
            time.sleep(pause)
            _write(handler, piece)

    return write


def _write(handler: BaseHTTPRequestHandler, data: bytes) -> None:
    handler.wfile.write(data)
    handler.wfile.flush()


def make_certificate(folder: Path, name: str) -> Path:
    """Return a file with a fresh self-signed certificate for a host name and its key (needs the openssl command)."""
    key, cert, both = folder / "key.pem", folder / "cert.pem", folder / "both.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"]
    subprocess.run([*command, "-keyout", str(key), "-out", str(cert)], check=True, capture_output=True)
    both.write_bytes(key.read_bytes() + cert.read_bytes())
    return both

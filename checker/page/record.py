"""Turns what goes over a connection into exchanges, kept byte for byte, and a kept exchange back into an answer."""

from __future__ import annotations

import http.client
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter

from checker.values import Exchange, Page


@dataclass
class _Draft:
    """An exchange that is still going on."""

    url: str
    began_at: datetime
    address: str | None = None
    request: bytearray = field(default_factory=bytearray)
    response: bytearray = field(default_factory=bytearray)


class Recorder:
    """Keeps every request and answer of one source's reads, in order, and the page that came of them.

    One read at a time: the bytes go to the exchange that began last.
    """

    def __init__(self) -> None:
        self.page: Page | None = None
        self._drafts: list[_Draft] = []

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """Every exchange of which at least the request was sent."""
        return tuple(
            Exchange(
                url=draft.url,
                began_at=draft.began_at,
                address=draft.address,
                request=bytes(draft.request),
                response=bytes(draft.response),
            )
            for draft in self._drafts
            if draft.request
        )

    def begin(self, url: str) -> None:
        """Begin a new exchange."""
        self._drafts.append(_Draft(url, datetime.now(UTC)))

    def sent(self, data: bytes, address: str) -> None:
        """Keep bytes of the request, and the IP address that they went to."""
        self._drafts[-1].request += data
        self._drafts[-1].address = address

    def received(self, data: bytes | memoryview) -> None:
        """Keep bytes of the answer."""
        self._drafts[-1].response += data


class Listener(io.BufferedIOBase):
    """A stream that hands every byte read from another to a recorder."""

    def __init__(self, stream: io.BufferedIOBase, recorder: Recorder) -> None:
        self._stream = stream
        self._recorder = recorder

    def _heard(self, data: bytes) -> bytes:
        self._recorder.received(data)
        return data

    def read(self, size: int | None = -1) -> bytes:
        """Read as the stream does."""
        return self._heard(self._stream.read(size))

    def read1(self, size: int = -1) -> bytes:
        """Read as the stream does."""
        return self._heard(self._stream.read1(size))

    def readline(self, size: int | None = -1) -> bytes:
        """Read a line as the stream does."""
        return self._heard(self._stream.readline(size))

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer as the stream does."""
        count = self._stream.readinto(buffer)
        self._recorder.received(memoryview(buffer)[:count])
        return count

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()
        super().close()


class _Kept:
    """Bytes that stand where a socket would."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self._data)


class ReplayAdapter(HTTPAdapter):
    """Answers each request with the earliest kept answer of its address that was not given yet, never from the network."""

    def __init__(self, exchanges: Sequence[Exchange]) -> None:
        super().__init__()
        self._waiting = list(exchanges)

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """Return the kept answer; raises requests.ConnectionError when there is none."""
        kept = next((exchange for exchange in self._waiting if exchange.url == request.url), None)
        if kept is None:
            raise requests.ConnectionError(f"nothing is kept for {request.url}", request=request)
        self._waiting.remove(kept)
        raw = http.client.HTTPResponse(_Kept(kept.response), method="GET")  # type: ignore[arg-type]  # as a socket does
        try:
            raw.begin()
        except http.client.HTTPException as error:
            raise requests.ConnectionError(str(error), request=request) from error
        return self.build_response(request, _body_of(raw))


def _body_of(raw: http.client.HTTPResponse) -> urllib3.HTTPResponse:
    """Return the answer as urllib3 would have handed it on."""
    return urllib3.HTTPResponse(
        body=raw,
        headers=urllib3.HTTPHeaderDict(raw.headers.items()),
        status=raw.status,
        version=raw.version,
        reason=raw.reason,
        preload_content=False,
        decode_content=False,
        original_response=raw,
        request_method="GET",
    )


class ReplaySession(requests.Session):
    """A session that answers from kept exchanges alone and follows no redirects by itself."""

    def __init__(self, exchanges: Sequence[Exchange]) -> None:
        super().__init__()
        self.trust_env = False
        adapter = ReplayAdapter(exchanges)
        for scheme in ("http://", "https://"):
            self.mount(scheme, adapter)

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Leave redirects to the caller."""
        return

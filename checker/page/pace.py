"""Hands out turns at a host: one request at a time, with a pause after each; shared by all threads of a scan."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Place:
    """A host's lock and the moment from which it may be asked again."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = 0.0


class Pace:
    """The turns of all hosts that were asked so far."""

    def __init__(self) -> None:
        self._places: dict[str, _Place] = {}
        self._lock = threading.Lock()

    def _place(self, host: str) -> _Place:
        with self._lock:
            return self._places.setdefault(host, _Place())

    @contextmanager
    def turn(self, host: str, pause: float) -> Iterator[None]:
        """Wait until the host is free, keep it for one request, and leave ``pause`` seconds after it."""
        place = self._place(host)
        with place.lock:
            time.sleep(max(0.0, place.free_at - time.monotonic()))
            try:
                yield
            finally:
                place.free_at = max(place.free_at, time.monotonic() + pause)

    def hold(self, host: str, seconds: float) -> None:
        """Leave the host alone for some seconds from now."""
        place = self._place(host)
        place.free_at = max(place.free_at, time.monotonic() + seconds)

    def wait(self, host: str) -> float:
        """Return the seconds until the host may be asked."""
        return max(0.0, self._place(host).free_at - time.monotonic())

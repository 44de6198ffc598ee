"""Measures one check: its time, the processor's time, and how far the process's memory grows meanwhile."""

from __future__ import annotations

import threading
import time

import psutil


class Meter:
    """Use it as ``with Meter() as used: …``; then ``seconds``, ``cpu`` and ``megabytes`` are known."""

    def __enter__(self) -> Meter:
        self._process = psutil.Process()
        self._base = self._peak = self._process.memory_info().rss
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        self._start, self._cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *error: object) -> None:
        self.seconds, self.cpu = time.perf_counter() - self._start, time.process_time() - self._cpu
        self._over.set()
        self._thread.join()
        self.megabytes = (self._peak - self._base) / 1e6

    def _look(self) -> None:
        while True:
            self._peak = max(self._peak, self._process.memory_info().rss)
            if self._over.wait(0.01):
                return

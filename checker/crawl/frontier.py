"""Holds the addresses of a site that wait for a visit and hands out the most telling one first, always in the same order."""

from __future__ import annotations

import heapq
from collections import Counter
from urllib.parse import urlsplit

from checker.crawl import rank
from checker.crawl.site import shape

#: Addresses that may wait; a flood of links drops what comes later.
MAX_WAITING = 20_000
#: Addresses that differ in digits only and may be visited: the least, and a share of all pages asked for.
LEAST_OF_SHAPE = 20
SHARE_OF_SHAPE = 0.5
#: Hosts of one site: wildcard names make as many as a trap likes.
MAX_HOSTS = 8
_Entry = tuple[int, int, str]


class Frontier:
    """The waiting addresses, and all that were ever seen."""

    def __init__(self, pages: int) -> None:
        self._heap: list[_Entry] = []
        self._scores: dict[str, int] = {}
        self._visited: set[str] = set()
        self._shapes: Counter[str] = Counter()
        self._hosts: set[str] = set()
        self._most_of_shape = max(LEAST_OF_SHAPE, int(pages * SHARE_OF_SHAPE))
        self.left_out = 0

    def add(self, address: str, text: str = "") -> None:
        """Let a folded address wait; said again with a text that promises more, it moves up."""
        if address in self._visited or (address not in self._scores and len(self._scores) >= MAX_WAITING):
            return
        if not self._admits(urlsplit(address).hostname or ""):
            return
        score = rank.score(address, text)
        if score > self._scores.get(address, -1_000):
            self._scores[address] = score
            heapq.heappush(self._heap, (-score, address.count("/"), address))

    def _admits(self, host: str) -> bool:
        if len(self._hosts) < MAX_HOSTS:
            self._hosts.add(host)
        return host in self._hosts

    def visited(self, address: str) -> bool:
        """Say whether an address was visited or stands for one that was."""
        return address in self._visited

    def mark(self, address: str) -> None:
        """Take an address as visited."""
        self._visited.add(address)
        self._scores.pop(address, None)

    def pop(self) -> str | None:
        """Return the next address and mark it as visited; None when none waits."""
        while self._heap:
            _, _, address = heapq.heappop(self._heap)
            if address in self._visited:
                continue
            self.mark(address)
            kind = shape(address)
            self._shapes[kind] += 1
            if self._shapes[kind] <= self._most_of_shape:
                return address
            self.left_out += 1
        return None

    @property
    def waiting(self) -> int:
        """How many addresses are known and not visited; ``left_out`` of them never will be, for their shape."""
        return len(self._scores) + self.left_out

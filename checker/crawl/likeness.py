"""Tells pages that say nearly the same by a fingerprint of their words (Charikar's simhash)."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

BITS = 64
#: Bits that may differ: 3 of 64 is the figure that Manku and others (2007) chose on eight billion pages.
NEAR = 3
#: Words of a shingle, so that order counts.
SHINGLE = 3
#: With fewer words a fingerprint tells little apart; such pages are the same only if their words are.
MIN_WORDS = 40


def fingerprint(words: Sequence[str]) -> int | None:
    """Return a number whose bits differ in few places for texts that share most of their shingles; None for no words."""
    if not words:
        return None
    if len(words) < MIN_WORDS:
        return _hash(" ".join(words))
    shingles = Counter(" ".join(words[start : start + SHINGLE]) for start in range(len(words) - SHINGLE + 1))
    totals = [0] * BITS
    for shingle, weight in shingles.items():
        value = _hash(shingle)
        for bit in range(BITS):
            totals[bit] += weight if value >> bit & 1 else -weight
    return sum(1 << bit for bit, total in enumerate(totals) if total > 0)


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=BITS // 8).digest(), "big")


class Likeness:
    """The fingerprints of the pages of one site."""

    def __init__(self) -> None:
        self._known: list[tuple[int, bool, str]] = []

    def like(self, words: Sequence[str], address: str) -> str | None:
        """Return the address of an earlier page that says nearly the same; without one remember this page."""
        mark, is_short = fingerprint(words), len(words) < MIN_WORDS
        if mark is None:
            return None
        for other, other_is_short, where in self._known:
            if mark == other or (not is_short and not other_is_short and (mark ^ other).bit_count() <= NEAR):
                return where
        self._known.append((mark, is_short, address))
        return None

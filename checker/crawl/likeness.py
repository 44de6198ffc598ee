"""Tells pages that say nearly the same by a fingerprint of their words (Charikar's simhash), but for what they claim."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

import numpy as np

from checker.crawl.outline import Outline

BITS = 64
#: Bits that may differ: 3 of 64 is the figure that Manku and others (2007) chose on eight billion pages.
NEAR = 3
#: Words of a shingle, so that order counts.
SHINGLE = 3
#: With fewer words a fingerprint tells little apart; such pages are the same only if their words are.
MIN_WORDS = 40
#: With fewer still nothing was read: the shells of an app all say the same, and each is a page of its own.
LEAST_WORDS = 10


def fingerprint(words: Sequence[str]) -> int | None:
    """Return a number whose bits differ in few places for texts that share most of their shingles; None for a few words."""
    if len(words) < LEAST_WORDS:
        return None
    if len(words) < MIN_WORDS:
        return _hash(" ".join(words))
    shingles = Counter(" ".join(words[start : start + SHINGLE]) for start in range(len(words) - SHINGLE + 1))
    hashes = np.frombuffer(b"".join(map(_digest, shingles)), dtype=np.uint8).reshape(-1, BITS // 8)
    weights = np.fromiter(shingles.values(), dtype=np.int64)
    ones = weights @ np.unpackbits(hashes, axis=1)
    return int.from_bytes(np.packbits(2 * ones > weights.sum()).tobytes(), "big")


def _hash(text: str) -> int:
    return int.from_bytes(_digest(text), "big")


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=BITS // 8).digest()


class Likeness:
    """The fingerprints of the pages of one site."""

    def __init__(self) -> None:
        self._known: list[tuple[int, bool, tuple[tuple[str, int], ...], str]] = []

    def like(self, outline: Outline, address: str) -> str | None:
        """Return the address of an earlier page that says nearly the same, with not one claiming word more or less.

        Without such a page remember this one.
        """
        mark, is_short = fingerprint(outline.words), len(outline.words) < MIN_WORDS
        if mark is None:
            return None
        for other, other_is_short, claims, where in self._known:
            near = mark == other or (not is_short and not other_is_short and (mark ^ other).bit_count() <= NEAR)
            if near and claims == outline.claims:
                return where
        self._known.append((mark, is_short, outline.claims, address))
        return None

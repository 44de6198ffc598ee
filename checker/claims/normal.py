"""Turns text into the plain form that terms are looked for in, and finds the way back to the original offsets."""

from __future__ import annotations

import re
from typing import NamedTuple

#: Cyrillic and Greek letters that look like Latin ones; pages use them so that filters do not see a word
#: (Unicode Technical Standard 39, confusables, the letters of our lexicon's words).
_LOOK_ALIKES = dict(zip("АВЕКМНОРСТХУавекмнорстхуіІјЈѕЅԁһԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαρυν", "ABEKMHOPCTXYabekmhopctxyiIjJsSdhqwABEZHIKMNOPTYXoapuv", strict=True))
_PLAIN = str.maketrans(
    {
        **_LOOK_ALIKES,
        **dict.fromkeys("‘’‚‛`´ʼ′", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒−﹣－", "-"),
        **dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "),
    }
)
#: Soft hyphen, zero-width and direction characters: seen by no reader, cut out before matching.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


class Normal(NamedTuple):
    """Plain text; ``offsets[i]`` is where its character i stands in the original, None when all agree."""

    text: str
    offsets: list[int] | None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the original span of the plain span."""
        if self.offsets is None:
            return start, end
        first = self.offsets[start] if start < len(self.offsets) else self.offsets[-1] + 1
        return first, self.offsets[end - 1] + 1 if end > start else first


def normalise(text: str) -> Normal:
    """Return the text with plain letters, quotes, hyphens and spaces; case is kept."""
    plain = text.translate(_PLAIN)
    if not _UNSEEN.search(plain):
        return Normal(plain, None)
    kept = [i for i, character in enumerate(plain) if not _UNSEEN.match(character)]
    return Normal("".join(plain[i] for i in kept), kept)

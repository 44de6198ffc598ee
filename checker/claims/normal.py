"""Turns text into the plain form that terms are looked for in, and finds the way back to the original offsets."""

from __future__ import annotations

import re
import unicodedata
from itertools import chain, compress, pairwise
from typing import NamedTuple

#: Cyrillic and Greek letters that look like Latin ones, and small capitals; pages use them so that filters do not see a word
#: (Unicode Technical Standard 39, confusables, the letters of our lexicon's words).
_LOOK_ALIKES = dict(
    zip(
        "АВЕКМНОРСТХУавекмнорстхуіІјЈѕЅԁһԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαρυνϲϹᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ",
        "ABEKMHOPCTXYabekmhopctxyiIjJsSdhqwABEZHIKMNOPTYXoapuvcCabcdefghijklmnoprstuvwyz",
        strict=True,
    )
)
#: Full-width letters, and letters as signs, in circles and boxes or for formulas, that pass for bold or italic text in
#: places without mark-up.
_STYLED_RANGES = (
    range(0xFF01, 0xFF5F),
    range(0x2100, 0x2150),
    range(0x2170, 0x2180),
    range(0x24B6, 0x24EA),
    range(0x1D400, 0x1D6A4),
    range(0x1D7CE, 0x1D800),
    range(0x1F130, 0x1F14A),
)
_NFKC = {chr(code): unicodedata.normalize("NFKC", chr(code)) for codes in _STYLED_RANGES for code in codes}
_STYLED = {styled: plain for styled, plain in _NFKC.items() if len(plain) == 1}
_PLAIN = str.maketrans(
    {
        **{styled: plain for styled, plain in _STYLED.items() if plain.isascii()},
        **_LOOK_ALIKES,
        # What is left of a quote of Windows in a page that says it is UTF-8: "don\ufffdt".
        **dict.fromkeys("‘’‚‛`´ʼ′\ufffd", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒−﹣－", "-"),
        **dict.fromkeys("\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "),
        # The one letter that grows in lower case: every offset after it would be wrong.
        "İ": "I",
    }
)
#: Controls, lines through letters, soft hyphen, zero-width, direction, filling and tag characters, variation selectors: seen
#: by no reader as letters, cut out before matching.
_UNSEEN = (
    "\x00-\x08\x0e-\x1b\x7f\u00ad\u0332-\u0338\u034f\u061c\u115f\u1160\u3164\uffa0"
    "\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f"
)
#: One sign for several letters, as PDFs are set.
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_CHANGED = re.compile(f"[{_UNSEEN}{''.join(_LIGATURES)}]")
#: spaCy's tokeniser takes a word's marks off one by one and reads the rest again each time: 20,000 brackets cost it
#: a minute. Of longer runs of marks the rest is cut out, longer words are parted; none of them is a word of a claim.
MAX_MARKS = 16
MAX_WORD = 100
_MARKS = re.compile(rf"[^\w\s]{{{MAX_MARKS + 1},}}")
#: The number of a footnote that is set right behind a word or its stop, in brackets, raised or raised by mark-up only
#: ("neuropathy.[2]", "neuropathy²", "neuropathy2."): it would be part of the word, and the next sentence of this one.
_NUMBER = r"\d{1,2}(?:[,–-]\d{1,2})*"
_RAISED = "[¹²³⁰⁴-⁹]|[,–-](?=[¹²³⁰⁴-⁹])"
_FOOTNOTE = re.compile(
    rf"(?<=[a-z]{{4}}[.,;:!?])(?:\[{_NUMBER}\]|{_RAISED}|{_NUMBER})+(?=\s|$)"
    rf"|(?<=[a-z]{{3}})(?:\[{_NUMBER}\]|{_RAISED})+|(?<=[a-z]{{5}})\d{{1,2}}(?=[.,;:!?]?(?:\s|$))"
)
_WORD = re.compile(rf"\S{{{MAX_WORD + 1},}}")


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
    if not any(pattern.search(plain) for pattern in (_CHANGED, _WORD, _MARKS, _FOOTNOTE)):
        return Normal(plain, None)
    pieces: list[str] = []
    offsets: list[int] = []
    cut = {index for mark in _FOOTNOTE.finditer(plain) for index in range(*mark.span())}
    for index, character in enumerate(plain):
        if index in cut:
            continue
        form = _LIGATURES.get(character, "") if _CHANGED.match(character) else character
        pieces.append(form)
        offsets.extend([index] * len(form))
    return _parted(_shortened(Normal("".join(pieces), offsets)))


def _shortened(normal: Normal) -> Normal:
    """Cut long runs of marks."""
    kept = [True] * len(normal.text)
    for run in _MARKS.finditer(normal.text):
        kept[run.start() + MAX_MARKS : run.end()] = [False] * (run.end() - run.start() - MAX_MARKS)
    return Normal("".join(compress(normal.text, kept)), list(compress(normal.offsets or (), kept)))


def _parted(normal: Normal) -> Normal:
    """Put spaces into long words; a space stands where the character before it stands."""
    text, offsets = normal.text, list(normal.offsets or ())
    cuts = [cut for word in _WORD.finditer(text) for cut in range(word.start() + MAX_WORD, word.end(), MAX_WORD)]
    bounds = [0, *cuts, len(text)]
    parts = [text[first:last] for first, last in pairwise(bounds)]
    places = [offsets[first:last] for first, last in pairwise(bounds)]
    for place in places[:-1]:
        place.append(place[-1])
    return Normal(" ".join(parts), list(chain.from_iterable(places)))

"""Says what a short answer answers: "Yes." says what the question before it asks, and "No." that it is not so."""

from __future__ import annotations

import re
from functools import partial

from checker import lexicon
from checker.claims.normal import normalise
from checker.values import ShortAnswer, TextBlock

#: A short answer has no more characters than these.
MAX_CHARS = 60
_SAID = partial(lexicon.any_of, "speech")
#: Who does it, in an answer: "it", "our cells", "this therapy".
_IT = rf"(?:it|they|we|you|this|these|that|ours|(?:our|these|those|the|this) {_SAID('answered for')})"
_DOES = r"(?:is|are|can|do|does|has|have|will)"
_YES = re.compile(rf"{_SAID('yes')}?[\s,.!:–—-]*(?:{_IT} {_DOES}\b(?: been)?)?[\s,.!]*{_SAID('yes indeed')}?[\s.!]*")
_DOES_NOT = rf"{_IT} (?:{_DOES} ?not|(?:{_DOES}|wo|ca)n't|never {_DOES}|{_DOES} never)\b"
_NO = re.compile(rf"(?:{_SAID('no')}[\s,.!:–—-]*(?:{_DOES_NOT})?|{_DOES_NOT})[\s,.!]*(?:(?:not )?{_SAID('no indeed')})?[\s.!]*")
_ASKS = re.compile(
    r"^(?:\w+: ?)?(?:but |so |and )?(?:is|are|was|were|has|have|does|do|can|will|could|would|should)\b(?!n't)(?! not\b)"
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def short_answer(text: str, block: TextBlock, start: int) -> ShortAnswer | None:
    """Return the yes/no question that an answer as a whole says yes or no to; None for all other statements.

    ``text`` is the answer, plain and in lower case, which begins at ``start`` of the block's text.
    """
    if len(text) > MAX_CHARS:
        return None
    yes = bool(_YES.fullmatch(text))
    if not yes and not _NO.fullmatch(text):
        return None
    asked = question(block, start)
    return ShortAnswer(asked, yes) if asked is not None and _ASKS.search(normalise(asked).text.lower()) else None


def question(block: TextBlock, start: int) -> str | None:
    """Return the question right before a place in the block; None where there is none."""
    before = block.text[:start].rstrip()
    asked = _SENTENCE.split(before)[-1] if before else block.question
    return asked if asked and asked.endswith("?") else None

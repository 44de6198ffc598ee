"""Says what a short answer affirms: "Yes." says what the question before it asks."""

from __future__ import annotations

import re
from functools import partial

from checker import lexicon
from checker.claims.normal import normalise
from checker.values import TextBlock

#: An answer that affirms the whole question has no more characters than these.
MAX_CHARS = 60
_SAID = partial(lexicon.any_of, "speech")
_YES = re.compile(
    rf"{_SAID('yes')}?[\s,.!:–—-]*(?:(?:it|they|we|you|this|these) (?:is|are|can|do|does|has|have|will)\b(?: been)?)?[\s,.!]*"
    rf"{_SAID('yes indeed')}?[\s.!]*"
)
_ASKS = re.compile(r"^(?:\w+: ?)?(?:but |so |and )?(?:is|are|was|were|has|have|does|do|can|will|could|would)\b(?!n't)(?! not\b)")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def affirmed(text: str, block: TextBlock, start: int) -> str | None:
    """Return the yes/no question, as it stands on the page, that an answer as a whole says yes to; None for all others.

    ``text`` is the answer, plain and in lower case, which begins at ``start`` of the block's text.
    """
    if len(text) > MAX_CHARS or not _YES.fullmatch(text):
        return None
    asked = question(block, start)
    return asked if asked is not None and _ASKS.search(normalise(asked).text.lower()) else None


def question(block: TextBlock, start: int) -> str | None:
    """Return the question right before a place in the block; None where there is none."""
    before = block.text[:start].rstrip()
    asked = _SENTENCE.split(before)[-1] if before else block.question
    return asked if asked and asked.endswith("?") else None

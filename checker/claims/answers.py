"""Says what a short answer affirms: "Yes." says what the question before it asks."""

from __future__ import annotations

import re

from checker.claims.normal import normalise
from checker.values import Statement

#: An answer that affirms the whole question has no more words than these.
MAX_WORDS = 6
_YES = re.compile(
    r"(?:yes|yeah|absolutely|certainly|definitely|of course|sure|surely|indeed|without (?:a )?doubt|100 ?%)?[\s,.!:–—-]*"
    r"(?:(?:it|they|we|you|this|these) (?:is|are|can|do|does|has|have|will)\b(?: been)?)?[\s,.!]*"
    r"(?:fully|completely|indeed|absolutely|certainly|of course|be)?[\s.!]*"
)
_ASKS = re.compile(r"^(?:\w+: ?)?(?:but |so |and )?(?:is|are|was|were|has|have|does|do|can|will|could|would)\b(?!n't)(?! not\b)")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def affirmed(statement: Statement) -> str | None:
    """Return the yes/no question, plain and in lower case, that the statement as a whole says yes to; None for all others."""
    if len(statement.words) > MAX_WORDS + 2 or not _YES.fullmatch(statement.match_text):
        return None
    asked = question(statement)
    return asked if asked is not None and _ASKS.search(asked) else None


def question(statement: Statement) -> str | None:
    """Return the question, plain and in lower case, that stands right before the statement; None where there is none."""
    before = statement.block.text[: statement.start].rstrip()
    asked = _SENTENCE.split(before)[-1] if before else statement.block.question
    return normalise(asked).text.lower() if asked and asked.endswith("?") else None

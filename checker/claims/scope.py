"""Says whether text names nerve damage, and whether a page speaks of animals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from checker import lexicon
from checker.claims.normal import normalise
from checker.values import Statement, Zone

#: Share of statements with an animal word from which a page is taken to be about animals; a clinic's page that cites
#: a mouse study stays under it. Chosen by reading, not measured.
ANIMAL_SHARE = 0.15


@lru_cache(maxsize=4096)
def names_nerves(text: str) -> bool:
    """Say whether the text names damage of peripheral or cranial nerves."""
    return bool(_nerves().search(normalise(text).text.lower()))


@cache
def _nerves() -> re.Pattern[str]:
    phrases = [
        phrase for terms in lexicon.terms() if (terms.kind, terms.concept) == ("condition", "nerve") for phrase in terms.phrases
    ]
    ordered = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return re.compile(r"\b(?:" + "|".join(re.escape(phrase).replace(r"\ ", "[ -]") for phrase in ordered) + r")\b")


def is_story(statement: Statement) -> bool:
    """Say whether one person's experience is told: in the first person, in quotation marks, or among patients' stories."""
    if statement.block.zone is Zone.TESTIMONIAL or statement.block.text[:1] in "\"“'‘«":
        return True
    return any(term.kind == "person" and term.concept == "self" for term in statement.terms)


def speaks_of_animals(statements: Sequence[Statement]) -> bool:
    """Say whether the patients of the page are animals."""
    counted = sum(1 for statement in statements if statement.has_cue("animal"))
    return counted > max(1, len(statements) * ANIMAL_SHARE)

"""A trial check with the separate answers behind its outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from checker.values import TrialCheck

#: Question, which is also the word in `mismatch_in` for it, and the answer that speaks against the trial. `exists` and
#: `results` are answered for the reader only.
AGAINST = {
    "condition": "no",
    "intervention": "no",
    "sponsor_or_site": "no",
    "status": "no",
    "fee": "yes",
    "regulated": "no",
}
#: Questions to which a matched trial must have "yes" (claim taxonomy, "Trial shield").
NEEDED = ("condition", "intervention", "sponsor_or_site", "status")


class Fit(NamedTuple):
    """One question about a trial and a page: "yes", "no", "unknown" or "not_applicable", and why in plain words."""

    question: str
    answer: str
    why: str


class Scope(NamedTuple):
    """What a trial is about and what it tests, in the groups of `conditions` and the kinds of `products`."""

    conditions: frozenset[str]
    products: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class RegistryCheck(TrialCheck):
    """A check with what the trial is about, for deciding which statements it shields."""

    scope: Scope | None = None


def outcome(answers: Sequence[Fit]) -> tuple[str, tuple[str, ...]]:
    """Return matched, mismatched or not_checked, and what the mismatch is in."""
    against = tuple(answer.question for answer in answers if answer.answer == AGAINST.get(answer.question))
    if against:
        return "mismatched", against
    given = {a.question: a.answer for a in answers}
    return ("matched" if all(given.get(question) == "yes" for question in NEEDED) else "not_checked"), ()

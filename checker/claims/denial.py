"""Says whether a statement denies or only hedges what a label would say of it: a guard over rules and classifier."""

from __future__ import annotations

import re

from checker.values import Label, Statement, Term

#: Concepts of the lexicon that carry each core promise.
_CARRIERS = {
    Label.FDA_APPROVED: (("authority", "approval"),),
    Label.CURE: (("effect", "cures"), ("effect", "reverses"), ("effect", "guaranteed")),
}
_UNDOES = {Label.FDA_APPROVED: ("negation", "attribution"), Label.CURE: ("negation", "hedge", "attribution")}
_OPEN_QUESTION = re.compile(r"^(?:q: ?)?(?:is|are|was|were|can|could|does|do|did|will|would|should|has|have|may|might)\b[^?]*\?$")
_PRESUPPOSES = re.compile(
    r"^(?:q: ?)?(?:are you (?:ready|tired)|do you want|would you (?:like|rather)|did you know|have you had enough)\b"
)
#: Words of the lexicon's strongest effects that promise nothing where they stand so: what lasts is the harm, what is normal
#: are the days.
_NO_EFFECT = re.compile(
    r"\bpermanent(?:ly)? (?:\w+ ){0,2}?(?:damag|los[st]|disab|injur|impair|harm|scar)\w*"
    r"|\bnormal (?:daily |everyday )?(?:activit|routine|diet|work|schedule|exercise)\w*"
)


def asks(statement: Statement) -> bool:
    """Say whether the statement is a yes/no question that takes nothing for granted: such a question claims nothing."""
    text = statement.match_text
    return bool(_OPEN_QUESTION.search(text)) and not _PRESUPPOSES.search(text)


def denies(statement: Statement, label: Label) -> bool:
    """Say whether every word that could carry the promise stands under a negation, a hedge or somebody else's voice.

    A statement without such a word denies nothing.
    """
    if label not in _CARRIERS:
        return False
    carriers = [term for term in statement.terms if (term.kind, term.concept) in _CARRIERS[label]]
    idle = [match.span() for match in _NO_EFFECT.finditer(statement.match_text)] if label is Label.CURE else []
    active = [term for term in carriers if not any(start < term.end and term.start < end for start, end in idle)]
    return bool(carriers or idle) and all(_undone(statement, term, label) for term in active)


def _undone(statement: Statement, term: Term, label: Label) -> bool:
    return any(
        cue.kind in _UNDOES[label] and cue.governs(term.start, term.end) and not _inside(cue.start, cue.end, term)
        for cue in statement.cues
    )


def _inside(start: int, end: int, term: Term) -> bool:
    return term.start <= start and end <= term.end

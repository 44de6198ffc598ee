"""Says whether a statement claims nothing though its words sound like it: questions, idle words, fragments, denied lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from checker import lexicon
from checker.values import Role, Statement, Term

_OPEN_QUESTION = re.compile(
    r"^(?:\w+: ?)?(?:is|are|was|were|can|could|does|do|did|will|would|should|has|have|may|might)\b[^?]*\?$"
)
_PRESUPPOSES = re.compile(
    r"^(?:\w+: ?)?(?:are you (?:ready|tired)|do you want|would you (?:like|rather)|did you know|have you had enough)\b"
)
#: What carries the promise of a cure in our lexicon.
_ENDS = frozenset({"cures", "reverses", "guaranteed"})
#: Such words promise nothing where they stand so: what lasts is the harm, what is normal are the days.
_IDLE = re.compile(
    r"\bpermanent(?:ly)? (?:\w+ ){0,2}?(?:damag|los[st]|disab|injur|impair|harm|scar)\w*"
    r"|\bnormal (?:daily |everyday )?(?:activit|routine|diet|work|schedule|exercise)\w*"
)
#: Terms that a promise speaks of or with.
_OF_PROMISES = frozenset({"effect", "authority", "condition", "treatment", "other_product"})
#: With so many words at most, and none of them a term of promises, nothing is promised.
FEW_WORDS = 3
#: Who speaks, under a quotation: a name with an initial, an age or a dash before it.
_SIGNED = re.compile(
    r"^(?:[—–-] ?[A-Z][\w'’]+(?: [A-Z][\w'’]*\.?)?(?:, .{1,30})?"
    r"|[A-Z][\w'’]+ [A-Z]\.(?:,? .{1,30})?|[A-Z][\w'’]+(?: [A-Z][\w'’]*\.?)?, (?:age |aged )?\d{2}\.?)$"
)
_SAID = partial(lexicon.any_of, "speech")
_REJECTED = re.compile(
    rf"\b{_SAID('rejects')}\b"
    rf"|(?<!no )(?<!unlike )(?<!than )\b{_SAID('others')} {_SAID('sellers')}(?: \w+){{0,2}}? {_SAID('say')}\b"
)
#: What follows is not said to be so, but asked: "we will tell you whether it can be reversed".
_WONDERED = re.compile(rf"\b(?:whether|{_SAID('knows')}(?: \w+){{0,3}}? if)\b(?P<asked>[^.;:,!?]*)")
_BAIT = re.compile(rf"\b{_SAID('bait')}\b")
#: A word for what is absent, with three words behind it at most.
_ABSENT = re.compile(rf"\b{_SAID('absent')}(?: \w+){{0,3}}$")


def asks(statement: Statement) -> bool:
    """Say whether the statement is a yes/no question that takes nothing for granted: such a question claims nothing."""
    text = statement.match_text
    return bool(_OPEN_QUESTION.search(text)) and not _PRESUPPOSES.search(text)


def wonders(statement: Statement) -> bool:
    """Say whether all that sounds like a cure stands in an indirect question."""
    spans = [match.span("asked") for match in _WONDERED.finditer(statement.match_text)]
    return bool(spans) and bool(_ends(statement)) and _all_within(statement, spans)


def is_idle(statement: Statement) -> bool:
    """Say whether what sounds like a cure speaks of lasting harm or of ordinary days, and nothing else in it sounds like one."""
    spans = [match.span() for match in _IDLE.finditer(statement.match_text)]
    return bool(spans) and _all_within(statement, spans)


def _all_within(statement: Statement, spans: Sequence[tuple[int, int]]) -> bool:
    """Say whether each word for an end state touches one of the stretches."""
    return all(any(start < term.end and term.start < end for start, end in spans) for term in _ends(statement))


def _ends(statement: Statement) -> list[Term]:
    return [term for term in statement.terms if term.kind == "effect" and term.concept in _ENDS]


def is_fragment(statement: Statement) -> bool:
    """Say whether the statement is too little to promise anything by itself: a greeting, a name, a call."""
    words = sum(1 for word in statement.words if word[0].isalnum())
    return words <= FEW_WORDS and not statement.term_kinds & _OF_PROMISES


def is_signature(statement: Statement) -> bool:
    """Say whether the statement only names who speaks."""
    return not statement.has_term("effect") and bool(_SIGNED.search(statement.text.strip()))


def introduction(statement: Statement) -> str | None:
    """Return what introduces a list item: the line before the list, else the heading above it."""
    block = statement.block
    if block.role is not Role.LIST_ITEM:
        return None
    return block.lead or (block.headings[-1] if block.headings else None)


def rejects(lead: Statement) -> bool:
    """Say whether what introduces a list denies or rejects what is listed: "It will not:", "Myths"."""
    text = lead.match_text.rstrip(" :.…—–-")
    denied = any(cue.kind == "negation" and cue.scope_end >= len(text) for cue in lead.cues)
    return (denied and not _ABSENT.search(text) and not _BAIT.search(text)) or bool(_REJECTED.search(text))

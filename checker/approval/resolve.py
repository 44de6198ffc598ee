"""Resolves what a statement says about approval: of what, for what use, and whether that is so. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from checker import knowledge
from checker.approval import denials, parts, products, words
from checker.approval.products import Surroundings
from checker.approval.resolution import DOES, Outcome, Resolution, by_step
from checker.knowledge.load import Tables
from checker.values import Label

__all__ = ["Outcome", "Resolution", "resolve"]

#: Characters of a statement that are looked at: the longest sentence of our labelled pages has under 1,000.
MAX_TEXT = 3_000
#: Approvals of a clause that are resolved; no real clause names more.
MAX_MENTIONS = 12
#: Words of a question that is a yes/no question without its verb ("FDA-approved?").
SHORT_QUESTION = 4
_GRAVITY = tuple(Outcome)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_TURN = re.compile(
    r";|\s[—–-]{1,2}\s|,? \b(?:but|however|whereas|although|though)\b"
    r"|, (?:yet|while|and (?=our|we|the|it|they|this|these|all))\b"
)
_LEADING = re.compile(r"^(?:while|although|though|even though)\b([^,]*),")
#: Which step of the ladder a wording stands on; the first that is found.
_SUPPLIER_STEPS = (
    ("listed", re.compile(r"\bndc\b|national drug code|\blist(?:ed|ing)\b")),
    ("registered", re.compile(r"regist")),
    ("inspected", re.compile(r"approv|clear|licen|authori|inspect|audit|endors|sanction")),
    ("accredited", re.compile(r"aatb|aabb|\biso\b|accredit")),
    ("compliant", re.compile(r"")),
)
_TRIAL_STEPS = (
    ("right-to-try", re.compile(r"right[- ]to[- ]try")),
    ("expanded-access", re.compile(r"expanded access|compassionate")),
    ("ethics-board", re.compile(r"\birb\b|review board|ethics")),
    ("registry", re.compile(r"\bnih\b|national institutes|clinicaltrials|registered|listed")),
    ("ind", re.compile(r"")),
)
_DESIGNATION_STEPS = (
    ("orphan", re.compile(r"orphan")),
    ("fast-track", re.compile(r"fast|breakthrough|priority")),
    ("rmat", re.compile(r"")),
)
_EXEMPT_STEPS = (("361", re.compile(r"\b361\b|minimal|homologous")), ("exempt", re.compile(r"")))
#: Order matters: what an earlier pattern takes is not seen by a later one.
_LADDER = (
    (Outcome.DESIGNATION, words.DESIGNATION, _DESIGNATION_STEPS),
    (Outcome.TRIAL_LEVEL, words.TRIAL, _TRIAL_STEPS),
    (Outcome.SUPPLIER_LEVEL, words.SUPPLIER, _SUPPLIER_STEPS),
    (Outcome.DEVICE_LEVEL, words.DEVICE, (("cleared", re.compile(r"")),)),
    (Outcome.FOREIGN, words.FOREIGN, (("foreign", re.compile(r"")),)),
)
_BOTH_REGULATORS = re.compile(r"\bfda\b[^.;!?]{0,12}?(?:\band\b|\bor\b|[&,/])|(?:\band\b|[&,/]) ?(?:the )?(?:u\.?s\.? )?fda\b")


def resolve(
    text: str, *, title: str = "", headings: Sequence[str] = (), sells_cells: bool = False, facts: Tables | None = None
) -> Resolution | None:
    """Return what a statement about approval comes to, None when it says nothing about approval.

    ``text`` is the statement in plain lower case (``Statement.match_text``). ``title`` and ``headings`` say what
    "it" may mean and which disease the page is about; ``sells_cells`` that the page sells cell products.
    ``facts`` replaces our tables.
    """
    text = parts.plain(text[:MAX_TEXT])
    if not words.SPEAKS.search(text):
        return None
    facts = facts or knowledge.tables()
    around = Surroundings(text=text, above=parts.plain(" | ".join((title, *headings))), sells_cells=sells_cells)
    found = [resolution for clause in _clauses(text) for resolution in _of_clause(clause, around, facts)]
    return min(found, key=lambda resolution: _GRAVITY.index(resolution.outcome), default=None)


def _clauses(text: str) -> Iterator[str]:
    """Yield the clauses that assert something; a yes/no question counts only with its answer."""
    sentences = _SENTENCE.split(text)
    for number, sentence in enumerate(sentences):
        answer = sentences[number + 1] if number + 1 < len(sentences) else ""
        if sentence.rstrip().endswith("?") and denials.ASKING.search(sentence) and not parts.OWN_VOICE.search(sentence):
            continue
        if sentence.rstrip().endswith("?") and (denials.YES_NO.search(sentence) or len(sentence.split()) <= SHORT_QUESTION):
            if denials.NO.search(answer):
                yield f"not {sentence}" if words.MENTION.search(sentence) is None else "it is not fda approved"
            elif denials.YES.search(answer):
                yield sentence
            continue
        yield from _turns(sentence)


def _turns(sentence: str) -> Iterator[str]:
    leading = _LEADING.search(sentence)
    rest = sentence
    if leading:
        yield leading[1]
        rest = sentence[leading.end() :]
    yield from (part.strip() for part in _TURN.split(rest) if part and part.strip())


def _of_clause(clause: str, around: Surroundings, facts: Tables) -> Iterator[Resolution]:
    if denials.REPORTED.search(clause):
        return
    if denials.EXPLAINS.search(clause):
        yield by_step(Outcome.DENIED, facts)
        return
    rest, found = _without(clause, words.STALE)
    if found and not words.UPDATED.search(around.text):
        yield by_step(Outcome.STALE, facts)
    rest, exempt = _exempt(rest, around, facts)
    if exempt:
        yield exempt
    rest, found = _without(rest, denials.DENIED)
    if found:
        yield _denied(clause, facts)
    rest, _ = _without(rest, denials.DUTY)
    yield from _affirmed(rest, around, facts)


def _exempt(rest: str, around: Surroundings, facts: Tables) -> tuple[str, Resolution | None]:
    """Return the text without words of exemption, and what those come to: claimed, or denied."""
    rest, found = _without(rest, denials.NOT_EXEMPT)
    if found:
        return rest, by_step(Outcome.DENIED, facts, "361")
    rest, found = _without(rest, denials.EXEMPT)
    if not found and denials.REGULATION.search(around.text):
        rest, found = _without(rest, denials.EXEMPT_HINT)
    step = _step(_EXEMPT_STEPS, " ".join([*found, around.text]))
    return rest, by_step(Outcome.EXEMPT_CLAIM, facts, step) if found else None


def _affirmed(rest: str, around: Surroundings, facts: Tables) -> Iterator[Resolution]:
    """Yield what is affirmed: steps below approval first, then approval itself."""
    medicine = products.names_medicine(rest, facts)
    for outcome, pattern, steps in _LADDER:
        if (medicine and outcome is Outcome.DEVICE_LEVEL) or (outcome is Outcome.FOREIGN and _BOTH_REGULATORS.search(rest)):
            continue
        found_in = rest
        rest, found = _without(rest, pattern)
        if found and not (outcome is Outcome.FOREIGN and products.is_own_use(found_in, facts)):
            resolution = by_step(outcome, facts, _step(steps, " ".join(found)))
            of_a_place = outcome is Outcome.FOREIGN and _is_of_a_place(found_in)
            yield replace(resolution, label=Label.FDA_HALO) if of_a_place else resolution
    if words.OFF_LABEL.search(rest) and (parts.CELLS.search(around.text) or (around.about_cells and not medicine)):
        yield _off_label(around, facts)
    mentions = list(islice(words.MENTION.finditer(rest), MAX_MENTIONS))
    for mention in mentions:
        yield products.of_mention(rest, mention.start(), mention.end(), around, facts)
    if not mentions and (words.VAGUE.search(rest) or words.BARE.search(rest)):
        yield products.of_vague(rest, facts)


def _is_of_a_place(text: str) -> bool:
    """Say whether a permit from abroad is the place's own: what comes before it is the place, not what is done there."""
    ends = [act.start() for act in words.ANY_ACT.finditer(text)] or [len(text)]
    before = text[: ends[-1]]
    if parts.CELLS.search(before) or words.DONE_THERE.search(before) or words.FOR_WHAT_IS_DONE.search(text):
        return False
    return words.PLACE_ABROAD.search(text) is not None


def _denied(clause: str, facts: Tables) -> Resolution:
    """Return the denial with the product that it names."""
    resolution = by_step(Outcome.DENIED, facts)
    named = parts.CELLS.search(clause)
    return replace(resolution, product=named[0] if named else None)


def _off_label(around: Surroundings, facts: Tables) -> Resolution:
    """Return what "off-label" comes to: an honest word for PRP, whose kits have a label, and a wrong one for cells."""
    resolution = by_step(Outcome.OFF_LABEL, facts)
    step = facts.step("cleared")
    if not parts.PLATELETS.search(around.text) or step is None:
        return resolution
    return replace(
        resolution, message=f"{DOES[Outcome.OFF_LABEL]} {step.does_not_prove}", sources=step.sources, label=Label.DISCLAIMER
    )


def _without(text: str, pattern: re.Pattern[str]) -> tuple[str, list[str]]:
    """Return the text with every match cut out (a stop stands in its place, which no pattern crosses), and the matches."""
    found = [match[0] for match in pattern.finditer(text) if match[0].strip()]
    return (pattern.sub(" ; ", text), found) if found else (text, [])


def _step(steps: Sequence[tuple[str, re.Pattern[str]]], text: str) -> str:
    return next(name for name, pattern in steps if pattern.search(text))

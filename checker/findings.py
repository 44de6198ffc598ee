"""Turns a statement's rule hits and probabilities into findings: label, what decided, severity, quote and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from checker.claims.answers import question
from checker.claims.scope import is_general, is_story, names_nerves, speaks_of_animals
from checker.claims.void import asks, introduction, is_fragment, is_idle, is_signature, rejects, wonders
from checker.rules.book import Book
from checker.rules.rule import Rule
from checker.values import (
    CAUTIONS,
    CLAIMS,
    MODEL,
    PROMISES,
    Document,
    Finding,
    Label,
    Role,
    RuleHit,
    Severity,
    Source,
    Statement,
    Strength,
    TrialCheck,
)

#: A deciding rule is overruled when the classifier finds its label less likely than not: on our own labelled pages most such
#: hits do not carry it and nearly all others do (`clinic-checker model evaluate` prints how many).
VETO = 0.5
#: The same for a promise whose words say it outright, but so rarely that the classifier has hardly seen them.
VETO_OF_PLAIN = 0.05
#: The same for approval, where what is found is held against the facts afterwards: a footer by which the FDA has evaluated
#: nothing keeps the classifier from believing "our FDA-approved therapy" above it. Between the two the linear models' approvals
#: on the benchmark are more often right than wrong (`clinic-checker model benchmark`, rules and linear).
VETO_OF_APPROVAL = 0.2
#: A claim of which no label is likelier than this has no label that could be shown.
LEAST_LIKELY = 0.1
#: A finding of the classifier alone this close above its threshold is shown as unsure.
UNSURE_BAND = 0.1

SEVERITY = {
    Label.FDA_APPROVED: Severity.HIGH,
    Label.CURE: Severity.HIGH,
    Label.FDA_HALO: Severity.MEDIUM,
    Label.SCIENCE_HALO: Severity.MEDIUM,
    Label.SUCCESS_RATE: Severity.MEDIUM,
    Label.SAFETY: Severity.MEDIUM,
    Label.TESTIMONIAL: Severity.MEDIUM,
    Label.REPLACES_CARE: Severity.MEDIUM,
    Label.BENEFIT: Severity.MEDIUM,
    Label.HEDGED_BENEFIT: Severity.LOW,
    Label.PRESSURE: Severity.LOW,
    Label.DISCLAIMER: Severity.INFO,
}
#: A rule explains a label when no rule matched: the first of its family.
_EXPLAINS = {
    Label.FDA_APPROVED: "A101",
    Label.CURE: "C101",
    Label.FDA_HALO: "H101",
    Label.SCIENCE_HALO: "S101",
    Label.SUCCESS_RATE: "N101",
    Label.SAFETY: "F102",
    Label.TESTIMONIAL: "T102",
    Label.REPLACES_CARE: "R101",
    Label.BENEFIT: "E101",
    Label.HEDGED_BENEFIT: "E201",
    Label.PRESSURE: "P101",
    Label.DISCLAIMER: "D103",
}
_STRONG = {
    "relieves": Strength.RELIEVES,
    "improves": Strength.IMPROVES,
    "repairs": Strength.REPAIRS,
    "reverses": Strength.REVERSES,
    "cures": Strength.CURES,
    "guaranteed": Strength.GUARANTEED,
}
_DOES_NOT_FIT, _NOT_FOUND = "J101", "J102"
BY_LOOK_UP = (_DOES_NOT_FIT, _NOT_FOUND)
_LABELS = tuple(Label)
_ORDER = tuple(Strength)
_HAS_STRENGTH = frozenset({Label.CURE, Label.BENEFIT, Label.HEDGED_BENEFIT})
_ORDINARY_BENEFITS = (Strength.RELIEVES, Strength.IMPROVES, Strength.REPAIRS)


class ScoredStatement(NamedTuple):
    """A statement with the rules that matched it and its probabilities by label."""

    statement: Statement
    hits: Sequence[RuleHit]
    row: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What findings rest on: the rules, the thresholds, and what was found out about registry numbers.

    ``shields`` maps a statement's index to the matched trial that shields it, ``trials`` to the check of a number
    in it that does not fit the page or was not found.
    """

    book: Book
    thresholds: Mapping[str, float]
    shields: Mapping[int, str] = field(default_factory=dict)
    trials: Mapping[int, TrialCheck] = field(default_factory=dict)


def make(document: Document, scored: Sequence[ScoredStatement], basis: Basis) -> tuple[Finding, ...]:
    """Return the findings of a page that sells, in reading order; at most one per statement and label."""
    title_names = names_nerves(document.title or "")
    statements = [each.statement for each in scored]
    animals = speaks_of_animals(statements)
    rejecting = rejecting_leads(statements)
    return tuple(
        _finding(each, label, basis, about_nerves=not animals and (title_names or _names_nerves(each.statement)))
        for each in scored
        for label in _labels(each, basis, rejecting)
    )


def rejecting_leads(statements: Sequence[Statement]) -> frozenset[str]:
    """Return the lines and headings of a page under which lists stand that they deny or reject."""
    leads = set(map(introduction, statements))
    return frozenset(statement.block.text for statement in statements if statement.block.text in leads and rejects(statement))


def _labels(scored: ScoredStatement, basis: Basis, rejecting: Collection[str]) -> list[Label]:
    """Return the labels of a statement; a registry number in it that does not bear the page out is always borrowed science."""
    labels = decide(scored.hits, scored.row, basis.book, basis.thresholds)
    speaks = {label: against(scored.statement, label, labels, rejecting) for label in labels}
    kept = {label for label, what in speaks.items() if not what}
    if speaks.get(Label.CURE) == "story":
        kept.add(Label.TESTIMONIAL)
    trial = basis.trials.get(scored.statement.index)
    if trial is not None and not trial.linked and not asks(scored.statement) and not _is_told_with_limits(trial, kept):
        kept.add(Label.SCIENCE_HALO)
    return [label for label in _LABELS if label in kept]


def _is_told_with_limits(trial: TrialCheck, labels: Collection[Label]) -> bool:
    """Say whether a statement cites another's or an ended trial with its limits: that borrows nothing."""
    about_others = trial.outcome == "mismatched" and set(trial.mismatch_in) <= {"sponsor_or_site", "status"}
    return about_others and set(labels) == {Label.DISCLAIMER}


def against(statement: Statement, label: Label, labels: Collection[Label], rejecting: Collection[str]) -> str:
    """Return what speaks against one of the labels that were decided on: a word for it, or "" for nothing.

    An open question, and a cure in an indirect one ("question"), and what is listed under a line that rejects it ("rejected")
    claim nothing, a greeting or a name ("fragment") and words for harm or ordinary days ("idle") promise nothing; who speaks
    ("signature") is no story yet; one person's end state is a story, no cure.
    """
    if asks(statement) or (label is Label.CURE and wonders(statement)):
        return "question"
    if label in CLAIMS and introduction(statement) in rejecting:
        return "rejected"
    if label in PROMISES and is_fragment(statement) and question(statement.block, statement.start) is None:
        return "fragment"
    if label is Label.CURE and is_idle(statement):
        return "idle"
    if label is Label.TESTIMONIAL and is_signature(statement):
        return "signature"
    return "story" if label is Label.CURE and _tells_of_one(statement, labels) else ""


def _tells_of_one(statement: Statement, labels: Collection[Label]) -> bool:
    """Say whether an end state is one person's: the taxonomy calls it a cure only where the publisher generalises it."""
    if Label.TESTIMONIAL in labels and is_story(statement):
        return True
    return (Label.TESTIMONIAL in labels or is_story(statement)) and not is_general(statement)


def veto(rule: Rule) -> float:
    """Return the classifier's probability of its label under which a deciding rule is overruled.

    What answers a question is judged by the question, which the classifier hardly sees; of two denials that undo each other
    it sees two; on the pages of tests/bench that mislead such rules are right wherever they match (tests/test_rules.py).
    What plain rules find beside promises is in the training data too seldom for it to know: laws named as a permission, paid
    studies, what is said to work beside a denial of approval.
    """
    if rule.answers or rule.turns:
        return 0.0
    if rule.plain:
        return VETO_OF_PLAIN if rule.label in PROMISES else 0.0
    return VETO_OF_APPROVAL if rule.label is Label.FDA_APPROVED else VETO


def decide(found: Sequence[RuleHit], row: Mapping[str, float], book: Book, thresholds: Mapping[str, float]) -> list[Label]:
    """Return the labels of a statement in the taxonomy's order.

    Whether it is a claim at all is one question, asked of the output "claim"; which claim it is, is asked of the
    labels, and the likeliest stands when none reaches its threshold (never a promise: those need their own). A deciding
    rule makes a claim by itself unless the classifier all but excludes its label. Hedges, limits and pressure each
    stand on their own threshold; two denials that undo each other, and the "No" to what readers fear, which the classifier
    takes for limits, are none.
    """
    by_rule = {hit.label for hit in found if book.rules[hit.rule].decides and row[hit.label] >= veto(book.rules[hit.rule])}
    labels = {label for label in _LABELS if row[label] >= thresholds[label]}
    if any(book.rules[hit.rule].turns or book.rules[hit.rule].answers == "no" for hit in found):
        labels.discard(Label.DISCLAIMER)
    claims = labels & CLAIMS
    if row["claim"] < thresholds["claim"]:
        labels -= {label for label in claims if label not in PROMISES}
    elif not claims | (by_rule & CLAIMS):
        likeliest = max(CAUTIONS, key=lambda label: (row[label], label))
        labels |= {likeliest} if row[likeliest] >= LEAST_LIKELY else set()
    labels |= by_rule
    return [label for label in _LABELS if label in labels] if labels else []


def _finding(scored: ScoredStatement, label: Label, basis: Basis, *, about_nerves: bool) -> Finding:
    statement, probability = scored.statement, scored.row[label]
    threshold = basis.thresholds[label]
    cause = _cause(scored, label, basis)
    strength = _strength(statement, label)
    return Finding(
        label=label,
        rule=cause.rule,
        also=cause.also,
        severity=SEVERITY[label],
        confidence=round(probability if cause.rule == MODEL else max(probability, threshold), 3),
        statement=statement,
        quote=statement.block.text[cause.start : cause.end],
        start=cause.start,
        end=cause.end,
        why=cause.why,
        sources=cause.sources,
        context=_context(statement),
        strength=strength,
        about_nerves=about_nerves,
        unsure=cause.rule == MODEL and probability < threshold + UNSURE_BAND,
        shielded_by=_shield(statement, label, strength, basis),
    )


class _Cause(NamedTuple):
    """What decided: the rule or the model, the span in the block, and the reason in words."""

    rule: str
    also: tuple[str, ...]
    start: int
    end: int
    why: str
    sources: tuple[Source, ...]


def _cause(scored: ScoredStatement, label: Label, basis: Basis) -> _Cause:
    """Return what decided a label: a registry number, a deciding rule, or the classifier with its rules as evidence."""
    rules = basis.book.rules
    own = [hit for hit in scored.hits if hit.label is label and hit.rule not in BY_LOOK_UP]
    names = [hit.rule for hit in own]
    by_model = [MODEL] if scored.row[label] >= basis.thresholds[label] else []
    check = basis.trials.get(scored.statement.index) if label is Label.SCIENCE_HALO else None
    if check is not None:
        rule = rules[_NOT_FOUND if check.outcome == "not_found" else _DOES_NOT_FIT]
        return _Cause(rule.id, (*names, *by_model), check.start, check.end, f"{rule.message} {check.message}", rule.sources)
    deciding = next((hit for hit in own if rules[hit.rule].decides), None)
    if deciding is not None:
        start, end = scored.statement.in_block(deciding.start, deciding.end)
        also = (*(name for name in names if name != deciding.rule), *by_model)
        return _Cause(deciding.rule, also, start, end, why(rules[deciding.rule]), rules[deciding.rule].sources)
    rule = rules[names[0] if names else _EXPLAINS[label]]
    return _Cause(MODEL, tuple(names), scored.statement.start, scored.statement.end, why(rule), rule.sources)


def _shield(statement: Statement, label: Label, strength: Strength | None, basis: Basis) -> str | None:
    """Return the matched trial that shields the finding; approval and a guaranteed result are never shielded."""
    if label is Label.FDA_APPROVED or strength is Strength.GUARANTEED:
        return None
    return basis.shields.get(statement.index)


def why(rule: Rule) -> str:
    """Return the reason in plain words: what the statement does, then what is known."""
    return f"{rule.message} {rule.why}"


def _names_nerves(statement: Statement) -> bool:
    named = any(term.kind == "condition" and term.concept == "nerve" for term in statement.terms)
    return named or any(map(names_nerves, (*statement.block.headings, statement.asked or "")))


def _context(statement: Statement) -> tuple[str, ...]:
    block = statement.block
    before = [*block.headings, statement.asked, block.lead]
    return tuple(dict.fromkeys(text for text in before if text and text != statement.text))


def _strength(statement: Statement, label: Label) -> Strength | None:
    """Return the strongest step that the statement's words reach; a plain benefit never exceeds a repair."""
    if label not in _HAS_STRENGTH:
        return None
    said = [_STRONG[term.concept] for term in statement.terms if term.kind == "effect"]
    if label is Label.CURE:
        said = [step for step in said if step not in _ORDINARY_BENEFITS] or [Strength.CURES]
    else:
        said = [step for step in said if step in _ORDINARY_BENEFITS] or [Strength.RELIEVES]
    return max(said, key=_ORDER.index)


def is_title(finding: Finding) -> bool:
    """Say whether the finding stands where a reader looks first."""
    return finding.statement.block.role in (Role.TITLE, Role.HEADING)

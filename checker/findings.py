"""Turns a statement's rule hits and probabilities into findings: label, what decided, severity, quote and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checker.claims.denial import denies
from checker.claims.scope import names_nerves, speaks_of_animals
from checker.rules.book import Book
from checker.rules.rule import Rule
from checker.values import (
    CAUTIONS,
    PROMISES,
    Document,
    Finding,
    Label,
    Role,
    RuleHit,
    Severity,
    Statement,
    Strength,
)

MODEL = "model"
#: A deciding rule is overruled when the classifier gives its label less than this: on our own pages such hits
#: are wrong more often than right (`clinic-checker model evaluate` prints the table).
VETO = 0.05
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
_CLAIMS = CAUTIONS | PROMISES
_ORDER = tuple(Strength)
_HAS_STRENGTH = frozenset({Label.CURE, Label.BENEFIT, Label.HEDGED_BENEFIT})
_ORDINARY_BENEFITS = (Strength.RELIEVES, Strength.IMPROVES, Strength.REPAIRS)


def make(
    document: Document,
    statements: Sequence[Statement],
    hits: Sequence[Sequence[RuleHit]],
    probabilities: Sequence[Mapping[str, float]],
    book: Book,
    thresholds: Mapping[str, float],
) -> tuple[Finding, ...]:
    """Return the findings of a page that sells, in reading order; at most one per statement and label."""
    nerves_named = names_nerves(document.title or "")
    animals = speaks_of_animals(statements)
    return tuple(
        _finding(statement, label, found, row, book, thresholds, about_nerves=not animals and (nerves_named or _names_nerves(statement)))
        for statement, found, row in zip(statements, hits, probabilities, strict=True)
        for label in decide(found, row, book, thresholds)
        if not denies(statement, label)
    )


def decide(found: Sequence[RuleHit], row: Mapping[str, float], book: Book, thresholds: Mapping[str, float]) -> list[Label]:
    """Return the labels of a statement in the taxonomy's order.

    Whether it is a claim at all is one question, asked of the output "claim"; which claim it is, is asked of the
    labels, and the likeliest stands when none reaches its threshold. A deciding rule makes a claim by itself unless
    the classifier all but excludes its label. Hedges, limits and pressure each stand on their own threshold.
    """
    by_rule = {hit.label for hit in found if book.rules[hit.rule].decides and row[hit.label] >= VETO}
    labels = {label for label in Label if row[label] >= thresholds[label]}
    claims = labels & _CLAIMS
    if row["claim"] < thresholds["claim"]:
        labels -= {label for label in claims if label not in PROMISES}
    elif not claims | (by_rule & _CLAIMS):
        labels.add(max(_CLAIMS, key=lambda label: row[label]))
    return [label for label in Label if label in labels | by_rule]


def _finding(
    statement: Statement,
    label: Label,
    found: Sequence[RuleHit],
    row: Mapping[str, float],
    book: Book,
    thresholds: Mapping[str, float],
    *,
    about_nerves: bool,
) -> Finding:
    own = [hit for hit in found if hit.label is label]
    by_model = row[label] >= thresholds[label]
    deciding = next((hit for hit in own if book.rules[hit.rule].decides), None)
    rule = book.rules[deciding.rule if deciding else own[0].rule if own else _EXPLAINS[label]]
    start, end = statement.in_block(deciding.start, deciding.end) if deciding else (statement.start, statement.end)
    also = [hit.rule for hit in own if deciding is None or hit.rule != deciding.rule]
    if deciding and by_model:
        also.append(MODEL)
    return Finding(
        label=label,
        rule=deciding.rule if deciding else MODEL,
        also=tuple(also),
        severity=SEVERITY[label],
        confidence=round(max(row[label], thresholds[label]) if deciding else row[label], 3),
        statement=statement,
        quote=statement.block.text[start:end],
        start=start,
        end=end,
        why=why(rule),
        sources=rule.sources,
        context=_context(statement),
        strength=_strength(statement, label),
        about_nerves=about_nerves,
        unsure=deciding is None and row[label] < thresholds[label] + UNSURE_BAND,
    )


def why(rule: Rule) -> str:
    """Return the reason in plain words: what the statement does, then what is known."""
    return f"{rule.message} {rule.why}"


def _names_nerves(statement: Statement) -> bool:
    named = any(term.kind == "condition" and term.concept == "nerve" for term in statement.terms)
    return named or any(names_nerves(heading) for heading in statement.block.headings)


def _context(statement: Statement) -> tuple[str, ...]:
    block = statement.block
    before = [*block.headings, block.question, block.lead]
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

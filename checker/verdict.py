"""Turns findings and the kind of page into the page's verdict, with its reasons in order; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from checker.values import (
    CAUTIONS,
    CLAIMS,
    PROMISES,
    Claim,
    Finding,
    Label,
    PageKind,
    Publisher,
    Reason,
    Verdict,
    VerdictLevel,
    counts_for_alarm,
)

#: At 0.5 either kind of page is as likely as the other; the errors on both sides are in the model card.
EVEN = 0.5
#: A page that claims nothing is taken as a seller's from here on: most such pages inform. Set on the voices held out from the
#: readers (`clinic-checker model evaluate`).
SURELY_SELLS = 0.9

MESSAGES = {
    "trial_record": "The page is the record or the recruiting notice of a registered trial; we found no sale on it.",
    "third_party": "The page informs, reports or warns; we found no clear sign that its publisher sells the treatment.",
    "nothing_in_scope": "We found no stem cell, exosome or other regenerative product offered on the page.",
    "promise_nerves": "The page promises approval or cure for nerve damage.",
    "promise_other": "The page promises approval or cure, for other conditions or none named.",
    "shielded": "A promise stands in a statement about taking part in a matched registered trial; "
    "it does not count towards an alarm.",
    "claims": "The page says that the treatment works, is safe or is backed by science, patients or authorities.",
    "unsure": "Some statements may claim or promise something; we are not sure of these, and they did not count.",
    "no_promise": "We found no promise of approval or cure in the parts we could read. "
    "This says nothing about whether the treatment works, is safe or is allowed.",
}


def may_sell(kind: PageKind) -> bool:
    """Say whether labels may apply to the page, before its statements are known: a provider, no trial record, in scope."""
    return kind.trial_record < EVEN <= kind.provider and kind.in_scope >= EVEN


def is_selling(kind: PageKind, findings: Iterable[Claim]) -> bool:
    """Say whether labels apply to the page at all, by what was found if they do."""
    return may_sell(kind) and kind.provider >= _least(kind, findings)


def _least(kind: PageKind, findings: Iterable[Claim]) -> float:
    """Return the probability of a provider from which on the page of these findings is one's.

    A page without any word of the field (scope 0) informs of nothing either.
    """
    return SURELY_SELLS if level_of(findings) is VerdictLevel.CAREFUL and kind.in_scope > 0 else EVEN


def decide(kind: PageKind, findings: Sequence[Finding]) -> Verdict:
    """Return the first level that holds, in the taxonomy's order. ``findings`` are the report's, in its order."""
    if kind.trial_record >= EVEN:
        return _verdict(VerdictLevel.TRIAL, Publisher.THIRD_PARTY, "trial_record")
    if kind.provider < _least(kind, findings):
        return _verdict(VerdictLevel.INFORMATIONAL, Publisher.THIRD_PARTY, "third_party")
    if kind.in_scope < EVEN:
        return _verdict(VerdictLevel.OUT_OF_SCOPE, Publisher.PROVIDER, "nothing_in_scope")
    return Verdict(level=level_of(findings), publisher=Publisher.PROVIDER, reasons=_reasons(findings))


def level_of(findings: Iterable[Claim]) -> VerdictLevel:
    """Return the level of a page on which a seller offers a treatment in scope, by its findings."""
    findings = list(findings)
    promises = [finding for finding in findings if counts_for_alarm(finding)]
    if any(finding.about_nerves for finding in promises):
        return VerdictLevel.ALARM
    if promises:
        return VerdictLevel.ALARM_OTHER
    if any(finding.label in CLAIMS and not finding.unsure for finding in findings):
        return VerdictLevel.CAUTION
    return VerdictLevel.CAREFUL


def _reasons(findings: Sequence[Finding]) -> tuple[Reason, ...]:
    groups = (
        ("promise_nerves", [i for i, f in enumerate(findings) if counts_for_alarm(f) and f.about_nerves]),
        ("promise_other", [i for i, f in enumerate(findings) if counts_for_alarm(f) and not f.about_nerves]),
        ("shielded", [i for i, f in enumerate(findings) if f.label in PROMISES and f.shielded_by is not None]),
        ("claims", [i for i, f in enumerate(findings) if f.label in CAUTIONS and not f.unsure]),
    )
    reasons = tuple(Reason(code=code, message=MESSAGES[code], findings=tuple(found)) for code, found in groups if found)
    doubtful = tuple(i for i, f in enumerate(findings) if f.label in CLAIMS and f.unsure)
    unsure = (Reason(code="unsure", message=MESSAGES["unsure"], findings=doubtful),) if doubtful else ()
    if reasons:
        return (*reasons, *unsure)
    limits = tuple(i for i, f in enumerate(findings) if f.label in (Label.DISCLAIMER, Label.HEDGED_BENEFIT))
    return (Reason(code="no_promise", message=MESSAGES["no_promise"], findings=limits), *unsure)


def _verdict(level: VerdictLevel, publisher: Publisher, code: str) -> Verdict:
    return Verdict(level=level, publisher=publisher, reasons=(Reason(code=code, message=MESSAGES[code]),))

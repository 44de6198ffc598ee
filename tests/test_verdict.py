"""The verdict is the first level that holds, with its reasons in order; a shielded promise raises no alarm."""

from __future__ import annotations

import pytest

from checker.findings import SEVERITY
from checker.values import Finding, Label, PageKind, Publisher, Role, Statement, TextBlock, VerdictLevel
from checker.verdict import decide, is_selling

SELLING = PageKind(provider=0.9, in_scope=0.9, trial_record=0.1)


def finding(label: Label, *, nerves: bool = False, shielded_by: str | None = None) -> Finding:
    block = TextBlock(index=0, text="words", role=Role.PARAGRAPH)
    statement = Statement(index=0, block=block, start=0, end=5, text="words", match_text="words", words=("words",))
    return Finding(
        label=label,
        rule="model",
        also=(),
        severity=SEVERITY[label],
        confidence=0.7,
        statement=statement,
        quote="words",
        start=0,
        end=5,
        why="Why.",
        about_nerves=nerves,
        shielded_by=shielded_by,
    )


@pytest.mark.parametrize(
    ("kind", "level", "publisher"),
    [
        (PageKind(provider=0.9, in_scope=0.9, trial_record=0.6), VerdictLevel.TRIAL, Publisher.THIRD_PARTY),
        (PageKind(provider=0.2, in_scope=0.9, trial_record=0.1), VerdictLevel.INFORMATIONAL, Publisher.THIRD_PARTY),
        (PageKind(provider=0.9, in_scope=0.2, trial_record=0.1), VerdictLevel.OUT_OF_SCOPE, Publisher.PROVIDER),
        (SELLING, VerdictLevel.CAREFUL, Publisher.PROVIDER),
    ],
)
def test_kind_of_page_comes_first(kind: PageKind, level: VerdictLevel, publisher: Publisher) -> None:
    verdict = decide(kind, ())
    assert (verdict.level, verdict.publisher) == (level, publisher)
    assert verdict.reasons
    assert is_selling(kind, ()) == (level is VerdictLevel.CAREFUL)


@pytest.mark.parametrize(
    ("kind", "found", "level"),
    [
        (PageKind(provider=0.8, in_scope=0.9, trial_record=0.1), [], VerdictLevel.INFORMATIONAL),
        (PageKind(provider=0.8, in_scope=0.9, trial_record=0.1), [finding(Label.DISCLAIMER)], VerdictLevel.INFORMATIONAL),
        (PageKind(provider=0.8, in_scope=0.9, trial_record=0.1), [finding(Label.BENEFIT)], VerdictLevel.CAUTION),
        (PageKind(provider=0.8, in_scope=0.3, trial_record=0.1), [], VerdictLevel.INFORMATIONAL),
        (PageKind(provider=0.8, in_scope=0.0, trial_record=0.1), [], VerdictLevel.OUT_OF_SCOPE),
        (PageKind(provider=0.9, in_scope=0.9, trial_record=0.1), [], VerdictLevel.CAREFUL),
    ],
)
def test_who_claims_nothing_must_surely_sell(kind: PageKind, found: list[Finding], level: VerdictLevel) -> None:
    assert decide(kind, found).level is level
    assert is_selling(kind, found) == (level in (VerdictLevel.CAUTION, VerdictLevel.CAREFUL))


@pytest.mark.parametrize(
    ("found", "level"),
    [
        ([finding(Label.CURE, nerves=True)], VerdictLevel.ALARM),
        ([finding(Label.FDA_APPROVED, nerves=True), finding(Label.DISCLAIMER)], VerdictLevel.ALARM),
        ([finding(Label.CURE)], VerdictLevel.ALARM_OTHER),
        ([finding(Label.CURE, nerves=True, shielded_by="NCT01234567")], VerdictLevel.CAUTION),
        ([finding(Label.BENEFIT, nerves=True)], VerdictLevel.CAUTION),
        ([finding(Label.FDA_HALO)], VerdictLevel.CAUTION),
        ([finding(Label.HEDGED_BENEFIT), finding(Label.DISCLAIMER), finding(Label.PRESSURE)], VerdictLevel.CAREFUL),
    ],
)
def test_level_follows_from_findings(found: list[Finding], level: VerdictLevel) -> None:
    assert decide(SELLING, found).level is level


def test_reasons_name_the_findings_they_rest_on_in_order() -> None:
    found = [finding(Label.BENEFIT), finding(Label.CURE, nerves=True), finding(Label.CURE)]
    reasons = decide(SELLING, found).reasons
    assert [(reason.code, reason.findings) for reason in reasons] == [
        ("promise_nerves", (1,)),
        ("promise_other", (2,)),
        ("claims", (0,)),
    ]

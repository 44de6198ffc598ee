"""Holds findings about approval against the facts: corrects their label, and says why with the source."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from checker.approval import denials, words
from checker.approval.resolve import Outcome, Resolution, resolve
from checker.knowledge.load import Tables
from checker.values import MODEL, Finding, Label, Severity

#: Statements before and after one that are beside it.
_NEAR = 2
_ABOUT_APPROVAL = frozenset({Label.FDA_APPROVED, Label.FDA_HALO})
#: Excuses sound like limits: the classifier takes "the FDA does not regulate your own cells" for one.
_EXCUSES = frozenset({Outcome.EXEMPT_CLAIM, Outcome.OFF_LABEL, Outcome.STALE})
#: Words of an excuse; only limits with one of these are held against the facts.
_PASSED_OFF = re.compile(
    r"\bfda\b[^.;!?]{0,20}\b(?:not|n't|no)\b[^.;!?]{0,20}\b(?:regulate|position|authority|jurisdiction|say)\b"
    r"|\b(?:not|n't) regulated (?:by|as)\b|\b(?:not|n't) (?:need|require)\w*\b[^.;!?]{0,25}\bapproval"
    r"|\boff[- ]label\b|\bcourt\b|\bjudge\b"
)


def ground(
    findings: Iterable[Finding],
    *,
    title: str,
    severity: Mapping[Label, Severity],
    affirming: Collection[str] = (MODEL,),
    facts: Tables | None = None,
) -> tuple[Finding, ...]:
    """Return the findings of a page that sells cells with those about approval resolved; the others as they are.

    A true statement about an approved product is no finding and goes; "FDA-approved lab" moves to `fda_halo`, a
    denial to `disclaimer`, unless one of ``affirming`` (the classifier, rules by their ids) read an approval in it: of two
    denials that undo each other the words show but denials. Beside an approval in words the same without a word of it goes: the
    classifier reads neighbours together. All get the reason and the source that the facts give. Never makes `fda_halo` graver.
    """
    kept: dict[tuple[int, Label], Finding] = {}
    findings = tuple(findings)
    spoken = {finding.statement.index for finding in findings if finding.label is Label.FDA_APPROVED and _speaks(finding)}
    for finding in findings:
        if finding.label is Label.FDA_APPROVED and not _speaks(finding) and spoken & _beside(finding):
            continue
        found = _grounded(finding, title, severity, affirming, facts)
        if found is not None:
            kept.setdefault((found.statement.index, found.label), found)
    return tuple(kept.values())


def _grounded(
    finding: Finding, title: str, severity: Mapping[Label, Severity], affirming: Collection[str], facts: Tables | None
) -> Finding | None:
    if finding.label not in _ABOUT_APPROVAL and not (finding.label is Label.DISCLAIMER and _PASSED_OFF.search(_said(finding))):
        return finding
    block = finding.statement.block
    above = tuple(text for text in (*block.headings, block.question, block.lead) if text)
    resolution = resolve(_said(finding), title=title, headings=above, sells_cells=True, facts=facts)
    if resolution is None or (resolution.outcome is Outcome.DENIED and _is_affirmed(finding, affirming)):
        return finding
    if finding.label is Label.DISCLAIMER:
        return _unmasked(finding, resolution, severity)
    if resolution.label is None:
        return None
    if finding.label is Label.FDA_HALO and resolution.label is not Label.FDA_HALO:
        return _told(finding, resolution) if resolution.label is Label.SCIENCE_HALO else finding
    return _told(replace(finding, label=resolution.label, severity=severity[resolution.label]), resolution)


def _unmasked(finding: Finding, resolution: Resolution, severity: Mapping[Label, Severity]) -> Finding:
    """Return what was taken for a limit as the excuse that it is; a denial of approval beside it makes it a limit."""
    if resolution.label is not Label.FDA_HALO or resolution.outcome not in _EXCUSES or denials.DENIED.search(_said(finding)):
        return finding
    return _told(replace(finding, label=Label.FDA_HALO, severity=severity[Label.FDA_HALO]), resolution)


def _speaks(finding: Finding) -> bool:
    """Say whether an approval stands in words, in the statement or in what it answers, or a rule found it."""
    statement = finding.statement
    texts = (statement.match_text, statement.asked, statement.block.question, statement.block.lead)
    return finding.rule != MODEL or any(words.SPEAKS.search(text.lower()) for text in texts if text)


def _beside(finding: Finding) -> set[int]:
    return set(range(finding.statement.index - _NEAR, finding.statement.index + _NEAR + 1))


def _said(finding: Finding) -> str:
    return finding.statement.match_text


def _is_affirmed(finding: Finding, affirming: Collection[str]) -> bool:
    return finding.label is Label.FDA_APPROVED and not {finding.rule, *finding.also}.isdisjoint(affirming)


def _told(finding: Finding, resolution: Resolution) -> Finding:
    return replace(finding, why=resolution.message, sources=resolution.sources or finding.sources)

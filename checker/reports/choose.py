"""Chooses from a report what its readers see first: promises, strongest statements, careful ones, groups by label."""

from __future__ import annotations

from collections.abc import Iterable

from checker.values import (
    PROMISES,
    Finding,
    Label,
    Note,
    Report,
    Severity,
    Source,
    Strength,
    VerdictLevel,
    Visibility,
    Zone,
    counts_for_alarm,
)

CAREFUL = (Label.HEDGED_BENEFIT, Label.DISCLAIMER)
#: What a page leans on: regulators and science.
LEANS = (Label.FDA_HALO, Label.SCIENCE_HALO)
#: Quotes that are listed of each of them.
FIRST_LEANING = 4
#: Codes of notes on how a page was fetched, which say nothing of what stands on it.
TECHNICAL = frozenset({"robots_not_asked"})
#: Verdicts on pages whose statements are not judged.
UNJUDGED = frozenset({VerdictLevel.TRIAL, VerdictLevel.INFORMATIONAL, VerdictLevel.OUT_OF_SCOPE})
#: Labels that never stand among the strongest statements.
_WEAK = frozenset({*CAREFUL, Label.PRESSURE})
#: Findings of one label among the strongest statements while other labels wait.
MAX_OF_LABEL = 2
#: Different statements among which the strongest are chosen.
CANDIDATES = 50
#: Zones whose statements weigh less than those of the page itself.
_ASIDE = frozenset({Zone.NAVIGATION, Zone.FOOTER, Zone.SIDEBAR, Zone.FORM})
_SEVERITIES = list(Severity)
_STRENGTHS = list(Strength)
#: A finding with its index in the report.
Numbered = tuple[int, Finding]


def promises(report: Report) -> list[Finding]:
    """Return the findings that count for an alarm."""
    return [finding for finding in report.findings if counts_for_alarm(finding)]


def strongest(report: Report, limit: int = 3) -> list[Numbered]:
    """Return the findings that matter most, one for each statement and wording, of more than one label where it can be."""
    found = ((i, f) for i, f in enumerate(report.findings) if f.label not in _WEAK)
    ranked = _distinct(sorted(found, key=lambda numbered: _weight(numbered[1])), CANDIDATES)
    varied = [numbered for place, numbered in enumerate(ranked) if _earlier(ranked[:place], numbered[1].label) < MAX_OF_LABEL]
    return (varied + [numbered for numbered in ranked if numbered not in varied])[:limit]


def beside(report: Report, finding: Finding) -> list[Numbered]:
    """Return the other findings of a finding's statement, those about promises first."""
    found = [(i, f) for i, f in enumerate(report.findings) if f.statement == finding.statement and f.label is not finding.label]
    return sorted(found, key=lambda numbered: numbered[1].label not in PROMISES)


def careful(report: Report, limit: int) -> list[Numbered]:
    """Return the first hedged and limiting findings, one for each statement and wording."""
    return _distinct(((i, f) for i, f in enumerate(report.findings) if f.label in CAREFUL), limit)


def group(report: Report, label: Label) -> list[Numbered]:
    """Return the findings of one label, in the report's order."""
    return [(i, f) for i, f in enumerate(report.findings) if f.label is label]


def by_block(report: Report) -> dict[int, list[Numbered]]:
    """Return the findings of each block, by the block's index, in the report's order."""
    found: dict[int, list[Numbered]] = {}
    for number, finding in enumerate(report.findings):
        found.setdefault(finding.statement.block.index, []).append((number, finding))
    return found


def leaning(report: Report) -> list[tuple[Label, list[Numbered]]]:
    """Return the first findings of each thing that the page leans on."""
    groups = ((label, group(report, label)[:FIRST_LEANING]) for label in LEANS)
    return [(label, found) for label, found in groups if found]


def notes(report: Report, *, technical: bool = False) -> list[Note]:
    """Return the notes on the page, or those on how it was fetched."""
    return [note for note in report.notes if (note.code in TECHNICAL) == technical]


def sources(findings: Iterable[Finding]) -> list[Source]:
    """Return every source of the findings once, in the order of first use."""
    return list(dict.fromkeys(source for finding in findings for source in finding.sources))


def _weight(finding: Finding) -> tuple[bool, bool, int, bool, bool, bool, int, float]:
    """Return a key that sorts the weightiest finding first."""
    promise = counts_for_alarm(finding)
    strength = _STRENGTHS.index(finding.strength) if finding.strength else -1
    return (
        not promise,
        not (promise and finding.about_nerves),
        _SEVERITIES.index(finding.severity),
        finding.unsure,
        finding.statement.block.visibility is not Visibility.SHOWN,
        finding.statement.block.zone in _ASIDE,
        -strength,
        -finding.confidence,
    )


def _earlier(found: Iterable[Numbered], label: Label) -> int:
    return sum(finding.label is label for _, finding in found)


def _distinct(found: Iterable[Numbered], limit: int) -> list[Numbered]:
    """Keep the first finding of each statement, up to a limit, and none whose words another one holds already."""
    kept: list[Numbered] = []
    for number, finding in found:
        if len(kept) == limit:
            break
        if not any(_repeats(finding, other) for _, other in kept):
            kept.append((number, finding))
    return kept


def _repeats(finding: Finding, other: Finding) -> bool:
    here, there = _plain(finding.quote), _plain(other.quote)
    same_block = finding.statement.block == other.statement.block
    return here in there or there in here or (same_block and finding.statement.start == other.statement.start)


def _plain(quote: str) -> str:
    return quote.casefold().strip(" .!")

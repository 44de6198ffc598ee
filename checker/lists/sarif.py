"""Turns a scan into a SARIF 2.1.0 log: rules, results with fingerprints and baseline states, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from checker.lists import people
from checker.lists.people import Show
from checker.rules.book import RULES
from checker.rules.rule import Rule
from checker.store.compare import Change, ChangeKind
from checker.store.outcome import Scan
from checker.store.rows import FindingRow, PageRow, SiteRow, with_pages
from checker.store.store import BETWEEN_VERSIONS, Store
from checker.values import MODEL, Severity

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
HOME = "https://pypi.org/project/clinic-claim-checker/"
#: The name of our fingerprint, with its version: another way of making it gets another.
FINGERPRINT = "clinicClaim/v1"
LEVELS = {Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note", Severity.INFO: "none"}
_UPDATED = frozenset({ChangeKind.MOVED, ChangeKind.REWORDED})


def log(store: Store, scan: Scan, changes: Iterable[Change] | None = None, *, with_names: bool = False) -> dict[str, Any]:
    """Return the log of one scan; ``changes`` since an earlier one give the baseline states.

    A finding that a reviewer rejected is a suppressed result. What was not read the second time is no absent result.
    """
    show = people.as_it_is if with_names else people.shown
    listed = None if changes is None else list(changes)
    states = None if listed is None else _states(listed)
    rule_numbers = {ident: number for number, ident in enumerate([*(rule.id for rule in RULES), MODEL])}
    results: list[dict[str, Any]] = []
    notices: list[dict[str, Any]] = []
    for site, pages, by_page in with_pages(store, scan):
        notices += [_site_notice(site, failure) for failure in site.failures]
        for page in pages:
            notices += [] if page.is_read else [_page_notice(page)]
            results += [_result(finding, page, rule_numbers, states, show) for finding in by_page.get(page.id, ())]
    results += _absent(listed or (), rule_numbers, show)
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(scan, results, notices)]}


def _run(scan: Scan, results: list[dict[str, Any]], notices: list[dict[str, Any]]) -> dict[str, Any]:
    driver = {
        "name": "clinic-checker",
        "informationUri": HOME,
        "semanticVersion": scan.versions.get("checker", "0.0.0").partition(BETWEEN_VERSIONS)[0],
        "rules": [
            *map(_rule, RULES),
            {"id": MODEL, "name": "Classifier", "shortDescription": {"text": "Decided by the classifier."}},
        ],
    }
    invocation: dict[str, Any] = {
        "executionSuccessful": scan.finished_at is not None,
        "startTimeUtc": scan.started_at,
        "toolExecutionNotifications": notices,
    }
    if scan.finished_at is not None:
        invocation["endTimeUtc"] = scan.finished_at
    return {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"clinic-checker/scan-{scan.id}/"},
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "name": rule.title,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.message},
        "help": {"text": rule.why},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"label": rule.label.value, "since": rule.since},
    }


def _result(
    finding: FindingRow, page: PageRow, rules: Mapping[str, int], states: Mapping[str, str] | None, show: Show
) -> dict[str, Any]:
    shown = show(finding)
    data: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": LEVELS[Severity(finding.severity)],
        "message": {"text": f"“{shown.statement}” {finding.why}"},
        "locations": [_location(page, shown)],
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
        "properties": {"label": finding.label, "confidence": finding.confidence, "about_nerves": finding.about_nerves},
    }
    if finding.rule in rules:
        data["ruleIndex"] = rules[finding.rule]
    if states is not None:
        data["baselineState"] = states.get(finding.fingerprint, "new")
    if finding.decision == "rejected":
        data["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": shown.note or "Rejected by a reviewer."}
        ]
    return data


def _location(page: PageRow, finding: FindingRow) -> dict[str, Any]:
    """Return page, element and quote; the offsets are into the element's text and not into the file, so there is no region."""
    return {
        "message": {"text": finding.quote},
        "physicalLocation": {"artifactLocation": {"uri": page.address}},
        "logicalLocations": [{"fullyQualifiedName": finding.css_path or finding.role, "kind": "element"}],
        "properties": {"start": finding.start, "end": finding.end},
    }


def _page_notice(page: PageRow) -> dict[str, Any]:
    location = {"physicalLocation": {"artifactLocation": {"uri": page.address}}}
    return _notice(page.error_code, page.error_message, location)


def _site_notice(site: SiteRow, failure: Mapping[str, str]) -> dict[str, Any]:
    return _notice(failure["code"], failure["message"], {"logicalLocations": [{"name": site.name, "kind": "site"}]})


def _notice(code: str | None, message: str | None, location: dict[str, Any]) -> dict[str, Any]:
    return {
        "descriptor": {"id": code or "internal"},
        "level": "warning",
        "message": {"text": message or "Could not be read."},
        "locations": [location],
    }


def _states(changes: Iterable[Change]) -> dict[str, str]:
    """Return the state of each finding of the later scan by fingerprint; a label that an unchanged statement gained is new."""
    found: dict[str, str] = {}
    for change in changes:
        known = {finding.fingerprint for finding in change.before.findings} if change.before else set()
        for finding in change.after.findings if change.after else ():
            other = "updated" if change.kind in _UPDATED else "new"
            found[finding.fingerprint] = "unchanged" if finding.fingerprint in known else other
    return found


def _absent(changes: Iterable[Change], rules: Mapping[str, int], show: Show) -> Iterator[dict[str, Any]]:
    """Yield the findings of statements that were removed."""
    for change in changes:
        if change.kind is ChangeKind.REMOVED and change.before:
            for finding in change.before.findings:
                yield {**_result(finding, change.before.page, rules, None, show), "baselineState": "absent"}

"""Turns a Report into the plain dictionary that the report format describes; the only code that knows its keys."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from checker import fragments
from checker.fingerprint import fingerprint
from checker.values import (
    Failure,
    Finding,
    Note,
    Reason,
    Report,
    SiteFinding,
    SitePage,
    SiteReport,
    Statement,
    TrialCheck,
)

FORMAT_VERSION = "1.0"


def to_dict(report: Report) -> dict[str, Any]:
    """Return the report as a dictionary of JSON types, keys as in the report format."""
    data: dict[str, Any] = {
        "format_version": FORMAT_VERSION,
        "source": report.source,
        "final_url": report.final_url,
        "checked_at": rfc3339(report.checked_at),
        "title": report.title,
        "language": report.language,
        "publisher": report.verdict.publisher.value if report.verdict.publisher else None,
        "verdict": report.verdict.level.value,
        "reasons": [_reason(reason) for reason in report.verdict.reasons],
        "findings": [_finding(finding, report) for finding in report.findings],
        "trials": [_trial(trial, report) for trial in report.trials],
        "notes": [_note(note) for note in report.notes],
        "versions": dict(report.versions),
    }
    return data if report.error is None else {**data, "error": _failure(report.error)}


def site_to_dict(site: SiteReport) -> dict[str, Any]:
    """Return a site's report as a dictionary of JSON types; indexes in it lead into ``pages`` and ``findings``."""
    data: dict[str, Any] = {
        "format_version": FORMAT_VERSION,
        "kind": "site",
        "source": site.source,
        "checked_at": rfc3339(site.checked_at),
        "publisher": site.publisher.value if site.publisher else None,
        "verdict": site.level.value,
        "reasons": [
            {"code": r.code, "message": r.message, "pages": list(r.pages), "findings": list(r.findings)} for r in site.reasons
        ],
        "pages": [_site_page(page) for page in site.pages],
        "findings": [_site_finding(found, site) for found in site.findings],
        "notes": [{**_note(noted.note), "pages": list(noted.pages)} for noted in site.notes],
        "versions": dict(site.versions),
    }
    return data if site.error is None else {**data, "error": _failure(site.error)}


def _site_page(page: SitePage) -> dict[str, Any]:
    """Return what a page's own report says but for what is grouped over the site: findings, reasons and notes."""
    data = to_dict(page.report)
    kept = ("source", "final_url", "checked_at", "title", "language", "publisher", "verdict", "trials", "error")
    return {
        **{key: data[key] for key in kept if key in data},
        "findings": list(page.findings),
        "duplicates": list(page.duplicates),
    }


def _site_finding(found: SiteFinding, site: SiteReport) -> dict[str, Any]:
    """Return the finding that speaks for all, and each place with its page and the fingerprint that it has there."""
    single = [_finding(at.finding, site.pages[at.page].report) for at in found.places]
    places = [
        {"page_index": at.page, "fingerprint": data["fingerprint"], "quote": data["quote"], **data["place"]}
        for at, data in zip(found.places, single, strict=True)
    ]
    spoken = next(data for at, data in zip(found.places, single, strict=True) if at.finding is found.finding)
    return {**spoken, "pages": list(found.pages), "places": places}


def rfc3339(moment: datetime) -> str:
    """Return an aware moment as UTC text such as 2026-11-23T14:05:00Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def place(statement: Statement, start: int, end: int, report: Report) -> dict[str, Any]:
    """Return where ``block.text[start:end]`` stands."""
    block = statement.block
    return {
        "role": block.role.value,
        "zone": block.zone.value,
        "visibility": block.visibility.value,
        "css_path": block.css_path,
        "start": start,
        "end": end,
        "page": block.page,
        "needs_script": statement.needs_script,
        "link": fragments.address(report, block, start, end),
    }


def _failure(error: Failure) -> dict[str, Any]:
    return {"stage": error.stage, "code": error.code, "message": error.message, "advice": error.advice}


def _reason(reason: Reason) -> dict[str, Any]:
    return {"code": reason.code, "message": reason.message, "findings": list(reason.findings)}


def _note(note: Note) -> dict[str, Any]:
    data = {"code": note.code, "message": note.message}
    return data if note.quote is None else {**data, "quote": note.quote}


def _finding(finding: Finding, report: Report) -> dict[str, Any]:
    data: dict[str, Any] = {
        "label": finding.label.value,
        "fingerprint": fingerprint(finding.label.value, finding.statement.text, report.final_url or report.source),
        "rule": finding.rule,
        "also": list(finding.also),
        "severity": finding.severity.value,
        "confidence": finding.confidence,
        "statement": finding.statement.text,
        "context": list(finding.context),
        "quote": finding.quote,
        "why": finding.why,
        "sources": [{"title": s.title, "url": s.url, "date": s.date} for s in finding.sources],
        "strength": finding.strength.value if finding.strength else None,
        "about_nerves": finding.about_nerves,
        "unsure": finding.unsure,
        "conditions": _concepts(finding.statement, "condition"),
        "products": _concepts(finding.statement, "treatment"),
        "place": place(finding.statement, finding.start, finding.end, report),
    }
    if finding.shielded_by is not None:
        data["shielded_by"] = finding.shielded_by
    return data


def _concepts(statement: Statement, kind: str) -> list[str]:
    """Return the groups of conditions or products (as in the lexicon) that a statement names."""
    return sorted({term.concept for term in statement.terms if term.kind == kind})


def _trial(trial: TrialCheck, report: Report) -> dict[str, Any]:
    return {
        "id": trial.id,
        "registry": trial.registry,
        "quote": trial.statement.block.text[trial.start : trial.end],
        "place": place(trial.statement, trial.start, trial.end, report),
        "outcome": trial.outcome,
        "mismatch_in": list(trial.mismatch_in),
        "registry_status": trial.registry_status,
        "source": trial.source,
        "as_of": trial.as_of,
        "message": trial.message,
        "reason": trial.reason,
        "answers": [{"question": question, "answer": answer, "why": why} for question, answer, why in trial.answers],
    }

"""Turns a Report into the plain dictionary that the report format describes; the only code that knows its keys."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urldefrag

from checker.fingerprint import fingerprint
from checker.values import Finding, Note, Reason, Report, Statement, TrialCheck

FORMAT_VERSION = "1.0"

#: A text fragment names a long quote by its first and last words (WICG Scroll-to-Text-Fragment).
FRAGMENT_WORDS = 6


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
        "trials": [_trial(trial, report.final_url) for trial in report.trials],
        "notes": [_note(note) for note in report.notes],
        "versions": dict(report.versions),
    }
    if report.error is not None:
        error = report.error
        data["error"] = {"stage": error.stage, "code": error.code, "message": error.message, "advice": error.advice}
    return data


def rfc3339(moment: datetime) -> str:
    """Return an aware moment as UTC text such as 2026-11-23T14:05:00Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def place(statement: Statement, start: int, end: int, final_url: str | None) -> dict[str, Any]:
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
        "link": text_fragment(final_url, block.text[start:end]),
    }


def text_fragment(url: str | None, text: str) -> str | None:
    """Return an address that scrolls a browser to the text, or null without an address."""
    if url is None:
        return None
    words = text.split()
    parts = [text] if len(words) <= 2 * FRAGMENT_WORDS else [" ".join(words[:FRAGMENT_WORDS]), " ".join(words[-FRAGMENT_WORDS:])]
    return f"{urldefrag(url).url}#:~:text=" + ",".join(
        quote(part, safe="", errors="replace").replace("-", "%2D") for part in parts
    )


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
        "place": place(finding.statement, finding.start, finding.end, report.final_url),
    }
    if finding.shielded_by is not None:
        data["shielded_by"] = finding.shielded_by
    return data


def _concepts(statement: Statement, kind: str) -> list[str]:
    """Return the groups of conditions or products (as in the lexicon) that a statement names."""
    return sorted({term.concept for term in statement.terms if term.kind == kind})


def _trial(trial: TrialCheck, final_url: str | None) -> dict[str, Any]:
    return {
        "id": trial.id,
        "registry": trial.registry,
        "quote": trial.statement.block.text[trial.start : trial.end],
        "place": place(trial.statement, trial.start, trial.end, final_url),
        "outcome": trial.outcome,
        "mismatch_in": list(trial.mismatch_in),
        "registry_status": trial.registry_status,
        "source": trial.source,
        "as_of": trial.as_of,
        "message": trial.message,
        "reason": trial.reason,
        "answers": [{"question": question, "answer": answer, "why": why} for question, answer, why in trial.answers],
    }

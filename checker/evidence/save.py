"""Turns a finished check into one evidence file."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

from checker import wire
from checker.errors import CheckFailed, EvidenceError, ReadError, SettingsError
from checker.evidence import container, package, records
from checker.evidence.records import WarcRecord
from checker.page.fetch import replay
from checker.page.record import Recorder
from checker.settings import Settings
from checker.values import Exchange, Page, Report


@dataclass(frozen=True, kw_only=True)
class Saved:
    """A written evidence file, the digest to note down elsewhere, and why it has no time stamp, if one was wanted."""

    path: Path
    sha256: str
    problem: str | None = None


def save(recorder: Recorder, report: Report, folder: Path, settings: Settings, screenshot: bytes | None = None) -> Saved:
    """Write what was sent, received, judged and reported into a new file of the folder; no file is ever replaced.

    The recorder is the one that the check was given, the screenshot a PNG. With ``settings.timestamp_url`` the package's
    digest is stamped there; without an answer the file is written all the same. Raises SettingsError when the folder cannot be
    used, CheckFailed when this evidence does not fit.
    """
    try:
        members = _members(recorder, report, settings, screenshot)
    except EvidenceError as error:
        raise CheckFailed(f"The evidence cannot be saved: {error}") from error
    problem = None
    if settings.timestamp_url:
        from checker.evidence import timestamp

        try:
            token = timestamp.ask(members[package.PACKAGE], settings)
            members[package.DIGEST] = package.digest_file(members[package.PACKAGE], token)
        except EvidenceError as error:
            problem = str(error)
    data = container.pack(members)
    if len(data) > container.MAX_BYTES:
        raise CheckFailed(f"The evidence would hold {len(data):,} bytes; at most {container.MAX_BYTES:,} can be verified.")
    return Saved(path=_write_new(data, folder, _stem(report)), sha256=hashlib.sha256(data).hexdigest(), problem=problem)


def _members(recorder: Recorder, report: Report, settings: Settings, screenshot: bytes | None) -> dict[str, bytes]:
    page, exchanges = recorder.page, recorder.exchanges
    software = f"clinic-claim-checker {report.versions['checker']}"
    made = [records.info(report.checked_at, software), *records.of_exchanges(exchanges)]
    again = _replayed(report.source, settings, exchanges)
    kept: list[str | None] = []
    for version in package.versions_of(page):
        if again is not None and same_page(again, version) == replace(version, plain=None):
            kept.append(None)
            continue
        made.append(_resource(package.KEPT, version, version.content_type, version.body))
        kept.append(made[-1].id)
    if screenshot is not None and page is not None:
        made.append(_resource(package.VIEW, page, "image/png", screenshot))
    subject = package.Subject(
        source=report.source,
        max_bytes=settings.max_bytes,
        max_redirects=settings.max_redirects,
        page=page,
        kept=tuple(kept),
    )
    return package.members(records.write(made), subject, wire.to_dict(report))


def _replayed(source: str, settings: Settings, exchanges: tuple[Exchange, ...]) -> Page | None:
    """Return the page to which the exchanges alone lead; None where its bytes need a record of their own."""
    with suppress(ReadError):
        return replay(source, settings, exchanges)
    return None


def same_page(again: Page, page: Page) -> Page:
    """Return a page that was read again with what a second reading cannot tell: when, and by what manners, it was first."""
    return replace(again, fetched_at=page.fetched_at, robots=page.robots)


def _resource(prefix: str, page: Page, content_type: str, data: bytes) -> WarcRecord:
    address = page.final_url or Path(page.source).name or "page"
    return records.resource(f"{prefix}{address}", page.fetched_at, content_type, data)


def _stem(report: Report) -> str:
    """Return the file's name without suffix: the host, or the file's name, and the day."""
    address = report.final_url or report.source
    host = urlsplit(address).hostname if "://" in address else Path(address).stem
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", host or "").strip("-.")[:80] or "page"
    return f"{plain}-{report.checked_at.astimezone(UTC):%Y-%m-%d}"


def _write_new(data: bytes, folder: Path, stem: str) -> Path:
    """Write under the first name that is free, first aside and then as a whole; nothing is left of what could not be written."""
    message = f"The evidence cannot be written to {folder}: {{}}."
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = _reserved(folder, stem)
    except OSError as error:
        raise SettingsError(message.format(error.strerror)) from error
    part = path.with_suffix(".part")
    try:
        part.write_bytes(data)
        return part.replace(path)
    except OSError as error:
        for left in (part, path):
            with suppress(OSError):
                left.unlink()
        raise CheckFailed(message.format(error.strerror)) from error


def _reserved(folder: Path, stem: str) -> Path:
    """Return the path of a new, empty file, so that nobody else takes the name."""
    for number in count(1):
        path = folder / (f"{stem}.wacz" if number == 1 else f"{stem}-{number}.wacz")
        with suppress(FileExistsError), path.open("xb"):
            return path
    raise AssertionError("the numbers do not end")

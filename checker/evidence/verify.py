"""Turns an evidence file into what differs: hashes, records, index, and the whole report made again from the archive alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checker import wire
from checker.engine import Checker
from checker.errors import EvidenceError, ReadError, SettingsError
from checker.evidence import container, package, records
from checker.evidence.package import Subject
from checker.evidence.records import Record
from checker.evidence.save import same_page
from checker.page.fetch import replay
from checker.values import Exchange, Page, Report

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

#: A failure that leaves nothing that could be read again; the archive shows what was asked and what came.
LEAVES_NOTHING = frozenset(
    {
        "unsupported_address",
        "private_address",
        "unknown_host",
        "refused",
        "timeout",
        "tls",
        "no_such_file",
        "is_directory",
        "no_permission",
        "robots",
    }
)
_MALFORMED = (KeyError, TypeError, ValueError, AttributeError, RecursionError)


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing that is not as it was saved: the part of the file, and what is wrong with it."""

    part: str
    message: str

    def __str__(self) -> str:
        return f"{self.part}: {self.message}"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a verification found; ``sha256`` is that of the file, to be compared with the one noted when it was saved."""

    sha256: str
    differences: tuple[Difference, ...]
    notes: tuple[str, ...] = ()


def verify(path: Path, roots: Sequence[Certificate] = ()) -> Outcome:
    """Check an evidence file offline; raises SettingsError when there is no such file."""
    try:
        with path.open("rb") as file:
            data = file.read(container.MAX_BYTES + 1)
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from error
    check = _Check(path.name, roots)
    check.run(data)
    return Outcome(
        sha256=hashlib.sha256(data).hexdigest(), differences=tuple(dict.fromkeys(check.found)), notes=tuple(check.notes)
    )


class _Check:
    """One run over one file: every step adds what it finds; a step that lacks its ground is left out."""

    def __init__(self, name: str, roots: Sequence[Certificate]) -> None:
        self.name = name
        self.roots = roots
        self.found: list[Difference] = []
        self.notes: list[str] = []

    def say(self, part: str, message: object) -> None:
        self.found.append(Difference(part=part, message=str(message)))

    def run(self, data: bytes) -> None:
        try:
            members = container.unpack(data)
        except EvidenceError as error:
            self.say(self.name, error)
            return
        self._names(members, data)
        described, stored = self._json(members, package.PACKAGE), self._json(members, package.REPORT)
        timestamp = self._digest(members)
        if described is not None:
            self._hashes(members, described)
        found = self._records(members, described or {})
        if described is not None and stored is not None and found is not None:
            self._again(members, described, stored, found, timestamp)

    def _names(self, members: dict[str, bytes], data: bytes) -> None:
        """Look for what does not belong, and for what is missing."""
        for name in members.keys() - set(package.MEMBERS):
            self.say(name, "a foreign file; evidence holds none of this name")
        for name in [name for name in package.MEMBERS if name not in members]:
            self.say(name, "is missing")
        in_order = {name: members[name] for name in (*package.MEMBERS, *members) if name in members}
        if container.pack(in_order) != data:
            self.say(self.name, "was packed by another program, or holds bytes that belong to no file in it")

    def _json(self, members: dict[str, bytes], name: str) -> dict[str, Any] | None:
        """Return a member that is a JSON object."""
        if name not in members:
            return None
        try:
            value = json.loads(members[name])
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict):
            return value
        self.say(name, "is no JSON object")
        return None

    def _digest(self, members: dict[str, bytes]) -> str | None:
        """Hold the package file against its digest and its time stamp; return the latter."""
        described = self._json(members, package.DIGEST)
        data = members.get(package.PACKAGE)
        if described is None or data is None:
            return None
        if described.get("hash") != package.sha256(data):
            self.say(package.PACKAGE, f"its SHA-256 is not the one in {package.DIGEST}")
        token = described.get("timestamp")
        if token is not None:
            self._timestamp(token, data)
        return token

    def _timestamp(self, token: object, data: bytes) -> None:
        from checker.evidence import timestamp

        try:
            moment = timestamp.check(token, data, self.roots)
        except EvidenceError as error:
            self.say("time stamp", error)
            return
        checked = "signature checked" if self.roots else "signature not checked: give the authority's certificates with --roots"
        self.notes.append(f"Time stamp of {moment:%Y-%m-%d %H:%M:%S} UTC ({checked}).")

    def _hashes(self, members: dict[str, bytes], described: dict[str, Any]) -> None:
        """Hold every member against the SHA-256 that the package file names."""
        try:
            named = {entry["path"]: entry["hash"] for entry in described["resources"]}
        except _MALFORMED:
            self.say(package.PACKAGE, "names no files and hashes")
            return
        for name, data in members.items():
            if name in named and named[name] != package.sha256(data):
                self.say(name, f"its SHA-256 is not the one in {package.PACKAGE}")
            elif name not in named and name not in (package.PACKAGE, package.DIGEST):
                self.say(name, f"is not named in {package.PACKAGE}")

    def _records(self, members: dict[str, bytes], described: dict[str, Any]) -> list[Record] | None:
        """Read the WARC file and compare its records with the package file's list."""
        if package.WARC not in members:
            return None
        try:
            found = [record for record, *_ in records.read(members[package.WARC])]
        except EvidenceError as error:
            self.say(package.WARC, error)
            return None
        try:
            entries = described["clinic_checker"]["records"]
            listed = {str(entry["id"]): f"{entry['type']} {entry['url'] or ''}" for entry in entries}
        except _MALFORMED:
            self.say(package.PACKAGE, "lists no records")
            return found
        present = {record.id: record.name for record in found}
        for ident in listed.keys() - present.keys():
            self.say(package.WARC, f"a record is missing: {listed[ident]}")
        for ident in present.keys() - listed.keys():
            self.say(package.WARC, f"a foreign record: {present[ident]}")
        return found

    def _again(
        self,
        members: dict[str, bytes],
        described: dict[str, Any],
        stored: dict[str, Any],
        found: list[Record],
        timestamp: str | None,
    ) -> None:
        """Read and judge the page again, and make every other member again from that."""
        try:
            subject = _subject(described, found)
            checker = _checker().as_of(datetime.fromisoformat(stored["checked_at"]).date(), subject.settings)
            page, report = _judged(checker, subject, records.exchanges(found), _code(stored))
            if report is None:
                self.notes.append("The source could not be read, and such a failure cannot be repeated offline.")
                self._versions(stored["versions"], checker.versions)
            else:
                self._report(stored, wire.to_dict(report))
            made = package.members(members[package.WARC], replace(subject, page=page), stored, timestamp)
        except EvidenceError as error:
            self.say(package.WARC, error)
            return
        except _MALFORMED as error:
            self.say(package.PACKAGE, f"does not say what was read and when, or {package.REPORT} does not ({error!r})")
            return
        for name in [name for name in package.MEMBERS if name in members and members[name] != made[name]]:
            self.say(name, "is not what follows from the records and the report")

    def _report(self, stored: dict[str, Any], again: dict[str, Any]) -> None:
        """Compare the two reports key by key; when a check was made is no difference."""
        self._versions(stored["versions"], again["versions"])
        old, new = (_repeatable(report) for report in (stored, again))
        for place, before, after in _compared(old, new, ""):
            self.say(package.REPORT, f"{place} was {_short(before)}; judged again it is {_short(after)}")

    def _versions(self, stored: dict[str, str], again: dict[str, str]) -> None:
        for name in sorted(stored.keys() | again.keys()):
            if stored.get(name) != again.get(name):
                self.say("version", f"{name} was {stored.get(name)} when this was saved; this program has {again.get(name)}")


@cache
def _checker() -> Checker:
    return Checker()


def _subject(described: dict[str, Any], found: Sequence[Record]) -> Subject:
    """Return what was read, as the package file says; raises EvidenceError for a format that this program does not know."""
    ours = described["clinic_checker"]
    if ours["format"] != package.FORMAT:
        raise EvidenceError(f"the evidence has format {ours['format']}; this program reads {package.FORMAT}")
    source, blocks = str(ours["source"]), {record.id: record.block for record in found}
    page: Page | None = None
    for fields in reversed(ours["pages"][:2]):
        page = _page(fields, source, blocks, plain=page)
    return Subject(
        source=source,
        max_bytes=int(ours["limits"]["max_bytes"]),
        max_redirects=int(ours["limits"]["max_redirects"]),
        page=page,
        kept=tuple(fields["record"] for fields in ours["pages"]),
    )


def _page(fields: dict[str, Any], source: str, blocks: dict[str, bytes], plain: Page | None) -> Page:
    """Return the page as the package file describes it; its bytes are those of the kept record, else still none."""
    kept = fields["record"]
    if kept is not None and kept not in blocks:
        raise EvidenceError("the record of the judged page is missing")
    body = blocks[kept] if kept is not None else b""
    return Page(
        source=source,
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
        content_type=str(fields["content_type"]),
        fetched_at=datetime.fromisoformat(fields["fetched_at"]),
        final_url=fields["final_url"],
        redirects=tuple(fields["redirects"]),
        status=fields["status"],
        charset=fields["charset"],
        robots=fields["robots"],
        rendered=bool(fields["rendered"]),
        plain=plain,
    )


def _repeatable(report: dict[str, Any]) -> dict[str, Any]:
    """Return the part of a report that an archive alone leads to: not when it was made, nor what a browser could not do."""
    kept = {key: value for key, value in report.items() if key not in ("checked_at", "versions")}
    return {**kept, "notes": [note for note in report["notes"] if note["code"] != "render_failed"]}


def _code(stored: dict[str, Any]) -> str | None:
    """Return the code of the failure that a stored report tells of."""
    return str(stored["error"]["code"]) if "error" in stored else None


def _judged(
    checker: Checker, subject: Subject, exchanges: Sequence[Exchange], code: str | None
) -> tuple[Page | None, Report | None]:
    """Return the page read again and its report; no report when the failure leaves nothing that could be read.

    Raises EvidenceError when the records do not lead to a page that was read.
    """
    try:
        page = _read_again(subject, exchanges)
    except ReadError as error:
        if subject.page is not None:
            raise EvidenceError(f"the page cannot be read from it ({error.message})") from error
        if code in LEAVES_NOTHING or (code is not None and not exchanges):
            return None, None
        return None, checker.unread(subject.source, error)
    try:
        return page, checker.check_page(page)
    except ReadError as error:
        return page, checker.unread(subject.source, error)


def _read_again(subject: Subject, exchanges: Sequence[Exchange]) -> Page:
    """Return the page with the bytes that the exchanges hold, where no record keeps them; raises ReadError."""
    if subject.page is None:
        return replay(subject.source, subject.settings, exchanges)
    page: Page | None = None
    for version, kept in reversed(list(zip(package.versions_of(subject.page), subject.kept, strict=True))):
        if kept is None:
            version = same_page(replay(subject.source, subject.settings, exchanges), version)
        page = replace(version, plain=page)
    assert page is not None  # there is at least the page itself
    return page


def _compared(old: Any, new: Any, place: str) -> Iterator[tuple[str, Any, Any]]:
    """Yield every place at which two JSON values differ, with both sides."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _compared(old.get(key), new.get(key), f"{place}.{key}" if place else str(key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _compared(before, after, f"{place}[{number}]")
    elif isinstance(old, list) and isinstance(new, list):
        yield f"number of {place}", len(old), len(new)
    elif old != new or type(old) is not type(new):
        yield place, old, new


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."

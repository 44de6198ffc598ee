"""Turns an evidence file into what differs: hashes, records, index, and the whole report made again from the archive alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from os.path import commonprefix
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checker import wire
from checker.errors import EvidenceError, SettingsError
from checker.evidence import again, container, package, records
from checker.evidence.records import WarcRecord

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

#: Characters that are shown of a value that differs, and how many of these stand before the place where it does.
SHOWN, BEFORE = 80, 30
#: What reading JSON of another shape raises.
_MALFORMED = (KeyError, TypeError, ValueError, AttributeError, RecursionError)


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing that is not as it was saved: the part of the file, and what is wrong with it."""

    part: str
    message: str

    def __str__(self) -> str:
        return f"{self.part}: {self.message}"


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What a verification found; ``sha256`` is that of the file, to be compared with the one noted when it was saved."""

    sha256: str
    differences: tuple[Difference, ...]
    notes: tuple[str, ...] = ()


def verify(path: Path, roots: Sequence[Certificate] = ()) -> Verification:
    """Check an evidence file offline; raises SettingsError when there is no such file."""
    try:
        with path.open("rb") as file:
            data = file.read(container.MAX_BYTES + 1)
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from error
    check = _Check(path.name, roots)
    check.run(data)
    return Verification(
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
        elif self.roots:
            self.say("time stamp", "there is none that the certificates could be held against")
        else:
            self.notes.append("There is no time stamp.")
        return token

    def _timestamp(self, token: object, data: bytes) -> None:
        from checker.evidence import timestamp

        try:
            moment = timestamp.check(token, data, self.roots)
        except EvidenceError as error:
            self.say("time stamp", error)
            return
        except ImportError:
            self.notes.append(f"There is a time stamp, but it was not checked. {timestamp.MISSING}")
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

    def _records(self, members: dict[str, bytes], described: dict[str, Any]) -> list[WarcRecord] | None:
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
        found: list[WarcRecord],
        timestamp: str | None,
    ) -> None:
        """Read and judge the page again, and make every other member again from that."""
        try:
            subject = again.subject_of(described, found)
            self._dates(subject, stored, found)
            page, report = again.judge(subject, records.exchanges(found), stored)
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

    def _dates(self, subject: package.Subject, stored: dict[str, Any], found: list[WarcRecord]) -> None:
        """Hold the day of the report, and when the page was fetched, against the records, of which the first is the report's."""
        first, *others = found
        if stored["checked_at"] != first.date:
            self.say(package.REPORT, f"checked_at is {stored['checked_at']}; the records were written for {first.date}")
        moment = wire.rfc3339(subject.page.fetched_at) if subject.page else first.date
        begun = min([record.date for record in others], default=first.date)
        if not begun <= moment <= first.date:
            self.say(package.PACKAGE, f"fetched_at is {moment}; the records are of {begun} to {first.date}")

    def _report(self, stored: dict[str, Any], made: dict[str, Any]) -> None:
        """Compare the two reports key by key."""
        before, now = stored["versions"], made["versions"]
        for name in sorted(before.keys() | now.keys()):
            if before.get(name) != now.get(name):
                self.say("version", f"{name} was {before.get(name)} when this was saved; this program has {now.get(name)}")
        for place, old, new in again.compare(stored, made):
            before, after = _differing(old, new)
            self.say(package.REPORT, f"{place} was {before}; judged again it is {after}")
        for note in again.unrepeatable(stored):
            self.notes.append(f"Taken from the report, for it cannot be repeated: {note['message']}")
        if made.get("error", {}).get("code") in again.LEAVES_NOTHING:
            self.notes.append("The source could not be read, and such a failure cannot be repeated offline.")


def _differing(old: Any, new: Any) -> tuple[str, str]:
    """Return two values as JSON, of long ones the first place at which they differ with some text around it."""
    texts = (json.dumps(old, ensure_ascii=False), json.dumps(new, ensure_ascii=False))
    same = len(commonprefix(texts))  # noqa: RUF071  # characters are meant, and these are no paths
    start = max(same - BEFORE, 0) if max(map(len, texts)) > SHOWN else 0
    return _part(texts[0], start), _part(texts[1], start)


def _part(text: str, start: int) -> str:
    """Return as much of a text from a place on as is shown, with dots where some is left out."""
    end = start + SHOWN
    return f"{'...' if start else ''}{text[start:end]}{'...' if end < len(text) else ''}"

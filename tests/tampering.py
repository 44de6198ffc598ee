"""More than fifty ways to change a saved evidence file, from a flipped byte to a forgery with every hash made right again."""

from __future__ import annotations

import gzip
import io
import json
import struct
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from checker.engine import NOT_SHOWN
from checker.evidence import container, package, records
from checker.evidence.records import WarcRecord

Members = dict[str, bytes]
Tampering = Callable[[bytes], bytes]
WARC, INDEX, PAGES, REPORT, PACKAGE, DIGEST = package.MEMBERS


def edited(change: Callable[[Members], Members | None]) -> Tampering:
    """Return a tampering that changes members and packs them again as the program does."""

    def run(data: bytes) -> bytes:
        members = container.unpack(data)
        return container.pack(change(members) or members)

    return run


def flipped(name: str, where: float) -> Tampering:
    """Flip one bit of a member, at a share of its length."""

    def change(members: Members) -> None:
        data = bytearray(members[name])
        data[int(where * (len(data) - 1))] ^= 0x01
        members[name] = bytes(data)

    return edited(change)


def sealed(change: Callable[[Members], Members | None]) -> Tampering:
    """Change members and then make every hash right again, as somebody would who knows the format."""

    def run(members: Members) -> Members:
        members = change(members) or members
        described = json.loads(members[PACKAGE])
        for entry in described["resources"]:
            if entry["path"] in members:
                entry["hash"], entry["bytes"] = package.sha256(members[entry["path"]]), len(members[entry["path"]])
        members[PACKAGE] = written(described)
        members[DIGEST] = package.digest_file(members[PACKAGE], json.loads(members[DIGEST]).get("timestamp"))
        return members

    return edited(run)


def written(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def report(change: Callable[[dict[str, Any]], None]) -> Callable[[Members], None]:
    """Change the report."""
    return described(REPORT, change)


def described(name: str, change: Callable[[dict[str, Any]], None]) -> Callable[[Members], None]:
    """Change a member that is a JSON object."""

    def run(members: Members) -> None:
        value = json.loads(members[name])
        change(value)
        members[name] = written(value)

    return run


def warc(change: Callable[[list[WarcRecord]], list[WarcRecord]]) -> Callable[[Members], None]:
    """Change records, and write the WARC file with right digests."""

    def run(members: Members) -> None:
        members[WARC] = records.write(change([record for record, *_ in records.read(members[WARC])]))

    return run


def listed(change: Callable[[list[WarcRecord]], list[WarcRecord]]) -> Callable[[Members], None]:
    """Change records and the list of them in the package file."""

    def run(members: Members) -> None:
        warc(change)(members)
        found = [record for record, *_ in records.read(members[WARC])]
        rows = [{"type": record.kind, "url": record.url, "id": record.id} for record in found]
        described(PACKAGE, lambda value: value["clinic_checker"].update(records=rows))(members)

    return run


def said(old: bytes, new: bytes) -> Callable[[list[WarcRecord]], list[WarcRecord]]:
    """Let the page say something else, of the same length."""
    assert len(old) == len(new)
    return lambda found: [replace(record, block=record.block.replace(old, new)) for record in found]


def without(kind: str) -> Callable[[list[WarcRecord]], list[WarcRecord]]:
    """Leave out the last record of a kind."""

    def run(found: list[WarcRecord]) -> list[WarcRecord]:
        last = max(number for number, record in enumerate(found) if record.kind == kind)
        return [*found[:last], *found[last + 1 :]]

    return run


def with_a_stranger(found: list[WarcRecord]) -> list[WarcRecord]:
    strange = replace(found[0], kind="resource", id="<urn:uuid:0>", url="http://other.example/", block=b"<p>not from here</p>")
    return [*found, strange]


def zipped(compression: int = zipfile.ZIP_STORED, comment: bytes = b"", extra: tuple[str, bytes] | None = None) -> Tampering:
    """Pack the members with another program's habits."""

    def run(data: bytes) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", compression) as archive:
            for name, member in container.unpack(data).items():
                archive.writestr(name, member)
            if extra is not None:
                with warnings.catch_warnings(action="ignore"):  # of a name that is there already
                    archive.writestr(*extra)
            archive.comment = comment
        return out.getvalue()

    return run


def announced_too_large(data: bytes) -> bytes:
    """Let the central directory announce a member of 4 GB."""
    at = data.rindex(b"PK\x01\x02")
    return data[: at + 24] + struct.pack("<I", 0xFFFFFFF0) + data[at + 28 :]


def encrypted(data: bytes) -> bytes:
    """Set the flag of an encrypted member."""
    at = data.index(b"PK\x01\x02")
    return data[: at + 8] + bytes([data[at + 8] | 1]) + data[at + 9 :]


def bomb(data: bytes) -> bytes:
    """Put a WARC file of 200 MB of zeros into less than one megabyte."""
    members = container.unpack(data)
    members[WARC] = gzip.compress(bytes(200_000_000), 1)
    return container.pack(members)


def many(data: bytes) -> bytes:
    """Add two thousand files."""
    return container.pack({**container.unpack(data), **{f"extra/{number}": b"" for number in range(2_000)}})


def moved(members: Members) -> Members:
    """Change the order of the members."""
    return dict(sorted(members.items()))


def named(name: str) -> Tampering:
    return edited(lambda members: {**members, name: b"#!/bin/sh\n"})


def dropped(name: str) -> Tampering:
    return edited(lambda members: {key: value for key, value in members.items() if key != name})


def version(name: str) -> Callable[[Members], None]:
    def change(value: dict[str, Any]) -> None:
        value["versions"][name] = "0.0.1"

    return report(change)


def first_finding(**changes: Any) -> Callable[[Members], None]:
    return report(lambda value: value["findings"][0].update(changes))


def limit(value: dict[str, Any]) -> None:
    value["clinic_checker"]["limits"]["max_bytes"] = 100


def noted(message: str, quote: str | None) -> Callable[[dict[str, Any]], None]:
    return lambda value: value["notes"].append({"code": "render_failed", "message": message, "quote": quote})


def earlier(value: dict[str, Any]) -> None:
    value["clinic_checker"]["pages"][0]["fetched_at"] = "2024-01-01T10:00:00Z"


def other_page(members: Members) -> None:
    members[PAGES] = members[PAGES].replace(b"/neuropathy", b"/about-us")


def other_offset(members: Members) -> None:
    members[INDEX] = members[INDEX].replace(b'"offset": "', b'"offset": "1')


#: What is done, and the part of the file that `verify` must name.
TAMPERINGS: dict[str, tuple[Tampering, str]] = {
    "a bit of the WARC file's first record": (flipped(WARC, 0.02), WARC),
    "a bit in the middle of the WARC file": (flipped(WARC, 0.5), WARC),
    "the last bit of the WARC file": (flipped(WARC, 1), WARC),
    "a bit of the index": (flipped(INDEX, 0.5), INDEX),
    "a bit of the page list": (flipped(PAGES, 0.8), PAGES),
    "a bit of the report": (flipped(REPORT, 0.3), REPORT),
    "a bit of the package file": (flipped(PACKAGE, 0.5), PACKAGE),
    "a bit of the package's digest": (flipped(DIGEST, 0.8), PACKAGE),
    "no WARC file": (dropped(WARC), WARC),
    "no index": (dropped(INDEX), INDEX),
    "no page list": (dropped(PAGES), PAGES),
    "no report": (dropped(REPORT), REPORT),
    "no package file": (dropped(PACKAGE), PACKAGE),
    "no digest": (dropped(DIGEST), DIGEST),
    "a foreign file": (named("report/notes.txt"), "report/notes.txt"),
    "a foreign second WARC file": (named("archive/more.warc.gz"), "archive/more.warc.gz"),
    "a name that leads out of the folder": (named("../../.profile"), "clinic.wacz"),
    "an absolute name": (named("/etc/cron.d/job"), "clinic.wacz"),
    "a name with a drive": (named("C:\\windows\\job.bat"), "clinic.wacz"),
    "two thousand more files": (many, "clinic.wacz"),
    "the same name twice": (zipped(extra=(REPORT, b"{}")), "clinic.wacz"),
    "packed again, compressed": (zipped(zipfile.ZIP_DEFLATED), "clinic.wacz"),
    "packed again with a comment": (zipped(comment=b"all checked"), "clinic.wacz"),
    "members in another order": (edited(moved), "clinic.wacz"),
    "bytes in front": (lambda data: b"#!/bin/sh\nexit\n" + data, "clinic.wacz"),
    "bytes behind": (lambda data: data + b"\0" * 10, "clinic.wacz"),
    "cut in half": (lambda data: data[: len(data) // 2], "clinic.wacz"),
    "the last byte missing": (lambda data: data[:-1], "clinic.wacz"),
    "empty": (lambda data: b"", "clinic.wacz"),
    "a web page instead": (lambda data: b"<p>not an archive</p>", "clinic.wacz"),
    "a member that announces 4 GB": (announced_too_large, "clinic.wacz"),
    "an encrypted member": (encrypted, "clinic.wacz"),
    "a WARC file that unpacks to 200 MB": (bomb, WARC),
    "the last answer left out": (edited(warc(without("response"))), WARC),
    "a record added": (edited(warc(with_a_stranger)), WARC),
    "the last answer left out, hashes right": (sealed(listed(without("response"))), WARC),
    "the last request left out, hashes right": (sealed(listed(without("request"))), WARC),
    "a record left out, the list as it was, hashes right": (sealed(warc(without("request"))), WARC),
    "a promise taken out of the page, hashes right": (sealed(warc(said(b"FDA-approved", b"FDA-reviewed"))), REPORT),
    "a word of a finding changed, hashes right": (sealed(first_finding(quote="nothing of the kind")), REPORT),
    "a milder verdict, hashes right": (sealed(report(lambda value: value.update(verdict="careful"))), REPORT),
    "no findings, hashes right": (sealed(report(lambda value: value.update(findings=[]))), REPORT),
    "another confidence, hashes right": (sealed(first_finding(confidence=0.5)), REPORT),
    "another address in the report, hashes right": (
        sealed(report(lambda value: value.update(final_url="http://other.example/"))),
        REPORT,
    ),
    "another model's version, hashes right": (sealed(version("model")), "version"),
    "another checker's version, hashes right": (sealed(version("checker")), "version"),
    "another page in the list, hashes right": (sealed(other_page), PAGES),
    "another offset in the index, hashes right": (sealed(other_offset), INDEX),
    "another limit, hashes right": (sealed(described(PACKAGE, limit)), WARC),
    "a note that no browser wrote, hashes right": (
        sealed(report(noted("The clinic admits it.", None))),
        REPORT,
    ),
    "a browser's note with a quote, hashes right": (
        sealed(report(noted(NOT_SHOWN, "We admit it."))),
        REPORT,
    ),
    "another day in the report, hashes right": (
        sealed(report(lambda value: value.update(checked_at="2026-11-20T10:00:00Z"))),
        REPORT,
    ),
    "another day of fetching, hashes right": (sealed(described(PACKAGE, earlier)), PACKAGE),
    "another format, hashes right": (
        sealed(described(PACKAGE, lambda value: value["clinic_checker"].update(format="9.0"))),
        WARC,
    ),
}

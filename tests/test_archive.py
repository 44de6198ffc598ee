"""Web archives: every page in them, whatever their records claim of themselves."""

from __future__ import annotations

import gzip
import json
import random
import tracemalloc
from datetime import datetime
from pathlib import Path

import brotli
import pytest

from checker.cli.main import main
from checker.page import archive
from checker.page.archive import Archived, is_archive, pages
from checker.reports import words
from checker.settings import Settings

HTML = b"Content-Type: text/html; charset=utf-8\r\n"
PAGE = "<p>Our clinic répondé</p>".encode()


def record(
    body: bytes = PAGE,
    headers: bytes = HTML,
    url: str = "http://clinic.example/page",
    status: str = "200 OK",
    length: int | None = None,
    kind: str = "response",
    media: str = "application/http; msgtype=response",
) -> bytes:
    block = f"HTTP/1.1 {status}\r\n".encode() + headers + b"\r\n" + body if kind == "response" else body
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-03-05T10:00:00Z\r\n"
        f"Content-Type: {media}\r\nContent-Length: {len(block) if length is None else length}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def read(tmp_path: Path, data: bytes, name: str = "capture.warc.gz") -> list[Archived]:
    path = tmp_path / name
    path.write_bytes(data)
    return list(pages(str(path), Settings()))


def codes(found: list[Archived]) -> list[str]:
    return [item.failure.code if item.failure else "read" for item in found]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        pytest.param(PAGE, HTML, id="plain"),
        pytest.param(gzip.compress(PAGE), HTML + b"Content-Encoding: gzip\r\n", id="gzip"),
        pytest.param(brotli.compress(PAGE), HTML + b"Content-Encoding: br\r\n", id="brotli"),
        pytest.param(b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE), HTML + b"Transfer-Encoding: chunked\r\n", id="chunks"),
        pytest.param(PAGE, HTML + b"Transfer-Encoding: chunked\r\n", id="chunks that are none"),
        pytest.param(PAGE, HTML + b"Content-Encoding: gzip\r\n", id="gzip that is none"),
        pytest.param(PAGE, HTML + b"Content-Length: 9999\r\n", id="length too large"),
        pytest.param(PAGE, HTML + b"Content-Length: 3\r\n", id="length too small"),
    ],
)
def test_a_page_comes_out_as_the_browser_saw_it(tmp_path: Path, body: bytes, headers: bytes) -> None:
    (found,) = read(tmp_path, gzip.compress(record(body, headers)))
    assert found.page is not None
    assert found.page.body == PAGE and found.page.charset == "utf-8"
    assert found.source == f"{tmp_path}/capture.warc.gz#http://clinic.example/page"
    assert found.page.final_url == "http://clinic.example/page"
    assert found.page.fetched_at.isoformat() == "2026-03-05T10:00:00+00:00"


@pytest.mark.parametrize("name", ["capture.warc", "capture.warc.gz"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_plain_and_packed_archives_of_several_records_are_read(tmp_path: Path, pack: type, name: str) -> None:
    data = pack(record() + record(url="http://clinic.example/b") + record(url="http://clinic.example/c"))
    assert [item.source.rsplit("/", 1)[1] for item in read(tmp_path, data, name)] == ["page", "b", "c"]


def test_what_is_no_page_is_passed_over_and_error_answers_are_not() -> None:
    assert is_archive("capture.WARC.gz") and is_archive("a.warc") and not is_archive("https://x.example/a.warc")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(record(status="302 Found", headers=HTML + b"Location: /\r\n"), ["empty"], id="redirect"),
        pytest.param(record(headers=b"Content-Type: image/png\r\n"), ["empty"], id="picture"),
        pytest.param(record(b"<html><p>hello</p></html>", b""), ["read"], id="no type"),
        pytest.param(record(status="404 Not Found"), ["http_status"], id="error page"),
        pytest.param(record(status="429 Too Many"), ["rate_limited"], id="rate limit"),
        pytest.param(record(kind="resource", media="text/html"), ["read"], id="resource"),
        pytest.param(record(kind="resource", media="text/css"), ["empty"], id="style sheet"),
        pytest.param(record(kind="request"), ["empty"], id="request"),
        pytest.param(record(url="dns:clinic.example"), ["empty"], id="dns"),
        pytest.param(record(url="http://user:word@clinic.example/"), ["unsupported_address"], id="password in the address"),
        pytest.param(b"", ["empty"], id="empty file"),
        pytest.param(b"hello there" * 20, ["broken_file"], id="no archive"),
        pytest.param(gzip.compress(b"hello there" * 20), ["broken_file"], id="no archive, packed"),
        pytest.param(gzip.compress(record()) + gzip.compress(record())[:-40], ["read", "broken_file"], id="cut"),
        pytest.param(record() + record(b"x" * 5000)[:3000], ["read", "broken_file"], id="cut, plain"),
        pytest.param(record() + record(length=10**12), ["read", "broken_file"], id="length that lies"),
        pytest.param(record() + record(length=-7), ["read", "broken_file"], id="negative length"),
        pytest.param(gzip.compress(record() + b"\0" * 10**6), ["read", "broken_file"], id="nothing behind a record"),
        pytest.param(record() + record()[:60], ["read", "broken_file"], id="cut in a head, plain"),
        pytest.param(gzip.compress(record() * 2)[:-3], ["read", "read", "broken_file"], id="cut in the packing"),
    ],
)
def test_every_record_comes_to_something(tmp_path: Path, data: bytes, expected: list[str]) -> None:
    assert codes(read(tmp_path, data)) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(gzip.compress(b"WARC/1.0\r\nX: " + b"a" * 60_000_000), ["read", "broken_file"], id="header line"),
        pytest.param(gzip.compress(record(headers=b"X: " + b"b" * 60_000_000 + b"\r\n" + HTML)), ["read"], id="HTTP header"),
        pytest.param(gzip.compress(record(b"x" * 60_000_000)), ["read", "too_large"], id="body"),
        pytest.param(
            gzip.compress(record(gzip.compress(b"x" * 60_000_000), HTML + b"Content-Encoding: gzip\r\n")),
            ["read", "too_large"],
            id="body packed twice",
        ),
    ],
)
def test_bombs_cost_little_memory_and_keep_what_came_before(tmp_path: Path, data: bytes, expected: list[str]) -> None:
    tracemalloc.start()
    found = codes(read(tmp_path, gzip.compress(record()) + data))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found[: len(expected)] == expected
    assert peak < 40_000_000


def test_too_many_records_end_with_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_RECORDS", 3)
    assert codes(read(tmp_path, record() * 5)) == ["read", "read", "read", "too_large"]


def test_an_archive_that_yields_nothing_for_long_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_STALL", 0.05)
    blanks = b"".join(gzip.compress(b"\r\n" * 20_000_000) for _ in range(3))
    assert codes(read(tmp_path, gzip.compress(record()) + blanks)) == ["read", "too_large"]


@pytest.mark.parametrize(("name", "code"), [("none.warc", "no_such_file"), ("folder.warc", "is_directory")])
def test_a_file_that_cannot_be_opened_says_why(tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / "folder.warc").mkdir()
    assert codes(list(pages(str(tmp_path / name), Settings()))) == [code]


def test_damaged_archives_never_raise(tmp_path: Path) -> None:
    dice = random.Random(7)
    whole = record() + record(url="http://clinic.example/b") + record(b"<p>" + b"z" * 400)
    for number in range(300):
        data = bytearray(whole if number % 2 else gzip.compress(whole))
        for _ in range(dice.randint(1, 8)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        for item in read(tmp_path, bytes(data[: dice.randrange(1, len(data))])):
            assert (item.page is None) != (item.failure is None)


CLINIC = (
    b"<html lang=en><title>Stem cells for nerves</title><h1>Stem cell therapy</h1><p>Our FDA-approved stem cell therapy reverses "
    b"neuropathy. Call our clinic to book your free consultation with our doctors.</p></html>"
)


def test_each_page_of_an_archive_has_a_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "capture.warc.gz"
    whole = [record(CLINIC), record(CLINIC, url="http://clinic.example/b"), record(status="404 Not Found")]
    path.write_bytes(b"".join(map(gzip.compress, whole)) + gzip.compress(record(CLINIC))[:200])
    assert main(["check", str(path), "--format", "jsonl"]) == 3
    reports = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [report["verdict"] for report in reports] == ["alarm", "alarm", "could_not_read", "could_not_read"]
    assert reports[1]["source"] == f"{path}#http://clinic.example/b"
    assert reports[1]["final_url"] == "http://clinic.example/b"
    first = reports[1]["notes"][0]
    assert first["code"] == "archived" and "2026-03-05T10:00:00Z" in first["message"]
    assert [report["error"]["code"] for report in reports[2:]] == ["http_status", "broken_file"]
    assert main(["check", str(path), "--format", "html"]) == 2
    assert main(["check", str(path), "--url", "https://clinic.example/"]) == 2
    assert main(["check", str(path), "--format", "html", "--to", str(tmp_path / "out")]) == 3
    assert len(list((tmp_path / "out").iterdir())) == 4


def test_a_page_in_xhtml_is_a_page(tmp_path: Path) -> None:
    (found,) = read(tmp_path, record(PAGE, b"Content-Type: application/xhtml+xml\r\n"), "capture.warc")
    assert found.page is not None and found.page.content_type == "application/xhtml+xml"


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        (b"2020-03-04", "2020-03-04T00:00:00"),
        (b"2020-03", "2020-03-01T00:00:00"),
        (b"2020", "2020-01-01T00:00:00"),
        (b"20200304050607", "2020-03-04T05:06:07"),
        (b"202003040506", "2020-03-04T05:06:00"),
        (b"2020-03-04T05:06Z", "2020-03-04T05:06:00"),
        (b"2020-03-04T05:06:07.123456Z", "2020-03-04T05:06:07.123456"),
        (b"yesterday", None),
    ],
)
def test_the_day_of_a_page_is_what_the_archive_says_and_never_made_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], said: bytes, moment: str | None
) -> None:
    data = record(CLINIC).replace(b"2026-03-05T10:00:00Z", said)
    (found,) = read(tmp_path, data, "capture.warc")
    assert found.recorded_at == (datetime.fromisoformat(f"{moment}+00:00") if moment else None)
    assert main(["check", str(tmp_path / "capture.warc"), "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    note = next(note["message"] for note in report["notes"] if note["code"] == "archived")
    assert ("2020-" in note) if moment else ("does not say when" in note)


def test_what_could_not_be_read_of_an_archive_has_its_day_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "capture.warc"
    path.write_bytes(record(b"<h1>Gone</h1>", status="404 Not Found"))
    assert main(["check", str(path)]) == 3
    assert "As a web archive recorded it on 5 March 2026, 10:00 UTC" in capsys.readouterr().out


@pytest.mark.parametrize("form", ["terminal", "html"])
def test_a_report_says_at_its_top_when_the_page_was_recorded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    path = tmp_path / "capture.warc"
    path.write_bytes(record(CLINIC))
    to = ["--to", str(tmp_path / "out")] if form == "html" else []
    assert main(["check", str(path), "--format", form, *to]) == 1
    said = next((tmp_path / "out").iterdir()).read_text("utf-8") if form == "html" else capsys.readouterr().out
    recorded = said.index("As a web archive recorded it on 5 March 2026, 10:00 UTC")
    assert recorded < said.index("Read on ") < said.index(words.SECTIONS["notes"])


def test_pdfs_that_are_passed_over_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "capture.warc"
    pdf = record(b"%PDF-1.7", b"Content-Type: application/pdf\r\n", "http://clinic.example/a.pdf")
    kept = record(b"%PDF-1.7", url="http://clinic.example/b.pdf", kind="resource", media="application/pdf")
    gone = record(b"", b"Content-Type: application/pdf\r\n", status="404 Not Found")
    path.write_bytes(record(CLINIC) + pdf + kept + gone)
    assert main(["check", str(path), "--format", "jsonl"]) == 1
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 1
    assert "2 PDFs were passed over, the first is http://clinic.example/a.pdf." in told.err
    path.write_bytes(record(CLINIC))
    main(["check", str(path), "--format", "jsonl"])
    assert "PDF" not in capsys.readouterr().err

"""Evidence files: what they hold, that others can open them, and that `verify` finds every change."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from warcio.archiveiterator import ArchiveIterator

from checker.cli.main import main
from checker.engine import Checker
from checker.errors import SettingsError
from checker.evidence import container, package, records
from checker.evidence.save import Saved, save
from checker.evidence.timestamp import read_roots
from checker.evidence.verify import Verification, verify
from checker.page import chromium
from checker.page.record import Recorder
from checker.settings import Settings
from tests.server import ADDRESS, Answer, LocalServer, drip, make_certificate, raw, redirect
from tests.tampering import TAMPERINGS, report, said, sealed, warc, written

HTML = files("checker").joinpath("data/sample.html").read_bytes()
SETTINGS = Settings(allow_addresses=(f"{ADDRESS}/32",), hosts=(("clinic.example", ADDRESS),), read_timeout=1, total_timeout=3)
MHTML = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n%b\n--b--\n"
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=")


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(SETTINGS)


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    routes = {
        "/": redirect("/neuropathy", 301),
        "/neuropathy": Answer(HTML),
        "/zipped": Answer(gzip.compress(HTML), headers={"Content-Encoding": "gzip"}),
        "/chunked": raw(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
            + b"%x\r\n" % len(HTML) + HTML + b"\r\n0\r\n\r\n"
        ),
        "/empty": Answer(b"<title>Clinic</title>"),
        "/gone": Answer(b"<p>no such page</p>", 404),
        "/silent": drip(b"", b"", times=40),
    }  # fmt: skip
    with LocalServer(routes) as running:
        yield running


def saved(checker: Checker, source: str, folder: Path, settings: Settings = SETTINGS) -> Saved:
    """Check a source and save the evidence."""
    recorder = Recorder()
    return save(recorder, checker.check(source, recorder), folder, settings)


@pytest.fixture(scope="module")
def archive(checker: Checker, server: LocalServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved(checker, server.url("/", "clinic.example"), tmp_path_factory.mktemp("evidence")).path


def rows(path: Path, member: str) -> list[Any]:
    with zipfile.ZipFile(path) as opened:
        return [json.loads(line) for line in opened.read(member).splitlines()]


def parts(outcome: Verification) -> set[str]:
    return {difference.part for difference in outcome.differences}


# -- what a file holds


def test_every_request_and_answer_is_in_the_warc_file(archive: Path, server: LocalServer) -> None:
    with zipfile.ZipFile(archive) as opened:
        stream = io.BytesIO(opened.read(package.WARC))
    found = [
        (record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), record.content_stream().read(), record.digest_checker)
        for record in ArchiveIterator(stream, check_digests=True)
    ]
    first, last = server.url("/", "clinic.example"), server.url("/neuropathy", "clinic.example")
    assert [(kind, url) for kind, url, *_ in found] == [
        ("warcinfo", None), ("response", first), ("request", first), ("response", last), ("request", last),
    ]  # fmt: skip
    assert found[3][2] == HTML
    assert all(checked.passed for *_, checked in found)


def test_a_viewer_finds_the_page(archive: Path) -> None:
    """A viewer needs the address and the time of the page list exactly as in a record, and the index must lead there."""
    header, page = rows(archive, package.PAGES)
    assert header["format"] == "json-pages-1.0"
    with zipfile.ZipFile(archive) as opened:
        data, index = opened.read(package.WARC), opened.read(package.INDEX).decode().splitlines()
    key, moment, entry = next(line.split(" ", 2) for line in index if json.loads(line.split(" ", 2)[2])["url"] == page["url"])
    place = json.loads(entry)
    start, length = int(place["offset"]), int(place["length"])
    record = next(iter(ArchiveIterator(io.BytesIO(data[start : start + length]))))
    assert record.rec_headers.get_header("WARC-Target-URI") == page["url"]
    assert record.rec_headers.get_header("WARC-Date") == page["ts"]
    assert moment == "".join(filter(str.isdigit, page["ts"])) and len(moment) == 14
    assert key.startswith("example,clinic:") and key.endswith(")/neuropathy")
    assert (place["status"], place["mime"], place["filename"]) == ("200", "text/html", "data.warc.gz")
    assert index == sorted(index)


def test_the_package_names_every_file_with_its_digest(archive: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        described = json.loads(opened.read(package.PACKAGE))
        assert {entry["path"] for entry in described["resources"]} == set(package.MEMBERS[:-2])
        for entry in described["resources"]:
            data = opened.read(entry["path"])
            assert (entry["hash"], entry["bytes"]) == (package.sha256(data), len(data))
        assert json.loads(opened.read(package.DIGEST))["hash"] == package.sha256(opened.read(package.PACKAGE))
        assert {entry.compress_type for entry in opened.infolist()} == {zipfile.ZIP_STORED}
    assert described["wacz_version"] == "1.1.1"


def test_the_package_tells_the_redirects_and_versions(archive: Path, server: LocalServer, checker: Checker) -> None:
    with zipfile.ZipFile(archive) as opened:
        ours = json.loads(opened.read(package.PACKAGE))["clinic_checker"]
    assert ours["pages"][0]["redirects"] == [server.url("/", "clinic.example")]
    assert ours["pages"][0]["final_url"] == server.url("/neuropathy", "clinic.example")
    assert ours["versions"] == checker.versions


def test_names_tell_host_and_day_and_no_file_is_replaced(checker: Checker, server: LocalServer, tmp_path: Path) -> None:
    names = [saved(checker, server.url("/neuropathy", "clinic.example"), tmp_path).path.name for _ in range(2)]
    today = verify(tmp_path / names[0])
    assert not today.differences
    assert names[0].startswith("clinic.example-20") and names[1] == names[0].replace(".wacz", "-2.wacz")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)


def test_a_folder_that_cannot_be_written_is_one_clear_line(checker: Checker, server: LocalServer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here")
    with pytest.raises(SettingsError, match="cannot be written"):
        saved(checker, server.url("/neuropathy"), tmp_path / "file")


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.clinic.example/A?b=2&a=1", "example,clinic)/a?a=1&b=2"),
        ("http://clinic.example", "example,clinic)/"),
        ("http://127.0.0.2:8080/x", "2,0,0,127:8080)/x"),
        ("urn:page:page.html", "urn:page:page.html"),
    ],
)
def test_addresses_are_sorted_as_viewers_do(url: str, key: str) -> None:
    assert package.search_key(url) == key


# -- nothing differs


@pytest.mark.parametrize("path", ["/", "/neuropathy", "/zipped", "/chunked", "/empty", "/gone", "/silent"])
def test_what_was_saved_verifies(checker: Checker, server: LocalServer, tmp_path: Path, path: str) -> None:
    file = saved(checker, server.url(path, "clinic.example"), tmp_path)
    asked = len(server.requests)
    outcome = verify(file.path)
    assert (outcome.differences, outcome.sha256) == ((), file.sha256)
    assert len(server.requests) == asked
    assert any("cannot be repeated" in note for note in outcome.notes) == (path == "/silent")
    assert "There is no time stamp." in outcome.notes


@pytest.mark.parametrize("name", ["page.html", "page.txt", "missing.html", "picture.png", "saved.mhtml"])
def test_files_verify_without_the_file(checker: Checker, tmp_path: Path, name: str) -> None:
    contents = {
        "page.html": HTML,
        "page.txt": b"Our FDA-approved stem cells reverse neuropathy. Book at our clinic.",
        "picture.png": PNG,
        "saved.mhtml": MHTML % HTML,
    }
    if name in contents:
        (tmp_path / name).write_bytes(contents[name])
    file = saved(checker, str(tmp_path / name), tmp_path / "out").path
    (tmp_path / name).unlink(missing_ok=True)
    assert verify(file).differences == ()


def test_a_rendered_page_and_its_picture_are_kept(checker: Checker, server: LocalServer, tmp_path: Path) -> None:
    recorder = Recorder()
    plain = checker.check(server.url("/neuropathy"), recorder)
    assert recorder.page is not None
    shown = HTML.replace(b"</body>", b"<p>Our stem cells cure neuropathy for good.</p></body>")
    digest = hashlib.sha256(shown).hexdigest()
    recorder.page = replace(recorder.page, body=shown, sha256=digest, rendered=True, plain=recorder.page)
    report = checker.check_page(recorder.page)
    assert len(report.findings) > len(plain.findings)
    path = save(recorder, report, tmp_path, SETTINGS, screenshot=PNG).path
    assert verify(path).differences == ()
    with zipfile.ZipFile(path) as opened:
        kept = {record.url: record.block for record, *_ in records.read(opened.read(package.WARC)) if record.kind == "resource"}
    address = server.url("/neuropathy")
    assert kept == {f"urn:page:{address}": shown, f"urn:view:{address}": PNG}


def test_facts_are_held_against_the_day_of_the_check(checker: Checker, server: LocalServer, tmp_path: Path) -> None:
    """In years the tables of facts are old, and the report says so; whenever it is verified, it must come out the same."""
    recorder = Recorder()
    report = checker.as_of(date(2029, 1, 1), SETTINGS).check(server.url("/neuropathy"), recorder)
    assert "stale_facts" in {note.code for note in report.notes}
    report = replace(report, checked_at=datetime(2029, 1, 1, tzinfo=UTC))
    assert verify(save(recorder, report, tmp_path, SETTINGS).path).differences == ()


# -- what differs


@pytest.mark.parametrize("name", TAMPERINGS)
def test_every_tampering_is_named(archive: Path, tmp_path: Path, name: str) -> None:
    tamper, part = TAMPERINGS[name]
    changed = tmp_path / "clinic.wacz"
    changed.write_bytes(tamper(archive.read_bytes()))
    assert changed.read_bytes() != archive.read_bytes()
    assert part in parts(verify(changed))


def test_places_in_the_form_of_earlier_versions_verify(archive: Path, tmp_path: Path) -> None:
    def changed(end: str) -> set[str]:
        def earlier(stored: dict[str, Any]) -> None:
            url = stored["final_url"]
            for finding in stored["findings"]:
                words = finding["quote"].split()
                said = [finding["quote"]] if len(words) <= 12 else [" ".join(words[:6]), " ".join(words[-6:])]
                text = ",".join(quote(part, safe="").replace("-", "%2D") for part in said)
                finding["place"]["link"] = f"{url}#:~:text={text}{end}"

        path = tmp_path / "clinic.wacz"
        path.write_bytes(sealed(report(earlier))(archive.read_bytes()))
        return parts(verify(path))

    assert changed("") == set()
    assert changed("%20not") == {package.REPORT}


def test_paths_without_the_bodies_of_tables_verify(checker: Checker, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    inner = "<table><tr><td>Our clinic’s stem cells cure neuropathy. Book your visit.</td></tr></table>"
    page.write_text(f"<h1>Stem cell therapy at our clinic</h1><table><tbody><tr><td>{inner}</td></tr></tbody></table>")
    kept = saved(checker, str(page), tmp_path).path.read_bytes()

    def changed(old: str, new: str) -> set[str]:
        def earlier(stored: dict[str, Any]) -> None:
            assert stored["findings"]
            for finding in stored["findings"]:
                before = finding["place"]["css_path"]
                finding["place"]["css_path"] = new.join(before.rsplit(old, 1))
                assert finding["place"]["css_path"] != before, before

        path = tmp_path / "clinic.wacz"
        path.write_bytes(sealed(report(earlier))(kept))
        return parts(verify(path))

    assert changed(" > tbody:nth-of-type(1)", "") == set()
    assert changed("td:nth-of-type(1)", "td:nth-of-type(2)") == {package.REPORT}
    assert changed(" > td:nth-of-type(1)", "") == {package.REPORT}


def test_there_are_more_than_fifty_tamperings() -> None:
    assert len(TAMPERINGS) > 50


def test_the_names_of_what_is_missing_and_foreign_are_told(archive: Path, tmp_path: Path) -> None:
    changed = tmp_path / "clinic.wacz"
    changed.write_bytes(TAMPERINGS["the last answer left out"][0](archive.read_bytes()))
    told = [str(difference) for difference in verify(changed).differences]
    assert any("a record is missing: response http://clinic.example" in line and "/neuropathy" in line for line in told)
    changed.write_bytes(TAMPERINGS["a record added"][0](archive.read_bytes()))
    assert any("a foreign record: resource http://other.example/" in str(one) for one in verify(changed).differences)


def test_a_failure_that_cannot_be_repeated_hides_nothing_else(checker: Checker, server: LocalServer, tmp_path: Path) -> None:
    """Only the failure itself is taken over from the report; a verdict beside it is not."""
    members = container.unpack(saved(checker, server.url("/silent"), tmp_path).path.read_bytes())
    members[package.REPORT] = written({**json.loads(members[package.REPORT]), "verdict": "careful"})
    (tmp_path / "x.wacz").write_bytes(container.pack(members))
    assert any("verdict was" in difference.message for difference in verify(tmp_path / "x.wacz").differences)


@pytest.mark.parametrize("value", ["[]", "null", '{"clinic_checker": 1}', '{"resources": {}}', "[" * 100_000, "\xff"])
@pytest.mark.parametrize("member", [package.PACKAGE, package.REPORT, package.DIGEST])
def test_malformed_json_is_named_and_never_a_crash(archive: Path, tmp_path: Path, member: str, value: str) -> None:
    members = container.unpack(archive.read_bytes())
    members[member] = value.encode("latin-1")
    (tmp_path / "x.wacz").write_bytes(container.pack(members))
    assert verify(tmp_path / "x.wacz").differences


@pytest.mark.parametrize("key", ["checked_at", "versions", "findings", "source", "title", "error"])
@pytest.mark.parametrize("value", [None, 7, "x", [], {}])
def test_a_report_with_other_types_is_named_and_never_a_crash(archive: Path, tmp_path: Path, key: str, value: Any) -> None:
    members = container.unpack(archive.read_bytes())
    members[package.REPORT] = written({**json.loads(members[package.REPORT]), key: value})
    (tmp_path / "x.wacz").write_bytes(container.pack(members))
    assert verify(tmp_path / "x.wacz").differences


# -- time stamps


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a time stamp authority of our own, made with openssl: ca.pem, tsa.pem, tsa.key, tsa.cnf."""
    folder = tmp_path_factory.mktemp("authority")
    (folder / "tsa.cnf").write_text(
        "[tsa]\ndefault_tsa = one\n[one]\nserial = serial\ncrypto_device = builtin\nsigner_cert = tsa.pem\n"
        "signer_key = tsa.key\nsigner_digest = sha256\ndefault_policy = 1.2.3.4\ndigests = sha256\naccuracy = secs:1\n"
        "[ext]\nextendedKeyUsage = critical,timeStamping\nbasicConstraints = critical,CA:false\n"
    )
    (folder / "serial").write_text("01\n")
    new = ["openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    commands = [
        [*new, "-x509", "-days", "2", "-subj", "/CN=Test authority", "-keyout", "ca.key", "-out", "ca.pem"],
        [*new, "-subj", "/CN=Test time stamps", "-keyout", "tsa.key", "-out", "tsa.csr"],
        "openssl x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out tsa.pem"
        " -extfile tsa.cnf -extensions ext".split(),
    ]
    for command in commands:
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder


class Authority(LocalServer):
    """The authority's web address: it answers a POST with what openssl makes of it."""

    def __init__(self, folder: Path) -> None:
        super().__init__()

        def answer(handler: BaseHTTPRequestHandler) -> None:
            query = handler.rfile.read(int(handler.headers["Content-Length"]))
            (folder / "query.tsq").write_bytes(query)
            command = ["openssl", "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query.tsq", "-out", "reply.tsr"]
            subprocess.run(command, cwd=folder, check=True, capture_output=True)
            body = (folder / "reply.tsr").read_bytes()
            handler.send_response(200)
            handler.send_header("Content-Type", "application/timestamp-reply")
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

        self._server.RequestHandlerClass.do_POST = answer  # type: ignore[attr-defined]


def stamping(url: str) -> Settings:
    return Settings(**{**vars(SETTINGS), "timestamp_url": url})


@pytest.fixture(scope="module")
def stamped(checker: Checker, server: LocalServer, authority: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with Authority(authority) as running:
        file = saved(checker, server.url("/neuropathy"), tmp_path_factory.mktemp("stamped"), stamping(running.url()))
    assert file.problem is None
    return file.path


def test_a_time_stamp_is_kept_and_checked(stamped: Path, authority: Path) -> None:
    told = verify(stamped)
    assert told.differences == () and "signature not checked" in told.notes[0]
    roots = read_roots(authority / "ca.pem")
    told = verify(stamped, roots)
    assert told.differences == () and "(signature checked)" in told.notes[0]
    members = container.unpack(stamped.read_bytes())
    members[package.DIGEST] = package.digest_file(members[package.PACKAGE], None)
    stamped.with_name("x.wacz").write_bytes(container.pack(members))
    assert parts(verify(stamped.with_name("x.wacz"), roots)) == {"time stamp"}, "certificates find that the stamp is gone"


def test_what_is_not_installed_is_said(
    checker: Checker, server: LocalServer, stamped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    assert verify(stamped).differences == () and "was not checked. rfc3161-client is not installed" in verify(stamped).notes[0]
    file = saved(checker, server.url("/neuropathy"), tmp_path, stamping("http://authority.example/"))
    assert file.problem is not None and "rfc3161-client is not installed" in file.problem


def test_openssl_agrees_with_the_time_stamp(stamped: Path, authority: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(stamped) as opened:
        (tmp_path / "datapackage.json").write_bytes(opened.read(package.PACKAGE))
        token = json.loads(opened.read(package.DIGEST))["timestamp"]
    (tmp_path / "stamp.tsr").write_bytes(base64.b64decode(token))
    command = ["openssl", "ts", "-verify", "-in", "stamp.tsr", "-data", "datapackage.json", "-CAfile", str(authority / "ca.pem")]
    assert "Verification: OK" in subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout


def test_a_forgery_with_right_hashes_does_not_fit_the_time_stamp(stamped: Path, tmp_path: Path) -> None:
    """Without a stamp a changed header could pass: nothing of the report rests on it."""
    members = container.unpack(stamped.read_bytes())
    found = [record for record, *_ in records.read(members[package.WARC])]
    assert any(b"BaseHTTP" in record.block for record in found)
    (tmp_path / "x.wacz").write_bytes(sealed(warc(said(b"BaseHTTP", b"MaseHTTP")))(stamped.read_bytes()))
    assert "time stamp" in parts(verify(tmp_path / "x.wacz"))


def test_the_wrong_authority_is_named(stamped: Path, tmp_path: Path) -> None:
    other = make_certificate(tmp_path, "other.example").with_name("cert.pem")
    assert parts(verify(stamped, read_roots(other))) == {"time stamp"}


@pytest.mark.parametrize("token", ["", "AAAA", "not base64!", 7, None])
def test_a_broken_time_stamp_is_named(archive: Path, tmp_path: Path, token: Any) -> None:
    members = container.unpack(archive.read_bytes())
    members[package.DIGEST] = written({**json.loads(members[package.DIGEST]), "timestamp": token})
    (tmp_path / "x.wacz").write_bytes(container.pack(members))
    assert parts(verify(tmp_path / "x.wacz")) <= {"time stamp", package.DIGEST} and verify(tmp_path / "x.wacz").differences


def test_without_an_answer_the_evidence_is_saved_all_the_same(checker: Checker, server: LocalServer, tmp_path: Path) -> None:
    for path in ("/gone", "/neuropathy"):
        file = saved(checker, server.url("/neuropathy"), tmp_path, stamping(server.url(path)))
        assert file.problem is not None and "gave no answer" in file.problem
        assert verify(file.path).differences == ()


# -- the command line


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLINIC_CHECKER_ALLOW_ADDRESSES", f"{ADDRESS}/32")
    monkeypatch.setenv("CLINIC_CHECKER_HOSTS", f"clinic.example={ADDRESS}")


@pytest.mark.usefixtures("environment")
def test_the_commands_go_together(server: LocalServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", server.url("/", "clinic.example"), "--format", "jsonl", "--evidence", str(tmp_path)]) == 1
    said = capsys.readouterr()
    (path,) = tmp_path.iterdir()
    assert json.loads(said.out)["verdict"] == "alarm"
    assert f"Evidence: {path} (SHA-256 " in said.err
    assert json.loads(said.out)["versions"]["reading"] == "thorough"
    assert main(["verify", str(path)]) == 0
    assert "nothing differs" in capsys.readouterr().out
    path.write_bytes(TAMPERINGS["a milder verdict, hashes right"][0](path.read_bytes()))
    assert main(["verify", str(path)]) == 4
    assert 'verdict was "careful"; judged again it is "alarm"' in capsys.readouterr().out


@pytest.mark.parametrize("place", ["start", "middle", "end"])
def test_of_long_texts_the_place_that_differs_is_shown(archive: Path, tmp_path: Path, place: str) -> None:
    why = json.loads(container.unpack(archive.read_bytes())[package.REPORT])["findings"][0]["why"]
    words = why.split(" ")
    number = {"start": 0, "middle": len(words) // 2, "end": len(words) - 1}[place]
    assert len(why) > 120
    path = tmp_path / archive.name

    def change(stored: dict[str, Any]) -> None:
        stored["findings"][0]["why"] = " ".join([*words[:number], "CHANGED", *words[number + 1 :]])

    path.write_bytes(sealed(report(change))(archive.read_bytes()))
    (told,) = [each.message for each in verify(path).differences if each.message.startswith("findings[0].why was ")]
    before, after = told.removeprefix("findings[0].why was ").split("; judged again it is ")
    around = " ".join(words[max(number - 2, 0) : number])
    assert f"{around} CHANGED".strip() in before and f"{around} {words[number]}".strip() in after
    assert max(len(before), len(after)) <= 90
    assert before.startswith("...") is after.startswith("...") is (place != "start")
    assert before.endswith("...") is after.endswith("...") is (place != "end")


def test_what_was_judged_quickly_is_judged_quickly_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = Path(__file__).parent / "bench" / "long_page.html"
    reports = {}
    for reading, option in (("quick", ["--quick"]), ("thorough", [])):
        folder = tmp_path / reading
        main(["check", str(page), "--format", "jsonl", "--evidence", str(folder), *option])
        reports[reading] = json.loads(capsys.readouterr().out)
        assert reports[reading]["versions"]["reading"] == reading
        assert main(["verify", str(next(folder.iterdir()))]) == 0
        assert "nothing differs" in capsys.readouterr().out
    assert reports["quick"]["findings"] != reports["thorough"]["findings"]  # otherwise this shows nothing


@pytest.mark.usefixtures("environment")
@pytest.mark.skipif(chromium.find(SETTINGS) is None, reason="no Chromium here; .ci/run installs it")
def test_a_page_that_scripts_make_is_kept_as_it_was_read_with_a_picture(tmp_path: Path) -> None:
    text = "<p>Our FDA-approved stem cells reverse neuropathy. Book a free consultation at our clinic today.</p>"
    script = f"<!doctype html><title>Clinic</title><body><script>document.body.innerHTML = {json.dumps(text * 3)}</script>"
    with LocalServer({"/": Answer(script.encode())}) as running:
        assert main(["check", running.url("/", "clinic.example"), "--format", "jsonl", "--evidence", str(tmp_path)]) == 1
    (path,) = tmp_path.iterdir()
    assert verify(path).differences == ()
    with zipfile.ZipFile(path) as opened:
        found = {record.url: record.block for record, *_ in records.read(opened.read(package.WARC)) if record.kind == "resource"}
    pictures = [block for url, block in found.items() if url and url.startswith(package.VIEW)]
    assert [block[:8] for block in pictures] == [PNG[:8]]
    assert any(b"FDA-approved" in block for url, block in found.items() if url and url.startswith(package.KEPT))


def test_a_file_that_is_not_there_is_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(tmp_path / "none.wacz")]) == 2
    assert "cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--sample"], ["page.html", "--online"], ["clinic.example", "--site"], ["a.warc.gz"]])
def test_evidence_of_what_cannot_be_repeated_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *arguments, "--evidence", "unused"]) == 2
    assert "clinic-checker: --evidence" in capsys.readouterr().err

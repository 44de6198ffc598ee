"""Bad input on the command line: one clear line and the right code for each, and the other sources still checked.

Every case runs the command over a real server on loopback, or over real files.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import socket
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

import checker.engine
from checker.claims import pipeline
from checker.classifier import model
from checker.cli.main import main
from checker.engine import Checker
from checker.errors import ADVICE
from checker.page.markup import MAX_TAGS
from tests.server import ADDRESS, Answer, LocalServer, drip, raw, redirect

CLAIM = "Our stem cells cure neuropathy for good, and our clinic has treated hundreds of patients."
GOOD = f"<!doctype html><html lang='en'><title>Palm Clinic</title><h1>Nerve care</h1><p>{CLAIM}</p><p>Call us today.</p></html>"
GERMAN = (
    "<p>Unsere Praxis am Hafen behandelt seit zwanzig Jahren müde Füße. Wir nehmen Zellen aus dem eigenen Fett und geben sie "
    "dorthin, wo der Nerv nicht mehr will. Die meisten Gäste gehen nach wenigen Wochen wieder spazieren, und manche tanzen "
    "sogar. Rufen Sie an und fragen Sie nach einem Termin, wir nehmen uns eine ganze Stunde Zeit.</p>"
)
SHELL = "<title>Palm</title><noscript>You need to enable JavaScript.</noscript><div id='app'></div><script src='a.js'></script>"
MAX_BYTES = 200_000


def late(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(3)


ROUTES = {
    "/good": Answer(GOOD.encode()),
    "/403": Answer(b"<p>No</p>", 403),
    "/404": Answer(b"<p>Gone</p>", 404),
    "/500": Answer(b"<p>Oh</p>", 500),
    "/429": Answer(b"<p>Slowly</p>", 429),
    "/wall": Answer(b"<title>Just a moment...</title>", 403),
    "/wall-200": Answer(b"<title>Just a moment...</title><noscript>Enable JavaScript and cookies to continue</noscript>"),
    "/a": redirect("/b"),
    "/b": redirect("/a"),
    "/inside": redirect("http://127.0.0.1/"),
    "/elsewhere": redirect("ftp://palm.example/"),
    "/late": late,
    "/drip": drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"<p>a</p>"),
    "/huge": Answer(b"<p>x</p>" * (MAX_BYTES // 8 + 1)),
    "/bomb": Answer(gzip.compress(b"x" * 20_000_000), headers={"Content-Encoding": "gzip"}),
    "/bomb2": Answer(zlib.compress(b"x" * 20_000_000), headers={"Content-Encoding": "deflate"}),
    "/no-gzip": Answer(b"no gzip at all", headers={"Content-Encoding": "gzip"}),
    "/png": Answer(b"\x89PNG\r\n\x1a\n\0\0", headers={"Content-Type": "image/png"}),
    "/binary": Answer(bytes(range(256)) * 9),
    "/cut-off": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n<p>Our cel"),
    "/empty": Answer(b""),
    "/blank": Answer(b"<html><body>  &nbsp; </body></html>"),
    "/shell": Answer(SHELL.encode()),
    "/tags": Answer(b"<b>" * (MAX_TAGS + 1)),
    "/german": Answer(f"<html lang='de'><title>Hafen</title>{GERMAN}</html>".encode()),
    "/soft-404": Answer(b"<title>Page not found - Palm</title><p>Try the search.</p>"),
    "/login": Answer(b"<title>Palm</title><p>Please log in to view this page.</p>"),
    "/parked": Answer(b"<title>palm.example</title><p>This domain is for sale.</p>"),
    "/soon": Answer(b"<title>Palm</title><h1>Coming soon</h1>"),
    "/cookies": Answer(b"<title>Palm</title><p>Accept all cookies to continue</p>"),
    "/pdf": Answer(b"%PDF-1.4 nothing", headers={"Content-Type": "application/pdf"}),
}


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with LocalServer(ROUTES) as running:
        yield running


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command reach the test server, and nothing else that is special."""
    for name in [name for name in os.environ if name.startswith("CLINIC_CHECKER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CLINIC_CHECKER_ALLOW_ADDRESSES", f"{ADDRESS}/32")
    monkeypatch.setenv("CLINIC_CHECKER_HOSTS", f"palm.example={ADDRESS},inside.example=127.0.0.1,home.example=10.0.0.1")
    monkeypatch.setenv("CLINIC_CHECKER_TOTAL_TIMEOUT", "1.5")
    monkeypatch.setenv("CLINIC_CHECKER_READ_TIMEOUT", "1")
    monkeypatch.setenv("CLINIC_CHECKER_MAX_BYTES", str(3 * MAX_TAGS + 10))


@dataclass(frozen=True)
class Outcome:
    """What a call ended with: its exit code, the reports on standard output, and standard error."""

    code: int
    reports: list[dict[str, Any]]
    errors: str


PIPELINE, LOAD = cache(pipeline.Pipeline), cache(model.load)


@pytest.fixture(autouse=True)
def load_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what takes time to load over the calls."""
    monkeypatch.setattr(checker.engine, "Pipeline", PIPELINE)
    monkeypatch.setattr(model, "load", LOAD)


class Command:
    """Runs the command in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str) -> Outcome:
        code = main(list(arguments))
        out, errors = self._capsys.readouterr()
        return Outcome(code, [json.loads(line) for line in out.splitlines()], errors)

    def check(self, *sources: str) -> Outcome:
        return self("check", "--format", "jsonl", *sources)


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(capsys)


def expect_unread(outcome: Outcome, source: str, code: str) -> None:
    """Hold the call ``[source, good page]`` against what it has to end with."""
    assert outcome.code == 3
    assert outcome.errors == ""
    unread, read = outcome.reports
    assert unread["source"] == source
    assert unread["verdict"] == "could_not_read"
    error = unread["error"]
    assert (error["code"], error["advice"]) == (code, ADVICE[code])
    assert error["stage"] in ("address", "fetch", "read", "parse")
    assert error["message"].endswith(".") and "\n" not in error["message"]
    assert not any(word in error["message"] for word in ("Errno", "Traceback", "Error(", "object at"))
    assert unread["findings"] == unread["reasons"] == unread["trials"] == []
    assert "error" not in read
    assert read["verdict"] != "could_not_read"
    assert CLAIM in [finding["statement"] for finding in read["findings"]]


# -- addresses


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/403", "http_status"),
        ("/404", "http_status"),
        ("/500", "http_status"),
        ("/429", "rate_limited"),
        ("/wall", "bot_wall"),
        ("/wall-200", "bot_wall"),
        ("/a", "redirect_loop"),
        ("/inside", "private_address"),
        ("/elsewhere", "unsupported_address"),
        ("/late", "timeout"),
        ("/drip", "timeout"),
        ("/bomb", "too_large"),
        ("/bomb2", "too_large"),
        ("/no-gzip", "broken_file"),
        ("/png", "wrong_type"),
        ("/binary", "wrong_type"),
        ("/cut-off", "refused"),
        ("/empty", "empty"),
        ("/blank", "empty"),
        ("/shell", "script_only"),
        ("/tags", "too_large"),
        ("/german", "not_english"),
        ("/soft-404", "http_status"),
        ("/login", "login_wall"),
        ("/parked", "parked"),
        ("/soon", "coming_soon"),
        ("/cookies", "cookie_wall"),
        ("/pdf", "broken_file"),
    ],
)
def test_pages_that_cannot_be_read(server: LocalServer, command: Command, path: str, code: str) -> None:
    source = server.url(path)
    expect_unread(command.check(source, server.url("/good")), source, code)


def test_a_huge_body(server: LocalServer, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLINIC_CHECKER_MAX_BYTES", str(MAX_BYTES))
    expect_unread(command.check(server.url("/huge"), server.url("/good")), server.url("/huge"), "too_large")


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("http://no-such-clinic.invalid/", "unknown_host"),
        ("http://127.0.0.1/", "private_address"),
        ("http://[::1]/", "private_address"),
        ("http://10.0.0.1/", "private_address"),
        ("http://169.254.169.254/latest/meta-data", "private_address"),
        ("http://inside.example/", "private_address"),
        ("http://home.example/", "private_address"),
        ("http://0x7f.1/", "private_address"),
        ("http://", "unsupported_address"),
        ("http://palm.example:99999/", "unsupported_address"),
        ("http://ida:secret@palm.example/", "unsupported_address"),
        ("ftp://palm.example/page", "unsupported_address"),
        ("chrome://settings", "unsupported_address"),
        ("file://palm.example/page", "unsupported_address"),
    ],
)
def test_addresses_that_cannot_be_read(server: LocalServer, command: Command, source: str, code: str) -> None:
    expect_unread(command.check(source, server.url("/good")), source, code)


def test_a_refused_connection(server: LocalServer, command: Command) -> None:
    with closing(socket.socket()) as taken:
        taken.bind((ADDRESS, 0))
        source = f"http://{ADDRESS}:{taken.getsockname()[1]}/"
        expect_unread(command.check(source, server.url("/good")), source, "refused")


def test_no_tls_where_tls_is_asked_for(server: LocalServer, command: Command) -> None:
    source = server.url("/good").replace("http://", "https://")
    expect_unread(command.check(source, server.url("/good")), source, "tls")


# -- files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.html").write_text(GOOD)
    (tmp_path / "folder.html").mkdir()
    (tmp_path / "photo.html").write_bytes(b"\xff\xd8\xff\xe0\0\x10JFIF")
    (tmp_path / "zip.txt").write_bytes(b"PK\x03\x04")
    (tmp_path / "empty.html").write_text("")
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "shell.html").write_text(SHELL)
    (tmp_path / "german.txt").write_text(GERMAN.replace("<p>", "").replace("</p>", ""), encoding="utf-8")
    (tmp_path / "tags.html").write_text("<b>" * (MAX_TAGS + 1))
    (tmp_path / "huge.html").write_text("x" * (3 * MAX_TAGS + 11))
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing in it")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("folder.html", "is_directory"),
        ("missing.html", "no_such_file"),
        ("good.html/more.html", "no_such_file"),
        ("photo.html", "wrong_type"),
        ("zip.txt", "wrong_type"),
        ("empty.html", "empty"),
        ("empty.txt", "empty"),
        ("shell.html", "script_only"),
        ("german.txt", "not_english"),
        ("tags.html", "too_large"),
        ("huge.html", "too_large"),
        ("broken.pdf", "broken_file"),
        ("n" * 3_000, "broken_file"),
    ],
)
def test_files_that_cannot_be_read(folder: Path, command: Command, name: str, code: str) -> None:
    source = f"{folder}/{name}"
    expect_unread(command.check(source, f"{folder}/good.html"), source, code)


def test_a_file_without_permission(folder: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    secret, really_open = folder / "secret.html", Path.open

    def guarded(path: Path, *arguments: Any, **options: Any) -> Any:
        if path == secret:
            raise PermissionError(13, "Permission denied")
        return really_open(path, *arguments, **options)

    secret.write_text(GOOD)
    monkeypatch.setattr(Path, "open", guarded)
    expect_unread(command.check(str(secret), f"{folder}/good.html"), str(secret), "no_permission")


def test_empty_standard_input(folder: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    expect_unread(command.check("-", f"{folder}/good.html"), "-", "empty")


# -- what looks bad and is read all the same


@pytest.mark.parametrize(
    "body",
    [
        GOOD.replace("neuropathy", "neuropathy caf\xe9").encode("latin-1"),
        GOOD.encode() + b"<p>\xff\xfe\x80\x81</p>",
        GOOD.encode("utf-16"),
        GOOD.partition("<p>Call")[0].encode() + b"<p class='fi",
        GOOD.replace("<h1>", "<div>" * 5_000 + "<h1>").encode(),
        GOOD.replace("<h1>", "<b><i>" * 2_500 + "<h1>").encode(),
        GOOD.replace("<html lang='en'>", "<html lang='de'>").encode(),
        GOOD.replace("stem cells", "st\xadem c\u0435lls").encode(),
        GOOD.encode().replace(b"<h1>", b"\0\0<h1>"),
        b"\xef\xbb\xbf" + GOOD.encode(),
        gzip.compress(GOOD.encode()),
    ],
)
def test_damaged_pages_are_read(server: LocalServer, command: Command, body: bytes) -> None:
    packed = {"Content-Encoding": "gzip"} if body.startswith(b"\x1f\x8b") else {}
    server.routes["/damaged"] = Answer(body, headers={"Content-Type": "text/html", **packed})
    outcome = command.check(server.url("/damaged"))
    (report,) = outcome.reports
    assert (outcome.code, outcome.errors) == (1, "")
    assert "error" not in report
    assert any("cure neuropathy" in finding["statement"] for finding in report["findings"])


def test_a_deep_page_costs_no_more_than_a_moment(server: LocalServer, command: Command) -> None:
    server.routes["/deep"] = Answer(f"<p>Top</p>{'<div><span>' * 20_000}<p>{CLAIM}</p>".encode())
    command.check(server.url("/good"))
    begin = time.monotonic()
    outcome = command.check(server.url("/deep"))
    assert time.monotonic() - begin < 8
    assert CLAIM in [finding["statement"] for finding in outcome.reports[0]["findings"]]


@pytest.mark.parametrize(
    "text",
    [
        f"{'NCT02387749 ' * 2_000} {CLAIM}",
        f"Our study is NCT02387749. {'The NCT02387749 study of stem cells works. ' * 2_000} {CLAIM}",
        f"Take part in our trial NCT03390920 with stem cells.</p><p>{'We help you with stem cells. ' * 6_000} {CLAIM}",
        "".join(f"<p>{'Dr. ' * 395} stem cells are here.</p>" for _ in range(60)),
    ],
)
def test_text_that_repeats_itself_costs_no_more_than_a_moment(server: LocalServer, command: Command, text: str) -> None:
    server.routes["/x"] = Answer(f"<html lang=en><title>R3 Stem Cell</title><h1>R3 Stem Cell</h1><p>{text}</p>".encode())
    command.check(server.url("/good"))
    begin = time.monotonic()
    assert "error" not in command.check(server.url("/x")).reports[0]
    assert time.monotonic() - begin < 15


def test_hosts_of_the_environment(server: LocalServer, command: Command) -> None:
    source = server.url("/good", host="palm.example")
    outcome = command.check(source)
    assert outcome.code == 1
    assert outcome.reports[0]["final_url"] == source


# -- several sources


def test_all_in_one_call_in_the_order_given(server: LocalServer, folder: Path, command: Command) -> None:
    wanted = [
        (server.url("/404"), "http_status"),
        (server.url("/good"), None),
        (f"{folder}/missing.html", "no_such_file"),
        ("http://127.0.0.1/", "private_address"),
        (f"{folder}/good.html", None),
        (server.url("/shell"), "script_only"),
        (f"{folder}/folder.html", "is_directory"),
        ("ftp://palm.example", "unsupported_address"),
        (server.url("/good"), None),
    ]
    outcome = command.check(*(source for source, _ in wanted))
    assert outcome.code == 3
    assert [(r["source"], r.get("error", {}).get("code")) for r in outcome.reports] == wanted


@pytest.mark.parametrize("count", [1, 2])
def test_json_is_an_object_or_an_array(folder: Path, capsys: pytest.CaptureFixture[str], count: int) -> None:
    assert main(["check", "--format", "json", *[f"{folder}/missing.html"] * count]) == 3
    out, errors = capsys.readouterr()
    data = json.loads(out)
    assert errors == ""
    assert [r["error"]["code"] for r in (data if count > 1 else [data])] == ["no_such_file"] * count


def test_unread_wins_over_flagged_and_flagged_over_clean(folder: Path, command: Command) -> None:
    (folder / "clean.txt").write_text("The harbor was quiet on Sunday, and the bread was still warm when Ida came home.")
    clean, good, missing = f"{folder}/clean.txt", f"{folder}/good.html", f"{folder}/missing.html"
    assert [command.check(*sources).code for sources in ([clean], [clean, good], [missing, good, clean])] == [0, 1, 3]


# -- wrong use: nothing is checked


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["check"], "Nothing to check"),
        (["check", "--format", "jsonl"], "Nothing to check"),
        (["check", ""], "is empty"),
        (["check", "--colour", "x.html"], "--colour"),
        (["check", "--format", "word", "x.html"], "word"),
        (["check", "--format"], "--format"),
        (["check", "--format", "html", "a.html", "b.html"], "--to"),
        (["check", "x.html", "--to", "out"], "add --format html"),
        (["check", "x.html", "--format", "json", "--to", "out"], "add --format html"),
        (["check", "x.html", "--render", "always"], "leave it out"),
        (["inspect", "x.html"], "'inspect'. 'clinic-checker --help' shows what there is."),
        (["check", "--colour", "x.html"], "(Possible options: --url). 'clinic-checker check --help' shows what there is."),
        (["facts", "--colour"], "'clinic-checker facts --help' shows"),
        (["scan", "x.csv"], "Missing option '--to'. 'clinic-checker scan --help' shows"),
        (["rules", "Z999"], "Z999"),
    ],
)
def test_wrong_use(capsys: pytest.CaptureFixture[str], arguments: list[str], word: str) -> None:
    assert main(arguments) == 2
    out, errors = capsys.readouterr()
    assert out == ""
    assert word in errors
    assert len(errors.splitlines()) == 1 and errors.startswith("clinic-checker: ")


def test_no_command_shows_the_help_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    out, errors = capsys.readouterr()
    assert "Usage: clinic-checker" in out and errors == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CLINIC_CHECKER_TIMEOUTS", "3"),
        ("CLINIC_CHECKER_MAX_BYTES", "many"),
        ("CLINIC_CHECKER_TOTAL_TIMEOUT", ""),
        ("CLINIC_CHECKER_ALLOW_PRIVATE", "perhaps"),
    ],
)
def test_wrong_settings(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert main(["check", "--format", "jsonl", f"{folder}/good.html"]) == 2
    out, errors = capsys.readouterr()
    assert out == ""
    assert name in errors and len(errors.splitlines()) == 1


def test_a_wrong_network_is_wrong_use(
    server: LocalServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_CHECKER_ALLOW_ADDRESSES", "home")
    assert main(["check", "--format", "jsonl", server.url("/good")]) == 2
    out, errors = capsys.readouterr()
    assert out == "" and len(errors.splitlines()) == 1


# -- our own errors


def test_a_crash_is_one_line_with_an_id_and_never_1(folder: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    really_check = Checker.judge_page

    def crash(checker: Checker, page: Any) -> Any:
        if page.source.endswith("crash.html"):
            raise ZeroDivisionError("nothing divides by nothing")
        return really_check(checker, page)

    (folder / "crash.html").write_text(GOOD)
    monkeypatch.setattr(Checker, "judge_page", crash)
    outcome = command.check(f"{folder}/good.html", f"{folder}/crash.html")
    assert outcome.code == 70
    assert [report["source"] for report in outcome.reports] == [f"{folder}/good.html"]
    (line,) = outcome.errors.splitlines()
    assert "ZeroDivisionError" in line and "id" in line and "Traceback" not in line


def test_an_interruption(folder: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Checker, "judge_page", interrupt)
    assert command.check(f"{folder}/good.html").code == 130


def run(*arguments: str, before: str = "") -> subprocess.CompletedProcess[str]:
    """Run the program in a process of its own."""
    program = f"{before}\nfrom checker.cli.main import run\nrun()"
    return subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, timeout=60)


def test_exit_codes_of_the_process(folder: Path) -> None:
    unread = run("check", "--format", "jsonl", f"{folder}/missing.html", f"{folder}/good.html")
    assert (unread.returncode, unread.stderr) == (3, "")
    assert [json.loads(line)["verdict"] == "could_not_read" for line in unread.stdout.splitlines()] == [True, False]
    crash = run("check", f"{folder}/good.html", before="import checker.engine; checker.engine.Checker.check = None")
    assert (crash.returncode, crash.stdout) == (70, "")
    assert len(crash.stderr.splitlines()) == 1
    assert run("check", "--colour").returncode == 2

"""The report on a site: its verdict, each statement once with all its places, what was unread, in every format."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from checker.cli.main import main
from checker.crawl import site_report
from checker.crawl.judge import sells
from checker.reports import words
from checker.reports.site import headline
from checker.values import Failure, Label, Publisher, Report, Verdict, VerdictLevel
from tests.server import ADDRESS, Answer, LocalServer, Route
from tests.test_reports import make_block, make_finding

SITE = "www.harbour-nerve.example"
FOOTER = "Our FDA-approved stem cell therapy reverses neuropathy."
LINKS = ("/", "/neuropathy", "/faq", "/team", "/gone", "/app")
MENU = "".join(f"<a href='{path}'>{path.strip('/') or 'home'}</a> " for path in LINKS)


def page(title: str, text: str) -> Answer:
    body = f"<nav>{MENU}</nav><h1>{title}</h1><p>{text}</p><footer>{FOOTER}</footer>"
    return Answer(f"<html lang=en><title>{title}</title><body>{body}</body></html>".encode())


ROUTES: dict[str, Route] = {
    "/": page("Harbour Nerve Clinic", "Our clinic offers stem cell therapy. Book your free consultation with our doctors."),
    "/neuropathy": page("Cells for nerves", "Our stem cells repair damaged nerves and reverse your neuropathy for good."),
    "/faq": page(
        "Questions about our stem cell therapy",
        "Is it approved? This therapy is not FDA approved. Our stem cell therapy costs $5,000. Book your free consultation.",
    ),
    "/team": page("Our doctors", "Our doctors founded the clinic in 2009 and have offered stem cell therapy since."),
    "/app": Answer(b"<html><body><div id=root></div><script src=/app.js></script></body></html>"),
}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalServer]:
    monkeypatch.setenv("CLINIC_CHECKER_HOSTS", f"{SITE}={ADDRESS}")
    monkeypatch.setenv("CLINIC_CHECKER_ALLOW_ADDRESSES", f"{ADDRESS}/32")
    monkeypatch.setenv("CLINIC_CHECKER_DELAY", "0")
    monkeypatch.setenv("CLINIC_CHECKER_PAGE_CACHE", "none")
    monkeypatch.setenv("CLINIC_CHECKER_RENDER", "never")
    with LocalServer(dict(ROUTES)) as local:
        yield local


def test_one_statement_on_many_pages_is_one_finding(server: LocalServer, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["check", server.url("/", SITE), "--site", "--format", "json"])
    out, err = capsys.readouterr()
    site = json.loads(out)
    assert code == 1
    assert (site["kind"], site["verdict"], site["publisher"]) == ("site", "alarm", "provider")
    assert site["source"] == server.url("/", SITE)
    (cure,) = [f for f in site["findings"] if f["statement"] == FOOTER and f["label"] == "cure"]
    paths = [site["pages"][index]["final_url"].rsplit("/", 1)[1] for index in cure["pages"]]
    assert sorted(paths) == ["", "faq", "neuropathy", "team"]
    assert [place["page_index"] for place in cure["places"]] == cure["pages"]
    assert all(place["zone"] == "footer" and place["quote"] == "reverses neuropathy" for place in cure["places"])
    first = site["reasons"][0]
    assert first["code"] == "alarm" and first["pages"] == cure["pages"]
    assert site["findings"].index(cure) in first["findings"]
    assert "read: " in err


def test_pages_that_were_not_read_are_listed_with_their_error(server: LocalServer, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", server.url("/", SITE), "--site", "--format", "jsonl"])
    (line,) = capsys.readouterr().out.splitlines()
    unread = {page["source"].rsplit("/", 1)[1]: page["error"]["code"] for page in json.loads(line)["pages"] if "error" in page}
    assert unread == {"gone": "http_status", "app": "script_only"}


def test_a_promise_and_the_limit_on_another_page_are_shown_together(
    server: LocalServer, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["check", server.url("/", SITE), "--site", "--format", "json"])
    site = json.loads(capsys.readouterr().out)
    pairs = [note for note in site["notes"] if note["code"] == "promise_and_disclaimer"]
    assert any(FOOTER in pair["message"] and "/faq" in pair["message"] for pair in pairs)
    assert len({pair["message"] for pair in pairs}) == len(pairs)


def test_a_site_that_cannot_be_read_says_why(server: LocalServer, capsys: pytest.CaptureFixture[str]) -> None:
    server.routes = {"/": ROUTES["/app"]}
    assert main(["check", server.url("/", SITE), "--site", "--format", "json"]) == 3
    site = json.loads(capsys.readouterr().out)
    assert (site["verdict"], site["error"]["code"], site["findings"]) == ("could_not_read", "script_only", [])


def test_one_page_that_could_not_be_read_is_one(server: LocalServer, capsys: pytest.CaptureFixture[str]) -> None:
    server.routes = {**server.routes, "/app": ROUTES["/"]}
    main(["check", server.url("/", SITE), "--site"])
    assert "One page could not be read; nothing is said about it." in " ".join(capsys.readouterr().out.split())


def test_people_read_the_promise_first_and_every_page_is_listed(
    server: LocalServer, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    main(["check", server.url("/", SITE), "--site"])
    out = " ".join(capsys.readouterr().out.split())
    assert out.startswith("This site promises approval or cure for nerve damage, on 4 of 4 pages.")
    assert "2 pages could not be read; nothing is said about them." in out
    assert "On 4 pages: http://" in out and "Questions to ask" in out
    main(["check", server.url("/", SITE), "--site", "--format", "html", "--to", str(tmp_path)])
    (file,) = tmp_path.iterdir()
    html = file.read_text("utf-8")
    assert html.count("<h1>") == 1 and "<script" not in html
    assert all(server.url(path, SITE) in html for path in (*ROUTES, "/gone"))


def test_page_text_cannot_break_the_site_report(server: LocalServer, capsys: pytest.CaptureFixture[str]) -> None:
    attack = "Our stem cells reverse neuropathy</q><script>alert(1)</script>\u202e for good"
    server.routes["/neuropathy"] = page("Cells \x1b[31m", attack.replace("<", "&lt;").replace(">", "&gt;"))
    for form in ("html", "terminal"):
        main(["check", server.url("/", SITE), "--site", "--format", form])
        out = capsys.readouterr().out
        assert "<script>" not in out or form == "terminal"
        assert "\x1b" not in out and "\u202e" not in out


@pytest.mark.parametrize("name", ["page.html", "-", "ftp://clinic.example"])
def test_only_a_web_address_has_a_site(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", name, "--site"]) == 2
    assert "--site needs the address of a site" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["json", "terminal"])
def test_an_interrupted_crawl_reports_what_it_read(server: LocalServer, capsys: pytest.CaptureFixture[str], form: str) -> None:
    def interrupt(handler: BaseHTTPRequestHandler) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.5)

    server.routes["/faq"] = interrupt
    assert main(["check", server.url("/", SITE), "--site", "--format", form]) == 130
    out = " ".join(capsys.readouterr().out.split())
    assert "because the crawl was interrupted" in out and "reverses neuropathy" in out


def test_an_interrupt_before_the_first_page_only_ends(server: LocalServer, capsys: pytest.CaptureFixture[str]) -> None:
    server.routes["/"] = lambda handler: os.kill(os.getpid(), signal.SIGINT) or time.sleep(0.5)
    assert main(["check", server.url("/", SITE), "--site"]) == 130
    assert capsys.readouterr().out == ""


def test_pages_without_a_site_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "page.html", "--pages", "5"]) == 2
    assert "add --site" in capsys.readouterr().err


def test_registry_numbers_are_shown_once_with_their_pages(server: LocalServer, capsys: pytest.CaptureFixture[str]) -> None:
    for path in ("/", "/team"):
        server.routes[path] = page("Harbour Nerve Clinic", "Our stem cell therapy is registered as NCT02387749. Book now.")
    main(["check", server.url("/", SITE), "--site"])
    assert capsys.readouterr().out.count("\n  NCT02387749 (") == 1


def report(publisher: Publisher | None, level: VerdictLevel) -> Report:
    error = None if publisher else Failure(stage="fetch", code="timeout", message="", advice="")
    verdict = Verdict(level=level, publisher=publisher)
    return Report(source="x", checked_at=datetime.now(UTC), verdict=verdict, versions={}, error=error)


SELLS = report(Publisher.PROVIDER, VerdictLevel.CAUTION)
INFORMS = report(Publisher.THIRD_PARTY, VerdictLevel.INFORMATIONAL)
UNREAD = report(None, VerdictLevel.COULD_NOT_READ)


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        ([SELLS, INFORMS, INFORMS], True),
        ([SELLS, INFORMS, INFORMS, INFORMS], False),
        ([INFORMS, SELLS, SELLS], True),
        ([INFORMS, INFORMS, SELLS], False),
        ([UNREAD, SELLS], True),
        ([UNREAD, SELLS, INFORMS, INFORMS], False),
        ([UNREAD], False),
        ([SELLS, UNREAD, UNREAD, UNREAD], True),
    ],
)
def test_a_site_is_a_sellers_by_its_pages(reports: list[Report], expected: bool) -> None:
    providers = [report.verdict.publisher is Publisher.PROVIDER for report in reports if report.error is None]
    assert sells(providers, start=reports[0] is SELLS) is expected


def test_a_few_pages_of_a_seller_on_a_site_that_informs_are_pointed_out() -> None:
    site = site_report("http://news.example/", [INFORMS, INFORMS, INFORMS, SELLS])
    assert site.level is VerdictLevel.CAUTION
    (note,) = [noted for noted in site.notes if noted.note.code == "mixed_publisher"]
    assert note.pages == (3,)


@pytest.mark.parametrize(
    ("given", "said"),
    [({"shielded_by": "NCT06608134"}, words.SHIELDED_PROMISE), ({"unsure": True}, ""), (None, words.NO_PROMISE)],
)
def test_a_site_is_not_said_to_promise_nothing_where_it_promises(given: dict[str, Any] | None, said: str) -> None:
    cure = [make_finding(make_block(1, "Join our trial, which cures."), Label.CURE, **given)] if given else []
    findings = (make_finding(make_block(0, "It works."), Label.BENEFIT), *cure)
    site = site_report("http://clinic.example/", [replace(SELLS, findings=findings)])
    assert site.level is VerdictLevel.CAUTION
    told = headline(site)
    assert [text in told for text in (words.SHIELDED_PROMISE, words.NO_PROMISE)] == [
        said == words.SHIELDED_PROMISE,
        said == words.NO_PROMISE,
    ]


def test_a_page_read_for_a_person_says_that_robots_txt_was_not_asked(
    server: LocalServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    server.routes["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /", headers={"Content-Type": "text/plain"})
    main(["check", server.url("/", SITE), "--format", "json"])
    assert "robots_not_asked" in {note["code"] for note in json.loads(capsys.readouterr().out)["notes"]}
    assert server.paths() == ["/"]
    monkeypatch.setenv("CLINIC_CHECKER_RESPECT_ROBOTS", "always")
    assert main(["check", server.url("/", SITE), "--format", "json"]) == 3
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "robots"
    assert server.paths() == ["/", "/robots.txt"]


APP = """<html lang=en><head><title>Harbour Nerve Clinic</title></head><body><div id=root></div><script>
const texts = {"/": "Our clinic offers stem cell therapy. Book your free consultation with our doctors today.",
 "/treat": "Our FDA-approved stem cell therapy reverses neuropathy for good. Call our clinic to book your consultation."};
document.getElementById("root").innerHTML = "<a href='/treat'>Treatment</a><p>" + texts[location.pathname] + "</p>";
</script></body></html>"""


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no browser is installed here")
def test_a_site_made_of_scripts_is_read_in_a_browser_and_never_called_careful_without(
    server: LocalServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.routes = {"/": Answer(APP.encode()), "/treat": Answer(APP.encode())}
    assert main(["check", server.url("/", SITE), "--site", "--render", "never", "--format", "json"]) == 3
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "script_only"
    assert main(["check", server.url("/", SITE), "--site", "--render", "auto", "--format", "json"]) == 1
    site = json.loads(capsys.readouterr().out)
    assert [page["verdict"] for page in site["pages"] if page["final_url"].endswith("/treat")] == ["alarm"]

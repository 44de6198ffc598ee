"""Frames whose page is not read with the page around them are told of, and a page of hardly anything else is not read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from checker import wire
from checker.engine import Checker
from checker.page import blocks, chromium, frames, markup
from checker.page.sources import of_bytes
from checker.settings import Settings
from checker.values import Report, VerdictLevel
from tests.server import ADDRESS, Answer, LocalServer

SETTINGS = Settings(allow_addresses=(f"{ADDRESS}/32",), hosts=(("clinic.example", ADDRESS),), render="never")
SELLS = (
    "<p>Our clinic offers stem cell therapy for people with neuropathy in a quiet house by the lake. We have been in the village "
    "since 1998. Our doctors listen to every patient for an hour, and our nurses call you after your visit. You find us behind "
    "the church, with parking and a ramp.</p><p>Call 555-0131 for a visit.</p>"
)
INNER = "<p>Our stem cell therapy cures neuropathy for good. Our clinic has FDA approval for this treatment.</p>"
OTHER = "https://other.example/offer"


@pytest.fixture(scope="module")
def checker() -> Iterator[Checker]:
    with Checker(SETTINGS) as loaded:
        yield loaded


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with LocalServer() as running:
        yield running


def unread(body: str) -> tuple[str, ...]:
    page = of_bytes("https://clinic.example/a/", "a.html", body.encode(), SETTINGS)
    return frames.unread(blocks.document(markup.parse(body)), page)


def told(report: Report) -> list[str]:
    return [note.message for note in report.notes if note.code == "frame_not_read"]


@pytest.mark.parametrize(
    ("frame", "address"),
    [
        (f"<iframe src='{OTHER}'></iframe>", OTHER),
        ("<iframe src='inner#top'></iframe>", "https://clinic.example/a/inner"),
        ("<iframe src='//shop.example/x'></iframe>", "https://shop.example/x"),
        (f"<iframe src='about:blank' data-src='{OTHER}'></iframe>", OTHER),
        (f"<div class='modal'><iframe src='{OTHER}'></iframe></div>" * 2 + f"<iframe src='{OTHER}'></iframe>", OTHER),
        (f"<frameset><frame src='{OTHER}'></frameset>", OTHER),
        ("<iframe src='https://sites.google.com/view/offer'></iframe>", "https://sites.google.com/view/offer"),
    ],
)
def test_a_frame_with_a_page_of_its_own(frame: str, address: str) -> None:
    assert unread(frame) == (address,)


@pytest.mark.parametrize(
    "frame",
    [
        "<iframe></iframe>",
        "<iframe src=''></iframe>",
        "<iframe src='about:blank'></iframe>",
        "<iframe src='javascript:void(0)'></iframe>",
        "<iframe src='data:text/html,x'></iframe>",
        f"<iframe srcdoc='<p>x</p>' src='{OTHER}'></iframe>",
        f"<iframe src='{OTHER}' width=0 height=0></iframe>",
        f"<iframe src='{OTHER}' width='1px' height='1px'></iframe>",
        f"<iframe src='{OTHER}' style='display:none'></iframe>",
        f"<div hidden><iframe src='{OTHER}'></iframe></div>",
        f"<noscript><iframe src='{OTHER}'></iframe></noscript>",
        f"<div class='chat-widget'><iframe src='{OTHER}'></iframe></div>",
        "<iframe src='https://www.youtube-nocookie.com/embed/x'></iframe>",
        "<iframe src='https://player.vimeo.com/video/1'></iframe>",
        "<iframe src='https://www.google.com/maps/embed?pb=1'></iframe>",
        "<iframe src='https://maps.google.co.uk/maps?q=x'></iframe>",
        "<iframe src='https://www.google.com/recaptcha/api2/anchor'></iframe>",
        "<iframe src='https://calendly.com/palm/visit'></iframe>",
        "<iframe src='https://challenges.cloudflare.com/x'></iframe>",
    ],
)
def test_what_is_no_page_of_its_own_or_an_ordinary_embed(frame: str) -> None:
    assert unread(frame) == ()


def test_addresses_that_are_none_do_no_harm() -> None:
    assert unread("<iframe src='http://[broken'></iframe>") == ("http://[broken",)


def test_a_frame_is_told_of_with_its_address(checker: Checker, server: LocalServer) -> None:
    server.routes["/"] = Answer(f"<title>Lake Clinic</title>{SELLS}<iframe src='{OTHER}' title='Our therapy'></iframe>".encode())
    report = checker.check(server.url("/"))
    assert report.error is None and len(told(report)) == 1
    assert told(report)[0].endswith(OTHER)


def test_a_page_that_shows_hardly_anything_else_is_not_read(checker: Checker, server: LocalServer) -> None:
    body = "<title>Lake Stem Cell Clinic</title><p>Welcome to our stem cell clinic.</p><iframe src='/inner'></iframe>"
    server.routes["/"] = Answer(body.encode())
    report = checker.check(server.url("/"))
    assert report.verdict.level is VerdictLevel.COULD_NOT_READ
    assert report.error is not None and report.error.code == "empty"
    assert server.url("/inner") in report.error.message and server.url("/inner") in report.error.advice
    without = checker.check_html(body.replace("/inner", "https://www.youtube.com/embed/x"))
    assert without.error is None


def test_a_promise_beside_a_frame_is_judged(checker: Checker) -> None:
    body = f"<p>Our clinic's stem cells cure neuropathy. Book your visit.</p><iframe src='{OTHER}'></iframe>"
    report = checker.check_html(body)
    assert report.verdict.level is VerdictLevel.ALARM and len(told(report)) == 1


@pytest.mark.skipif(chromium.find(Settings()) is None, reason="no Chromium here; .ci/run installs it")
@pytest.mark.parametrize("around", [SELLS, "<p>Welcome to our stem cell clinic.</p>"])
def test_a_frame_of_the_same_site_is_read_in_a_browser(server: LocalServer, around: str) -> None:
    server.routes["/"] = Answer(f"<title>Lake Clinic</title>{around}<iframe src='/inner'></iframe>".encode())
    server.routes["/inner"] = Answer(INNER.encode())
    with Checker(Settings(**{**vars(SETTINGS), "render": "auto"})) as checker:
        report = checker.check(server.url("/", "clinic.example"))
    found = wire.to_dict(report)["findings"]
    assert report.verdict.level is VerdictLevel.ALARM and told(report) == []
    assert {finding["label"] for finding in found} >= {"cure", "fda_approved"}
    assert {finding["place"]["needs_script"] for finding in found if finding["label"] == "cure"} == {None}


@pytest.mark.skipif(chromium.find(Settings()) is None, reason="no Chromium here; .ci/run installs it")
def test_where_the_browser_fails_the_page_is_judged_as_it_came(server: LocalServer) -> None:
    server.routes["/"] = Answer(f"<title>Lake Clinic</title>{SELLS}<iframe src='/inner'></iframe>".encode())
    with Checker(Settings(**{**vars(SETTINGS), "render": "auto", "browser_path": "/bin/false"})) as checker:
        report = checker.check(server.url("/"))
    assert report.error is None and len(told(report)) == 1
    assert "render_failed" in [note.code for note in report.notes]

"""The way through the page for patients without JavaScript, on a real server."""

from __future__ import annotations

import re
import socket
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import fields
from html import unescape
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from checker.cli.main import main
from checker.errors import SettingsError
from checker.page import chromium
from checker.reports import words
from checker.settings import WebSettings
from checker.web import speech, told
from checker.web.keep import Asked, CheckStore, Given, State, dump, load
from checker.web.view import MOST_BLOCKS
from tests import web_states
from tests.server import Answer, LocalServer, drip
from tests.test_engine import ARTICLE
from tests.web_site import SETTINGS, Site, judge

PAGE = """<!doctype html><html lang="en"><title>Elmfield Nerve Clinic</title><h1>Stem cells for neuropathy</h1>
<p>Our stem cell therapy reverses neuropathy for good. It may not help everyone. Book your visit today.</p></html>"""
TEXT = "Our clinic offers FDA-approved stem cell therapy that reverses neuropathy. Book your free consultation today."


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with Site(tmp_path_factory.mktemp("web")) as running:
        yield running


@pytest.fixture(scope="module")
def clinic() -> Iterator[LocalServer]:
    empty = Answer(b"<!doctype html><html lang='en'><title>Empty</title><body></body></html>")
    with LocalServer(
        {"/": Answer(PAGE.encode()), "/empty": empty, "/slow": drip(b"HTTP/1.1 200 OK\r\n\r\n", b"<p>slow", times=120)}
    ) as running:
        yield running


def headline(page: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page, re.DOTALL)
    assert found
    return found[1]


def ident(path: str) -> str:
    return path.split("/")[2].split("?")[0]


def test_the_start_page_says_what_the_tool_is_not(site: Site) -> None:
    page = site.get("/").text
    assert '<textarea id="what"' in page
    assert "It does not judge people" in page
    assert "not medical or legal advice" in page


def test_a_page_can_be_said_to_be_a_sellers(site: Site) -> None:
    page = site.report(file=("article.html", ARTICLE.encode()))
    assert headline(page).startswith("This page informs")
    again = re.search(r'href="(/\?[^"]*seller=yes[^"]*)"', page)
    assert again and " checked" in site.get(again[1].replace("&amp;", "&")).text
    told = site.report(file=("article.html", ARTICLE.encode()), seller="yes")
    assert headline(told).startswith("This page promises") and "whoever asked for the check said so" in told
    assert " checked" in site.post("/checks", files={"what": (None, "x y"), "seller": (None, "yes")}).text


def test_a_pasted_text_that_is_checked_again_stands_in_the_box(site: Site) -> None:
    text = re.sub(r"<[^>]*>", "\n\n", ARTICLE).strip()
    page = site.report(text)
    assert headline(page).startswith("This page informs")
    again = re.search(r'href="(/\?[^"]*seller=yes[^"]*)"', page)
    assert again
    box = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", site.get(unescape(again[1])).text, re.DOTALL)
    assert box and unescape(box[1]).split() == text.split()
    assert "<textarea" in site.get("/?again=nothing-of-this-name").text
    page = site.report(text, url="https://clinic.example/article")
    again = re.search(r'href="(/\?[^"]*seller=yes[^"]*)"', page)
    assert again and 'value="https://clinic.example/article"' in site.get(unescape(again[1])).text
    assert "We did not keep the file" in site.report(file=("article.html", ARTICLE.encode()))


def test_a_page_without_a_product_says_what_can_be_checked_and_asked(site: Site) -> None:
    page = site.report(file=("nails.html", web_states.NAILS.encode()))
    assert headline(page).startswith("We found no stem cell")
    assert "Does the clinic write about the treatment on another page?" in page
    assert all(question in unescape(page) for question in words.QUESTIONS_OUT_OF_SCOPE)


@pytest.mark.parametrize("code", ["not_english", "redirect_loop", "http_status", "wrong_type", "empty", "login_wall"])
def test_the_advice_on_a_page_that_was_not_read_can_be_followed(code: str) -> None:
    for uploaded in (False, True):
        advice = told.advice(code, uploaded=uploaded)
        assert "paste" in advice and "save it" not in advice


def test_what_is_known_of_nerves_is_named_as_such_beside_words_on_something_else(site: Site) -> None:
    knees = web_states.page("Stem cells for knees", "Our stem cell injections cure knee arthritis and rebuild cartilage.")
    path = web_states.checked(site, knees)
    for page in (site.get(path).text, site.get(f"{path}/report.html").text):
        cards = BeautifulSoup(page, "html.parser").select(".card")
        assert cards and words.NERVES_ONLY in cards[0].get_text()
    assert words.NERVES_ONLY not in site.get(web_states.checked(site, web_states.ALARM)).text


def test_a_shared_address_among_words_is_an_address(site: Site, clinic: LocalServer) -> None:
    page = site.report(f"Great neuropathy treatment near me {clinic.url('/')}")
    assert headline(page).startswith("This page promises to") and "Elmfield" in page


@pytest.mark.parametrize(
    "words",
    [
        "My doctor sent me this: {} - is it good?",
        "Please check {} for me",
        "Hi, a neighbour told me about this clinic. I would like to know if it is any good, thank you: {}",
    ],
)
def test_an_address_among_words_is_read_and_the_words_are_said_not_to_be(site: Site, clinic: LocalServer, words: str) -> None:
    page = site.report(words.format(f"clinic.example:{clinic.port}/"))
    assert headline(page).startswith("This page promises to") and "Elmfield" in page
    assert "We did not judge the words that came with this address." in page
    assert "We did not judge the words" not in site.report(clinic.url("/"))


@pytest.mark.parametrize(
    ("words", "sellers"),
    [
        ("Our FDA-approved stem cell therapy cures neuropathy for good! Book your visit at our clinic: {}", ""),
        ("Stem cells cure neuropathy! FDA approved! {}", "yes"),
    ],
)
def test_a_pasted_advertisement_is_judged_and_its_link_is_said_not_to_be_read(
    site: Site, clinic: LocalServer, words: str, sellers: str
) -> None:
    asked = len(clinic.requests)
    page = site.report(words.format(clinic.url("/")), seller=sellers)
    assert headline(page).startswith("This page promises")
    assert "Elmfield" not in page and len(clinic.requests) == asked
    link = re.search(r'We did not read the page that this text links to\. <a href="(/\?[^"]*)"', page)
    assert link and f"\n{clinic.url('/')}</textarea>" in site.get(link[1].replace("&amp;", "&")).text


def test_a_single_promise_is_judged(site: Site) -> None:
    assert headline(site.report("Our stem cells cure neuropathy.")).startswith("This page promises to cure")


@pytest.mark.parametrize(
    "words",
    [
        "Sun Nerve Clinic Tampa",
        "Sun Nerve stem cell clinic Tampa",
        "nova pain relief clinic tampa",
        "what is this clinic",
        "Do stem cells cure neuropathy?",
        "Stem cell therapy for neuropathy",
    ],
)
@pytest.mark.parametrize("seller", ["", "yes"])
def test_a_name_or_a_question_is_not_judged(site: Site, words: str, seller: str) -> None:
    answer = site.post("/checks", files={"what": (None, words), "seller": (None, seller)})
    assert answer.status_code == 422
    assert "Please paste a web address or a longer text." in answer.text and f"\n{words}</textarea>" in answer.text
    assert site.post("/api/checks", json={"text": words}).json()["error"]["code"] == "few"


@pytest.mark.parametrize(
    "form",
    [
        *("{}.", "{},", "({})", "<{}>", '"{}"', "“{}”", "Look: {}!", "[the page]({})", "{} {}", "see:{}"),
        *("\u200b{}\u200b", "\u202a{}\u202c", "See \u2066{}\u2069"),
    ],
)
def test_an_address_as_it_stands_in_a_sentence(site: Site, clinic: LocalServer, form: str) -> None:
    clinic.requests.clear()
    page = site.report(form.replace("{}", clinic.url("/")))
    assert headline(page).startswith("This page promises to") and clinic.paths() == ["/"]


@pytest.mark.parametrize("start", ["http:/", "http//", "HTTP://", "http:", "http:///", "http:\\\\"])
def test_an_address_with_a_slip_in_its_beginning(site: Site, clinic: LocalServer, start: str) -> None:
    assert headline(site.report(clinic.url("/").replace("http://", start))).startswith("This page promises to")


def test_an_address_broken_over_two_lines_is_put_together_where_it_is_plain(site: Site, clinic: LocalServer) -> None:
    clinic.requests.clear()
    for text in (f"{clinic.url('/')}\nneuropathy", f"{clinic.url()[:-1]}\n/neuropathy\n"):
        assert headline(site.report(text)) == "We could not read this page: the site answered with an error."
    assert clinic.paths() == ["/neuropathy", "/neuropathy"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("https://clinic.example/neuro\npathy", "One address seems to stand in two lines."),
        ("https://clinic.example/ https://other.example/", "There is more than one address here."),
        ("clinic.example or other.example", "There is more than one address here."),
        ("info@clinic.example", "This is an e-mail address."),
        ("mail info@clinic.example", "This is an e-mail address."),
        ("555-0101", "This is a phone number."),
        ("call (555) 555-0101", "This is a phone number."),
    ],
)
def test_what_is_no_one_address_is_told_as_what_it_is(site: Site, given: str, said: str) -> None:
    answer = site.post("/checks", files={"what": (None, given)})
    assert answer.status_code == 422 and said in answer.text


def test_the_field_for_an_address_alone_is_the_address(site: Site, clinic: LocalServer) -> None:
    assert headline(site.report(url=clinic.url("/"))).startswith("This page promises to")
    answer = site.post("/checks", files={"what": (None, ""), "url": (None, "no address")})
    assert answer.status_code == 422 and 'value="no address"' in answer.text
    both = {"what": (None, clinic.url("/")), "url": (None, "https://other.example/")}
    assert "There is more than one address here." in site.post("/checks", files=both).text
    assert 'href="https://clinic.example/nerves' in site.report(TEXT, url="clinic.example/nerves")


def test_a_file_and_an_address_in_the_box(site: Site) -> None:
    page = site.report("https://clinic.example/nerves", file=("saved.html", PAGE.encode()))
    assert headline(page).startswith("This page promises to") and 'href="https://clinic.example/nerves' in page
    assert "We read what you gave here. We did not fetch the page from its address." in page
    for what, said in ((TEXT, "You gave a file and a text."), ("a.example b.example", "There is more than one address here.")):
        parts = {"what": (None, what), "page": ("saved.html", PAGE.encode())}
        answer = site.post("/checks", files=parts)
        assert answer.status_code == 422 and said in answer.text


def test_an_uploaded_page_may_come_with_its_address(site: Site) -> None:
    path = site.ask(file=("saved.html", PAGE.encode()), url="clinic.example/nerves").split("?")[0]
    assert 'href="https://clinic.example/nerves' in site.ended(path)
    assert "Page: https://clinic.example/nerves" in site.get(f"{path}/complaint?checked=yes&q=1").text
    assert site.post("/checks", files={"page": ("a.html", PAGE.encode()), "url": (None, "no address")}).status_code == 422


def test_an_upload_that_cannot_be_read_is_not_to_be_uploaded_again(site: Site) -> None:
    page = site.report(file=("shell.html", b"<html><body><div id=app></div><script src=a.js></script></body></html>"))
    assert "copy it and paste it" in page and "upload the file here" not in page


def test_pasted_text_keeps_its_headings(site: Site) -> None:
    text = "Stem cells for neuropathy\n\nOur stem cell injections end the pain for good.\n\nBook your visit at our clinic."
    page = site.report(text)
    assert headline(page) == "This page promises to cure or end nerve damage, in one statement."


def test_an_address(site: Site, clinic: LocalServer) -> None:
    page = site.report(clinic.url("/"))
    assert headline(page).startswith("This page promises to")
    assert "Elmfield Nerve Clinic" in page
    assert f'href="{clinic.url("/")}#:~:text=' in page


def test_an_address_without_a_scheme_is_tried_with_https_then_http(site: Site, clinic: LocalServer, tmp_path: Path) -> None:
    bare = clinic.url("/").removeprefix("http://")
    path = site.ask(bare)
    page = site.ended(path)
    assert headline(page).startswith("This page promises to")
    assert f'href="{clinic.url("/")}"' in page
    saved = tmp_path / "evidence.wacz"
    saved.write_bytes(site.get(f"/checks/{ident(path)}/evidence.wacz").content)
    assert main(["verify", str(saved)]) == 0
    made = site.post("/api/checks", json={"address": bare}).json()["id"]
    assert headline(site.ended(f"/checks/{made}")).startswith("This page promises to")


def test_a_page_at_another_host_than_the_one_given_is_said_to_be_there(site: Site) -> None:
    with LocalServer({"/new": Answer(PAGE.encode()), "/login": Answer(b"<html lang='en'><p></p></html>")}) as clinic:
        for path in ("/new", "/login"):
            clinic.routes[f"/old{path}"] = Answer(status=301, headers={"Location": clinic.url(path)})
            clinic.routes[f"/near{path}"] = Answer(status=301, headers={"Location": path})
        for path in ("/new", "/login"):
            moved = site.report(clinic.url(f"/old{path}", host="clinic.example"))
            assert f"The address that was given is at clinic.example. It led us on to {clinic.address}." in moved
            assert "The address that was given" not in site.report(clinic.url(f"/near{path}"))


def test_a_text(site: Site) -> None:
    assert "an approved treatment" in site.report(TEXT)


def test_a_saved_page(site: Site) -> None:
    assert headline(site.report(file=("page.html", PAGE.encode()))).startswith("This page promises to")


def test_the_sample(site: Site) -> None:
    page = site.report(sample="yes")
    assert "Quillbrook Nerve Center" in page
    order = ["strongest", "careful", "leans", "trials", "questions", "page", "judged", "keep"]
    places = [page.index(f'<h2 id="{name}">') for name in order]
    assert places == sorted(places)


def test_a_page_that_cannot_be_read_is_never_called_careful(site: Site, clinic: LocalServer) -> None:
    page = site.report(clinic.url("/nothing"))
    assert headline(page) == "We could not read this page: the site answered with an error."
    assert "We did not read the page, so we say nothing about it." in page


@pytest.mark.parametrize("address", ["http://127.0.0.1/", "http://10.0.0.8/", "http://[::1]/", "http://169.254.169.254/latest"])
def test_private_addresses_are_not_read(site: Site, address: str) -> None:
    assert headline(site.report(address)) .startswith("We could not read this page: the address is in a private network")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "Please paste an address"),
        ("neuropathy", "This is no web address"),
        ("ftp://clinic.example/", "This is no web address"),
        ("https://user:pass@clinic.example/", "This is no web address"),
        ("Stem cells work", "This text is very short"),
    ],
)
def test_what_cannot_be_checked_stays_in_the_box(site: Site, given: str, said: str) -> None:
    answer = site.post("/checks", files={"what": (None, given)})
    assert answer.status_code == 422
    assert said in answer.text
    assert f"\n{given}</textarea>" in answer.text


def test_a_text_that_is_too_long_is_never_cut(site: Site) -> None:
    text = "We wish all our patients a good day. " * 6_000 + "Our FDA-approved stem cells cure neuropathy."
    for _ in range(2):
        answer = site.post("/checks", files={"what": (None, text)})
        assert "This text is too long" in answer.text
        box = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", answer.text, re.DOTALL)
        assert box
        text = unescape(box[1])
    assert text.endswith("Our FDA-approved stem cells cure neuropathy.")
    answer = site.post("/checks", files={"what": (None, text * 6)})
    assert answer.status_code == 413 and "This is too large" in answer.text


def test_what_the_spanish_form_sends_is_answered_in_spanish(site: Site) -> None:
    form = re.search(r'action="(/checks[^"]*)"', site.get("/?lang=es").text)
    assert form
    for given in (site.web.page_bytes + 1_000, site.web.page_bytes * 3):
        answer = site.post(unescape(form[1]), files={"page": ("page.html", b"x" * given)})
        assert answer.headers["Content-Language"] == "es" and "es muy grande" in answer.text
    assert "lang=es" in site.post(unescape(form[1]), files={"what": (None, TEXT)}).headers["Location"]


@pytest.mark.parametrize("text", [f"{TEXT}\x00", f"\x07\x07 {TEXT} \x07", f"RIFF {TEXT}", f"%PDF-{TEXT}", f"{{\\rtf {TEXT}"])
def test_a_pasted_text_is_read_as_text_whatever_it_begins_like(site: Site, text: str) -> None:
    assert headline(site.report(text)).startswith("This page promises to reverse nerve damage")


def test_a_web_page_that_its_server_calls_plain_text_is_read_as_a_web_page(site: Site) -> None:
    with LocalServer({"/": Answer(PAGE.encode(), headers={"Content-Type": "text/plain"})}) as clinic:
        page = site.report(clinic.url("/"))
    assert headline(page).startswith("This page promises to") and "&lt;p&gt;" not in page


def test_the_text_to_send_says_what_was_checked(site: Site) -> None:
    for path, said in (
        (site.ask(TEXT), "Page: a text that was pasted; its address was not given"),
        (site.ask(TEXT, url="https://clinic.example/x"), "Page: https://clinic.example/x"),
        (site.ask(sample="yes"), "an invented page; it is nothing to report"),
    ):
        site.ended(path)
        assert said in unescape(site.get(f"/checks/{ident(path)}/complaint?checked=yes&q=1&q=2").text)


def test_every_link_to_a_mark_leads_to_one(site: Site) -> None:
    path = web_states.checked(site, web_states.MANY)
    labels = re.findall(r"[?&;]show=(\w+)#page", site.get(path).text)
    assert len(labels) > 2
    for query in ("", *(f"?show={label}" for label in labels)):
        page = BeautifulSoup(site.get(f"{path}{query}").text, "html.parser")
        for link in page.select('a[href*="#q"]'):
            at, _, mark = str(link["href"]).partition("#")
            shown = BeautifulSoup(site.get(f"{path}{at}").text, "html.parser") if at else page
            assert shown.find(id=mark), f"{query}: {link['href']}"


def test_no_link_leads_to_a_mark_behind_the_end_of_what_is_shown(site: Site) -> None:
    paragraphs = "\n\n".join(f"We open at nine on day {n} of the year." for n in range(MOST_BLOCKS))
    page = site.report(f"{paragraphs}\n\n{TEXT}")
    assert "The page goes on." in page and headline(page).startswith("This page promises to reverse")
    assert not re.search(r'href="#q\d', page) and "See it in the text below" not in page


def test_deleting_is_for_good(site: Site) -> None:
    path = site.ask("Our clinic's zirconium lamps and stem cell therapy reverse neuropathy. Book your visit today.")
    assert "zirconium" in site.get(path).text
    assert site.post(f"/checks/{ident(path)}/delete").headers["Location"].startswith("/deleted")
    assert "The report is gone" in site.get("/deleted").text
    assert site.get(path).status_code == 404
    folder = Path(site.web.store).parent
    assert [file.name for file in folder.iterdir() if b"zirconium" in file.read_bytes()] == []


def test_a_check_can_be_stopped(site: Site, clinic: LocalServer) -> None:
    path = site.ask(clinic.url("/slow"))
    page = site.get(path).text
    assert 'http-equiv="refresh"' in page
    assert "We fetch and read the page." in page
    assert site.post(f"/checks/{ident(path)}/cancel").status_code == 303
    assert headline(site.get(path).text) == "You stopped this check"


@pytest.mark.parametrize("kind", ["json", "jsonl", "html"])
def test_downloads(site: Site, kind: str) -> None:
    path = site.ask(TEXT)
    site.get(path)
    answer = site.get(f"/checks/{ident(path)}/report.{kind}")
    assert answer.status_code == 200
    assert "reverses neuropathy" in answer.text
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_what_says_nothing_of_the_page_stands_in_the_technical_part(site: Site, clinic: LocalServer) -> None:
    page = BeautifulSoup(site.report(clinic.url("/")), "html.parser")
    told = page.find(string=re.compile("the site's robots.txt was not asked"))
    assert told and told.find_parent(attrs={"aria-labelledby": "judged"}) and told.find_parent("details")
    unlooked = page.find(attrs={"aria-labelledby": "unlooked"})
    assert unlooked and "robots.txt" not in unlooked.get_text()


def test_a_card_names_each_source_once(site: Site) -> None:
    page = BeautifulSoup(site.get(web_states.checked(site, web_states.ALARM)).text, "html.parser")
    for card in page.select(".card"):
        listed = [str(link["href"]) for link in card.select(".sources a")]
        assert listed and len(listed) == len(set(listed))


@pytest.mark.parametrize(("language", "also"), [("en", "Also: "), ("es", "También: ")])
def test_a_card_names_the_labels_for_which_it_has_no_room(site: Site, language: str, also: str) -> None:
    path = site.ask("Clinically proven, FDA-approved stem cells at our clinic cure neuropathy with no side effects.").split("?")[
        0
    ]
    site.ended(path)
    findings = site.app.state.store.report(path[8:]).findings
    labels = {words.LABELS[finding.label] for finding in findings if finding.statement.index == findings[0].statement.index}
    card = BeautifulSoup(site.get(f"{path}?lang={language}").text, "html.parser").select(".card .beside")[0].get_text(" ")
    assert len(labels) > 2
    assert also in card
    assert all(speech.say(language, label)[1:] in card for label in labels)


def test_where_no_page_was_judged_there_is_no_evidence_and_no_rate_of_errors(site: Site, clinic: LocalServer) -> None:
    unread = site.report(clinic.url("/empty"))
    assert "We could not read this page" in unread and "Download the page as evidence" not in unread
    assert "Real pages are harder" not in site.report(file=("nails.html", web_states.NAILS.encode()))
    assert "Real pages are harder" in site.report(TEXT)


def test_the_evidence_of_an_address_can_be_verified(site: Site, clinic: LocalServer, tmp_path: Path) -> None:
    path = site.ask(clinic.url("/"))
    assert "Download the page as evidence" in site.get(path).text
    saved = tmp_path / "evidence.wacz"
    saved.write_bytes(site.get(f"/checks/{ident(path)}/evidence.wacz").content)
    assert main(["verify", str(saved)]) == 0
    text = site.ask(TEXT)
    site.get(text)
    assert site.get(f"/checks/{ident(text)}/evidence.wacz").status_code == 404


@pytest.mark.skipif(chromium.find(SETTINGS) is None, reason="no Chromium here; .ci/run installs it")
def test_a_page_that_scripts_make_is_read_in_a_browser(site: Site) -> None:
    words = PAGE[PAGE.index("<h1>") :].replace("</html>", "").replace("\n", " ")
    shell = f"<!doctype html><html lang='en'><title>Elmfield</title><p id='root'></p><script>root.outerHTML = {words!r}</script>"
    with LocalServer({"/": Answer(shell.encode())}) as clinic:
        page = site.report(clinic.url("/"))
    assert headline(page).startswith("This page promises to")


@pytest.mark.skipif(chromium.find(SETTINGS) is None, reason="no Chromium here; .ci/run installs it")
def test_a_page_in_a_frame_of_the_same_site_is_read_in_a_browser(site: Site) -> None:
    around = "<title>Elmfield</title><h1>Elmfield Clinic</h1><iframe src='/inner'></iframe>"
    with LocalServer({"/": Answer(around.encode()), "/inner": Answer(PAGE.encode())}) as clinic:
        page = site.report(clinic.url("/"))
    assert headline(page).startswith("This page promises to")


@pytest.mark.parametrize(
    ("language", "said", "check"),
    [
        ("en", "A part of this page is in a frame. We did not read that part.", "Check "),
        ("es", "Una parte de esta página está en un marco. No leímos esa parte.", "Revisar "),
    ],
)
def test_a_frame_that_was_not_read_is_told_at_the_top_with_its_address(site: Site, language: str, said: str, check: str) -> None:
    body = PAGE.replace("</html>", "<iframe src='https://offers.example/inner'></iframe></html>")
    page = BeautifulSoup(site.report(file=("page.html", body.encode()), language=language), "html.parser")
    top = page.select("header .alongside")[0]
    assert said in top.get_text()
    assert top.find("a", string=f"{check}https://offers.example/inner")
    assert "/inner" not in page.select("main")[0].get_text()


def test_a_page_that_is_hardly_more_than_a_frame_leads_to_the_frame(site: Site) -> None:
    body = (
        b"<title>Lake Stem Cells</title><p>Welcome to our stem cell clinic.</p><iframe src='https://offers.example/a'></iframe>"
    )
    page = BeautifulSoup(site.report(file=("page.html", body)), "html.parser")
    assert page.select("body.unread")
    assert page.select("header .alongside")[0].find("a", string="Check https://offers.example/a")


def test_a_report_survives_the_store_unchanged() -> None:
    report = judge().check_html(PAGE.replace("today", "today \ud83d &#x202e;"), url="https://clinic.example/")
    again = load(dump(report))
    assert again.findings == report.findings
    assert again.blocks == report.blocks
    assert again.verdict == report.verdict


def test_a_stop_in_the_middle_loses_no_check(tmp_path: Path, clinic: LocalServer) -> None:
    with Site(tmp_path) as first:
        done, broken = first.ask(TEXT), first.ask(clinic.url("/slow"))
        first.get(done)
    with Site(tmp_path) as second:
        assert "an approved treatment" in second.get(done).text
        assert second.app.state.store.get(ident(broken)) is not None
        second.app.state.store.delete(ident(broken))


def test_what_waited_is_done_after_a_start(tmp_path: Path) -> None:
    store = CheckStore(tmp_path / "web.sqlite")
    waiting = store.add(Asked(kind=Given.TEXT, name="text", body=TEXT.encode()))
    half = store.add(Asked(kind=Given.SAMPLE, name="sample"))
    store.move(half, State.JUDGING)
    store.close()
    with Site(tmp_path) as site:
        assert "an approved treatment" in site.ended(f"/checks/{waiting}")
        assert "Quillbrook" in site.ended(f"/checks/{half}")


def test_visitors_at_once_get_their_own_reports(site: Site) -> None:
    def visit(number: int) -> bool:
        page = site.report(f"Marker{number}x. {TEXT}")
        return "This page promises" in page and set(re.findall(r"Marker(\d+)x", page)) == {str(number)}

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(visit, range(16)))


def test_old_checks_go(tmp_path: Path) -> None:
    store = CheckStore(tmp_path / "web.sqlite")
    assert store.oldest() is None
    name = store.add(Asked(kind=Given.SAMPLE, name="sample"))
    assert time.time() - 5 < (store.oldest() or 0) <= time.time()
    assert store.delete_older(hours=1) == 0
    time.sleep(0.01)
    assert store.delete_older(hours=0) == 1
    assert store.get(name) is None
    store.close()


def test_the_command_refuses_private_addresses(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("CLINIC_CHECKER_ALLOW_PRIVATE", "1")
    assert main(["serve"]) == 2
    assert "never reads private addresses" in capsys.readouterr().err


@pytest.mark.parametrize("options", [[], ["--watch-port"]])
def test_a_port_in_use_is_one_clear_line(capsys: pytest.CaptureFixture[str], options: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        ports = ["--port", "0", *options, port] if options else ["--port", port]
        assert main(["serve", *ports]) == 2
    said = capsys.readouterr().err
    assert said == f"clinic-checker: The port {port} of 127.0.0.1 cannot be had: another program uses it; give another one.\n"


def test_the_manual_names_every_setting_of_the_page() -> None:
    manual = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    table = manual.partition("| `CLINIC_CHECKER_WEB_...`")[2].partition("\n\n")[0]
    assert set(re.findall(r"`([A-Z_]+)`", table)) == {field.name.upper() for field in fields(WebSettings)}


def test_the_tests_settings_leave_loopback_shut() -> None:
    assert not SETTINGS.allow_private


def test_a_file_of_checks_of_another_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "web.sqlite"
    with closing(sqlite3.connect(path)) as old:
        old.execute("CREATE TABLE checks (id TEXT PRIMARY KEY)")
    with pytest.raises(SettingsError, match="another version: move it away"):
        CheckStore(path)
    path.unlink()
    CheckStore(path).close()
    CheckStore(path).close()

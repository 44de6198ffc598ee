"""A fingerprint stays when only markup, punctuation or the way to the page changes, and changes with what is said."""

from __future__ import annotations

import pytest

import checker
from checker import wire
from checker.crawl.site import fold
from checker.fingerprint import LENGTH, clean_address, fingerprint, lines, page_key, words

SAID = "Our stem cells reverse neuropathy for good."
PAGE = "https://www.clinic.example/neuropathy/"


@pytest.mark.parametrize(
    "same",
    [
        "Our stem cells reverse neuropathy for good!",
        "OUR STEM CELLS REVERSE NEUROPATHY — for good",
        "  Our\u00a0stem   cells “reverse” neuro\u00adpathy for good… ",
        "Our stem\u200bcells reverse neuropathy for good.".replace("\u200b", " "),
    ],
)
def test_signs_case_and_space_do_not_count(same: str) -> None:
    assert fingerprint("cure", same, PAGE) == fingerprint("cure", SAID, PAGE)


@pytest.mark.parametrize(
    "page",
    [
        "http://clinic.example/neuropathy",
        "https://clinic.example/neuropathy/#price",
        "https://clinic.example/neuropathy/index.html?utm_source=mail&sessionid=9&token=1",
        "https://clinic.example/neuropathy?msclkid=1&fbclid=2&srsltid=3&_hsenc=4&MC_EID=5",
    ],
)
def test_the_way_to_a_page_does_not_count(page: str) -> None:
    assert fingerprint("cure", SAID, page) == fingerprint("cure", SAID, PAGE)


def test_label_words_and_page_count() -> None:
    one = fingerprint("cure", SAID, PAGE)
    others = {
        fingerprint("benefit", SAID, PAGE),
        fingerprint("cure", SAID.replace("for good", "mostly"), PAGE),
        fingerprint("cure", SAID, "https://clinic.example/knees"),
        fingerprint("cure", SAID, "https://other.example/neuropathy"),
    }
    assert one not in others and len(others) == 4
    assert len(one) == LENGTH


def test_numbers_shares_and_prices_count() -> None:
    assert words("87% of patients") != words("87 of patients")
    assert words("$5,000") == "$ 5 000"


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://a.example/p?utm_source=x&id=7#top", "https://a.example/p?id=7"),
        ("https://a.example/p?session=1&sig=2&auth_token=3", "https://a.example/p"),
        ("https://a.example/p?design=2&utm=1", "https://a.example/p?design=2&utm=1"),
        ("https://a.example/p?q=a%20b&token", "https://a.example/p?q=a%20b"),
        ("page.html", "page.html"),
        ("http://[broken", "http://[broken"),
    ],
)
def test_addresses_are_cleaned_of_visits(url: str, clean: str) -> None:
    assert clean_address(url) == clean


@pytest.mark.parametrize("name", ["srsltid", "_hsenc", "mc_eid", "utm_id", "session", "auth_token", "x-sig", "PHPSESSID", "sid"])
def test_a_crawl_and_a_fingerprint_leave_out_the_same(name: str) -> None:
    address = "https://clinic.example/neuropathy"
    asked = f"{address}?{name}=1"
    assert clean_address(asked) == fold(asked) == address
    assert clean_address(f"{address}?design={name}") == fold(f"{address}?design={name}") != address


def test_the_fingerprint_of_an_address_without_a_visit_is_the_one_that_databases_hold() -> None:
    address = "https://www.clinic.example/neuropathy/?b=2&a=1#top"
    assert page_key(address) == "clinic.example/neuropathy?a=1&b=2"
    assert fingerprint("cure", SAID, address) == "a05b9c93e9a482b5"


def test_parameters_may_come_in_any_order() -> None:
    assert page_key("https://a.example/?b=2&a=1") == page_key("http://www.a.example?a=1&b=2") == "a.example?a=1&b=2"
    assert page_key("notes/page.html") == "notes/page.html"


def test_a_text_holds_a_statement_only_whole() -> None:
    text = "\n" + lines("Stem cells help. “Our cells cure neuropathy!” Ask Dr. Who now. More…") + "\n"
    for statement in (
        "Stem cells help.",
        "“Our cells cure neuropathy!”",
        "Ask Dr. Who now.",
        "Our cells cure neuropathy! Ask Dr. Who now.",
    ):
        assert f"\n{lines(statement)}\n" in text
    for statement in ("Our cells cure", "cells cure neuropathy", "Ask Dr. Who"):
        assert f"\n{lines(statement)}\n" not in text


def test_moved_paragraphs_and_other_markup_keep_a_reports_fingerprints() -> None:
    claims = ["Our FDA-approved stem cells are for neuropathy.", "Our stem cells reverse neuropathy for good."]
    offer = "<h1>Stem cell therapy at our clinic</h1><p>Book your free consultation at our clinic.</p>"
    before = "".join(f"<p>{claim}</p>" for claim in claims) + offer
    after = offer + "".join(f"<ul><li><b>{claim}</b></li></ul>" for claim in reversed(claims))
    url = "https://clinic.example/neuropathy"
    reports = [wire.to_dict(checker.check_html(html, url=url)) for html in (before, after)]
    marks = [{f["fingerprint"] for f in report["findings"] if f["label"] in ("cure", "fda_approved")} for report in reports]
    assert marks[0] == marks[1] and len(marks[0]) == 2
    assert {"conditions": ["nerve"], "products": ["stem_cell"]}.items() <= reports[0]["findings"][0].items()

"""A crawl of one site: which pages, in what order, how politely, and what is left alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from checker.crawl import Limits, Visit, visits
from checker.settings import Settings
from tests.server import ADDRESS, Answer, LocalServer, Route, redirect

SITE = "www.harbour-nerve.example"
LIMITS = Limits(pages=25, seconds=20)
SETTINGS = Settings(
    allow_addresses=(f"{ADDRESS}/32",),
    hosts=((SITE, ADDRESS), ("harbour-nerve.example", ADDRESS), ("shop.harbour-nerve.example", ADDRESS)),
    delay=0.0,
    page_cache="none",
    total_timeout=5,
)


def html(title: str, *links: str, text: str = "", head: str = "") -> Answer:
    """Return a page with words of its own, so that no two titles make the same page."""
    own = " ".join(f"{title} sentence {number} says {title} in other words {number * 7}." for number in range(12))
    anchors = "".join(f'<a href="{link}">{link.strip("/") or "home"}</a> ' for link in links)
    return Answer(f"<html><head><title>{title}</title>{head}</head><body>{anchors}<p>{text}{own}</p></body></html>".encode())


def crawl(
    routes: Mapping[str, Route], settings: Settings = SETTINGS, limits: Limits = LIMITS, start: str = "/"
) -> tuple[list[Visit], LocalServer]:
    with LocalServer(routes) as server:
        return list(visits(server.url(start, SITE), settings, limits)), server


def paths(found: list[Visit]) -> list[str]:
    return ["/" + visit.url.split("/", 3)[3] for visit in found if visit.page]


def test_pages_of_interest_come_first_in_the_same_order_every_time() -> None:
    routes = {
        "/": html("Home", "/privacy-policy", "/team", "/blog/a-walk", "/stem-cell-therapy-neuropathy", "/faq", "/pricing"),
        "/privacy-policy": html("Privacy"),
        "/team": html("Team"),
        "/blog/a-walk": html("Walk"),
        "/stem-cell-therapy-neuropathy": html("Cells"),
        "/faq": html("Questions"),
        "/pricing": html("Prices"),
    }
    first, server = crawl(routes)
    again, _ = crawl(routes)
    assert paths(first)[:2] == ["/", "/stem-cell-therapy-neuropathy"]
    assert paths(first)[-1] == "/privacy-policy"
    assert set(paths(first)) == set(routes)
    assert paths(first) == paths(again)
    assert server.paths()[:1] == ["/robots.txt"]


def test_robots_txt_is_obeyed_and_a_refusal_says_so() -> None:
    routes = {
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /private", headers={"Content-Type": "text/plain"}),
        "/": html("Home", "/private/cure", "/team"),
        "/private/cure": html("Cure"),
        "/team": html("Team"),
    }
    found, server = crawl(routes)
    assert [visit.failure.code for visit in found if visit.failure] == ["robots"]
    assert "/private/cure" not in server.paths()
    assert paths(found) == ["/", "/team"]


def test_a_redirect_out_of_the_site_is_not_followed() -> None:
    routes = {"/": html("Home", "/away"), "/away": redirect("http://elsewhere.example/")}
    found, server = crawl(routes)
    assert [visit.leads_to for visit in found if visit.leads_to] == ["http://elsewhere.example/"]
    assert "elsewhere.example" not in {request.headers["Host"] for request in server.requests}


@pytest.mark.parametrize("pages", [1, 2])
def test_the_page_budget_ends_the_crawl_and_says_what_waits(pages: int) -> None:
    routes = {"/": html("Home", "/a", "/b", "/c"), "/a": html("Alpha"), "/b": html("Beta"), "/c": html("Gamma")}
    found, _ = crawl(routes, limits=replace(LIMITS, pages=pages))
    assert len(paths(found)) == pages
    assert (found[-1].stopped, found[-1].waiting) == ("pages", 4 - pages)

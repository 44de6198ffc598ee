"""A crawl of one site: which pages, in what order, how politely, and what is left alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from checker.crawl import Limits, PageVisit, visits
from checker.crawl.scripts import why_unread
from checker.crawl.site import Site, fold, is_page
from checker.page.kept import LIFETIME_DAYS, PageCache
from checker.page.pace import Pace
from checker.page.polite import Visitor
from checker.page.sources import of_bytes
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
) -> tuple[list[PageVisit], LocalServer]:
    with LocalServer(routes) as server:
        return list(visits(server.url(start, SITE), settings, limits)), server


def paths(found: list[PageVisit]) -> list[str]:
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


def text(body: str) -> Answer:
    return Answer(body.encode(), headers={"Content-Type": "text/plain"})


def gaps(server: LocalServer) -> list[float]:
    """Return the seconds between one request and the next."""
    times = [request.at for request in server.requests]
    return [later - earlier for earlier, later in pairwise(times)]


def test_there_is_a_pause_between_any_two_requests() -> None:
    routes = {"/": html("Home", "/a", "/b"), "/a": html("Alpha"), "/b": redirect("/c"), "/c": html("Gamma")}
    _, server = crawl(routes, replace(SETTINGS, delay=0.15))
    assert server.paths() == ["/robots.txt", "/", "/sitemap.xml", "/a", "/b", "/c"]
    assert min(gaps(server)) >= 0.15


@pytest.mark.parametrize("asked", ["Crawl-delay: 0.2", "Request-rate: 5/1s"])
def test_a_longer_pause_that_robots_txt_asks_for_is_kept(asked: str) -> None:
    routes = {"/robots.txt": text(f"User-agent: *\n{asked}"), "/": html("Home", "/a"), "/a": html("Alpha")}
    _, server = crawl(routes, replace(SETTINGS, delay=0.01))
    assert min(gaps(server)[1:]) >= 0.2


def test_a_pause_that_is_longer_than_the_crawl_ends_it_at_once() -> None:
    routes = {"/robots.txt": text("User-agent: *\nCrawl-delay: 3600"), "/": html("Home", "/a"), "/a": html("Alpha")}
    began = time.monotonic()
    found, _ = crawl(routes, limits=Limits(pages=5, seconds=10))
    assert (paths(found), found[-1].stopped, found[-1].waiting) == (["/"], "time", 1)
    assert time.monotonic() - began < 3


def test_two_crawls_that_share_a_pace_ask_a_host_one_at_a_time() -> None:
    open_now, most = [0], [0]

    def slow(handler: BaseHTTPRequestHandler) -> None:
        open_now[0] += 1
        most[0] = max(most[0], open_now[0])
        time.sleep(0.05)
        open_now[0] -= 1
        body = b"<html><title>x</title><p>hello</p></html>"
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    pace = Pace()
    with LocalServer({"/": slow, "/robots.txt": slow, "/sitemap.xml": slow}) as server:
        crawls = [
            threading.Thread(target=lambda: list(visits(server.url("/", SITE), SETTINGS, LIMITS, pace=pace))) for _ in range(3)
        ]
        for thread in crawls:
            thread.start()
        for thread in crawls:
            thread.join()
    assert len(server.requests) == 9 and most == [1]


class Busy:
    """A route that is busy once and then answers."""

    def __init__(self, retry_after: str, status: int) -> None:
        self.head = f"HTTP/1.1 {status} Busy\r\nRetry-After: {retry_after}\r\nContent-Length: 0\r\n\r\n".encode()
        self.times = 0

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        self.times += 1
        page = html("Home").body
        good = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (len(page), page)
        handler.wfile.write(self.head if self.times == 1 else good)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("is_date", [False, True])
def test_a_busy_site_is_asked_again_when_it_says(status: int, is_date: bool) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    found, server = crawl({"/": Busy(soon if is_date else "1", status)})
    assert paths(found) == ["/"]
    waited = [after for after, path in zip(gaps(server), server.paths()[1:], strict=False) if path == "/"][1]
    assert waited >= (0.5 if is_date else 1.0)


@pytest.mark.parametrize("retry_after", ["", "3600", "whenever", "Fri, 27 Nov 2026 10:00:00 +99999999999999999999"])
def test_a_site_that_stays_busy_is_left_alone(retry_after: str) -> None:
    busy = Answer(status=429, headers={"Retry-After": retry_after})
    found, server = crawl({"/": html("Home", "/faq", "/b"), "/faq": busy, "/b": html("Beta")})
    assert found[-1].stopped == "rate_limited"
    assert found[-1].failure is not None and found[-1].failure.code == "rate_limited"
    assert "/b" not in server.paths()


@pytest.mark.parametrize(
    ("robots", "code"),
    [
        pytest.param(Answer(status=404), "", id="none"),
        pytest.param(Answer(status=403), "", id="forbidden"),
        pytest.param(text("<html>no robots here</html>"), "", id="a page in its place"),
        pytest.param(redirect("/other.txt"), "robots", id="kept elsewhere"),
        pytest.param(Answer(status=500), "http_status", id="server error"),
        pytest.param(Answer(status=429), "rate_limited", id="busy"),
        pytest.param(Answer(b"\xef\xbb\xbfUser-agent: *\nDisallow: /"), "robots", id="with a byte order mark"),
        pytest.param(text("User-agent: clinic-claim-checker\nDisallow: /\nUser-agent: *\nAllow: /"), "robots", id="us by name"),
        pytest.param(text("User-agent: otherbot\nDisallow: /"), "", id="somebody else"),
        pytest.param(text("User-agent: *\nDisallow: /*.php$"), "", id="other addresses"),
    ],
)
def test_what_robots_txt_means_when_it_is_odd(robots: Answer, code: str) -> None:
    routes: dict[str, Route] = {"/": html("Home"), "/robots.txt": robots, "/other.txt": text("User-agent: *\nDisallow: /")}
    found, _ = crawl(routes)
    assert [visit.failure.code if visit.failure else "" for visit in found] == [code]


def test_a_site_that_does_not_answer_is_not_called_forbidden() -> None:
    (visit,) = visits("http://harbour-nerve.example:1/", SETTINGS, LIMITS)
    assert visit.failure is not None and visit.failure.code == "refused"


def test_a_site_that_stops_answering_is_left_alone() -> None:
    def hang_up(handler: BaseHTTPRequestHandler) -> None:
        handler.connection.close()

    names = [f"/treatment-{word}" for word in ("a", "b", "c", "d", "e", "f", "g", "h")]
    found, _ = crawl({"/": html("Home", *names), **dict.fromkeys(names, hang_up)})
    assert len(found) == 6 and (found[-1].stopped, found[-1].waiting) == ("refused", 3)


def test_a_site_under_maintenance_is_left_alone() -> None:
    closed = Answer(status=503, headers={"Retry-After": "7200"})
    found, server = crawl({"/": html("Home", "/faq", "/b"), "/faq": closed, "/b": html("Beta")})
    assert found[-1].stopped == "rate_limited" and "/b" not in server.paths()


def test_pages_in_other_languages_come_last() -> None:
    routes = {"/": html("Home", "/es/stem-cell-neuropathy", "/de/faq", "/parking"), "/parking": html("Cars")}
    routes |= {"/es/stem-cell-neuropathy": html("Celulas"), "/de/faq": html("Fragen")}
    found, _ = crawl(routes)
    assert paths(found) == ["/", "/parking", "/es/stem-cell-neuropathy", "/de/faq"]


def test_a_page_that_only_leads_on_is_followed() -> None:
    start = Answer(b"<html><meta http-equiv=Refresh content=\"0; URL='/home'\"></html>")
    found, _ = crawl({"/": start, "/home": html("Home")})
    assert paths(found) == ["/", "/home"]


@given(href=st.text(max_size=60), base=st.sampled_from(["https://www.clinic.example/a/b", "https://www.clinic.example/?x=1"]))
@example(href="//[::1", base="https://www.clinic.example/")
@example(href="https://www.clinic.example%2eother.example/", base="https://www.clinic.example/")
@example(href="https:www.other.example", base="https://www.clinic.example/")
@example(href="\\\\other.example\\x", base="https://www.clinic.example/")
def test_no_link_leads_out_of_the_site_or_breaks(href: str, base: str) -> None:
    site = Site.of("https://www.clinic.example/")
    for prefix in ("", "/", "//", "https://", "?", "https://www.clinic.example/"):
        link = site.link(base, prefix + href)
        if link is not None:
            host = urlsplit(link).hostname or ""
            assert host == "clinic.example" or host.endswith(".clinic.example")
            assert fold(link) == link


def test_who_asks_and_whom_to_write_to_is_said() -> None:
    _, server = crawl({"/": html("Home")}, replace(SETTINGS, contact="desk@watchdog.example"))
    (agent,) = {request.headers["User-Agent"] for request in server.requests}
    assert agent.startswith("clinic-claim-checker/") and agent.endswith("contact: desk@watchdog.example")


def test_an_unchanged_page_is_not_sent_again(tmp_path: Path) -> None:
    sent: list[bool] = []

    def versioned(handler: BaseHTTPRequestHandler) -> None:
        known = handler.headers.get("If-None-Match") == '"v1"' and "If-Modified-Since" in handler.headers
        sent.append(not known)
        body = b"" if known else html("Home", "/a").body
        status = b"304 Not Modified" if known else b"200 OK"
        head = b'Content-Type: text/html\r\nETag: "v1"\r\nLast-Modified: Thu, 05 Mar 2026 10:00:00 GMT'
        handler.wfile.write(b"HTTP/1.1 %s\r\n%s\r\nContent-Length: %d\r\n\r\n%s" % (status, head, len(body), body))

    settings = replace(SETTINGS, page_cache=str(tmp_path))
    with LocalServer({"/": versioned, "/a": html("Alpha")}) as server:
        runs = [list(visits(server.url("/", SITE), settings, LIMITS)) for _ in range(2)]
    assert sent == [True, False]
    assert paths(runs[0]) == paths(runs[1]) == ["/", "/a"]
    first, second = (run[0].page for run in runs)
    assert first and second and (first.sha256, first.content_type) == (second.sha256, second.content_type)
    assert second.fetched_at > first.fetched_at


def test_the_cache_keeps_to_its_size_and_lifetime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = PageCache(tmp_path / "pages.sqlite", max_bytes=2_500)
    with LocalServer({f"/{n}": Answer(b"<p>" + b"x" * 1_000, headers={"ETag": f'"{n}"'}) for n in range(4)}) as server:
        addresses = [server.url(f"/{n}", SITE) for n in range(4)]
        visitor = Visitor(SETTINGS, cache=cache)
        for address in addresses:
            visitor.read(address)
    assert [cache.get(address) is not None for address in addresses] == [False, False, True, True]
    later = time.time() + (LIFETIME_DAYS + 1) * 86_400
    monkeypatch.setattr("checker.page.kept.time.time", lambda: later)
    assert cache.get(addresses[3]) is None


@pytest.mark.parametrize("broken", [b"no database", b""])
def test_a_broken_or_forbidden_cache_never_stops_a_crawl(tmp_path: Path, broken: bytes) -> None:
    (tmp_path / "pages.sqlite").write_bytes(broken)
    for folder in (tmp_path, tmp_path / "pages.sqlite"):
        found, _ = crawl({"/": html("Home")}, replace(SETTINGS, page_cache=str(folder)))
        assert paths(found) == ["/"]


@pytest.mark.parametrize(
    ("limits", "stopped"),
    [(Limits(pages=25, bytes=1_500, seconds=20), "bytes"), (Limits(pages=25, seconds=0.3), "time")],
)
def test_the_other_budgets_end_the_crawl_too(limits: Limits, stopped: str) -> None:
    names = [f"/{word}" for word in ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta")]
    routes = {"/": html("Home", *names), **{name: html(name.strip("/").title()) for name in names}}
    found, _ = crawl(routes, replace(SETTINGS, delay=0.1), limits)
    assert found[-1].stopped == stopped and found[-1].waiting > 0


def test_a_crawl_asks_whether_a_page_can_be_judged_as_a_check_does() -> None:
    told = "<p>Our stem cells help with numb feet.</p>"
    short, long = (of_bytes("x", "x.html", (told * times).encode(), SETTINGS) for times in (40, 40_000))
    assert (why_unread(short), why_unread(long)) == ("", "too_large")


@pytest.mark.parametrize(
    ("address", "folded"),
    [
        ("http://A.Example:80/x?b=2&a=1#top", "http://a.example/x?a=1&b=2"),
        ("http://a.example/x?utm_source=mail&gclid=7&fbclid=q", "http://a.example/x"),
        ("http://a.example/x?PHPSESSID=9&page=2", "http://a.example/x?page=2"),
        ("http://a.example/x;jsessionid=8F?q=", "http://a.example/x?q="),
        ("http://a.example", "http://a.example/"),
        ("http://a.example/caf%c3%a9", "http://a.example/caf%C3%A9"),
        ("http://a.example/x?replytocom=4", "http://a.example/x"),
    ],
)
def test_one_page_has_one_address(address: str, folded: str) -> None:
    assert fold(address) == folded == fold(folded)


@pytest.mark.parametrize(
    ("href", "link"),
    [
        ("/a?utm_medium=x", "https://www.clinic.example/a"),
        ("b#part", "https://www.clinic.example/dir/b"),
        ("https://shop.clinic.example/x", "https://shop.clinic.example/x"),
        ("http://www.clinic.example/x", "https://www.clinic.example/x"),
        ("//www.clinic.example/y", "https://www.clinic.example/y"),
        ("brochure.pdf", "https://www.clinic.example/dir/brochure.pdf"),
        ("photo.JPG", None),
        ("https://other.example/", None),
        ("https://clinic.example.other.example/", None),
        ("https://user:word@www.clinic.example/", None),
        ("https://www.clinic.example:22/", None),
        ("http://127.0.0.1/", None),
        ("http://169.254.169.254/latest/meta-data", None),
        ("http://[::1]/", None),
        ("javascript:alert(1)", None),
        ("http://[broken", None),
        ("file:///etc/passwd", None),
        ("/" + "a" * 2_000, None),
        ("/a/b/a/b/a/b", None),
    ],
)
def test_links_stay_on_the_site_and_lead_to_pages(href: str, link: str | None) -> None:
    assert Site.of("https://www.clinic.example/dir/").link("https://www.clinic.example/dir/", href) == link


def test_sites_are_told_apart_by_registered_domain() -> None:
    assert not Site.of("https://nerve-clinic.co.uk/").holds("https://other.co.uk/")
    assert not Site.of("https://harbour.wixsite.com/").holds("https://other.wixsite.com/")
    assert Site.of("https://nerve-clinic.co.uk/").holds("https://book.nerve-clinic.co.uk/")
    assert Site.of("http://127.0.0.2:8080/").holds("http://127.0.0.2:8080/x")
    assert not Site.of("http://127.0.0.2:8080/").holds("http://127.0.0.1:8080/x")
    assert is_page("http://a.example/page.php") and not is_page("http://a.example/style.css")


def test_copies_and_near_copies_are_passed_over_and_counted() -> None:
    long = " ".join(f"Our clinic in the old town treats patient number {n} with great care and attention." for n in range(60))
    routes = {
        "/": html("Home", "/faq", "/copy", "/city-a", "/city-b", "/x?color=1"),
        "/faq": html("Questions"),
        "/copy": html("Home", "/faq", "/copy", "/city-a", "/city-b", "/x?color=1"),
        "/city-a": html("Cells", text=f"{long} We serve Lakeside."),
        "/city-b": html("Cells", text=f"{long} We serve Hillside."),
        "/x?color=1": html("Colours", head='<link rel="canonical" href="/x">'),
        "/x": html("Colours"),
    }
    found, server = crawl(routes)
    copies = {visit.url.split("/", 3)[3]: (visit.duplicate_of or "").split("/", 3)[-1] for visit in found if visit.duplicate_of}
    assert copies == {"copy": "", "city-b": "city-a", "x": "x?color=1"}
    assert server.paths().count("/x") == 1, "what stands in for another address is looked at all the same"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("It is not approved and does not cure neuropathy.", "It is approved and does cure neuropathy."),
        ("Some of our patients feel better.", "98% of our patients feel better."),
        ("Some of our patients feel better.", "9 out of 10 of our patients feel better."),
        ("", "You will walk again, and it has no side effects."),
    ],
)
def test_pages_that_differ_in_a_claim_are_no_copies(first: str, second: str) -> None:
    long = " ".join(f"Our clinic in the old town treats patient number {n} with great care and attention." for n in range(60))
    pages = {path: html("Cells", text=f"{long} {said}") for path, said in (("/a", first), ("/b", second))}
    found, _ = crawl({"/": html("Home", "/a", "/b"), **pages})
    assert [visit.duplicate_of for visit in found] == [None, None, None]


def test_what_robots_txt_forbids_takes_no_place_of_what_may_be_read() -> None:
    links = [f"/stem-cell-therapy-neuropathy?filter={n}x" for n in range(30)]
    routes: dict[str, Route] = {"/": html("Home", *links, "/how"), "/how": html("How")}
    found, server = crawl({**routes, "/robots.txt": text("User-agent: *\nDisallow: /*?")}, limits=Limits(pages=5))
    assert "/how" in server.paths() and sum(visit.page is not None for visit in found) == 2


@pytest.mark.parametrize(
    "hidden",
    [
        pytest.param("<p>Cells reverse neuropathy.</p>", id="in the text"),
        pytest.param("<footer>Cells reverse neuropathy.</footer>", id="in the frame"),
        pytest.param("<img src=x.png alt='Cells reverse neuropathy.'>", id="in the words of a picture"),
        pytest.param('<script type=\'application/ld+json\'>{"text": "cells reverse neuropathy"}</script>', id="in its data"),
    ],
)
def test_a_copy_with_one_claim_more_is_a_page_of_its_own(hidden: str) -> None:
    long = " ".join(f"Our clinic in the old town looks after visitor number {n} with great care." for n in range(200))
    routes = {"/": html("Home", "/a", "/b"), "/a": html("Same", text=long), "/b": html("Same", text=f"{long}{hidden}")}
    found, _ = crawl(routes)
    assert paths(found) == ["/", "/a", "/b"]


def test_a_canonical_address_cannot_hide_another_page() -> None:
    start = html("Home", "/about", head='<link rel="canonical" href="/cure">')
    routes = {"/": start, "/about": html("About"), "/cure": html("Cure")}
    found, _ = crawl(routes)
    assert set(paths(found)) == {"/", "/about", "/cure"}


def test_a_redirect_within_the_site_is_one_page_and_loops_end() -> None:
    routes = {
        "/": html("Home", "/old", "/new", "/loop-a", "/home"),
        "/old": redirect("/new"),
        "/new": html("New"),
        "/home": redirect("/"),
        "/loop-a": redirect("/loop-b"),
        "/loop-b": redirect("/loop-a"),
    }
    found, server = crawl(routes)
    pages = [visit.page for visit in found if visit.page]
    assert [(page.final_url or "").rsplit("/", 1)[1] for page in pages].count("new") == 1
    assert server.paths().count("/new") == 1 and server.paths().count("/") == 1
    assert [visit.failure.code for visit in found if visit.failure] == ["redirect_loop"]
    assert all(page.robots == "obeyed" for page in pages)


def test_the_start_may_lead_to_another_site_which_is_then_the_site() -> None:
    settings = replace(SETTINGS, hosts=((SITE, ADDRESS), ("new-name.example", ADDRESS)))
    with LocalServer({"/page": html("New", "/more"), "/more": html("More")}) as server:
        server.routes["/"] = redirect(server.url("/page", "new-name.example"))
        found = list(visits(server.url("/", SITE), settings, LIMITS))
    hosts = {request.headers["Host"].split(":")[0] for request in server.requests if request.path == "/robots.txt"}
    assert paths(found) == ["/", "/more"] and found[1].url.startswith("http://new-name.example")
    assert hosts == {SITE, "new-name.example"}


def test_every_host_of_a_site_has_its_own_robots_txt() -> None:
    with LocalServer({"/more": html("More")}) as server:
        server.routes["/"] = html("Home", server.url("/more", "shop.harbour-nerve.example"))
        found = list(visits(server.url("/", SITE), SETTINGS, LIMITS))
    assert paths(found) == ["/", "/more"]
    asked = [(request.headers["Host"].split(".")[0], request.path) for request in server.requests]
    assert asked.index(("shop", "/robots.txt")) < asked.index(("shop", "/more"))


def test_a_start_that_is_no_address_is_a_failure() -> None:
    (visit,) = visits("ftp://clinic.example", SETTINGS, LIMITS)
    assert visit.failure is not None and visit.failure.code == "unsupported_address"

"""Sites that attack whoever crawls them: each ends in bounded time, memory and requests, and reaches nothing private."""

from __future__ import annotations

import gzip
import re
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice

import pytest

from checker.crawl import Limits, PageVisit, frontier, outline, visits
from checker.crawl.sitemap import MAX_ADDRESSES, entries, unpacked
from checker.page.robots import parse
from checker.settings import Settings
from checker.values import Page
from tests.server import ADDRESS, Answer, LocalServer, Route, drip, redirect
from tests.test_crawl import LIMITS, SETTINGS, SITE, html, paths, text

#: Shut in the settings of every test here; a server on it counts who comes nevertheless.
PRIVATE = "127.0.0.1"
SMALL = Limits(pages=5, seconds=20)
PLAIN = {"Content-Type": "text/xml"}


class Endless(dict[str, Route]):
    """Routes that are made up as they are asked for, beside those that are there."""

    def __init__(self, make: Callable[[str], Route | None], known: dict[str, Route] | None = None) -> None:
        super().__init__(known or {})
        self.make = make

    def get(self, path: str, default: Route | None = None) -> Route | None:  # type: ignore[override]
        return super().get(path) or self.make(path) or default


@contextmanager
def trap(routes: dict[str, Route]) -> Iterator[tuple[LocalServer, LocalServer]]:
    """Serve a hostile site, and beside it a private one that nobody may reach."""
    with LocalServer() as server, LocalServer(address=PRIVATE) as private:
        server.routes = routes
        yield server, private
        assert private.requests == []


def crawl(server: LocalServer, limits: Limits = SMALL, settings: Settings = SETTINGS) -> list[PageVisit]:
    return list(visits(server.url("/", SITE), settings, limits))


def test_a_calendar_without_end_does_not_keep_the_pages_of_the_site_away() -> None:
    def month(path: str) -> Route | None:
        found = re.fullmatch(r"/calendar/(\d+)/(\d+)", path)
        if not found:
            return None
        year, number = int(found[1]), int(found[2])
        after = f"/calendar/{year + number // 12}/{number % 12 + 1}"
        return html(f"Events {year} {number}", after, f"/calendar/{year - 1}/{number}")

    start = html("Home", "/calendar/2026/11", "/neuropathy", "/faq")
    known: dict[str, Route] = {"/": start, "/neuropathy": html("Nerves"), "/faq": html("Questions")}
    with trap(Endless(month, known)) as (server, _):
        found = crawl(server, Limits(pages=60, seconds=20))
    assert paths(found)[:3] == ["/", "/neuropathy", "/faq"]
    assert len(paths(found)) == 3 + frontier.SHARE_OF_SHAPE * 60
    assert found[-1].stopped == "shape" and found[-1].waiting > 0


def test_addresses_that_grow_without_end_are_cut_short() -> None:
    def deeper(path: str) -> Route:
        return html(path, f"{path.rstrip('/')}/more", f"{path}?n={len(path)}", f"{path}{'x' * 50}")

    with trap(Endless(deeper, {"/robots.txt": text("")})) as (server, _):
        found = crawl(server, Limits(pages=1_000, seconds=3))
    assert found[-1].stopped in (None, "shape", "time", "visits")
    assert max(len(path) for path in server.paths()) <= 1_000


def test_a_flood_of_links_is_bounded_on_the_page_and_in_all() -> None:
    flood = "".join(f"<a href='/p{n:x}q'>t</a>" for n in range(60_000))
    page = Answer(f"<html><title>Home</title><a href='/stem-cell-faq'>Cells</a>{flood}</html>".encode())
    with trap(Endless(lambda path: page if path.endswith("q") else None, {"/": page})) as (server, _):
        began = time.monotonic()
        found = crawl(server)
    assert found[1].url.endswith("/stem-cell-faq")
    assert found[0].waiting <= outline.MAX_LINKS
    assert time.monotonic() - began < 60  # 10 to 13 here; every page has 60,000 links


def test_names_without_end_under_one_domain_are_bounded() -> None:
    names = [f"a{n}.harbour-nerve.example" for n in range(60)]
    settings = replace(SETTINGS, hosts=(*SETTINGS.hosts, *((name, ADDRESS) for name in names)))
    with LocalServer() as server:
        page = html("Home", *(server.url("/x", name) for name in names))
        server.routes = Endless(lambda path: html(f"page {len(server.requests)}"), {"/": page, "/robots.txt": text("")})
        crawl(server, Limits(pages=50, seconds=20), settings)
        hosts = {request.headers["Host"] for request in server.requests}
    assert len(hosts) <= frontier.MAX_HOSTS + 1


def test_a_web_of_redirects_across_hosts_stays_within_the_site_and_its_bounds() -> None:
    with trap({}) as (server, private):

        def onward(path: str) -> Route | None:
            found = re.fullmatch(r"/r(\d+)", path)
            host = ("shop." if found and int(found[1]) % 2 else "www.") + "harbour-nerve.example"
            return redirect(server.url(f"/r{int(found[1]) + 1}", host)) if found else None

        known: dict[str, Route] = {
            "/": html("Home", "/r1", "/out", "/in", "/word", "/file", "/split"),
            "/out": redirect("http://elsewhere.example/"),
            "/in": redirect(private.url("/admin")),
            "/word": redirect("http://169.254.169.254/latest/meta-data/"),
            "/file": redirect("file:///etc/passwd"),
            "/split": redirect("http://[::ffff:127.0.0.1]/"),
        }
        server.routes = Endless(onward, known)
        found = crawl(server)
    ends = {visit.url.rsplit("/", 1)[1]: visit.failure.code if visit.failure else bool(visit.leads_to) for visit in found[1:]}
    assert ends == {"r1": "redirect_loop", "out": True, "in": True, "word": True, "file": "unsupported_address", "split": True}
    assert len(server.requests) < 30


def test_a_start_that_leads_to_a_private_address_is_refused() -> None:
    with trap({}) as (server, private):
        server.routes = {"/": redirect(private.url("/"))}
        (visit,) = crawl(server)
    assert visit.failure is not None and visit.failure.code == "private_address"


def test_a_name_of_the_site_that_leads_to_a_private_address_is_refused() -> None:
    settings = replace(SETTINGS, hosts=((SITE, ADDRESS), ("in.harbour-nerve.example", PRIVATE)))
    with trap({}) as (server, private):
        server.routes = {
            "/": html("Home", private.url("/cure", "in.harbour-nerve.example")),
            "/robots.txt": text(f"Sitemap: {private.url('/map.xml', 'in.harbour-nerve.example')}"),
        }
        found = crawl(server, settings=replace(settings, allow_addresses=SETTINGS.allow_addresses))
    assert [visit.failure.code for visit in found if visit.failure] in ([], ["private_address"])


@pytest.mark.parametrize(
    "head",
    [
        pytest.param("<link rel=canonical href='{private}'>", id="canonical"),
        pytest.param("<base href='{private}'>", id="base"),
        pytest.param("<meta http-equiv=refresh content='0;url={private}'>", id="refresh"),
    ],
)
def test_what_a_page_says_of_itself_leads_to_nothing_private(head: str) -> None:
    with trap({}) as (server, private):
        server.routes = {"/": html("Home", "admin", "/admin", head=head.format(private=private.url("/x/")))}
        assert paths(crawl(server)) == ["/"]


BILLION = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "http://www.harbour-nerve.example/lol">%s]>
<urlset><url><loc>&a19;</loc></url><url><loc>/plain</loc></url></urlset>""" % b"".join(
    b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 20)
)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(gzip.compress(b"<urlset>" + b"<url><loc>/x</loc></url>" * 4_000_000), id="gzip bomb"),
        pytest.param(gzip.compress(b"\0" * 200_000_000), id="gzip of nothing"),
        pytest.param(BILLION, id="entities in entities"),
        pytest.param(b"<urlset>" + b"<url>" * 300_000, id="depth"),
        pytest.param(b"<urlset>" + b"<url><loc>" + b"x" * 3_000_000, id="endless address"),
        pytest.param(b"<urlset " + b"a='1' " * 300_000 + b">", id="attributes"),
        pytest.param(b"<urlset>" + b"<url><loc>/a</loc></url>" * 150_000 + b"</urlset>", id="many addresses"),
        pytest.param(b"<?xml version='1.0' encoding='utf-16'?><urlset>", id="wrong encoding"),
        pytest.param(b"\x1f\x8b\x08\x00broken", id="broken gzip"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_a_hostile_sitemap_costs_little(body: bytes) -> None:
    tracemalloc.start()
    began = time.monotonic()
    for _ in islice(entries(unpacked(body, SETTINGS.max_bytes)), MAX_ADDRESSES):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.monotonic() - began < 5
    assert peak < 30_000_000


@pytest.mark.parametrize("target", ["file:///etc/passwd", "http://{private}/secret"])
def test_a_sitemap_reads_nothing_from_elsewhere(target: str) -> None:
    with trap({}) as (server, private):
        outside = target.format(private=f"{PRIVATE}:{private.port}")
        doctype = f'<!DOCTYPE u SYSTEM "{outside}" [<!ENTITY e SYSTEM "{outside}"><!ENTITY % p SYSTEM "{outside}">%p;]>'
        body = f"{doctype}<urlset><url><loc>{server.url('/a', SITE)}?&e;</loc></url></urlset>".encode()
        server.routes = {"/": html("Home"), "/sitemap.xml": Answer(body, headers=PLAIN), "/a": html("Alpha")}
        found = crawl(server)
    assert not any("root:" in visit.url for visit in found)


def test_sitemaps_that_name_sitemaps_without_end_are_bounded() -> None:
    def index(path: str) -> Route | None:
        if not path.startswith("/map"):
            return None
        named = "".join(f"<sitemap><loc>{path}{n}</loc></sitemap>" for n in range(50))
        return Answer(f"<sitemapindex>{named}<sitemap><loc>{path}</loc></sitemap></sitemapindex>".encode(), headers=PLAIN)

    with trap(Endless(index, {"/": html("Home"), "/robots.txt": text("Sitemap: /map")})) as (server, _):
        crawl(server)
    assert 1 <= sum(path.startswith("/map") for path in server.paths()) <= 8


def test_a_sitemap_of_addresses_elsewhere_leads_nowhere() -> None:
    with trap({}) as (server, private):
        places = [private.url("/"), "http://elsewhere.example/", "http://169.254.169.254/", "gopher://x/", server.url("/a", SITE)]
        body = "".join(f"<url><loc>{place}</loc></url>" for place in places)
        sitemap = Answer(f"<urlset>{body}</urlset>".encode(), headers=PLAIN)
        server.routes = {"/": html("Home"), "/a": html("Alpha"), "/sitemap.xml": sitemap}
        assert paths(crawl(server)) == ["/", "/a"]


@pytest.mark.parametrize(
    "robots",
    [
        pytest.param(Answer(b"Disallow: /a\n" * 900_000, headers={"Content-Type": "text/plain"}), id="too large"),
        pytest.param(drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n", b"#"), id="drip"),
        pytest.param(redirect("/robots.txt"), id="circle"),
        pytest.param(redirect("http://127.0.0.1/robots.txt"), id="private"),
        pytest.param(redirect("gopher://x/"), id="no web address"),
        pytest.param(Answer(bytes(range(256)) * 100, headers={"Content-Type": "text/plain"}), id="bytes"),
    ],
)
def test_a_hostile_robots_txt_ends_in_bounded_time(robots: Route) -> None:
    began = time.monotonic()
    with trap({"/": html("Home"), "/robots.txt": robots}) as (server, _):
        found = crawl(server, settings=replace(SETTINGS, total_timeout=1.0))
    assert len(found) == 1
    assert time.monotonic() - began < 8


def test_rules_made_to_take_long_do_not() -> None:
    rules = "\n".join(f"Disallow: /{'*a' * 200}*b{n}$" for n in range(3_000))
    robots = parse(f"User-agent: *\n{rules}".encode(), "clinic-claim-checker/0.1")
    began = time.monotonic()
    for _ in range(20):
        robots.require(f"http://a.example/{'a' * 900}")
    assert time.monotonic() - began < 20  # 2 to 3 here; a pattern that goes back would take hours


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<div>" * 140_000, id="deep"),
        pytest.param(b"<a href=/x>" * 140_000, id="links in links"),
        pytest.param(b"".join(b"<a href=/%d>" % n for n in range(140_000)), id="different links in links"),
        pytest.param(b"<p>" + b"word " * 950_000, id="words"),
        pytest.param(b"<title>" + b"t" * 4_900_000, id="title"),
        pytest.param(b"<a href='" + b"h" * 4_900_000 + b"'>", id="address"),
        pytest.param(b"<a href=/y>" + b"\xff\xfe\0\0" * 1_000_000, id="bytes"),
        pytest.param(b"<" * 160_000, id="too many tags"),
    ],
)
def test_a_hostile_page_is_looked_through_quickly(body: bytes) -> None:
    began = time.monotonic()
    page = Page(source="http://a.example/", body=body, sha256="", content_type="text/html", fetched_at=datetime.now(UTC))
    assert len(outline.outline_of(page).links) <= outline.MAX_LINKS
    assert time.monotonic() - began < 8


def test_a_site_that_drips_every_page_ends_with_its_time() -> None:
    slow = drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>x</title>", b"<p>x", times=10_000)
    names = [f"/p-{word}" for word in ("a", "b", "c", "d", "e", "f")]
    with trap({"/": html("Home", *names), **dict.fromkeys(names, slow)}) as (server, _):
        began = time.monotonic()
        found = crawl(server, Limits(pages=9, seconds=2), replace(SETTINGS, total_timeout=1.0))
    assert found[-1].stopped == "time" and time.monotonic() - began < 5
    assert {visit.failure.code for visit in found if visit.failure} == {"timeout"}


def test_nothing_is_left_running() -> None:
    with trap({"/": html("Home", "/a"), "/a": html("Alpha")}) as (server, _):
        crawl(server, LIMITS)
    time.sleep(0.05)  # a deadline that was called off needs a moment to end
    assert not [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]

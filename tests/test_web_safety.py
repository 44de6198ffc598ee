"""What the page for patients refuses, and what it never gives away."""

from __future__ import annotations

import logging
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from bs4 import BeautifulSoup
from markupsafe import escape

from checker.errors import SettingsError
from checker.settings import Settings, WebSettings
from checker.web import given
from checker.web.keep import ENDED
from checker.web.rates import Rates, visitor
from tests.server import Answer, LocalServer, drip
from tests.web_site import SETTINGS, Site

TEXT = "Our clinic offers FDA-approved stem cell therapy that reverses neuropathy. Book your free consultation today."
SCRIPT = "<script>document.title='hit'</script>"
#: Every one of them would run, close a tag, or turn the direction of text, if it were not escaped.
PAYLOADS = [
    SCRIPT,
    "\"><img src=x onerror=alert(1)>",
    "</textarea><svg onload=alert(1)>",
    "{{ 7*7 }}{% raw %}",
    "javascript:alert(1)",
    "\u202egnp exe",
    "%(hours)s {0}",
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with Site(tmp_path_factory.mktemp("web")) as running:
        yield running


def assert_inert(page: str) -> None:
    """Read the page as a browser does: no script but ours, no handler, no picture, no address that runs."""
    soup = BeautifulSoup(page, "lxml")
    assert [tag["src"].partition("?")[0] for tag in soup.find_all("script")] == ["/static/web.js"]
    assert soup.find_all(["svg", "img", "iframe", "object", "embed", "base", "style"]) == []
    for tag in soup.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on") or name == "style"]
        assert not str(tag.get("href", "")).lower().startswith(("javascript:", "data:"))
    assert "\u202e" not in page


@pytest.mark.parametrize("path", ["/", "/static/web.css", "/nowhere", "/api/openapi.json", "/checks/aaaaaaaaaaaaaaaaaaaaaaaa"])
def test_every_answer_has_the_headers(site: Site, path: str) -> None:
    headers = site.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Set-Cookie" not in headers
    assert "Strict-Transport-Security" not in headers


def test_hsts_behind_tls(tmp_path: Path) -> None:
    with Site(tmp_path, https=True) as site:
        assert site.get("/").headers["Strict-Transport-Security"].startswith("max-age=")


def test_no_inline_style_or_script_and_nothing_from_elsewhere(site: Site) -> None:
    for page in (site.get("/").text, site.report(sample="yes"), site.get("/nowhere").text):
        assert_inert(page)
        loaded = re.findall(r'<(?:link rel="stylesheet"|script|img|iframe)[^>]*(?:href|src)="([^"]+)"', page)
        assert loaded
        assert all(address.startswith("/static/") for address in loaded)


@pytest.mark.parametrize("name", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "", "[::1"])
def test_other_host_names_are_refused(site: Site, name: str) -> None:
    answer = site.get("/", headers={"Host": name})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}],
)
def test_no_cross_site_writes(site: Site, headers: dict[str, str]) -> None:
    for path in ("/checks", "/api/checks", "/checks/aaaaaaaaaaaaaaaaaaaaaaaa/delete"):
        assert site.post(path, headers=headers, files={"what": (None, TEXT)}).status_code == 403


def test_our_own_forms_pass(site: Site) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": site.url}
    assert site.post("/checks", headers=headers, files={"what": (None, TEXT)}).status_code == 303


def test_rates_for_one_address(tmp_path: Path) -> None:
    with Site(tmp_path, rate_address="2 per minute") as site:
        answers = [site.post("/api/checks", json={"text": TEXT}) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [202, 202, 429]
        assert [answer.headers.get("RateLimit-Remaining") for answer in answers] == ["1", "0", "0"]
        assert 1 <= int(answers[2].headers["Retry-After"]) <= 60
        assert answers[2].json()["error"]["retry_after"] == int(answers[2].headers["Retry-After"])
        page = site.post("/checks", files={"what": (None, TEXT)})
        assert page.status_code == 429
        assert "Please try again in" in page.text


def test_rates_for_everybody_and_for_reading(tmp_path: Path) -> None:
    with Site(tmp_path, rate_all="1 per minute", rate_reads="6 per minute") as site:
        assert [site.post("/api/checks", json={"text": TEXT}).status_code for _ in range(2)] == [202, 429]
        assert [site.get("/").status_code for _ in range(5)] == [200, 200, 200, 200, 429]


def test_a_check_that_is_refused_is_not_counted(tmp_path: Path) -> None:
    slow = drip(b"HTTP/1.1 200 OK\r\n\r\n", b"<p>slow", times=40)
    with LocalServer({"/slow": slow}) as clinic, Site(tmp_path, queue=1, workers=1, rate_address="5 per minute") as site:
        path = site.ask(clinic.url("/slow"))
        who = visitor({"client": ("127.0.0.1", 0)})
        assert site.post("/checks", files={"what": (None, TEXT)}).status_code == 503
        assert site.app.state.rates.headers(who)["RateLimit-Remaining"] == "4"
        site.post(f"{path.split('?')[0]}/cancel")
    with Site(tmp_path, rate_address="5 per minute", rate_all="1 per minute") as site:
        answers = [site.post("/api/checks", json={"text": TEXT}) for _ in range(3)]
        assert [(answer.status_code, answer.headers["RateLimit-Remaining"]) for answer in answers] == [
            (202, "4"),
            (429, "4"),
            (429, "4"),
        ]


def test_rates_for_asking_why(tmp_path: Path) -> None:
    with Site(tmp_path, rate_why="1 per minute") as site:
        path = site.ask(TEXT).split("?")[0]
        site.get(path)
        assert [site.get(f"{path}/why").status_code for _ in range(2)] == [200, 429]


def test_a_short_check_and_its_reasons_do_not_wait_for_a_long_one(tmp_path: Path) -> None:
    long = "\n\n".join(f"Our clinic gives stem cells for neuropathy in room {n}; call us about day {n}." for n in range(12_000))
    with Site(tmp_path) as site:
        waiting = [site.ask(file=("long.txt", long.encode())).split("?")[0] for _ in range(site.web.workers - 1)]
        path = site.ask(TEXT).split("?")[0]
        site.ended(path)
        assert "stem cell" in site.get(f"{path}/why").text
        assert not any(site.get(f"/api{check}").json()["state"] in ENDED for check in waiting)


def test_a_full_disk_ends_no_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*given: object, **named: object) -> int:
        raise sqlite3.OperationalError("database or disk is full")

    with Site(tmp_path) as site:
        with monkeypatch.context() as patched:
            patched.setattr(type(site.app.state.store), "_do", full)
            assert site.post("/checks", files={"what": (None, TEXT)}).status_code == 500
        path = site.ask(sample="yes")
        assert "Quillbrook" in site.get(path).text
        with monkeypatch.context() as patched:
            patched.setattr(type(site.app.state.store), "move", full)
            site.ask(TEXT)
            time.sleep(0.5)
        assert site.app.state.workshop.is_well
        assert "Quillbrook" in site.get(path).text


def test_forwarded_addresses_count_only_from_a_named_proxy(tmp_path: Path) -> None:
    def checks(site: Site) -> list[int]:
        each = [{"X-Forwarded-For": f"203.0.113.{n}"} for n in (1, 2)]
        return [site.post("/api/checks", json={"text": TEXT}, headers=headers).status_code for headers in each]

    with Site(tmp_path, rate_address="1 per minute") as site:
        assert checks(site) == [202, 429]
    with Site(tmp_path, rate_address="1 per minute", proxies=("127.0.0.1",)) as site:
        assert checks(site) == [202, 202]


def test_one_subscriber_of_ipv6_is_one_visitor() -> None:
    scopes = [{"client": (f"2001:db8:0:{n}::{m}", 1)} for n, m in ((1, 1), (1, 2), (2, 1))]
    first, same, other = map(visitor, scopes)
    assert first == same != other


def test_rates_that_cannot_be_read() -> None:
    with pytest.raises(SettingsError, match="10 per minute; 60 per hour"):
        Rates(replace(WebSettings(), rate_address="many"))


def test_a_full_queue_says_when(tmp_path: Path) -> None:
    slow = drip(b"HTTP/1.1 200 OK\r\n\r\n", b"<p>slow", times=40)
    with LocalServer({"/slow": slow}) as clinic, Site(tmp_path, queue=2, workers=1) as site:
        paths = [site.ask(clinic.url("/slow")) for _ in range(2)]
        answer = site.post("/checks", files={"what": (None, TEXT)})
        assert answer.status_code == 503
        assert "Many people use this page" in answer.text
        assert f"{TEXT}</textarea>" in answer.text, "what was typed is not lost"
        assert int(answer.headers["Retry-After"]) >= 2
        for path in paths:
            site.post(f"{path.split('?')[0]}/cancel")


def test_the_time_of_a_check_is_limited(tmp_path: Path) -> None:
    slow = drip(b"HTTP/1.1 200 OK\r\n\r\n", b"<p>slow", times=20)
    with LocalServer({"/slow": slow}) as clinic, Site(tmp_path, check_seconds=0.5) as site:
        page = site.report(clinic.url("/slow"))
        assert "We could not read this page: the site took too long to answer." in page


@pytest.mark.parametrize("chunked", [False, True])
def test_sizes_are_limited(tmp_path: Path, chunked: bool) -> None:
    with Site(tmp_path, page_bytes=10_000, text_bytes=1_000) as site:
        body = b"x" * 100_000
        answer = site.post("/api/checks", data=iter([body]) if chunked else body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 413
        assert answer.json()["error"]["code"] == "too_large"
        assert "This text is too long" in site.post("/checks", files={"what": (None, "word " * 300)}).text
        assert "This file is too large" in site.post("/checks", files={"page": ("a.html", b"y" * 12_000)}).text


def test_a_large_page_is_not_fetched_whole(tmp_path: Path) -> None:
    with LocalServer({"/": Answer(b"<p>word " * 10_000)}) as clinic, Site(tmp_path, page_bytes=10_000) as site:
        assert "We could not read this page: it is too large." in site.report(clinic.url("/"))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_is_given_becomes_markup(site: Site, payload: str) -> None:
    html = (
        f'<html lang="en"><title>{escape(payload)} Stem cells reverse neuropathy</title><h1>Our clinic: {payload}</h1>'
        f'<img alt="{escape(payload)} Our stem cells reverse neuropathy">'
        f'<script type="application/ld+json">{{"@type": "Organization", "description": "Our stem cells reverse neuropathy '
        f'{payload!r}"}}</script><p>{escape(payload)} Our stem cell therapy reverses neuropathy. Book today.</p>'
    )
    with LocalServer({"/": Answer(html.encode())}) as clinic:
        pages = [
            site.report(clinic.url("/")),
            site.report(f"{TEXT} {payload}"),
            site.report(file=(f"{payload.replace('/', '')}.html", html.encode())),
            site.post("/checks", files={"what": (None, payload.split()[0])}).text,
            site.get("/", params={"address": payload}).text,
            site.get(f"/checks/{payload}").text,
        ]
    for page in pages:
        assert_inert(page)
        assert not re.search(r">\s*49\s*<", page)


def test_page_text_that_looks_like_a_template_stays_as_it_is(site: Site) -> None:
    assert "{{ 7*7 }} {0} %(x)s" in site.report(f"{TEXT} {{{{ 7*7 }}}} {{0}} %(x)s")


@pytest.mark.parametrize("name", ["../../etc/passwd.html", "..\\..\\boot.html", "\u202egpj.html", "a" * 5_000, '"><b>.html'])
def test_names_of_files_are_only_names(name: str) -> None:
    kept = given.of_file(name, b"x", WebSettings()).name
    assert "/" not in kept
    assert "\\" not in kept
    assert len(kept) <= 120


def test_the_log_holds_no_text_and_no_address(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "checker.web"):
        path = site.ask("https://secret.clinic.example/very-private?who=me")
        site.get(path)
        site.report(f"Zirconium {TEXT}")
        site.get("/", params={"address": "https://secret.clinic.example/"})
        time.sleep(0.05)
    assert "POST /checks 303" in caplog.text
    assert "GET /checks/{ident} 200" in caplog.text
    for secret in ("secret", "Zirconium", "reverses", path.split("/")[2].split("?")[0]):
        assert secret not in caplog.text


def test_our_own_error_is_a_number_and_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Site(tmp_path) as site:
        monkeypatch.setattr(site.app.state.store, "get", lambda ident: 1 / 0)
        page, data = site.get("/checks/aaaaaaaaaaaaaaaaaaaaaaaa"), site.get("/api/checks/aaaaaaaaaaaaaaaaaaaaaaaa")
    assert page.status_code == data.status_code == 500
    assert re.search(r"please give the number [0-9a-f]{8}", page.text)
    assert re.fullmatch(r"[0-9a-f]{8}", data.json()["error"]["id"])
    for answer in (page, data):
        assert "ZeroDivision" not in answer.text
        assert answer.headers["Content-Security-Policy"]


def test_a_crash_of_one_check_is_told_and_ends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Site(tmp_path) as site:
        with monkeypatch.context() as patched:
            patched.setattr(type(site.app.state.workshop), "_read", lambda self, asked: 1 / 0)
            path = site.ask(TEXT)
            assert "please give the number" in site.get(path).text
        assert "an approved treatment" in site.report(TEXT)


def test_ids_cannot_be_guessed(site: Site) -> None:
    names = {site.ask(TEXT).split("/")[2].split("?")[0] for _ in range(5)}
    assert len(names) == 5
    assert all(len(name) == 24 for name in names)


def test_settings_of_tests_are_not_reachable_from_a_request(site: Site) -> None:
    for field in ("allow_private", "hosts", "allow_addresses"):
        answer = site.post("/api/checks", json={"address": "http://127.0.0.1/", field: True})
        assert answer.status_code == 422
    path = site.ask("http://127.0.0.1/", allow_private="1", allow_addresses="127.0.0.1/32")
    assert "a private network" in site.get(path).text
    assert Settings() != SETTINGS


def test_health_and_metrics_have_a_port_of_their_own(tmp_path: Path) -> None:
    ports = free_ports(2)
    command = [sys.executable, "-m", "checker", "serve", "--port", str(ports[0]), "--watch-port", str(ports[1])]
    environment = {"CLINIC_CHECKER_WEB_STORE": str(tmp_path / "web.sqlite"), "PATH": "/usr/bin", "HOME": str(tmp_path)}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            watched = f"http://127.0.0.1:{ports[1]}"
            assert answer_of(f"{watched}/health").text == "well\n"
            public = f"http://127.0.0.1:{ports[0]}"
            assert answer_of(f"{public}/").status_code == 200
            check = requests.post(f"{public}/checks", files={"sample": (None, "yes")}, timeout=10).url
            pages = (requests.get(check, timeout=10).text for _ in range(20))  # each waits a while for the check's end
            assert any("Quillbrook" in page for page in pages)
            assert requests.get(f"{public}/metrics", timeout=5).status_code == 404
            assert requests.get(f"{public}/health", timeout=5).status_code == 404
            assert 'clinic_checker_checks_total{outcome="alarm"} 1.0' in requests.get(f"{watched}/metrics", timeout=5).text
        finally:
            process.terminate()
            assert process.wait(20) in (0, -15)


def free_ports(count: int) -> list[int]:
    import socket

    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [opened.getsockname()[1] for opened in sockets]
    for opened in sockets:
        opened.close()
    return ports


def answer_of(url: str) -> requests.Response:
    for _ in range(900):
        try:
            return requests.get(url, timeout=5)
        except requests.RequestException:
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")

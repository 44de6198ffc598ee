"""The JSON API: one way through, one shape of errors, and a document that says the truth."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.server import LocalServer, drip
from tests.test_engine import ARTICLE
from tests.web_site import Site

TEXT = "Our clinic offers FDA-approved stem cell therapy that reverses neuropathy. Book your free consultation today."


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with Site(tmp_path_factory.mktemp("web"), queue=10_000) as running:
        yield running


def new(site: Site, **body: object) -> dict[str, object]:
    answer = site.post("/api/checks", json=body)
    assert answer.status_code == 202, answer.text
    assert answer.headers["Location"] == f"/api/checks/{answer.json()['id']}"
    return dict(answer.json())


def events(site: Site, path: str) -> list[dict[str, object]]:
    return [json.loads(line[6:]) for line in site.get(path).text.splitlines() if line.startswith("data: ")]


def test_the_whole_way(site: Site) -> None:
    check = new(site, text=TEXT)
    links = check["links"]
    assert isinstance(links, dict)
    told = events(site, links["events"])
    assert told[-1] == {"state": "done", "ended": True}
    assert site.get(links["self"]).json()["state"] == "done"
    report = site.get(links["report"]).json()
    assert report["verdict"] == "alarm"
    assert site.get(links["report"], params={"format": "html"}).headers["Content-Type"].startswith("text/html")
    assert json.loads(site.get(links["report"], params={"format": "jsonl"}).text) == report
    assert "This page promises" in site.get(links["page"]).text
    assert site.delete(links["self"]).status_code == 204
    assert site.get(links["self"]).status_code == 404


def test_a_page_can_be_said_to_be_a_sellers(site: Site) -> None:
    publishers = []
    for seller in (False, True):
        links = new(site, text=ARTICLE, seller=seller)["links"]
        assert isinstance(links, dict)
        events(site, links["events"])
        publishers.append(site.get(links["report"]).json()["publisher"])
    assert publishers == ["third_party", "provider"]


def test_stages_are_told_as_they_come(site: Site) -> None:
    page = b"<p>Our clinic sells stem cell therapy that reverses neuropathy."
    with LocalServer({"/": drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", page, times=8)}) as clinic:
        check = new(site, address=clinic.url("/"))
        states = [event["state"] for event in events(site, f"/api/checks/{check['id']}/events")]
    assert states[0] in ("waiting", "reading")
    assert "reading" in states
    assert states[-1] == "done"


def test_a_report_that_is_not_ready(site: Site) -> None:
    with LocalServer({"/": drip(b"HTTP/1.1 200 OK\r\n\r\n", b"<p>slow", times=40)}) as clinic:
        check = new(site, address=clinic.url("/"))
        answer = site.get(f"/api/checks/{check['id']}/report")
        site.delete(f"/api/checks/{check['id']}")
    assert answer.status_code == 409
    assert answer.json()["error"] == {"code": "not_ready", "message": "The report is not ready yet.", "retry_after": 2}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "bad_request"),
        ({"address": "https://a.example", "text": TEXT}, 422, "bad_request"),
        ({"address": "nonsense"}, 422, "address"),
        ({"address": "file:///etc/passwd"}, 422, "address"),
        ({"text": "short"}, 422, "short"),
        ({"text": "word " * 100_000}, 422, "text_too_long"),
        ([], 422, "bad_request"),
    ],
)
def test_one_shape_of_errors(site: Site, body: object, status: int, code: str) -> None:
    answer = site.post("/api/checks", json=body)
    assert answer.status_code == status
    assert answer.json()["error"]["code"] == code
    assert answer.json()["error"]["message"]


def test_errors_of_the_framework_have_it_too(site: Site) -> None:
    broken = site.post("/api/checks", data=b"{", headers={"Content-Type": "application/json"})
    assert broken.json()["error"]["code"] == "bad_request"
    assert site.get("/api/nothing").json()["error"]["code"] == "not_found"
    answer = site.post("/api/openapi.json")
    assert answer.status_code == 405
    assert answer.json()["error"]["code"] == "not_allowed"
    assert answer.headers["Allow"] == "GET, HEAD"
    assert site.get("/checks").headers["Allow"] == "POST"


def test_head_is_answered_without_a_body(site: Site) -> None:
    answer = requests.head(f"{site.url}/known", timeout=30)
    assert (answer.status_code, answer.content) == (200, b"") and int(answer.headers["Content-Length"]) > 1_000


def test_the_document_has_examples_and_no_pages_for_people(site: Site) -> None:
    document = site.get("/api/openapi.json").json()
    assert set(document["paths"]) == {
        "/api/checks",
        "/api/checks/{ident}",
        "/api/checks/{ident}/events",
        "/api/checks/{ident}/report",
    }
    assert document["components"]["schemas"]["NewText"]["examples"]
    assert "Error" in document["components"]["schemas"]


#: 413 refuses what is too long; and no schema can say what makes an address or a text fit to be checked (422).
CONFIG = """
[checks.negative_data_rejection]
expected-statuses = [400, 403, 404, 405, 413, 422]
[checks.positive_data_acceptance]
expected-statuses = ["2xx", 404, 409, 422]
"""


def test_the_document_says_the_truth(site: Site, tmp_path: Path) -> None:
    config = tmp_path / "schemathesis.toml"
    config.write_text(CONFIG)
    program = Path(sys.executable).with_name("schemathesis")
    command = [program, "--config-file", config, "run", f"{site.url}/api/openapi.json", "--checks", "all", "--no-color"]
    more = ["--seed", "1", "--max-examples", "20", "--continue-on-failure"]
    done = subprocess.run([*command, *more], cwd=tmp_path, capture_output=True, text=True, timeout=90, check=False)
    print(done.stdout[-1_500:])
    assert done.returncode == 0, done.stdout[-3_000:]

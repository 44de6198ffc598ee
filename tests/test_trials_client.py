"""The live registry, played by a local server with the shapes, errors, paging and delays of API v2."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from checker.errors import CheckFailed
from checker.settings import Settings
from checker.trials import build
from checker.trials.ask import Reply, UnreachableError
from checker.trials.cache import Cache
from checker.trials.check import checks, notes
from checker.trials.client import PAGE_SIZE, Client, Patience
from checker.trials.lookup import Found, Lookup, NotChecked, NotFound
from checker.trials.snapshot import Snapshot
from checker.trials.study import FIELDS, record_of
from tests.server import ADDRESS, Answer, LocalServer, Route, drip, raw, redirect
from tests.test_trials_find import statements

SETTINGS = Settings(allow_addresses=(f"{ADDRESS}/32",), connect_timeout=1, read_timeout=1, total_timeout=2)
QUICK = Patience(pause=0, tries=3, backoff=0)
JSON = {"Content-Type": "application/json"}
TEXT = {"Content-Type": "text/plain"}


def study(nct: str = "NCT05559801", **changes: Any) -> dict[str, Any]:
    """Return a study as the API gives it; a change replaces a whole module."""
    modules: dict[str, Any] = {
        "identificationModule": {
            "nctId": nct,
            "briefTitle": "Cord cells in diabetic neuropathy",
            "nctIdAliases": ["NCT00009113"],
        },
        "statusModule": {
            "overallStatus": "RECRUITING",
            "startDateStruct": {"date": "2024-05"},
            "completionDateStruct": {"date": "2027-05-01", "type": "ESTIMATED"},
        },
        "sponsorCollaboratorsModule": {
            "leadSponsor": {"name": "Lakemoor Nerve Center", "class": "INDUSTRY"},
            "collaborators": [{"name": "Some University", "class": "OTHER"}],
        },
        "oversightModule": {"isFdaRegulatedDrug": True, "isFdaRegulatedDevice": False},
        "descriptionModule": {"briefSummary": "Cells are compared with saline."},
        "conditionsModule": {"conditions": ["Diabetic Peripheral Neuropathy"]},
        "designModule": {"studyType": "INTERVENTIONAL", "phases": ["PHASE1", "PHASE2"]},
        "armsInterventionsModule": {
            "interventions": [
                {"type": "BIOLOGICAL", "name": "UC-MSC", "otherNames": ["cord cells"]},
                {"type": "DRUG", "name": "saline"},
            ]
        },
        "contactsLocationsModule": {
            "locations": [
                {"facility": "Lakemoor Nerve Center", "city": "Austin", "state": "Texas", "country": "United States"},
                {"city": "Lima", "country": "Peru"},
            ]
        },
    }
    return {"protocolSection": {**modules, **changes}, "hasResults": False}


def given(nct: str = "NCT05559801", **changes: Any) -> Answer:
    return Answer(json.dumps(study(nct, **changes)).encode(), headers=JSON)


def path_of(key: str) -> str:
    return f"/api/v2/studies/{key}?{urlencode({'fields': FIELDS})}"


def not_found(key: str) -> Answer:
    return Answer(f"NCT number {key} not found".encode(), 404, TEXT)


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with LocalServer() as running:
        yield running


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def client(server: LocalServer, tmp_path: Path, slept: list[float]) -> Client:
    return made(server, tmp_path, slept)


def made(server: LocalServer, folder: Path, slept: list[float], pace: Patience = QUICK, **cache: Any) -> Client:
    return Client(SETTINGS, Cache(folder / "cache.sqlite", **cache), server.url("/api/v2"), pace, sleep=slept.append)


def answering(server: LocalServer, key: str, *answers: Route) -> None:
    """Give these answers one after the other, the last one for ever."""
    left = list(answers)

    def route(handler: Any) -> None:
        answer = left.pop(0) if len(left) > 1 else left[0]
        if not isinstance(answer, Answer):
            answer(handler)
            return
        head = f"HTTP/1.1 {answer.status} X\r\nContent-Length: {len(answer.body)}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
        handler.wfile.write(head.encode() + b"\r\n" + answer.body)

    server.routes[path_of(key)] = route


# -- one number


def test_a_study(server: LocalServer, client: Client) -> None:
    server.routes[path_of("NCT05559801")] = given()
    live = client.study("NCT05559801")
    record = live.record
    assert record is not None and live.as_of == record.as_of == datetime.now(UTC).date().isoformat()
    assert (record.id, record.status, record.phase, record.study_type) == (
        "NCT05559801",
        "RECRUITING",
        "PHASE1|PHASE2",
        "INTERVENTIONAL",
    )
    assert (record.sponsor, record.collaborators, record.sites) == (
        "Lakemoor Nerve Center",
        ("Some University",),
        ("Lakemoor Nerve Center",),
    )
    assert record.countries == ("United States", "Peru")
    assert record.interventions == ("Biological: UC-MSC (cord cells)", "Drug: saline")
    assert (record.start, record.completion) == ("2024-05", "2027-05-01")
    assert (record.results, record.fee, record.regulated) == (False, False, True)
    assert record.aliases == ("NCT00009113",)
    assert server.requests[0].headers["Accept"].startswith("application/json")


def test_absent_fields_are_omitted() -> None:
    record = record_of({"protocolSection": {"identificationModule": {"nctId": "NCT05559801"}}}, "2026-11-23")
    assert (record.title, record.status, record.sponsor, record.sites) == ("NCT05559801", None, None, ())
    assert (record.results, record.fee, record.regulated) == (False, False, None)


@pytest.mark.parametrize(
    "data", [None, [], {}, {"protocolSection": []}, {"protocolSection": {"identificationModule": {"nctId": 5}}}, {"studies": []}]
)
def test_what_is_no_study(data: Any) -> None:
    with pytest.raises(ValueError, match="no study"):
        record_of(data, "2026-11-23")


@pytest.mark.parametrize(
    ("changes", "flag", "value"),
    [
        ({"descriptionModule": {"detailedDescription": "This is a patient-funded trial."}}, "fee", True),
        ({"eligibilityModule": {"eligibilityCriteria": "Participants must pay for travel."}}, "fee", True),
        ({"oversightModule": {"isFdaRegulatedDrug": False, "isFdaRegulatedDevice": False}}, "regulated", False),
        ({"oversightModule": {"oversightHasDmc": True}}, "regulated", None),
        ({"statusModule": {"overallStatus": "SOMETHING_NEW"}}, "status", None),
        ({"statusModule": {"overallStatus": "WITHHELD"}}, "status", "WITHHELD"),
    ],
)
def test_flags(changes: dict[str, Any], flag: str, value: object) -> None:
    assert getattr(record_of(study(**changes), "2026-11-23"), flag) == value


def test_an_alias_leads_to_its_trial(server: LocalServer, client: Client) -> None:
    server.routes[path_of("NCT00009113")] = redirect("/api/v2/studies/NCT00010647", 301)
    server.routes["/api/v2/studies/NCT00010647"] = given("NCT00010647")
    found = checks(statements("See NCT00009113."), "Sunrise", None, (), Lookup(client=client))
    assert found[0].id == "NCT00009113" and found[0].message.startswith("The registry lists it as NCT00010647.")


def test_404_is_not_found_with_its_day(server: LocalServer, client: Client) -> None:
    server.routes[path_of("NCT05000000")] = not_found("NCT05000000")
    (found,) = checks(statements("See NCT05000000."), "Sunrise", None, (), Lookup(client=client))
    today = datetime.now(UTC).date().isoformat()
    assert (found.outcome, found.as_of, found.source) == ("not_found", today, "https://clinicaltrials.gov/study/NCT05000000")
    assert found.message.startswith(f"We could not find this number in ClinicalTrials.gov on {today}: the registry answered")


def test_a_404_that_does_not_name_the_number_proves_nothing(server: LocalServer, client: Client) -> None:
    server.routes[path_of("NCT05000000")] = Answer(b"<html>no such page</html>", 404)
    known = Lookup(client=client).find("NCT05000000")
    assert isinstance(known, NotChecked) and known.reason == "registry_unavailable"


def test_400_is_told_in_the_registrys_words(server: LocalServer, client: Client) -> None:
    server.routes[path_of("NCT05000000")] = Answer(b"`nctId` parameter has\nincorrect format\x07", 400, TEXT)
    known = Lookup(client=client).find("NCT05000000")
    assert isinstance(known, NotChecked) and known.reason == "registry_refused"
    assert "parameter has incorrect format" in known.message and "\x07" not in known.message


@pytest.mark.parametrize("status", [403, 429, 500, 502, 503])
def test_later_answers_are_tried_again(server: LocalServer, tmp_path: Path, slept: list[float], status: int) -> None:
    answering(server, "NCT05559801", Answer(b"later", status), Answer(b"later", status), given())
    client = made(server, tmp_path, slept, Patience(pause=0, tries=3, backoff=2))
    assert client.study("NCT05559801").record is not None
    assert [round(seconds) for seconds in slept] == [0, 2, 4]


def test_tries_are_bounded_and_the_registry_then_counts_as_down(server: LocalServer, client: Client) -> None:
    answering(server, "NCT05559801", Answer(b"later", 503))
    server.routes[path_of("NCT05559802")] = given("NCT05559802")
    for key in ("NCT05559801", "NCT05559802"):
        with pytest.raises(UnreachableError):
            client.study(key)
    assert server.paths() == [path_of("NCT05559801")] * 3


BROKEN: dict[str, Route] = {
    "hangs up": raw(b""),
    "half an answer": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"),
    "no JSON": Answer(b"<p>maintenance</p>"),
    "other JSON": Answer(b'{"message": "maintenance"}', headers=JSON),
    "another host": redirect("http://clinic.example/"),
    "round and round": redirect(path_of("NCT05559801")),
    "too large": Answer(b"x" * (SETTINGS.max_bytes + 1)),
    "418": Answer(b"teapot", 418),
    "silence": drip(b"", b"", pause=1.5, times=1),
    "drip": drip(b"HTTP/1.1 200 OK\r\n\r\n", b" ", pause=0.1, times=40),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_answers_are_not_checked(server: LocalServer, tmp_path: Path, slept: list[float], name: str) -> None:
    server.routes[path_of("NCT05559801")] = BROKEN[name]
    lookup = Lookup(client=made(server, tmp_path, slept, Patience(pause=0, tries=1, backoff=0)))
    begin = time.monotonic()
    (found,) = checks(statements("See NCT05559801."), "Sunrise", None, (), lookup)
    assert time.monotonic() - begin < SETTINGS.total_timeout + 1
    assert (found.outcome, found.reason) == ("not_checked", "registry_unavailable")
    assert "could not be asked" in found.message


def test_the_check_goes_on_when_the_registry_goes_down_midway(server: LocalServer, client: Client) -> None:
    server.routes[path_of("NCT05559801")] = given()
    answering(server, "NCT05559802", Answer(b"down", 503))
    said = statements("Take part in NCT05559801 on cord cells for neuropathy.", "NCT05559802, NCT05559803 and ISRCTN12345678.")
    found = checks(said, "Lakemoor Nerve Center", None, (), Lookup(client=client))
    assert [(one.outcome, one.reason) for one in found] == [
        ("matched", None),
        ("not_checked", "registry_unavailable"),
        ("not_checked", "registry_unavailable"),
        ("not_checked", "other_registry"),
    ]
    assert notes(found, Lookup(client=client)) == ()


def test_a_registry_that_is_not_there(tmp_path: Path, slept: list[float]) -> None:
    with LocalServer() as gone:
        pass
    known = Lookup(client=made(gone, tmp_path, slept)).find("NCT05559801")
    assert isinstance(known, NotChecked) and known.reason == "registry_unavailable"


def test_private_addresses_are_not_asked(server: LocalServer, tmp_path: Path) -> None:
    client = Client(Settings(), Cache(tmp_path / "cache.sqlite"), server.url("/api/v2"), QUICK, sleep=lambda seconds: None)
    with pytest.raises(UnreachableError, match="not public"):
        client.study("NCT05559801")
    assert server.requests == []


def test_no_network_without_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checker.trials.client.ask", lambda *args: pytest.fail("asked"))
    assert isinstance(Lookup(today=date(2026, 11, 23)).find("NCT02387749"), Found)


# -- politeness and cache


def test_one_request_a_second_over_several_clients(server: LocalServer, tmp_path: Path) -> None:
    keys = [f"NCT0555980{n}" for n in range(4)]
    server.routes.update({path_of(key): given(key) for key in keys})
    pace = Patience(pause=0.2)
    clients = [Client(SETTINGS, Cache(tmp_path / "cache.sqlite"), server.url("/api/v2"), pace) for _ in range(2)]
    threads = [threading.Thread(target=clients[n % 2].study, args=(key,)) for n, key in enumerate(keys)]
    begin = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - begin >= 0.6
    assert sorted(server.paths()) == [path_of(key) for key in keys]


def test_the_pause_is_a_second() -> None:
    assert Patience().pause == 1.0


def test_answers_are_kept_for_their_lifetime(server: LocalServer, tmp_path: Path, slept: list[float]) -> None:
    now = [1_790_000_000.0]
    server.routes[path_of("NCT05559801")] = given()
    server.routes[path_of("NCT05000000")] = not_found("NCT05000000")
    for days, asked in ((0, 2), (6.9, 2), (7.1, 4)):
        client = made(server, tmp_path, slept, clock=lambda: now[0] + days * 86_400)  # noqa: B023
        assert client.study("NCT05559801").record is not None and client.study("NCT05000000").record is None
        assert len(server.requests) == asked
    kept = Cache(tmp_path / "cache.sqlite", clock=lambda: now[0] + 8 * 86_400).get(server.url(path_of("NCT05000000")))
    assert kept is not None and kept[1] == datetime.fromtimestamp(now[0] + 7.1 * 86_400, UTC)


def test_a_kept_answer_bears_its_own_day(server: LocalServer, tmp_path: Path, slept: list[float]) -> None:
    server.routes[path_of("NCT05000000")] = not_found("NCT05000000")
    cache = Cache(tmp_path / "cache.sqlite")
    made(server, tmp_path, slept).study("NCT05000000")
    later = Client(
        SETTINGS, Cache(tmp_path / "cache.sqlite", clock=lambda: time.time() + 3 * 86_400), server.url("/api/v2"), QUICK
    )
    known = Lookup(client=later).find("NCT05000000")
    assert isinstance(known, NotFound) and known.as_of == datetime.now(UTC).date().isoformat()
    assert cache.get(server.url(path_of("NCT05000000"))) is not None


def test_failures_are_not_kept(server: LocalServer, tmp_path: Path, slept: list[float]) -> None:
    for bad in (Answer(b"later", 503), Answer(b"no", 404), Answer(b"no", 400), Answer(b"{}", headers=JSON)):
        server.routes[path_of("NCT05559801")] = bad
        with pytest.raises((UnreachableError, ValueError)):
            made(server, tmp_path, slept).study("NCT05559801")
    server.routes[path_of("NCT05559801")] = given()
    assert made(server, tmp_path, slept).study("NCT05559801").record is not None


def test_a_broken_cache_is_replaced_and_a_missing_folder_is_gone_without(
    server: LocalServer, tmp_path: Path, slept: list[float]
) -> None:
    server.routes[path_of("NCT05559801")] = given()
    broken = tmp_path / "cache.sqlite"
    broken.write_bytes(b"no database at all, but long enough to be looked at" * 50)
    assert made(server, tmp_path, slept).study("NCT05559801").record is not None
    assert Cache(broken).get(server.url(path_of("NCT05559801"))) is not None
    (tmp_path / "file").write_text("")
    without = made(server, tmp_path / "file", slept, Patience(pause=5))
    assert without.study("NCT05559801").record is not None and without.study("NCT05559801").record is not None
    assert round(slept[-1]) == 5  # the pause is kept without a file too


def test_a_clock_that_was_set_back_blocks_nobody(tmp_path: Path) -> None:
    now = [1_790_000_000.0]
    cache = Cache(tmp_path / "cache.sqlite", clock=lambda: now[0])
    assert [cache.turn(1), cache.turn(1), cache.turn(1)] == [0, 1, 2]
    now[0] -= 86_400
    assert cache.turn(1) == 0
    cache.put("x", Reply(200, "{}", "x"))
    now[0] -= 86_400
    assert cache.get("x") is None  # an answer of the future is none


# -- a whole query


def query_path(token: str = "", query: str = "mesenchymal neuropathy") -> str:
    parameters = {"query.term": query, "fields": FIELDS, "pageSize": str(PAGE_SIZE), "countTotal": "true"}
    if token:
        parameters["pageToken"] = token
    return f"/api/v2/studies?{urlencode(parameters)}"


def page(*ids: str, token: str | None = None, total: int | None = None) -> Answer:
    data: dict[str, Any] = {"studies": [study(nct) for nct in ids]}
    data.update({"nextPageToken": token} if token else {})
    data.update({"totalCount": total} if total is not None else {})
    return Answer(json.dumps(data).encode(), headers=JSON)


def test_refresh_pages_through_a_query(server: LocalServer, client: Client, tmp_path: Path) -> None:
    server.routes[query_path()] = page("NCT05559801", "NCT05559802", token="abc", total=3)
    server.routes[query_path("abc")] = page("NCT05559803")
    meta = build.refresh(client, "mesenchymal neuropathy", tmp_path / "copy.sqlite")
    copy = Snapshot(tmp_path / "copy.sqlite")
    assert [record.id for record in copy.records()] == ["NCT05559801", "NCT05559802", "NCT05559803"]
    assert copy.get("NCT00009113") == copy.get("NCT05559801")  # an alias that the registry gave
    assert meta["as_of"] == datetime.now(UTC).date().isoformat()
    assert copy.absence("NCT10953523") is not None  # taken over from the shipped copy
    message = Lookup(tmp_path / "copy.sqlite").find("NCT02387749")
    assert isinstance(message, NotChecked) and "trials found by “mesenchymal neuropathy” only" in message.message


def test_refresh_with_facts(server: LocalServer, client: Client, tmp_path: Path) -> None:
    from tests.test_trials_snapshot import facts

    server.routes[query_path()] = page("NCT05559801", total=1)
    build.refresh(client, "mesenchymal neuropathy", tmp_path / "copy.sqlite", facts(tmp_path))
    assert [record.id for record in Snapshot(tmp_path / "copy.sqlite").records()] == ["NCT05559801", "NCT05559802"]


@pytest.mark.parametrize(
    ("pages", "says"),
    [
        ({"": page("NCT05559801", total=2)}, "announced 2 trials and gave 1"),
        ({"": page("NCT05559801", token="a"), "a": page("NCT05559802", token="a")}, "same page again"),
        ({"": page("NCT05559801", token="a"), "a": Answer(b"down", 503)}, "could not be asked: it answered with HTTP 503"),
        ({"": Answer(b"unknown parameter `query.term`", 400, TEXT)}, "refused the query .HTTP 400.: unknown parameter"),
        ({"": Answer(b"<p>", headers=JSON)}, "no JSON"),
        ({"": Answer(b"[]", headers=JSON)}, "no list of studies"),
        ({"": Answer(b'{"studies": [{}]}', headers=JSON)}, "something that is no study"),
        ({"": page(total=0)}, "finds no trial"),
    ],
)
def test_refresh_writes_all_or_nothing(
    server: LocalServer, client: Client, tmp_path: Path, pages: dict[str, Answer], says: str
) -> None:
    server.routes.update({query_path(token): answer for token, answer in pages.items()})
    to = tmp_path / "copy.sqlite"
    to.write_bytes(b"what was there")
    with pytest.raises(CheckFailed, match=says):
        build.refresh(client, "mesenchymal neuropathy", to)
    assert to.read_bytes() == b"what was there"

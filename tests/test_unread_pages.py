"""Invented pages that stand in place of a page are never read, each with its code; short real pages always are.

Both as files that a person saved and as answers of a real server, with the status that such pages come with. The pages
marked held_out were written before the detector was fitted to them: some before their author had seen it, the rest last.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from checker import engine
from checker.errors import ADVICE, ReadError
from checker.page import readable, sources, walls
from checker.page.fetch import fetch
from checker.settings import Settings
from tests.server import Answer, LocalServer

FIXTURES = Path(__file__).parent / "fixtures"
SETTINGS = Settings(allow_addresses=("127.0.0.2/32",))
#: Here the status says more than the text, or says it first.
BY_STATUS = {429: "rate_limited", 401: "login_wall", 451: "http_status"}
#: The text of these is only an error, so that another status than 200 decides.
ERRORS = {"http_status", "refused", "script_only", "empty", "not_english"}
#: What stands in place of a page and says so in words, with or without a footer of the site around it.
WALLS = {wall.code for wall in walls.WALLS} - {"script_only", "empty"}
FOOTER = b"<footer><p>Palm Stem Cell Clinic offers stem cell therapy for neuropathy. Call 555-0142.</p></footer>"


class Case(NamedTuple):
    path: Path
    code: str
    status: int
    headers: dict[str, str]

    @property
    def served_code(self) -> str:
        """What an answer with this status comes to."""
        if self.status in BY_STATUS:
            return BY_STATUS[self.status]
        return "http_status" if self.status >= 300 and self.code in ERRORS else self.code


def cases(folder: str) -> list[Case]:
    lines = (FIXTURES / folder / "pages.jsonl").read_text(encoding="utf-8").splitlines()
    rows = map(json.loads, lines)
    return [Case(FIXTURES / folder / r["file"], r["code"], r["status"], r.get("headers", {})) for r in rows]


UNREAD, SHORT = cases("unread"), cases("short")


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with LocalServer() as running:
        yield running


def outcome(source: str) -> tuple[str, ReadError | None]:
    """Return "read" or the code of what kept the source from being read."""
    try:
        page = fetch(source, SETTINGS) if source.startswith("http") else sources.read(source, SETTINGS)
        readable.require(engine.document_of(page), page)
    except ReadError as error:
        return error.code, error
    return "read", None


def test_there_are_enough_of_them_and_no_two_alike() -> None:
    for folder, least in (("unread", 60), ("short", 40)):
        files = {path.name for path in (FIXTURES / folder).iterdir()} - {"pages.jsonl"}
        assert files == {case.path.name for case in cases(folder)}
        assert len({(FIXTURES / folder / name).read_bytes() for name in files}) == len(files) >= least


@pytest.mark.parametrize("case", UNREAD, ids=lambda case: case.path.stem)
def test_what_stands_in_place_of_a_page_is_not_read(case: Case, server: LocalServer) -> None:
    code, error = outcome(str(case.path))
    assert code == case.code
    assert error is not None and error.message.endswith(".") and error.advice
    kind = "application/pdf" if case.path.suffix == ".pdf" else "text/html"
    headers = {"Content-Type": kind, **case.headers}
    if case.status == 307:  # the real one leads to itself
        case = case._replace(status=403)
    server.routes["/page"] = Answer(case.path.read_bytes(), case.status, headers)
    code, error = outcome(server.url("/page"))
    assert code == case.served_code
    assert error is not None and (case.status < 300 or str(case.status) in error.message)


@pytest.mark.parametrize("case", [case for case in UNREAD if case.code in WALLS], ids=lambda case: case.path.stem)
def test_a_footer_that_names_what_a_clinic_sells_makes_no_page_of_a_wall(case: Case, tmp_path: Path) -> None:
    saved = tmp_path / case.path.name
    before, end, after = case.path.read_bytes().rpartition(b"</body>")
    saved.write_bytes((before + FOOTER + end if end else after + FOOTER) + (after if end else b""))
    assert outcome(str(saved))[0] in (case.code, "not_english")


@pytest.mark.parametrize("case", SHORT, ids=lambda case: case.path.stem)
def test_a_short_page_is_read(case: Case, server: LocalServer) -> None:
    assert outcome(str(case.path)) == ("read", None)
    server.routes["/page"] = Answer(case.path.read_bytes())
    assert outcome(server.url("/page")) == ("read", None)


def test_a_report_on_hardly_any_text_says_so() -> None:
    checker = engine.Checker(SETTINGS)
    for name, said in (("contact-hours.html", True), ("one-heading.html", True)):
        codes = [note.code for note in checker.check(str(FIXTURES / "short" / name)).notes]
        assert ("little_text" in codes) is said
    sample = checker.check_html("<p>" + "Our stem cells cure neuropathy. " * 20 + "</p>")
    assert "little_text" not in [note.code for note in sample.notes]


def test_the_language_is_named() -> None:
    for stem, name in (("spanish-clinic", "Spanish"), ("turkish", "Turkish"), ("chinese", "Chinese"), ("arabic", "Arabic")):
        _, error = outcome(str(FIXTURES / "unread" / f"lang-{stem}.html"))
        assert error is not None and name in error.message


@pytest.mark.parametrize("name", ["suspended-hosting", "legal-court-order", "age-gate-21", "error-critical"])
def test_a_case_without_a_code_of_its_own_has_its_own_words(name: str) -> None:
    _, error = outcome(str(FIXTURES / "unread" / f"{name}.html"))
    assert error is not None and error.advice != ADVICE[error.code]

"""The tables of facts: validated at load, dated, without persons; the state notices; the command `facts`."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from checker import knowledge
from checker.approval import notices
from checker.cli import facts as command
from checker.engine import Checker
from checker.errors import CheckFailed, SettingsError
from checker.knowledge import load, persons
from checker.knowledge.rows import Row
from checker.reports import facts as pages

DATA = Path(knowledge.__file__).parent / "data"
TODAY = load.SHIPPED
FORBIDDEN = re.compile(
    r"\b(?:fraud\w*|scams?|fake\w*|quack\w*|lie|lies|lied|lying|illegal\w*|criminal\w*|guilty|innocent|trusted|ratings?)\b",
    re.IGNORECASE,
)
Edit = Callable[[dict[str, Any]], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def change(folder: Path, table: str, line: int, **given: Any) -> None:
    """Set fields of a table's line (1 is the header)."""
    path = folder / f"{table}.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[line - 1] = json.dumps({**json.loads(lines[line - 1]), **given})
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def problems(folder: Path, today: date = TODAY) -> list[str]:
    return [str(problem) for problem in load.read(folder, today)[1]]


def texts(value: object) -> Iterator[str]:
    """Yield every text of a row but addresses."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key != "url":
                yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)
    elif isinstance(value, str):
        yield value


def rows() -> list[tuple[str, Row]]:
    return [(table.name, row) for table in knowledge.tables() for row in table.rows]


# What is in the tables


def test_the_tables_are_valid_and_whole() -> None:
    assert knowledge.problems() == ()
    counts = {table.name: len(table.rows) for table in knowledge.tables()}
    assert counts["products"] == 49 and counts["enforcement"] == 68 and counts["warning_signs"] == 38
    assert counts["known"] >= 20 and counts["reporting"] == 5
    assert counts["ladder"] >= 18 and counts["law"] >= 35 and counts["medicines"] >= 10


def test_nothing_licensed_covers_neuropathy_and_nobody_checked_what_is_in_force() -> None:
    products = knowledge.tables().products.rows
    assert not any(product.covers_neuropathy for product in products)
    assert all(product.in_force is None for product in products)


def test_every_row_has_a_source_or_says_that_it_has_none() -> None:
    for name, row in rows():
        assert row.sources or not row.confirmed, (name, row)


def test_no_row_names_a_person() -> None:
    for name, row in rows():
        for text in texts(row.model_dump(mode="json")):
            assert persons.named_in(text) is None, (name, text)
    for action in knowledge.tables().enforcement.rows:
        assert all(persons.is_firm(firm) for firm in action.firms)


def test_no_text_judges_people() -> None:
    for table in knowledge.tables():
        for text in (table.title, table.description):
            assert not FORBIDDEN.search(text)
    for name, row in rows():
        for text in texts(row.model_dump(mode="json")):
            assert not FORBIDDEN.search(text), (name, text)


def test_what_a_step_does_not_prove_is_told_in_whole_sentences() -> None:
    fragments = ("Not ", "No ", "Nothing ")
    assert [step.id for step in knowledge.tables().ladder.rows if step.does_not_prove.startswith(fragments)] == []


def test_the_ladder_has_every_step() -> None:
    steps = {step.id for step in knowledge.tables().ladder.rows}
    assert {
        *("approved", "cleared", "authorised", "registered", "listed", "inspected", "compliant", "361", "exempt", "rmat"),
        *("fast-track", "orphan", "ind", "expanded-access", "right-to-try", "ethics-board", "off-label", "foreign"),
    } <= steps


# Persons


@pytest.mark.parametrize(
    "text",
    [
        "a letter to Dr. Example",
        "Jane Roe runs the clinic",
        "signed by Roe Doe, MD",
        "the owner, Michael Q. Public, replied",
        "FTC v. Doe",
        "Roe v. Wellness Group",
        "Judge Roe ruled",
    ],
)
def test_persons_are_seen(text: str) -> None:
    assert persons.named_in(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "US v. US Stem Cell Clinic, 998 F.3d 1302 (11th Cir.)",
        "FTC and Georgia v. Stem Cell Institute of America",
        "US District Court N.D. Ga.",
        "Cal. Bus. & Prof. Code 684",
        "Washington Attorney General",
        "Turner et al. 2023",
        "Charcot-Marie-Tooth disease",
    ],
)
def test_firms_courts_and_citations_are_no_persons(text: str) -> None:
    assert persons.named_in(text) is None


@pytest.mark.parametrize("firm", ["Roe", "Jane Roe", "Doe and Sons", "Example Clinic v. United States", "Dr. Roe Medical Group"])
def test_what_does_not_read_as_a_firm_is_refused(firm: str) -> None:
    assert not persons.is_firm(firm)


# Validation


@pytest.mark.parametrize(
    ("table", "line", "given", "said"),
    [
        ("products", 3, {"year": "soon"}, "products.jsonl line 3, year:"),
        ("products", 2, {"source": None}, "products.jsonl line 2: has no source"),
        ("products", 2, {"colour": "red"}, "products.jsonl line 2, colour:"),
        ("products", 2, {"unconfirmed": ["colour"]}, "colour as unconfirmed"),
        ("products", 2, {"names": ["Hemacord"]}, "must be lower case"),
        ("products", 3, {"brand": "Hemacord"}, "'Hemacord' stands twice"),
        ("enforcement", 5, {"date": "2031-01-01"}, "is after the table's own date"),
        ("enforcement", 5, {"date": "2024-02-30"}, "no day of the calendar"),
        ("enforcement", 5, {"date": "last year"}, "must be a date such as"),
        ("enforcement", 5, {"firms": ["Jane Roe"]}, "does not read as a firm's name"),
        ("enforcement", 5, {"note": "said Dr. Roe"}, "names a person (Dr. Roe)"),
        ("enforcement", 5, {"domain": "https://www.clinic.example/"}, "bare registered domain"),
        ("enforcement", 5, {"stage": "rumour"}, "enforcement.jsonl line 5, stage:"),
        ("enforcement", 5, {"source": {"title": "x", "url": "see above", "date": "2024"}}, "begins with http://"),
        ("law", 2, {"jurisdiction": "Utah"}, "law.jsonl line 2, jurisdiction:"),
        ("ladder", 2, {"proves": ""}, "ladder.jsonl line 2, proves:"),
        ("warning_signs", 2, {"labels": ["bad"]}, "warning_signs.jsonl line 2, labels.0:"),
    ],
)
def test_a_bad_row_is_named_with_what_to_do(folder: Path, table: str, line: int, given: dict[str, Any], said: str) -> None:
    change(folder, table, line, **given)
    found = problems(folder)
    assert any(said in problem for problem in found), found
    assert all(problem.endswith(".") and ("orrect" in problem or "take" in problem) for problem in found)


def test_a_bad_row_is_left_out_and_the_others_stay(folder: Path) -> None:
    change(folder, "products", 2, year="soon")
    tables, _ = load.read(folder, TODAY)
    assert len(tables.products.rows) == 48 and len(tables.law.rows) == len(knowledge.tables().law.rows)


def test_a_table_from_the_future_is_refused(folder: Path) -> None:
    change(folder, "law", 1, as_of="2031-05-01")
    tables, _ = load.read(folder, TODAY)
    assert any("law.jsonl line 1, as_of: 2031-05-01 is in the future" in problem for problem in problems(folder))
    assert not tables.law.usable and tables.law.as_of is None and tables.products.usable
    assert problems(folder, date(2031, 5, 1)) == []


def test_a_clock_that_is_behind_refuses_nothing(folder: Path) -> None:
    assert problems(folder, date(2001, 1, 1)) == []


@pytest.mark.parametrize("content", [b"", b"\n", b"{", b"[]\n", b"\xff\xfe\n", b'{"table": "law"}\n'])
def test_a_broken_file_is_one_message(folder: Path, content: bytes) -> None:
    (folder / "products.jsonl").write_bytes(content)
    found = problems(folder)
    assert found and all(problem.startswith("products.jsonl line 1") for problem in found)


def test_a_missing_file_and_a_foreign_one_are_named(folder: Path) -> None:
    (folder / "law.jsonl").unlink()
    shutil.copy(folder / "products.jsonl", folder / "ladder.jsonl")
    found = problems(folder)
    assert any(problem.startswith("law.jsonl line 1: cannot be read") for problem in found)
    assert any("ladder.jsonl line 1, table: says 'products'" in problem for problem in found)


def test_a_line_that_is_no_json_is_named(folder: Path) -> None:
    with (folder / "law.jsonl").open("a", encoding="utf-8") as stream:
        stream.write('{"id": \n')
    assert len(problems(folder)) == 1 and "Invalid JSON" in problems(folder)[0]


# Dates


def test_versions_give_the_date_of_each_table() -> None:
    assert knowledge.versions() == {f"facts/{name}": "2026-11-23" for name in load.MODELS}


def test_a_table_is_old_after_a_year() -> None:
    assert knowledge.stale(TODAY + timedelta(days=365)) == ()
    assert knowledge.stale(TODAY + timedelta(days=366)) == tuple(load.MODELS)
    (note,) = knowledge.notes(TODAY + timedelta(days=400))
    assert note.code == "stale_facts" and "over a year old" in note.message
    assert knowledge.notes(TODAY) == ()


def test_a_report_says_that_facts_could_not_be_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change(folder, "law", 1, as_of="2031-05-01")
    monkeypatch.setattr(knowledge, "_read", lambda: load.read(folder, TODAY))
    (note,) = knowledge.notes(TODAY)
    assert note.code == "facts_not_checked" and "law.jsonl line 1" in note.message
    assert knowledge.versions()["facts/law"] == "not usable"
    assert notices.notices("Stem cells in Miami, FL 33101") == ()


def test_nothing_is_read_before_it_is_asked_for() -> None:
    code = "import sys, checker.knowledge; print('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "False"


# State notices

WORDS = "This stem cell therapy has not yet been approved by the United States Food and Drug Administration."
CONSULT = "You are encouraged to consult with your primary care provider."


@pytest.mark.parametrize(
    ("address", "state"),
    [
        ("12 Main St, Seattle, WA 98101", "WA"),
        ("Spokane, Washington 99201-0001", "WA"),
        ("Visit us in Bellevue, WA", "WA"),
        ("9 Palm Ave\nMiami, FL 33101", "FL"),
        ("ORLANDO, FLORIDA 32801", "FL"),
        ("St. Petersburg, Florida", "FL"),
        ("500 State St, Salt Lake City, UT 84101", "UT"),
    ],
)
def test_an_address_in_a_notice_state_asks_for_the_notice(address: str, state: str) -> None:
    (missing,) = notices.notices(f"Stem cells for nerves.\n{address}\nCall us.")
    assert (missing.state, missing.found, missing.quote) == (state, False, None)
    assert "We found no such words" in missing.message and missing.sources
    (present,) = notices.notices(f"Stem cells for nerves.\n{address}\n{WORDS} {CONSULT}")
    assert present.found and present.quote == WORDS and "advice to consult" in present.message


@pytest.mark.parametrize(
    "text",
    [
        "Stem cells in Perth, WA 6000",
        "Stem cells. Washington, DC 20001",
        "Stem cells. However, Florida law differs.",
        "We ship stem cells to Texas, Florida, Utah and Washington.",
        "Stem cells at the University of Washington",
        "Stem cells in Austin, TX 78701",
        "Stem cells. Florida, 33101 patients",
        "PRP and massage. Miami, FL 33101",
        "",
    ],
)
def test_no_address_or_no_stem_cells_asks_for_nothing(text: str) -> None:
    assert notices.notices(text) == ()


def test_a_town_without_a_zip_code_is_a_place_where_no_address_is_elsewhere() -> None:
    (notice,) = notices.notices("Stem cells at our office in Tampa, Florida.")
    assert notice.message.startswith("The page names the place “Tampa, Florida”.")
    for elsewhere in ("4100 Elm Street, Dallas, TX 75201", "Dallas, Texas 75201"):
        assert notices.notices(f"Stem cells.\n{elsewhere}\nOur nurse trained in Miami, Florida.") == ()
    fda = "The FDA, 10903 New Hampshire Ave, Silver Spring, MD 20993. Product CODE XL 12345."
    for text in (f"Our clinic, Miami, Florida. {fda}", "100 Ocean Drive, Miami, Florida, and 5 Peach St, Atlanta, GA 30303"):
        assert [notice.state for notice in notices.notices(f"Stem cells. {text}")] == ["FL"]


def test_the_home_of_a_patient_is_not_the_clinics() -> None:
    checker = Checker()
    page = "<h1>Stem cells for neuropathy</h1><p>Our clinic sells stem cell injections. Book your visit.</p>{}"
    story = "<h2>Patient stories</h2><blockquote>My feet feel better. Mary S., Tampa, FL</blockquote>"
    story = f"<section class='testimonials'>{story}</section>"
    codes = [{note.code for note in checker.check_html(page.format(end)).notes} for end in (story, "<footer>Tampa, FL</footer>")]
    assert "state_notice_missing" not in codes[0] and "state_notice_missing" in codes[1]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Not FDA approved.", True),
        ("The FDA has not approved this therapy.", True),
        ("Our therapy isn't FDA-approved.", True),
        ("It has not been approved, reviewed or endorsed by the FDA.", True),
        ("No FDA-approved stem cell therapy for nerves exists.", True),
        ("Our cells are FDA approved.", False),
        ("Not just FDA approved, but loved.", False),
        ("These statements have not been evaluated by the FDA.", False),
        ("No stem cell product is approved by the FDA for neuropathy.", True),
        ("None of our treatments is approved by the FDA.", True),
        ("It has not received FDA approval.", True),
        ("The U.S. FDA hasn't approved these cells.", True),
        ("Unlike clinics whose cells are not FDA-approved, ours are FDA approved.", False),
        ("Our supplements are not approved by the FDA.", False),
        ("You are not approved for financing.", False),
    ],
)
def test_what_counts_as_the_notice(words: str, found: bool) -> None:
    (notice,) = notices.notices(f"Stem cells.\nMiami, FL 33101\n{words}")
    assert notice.found is found


def test_a_law_asks_for_nothing_before_it_is_in_force() -> None:
    text = "Stem cells. Miami, FL 33101"
    assert notices.notices(text, on=date(2025, 6, 30)) == ()
    assert len(notices.notices(text, on=date(2025, 7, 1))) == 1


def test_utah_is_marked_unconfirmed_and_no_notice_moves_the_verdict() -> None:
    utah, florida = (notices.notices(f"Stem cells. {place}")[0] for place in ("Provo, UT 84601", "Miami, FL 33101"))
    assert not utah.confirmed and "Whether it must stand in advertisements is unconfirmed" in utah.message
    assert florida.confirmed
    for notice in (utah, florida):
        assert "neither raises nor lowers our verdict" in notice.message
    assert "(since 2024-05-01, which is unconfirmed)" in utah.message and "(since 2025-07-01)" in florida.message
    (note,) = notices.notes("Stem cells. Miami, FL 33101")
    assert (note.code, note.quote) == ("state_notice_missing", None)
    assert notices.notes(f"Stem cells. Miami, FL 33101\n{WORDS}")[0].code == "state_notice_found"


# The command


@pytest.mark.parametrize(
    "show",
    [command.products, command.medicines, command.ladder, command.enforcement, command.signs, command.law, command.known],
)
def test_rows_are_readable_at_80_columns_with_sources(show: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert show() == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(len(line) for line in lines if not line.startswith("    http")) <= 80
    assert sum(line.startswith("  source: ") for line in lines) >= 10
    assert all(FORBIDDEN.search(line) is None for line in lines if "http" not in line)


def test_marks_of_doubt_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    command.products(find="lenmeldy")
    assert "[not confirmed: from general knowledge]" in capsys.readouterr().out
    command.products(find="hemacord")
    out = capsys.readouterr().out
    assert "year: 2011 (unconfirmed)" in out and "in force: not checked" in out and "brand: unconfirmed" in out
    command.enforcement(find="us stem cell clinic 2017")
    out = capsys.readouterr().out
    assert "usstemcellclinic.com (unconfirmed)" in out and "outcome: not checked" in out and "shown beside its site: no" in out


def test_a_firm_is_found_and_an_unknown_one_is_not_accused(capsys: pytest.CaptureFixture[str]) -> None:
    command.enforcement(find="Surgenex")
    assert "(1 of 68" in capsys.readouterr().out
    for name in ("US Stem Cell Clinic, LLC", "U.S. Stem Cell Clinic LLC"):
        command.enforcement(find=name)
        assert "(4 of 68" in capsys.readouterr().out
    command.enforcement(find="Unheard-of Clinic")
    assert "No row of this table holds “Unheard-of Clinic”" in capsys.readouterr().out


def test_the_list_names_each_table_with_its_date_and_age(capsys: pytest.CaptureFixture[str]) -> None:
    pages.write_tables(knowledge.tables(), ["law"], sys.stdout)
    out = capsys.readouterr().out
    assert "products: 49 rows, as of 2026-11-23\n" in out
    assert re.search(r"law: \d+ rows, as of 2026-11-23 \(over a year old\)", out)


def test_check_names_bad_rows(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.check(None) == 0
    assert "are valid" in capsys.readouterr().out
    change(folder, "products", 7, year="soon")
    with pytest.raises(CheckFailed, match=r"1 problem in the tables of facts:\n  products\.jsonl line 7, year"):
        command.check(folder)
    with pytest.raises(SettingsError, match="is no folder"):
        command.check(folder / "missing")

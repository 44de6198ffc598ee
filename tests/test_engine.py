"""From a page to its report: verdicts, places that hold, facts beside them, sources of every kind, the command line."""

from __future__ import annotations

import io
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import checker as package
from checker.cli.main import main
from checker.engine import Checker
from checker.page.blocks import document
from checker.page.markup import parse
from checker.rules.book import Book
from checker.values import Label, Publisher, Report, VerdictLevel
from checker.wire import to_dict

CLINIC = """<html lang="en"><head><title>Neuropathy and cord cells | Ostrander Cell Center</title></head><body>
<h1>Stem cells for neuropathy</h1>
<p>At our clinic we inject umbilical cord stem cells for neuropathy. Our stem cells reverse nerve damage.
Book your visit today.</p>
<p>We see new patients on Tuesdays; call our office at (555) 555-0163. {}</p></body></html>"""
LEAFLET = """<html lang="en"><head><title>Peripheral neuropathy | State Health Library</title></head><body>
<h1>Peripheral neuropathy</h1><p>Researchers reported in a journal that mesenchymal cells reversed neuropathy in diabetic mice.
According to the agency, no stem cell product is approved for neuropathy, and clinics that advertise a cure mislead patients.
The society warns people not to pay for unproven treatments. References: Journal of Nerve Studies, 2021.</p></body></html>"""
LASER = """<html lang="en"><head><title>Laser therapy for neuropathy | Fenwick Chiropractic</title></head><body>
<h1>Laser for numb feet</h1><p>Our clinic treats neuropathy with class IV laser, vibration plates and vitamins. The laser
reverses nerve damage. Call our office to book your laser session. Our chiropractors see patients every day.</p></body></html>"""

#: By itself a newspaper's; whoever knows that a clinic publishes it can say so.
ARTICLE = """<!doctype html><html lang="en"><head><title>Daily Courier Health: stem cells for nerves</title></head><body>
<article><h1>Stem cells for numb feet: what patients told us</h1><p>By a staff writer of this newspaper.</p>
<p>The newspaper spoke with patients and with researchers at a university.</p>
<p>According to the study's authors, stem cells from cord tissue reversed neuropathy in eight of ten patients.</p>
<p>Stem cells repair damaged nerves and the numbness is gone for good, the authors wrote in the journal.</p>
<p>The agency said that it has approved no such product.</p></article></body></html>"""


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker()


def test_a_clinic_that_promises_a_cure_of_nerves_is_an_alarm(checker: Checker) -> None:
    report = checker.check_html(CLINIC.format(""))
    assert (report.verdict.level, report.verdict.publisher) == (VerdictLevel.ALARM, Publisher.PROVIDER)
    assert any(finding.label is Label.CURE and finding.about_nerves for finding in report.findings)


@pytest.mark.parametrize(("page", "level"), [(LEAFLET, VerdictLevel.INFORMATIONAL), (LASER, VerdictLevel.OUT_OF_SCOPE)])
def test_pages_without_an_offer_in_scope_have_no_findings(checker: Checker, page: str, level: VerdictLevel) -> None:
    report = checker.check_html(page)
    assert report.verdict.level is level
    assert report.findings == ()


def test_a_page_that_is_known_to_be_a_sellers_is_judged_as_one(checker: Checker) -> None:
    assert checker.check_html(ARTICLE).verdict.level is VerdictLevel.INFORMATIONAL
    report = checker.for_sellers().check_html(ARTICLE)
    assert (report.verdict.level, report.verdict.publisher) == (VerdictLevel.ALARM, Publisher.PROVIDER)
    assert "publisher_given" in [note.code for note in report.notes]
    clinic = [to_dict(made.check_html(CLINIC)) for made in (checker, checker.for_sellers())]
    assert clinic[0]["findings"] == clinic[1]["findings"] and clinic[0]["notes"] == clinic[1]["notes"]


@pytest.mark.parametrize(
    "offer",
    [
        "We offer stem cell therapy for neuropathy. Book your visit at our clinic.",
        "Our clinic offers stem cell injections. Call 555-0143.",
        "Stem cell therapy costs $7,900. Spots are limited, and there is a 20% discount this week.",
        "Fenwick Nerve Care offers exosome injections. Call 555-0143 to book your visit.",
        "Our clinic's stem cells are not a cure. Call our office to book your visit.",
    ],
)
def test_what_is_offered_in_so_many_words_is_in_scope(checker: Checker, offer: str) -> None:
    assert checker.check_text(offer).verdict.level is VerdictLevel.CAREFUL


@pytest.mark.parametrize(
    "text",
    [
        "Please call my sister about dinner tonight",
        "We do not offer stem cells for neuropathy. We treat it with tablets at our clinic.",
        "Some clinics offer stem cell injections for neuropathy. We treat it with tablets at our clinic.",
    ],
)
def test_what_is_not_offered_is_not_in_scope(checker: Checker, text: str) -> None:
    assert checker.check_text(text).verdict.level is VerdictLevel.OUT_OF_SCOPE


def test_every_quote_stands_where_its_place_says(checker: Checker) -> None:
    html = CLINIC.format("Results may vary.")
    soup = parse(html)
    texts = {block.css_path: block.text for block in document(soup).blocks}
    for finding in to_dict(checker.check_html(html))["findings"]:
        place = finding["place"]
        assert texts[place["css_path"]][place["start"] : place["end"]] == finding["quote"]
        assert finding["quote"] in finding["statement"]
        assert soup.select_one(place["css_path"]) is not None
        assert 0 < finding["confidence"] < 1


def test_a_statement_and_label_come_once(checker: Checker) -> None:
    report = checker.check_html(
        CLINIC.format("Our FDA-approved stem cells are FDA-approved for neuropathy, FDA-approved indeed.")
    )
    keys = [(finding.statement.index, finding.label) for finding in report.findings]
    assert len(keys) == len(set(keys))


def test_approval_is_held_against_the_table_of_products(checker: Checker) -> None:
    report = checker.check_html(CLINIC.format("Our stem cell therapy is FDA-approved for neuropathy."))
    approved = next(finding for finding in report.findings if finding.label is Label.FDA_APPROVED)
    assert "covers nerve damage" in approved.why
    assert approved.sources
    assert "facts/products" in report.versions


def test_an_official_action_is_named_by_domain_only(checker: Checker) -> None:
    named = checker.check_html(CLINIC.format(""), url="https://www.stemcellpowernow.com/neuropathy")
    actions = [note for note in named.notes if "not a court's finding" in note.message]
    assert actions and "warning letter" in actions[0].message
    other = checker.check_html(CLINIC.format("Ask for Dynamic Stem Cell Therapy."), url="https://clinic.example/")
    assert not [note for note in other.notes if "warning letter" in note.message]


def test_a_number_below_the_first_is_not_found_and_a_missing_one_is_not_checked(checker: Checker) -> None:
    report = checker.check_html(CLINIC.format("See NCT00000000 and NCT04999424."))
    outcomes = {trial.id: trial.outcome for trial in report.trials}
    assert outcomes == {"NCT00000000": "not_found", "NCT04999424": "not_checked"}
    assert any(finding.rule == "J102" and finding.quote == "NCT00000000" for finding in report.findings)


def test_text_and_unreadable_text(checker: Checker) -> None:
    assert checker.check_text("Our clinic's stem cells cure neuropathy. Book your consultation with our doctors.").blocks
    assert checker.check_text("").verdict.level is VerdictLevel.COULD_NOT_READ


def test_the_package_offers_the_same_from_python() -> None:
    report: Report = package.check_html(CLINIC.format(""))
    assert report.verdict.level is VerdictLevel.ALARM
    assert package.check_text(LASER).verdict.level is not VerdictLevel.ALARM


def test_the_sample_in_every_format(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for form in ("terminal", "json", "jsonl", "html"):
        assert main(["check", "--sample", "--format", form]) == 1
        assert "FDA-approved stem cell therapy" in capsys.readouterr().out.replace("\n", " ")
    page = tmp_path / "page.html"
    page.write_text(LEAFLET, encoding="utf-8")
    assert main(["check", str(page), "--format", "html", "--to", str(tmp_path / "out")]) == 0
    assert list((tmp_path / "out").glob("*.html"))


def test_several_sources_keep_their_order_and_unread_wins(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "clinic.html"
    page.write_text(CLINIC.format(""), encoding="utf-8")
    assert main(["check", str(tmp_path / "none.html"), str(page), "--format", "json"]) == 3
    reports = json.loads(capsys.readouterr().out)
    assert [report["verdict"] for report in reports] == ["could_not_read", "alarm"]
    assert reports[0]["error"]["code"] == "no_such_file"


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(LEAFLET.encode())))
    assert main(["check", "-", "--format", "jsonl"]) == 0
    assert json.loads(capsys.readouterr().out)["source"] == "-"


def test_explain_names_what_decided(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "sample", "--statement", "goes to the root"]) == 0
    out = capsys.readouterr().out
    assert "replaces_care" in out and "<- flagged" in out and "comparison" in out
    assert main(["explain", "sample", "--statement", "zebra goes to lemonade"]) == 0
    assert "no statement with these words" in capsys.readouterr().out
    assert main(["explain", "sample", "--statement", "zz lemonade"]) == 2
    out, errors = capsys.readouterr()
    assert out == "" and errors.count("\n") == 1 and "No statement of sample has a word of “zz lemonade”" in errors


def test_explain_judges_as_a_check_does(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.txt"
    page.write_text(
        "Our clinic offers stem cells for neuropathy. Book your visit today.\n\nLook us up under NCT99999999.", encoding="utf-8"
    )
    assert main(["check", str(page), "--format", "json"]) == 1
    assert "J102" in capsys.readouterr().out
    assert main(["explain", str(page), "--statement", "Look us up"]) == 0
    out = capsys.readouterr().out
    assert "J102" in out and "<- flagged" in out
    assert main(["explain", str(page), "--statement", " "]) == 2
    page.write_text("<html><body></body></html>")
    assert main(["explain", str(page), "--statement", "cure"]) == 2


def test_seller_says_whose_page_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "article.html"
    page.write_text(ARTICLE, encoding="utf-8")
    assert main(["check", str(page)]) == 0
    assert "check it again with --seller" in " ".join(capsys.readouterr().out.split())
    evidence = tmp_path / "evidence"
    assert main(["check", str(page), "--seller", "--evidence", str(evidence)]) == 1
    assert "whoever asked for the check said so" in " ".join(capsys.readouterr().out.split())
    assert main(["verify", str(next(evidence.iterdir()))]) == 0
    assert "nothing differs" in capsys.readouterr().out
    main(["explain", str(page), "--statement", "gone for good", "--seller"])
    assert "Page: provider 0.90" in capsys.readouterr().out


def test_rules_shows_the_book_and_one_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    assert "A101" in capsys.readouterr().out
    assert main(["rules", "a101"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert "Does not hit:" in said
    assert all(f"  {source.url}" in said for source in Book().rules["A101"].sources), "each address stands whole on its line"
    assert main(["rules", "X999"]) == 2


def test_a_crash_is_one_line_and_70(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def crash(*_: object) -> None:
        raise ZeroDivisionError("boom")

    monkeypatch.setattr("checker.engine.Checker.check_page", crash)
    assert main(["check", "--sample"]) == 70
    err = capsys.readouterr().err
    assert err.count("\n") == 1 and "boom" in err


def test_a_publisher_is_known_by_its_structured_data() -> None:
    data = '{"@type": "MedicalClinic", "name": "Ostrander Cell Center", "description": "Cells."}'
    head = f'<meta property="og:site_name" content="Ostrander"><script type="application/ld+json">{data}</script>'
    names = document(parse(f"<html><head>{head}</head><body><p>Hello</p></body></html>")).organizations
    assert names == ("Ostrander", "Ostrander Cell Center")


def test_threads_may_share_a_checker(checker: Checker) -> None:
    def judged(page: str) -> dict[str, object]:
        return {**to_dict(checker.check_html(page)), "checked_at": None}

    pages = [CLINIC.format(f"We moved to room {n}.") * 5 for n in range(12)] + [LEAFLET, LASER, ARTICLE]
    alone = [judged(page) for page in pages]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(judged, pages)) == alone


def test_text_with_half_a_character_is_read(checker: Checker) -> None:
    assert checker.check_text("Our clinic \ud83d sells stem cells for neuropathy and they cure it.").error is None

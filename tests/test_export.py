"""Exports of a scan: every finding and every page without one, harmless in spreadsheets, people masked, SARIF by its schema."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from lxml import etree
from pyarrow import parquet
from sarif_kit.validate import validation_errors

from checker.cli.main import main
from checker.errors import ADVICE
from checker.lists import people, write
from checker.lists.cells import cell
from checker.scan.judge import judge
from checker.scan.run import Plan, run
from checker.scan.visits import unread
from checker.store import rows
from checker.store.outcome import ListedSite
from checker.store.store import Store
from checker.values import Failure, Page, Report
from tests.planted import page_of

REFUSED = Failure(stage="fetch", code="refused", message="It takes no connection.", advice=ADVICE["refused"])
OFFER = "<h1>Stem cell therapy at our clinic</h1><p>Book your free consultation at our clinic.</p>"
NAMED = "Karen Wexcombe says: Dr. Hilda Ackerbee’s stem cells ended my neuropathy for good, call 212-555-0134."
FORMULA = '=HYPERLINK("http://x.example") Our stem cells reverse neuropathy.'
KIT = "Our stem cells from umbilical cord repair damaged nerves and end neuropathy for good in {weeks} weeks."
#: What a page's data for search engines name becomes a note of the page.
DATA = (
    '<script type="application/ld+json">{"@context": "https://schema.org", "@type": "MedicalClinic", '
    '"name": "Practice of Dr. Hilda Ackerbee", "telephone": "212-555-0134"}</script>'
)
PAGES = {
    "https://one.example/": f"<title>Ask Dr. Hilda Ackerbee</title>{OFFER}<p>{KIT.format(weeks='six')}</p><p>{NAMED}</p>",
    "https://one.example/formula": f"{DATA}{OFFER}<p>{FORMULA}</p>",
    "https://one.example/about": "<title>Opening hours</title><p>We are open from Monday to Friday, and the parking is free.</p>",
    "https://two.example/?utm_source=mail#top": f"{OFFER}<p>{KIT.format(weeks='ten')}</p><p>Results vary.</p>",
}
SITES = [
    ListedSite(position=1, name="one.example", key="one.example", extra={"State": "TX", "=owner": "=1+1"}),
    ListedSite(position=2, name="two.example", key="two.example", extra={"State": "CA"}),
    ListedSite(position=3, name="shut.example", key="shut.example"),
    ListedSite(position=4, name="no such", key="no such", problem=REFUSED),
]


def visits(name: str, _: object) -> list[Page | Report]:
    if name == "shut.example":
        return [unread("https://shut.example/", REFUSED)]
    found: list[Page | Report] = [page_of(url, html) for url, html in PAGES.items() if name in url]
    return [*found, unread(f"https://{name}/lost", REFUSED)] if name == "one.example" else found


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "clinics.db"
    with Store.write(path, create=True) as store:
        for _ in range(2):
            plan = Plan(visits=visits, judge=judge, threads=1, watch=lambda *_: None)
            assert run(store, store.begin_scan("sites.csv", 9, SITES), plan)
    return path


@pytest.fixture
def export(path: Path, tmp_path: Path) -> Callable[..., Path]:
    def call(kind: str, *options: str) -> Path:
        target = tmp_path / f"out.{kind}"
        assert main(["export", str(path), "--format", kind, "--to", str(target), *options]) == 0
        return target

    return call


def csv_rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline="")))


def test_csv_has_a_row_for_every_finding_and_every_page_without_one(export: Callable[..., Path]) -> None:
    rows = csv_rows(export("csv"))
    kinds = Counter((row["site"], row["row"]) for row in rows)
    assert kinds["one.example", "finding"] > 4 and kinds["two.example", "finding"] >= 1
    assert kinds["one.example", "page"] == 2 and kinds["shut.example", "page"] == 1 and kinds["no such", "site"] == 1
    unread_rows = {row["page"]: row["error_code"] for row in rows if row["verdict"] == "could_not_read"}
    assert unread_rows == {"https://one.example/lost": "refused", "https://shut.example/": "refused", "": "refused"}
    assert {row["list_State"] for row in rows if row["site"] == "two.example"} == {"CA"}
    assert any("promise_and_disclaimer" in row["notes"] for row in rows if row["page"] == "https://two.example/")
    assert "https://two.example/" in {row["page"] for row in rows}


def test_links_lead_to_the_words_unless_that_would_name_a_person(export: Callable[..., Path]) -> None:
    def links(*options: str) -> dict[str, str]:
        return {row["statement"]: unquote(row["link"]) for row in csv_rows(export("csv", *options)) if row["link"]}

    kit = KIT.format(weeks="six")
    assert links()[kit].startswith("https://one.example/#:~:text=")
    told = {address for statement, address in links("--with-names").items() if "Karen" in statement}
    assert any("#:~:text=" in address for address in told)
    assert not any("Wexcombe" in address or "Ackerbee" in address for address in links().values())


def test_no_cell_is_a_formula(export: Callable[..., Path]) -> None:
    for row in csv.reader(io.StringIO(export("csv").read_text("utf-8"), newline="")):
        assert [text for text in row if text.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    with zipfile.ZipFile(export("xlsx")) as book:
        sheet = etree.fromstring(book.read("xl/worksheets/sheet1.xml"))
        assert sheet.findall(".//{*}f") == [] and book.namelist().count("xl/worksheets/_rels/sheet1.xml.rels") == 0
        texts = [node.text or "" for node in sheet.iterfind(".//{*}t")]
    assert "'=1+1" in texts and any(text.startswith("'=HYPERLINK") for text in texts)
    assert [text for text in texts if text.startswith(("=", "+", "-", "@"))] == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=1+1", "'=1+1"),
        (" =1+1", "' =1+1"),
        ("@SUM(1)", "'@SUM(1)"),
        ("-2+3", "'-2+3"),
        ("\t=1", "' =1"),
        ("＝1+1", "'＝1+1"),
        (-2.5, "-2.5"),
        (True, "yes"),
        (("=a", "b"), "'=a | b"),
        (None, ""),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("- a\x1b[31mb\u202e", "'- a\\x1b[31mb\\u202e"),
    ],
)
def test_cells(value: object, text: str) -> None:
    assert cell(value) == text


@pytest.mark.parametrize("kind", ["csv", "jsonl", "sarif", "html", "xlsx", "parquet"])
def test_people_are_masked_unless_asked_for(export: Callable[..., Path], kind: str) -> None:
    def text(path: Path) -> str:
        if kind == "parquet":
            return json.dumps(parquet.read_table(path).to_pylist())
        if kind == "xlsx":
            return zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
        return path.read_text("utf-8")

    masked = text(export(kind))
    assert [name for name in ("Ackerbee", "Wexcombe", "555-0134", "utm_source") if name in masked] == []
    assert "H. A." in masked and "[phone]" in masked
    whole = text(export(kind, "--with-names"))
    assert "Ackerbee" in whole and "Wexcombe" in whole and "555-0134" in whole
    assert [mark for mark in ("H. A.", "K. W.", "[phone]") if mark in whole] == []


def test_a_list_says_whether_people_are_masked(
    path: Path, export: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    def told(*options: str) -> list[str]:
        assert main(["summary", str(path), *options]) == main(["compare", str(path), "--all", *options]) == 0
        with zipfile.ZipFile(export("xlsx", *options)) as book:
            about = book.read("xl/worksheets/sheet2.xml").decode()
        return [*capsys.readouterr().out.split("Scan 2 of")[1:], export("html", *options).read_text("utf-8"), about]

    def says(text: str, words: str) -> bool:
        return words in " ".join(text.split())

    masked, whole = told(), told("--with-names")
    assert [says(text, "telephone numbers are masked") for text in (*masked, *whole)] == [True] * 4 + [False] * 4
    assert [says(text, "as the pages have them") for text in (*masked, *whole)] == [False] * 4 + [True] * 4


def test_json_lines_keep_types(export: Callable[..., Path]) -> None:
    rows = [json.loads(line) for line in export("jsonl").read_text("utf-8").splitlines()]
    found = next(row for row in rows if row["row"] == "finding")
    assert isinstance(found["confidence"], float) and isinstance(found["conditions"], list) and found["unsure"] is False
    assert len(rows) == len(csv_rows(export("csv")))


def test_parquet_has_typed_columns(export: Callable[..., Path]) -> None:
    table = parquet.read_table(export("parquet"))
    assert table.num_rows == len(csv_rows(export("csv")))
    assert str(table.schema.field("confidence").type) == "double"
    assert str(table.schema.field("products").type).startswith("list<")
    assert "list_State" in table.column_names


def sarif(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(path.read_text("utf-8"))
    assert validation_errors(data) == []
    run_: dict[str, Any] = data["runs"][0]
    return run_


def test_sarif_holds_to_the_schema_and_names_rules_levels_and_states(export: Callable[..., Path]) -> None:
    found = sarif(export("sarif"))
    rules = [rule["id"] for rule in found["tool"]["driver"]["rules"]]
    assert {result["baselineState"] for result in found["results"]} == {"unchanged"}
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in found["results"])
    assert {result["level"] for result in found["results"]} >= {"error", "warning"}
    assert all(re.fullmatch("[0-9a-f]{16}", result["partialFingerprints"]["clinicClaim/v1"]) for result in found["results"])
    notices = found["invocations"][0]["toolExecutionNotifications"]
    assert Counter(notice["descriptor"]["id"] for notice in notices) == {"refused": 3}


def test_sarif_without_an_earlier_scan_has_no_states(export: Callable[..., Path]) -> None:
    assert all("baselineState" not in result for result in sarif(export("sarif", "--scan", "1"))["results"])


def test_a_rejected_finding_stays_and_says_so(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "clinics.db"
    copy.write_bytes(path.read_bytes())
    assert main(["review", str(copy), "--label", "cure"]) == 0
    mark = capsys.readouterr().out.split()[0]
    assert main(["review", str(copy), "--reject", mark, "--note", "=not theirs"]) == 0
    capsys.readouterr()
    for kind in ("csv", "sarif", "html"):
        assert main(["export", str(copy), "--format", kind, "--to", str(tmp_path / kind)]) == 0
    rejected = [row for row in csv_rows(tmp_path / "csv") if row["fingerprint"] == mark]
    assert {(row["review"], row["review_note"]) for row in rejected} == {("rejected", "'=not theirs")}
    results = [r for r in sarif(tmp_path / "sarif")["results"] if r["partialFingerprints"]["clinicClaim/v1"] == mark]
    assert results[0]["suppressions"] == [{"kind": "external", "status": "accepted", "justification": "=not theirs"}]
    assert "rejected by a reviewer" in (tmp_path / "html").read_text("utf-8")


def test_html_needs_nothing_else_and_ranks_nobody(export: Callable[..., Path]) -> None:
    text = export("html").read_text("utf-8")
    assert "default-src &#x27;none&#x27;" in text and text.count("<svg") >= 4
    loaded = re.findall(r"""(?:src|href)=["'](?!#)([^"']+)""", text)
    assert [address for address in loaded if not address.startswith("https://one.example")] == []
    assert "<script" not in text and " style=" not in text
    places = [text.index(f"<b>{name}</b>") for name in ("one.example", "two.example", "shut.example", "no such")]
    assert places == sorted(places)


def test_html_shows_what_is_worth_knowing(export: Callable[..., Path]) -> None:
    text = export("html").read_text("utf-8")
    assert "A limit does not undo a promise elsewhere." in text and "Pictures, videos" not in text


def test_standard_output_takes_the_same(path: Path, export: Callable[..., Path]) -> None:
    command = [sys.executable, "-m", "checker", "export", str(path), "--format", "csv"]
    said = subprocess.run(command, capture_output=True, timeout=60, check=True).stdout
    assert said == export("csv").read_bytes()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--format", "csv", "--scan", "9"], "There is no scan 9"),
        (["--format", "csv", "--scan", "0"], "There is no scan 0"),
        (["--format", "sarif", "--scan", "1", "--baseline", "1"], "only one scan"),
        (["--format", "sarif", "--scan", "1", "--since", "2020-01-01"], "only one scan"),
        (["--format", "csv", "--to", "/no/such/folder/out.csv"], "cannot be written: No such file"),
        (["--format", "word"], "is not one of"),
        (["--format", "csv", "--since", "2026-01-01"], "--since and --baseline are for a sarif log"),
        (["--format", "csv", "--baseline", "1"], "--since and --baseline are for a sarif log"),
        (["--format", "sarif", "--since", "2026-01-01", "--baseline", "1"], "both choose the earlier scan"),
    ],
)
def test_wrong_use(path: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str) -> None:
    assert main(["export", str(path), *options]) == 2
    assert said in capsys.readouterr().err


def test_a_workbook_says_which_cells_it_cut() -> None:
    made = io.BytesIO()
    write.write_xlsx([{"site": "a.example", "statement": "x" * 40_000}], (), made)
    texts = zipfile.ZipFile(made).read("xl/worksheets/sheet2.xml").decode()
    assert "Cells that were cut after 32,767 characters" in texts and "no more: 1." in texts


def test_an_element_is_not_named_by_a_masked_name(path: Path) -> None:
    with Store.read(path) as store:
        finding = rows.findings(store, rows.sites(store, store.scans()[-1])[0])[0]
    finding = replace(finding, statement="Dr. Hilda Ackerbee cures neuropathy.", css_path="#dr-ackerbee > p")
    assert people.shown(finding).css_path == ""
    assert people.shown(replace(finding, css_path="#team > p")).css_path == "#team > p"


def test_a_failed_export_leaves_the_old_file(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_text("old")
    with Store.read(path) as store:
        store.db.conn.close()
    broken = tmp_path / "clinics.db"
    broken.write_bytes(path.read_bytes()[:30_000])
    assert main(["export", str(broken), "--format", "csv", "--to", str(target)]) == 2
    assert target.read_text() == "old" and [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


@pytest.mark.parametrize("command", ["export --format jsonl", "compare --all", "summary", "review"])
def test_a_reader_who_goes_away_is_no_finding(path: Path, command: str) -> None:
    name, *options = command.split()
    asked = [sys.executable, "-m", "checker", name, str(path), *options]
    with subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout and process.stderr
        process.stdout.close()
        assert (process.wait(), process.stderr.read()) == (141, b"")

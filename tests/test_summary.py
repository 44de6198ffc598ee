"""Figures of a scan: right counts and intervals, reviews apart, copied sentences found, nobody ranked."""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from checker.cli.main import main
from checker.lists.kits import Kit, kits
from checker.lists.reviewed import verdict
from checker.lists.summary import share, summarise
from checker.store.rows import FindingRow, PageRow, SiteRow
from checker.store.store import Store
from tests.test_export import csv_rows, path  # noqa: F401  # the fixture

SITE = SiteRow(id=1, position=1, name="", key="", extra={}, state="read", verdict="alarm")
PAGE = PageRow(
    id=1,
    address="",
    key="",
    title=None,
    verdict="alarm",
    publisher=None,
    checked_at="",
    sha256=None,
    words="",
    notes=(),
    error_code=None,
    error_message=None,
)


def said(host: str, statement: str, template: FindingRow) -> tuple[SiteRow, PageRow, FindingRow]:
    site = replace(SITE, name=host, key=host, position=ord(host[0]))
    return site, replace(PAGE, address=f"https://{host}/"), replace(template, statement=statement)


@pytest.fixture
def template(path: Path) -> FindingRow:  # noqa: F811
    from checker.store import rows

    with Store.read(path) as store:
        return rows.findings(store, rows.sites(store, store.scans()[-1])[0])[0]


A = "Our umbilical cord stem cells repair the damaged nerves in your feet and end neuropathy for good without surgery."


@pytest.mark.parametrize(
    ("other", "is_copy"),
    [
        (A, True),
        (A.upper().replace(".", " !"), True),
        (A.replace("feet", "hands"), True),
        (A.replace("Our", "The").replace("without surgery", "without any surgery"), True),
        ("Our umbilical cord stem cells are kept in a clean room and looked at by a doctor every single day.", False),
        ("Exosomes calm the swelling in sore knees so that patients walk again after some weeks of rest.", False),
    ],
)
def test_near_identical_sentences_are_one_kit(template: FindingRow, other: str, is_copy: bool) -> None:
    found = kits([said("a.example", A, template), said("b.example", other, template)])
    assert [kit.sites for kit in found] == ([("a.example", "b.example")] if is_copy else [])


def test_pages_and_hosts_of_one_domain_are_one_site(template: FindingRow) -> None:
    assert kits([said("a.example", A, template), said("www.a.example", A, template), said("shop.a.example", A, template)]) == []


def test_short_sentences_are_no_kit(template: FindingRow) -> None:
    assert kits([said("a.example", "Stem cells cure.", template), said("b.example", "Stem cells cure.", template)]) == []


def test_a_sentence_that_is_a_patients_anywhere_is_a_story(template: FindingRow) -> None:
    told = replace(template, zone="testimonial")
    assert [kit.story for kit in kits([said("a.example", A, template), said("b.example", A, told)])] == [True]


def test_a_kit_has_its_most_frequent_wording(template: FindingRow) -> None:
    changed = A.replace("feet", "hands")
    found = kits([said("c.example", changed, template), *(said(f"{n}.example", A, template) for n in "abd")])
    assert found == [
        Kit(
            statement=A,
            labels=(template.label,),
            story=False,
            wordings=2,
            sites=("a.example", "b.example", "c.example", "d.example"),
            pages=tuple(f"https://{n}.example/" for n in "cabd"),
        )
    ]


@pytest.mark.parametrize(
    ("count", "of", "low", "high"), [(0, 24, 0.0, 0.138), (24, 24, 0.862, 1.0), (81, 243, 0.277, 0.395), (1, 2, 0.095, 0.905)]
)
def test_intervals_are_wilsons(count: int, of: int, low: float, high: float) -> None:
    found = share("x", count, of)
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-4), pytest.approx(high, abs=5e-4))


def test_no_sites_give_no_interval() -> None:
    assert share("x", 0, 0).low is None


def summary(path: Path, capsys: pytest.CaptureFixture[str], *options: str) -> Any:  # noqa: F811
    assert main(["summary", str(path), "--format", "json", *options]) == 0
    return json.loads(capsys.readouterr().out)


def named(shares: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(each for each in shares if each["name"] == name)


def test_the_figures_are_those_of_the_scan(path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: F811
    found = summary(path, capsys)
    assert [found[name] for name in ("sites", "read", "unread", "offering")] == [4, 2, 2, 2]
    assert (found["pages_read"], found["pages_unread"], found["reasons"]) == (4, 2, {"refused": 2})
    assert named(found["labels"], "cure")["count"] == 2 and named(found["labels"], "disclaimer")["count"] == 1
    assert named(found["products"], "cord")["count"] == 2 and named(found["conditions"], "nerve")["of"] == 2
    assert [(each["name"], each["count"], each["of"]) for each in found["states"]] == [("CA", 1, 1), ("TX", 1, 1)]
    assert found["kit_count"] == 2 and all(kit["sites"] == ["one.example", "two.example"] for kit in found["kits"])
    assert "weeks" in found["kits"][1]["statement"] and found["kits"][1]["wordings"] == 2
    published = found["base_rates"][0]
    assert published["published"]["of"] == 243 and published["rate"]["source"]["url"].startswith("https://")


def test_reviews_are_counted_apart(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: F811
    copy = tmp_path / "clinics.db"
    copy.write_bytes(path.read_bytes())
    main(["review", str(copy), "--label", "cure"])
    lines = capsys.readouterr().out.splitlines()
    of_two = [line.split()[0] for line in lines if "two.example" in line]
    for mark in of_two:
        main(["review", str(copy), "--reject", mark])
    capsys.readouterr()
    cure = named(summary(copy, capsys)["labels"], "cure")
    assert (cure["count"], cure["rejected"], cure["unreviewed"]) == (1, len(of_two), len(lines) - len(of_two))


def test_a_verdict_is_what_is_left_when_findings_are_rejected(
    path: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    copy = tmp_path / "clinics.db"
    copy.write_bytes(path.read_bytes())
    assert named(summary(copy, capsys)["verdicts"], "alarm")["count"] == 2
    for label in ("cure", "fda_approved"):
        main(["review", str(copy), "--label", label])
        for line in capsys.readouterr().out.splitlines():
            main(["review", str(copy), "--reject", line.split()[0]])
    capsys.readouterr()
    found = summary(copy, capsys)
    assert [named(found["verdicts"], level)["count"] for level in ("alarm", "alarm_other")] == [0, 0]
    assert found["offering"] == 2 and {each["count"] for each in found["states"]} == {0}
    assert main(["export", str(copy), "--format", "html"]) == 0
    assert "pages read, 1 not; promise approval" not in capsys.readouterr().out
    assert main(["export", str(copy), "--format", "csv", "--to", str(tmp_path / "out.csv")]) == 0
    rows = csv_rows(tmp_path / "out.csv")
    assert {row["verdict_after_review"] for row in rows if row["verdict"] == "alarm"} <= {"caution", "careful"}


@pytest.mark.parametrize(
    ("left", "level"),
    [
        ([{}], "alarm"),
        ([{"about_nerves": False}], "alarm_other"),
        ([{"shielded_by": "NCT02387749"}], "caution"),
        ([{"unsure": True}], "careful"),
        ([{"label": "benefit"}], "caution"),
        ([], "careful"),
    ],
)
def test_what_is_left_is_weighed_as_a_fresh_page_is(template: FindingRow, left: list[dict[str, Any]], level: str) -> None:
    plain = replace(template, label="cure", about_nerves=True, unsure=False, shielded_by=None, decision=None)
    found = [replace(plain, decision="rejected"), *(replace(plain, **changes) for changes in left)]
    assert verdict(PAGE, found) == level
    assert verdict(replace(PAGE, verdict="trial"), found) == "trial"


def test_only_promises_that_count_for_an_alarm_are_counted_by_state(
    path: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    copy = tmp_path / "clinics.db"
    copy.write_bytes(path.read_bytes())
    with Store.write(copy) as store, store.db.conn:
        store.db.conn.execute("UPDATE finding SET unsure = 1 WHERE label IN ('cure', 'fda_approved')")
    assert [(each["name"], each["count"], each["of"]) for each in summary(copy, capsys)["states"]] == [("CA", 0, 1), ("TX", 0, 1)]


def test_the_command_says_it_in_words_and_pictures(
    path: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "pictures"
    assert main(["summary", str(path), "--pictures", str(folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80 and not any("…" in line for line in lines)
    said_ = " ".join(" ".join(lines).split())
    assert "the site refused the connection (2)" in said_ and "refused 2" not in said_
    assert "same sentences found on 2 sites: one.example, two.example" in said_
    assert "Promises a cure or a lasting end 2 of 2 100 % (34 % to 100 %)" in said_
    assert "Ackerbee" not in said_
    files = sorted(file.name for file in folder.iterdir())
    assert files == sorted(
        f"{name}.{kind}" for name in ("verdicts", "labels", "conditions", "products", "states") for kind in ("svg", "png")
    )
    assert all(struct.unpack(">I", file.read_bytes()[16:20])[0] > 600 for file in folder.glob("*.png"))
    assert all("<svg" in file.read_text("utf-8") for file in folder.glob("*.svg"))
    copy = tmp_path / "clinics.db"
    copy.write_bytes(path.read_bytes())
    with Store.write(copy) as store:
        store.db.conn.execute("UPDATE site SET extra = '{}'")
    assert main(["summary", str(copy), "--pictures", str(folder)]) == 0
    assert not list(folder.glob("states.*")), "no picture of another scan stays"


def test_an_unfinished_scan_says_so(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: F811
    copy = tmp_path / "clinics.db"
    copy.write_bytes(path.read_bytes())
    with Store.write(copy) as store:
        from checker.lists.figures import headline
        from tests.test_export import SITES

        scan = store.begin_scan("sites.csv", 9, SITES)
        counted = summarise(store, scan)
    assert "not finished: 3 sites to do" in next(headline(counted))
    for kind in ("csv", "html"):
        assert main(["export", str(copy), "--format", kind, "--to", str(tmp_path / "out")]) == 0
        assert "is not finished: 3 sites to do, and nothing of them is in this file." in capsys.readouterr().err
    assert "What 0 sites say" in (tmp_path / "out").read_text("utf-8")

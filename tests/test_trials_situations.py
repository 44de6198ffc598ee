"""Trial situations in our own words: what a page says beside a number, and what the check makes of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from checker.claims.pipeline import Pipeline
from checker.trials import check, lookup
from checker.trials.lookup import Lookup
from checker.trials.record import TrialRecord
from checker.trials.result import RegistryCheck
from checker.trials.snapshot import shipped, write
from checker.values import Link, Role, Statement, TextBlock

PIPELINE = Pipeline()
TODAY = date(2026, 11, 23)
HELD = Lookup(today=TODAY)

#: Trials that no registry has to list for the test: an open one of an invented clinic, and two variants of it.
INVENTED = {
    "NCT05550001": {},
    "NCT05550002": {"fee": True},
    "NCT05550003": {"regulated": False},
    "NCT05550004": {"status": "ACTIVE_NOT_RECRUITING"},
    "NCT05550005": {"status": None},
    "NCT05550006": {"conditions": ("Knee Osteoarthritis",), "title": "Cord cells for knees"},
    "NCT05550007": {"sponsor": "Other Works Inc.", "sites": ("Lakemoor Nerve Center", "Another Hospital")},
    "NCT05550008": {"sponsor": "Other Works Inc.", "collaborators": ("Lakemoor Nerve Center",)},
    "NCT05550009": {"interventions": ("Biological: exosomes",), "title": "Exosomes for diabetic neuropathy"},
}


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Lookup:
    plain: dict[str, object] = {
        "title": "Umbilical cord cells for diabetic neuropathy",
        "conditions": ("Diabetic Peripheral Neuropathy",),
        "interventions": ("Biological: umbilical cord MSC",),
        "status": "RECRUITING",
        "sponsor": "Lakemoor Nerve Center, LLC",
        "countries": ("United States",),
        "regulated": True,
        "fee": False,
        "results": False,
    }
    records = [
        TrialRecord(id=key, source="https://registry.example/", as_of="2026-11-01", **{**plain, **changes})  # type: ignore[arg-type]
        for key, changes in INVENTED.items()
    ]
    path = tmp_path_factory.mktemp("copy") / "copy.sqlite"
    meta = {"as_of": "2026-11-01", "facts_as_of": "", "scope": "invented trials only", "source": "test"}
    write(path, records, {}, meta)
    return Lookup(path, today=TODAY)


@dataclass(frozen=True, kw_only=True)
class Situation:
    """A page in a few words, and what must come out for the number asked about."""

    says: str
    id: str
    outcome: str
    mismatch_in: frozenset[str] = frozenset()
    reason: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    heading: str | None = None
    title: str | None = "Neuropathy care | Sunrise Nerve Clinic"
    url: str | None = "https://sunrise-nerve.example/neuropathy"


def statements(*texts: str, heading: str | None = None) -> tuple[Statement, ...]:
    headings = (heading,) if heading else ()
    return PIPELINE.statements(
        TextBlock(index=n, text=text, role=Role.PARAGRAPH, headings=headings) for n, text in enumerate(texts)
    )


def checked(situation: Situation, held: Lookup) -> RegistryCheck:
    found = check.checks(statements(situation.says, heading=situation.heading), situation.title, situation.url, (), held)
    return next(one for one in found if one.id == situation.id)


def against(*parts: str) -> frozenset[str]:
    return frozenset(parts)


SITUATIONS = {
    # -- numbers that no registry can have
    "impossible number of a paper": Situation(
        says="Our stem cell study for nerve pain is NCT10953523.", id="NCT10953523", outcome="not_found"
    ),
    "far above every number": Situation(says="Registered as NCT99999999.", id="NCT99999999", outcome="not_found"),
    "below the first number": Situation(says="Registered as NCT00000007.", id="NCT00000007", outcome="not_found"),
    "all zeros": Situation(says="Registered as NCT00000000.", id="NCT00000000", outcome="not_found"),
    # -- numbers that the copy lacks and that may well exist
    "real, not in the copy: first number given out": Situation(
        says="See NCT00000102.", id="NCT00000102", outcome="not_checked", reason="not_in_snapshot"
    ),
    "real, not in the copy: COVID drug trial": Situation(
        says="See NCT04280705.", id="NCT04280705", outcome="not_checked", reason="not_in_snapshot"
    ),
    "real, not in the copy: vaccine trial": Situation(
        says="See NCT04368728.", id="NCT04368728", outcome="not_checked", reason="not_in_snapshot"
    ),
    "an alias that the copy lacks": Situation(
        says="See NCT00009113.", id="NCT00009113", outcome="not_checked", reason="not_in_snapshot"
    ),
    "known only from an unconfirmed row": Situation(
        says="See NCT01953523.", id="NCT01953523", outcome="not_checked", reason="not_in_snapshot"
    ),
    "newer than the copy, within the margin": Situation(
        says="See NCT07600000.", id="NCT07600000", outcome="not_checked", reason="not_in_snapshot"
    ),
    "newer than the copy, as numbers grew since": Situation(
        says="See NCT07850000.", id="NCT07850000", outcome="not_checked", reason="not_in_snapshot"
    ),
    # -- trials of somebody else
    "withdrawn": Situation(
        says="Our blood stem cell program for diabetic neuropathy is listed as NCT02315235.",
        id="NCT02315235",
        outcome="mismatched",
        mismatch_in=against("status", "sponsor_or_site"),
    ),
    "suspended": Situation(
        says="Exosomes for neuralgia are being tested (NCT04202783).",
        id="NCT04202783",
        outcome="mismatched",
        mismatch_in=against("status", "sponsor_or_site"),
        answers={"condition": "yes", "intervention": "yes", "exists": "yes"},
    ),
    "suspended, cited by its own sponsor": Situation(
        says="Join our exosome trial for neuralgia, NCT04202783.",
        id="NCT04202783",
        outcome="mismatched",
        mismatch_in=against("status"),
        title="Neurological Associates of West Los Angeles",
        url=None,
        answers={"sponsor_or_site": "yes"},
    ),
    "graft of Schwann cells cited for injections": Situation(
        says="Stem cells help nerve injury, as NCT03999424 shows.",
        id="NCT03999424",
        outcome="mismatched",
        mismatch_in=against("intervention", "sponsor_or_site", "status"),
        answers={"condition": "yes"},
    ),
    "diabetic neuropathy, completed, of another": Situation(
        says="Our stem cells are proven in diabetic neuropathy: NCT02387749.",
        id="NCT02387749",
        outcome="mismatched",
        mismatch_in=against("sponsor_or_site", "status"),
        answers={"condition": "yes", "intervention": "yes", "results": "yes"},
    ),
    "diabetic neuropathy, recruiting, of another": Situation(
        says="Umbilical cord cells for diabetic neuropathy are in trial NCT07183761.",
        id="NCT07183761",
        outcome="mismatched",
        mismatch_in=against("sponsor_or_site"),
        answers={"status": "yes", "condition": "yes", "regulated": "not_applicable"},
    ),
    "neuropathy trial cited on a page about knees": Situation(
        says="Umbilical cord cells help worn knees, see NCT07183761.",
        id="NCT07183761",
        outcome="mismatched",
        mismatch_in=against("condition", "sponsor_or_site"),
    ),
    "knee trial cited for neuropathy": Situation(
        says="Wharton's jelly repairs nerves: see our neuropathy study NCT06608134.",
        id="NCT06608134",
        outcome="mismatched",
        mismatch_in=against("condition", "sponsor_or_site"),
    ),
    "knee trial under a heading about nerves": Situation(
        says="Wharton's jelly is in a registered knee trial, NCT06608134.",
        id="NCT06608134",
        outcome="mismatched",
        mismatch_in=against("condition", "sponsor_or_site"),
        heading="How we treat neuropathy",
    ),
    "another kind of neuropathy": Situation(
        says="Cord cells for chemotherapy-induced neuropathy: NCT07183761.",
        id="NCT07183761",
        outcome="mismatched",
        mismatch_in=against("condition", "sponsor_or_site"),
    ),
    "optic nerve is no neuropathy of the feet": Situation(
        says="Marrow cells for peripheral neuropathy: NCT01920867.",
        id="NCT01920867",
        outcome="mismatched",
        mismatch_in=against("condition", "sponsor_or_site"),
    ),
    "brain trial cited for nerve damage": Situation(
        says="Fat stem cells heal nerve damage (NCT04063215).",
        id="NCT04063215",
        outcome="mismatched",
        mismatch_in=against("condition", "sponsor_or_site", "status"),
    ),
    "gene therapy cited for cells": Situation(
        says="Stem cells for painful diabetic neuropathy reached phase 3: NCT02427464.",
        id="NCT02427464",
        outcome="mismatched",
        mismatch_in=against("intervention", "sponsor_or_site", "status"),
    ),
    "transplant after chemotherapy cited for injections": Situation(
        says="Stem cells help CIDP (NCT00278629).", id="NCT00278629", outcome="mismatched", mismatch_in=against("intervention")
    ),
    "platelets cited for cells": Situation(
        says="Our stem cells for carpal tunnel, tested in NCT02696161.",
        id="NCT02696161",
        outcome="mismatched",
        mismatch_in=against("intervention", "sponsor_or_site", "status"),
    ),
    "platelets cited for platelets by another clinic": Situation(
        says="PRP for carpal tunnel was tested in NCT02696161.",
        id="NCT02696161",
        outcome="mismatched",
        mismatch_in=against("sponsor_or_site", "status"),
    ),
    "patients pay": Situation(
        says="Umbilical cord cells for cerebral palsy: NCT05018819.",
        id="NCT05018819",
        outcome="mismatched",
        mismatch_in=against("fee", "sponsor_or_site"),
        title="Cerebral palsy | Sunrise Clinic",
    ),
    "not regulated, in the US": Situation(
        says="Bone marrow cells for glaucoma: NCT03011541.",
        id="NCT03011541",
        outcome="mismatched",
        mismatch_in=against("regulated", "sponsor_or_site"),
        title="Glaucoma | Sunrise Clinic",
    ),
    "expanded access is over": Situation(
        says="Fat-derived stem cells for polyneuropathy: NCT04064983.",
        id="NCT04064983",
        outcome="mismatched",
        mismatch_in=against("sponsor_or_site", "status"),
    ),
    "an older status in the facts does not win": Situation(
        says="Fat stem cells for osteoarthritis: NCT01739504.",
        id="NCT01739504",
        outcome="mismatched",
        mismatch_in=against("fee", "sponsor_or_site", "status"),
        title="Joints | Sunrise Clinic",
    ),
    "page names nobody": Situation(
        says="Join trial NCT07183761 of umbilical cord cells for diabetic neuropathy.",
        id="NCT07183761",
        outcome="not_checked",
        reason="not_comparable",
        title="Stem Cell Therapy for Neuropathy",
        url=None,
        answers={"sponsor_or_site": "unknown"},
    ),
    # -- other numbers
    "malformed": Situation(says="See NCT0231523.", id="NCT0231523", outcome="not_checked", reason="malformed"),
    "malformed, letters": Situation(says="See NCTXXXXXXXX.", id="NCTXXXXXXXX", outcome="not_checked", reason="malformed"),
    "another registry": Situation(
        says="See ChiCTR2000029990.", id="ChiCTR2000029990", outcome="not_checked", reason="other_registry"
    ),
    "a European number": Situation(
        says="See EudraCT 2011-000123-45.", id="2011-000123-45", outcome="not_checked", reason="other_registry"
    ),
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_situation(name: str) -> None:
    situation = SITUATIONS[name]
    found = checked(situation, HELD)
    assert (found.outcome, frozenset(found.mismatch_in), found.reason) == (
        situation.outcome,
        situation.mismatch_in,
        situation.reason,
    )
    given = {answer.question: answer.answer for answer in found.answers}
    assert situation.answers.items() <= given.items()


OWN = {"title": "Diabetic neuropathy | Lakemoor Nerve Center", "url": "https://lakemoor.example/"}
JOIN = "Take part in our trial {id} of umbilical cord cells for diabetic neuropathy."
OWN_SITUATIONS = {
    "own open trial": ("NCT05550001", JOIN, "matched", against()),
    "own open trial, any neuropathy": ("NCT05550001", "Join our study of cord cells for neuropathy, {id}.", "matched", against()),
    "own trial for a fee": ("NCT05550002", JOIN, "mismatched", against("fee")),
    "own trial, not regulated": ("NCT05550003", JOIN, "mismatched", against("regulated")),
    "own trial that takes nobody new": ("NCT05550004", JOIN, "mismatched", against("status")),
    "own trial of unknown status": ("NCT05550005", JOIN, "not_checked", against()),
    "own knee trial cited for neuropathy": ("NCT05550006", JOIN, "mismatched", against("condition")),
    "listed as a site": ("NCT05550007", JOIN, "matched", against()),
    "only a collaborator": ("NCT05550008", JOIN, "not_checked", against()),
    "own exosome trial cited for cells": ("NCT05550009", JOIN, "mismatched", against("intervention")),
    "own trial cited for fat cells": (
        "NCT05550001",
        "Fat stem cells for neuropathy: {id}.",
        "mismatched",
        against("intervention"),
    ),
}


@pytest.mark.parametrize("name", OWN_SITUATIONS)
def test_own_trial(name: str, invented: Lookup) -> None:
    key, says, outcome, mismatch_in = OWN_SITUATIONS[name]
    found = checked(Situation(says=says.format(id=key), id=key, outcome=outcome, **OWN), invented)
    assert (found.outcome, frozenset(found.mismatch_in)) == (outcome, mismatch_in)


def test_several_numbers_are_judged_one_by_one() -> None:
    said = "Cord cells for diabetic neuropathy: NCT07183761, NCT02315235, ISRCTN12345678, NCT0231 and NCT04280705."
    found = check.checks(statements(said), "Sunrise Clinic", "https://sunrise.example/", (), HELD)
    assert [(one.id, one.outcome) for one in found] == [
        ("NCT07183761", "mismatched"),
        ("NCT02315235", "mismatched"),
        ("ISRCTN12345678", "not_checked"),
        ("NCT0231", "not_checked"),
        ("NCT04280705", "not_checked"),
    ]


def test_a_number_said_twice_is_one_check_at_its_first_place() -> None:
    found = check.checks(statements("See NCT02387749.", "Again NCT 02387749."), "Sunrise", None, (), HELD)
    assert [(one.id, one.statement.block.index, one.start, one.end) for one in found] == [("NCT02387749", 0, 4, 15)]


def test_the_sentence_for_a_number_that_the_copy_lacks() -> None:
    found = checked(SITUATIONS["real, not in the copy: vaccine trial"], HELD)
    assert found.message == (
        "Our offline copy (2022-09-29, mesenchymal-cell trials only) does not hold this number. "
        "That says nothing about whether it exists."
    )


def test_not_found_says_what_it_rests_on_and_the_day() -> None:
    for name, day in (("impossible number of a paper", "2026-11"), ("far above every number", "2026-11-23")):
        found = checked(SITUATIONS[name], HELD)
        assert "no trial has this number: " in found.message and day in found.message
        assert found.message.endswith("ClinicalTrials.gov itself was not asked.")
        assert found.as_of == day
    assert "clinmedjournals.org" in (checked(SITUATIONS["impossible number of a paper"], HELD).source or "")


def test_no_number_of_the_copy_is_ever_called_not_found() -> None:
    assert HELD.snapshot is not None
    for record in HELD.snapshot.records():
        assert isinstance(HELD.find(record.id), lookup.Found)


def test_the_margin_grows_with_the_years() -> None:
    highest = HELD.snapshot.highest if HELD.snapshot else 0
    assert lookup.highest_possible(highest, date(2022, 9, 29)) == highest
    assert lookup.highest_possible(highest, TODAY) > 8_000_000  # numbers of late 2026 are near 7,850,000
    assert isinstance(Lookup(today=date(2036, 1, 1)).find("NCT11500000"), lookup.NotChecked)
    assert isinstance(Lookup(today=date(2036, 1, 1)).find("NCT10953523"), lookup.NotFound)  # by its source


#: The project's own list of words that judge people, and what no report says of a number.
JUDGING = re.compile(
    r"\b(?:fraud\w*|scams?|fake\w*|quack\w*|lie|lies|lied|lying|illegal\w*|criminal\w*|guilty|innocent|trusted|ratings?"
    r"|invented|false|made up|bogus)\b",
    re.IGNORECASE,
)


def test_no_message_judges_and_each_says_that_listing_is_no_clearance(invented: Lookup) -> None:
    found = [checked(situation, HELD) for situation in SITUATIONS.values()]
    found += [
        checked(Situation(says=says.format(id=key), id=key, outcome="", **OWN), invented)
        for key, says, *_ in OWN_SITUATIONS.values()
    ]
    for one in found:
        texts = (one.message, *(answer.why for answer in one.answers))
        assert one.message
        assert [text for text in texts if JUDGING.search(text) or "!" in text] == []
        assert one.answers == () or check.NO_CLEARANCE in one.message
    for path in Path(check.__file__).parent.glob("*.py"):
        assert not re.search(
            r"\b(?:fraud|scam|fake|quack|lie|illegal|criminal|guilty|innocent|trusted|rating)\b", path.read_text("utf-8")
        )


# -- the shield


def shielded(texts: tuple[str, ...], held: Lookup, heading: str | None = None) -> dict[int, str]:
    said = statements(*texts, heading=heading)
    return dict(check.shield(check.checks(said, OWN["title"], OWN["url"], (), held), said))


def test_a_matched_trial_shields_its_own_statement_and_block(invented: Lookup) -> None:
    block = JOIN.format(id="NCT05550001") + " We hope that the cells repair nerves. Our spa is open on Sundays."
    assert shielded((block, "Umbilical cord cells reverse neuropathy."), invented) == dict.fromkeys((0, 1, 2), "NCT05550001")


def test_the_nearest_heading_shields(invented: Lookup) -> None:
    heading = JOIN.format(id="NCT05550001")
    said = PIPELINE.statements(
        [
            TextBlock(index=0, text=heading, role=Role.HEADING),
            TextBlock(index=1, text="The cells may repair nerves.", role=Role.PARAGRAPH, headings=(heading,)),
            TextBlock(index=2, text="The cells repair nerves.", role=Role.PARAGRAPH, headings=(heading, "Prices")),
        ]
    )
    found = check.checks(said, OWN["title"], OWN["url"], (), invented)
    assert check.shield(found, said) == dict.fromkeys((0, 1), "NCT05550001")


def linked(text: str, number: str) -> tuple[Statement, ...]:
    link = Link(start=0, end=len(text), address=f"https://clinicaltrials.gov/study/{number}")
    return PIPELINE.statements([TextBlock(index=0, text=text, role=Role.LINK, links=(link,))])


def test_the_number_of_a_link_is_looked_up_and_shields(invented: Lookup) -> None:
    said = linked("Join our trial of cord cells for diabetic neuropathy", "NCT05550001")
    (found,) = check.checks(said, OWN["title"], OWN["url"], (), invented)
    assert (found.outcome, found.linked, found.start, found.end) == ("matched", True, 0, len(said[0].text))
    assert found.message == f"{check.LINKED} {check.MATCHED}"
    assert check.shield([found], said) == {0: "NCT05550001"}


def test_a_number_in_the_text_is_told_before_the_same_one_in_a_link() -> None:
    first, second = linked("A study", "NCT02387749")[0], statements("Again NCT 02387749.")[0]
    (found,) = check.checks([first, second], "Sunrise", None, (), HELD)
    assert (found.linked, found.statement, found.start) == (False, second, 6)


@pytest.mark.parametrize(
    "block",
    [
        "Cord cells for diabetic neuropathy are registered as NCT05550001. They reverse neuropathy.",  # no taking part
        JOIN.format(id="NCT05550002") + " They reverse neuropathy.",  # for a fee
        JOIN.format(id="NCT05550004") + " They reverse neuropathy.",  # takes nobody new
        "Join our trial. The cells reverse neuropathy.",  # which trial?
    ],
)
def test_what_shields_nothing(block: str, invented: Lookup) -> None:
    assert shielded((block,), invented) == {}


def test_a_statement_on_something_else_is_not_shielded(invented: Lookup) -> None:
    said = JOIN.format(id="NCT05550001") + " The cells cure arthritis too. Exosomes reverse neuropathy."
    assert shielded((said,), invented) == {0: "NCT05550001"}


def test_the_shield_needs_the_number_of_the_matched_trial(invented: Lookup) -> None:
    texts = (JOIN.format(id="NCT05550001"), JOIN.format(id="NCT05550004"))
    assert shielded(texts, invented) == {0: "NCT05550001"}


# -- a copy that cannot be used


@pytest.mark.parametrize("content", [b"", b"this is no database", b"SQLite format 3\x00" + bytes(4_000), None])
def test_a_corrupt_copy(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "copy.sqlite"
    if content is not None:
        path.write_bytes(content)
    held = Lookup(path, today=TODAY)
    found = check.checks(statements("See NCT02387749 and ISRCTN12345678."), "Sunrise", None, (), held)
    assert [(one.outcome, one.reason) for one in found] == [
        ("not_checked", "snapshot_unreadable"),
        ("not_checked", "other_registry"),
    ]
    assert "copy.sqlite" in found[0].message
    assert [note.code for note in check.notes(found, held)] == ["snapshot_unreadable"]


def test_a_copy_that_breaks_later(tmp_path: Path) -> None:
    path = tmp_path / "copy.sqlite"
    whole = shipped().read_bytes()
    path.write_bytes(whole[:12_288] + bytes(len(whole) - 12_288))
    known = Lookup(path, today=TODAY).find("NCT02387749")
    assert isinstance(known, lookup.NotChecked) and known.reason == "snapshot_unreadable"


def test_a_copy_of_the_future() -> None:
    for day in (date(2022, 1, 1), date(2026, 10, 31)):
        held = Lookup(today=day)
        (found,) = check.checks(statements("See NCT02387749."), "Sunrise", None, (), held)
        assert (found.outcome, found.reason) == ("not_checked", "snapshot_from_the_future")
        assert "date in the future" in found.message
        assert [note.code for note in check.notes((found,), held)] == ["snapshot_from_the_future"]


def test_an_old_copy_is_noted_when_it_was_used() -> None:
    assert HELD.snapshot is not None
    old = next(record.id for record in HELD.snapshot.records() if record.as_of == "2022-09-29")
    newer = check.checks(statements("See NCT02387749."), "Sunrise", None, (), HELD)
    assert newer[0].as_of == "2026-11" and check.notes(newer, HELD) == ()
    assert "Genetic:" not in newer[0].message and "COMPLETED" not in newer[0].message
    found = check.checks(statements(f"See {old}."), "Sunrise", None, (), HELD)
    assert [(note.code, "2022-09-29" in note.message) for note in check.notes(found, HELD)] == [("stale_table", True)]
    assert check.notes((), HELD) == ()
    assert check.notes(check.checks(statements("See ISRCTN12345678."), "Sunrise", None, (), HELD), HELD) == ()

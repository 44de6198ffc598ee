"""Registry numbers are found however a page writes them, and nothing else is taken for one."""

from __future__ import annotations

import pytest

from checker.claims.pipeline import Pipeline
from checker.trials import find
from checker.trials.find import Mention
from checker.values import Link, Role, Statement, TextBlock

PIPELINE = Pipeline()


def statements(*texts: str, role: Role = Role.PARAGRAPH) -> tuple[Statement, ...]:
    return PIPELINE.statements(TextBlock(index=n, text=text, role=role) for n, text in enumerate(texts))


def mentioned(text: str) -> list[Mention]:
    return [mention for statement in statements(text) for mention in find.mentions(statement)]


@pytest.mark.parametrize(
    "written",
    [
        "NCT02315235",
        "nct02315235",
        "NCT 02315235",
        "NCT-02315235",
        "NCT: 02315235",
        "NCT#02315235",
        "NCT number 02315235",
        "NCT-number: 02315235",
        "NCT-No. 02315235",
        "NCTs 02315235",
        "NCT 0231 5235",
        "NCT 02-315-235",
        "NCT0231\u200b5235",
        "N\u200dCT02315235",
        "NCT\u00ad02315235",
        "NCT\u00a002315235",
        "NCT‑02315235",
        "NCT–0231–5235",
        "N.C.T. 02315235",
        "N C T 0 2 3 1 5 2 3 5",
        "NСТ02315235",  # the second and third letter are Cyrillic
        "NCT０２３１５２３５",
        "NCT2315235",
        "https://clinicaltrials.gov/ct2/show/NCT02315235",
        "clinicaltrials.gov/study/NCT02315235?cond=x",
        "(NCT02315235)",
        "NCT02315235.",
        "NCT02315235/2014",
        "NCT02315235 24 patients",
        "NCT02315235 - 24 patients",
    ],
)
def test_every_way_of_writing_a_number(written: str) -> None:
    found = mentioned(f"Our study is registered as {written} and more.")
    assert [(mention.registry, mention.id, mention.problem) for mention in found] == [("ClinicalTrials.gov", "NCT02315235", None)]


@pytest.mark.parametrize(
    ("written", "registry", "plain"),
    [
        ("ISRCTN12345678", "ISRCTN", "ISRCTN12345678"),
        ("isrctn 1234 5678", "ISRCTN", "ISRCTN12345678"),
        ("EudraCT number 2011-000123-45", "EudraCT", "2011-000123-45"),
        ("EudraCT: 2011-000123-45", "EudraCT", "2011-000123-45"),
        ("EU CT 2023-501234-12-00", "CTIS", "2023-501234-12-00"),
        ("ChiCTR2000029990", "ChiCTR", "ChiCTR2000029990"),
        ("ChiCTR-TRC-10001200", "ChiCTR", "ChiCTR-TRC-10001200"),
        ("jRCT2031200123", "jRCT", "jRCT2031200123"),
        ("JPRN-jRCTs031190001", "jRCT", "jRCTs031190001"),
        ("JPRN-UMIN000012345", "UMIN", "UMIN000012345"),
        ("UMIN-CTR 000012345", "UMIN", "UMIN000012345"),
        ("JapicCTI-123456", "JapicCTI", "JapicCTI-123456"),
        ("ACTRN12605000000123", "ACTRN", "ACTRN12605000000123"),
        ("CTRI/2020/01/022734", "CTRI", "CTRI/2020/01/022734"),
        ("IRCT20080901001165N45", "IRCT", "IRCT20080901001165N45"),
        ("DRKS00012345", "DRKS", "DRKS00012345"),
        ("KCT0001234", "CRIS", "KCT0001234"),
        ("PACTR201901234567890", "PACTR", "PACTR201901234567890"),
        ("TCTR20200101001", "TCTR", "TCTR20200101001"),
        ("SLCTR/2019/001", "SLCTR", "SLCTR/2019/001"),
        ("RBR-6kvhk2", "ReBec", "RBR-6kvhk2"),
        ("RPCEC00000123", "RPCEC", "RPCEC00000123"),
        ("LBCTR2019012345", "LBCTR", "LBCTR2019012345"),
        ("PER-001-20", "REPEC", "PER-001-20"),
        ("NTR1234", "NTR", "NTR1234"),
        ("NL-OMON12345", "NTR", "NL-OMON12345"),
        ("U1111-1234-5678", "UTN", "U1111-1234-5678"),
    ],
)
def test_other_registries(written: str, registry: str, plain: str) -> None:
    assert [(m.registry, m.id, m.problem) for m in mentioned(f"The trial ({written}) goes on.")] == [(registry, plain, None)]


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("NCT023152", "it has 6 digits and should have eight"),
        ("NCT023152350", "it has 9 digits and should have eight"),
        ("NCT0231523", "it has 7 digits and should have eight"),  # which digit is missing is not known
        ("NCTO2315235", "there are letters where digits belong"),
        ("NCTXXXXXXXX", "there are letters where digits belong"),
        ("ClinicalTrials.gov identifier: 02315235", "the letters NCT are missing"),
        ("ISRCTN1234", "numbers of this registry do not have 4 digits"),
        ("ChiCTR20000", "numbers of this registry do not have 5 digits"),
    ],
)
def test_malformed_numbers_are_named(written: str, problem: str) -> None:
    assert [m.problem for m in mentioned(f"See {written} for more.")] == [problem]


@pytest.mark.parametrize(
    "text",
    [
        "Call 800-555-0123 today.",
        "Our function is NCT compliant.",
        "We opened on 2022-10-12.",
        "A country club, a district of 5000.",
        "ZIP 02315-2350 and fax 2315235.",
        "Visit clinicaltrials.gov for more.",
        "Sanctions of 10 000 000 dollars.",
        "An entry on page 12345.",
        "intro 1234",
    ],
)
def test_other_text_holds_no_number(text: str) -> None:
    assert mentioned(text) == []


def test_several_numbers_in_order_and_each_place_once() -> None:
    found = mentioned("NCT02387749, EudraCT 2011-000123-45 and NCT 0231 5235 (NCT02387749).")
    assert [m.id for m in found] == ["NCT02387749", "2011-000123-45", "NCT02315235", "NCT02387749"]


def test_the_place_is_the_original_text() -> None:
    (statement,) = statements("Registered: NCT02\u200b315235 since 2014.")
    (mention,) = find.mentions(statement)
    assert statement.block.text[mention.start : mention.end] == "NCT02\u200b315235"


def linking(text: str, words: str, address: str) -> list[tuple[str, str, bool]]:
    """Return number, place and kind of the mentions in a text of which some words are a link."""
    link = Link(start=text.index(words), end=text.index(words) + len(words), address=address)
    (read,) = PIPELINE.statements([TextBlock(index=0, text=text, role=Role.HEADING, links=(link,))])
    return [(m.id, text[m.start : m.end], m.linked) for m in find.mentions(read)]


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("https://clinicaltrials.gov/study/NCT02315235", "NCT02315235"),
        ("https://www.clinicaltrials.gov/ct2/show/nct02315235?rank=1", "NCT02315235"),
        ("//clinicaltrials.gov/search?term%3DNCT02315235", "NCT02315235"),
        ("https://trialsearch.who.int/Trial2.aspx?TrialID=NCT02315235", "NCT02315235"),
        ("https://clinicaltrials.gov/", None),
        ("https://clinic.example/nct0231523", None),
        ("https://clinic.example/abcnct02315235", None),
        ("https://clinic.example/2011-000123-45/per-100-20", None),
    ],
)
def test_a_number_in_the_address_of_a_link(address: str, number: str | None) -> None:
    found = linking("Read our registered trial first", "registered trial", address)
    assert found == ([(number, "registered trial", True)] if number else [])


def test_a_number_in_text_and_address_is_one_mention_and_two_numbers_are_two() -> None:
    assert linking("See NCT02315235 here", "NCT02315235", "https://clinicaltrials.gov/study/NCT02315235") == [
        ("NCT02315235", "NCT02315235", False)
    ]
    assert linking("See NCT02315235 here", "NCT02315235", "https://clinicaltrials.gov/study/NCT02387749") == [
        ("NCT02315235", "NCT02315235", False),
        ("NCT02387749", "NCT02315235", True),
    ]


def test_a_link_belongs_to_the_statements_that_it_stands_in() -> None:
    link = Link(start=7, end=22, address="https://clinicaltrials.gov/study/NCT02315235")
    said = PIPELINE.statements([TextBlock(index=0, text="It is. Our trial. Join it. Now.", role=Role.PARAGRAPH, links=(link,))])
    assert [[m.start for m in find.mentions(one)] for one in said] == [[], [7], [18], []]


def test_a_study_with_a_linked_number_has_a_number() -> None:
    link = Link(start=0, end=4, address="https://clinicaltrials.gov/study/NCT02315235")
    said = PIPELINE.statements([TextBlock(index=0, text="Join our clinical trial today.", role=Role.PARAGRAPH, links=(link,))])
    assert find.study_wording(said) == ()


@pytest.mark.parametrize(
    ("text", "noted"),
    [
        ("Join our clinical trial today.", True),
        ("Our IRB-approved study accepts patients.", True),
        ("You can take part in a registered study here.", True),
        ("Join our clinical trial NCT02387749.", False),
        ("Clinical trials are needed.", False),
    ],
)
def test_study_wording_without_a_number(text: str, noted: bool) -> None:
    assert [note.code for note in find.study_wording(statements(text))] == ["study_without_number"] * noted


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("nct 0231-5235", "NCT02315235"),
        ("NCT No. 02315235", "NCT02315235"),
        ("NCT2315235", "NCT02315235"),
        ("2315235", None),
        ("NCT02315235 and", None),
        ("", None),
    ],
)
def test_one_number_as_an_argument(text: str, key: str | None) -> None:
    assert find.identified(text) == key

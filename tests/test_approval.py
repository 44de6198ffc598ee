"""Statements about approval, in our own words, each resolved rightly and with its source."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from checker import knowledge
from checker.approval.grounding import ground
from checker.approval.resolution import LABELS, STEPS
from checker.approval.resolve import Outcome, Resolution, resolve
from checker.claims.pipeline import Pipeline
from checker.findings import SEVERITY
from checker.values import Finding, Label, Role, TextBlock

O = Outcome  # noqa: E741  # keeps the table below readable

#: Statement, outcome, and what the product's name begins with (None: not looked at).
STATEMENTS = [
    # Nothing is approved for that use.
    ("FDA-approved stem cell therapy for neuropathy", O.CONTRADICTED, None),
    ("Our stem cells are FDA approved.", O.CONTRADICTED, "stem cells"),
    ("The exosome drip has been cleared by the Food and Drug Administration.", O.CONTRADICTED, "exosome"),
    ("Our cord-tissue cells carry F.D.A. approval for numb feet.", O.CONTRADICTED, None),
    ("Wharton's jelly injections approved by the FDA to calm nerve pain", O.CONTRADICTED, "wharton's"),
    ("PRP is FDA approved for nerve pain.", O.CONTRADICTED, "prp"),
    ("No other clinic in town offers FDA-approved stem cells like ours.", O.CONTRADICTED, None),
    ("Not only FDA approved but also affordable: our exosomes.", O.CONTRADICTED, None),
    ("You need no surgery, because our stem cells are FDA approved.", O.CONTRADICTED, None),
    ("Are the cells FDA approved? Yes, they are.", O.CONTRADICTED, None),
    ("Did you know that our stem cells are FDA approved?", O.CONTRADICTED, None),
    ("Looking for FDA-approved stem cell therapy for tingling hands?", O.CONTRADICTED, None),
    ("Cord blood is FDA-approved for neuropathy.", O.CONTRADICTED, "cord blood"),
    ("Ryoncil is FDA approved for neuropathy.", O.CONTRADICTED, "Ryoncil"),
    ("FDA approved Avance for diabetic neuropathy", O.CONTRADICTED, "Avance"),
    ("Lantidra is an FDA-approved cell therapy for diabetic neuropathy", O.CONTRADICTED, "Lantidra"),
    ("Avance is FDA approved for nerve repair, and so is our stem cell therapy.", O.CONTRADICTED, None),
    ("Unlike gabapentin, our stem cells are FDA approved.", O.CONTRADICTED, None),
    ("Like Ryoncil, our cells are FDA approved.", O.CONTRADICTED, None),
    ("Our stem cells are FDA-approved for safety.", O.CONTRADICTED, None),
    ("FDA and COFEPRIS approved stem cells", O.CONTRADICTED, None),
    ("FDA-approved nerve regeneration product", O.CONTRADICTED, None),
    ("FDA-approved stem cells for knee arthritis", O.CONTRADICTED, None),
    ("Other cells are not approved, but our exosomes are FDA approved.", O.CONTRADICTED, None),
    ("You can have stem cells like any other FDA-approved medicine.", O.CONTRADICTED, None),
    # An approved product and its own use.
    ("FDA-approved cord blood for leukemia (Hemacord)", O.TRUE, "Hemacord"),
    ("Ryoncil is FDA-approved for children with graft-versus-host disease.", O.TRUE, "Ryoncil"),
    ("The Avance nerve graft is FDA licensed for cut nerves.", O.TRUE, "Avance"),
    ("The only FDA-approved stem cell products are blood-forming cells from cord blood.", O.TRUE, None),
    ("The FDA has approved a mesenchymal product for acute graft versus host disease in children.", O.TRUE, "Ryoncil"),
    ("CAR-T cells are FDA-approved for lymphoma.", O.TRUE, None),
    ("Zolgensma is an FDA-approved gene therapy for spinal muscular atrophy.", O.TRUE, "Zolgensma"),
    ("The FDA approved MACI for knee cartilage defects.", O.TRUE, "MACI"),
    ("Duloxetine is FDA-approved for diabetic nerve pain.", O.TRUE, "duloxetine"),
    ("Spinal cord stimulators are FDA approved for painful diabetic neuropathy.", O.TRUE, "spinal cord stimulators"),
    ("Unlike FDA-approved drugs, our stem cells reach the cause.", O.TRUE, "ordinary medicines"),
    # The supplier, the kit, the designation, the study.
    ("All tissue is processed in an FDA-registered lab.", O.SUPPLIER_LEVEL, None),
    ("Stem cells from an FDA-approved laboratory", O.SUPPLIER_LEVEL, None),
    ("The tissue bank that supplies us is licensed by the FDA.", O.SUPPLIER_LEVEL, None),
    ("Our protocol follows FDA guidelines.", O.SUPPLIER_LEVEL, None),
    ("The product has an NDC number.", O.SUPPLIER_LEVEL, None),
    ("Donors are screened to FDA and AATB standards.", O.SUPPLIER_LEVEL, None),
    ("While the therapy is not FDA approved, our lab is FDA registered.", O.SUPPLIER_LEVEL, None),
    ("We use a 510(k)-cleared PRP kit.", O.DEVICE_LEVEL, None),
    ("Every kit is FDA-cleared, so you can rely on the therapy.", O.DEVICE_LEVEL, None),
    ("The laser is cleared by the FDA.", O.DEVICE_LEVEL, None),
    ("The device we use with our cells is FDA-approved.", O.DEVICE_LEVEL, None),
    ("The machine for our stem cells is approved by the FDA.", O.DEVICE_LEVEL, None),
    ("Our product has RMAT designation from the FDA.", O.DESIGNATION, None),
    ("The FDA gave the cells breakthrough therapy designation.", O.DESIGNATION, None),
    ("Orphan drug status from the FDA", O.DESIGNATION, None),
    ("Join our FDA-approved clinical trial.", O.TRIAL_LEVEL, None),
    ("We treat under an IND from the FDA.", O.TRIAL_LEVEL, None),
    ("FDA clears our IND trial of stem cells for neuropathy.", O.TRIAL_LEVEL, None),
    ("The FDA has approved our phase 2 study.", O.TRIAL_LEVEL, None),
    ("The FDA approves our stem cell protocol for neuropathy.", O.CONTRADICTED, "stem cell"),
    ("Our IRB-approved study of stem cells is open.", O.TRIAL_LEVEL, None),
    ("Our NIH-registered study takes new patients.", O.TRIAL_LEVEL, None),
    ("Right to Try lets us treat your neuropathy.", O.TRIAL_LEVEL, None),
    # No approval said to be needed; the court win; abroad; off-label.
    ("It does not require FDA approval.", O.EXEMPT_CLAIM, None),
    ("Because they are minimally manipulated, our 361 products need no approval.", O.EXEMPT_CLAIM, None),
    ("Same-day procedures with your own fat are not regulated by the FDA.", O.EXEMPT_CLAIM, None),
    ("The FDA takes no position on your own stem cells.", O.EXEMPT_CLAIM, None),
    ("Your own stem cells are not a drug, so no FDA approval is needed.", O.EXEMPT_CLAIM, None),
    ("In 2022 the courts ruled that the FDA cannot regulate your own cells.", O.STALE, None),
    ("A federal judge ruled that our own cells are not drugs.", O.STALE, None),
    ("Our cells are COFEPRIS approved.", O.FOREIGN, None),
    ("Stem cell treatment licensed by the Ministry of Health", O.FOREIGN, None),
    ("Approved by the Thai FDA", O.FOREIGN, None),
    ("We use exosomes off-label for neuropathy.", O.OFF_LABEL, None),
    # Denied, or told apart from approval.
    ("This therapy is not FDA approved.", O.DENIED, None),
    ("No stem cell therapy is FDA approved for neuropathy.", O.DENIED, None),
    ("There are no FDA-approved exosomes.", O.DENIED, None),
    ("There is no stem cell, exosome or PRP product with FDA approval for nerves.", O.DENIED, None),
    ("It has not yet been approved by the United States Food and Drug Administration.", O.DENIED, None),
    ("The FDA has approved no exosome product.", O.DENIED, None),
    ("Are stem cells FDA approved? Not even close.", O.DENIED, None),
    ("FDA registration does not mean approval.", O.DENIED, None),
    ("RMAT designation is not the same as FDA approval.", O.DENIED, None),
    ("Once it is approved, we will offer it.", O.DENIED, None),
    ("It is awaiting FDA approval.", O.DENIED, None),
    # Nobody can tell.
    ("FDA-approved for safety", O.UNVERIFIABLE, None),
    ("The government-approved treatment for nerve pain", O.UNVERIFIABLE, None),
    ("An approved stem cell therapy for neuropathy", O.UNVERIFIABLE, None),
    ("The only FDA approved treatment for neuropathy", O.UNVERIFIABLE, None),
    ("The FDA approved the first mesenchymal cell product in 2024.", O.UNVERIFIABLE, None),
    ("Gabapentin is FDA-approved for neuropathy.", O.UNVERIFIABLE, "gabapentin"),
]
SILENT = [
    "Stem cells can become many kinds of cell.",
    "You are approved for financing.",
    "Your neck pain can be cleared up.",
    "Our doctors are licensed in Florida.",
    "Are these cells FDA approved?",
    "Stem cell products require FDA approval.",
    "The 2022 court win was reversed in 2024, so the FDA can regulate such cells.",
    "Be wary of any clinic that says its cells are FDA approved.",
]


def found(text: str, **around: object) -> Resolution:
    resolution = resolve(text.lower(), **around)  # type: ignore[arg-type]  # the tests know the keywords
    assert resolution is not None
    return resolution


@pytest.mark.parametrize(("text", "outcome", "product"), STATEMENTS, ids=[text[:60] for text, _, _ in STATEMENTS])
def test_a_statement_is_resolved(text: str, outcome: Outcome, product: str | None) -> None:
    resolution = found(text)
    assert resolution.outcome is outcome
    assert product is None or (resolution.product or "").startswith(product)
    assert resolution.sources and all(source.url.startswith("http") and source.date for source in resolution.sources)
    assert resolution.message.endswith(".") and ". " in resolution.message


@pytest.mark.parametrize("text", SILENT)
def test_a_statement_without_a_claim_of_approval_is_left_alone(text: str) -> None:
    assert resolve(text.lower()) is None


def test_the_table_is_long_enough_and_covers_every_outcome() -> None:
    assert len(STATEMENTS) >= 40
    assert {outcome for _, outcome, _ in STATEMENTS} == set(Outcome) == set(LABELS) == set(STEPS)


def test_the_gravest_part_of_a_statement_stands() -> None:
    text = "The lab is FDA-registered, the product is not a drug in Mexico, and our exosomes are FDA approved for neuropathy."
    assert found(text).outcome is O.CONTRADICTED


def test_it_means_what_the_page_sells() -> None:
    text = "It is FDA approved for nerve pain."
    assert found(text).outcome is O.UNVERIFIABLE
    assert found(text, sells_cells=True).outcome is O.CONTRADICTED
    assert found(text, headings=("Exosomes for neuropathy",)).outcome is O.CONTRADICTED


def test_an_approved_product_is_not_lent_to_a_page_about_nerves() -> None:
    text = "We use Ryoncil, an FDA-approved stem cell product."
    assert found(text).outcome is O.TRUE
    borrowed = found(text, title="Stem cells for neuropathy", sells_cells=True)
    assert (borrowed.outcome, borrowed.use) == (O.CONTRADICTED, "nerve damage")


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("The therapy is FDA-approved and 92% of our patients are off gabapentin.", O.CONTRADICTED),
        ("Our FDA-approved infusion replaces pregabalin.", O.CONTRADICTED),
        ("The treatment is FDA approved, so stop taking Lyrica.", O.CONTRADICTED),
        ("FDA-approved treatments such as pregabalin are used without exosomes.", O.TRUE),
        ("The FDA approved duloxetine for it.", O.TRUE),
    ],
)
def test_a_medicine_that_patients_do_without_is_not_what_is_approved(text: str, outcome: Outcome) -> None:
    assert found(text, title="exosomes for neuropathy", sells_cells=True).outcome is outcome


def test_marks_of_doubt_reach_the_reader() -> None:
    hemacord = found("Hemacord is FDA approved for leukemia.").message
    assert "in part unconfirmed" in hemacord and "was not checked" in hemacord
    assert "from general knowledge, unconfirmed" in found("Lenmeldy is FDA approved.").message
    assert "from general knowledge, unconfirmed" in found("Carbamazepine is FDA-approved for trigeminal neuralgia.").message


def test_contradiction_says_what_is_known() -> None:
    message = found("Our exosomes are FDA approved for nerve pain.").message
    assert "None of the 49 licensed" in message and "nerve damage" in message and "No exosome product" in message
    assert "Kits that make PRP" in found("PRP is FDA approved for nerve pain.").message
    assert "safety alone" in found("Our stem cells are FDA-approved for safety.").message


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("An FDA-registered lab", "registered"),
        ("It has an NDC number from the FDA.", "listed"),
        ("An FDA-approved lab", "inspected"),
        ("AATB-accredited tissue bank", "accredited"),
        ("We follow FDA guidelines.", "compliant"),
        ("A section 361 tissue product, says the FDA", "361"),
        ("It is exempt from FDA approval.", "exempt"),
        ("An IRB-approved protocol", "ethics-board"),
        ("Listed on ClinicalTrials.gov", "registry"),
        ("Expanded access through the FDA", "expanded-access"),
        ("FDA fast-track designation", "fast-track"),
        ("FDA orphan drug designation", "orphan"),
    ],
)
def test_the_step_of_the_ladder_explains(text: str, step: str) -> None:
    row = knowledge.tables().step(step)
    assert row is not None and row.does_not_prove in found(text).message


def test_a_permit_of_the_place_abroad_is_no_approval_of_the_treatment() -> None:
    assert found("Our clinic holds a COFEPRIS licence.").label is Label.FDA_HALO
    assert found("Our hospital in Tijuana is licensed by COFEPRIS.").label is Label.FDA_HALO
    assert found("Our hospital is licensed by COFEPRIS and our stem cells are approved by COFEPRIS.").label is Label.FDA_APPROVED
    assert found("Licensed clinics, and stem cells approved by the Ministry of Health.").label is Label.FDA_APPROVED
    assert found("Stem cells at our hospital are authorized by the Ministry of Health.").label is Label.FDA_APPROVED
    assert found("We give our patients a cell therapy authorized by COFEPRIS.").label is Label.FDA_APPROVED
    assert found("Our clinic has the Ministry of Health's approval for treatment with cells.").label is Label.FDA_APPROVED
    assert found("COFEPRIS approved this stem cell treatment.").label is Label.FDA_APPROVED


def test_off_label_prp_is_an_honest_word() -> None:
    assert found("PRP for the knee is an off-label use.").label is Label.DISCLAIMER
    assert found("We use exosomes off-label.").label is Label.FDA_HALO


def test_without_the_table_of_products_nothing_is_contradicted() -> None:
    facts = knowledge.tables()
    empty = replace(facts, products=replace(facts.products, rows=()))
    resolution = found("Our stem cells are FDA approved.", facts=empty)
    assert resolution.outcome is O.UNVERIFIABLE and "not checked" in resolution.message


@pytest.mark.parametrize(
    "text", ["stem cells and fda approved therapy for nerve pain " * 2000, "not " * 30000 + "fda", "fda " * 30000]
)
def test_endless_text_costs_no_time(text: str) -> None:
    start = time.perf_counter()
    resolve(text)
    assert time.perf_counter() - start < 5


# Grounding


def finding(text: str, label: Label, rule: str = "model") -> Finding:
    statement = Pipeline().statements([TextBlock(index=0, text=text, role=Role.PARAGRAPH)])[0]
    return Finding(
        label=label,
        rule=rule,
        also=(),
        severity=SEVERITY[label],
        confidence=0.8,
        statement=statement,
        quote=text,
        start=0,
        end=len(text),
        why="Says something. And so on.",
    )


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("Our cells are FDA approved for neuropathy.", Label.FDA_APPROVED, Label.FDA_APPROVED),
        ("Cells come from an FDA-approved lab.", Label.FDA_APPROVED, Label.FDA_HALO),
        ("We run an FDA-approved clinical trial.", Label.FDA_APPROVED, Label.SCIENCE_HALO),
        ("Our lab is FDA-registered.", Label.FDA_HALO, Label.FDA_HALO),
        ("Our exosomes are FDA-approved.", Label.FDA_HALO, Label.FDA_HALO),
        ("Our cells cure neuropathy.", Label.CURE, Label.CURE),
        ("Our cells are FDA approved to cure neuropathy.", Label.CURE, Label.CURE),
    ],
)
def test_a_finding_gets_the_label_that_the_facts_support(text: str, before: Label, after: Label) -> None:
    (grounded,) = ground([finding(text, before)], title="", severity=SEVERITY)
    assert (grounded.label, grounded.severity) == (after, SEVERITY[after])


@pytest.mark.parametrize(
    ("text", "rule", "after"),
    [
        ("It is not FDA approved.", "A102", Label.DISCLAIMER),
        ("Our cells are not without FDA approval.", "A102", Label.DISCLAIMER),
        ("Our cells are not without FDA approval.", "model", Label.FDA_APPROVED),
        ("Our cells are not without FDA approval.", "A109", Label.FDA_APPROVED),
    ],
)
def test_words_of_denial_undo_what_a_rule_found_not_what_affirms_through_them(text: str, rule: str, after: Label) -> None:
    found = finding(text, Label.FDA_APPROVED, rule)
    (grounded,) = ground([found], title="", severity=SEVERITY, affirming=("model", "A109"))
    assert (grounded.label, grounded.severity) == (after, SEVERITY[after])


def test_a_true_statement_is_no_finding() -> None:
    text = "Ryoncil is FDA-approved for children with graft-versus-host disease."
    assert ground([finding(text, Label.FDA_APPROVED)], title="", severity=SEVERITY) == ()


def test_a_grounded_finding_tells_why_and_where_it_stands() -> None:
    (grounded,) = ground([finding("Cells come from an FDA-approved lab.", Label.FDA_APPROVED)], title="", severity=SEVERITY)
    assert grounded.why.startswith("Speaks of a place") and grounded.sources


def test_two_findings_that_become_one_label_are_one() -> None:
    text = "Cells come from an FDA-approved lab."
    both = [finding(text, Label.FDA_APPROVED), finding(text, Label.FDA_HALO)]
    assert len(ground(both, title="", severity=SEVERITY)) == 1


def test_the_use_of_a_licensed_product_may_stand_in_the_title() -> None:
    said = "yes, fda-approved cord blood units are used when no matched adult donor is found."
    titles = ("Stem Cell Transplant for Leukemia", "Cells for neuropathy")
    found = [resolve(said, title=title, sells_cells=True) for title in titles]
    assert [resolution and resolution.outcome for resolution in found] == [Outcome.TRUE, Outcome.CONTRADICTED]

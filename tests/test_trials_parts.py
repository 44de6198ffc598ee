"""The small tables behind a match: conditions, products, names of publishers, wording of fees."""

from __future__ import annotations

import pytest

from checker.claims.pipeline import Pipeline
from checker.trials import conditions, products
from checker.trials.names import domain_label, is_publisher, publisher
from checker.trials.plain import plain, speaks_of_fee
from checker.values import Role, TextBlock, Zone


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("Diabetic Peripheral Neuropathy", {"nerve_diabetic"}),
        ("painful diabetic sensorimotor polyneuropathy", {"nerve_diabetic"}),
        ("Neuropathy, Diabetic", {"nerve_diabetic"}),
        ("Chemotherapy-induced Peripheral Neuropathy", {"nerve_chemo"}),
        ("Chronic Inflammatory Demyelinating Polyneuropathy (CIDP)", {"nerve_inflammatory"}),
        ("Guillain–Barré syndrome", {"nerve_inflammatory"}),
        ("Charcot-Marie-Tooth disease 1A", {"nerve_inherited"}),
        ("carpal tunnel syndrome", {"nerve_entrapment"}),
        ("sciatica", {"nerve_entrapment"}),
        ("Trigeminal Neuralgia", {"neuralgia"}),
        ("Bell’s palsy", {"facial_palsy"}),
        ("Brachial Plexus Neuropathies", {"nerve_injury"}),
        ("nerve damage, numbness and tingling", {"nerve"}),
        ("Polyneuropathies", {"nerve"}),
        ("Nonarteritic Ischemic Optic Neuropathy", {"eye", "vessels"}),
        ("Diabetic Nephropathies", {"diabetes", "kidney"}),
        ("Diabetic Neuropathic Ulcer", {"wound"}),
        ("Diabetic foot ulcer", {"wound"}),
        ("Osteoarthritis, Knee", {"joint"}),
        ("low back pain", {"back"}),
        ("Spinal Cord Injuries", {"spinal_cord"}),
        ("Ms. Jones told us of our vision to discover more", set()),
        ("Stem Cell Transplantation", set()),
    ],
)
def test_groups_of_conditions(text: str, groups: set[str]) -> None:
    assert conditions.groups([text]) == groups


@pytest.mark.parametrize(
    ("trial", "claim", "covered"),
    [
        ("diabetic neuropathy", "neuropathy", True),
        ("diabetic neuropathy", "nerve pain and diabetes", True),
        ("diabetic neuropathy", "chemotherapy-induced neuropathy", False),
        ("diabetic neuropathy", "neuropathy and arthritis", False),
        ("peripheral neuropathy", "CIDP", True),
        ("peripheral neuropathy", "carpal tunnel", None),
        ("neurologic disorders", "neuropathy", None),
        ("knee osteoarthritis", "neuropathy", False),
        ("multiple sclerosis", "nerve damage", False),
        ("bronchopulmonary dysplasia", "neuropathy", False),
        ("bronchopulmonary dysplasia", "lung disease", None),  # the table lacks it
        ("diabetic neuropathy", "a better life", None),
    ],
)
def test_a_trial_covers_a_claim(trial: str, claim: str, covered: bool | None) -> None:
    groups = conditions.of_trial([trial], "")
    assert groups is not None
    assert conditions.covers(groups, conditions.groups([claim])) is covered


def test_a_trial_that_names_no_condition() -> None:
    assert conditions.of_trial(["Stem Cell Transplantation"], "Injection of cells") is None
    assert conditions.of_trial(["Stem Cell Transplantation"], "Cells for neuropathy") == {"nerve"}


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("autologous adipose cSVF, IV", {"fat"}),
        ("HB-adMSCs", {"fat"}),
        ("Wharton's jelly allograft", {"cord"}),
        ("Biological: HUC-MSCs", {"cord"}),
        ("PDA-002 human placenta-derived cells", {"amnion"}),
        ("autologous bone-marrow MSC", {"marrow"}),
        ("Genetic: mesenchymal stem cells", {"cells"}),
        ("MSC_Apceth", {"cells"}),
        ("mesenchymal stem cell derived exosomes", {"exosome"}),
        ("stem cells and exosomes", {"cells", "exosome"}),
        ("PRP, ultrasound-guided", {"prp"}),
        ("autologous human Schwann cells", {"schwann"}),
        ("haematopoietic stem cell transplantation with conditioning", {"transplant"}),
        ("VM202 plasmid HGF", {"gene"}),
        ("saline placebo", set()),
        ("regenerative medicine", {"regenerative"}),
    ],
)
def test_kinds_of_product(text: str, kinds: set[str]) -> None:
    assert products.kinds([text]) == kinds


@pytest.mark.parametrize(
    ("trial", "offered", "covered"),
    [
        ("umbilical cord MSC", "stem cell therapy", True),
        ("umbilical cord MSC", "umbilical cord cells", True),
        ("umbilical cord MSC", "fat stem cells", False),
        ("umbilical cord MSC", "regenerative medicine", True),
        ("umbilical cord MSC", "exosomes", False),
        ("mesenchymal stem cells", "fat stem cells", None),
        ("Schwann cells", "stem cells", False),
        ("plasmid", "stem cells", False),
        ("PRP", "stem cells", False),
        ("PRP", "regenerative medicine", True),
        ("saline", "stem cells", None),
        ("umbilical cord MSC", "hope", None),
    ],
)
def test_a_trial_tests_what_is_offered(trial: str, offered: str, covered: bool | None) -> None:
    assert products.covers(products.kinds([trial]), products.kinds([offered])) is covered


@pytest.mark.parametrize(
    ("sponsor", "title", "url", "same"),
    [
        ("Hope Biosciences", "Trials | Hope Biosciences", None, True),
        ("Hope Biosciences Stem Cell Research Foundation", "Hope Biosciences", None, True),
        ("R3 Stem Cell", "R3 Stem Cell - Home", None, True),
        ("R3 Stem Cell", None, "https://www.r3stemcell.com/trials", True),
        ("MD Stem Cells", None, "https://md-stem-cells.co.uk/", True),
        ("StemGenex", "StemGenex Medical Group", None, True),
        ("W. Dalton Dietrich (University of Miami)", "University of Miami", None, True),
        ("R3 Stem Cell / R3 Medical Research", "R3 Medical Research, LLC", None, True),
        ("Anterogen Co., Ltd.", "Anterogen", None, True),
        ("Assistance Publique - Hôpitaux de Paris", "Assistance Publique – Hopitaux de Paris", None, True),
        ("Cairo University", "Cairo Stem Cell Clinic", None, False),
        ("Wuhan Central Hospital", "Wuhan Hospital of Cells", None, False),
        ("Seoul National University Hospital", "Sunrise Nerve Clinic", "https://sunrise.example", False),
        ("University of Miami", "Miami Stem Cell Institute", "https://miamistemcells.example", False),
        ("Stem Cell Clinic", "Stem Cell Clinic of Texas", None, False),
        ("Hope Biosciences", "The Hope Biosciences trial explained | Sunrise", None, None),  # named, but as what?
        ("Ageless Regenerative Institute", "Ageless Clinic", None, None),
        ("Healeon Medical Inc", None, "https://healeonmedicalpartners.example/", None),
        ("Cairo University", None, None, None),
        ("Cairo University", "Stem Cell Therapy for Neuropathy", None, None),  # a title without a name
        ("Cairo University", None, "http://127.0.0.2:8000/", None),
    ],
)
def test_who_publishes(sponsor: str, title: str | None, url: str | None, same: bool | None) -> None:
    assert is_publisher([sponsor], publisher(title, url, (), ())) is same


def test_further_names_of_a_publisher() -> None:
    footer = TextBlock(
        index=0, text="© 2019–2026 Lakemoor Nerve Center, LLC. All rights reserved.", role=Role.PARAGRAPH, zone=Zone.FOOTER
    )
    said = Pipeline().statements([footer])
    assert publisher("Welcome", None, (), said).names == ("Lakemoor Nerve Center, LLC",)
    assert publisher("Welcome", None, ("Lakemoor Group",), ()).names == ("Lakemoor Group",)


@pytest.mark.parametrize(
    ("url", "label"),
    [
        ("https://www.r3-stem-cell.co.uk/x", "r3stemcell"),
        ("https://clinic.example", "clinic"),
        ("http://10.0.0.1/", ""),
        ("http://[::1]/", ""),
        ("page.html", ""),
        (None, ""),
    ],
)
def test_telling_part_of_a_domain(url: str | None, label: str) -> None:
    assert domain_label(url) == label


@pytest.mark.parametrize(
    ("text", "fee"),
    [
        ("This is a patient-funded study.", True),
        ("The trial is patient sponsored.", True),
        ("Patients will pay for the procedure.", True),
        ("Participants are required to pay a fee.", True),
        ("A self-funded registry.", True),
        ("Patients will not pay anything.", False),
        ("Patients pay no fee.", False),
        ("Funded by the state; patients are followed for a year.", False),
    ],
)
def test_fee_wording(text: str, fee: bool) -> None:
    assert speaks_of_fee(text) is fee


def test_plain_text() -> None:
    assert plain("  Türkiye’s\u200b “Center” – ﬁrst\u00a0one ") == "turkiye's “center” - first one"

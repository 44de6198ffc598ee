"""Statements as marketing means them: assertion, denial, hedge, who speaks, which product. In our own words."""

from __future__ import annotations

import pytest

from checker import judgement
from checker.claims.pipeline import Pipeline
from checker.claims.scope import counts_cells, names_nerves, offers_product, speaks_of_animals
from checker.claims.void import is_idle, is_signature, rejects
from checker.classifier.outputs import OUTPUTS
from checker.engine import Checker
from checker.findings import VETO, VETO_OF_PLAIN, decide
from checker.judgement import Opinion
from checker.reports import sentences
from checker.rules.book import Book
from checker.values import PROMISES, Finding, Label, PageKind, Role, Strength, TextBlock, VerdictLevel

PAGE = """<html lang="en"><head><title>Neuropathy care with cord cells | Brackwater Cell Clinic</title></head><body>
<h1>Stem cell therapy for neuropathy</h1><p>At our clinic in Brackwater we treat numb and burning feet with umbilical cord
stem cells. Call us at (555) 555-0147 to book your consultation. Our doctors see patients from Monday to Thursday.</p>{}
<p>Our stem cell injections relieve nerve pain and help our patients walk again.</p></body></html>"""


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker()


@pytest.fixture(scope="module")
def thorough() -> Checker:
    return Checker(thorough=True)


def labels(checker: Checker, text: str) -> set[Label]:
    report = checker.check_html(PAGE.format(f"<p>{text}</p>"))
    return {finding.label for finding in report.findings if finding.statement.text == text}


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("We also offer stem cell therapy here.", True),
        ("The clinic injects exosomes on Mondays.", True),
        ("Our clinic, Fenwick Nerve Institute, offers stem cell therapy for numb feet.", True),
        ("Do we offer stem cell therapy?", False),
        ("Our center does not offer stem cell therapy.", False),
        ("We offer regenerative care.", False),
        ("Some clinics offer stem cell therapy.", False),
    ],
)
def test_an_offer_is_in_own_voice_and_names_the_product(text: str, offered: bool) -> None:
    (statement,) = Pipeline().statements([TextBlock(index=0, text=text, role=Role.PARAGRAPH)])
    assert offers_product(statement) is offered


SEMINAR = "<title>{}</title><h1>{}</h1><p>Join us on Thursday. Dr. Pell will show how nerves are repaired. Call 555-0122.</p>"


@pytest.mark.parametrize(
    ("title", "heading", "in_scope"),
    [
        ("Neuropathy seminar", "Stem cells for neuropathy: free dinner", True),
        ("Regenerative medicine for neuropathy", "Free dinner", True),
        ("Neuropathy seminar", "Neuropathy relief without stem cells", False),
        ("Neuropathy seminar", "Stem cells for neuropathy?", False),
        ("Neuropathy seminar", "Free dinner", False),
    ],
)
def test_what_a_page_is_headed_by_it_offers(checker: Checker, title: str, heading: str, in_scope: bool) -> None:
    report = checker.check_html(SEMINAR.format(title, heading))
    assert (report.verdict.level is not VerdictLevel.OUT_OF_SCOPE) is in_scope


def test_lower_headings_and_pages_that_name_other_treatments_more_often_offer_no_cells(checker: Checker) -> None:
    laser = "<title>{}</title><h1>{}</h1><p>Our laser relieves numb feet. The laser takes ten minutes. Call 555-0122.</p>{}"
    for page in (
        laser.format("Laser", "Stem cells or laser for neuropathy", ""),
        laser.format("", "Laser", "<h2>Stem cells for neuropathy</h2>"),
    ):
        assert checker.check_html(page).verdict.level is VerdictLevel.OUT_OF_SCOPE


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("Two hundred euros buy 40 million umbilical cord cells.", True),
        ("Each vial holds 50 billion exosomes.", True),
        ("It helps your body release 4 million more of its own stem cells.", False),
        ("Over 20 million people have neuropathy.", False),
    ],
)
def test_doses_of_cells(text: str, counted: bool) -> None:
    (statement,) = Pipeline().statements([TextBlock(index=0, text=text, role=Role.PARAGRAPH)])
    assert counts_cells(statement) is counted


@pytest.mark.parametrize(
    "text",
    [
        "Our FDA-approved stem cells are given in one visit.",
        "Our stem cell therapy is not only FDA-approved, it is painless.",
        "Our stem cells have been approved by the FDA for nerve pain.",
    ],
)
def test_approval_is_found(checker: Checker, text: str) -> None:
    assert Label.FDA_APPROVED in labels(checker, text)


@pytest.mark.parametrize(
    "text",
    [
        "Our FDA-approved stem cell therapy reverses neuropathy.",
        "The therapy is FDA-approved and 92% of our patients are off gabapentin.",
        "Our cord cells are approved by the FDA for neuropathy.",
    ],
)
def test_approval_is_found_over_a_footer_that_denies_it(thorough: Checker, text: str) -> None:
    footer = "These statements have not been evaluated by the Food and Drug Administration."
    page = f"<p>Our stem cell clinic treats numb feet. {text}</p><footer><p>{footer}</p></footer>"
    report = thorough.check_html(f"<title>Neuropathy care | Bellcrest</title>{page}")
    assert any(finding.label is Label.FDA_APPROVED and finding.statement.text == text for finding in report.findings)


@pytest.mark.parametrize(
    "text",
    [
        "Our stem cell therapy is not FDA-approved.",
        "No stem cell product is approved by the FDA for neuropathy.",
        "Duloxetine is an FDA-approved drug for diabetic nerve pain.",
        "The cells come from an FDA-registered laboratory.",
        "Cord blood is FDA-approved for leukemia and other blood cancers.",
        "Is your stem cell therapy FDA-approved?",
    ],
)
def test_approval_is_not_found(checker: Checker, text: str) -> None:
    assert Label.FDA_APPROVED not in labels(checker, text)


@pytest.mark.parametrize(
    "text",
    [
        "Our stem cells reverse neuropathy.",
        "Say goodbye to nerve pain.",
        "Get rid of neuropathy with cord cells.",
        "We guarantee results or your money back.",
        "Our cells cure neuropathy, no matter how severe it is.",
        "Our clinic promises that exosomes cure every kind of numbness.",
        "Our doctors guarantee that stem cells end neuropathy for good.",
    ],
)
def test_cure_is_found(checker: Checker, text: str) -> None:
    assert Label.CURE in labels(checker, text)


@pytest.mark.parametrize(
    "text",
    [
        "Stem cell therapy does not cure neuropathy.",
        "We cannot guarantee results.",
        "There is no known cure for neuropathy.",
        "Stem cells may one day reverse neuropathy.",
        "Some clinics promise that exosomes cure every kind of numbness.",
        "Many websites claim that stem cells end neuropathy for good.",
        "Untreated, the nerve can be permanently damaged.",
        "Most people return to normal activities the next day.",
    ],
)
def test_cure_is_not_found(checker: Checker, text: str) -> None:
    assert Label.CURE not in labels(checker, text)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Avoid surgery and drugs with our regenerative injections.", Label.REPLACES_CARE),
        ("Book your free consultation today.", Label.PRESSURE),
        ("Individual results may vary.", Label.DISCLAIMER),
        ("Exosomes may help nerves recover.", Label.HEDGED_BENEFIT),
        ("There is no risk of rejection and there are no side effects.", Label.SAFETY),
        ("Nine out of ten of our patients report less pain.", Label.SUCCESS_RATE),
        ("A clinically proven stem cell protocol for nerve pain.", Label.SCIENCE_HALO),
        ("Our stem cells repair damaged nerves.", Label.BENEFIT),
    ],
)
def test_every_family_has_its_plain_case(checker: Checker, text: str, label: Label) -> None:
    assert label in labels(checker, text)


@pytest.mark.parametrize(
    "text",
    [
        "We are open from Monday to Thursday.",
        "Neuropathy often begins with numbness in the toes.",
        "The injection takes about twenty minutes.",
        "Our team is friendly.",
    ],
)
def test_plain_talk_has_no_label(checker: Checker, text: str) -> None:
    assert not labels(checker, text)


def test_alarm_needs_nerves_in_statement_heading_or_title(checker: Checker) -> None:
    about_knees = PAGE.format("<p>Our stem cells cure arthritis for good.</p>").replace("neuropathy", "arthritis")
    about_knees = (
        about_knees.replace("Neuropathy", "Arthritis")
        .replace("nerve pain", "knee pain")
        .replace("numb and burning feet", "stiff knees")
    )
    assert checker.check_html(about_knees).verdict.level is VerdictLevel.ALARM_OTHER
    about_nerves = PAGE.format("<p>Our stem cells cure neuropathy for good.</p>")
    assert checker.check_html(about_nerves).verdict.level is VerdictLevel.ALARM


def test_the_scale_of_strength_is_ordered(checker: Checker) -> None:
    report = checker.check_html(PAGE.format("<p>Our stem cells cure neuropathy, guaranteed.</p>"))
    said: dict[Label, Finding] = {f.label: f for f in report.findings if "guaranteed" in f.statement.text}
    assert said[Label.CURE].strength is Strength.GUARANTEED
    assert (
        list(Strength).index(Strength.RELIEVES)
        < list(Strength).index(Strength.REVERSES)
        < list(Strength).index(Strength.GUARANTEED)
    )


def test_promise_and_limit_are_shown_as_a_pair(checker: Checker) -> None:
    report = checker.check_html(PAGE.format("<p>Our stem cells reverse neuropathy. Individual results may vary.</p>"))
    pair = next(note for note in report.notes if note.code == "promise_and_disclaimer")
    assert "reverse neuropathy" in pair.message and "may vary" in pair.message
    assert "limits it 1 statement after" in pair.message


@pytest.mark.parametrize(
    ("text", "idle"),
    [
        ("Left alone, it does permanent damage to the nerves", True),
        ("You go back to your normal routine the next day", True),
        ("Our exosomes cure permanently damaged nerves", False),
        ("Return to normal activities: our stem cells reverse neuropathy", False),
        ("Our stem cells reverse neuropathy", False),
        ("Our clinic is open", False),
    ],
)
def test_lasting_harm_and_ordinary_days_are_no_cure(text: str, idle: bool) -> None:
    (statement,) = Pipeline().statements([TextBlock(index=0, text=text, role=Role.LINK)])
    assert is_idle(statement) is idle


@pytest.mark.parametrize(
    ("text", "cure", "against"),
    [
        ("Can our stem cells reverse neuropathy?", 0.9, "question"),
        ("You go back to your normal routine the next day.", 0.9, "idle"),
        ("Our stem cells reverse your neuropathy.", 0.4, "overruled"),
    ],
)
def test_an_explanation_says_what_spoke_against_a_label(checker: Checker, text: str, cure: float, against: str) -> None:
    statements = checker.pipeline.statements([TextBlock(index=0, text=text, role=Role.PARAGRAPH)])
    row = {name: cure if name in (Label.CURE, "claim") else 0.0 for name in OUTPUTS}
    opinion = Opinion(kind=PageKind(provider=0.9, in_scope=0.9, trial_record=0.0), probabilities=[row])
    judged = judgement.again(statements, (), opinion, checker.book)
    assert (Label.CURE, against) in judgement.explain(judged, statements, 0, checker.book, checker.classifier).dropped


def test_nerves_and_animals() -> None:
    assert names_nerves("Sciatica and carpal tunnel") and not names_nerves("Knee arthritis")
    pipeline = Pipeline()
    dogs = pipeline.statements([TextBlock(index=i, text="Dogs and horses heal.", role=Role.PARAGRAPH) for i in range(4)])
    people = pipeline.statements([TextBlock(index=i, text="Patients heal.", role=Role.PARAGRAPH) for i in range(4)])
    assert speaks_of_animals(dogs) and not speaks_of_animals(people)


@pytest.mark.parametrize("title", ["' autofocus", '" onmouseover="x', "Untitled document"])
def test_a_promise_by_cells_puts_a_seller_s_short_page_in_scope(checker: Checker, title: str) -> None:
    promise = "Our FDA approved stem cell therapy cures neuropathy at our clinic. Each infusion costs $4,900, book your visit!"
    report = checker.check_html(f"<title>{title}</title><p>{promise}</p>", source="page", url="https://clinic.example/")
    assert report.verdict.level is VerdictLevel.ALARM


@pytest.mark.parametrize(("text", "stands"), [("We guarantee results.", True), ("We reverse your neuropathy.", False)])
def test_only_a_plain_rule_stands_against_a_classifier_that_doubts(text: str, stands: bool) -> None:
    book = Book()
    (statement,) = Pipeline().statements([TextBlock(index=0, text=text, role=Role.PARAGRAPH)])
    hits = [hit for hit in book.hits(statement) if hit.label is Label.CURE and book.rules[hit.rule].decides]
    doubts = dict.fromkeys([*Label, "claim"], 0.0) | {Label.CURE: (VETO + VETO_OF_PLAIN) / 2}
    assert hits
    assert (Label.CURE in decide(hits, doubts, book, dict.fromkeys(doubts, 0.6))) is stands


@pytest.mark.parametrize("text", ["Right to Try lets us treat your neuropathy.", "The FDA does not regulate stem cells."])
def test_a_law_as_a_permission_stands_whatever_the_classifier_says(text: str) -> None:
    book = Book()
    (statement,) = Pipeline().statements([TextBlock(index=0, text=text, role=Role.PARAGRAPH)])
    doubts = dict.fromkeys([*Label, "claim"], 0.0)
    assert decide(book.hits(statement), doubts, book, dict.fromkeys(doubts, 0.6)) == [Label.FDA_HALO]


@pytest.mark.parametrize(("text", "limits"), [("Nothing we inject is unapproved.", False), ("It is not FDA approved.", True)])
def test_two_denials_that_undo_each_other_are_no_limit(text: str, limits: bool) -> None:
    book = Book()
    (statement,) = Pipeline().statements([TextBlock(index=0, text=text, role=Role.PARAGRAPH)])
    believed = dict.fromkeys([*Label, "claim"], 0.0) | {Label.DISCLAIMER: 0.9}
    found = decide(book.hits(statement), believed, book, dict.fromkeys(believed, 0.6))
    assert (Label.DISCLAIMER in found) is limits and (Label.FDA_APPROVED in found) is not limits


@pytest.mark.parametrize(
    ("lead", "listed"),
    [
        ("It will not:", True),
        ("No one here has told me that this injection will:", True),
        ("We never say that a treatment", True),
        ("Myths", True),
        ("Three common misunderstandings:", True),
        ("What other clinics tell you:", True),
        ("What no other clinic can give you:", False),
        ("What other clinics can't give you:", False),
        ("Unlike many clinics, we promise:", False),
        ("What your doctor won't tell you:", False),
        ("Why our patients never go back to pills", False),
        ("You won't believe what our cells do:", False),
        ("Relief without:", False),
        ("No more:", False),
        ("Our cells will:", False),
        ("It not only helps, our cells also:", False),
    ],
)
def test_what_a_line_says_of_the_list_under_it(lead: str, listed: bool) -> None:
    (statement,) = Pipeline().statements([TextBlock(index=0, text=lead, role=Role.PARAGRAPH)])
    assert rejects(statement) is listed


def test_a_list_under_a_line_that_denies_it_promises_nothing(checker: Checker) -> None:
    listed = "<ul><li>reverse nerve damage</li><li>end my pain for good</li></ul>"
    consent = PAGE.format(f"<p>No one at this clinic has told me that this injection will{{}}</p>{listed}")
    sold = PAGE.format(f"<p>Our stem cell injection will:</p>{listed}")
    for end in ("", ":"):
        assert Label.CURE not in {finding.label for finding in checker.check_html(consent.format(end)).findings}
    assert Label.CURE in {finding.label for finding in checker.check_html(sold).findings}


@pytest.mark.parametrize(
    ("text", "label", "promised"),
    [
        ("None of our stem cell products is unapproved.", Label.FDA_APPROVED, True),
        ("None of our stem cell products is approved.", Label.FDA_APPROVED, False),
        ("Medicare does not pay for our FDA-approved stem cells.", Label.FDA_APPROVED, True),
        ("Medicare does not pay for stem cells, which are not FDA-approved.", Label.FDA_APPROVED, False),
        ("There is no neuropathy that our stem cells could not reverse.", Label.CURE, True),
        ("There is no study in which our stem cells could reverse neuropathy.", Label.CURE, False),
    ],
)
def test_two_denials_undo_each_other_and_what_is_taken_for_granted_stands(
    checker: Checker, text: str, label: Label, promised: bool
) -> None:
    report = checker.check_html(PAGE.format(f"<p>{text}</p>"))
    assert (label in {finding.label for finding in report.findings if finding.statement.text == text}) is promised


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Is it FDA approved? Yes.", ("Is it FDA approved?", True)),
        ("Can it cure neuropathy? Absolutely, it can!", ("Can it cure neuropathy?", True)),
        ("Can it cure neuropathy? Our cells can.", ("Can it cure neuropathy?", True)),
        ("Is it FDA approved? No.", ("Is it FDA approved?", False)),
        ("Will the numbness come back? It won't.", ("Will the numbness come back?", False)),
        ("Is nerve damage permanent? No, not with our cells.", ("Is nerve damage permanent?", False)),
        ("Are there side effects? We have never seen one.", None),
        ("Can nerve damage be reversed? With our cells.", None),
        ("Will the numbness come back? Ever?", None),
        ("Isn't it dangerous? No.", None),
        ("Is it FDA approved? Yes, in Panama.", None),
        ("Who approved it? It is.", None),
        ("We say so. Yes.", None),
        ("We say not. No.", None),
        ("Is it FDA approved? ...", None),
    ],
)
def test_a_short_answer_says_yes_or_no_to_the_question_before_it(text: str, answer: tuple[str, bool] | None) -> None:
    statements = Pipeline().statements([TextBlock(index=0, text=text, role=Role.PARAGRAPH)])
    assert statements[-1].answer == answer


@pytest.mark.parametrize(
    ("question", "answer", "labels"),
    [
        ("Is nerve damage permanent?", "Not any more.", {Label.CURE}),
        ("Does the pain come back?", "It does not.", {Label.CURE}),
        ("Is the relief permanent?", "No.", {Label.DISCLAIMER}),
        ("Are there any side effects?", "None.", {Label.SAFETY}),
        ("Will I still need gabapentin?", "No.", {Label.REPLACES_CARE}),
        ("Do you guarantee results?", "We do not.", {Label.DISCLAIMER}),
    ],
)
def test_no_to_what_readers_fear_is_a_promise_and_to_what_they_hope_a_limit(
    checker: Checker, question: str, answer: str, labels: set[Label]
) -> None:
    report = checker.check_html(PAGE.format(f"<details><summary>{question}</summary><p>{answer}</p></details>"))
    found = [finding for finding in report.findings if finding.statement.text == answer]
    assert {finding.label for finding in found} == labels
    assert all(question in finding.context for finding in found)


def test_yes_promises_what_the_question_asks(checker: Checker) -> None:
    page = PAGE.format("<details><summary>Are your stem cells approved by the FDA for neuropathy?</summary><p>Yes.</p></details>")
    report = checker.check_html(page)
    said = next(finding for finding in report.findings if finding.statement.text == "Yes.")
    assert (said.label, said.rule, said.about_nerves) == (Label.FDA_APPROVED, "A107", True)
    assert "approved by the FDA" in said.context[-1]


def test_a_bare_yes_is_told_with_its_question(checker: Checker) -> None:
    page = PAGE.format("<p>Does it cure neuropathy? Yes. Results may vary.</p>")
    report = checker.check_html(page)
    said = next(finding for finding in report.findings if finding.statement.text == "Yes.")
    assert said.context[-1] == "Does it cure neuropathy?"
    assert any("Does it cure neuropathy? Yes." in note.message for note in report.notes)
    assert any("Does it cure neuropathy?" in line for line in sentences.context(said.statement))


@pytest.mark.parametrize("aside", ["Hello.", "Welcome.", "Thank you.", "Call us today."])
def test_greetings_and_calls_promise_nothing(checker: Checker, aside: str) -> None:
    promise = "Our stem cells cure neuropathy."
    report = checker.check_text(f"{aside} {promise}")
    assert [finding.statement.text for finding in report.findings if finding.label in PROMISES] == [promise]


@pytest.mark.parametrize(
    ("text", "names"),
    [("Dora K.", True), ("— Marla T., 71", True), ("Hal P., 68", True), ("Walks again", False), ("Pain-free, 71", False)],
)
def test_who_speaks_is_no_story(text: str, names: bool) -> None:
    (statement,) = Pipeline().statements([TextBlock(index=0, text=text, role=Role.PARAGRAPH)])
    assert is_signature(statement) is names


def test_one_person_s_end_state_is_a_story_and_no_cure(checker: Checker) -> None:
    told = checker.check_html(PAGE.format("<blockquote>My neuropathy is cured, full stop.</blockquote>"))
    assert {f.label for f in told.findings if "full stop" in f.statement.text} == {Label.TESTIMONIAL}


def test_a_question_in_the_first_person_is_its_readers_and_no_story(checker: Checker) -> None:
    asked = checker.check_html(PAGE.format("<h2>How do the cells reverse my neuropathy?</h2>"))
    assert {f.label for f in asked.findings if "my neuropathy?" in f.statement.text} == {Label.CURE}


def test_an_approval_in_words_is_not_read_into_its_neighbours(thorough: Checker) -> None:
    report = thorough.check_text("Stem cells reverse neuropathy! FDA approved. Call 555-0134 to book.")
    assert [finding.quote for finding in report.findings if finding.label is Label.FDA_APPROVED] == ["FDA approved."]


def test_a_cure_without_cells_is_out_of_scope(checker: Checker) -> None:
    page = """<title>Laser for neuropathy | Fenwick Laser</title><h1>Laser for numb feet</h1><p>Our clinic's class IV laser
reverses neuropathy for good, guaranteed. Book your laser visit today. It is FDA cleared.</p>"""
    assert checker.check_html(page).verdict.level is VerdictLevel.OUT_OF_SCOPE


@pytest.mark.parametrize(
    "text",
    [
        "We will tell you honestly if your neuropathy can be reversed.",
        "Ask your own doctor whether your nerve damage can be reversed.",
        "Your neurologist can tell you whether stem cells can cure your neuropathy.",
    ],
)
def test_an_indirect_question_promises_nothing(thorough: Checker, text: str) -> None:
    assert Label.CURE not in labels(thorough, text)


@pytest.mark.parametrize(
    "text",
    [
        "Whether you are old or young, our stem cells reverse neuropathy.",
        "Call us today if you want to reverse your neuropathy with stem cells.",
        "We fix the root cause of your neuropathy.",
        "Whatever the doctors say of whether nerves heal, say goodbye to neuropathy for good with our stem cells.",
    ],
)
def test_a_promise_beside_if_or_cause_is_one(thorough: Checker, text: str) -> None:
    assert Label.CURE in labels(thorough, text)


@pytest.mark.parametrize("title", ["Stem Cells: The Cure for Neuropathy", "The Neuropathy Cure"])
def test_a_title_that_names_a_cure_is_not_outvoted_by_limits_below(thorough: Checker, title: str) -> None:
    limits = "<p>It does not work for everybody, studies are small, and it is not approved by the FDA.</p>"
    page = PAGE.replace("<h1>Stem cell therapy for neuropathy</h1>", f"<h1>{title}</h1>{limits}")
    report = thorough.check_html(page.format(""))
    (finding,) = [finding for finding in report.findings if finding.statement.text == title]
    assert finding.label is Label.CURE and finding.quote.startswith("The ")


@pytest.mark.parametrize(
    "text",
    [
        "The FDA does not regulate your own stem cells.",
        "Your own cells are not regulated by the FDA.",
        "The FDA takes no position on your own cells, because they are not a drug.",
        "Stem cell therapy is an off-label use, like many other treatments.",
        "In 2022 a federal court ruled that your own fat cells are not a drug.",
    ],
)
def test_an_excuse_is_no_limit(thorough: Checker, text: str) -> None:
    assert labels(thorough, text) == {Label.FDA_HALO}


@pytest.mark.parametrize(
    "text",
    ["Our stem cells are not approved by the FDA.", "Our cells are not FDA approved, and the FDA does not regulate the visit."],
)
def test_a_denial_stays_a_limit_beside_an_excuse(thorough: Checker, text: str) -> None:
    assert labels(thorough, text) == {Label.DISCLAIMER}


def test_a_trial_that_is_cited_with_its_limits_borrows_nothing(thorough: Checker) -> None:
    text = "A small trial in Egypt (NCT02387749) gave ten people marrow cells; it had no control group, so it proves nothing yet."
    assert labels(thorough, text) <= {Label.DISCLAIMER}


@pytest.mark.parametrize(("words", "borrowed"), [("We are backed by a registered clinical trial.", True), ("Read more.", False)])
def test_a_linked_number_explains_a_finding_and_makes_none(words: str, borrowed: bool, thorough: Checker) -> None:
    link = f"<p><a href='https://clinicaltrials.gov/study/NCT99999999'>{words}</a></p>"
    report = thorough.check_html(PAGE.format(link))
    assert [(trial.id, trial.outcome, trial.statement.text) for trial in report.trials] == [("NCT99999999", "not_found", words)]
    found = [(finding.label, finding.rule) for finding in report.findings if finding.statement.text == words]
    assert found == ([(Label.SCIENCE_HALO, "J102")] if borrowed else [])


def test_of_several_numbers_the_one_that_fits_least_is_told(thorough: Checker) -> None:
    text = "Our trials NCT99999999 and NCT05507697 are registered."
    report = thorough.check_html(PAGE.format(f"<p>{text}</p>"))
    (finding,) = [finding for finding in report.findings if finding.statement.text == text]
    assert finding.rule == "J102" and "NCT99999999" in finding.quote

"""Cutting blocks into statements: where sentences end, exact offsets, terms behind disguises, what cues govern."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.claims.normal import MAX_MARKS, MAX_WORD, normalise
from checker.claims.pipeline import MAX_PIECE_CHARS, MAX_SENTENCE_TOKENS, Pipeline
from checker.values import Cue, Role, Statement, TextBlock

PIPELINE = Pipeline()


def statements(text: str, role: Role = Role.PARAGRAPH) -> tuple[Statement, ...]:
    found = PIPELINE.statements([TextBlock(index=0, text=text, role=role)])
    for number, statement in enumerate(found):
        check_offsets(statement, number)
    return found


def check_offsets(statement: Statement, number: int) -> None:
    """Hold a statement against its block, and every term and cue against the statement."""
    text = statement.block.text
    assert statement.index == number
    assert text[statement.start : statement.end] == statement.text
    assert statement.text.strip() == statement.text != ""
    length = len(statement.match_text)
    assert statement.offsets is None or len(statement.offsets) == length
    assert statement.in_block(0, length) == (statement.start, statement.end)
    for start, end in [(t.start, t.end) for t in statement.terms] + [(c.start, c.end) for c in statement.cues]:
        assert 0 <= start < end <= length
        first, last = statement.in_block(start, end)
        assert statement.start <= first < last <= statement.end
        assert squeezed(normalise(text[first:last]).text) == squeezed(statement.match_text[start:end])
    for cue in statement.cues:
        assert cue.scope_start <= cue.start and cue.end <= cue.scope_end
        assert cue.governs(cue.start, cue.end)


def squeezed(text: str) -> str:
    return "".join(text.lower().split())


def sentences(text: str, role: Role = Role.PARAGRAPH) -> list[str]:
    return [statement.text for statement in statements(text, role)]


def one(text: str) -> Statement:
    (statement,) = statements(text)
    return statement


# -- where sentences end


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Lund treats nerves.",
        "Ask Dr. A. B. Lund, M.D., or a D.O. of your choice.",
        "Cells made in the U.S. FDA rules say so.",
        "We use e.g. PRP vs. steroids, i.e. Plasma.",
        "A dose of 2.5 million cells costs $1,200.50 today.",
        "Open from 9 a.m. to 5 p.m. on weekdays.",
        "Visit www.palm.example or write to ida@palm.example today.",
        "Wait... then feel it… slowly.",
        "It is (we think!) safe.",
        "J. Lund and T.J. Moe walk again.",
        "The No. 1 clinic for feet.",
        "There is no way back. Until now.",
        "Nothing helped. Till today",
        "Moe et al. 2019 tried it on rats.",
        "Approx. 90 percent liked Fig. 3 of it.",
        "St. Olaf Clinic vs. Palm Clinic.",
        "See palm.example/care.html?id=1. it is there.",
    ],
)
def test_one_sentence(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    "parts",
    [
        ["We wake up nerves.", "Book today."],
        ["Is it safe?", "Yes!", "Really?!", "Sure."],
        ['He said "it cured me."', "Then he left."],
        ["“Nothing else helped.”", "“Really?”", "Yes."],
        ["(We mend nerves.)", "[Note.]", "End."],
        ["Wait…", "Then go..."],
        ["Is it painful?", "No.", "Nine of ten feel nothing."],
        ["Is it painful?", "No.", "9 of 10 feel nothing."],
        ["Pain gone!!!", "Wow."],
        ["Approved by the FDA®.", "Ask us."],
        ["The price is $5.", "50 people came."],
        ["First.", "  Second."],
        ["We wait.", "Until now nobody called."],
        ["• One stays.", "• Two go."],
    ],
)
def test_several_sentences(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == [part.strip() for part in parts]


@pytest.mark.parametrize("mark", ["", "2", "12", "²", "¹²", "²,³", "[2]", "[1,2]", "[1-3]", "[1][2]"])
def test_the_number_of_a_footnote_is_no_part_of_its_word_nor_of_the_next_sentence(mark: str) -> None:
    for text in (f"Our stem cells reverse neuropathy.{mark} Ask us.", f"They reverse neuropathy{mark}. Ask us."):
        first, second = PIPELINE.statements([TextBlock(index=0, text=text, role=Role.PARAGRAPH)])
        assert first.has_term("condition") and second.text == "Ask us."
        assert text.startswith(first.text) and mark in text[: second.start]


@pytest.mark.parametrize("text", ["It costs 2.50 dollars", "NCT02315235", "vitamin B12", "CD34+ cells", "clinic24.example"])
def test_other_numbers_are_kept(text: str) -> None:
    assert normalise(text).text == text


def test_numbers_of_a_list_stay_with_their_items() -> None:
    assert sentences("1. Draw blood. 2. Spin it. 3. Inject it.") == ["1. Draw blood.", "2. Spin it.", "3. Inject it."]


@pytest.mark.parametrize("role", [Role.TITLE, Role.BUTTON, Role.LINK])
def test_titles_buttons_and_links_are_one_statement(role: Role) -> None:
    assert sentences("Nerve pain? Book now. Palm Clinic", role) == ["Nerve pain? Book now. Palm Clinic"]


@pytest.mark.parametrize("text", ["", "   ", "...", "★★★★★", "— | •", "\u00ad\u200b", "😀😀", "?!"])
def test_what_holds_no_letter_is_no_statement(text: str) -> None:
    assert statements(text) == ()


def test_statements_are_numbered_through_all_blocks() -> None:
    blocks = [TextBlock(index=i, text=text, role=Role.PARAGRAPH) for i, text in enumerate(["One. Two.", "...", "Three."])]
    found = PIPELINE.statements(blocks)
    assert [(s.index, s.text, s.block.index) for s in found] == [(0, "One.", 0), (1, "Two.", 0), (2, "Three.", 2)]


# -- disguises: matched in plain form, quoted as they stand


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Our stem cells cure feet.", "stem cells"),
        ("Our stem\u00a0cells cure feet.", "stem\u00a0cells"),
        ("Our stem\u3000cells cure feet.", "stem\u3000cells"),
        ("Our st\u00adem ce\u00adlls cure feet.", "st\u00adem ce\u00adlls"),
        ("Our s\u200bt\u200be\u200bm c\u2060e\ufeffl\u200dls cure feet.", "s\u200bt\u200be\u200bm c\u2060e\ufeffl\u200dls"),
        ("Our s\u034ftem c\U000e0061ells cure feet.", "s\u034ftem c\U000e0061ells"),
        ("Our ѕtеm сеllѕ cure feet.", "ѕtеm сеllѕ"),
        ("Our 𝘀𝘁𝗲𝗺 𝐜𝐞𝐥𝐥𝐬 cure feet.", "𝘀𝘁𝗲𝗺 𝐜𝐞𝐥𝐥𝐬"),
        ("Our ｓｔｅｍ ｃｅｌｌｓ cure feet.", "ｓｔｅｍ ｃｅｌｌｓ"),
        ("Our stem‑cells cure feet.", "stem‑cells"),
        ("😀 Our stem cells 👍🏽 cure 👩\u200d⚕\ufe0f feet.", "stem cells"),
        ("İİİ Our stem cells cure feet.", "stem cells"),
        ("Ouﬀ, Our ﬁne stem cells cure feet.", "stem cells"),
    ],
)
def test_terms_in_disguise(text: str, shown: str) -> None:
    statement = one(text)
    found = [statement.in_block(t.start, t.end) for t in statement.terms if t.kind == "treatment"]
    assert [text[start:end] for start, end in found] == [shown]
    assert statement.text == text


@pytest.mark.parametrize(
    ("text", "plain", "shown"),
    [
        ("Feet have nerve ﬁbers.", "nerve fibers", "nerve ﬁbers"),
        ("It is eﬀective.", "effective", "eﬀective"),
        ("FDA‐аррrоvеd care.", "fda-approved", "FDA‐аррrоvеd"),
        ("It’s ‟sure”.", '"sure"', "‟sure”"),
        ("Don\ufffdt wait.", "don't", "Don\ufffdt"),
        ("Costs −５ ％.", "-5 %", "−５ ％"),
    ],
)
def test_plain_form_leads_back(text: str, plain: str, shown: str) -> None:
    statement = one(text)
    start = statement.match_text.index(plain)
    first, last = statement.in_block(start, start + len(plain))
    assert text[first:last] == shown


@pytest.mark.parametrize(
    "disguised",
    [
        "Ⓒⓤⓡⓔ",
        "🄲🅄🅁🄴",
        "ᴄᴜʀᴇ",
        "c\u0336u\u0336r\u0336e\u0336",
        "ϲure",
        "ⅽure",
        "ℭure",
        "c\0ure",
        "сᴜrе",
        "cu\u115fre",
        "c\u3164ure",
        "𝓬𝓾𝓻𝓮",
    ],
)
def test_letters_that_only_look_like_others(disguised: str) -> None:
    assert normalise(disguised).text.lower() == "cure"


def test_unseen_characters_at_the_ends_belong_to_no_statement() -> None:
    found = statements("\u200bOne is\u00ad here.\u200b \u00adTwo.\u00ad")
    assert [s.text for s in found] == ["One is\u00ad here.", "Two."]


def test_no_letter_grows_in_plain_lower_case() -> None:
    for code in range(0x110000):
        plain = normalise(chr(code))
        assert len(plain.text.lower()) == len(plain.text), hex(code)


def test_nothing_is_hidden_in_long_blocks() -> None:
    text = "Feet wake up slowly. " * 11_000 + "Our stem cells cure neuropathy."
    assert len(text) > 2 * MAX_PIECE_CHARS
    found = statements(text)
    assert len(found) == 11_001
    assert found[-1].text == "Our stem cells cure neuropathy."


@pytest.mark.parametrize("text", ["a" * 250_000, "word " * 50_000, "x." * 120_000])
def test_long_blocks_without_sentences(text: str) -> None:
    found = statements(text)
    assert sum(len(squeezed(s.text)) for s in found) == len(squeezed(text))


def test_an_endless_sentence_is_parted() -> None:
    found = statements("our stem cells mend nerves and " * 500)
    assert max(len(s.words) for s in found) == MAX_SENTENCE_TOKENS
    assert " ".join(s.text for s in found) == ("our stem cells mend nerves and " * 500).strip()


def test_long_runs_are_cut_in_the_plain_form_only() -> None:
    marks = "-" * 50
    statement = one(f"Cure {marks} neuropathy {'x' * 250} today.")
    assert statement.match_text.count("-") == MAX_MARKS
    assert max(map(len, statement.match_text.split())) <= MAX_WORD
    assert marks in statement.text and "x" * 250 in statement.text
    term = next(t for t in statement.terms if t.concept == "nerve")
    first, last = statement.in_block(term.start, term.end)
    assert statement.block.text[first:last] == "neuropathy"


@pytest.mark.parametrize(
    "piece",
    ["(", "!", "'", "$", "a'", "(a", "http://a.", "not ", "may help, ", "A. ", "x@y.", "😀", "e\u0301", ":) ", "FDA ", '"a" '],
)
def test_time_grows_with_the_length_only(piece: str) -> None:
    begin = time.monotonic()
    statements((piece * 60_000)[:60_000])
    assert time.monotonic() - begin < 5


# -- cues and what they govern


def cues(text: str, *kinds: str) -> list[Cue]:
    return [cue for cue in one(text).cues if cue.kind in kinds]


def governed(text: str, kind: str, word: str) -> bool:
    """Say whether a cue of the kind governs the word."""
    statement = one(text)
    start = statement.match_text.index(word)
    return any(cue.governs(start, start + len(word)) for cue in statement.cues if cue.kind == kind)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Our cells do not cure feet.", "cure"),
        ("It is never approved.", "approved"),
        ("It mends nerves without approval.", "approval"),
        ("Neither cells nor plasma cure feet.", "cure"),
        ("They can’t cure feet.", "cure"),
        ("They can\u00adnot cure feet.", "cure"),
        ("It works, but it is not a cure.", "cure"),
    ],
)
def test_a_negation_governs_what_follows(text: str, word: str) -> None:
    assert governed(text, "negation", word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("It is no drug, but it cures feet.", "cures"),
        ("We do not hurry; we cure feet.", "cure"),
        ("We cure feet and do not hurry.", "cure"),
        ("Not a trial: we cure feet.", "cure"),
        ("It mends nerves without approval.", "mends"),
        ("It has no patent – it cures feet.", "cures"),
        ("It is not new although it cures feet.", "cures"),
        ("It does not mask pain, it cures feet.", "cures"),
    ],
)
def test_a_negation_ends_with_its_clause(text: str, word: str) -> None:
    assert one(text).has_cue("negation")
    assert not governed(text, "negation", word)


@pytest.mark.parametrize(
    "text",
    [
        "We not only ease but cure neuropathy.",
        "Your pain is no longer there.",
        "No other clinic cures neuropathy.",
        "It cures neuropathy without surgery.",
        "No doubt: it cures neuropathy.",
        "You need not suffer, we cure neuropathy.",
        "Not just relief, a cure.",
    ],
)
def test_what_only_looks_like_a_negation(text: str) -> None:
    assert not cues(text, "negation")
    assert cues(text, "affirmation")


def test_a_negation_stays_in_its_sentence() -> None:
    first, second = statements("It is not approved. It cures feet.")
    assert first.has_cue("negation", "disclaim") and not second.has_cue("negation", "disclaim")


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("Cells may mend nerves.", "mend", True),
        ("Cells may mend nerves.", "cells", True),
        ("Cells mend nerves, though they might fail.", "mend", False),
        ("Perhaps it heals; we cure feet.", "cure", False),
        ("It potentially heals feet.", "heals", True),
    ],
)
def test_a_hedge_governs_its_clause_on_both_sides(text: str, word: str, expected: bool) -> None:
    assert cues(text, "hedge")
    assert governed(text, "hedge", word) is expected


def test_a_question() -> None:
    assert cues("What is a stem cell?", "question")
    assert not cues("A stem cell is small.", "question")


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("According to Palm Clinic, cells cure feet.", "cure", True),
        ("The clinic claims a cure.", "cure", True),
        ("It cures feet, the clinic claims.", "cures", False),
    ],
)
def test_an_attribution_governs_what_follows(text: str, word: str, expected: bool) -> None:
    assert cues(text, "attribution")
    assert governed(text, "attribution", word) is expected


def test_a_comparison() -> None:
    assert governed("Unlike drugs, cells mend nerves.", "comparison", "drugs")
    assert governed("It works better than surgery.", "comparison", "surgery")
    assert not governed("It works better than surgery.", "comparison", "works")


def test_terms_have_their_kinds() -> None:
    found = {(t.kind, t.concept) for t in one("Our FDA-approved exosomes reverse neuropathy, a study shows.").terms}
    wanted = {
        ("treatment", "exosome"),
        ("effect", "reverses"),
        ("condition", "nerve"),
        ("authority", "regulator"),
        ("authority", "approval"),
        ("study", "science"),
    }
    assert wanted <= found


# -- anything at all

PIECES = st.sampled_from(
    "stem cells|FDA|approved|not|may|cure|neuropathy|No. 1|. |? |! |... |\u00ad|\u200b|\u200d|\ufe0f|İ|ﬁ|ſt|"
    "\u00a0|\u3000|ѕ|𝗙|Dr.|“|”|"
    "'|’|(|)|😀|👍🏽|-|–|\ufffd|1.|2.5|e\u0301|\n|\t|;|but|a|I".split("|")
)
WORDS = st.lists(PIECES | st.text(max_size=4), max_size=30)


@settings(max_examples=300, deadline=None)
@given(text=WORDS.map(" ".join) | WORDS.map("".join) | st.text())
def test_any_text(text: str) -> None:
    found = statements(text)
    said = "".join(s.text for s in found)
    missed = [c for c in text if c.isalnum() and normalise(c).text.isalnum()]
    assert [c for c in said if c.isalnum() and normalise(c).text.isalnum()] == missed
    bounds = [bound for s in found for bound in (s.start, s.end)]
    assert bounds == sorted(bounds)


@settings(max_examples=200, deadline=None)
@given(text=st.text() | st.lists(PIECES).map("".join))
def test_any_plain_form(text: str) -> None:
    plain = normalise(text)
    assert len(plain.text.lower()) == len(plain.text)
    assert normalise(plain.text).text == plain.text
    for position in range(len(plain.text)):
        start, end = plain.original(position, position + 1)
        assert end == start + 1
        shown = unicodedata.normalize("NFKC", text[start])
        character = plain.text[position]
        assert character == " " or character in shown or character.isascii() or text[start] == character

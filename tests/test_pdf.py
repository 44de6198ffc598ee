"""PDF brochures: statements are whole over lines, columns and pages' breaks; broken, bare and hostile files are named."""

from __future__ import annotations

import io
import time
from contextlib import suppress

import pytest

from checker.engine import Checker
from checker.errors import ReadError
from checker.page.pdf import document_of_pdf
from checker.values import Role
from tests.pdfs import column, pdf, pdf_of_streams

LEFT = ["Our cord cells re-", "store the feeling in", "numb feet. Most peo-", "ple walk again with-", "out pain. The drip"]
RIGHT = ["takes an hour. There", "are no side effects of", "any kind, and you drive", "home the same day in a", "well-known car."]
WHOLE = (
    "Our cord cells restore the feeling in numb feet. Most people walk again without pain. The drip takes an hour. There are "
    "no side effects of any kind, and you drive home the same day in a well-known car."
)


def texts(body: bytes) -> list[str]:
    return [block.text for block in document_of_pdf(body).blocks]


def refusal(body: bytes) -> ReadError:
    with pytest.raises(ReadError) as caught:
        document_of_pdf(body)
    return caught.value


def test_columns_that_are_drawn_one_after_the_other() -> None:
    lines = [(72.0, 740.0, 22.0, "Stem cells"), *column(72, 700, LEFT), *column(320, 700, RIGHT)]
    assert texts(pdf([lines])) == ["Stem cells", WHOLE]


def test_columns_that_are_drawn_line_by_line_across_the_page() -> None:
    pairs = zip(column(72, 700, LEFT), column(320, 700, RIGHT), strict=True)
    under = "This line reaches over both of the columns and stands under them."
    assert texts(pdf([[*(line for pair in pairs for line in pair), (72, 600, 11, under)]])) == [WHOLE, under]


def test_one_column_may_be_longer() -> None:
    lines = [line for pair in zip(column(72, 700, LEFT[:3]), column(320, 700, RIGHT[:3]), strict=True) for line in pair]
    more = column(72, 658, ["ple smile. Call us."])
    assert texts(pdf([[*lines, *more]]))[0].startswith("Our cord cells restore the feeling in numb feet. Most people smile. Call")


def test_rows_of_a_table_stay_rows() -> None:
    rows = [("Illness", "Better"), ("Sciatica", "94 percent"), ("Carpal tunnel", "91 percent"), ("Neuropathy", "96 percent")]
    lines = [(x, 700 - 14 * n, 11.0, cell) for n, row in enumerate(rows) for x, cell in zip((72.0, 320.0), row, strict=True)]
    assert texts(pdf([lines])) == [" ".join(row) for row in rows]


def test_paragraphs_headings_and_lists() -> None:
    lines = [
        (72.0, 740.0, 18.0, "Nerve care"),
        *column(72, 710, ["Cells grow nerves. They", "do it well."]),
        *column(72, 670, ["A second paragraph", "goes on here."]),
        *column(72, 630, ["• No pills", "• No surgery, no", "hospital stay"]),
        (72.0, 560.0, 7.0, "Results vary."),
    ]
    document = document_of_pdf(pdf([lines]))
    assert [(block.text, block.headings) for block in document.blocks] == [
        ("Nerve care", ()),
        ("Cells grow nerves. They do it well.", ("Nerve care",)),
        ("A second paragraph goes on here.", ("Nerve care",)),
        ("• No pills", ("Nerve care",)),
        ("• No surgery, no hospital stay", ("Nerve care",)),
        ("Results vary.", ("Nerve care",)),
    ]
    assert {block.role for block in document.blocks} == {Role.PDF}


def test_the_bullet_of_the_usual_encoding_begins_an_item() -> None:
    lines = column(72, 630, ["\x7f No pills", "\x7f No surgery, no", "hospital stay"])
    assert texts(pdf([lines])) == ["• No pills", "• No surgery, no hospital stay"]


def test_lines_that_had_room_for_more_are_paragraphs() -> None:
    lines = [
        "Our cells restore the feeling in numb feet within nine weeks, and they",
        "Do so for everybody who comes.",
        "No pills",
        "No surgery",
    ]
    assert texts(pdf([column(72, 700, lines)])) == [" ".join(lines[:2]), "No pills", "No surgery"]


def test_operators_as_real_programs_write_them() -> None:
    moved = b"BT /F1 11 Tf 72 700 Td 14 TL (Our cord cells re-) Tj T* (store the feeling.) Tj (Every day) ' ET"
    spaced = b"BT /F1 18 Tf 72 600 Td (Head) Tj 0 -30 Td /F1 11 Tf [(Bo) -20 (dy te) 10 (xt) -300 (here.)] TJ ET"
    turned = b"q .5 0 0 -.5 0 792 cm BT /F1 22 Tf 1 0 0 -1 100 900 Tm (Upside) Tj 1 0 0 -1 100 928 Tm (down.) Tj ET Q"
    document = document_of_pdf(pdf_of_streams([moved + spaced + turned]))
    assert [(block.text, block.headings) for block in document.blocks] == [
        ("Our cord cells restore the feeling. Every day", ()),
        ("Head", ()),
        ("Body text here.", ("Head",)),
        ("Upside down.", ("Head",)),
    ]


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (["They re-", "generate."], "They regenerate."),
        (["They re\u00ad", "generate."], "They regenerate."),
        (["A well-", "known cure. So well-known."], "A well-known cure. So well-known."),
        (["THEY RE\u00ad", "GENERATE."], "THEY REGENERATE."),
        (["Our FDA\u00ad", "approved cells."], "Our FDA-approved cells."),
        (["Neuropathy ends. NEURO-", "PATHY ENDS."], "Neuropathy ends. NEUROPATHY ENDS."),
        (["Our cells are FDA-", "approved now."], "Our cells are FDA-approved now."),
        (["OUR CELLS ARE FDA-", "APPROVED NOW."], "OUR CELLS ARE FDA-APPROVED NOW."),
        (["An evidence-", "based cure."], "An evidence-based cure."),
        (["A self-", "pay cure."], "A self-pay cure."),
        (["It is un-", "approved."], "It is unapproved."),
        (["A pre-", "and post-operative cure."], "A pre- and post-operative cure."),
        (["From 2020-", "2024 we cured."], "From 2020- 2024 we cured."),
        (["Umbilical Cord-", "Cells"], "Umbilical Cord- Cells"),
    ],
)
def test_words_cut_at_the_end_of_a_line(lines: list[str], whole: str) -> None:
    assert texts(pdf([column(72, 700, lines)])) == [whole]


def test_the_page_is_the_place_and_bare_pages_are_told() -> None:
    body = pdf([[(72, 700, 11, "Our stem cells cure neuropathy.")], [], [(72, 700, 11, "Book a visit at our clinic.")]])
    document = document_of_pdf(body)
    assert [(block.text, block.page) for block in document.blocks][1] == ("Book a visit at our clinic.", 3)
    assert document.pages_without_text == (2,)


def test_a_report_says_which_pages_hold_no_text(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("pdf") / "leaflet.pdf"
    path.write_bytes(pdf([[(72, 700, 11, "Our stem cells cure neuropathy. Book a visit at our clinic.")], []]))
    report = Checker().check(str(path))
    assert [note.message for note in report.notes if note.code == "pdf"] == [
        "The source is a PDF; pictures in it were not looked at. Pages without text: 2."
    ]
    assert report.findings[0].statement.block.page == 1


def locked(password: str) -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([[(72, 700, 11, "Our cells wake up feet.")]]))))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def test_a_password() -> None:
    error = refusal(locked("secret"))
    assert (error.code, "password" in error.message, "password" in error.advice) == ("broken_file", True, True)
    assert texts(locked("")) == ["Our cells wake up feet."]


@pytest.mark.parametrize(
    "streams",
    [
        [b"BT /F1 9 Tf (a) Tj ET\n" * 200_000],
        [b"q Q " * 5_000_000],
        [b"BT /F1 9 Tf " + b"(aaaaaaaa bbbbbbbb) Tj T* " * 20_000 + b"ET"],
        [b"BT /F1 9 Tf (" + b"a" * 1_000_000 + b"-) Tj T* (b) Tj ET"],
        [b"BT /F1 9 Tf " + b"1 0 0 1 72 700 Tm (- - - - ) Tj 1 0 0 1 72 600 Tm (a) Tj " * 10_000 + b"ET"],
    ],
    ids=["operators", "bomb", "text", "one word", "lines"],
)
def test_hostile_files_end_in_time(streams: list[bytes]) -> None:
    body = pdf_of_streams(streams, compress=True)
    begin = time.monotonic()
    with suppress(ReadError):
        document_of_pdf(body)
    assert time.monotonic() - begin < 20

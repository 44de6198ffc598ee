"""From bytes to text and to a tree: encodings as browsers take them, broken bytes, sources, bounds."""

from __future__ import annotations

import email.message
import hashlib
import io
import logging
import sys
import time
import warnings
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.errors import ReadError
from checker.page import blocks, markup, sources
from checker.page.pdf import document_of_pdf
from checker.page.text import document_of_text
from checker.settings import Settings
from checker.values import Page, Role

SMART = "Feet don’t lie – “nerve café” costs 5 €."


def html(text: str, head: str = "") -> str:
    return f"<!doctype html><html><head>{head}<title>Palm</title></head><body><p>{text}</p></body></html>"


def shown(body: bytes, charset: str | None = None) -> str:
    document = blocks.document(markup.parse(markup.decode(body, charset)))
    return " / ".join(block.text for block in document.blocks if block.role is Role.PARAGRAPH)


# -- encodings


@pytest.mark.parametrize(
    ("encoding", "charset", "head"),
    [
        ("utf-8", None, ""),
        ("utf-8", "utf-8", ""),
        ("utf-8", "UTF8", ""),
        ("utf-8-sig", None, ""),
        ("utf-8-sig", "windows-1252", '<meta charset="windows-1252">'),
        ("utf-16", None, ""),
        ("utf-16", "utf-8", ""),
        ("utf-16-le", "utf-16le", ""),
        ("utf-16-be", "utf-16be", ""),
        ("windows-1252", "windows-1252", ""),
        ("windows-1252", "iso-8859-1", ""),
        ("windows-1252", "us-ascii", ""),
        ("windows-1252", None, '<meta charset="windows-1252">'),
        ("windows-1252", None, "<META http-equiv='Content-Type' content='text/html; charset=ISO-8859-1'>"),
        ("windows-1252", None, "<meta charset=latin1>"),
        ("windows-1252", None, ""),
        ("windows-1252", "nonsense", ""),
        ("windows-1252", "utf-8", ""),
        ("windows-1252", None, '<meta charset="utf-8">'),
        ("utf-8", "windows-1252-or-so", '<meta charset="utf-8">'),
        ("utf-8", None, '<meta charset="utf-16">'),
        ("utf-8", "utf-8", '<meta charset="windows-1252">'),
        ("iso-8859-15", None, '<meta charset="iso-8859-15">'),
        ("utf-8", "utf-7", ""),
        ("utf-8", "unicode_escape", ""),
        ("utf-8", "punycode", ""),
        ("utf-8", "idna", ""),
        ("utf-8", "undefined", ""),
        ("utf-8", "hex", ""),
        ("utf-8", "rot13", ""),
        ("utf-8", "a\0b", ""),
        ("utf-8", "é", ""),
        ("utf-8", "", ""),
    ],
)
def test_encodings(encoding: str, charset: str | None, head: str) -> None:
    text = SMART if encoding != "iso-8859-15" else "A nerve café costs 5 €."
    assert shown(html(text, head).encode(encoding), charset) == text


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("iso-8859-9", "cp1254"),
        ("l5", "cp1254"),
        ("us-ascii", "cp1252"),
        ("x-mac-roman", "mac_roman"),
        ("x-gbk", "gbk"),
        ("gb2312", "gbk"),
        ("tis-620", "cp874"),
        ("ks_c_5601-1987", "cp949"),
        ("x-sjis", "cp932"),
        ("unicode-1-1-utf-8", "utf-8"),
    ],
)
def test_names_of_encodings_mean_what_browsers_take_them_for(label: str, codec: str) -> None:
    body = "<p>We’ll “cure” you</p>".encode(codec)
    for page, charset in ((body, label), (f"<meta charset={label}>".encode() + body, None)):
        assert markup.decode(page, charset).endswith("<p>We’ll “cure” you</p>")


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="description" content="our charset=koi8-r">',
        "<!-- <meta charset=koi8-r> -->",
        "<meta charset=idna>",
        "<meta charset=utf-7>",
        "<meta charset=iso-2022-kr>",
        "<meta http-equiv=refresh content='9; url=/?charset=koi8-r'>",
    ],
)
def test_what_only_looks_like_a_word_on_the_encoding(head: str) -> None:
    assert markup.decode(f"{head}<p>We’ll</p>".encode(), None).endswith("<p>We’ll</p>")


def test_an_xml_declaration_names_the_encoding() -> None:
    page = f"<?xml version='1.0' encoding='windows-1252'?>{html(SMART)}"
    assert shown(page.encode("windows-1252")) == SMART


def test_the_word_on_the_encoding_may_come_late() -> None:
    page = "<!-- " + "x" * 3_000 + " -->" + html(SMART, '<meta charset="windows-1252">')
    assert shown(page.encode("windows-1252")) == SMART


def test_japanese_bytes() -> None:
    assert shown(html("神経 cells").encode("shift_jis"), "shift_jis") == "神経 cells"


def test_few_broken_bytes_spoil_only_themselves() -> None:
    body = html("Feet wake up. " * 40 + "x" + SMART).encode().replace(b"xFeet don", b"Feet \xff\xfe don")
    text = shown(body, "utf-8")
    assert text.endswith("Feet \ufffd\ufffd don’t lie – “nerve café” costs 5 €.")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"<p>Feet don\x92t lie", "Feet don’t lie"),
        ("<p>Feet don’t lie".encode() + b"\xe2\x80", "Feet don’t lie\ufffd"),
        (b"<p>Feet lie \xe2\x80", "Feet lie \ufffd"),
        ("<p>Feet don’t lie".encode() + b"\xff ever", "Feet don’t lie\ufffd ever"),
    ],
)
def test_short_pages_with_broken_bytes(body: bytes, text: str) -> None:
    assert shown(body) == shown(body, "utf-8") == text


def test_quotes_of_windows_in_a_long_utf_8_page() -> None:
    body = html("Feet wake up. " * 60).encode() + b"<p>They don\x92t sleep.</p>"
    assert shown(body, "utf-8").endswith("They don\ufffdt sleep.")


@pytest.mark.parametrize(
    "body", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff\x00", b"\x00" * 50, bytes(range(256)) * 4, b"\xff" * 999]
)
def test_strange_bytes_decode(body: bytes) -> None:
    for charset in (None, "utf-8", "utf-16", "shift_jis"):
        text = markup.decode(body, charset)
        assert not text.startswith("\ufeff")
        blocks.document(markup.parse(text))


def test_a_page_may_end_anywhere() -> None:
    whole = html("Feet don’t lie.").encode()
    for cut in range(len(whole)):
        document = blocks.document(markup.parse(markup.decode(whole[:cut], "utf-8")))
        text = " ".join(block.text for block in document.blocks)
        assert "Palm Feet don’t lie.".startswith(text.replace("\ufffd", "").partition("<")[0].rstrip())


def test_a_page_cut_in_a_tag_keeps_what_came_before() -> None:
    assert shown(b"<p>Feet wake up.</p><p>Hands too.</p><p class='no") == "Feet wake up. / Hands too."
    assert shown(b"<p>Feet wake up.<!-- Hands too.</p>") == "Feet wake up."
    assert shown(b"<p>Feet wake up.</p><script>let a = 1; <p>Hands") == "Feet wake up."


# -- bounds


def test_too_many_tags_are_refused_at_once() -> None:
    text = "<b>" * (markup.MAX_TAGS + 1)
    begin = time.monotonic()
    with pytest.raises(ReadError) as caught:
        markup.parse(text)
    assert time.monotonic() - begin < 1
    assert (caught.value.stage, caught.value.code) == ("parse", "too_large")


def test_as_many_tags_as_allowed_are_read_in_time() -> None:
    begin = time.monotonic()
    found = blocks.document(markup.parse("<div><b>a</b>" * (markup.MAX_TAGS // 3))).blocks
    assert time.monotonic() - begin < 20
    assert len(found) == markup.MAX_TAGS // 3


def test_big_pages_of_hardly_any_tags() -> None:
    begin = time.monotonic()
    assert len(shown(b"<p>" + b"Feet wake up. " * 350_000)) > 4_000_000
    assert time.monotonic() - begin < 10


@settings(max_examples=60, deadline=None)
@given(body=st.binary(max_size=200), charset=st.none() | st.text(max_size=12))
def test_any_bytes_and_charset(body: bytes, charset: str | None) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some codecs grumble
        text = markup.decode(body, charset)
    assert isinstance(text, str)


# -- files, standard input, plain text


def read(path: Path) -> Page:
    return sources.read(str(path), Settings(max_bytes=100_000))


@pytest.mark.parametrize(
    ("name", "body", "kind"),
    [
        ("a.html", b"", "text/html"),
        ("a.htm", b"plain words", "text/html"),
        ("a.xhtml", b"plain words", "text/html"),
        ("a.txt", b"We cure feet.", "text/plain"),
        ("a.txt", b"Less than 3 < 5 of us </3", "text/plain"),
        ("a", b"We cure feet.", "text/plain"),
        ("a", b"", "text/plain"),
        ("a.txt", b"<!DOCTYPE html><p>x", "text/html"),
        ("a", b"  \n<p>We cure feet.", "text/html"),
        ("a", b"\xef\xbb\xbf<div>We cure feet.", "text/html"),
        ("a", "<html><p>We cure feet.".encode("utf-16"), "text/html"),
        ("a", "We cure feet.".encode("utf-16"), "text/plain"),
        ("a", b"Our words: <b>We cure</b> and </p>", "text/html"),
        ("a", b"%PDF-1.4 \x00", "application/pdf"),
        ("a.html", b"\n %PDF-1.4 \x00", "application/pdf"),
    ],
)
def test_kinds_of_files(tmp_path: Path, name: str, body: bytes, kind: str) -> None:
    path = tmp_path / name
    path.write_bytes(body)
    page = read(path)
    assert (page.content_type, page.body, page.source) == (kind, body, str(path))
    assert page.sha256 == hashlib.sha256(body).hexdigest()
    assert page.final_url is None and page.status is None


@pytest.mark.parametrize(
    "body",
    [
        b"PK\x03\x04abc",
        b"\x89PNG\r\n",
        b"\xff\xd8\xff\xe0",
        b"GIF89a",
        b"\x7fELF",
        b"\x1f\x8b\x08",
        b"BZh91AY",
        b"RIFF....WAVE",
        b"abc\0def",
        bytes(range(1, 32)) * 9,
        b"{\\rtf1 We cure}",
        b"MZ\x90",
        b"7z\xbc\xaf'\x1c",
    ],
)
@pytest.mark.parametrize("name", ["a.html", "a.txt", "a"])
def test_binary_files(tmp_path: Path, name: str, body: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(body)
    with pytest.raises(ReadError) as caught:
        read(path)
    assert caught.value.code == "wrong_type"


def test_a_file_address_is_read_and_named_as_given(tmp_path: Path) -> None:
    path = tmp_path / "my page.html"
    path.write_text("<p>We cure feet.")
    for address in (path.as_uri(), f"FILE://localhost{path.as_uri().removeprefix('file://')}"):
        page = sources.read(address, Settings())
        assert (page.source, page.body) == (address, b"<p>We cure feet.")


@pytest.mark.parametrize(
    "address", ["file://", "file://-", "file://host.example/a", "file://[", "ftp://palm.example", "gopher://x", "data://x"]
)
def test_other_addresses(address: str) -> None:
    with pytest.raises(ReadError) as caught:
        sources.read(address, Settings())
    assert caught.value.code == "unsupported_address"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("missing.html", "no_such_file"),
        ("file.html/inside.html", "no_such_file"),
        ("", "is_directory"),
        ("x" * 5_000, "broken_file"),
        ("a\0b", "no_such_file"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / "file.html").write_text("x")
    with pytest.raises(ReadError) as caught:
        sources.read(f"{tmp_path}/{name}", Settings())
    assert caught.value.code == code
    assert "Errno" not in caught.value.message


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "a.html"
    path.write_text("x")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ReadError) as caught:
        read(path)
    assert caught.value.code == "no_permission"


def test_too_large_files(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 100_001)
    with pytest.raises(ReadError) as caught:
        read(path)
    assert caught.value.code == "too_large"


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"<p>We cure feet.</p>")))
    page = sources.read("-", Settings())
    assert (page.source, page.content_type) == ("-", "text/html")


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252"])
@pytest.mark.parametrize("coding", ["quoted-printable", "base64", "8bit"])
def test_a_page_saved_as_one_file(tmp_path: Path, charset: str, coding: str) -> None:
    message = email.message.EmailMessage()
    message["From"] = "<Saved by a browser>"
    message["Subject"] = "Palm Clinic"
    message.set_content(html(SMART + " Feet wake up." * 30), subtype="html", charset=charset, cte=coding)
    message.add_related(b"\x89PNG", maintype="image", subtype="png")
    path = tmp_path / "page.mhtml"
    path.write_bytes(bytes(message))
    page = read(path)
    assert page.content_type == "text/html"
    assert page.sha256 == hashlib.sha256(page.body).hexdigest()
    assert shown(page.body, page.charset).startswith(SMART)


@pytest.mark.parametrize("body", [b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x--\n"])
def test_an_archive_without_a_page(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "page.mhtml"
    path.write_bytes(body)
    with pytest.raises(ReadError) as caught:
        read(path)
    assert caught.value.code == "broken_file"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.\n\nTwo\nlines.\r\n\r\nThree.", ["One.", "Two lines.", "Three."]),
        ("One.\r\rTwo.", ["One.", "Two."]),
        (
            "It helps with:\n- numb feet\n  - cold toes\n• hands\n* backs",
            ["It helps with:", "- numb feet", "- cold toes", "• hands", "* backs"],
        ),
        ("Costs went\n-5 percent down", ["Costs went -5 percent down"]),
        ("a –\nb", ["a – b"]),
        ("\n \n\t\n", []),
        ("page one\x0c\x0cpage two", ["page one", "page two"]),
    ],
)
def test_plain_text(text: str, expected: list[str]) -> None:
    document = document_of_text(text)
    assert [block.text for block in document.blocks] == expected
    assert [block.index for block in document.blocks] == list(range(len(expected)))


def test_headings_of_plain_text() -> None:
    long = "Our clinic gives cells for burning feet, and the visit takes an hour. " * 2
    text = f"Numb feet\n\nThey burn at night.\n\nWhat we do\n{long}\nSee you soon\n\nCall us\n\nBook online\n\n(555) 555-0147"
    document = document_of_text(text)
    assert document.title == "Numb feet"
    assert [block.text for block in document.blocks if block.role is Role.HEADING] == ["Numb feet", "What we do", "Book online"]
    assert [block.headings for block in document.blocks if block.text.startswith(("They", "Our"))] == [
        ("Numb feet",),
        ("What we do",),
    ]
    wrapped = "This text was broken by hand\nand every line of it is short\nso that no line is a heading."
    assert [block.role for block in document_of_text(wrapped).blocks] == [Role.PARAGRAPH]


# -- PDF


def pdf(text: str, title: str = "Palm leaflet") -> bytes:
    """Return a PDF of one page with one line of text."""
    stream = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Title (%b) >>" % title.encode("latin-1"),
    ]
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"trailer << /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + tail


def test_a_pdf() -> None:
    document = document_of_pdf(pdf("Our cells wake up feet."))
    (block,) = document.blocks
    assert (block.text, block.role, block.page) == ("Our cells wake up feet.", Role.PDF, 1)
    assert document.title == "Palm leaflet"


def test_a_pdf_without_text() -> None:
    with pytest.raises(ReadError) as caught:
        document_of_pdf(pdf(" "))
    assert caught.value.code == "pdf_without_text"


@pytest.mark.parametrize("body", [b"%PDF-1.4", b"%PDF-", b"%PDF-1.7\n" + b"\0" * 500, pdf("Feet")[:200]])
def test_a_broken_pdf(body: bytes) -> None:
    with pytest.raises(ReadError) as caught:
        document_of_pdf(body)
    assert caught.value.code == "broken_file"


WHOLE = pdf("Our cells wake up feet.")


@settings(max_examples=150, deadline=None)
@given(
    changes=st.lists(
        st.tuples(
            st.integers(0, len(WHOLE) - 1),
            st.integers(0, 30),
            st.binary(max_size=6) | st.sampled_from([b"-1", b"<<", b"99999999"]),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_any_flaw_of_a_pdf_is_named(changes: list[tuple[int, int, bytes]]) -> None:
    body = bytearray(WHOLE)
    for place, length, new in changes:
        body[place : place + length] = new
    with suppress(ReadError):
        document_of_pdf(bytes(body))


def test_a_flawed_pdf_prints_nothing(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("pypdf").setLevel(logging.WARNING)
    document_of_pdf(WHOLE.replace(b"startxref\n", b"startxref\n1"))
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")

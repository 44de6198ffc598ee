"""What people type becomes a checked address or a plain refusal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.errors import ReadError
from checker.page.address import MAX_LENGTH, check_address


@pytest.mark.parametrize(
    ("typed", "checked"),
    [
        ("https://clinic.example/stem-cells", "https://clinic.example/stem-cells"),
        ("  https://clinic.example\n", "https://clinic.example/"),
        ("HTTP://Clinic.Example./A", "http://clinic.example/A"),
        ("https://clinic.example:443/", "https://clinic.example/"),
        ("http://clinic.example:80", "http://clinic.example/"),
        ("http://clinic.example:443/", "http://clinic.example:443/"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("http://１２７.0.0.1/", "http://127.0.0.1/"),
        ("https://my_clinic.example/", "https://my_clinic.example/"),
        ("https://clinic.example/a?q=1&r=%20#part", "https://clinic.example/a?q=1&r=%20"),
        ("https://clinic.example/größe?ü=ß", "https://clinic.example/gr%C3%B6%C3%9Fe?%C3%BC=%C3%9F"),
        ("https://clinic.example/@team", "https://clinic.example/@team"),
        ("http://[2001:DB8:0:0::1]:8080/", "http://[2001:db8::1]:8080/"),
    ],
)
def test_good_addresses(typed: str, checked: str) -> None:
    assert check_address(typed) == checked


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "clinic.example",
        "ftp://clinic.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,hello",
        "gopher://clinic.example/",
        "//clinic.example/",
        "http:clinic.example",
        "http://",
        "http:///path",
        "http://:80/",
        "http://./",
        "http://user@clinic.example/",
        "http://user:pw@clinic.example/",
        "http://@clinic.example/",
        "http://clinic.example@127.0.0.1/",
        "http://clinic.example\\@127.0.0.1/",
        "http://clin ic.example/",
        "http://clinic.example/a b",
        "http://clinic.example/a\tb",
        "http://clinic.example/\r\nHost: other",
        "http://clinic.example/\x00",
        "http://clinic.example/\u200b",
        "http://clinic.example/\u00a0x",
        "http://clinic.example:0/",
        "http://clinic.example:65536/",
        "http://clinic.example:x/",
        "http://clinic..example/",
        "http://clinic%2eexample/",
        "http://clinic!.example/",
        "http://" + "a" * 64 + ".example/",
        "http://" + "a." * 130 + "example/",
        "http://bü..example/",
        "http://[::1/",
        "http://[::g]/",
        "http://[fe80::1%25eth0]/",
        "http://[fe80::1%eth0]/",
        "http://clinic.example/" + "a" * MAX_LENGTH,
    ],
)
def test_refused_addresses(typed: str) -> None:
    with pytest.raises(ReadError) as caught:
        check_address(typed)
    assert caught.value.code == "unsupported_address"
    assert caught.value.message.endswith(".")


def test_the_password_is_not_repeated() -> None:
    with pytest.raises(ReadError, match="user name or password") as caught:
        check_address("https://me:secret@clinic.example/")
    assert "secret" not in caught.value.message


@given(st.one_of(st.text(), st.text().map("http://".__add__), st.text().map("https://clinic.example/".__add__)))
def test_any_text_is_refused_or_becomes_plain_ascii(text: str) -> None:
    try:
        checked = check_address(text)
    except ReadError:
        return
    assert checked.isascii()
    assert checked.isprintable()
    assert " " not in checked
    assert check_address(checked) == checked

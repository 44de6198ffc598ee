"""Turns what a visitor typed or uploaded into what is to be checked."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice

from checker.errors import ReadError
from checker.fingerprint import page_key
from checker.page.address import check_address
from checker.scan.sites import addresses
from checker.settings import WebSettings
from checker.values import Note
from checker.web import pasted
from checker.web.keep import Asked, Given
from checker.web.telling import ended_sentences, tells

#: Characters of a file's name that are kept.
_NAME = 120
#: A text of fewer words is no page.
FEWEST_WORDS = 4
#: A text of fewer words is judged only where it tells something of a treatment; a name or a question is no page.
FEW_WORDS = 20
#: So many words beside an address may be the title of a page that was shared; more are a text where they tell something.
TITLE = 12
#: More words beside an address are a text, whatever they tell.
SHARED = 30
#: Links in a text that are named in its report.
_MOST_LINKS = 3
#: So many words are an e-mail address or a phone number and what stands around it.
_CONTACT = 6
_MARKUP = re.compile(r"<(?:[!?/][a-z-]|[a-z][a-z0-9]*(?:\s|>|/>))", re.IGNORECASE)
#: Signs that come along from a terminal or an old file; they show nothing.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_EMAIL = re.compile(r"\S@[\w-]+\.\w")
_PHONE = re.compile(r"(?<![\d.])(?!\d+\.\d+\.\d+\.\d)[\d(][\d ().-]{5,20}\d")
#: What is said when nothing can be checked.
MESSAGES = {
    "nothing": "Please paste an address or some text, or choose a saved page.",
    "address": "This is no web address we can read. One looks like https://clinic.example/neuropathy.",
    "broken": "One address seems to stand in two lines. Please put it in one line, with nothing else in the box.",
    "two": "There is more than one address here. We read one page at a time, so please leave only one.",
    "email": "This is an e-mail address. Please paste the address of a web page, or its text.",
    "phone": "This is a phone number. Please paste the address of a web page, or its text.",
    "short": "This text is very short. Please paste at least one whole sentence, or a web address.",
    "few": "We found no English sentence here that says what a treatment does. Please paste a web address or a longer text.",
    "text_too_long": "This text is too long. Save it as a file and upload it, or paste the part that matters.",
    "file_too_large": "This file is too large. Save the part that matters as text and paste it.",
    "file_and_text": "You gave a file and a text. We read one thing at a time, so please give only one of them.",
}
#: What is said of things that came along and were not read, by the code of their note.
LEFT_OUT = {
    "words_left_out": "We did not judge the words that came with this address.",
    "link_left_out": "We did not read the page that this text links to.",
    "address_given": "We read what you gave here. We did not fetch the page from its address.",
}


class CannotCheckError(Exception):
    """What was given cannot be checked; ``code`` is one of MESSAGES."""

    def __init__(self, code: str) -> None:
        super().__init__(MESSAGES[code])
        self.code = code


def of_form(what: str, url: str, web: WebSettings) -> Asked:
    """Return what the box and the field for an address hold: the field alone is the address, beside a text it says whence."""
    if not what.strip():
        return of_box(url, web)
    asked = of_box(what, web)
    if not url.strip():
        return asked
    address = _whole(url)
    if asked.kind is Given.TEXT:
        return replace(asked, url=address)
    if page_key(addresses(asked.name)[0]) != page_key(address):
        raise CannotCheckError("two")
    return asked


def of_upload(file: Asked, what: str, url: str) -> Asked:
    """Return an uploaded file with the address that came along, in its field or in the box; raises CannotCheckError."""
    if not (what.strip() or url.strip()):
        return file
    if what.strip() and not pasted.parted(what).addresses:
        raise CannotCheckError("file_and_text")
    found = {page_key(_whole(text)): _whole(text) for text in (what, url) if text.strip()}
    if len(found) > 1:
        raise CannotCheckError("two")
    return replace(file, url=next(iter(found.values())))


def _whole(text: str) -> str:
    """Return the one address in a text, with https:// where it was typed without a scheme."""
    found = pasted.parted(text)
    if len(found.addresses) > 1 or found.is_broken:
        raise CannotCheckError("broken" if found.is_broken else "two")
    return addresses(of_address(*(found.addresses or (text,))).name)[0]


def of_box(text: str, web: WebSettings) -> Asked:
    """Return what the one box holds; raises CannotCheckError.

    It is an address where it is a single word, or where few words stand around one, as people share a page or ask about
    it; a text otherwise.
    """
    text = text.strip()
    if not text:
        raise CannotCheckError("nothing")
    if _MARKUP.search(text):
        return of_text(text, web)
    found = pasted.parted(text)
    if found.is_broken:
        raise CannotCheckError("broken")
    if not found.addresses:
        return of_text(text, web) if text.split()[1:] or _contact(text) else of_address(text)
    if _is_text(found.words):
        return of_text(text, web)
    if len(found.addresses) > 1:
        raise CannotCheckError("two")
    asked = of_address(found.addresses[0])
    return replace(asked, body=found.words.encode("utf-8", "replace")) if _count(found.words) else asked


def _is_text(words: str) -> bool:
    """Say whether the words beside an address are a text of their own."""
    number = _count(words)
    return number > SHARED or ((number > TITLE or ended_sentences(words) > 1) and tells(words))


def _count(words: str) -> int:
    """Return how many words there are, signs that stand alone left out."""
    return sum(any(map(str.isalnum, word)) for word in words.split())


def of_address(text: str) -> Asked:
    """Return an address as it may be asked for; one that was typed without a scheme stays so, for https and http to be tried."""
    first, *others = addresses(pasted.cleaned(text))
    try:
        address = check_address(first)
    except ReadError as error:
        raise CannotCheckError("address") from error
    if "." not in address.split("/")[2] and "[" not in address:
        raise CannotCheckError("address")
    return Asked(kind=Given.ADDRESS, name=address.removeprefix("https://") if others else address)


def of_text(text: str, web: WebSettings) -> Asked:
    """Return a text; raises CannotCheckError for one that is too long, or too short to be judged."""
    body = _CONTROLS.sub(" ", text).encode("utf-8", "replace")
    if len(body) > web.text_bytes:
        raise CannotCheckError("text_too_long")
    words = len(text.split())
    if words < _CONTACT and (contact := _contact(text)):
        raise CannotCheckError(contact)
    if words < FEWEST_WORDS:
        raise CannotCheckError("short")
    if words < FEW_WORDS and not tells(text):
        raise CannotCheckError("few")
    return Asked(kind=Given.TEXT, name="text", body=body)


def _contact(text: str) -> str | None:
    """Return "email" or "phone" where a text of few words holds one."""
    if _EMAIL.search(text) and "://" not in text:
        return "email"
    return "phone" if _PHONE.search(text) else None


def of_file(name: str, body: bytes, web: WebSettings) -> Asked:
    """Return an uploaded file under the last part of its name."""
    if len(body) > web.page_bytes:
        raise CannotCheckError("file_too_large")
    plain = re.split(r"[/\\]", name)[-1][-_NAME:].encode("utf-8", "replace").decode()
    return Asked(kind=Given.FILE, name=plain or "page", body=body)


def left_out(asked: Asked) -> tuple[Note, ...]:
    """Return what came along with what is read, and was not read itself: words around an address, links in a text."""
    body = (asked.body or b"").decode("utf-8", "replace")
    if asked.kind is Given.ADDRESS and body:
        return (Note(code="words_left_out", message=LEFT_OUT["words_left_out"]),)
    if asked.kind is not Given.TEXT or _MARKUP.search(body):
        return ()
    links = islice(filter(_can_be_read, pasted.parted(body).addresses), _MOST_LINKS)
    return tuple(Note(code="link_left_out", message=LEFT_OUT["link_left_out"], quote=link) for link in links)


def _can_be_read(link: str) -> bool:
    try:
        return bool(of_address(link))
    except CannotCheckError:
        return False

"""Turns what a visitor typed or uploaded into what is to be checked."""

from __future__ import annotations

import re

from checker.errors import ReadError
from checker.page.address import check_address
from checker.scan.sites import addresses
from checker.settings import WebSettings
from checker.web.keep import Asked, Kind

#: Characters of a file's name that are kept.
_NAME = 120
#: A text of fewer words is no page.
FEWEST_WORDS = 4

#: So many words with one address in them are a page that was shared, with its title.
SHARED = 30
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
#: What is said when nothing can be checked.
MESSAGES = {
    "nothing": "Please paste an address or some text, or choose a saved page.",
    "address": "This is no web address we can read. One looks like https://clinic.example/neuropathy.",
    "short": "This text is very short. Please paste at least one whole sentence, or a web address.",
    "text_too_long": "This text is too long. Save it as a file and upload it, or paste the part that matters.",
    "file_too_large": "This file is too large. Save the part that matters as text and paste it.",
}


class CannotCheckError(Exception):
    """What was given cannot be checked; ``code`` is one of MESSAGES."""

    def __init__(self, code: str) -> None:
        super().__init__(MESSAGES[code])
        self.code = code


def of_box(text: str, web: WebSettings) -> Asked:
    """Return what the one box holds; raises CannotCheckError.

    It is an address when it is a single word, or a few words with one address, as telephones share a page; a text otherwise.
    """
    text = text.strip()
    if not text:
        raise CannotCheckError("nothing")
    words = text.split()
    found = [word for word in words if _ADDRESS.match(word)]
    if len(words) == 1 or (len(words) <= SHARED and len(found) == 1):
        return of_address(*(found or words))
    return of_text(text, web)


def of_address(text: str) -> Asked:
    """Return an address as it may be asked for; one that was typed without a scheme stays so, for https and http to be tried."""
    text = text.strip()
    first, *others = addresses(text)
    try:
        address = check_address(first)
    except ReadError as error:
        raise CannotCheckError("address") from error
    if "." not in address.split("/")[2] and "[" not in address:
        raise CannotCheckError("address")
    return Asked(kind=Kind.ADDRESS, name=address.removeprefix("https://") if others else address)


def of_text(text: str, web: WebSettings) -> Asked:
    """Return a text; raises CannotCheckError for one that is too short or too long."""
    body = text.encode("utf-8", "replace")
    if len(body) > web.text_bytes:
        raise CannotCheckError("text_too_long")
    if len(text.split()) < FEWEST_WORDS:
        raise CannotCheckError("short")
    return Asked(kind=Kind.TEXT, name="text", body=body)


def of_file(name: str, body: bytes, web: WebSettings) -> Asked:
    """Return an uploaded file under the last part of its name."""
    if len(body) > web.page_bytes:
        raise CannotCheckError("file_too_large")
    plain = re.split(r"[/\\]", name)[-1][-_NAME:].encode("utf-8", "replace").decode()
    return Asked(kind=Kind.FILE, name=plain or "page", body=body)


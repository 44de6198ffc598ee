"""What patients are told beside the marks: rows of the tables of facts in the reader's language, and the error rates."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

from checker import knowledge
from checker.classifier.folder import model_folder
from checker.knowledge.rows import Known
from checker.values import Label, Source
from checker.web.speech import say

#: Headings of the groups on the page of what is known, in order.
TOPICS = {
    "condition": "Nerve damage",
    "cells": "How cells might help, and which cells",
    "research": "What studies show",
    "law": "What the law says",
    "mark": "What each mark means",
}

_SAVE = "Open the page in your browser and save it. Then upload the file here, or copy its text and paste it."
_PASTE = "Open the file in your browser. If you see the page's text there, copy it and paste it."
_OPEN = "Open the page in your browser. If you see its text there, copy it and paste it."
_LATER = "Try again later. Or open the page in your browser, save it, and upload the file here."
#: What to do about a page that could not be read, by error code.
ADVICE = {
    "unsupported_address": "Paste an address that starts with http:// or https://.",
    "private_address": "Only public pages are read here.",
    "unknown_host": "Look at how the address is spelled, or try again later.",
    "refused": _LATER,
    "timeout": _LATER,
    "tls": _SAVE,
    "redirect_loop": _OPEN,
    "http_status": "Open the address in your browser. If you see the page there, copy its text and paste it. "
    "If not, try again later, or look for the page from the front page of the site.",
    "rate_limited": "Wait some minutes and try again.",
    "too_large": "Copy the part that matters and paste it.",
    "wrong_type": "Only web pages, texts and PDFs can be read. Copy or type the part that matters, and paste it.",
    "broken_file": "Open the file to see if it is whole. Then save it again.",
    "empty": _OPEN,
    "login_wall": "If you can sign in, do so in your browser. Then copy the page's text and paste it.",
    "parked": "Look at how the address is spelled. There is no site here now.",
    "coming_soon": "Try again when the site is open.",
    "not_english": "This tool reads English only. If the site has this page in English, paste the address of that one. "
    "You can also paste a translation, but it may say more or less than the page.",
    "pdf_without_text": "The PDF is a picture of a text. Type the part that matters and paste it.",
    "internal": "Please try again. If it happens again, write to whoever runs this site.",
}


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A statement with its sources; ``sure`` is false where no source that we saw says all of it."""

    text: str
    sure: bool
    sources: tuple[Source, ...]


@dataclass(frozen=True, kw_only=True)
class Agency:
    """Where to report."""

    name: str
    text: str
    sure: bool
    address: str | None
    address_sure: bool
    phone: str | None
    sources: tuple[Source, ...]


def of_label(label: Label, language: str) -> Fact | None:
    """Return what is known of a kind of statement, None where the table could not be used."""
    row = knowledge.tables().known_of(label)
    return _fact(row, language) if row else None


def by_topic(language: str) -> list[tuple[str, list[Fact]]]:
    """Return everything that is known, in groups under their headings."""
    rows = knowledge.tables().known.rows
    groups = ((say(language, title), [row for row in rows if row.topic == topic]) for topic, title in TOPICS.items())
    return [(title, [_fact(row, language) for row in group]) for title, group in groups if group]


def agencies(language: str) -> list[Agency]:
    """Return where a page can be reported."""
    return [
        Agency(
            name=say(language, row.name),
            text=say(language, row.text),
            sure=row.confirmed and "text" not in row.unconfirmed,
            address=row.address,
            address_sure="address" not in row.unconfirmed,
            phone=row.phone,
            sources=row.sources,
        )
        for row in knowledge.tables().reporting.rows
    ]


def advice(code: str, *, uploaded: bool = False) -> str:
    """Return what to do about a page that could not be read, in English.

    Saving again what was uploaded would not help; of what was not uploaded there is no file.
    """
    found = ADVICE.get(code, _SAVE)
    if uploaded:
        return _PASTE if found in (_SAVE, _LATER) else found
    return _OPEN if code == "broken_file" else found


@cache
def floors() -> dict[str, int]:
    """Return the scores that the model must reach on pages it has not seen, of 100; empty without the file."""
    path = model_folder() / "floors.json"
    if not path.is_file():
        return {}
    return {name: round(100 * value) for name, value in json.loads(path.read_text(encoding="utf-8"))["floors"].items()}


def _fact(row: Known, language: str) -> Fact:
    return Fact(text=say(language, row.text), sure=row.confirmed and "text" not in row.unconfirmed, sources=row.sources)

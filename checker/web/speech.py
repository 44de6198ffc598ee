"""Puts the page's fixed texts into the reader's language, from one catalogue."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel.support import NullTranslations

#: The languages of the interface; the texts are written in the first one.
LANGUAGES = {"en": "English", "es": "Español"}
#: How a moment is written, as Babel's pattern.
_DAY = {"en": "d MMMM y", "es": "d 'de' MMMM 'de' y"}
_MOMENT = {"en": "d MMMM y, HH:mm 'UTC'", "es": "d 'de' MMMM 'de' y, HH:mm 'UTC'"}


@cache
def translations(language: str) -> NullTranslations:
    """Return the catalogue of a language; English is what the texts are written in."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po
    from babel.support import NullTranslations, Translations

    if language == "en":
        return NullTranslations()
    packed = BytesIO()
    with files(__package__).joinpath(f"locale/{language}.po").open("rb") as file:
        write_mo(packed, read_po(file, locale=language))
    packed.seek(0)
    return Translations(packed)


def say(language: str, text: str) -> str:
    """Return a fixed text in a language; as it is where the catalogue does not hold it."""
    found: str = translations(language).ugettext(text) if text else ""
    return found


def moment(when: datetime, language: str) -> str:
    """Return a moment such as "23 November 2026, 14:05 UTC"."""
    from babel.dates import UTC, format_datetime

    return format_datetime(when, _MOMENT[language], tzinfo=UTC, locale=language)


def day(when: date, language: str) -> str:
    """Return a day such as "23 November 2026"."""
    from babel.dates import format_date

    return format_date(when, _DAY[language], locale=language)


def choose(asked: str | None, accepted: str | None) -> str:
    """Return the language that was asked for, else the first of ours in an Accept-Language header, else English."""
    from babel.core import negotiate_locale

    if asked in LANGUAGES:
        return asked
    wanted = [part.partition(";")[0].strip() for part in (accepted or "")[:200].split(",")]
    return negotiate_locale([tag.partition("-")[0] for tag in wanted], list(LANGUAGES)) or "en"

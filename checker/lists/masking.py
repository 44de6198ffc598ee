"""Turns a text of a page into one without people's names, e-mail addresses and telephone numbers, as far as they are seen."""

from __future__ import annotations

import re

from checker.knowledge.persons import GIVEN_NAMES, NAMES_AND_WORDS

EMAIL, PHONE = "[e-mail]", "[phone]"
#: What readers are told wherever texts of pages are shown, masked or as they are.
MASKED = (
    "Names of people, e-mail addresses and telephone numbers are masked where the program sees them: names with a title or a "
    "degree, common English first names that are no other words, and signatures of stories. Others may be left; "
    "look through a list before you publish it."
)
NOT_MASKED = "Names of people, e-mail addresses and telephone numbers stand here as the pages have them."
_EMAIL = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"
    r"|\b[\w.+-]{1,64} ?[(\[]at[)\]] ?[\w-]{1,63}(?: ?[(\[]dot[)\]] ?|\.)[\w.-]+",
    re.IGNORECASE,
)
#: North American numbers in all usual forms, and others that begin with a plus. Digits in a row without a mark may be anything.
_PHONE = re.compile(
    r"(?<![\w.])(?:(?:\+?1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}"
    r"|\+(?=(?:[ .()-]{0,2}\d){8})\d{1,3}(?:[ .-]?\(?\d{1,4}\)?){2,5})(?![\w%-])"
)
_NAME = r"[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĢĪĶŁĻŃŅŇŌŐŘŚŞŠŢŤŪŮŰŹŻŽ][\w'’-]{1,40}"
_INITIAL = r"[A-Z]\.?(?=[ ,]|$)"
_PARTICLE = r"(?:(?:van|von|der|den|de|la|del|di|da|bin|al)\b )"
_FULL = rf"(?:(?:[A-Z]\.? ?){{1,3}} ?)?{_NAME}(?: (?:{_INITIAL}|{_PARTICLE}{{1,2}}{_NAME}|{_NAME})){{0,2}}"
_TITLE = r"(?:Drs?|DR|Mr|MR|Mrs|MRS|Ms|MS|Prof|Professor|Capt|Captain|Pastor|Rev|Reverend|Rabbi|Sgt|Sergeant)"
_TITLED = re.compile(rf"\b({_TITLE}\b\.? (?:(?:{_TITLE}|med)\b\.? ){{0,2}})({_FULL})")
_BOTH = re.compile(rf"\b(Drs\b\.? )({_NAME}) (and|&) ({_NAME})")
#: Titles that are words too: only a first name that is known shows that a person is meant.
_CALLED = r"\b((?:Miss|Doctor|Nurse|Sister) )"
#: Words that stand after a title in the names of places and things.
_NO_NAME = re.compile(r"(?:General|Code|Department|Clinic|Office|Team|Program)\b")
_DEGREE = r",? (?:M\.?D|D\.?O|D\.?C|N\.?D|N\.?P|R\.?N|D\.?P\.?M|Ph\.?D|P\.?A(?:-C)?|FNP|DNP|Jr|Esq)\b"
_WITH_DEGREE = re.compile(rf"\b({_NAME}(?: {_INITIAL})? {_NAME})(?={_DEGREE})")
_GIVEN, _ANY, _WORD = (
    rf"\b(?:{'|'.join(sorted(names))})\b" for names in (GIVEN_NAMES, GIVEN_NAMES | NAMES_AND_WORDS, NAMES_AND_WORDS)
)
_MORE = rf"(?:(?: {_INITIAL})? {_NAME}| [A-Z]\b\.?)"
_GIVEN_AND_MORE, _ANY_AND_MORE = re.compile(_GIVEN + _MORE), re.compile(_ANY + _MORE)
_ANY_ALONE = re.compile(_ANY)
_CALLED_BY_NAME = re.compile(rf"{_CALLED}({_ANY}{_MORE}?)")
_CALLED_BY_FAMILY = re.compile(rf"{_CALLED}({_NAME})")
#: A name that is a word too, with what shows that a person is meant: an initial, or a family name that may be known.
_WORD_AND_INITIAL = re.compile(rf"{_WORD} [A-Z]\.(?: {_NAME})?")
_WORD_AND_FAMILY = re.compile(rf"{_WORD} ({_NAME})")
#: How stories are signed: "— Xandra Oakholm, Texas", "(Xandra O.)".
_SIGNED = re.compile(rf"((?:^|[—–(]|\s-) ?)((?:[A-Z]\. ?)?{_NAME}(?: (?:{_INITIAL}|{_NAME}))?)(?=\)|$|, | ?\(|\.$)")
_AND_INITIAL = re.compile(rf"\b{_NAME} [A-Z]\.")
#: Words that follow a first name where it is no person: "Madison Clinic".
_PLACE = re.compile(
    r"(?:Clinic|Center|Centre|Hospital|University|Institute|Street|Avenue|Road|County|City|Park|Stem|Cell|Medical)\b"
)


def mask(text: str, *, story: bool = False) -> str:
    """Return the text with initials for names and marks for addresses and numbers.

    In a patient's ``story`` signatures and first names that stand alone are masked too; elsewhere they are mostly towns
    and firms, and those that are words too are masked with an initial or a family name that the text has elsewhere.
    """
    families = _families(text)
    text = _PHONE.sub(PHONE, _EMAIL.sub(EMAIL, text))
    text = _BOTH.sub(lambda found: f"{found[1]}{initials(found[2])} {found[3]} {initials(found[4])}", text)
    text = _TITLED.sub(lambda found: found[0] if _NO_NAME.match(found[2]) else found[1] + initials(found[2]), text)
    text = _CALLED_BY_NAME.sub(lambda found: found[1] + initials(found[2]), text)
    text = _CALLED_BY_FAMILY.sub(lambda found: found[1] + initials(found[2]) if found[2] in families else found[0], text)
    text = _WITH_DEGREE.sub(lambda found: initials(found[1]), text)
    text = (_ANY_AND_MORE if story else _GIVEN_AND_MORE).sub(_masked_pair, text)
    text = _WORD_AND_INITIAL.sub(lambda found: initials(found[0]), text)
    text = _WORD_AND_FAMILY.sub(lambda found: initials(found[0]) if found[1] in families else found[0], text)
    if story:
        text = _SIGNED.sub(lambda found: found[1] + initials(found[2]), text)
        text = _AND_INITIAL.sub(lambda found: initials(found[0]), text)
        text = _ANY_ALONE.sub(lambda found: initials(found[0]), text)
    return text


def notice(*, with_names: bool) -> str:
    """Return what readers of a list are told of the names in it."""
    return NOT_MASKED if with_names else MASKED


def initials(name: str) -> str:
    """Return "J. D." for "Jane Doe", "J. van der B." for "Jane van der Berg"."""
    return " ".join(part if part.islower() else f"{part[0]}." for part in name.split())


def _families(text: str) -> frozenset[str]:
    """Return the last words of the names in a text that are seen for sure."""
    full = [found[2] for found in _TITLED.finditer(text)] + [found[1] for found in _WITH_DEGREE.finditer(text)]
    return frozenset(name.split()[-1] for name in (*full, *_GIVEN_AND_MORE.findall(text)))


def _masked_pair(found: re.Match[str]) -> str:
    """Mask a first name and what follows, unless that makes it a place."""
    _, _, rest = found[0].partition(" ")
    return found[0] if _PLACE.match(rest) else initials(found[0])

"""Says whether a page shows the notice that a state asks of stem cell advertising, where it names an address in that state."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from checker import knowledge, lexicon
from checker.approval import parts
from checker.approval.resolve import Outcome, resolve
from checker.knowledge.load import Tables
from checker.knowledge.rows import Law
from checker.values import Note, Source


@dataclass(frozen=True, kw_only=True)
class AmericanState:
    """How an address in a state looks: name, abbreviation, ZIP prefixes, and towns for addresses without a ZIP."""

    code: str
    name: str
    zips: str
    towns: str


#: ZIP prefixes by the Postal Service's ranges; towns are the larger ones, where clinics are.
STATES = (
    AmericanState(
        code="WA",
        name="washington",
        zips=r"98[0-9]\d{2}|99[0-4]\d{2}",
        towns="seattle|spokane|tacoma|vancouver|bellevue|kent|everett|renton|yakima|federal way|kirkland|bellingham|"
        "kennewick|auburn|pasco|marysville|"
        "lakewood|redmond|richland|sammamish|olympia|lacey|edmonds|bremerton|puyallup|issaquah|lynnwood|bothell|"
        "wenatchee|mercer island",
    ),
    AmericanState(
        code="FL",
        name="florida",
        zips=r"3[2-4]\d{3}",
        towns="jacksonville|miami|miami beach|tampa|orlando|st\\.? petersburg|hialeah|tallahassee|fort lauderdale|port "
        "st\\.? lucie|cape coral|pembroke pines|"
        "hollywood|gainesville|coral springs|clearwater|palm bay|west palm beach|lakeland|pompano beach|davie|boca raton|"
        "sunrise|fort myers|naples|sarasota|"
        "delray beach|ocala|melbourne|daytona beach|pensacola|jupiter|bradenton|palm beach gardens|winter park|weston|"
        "aventura|the villages",
    ),
    AmericanState(
        code="UT",
        name="utah",
        zips=r"84[0-7]\d{2}",
        towns="salt lake city|west valley city|provo|west jordan|orem|sandy|ogden|st\\.? george|layton|south jordan|"
        "lehi|millcreek|taylorsville|logan|murray|"
        "draper|bountiful|riverton|herriman|park city|american fork|pleasant grove|cottonwood heights|holladay",
    ),
)
#: The notices are about stem cell therapy; a page that speaks of none owes none.
_STEM_CELLS = re.compile(r"stem[- ]cell|mesenchymal|\bsvf\b|umbilical cord|wharton|placental", re.IGNORECASE)
_FDA = re.compile(r"\bfda\b|f\.d\.a\.|food\s+(?:and|&)\s+drug\s+administration", re.IGNORECASE)
_SENTENCES = re.compile(r"(?<![Uu]\.[Ss]\.)(?<=[.!?])\s+(?=[A-Z\W])|\n")
#: What is not approved may be something else: a sentence about one of these, and no cells, is no notice.
_OTHER = re.compile(r"\b(?:statements?|supplements?|vitamins?|lasers?|devices?|drips?|peptides?|drugs?|medications?)\b")
_CONSULT = re.compile(
    r"(?:consult|talk|speak)\w{0,6}\s(?:with|to)?\s?(?:your|a|their)\s(?:own\s)?(?:primary|personal|family|care)", re.IGNORECASE
)
NEITHER = "A notice, there or not, neither raises nor lowers our verdict."
ADDRESS = "The page names the address “{address}”."
PLACE = "The page names the place “{place}”."
ASKS = "There {citation}{since} asks the practitioners whom it covers for {notice}"
SINCE = " (since {day})"
SINCE_PERHAPS = " (since {day}, which is unconfirmed)"
ALSO_IN_ADVERTISEMENTS = f"{ASKS}, also in advertisements."
PERHAPS_IN_ADVERTISEMENTS = f"{ASKS}. Whether it must stand in advertisements is unconfirmed."
NO_WORDS = "We found no such words in the parts we could read."
WORDS_WITH_ADVICE = "We found such words on the page, with advice to consult one's own doctor."
WORDS_ALONE = "We found words on the page that it is not approved."
UNCONFIRMED = "Unconfirmed: {note}."
SOURCE = "Source: {title}, {url}."
#: An address of any state, by its name or abbreviation and ZIP code; the FDA's own says nothing of a clinic.
_ZIP = re.compile(
    rf"(?:,\s*{lexicon.any_of('place', 'code').upper()}\b\.?|\b(?i:{lexicon.any_of('place', 'state')})),?\s+"
    r"(?!20993)\d{5}(?:-\d{4})?\b"
)
#: What stands before a town in an address: the number and name of a street.
_STREET = re.compile(r"\d{1,5} (?:[\w.'-]{1,20} ){1,4}?[\w.'-]{1,20},? $")
#: Characters before an abbreviation and ZIP code in which the town stands.
_TOWN = 40


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Whether a state's notice was found: the sentence on the address that brought it up, the words found, what to make of it."""

    state: str
    found: bool
    where: str
    quote: str | None
    confirmed: bool
    message: str
    sources: tuple[Source, ...]


def notices(text: str, on: date | None = None, facts: Tables | None = None, *, own: str | None = None) -> tuple[Notice, ...]:
    """Return a notice, found or missing, for each state whose law asks for it and in which the page names an address.

    ``text`` is all readable text of the page, blocks parted by line ends, ``own`` the part of it that is the publisher's own
    and no patient's story, where that is known; ``on`` the day it was read: a law not yet in force that day asks for
    nothing. Nothing is returned for a page without stem cells.
    """
    own = text if own is None else own
    if not _STEM_CELLS.search(text):
        return ()
    rows = (facts or knowledge.tables()).law.rows
    laws = {law.jurisdiction: law for law in rows if law.notice and law.in_advertising is not False}
    lowered = own.lower()
    named = (state for state in STATES if state.code in laws and (state.code in own or state.name.lower() in lowered))
    found = ((laws[state.code], _address(state, own) or _place(state, own)) for state in named)
    return tuple(_notice(law, where, text) for law, where in found if where and _in_force(law, on))


def notes(text: str, on: date | None = None, *, own: str | None = None) -> tuple[Note, ...]:
    """Return the notices as notes for the report."""
    return tuple(
        Note(code="state_notice_found" if notice.found else "state_notice_missing", message=notice.message, quote=notice.quote)
        for notice in notices(text, on, own=own)
    )


def _address(state: AmericanState, text: str) -> str | None:
    """Return the sentence that names the words of an address in the state with its ZIP code."""
    names = rf"(?:{state.code}|{state.name})"
    zips = rf"(?:{state.zips})(?:-\d{{4}})?(?!\d)"
    match = re.search(rf"(?:,[ \t]*|\b(?:{state.towns})\s+){names}\.?[ \t]+{zips}", text, re.IGNORECASE)
    if match is None:
        return None
    town = re.search(r"(?:[A-Z][\w.'-]{0,40} ){0,3}[A-Z][\w.'-]{0,40}\Z", text[max(0, match.start() - _TOWN) : match.start()])
    return ADDRESS.format(address=" ".join(f"{town[0] if town else ''}{match[0]}".split()).lstrip(", "))


def _place(state: AmericanState, text: str) -> str | None:
    """Return the sentence that names a known town with the state's name; beside an address elsewhere, one with a street."""
    is_elsewhere = bool(_ZIP.search(text))
    names = rf"(?:{state.code}|{state.name})"
    for match in re.finditer(rf"\b(?:{state.towns}),?\s+{names}\b(?!\s+\d{{4}}\b)(?!,?\s+D\.?C)", text, re.IGNORECASE):
        if not is_elsewhere or _STREET.search(text, max(0, match.start() - _TOWN), match.start()):
            return PLACE.format(place=" ".join(match[0].split()))
    return None


def _in_force(law: Law, on: date | None) -> bool:
    return on is None or law.effective is None or law.effective <= on.isoformat()


def _notice(law: Law, where: str, text: str) -> Notice:
    quote = _denial(text)
    certain = law.in_advertising is True
    return Notice(
        state=law.jurisdiction,
        found=quote is not None,
        where=where,
        quote=quote,
        confirmed=certain,
        message=" ".join(
            (_asks(law, where, certain), _answer(quote is not None, bool(_CONSULT.search(text))), NEITHER, *_marks(law))
        ),
        sources=law.sources,
    )


def _asks(law: Law, where: str, certain: bool) -> str:
    since = SINCE_PERHAPS if "effective" in law.unconfirmed else SINCE
    since = since.format(day=law.effective) if law.effective else ""
    asks = ALSO_IN_ADVERTISEMENTS if certain else PERHAPS_IN_ADVERTISEMENTS
    return f"{where} {asks.format(citation=law.citation, since=since, notice=law.notice)}"


def _answer(found: bool, consults: bool) -> str:
    if not found:
        return NO_WORDS
    if consults:
        return WORDS_WITH_ADVICE
    return WORDS_ALONE


def _marks(law: Law) -> tuple[str, ...]:
    source = law.source
    marks = (UNCONFIRMED.format(note=law.note),) if law.unconfirmed and law.note else ()
    return (*marks, SOURCE.format(title=source.title, url=source.url)) if source else marks


def _denial(text: str) -> str | None:
    """Return the first sentence that says of the treatment that the FDA has not approved it."""
    return next((said for said in map(str.strip, _SENTENCES.split(text)) if _FDA.search(said) and _denies(said)), None)


def _denies(said: str) -> bool:
    plain = said.lower()
    if _OTHER.search(plain) and not parts.CELLS.search(plain):
        return False
    found = resolve(plain, sells_cells=True)
    return found is not None and found.outcome is Outcome.DENIED

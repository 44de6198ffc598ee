"""Tells what the checker says of a page, in reports always in English, in the reader's language: quotes stay as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from string import Formatter

from checker import engine, knowledge, notes
from checker.approval import notices, products, resolution
from checker.knowledge import enforcement
from checker.page import frames, scripts
from checker.reports import words
from checker.reports.markup import Html, el, inside
from checker.rules.book import RULES
from checker.trials import check, find, lookup, match
from checker.trials.record import STATUSES
from checker.web.speech import say

#: Sentences of which notes, reasons and words on registry numbers are put together.
NOTES = (
    engine.ADDRESS_GIVEN.message,
    engine.PUBLISHER_GIVEN.message,
    engine.ARCHIVED,
    engine.ARCHIVED_SOME_DAY,
    engine.NOT_ASKED,
    engine.NOT_SHOWN,
    engine.TRIED_TOO,
    engine.LITTLE,
    engine.PDF,
    engine.PDF_BARE,
    engine.PICTURES,
    engine.PICTURES_AND_SCRIPTS,
    frames.NOT_READ,
    scripts.RENDERED,
    scripts.SCRIPTED,
    notes.PAIR,
    notes.CONTRADICTION,
    notes.PUBLISHER,
    find.NO_NUMBER,
    knowledge.STALE,
    knowledge.NOT_USED,
    knowledge.NOT_USED_MORE,
    notices.ADDRESS,
    notices.PLACE,
    notices.ALSO_IN_ADVERTISEMENTS,
    notices.PERHAPS_IN_ADVERTISEMENTS,
    notices.NO_WORDS,
    notices.WORDS_WITH_ADVICE,
    notices.WORDS_ALONE,
    notices.NEITHER,
    notices.UNCONFIRMED,
    notices.SOURCE,
    enforcement.PAPER,
    enforcement.PAPER_UNSURE,
    enforcement.CONCERNS,
    enforcement.ENDED,
    enforcement.UNCHECKED,
    *enforcement.NATURE.values(),
    enforcement.TIED,
    enforcement.SOURCE,
)
TRIALS = (
    check.MATCHED,
    check.MISMATCHED,
    check.UNCLEAR,
    check.NO_CLEARANCE,
    check.OTHER_REGISTRY,
    check.MALFORMED,
    check.ALIAS,
    check.LINKED,
    check.STALE,
    lookup.NOT_ASKED,
    lookup.NOT_LOOKED_UP,
    lookup.BAD_COPY,
    lookup.FUTURE,
    lookup.NO_RECORD,
    lookup.TOO_LOW,
    lookup.TOO_HIGH,
    lookup.NOT_IN_COPY,
    lookup.UNAVAILABLE,
    lookup.REFUSED,
    lookup.ANSWERED_NONE,
    *match.CONDITION.values(),
    *match.INTERVENTION.values(),
    *match.SPONSOR.values(),
    *match.STATUS.values(),
    match.STATUS_UNKNOWN,
    *match.FEE.values(),
    *match.REGULATED.values(),
    *words.OUTCOMES.values(),
    words.DIFFERS,
    words.REGISTRY_STATUS,
    words.AS_OF,
)
#: What the name of a rule's exception is told as on the page that says why.
_UNDONE = ("undone by its exception", *sorted({f"undone by {cue}" for rule in RULES for cue in rule.unless_cues}))
REASONS = (
    *dict.fromkeys(rule.message for rule in RULES),
    *dict.fromkeys(rule.why for rule in RULES),
    *resolution.DOES.values(),
    resolution.NOT_CHECKED,
    products.NARROW,
    products.NONE_COVERS,
    products.SAFETY,
    products.KITS,
    products.EXOSOMES,
    products.NERVE_GRAFT,
    *_UNDONE,
)
#: Words of ours that fill a field of a sentence in, by the field; everything else that does is quoted.
FILLINGS: Mapping[str, tuple[str, ...]] = {
    "seen": tuple(notes.SEEN.values()),
    "limit_seen": tuple(notes.SEEN.values()),
    "where": (notes.SAME_STATEMENT, *notes.APART.values()),
    "entries": tuple(notes.ENTRIES.values()),
    "since": (notices.SINCE, notices.SINCE_PERHAPS),
    "firms": (enforcement.NO_FIRM,),
    "problem": (find.LETTERS_MISSING, find.LETTERS_AMONG, find.OTHER_LENGTH, find.NCT_LENGTH),
    "use": (products.SOLD_HERE, products.NERVE_DAMAGE),
    "parts": tuple(words.DIFFERENCES.values()),
    "status": tuple(sorted(status.replace("_", " ").lower() for status in STATUSES)),
}


def _one_of(texts: Iterable[str]) -> str:
    """Return the pattern of any of some words of ours, whatever number or day is in them."""
    return "|".join(re.sub(r"\\\{\w+\\\}", r"[\\d,-]+", re.escape(text)) for text in texts)


#: What parts the fillings of a field of which there are several.
_BETWEEN = {"entries": "; ", "parts": ", "}
#: What may fill a field in, as a pattern, where a quote or a name before it may hold anything.
_MAY_FILL = {
    **{name: _one_of(FILLINGS[name]) for name in ("seen", "limit_seen", "where")},
    "since": f"(?:{_one_of(FILLINGS['since'])})?",
    "count": r"[\d,]+",
    "url": r"\S+",
}
#: Sentences of one note, and fillings of one field: a name that looks like many more of them is one.
MOST_PARTS = 20
#: Characters of a note that is told in another language; what is longer holds a text that only looks for trouble.
LONGEST = 5_000
#: States whose notices are looked for.
_STATES = frozenset(state.code for state in notices.STATES)


@dataclass(frozen=True, kw_only=True)
class Retold:
    """What was said of a page, and the language in which it stands here."""

    text: str
    language: str


def tell(language: str, text: str) -> Retold:
    """Return what the checker said, in a language; in English where a sentence of it is not among ours, or it is very long."""
    if language == "en" or len(text) > LONGEST:
        return Retold(text=text, language="en")
    told = _retold(language, text, templates(), " ")
    return Retold(text=text, language="en") if told is None else Retold(text=told, language=language)


@cache
def templates() -> tuple[str, ...]:
    """Return all sentences of ours, those of the tables of facts too, with the longest first: one may begin as another."""
    return tuple(sorted({*NOTES, *TRIALS, *REASONS, *of_facts()}, key=lambda text: (-len(text), text)))


def of_facts() -> list[str]:
    """Return the sentences that the tables of facts add: what steps do not prove, what official papers said."""
    tables = knowledge.tables()
    papers = [row for row in tables.enforcement.rows if row.may_be_shown]
    said = [text for row in papers for text in (row.said, row.outcome) if text]
    return list(dict.fromkeys([*(row.does_not_prove for row in tables.ladder.rows), *said]))


def of_laws() -> dict[str, tuple[str, ...]]:
    """Return the words of the table of laws that fill sentences on a state's notice in."""
    laws = [law for law in knowledge.tables().law.rows if law.jurisdiction in _STATES and law.notice]
    return {"notice": tuple(law.notice for law in laws if law.notice), "note": tuple(law.note for law in laws if law.note)}


@cache
def _fillings() -> dict[str, tuple[str, ...]]:
    outcomes = tuple(row.outcome for row in knowledge.tables().enforcement.rows if row.may_be_shown and row.outcome)
    return {**FILLINGS, **of_laws(), "outcome": outcomes}


def _retold(language: str, text: str, among: tuple[str, ...], between: str, most: int = MOST_PARTS) -> Html | None:
    """Return a text that is made of some templates, at most so many, in a language; None where it is not."""
    for template in among if most else ():
        beginning, ending = _edges(template)
        if not text.startswith(beginning):
            continue
        for end in _ends(text, between):
            found = _pattern(template).fullmatch(text, 0, end) if text.endswith(ending, 0, end) else None
            if found is None:
                continue
            told = _filled(language, template, found.groupdict())
            rest = text[end + len(between) :]
            after = _retold(language, rest, among, between, most - 1) if rest else Html()
            if after is not None:
                return inside([told, between, after]) if rest else told
    return None


def _ends(text: str, between: str) -> Iterable[int]:
    """Yield the places at which a template may end: before each of the words that part them, and at the end."""
    yield from (place.start() for place in re.finditer(re.escape(between), text))
    yield len(text)


@cache
def _edges(template: str) -> tuple[str, str]:
    """Return the words of a template before its first field and those after its last."""
    return template.partition("{")[0], template.rpartition("}")[2]


@cache
def _pattern(template: str) -> re.Pattern[str]:
    parsed = Formatter().parse(template)
    parts = (re.escape(before) + (f"(?P<{name}>{_MAY_FILL.get(name, '.*?')})" if name else "") for before, name, _, _ in parsed)
    return re.compile("".join(parts), re.DOTALL)


def _filled(language: str, template: str, fields: Mapping[str, str]) -> Html:
    """Return a template in a language with its fields filled in."""
    return inside(
        part
        for before, name, _, _ in Formatter().parse(say(language, template))
        for part in (before, _field(language, name, fields[name]) if name else "")
    )


def _field(language: str, name: str, value: str) -> str:
    """Return what fills a field in: words of ours in a language, all others as they are."""
    ours = _fillings().get(name)
    told = _retold(language, value, ours, _BETWEEN.get(name, "\n"), len(ours)) if ours and value else None
    return told if told is not None else el("span", value, lang="en") if " " in value else value

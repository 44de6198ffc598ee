"""Finds registry numbers and study wording in statements."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import unquote

from checker.trials.record import REGISTRY
from checker.values import Note, Statement

#: Registry, start of its numbers as they are usually written, and how they look in plain lower-case text, white space,
#: hyphens and colons included. The registries are those of WHO's network (ICTRP), with its own universal number.
REGISTRIES: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("ISRCTN", "ISRCTN", re.compile(r"\bisrctn[ :#-]{0,3}(\d{4}[ -]?\d{4})(?!\d)")),
    ("CTIS", "", re.compile(r"(?<![\d-])(20\d{2}-5\d{5}-\d{2}-\d{2})(?![\d-])")),
    ("EudraCT", "", re.compile(r"(?<![\d-])((?:19|20)\d{2}-\d{6}-\d{2})(?:[-/][a-z]{2,3})?(?![\da-z-])")),
    ("ChiCTR", "ChiCTR", re.compile(r"\bchictr[ :#]{0,2}((?:-?[a-z]{2,4}-)?-?\d{8,10})(?!\d)")),
    ("jRCT", "jRCT", re.compile(r"\b(?:jprn-)?jrct[ :#-]{0,2}(s?[a-z]?\d{9,10})(?!\d)")),
    ("UMIN", "UMIN", re.compile(r"\b(?:jprn-)?umin(?:[ -]?ctr)?[ :#-]{0,2}(\d{9})(?!\d)")),
    ("JapicCTI", "JapicCTI-", re.compile(r"\b(?:jprn-)?japiccti[ :#-]{0,2}(\d{6})(?!\d)")),
    ("ACTRN", "ACTRN", re.compile(r"\bactrn[ :#-]{0,3}(\d{14})(?!\d)")),
    ("CTRI", "CTRI/", re.compile(r"\bctri[/ :#-]{0,3}(\d{4}/\d{2,3}/\d{6})(?!\d)")),
    ("IRCT", "IRCT", re.compile(r"\birct[ :#-]{0,2}(\d{8,14}n\d{1,3})(?!\d)")),
    ("DRKS", "DRKS", re.compile(r"\bdrks[ :#-]{0,2}(\d{8})(?!\d)")),
    ("CRIS", "KCT", re.compile(r"\bkct[ :#-]{0,2}(\d{7})(?!\d)")),
    ("PACTR", "PACTR", re.compile(r"\bpactr[ :#-]{0,2}(\d{15,16})(?!\d)")),
    ("TCTR", "TCTR", re.compile(r"\btctr[ :#-]{0,2}(\d{11})(?!\d)")),
    ("SLCTR", "SLCTR/", re.compile(r"\bslctr[/ :#-]{0,2}(\d{4}/\d{3})(?!\d)")),
    ("ReBec", "RBR-", re.compile(r"\brbr[ -]([0-9a-z]{6,8})\b")),
    ("RPCEC", "RPCEC", re.compile(r"\brpcec[ :#-]{0,2}(\d{8})(?!\d)")),
    ("LBCTR", "LBCTR", re.compile(r"\blbctr[ :#-]{0,2}(\d{10})(?!\d)")),
    ("REPEC", "PER-", re.compile(r"\bper-(\d{3}-\d{2})(?![\d-])")),
    ("NTR", "NL-OMON", re.compile(r"\bnl-?omon[ -]?(\d{3,6})(?!\d)")),
    ("NTR", "NTR", re.compile(r"\bntr[ -]?(\d{3,5})(?!\d)")),
    ("UTN", "U1111-", re.compile(r"\bu1111-(\d{4}-\d{4})(?!\d)")),
)
_START = r"(?<![a-z0-9])n[ .-]?c[ .-]?ts?(?:[ .-]?(?:no|nr|num|number|id|identifier))?[ .:#_/–—-]{0,4}"
#: Eight digits in one piece, eight in pieces, and seven whose leading zero was dropped: the registry itself answers to
#: that form (its API resolved NCT4437511 on 2026-10-14).
_NCT = tuple(
    re.compile(_START + end) for end in (r"(\d{8})(?!\d)", r"(\d(?:[ .–-]{0,2}\d){7})(?!\d)", r"([1-9]\d{6})(?![\da-z])")
)
#: The number in the address of its record, or of a search for it; unlike its text an address is written by no hand.
_NCT_IN_ADDRESS = re.compile(r"(?<![a-z0-9])nct(\d{8})(?!\d)")
#: The right beginning with too few or too many digits, or with letters among them ("O" for zero, "XXXXXXXX").
_BROKEN_NCT = re.compile(_START + r"([0-9ox]{4,16})(?![0-9a-z])")
_WITHOUT_LETTERS = re.compile(r"\bclinicaltrials?\.gov\b[^.;]{0,30}?(?<![a-z0-9])(\d{8})(?!\d)")
_BROKEN_OTHER = re.compile(r"\b(isrctn|actrn|drks|chictr|jrct|irct|pactr|tctr|kct|umin)[ :#-]{0,3}(\d{3,20})(?![\da-z])")
#: Two quick looks decide for most statements that no number is in them.
_COUNTED = re.compile(r"\d|[ox]{4}")
_HINT = re.compile(
    r"n[ .-]?c[ .-]?t[ .:#_/a-z–—-]{0,16}[\dox]|clinicaltrial|isrctn|\d{4}-\d{6}-|chictr|jrct|umin|japiccti|actrn|ctri[/ :]|irct"
    r"|drks|kct|pactr|tctr|slctr|rbr[ -]|rpcec|lbctr|per-\d|omon|ntr|u1111"
)
_STUDY = re.compile(
    r"\b(?:join|enrol+(?:ing|ed)?|take part|taking part|participat\w+|part of|conduct\w*|running|run|our|we offer)\b[^.;]{0,40}?"
    r"\b(?:clinical (?:trials?|stud(?:y|ies))|registered (?:trial|study)|research study|irb[- ]approved|our (?:study|trial))\b"
)

NO_NUMBER = "The page speaks of a study of its own but names no registry number in its text that could be looked up."
LETTERS_MISSING = "the letters NCT are missing"
LETTERS_AMONG = "there are letters where digits belong"
OTHER_LENGTH = "numbers of this registry do not have {count} digits"
NCT_LENGTH = "it has {count} digits and should have eight"


class Mention(NamedTuple):
    """A number on the page: its plain form, where it stands in a text, what is wrong with it.

    A ``linked`` one stands in the address of the link whose words are there.
    """

    registry: str
    id: str
    start: int
    end: int
    problem: str | None = None
    linked: bool = False


def mentions(statement: Statement) -> list[Mention]:
    """Return the registry numbers of a statement in reading order, malformed ones too, each place once.

    After them come those that only the addresses of its links hold. Places are offsets in the text of its block.
    """
    found = _said(statement)
    if statement.block.links:
        found += [mention for mention in _linked(statement) if mention.id not in {said.id for said in found}]
    return found


def _said(statement: Statement) -> list[Mention]:
    text = statement.match_text
    if not _COUNTED.search(text) or not _HINT.search(text):
        return []
    found: list[Mention] = []
    for mention in (*_nct(text), *_others(text), *_broken(text)):
        if all(mention.end <= other.start or other.end <= mention.start for other in found):
            found.append(mention)
    found.sort(key=lambda mention: mention.start)
    places = (statement.in_block(mention.start, mention.end) for mention in found)
    return [mention._replace(start=start, end=end) for mention, (start, end) in zip(found, places, strict=True)]


def _linked(statement: Statement) -> Iterator[Mention]:
    """Yield the NCT numbers in the addresses of a statement's links, at the words of the link."""
    for link in statement.block.links:
        start, end = max(link.start, statement.start), min(link.end, statement.end)
        if start < end:
            for number in _NCT_IN_ADDRESS.findall(unquote(link.address).lower()):
                yield Mention(REGISTRY, f"NCT{number}", start, end, linked=True)


def identified(text: str) -> str | None:
    """Return the NCT number that a text is, in plain form; None when it is none."""
    found = list(_nct(text.strip().lower()))
    return found[0].id if found and found[0].end - found[0].start == len(text.strip()) else None


def _nct(text: str) -> Iterator[Mention]:
    for pattern in _NCT:
        for match in pattern.finditer(text):
            yield Mention(REGISTRY, f"NCT{_digits(match.group(1)):0>8}", match.start(), match.end())


def _others(text: str) -> Iterator[Mention]:
    for registry, beginning, pattern in REGISTRIES:
        for match in pattern.finditer(text):
            yield Mention(registry, _canonical(registry, beginning, match.group(1)), match.start(), match.end())


def _canonical(registry: str, beginning: str, rest: str) -> str:
    """Return the number as its registry writes it."""
    rest = unicodedata.normalize("NFKC", rest).replace(" ", "")
    if registry == "ISRCTN":
        rest = rest.replace("-", "")
    if registry == "ChiCTR":
        rest = rest.strip("-")
        return f"{beginning}{'' if rest.isdigit() else '-'}{rest.upper()}"
    return beginning + (rest.lower() if registry in ("jRCT", "ReBec") else rest.upper())


def _broken(text: str) -> Iterator[Mention]:
    for match in _BROKEN_NCT.finditer(text):
        yield Mention(REGISTRY, f"NCT{match.group(1).upper()}", match.start(), match.end(), _nct_problem(match.group(1)))
    for match in _WITHOUT_LETTERS.finditer(text):
        yield Mention(REGISTRY, match.group(1), match.start(1), match.end(1), LETTERS_MISSING)
    for match in _BROKEN_OTHER.finditer(text):
        registry = next(name for name, beginning, _ in REGISTRIES if beginning.lower() == match.group(1))
        problem = OTHER_LENGTH.format(count=len(match.group(2)))
        yield Mention(registry, (match.group(1) + match.group(2)).upper(), match.start(), match.end(), problem)


def _nct_problem(rest: str) -> str:
    if not rest.isdigit():
        return LETTERS_AMONG
    return NCT_LENGTH.format(count=len(rest))


def _digits(text: str) -> str:
    """Return the digits alone, in plain form whatever alphabet they come from."""
    return "".join(str(unicodedata.digit(character)) for character in text if character.isdecimal())


def study_wording(statements: Sequence[Statement]) -> tuple[Note, ...]:
    """Return a note for the first statement that speaks of the publisher's own study without any number on the page."""
    if any(mentions(statement) for statement in statements):
        return ()
    for statement in statements:
        if _STUDY.search(statement.match_text):
            return (Note(code="study_without_number", message=NO_NUMBER, quote=statement.text),)
    return ()

"""Turns statements into one check per registry number, and says which statements a matched trial shields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache

from checker.trials import find, match
from checker.trials.find import Mention
from checker.trials.lookup import Lookup, NotChecked, NotFound
from checker.trials.names import PublisherNames, publisher
from checker.trials.record import REGISTRY, TrialRecord
from checker.trials.result import NEEDED, Fit, RegistryCheck, outcome
from checker.values import Note, Statement, TrialCheck

NO_CLEARANCE = "A listing is no approval and no clearance."
MATCHED = f"{REGISTRY} lists this trial; condition, treatment, sponsor or site and status fit this page. {NO_CLEARANCE}"
MISMATCHED = f"{REGISTRY} lists this trial, but it does not fit this page."
UNCLEAR = f"{REGISTRY} lists this trial, but our data do not tell whether it fits this page."
OTHER_REGISTRY = f"This is a number of {{registry}}, which this version does not look up. {NO_CLEARANCE}"
MALFORMED = "This is no complete number of {registry}: {problem}. It was not looked up."
ALIAS = "The registry lists it as {id}."
LINKED = "The number stands in the address of the link, not in the text."
STALE = f"Our offline copy of {REGISTRY} is of {{date}}, more than a year old; what it says of a trial's status may have changed."
#: Words of taking part in a trial; selling words ("book", "schedule") are none.
_TAKING_PART = re.compile(
    r"\b(?:(?:take|takes|taking) part|participa\w+|enrol\w*|join(?:ing)?\b|volunteer\w*|recruit\w*|eligib\w+|be part of|sign up)"
)
_TRIAL = re.compile(r"\b(?:trials?|stud(?:y|ies))\b|\bnct")
_Cited = Sequence[tuple[Statement, Mention]]


def checks(
    statements: Sequence[Statement], document_title: str | None, url: str | None, organizations: Iterable[str], lookup: Lookup
) -> tuple[RegistryCheck, ...]:
    """Return one check per registry number, in the order in which the numbers first stand on the page.

    ``organizations`` are names that the page's structured data gives its publisher.
    """
    cited: dict[str, list[tuple[Statement, Mention]]] = {}
    for statement in statements:
        first_places = {mention.id: mention for mention in reversed(find.mentions(statement))}
        for mention in reversed(first_places.values()):
            cited.setdefault(mention.id, []).append((statement, mention))
    if not cited:
        return ()
    page = publisher(document_title, url, organizations, statements)
    return tuple(_check(found, document_title, page, lookup) for found in cited.values())


def shield(found: Iterable[RegistryCheck], statements: Sequence[Statement]) -> Mapping[int, str]:
    """Return the statements that a matched trial shields: statement index to registry id.

    A statement counts when it, its block or its nearest heading speaks of taking part in a trial, the trial's number
    stands in one of the three, and the trial covers the conditions and products that the statement names. Approval and
    guarantees are never shielded; that is decided where findings are made.
    """
    matched = {check.id: check.scope for check in found if check.outcome == "matched" and check.scope is not None}
    if not matched:
        return {}
    ids = [{mention.id for mention in find.mentions(statement)} for statement in statements]
    named = _numbers_of_texts(statements, ids)
    speaks = cache(_speaks_of_taking_part)  # many statements share a block and a heading
    shielded: dict[int, str] = {}
    for statement, own in zip(statements, ids, strict=True):
        trials = _taken_part_in(statement, own, named, speaks) & matched.keys()
        covering = [trial for trial in sorted(trials) if match.covered(matched[trial], statement)]
        if covering:
            shielded[statement.index] = covering[0]
    return shielded


def notes(found: Sequence[TrialCheck], lookup: Lookup) -> tuple[Note, ...]:
    """Return what a report says of the look-up itself: an offline copy that cannot be used, or is old where it was relied on."""
    if lookup.online or not any(check.registry == REGISTRY for check in found):
        return ()
    if lookup.problem is not None:
        return (Note(code=lookup.problem.reason, message=lookup.problem.message),)
    copy = lookup.snapshot
    if copy is not None and lookup.stale() and any(check.as_of == copy.meta["as_of"] for check in found):
        return (Note(code="stale_table", message=STALE.format(date=copy.meta["as_of"])),)
    return ()


def _check(cited: _Cited, title: str | None, page: PublisherNames, lookup: Lookup) -> RegistryCheck:
    """Return the check of one number that the page cites."""
    found = _found(cited, title, page, lookup)
    return replace(found, message=f"{LINKED} {found.message}") if found.linked else found


def _found(cited: _Cited, title: str | None, page: PublisherNames, lookup: Lookup) -> RegistryCheck:
    """Return what is known of the number, however the page gives it."""
    plain = _plain(cited)
    mention = cited[0][1]
    if mention.problem is not None:
        return replace(plain, reason="malformed", message=MALFORMED.format(registry=mention.registry, problem=mention.problem))
    if mention.registry != REGISTRY:
        return replace(plain, reason="other_registry", message=OTHER_REGISTRY.format(registry=mention.registry))
    known = lookup.find(mention.id)
    if isinstance(known, NotChecked):
        return replace(plain, reason=known.reason, message=known.message)
    if isinstance(known, NotFound):
        return replace(plain, outcome="not_found", source=known.source, as_of=known.as_of, message=known.message)
    return _judged(plain, known.record, match.judge(known.record, [statement for statement, _ in cited], title, page))


def _plain(cited: _Cited) -> RegistryCheck:
    """Return the check of a number before anything is known of it, at its first place; one in the text is before a link's."""
    statement, mention = min(cited, key=lambda place: place[1].linked)
    return RegistryCheck(
        id=mention.id,
        registry=mention.registry,
        statement=statement,
        start=mention.start,
        end=mention.end,
        outcome="not_checked",
        linked=mention.linked,
    )


def _judged(plain: RegistryCheck, record: TrialRecord, answers: tuple[Fit, ...]) -> RegistryCheck:
    result, mismatch_in = outcome(answers)
    alias = f"{ALIAS.format(id=record.id)} " if record.id != plain.id else ""
    return replace(
        plain,
        outcome=result,
        mismatch_in=mismatch_in,
        registry_status=record.status,
        source=record.source,
        as_of=record.as_of,
        message=alias + _message(result, mismatch_in, answers),
        reason="not_comparable" if result == "not_checked" else None,
        answers=answers,
        scope=match.scope_of(record),
    )


def _message(result: str, mismatch_in: tuple[str, ...], answers: Sequence[Fit]) -> str:
    if result == "matched":
        return MATCHED
    if result == "mismatched":
        whys = [answer.why for answer in answers if answer.question in mismatch_in]
        return " ".join([MISMATCHED, *whys, NO_CLEARANCE])
    whys = [answer.why for answer in answers if answer.question in NEEDED and answer.answer == "unknown"]
    return " ".join([UNCLEAR, *whys, NO_CLEARANCE])


def _numbers_of_texts(statements: Sequence[Statement], ids: Sequence[set[str]]) -> dict[str, set[str]]:
    """Return the numbers in each text that is a block or a heading."""
    named: dict[str, set[str]] = {}
    for statement, own in zip(statements, ids, strict=True):
        named.setdefault(statement.block.text, set()).update(own)
    return named


def _speaks_of_taking_part(text: str) -> bool:
    lower = text.lower()
    return bool(_TAKING_PART.search(lower) and _TRIAL.search(lower))


def _taken_part_in(
    statement: Statement, own: set[str], named: Mapping[str, set[str]], speaks: Callable[[str], bool]
) -> set[str]:
    """Return the numbers named where the statement, its block or its nearest heading speaks of taking part in a trial."""
    heading = statement.block.headings[-1] if statement.block.headings else ""
    if not any(map(speaks, (statement.match_text, statement.block.text, heading))):
        return set()
    return own or named.get(statement.block.text, set()) or named.get(heading, set())

"""Holds a registered trial against the statements that cite it: one answer per question; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from checker.trials import conditions, products
from checker.trials.names import PublisherNames, is_publisher
from checker.trials.record import OPEN, TrialRecord
from checker.trials.result import Fit, Scope
from checker.values import Statement

#: The registry's kind of an intervention, which stands before its name.
_KIND = re.compile(
    r"^(?:Behavioral|Biological|Combination Product|Device|Diagnostic Test|Dietary Supplement|Drug|Genetic|Other|Procedure|"
    r"Radiation): *"
)
LISTED = "The registry lists this number."
#: What is said of each question, by its answer.
CONDITION = {
    True: "The trial is about: {named}.",
    False: "The trial is about: {named}. The page cites it for something else.",
    None: "We cannot tell whether the trial's condition is the one the page speaks of.",
}
INTERVENTION = {
    True: "The trial tests: {named}.",
    False: "The trial tests: {named}. The page cites it for another kind of product.",
    None: "We cannot tell whether the trial tests the kind of product that the page offers.",
}
SPONSOR = {
    True: "The page's publisher is the trial's sponsor or one of its sites.",
    False: "Neither the sponsor nor a site that our copy of the record names is the page's publisher.",
    None: "We cannot tell whether the page's publisher is the sponsor or a site.",
}
STATUS = {
    True: "Its status as of {date} is “{status}”: people can join it, now or soon.",
    False: "Its status as of {date} is “{status}”: it takes nobody new.",
    None: "Our copy does not hold the trial's status.",
}
#: The registry's own word for a record that its sponsor no longer keeps up.
UNKNOWN = "UNKNOWN"
STATUS_UNKNOWN = "Its status as of {date} is “{status}” in the registry: whether it takes anybody new cannot be told."
FEE = {
    True: "The record says that patients pay for taking part.",
    False: "The record does not say that patients pay.",
    None: "Our copy does not hold the text in which a fee would be named.",
}
RESULTS = {
    True: "Results are posted in the registry.",
    False: "No results are posted in the registry.",
    None: "Our copy does not say whether results are posted.",
}
REGULATED = {
    True: "The record calls the product regulated by the FDA.",
    False: "The record says that the FDA does not regulate the product.",
    None: "Our copy does not say whether the FDA regulates the product.",
}
NOT_IN_THE_US = "Our copy names no site in the United States."
_WORD = {True: "yes", False: "no", None: "unknown"}


def judge(record: TrialRecord, cited_by: Sequence[Statement], title: str | None, page: PublisherNames) -> tuple[Fit, ...]:
    """Return the answers for a trial that the registry lists; ``cited_by`` are the statements with its number."""
    return (
        Fit("exists", "yes", LISTED),
        _condition(record, cited_by, title),
        _intervention(record, cited_by, title),
        _sponsor(record, page),
        _status(record),
        _fee(record),
        _results(record),
        _regulated(record),
    )


def _answer(question: str, answer: bool | None, said: Mapping[bool | None, str], **fields: str) -> Fit:
    return Fit(question, _WORD[answer], said[answer].format(**fields))


def _condition(record: TrialRecord, cited_by: Sequence[Statement], title: str | None) -> Fit:
    trial = conditions.of_trial(record.conditions, record.title)
    named = "; ".join(record.conditions[:3]) or record.title
    answer = None if trial is None else _worst(_condition_of(trial, statement, title) for statement in cited_by)
    return _answer("condition", answer, CONDITION, named=named)


def _condition_of(trial: frozenset[str], statement: Statement, title: str | None) -> bool | None:
    """Compare with what the statement names, else with its block and its headings, else with the title.

    A trial that fits the statement's own words is still cited for something else when the nearest text around it sells
    a treatment of nerves and the trial is about none. A title alone speaks against a trial only when it names nerves:
    "Spine and Joint Center" is a clinic's name.
    """
    own = conditions.groups([statement.text])
    near = _first(conditions.groups, (statement.block.text, *_above(statement)))
    far = conditions.groups([title or ""])
    if own:
        nerves = (_first(conditions.groups, _above(statement)) or far) & conditions.NERVE
        borrowed = not trial & conditions.NERVE and conditions.covers_any(trial, nerves) is False
        return False if borrowed else conditions.covers(trial, own)
    answer = conditions.covers_any(trial, near or far)
    return None if answer is False and not near and not far & conditions.NERVE else answer


def _intervention(record: TrialRecord, cited_by: Sequence[Statement], title: str | None) -> Fit:
    tested = products.kinds((*record.interventions, record.title))
    named = "; ".join(_KIND.sub("", text) for text in record.interventions[:3]) or record.title
    answer = _worst(_product_of(tested, statement, title) for statement in cited_by)
    return _answer("intervention", answer, INTERVENTION, named=named)


def _product_of(tested: frozenset[str], statement: Statement, title: str | None) -> bool | None:
    own = products.kinds([statement.text])
    if own:
        return products.covers(tested, own)
    return products.covers_any(tested, _first(products.kinds, (statement.block.text, *_above(statement), title or "")))


def _above(statement: Statement) -> tuple[str, ...]:
    """Return the texts under which a statement's block stands, the nearest first."""
    block = statement.block
    return tuple(text for text in (block.question, block.lead, *reversed(block.headings)) if text)


def _first(read: Callable[[Iterable[str]], frozenset[str]], texts: Iterable[str]) -> frozenset[str]:
    """Return what the first text that names anything names."""
    return next((found for text in texts if (found := read([text]))), frozenset())


def scope_of(record: TrialRecord) -> Scope:
    """Return what a trial covers, for the statements that it may shield."""
    return Scope(
        conditions.of_trial(record.conditions, record.title) or frozenset(), products.kinds((*record.interventions, record.title))
    )


def covered(scope: Scope, statement: Statement) -> bool:
    """Say whether a trial covers every condition and product that a statement itself names."""
    named, offered = conditions.groups([statement.text]), products.kinds([statement.text])
    fits_condition = not named or conditions.covers(scope.conditions, named) is True
    return fits_condition and (not offered or products.covers(scope.products, offered) is True)


def _worst(answers: Iterable[bool | None]) -> bool | None:
    """Return no if any statement does not fit, else yes if one fits; statements that name nothing decide nothing."""
    given = set(answers)
    return False if False in given else True if True in given else None


def _sponsor(record: TrialRecord, page: PublisherNames) -> Fit:
    names = (*([record.sponsor] if record.sponsor else []), *record.sites)
    answer = is_publisher(names, page) if names else None
    if answer is False and is_publisher(record.collaborators, page) is not False:
        answer = None
    return _answer("sponsor_or_site", answer, SPONSOR)


def _status(record: TrialRecord) -> Fit:
    status = (record.status or "").replace("_", " ").lower()
    if record.status == UNKNOWN:
        return Fit("status", _WORD[None], STATUS_UNKNOWN.format(date=record.as_of, status=status))
    answer = None if record.status is None else record.status in OPEN
    return _answer("status", answer, STATUS, date=record.as_of, status=status)


def _fee(record: TrialRecord) -> Fit:
    return _answer("fee", record.fee, FEE)


def _results(record: TrialRecord) -> Fit:
    return _answer("results", record.results, RESULTS)


def _regulated(record: TrialRecord) -> Fit:
    """Ask only of trials with a site in the US: elsewhere the FDA's field does not apply."""
    if "United States" not in record.countries:
        return Fit("regulated", "not_applicable", NOT_IN_THE_US)
    return _answer("regulated", record.regulated, REGULATED)

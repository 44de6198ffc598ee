"""Judges a page's statements: rules and classifier, the findings they make, and why a statement was or was not flagged."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from checker import findings as making
from checker import verdict as judging
from checker.approval import grounding
from checker.claims import scope
from checker.classifier.outputs import OUTPUTS
from checker.rules.book import Book, near_misses
from checker.trials import check as registry
from checker.trials.result import RegistryCheck
from checker.values import MODEL, PROMISES, Document, Explanation, Finding, Label, PageKind, RuleHit, Statement

if TYPE_CHECKING:
    from checker.classifier.model import Array, Classifier


#: A promise from this probability on says of itself that the page's product is in scope.
SURE = 0.8


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """What the classifier says of a page and of its statements, one by one; small enough to be kept beside a report."""

    kind: PageKind
    probabilities: list[dict[str, float]]


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What rules and classifier say of a page; the hits go with its statements one by one.

    ``told`` says that the page is taken as a seller's only because that was said beforehand.
    """

    hits: tuple[tuple[RuleHit, ...], ...]
    opinion: Opinion
    findings: tuple[Finding, ...]
    told: bool = False

    @property
    def selling(self) -> bool:
        """Say whether labels apply to the page."""
        return judging.is_selling(self.opinion.kind, self.findings)


def judge(
    document: Document,
    statements: Sequence[Statement],
    book: Book,
    classifier: Classifier,
    *,
    trials: Sequence[RegistryCheck] = (),
    seller: bool = False,
) -> Judgement:
    """Run rules and classifier over the statements of a page; ``seller`` says that it is known to be a seller's."""
    from checker.classifier.model import named

    hits = _hits(statements, book)
    by_line = classifier.probabilities(classifier.rows(statements, hits))
    kind, reading = classifier.page_kind(statements, hits, by_line)
    seen = by_words(kind, statements, hits, by_line, book)
    kind = replace(seen, provider=max(seen.provider, judging.SURELY_SELLS)) if seller else seen
    may_sell = judging.may_sell(kind)
    probabilities = named(classifier.read(statements, by_line, reading) if may_sell else by_line)
    scored = [making.ScoredStatement(*part) for part in zip(statements, hits, probabilities, strict=True)]
    found = findings_of(document, kind, scored, _basis(statements, trials, book, classifier)) if may_sell else ()
    told = seller and judging.decide(seen, found).publisher is not judging.decide(kind, found).publisher
    return Judgement(hits=hits, opinion=Opinion(kind=kind, probabilities=probabilities), findings=found, told=told)


def findings_of(
    document: Document, kind: PageKind, scored: Sequence[making.ScoredStatement], basis: making.Basis
) -> tuple[Finding, ...]:
    """Return the findings of a page that may sell, those about approval held against the facts; none where it does not."""
    affirming = [MODEL, *(rule.id for rule in basis.book.rules.values() if rule.turns)]
    found = making.make(document, scored, basis)
    found = grounding.ground(found, title=document.title or "", severity=making.SEVERITY, affirming=affirming)
    return found if judging.is_selling(kind, found) else ()


def again(statements: Sequence[Statement], findings: Sequence[Finding], opinion: Opinion, book: Book) -> Judgement:
    """Return what was said of a page from what was kept of it: nothing is read again."""
    return Judgement(hits=_hits(statements, book), opinion=opinion, findings=tuple(findings))


def _hits(statements: Sequence[Statement], book: Book) -> tuple[tuple[RuleHit, ...], ...]:
    return tuple(book.hits(statement) for statement in statements)


def by_words(
    kind: PageKind, statements: Sequence[Statement], hits: Sequence[Sequence[RuleHit]], probabilities: Array, book: Book
) -> PageKind:
    """Return the kind of page with its scope as some words decide it, however short the page is.

    In scope is what is offered in so many words, what a heading names for a condition, where doses of cells are told, and
    where a rule that decides finds approval or cure promised of a named product and the classifier agrees: a seller who
    promises a cure by cells offers them. A page without any word of the field is not in scope.
    """
    promised = any(
        hit.label in PROMISES and book.rules[hit.rule].decides and probabilities[i, OUTPUTS.index(hit.label)] >= SURE
        for i, found in enumerate(hits)
        if found and (scope.names_product(statements[i]) or scope.refers_to_cells(statements[i]))
        for hit in found
    )
    offered = any(scope.offers_product(statement) or scope.counts_cells(statement) for statement in statements)
    if promised or offered or scope.is_headed_by_product(statements):
        return replace(kind, in_scope=max(kind.in_scope, judging.EVEN))
    return kind if scope.speaks_of_treatment(statements) else replace(kind, in_scope=0.0)


def _basis(statements: Sequence[Statement], trials: Sequence[RegistryCheck], book: Book, classifier: Classifier) -> making.Basis:
    """Return what findings rest on, with what is known of the page's registry numbers."""
    unfit = sorted((trial for trial in trials if trial.outcome in ("mismatched", "not_found")), key=_gravity)
    return making.Basis(
        book=book,
        thresholds=classifier.thresholds,
        shields=registry.shield(trials, statements),
        trials={trial.statement.index: trial for trial in unfit},
    )


def _gravity(trial: RegistryCheck) -> tuple[bool, bool]:
    """Return what orders checks by how much they speak against the page: of several in a statement the last is told."""
    return trial.outcome == "not_found", "condition" in trial.mismatch_in


def explain(
    judged: Judgement, statements: Sequence[Statement], position: int, book: Book, classifier: Classifier, *, exact: bool = True
) -> Explanation:
    """Return what led to the labels of the statement at a position, or kept labels away.

    ``exact`` says that it is the statement that was asked for, not the closest one.
    """
    opinion, statement = judged.opinion, statements[position]
    row, thresholds = opinion.probabilities[position], classifier.thresholds
    features = classifier.row(position, statements, judged.hits)
    found = [finding for finding in judged.findings if finding.statement.index == statement.index]
    labels = {finding.label for finding in found}
    selling = judged.selling
    scored = making.ScoredStatement(statement, judged.hits[position], row)
    strongest = max((label.value for label in Label), key=lambda name: row[name])
    return Explanation(
        statement=statement,
        exact=exact,
        kind=opinion.kind,
        selling=selling,
        labels=tuple(finding.label.value for finding in found),
        hits=tuple(hit for hit in scored.hits if _counts(hit.rule, found)),
        near=tuple(miss for miss in near_misses(book, statement) if miss[0] not in making.BY_LOOK_UP),
        probabilities=tuple((name, row[name], thresholds[name]) for name in thresholds if name not in ("own_claim", "seller")),
        dropped=tuple(_dropped(scored, labels, making.rejecting_leads(statements), book, thresholds)) if selling else (),
        features=tuple(classifier.statement.strongest(features, strongest, 10)),
    )


def _counts(rule: str, found: Sequence[Finding]) -> bool:
    """Say whether a rule that fired says anything: those of registry numbers do by what was found in the registry only."""
    return rule not in making.BY_LOOK_UP or any(finding.rule == rule for finding in found)


def _dropped(
    scored: making.ScoredStatement,
    labels: Collection[Label],
    rejecting: Collection[str],
    book: Book,
    thresholds: Mapping[str, float],
) -> Iterator[tuple[str, str]]:
    """Yield the labels for which a rule or the classifier spoke and that did not stay, with what spoke against each."""
    decided = making.decide(scored.hits, scored.row, book, thresholds)
    for label in decided:
        if label not in labels:
            yield label.value, making.against(scored.statement, label, decided, rejecting) or "corrected"
    ruled = {hit.label for hit in scored.hits if book.rules[hit.rule].decides and hit.rule not in making.BY_LOOK_UP}
    for label in Label:
        if label in ruled - set(decided) - set(labels):
            yield label.value, "overruled"


def closest(statements: Sequence[Statement], words: str) -> tuple[int, bool]:
    """Return the position of the statement that holds the words, else of the one that shares most of them."""
    wanted = " ".join(words.lower().split())
    for position, statement in enumerate(statements):
        if wanted in " ".join(statement.text.lower().split()) or wanted in statement.match_text:
            return position, True
    asked = set(wanted.split())
    shared = [len(asked & set(statement.words)) / max(len(asked | set(statement.words)), 1) for statement in statements]
    return max(range(len(statements)), key=shared.__getitem__), False

"""Turns a statement in its page into named features; training and use share this code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from checker.values import Role, RuleHit, Statement, Term

#: What each group adds is measured by `clinic-checker model benchmark`.
GROUPS = ("words", "abstract", "cues", "rules", "form", "topic", "context")

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_ABSTRACT_KINDS = ("treatment", "other_product", "condition", "effect", "authority", "study", "person")
_ABSTRACT = re.compile(r"<[a-z_:]+>|[a-z']+|[0-9]+|[?!%]")
_TOPICS = ("treatment", "other_product", "condition", "effect", "study", "authority", "talk")
_NO_SUBJECT = ("effect", "discourse", "service", "offer_noun")
_PRODUCT_WORD = re.compile(
    r"\b(?:stem|cells?|exosomes?|prp|platelet|regenerati\w+|wharton|cord|amnio\w+|marrow|biologics?|orthobiologics?|svf|adipose|injections?|infusions?)\b"
)
_ANAPHORS = frozenset("it they this these those such its their he she".split())
_STOP = frozenset(
    "a an the of to in and or for on at by is are was were be been it its this that these those with as from".split()
)


class _Marks(dict[tuple[str, str], str]):
    """Makes, once each, what stands for a term: its kind, and its concept where that matters."""

    def __missing__(self, term: tuple[str, str]) -> str:
        kind, concept = term
        mark = f" <{kind}:{concept}> " if kind in ("effect", "authority", "person") else f" <{kind}> "
        self[term] = mark
        return mark


_MARKS = _Marks()


def plain_words(statement: Statement) -> list[str]:
    """Return the statement's words with numbers folded to 0."""
    return ["0" if word[0].isdigit() else word for word in statement.words if word[0].isalnum() or word in "?!%\"'$"]


def of_statement(
    position: int,
    statements: Sequence[Statement],
    hits: Sequence[Sequence[RuleHit]],
    groups: Sequence[str] = GROUPS,
) -> dict[str, float]:
    """Return the features of ``statements[position]``: name to value, all 1.0 but the scaled ones.

    ``hits`` holds the rule hits of each statement, same order. Names start with their group's mark, so
    that an explanation can be read.
    """
    statement = statements[position]
    names: list[str] = ["bias"]
    words = plain_words(statement)
    if "words" in groups:
        names += [f"w:{word}" for word in words]
    if "abstract" in groups:
        names += _ngrams("a", abstract(statement))
    if "cues" in groups:
        names += _cues(statement)
    if "rules" in groups:
        names += [f"rule:{hit.rule}" for hit in hits[position]]
        names += [f"rulelabel:{hit.label.value}" for hit in hits[position]]
    if "form" in groups:
        names += _form(statement, words)
    if "topic" in groups:
        names += _topic(position, statements)
    if "context" in groups:
        names += _context(statement)
    return dict.fromkeys(names, 1.0)


def abstract(statement: Statement) -> list[str]:
    """Return the words with lexicon terms put as <kind:concept>, the skeleton of what is said."""
    spans = sorted(
        (term for term in statement.terms if term.kind in _ABSTRACT_KINDS),
        key=lambda term: (term.start, term.start - term.end),
    )
    parts: list[str] = []
    at = 0
    for term in spans:
        if term.start < at:
            continue
        parts += [statement.match_text[at : term.start], _MARKS[term.kind, term.concept]]
        at = term.end
    return _ABSTRACT.findall(_DIGITS.sub("0", "".join([*parts, statement.match_text[at:]])))


def _tokens(text: str) -> list[str]:
    return re.findall(r"[a-z']+|[0-9]+|[?!%]", _DIGITS.sub("0", text))


def _ngrams(mark: str, words: list[str]) -> list[str]:
    """Return the words and each two neighbours, marked; ^ and $ stand for the ends."""
    pairs = zip(["^", *words], [*words, "$"], strict=True)
    return [f"{mark}:{word}" for word in words] + [f"{mark}:{first} {second}" for first, second in pairs]


def _cues(statement: Statement) -> Iterator[str]:
    effects = [term for term in statement.terms if term.kind == "effect"]
    for cue in statement.cues:
        yield f"cue:{cue.kind}"
        for term in effects:
            if (
                cue.kind in ("negation", "hedge", "goal", "attribution", "comparison")
                and cue.scope_start <= term.start < cue.scope_end
            ):
                yield f"cue:{cue.kind}>{term.concept}"
    kinds = sorted({term.kind for term in statement.terms if term.kind in _ABSTRACT_KINDS})
    yield f"terms:{'+'.join(kinds)}"
    yield from (f"has:{term.kind}:{term.concept}" for term in statement.terms)
    governed = any(
        cue.kind in ("negation", "hedge", "goal") and any(cue.governs(t.start, t.end) for t in effects) for cue in statement.cues
    )
    product = statement.has_term("treatment")
    if effects:
        yield f"effect:{'governed' if governed else 'free'}:{'product' if product else 'none'}"


def _form(statement: Statement, words: list[str]) -> Iterator[str]:
    block = statement.block
    yield f"role:{block.role.value}"
    yield f"zone:{block.zone.value}"
    yield f"length:{min(len(words) // 5, 8)}"
    if statement.text.endswith("?"):
        yield "form:question"
    if statement.text.rstrip("”\"'").endswith("!"):
        yield "form:exclaim"
    if statement.text.endswith(":"):
        yield "form:lead"
    if statement.text[:1] in "\"“'‘":
        yield "form:quoted"
    if statement.start == 0:
        yield "form:first"
    if block.role is Role.HEADING:
        yield f"form:heading{len(block.headings)}"


def _topic(position: int, statements: Sequence[Statement]) -> Iterator[str]:
    """Say what is spoken of: what stands nearest before the effect, and where the product was named last."""
    statement = statements[position]
    terms = [_fine(term) for term in statement.terms if term.kind in _TOPICS]
    kinds = [term.kind for term in terms]
    order = [kind for i, kind in enumerate(kinds) if i == 0 or kinds[i - 1] != kind]
    yield f"order:{'>'.join(order[:4])}"
    for i, kind in enumerate(order[1:], 1):
        yield f"order2:{order[i - 1]}>{kind}"
    for term in terms:
        if term.kind == "effect":
            subject = next((t.kind for t in reversed(terms) if t.end <= term.start and t.kind not in _NO_SUBJECT), "none")
            yield f"subject:{subject}>{term.concept}"
            target = next((t.kind for t in terms if t.start >= term.end and t.kind not in _NO_SUBJECT), "none")
            yield f"frame:{subject}>{term.concept}>{target}"
    state = _state(position, statements)
    yield f"state:{state}"
    yield from (f"{state}:{term.kind}:{term.concept}" for term in terms)
    yield from (f"{state}:{cue.kind}" for cue in statement.cues)
    nearest = {kind: _nearest(kind, position, statements) for kind in ("treatment", "other_product", "condition")}
    for kind, where in nearest.items():
        yield f"near:{kind}:{where}"
    effect = "effect" if "effect" in kinds else "no effect"
    yield f"near:{nearest['treatment']}/{nearest['other_product']}/{effect}"
    if statement.words and statement.words[0] in _ANAPHORS:
        yield f"anaphor:{nearest['treatment']}/{nearest['other_product']}"


def _fine(term: Term) -> Term:
    """Return the term with the kinds of talk told apart."""
    return Term(term.concept, term.concept, term.start, term.end) if term.kind == "talk" else term


def _state(position: int, statements: Sequence[Statement]) -> str:
    """Say what the statement is about: the product (here or carried over), something else, or nothing named."""
    statement = statements[position]
    if statement.has_term("treatment"):
        return "product"
    if statement.has_term("other_product"):
        return "other"
    reference = any(term.concept == "reference" for term in statement.terms) or (
        bool(statement.words) and statement.words[0] in _ANAPHORS
    )
    carried = _nearest("treatment", position, statements)
    if reference:
        return "reference" if carried != "far" else "reference far"
    if statement.block.lead or statement.block.headings:
        above = f"{statement.block.lead or ''} {statement.block.headings[-1] if statement.block.headings else ''}".lower()
        if _PRODUCT_WORD.search(above):
            return "under product"
    return "carried" if carried != "far" else "none"


def _nearest(kind: str, position: int, statements: Sequence[Statement]) -> str:
    """Return where a term of the kind was named last: here, before in the block, in the heading, before, or nowhere near."""
    statement = statements[position]
    if statement.has_term(kind):
        return "here"
    for back in range(1, 4):
        if position - back < 0:
            break
        other = statements[position - back]
        if other.has_term(kind):
            return "block" if other.block is statement.block else "close"
    return "far"


def _context(statement: Statement) -> Iterator[str]:
    block = statement.block
    if block.headings:
        yield from (f"head:{word}" for word in _tokens(block.headings[-1].lower()) if word not in _STOP)
    if block.lead:
        yield "lead"
        yield from (f"lead:{word}" for word in _tokens(block.lead.lower()) if word not in _STOP)
    if block.question:
        yield "answer"
        yield from (f"question:{word}" for word in _tokens(block.question.lower()) if word not in _STOP)
        if statement.start == 0:
            yield f"answer:{statement.words[0]}"

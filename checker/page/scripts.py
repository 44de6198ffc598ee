"""Tells which statements of a rendered page exist without scripts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from checker.page.text import fold
from checker.values import Document, Note, Statement, Visibility

RENDERED = "The page was read in a browser; tabs and folded parts were opened."
SCRIPTED = "{count} of its {known} statements are there only with scripts."


def mark(statements: Sequence[Statement], plain: Document | None, framed: frozenset[int]) -> tuple[Statement, ...]:
    """Return the statements with ``needs_script``: whether the page without scripts, where it is known, lacks them.

    It is not known of blocks in frames, whose indexes are ``framed``. What only search engines see does not count for what
    a visitor sees, and the other way round.
    """
    if plain is None:
        return tuple(statements)
    texts = {unseen: _joined(b.text for b in plain.blocks if _is_unseen(b.visibility) is unseen) for unseen in (True, False)}

    def marked(statement: Statement) -> Statement:
        if statement.block.index in framed:
            return statement
        return replace(statement, needs_script=_padded(statement.text) not in texts[_is_unseen(statement.block.visibility)])

    return tuple(map(marked, statements))


def notes(statements: Sequence[Statement]) -> tuple[Note, ...]:
    """Return what a reader should know of a page that was read in a browser."""
    known = [statement for statement in statements if statement.needs_script is not None]
    if known:
        count = sum(statement.needs_script is True for statement in known)
        return (Note(code="rendered", message=f"{RENDERED} {SCRIPTED.format(count=count, known=len(known))}"),)
    return (Note(code="rendered", message=RENDERED),)


def _is_unseen(visibility: Visibility) -> bool:
    return visibility is Visibility.SEARCH_ENGINE


def _joined(texts: Iterable[str]) -> str:
    return "\n".join(map(_padded, texts))


def _padded(text: str) -> str:
    """Return the text folded, with a space on either side, so that "cure" is not found in "secure"."""
    return f" {fold(text)} "

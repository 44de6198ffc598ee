"""No regular expression of the program takes long on text made to keep it busy."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import re._constants as codes
import re._parser as sre
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import checker

#: Characters of each text, and how many times longer the second is that slow ones are tried on.
LENGTH = 8_000
LONGER = 4
#: Seconds from which a search is looked at closely: most take a tenth of a millisecond.
LONG = 0.003
#: How much more time the longer text may take: 4 is in keeping with its length, 16 with the square of it.
MOST = 9
#: Times that each text is tried when it seems to take too long: for a moment a busy machine takes twenty times as long.
TRIES = 5
#: What keeps patterns busy whatever they look for.
UNITS = [*"aA9 \n.<&(“é\u200b", ", ", "a ", "a.", "a-", "A. ", "<a ", "x\n", "not ", "1,"]
RUNS = ["a", "1", " ", ".", "a."]
#: Used with match or fullmatch only, and so tried from one place; so are the titles of walls.
ANCHORED = frozenset(
    {
        "checker.fingerprint._VISIT",
        "checker.knowledge.rows._DOMAIN",
        "checker.page.archive._MARKUP",
        "checker.page.fetch._DOCUMENT",
        "checker.page.markup._XML_CHARSET",
        "checker.page.markup._XML_START",
        "checker.page.pdf._BULLET",
        "checker.page.readable._BRACES",
        "checker.page.readable._LOADING",
        "checker.scan.sites._LOOKS_LIKE_SITE",
        "checker.scan.sites._SCHEME",
        "checker.web.pasted._HOST",
    }
)
#: Given some thousand characters at most: the start of a page.
BOUNDED = frozenset({"checker.page.markup._COMMENT"})


def patterns(value: Any, name: str, seen: dict[int, Any]) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Yield every compiled pattern in a value with its name: in containers and in objects of ours too."""
    if id(value) in seen:
        return
    seen[id(value)] = value  # kept, so that nothing else gets its number
    if isinstance(value, re.Pattern):
        yield name, value
        return
    parts: list[tuple[object, Any]] = []
    if isinstance(value, Mapping):
        parts = [*value.items()]
    elif isinstance(value, tuple | list | set | frozenset):
        parts = [*enumerate(value)]
        if hasattr(value, "_fields"):
            parts = [*zip(value._fields, value, strict=True)]
    elif is_dataclass(value) and not isinstance(value, type):
        parts = [(field.name, getattr(value, field.name)) for field in fields(value)]
    elif type(value).__module__.startswith("checker."):
        parts = [*(getattr(value, "__dict__", None) or {}).items()]
    for key, part in parts:
        yield from patterns(part, f"{name}.{key}", seen)


def inline(module: str, path: Path) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Yield the patterns that a module hands to a function of ``re`` where it uses them."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)):
            continue
        first = node.args[0] if node.args else None
        is_pattern = isinstance(first, ast.Constant) and isinstance(first.value, str | bytes)
        if node.func.value.id == "re" and node.func.attr not in ("compile", "match", "fullmatch", "escape") and is_pattern:
            yield f"{module}:{node.lineno}", re.compile(first.value)


@cache
def of_the_program() -> dict[str, re.Pattern[Any]]:
    """Return every pattern of the package by its name."""
    from checker.engine import Checker

    seen: dict[int, Any] = {}
    found = dict(patterns(Checker(), "engine", seen))
    for module in pkgutil.walk_packages(checker.__path__, "checker."):
        if not module.name.endswith("__main__"):
            loaded = importlib.import_module(module.name)
            for name, value in list(vars(loaded).items()):
                found.update(patterns(value, f"{module.name}.{name}", seen))
            found.update(inline(module.name, Path(loaded.__file__ or "")))
    unique = {(pattern.pattern, pattern.flags): name for name, pattern in reversed(found.items())}
    return {name: found[name] for name in reversed(unique.values())}


def literals(pattern: re.Pattern[Any]) -> list[str]:
    """Return the longest runs of plain characters that a pattern asks for."""
    runs: set[str] = set()

    def walk(part: Any) -> None:
        run = ""
        for code, argument in part:
            if code is codes.LITERAL:
                run += chr(argument)
                continue
            runs.add(run)
            run = ""
            for inner in argument if isinstance(argument, tuple | list) else (argument,):
                for sub in inner if isinstance(inner, list) else (inner,):
                    if isinstance(sub, sre.SubPattern):
                        walk(sub)
        runs.add(run)

    walk(sre.parse(pattern.pattern, pattern.flags))
    return sorted(filter(None, runs), key=lambda run: (-len(run), run))[:8]


def texts(pattern: re.Pattern[Any], length: int) -> Iterator[Any]:
    """Yield long texts: the usual ones, and those made of the pattern's own words, repeated and before a long run.

    Each ends in a character that no pattern asks for, so that what matched up to there has to go back.
    """
    own = literals(pattern)
    units = dict.fromkeys([*UNITS, *own, *(f"{run} " for run in own), "".join(own) or "-", " ".join(own) + " "])
    made = [(unit * (length // len(unit) + 1))[:length] for unit in units]
    made += [start + run * (length // len(run)) for start, run in product([*own, " ".join(own)], RUNS)]
    made = [f"{text}\x01" for text in made]
    yield from (text.encode("utf-8") if isinstance(pattern.pattern, bytes) else text for text in made)


def timed(search: Callable[[Any], object], text: Any) -> float:
    """Return the processor's seconds for a search."""
    start = time.thread_time()
    search(text)
    return time.thread_time() - start


def grows(search: Callable[[Any], object], text: Any, longer: Any) -> bool:
    """Say whether the longer text takes too much more time.

    A busy machine only ever adds to a time: the shortest of several is the text's own, and one short time of the
    longer text clears the pattern.
    """
    if timed(search, text) <= LONG:
        return False
    took = min(timed(search, text) for _ in range(TRIES))
    return took > LONG and all(timed(search, longer) > MOST * took for _ in range(TRIES))


def slow_text(pattern: re.Pattern[Any], *, anchored: bool = False) -> str | None:
    """Return the beginning of a text for which the search's time grows faster than the text, None without one."""
    search = pattern.fullmatch if anchored else pattern.search
    for text, longer in zip(texts(pattern, LENGTH), texts(pattern, LONGER * LENGTH), strict=True):
        if grows(search, text, longer):
            return repr(text[:40])
    return None


@pytest.mark.parametrize("part", range(4))
def test_no_pattern_s_time_grows_faster_than_the_text(part: int) -> None:
    found = of_the_program()
    assert len(found) > 300 and set(found) >= ANCHORED | BOUNDED
    slow = {}
    for name, pattern in [(name, pattern) for name, pattern in found.items() if name not in BOUNDED][part::4]:
        text = slow_text(pattern, anchored=name in ANCHORED or name.endswith(".titles"))
        if text is not None:
            slow[name] = f"{text} takes too long in {str(pattern.pattern)[:150]}"
    assert slow == {}


@pytest.mark.parametrize("pattern", [r"\s+$", r"\w+@", r"<a [^>]*>x"])
def test_a_pattern_that_takes_long_is_found(pattern: str) -> None:
    assert slow_text(re.compile(pattern)) is not None

"""Turns an element's way down from the root into a CSS path that finds it again."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bs4.element import Tag

#: Steps of a path. An element further down is found by its ancestor at this depth and its own name; without a
#: bound, the paths of a page nested 5,000 levels deep would grow with the square of the depth.
MAX_STEPS = 100

_NAME = re.compile(r"[a-z][a-z0-9-]*")
_IDENT = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
#: Of these a page has one, so that no number is needed; broken pages have more, and those get one.
_SINGLE = frozenset({"html", "head", "body"})


@dataclass(slots=True)
class Path:
    """An element's CSS path; ``child`` makes the paths of its children, which have to be asked for in order."""

    text: str = ""
    steps: int = 0
    anchor: str = ""
    sealed: bool = False
    counts: dict[str, int] = field(default_factory=dict)

    def child(self, tag: Tag, taken: set[str]) -> Path:
        """Return the path of the next child; ``taken`` remembers ids and names that found an element before.

        An id starts a path anew, but a page may use it twice: only the first is found by it.
        """
        name = tag.name
        self.counts[name] = self.counts.get(name, 0) + 1
        self.counts["*"] = self.counts.get("*", 0) + 1
        if self.sealed:
            return self
        key = _key(tag)
        if key and key not in taken:
            taken.add(key)
            return Path(text=key, anchor=key, sealed=name == "template")
        plain = _NAME.fullmatch(name) is not None
        if self.steps >= MAX_STEPS:
            return Path(f"{self.anchor} {name}" if plain else self.anchor, self.steps, self.anchor)
        step = f"{name}:nth-of-type({self.counts[name]})" if plain else f"*:nth-child({self.counts['*']})"
        text = f"{self.text} > {step}" if self.text else step
        # What a template holds is no part of the tree that selectors see: it is found by the template.
        return Path(text, self.steps + 1, text, sealed=name == "template")


def _key(tag: Tag) -> str | None:
    """Return the short selector that finds the element if none before it has the same."""
    if tag.name in _SINGLE:
        return tag.name
    ident = tag.get("id")
    return f"#{ident}" if isinstance(ident, str) and _IDENT.fullmatch(ident) else None

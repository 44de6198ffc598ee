"""Turns a place on a page into an address that leads a browser to it by its words (WICG Scroll-to-Text-Fragment).

A browser goes to the first place where the words stand; words around them say which place is meant. It finds no words
across the end of a line or of an element, so what goes on there is named by its first and its last words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urldefrag

from checker.values import APART, Report, SearchedText, TextBlock, Visibility, as_searched

#: A longer text is named by its first and its last words; so many words say what stands around it.
WORDS = 6
#: Characters in which a word and the words around it have to lie; text without any space in it has no link.
_REACH = 400
#: Places with the same words that are looked at; a page that repeats itself more often leads to none.
_PLACES = 100


@dataclass(frozen=True, kw_only=True)
class Directive:
    """The parts of a text fragment; an empty one is left out."""

    prefix: str
    start: str
    end: str
    suffix: str

    def __str__(self) -> str:
        parts = (self.prefix and f"{_encoded(self.prefix)}-", _encoded(self.start), _encoded(self.end))
        return ",".join(filter(None, (*parts, self.suffix and f"-{_encoded(self.suffix)}")))

    def place(self, plain: str) -> int | None:
        """Return where a browser finds it first in a text `as_searched`, None where it does not or too many are alike."""
        prefix, start, suffix = map(as_searched, (self.prefix, self.start, self.suffix))
        at = plain.find(start)
        for _ in range(_PLACES):
            if at < 0:
                return None
            if _ends_with(plain, at, prefix) and self._goes_on(plain, at + len(start), suffix):
                return at
            at = plain.find(start, at + 1)
        return None

    def _goes_on(self, plain: str, at: int, suffix: str) -> bool:
        """Say whether the end follows, with the suffix behind it."""
        if not self.end:
            return _begins_with(plain, at, suffix)
        end = as_searched(self.end)
        for _ in range(_PLACES):
            at = plain.find(end, at)
            if at < 0:
                return False
            at += len(end)
            if _begins_with(plain, at, suffix):
                return True
        return False


def address(report: Report, block: TextBlock, start: int, end: int) -> str | None:
    """Return the report's address with what leads to ``block.text[start:end]``; None where no browser would show it.

    That is without an address, for what no visitor sees, and where the same words stand before with the same around them.
    """
    if report.final_url is None or not block.is_searched or block.visibility is Visibility.SEARCH_ENGINE:
        return None
    searched = report.searched if block.index in report.searched.begins else SearchedText((block,))
    begin, plain_begin = searched.begins[block.index]
    spans = ((begin + start, begin + end), (begin, begin + len(block.text)))
    for directive, place in (each for span in spans for each in _directives(searched.text, *span)):
        if directive.place(searched.plain) == plain_begin + len(as_searched(searched.text[begin:place])):
            return f"{urldefrag(report.final_url).url}#:~:text={directive}"
    return None


def _directives(text: str, start: int, end: int) -> Iterator[tuple[Directive, int]]:
    """Yield what names a stretch of whole words, with its place: alone, then by the words before, behind, and both."""
    start, end = _word_start(text, start), _word_end(text, end)
    lines = text[start:end].split("\n")
    first, last = lines[0].split(" ", 2 * WORDS), lines[-1].rsplit(" ", WORDS)  # a block may hold a hundred thousand words
    is_short = len(lines) == 1 and len(first) <= 2 * WORDS
    begin = lines[0] if is_short else " ".join(first[:WORDS])
    finish = "" if is_short else " ".join(last[-WORDS:])
    if len(begin) > _REACH or len(finish) > _REACH:
        return
    before, after = _before(text, start), _after(text, end)
    for prefix, suffix in dict.fromkeys((("", ""), (before, ""), ("", after), (before, after))):
        yield Directive(prefix=prefix, start=begin, end=finish, suffix=suffix), start


def _word_start(text: str, at: int) -> int:
    reach = max(at - _REACH, 0)
    return max(text.rfind(" ", reach, at), text.rfind("\n", reach, at), reach - 1) + 1


def _word_end(text: str, at: int) -> int:
    ends = (text.find(space, at, at + _REACH) for space in " \n")
    return min((end for end in ends if end >= 0), default=min(at + _REACH, len(text)))


def _before(text: str, at: int) -> str:
    """Return the last words before a place, of the line that it stands in or of the one before."""
    reach = text[max(at - _REACH, 0) : at].rstrip()
    _, stop, line = reach.rpartition("\n")
    words = line.split(" ") if stop or at <= _REACH else line.split(" ")[1:]
    return "" if APART in words else " ".join(words[-WORDS:])


def _after(text: str, at: int) -> str:
    """Return the first words behind a place, of the line that it stands in or of the next one."""
    reach = text[at : at + _REACH].lstrip()
    line, stop, _ = reach.partition("\n")
    words = line.split(" ") if stop or at + _REACH >= len(text) else line.split(" ")[:-1]
    return "" if APART in words else " ".join(words[:WORDS])


def _ends_with(plain: str, at: int, prefix: str) -> bool:
    return plain[max(at - len(prefix) - 1, 0) : at].rstrip().endswith(prefix)


def _begins_with(plain: str, at: int, suffix: str) -> bool:
    return plain[at : at + len(suffix) + 1].lstrip().startswith(suffix)


def _encoded(text: str) -> str:
    return quote(text, safe="", errors="replace").replace("-", "%2D")

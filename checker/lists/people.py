"""Masks the texts of findings and pages for lists across sites, unless names were asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote

from checker.lists.masking import mask
from checker.store.rows import FindingRow, PageRow
from checker.values import Label, Zone

_WORD = re.compile(r"[^\W_]{2,}")
#: Takes a finding and returns the one to show.
Show = Callable[[FindingRow], FindingRow]


def is_story(finding: FindingRow) -> bool:
    """Say whether a finding stands in a patient's story, where more names are masked."""
    return finding.label == Label.TESTIMONIAL or finding.zone == Zone.TESTIMONIAL


def shown(finding: FindingRow) -> FindingRow:
    """Return a finding with its statement, quote, context and note masked, and without a fragment that holds a name."""
    story = is_story(finding)

    def masked(text: str) -> str:
        return mask(text, story=story)

    return replace(
        finding,
        statement=masked(finding.statement),
        quote=masked(finding.quote),
        context=tuple(map(masked, finding.context)),
        note=masked(finding.note) if finding.note else finding.note,
        css_path="" if _names(finding, masked) else finding.css_path,
        fragment=finding.fragment if all(masked(said) == said for said in _said(finding.fragment or "")) else None,
    )


def _names(finding: FindingRow, masked: Callable[[str], str]) -> bool:
    """Say whether the element's path holds a word that is masked in the finding: "#dr-jane-doe"."""
    texts = (finding.statement, *finding.context)
    hidden = {word for text in texts for word in _words(text) - _words(masked(text))}
    return not hidden.isdisjoint(_words(finding.css_path))


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def _said(fragment: str) -> list[str]:
    """Return the words that stand in a text fragment, part by part."""
    return [unquote(part.strip("-")) for part in fragment.partition("=")[2].split(",")]


def shown_page(page: PageRow) -> PageRow:
    """Return a page with its title and its notes masked."""
    notes = tuple((code, mask(message)) for code, message in page.notes)
    return replace(page, title=mask(page.title) if page.title else page.title, notes=notes)


def as_it_is(finding: FindingRow) -> FindingRow:
    """Return a finding with its names."""
    return finding

"""Lays the page's own text out as HTML, block by block, with pencil marks and a note beside each mark."""

from __future__ import annotations

from collections.abc import Iterable

from checker.reports import choose, sentences, words
from checker.reports.links import UNSEEN, link, to_quote
from checker.reports.marks import Span, marked
from checker.reports.markup import Html, el, inside, joined, section
from checker.values import Finding, Report, Role, TextBlock, Visibility, Zone

#: Characters of an unseen block that may share a line.
SHORT = 60
_QUIET_ZONES = frozenset({Zone.NAVIGATION, Zone.HEADER, Zone.FOOTER, Zone.FORM})
_INLINE_ROLES = frozenset({Role.LINK, Role.BUTTON})
#: Roles that the layout shows without a word.
_PLAIN = frozenset({Role.PARAGRAPH, Role.HEADING, Role.LIST_ITEM, Role.TABLE_CELL, Role.LINK, Role.PDF})


def paper(report: Report) -> Html:
    """Return the page's text block by block, each beside the notes on it."""
    by_block = choose.by_block(report)
    blocks = {f.statement.block.index: f.statement.block for f in report.findings} | {b.index: b for b in report.blocks}
    if not blocks:
        return Html()
    told: dict[str, int] = {}
    ordered = [blocks[index] for index in sorted(blocks)]
    rows = [
        _row(report, block, by_block.get(block.index, []), told, kind_of(block, before, block.index in by_block))
        for before, block in zip([None, *ordered], ordered, strict=False)
    ]
    return section("page" if report.findings else "text", _legend(report), el("div", *rows, class_="paper"), class_="wide")


def _legend(report: Report) -> Html:
    used = {words.FAMILY_OF[finding.label] for finding in report.findings}
    items = [el("li", el("span", text, class_=f"m {family}")) for family, (text, _) in words.FAMILIES.items() if family in used]
    return el("div", el("p", words.LEGEND), el("ul", *items), class_="legend") if items else Html()


def _row(report: Report, block: TextBlock, found: list[choose.Numbered], told: dict[str, int], kind: str) -> Html:
    spans = [Span(f.start, f.end, number + 1, words.FAMILY_OF[f.label], words.LABELS[f.label]) for number, f in found]
    label = el("small", kind, class_="kind") if kind else ""
    said = el("div", el("p", marked(block.text, spans)), class_=f"said {said_class(block)}")
    notes = [_margin(report, number, finding, told) for number, finding in found]
    return inside([label, el("div", said, el("ul", *notes, class_="margin") if notes else "", class_=row_class(block, found))])


def kind_of(block: TextBlock, before: TextBlock | None, has_notes: bool, say: sentences.Say = str) -> str:
    """Return what a block is where the layout does not show it, once for a run of blocks of one kind."""
    kind = sentences.place(block, say)
    is_odd = block.visibility is not Visibility.SHOWN or block.role not in _PLAIN or (has_notes and block.zone is not Zone.MAIN)
    ends_odd = before is not None and before.visibility is not Visibility.SHOWN
    is_new = before is None or sentences.place(before, say) != kind
    return kind if is_new and (is_odd or ends_odd) else ""


def said_class(block: TextBlock) -> str:
    """Return the style class of a block's words."""
    quiet = " quiet" if block.zone in _QUIET_ZONES or block.visibility in UNSEEN else ""
    return f"{block.role.value.replace('_', '-')}{quiet}"


def row_class(block: TextBlock, found: Iterable[choose.Numbered]) -> str:
    """Return the style classes of a block with its notes."""
    labels = {finding.label for _, finding in found}
    limited = " limited" if labels & set(choose.CAREFUL) else ""
    return f"row{limited}{'' if labels or not _flows(block) else ' inline'}"


def _flows(block: TextBlock) -> bool:
    """Say whether a block without notes stands in one line with its like: menus, links, short data for machines."""
    is_data = block.visibility in UNSEEN and len(block.text) <= SHORT
    return block.role in _INLINE_ROLES or block.zone is Zone.NAVIGATION or is_data


def _margin(report: Report, number: int, finding: Finding, told: dict[str, int]) -> Html:
    """Return the note on a finding; what is known is told at the first note (``told``) and then referred to."""
    note = str(number + 1)
    title, does, known = sentences.noted(finding)
    first = told.setdefault(known, number + 1)
    is_first = first == number + 1
    earlier = Html() if is_first else el("a", words.SAME_WHY.format(number=first), href=f"#n{first}")
    return el(
        "li",
        el("p", el("a", note, href=f"#q{note}", class_="number"), " ", el("b", title)),
        el("p", does) if does else "",
        el("p", known, *_citations(report, finding)) if is_first else "",
        el("p", *joined([earlier, *_facts(finding), to_quote(report, finding)]), class_="facts"),
        id=f"n{note}",
    )


def _citations(report: Report, finding: Finding) -> list[str]:
    """Return links to the entries of the list of sources."""
    listed = choose.sources(report.findings)
    numbers = sorted(listed.index(source) + 1 for source in finding.sources)
    links = joined((el("a", str(number), href=f"#s{number}") for number in numbers), ", ")
    return [" [", *links, "]"] if links else []


def _facts(finding: Finding) -> list[str]:
    strength = [words.STRENGTHS[finding.strength]] if finding.strength else []
    return [sentences.decided_by(finding), *strength, *sentences.doubts(finding)]


def bibliography(report: Report) -> Html:
    """Return every source once, numbered as the notes cite them."""
    found = choose.sources(report.findings)
    items = [
        el("li", link(source.url, source.title), f", {source.date}", id=f"s{number}") for number, source in enumerate(found, 1)
    ]
    return section("sources", el("ol", *items, class_="bibliography")) if items else Html()

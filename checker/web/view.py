"""Turns a report into what its page shows, in the reader's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property, partial

from checker import knowledge
from checker.reports import choose, links, paper, sentences, words
from checker.reports.html import FIRST_CAREFUL, LONG_QUOTE, LONG_STATEMENT
from checker.reports.marks import Span, marked
from checker.values import Finding, Label, Report, Source, TextBlock, TrialCheck
from checker.web import given, pasted, retold, speech, told
from checker.web.retold import Retold
from checker.web.shown import Mark, Quote, ShownBlock, Trial

#: Blocks of the page's text that are shown; the downloaded report holds all.
MOST_BLOCKS = 1_500
#: Notes beside one statement at the top.
MOST_NOTES = 2
#: Words of a block that can be asked about.
FEWEST_WORDS = 3
#: Codes of notes that say what was not looked at; the others say what is worth knowing.
_UNLOOKED = frozenset("not_looked_at not_visited pdf render_failed facts_not_checked stale_facts stale_table".split())
_ACTION = "official_action"
#: The address of a frame stands at the end of its note.
_FRAME = "frame_not_read"
#: What was not read and is told under the headline, by the code of the note on it.
LEFT_OUT = {**given.LEFT_OUT, _FRAME: "A part of this page is in a frame. We did not read that part."}


class View:
    """Everything that a report's page shows; ``show`` leaves only blocks with findings of one label."""

    def __init__(self, report: Report, language: str, show: Label | None = None) -> None:
        self.report = report
        self.say = partial(speech.say, language)
        self.tell = partial(retold.tell, language)
        self.language = language
        self.show = show

    @property
    def headline(self) -> tuple[str, str]:
        """The sentence that says first what the page promises, and those that follow it."""
        first, stop, rest = sentences.headline(self.report, self.say).partition(". ")
        return f"{first}." if stop else first, rest

    @cached_property
    def strongest(self) -> list[Quote]:
        """The three statements that matter most."""
        seen: set[Label] = set()
        return [self.quote(number, finding, seen) for number, finding in choose.strongest(self.report)]

    @property
    def careful(self) -> list[Quote]:
        """The first hedged and limiting statements."""
        return [self.quote(number, finding) for number, finding in choose.careful(self.report, FIRST_CAREFUL)]

    @property
    def leans(self) -> list[tuple[str, told.Fact | None, list[Quote]]]:
        """What the page leans on, regulators and science: what that means, and the first quotes."""
        return [
            (self.say(words.LABELS[label]), told.of_label(label, self.language), [self.quote(*numbered) for numbered in found])
            for label, found in choose.leaning(self.report)
        ]

    @property
    def trials(self) -> list[Trial]:
        """The registry numbers."""
        return [self._trial(check) for check in self.report.trials]

    @property
    def actions(self) -> list[tuple[Retold, str]]:
        """Official actions against the site, each with the address of its source, which stands at the end of the note."""
        found = (note.message.rpartition(" ") for note in self.report.notes if note.code == _ACTION)
        return [(self.tell(text), address) for text, _, address in found]

    @property
    def moved(self) -> tuple[str, str] | None:
        """The host of the address that was given and that of the page it led to, where they are not the same."""
        asked, read = (pasted.host(address or "") for address in (self.report.source, self.report.final_url))
        return (asked, read) if links.is_web(self.report.source) and read and asked != read else None

    @property
    def left_out(self) -> dict[str, list[str]]:
        """What was not read though it came along or is a part of the page, each with the addresses that can be checked."""
        said: dict[str, list[str]] = {}
        for note in self.report.notes:
            if note.code in LEFT_OUT:
                address = note.message.rpartition(" ")[2] if note.code == _FRAME else note.quote
                said.setdefault(self.say(LEFT_OUT[note.code]), []).extend([address] if address else [])
        return said

    @property
    def unlooked(self) -> list[Retold]:
        """What could not be looked at."""
        return [self.tell(note.message) for note in self.report.notes if note.code in _UNLOOKED]

    @property
    def worth_knowing(self) -> list[tuple[Retold, str]]:
        """The other notes, each with its quote."""
        others = (note for note in choose.notes(self.report) if note.code not in {*_UNLOOKED, *LEFT_OUT, _ACTION})
        return [(self.tell(note.message), sentences.note_quote(note)) for note in others]

    @property
    def technical(self) -> list[Retold]:
        """How the page was fetched."""
        return [self.tell(note.message) for note in choose.notes(self.report, technical=True)]

    @property
    def is_judged(self) -> bool:
        """Say whether the page's statements were judged."""
        return self.report.verdict.level not in choose.UNJUDGED

    @property
    def questions(self) -> list[str]:
        """The questions that the findings call for."""
        return sentences.questions(self.report, self.say)

    @property
    def agencies(self) -> list[told.Agency]:
        """Where the page can be reported; nothing where there is nothing to report."""
        return told.agencies(self.language) if self.strongest else []

    @property
    def method(self) -> list[str]:
        """How the page was judged."""
        return [self.say(text) for text in sentences.method(self.report)]

    @property
    def counts(self) -> list[tuple[Label, str, int]]:
        """How many findings each label has, in the order of the groups."""
        counted = Counter(finding.label for finding in self.report.findings)
        return [(label, self.say(title), counted[label]) for label, title in words.LABELS.items() if counted[label]]

    @property
    def legend(self) -> list[tuple[str, str]]:
        """The families of marks that the page uses, with what each means."""
        used = {words.FAMILY_OF[finding.label] for finding in self.report.findings}
        return [(family, self.say(text)) for family, (text, _) in words.FAMILIES.items() if family in used]

    @cached_property
    def rows(self) -> list[ShownBlock]:
        """The page's text block by block, each with the notes on it."""
        by_block = choose.by_block(self.report)
        blocks = self.report.blocks
        if self.show is not None:
            shown = {f.statement.block.index for f in self.report.findings if f.label is self.show}
            blocks = tuple(block for block in blocks if block.index in shown)
        before: list[TextBlock | None] = [None, *blocks]
        pairs = zip(before, blocks[:MOST_BLOCKS], strict=False)
        return [self._row(block, earlier, by_block.get(block.index, [])) for earlier, block in pairs]

    @property
    def is_cut(self) -> bool:
        """Say whether the page's text is longer than what is shown."""
        return len(self.report.blocks) > MOST_BLOCKS

    def quote(self, number: int, finding: Finding, seen: set[Label] | None = None) -> Quote:
        """Return the statement of a finding; ``seen`` collects the kinds that have been explained."""
        seen = set() if seen is None else seen
        statement = finding.statement
        found = [(number, finding), *choose.beside(self.report, finding)]
        start, end = statement.start, statement.end
        if end - start > LONG_STATEMENT:
            start, end = finding.start, min(finding.end, finding.start + LONG_QUOTE)
        spans = [self._span(f, n, start) for n, f in found]
        return Quote(
            number=number + 1,
            marked=marked(statement.block.text[start:end], spans, anchors=False),
            whole=sentences.shortened(statement.text, LONG_QUOTE),
            words=sentences.shortened(finding.quote, LONG_QUOTE),
            opening=sentences.shortened(finding.quote, links.NAME_LENGTH),
            place=sentences.place_of(statement, self.say),
            around=tuple(sentences.context(statement, self.say)),
            link=links.address_of_quote(self.report, finding),
            below=self._below(number, finding),
            also=tuple(sentences.also(found[MOST_NOTES:], self.say)),
            notes=_once([self._mark(*numbered, seen) for numbered in found[:MOST_NOTES]]),
        )

    def _below(self, number: int, finding: Finding) -> str:
        """Return the address of a finding's mark in the page's text, among all blocks; "" where the text is cut before it."""
        shown = self.report.blocks[:MOST_BLOCKS]
        if not shown or finding.statement.block.index > shown[-1].index:
            return ""
        return f"?lang={self.language}#q{number + 1}" if self.show else f"#q{number + 1}"

    def _span(self, finding: Finding, number: int, begin: int = 0) -> Span:
        """Return the mark of a finding in a text that begins at this character of its block."""
        family, said = words.FAMILY_OF[finding.label], self.say(words.LABELS[finding.label])
        return Span(finding.start - begin, finding.end - begin, number + 1, family, said)

    def _mark(self, number: int, finding: Finding, seen: set[Label]) -> Mark:
        first = finding.label not in seen
        seen.add(finding.label)
        row = knowledge.tables().known_of(finding.label)
        return Mark(
            number=number + 1,
            does=self.say(words.LABELS[finding.label]),
            known=told.of_label(finding.label, self.language),
            why=self.tell(finding.why),
            decided=sentences.decided_by(finding, self.say),
            doubts=tuple(sentences.doubts(finding, self.say)),
            aside=tuple(sentences.aside(finding, row.text if row else "", self.say)),
            sources=finding.sources,
            link=links.address_of_quote(self.report, finding),
            first=first,
        )

    def _trial(self, check: TrialCheck) -> Trial:
        block = check.statement.block
        return Trial(
            id=check.id,
            registry=check.registry,
            quote=block.text[check.statement.start : check.statement.end] or check.statement.text,
            place=sentences.place_of(check.statement, self.say),
            outcome=self.say(words.OUTCOMES.get(check.outcome, "")),
            lines=tuple(map(self.tell, sentences.trial(check))),
            source=check.source if links.is_web(check.source) else None,
        )

    def _row(self, block: TextBlock, before: TextBlock | None, found: Sequence[choose.Numbered]) -> ShownBlock:
        spans = [self._span(finding, number) for number, finding in found]
        return ShownBlock(
            index=block.index,
            text=marked(block.text, spans),
            opening=sentences.shortened(block.text, links.NAME_LENGTH),
            short=len(block.text.split()) < FEWEST_WORDS,
            kind=paper.kind_of(block, before, bool(found), self.say),
            css=paper.row_class(block, found),
            said=f"said {paper.said_class(block)}",
            notes=tuple(self._mark(number, finding, set()) for number, finding in found),
        )


def _once(notes: Sequence[Mark]) -> tuple[Mark, ...]:
    """Return the notes of a card with each source at its first place only: those in sight first, then those folded away."""
    kept: list[Source] = []
    known = [note.known.sources if note.first and note.known else () for note in notes]
    shown = [_new(sources[:1], kept) for sources in known]
    further = [_new((*note.sources, *sources[1:]), kept) for note, sources in zip(notes, known, strict=True)]
    return tuple(replace(note, shown=one, further=other) for note, one, other in zip(notes, shown, further, strict=True))


def _new(sources: Iterable[Source], kept: list[Source]) -> tuple[Source, ...]:
    """Return the sources whose address is not among those kept, and keep them."""
    addresses = {source.url for source in kept}
    found = {source.url: source for source in sources if source.url not in addresses}
    kept += found.values()
    return tuple(found.values())

"""The values that pass between stages: frozen, keyword-only, tuples inside, versions as a mapping; standard library only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple, Protocol


class Label(StrEnum):
    """What a statement says about the product offered (the claim labels of the taxonomy)."""

    FDA_APPROVED = "fda_approved"
    FDA_HALO = "fda_halo"
    CURE = "cure"
    BENEFIT = "benefit"
    HEDGED_BENEFIT = "hedged_benefit"
    SUCCESS_RATE = "success_rate"
    SAFETY = "safety"
    TESTIMONIAL = "testimonial"
    SCIENCE_HALO = "science_halo"
    REPLACES_CARE = "replaces_care"
    PRESSURE = "pressure"
    DISCLAIMER = "disclaimer"


PROMISES = frozenset({Label.FDA_APPROVED, Label.CURE})
CAUTIONS = frozenset(
    {
        Label.BENEFIT,
        Label.SUCCESS_RATE,
        Label.SAFETY,
        Label.TESTIMONIAL,
        Label.SCIENCE_HALO,
        Label.FDA_HALO,
        Label.REPLACES_CARE,
    }
)
#: What says of the treatment that it works, is safe or is backed; the other labels are limits and pressure.
CLAIMS = PROMISES | CAUTIONS


class VerdictLevel(StrEnum):
    """What the page as a whole is, the first that holds (taxonomy, "Page labels")."""

    COULD_NOT_READ = "could_not_read"
    TRIAL = "trial"
    INFORMATIONAL = "informational"
    OUT_OF_SCOPE = "out_of_scope"
    ALARM = "alarm"
    ALARM_OTHER = "alarm_other"
    CAUTION = "caution"
    CAREFUL = "careful"


#: Of the verdicts of a site's pages the first of these is the site's; a page that was not read says nothing of it.
STRONGEST_FIRST = (
    VerdictLevel.ALARM,
    VerdictLevel.ALARM_OTHER,
    VerdictLevel.CAUTION,
    VerdictLevel.CAREFUL,
    VerdictLevel.OUT_OF_SCOPE,
    VerdictLevel.TRIAL,
    VerdictLevel.INFORMATIONAL,
)
FLAGGED = frozenset({VerdictLevel.ALARM, VerdictLevel.ALARM_OTHER, VerdictLevel.CAUTION})
#: What a finding names as its rule, or among those that say the same, where the classifier found it.
MODEL = "model"
#: What a report's versions call a way of checking, by whether it is thorough.
READINGS = {False: "quick", True: "thorough"}


class Publisher(StrEnum):
    """Who speaks: somebody who sells or offers the treatment, or anybody else."""

    PROVIDER = "provider"
    THIRD_PARTY = "third_party"


class Severity(StrEnum):
    """How much a finding matters to a reader, apart from how sure we are of it."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


class Strength(StrEnum):
    """How much is promised, weakest first; the order of definition is the order of the scale."""

    RELIEVES = "relieves"
    IMPROVES = "improves"
    REPAIRS = "repairs"
    REVERSES = "reverses"
    CURES = "cures"
    GUARANTEED = "guaranteed"


class Role(StrEnum):
    """What kind of element a block is."""

    TITLE = "title"
    META = "meta"
    OPEN_GRAPH = "open_graph"
    JSON_LD = "json_ld"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_CELL = "table_cell"
    BUTTON = "button"
    LINK = "link"
    ALT = "alt"
    CAPTION = "caption"
    SUMMARY = "summary"
    NOSCRIPT = "noscript"
    PDF = "pdf"


#: Roles of what no search on the page finds: it stands in attributes, or where scripts do not run.
NOT_ON_PAGE = frozenset({Role.TITLE, Role.META, Role.OPEN_GRAPH, Role.JSON_LD, Role.ALT, Role.NOSCRIPT})


class Zone(StrEnum):
    """Which part of the page a block stands in."""

    MAIN = "main"
    TESTIMONIAL = "testimonial"
    FAQ = "faq"
    PRICING = "pricing"
    DISCLAIMER = "disclaimer"
    NAVIGATION = "navigation"
    HEADER = "header"
    FOOTER = "footer"
    SIDEBAR = "sidebar"
    POPUP = "popup"
    FORM = "form"


class Visibility(StrEnum):
    """Who sees a block without doing anything."""

    SHOWN = "shown"
    BEHIND_CLICK = "behind_click"
    HIDDEN = "hidden"
    SEARCH_ENGINE = "search_engine"


@dataclass(frozen=True, kw_only=True)
class Page:
    """A source as it was read: the evidence.

    ``body`` holds the bytes after decompression, ``sha256`` their hex digest, ``charset`` what the
    transport said of their encoding; ``final_url`` is null for files and standard input. ``robots`` is
    "obeyed" or "not_asked" for a page that was fetched. A page that a browser rendered has ``rendered`` set, and
    ``plain`` is the same page as it came without scripts, where that is known; ``not_shown`` says why a browser that was to
    show it could not.
    """

    source: str
    body: bytes
    sha256: str
    content_type: str
    fetched_at: datetime
    final_url: str | None = None
    redirects: tuple[str, ...] = ()
    status: int | None = None
    charset: str | None = None
    robots: str | None = None
    rendered: bool = False
    plain: Page | None = field(default=None, repr=False)
    not_shown: str = ""


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One request and its answer, byte for byte as they went over the connection (inside TLS), as far as they were read.

    ``address`` is the IP address that was asked; ``response`` is empty when no answer came.
    """

    url: str
    began_at: datetime
    address: str | None
    request: bytes = field(repr=False)
    response: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link to another site in a block: code-point offsets of its words in the block's text, and the address as written."""

    start: int
    end: int
    address: str


@dataclass(frozen=True, kw_only=True)
class TextBlock:
    """One element's text, white space folded, with the place where it stands.

    ``headings`` is the trail of headings above it, outermost first; ``lead`` the line that introduces
    a list item; ``question`` the question that the block answers; ``css_path`` finds the element again;
    ``page`` is the 1-based page of a PDF; ``breaks`` are the offsets of the spaces that end a line in the element's own
    markup; ``framed`` text is none that a search on the page can find, for it stands in a frame or in a menu; ``links`` are
    those that lead to another site, their addresses as written.
    """

    index: int
    text: str
    role: Role
    zone: Zone = Zone.MAIN
    visibility: Visibility = Visibility.SHOWN
    css_path: str = ""
    headings: tuple[str, ...] = ()
    lead: str | None = None
    question: str | None = None
    page: int | None = None
    breaks: tuple[int, ...] = ()
    framed: bool = False
    links: tuple[Link, ...] = ()

    @property
    def is_searched(self) -> bool:
        """Say whether a search on the page, as a browser makes it, goes through the text."""
        return not (self.framed or self.role in NOT_ON_PAGE or self.visibility is Visibility.HIDDEN)


@dataclass(frozen=True, kw_only=True)
class Organization:
    """Who publishes a page by its structured data."""

    name: str | None = None
    legal_name: str | None = None
    address: str | None = None
    telephone: str | None = None

    @property
    def is_told(self) -> bool:
        """Say whether more than a name is known."""
        return bool(self.legal_name or self.address or self.telephone)


@dataclass(frozen=True, kw_only=True)
class Document:
    """A page's blocks in reading order, with what the page says of itself.

    ``organizations`` are the names that its structured data gives its publisher, ``publishers`` those of which the data
    say more than the name; ``pages_without_text`` the 1-based pages of a PDF that hold none. ``frames`` are the addresses
    of frames as they stand in the page, ``frames_read`` those whose text a browser put into it, and ``framed`` the indexes of
    that text's blocks.
    """

    title: str | None
    language: str | None
    blocks: tuple[TextBlock, ...]
    organizations: tuple[str, ...] = ()
    publishers: tuple[Organization, ...] = ()
    pages_without_text: tuple[int, ...] = ()
    frames: tuple[str, ...] = ()
    frames_read: tuple[str, ...] = ()
    framed: frozenset[int] = frozenset()


class Term(NamedTuple):
    """A lexicon phrase in a statement: code-point offsets into the statement's match text.

    A tuple, as a cue is: a page holds thousands of them, and they are made several times faster than dataclasses.
    """

    kind: str
    concept: str
    start: int
    end: int


class Cue(NamedTuple):
    """A word that turns what is said (negation, hedge, ...) and the stretch of the statement it governs."""

    kind: str
    start: int
    end: int
    scope_start: int
    scope_end: int

    def governs(self, start: int, end: int) -> bool:
        """Say whether the stretch lies in this cue's scope."""
        return self.scope_start <= start and end <= self.scope_end


class ShortAnswer(NamedTuple):
    """A yes/no question as it stands on the page, and whether the answer as a whole says yes to it or no."""

    question: str
    yes: bool


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One sentence or stand-alone block: ``block.text[start:end] == text``.

    ``match_text`` is the same text in plain form and lower case; terms, cues and rules speak of offsets in
    it. ``offsets`` leads back to ``text`` where unseen characters were cut out, and is None where all agree.
    ``answer`` tells of a short answer to which yes/no question it says yes or no. ``needs_script`` says
    whether a rendered page lacks it without scripts; None where that is not known.
    """

    index: int
    block: TextBlock
    start: int
    end: int
    text: str
    match_text: str
    words: tuple[str, ...]
    offsets: tuple[int, ...] | None = None
    terms: tuple[Term, ...] = ()
    cues: tuple[Cue, ...] = ()
    answer: ShortAnswer | None = None
    needs_script: bool | None = None

    @property
    def asked(self) -> str | None:
        """The question that the statement answers, right before it or over its block; None without one."""
        return self.answer.question if self.answer else self.block.question

    def in_block(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of ``block.text`` that shows ``match_text[start:end]``."""
        if self.offsets is not None:
            start, end = self.offsets[start], self.offsets[end - 1] + 1
        return self.start + start, self.start + end

    @cached_property
    def term_kinds(self) -> frozenset[str]:
        """The kinds of the statement's terms."""
        return frozenset(term.kind for term in self.terms)

    def has_term(self, kind: str) -> bool:
        """Say whether a term of this kind stands in the statement."""
        return kind in self.term_kinds

    def has_cue(self, *kinds: str) -> bool:
        """Say whether a cue of one of these kinds stands in the statement."""
        return any(cue.kind in kinds for cue in self.cues)


@dataclass(frozen=True, kw_only=True)
class RuleHit:
    """A rule that matched a statement, with the code-point span of what decided."""

    rule: str
    label: Label
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a fact stands, and as of when (ISO date of the fact or of our reading)."""

    title: str
    url: str
    date: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A labelled statement: what decided, how sure, why, and where it stands.

    ``start`` and ``end`` are offsets of ``quote`` in the block's text; ``confidence`` is calibrated and
    under 1; ``rule`` is a rule's id or "model".
    """

    label: Label
    rule: str
    also: tuple[str, ...]
    severity: Severity
    confidence: float
    statement: Statement
    quote: str
    start: int
    end: int
    why: str
    sources: tuple[Source, ...] = ()
    context: tuple[str, ...] = ()
    strength: Strength | None = None
    about_nerves: bool = False
    unsure: bool = False
    shielded_by: str | None = None


class Claim(Protocol):
    """What a level is decided by: a finding, fresh or as a database kept it."""

    @property
    def label(self) -> str:
        """The label of the statement."""

    @property
    def about_nerves(self) -> bool:
        """Whether nerve damage is meant."""

    @property
    def unsure(self) -> bool:
        """Whether the model alone decided, close to its threshold."""

    @property
    def shielded_by(self) -> str | None:
        """The number of the matched trial that the statement speaks of taking part in."""


def counts_for_alarm(finding: Claim) -> bool:
    """Say whether a finding is a promise that we are sure of and that no matched trial shields."""
    return finding.label in PROMISES and finding.shielded_by is None and not finding.unsure


@dataclass(frozen=True, kw_only=True)
class TrialCheck:
    """A registry number on the page and what is known of it.

    ``linked`` says that it stands in the address of a link and not in the text, whose words ``start`` and ``end`` then bound.
    ``reason`` is a code when it was not checked; ``answers`` are (question, answer, why), one for each thing compared.
    """

    id: str
    registry: str
    statement: Statement
    start: int
    end: int
    outcome: str
    linked: bool = False
    mismatch_in: tuple[str, ...] = ()
    registry_status: str | None = None
    source: str | None = None
    as_of: str | None = None
    message: str = ""
    reason: str | None = None
    answers: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why the verdict is what it is; ``findings`` are indexes into the report's findings."""

    code: str
    message: str
    findings: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Note:
    """Something worth showing that is no finding."""

    code: str
    message: str
    quote: str | None = None


@dataclass(frozen=True, kw_only=True)
class PageKind:
    """What the page as a whole is: probabilities from 0 to 1 and the cues that led to them."""

    provider: float
    in_scope: float
    trial_record: float
    cues: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The page's level with its reasons in order."""

    level: VerdictLevel
    publisher: Publisher | None
    reasons: tuple[Reason, ...] = ()


#: Stands in a page's text where it is not known what a browser has there.
APART = "\0"
#: Characters that a browser's search does not mind: unseen ones and accents; and quotation marks that are one to it.
_IGNORED = re.compile("[\u00ad\u0300-\u036f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_QUOTES = str.maketrans("‘’‚“”„", "'''\"\"\"")


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why a source could not be read: a code of the report format, a plain line and what to do."""

    stage: str
    code: str
    message: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """Everything known about one source at one time; ``recorded_at`` is when the web archive that holds it recorded it."""

    source: str
    checked_at: datetime
    verdict: Verdict
    versions: Mapping[str, str]
    final_url: str | None = None
    title: str | None = None
    language: str | None = None
    findings: tuple[Finding, ...] = ()
    trials: tuple[TrialCheck, ...] = ()
    notes: tuple[Note, ...] = ()
    error: Failure | None = None
    recorded_at: datetime | None = None
    blocks: tuple[TextBlock, ...] = field(default=(), repr=False)

    @cached_property
    def searched(self) -> SearchedText:
        """The page's text as a browser's search goes through it."""
        return SearchedText(self.blocks)


class SearchedText:
    """A page's text as a browser's search goes through it: ``text`` has a line for each line of each block.

    ``plain`` is the same as the search compares it (`as_searched`); ``begins`` says where a block begins in both, by its
    index. Between blocks that not everybody sees alike stands a line of its own, for there may be others between them.
    """

    def __init__(self, blocks: tuple[TextBlock, ...]) -> None:
        self.begins: dict[int, tuple[int, int]] = {}
        lines: list[str] = []
        plain: list[str] = []
        at, plain_at = 0, 0
        seen: Visibility | None = None
        for block in filter(lambda block: block.is_searched, blocks):
            apart = [APART] if seen not in (None, block.visibility) else []
            for line in (*apart, _with_lines(block)):
                self.begins[block.index] = (at, plain_at)
                lines.append(line)
                plain.append(as_searched(line))
                at, plain_at, seen = at + len(line) + 1, plain_at + len(plain[-1]) + 1, block.visibility
        self.text, self.plain = "\n".join(lines), "\n".join(plain)


def as_searched(text: str) -> str:
    """Return a text as a browser's search compares it: no capitals, accents, ligatures or unseen characters."""
    if text.isascii():
        return text.lower()
    return _IGNORED.sub("", unicodedata.normalize("NFKD", text).casefold()).translate(_QUOTES)


def _with_lines(block: TextBlock) -> str:
    """Return a block's text with the ends of its lines as such."""
    ends = (*block.breaks, len(block.text))
    return "\n".join(block.text[start:end] for start, end in zip((0, *(at + 1 for at in block.breaks)), ends, strict=True))


@dataclass(frozen=True, kw_only=True)
class SitePage:
    """One page of a site: its report, and the addresses of pages that say nearly the same and were not judged.

    ``findings`` are indexes into the site's.
    """

    report: Report
    duplicates: tuple[str, ...] = ()
    findings: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SitePlace:
    """Where a statement stands: the index of the page in the site's report, and the finding on that page."""

    page: int
    finding: Finding


@dataclass(frozen=True, kw_only=True)
class SiteFinding:
    """One statement with one label, with every place of the site where it stands; ``finding`` speaks for all of them."""

    finding: Finding
    places: tuple[SitePlace, ...]

    @property
    def pages(self) -> tuple[int, ...]:
        """Indexes of the pages that hold it, each once."""
        return tuple(dict.fromkeys(place.page for place in self.places))


@dataclass(frozen=True, kw_only=True)
class SiteReason:
    """Why the site's verdict is what it is; indexes of the pages that led to it and of their findings."""

    code: str
    message: str
    pages: tuple[int, ...] = ()
    findings: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SiteNote:
    """A note with the indexes of the pages that it speaks of."""

    note: Note
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SiteReport:
    """Everything known about one site at one time; ``error`` is set where none of its pages could be read."""

    source: str
    checked_at: datetime
    level: VerdictLevel
    publisher: Publisher | None
    versions: Mapping[str, str]
    reasons: tuple[SiteReason, ...] = ()
    pages: tuple[SitePage, ...] = ()
    findings: tuple[SiteFinding, ...] = ()
    notes: tuple[SiteNote, ...] = ()
    error: Failure | None = None

    @property
    def verdict(self) -> Verdict:
        """The site's verdict without its reasons, which here name pages too."""
        return Verdict(level=self.level, publisher=self.publisher)

    @property
    def read(self) -> int:
        """How many pages were read."""
        return sum(page.report.error is None for page in self.pages)


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Why a statement was or was not flagged.

    ``exact`` is false when the words asked for stand nowhere and the closest statement is shown; ``near`` holds
    rules whose pattern matched but which something undid, with what; ``probabilities`` (label, probability,
    threshold); ``dropped`` labels for which a rule or the classifier spoke, with what spoke against them (question,
    rejected, fragment, idle, signature, story, overruled, corrected); ``features`` what moved the classifier's strongest label
    most, in log-odds.
    """

    statement: Statement
    exact: bool
    kind: PageKind
    selling: bool
    labels: tuple[str, ...]
    hits: tuple[RuleHit, ...]
    near: tuple[tuple[str, str], ...]
    probabilities: tuple[tuple[str, float, float], ...]
    dropped: tuple[tuple[str, str], ...]
    features: tuple[tuple[str, float], ...]

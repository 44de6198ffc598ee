"""Says whether a document holds text of the page itself that can be judged, and if not, why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from checker.errors import ReadError
from checker.values import Document, Page, Role, TextBlock, Visibility, Zone

#: Fewer letters than this in all of a page's own text is nothing to judge; a one-line statement has more.
MIN_LETTERS = 8
#: Walls and placeholders are short: with more letters beside a phrase that only they use, it is part of other text.
SHORT_LETTERS = 1_200
#: The same for a page whose title says so, and for a phrase that clinics use too ("coming soon"). Set on placeholders
#: of common site builders, which hold 20 to 150 letters beside the phrase, and on short pages of clinics.
TITLED_LETTERS = 600
FEW_LETTERS = 200
#: The walls of our fixtures hold under 1,500 letters, menus included; a longer page is not searched for them.
MAX_WALL_LETTERS = 6_000
#: py3langid misreads short text ("No pressure." as Italian); from 200 letters it is right on English prose.
#: Text in another script is judged from MIN_LETTERS on.
MIN_LANGUAGE_LETTERS = 200
LANGUAGE_SAMPLE = 2_000
SURE = 0.9

_HEAD_ROLES = frozenset({Role.TITLE, Role.META, Role.OPEN_GRAPH, Role.JSON_LD})
_CONTROLS = frozenset({Role.BUTTON, Role.LINK, Role.ALT})
_FRAME_ZONES = frozenset({Zone.NAVIGATION, Zone.HEADER, Zone.FOOTER, Zone.POPUP, Zone.FORM})


class _Wall(NamedTuple):
    """What stands in place of a page: phrases that only it uses, phrases that others use too, and its titles."""

    code: str
    message: str
    certain: re.Pattern[str]
    likely: re.Pattern[str]
    titles: re.Pattern[str]


def _wall(code: str, message: str, *patterns: str) -> _Wall:
    certain, likely, titles = (re.compile(pattern, re.IGNORECASE | re.DOTALL) for pattern in patterns)
    return _Wall(code, message, certain, likely, titles)


_NOTHING = r"(?!)"
_WALLS = (
    _wall(
        "bot_wall",
        "The site asks visitors to prove that they are human.",
        r"verify(?:ing)? (?:that )?you(?:'re|’re| are) (?:a )?human|prove (?:that )?you(?:'re|’re| are) (?:a )?(?:human|not a robot)"
        r"|(?:make sure|confirm) (?:that )?you(?:'re|’re| are) (?:a human|not a (?:ro)?bot)|(?:checking|verifying) your browser"
        r"|checking (?:if )?the site connection|review the security of your connection|complete the security check"
        r"|captcha (?:below )?to (?:continue|proceed|access|view)|enable (?:javascript|js) and (?:cookies to continue|disable any ad)"
        r"|unusual traffic from|press (?:&|and) hold|access (?:to this page )?(?:has been )?denied.{0,80}(?:reference|ray id|permission|automation)"
        r"|cloudflare ray id|incapsula incident|ddos protection by|request is being verified|robot challenge",
        r"captcha|attention required|access denied|are you a robot|security check|you have been blocked|just a moment\.\.\.",
        r"just a moment\W*|attention required!?|access denied|(?:vercel )?security check(?:point)?|are you (?:a )?(?:human|robot)\??"
        r"|human verification|robot or human\??|one moment,? please\W*|ddos-guard|forbidden|(?:error )?403(?: forbidden)?",
    ),
    _wall(
        "login_wall",
        "The text is behind a login.",
        r"(?:please|you (?:must|need to|have to)) (?:be )?(?:log|sign)(?:ged)? ?in to (?:continue|view|see|access|read)"
        r"|this (?:content|page|post|site) is (?:password[- ]protected|private|for members only)",
        r"(?:log|sign) ?in to (?:continue|view|see|access|read)|password[- ]protected|members only|enter (?:the |your )?password",
        r"(?:log|sign)[ -]?in|(?:member|patient|client)s?[’']? (?:login|area|only)|protected: .*|password required|private site",
    ),
    _wall(
        "parked",
        "The address is parked or for sale.",
        r"domain (?:name )?(?:is |may be |has been )(?:for sale|parked|expired|suspended)|buy this domain"
        r"|domain \S{1,80} (?:is|may be) for sale|this domain (?:is|has been) registered|parked free|account (?:has been )?suspended"
        r"|this (?:web ?)?site (?:is|has been) (?:suspended|disabled)|welcome to nginx|apache2? .{0,20}default page"
        r"|if you are the owner of this (?:web ?site|site|domain)",
        r"default web ?page|\bis for sale\b|^it works!$|^index of /",
        r"\S+\.\S+ is for sale|domain (?:for sale|parked|expired)|account suspended|welcome to nginx!?|website expired|index of /.*"
        r"|it works!|apache2? .{0,20}default page.*",
    ),
    _wall(
        "coming_soon",
        "The site says that it is not ready yet.",
        _NOTHING,
        r"\bcoming soon\b|under construction|launching soon|opening soon|being (?:built|updated)|under maintenance|back (?:online )?(?:soon|shortly)",
        r"coming soon\W*|(?:web ?site |site )?(?:is )?under (?:construction|maintenance)|(?:site )?maintenance(?: mode)?|launching soon\W*",
    ),
    _wall(
        "cookie_wall",
        "The text is behind a consent layer.",
        _NOTHING,
        r"accept (?:all )?cookies to (?:continue|view|access)|consent to (?:continue|view)|you must be (?:18|21) (?:years )?(?:or older|of age)",
        r"age verification|cookie consent",
    ),
    _wall(
        "http_status",
        "The site shows its error page instead of the text.",
        _NOTHING,
        r"\b404\b.{0,40}not found|page (?:that )?(?:you (?:are|were) looking for|not found|(?:cannot|can[’']t|could not) be found"
        r"|does(?: not|n[’']t) exist)|oops!? (?:that|this) page",
        r"(?:error )?404(?: error)?(?:[ :.-]*(?:page |file )?not found)?!?|(?:page|file) not found!?|not found",
    ),
    _wall(
        "script_only",
        "The page holds no text of its own; scripts would add it.",
        _NOTHING,
        r"enable javascript|javascript (?:is )?(?:required|disabled)|requires javascript|turn on javascript|javascript to run",
        _NOTHING,
    ),
)
_COOKIES = re.compile(r"\bcookies?\b|your (?:privacy|consent)", re.IGNORECASE)
_TITLE_PARTS = re.compile(r"\s+[|–—·:»-]\s+|\s*[|»]\s*")
#: Words of what clinics sell: a sentence with one of them is the page's own text, whatever stands beside it.
_TOPIC = re.compile(
    r"\b(?:stem cell|exosome|prp\b|platelet|regenerat|nerve|neuropath|pain\b|patients\b|treat|therap|heal(?:s|ed|ing)\b|cur(?:e|es|ed|ing)\b|inject|disease|symptom|fda\b)",
    re.IGNORECASE,
)
_TOPIC_WORDS = 4
#: A shorter heading may be the clinic's name.
_TOPIC_HEADING_WORDS = 6
#: More letters than any limit of this module asks for.
ENOUGH_LETTERS = 10_000
_SCRIPT = re.compile(rb"<script\b", re.IGNORECASE)
_SCRIPT_NOTICE = re.compile(r"enable javascript|javascript (?:is )?(?:required|disabled)|requires javascript|turn on javascript", re.IGNORECASE)
_LOADING = re.compile(r"\W*(?:loading|please wait)(?:\W+(?:please wait|loading))?\W*", re.IGNORECASE)
#: The first code point after Latin letters with their accents.
_NOT_LATIN = 0x250
#: The first after Greek and Cyrillic, whose letters English can be disguised with.
_NO_LOOK_ALIKES = 0x530


def require(document: Document, page: Page) -> None:
    """Raise ReadError when the document holds nothing of the page itself, or is not in English.

    Codes: empty, script_only, bot_wall, login_wall, cookie_wall, parked, coming_soon, http_status, not_english.
    """
    own = _own(document)
    _refuse_walls(document, own)
    _refuse_empty(document, own, page)
    _refuse_foreign(document, own)


def _own(document: Document) -> list[TextBlock]:
    """Return the blocks of the page's own text; hidden ones only where a whole page waits for a script to show it."""
    body = [block for block in document.blocks if block.role not in _HEAD_ROLES and block.role is not Role.NOSCRIPT]
    shown = [block for block in body if block.visibility is not Visibility.HIDDEN]
    return body if _letters(shown) < MIN_LETTERS and _letters(body) >= MIN_LANGUAGE_LETTERS else shown


def _letters(blocks: Iterable[TextBlock]) -> int:
    """Count letters; once there are more than any limit here asks for, the rest is left."""
    total = 0
    for block in blocks:
        total += sum(map(str.isalpha, block.text))
        if total > ENOUGH_LETTERS:
            break
    return total


def _refuse_walls(document: Document, own: Sequence[TextBlock]) -> None:
    """Raise for the first wall that the page shows with too little beside it to be a page of its own."""
    titles = {part.strip() for part in _TITLE_PARTS.split(document.title or "")}
    seen = [*own, *(block for block in document.blocks if block.role is Role.NOSCRIPT)]
    whole = "\n".join([document.title or "", *(block.text for block in seen)])
    if _letters(own) > MAX_WALL_LETTERS:
        return
    for wall in _WALLS:
        if _is_shown(wall, whole, titles, own):
            raise ReadError("read", wall.code, wall.message)


def _is_shown(wall: _Wall, whole: str, titles: set[str], own: Sequence[TextBlock]) -> bool:
    rest = [block for block in own if not wall.likely.search(block.text) and not wall.titles.fullmatch(block.text)]
    letters = _letters(block for block in rest if block.role not in _CONTROLS and block.zone not in _FRAME_ZONES)
    if letters < TITLED_LETTERS and any(map(wall.titles.fullmatch, titles)):
        return True
    certain = letters < SHORT_LETTERS and wall.certain.search(whole) is not None
    likely = letters < FEW_LETTERS and (len(rest) < len(own) or any(map(wall.likely.search, titles)))
    return (certain or likely) and not any(map(_is_on_topic, rest))


def _is_on_topic(block: TextBlock) -> bool:
    least = _TOPIC_HEADING_WORDS if block.role is Role.HEADING else _TOPIC_WORDS
    return block.role not in _CONTROLS and len(block.text.split()) >= least and _TOPIC.search(block.text) is not None


def _refuse_empty(document: Document, own: Sequence[TextBlock], page: Page) -> None:
    """Raise when hardly a letter is left beside a consent layer and a word of waiting."""
    least = 1 if page.content_type == "text/plain" else MIN_LETTERS
    if _letters(b for b in own if b.zone is not Zone.POPUP and not _LOADING.fullmatch(b.text)) >= least:
        return
    if any(block.zone is Zone.POPUP and _COOKIES.search(block.text) for block in own):
        raise ReadError("read", "cookie_wall", "The text is behind a consent layer.")
    if _letters(block for block in own if not _LOADING.fullmatch(block.text)) >= least:
        return
    if _SCRIPT.search(page.body) or any(_SCRIPT_NOTICE.search(block.text) for block in document.blocks):
        raise ReadError("read", "script_only", "The page holds no text of its own; scripts would add it.")
    raise ReadError("read", "empty", "The page holds hardly any text." if _letters(own) else "The page holds no text.")


def _refuse_foreign(document: Document, own: Sequence[TextBlock]) -> None:
    """Raise when the text is in another language from its beginning to its end."""
    roles = (Role.PARAGRAPH, Role.LIST_ITEM, Role.HEADING, Role.PDF)
    main = " ".join(block.text for block in own if block.zone is not Zone.NAVIGATION and block.role in roles)
    text = main or " ".join(block.text for block in own)
    samples = [text[:LANGUAGE_SAMPLE], text[-LANGUAGE_SAMPLE:]] if len(text) > 2 * LANGUAGE_SAMPLE else [text[:LANGUAGE_SAMPLE]]
    declared = (document.language or "").lower().partition("-")[0]
    languages: list[str] = []
    for sample in samples:
        language = _foreign(sample, declared)
        if language is None:
            return
        languages.append(language)
    raise ReadError("read", "not_english", f"The page is not in English (it reads like {languages[0]!r}).")


def _foreign(sample: str, declared: str) -> str | None:
    """Return the language of a sample if it is surely not English."""
    letters = [character for character in sample if character.isalpha()]
    other_script = sum(ord(character) >= _NOT_LATIN for character in letters) > len(letters) / 2
    no_disguise = sum(ord(character) >= _NO_LOOK_ALIKES for character in letters) > len(letters) / 2
    if len(letters) < (MIN_LETTERS if other_script else MIN_LANGUAGE_LETTERS):
        return None
    language, confidence = _identifier().classify(sample)
    sure = no_disguise or declared == language or confidence >= SURE
    return str(language) if language != "en" and sure else None


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

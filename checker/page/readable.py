"""Says whether a document holds text of the page itself that can be judged, and if not, why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from checker.errors import ReadError
from checker.page import languages
from checker.page.walls import CHECK_MARKS, TALK, VISITING, WALLS, Talk, Wall
from checker.values import Document, Page, Role, TextBlock, Visibility, Zone

#: Fewer letters than this in all of a page's own text is nothing to judge; a one-line statement has more.
MIN_LETTERS = 8
#: A page whose text waits for a script to be shown holds more than this.
LETTERS_OF_A_PAGE = 200
#: Walls and placeholders are short: with more letters beside a phrase that only they use, it is part of other text.
SHORT_LETTERS = 1_200
#: The same for a page whose title says so, and for a phrase that clinics use too ("coming soon"). Set on placeholders
#: of common site builders, which hold 20 to 150 letters beside the phrase, and on short pages of clinics.
TITLED_LETTERS = 600
FEW_LETTERS = 200
#: The walls of our fixtures hold under 1,500 letters, menus included; a longer page is not searched for them.
MAX_WALL_LETTERS = 6_000
LANGUAGE_SAMPLE = 2_000

_HEAD_ROLES = frozenset({Role.TITLE, Role.META, Role.OPEN_GRAPH, Role.JSON_LD})
_CONTROLS = frozenset({Role.BUTTON, Role.LINK, Role.ALT})
_LABELS = frozenset({Role.BUTTON, Role.LINK})
_PROSE = frozenset({Role.PARAGRAPH, Role.LIST_ITEM, Role.HEADING, Role.PDF})
_FRAME_ZONES = frozenset({Zone.NAVIGATION, Zone.HEADER, Zone.FOOTER, Zone.POPUP, Zone.FORM})


_COOKIES = re.compile(r"\bcookies?\b|your (?:privacy|consent)", re.IGNORECASE)
_TITLE_PARTS = re.compile(r" [|–—·:»-] | ?[|»] ?")
#: Words of what clinics sell: a sentence with one of them is the page's own text, whatever stands beside it.
_TOPIC = re.compile(
    r"\b(?:stem cell|exosome|prp\b|platelet|regenerat|nerve|neuropath|pain\b|patients\b|treat|therap|heal(?:s|ed|ing)\b|cur(?:e|es|ed|ing)\b|inject|disease|symptom|fda\b)",
    re.IGNORECASE,
)
_TOPIC_WORDS = 4
#: A shorter heading may be the clinic's name.
_TOPIC_HEADING_WORDS = 6
#: A page that talks of nothing but itself is short and says so in several words of that kind; set on the fixtures.
TALK_WORDS = 90
TALK_LEAST = 3
TALK_SHARE = 0.08
_AROUND = frozenset({Zone.NAVIGATION, Zone.HEADER, Zone.FOOTER})
#: Blocks at a page's beginning that may name it; error pages have one or two headings and a sentence.
NAMING_BLOCKS = 10
_ERRORS = [known for known in WALLS if known.code == "http_status"]
#: Bytes of a page that are searched for the marks of visitor checks; theirs stand in the first 20 kB.
MARKED_BYTES = 100_000
_MARKED = next(known for known in WALLS if known.code == "bot_wall")
_APOSTROPHES = str.maketrans("’‘ʼ", "'''")
#: Names of sites hold words of what clinics sell, and say nothing.
_SITE_NAME = re.compile(r"(?<![\w-])[\w-]{1,63}(?:\.[\w-]{1,63})+")
_COPYRIGHT = re.compile(r"©|\bcopyright\b|all rights reserved", re.IGNORECASE)
_EMPTY = ("The page holds no text of its own; scripts would add it.",)
_STILL_EMPTY = (
    "The page shows no text of its own in a browser.",
    "Try again later: what fills the page may have failed. Or save the page in a browser and check the file.",
)
#: What a template holds before a script fills it.
_BRACES = re.compile(r"(?:\W*\{\{[^{}]{0,200}\}\})+\W*")
_SCRIPT = re.compile(rb"<script\b", re.IGNORECASE)
_SCRIPT_NOTICE = re.compile(
    r"enable javascript|javascript (?:is )?(?:required|disabled)|requires javascript|turn on javascript", re.IGNORECASE
)
_LOADING = re.compile(
    r"\W*(?:loading|please wait|starting|initiali[sz]ing)(?:\W+(?:please wait|loading|(?:the )?(?:content|page|app|application)))?\W*",
    re.IGNORECASE,
)


def require(document: Document, page: Page) -> None:
    """Raise ReadError when the document holds nothing of the page itself, or is not in English.

    Codes: empty, script_only, bot_wall, login_wall, cookie_wall, parked, coming_soon, rate_limited, http_status, refused,
    not_english.
    """
    own = _own(document)
    if (error := wall(document, page.body)) is not None:
        raise error
    _refuse_empty(document, own, page)
    _refuse_foreign(document, own)


def wall(document: Document, body: bytes) -> ReadError | None:
    """Return what stands in place of the page, if something does: a wall, a placeholder, an error page."""
    own = _own(document)
    if (error := _named_error(document, own)) is not None:
        return ReadError("read", error.code, error.message, error.advice)
    if _letters(own, MAX_WALL_LETTERS) > MAX_WALL_LETTERS:
        return None
    view = _View(document, own)
    found = next((known for known in WALLS if _is_shown(known, view)), None)
    if found is not None:
        return ReadError("read", found.code, found.message, found.advice)
    if _on_topic(view.own):
        return None
    start = body[:MARKED_BYTES].lower()
    if view.letters < FEW_LETTERS and any(mark in start for mark in CHECK_MARKS):
        return ReadError("read", _MARKED.code, _MARKED.message)
    talk = _talk(view)
    return None if talk is None else ReadError("read", talk.code, talk.message)


def _named_error(document: Document, own: Iterable[TextBlock]) -> Wall | None:
    """Return the error that a page is named after; whatever stands below its name, it is no page of its own.

    Two of three have to name it: a part of the title, a heading above the text, and the first of the text. A heading that
    says in words no more than the error is enough.
    """
    titles = _titles(_plain(document.title or ""))
    first = islice(_until_prose(own), NAMING_BLOCKS)
    start = [_straight(block) for block in first if block.visibility is Visibility.SHOWN and len(block.text) < SHORT_LETTERS]
    return next((known for known in _ERRORS if _is_named_after(known, titles, start)), None)


def _is_named_after(error: Wall, titles: Iterable[str], start: Iterable[TextBlock]) -> bool:
    naming = [block for block in start if _belongs(error, block)]
    headings = [block.text for block in naming if block.role is Role.HEADING]
    if any(error.titles.fullmatch(text) and len(text.split()) > 1 for text in headings):
        return True
    in_title = any(map(error.titles.fullmatch, titles))
    return in_title + bool(headings) + (len(naming) > len(headings)) > 1


def _talk(view: _View) -> Talk | None:
    """Return what a short page talks about if that is its own being visited, in words enough; it is off the topic."""
    own = [block for block in view.own if block.role is not Role.LINK and block.zone not in _AROUND]
    words = sum(len(block.text.split()) for block in own)
    if not words or words > TALK_WORDS:
        return None
    text = "\n".join([*view.titles, *(block.text for block in own)])
    visiting = len(_words(VISITING, text))
    pressed = any(block.role is Role.BUTTON for block in own)
    said = {talk: len(_words(talk.words, text)) for talk in TALK if pressed or not talk.has_button}
    talk = max(said, key=said.__getitem__)
    enough = max(TALK_LEAST, words * TALK_SHARE)
    return talk if visiting and said[talk] >= TALK_LEAST - 1 and said[talk] + visiting > enough else None


def _words(pattern: re.Pattern[str], text: str) -> set[str]:
    return {found.lower() for found in pattern.findall(text)}


class _View:
    """What walls are looked for in: the page's own blocks, with straight apostrophes, and what stands beside them."""

    def __init__(self, document: Document, own: Iterable[TextBlock]) -> None:
        self.own = [_straight(block) for block in own]
        self.letters = _letters(self.own)
        self.notices = "\n".join(_plain(block.text) for block in document.blocks if block.role is Role.NOSCRIPT)
        title = _plain(document.title or "")
        self.text = "\n".join([title, *(block.text for block in self.own)])
        self.titles = _titles(title)
        self.start = "\n".join(block.text for block in _until_prose(self.own))


def _titles(title: str) -> set[str]:
    """Return a title and its parts: one of them is what the page is about, another the site's name."""
    return {title.strip(), *(part.strip() for part in _TITLE_PARTS.split(title))}


def _until_prose(own: Iterable[TextBlock]) -> Iterator[TextBlock]:
    """Yield the blocks of the page's main part up to the first that is more than a heading or a label."""
    for block in own:
        if block.zone not in _FRAME_ZONES and block.role not in _CONTROLS:
            yield block
            if block.role is not Role.HEADING and len(block.text.split()) >= _TOPIC_WORDS:
                return


def _straight(block: TextBlock) -> TextBlock:
    text = _plain(block.text)
    return block if text == block.text else replace(block, text=text)


def _plain(text: str) -> str:
    return text.translate(_APOSTROPHES)


def _own(document: Document) -> list[TextBlock]:
    """Return the blocks of the page's own text; hidden ones only where a whole page waits for a script to show it."""
    body = [block for block in document.blocks if block.role not in _HEAD_ROLES and block.role is not Role.NOSCRIPT]
    shown = [block for block in body if block.visibility is not Visibility.HIDDEN]
    return body if _letters(shown, MIN_LETTERS) < MIN_LETTERS and _letters(body) >= LETTERS_OF_A_PAGE else shown


def _letters(blocks: Iterable[TextBlock], enough: int = MAX_WALL_LETTERS) -> int:
    """Count letters; once there are more than enough, the rest is left."""
    total = 0
    for block in blocks:
        total += sum(map(str.isalpha, block.text))
        if total > enough:
            break
    return total


def _is_shown(wall: Wall, view: _View) -> bool:
    """Say whether the page shows this wall with too little beside it to be a page of its own."""
    rest = [block for block in view.own if not _belongs(wall, block)]
    letters = _letters(block for block in rest if block.role not in _CONTROLS and block.zone not in _FRAME_ZONES)
    if letters >= SHORT_LETTERS:
        return False
    on_topic = _on_topic(rest)
    if wall.certain.search(view.text):
        return on_topic == 0 or (on_topic == 1 and wall.certain.search(view.start) is not None)
    if on_topic:
        return False
    if any(map(wall.titles.fullmatch, view.titles)):
        return letters < TITLED_LETTERS
    noticed = wall.certain.search(view.notices) or wall.likely.search(view.notices)
    return letters < FEW_LETTERS and (len(rest) < len(view.own) or any(map(wall.likely.search, view.titles)) or bool(noticed))


def _on_topic(blocks: Iterable[TextBlock]) -> int:
    """Count the blocks on what clinics sell; a menu, a header and a footer stand on all of a site's pages and do not count."""
    return sum(map(_is_on_topic, (block for block in blocks if block.zone not in _AROUND)))


def _belongs(wall: Wall, block: TextBlock) -> bool:
    """Say whether a block is the wall's; what clinics sell is no part of one, unless a phrase that only walls use is in it."""
    if wall.certain.search(block.text) or wall.titles.fullmatch(block.text):
        return True
    return wall.likely.search(block.text) is not None and not _is_on_topic(block)


def _is_on_topic(block: TextBlock) -> bool:
    least = _TOPIC_HEADING_WORDS if block.role is Role.HEADING else _TOPIC_WORDS
    if block.role in _CONTROLS or len(block.text.split()) < least:
        return False
    return _TOPIC.search(_SITE_NAME.sub("", block.text)) is not None and _COPYRIGHT.search(block.text) is None


def _refuse_empty(document: Document, own: Sequence[TextBlock], page: Page) -> None:
    """Raise when hardly a letter is left beside a consent layer, a menu and a word of waiting."""
    least = 1 if page.content_type == "text/plain" else MIN_LETTERS
    own = [block for block in own if not _LOADING.fullmatch(block.text)]
    scripted = _has_scripts(page) or any(_SCRIPT_NOTICE.search(block.text) for block in document.blocks)
    enough = _letters(block for block in own if block.zone is not Zone.POPUP and not _BRACES.fullmatch(block.text)) >= least
    if enough and not (scripted and all(map(_is_frame, own))):
        return
    if any(block.zone is Zone.POPUP and _COOKIES.search(block.text) for block in own):
        raise ReadError("read", "cookie_wall", "The text is behind a consent layer.")
    if not enough and _letters(own) >= least and not any(_BRACES.fullmatch(block.text) for block in own):
        return
    if scripted:
        raise ReadError("read", "script_only", *(_STILL_EMPTY if page.rendered else _EMPTY))
    raise ReadError("read", "empty", "The page holds hardly any text." if _letters(own) else "The page holds no text.")


def _has_scripts(page: Page) -> bool:
    """Say whether scripts make the page. A browser's page holds them no more: the page as it came tells, where it is known."""
    if page.rendered and page.plain is None:
        return True
    return _SCRIPT.search((page.plain or page).body) is not None


def _is_frame(block: TextBlock) -> bool:
    """Say whether a block is no more than a menu, a footer, the site's name or a label on a picture or button."""
    if block.zone in (Zone.NAVIGATION, Zone.FOOTER):
        return True
    return (block.role in _CONTROLS or block.zone is Zone.HEADER) and len(block.text.split()) < _TOPIC_WORDS


def _refuse_foreign(document: Document, own: Sequence[TextBlock]) -> None:
    """Raise when the text is in another language from its beginning to its end."""
    said = [block for block in own if block.zone is not Zone.NAVIGATION and block.role not in _LABELS]
    main = " ".join(dict.fromkeys(block.text for block in said if block.role in _PROSE))  # what is said again tells no more
    text = main or " ".join(dict.fromkeys(block.text for block in own))
    declared = (document.language or "").lower().partition("-")[0]
    if not languages.is_long(text[:LANGUAGE_SAMPLE]):
        found = languages.of_short([block.text for block in said or own], declared)
    else:
        samples = [text[:LANGUAGE_SAMPLE], *([text[-LANGUAGE_SAMPLE:]] if len(text) > 2 * LANGUAGE_SAMPLE else [])]
        of_samples = [languages.of_long(sample, declared) for sample in samples]
        found = of_samples[0] if all(of_samples) else None
    if found is not None:
        name = languages.language_name(found)
        raise ReadError("read", "not_english", f"The page is not in English (it reads like {name}).")

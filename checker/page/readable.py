"""Says whether a document holds text of the page itself that can be judged, and if not, why."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from checker.errors import ReadError
from checker.values import Document, Page, Role, Visibility, Zone

#: Fewer letters than this in all of a page's own text is nothing to judge; a one-line statement has more.
MIN_LETTERS = 12
#: Walls and placeholders are short; on longer pages their phrases are part of other text.
SHORT_LETTERS = 1_200
#: py3langid misreads short text ("No pressure." as Italian); from 200 letters it is right on English prose.
MIN_LANGUAGE_LETTERS = 200
LANGUAGE_SAMPLE = 2_000
SURE = 0.9

_WALLS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    (
        "bot_wall",
        "The site asks visitors to prove that they are human.",
        re.compile(
            r"verify(?:ing)? (?:that )?you are (?:a )?human|checking your browser|just a moment\.\.\.|complete the security check|are you a robot|enable javascript and cookies to continue|unusual traffic|press (?:&|and) hold|access denied.{0,80}(?:reference|ray id|permission)|attention required|ddos protection|captcha",
            re.IGNORECASE | re.DOTALL,
        ),
    ),
    (
        "login_wall",
        "The text is behind a login.",
        re.compile(r"(?:please |you must )?(?:log|sign) ?in to (?:continue|view|see|access|read)|password protected|members only|enter (?:the |your )?password", re.IGNORECASE),
    ),
    (
        "parked",
        "The address is parked or for sale.",
        re.compile(
            r"domain (?:name )?(?:is |may be )?(?:for sale|parked)|buy this domain|this domain (?:is|has been) (?:registered|parked|for sale|expired)|account (?:has been )?suspended|this site (?:is|has been) (?:suspended|disabled)|default web ?page|welcome to nginx|it works!",
            re.IGNORECASE,
        ),
    ),
    (
        "coming_soon",
        "The site says that it is not ready yet.",
        re.compile(r"\bcoming soon\b|under construction|launching soon|site is being (?:built|updated)|under maintenance|back (?:online )?(?:soon|shortly)", re.IGNORECASE),
    ),
    (
        "cookie_wall",
        "The text is behind a consent layer.",
        re.compile(r"accept (?:all )?cookies to (?:continue|view|access)|consent to (?:continue|view)|you must be (?:18|21) (?:years )?(?:or older|of age)", re.IGNORECASE),
    ),
    (
        "http_status",
        "The site shows its error page instead of the text.",
        re.compile(r"\b404\b.{0,40}not found|page (?:you (?:are|were) looking for|not found|cannot be found|doesn.t exist|does not exist)|oops!? (?:that|this) page", re.IGNORECASE | re.DOTALL),
    ),
)
_SCRIPT = re.compile(rb"<script\b", re.IGNORECASE)
_SCRIPT_NOTICE = re.compile(r"enable javascript|javascript (?:is )?(?:required|disabled)|requires javascript|turn on javascript", re.IGNORECASE)


def require(document: Document, page: Page) -> None:
    """Raise ReadError when the document holds nothing of the page itself, or is not in English.

    Codes: empty, script_only, bot_wall, login_wall, cookie_wall, parked, coming_soon, http_status, not_english.
    """
    own = [b for b in document.blocks if b.visibility is not Visibility.HIDDEN and b.role is not Role.NOSCRIPT]
    body = " ".join(b.text for b in own if b.role not in (Role.TITLE, Role.META, Role.OPEN_GRAPH, Role.JSON_LD))
    everything = " ".join(b.text for b in document.blocks)
    letters = _letters(body)
    if letters < SHORT_LETTERS:
        _refuse_walls(f"{document.title or ''}\n{everything}", letters)
    if letters < MIN_LETTERS:
        _refuse_empty(everything, page)
    _refuse_foreign(document, body)


def _letters(text: str) -> int:
    return sum(character.isalpha() for character in text)


def _refuse_walls(text: str, letters: int) -> None:
    for code, message, pattern in _WALLS:
        if pattern.search(text):
            if code in ("coming_soon", "cookie_wall", "http_status") and letters > SHORT_LETTERS // 4:
                continue
            raise ReadError("read", code, message)


def _refuse_empty(everything: str, page: Page) -> None:
    if _SCRIPT_NOTICE.search(everything) or _SCRIPT.search(page.body):
        raise ReadError("read", "script_only", "The page holds no text of its own; scripts would add it.")
    raise ReadError("read", "empty", "The page holds no text.")


def _refuse_foreign(document: Document, body: str) -> None:
    main = [b.text for b in document.blocks if b.zone is not Zone.NAVIGATION and b.role in (Role.PARAGRAPH, Role.LIST_ITEM, Role.HEADING, Role.PDF)]
    sample = " ".join(main)[:LANGUAGE_SAMPLE] or body[:LANGUAGE_SAMPLE]
    if _letters(sample) < MIN_LANGUAGE_LETTERS:
        return
    language, confidence = _identifier().classify(sample)
    declared = (document.language or "").lower().partition("-")[0]
    if language != "en" and (declared == language or confidence >= SURE) and not (declared == "en" and confidence < SURE):
        raise ReadError("read", "not_english", f"The page is not in English (it reads like {language!r}).")


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

"""Says in which other language a text surely is, and names languages for readers, by the codes that py3langid gives."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import cache
from typing import Any

#: Text in another script is told from so many letters on.
MIN_LETTERS = 8
#: py3langid misreads short text ("No pressure." as Italian); from 200 letters its first guess is right on English prose.
LONG_LETTERS = 200
SURE = 0.9
#: In English one word in seven is one of these, in other languages hardly one in fifty: no need to ask a model.
_ENGLISH = frozenset("the and of with for your our that this you from have".split())
ENGLISH_SHARE = 0.1
#: A short text is in another language where that is so much likelier than English (difference of logarithms), as a whole
#: and with each letter of every sentence. Set on tests/fixtures/short_texts.tsv, where 32 is the most for English text
#: that the other rules leave, and 42 the least for whole sentences in other languages but one; none of 25,000 lines of
#: training_data in English comes to it.
SHORT_MARGIN = 45.0
#: The same as a whole where the page declares that language.
DECLARED_MARGIN = 15.0
LETTER_MARGIN = 0.5
#: A sentence of fewer letters ("FDA!") is in no language.
SENTENCE_LETTERS = 12
#: Names of people and places look like their language, and nearly all of their words begin with a capital letter.
NAMES_SHARE = 0.75
#: English, and what the detector calls no language at all: numbers, signs.
_NOT_FOREIGN = ("en", "zxx")
#: Terms of anatomy and names of products read like Latin, in which no page is written.
_NO_PAGES = "la"
#: Characters of a text that is looked at sentence by sentence.
MAX_SHORT = 2_000
_SENTENCE_END = re.compile(r"(?<=[.!?:;])\s+")
#: The first code point after Latin letters with their accents.
_NOT_LATIN = 0x250
#: The first after Greek and Cyrillic, whose letters English can be disguised with.
_NO_LOOK_ALIKES = 0x530

#: Those that pages about treatments are written in most; for the rest the code has to do.
_NAMES = dict(
    pair.split("=")
    for pair in (
        "af=Afrikaans am=Amharic ar=Arabic az=Azerbaijani be=Belarusian bg=Bulgarian bn=Bengali bs=Bosnian ca=Catalan cs=Czech "
        "cy=Welsh da=Danish de=German el=Greek es=Spanish et=Estonian eu=Basque fa=Persian fi=Finnish fr=French ga=Irish "
        "gl=Galician gu=Gujarati he=Hebrew hi=Hindi hr=Croatian ht=Haitian hu=Hungarian hy=Armenian id=Indonesian is=Icelandic "
        "it=Italian ja=Japanese ka=Georgian kk=Kazakh km=Khmer kn=Kannada ko=Korean la=Latin lo=Lao lt=Lithuanian lv=Latvian "
        "mk=Macedonian ml=Malayalam mn=Mongolian mr=Marathi ms=Malay my=Burmese ne=Nepali nl=Dutch nn=Norwegian no=Norwegian "
        "pa=Punjabi pl=Polish ps=Pashto pt=Portuguese ro=Romanian ru=Russian si=Sinhala sk=Slovak sl=Slovenian so=Somali "
        "sq=Albanian sr=Serbian sv=Swedish sw=Swahili ta=Tamil te=Telugu th=Thai tl=Tagalog tr=Turkish uk=Ukrainian ur=Urdu "
        "uz=Uzbek vi=Vietnamese zh=Chinese zu=Zulu"
    ).split()
)


def language_name(code: str) -> str:
    """Return the language's name with its code, or the code alone where the name is not known."""
    return f"{_NAMES[code]}, {code}" if code in _NAMES else f"language {code}"


def is_long(text: str) -> bool:
    """Say whether a text has letters enough for the detector's first guess."""
    return _letters(text) >= LONG_LETTERS


def of_long(text: str, declared: str) -> str | None:
    """Return the language of a long text if it is surely not English; ``declared`` is the page's own word on it."""
    least = MIN_LETTERS if _share_from(_NOT_LATIN, text) > 0.5 else LONG_LETTERS
    if _reads_english(text) or _letters(text) < least:
        return None
    scores = _scores(text)
    language = max(scores, key=scores.__getitem__)
    confidence = 1 / sum(math.exp(score - scores[language]) for score in scores.values())
    sure = _share_from(_NO_LOOK_ALIKES, text) > 0.5 or declared == language or confidence >= SURE
    return language if language not in _NOT_FOREIGN and sure else None


def of_short(blocks: Iterable[str], declared: str) -> str | None:
    """Return the language of a text of few letters, given in its blocks, if every sentence of it is surely not English."""
    blocks = list(blocks)
    text = " ".join(blocks)
    if _share_from(_NOT_LATIN, text) > 0.5:
        return of_long(text, declared)
    if _reads_english(text) or len(text) > MAX_SHORT or _share_of_capitals(text) > NAMES_SHARE:
        return None
    scores = _scores(text)
    likeliest = max(scores, key=scores.__getitem__)
    if likeliest == _NO_PAGES:
        return None
    margins = {language: score - scores["en"] for language, score in scores.items()}
    possible = [declared] * (margins.get(declared, 0) >= DECLARED_MARGIN) + [likeliest] * (margins[likeliest] >= SHORT_MARGIN)
    sentences = [sentence for block in blocks for sentence in _SENTENCE_END.split(block)]
    return next((language for language in possible if all(_is_in(language, sentence) for sentence in sentences)), None)


def _reads_english(text: str) -> bool:
    words = text.lower().split()
    return sum(map(_ENGLISH.__contains__, words)) >= ENGLISH_SHARE * len(words)


def _is_in(language: str, sentence: str) -> bool:
    letters = _letters(sentence)
    if letters < SENTENCE_LETTERS:
        return True
    scores = _scores(sentence)
    return scores[language] - scores["en"] >= LETTER_MARGIN * letters


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _share_from(first: int, text: str) -> float:
    """Return the share of a text's letters that stand at this code point or behind it."""
    letters = [character for character in text if character.isalpha()]
    return sum(ord(character) >= first for character in letters) / max(1, len(letters))


def _share_of_capitals(text: str) -> float:
    words: list[str] = re.findall(r"[^\W\d_]{2,}", text)
    return sum(word[0].isupper() for word in words) / max(1, len(words))


def _scores(text: str) -> dict[str, float]:
    """Return the logarithm of each language's likelihood, without a common summand."""
    return {str(language): float(score) for language, score in _identifier().rank(text)}


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)

"""Reads from an element's tag, role, class and id which part of the page it opens and who can see it."""

from __future__ import annotations

import re

from bs4.element import Tag

from checker.values import Visibility, Zone

_BY_TAG = {
    "nav": Zone.NAVIGATION,
    "header": Zone.HEADER,
    "footer": Zone.FOOTER,
    "aside": Zone.SIDEBAR,
    "form": Zone.FORM,
    "dialog": Zone.POPUP,
}
_BY_ARIA_ROLE = {
    "navigation": Zone.NAVIGATION,
    "banner": Zone.HEADER,
    "contentinfo": Zone.FOOTER,
    "complementary": Zone.SIDEBAR,
    "dialog": Zone.POPUP,
    "alertdialog": Zone.POPUP,
}
#: Words of class names and ids in common site builders, in order of precedence.
_BY_NAME = (
    (Zone.POPUP, re.compile(r"\b(?:popup|modal|lightbox|cookie|consent|gdpr)\b")),
    (Zone.TESTIMONIAL, re.compile(r"\b(?:testimonials?|reviews?|success|stories|patient story)\b")),
    (Zone.FAQ, re.compile(r"\b(?:faqs?|accordion|toggle|questions)\b")),
    (Zone.PRICING, re.compile(r"\b(?:pricing|prices?|packages?|plans)\b")),
    (Zone.DISCLAIMER, re.compile(r"\b(?:disclaimers?|disclosures?|legal|fineprint|fine print)\b")),
    (Zone.NAVIGATION, re.compile(r"\b(?:nav|navbar|menu|breadcrumbs?|submenu|megamenu)\b")),
    (Zone.FOOTER, re.compile(r"\b(?:footer|copyright|colophon)\b")),
    (Zone.SIDEBAR, re.compile(r"\b(?:sidebar|widget area)\b")),
)
_BEHIND_CLICK = re.compile(
    r"\b(?:collapse|collapsed|accordion (?:content|body|panel)|tab (?:pane|panel|content)|toggle content|panel collapse"
    r"|more content|read more content|modal|popup|lightbox|dropdown|submenu)\b"
)
_OPEN = re.compile(r"\b(?:show|active|open|in|current|opened)\b")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)", re.IGNORECASE)
_WORD_BREAK = re.compile(r"[^a-z0-9]+|(?<=[a-z])(?=[A-Z])")


def names(tag: Tag) -> str:
    """Return the words of an element's class and id, parted by spaces, in lower case."""
    classes = tag.get("class") or []
    raw = " ".join([*classes, str(tag.get("id") or "")]) if isinstance(classes, list) else str(classes)
    return _WORD_BREAK.sub(" ", raw.lower()) if raw.strip() else ""


def zone_of(tag: Tag, words: str) -> Zone | None:
    """Return the zone that this element opens, or None when it opens none."""
    if tag.name in _BY_TAG:
        return _BY_TAG[tag.name]
    role = tag.get("role")
    if isinstance(role, str) and role in _BY_ARIA_ROLE:
        return _BY_ARIA_ROLE[role]
    if not words or tag.name in ("html", "body", "main", "article"):
        return None
    return next((zone for zone, pattern in _BY_NAME if pattern.search(words)), None)


def visibility_of(tag: Tag, words: str) -> Visibility | None:
    """Return what this element does to the visibility of all in it, or None when it does nothing."""
    if tag.has_attr("hidden") or tag.name == "template" or _HIDDEN_STYLE.search(str(tag.get("style") or "")):
        return Visibility.BEHIND_CLICK if _BEHIND_CLICK.search(words) else Visibility.HIDDEN
    if tag.name == "details" and not tag.has_attr("open"):
        return Visibility.BEHIND_CLICK
    if tag.name == "dialog" and not tag.has_attr("open"):
        return Visibility.BEHIND_CLICK
    if tag.get("role") == "tabpanel" and not _OPEN.search(words) and tag.get("aria-hidden") == "true":
        return Visibility.BEHIND_CLICK
    if words and tag.name not in ("html", "body") and _BEHIND_CLICK.search(words) and not _OPEN.search(words):
        return Visibility.BEHIND_CLICK
    return None

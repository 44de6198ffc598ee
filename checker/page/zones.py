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
#: Types of schema.org that an element can say it holds (microdata).
_BY_ITEM_TYPE = {
    "Review": Zone.TESTIMONIAL,
    "FAQPage": Zone.FAQ,
    "Question": Zone.FAQ,
    "Answer": Zone.FAQ,
}
#: Words of class names and ids in common site builders, in order of precedence.
_BY_NAME = (
    (Zone.POPUP, re.compile(r"\b(?:popup|modal|lightbox|cookie|consent|gdpr|chat ?(?:widget|box|bot|window)|live ?chat)\b")),
    (Zone.TESTIMONIAL, re.compile(r"\b(?:testimonials?|reviews?|success story|stories|patient story)\b")),
    (Zone.FAQ, re.compile(r"\b(?:faqs?|accordion|(?<!nav |bar |enu )(?<!down |arch )toggle|questions)\b")),
    (Zone.PRICING, re.compile(r"\b(?:pricing|prices?|packages?|plans)\b")),
    (Zone.DISCLAIMER, re.compile(r"\b(?:disclaimers?|disclosures?|legal|fineprint|fine print)\b")),
    (Zone.NAVIGATION, re.compile(r"\b(?:nav|navbar|menu|breadcrumbs?|submenu|megamenu)\b")),
    (Zone.FOOTER, re.compile(r"\b(?:footer|copyright|colophon)\b")),
    (Zone.SIDEBAR, re.compile(r"\b(?:sidebar|widget area)\b")),
)
#: "no-sidebar" and "has-menu" say something of a page's frame, not of a place.
_OF_THE_FRAME = re.compile(r"\b(?:has|no|with|without) [a-z]+")
#: What one clicks on bears the names of what opens ("accordion-button collapsed", "video-popup") and is seen itself.
_TRIGGERS = frozenset({"a", "button", "img", "input", "summary", "label"})
#: What is in these is for browsers that do not know them.
_FALLBACKS = frozenset({"audio", "canvas", "object", "video"})
#: What only screen readers and search engines are meant to read.
_FOR_READERS = re.compile(r"\b(?:sr only|screen reader|visually ?hidden)\b")
_STORIES = frozenset({Zone.TESTIMONIAL, Zone.FAQ, Zone.PRICING, Zone.DISCLAIMER})
_BEHIND_CLICK = re.compile(
    r"\b(?:collapse|collapsed|accordion (?:content|body|panel)|tab (?:pane|panel|content)|toggle content|panel collapse"
    r"|more content|modal|popup|lightbox|dropdown (?:menu|content)|submenu|sub menu)\b"
)
_OPEN = re.compile(r"\b(?:show|active|open|in|current|opened)\b")
_PANE = re.compile(r"\btab (?:pane|panel)\b")
#: Not opacity: site builders begin with "opacity: 0" for text that a script then fades in.
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_WORD_BREAK = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])")


def names(tag: Tag) -> str:
    """Return the words of an element's class and id that say what it is, parted by spaces, in lower case."""
    classes = tag.get("class")
    raw = f"{classes if isinstance(classes, str) else ' '.join(classes or ())} {tag.get('id') or ''}"
    return _OF_THE_FRAME.sub("", _WORD_BREAK.sub(" ", raw).lower()) if raw.strip() else ""


def zone_of(tag: Tag, words: str) -> Zone | None:
    """Return the zone that this element opens, or None when it opens none."""
    zone = _BY_TAG.get(tag.name) or _BY_ARIA_ROLE.get(str(tag.get("role")))
    if "itemtype" in tag.attrs:
        zone = _BY_ITEM_TYPE.get(str(tag["itemtype"]).rstrip("/").rpartition("/")[2], zone)
    if zone not in (None, Zone.SIDEBAR) or not words or tag.name in ("html", "body", "main", "article"):
        return zone
    named = next((zone for zone, pattern in _BY_NAME if pattern.search(words)), None)
    if named is Zone.POPUP and tag.name in _TRIGGERS:
        return zone
    return named if zone is None or named in _STORIES else zone


def visibility_of(tag: Tag, words: str) -> Visibility | None:
    """Return what this element does to the visibility of all in it, or None when it does nothing."""
    is_panel = tag.name not in _TRIGGERS and _BEHIND_CLICK.search(words) is not None and not _holds_panes(tag, words)
    if tag.has_attr("hidden") or tag.name in _FALLBACKS or _is_template(tag) or _HIDDEN_STYLE.search(str(tag.get("style") or "")):
        opens = is_panel or tag.get("role") == "tabpanel" or tag.get("hidden") == "until-found"
        return Visibility.BEHIND_CLICK if opens else Visibility.HIDDEN
    if tag.name in ("details", "dialog") and not tag.has_attr("open"):
        return Visibility.BEHIND_CLICK
    if words and _FOR_READERS.search(words):
        return Visibility.SEARCH_ENGINE
    if _OPEN.search(words):
        return None
    if tag.get("role") == "tabpanel" and tag.get("aria-hidden") == "true":
        return Visibility.BEHIND_CLICK
    return Visibility.BEHIND_CLICK if is_panel and tag.name not in ("html", "body") else None


def _is_template(tag: Tag) -> bool:
    """Say whether this is markup that waits for a script; a shadow root that the page itself declares is shown."""
    return tag.name == "template" and not tag.has_attr("shadowrootmode")


def _holds_panes(tag: Tag, words: str) -> bool:
    """Say whether this is the frame around a set of tabs (Bootstrap's tab-content): one of them is always seen."""
    if "tab content" not in words:
        return False
    children = (child for child in tag.children if isinstance(child, Tag))
    return any(_PANE.search(names(child)) or child.get("role") == "tabpanel" for child in children)

"""Finds the frames whose page was not read with the page around them, ordinary embeds left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

from checker.fingerprint import registered_domain
from checker.values import Document, Note, Page

#: Frames of a page that are named.
MAX_NAMED = 5
NOT_READ = "A part of the page is in a frame that was not read with it. Its address can be checked by itself: {address}"
#: Films and sound, maps, counters, booking and payment, forms, chats, visitor checks, social networks: by domain.
_EMBEDS = frozenset(
    """youtube.com youtube-nocookie.com youtu.be vimeo.com wistia.com wistia.net vidyard.com dailymotion.com brightcove.net
    jwplayer.com loom.com spotify.com soundcloud.com simplecast.com libsyn.com podbean.com
    openstreetmap.org mapbox.com mapquest.com bing.com
    googletagmanager.com google-analytics.com doubleclick.net googlesyndication.com hotjar.com clarity.ms adsrvr.org
    calendly.com acuityscheduling.com squareup.com square.site setmore.com simplybook.me zocdoc.com vagaro.com mindbodyonline.com
    nexhealth.com janeapp.com practicebetter.io leadconnectorhq.com msgsndr.com gohighlevel.com appointlet.com youcanbook.me
    stripe.com stripe.network paypal.com carecredit.com withcherry.com shop.app
    jotform.com typeform.com hsforms.com hsforms.net hubspot.com formstack.com wufoo.com cognitoforms.com
    intercom.io tawk.to drift.com crisp.chat livechatinc.com tidio.co zendesk.com podium.com
    recaptcha.net hcaptcha.com cloudflare.com arkoselabs.com
    facebook.com instagram.com twitter.com x.com tiktok.com linkedin.com pinterest.com""".split()
)
#: What a large firm's own names serve beside pages of other people (whose sites stand under sites.google.com).
_GOOGLE = re.compile(r"(?:maps|www|accounts|calendar|translate|tpc|ogs)\.google\.[a-z.]{2,6}|google\.[a-z.]{2,6}")


def unread(document: Document, page: Page) -> tuple[str, ...]:
    """Return the addresses of frames that hold pages of their own and were not read, each once, as far as they can be told."""
    around = page.final_url or (page.source if page.source.startswith("http") else "")
    addresses = dict.fromkeys(_joined(around, source) for source in document.frames)
    left = (address for address in addresses if not (_is_embed(address) or address == around))
    if not page.rendered:
        return tuple(left)
    # A frame of the page's own origin that was read is written in its place; of another, whose address the browser may have led
    # on, one frame of its host is taken for each that was read.
    read = Counter(map(_host, document.frames_read))
    found = []
    for address in left:
        host = _host(address)
        if address in document.frames_read or (host != _host(around) and read[host] > 0):
            read[host] -= 1
        else:
            found.append(address)
    return tuple(found)


def of_same_site(document: Document, page: Page) -> bool:
    """Say whether a frame that was not read is of the page's own site: a browser reads it with the page."""
    own = site(page.final_url or page.source)
    return bool(own) and any(site(address) == own for address in unread(document, page))


def notes(addresses: Sequence[str]) -> tuple[Note, ...]:
    """Return a note for each of the first frames that were not read."""
    return tuple(Note(code="frame_not_read", message=NOT_READ.format(address=address)) for address in addresses[:MAX_NAMED])


def site(url: str) -> str:
    """Return the registered domain of an address, or its host where it has none."""
    return registered_domain(url) or _host(url)


def _joined(around: str, source: str) -> str:
    try:
        return urljoin(around, source).partition("#")[0]
    except ValueError:
        return source


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _is_embed(address: str) -> bool:
    host = _host(address)
    return registered_domain(address) in _EMBEDS or _GOOGLE.fullmatch(host) is not None

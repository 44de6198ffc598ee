"""Parts what people paste into web addresses, as they stand in messages, and the words around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

from checker.page.address import MAX_LENGTH

#: How an address begins, also where a sign was lost on the way: "http:/", "https//".
_SCHEME = re.compile(r"(https?)(?::[/\\]{0,3}|//)(?=[\w\[])", re.IGNORECASE)
_INSIDE = re.compile(r"https?:[/\\]{1,3}(?=[\w\[])", re.IGNORECASE)
#: What stands around an address in a sentence, and what no address holds.
_UNSEEN = "\u00ad\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
_BEFORE = "([{<\"'“”‘’«»‹›*_`|" + _UNSEEN
_AFTER = ".,;:!?\"'“”‘’«»‹›*`|>…" + _UNSEEN
_PAIRS = {")": "(", "]": "[", "}": "{"}
_NEVER_IN_ONE = re.compile(r"[<>\"“”«»]")
#: Signs that are taken off one end of a word at most.
_MOST_SIGNS = 12
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+")
#: Where a line breaks within an address, one of these ends it or begins the next.
_JOINTS = "/?#&=%_-"
#: The ending that the page's own examples have (RFC 2606); no list of suffixes holds it.
_EXAMPLE = "example"


@dataclass(frozen=True, kw_only=True)
class Pasted:
    """The addresses in a text, each once, in order, and the words that are left without them.

    An address has a scheme, or none where it was typed so. ``is_broken`` says that one seems to go on in another line.
    """

    addresses: tuple[str, ...]
    words: str
    is_broken: bool = False


def parted(text: str) -> Pasted:
    """Return the addresses and the other words of a text."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    is_column = len(lines) > 1 and not any(line.split()[1:] for line in lines)
    if is_column and _is_one_address(lines):
        if all(first[-1] in _JOINTS or second[0] in _JOINTS for first, second in pairwise(lines)):
            return parted("".join(lines))
        return Pasted(addresses=(), words=text, is_broken=True)
    words: list[str] = []
    found: dict[str, None] = {}
    for word in _words(text):
        before, address = _split(word)
        words.extend([before] if address else [word])
        found.update({address: None} if address else {})
    return Pasted(addresses=_without_hosts_alone(list(found)), words=" ".join(filter(None, words)))


def cleaned(word: str) -> str:
    """Return an address without the signs of a sentence around it, and with the scheme that was meant."""
    word = _bare(word.strip())
    scheme = _SCHEME.match(word)
    return f"{scheme[1].lower()}://{word[scheme.end() :]}" if scheme else word


def _words(text: str) -> Iterator[str]:
    """Yield the words of a text; addresses that only a comma parts are two."""
    for word in text.split():
        yield from re.split(r"[,;](?=https?:)", word) if len(word) <= MAX_LENGTH else [word]


def _is_one_address(lines: list[str]) -> bool:
    return bool(_split(lines[0])[1]) and not any(_split(line)[1] for line in lines[1:])


def _split(word: str) -> tuple[str, str]:
    """Return what stands before an address in a word, and the address; no address where there is none."""
    if len(word) > MAX_LENGTH or not ("." in word or ":" in word or "//" in word):
        return word, ""
    bare = _bare(word)
    if _SCHEME.match(bare):
        return "", cleaned(_NEVER_IN_ONE.split(bare)[0])
    if _is_host(bare):
        return "", bare
    inside = _INSIDE.search(word)
    if inside is None:
        return word, ""
    return word[: inside.start()].strip(_BEFORE), cleaned(_NEVER_IN_ONE.split(word[inside.start() :])[0])


def _bare(word: str) -> str:
    """Return a word without the signs around it; a bracket stays where the word holds its fellow."""
    for _ in range(_MOST_SIGNS):
        if not word or word[0] not in _BEFORE or (word[0] == "[" and _is_ipv6(word)):
            break
        word = word[1:]
    for _ in range(_MOST_SIGNS):
        last = word[-1:]
        if not last or not (last in _AFTER or (last in _PAIRS and word.count(last) > word.count(_PAIRS[last]))):
            break
        word = word[:-1]
    return word


def _is_ipv6(word: str) -> bool:
    return word[1:].partition("]")[0].count(":") > 1


def _is_host(word: str) -> bool:
    """Say whether a word is a host's name under an ending that there is, with or without a path."""
    name = re.split(r"[/?#:]", word, maxsplit=1)[0]
    ending = name.rpartition(".")[2]
    if "://" in word or not _HOST.fullmatch(name) or not (ending.islower() or name.isupper()):
        return False
    return name.lower().startswith("www.") or ending.lower() == _EXAMPLE or _has_known_ending(name.lower())


def _has_known_ending(host: str) -> bool:
    try:
        return _suffixes().privatesuffix(host.encode("idna").decode("ascii")) is not None
    except UnicodeError:
        return False


@cache
def _suffixes() -> PublicSuffixList:
    """Return the list of endings that comes with the package; nothing is fetched."""
    return PublicSuffixList(accept_unknown=False)


def _without_hosts_alone(found: list[str]) -> tuple[str, ...]:
    """Leave out a site's bare name beside an address on it, as previews of links show it."""
    full = {host(address) for address in found if "://" in address}
    return tuple(address for address in found if "://" in address or "/" in address or host(address) not in full)


def host(address: str) -> str:
    """Return the host that an address names, without "www."; nothing where it names none."""
    try:
        name = urlsplit(address if "://" in address else f"//{address}").hostname
    except ValueError:
        return ""
    return (name or "").removeprefix("www.")

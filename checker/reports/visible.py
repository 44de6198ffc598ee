"""Turns characters that steer a terminal or the direction of text into escapes that can be seen."""

from __future__ import annotations

import unicodedata
from typing import TextIO

#: Controls, format characters, separators of lines, surrogates and private use.
_STEERING = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co"})
#: Format characters that only join or part letters; they stay.
_HARMLESS = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")


def visible(text: str) -> str:
    r"""Return the text with white space as spaces and steering characters as escapes such as ``\x1b``."""
    return text if text.isascii() and text.isprintable() else "".join(map(_shown, text))


def _shown(char: str) -> str:
    if char in "\t\n\r":
        return " "
    if unicodedata.category(char) not in _STEERING or char in _HARMLESS:
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def encoding_of(stream: TextIO) -> str:
    """Return the name of a stream's encoding; a stream without one takes any character."""
    return (getattr(stream, "encoding", None) or "utf-8").lower()


def takes_all(stream: TextIO) -> bool:
    """Say whether a stream writes UTF-8, so that every character can be written as it is."""
    return encoding_of(stream) in ("utf-8", "utf8", "utf-8-sig")

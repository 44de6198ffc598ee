"""Turns what a person typed into an address that may be asked for."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

import idna

from checker.errors import ReadError
from checker.page.kinds import DEFAULT_PORTS

#: Usual servers refuse request lines of more than 8,000 bytes.
MAX_LENGTH = 8_000
#: Controls, invisible format characters, lone surrogates and every kind of white space.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})
#: Host names of letters, digits, hyphens and (met in practice) underscores; also the old notations of IPv4.
_HOST = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
_MAX_HOST = 253
#: What may stand unquoted in a path or query; "%" keeps what is quoted already.
_SAFE = "!#$%&'()*+,/:;=?@[]~"


def check_address(text: str) -> str:
    """Return the address in plain ASCII: host in lower case and punycode, no default port, no fragment.

    White space around it is dropped. Whether the host may be read at all is decided when it is looked up.
    Raises ReadError unsupported_address for anything but http(s), for a user name or password, white space or
    control characters inside, a missing or malformed host, and a bad port.
    """
    text = text.strip()
    _check_characters(text)
    parts = _split(text)
    if parts.scheme not in DEFAULT_PORTS:
        raise _unsupported("Only addresses that begin with http:// or https:// can be read.")
    if "@" in parts.netloc:
        raise _unsupported("An address with a user name or password in it (before an @) is not read.")
    netloc = _host(parts) + _port(parts)
    return urlunsplit((parts.scheme, netloc, quote(parts.path, _SAFE) or "/", quote(parts.query, _SAFE), ""))


def _unsupported(message: str) -> ReadError:
    return ReadError("address", "unsupported_address", message)


def _check_characters(text: str) -> None:
    """Refuse what an address never holds and what parsers read in different ways."""
    if len(text) > MAX_LENGTH:
        raise _unsupported(f"The address is longer than {MAX_LENGTH:,} characters.")
    if "\\" in text:
        raise _unsupported("An address holds no backslash.")
    if any(unicodedata.category(char) in _UNSEEN for char in text):
        raise _unsupported("The address holds white space or an invisible character.")


def _split(text: str) -> SplitResult:
    try:
        return urlsplit(text)
    except ValueError as error:
        raise _unsupported("The address is malformed.") from error


def _host(parts: SplitResult) -> str:
    """Return the host as it stands in an address: brackets around IPv6, punycode for other alphabets."""
    host = (parts.hostname or "").removesuffix(".")
    if not host:
        raise _unsupported("The address names no host.")
    if ":" in host:
        return f"[{_ipv6(host)}]"
    if not host.isascii():
        host = _punycode(host)
    if len(host) > _MAX_HOST or not _HOST.fullmatch(host):
        raise _unsupported("The host name in the address is malformed.")
    return host


def _ipv6(host: str) -> str:
    """Return the shortest notation; a zone (fe80::1%eth0) means something on one machine only and is refused."""
    try:
        address = ipaddress.IPv6Address(host)
    except ValueError as error:
        raise _unsupported("The IPv6 address is malformed.") from error
    if address.scope_id is not None:
        raise _unsupported("An IPv6 address with a zone is not read.")
    return str(address)


def _punycode(host: str) -> str:
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise _unsupported("The host name in the address is malformed.") from error


def _port(parts: SplitResult) -> str:
    """Return ":port", or nothing for the scheme's own port."""
    try:
        port = parts.port
    except ValueError as error:
        raise _unsupported("The port in the address is malformed.") from error
    if port == 0:
        raise _unsupported("The port in the address is malformed.")
    return "" if port in (None, DEFAULT_PORTS[parts.scheme]) else f":{port}"

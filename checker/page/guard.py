"""Turns settings into what may be reached and how long it may take: permitted addresses, look-up, deadline."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from contextlib import suppress
from functools import lru_cache

from AntiSSRF import AntiSSRFError, AntiSSRFPolicy, PolicyConfigOptions  # type: ignore[import-untyped]

from checker.errors import ReadError, SettingsError
from checker.settings import Settings


def _not_global_ipv6() -> list[str]:
    """Return all of IPv6 outside 2000::/3, where the public addresses are.

    The mapped IPv4 addresses (::ffff:0:0/96) are left out: they are judged as IPv4.
    """
    mapped = ipaddress.IPv6Network("::ffff:0:0/96")
    low = ipaddress.IPv6Network("::/3").address_exclude(mapped)
    return [*map(str, low), "4000::/2", "8000::/1"]


@lru_cache(maxsize=8)
def address_policy(allow_private: bool, allow_addresses: tuple[str, ...]) -> AntiSSRFPolicy:
    """Return which addresses may be reached: public ones, and the CIDR networks that are allowed on top.

    Raises SettingsError for a malformed network.
    """
    policy = AntiSSRFPolicy(PolicyConfigOptions.NONE if allow_private else PolicyConfigOptions.EXTERNAL_ONLY_LATEST)
    policy.allow_plain_text_http = True
    policy.add_xff_header = False
    if not allow_private:
        policy.add_denied_addresses(_not_global_ipv6())
    if allow_addresses:
        try:
            policy.add_allowed_addresses(allow_addresses)
        except AntiSSRFError as error:
            raise SettingsError(f"allow_addresses: {error}") from error
    return policy


class Deadline:
    """One time limit for a whole read: when it passes, every connection watched is shut, whatever it waits for."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.passed = False
        self._end = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._watched: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._pass)
        self._timer.daemon = True

    def __enter__(self) -> Deadline:
        self._timer.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._timer.cancel()
        with self._lock:
            for sock in self._watched:
                sock.close()
            self._watched.clear()

    def left(self, at_most: float) -> float:
        """Return the seconds left, at most this many, never 0 (sockets take 0 for "do not wait at all")."""
        return max(0.001, min(at_most, self._end - time.monotonic()))

    def watch(self, sock: socket.socket) -> None:
        """Shut this connection when the time is over, through a handle of our own: TLS takes the socket away."""
        with self._lock:
            self._watched.append(sock.dup())
        if self.passed:
            self._pass()

    def _pass(self) -> None:
        self.passed = True
        with self._lock:
            for sock in self._watched:
                with suppress(OSError):  # the other side may have closed it
                    sock.shutdown(socket.SHUT_RDWR)

    def check(self) -> None:
        """Raise ReadError timeout when the time is over."""
        if self.passed:
            raise ReadError("fetch", "timeout", f"The site did not answer in full within {self.seconds:g} seconds.")


def look_up(host: str, settings: Settings, deadline: Deadline) -> list[str]:
    """Return the host's IP addresses: itself, those of settings.hosts, or those of DNS.

    Raises socket.gaierror for an unknown host, TimeoutError when DNS takes longer than the deadline and
    SettingsError for an entry of settings.hosts that is no address.
    """
    with suppress(ValueError):
        return [str(ipaddress.ip_address(host))]
    given = [address for name, address in settings.hosts if name.lower().rstrip(".") == host]
    try:
        return [str(ipaddress.ip_address(address)) for address in given] or _ask_dns(host, deadline)
    except ValueError as error:
        raise SettingsError(f"hosts: {host} needs an IP address, not {', '.join(given)}.") from error


def permitted_addresses(host: str, settings: Settings, deadline: Deadline) -> list[str]:
    """Return the host's IP addresses, all of them judged: one that is not permitted shuts the host.

    Raises AntiSSRFError for an address that is not permitted, and the errors of ``look_up``.
    """
    policy = address_policy(settings.allow_private, settings.allow_addresses)
    addresses = look_up(host, settings, deadline)
    for address in addresses:
        if not policy._is_str_ip_address_connection_allowed(address):
            raise AntiSSRFError(f"{address} is denied by policy")
    return addresses


def _ask_dns(host: str, deadline: Deadline) -> list[str]:
    """Look the host up in a thread of its own, for a look-up cannot be interrupted."""
    answer: list[str] = []
    failure: list[OSError] = []

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            answer.extend(dict.fromkeys(str(place[0]) for *_, place in found))
        except UnicodeError:  # Python's own check of the name's form
            failure.append(socket.gaierror(socket.EAI_NONAME, "malformed name"))
        except OSError as error:
            failure.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(deadline.left(deadline.seconds))
    if failure:
        raise failure[0]
    if not answer:
        raise TimeoutError(f"looking up {host} took too long")
    return answer

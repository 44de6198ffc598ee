"""Turns the digest of an evidence file's package into an RFC 3161 time stamp of an outside authority, and checks one.

rfc3161-client (Apache-2.0, from the authors of sigstore's client) does the encoding and the check of the signature.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import requests
import urllib3
from AntiSSRF import AntiSSRFError  # type: ignore[import-untyped]

from checker.errors import EvidenceError, ReadError, SettingsError
from checker.page.guard import Deadline
from checker.page.transport import open_session, read_body
from checker.settings import Settings

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampResponse

MISSING = "rfc3161-client is not installed: pip install 'clinic-claim-checker[timestamp]'."
#: An answer with its chain of certificates holds 3 to 8 kB.
MAX_BYTES = 100_000
_SHA256 = "2.16.840.1.101.3.4.2.1"


def ask(data: bytes, settings: Settings) -> str:
    """Return the authority's answer for the data, in base64; only the SHA-256 leaves this machine.

    Raises EvidenceError when the authority cannot be reached or answers with anything else.
    """
    try:
        from rfc3161_client import HashAlgorithm, TimestampRequestBuilder
    except ImportError as error:
        raise EvidenceError(MISSING) from error
    request = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()
    answer = _posted(request.as_bytes(), settings)
    response = _decoded(answer)
    if _imprint(response) != hashlib.sha256(data).digest() or response.tst_info.nonce != request.nonce:
        raise EvidenceError("The time stamp is not the one that was asked for.")
    return base64.b64encode(answer).decode("ascii")


def _posted(query: bytes, settings: Settings) -> bytes:
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    try:
        with Deadline(settings.total_timeout) as deadline, open_session(settings, deadline) as session:
            response = session.post(settings.timestamp_url, data=query, headers=headers, stream=True, allow_redirects=False)
            response.raise_for_status()
            return read_body(response, MAX_BYTES)
    except (requests.RequestException, urllib3.exceptions.HTTPError, AntiSSRFError, OSError, ReadError) as error:
        message = f"The time stamp authority {settings.timestamp_url} gave no answer ({type(error).__name__})."
        raise EvidenceError(message) from error


def _decoded(answer: bytes) -> TimeStampResponse:
    from rfc3161_client import decode_timestamp_response

    try:
        response = decode_timestamp_response(answer)
        if response.status != 0:
            raise EvidenceError("The time stamp authority refused.")
        response.tst_info.gen_time  # noqa: B018  # reading it shows whether there is one
    except ValueError as error:
        raise EvidenceError(f"The answer is no time stamp in strict DER ({str(error)[:100]}).") from error
    return response


def _imprint(response: TimeStampResponse) -> bytes | None:
    """Return the SHA-256 that was stamped, None for another kind of digest."""
    imprint = response.tst_info.message_imprint
    return imprint.message if imprint.hash_algorithm.dotted_string == _SHA256 else None


def check(token: object, data: bytes, roots: Sequence[Certificate] = ()) -> datetime:
    """Return when the data were stamped; the signature is checked only against roots that the reader gives.

    Raises EvidenceError when the stamp is none, is of other data, or its signature does not lead to a root, and ImportError
    where nothing is installed that reads it.
    """
    from rfc3161_client import VerificationError, VerifierBuilder

    try:
        response = _decoded(base64.b64decode(str(token), validate=True))
    except binascii.Error as error:
        raise EvidenceError("The time stamp is no base64.") from error
    if _imprint(response) != hashlib.sha256(data).digest():
        raise EvidenceError("The time stamp is of other data.")
    if roots:
        builder = VerifierBuilder()
        for root in roots:
            builder = builder.add_root_certificate(root)
        try:
            builder.build().verify_message(response, data)
        except VerificationError as error:
            raise EvidenceError(f"The time stamp's signature does not hold: {error}.") from error
    return response.tst_info.gen_time


def read_roots(path: Path) -> list[Certificate]:
    """Return the certificates of a PEM file; raises SettingsError when it holds none."""
    try:
        from cryptography import x509
    except ImportError as error:
        raise SettingsError(MISSING) from error
    try:
        return list(x509.load_pem_x509_certificates(path.read_bytes()))
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise SettingsError(f"{path} holds no certificates in PEM form.") from error

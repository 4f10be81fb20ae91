"""Tokens that say themselves whose they are and until when, signed: JSON Web Tokens with HMAC-SHA-256.

A signature alone lets nobody in: what a token stands for is looked up, so that it can be taken back.
Source: RFC 7515 (compact serialisation), RFC 7519.
"""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

_HEADER = urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').rstrip(b"=")
# Ours have some 300 characters.
_LENGTH_MAX = 2_000


def signed_token(key: bytes, claims: Mapping[str, str | int]) -> str:
    """The claims as a token signed under the key."""
    signed = b".".join((_HEADER, _encoded(json.dumps(claims, separators=(",", ":")).encode())))
    return b".".join((signed, _signature(key, signed))).decode()


def signed_claims(key: bytes, token: str) -> dict[str, Any] | None:
    """The claims of a token that was signed under the key, ended ones too; None for any other text."""
    if len(token) > _LENGTH_MAX or not token.isascii():
        return None
    signed, _, signature = token.encode().rpartition(b".")
    header, _, claims = signed.partition(b".")
    if header != _HEADER or not hmac.compare_digest(signature, _signature(key, signed)):
        return None
    found: dict[str, Any] = json.loads(_decoded(claims))
    return found


def _signature(key: bytes, signed: bytes) -> bytes:
    return _encoded(hmac.digest(key, signed, "sha256"))


def _encoded(content: bytes) -> bytes:
    return urlsafe_b64encode(content).rstrip(b"=")


def _decoded(text: bytes) -> bytes:
    """What was encoded; the signature has been checked, so that it is our own."""
    return urlsafe_b64decode(text + b"=" * (-len(text) % 4))

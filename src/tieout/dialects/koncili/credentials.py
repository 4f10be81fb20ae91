"""Who signs in: an e-mail address and a password in base64, joined first or each by itself.

One page of the vendor shows base64 of the joined `email:password`, another says that both parts are encoded; all
readings of that are taken, since an address has an @ and base64 has none.
"""

import binascii
from base64 import b64decode, b64encode
from typing import NamedTuple

from tieout.contracts.http_faults import HttpFault, RequestFault

_LENGTH_MAX = 4_000


class Credentials(NamedTuple):
    """What somebody signs in with."""

    email: str
    password: str


def read_credentials(text: str) -> Credentials:
    """The address and the password. Raises RequestFault (400) for what is neither form."""
    if len(text) > _LENGTH_MAX:
        raise _unreadable()
    joined = text if ":" in text else _decoded(text)
    email, colon, password = joined.partition(":")
    if not colon:
        raise _unreadable()
    if "@" not in email:
        email, password = _decoded(email), _decoded(password)
    return Credentials(email, password)


def write_joined(credentials: Credentials) -> str:
    """Base64 of both with a colon between them."""
    return _encoded(":".join(credentials))


def write_apart(credentials: Credentials) -> str:
    """Base64 of each, with a colon between them."""
    return ":".join(map(_encoded, credentials))


def _encoded(text: str) -> str:
    return b64encode(text.encode()).decode()


def _decoded(text: str) -> str:
    """Text in base64 of either alphabet, broken into lines or not, padded or not."""
    compact = "".join(text.split()).rstrip("=").replace("-", "+").replace("_", "/")
    try:
        decoded = b64decode(compact + "=" * (-len(compact) % 4), validate=True).decode()
    except (binascii.Error, ValueError):
        raise _unreadable() from None
    if "\0" in decoded:
        raise _unreadable()
    return decoded


def _unreadable() -> RequestFault:
    return RequestFault(HttpFault(400, "bad_credentials", "this must be base64 of email:password", "credentials"))

"""Cursors of lists: opaque to the client, signed, and good for nothing but the list that gave them."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import ClassVar, TypeAlias

from tieout.kernel.errors import TieoutError

Position: TypeAlias = Sequence[int | str]

# 128 bits: nobody guesses one.
_SIGNATURE_LENGTH = 16


class BadCursor(TieoutError):
    """A cursor was changed, or belongs to another list, to other filters or to somebody else."""

    code: ClassVar[str] = "bad_cursor"

    def __init__(self) -> None:
        super().__init__("this is not a cursor of this list; begin again without one")


def cursor_of(key: bytes, bound: Sequence[str], position: Position) -> str:
    """The cursor behind a position in an order.

    key: the sealer's signing key for cursors. bound: whose list it is, which, and how it was filtered.
    """
    place = json.dumps(list(position), ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_signature(key, bound, place) + place).decode("ascii").rstrip("=")


def position_of(key: bytes, bound: Sequence[str], cursor: str) -> list[int | str]:
    """The position that a cursor names. Raises BadCursor."""
    try:
        signed = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except (UnicodeEncodeError, binascii.Error):
        raise BadCursor from None
    signature, place = signed[:_SIGNATURE_LENGTH], signed[_SIGNATURE_LENGTH:]
    if not hmac.compare_digest(signature, _signature(key, bound, place)):
        raise BadCursor
    position: list[int | str] = json.loads(place)
    return position


def _signature(key: bytes, bound: Sequence[str], place: bytes) -> bytes:
    belonging = json.dumps(list(bound), ensure_ascii=False).encode()
    return hmac.new(key, belonging + b"\0" + place, hashlib.sha256).digest()[:_SIGNATURE_LENGTH]

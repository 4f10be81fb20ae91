"""Instants on the wire: UTC to the millisecond going out, any offset and up to six decimals coming in."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import ClassVar

from tieout.kernel.errors import TieoutError

_MILLION = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,6}))?([Zz]|[+-][0-9]{2}:?[0-9]{2})?",
    re.ASCII,
)


class NotAnInstant(TieoutError):
    """A text names no instant."""

    code: ClassVar[str] = "not_an_instant"

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__("this is not an instant like 2024-01-01T00:00:00Z")


def instant_text(at: int) -> str:
    """Microseconds since 1970 UTC as `2024-03-05T15:14:14.728Z`."""
    whole = datetime.fromtimestamp(at // _MILLION, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{whole}.{at % _MILLION // 1000:03}Z"


def instant_of(text: str) -> int:
    """Microseconds since 1970 UTC of an ISO 8601 text; without an offset it is UTC. Raises NotAnInstant."""
    parts = _INSTANT.fullmatch(text)
    if parts is None:
        raise NotAnInstant(text)
    day, clock, decimals, offset = parts.groups()
    try:
        local = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=_zone(offset))
    except ValueError:
        raise NotAnInstant(text) from None
    since = local - _EPOCH
    return (since.days * 86_400 + since.seconds) * _MILLION + int((decimals or "0").ljust(6, "0"))


def _zone(offset: str | None) -> timezone:
    """Raises ValueError for an offset of a day or more."""
    if offset in (None, "Z", "z"):
        return UTC
    hours, minutes = int(offset[1:3]), int(offset[-2:])
    if minutes >= 60:
        raise ValueError(offset)
    ahead = timedelta(hours=hours, minutes=minutes)
    return timezone(-ahead if offset[0] == "-" else ahead)

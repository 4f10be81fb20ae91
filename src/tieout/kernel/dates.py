"""Calendar days. A booking day is the bank's local day as written; it is never shifted to another time zone."""

import re
from datetime import date

from tieout.kernel.errors import TieoutError

# A day that is absent, in columns of days since 1970-01-01.
NO_DAY = -(2**31)

_EPOCH = date(1970, 1, 1).toordinal()
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)


class NotADay(TieoutError):
    """The text is not a calendar day written YYYY-MM-DD."""

    code = "not_a_date"

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(f"{text!r} is not a date like 2026-05-31")


def day_of_text(text: str) -> date:
    """The day that `YYYY-MM-DD` names; nothing else is accepted. Raises NotADay."""
    parts = _ISO_DAY.fullmatch(text)
    if parts is None:
        raise NotADay(text)
    try:
        return date(int(parts[1]), int(parts[2]), int(parts[3]))
    except ValueError:
        raise NotADay(text) from None


def day_number(day: date | None) -> int:
    """Days since 1970-01-01; NO_DAY for an absent day."""
    return NO_DAY if day is None else day.toordinal() - _EPOCH


def day_of_number(number: int) -> date | None:
    """The day behind a day number; None for NO_DAY."""
    return None if number == NO_DAY else date.fromordinal(number + _EPOCH)


def day_text(number: int) -> str:
    """YYYY-MM-DD of a day number; empty for NO_DAY."""
    day = day_of_number(number)
    return "" if day is None else day.isoformat()

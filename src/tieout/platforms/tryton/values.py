"""Days, instants and decimals as Tryton's JSON-RPC writes them: objects that name their class."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from tieout.contracts.platform import PlatformFault
from tieout.kernel.errors import printable

Row: TypeAlias = Mapping[str, Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def wire_decimal(amount: Decimal) -> Row:
    """An exact number, also for fields that Tryton keeps as floats."""
    return {"__class__": "Decimal", "decimal": f"{amount:f}"}


def wire_day(day: date) -> Row:
    """A day without a time."""
    return {"__class__": "date", "year": day.year, "month": day.month, "day": day.day}


def wire_instant(microseconds: int) -> Row:
    """An instant; Tryton keeps them in UTC and says no zone."""
    at = _EPOCH + timedelta(microseconds=microseconds)
    return {
        "__class__": "datetime",
        "year": at.year,
        "month": at.month,
        "day": at.day,
        "hour": at.hour,
        "minute": at.minute,
        "second": at.second,
        "microsecond": at.microsecond,
    }


def decimal_of(told: Any) -> Decimal:
    """A number of an answer, whichever of its three spellings it has; zero where it is not set."""
    text = told.get("decimal") if isinstance(told, Mapping) else told
    try:
        return Decimal(0 if text is None else str(text))
    except InvalidOperation:
        raise PlatformFault("malformed", f"Tryton answered {text!r} where a number stands") from None


def decimal_text(told: Any) -> str:
    """A number of an answer as plain decimal text, never with an exponent."""
    return f"{decimal_of(told):f}"


def day_of(told: Any) -> date | None:
    """A day of an answer."""
    if told is None:
        return None
    try:
        return date(told["year"], told["month"], told["day"])
    except (TypeError, LookupError, ValueError):
        raise PlatformFault("malformed", f"Tryton answered {told!r} where a day stands") from None


def day_text(told: Any) -> str | None:
    """A day of an answer as `2026-11-20`."""
    day = day_of(told)
    return None if day is None else day.isoformat()


def microseconds_of(told: Any) -> int:
    """An instant of an answer in microseconds since 1970; 0 where there is none."""
    if told is None:
        return 0
    parts = ("year", "month", "day", "hour", "minute", "second", "microsecond")
    try:
        year, month, day, hour, minute, second, microsecond = (told[part] for part in parts)
        at = datetime(year, month, day, hour, minute, second, microsecond, tzinfo=UTC)
    except (TypeError, LookupError, ValueError):
        raise PlatformFault("malformed", f"Tryton answered {told!r} where an instant stands") from None
    return (at - _EPOCH) // _MICROSECOND


def told_day(text: str) -> date:
    """A day of a body that is to be sent. Raises PlatformFault (refused)."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise PlatformFault("refused", f"{text!r} is no day like 2026-11-20") from None


def told_decimal(text: str) -> Decimal:
    """An amount of a body that is to be sent. Raises PlatformFault (refused)."""
    try:
        return Decimal(text)
    except InvalidOperation:
        raise PlatformFault("refused", f"{text!r} is no amount like -1234.50") from None


def one_line(text: str | None) -> str:
    """A text as Tryton's one-line fields take it: they refuse tabs and line ends."""
    return printable(text or "").strip()

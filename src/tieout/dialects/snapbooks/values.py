"""Amounts, rates, days and instants as the vendor writes them: decimals are strings of six places."""

from datetime import UTC, datetime

from tieout.contracts.exact_json import Amount
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.dates import NotADay, day_number, day_of_text, day_text
from tieout.kernel.errors import Refusal
from tieout.kernel.money import AmountOutOfRange, TooManyDecimals, decimal_text

PLACES = 6
_MICROSECONDS = 1_000_000
_DAY = 86_400 * _MICROSECONDS


def six(text: str) -> str:
    """A decimal text with exactly six places; it has no more of them that are not zero."""
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals[:PLACES].ljust(PLACES, '0')}"


def amount_text(minor_units: int, currency: str) -> str:
    """An amount as the vendor writes it: 150000 of NOK is "1500.000000"."""
    return six(decimal_text(minor_units, EXPONENTS[currency]))


def minor_units(amount: Amount, currency: str, concerns: str) -> tuple[int, list[Refusal]]:
    """An amount in minor units of its currency; 0 with a refusal where it is none."""
    if currency not in EXPONENTS:
        return 0, [Refusal("unknown_currency", f"{concerns}.currency_code".lstrip("."))]
    try:
        return amount.minor_units(currency), []
    except (TooManyDecimals, AmountOutOfRange) as fault:
        return 0, [Refusal(fault.code, f"{concerns}.amount".lstrip("."))]


def rate_text(text: str) -> str:
    """A rate as it is kept: without zeros at the end, so that equal rates are equal texts."""
    return (text.rstrip("0").rstrip(".") if "." in text else text).lstrip("0") or "0"


def instant_text(microseconds: int) -> str:
    """An instant in UTC: 2024-03-15T10:00:00Z."""
    return datetime.fromtimestamp(microseconds // _MICROSECONDS, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant_of_day(day: int) -> int:
    """The first microsecond of a UTC day."""
    return day * _DAY


def day_or_none(day: int | None) -> str | None:
    """A day as YYYY-MM-DD."""
    return None if day is None else day_text(day)


def day_of(text: str, concerns: str) -> tuple[int, list[Refusal]]:
    """Days since 1970-01-01; 0 with a refusal for what is no day."""
    try:
        return day_number(day_of_text(text)), []
    except NotADay:
        return 0, [Refusal("bad_date", concerns)]


def user_of(name: str) -> int | None:
    """The id of the user whom a principal's name stands for; None for the operator and the engine."""
    kind, _, rest = name.partition(":")
    number = rest.partition("@")[0]
    return int(number) if kind == "user" and number.isdigit() else None

"""Amounts as the vendor writes them: exact decimal text with at least one fractional digit, "3000.0", "68.5"."""

import re

from tieout.contracts.exact_json import JsonNumber
from tieout.dialects.fintera.values import DecimalText
from tieout.kernel.currencies import exponent_of
from tieout.kernel.money import NotAnAmount, TooManyDecimals, decimal_text, minor_units_of

# Ruby's BigDecimal writes 500 as 0.5E3, and the vendor's own client sends amounts so; two digits of exponent are more
# than 64 bits of minor units can need.
_AMOUNT = re.compile(r"(-?)([0-9]{1,18})(?:\.([0-9]{1,24}))?(?:[eE]([+-]?[0-9]{1,2}))?", re.ASCII)


def read_amount(value: object, currency: str) -> int:
    """Minor units of an amount sent as a JSON number or as text, its sign as sent.

    Raises NotAnAmount, TooManyDecimals, AmountOutOfRange and UnknownCurrency.
    """
    if isinstance(value, bool) or not isinstance(value, int | str | JsonNumber):
        raise NotAnAmount(str(value)[:40])
    parts = _AMOUNT.fullmatch(str(value))
    if parts is None:
        raise NotAnAmount(str(value)[:40])
    sign, whole, decimals, shift = parts[1], parts[2], parts[3] or "", int(parts[4] or 0)
    whole, decimals = _shifted(whole, decimals, shift)
    exponent = exponent_of(currency)
    if len(decimals) > exponent:
        raise TooManyDecimals(str(value), exponent)
    return minor_units_of(f"{sign}{whole}.{decimals or '0'}", exponent)


def _shifted(whole: str, decimals: str, shift: int) -> tuple[str, str]:
    """The digits before and after the point when it moves by `shift`, without zeros that say nothing."""
    digits, point = whole + decimals, len(whole) + shift
    digits, point = digits.rjust(len(digits) - point if point < 0 else 0, "0"), max(point, 0)
    digits = digits.ljust(point, "0")
    return digits[:point].lstrip("0") or "0", digits[point:].rstrip("0")


def write_amount(minor_units: int, currency: str) -> DecimalText:
    """The amount with its sign, without zeros at the end except the first decimal."""
    whole, _, decimals = decimal_text(minor_units, exponent_of(currency)).partition(".")
    return DecimalText(f"{whole}.{decimals.rstrip('0') or '0'}")

"""Exact amounts: whole minor units with a currency, never a float."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tieout.kernel.currencies import exponent_of
from tieout.kernel.errors import TieoutError

# int64: what every column, database and wire format of ours holds without loss.
MINOR_UNITS_MAX = 2**63 - 1

# The one grammar of an amount in our own formats. Bank formats loosen it in their importer.
AMOUNT = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,6})?", re.ASCII)


class NotAnAmount(TieoutError):
    """The text is not a decimal number in the one grammar for amounts."""

    code = "not_an_amount"

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(f"{text!r} is not an amount like -1234.50")


class TooManyDecimals(TieoutError):
    """More decimals that are not zero than the currency has; rounding would lose money."""

    code = "too_many_decimals"

    def __init__(self, text: str, exponent: int) -> None:
        self.text, self.exponent = text, exponent
        super().__init__(f"{text!r} has more than {exponent} decimals that are not zero")


class AmountOutOfRange(TieoutError):
    """The amount does not fit 64 bits of minor units."""

    code = "amount_out_of_range"

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(f"{text!r} is larger than 64 bits of minor units can hold")


class CurrencyMismatch(TieoutError):
    """Two amounts in different currencies were combined."""

    code = "currency_mismatch"

    def __init__(self, left: str, right: str) -> None:
        self.left, self.right = left, right
        super().__init__(f"cannot combine {left} with {right}; convert one first")


def minor_units_of(text: str, exponent: int) -> int:
    """The whole number of minor units that a decimal text says: "12.50" with 2 decimals is 1250.

    Extra decimals are accepted only where they are zero. Raises NotAnAmount, TooManyDecimals, AmountOutOfRange.
    """
    if AMOUNT.fullmatch(text) is None:
        raise NotAnAmount(text)
    whole, _, decimals = text.partition(".")
    if len(decimals) > exponent:
        if decimals[exponent:].strip("0"):
            raise TooManyDecimals(text, exponent)
        decimals = decimals[:exponent]
    minor_units = int(whole + decimals.ljust(exponent, "0"))
    if not -MINOR_UNITS_MAX <= minor_units <= MINOR_UNITS_MAX:
        raise AmountOutOfRange(text)
    return minor_units


def exact_sum(texts: Iterable[str], exponent: int) -> int | None:
    """The sum of decimal texts in minor units; None where one is missing or does not fit the decimals."""
    total = 0
    for text in texts:
        try:
            total += minor_units_of(text, exponent)
        except (NotAnAmount, TooManyDecimals, AmountOutOfRange):
            return None
    return total


def decimal_text(minor_units: int, exponent: int) -> str:
    """The amount as decimal text with exactly `exponent` decimals: 1250 with 2 decimals is "12.50"."""
    if not exponent:
        return str(minor_units)
    sign = "-" if minor_units < 0 else ""
    digits = str(minor_units if minor_units >= 0 else -minor_units).rjust(exponent + 1, "0")
    return f"{sign}{digits[:-exponent]}.{digits[-exponent:]}"


@dataclass(frozen=True, slots=True)
class Money:
    """An exact signed amount; positive is money in for the account holder.

    Raises UnknownCurrency and AmountOutOfRange.
    """

    minor_units: int  # cents, øre, centavos: the smallest unit of `currency`
    currency: str  # ISO 4217, for example "NOK"

    def __post_init__(self) -> None:
        exponent_of(self.currency)
        if not -MINOR_UNITS_MAX <= self.minor_units <= MINOR_UNITS_MAX:
            raise AmountOutOfRange(str(self.minor_units))

    @classmethod
    def of(cls, text: str, currency: str) -> "Money":
        """Money from decimal text: `Money.of("12.50", "NOK")`. Raises as `minor_units_of`."""
        return cls(minor_units_of(text, exponent_of(currency)), currency)

    def __add__(self, other: "Money") -> "Money":
        self._require_currency_of(other)
        return Money(self.minor_units + other.minor_units, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._require_currency_of(other)
        return Money(self.minor_units - other.minor_units, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor_units, self.currency)

    def __str__(self) -> str:
        return f"{self.amount_text} {self.currency}"

    @property
    def amount_text(self) -> str:
        """The amount as decimal text with the currency's decimals, without the currency."""
        return decimal_text(self.minor_units, exponent_of(self.currency))

    def _require_currency_of(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(self.currency, other.currency)


def sum_of(first: Money, others: Iterable[Money]) -> Money:
    """The exact sum. Raises CurrencyMismatch when the currencies differ."""
    total = first
    for money in others:
        total += money
    return total

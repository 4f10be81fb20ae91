"""Conversions between two currencies: rounded once, half to even, with the rounding as a leg of its own.

A rate says how many units of one currency (`into`) are one unit of the other; it is exact decimal text.
"""

import re
from collections.abc import Sequence
from fractions import Fraction

from tieout.domain.matches import Adjustment, AdjustmentType, Realised
from tieout.kernel.currencies import exponent_of
from tieout.kernel.errors import Refusal
from tieout.kernel.money import Money

# Six decimals is what the vendors of our contracts write; twelve leaves room for the inverse of a large rate.
_RATE = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,12})?", re.ASCII)
# A conversion that somebody else rounded, up, down or half up, is never further away than this.
ROUNDING_MINOR_UNITS_MAX = 1


def rate_of(text: str) -> Fraction | None:
    """The rate that an exact decimal text says; None for what is no rate, zero included."""
    if _RATE.fullmatch(text) is None:
        return None
    return Fraction(text) or None


def converted(amount: Money, into: str, rate: str) -> int:
    """The amount in minor units of `into`, rounded once, half to even.

    rate: units of `into` for one unit of the amount's currency. Raises UnknownCurrency; ValueError for no rate.
    """
    factor = rate_of(rate)
    if factor is None:
        raise ValueError(rate)
    scale = Fraction(10) ** (exponent_of(into) - exponent_of(amount.currency))
    return round(factor * amount.minor_units * scale)


def exchange_legs(
    statement: Money, ledger: Money, rate: str, into: str
) -> tuple[tuple[Adjustment, ...], tuple[Refusal, ...]]:
    """The legs that tie statement lines in one currency to ledger lines in another, and why they cannot.

    statement, ledger: the signed sums of both sides. rate: units of `into` for one unit of the other currency.
    Legs: the one in `into` first, which the conversion rounded; the other; then what the rounding left, if anything.
    With them each currency balances: statement = ledger + legs. Codes: currency_differs where `into` is neither side's
    or both sides share a currency, not_allowed for what is no rate, rate_differs beyond ROUNDING_MINOR_UNITS_MAX.
    """
    if statement.currency == ledger.currency or into not in (statement.currency, ledger.currency):
        return (), (Refusal("currency_differs", into),)
    if rate_of(rate) is None:
        return (), (Refusal("not_allowed", "rate", (("value", rate),)),)
    rounded_in_ledger = into == ledger.currency
    foreign, local = (statement, ledger) if rounded_in_ledger else (ledger, statement)
    exact = converted(foreign, into, rate)
    rounding = exact - local.minor_units if rounded_in_ledger else local.minor_units - exact
    if not -ROUNDING_MINOR_UNITS_MAX <= rounding <= ROUNDING_MINOR_UNITS_MAX:
        facts = (("converted", str(exact)), ("given", str(local.minor_units)), ("rate", rate))
        return (), (Refusal("rate_differs", into, facts),)
    sign = 1 if rounded_in_ledger else -1
    legs = (
        Adjustment(AdjustmentType.EXCHANGE, -sign * exact, into, rate=rate),
        Adjustment(AdjustmentType.EXCHANGE, sign * foreign.minor_units, foreign.currency, rate=rate),
    )
    return (*legs, Adjustment(AdjustmentType.ROUNDING, rounding, into)) if rounding else legs, ()


def value_in(functional: str, part: Money, rate: str) -> int | None:
    """What a part of a line is worth in the functional currency; None where no rate says so.

    rate: the one that the line was booked at, units of the functional currency for one of its own; may be empty.
    """
    if part.currency == functional:
        return part.minor_units
    return converted(part, functional, rate) if rate_of(rate) is not None else None


def realised(settled: Sequence[int | None], carrying: Sequence[int | None], functional: str) -> Realised:
    """Settled value minus carrying value in minor units of the functional currency: positive is a gain.

    Never zero by default: where a value of either side is unknown, it is not computed, and says why.
    """
    if not carrying or any(value is None for value in carrying):
        return Realised(None, functional, "no_carrying_value")
    if not settled or any(value is None for value in settled):
        return Realised(None, functional, "no_settled_value")
    total = sum(value for value in settled if value is not None)
    return Realised(total - sum(value for value in carrying if value is not None), functional, None)

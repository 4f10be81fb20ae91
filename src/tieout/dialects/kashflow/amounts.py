"""Between minor units of a currency and the four decimals of the wire, exactly."""

from tieout.dialects.kashflow.wire import DECIMALS
from tieout.kernel.currencies import exponent_of
from tieout.kernel.money import MINOR_UNITS_MAX


def on_the_wire(minor_units: int, currency: str) -> int:
    """Ten-thousandths of the currency's unit; ISO 4217 has no currency with more than four decimals."""
    return minor_units * _per_minor_unit(currency)


def in_minor_units(ten_thousandths: int, currency: str) -> int | str:
    """Minor units of the currency, or the code of the rule that the amount breaks: it is never rounded."""
    minor_units, rest = divmod(ten_thousandths, _per_minor_unit(currency))
    if rest:
        return "too_many_decimals"
    return minor_units if -MINOR_UNITS_MAX <= minor_units <= MINOR_UNITS_MAX else "amount_out_of_range"


def _per_minor_unit(currency: str) -> int:
    return int(10 ** (DECIMALS - exponent_of(currency)))

"""How the native API writes and reads amounts, days and instants."""

from datetime import UTC, datetime, timedelta

from tieout.contracts.exact_json import Amount
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.dates import NotADay, day_number, day_of_number, day_of_text
from tieout.kernel.errors import Refusal
from tieout.kernel.money import AmountOutOfRange, TooManyDecimals, decimal_text, minor_units_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def amount_text(minor_units: int, currency: str) -> str:
    """The amount as decimal text with its currency's decimals."""
    return decimal_text(minor_units, EXPONENTS[currency])


def maybe_amount_text(minor_units: int | None, currency: str) -> str | None:
    """As `amount_text`; None for an absent amount."""
    return None if minor_units is None else amount_text(minor_units, currency)


def maybe_day_text(day: int | None) -> str | None:
    """YYYY-MM-DD of days since 1970-01-01; None for an absent day."""
    return None if day is None else day_written(day)


def day_written(day: int) -> str:
    """YYYY-MM-DD of days since 1970-01-01."""
    found = day_of_number(day)
    assert found is not None, "an absent day is kept as None"
    return found.isoformat()


def instant_text(at: int) -> str:
    """An instant in microseconds since 1970 as 2026-05-31T12:00:00.000000Z."""
    return (_EPOCH + timedelta(microseconds=at)).isoformat(timespec="microseconds").replace("+00:00", "Z")


def maybe_instant_text(at: int | None) -> str | None:
    """As `instant_text`; None for an absent instant."""
    return None if at is None else instant_text(at)


class Reader:
    """Reads texts into numbers and keeps what cannot be read, so that everything wrong is told at once."""

    __slots__ = ("_days", "refusals")

    def __init__(self) -> None:
        self.refusals: list[Refusal] = []
        self._days: dict[str, int] = {}

    def amount(self, amount: Amount | None, currency: str, concerns: str) -> int:
        """Minor units; 0 where there is no amount or it cannot be read."""
        if amount is None:
            return 0
        exponent = EXPONENTS.get(currency)
        if exponent is None:
            self.refusals.append(Refusal("unknown_currency", concerns.replace("amount", "currency")))
            return 0
        try:
            return minor_units_of(amount, exponent)
        except TooManyDecimals:
            self.refusals.append(Refusal("too_many_decimals", concerns))
        except AmountOutOfRange:
            self.refusals.append(Refusal("amount_out_of_range", concerns))
        return 0

    def maybe_amount(self, amount: Amount | None, currency: str, concerns: str) -> int | None:
        """As `amount`; None where there is none."""
        return None if amount is None else self.amount(amount, currency, concerns)

    def day(self, text: str, concerns: str) -> int:
        """Days since 1970-01-01; 0 where the text is no day."""
        found = self._days.get(text)
        if found is None:
            try:
                found = day_number(day_of_text(text))
            except NotADay:
                self.refusals.append(Refusal("bad_date", concerns))
                return 0
            self._days[text] = found
        return found

    def maybe_day(self, text: str | None, concerns: str) -> int | None:
        """As `day`; None where there is none."""
        return None if text is None else self.day(text, concerns)

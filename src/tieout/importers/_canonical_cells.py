"""What a cell of a canonical CSV may say: one grammar per column, for both readers."""

import re
from collections.abc import Collection
from typing import NamedTuple

from tieout.domain.kinds import LEDGER_KINDS, STATEMENT_KINDS
from tieout.kernel.catalogue import QUARANTINED
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.dates import NotADay, day_of_text
from tieout.kernel.money import AMOUNT, AmountOutOfRange, NotAnAmount, TooManyDecimals, minor_units_of
from tieout.kernel.names import did_you_mean, nearest

# A positive exact decimal. Eighteen decimals hold every published rate and its reciprocal.
RATE = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,18})?", re.ASCII)
# A number of more digits than the grammar of amounts takes.
_TOO_LARGE = re.compile(r"-?[1-9][0-9]{18,}(?:\.[0-9]+)?", re.ASCII)
NOT_ZERO = re.compile(r"[1-9]", re.ASCII)

# Between the ids of `settles`; the ids are handed on with one blank between them.
SETTLES_SEPARATOR = re.compile(r"[ \t\r\n,;]+")


class CellFault(NamedTuple):
    """Why a cell cannot be read, and what to do; `code` stands in the catalogue."""

    code: str
    what: str
    advice: str


def fault_in_id(text: str) -> CellFault | None:
    """An id is any text but blanks."""
    return None if text.strip(" ") else _fault("empty_cell", "id is empty")


def fault_in_currency(text: str) -> CellFault | None:
    """A currency is an ISO 4217 code in capital letters with a minor unit."""
    if not text:
        return _fault("empty_cell", "currency is empty")
    if text in EXPONENTS:
        return None
    close = nearest(text.upper(), EXPONENTS)
    advice = f'did you mean "{close}"?' if close else ""
    return _fault("unknown_currency", "currency is not an ISO 4217 code with a minor unit", advice)


def amount_of(text: str, currency: str) -> int | CellFault:
    """Minor units of decimal text, which they must hold exactly; of an unknown currency 0, or why it is no amount."""
    if not text:
        return _fault("empty_cell", "amount is empty")
    if currency not in EXPONENTS:
        return 0 if AMOUNT.fullmatch(text) else _fault("not_an_amount", "amount is not a decimal number")
    try:
        return minor_units_of(text, EXPONENTS[currency])
    except NotAnAmount as error:
        if _TOO_LARGE.fullmatch(text):
            return _fault("amount_out_of_range", "amount is larger than 64 bits of minor units can hold")
        return _fault(error.code, "amount is not a decimal number")
    except TooManyDecimals as error:
        return _fault(error.code, f"amount has more decimals than the {error.exponent} of {currency}")
    except AmountOutOfRange as error:
        return _fault(error.code, "amount is larger than 64 bits of minor units can hold")


def fault_in_day(text: str, column: str) -> CellFault | None:
    """A day is written YYYY-MM-DD and stands in the calendar."""
    if not text:
        return _fault("empty_cell", f"{column} is empty") if column == "booking_date" else None
    try:
        day_of_text(text)
    except NotADay as error:
        return _fault(error.code, f"{column} is not a day written YYYY-MM-DD")
    return None


def fault_of_repeated_id(first_line: int) -> CellFault:
    """Why a second line may not have the id of an earlier one."""
    return _fault("duplicate_id", f"the id stands in line {first_line} already")


def fault_of_nul() -> CellFault:
    """Why a cell may not hold a NUL character."""
    return _fault("nul_byte", "a NUL character")


def fault_in_kind(text: str, kinds: Collection[str]) -> CellFault | None:
    """A kind is one of those that lines of the side may have."""
    if text in kinds:
        return None
    for side, known in (("ledger", LEDGER_KINDS), ("statement", STATEMENT_KINDS)):
        if text in known:
            return _fault("unknown_kind", f"kind belongs in a {side} file", "is this file given for the right side?")
    return _fault("unknown_kind", "kind is not one of ours", did_you_mean(text, [kind for kind in kinds if kind]))


def fault_in_base_amount(text: str) -> CellFault | None:
    """A carrying value is decimal text in the grammar of amounts, or empty."""
    if not text or AMOUNT.fullmatch(text):
        return None
    return _fault("not_an_amount", "base_amount is not a decimal number")


def fault_in_rate(text: str) -> CellFault | None:
    """A rate is a positive exact decimal, or empty."""
    if not text or (RATE.fullmatch(text) and NOT_ZERO.search(text)):
        return None
    return _fault("not_a_rate", "rate is not a positive decimal number")


def settles_text(text: str) -> str:
    """The ids with one blank between them: "A; B,C" is "A B C"."""
    return SETTLES_SEPARATOR.sub(" ", text).strip(" ")


def _fault(code: str, what: str, advice: str = "") -> CellFault:
    return CellFault(code, what, advice or QUARANTINED[code].advice)

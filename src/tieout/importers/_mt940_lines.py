"""What single fields of MT940 and MT942 say: statement lines (61), balances (60, 62), limits and totals (34F, 90).

Amounts come out as plain decimal text with their sign, for StatementBuilder.minor_units.
Source: SWIFT Standards MT940 and MT942, fields 61, 60a, 62a, 34F, 90a; deviations as seen in files of banks.
"""

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

# A blank separates thousands only where three digits and then another separator follow.
_AMOUNT = r"[0-9.,'](?:[0-9.,']|[ ](?=[0-9]{3}[.,' ]))*"
# Every repetition of blanks and digits is bounded, so that a line of nothing else is given up at once.
_DAYS = r"(?:null|[0-9 ]){0,16}"
_ENTRY = re.compile(
    rf"\n?(?P<days>{_DAYS})(?P<mark>R?[CD]|E[CD])[A-Z]?\s{{0,4}}(?P<amount>{_AMOUNT})(?P<rest>.*)", re.DOTALL
)
_MARK = re.compile(rf"\n?{_DAYS}(?:R?[CD]|E[CD])")
_TYPE = re.compile(r"[ ]*(?!NONREF)([NFS][A-Za-z0-9 ]{3})")
_MORE_DIGITS = re.compile(r"[ ]*[0-9][0-9 ]*[.,]")
_BALANCE = re.compile(rf"[ ]{{0,4}}([CD])[ ]?(null|[0-9]{{0,8}})[ ]?([A-Z]{{3}}|null)[ ]{{0,4}}({_AMOUNT})(.*)")
_BALANCE_WITHOUT_CURRENCY = re.compile(rf"([CD])([0-9]{{6}})()({_AMOUNT})(.*)")
_FLOOR = re.compile(rf"[ ]?([A-Z]{{3}})[ ]?[CD]?[ ]?({_AMOUNT})")
_TOTAL = re.compile(rf"[ ]?([0-9]{{1,7}})[ ]?([A-Z]{{3}})[ ]?({_AMOUNT})")

_PLAIN = re.compile(r"0*([0-9]*)(?:[.,]([0-9]*))?", re.ASCII)
_GROUPED = re.compile(r"0*([0-9]{0,3}(?:([.,' ])[0-9]{3})(?:\2[0-9]{3})*)(?:(?!\2)[.,]([0-9]*))?", re.ASCII)
# SWIFT has 15 characters; zero padding and separators take more, and no bank takes forty.
_AMOUNT_LENGTH_MAX = 40
# More decimals than that no amount may have; behind them only zeros are dropped.
_DECIMALS_MAX = 6

# Two digits of a year: up to 79 this century, as SWIFT reads them.
_YEAR_THIS_CENTURY_MAX = 79


class EntryLine(NamedTuple):
    """A field 61 that states its mark and its amount."""

    amount: str  # plain decimal text, negative for money out
    amount_column: int  # where it stands in the text of the field
    booked: bool  # False for EC and ED: expected
    reversal: bool  # RC or RD
    value_date: date | None
    booking_date: date | None
    type_code: str  # transaction type: NTRF, N062, S051; empty where the bank gives none
    customer_reference: str  # the rest of the line up to //
    bank_reference: str  # after //
    supplement: str  # further lines


class EntryFault(NamedTuple):
    """Why a field 61 cannot be read whole; columns count from the start of the field's text."""

    code: str
    what: str
    column: int


class BalanceLine(NamedTuple):
    """A field 60 or 62."""

    amount: str  # plain decimal text, negative for money owed
    on: date | None
    currency: str | None  # None where the bank left it out
    has_decimal_mark: bool  # every amount should have one


class TotalLine(NamedTuple):
    """A field 90C or 90D."""

    entries: int
    currency: str
    amount: str  # plain decimal text without sign


def read_entry(text: str, around: date | None = None) -> EntryLine | EntryFault:
    """One statement line from the text of field 61.

    around: a day of the statement, to find the year of a booking date whose value date cannot be read.
    """
    found = _whole_entry(text)
    if found is None:
        return _fault(text)
    amount = decimal_text_of(found["amount"])
    rest = found["rest"]
    if amount is None or _MORE_DIGITS.match(rest):
        what = "the amount is not a number" if amount is None else "another number follows the amount"
        return EntryFault("not_an_amount", what, found.start("amount"))
    mark = found["mark"]
    value_date, booking_date = _days(found["days"], around)
    first, _, supplement = rest.partition("\n")
    type_code = _TYPE.match(first)
    customer_reference, _, bank_reference = first[type_code.end() if type_code else 0 :].partition("//")
    return EntryLine(
        f"-{amount}" if mark in ("D", "RC", "ED") else amount,
        found.start("amount"),
        mark[0] != "E",
        mark[0] == "R",
        value_date,
        booking_date,
        type_code[1].strip() if type_code else "",
        customer_reference.strip(),
        bank_reference.strip(),
        supplement.strip(),
    )


def _whole_entry(text: str) -> re.Match[str] | None:
    """The parts of the field; where its first line ends inside them, of its lines joined."""
    found = _ENTRY.match(text)
    if found is None or found["rest"].startswith("\n"):
        joined = _ENTRY.match(text.replace("\n", ""))
        if joined is not None and _TYPE.match(joined["rest"]):
            return joined
    return found


def breaks_off(text: str) -> bool:
    """Whether a field 61 that nothing follows breaks off before its amount is certainly complete."""
    found = _ENTRY.match(text)
    return found is None or not (_TYPE.match(found["rest"]) or found["rest"].lstrip().startswith(("//", "NONREF")))


def _fault(text: str) -> EntryFault:
    mark = _MARK.match(text)
    if mark is None:
        return EntryFault("no_mark", "no debit or credit mark follows the dates", 0)
    return EntryFault("no_amount", "no amount follows the mark", mark.end())


def read_balance(text: str) -> BalanceLine | None:
    """A balance from the text of field 60 or 62; None when mark or amount cannot be read."""
    line = text.partition("\n")[0]
    found = _BALANCE.match(line) or _BALANCE_WITHOUT_CURRENCY.match(line)
    if found is None:
        return None
    mark, day, currency, amount_text, rest = found.groups()
    amount = decimal_text_of(amount_text)
    on = day_of(day)
    if amount is None or rest.strip()[:1] not in ("", "-", "{") or (not currency and on is None):
        return None
    known_currency = None if currency in ("", "null") else currency
    return BalanceLine(f"-{amount}" if mark == "D" else amount, on, known_currency, not amount_text.isdigit())


def read_floor(text: str) -> tuple[str, str] | None:
    """Currency and amount of a floor limit, field 34F; None when it cannot be read."""
    found = _FLOOR.match(text)
    amount = decimal_text_of(found[2]) if found else None
    return (found[1], amount) if found and amount is not None else None


def read_total(text: str) -> TotalLine | None:
    """Number and sum of entries, field 90C or 90D; None when it cannot be read."""
    found = _TOTAL.match(text)
    amount = decimal_text_of(found[3]) if found else None
    return TotalLine(int(found[1]), found[2], amount) if found and amount is not None else None


def decimal_text_of(amount: str) -> str | None:
    """Plain decimal text of an amount as banks write it: `000100,` is 100, `1.234,56` is 1234.56; None if unclear.

    A single comma or point is the decimal mark; where both occur, or one of them twice, the first separates groups of
    three digits.
    """
    if len(amount) > _AMOUNT_LENGTH_MAX or not amount.strip(".,"):
        return None
    found = _PLAIN.fullmatch(amount)
    if found is not None:
        whole, decimals = found[1], found[2] or ""
    else:
        found = _GROUPED.fullmatch(amount)
        if found is None:
            return None
        whole, decimals = re.sub("[^0-9]", "", found[1]), found[3] or ""
    if len(decimals) > _DECIMALS_MAX:
        decimals = decimals[:_DECIMALS_MAX] + decimals[_DECIMALS_MAX:].rstrip("0")
    return f"{whole or '0'}.{decimals}" if decimals else whole or "0"


@lru_cache(maxsize=4096)
def day_of(digits: str) -> date | None:
    """The day that YYMMDD names; None when it is no calendar day."""
    if len(digits) != 6 or not digits.isdigit():
        return None
    year = int(digits[:2])
    century = 2000 if year <= _YEAR_THIS_CENTURY_MAX else 1900
    return _calendar_day(century + year, digits[2:])


@lru_cache(maxsize=4096)
def day_near(digits: str, near: date) -> date | None:
    """The day that MMDD names in the year that puts it nearest to `near`; None when it is no calendar day."""
    days = (_calendar_day(near.year + years, digits) for years in (0, -1, 1))
    return min((day for day in days if day is not None), key=lambda day: _apart(day, near), default=None)


def _apart(day: date, near: date) -> timedelta:
    return max(day - near, near - day)


def _calendar_day(year: int, digits: str) -> date | None:
    try:
        return date(year, int(digits[:2]), int(digits[2:]))
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _days(digits: str, around: date | None) -> tuple[date | None, date | None]:
    """Value date and booking date; field 61 leaves the booking date out where both are the same."""
    value_digits, booking_digits = digits[:6], digits[6:].strip()
    value_date = day_of(value_digits)
    if not booking_digits:
        return value_date, value_date
    near = value_date or around
    booking_date = None
    if near is not None and len(booking_digits) == 4 and booking_digits.isdigit():
        booking_date = day_near(booking_digits, near)
    return value_date, booking_date

"""Amounts as hledger reads them: the symbol on either side, and a decimal mark that somebody declared or nobody did."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from tieout.kernel.errors import Place
from tieout.platforms.journal.model import EXACT, Quantity, decimal_of, not_understood

_SYMBOL = r'(?:"[^"]*"|[^\s0-9.,;@*="{}()\[\]/+-]+)'
_NUMBER = r"(?:[0-9][0-9.,]*(?:[ \u00a0\u202f][0-9][0-9.,]*)*|[.,][0-9]+)"
_AMOUNT = re.compile(
    rf"(?P<sign>[-+]?)\s*(?:(?P<left>{_SYMBOL})\s*(?P<inner>[-+]?)\s*(?P<first>{_NUMBER})"
    rf"|(?P<number>{_NUMBER})\s*(?P<right>{_SYMBOL})?)"
)
_PRICED = re.compile(r"\s*(?P<at>@@?)\s*")
_ASSERTED = re.compile(r"\s*(?P<kind>==?\*?)\s*")


class Marks(NamedTuple):
    """What was said about how numbers are written."""

    decimal: str  # of this file: `.` or `,`; empty where it says nothing
    by_commodity: Mapping[str, str]
    commodity: str  # of amounts that name none


class AmountsOfPosting(NamedTuple):
    """What stands behind an account's name."""

    quantity: Quantity | None
    weight: Quantity | None
    asserted: Quantity | None
    assertion: str  # `=`, `==`, `=*`, `==*`; empty without one


def amounts_of(text: str, marks: Marks, place: Place) -> AmountsOfPosting:
    """The amount, price and assertion of a posting. Raises PlatformFault where the text is anything else."""
    quantity = weight = asserted = None
    assertion, at = "", 0
    if found := _AMOUNT.match(text):
        quantity = weight = _quantity(found, marks, place)
        at = found.end()
        if priced := _PRICED.match(text, at):
            price, at = _amount_at(text, priced.end(), marks, place)
            weight = weight_of(quantity, price, whole=priced["at"] == "@@")
    if asserting := _ASSERTED.match(text, at):
        assertion = asserting["kind"]
        asserted, at = _amount_at(text, asserting.end(), marks, place)
        if priced := _PRICED.match(text, at):
            _, at = _amount_at(text, priced.end(), marks, place)
    if text[at:].strip():
        raise not_understood(place, "this is no amount that tieout reads", text)
    if asserted is not None and quantity is None:
        raise not_understood(place, "this assigns a balance; write the amount before the equals sign", text)
    return AmountsOfPosting(quantity, weight, asserted, assertion)


def weight_of(quantity: Quantity, price: Quantity, *, whole: bool) -> Quantity:
    """What an amount counts at a price of one, or at one for the whole of it."""
    if whole:
        return Quantity(price.number.copy_sign(quantity.number), price.commodity)
    return Quantity(EXACT.multiply(quantity.number, price.number), price.commodity)


def decimal_mark_of(sample: str) -> tuple[str, str]:
    """The commodity of a sample amount, as directives have one, and the decimal mark in it; both may be empty."""
    found = _AMOUNT.match(sample)
    if found is None:
        return sample.strip().strip('"'), ""
    symbol = (found["left"] or found["right"] or "").strip('"')
    separators = re.sub("[^.,]", "", found["first"] or found["number"])
    return symbol, separators[-1:]


def _amount_at(text: str, at: int, marks: Marks, place: Place) -> tuple[Quantity, int]:
    found = _AMOUNT.match(text, at)
    if found is None:
        raise not_understood(place, "an amount is missing here", text)
    return _quantity(found, marks, place), found.end()


def _quantity(found: re.Match[str], marks: Marks, place: Place) -> Quantity:
    commodity = (found["left"] or found["right"] or marks.commodity).strip('"')
    written = found["first"] or found["number"]
    decimal_mark = marks.decimal or marks.by_commodity.get(commodity) or _usual_mark(written)
    digits = re.sub(f"[^0-9{re.escape(decimal_mark)}]", "", written).replace(decimal_mark, ".")
    if digits.count(".") > 1:
        raise not_understood(place, f"this has more than one decimal mark {decimal_mark!r}", found[0])
    negative = (found["sign"] == "-") != (found["inner"] == "-")
    number = decimal_of(digits, place, found[0])
    return Quantity(number.copy_negate() if negative and number else number, commodity)


def _usual_mark(written: str) -> str:
    """As hledger decides where nothing is declared: the last separator, unless it is there more than once."""
    separators = re.sub("[^.,]", "", written)
    last = separators[-1:] or "."
    if separators.count(last) > 1:
        return "," if last == "." else "."
    return last

"""Amounts as OFX files spell them, turned into plain decimal text.

The standard knows a point or a comma before the decimals and no grouping (OFX 1.6 and 2.2, section 3.2.9.1). Banks
also write currency signs and group thousands, with a point, a comma, a space or an apostrophe. What could be read in
two ways is not read.
"""

import re
from collections.abc import Iterable

from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.errors import TieoutError
from tieout.kernel.money import AmountOutOfRange, NotAnAmount, TooManyDecimals

# What nearly every amount looks like; nothing below applies to it.
_COMMON = re.compile(r"([+-]?)([0-9]{1,15})(?:[.,]([0-9]{1,2}))?", re.ASCII)
_SPELLING = re.compile(
    r"([+-]?) ?([^\s0-9.,'+-]{0,4}) ?([+-]?) ?([0-9.,' ]*[0-9.,]) ?([^\s0-9.,'+-]{0,4}) ?([+-]?)", re.ASCII
)
_FIGURE = re.compile(r"[0-9][0-9.,]*|[.,][0-9]+", re.ASCII)
_SPACED = re.compile(r"[0-9]{1,3}(?:[ '][0-9]{3})+(?:[.,][0-9]*)?", re.ASCII)

# Signs of money that files use, with the currencies that they may stand for.
_DOLLARS = "ARS AUD BBD BMD BND BRL BSD BZD CAD CLP COP FJD GYD HKD JMD MXN NZD SGD TTD TWD USD UYU XCD"
_SIGNS = {"$": _DOLLARS, "R$": "BRL", "US$": "USD", "€": "EUR", "£": "GBP GIP FKP SHP", "¥": "JPY CNY"}
_DECIMALS_USUAL = 2
_DECIMALS_WRITTEN_MAX = 6
_DIGITS_MAX = 18


class AmbiguousAmount(TieoutError):
    """A mark before three digits that may begin the decimals or group thousands."""

    code = "ambiguous_amount"

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(f"{text!r} may be thousands or three decimals")


class ForeignAmount(TieoutError):
    """An amount in another currency than its account's."""

    code = "other_currency"

    def __init__(self, written: str, currency: str) -> None:
        self.written, self.currency = written, currency
        super().__init__(f"the amount is in {written}, its account in {currency}")


def decimal_marks(texts: Iterable[str]) -> frozenset[str]:
    """The marks that begin the decimals in some amounts, seen in those that can be read in only one way."""
    return frozenset(mark for text in texts for mark in _marks_shown(text))


def plain_amount(text: str, currency: str | None, marks: frozenset[str] = frozenset()) -> str:
    """The amount as decimal text like -1234.50.

    text: as the file writes it, trimmed.
    marks: what other amounts of the same statement show to begin the decimals.
    Raises NotAnAmount, TooManyDecimals, AmountOutOfRange, AmbiguousAmount, ForeignAmount.
    """
    common = _COMMON.fullmatch(text)
    if common is not None:
        sign, whole, decimals = common.groups()
        return _written("-" if sign == "-" else "", whole, decimals or "")
    spelling = _SPELLING.fullmatch(" ".join(text.replace("\u2212", "-").replace("’", "'").split()))
    if spelling is None or not any(mark.isdigit() for mark in spelling[4]):
        raise NotAnAmount(text)
    signs = spelling[1] + spelling[3] + spelling[6]
    if len(signs) > 1:
        raise NotAnAmount(text)
    for sign_of_money in (spelling[2], spelling[5]):
        _require_currency(sign_of_money, currency, text)
    figure, exponent = _without_spaces(spelling[4], text), EXPONENTS.get(currency or "", _DECIMALS_USUAL)
    whole, decimals = _whole_and_decimals(figure, exponent, marks, text)
    return _bounded("-" if signs == "-" else "", whole, decimals, exponent, text)


def _require_currency(written: str, currency: str | None, text: str) -> None:
    """Whatever stands beside the figure has to be a sign or code of the account's currency."""
    if not written or written == currency:
        return
    currencies = _SIGNS.get(written, written if written in EXPONENTS else "").split()
    if not currencies:
        raise NotAnAmount(text)
    if currency is not None and currency not in currencies:
        raise ForeignAmount(written, currency)


def _without_spaces(figure: str, text: str) -> str:
    if " " not in figure and "'" not in figure:
        return figure
    if _SPACED.fullmatch(figure) is None:
        raise NotAnAmount(text)
    return figure.replace(" ", "").replace("'", "")


def _whole_and_decimals(figure: str, exponent: int, marks: frozenset[str], text: str) -> tuple[str, str]:
    """The digits before and after the decimal mark, once it is decided which mark that is."""
    last = max(figure.rfind("."), figure.rfind(","))
    if last < 0:
        return figure, ""
    mark, whole, decimals = figure[last], figure[:last], figure[last + 1 :]
    other = "," if mark == "." else "."
    if other in whole:
        return _ungrouped(whole, other, text), decimals
    if mark in whole:
        return _ungrouped(figure, mark, text), ""
    if _may_be_grouped(whole, decimals) and not _is_decimal(mark, exponent, marks, text):
        return whole + decimals, ""
    return whole, decimals


def _may_be_grouped(whole: str, decimals: str) -> bool:
    return len(decimals) == 3 and 1 <= len(whole) <= 3 and whole[0] != "0"


def _is_decimal(mark: str, exponent: int, marks: frozenset[str], text: str) -> bool:
    """Whether a mark before exactly three digits begins the decimals. Raises AmbiguousAmount where nothing shows it.

    Without other evidence a point does, as the standard says, unless the currency has no decimals; a comma only in a
    currency with three of them.
    """
    if len(marks) == 1:
        return mark in marks
    if not marks and exponent and (mark == "." or exponent > _DECIMALS_USUAL):
        return True
    raise AmbiguousAmount(text)


def _ungrouped(figure: str, mark: str, text: str) -> str:
    first, *groups = figure.split(mark)
    if not 1 <= len(first) <= 3 or any(len(group) != 3 or not group.isdigit() for group in groups):
        raise NotAnAmount(text)
    return first + "".join(groups)


def _bounded(sign: str, whole: str, decimals: str, exponent: int, text: str) -> str:
    """Plain text inside the one grammar of amounts; digits that say nothing are left out."""
    whole = whole.lstrip("0") or "0"
    decimals = decimals[:_DECIMALS_WRITTEN_MAX] + decimals[_DECIMALS_WRITTEN_MAX:].rstrip("0")
    if len(decimals) > _DECIMALS_WRITTEN_MAX:
        raise TooManyDecimals(text, exponent)
    if len(whole) > _DIGITS_MAX:
        raise AmountOutOfRange(text)
    return _written(sign, whole, decimals)


def _written(sign: str, whole: str, decimals: str) -> str:
    return f"{sign}{whole}.{decimals}" if decimals else sign + whole


def _marks_shown(text: str) -> Iterable[str]:
    figure = _FIGURE.search(text.replace(" ", "").replace("'", ""))
    if figure is None:
        return
    last = max(figure[0].rfind("."), figure[0].rfind(","))
    if last < 0:
        return
    mark, whole, decimals = figure[0][last], figure[0][:last], figure[0][last + 1 :]
    other = "," if mark == "." else "."
    if mark in whole:
        yield other
    elif other in whole or not _may_be_grouped(whole, decimals):
        yield mark

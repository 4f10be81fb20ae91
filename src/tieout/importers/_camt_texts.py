"""Texts, days and amounts as camt messages spell them; elements are found by local name, whatever their namespace."""

import re
from datetime import date
from functools import lru_cache

from tieout.contracts.building import StatementBuilder
from tieout.importers._camt_xml import Element
from tieout.kernel.dates import NotADay, day_of_text
from tieout.kernel.errors import TieoutError
from tieout.kernel.money import AmountOutOfRange, NotAnAmount, TooManyDecimals

# A day, alone or with a time or an offset behind it; the day is the bank's own and is never shifted.
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ].*|Z|[+-][0-9]{2}:?[0-9]{2})?", re.ASCII | re.DOTALL)
_NUMBER = re.compile(r"([+-]?)0*([0-9]*)(?:\.([0-9]*?)0*)?", re.ASCII)
_RATE = re.compile(r"[0-9]+(?:\.[0-9]+)?", re.ASCII)

# What the grammar of our own amounts allows (kernel.money); banks write more, as zeros.
_DIGITS_MAX = 18
_DECIMALS_MAX = 6

SIGNS = {"CRDT": 1, "DBIT": -1}

# What banks write where an identity or a reference is required and there is none.
_NO_REFERENCE = frozenset({"NOTPROVIDED", "NONREF", "NOREF"})


class SignedTwice(TieoutError):
    """A negative amount beside a mark that says the sign already."""

    code = "not_an_amount"

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(f"the amount {text!r} has a sign of its own beside its mark")


UNREADABLE_AMOUNT = (NotAnAmount, TooManyDecimals, AmountOutOfRange, SignedTwice)


def local_name(element: Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag.rpartition("}")[2])


def own_text(element: Element | None) -> str:
    """The trimmed text of an element; empty for an absent one."""
    return "" if element is None or element.text is None else element.text.strip()


def own_or_inner_text(element: Element | None) -> str:
    """The trimmed text of an element or of its first child: `Sts` or `Sts/Cd`, `BookgDt/Dt` or `BookgDt/DtTm`."""
    text = own_text(element)
    return text or (own_text(element[0]) if element is not None and len(element) else "")


class Texts:
    """Every text inside an element by its path of local names, such as `Refs/EndToEndId`; one walk, many questions."""

    def __init__(self, element: Element | None) -> None:
        self._by_path: dict[str, list[str]] = {}
        if element is not None:
            self._walk(element, "")

    def first(self, *paths: str) -> str:
        """The first text at the first of the paths that has one; empty where none has."""
        for path in paths:
            if path in self._by_path:
                return self._by_path[path][0]
        return ""

    def all(self, path: str) -> list[str]:
        """The texts at a path, in order."""
        return self._by_path.get(path, [])

    def _walk(self, element: Element, prefix: str) -> None:
        for child in element:
            path = prefix + child.tag.rpartition("}")[2]
            text = child.text
            if text and (text := text.strip()):
                self._by_path.setdefault(path, []).append(text)
            if len(child):
                self._walk(child, path + "/")


@lru_cache(maxsize=1024)
def day_written(text: str) -> date | None:
    """The calendar day that a date or a date with time begins with; None where it begins with none."""
    found = _DAY.fullmatch(text)
    try:
        return day_of_text(found[1]) if found else None
    except NotADay:
        return None


def amount_written(text: str, builder: StatementBuilder) -> int:
    """Minor units of an amount in any of its spellings. Raises NotAnAmount, TooManyDecimals, AmountOutOfRange."""
    try:
        return builder.minor_units(text)
    except NotAnAmount:
        plain = plain_decimal(text)
    whole, _, decimals = plain.partition(".")
    if len(whole.lstrip("-")) > _DIGITS_MAX:
        raise AmountOutOfRange(text)
    if len(decimals) > _DECIMALS_MAX:
        raise TooManyDecimals(text, builder.exponent)
    return builder.minor_units(plain)


def unsigned(text: str, builder: StatementBuilder) -> int:
    """Minor units of an amount that stands beside its mark. Raises as `amount_written`, and SignedTwice."""
    amount = amount_written(text, builder)
    if amount < 0:
        raise SignedTwice(text)
    return amount


def plain_decimal(text: str) -> str:
    """`.5`, `+5`, `5.` and `05.10` in the spelling of our own amounts. Raises NotAnAmount."""
    found = _NUMBER.fullmatch(text)
    if found is None or not any(digit.isdigit() for digit in text):
        raise NotAnAmount(text)
    sign, whole, decimals = found.groups()
    return f"{'-' if sign == '-' else ''}{whole or '0'}{'.' if decimals else ''}{decimals or ''}"


def rate_written(text: str) -> str:
    """A rate as exact decimal text; empty where it is none."""
    return text if _RATE.fullmatch(text) else ""


def reference_or_nothing(text: str) -> str:
    """The reference, unless it is one of the words for having none."""
    return "" if text.replace(" ", "").upper() in _NO_REFERENCE else text


def account_written(texts: Texts, prefix: str) -> str:
    """The number of an account, without spaces: IBAN, else another identification. `prefix` leads to its `Id`."""
    return "".join(texts.first(*_account_paths(prefix)).split())


@lru_cache(maxsize=16)
def _account_paths(prefix: str) -> tuple[str, ...]:
    return tuple(f"{prefix}/{name}" for name in ("IBAN", "Othr/Id", "PrtryAcct/Id", "BBAN", "UPIC"))

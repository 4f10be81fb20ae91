"""What stands in an address: query parameters, numbers and days of it, read strictly."""

from collections.abc import Collection, Iterator
from typing import NamedTuple, TypeVar
from urllib.parse import parse_qsl

from tieout.contracts.http_faults import RequestFault, bad_parameter
from tieout.kernel.dates import NotADay, day_number, day_of_text

# More parameters than any page of a vendor lists.
PARAMETERS_MAX = 1_000
# Identifiers end below 2**53, so that every client's numbers hold them.
IDENTIFIER_MAX = 2**53 - 1

Absent = TypeVar("Absent", str, str | None)


def identifier(text: str) -> int | None:
    """The identifier that a part of a path names; None for anything but plain digits of one."""
    if not (text.isascii() and text.isdigit() and len(text) <= 16):
        return None
    number = int(text)
    return number if 0 < number <= IDENTIFIER_MAX else None


class Pair(NamedTuple):
    """One parameter as it was sent."""

    name: str
    value: str


class Query:
    """The parameters of an address, in the order sent. Every reader raises RequestFault (400) naming its parameter."""

    __slots__ = ("pairs",)

    def __init__(self, query_string: bytes) -> None:
        """Raises RequestFault where the parameters are not UTF-8, hold NUL, or are too many."""
        self.pairs: tuple[Pair, ...] = tuple(_pairs(query_string)) if query_string else ()

    def __iter__(self) -> Iterator[Pair]:
        return iter(self.pairs)

    def all(self, name: str) -> list[str]:
        """Every value of a parameter that may be repeated."""
        return [value for given, value in self.pairs if given == name]

    def text(self, name: str, absent: Absent) -> str | Absent:
        """A text."""
        values = self.all(name)
        if len(values) > 1:
            raise RequestFault(bad_parameter(name, "this is given twice", "twice"))
        return values[0] if values else absent

    def whole(self, name: str, absent: int, minimum: int = 0, maximum: int = IDENTIFIER_MAX) -> int:
        """A whole number in ASCII digits, without sign, blanks or underscores."""
        text = self.text(name, None)
        if text is None:
            return absent
        number = int(text) if text.isascii() and text.isdigit() and len(text) <= 16 else -1
        if not minimum <= number <= maximum:
            raise RequestFault(bad_parameter(name, f"this must be a whole number from {minimum} to {maximum}"))
        return number

    def optional_whole(self, name: str) -> int | None:
        """A whole number as `whole`, None where it is absent."""
        return None if self.text(name, None) is None else self.whole(name, 0)

    def day(self, name: str) -> int | None:
        """Days since 1970-01-01 of a day YYYY-MM-DD; None where it is absent."""
        text = self.text(name, None)
        if text is None:
            return None
        try:
            return day_number(day_of_text(text))
        except NotADay:
            raise RequestFault(bad_parameter(name, "this must be a day like 2026-05-31", "bad_date")) from None

    def flag(
        self, name: str, absent: bool, true: Collection[str] = ("true",), false: Collection[str] = ("false",)
    ) -> bool:
        """Yes or no, in the words of the dialect."""
        text = self.text(name, None)
        if text is None:
            return absent
        if text not in true and text not in false:
            raise RequestFault(bad_parameter(name, f"this must be one of {', '.join((*true, *false))}", "not_allowed"))
        return text in true

    def choice(self, name: str, absent: Absent, allowed: Collection[str]) -> str | Absent:
        """One of several words."""
        text = self.text(name, None)
        if text is None:
            return absent
        if text not in allowed:
            raise RequestFault(bad_parameter(name, f"this must be one of {', '.join(allowed)}", "not_allowed"))
        return text

    def require_only(self, names: Collection[str]) -> None:
        """Pass when no other parameter is given."""
        for given, _ in self.pairs:
            if given not in names:
                raise RequestFault(bad_parameter(given, "there is no such parameter here", "unknown_parameter"))


def _pairs(query_string: bytes) -> Iterator[Pair]:
    try:
        found = parse_qsl(
            query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=PARAMETERS_MAX
        )
    except ValueError:
        raise RequestFault(bad_parameter("", "the query is not UTF-8, or has too many parameters")) from None
    for name, value in found:
        if "\0" in name or "\0" in value:
            raise RequestFault(bad_parameter(name.replace("\0", ""), "this holds a character that cannot be kept"))
        yield Pair(name, value)

"""Fields of a request, read one by one; what is wrong is collected by field, in the vendor's words."""

import re
from collections.abc import Mapping
from typing import Any

from tieout.contracts.exact_json import JsonNumber
from tieout.contracts.http_query import IDENTIFIER_MAX
from tieout.dialects.fintera.amounts import read_amount
from tieout.dialects.fintera.moments import read_day
from tieout.dialects.fintera.refusals import BLANK, NOT_A_DAY, NOT_A_NUMBER, NOT_IN_LIST, SPELLED
from tieout.kernel.dates import NotADay
from tieout.kernel.money import AmountOutOfRange, NotAnAmount, TooManyDecimals

# Free texts that only this vendor keeps; the core keeps 10,000 characters of all of them together.
TEXT_LENGTH_MAX = 2_000

_WHOLE = re.compile(r"[0-9]{1,16}", re.ASCII)
_TRUTHS = {"true": True, "1": True, "false": False, "0": False}


class Given:
    """The fields that a request gives; `faults` has what is wrong with them.

    A field that is absent, null or empty text reads as None. `in` says whether a field was given at all.
    """

    __slots__ = ("_fields", "faults")

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = fields
        self.faults: dict[str, list[str]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def fault(self, name: str, message: str) -> None:
        """Note what is wrong with a field, once."""
        messages = self.faults.setdefault(name, [])
        if message not in messages:
            messages.append(message)

    def required(self, name: str, value: object, message: str = BLANK) -> None:
        """Note that a field is needed and has no value, unless something else is wrong with it."""
        if value is None and name not in self.faults:
            self.fault(name, message)

    def _value(self, name: str) -> Any:
        value = self._fields.get(name)
        return None if value == "" else value

    def text(self, name: str) -> str | None:
        """A text; a number is taken as it was written."""
        value = self._value(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | JsonNumber):
            self.fault(name, NOT_IN_LIST)
            return None
        if len(str(value)) > TEXT_LENGTH_MAX:
            self.fault(name, SPELLED["too_long"].message)
            return None
        return str(value)

    def amount(self, name: str, currency: str) -> int | None:
        """Minor units of an amount, signed as it was sent."""
        value = self._value(name)
        if value is None:
            return None
        try:
            return read_amount(value, currency)
        except (NotAnAmount, TooManyDecimals, AmountOutOfRange) as wrong:
            self.fault(name, SPELLED[wrong.code].message)
            return None

    def day(self, name: str) -> int | None:
        """Days since 1970-01-01."""
        value = self._value(name)
        if value is None:
            return None
        try:
            return read_day(value)
        except NotADay:
            self.fault(name, NOT_A_DAY)
            return None

    def whole(self, name: str) -> int | None:
        """A whole number from 0, sent as a number or as text."""
        value = self._value(name)
        if value is None:
            return None
        number = whole_of(value)
        if number is None:
            self.fault(name, NOT_A_NUMBER)
        return number

    def truth(self, name: str) -> bool | None:
        """Yes or no; 1 and 0 and their words are taken too."""
        value = self._value(name)
        if value is None or isinstance(value, bool):
            return value
        found = _TRUTHS.get(str(value))
        if found is None:
            self.fault(name, NOT_IN_LIST)
        return found

    def entries(self, name: str) -> list[Any]:
        """A list; empty where it is absent."""
        value = self._value(name)
        if value is None:
            return []
        if isinstance(value, dict) and len(value) == 1:
            value = [*value.values()]
        if not isinstance(value, list):
            self.fault(name, NOT_IN_LIST)
            return []
        return value

    def nested(self, name: str) -> list["Given"]:
        """A list of objects, each with faults of its own."""
        found = []
        for each in self.entries(name):
            if isinstance(each, dict):
                found.append(Given(each))
            else:
                self.fault(name, NOT_IN_LIST)
        return found


def whole_of(value: object) -> int | None:
    """A whole number from 0 to 2^53 - 1, sent as a number or as text; None for anything else, `true` included."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    if _WHOLE.fullmatch(str(value)) is None or int(value) > IDENTIFIER_MAX:
        return None
    return int(value)

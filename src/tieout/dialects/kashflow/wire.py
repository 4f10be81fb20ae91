"""What stands on KashFlow's wire, declared once: a shape writes its noun and reads it back.

Received is what JSON and XML are parsed to: texts, numbers with all their digits, booleans, None, lists and mappings.
From XML every leaf is a text, so each kind reads the texts of its values too. Names are matched in any case as in .NET;
names that a shape does not know are ignored, because clients send back whole objects.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from dataclasses import field as factory
from decimal import Decimal
from functools import cache
from typing import Any, Generic, NamedTuple, Protocol, TypeAlias, TypeVar, cast

from tieout.contracts.exact_json import JsonNumber
from tieout.dialects.kashflow.days import day_read, moment_written
from tieout.kernel.dates import NotADay, day_text
from tieout.kernel.errors import Refusal
from tieout.kernel.money import AmountOutOfRange, NotAnAmount, TooManyDecimals, decimal_text, minor_units_of

# Every amount has four decimals on the wire, whatever the currency; ISO 4217 knows none with more.
DECIMALS = 4
# Identifiers are positive and below 2^53, so that every JSON reader keeps them.
WHOLE_MAX = 2**53 - 1
# As long as the core keeps a text: what was shown can be sent back.
TEXT_LENGTH_MAX = 10_000

_WHOLE = re.compile(r"-?[0-9]{1,16}", re.ASCII)
# What neither XML nor PostgreSQL can hold.
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TRUTHS = {"true": True, "false": False, "1": True, "0": False}

Noun = TypeVar("Noun")
Received: TypeAlias = Any
Written: TypeAlias = "bool | int | str | Decimal | dict[str, Written] | Repeated | None"


class Repeated(NamedTuple):
    """A list; `element` is what XML calls each of its members."""

    element: str
    members: tuple[Written, ...]


class Unreadable(Exception):
    """A value that is none of its kind; `code` stands in domain.rules."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class BadBody(Exception):
    """A body that does not have its shape: every fault of it, with the field it concerns."""

    def __init__(self, *faults: Refusal) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{fault.concerns}: {fault.code}" for fault in faults))


class Kind(Protocol):
    """How values of one kind are written and read."""

    def write(self, value: Any) -> Written:
        """The value as it stands on the wire."""
        ...

    def read(self, received: Received) -> Any:
        """The value behind it. Raises Unreadable or BadBody."""
        ...


class Whole:
    """A whole number below 2^53; a boolean is none."""

    def write(self, value: int) -> Written:
        """As digits."""
        return value

    def read(self, received: Received) -> int:
        """Raises Unreadable."""
        text = _text_of(received)
        if text is None or _WHOLE.fullmatch(text) is None or not -WHOLE_MAX <= int(text) <= WHOLE_MAX:
            raise Unreadable("not_allowed")
        return int(text)


class Words:
    """Text; a number stands for its digits, as .NET reads it."""

    def write(self, value: str) -> Written:
        """As it is."""
        return value

    def read(self, received: Received) -> str:
        """Raises Unreadable: also for characters that no store and no XML can hold."""
        text = _text_of(received)
        if text is None or UNFIT.search(text):
            raise Unreadable("not_allowed")
        if len(text) > TEXT_LENGTH_MAX:
            raise Unreadable("too_long")
        return text


class Truth:
    """True or false."""

    def write(self, value: bool) -> Written:
        """As it is."""
        return value

    def read(self, received: Received) -> bool:
        """Raises Unreadable."""
        if isinstance(received, bool):
            return received
        found = _TRUTHS.get(received.lower()) if isinstance(received, str) else None
        if found is None:
            raise Unreadable("not_allowed")
        return found


class Amount:
    """An amount in ten-thousandths of the currency's unit, four decimals on the wire, never through a float."""

    def write(self, value: int) -> Written:
        """1500.0000"""
        return Decimal(decimal_text(value, DECIMALS))

    def read(self, received: Received) -> int:
        """Raises Unreadable."""
        text = _text_of(received)
        if text is None:
            raise Unreadable("not_an_amount")
        try:
            return minor_units_of(text, DECIMALS)
        except (NotAnAmount, TooManyDecimals, AmountOutOfRange) as fault:
            raise Unreadable(fault.code) from None


class Moment:
    """A day with the vendor's constant time of day."""

    def write(self, value: int) -> Written:
        """2014-01-21 12:00:00"""
        return moment_written(value)

    def read(self, received: Received) -> int:
        """Raises Unreadable."""
        if not isinstance(received, str):
            raise Unreadable("bad_date")
        try:
            return day_read(received)
        except NotADay:
            raise Unreadable("bad_date") from None


class Day(Moment):
    """A day without a time; with one, it is ignored."""

    def write(self, value: int) -> Written:
        """2014-01-21"""
        return day_text(value)


class Part(Generic[Noun]):
    """An object inside an object."""

    def __init__(self, shape: "Shape[Noun]") -> None:
        self.shape = shape

    def write(self, value: Noun) -> Written:
        """With every field of its shape."""
        return self.shape.write(value)

    def read(self, received: Received) -> Noun:
        """Raises BadBody."""
        return self.shape.read(received)


class Members:
    """A list of one kind; `element` is what XML calls each member."""

    def __init__(self, element: str, kind: Kind, count_max: int = 10_000) -> None:
        self.element, self.kind, self.count_max = element, kind, count_max

    def write(self, value: Sequence[Any]) -> Written:
        """Every member, in order."""
        return Repeated(self.element, tuple(self.kind.write(member) for member in value))

    def read(self, received: Received) -> tuple[Any, ...]:
        """Raises BadBody with every fault of every member, or Unreadable where it is no list or too long a one."""
        members = _members_of(received)
        if members is None:
            raise Unreadable("not_allowed")
        if len(members) > self.count_max:
            raise Unreadable("too_many")
        faults: list[Refusal] = []
        values = [_read(self.kind, member, f"[{number}]", faults) for number, member in enumerate(members)]
        if faults:
            raise BadBody(*faults)
        return tuple(values)


@dataclass(frozen=True, slots=True)
class Field:
    """One property: its name on the wire and the attribute of the noun that it stands for."""

    name: str
    attribute: str
    kind: Kind
    written: bool = True  # False: a property that is only read
    left_out_when_none: bool = False  # True: absent rather than null


@dataclass(frozen=True, slots=True)
class Shape(Generic[Noun]):
    """One object of the wire: the name of its type, which is its root in XML, and its properties in order.

    constants: properties that always say the same here; they are written and never read.
    """

    type_name: str
    noun: type[Noun]
    fields: tuple[Field, ...]
    constants: Mapping[str, Written] = factory(default_factory=dict)

    def write(self, noun: Noun) -> dict[str, Written]:
        """The object, null where the noun has None."""
        written: dict[str, Written] = {}
        for field in self.fields:
            value = getattr(noun, field.attribute)
            if not field.written or (value is None and field.left_out_when_none):
                continue
            written[field.name] = None if value is None else field.kind.write(value)
        return written | dict(self.constants)

    def read(self, received: Received) -> Noun:
        """The noun behind an object; what is absent or null takes the noun's own default.

        Raises BadBody with every fault: `required` for what has no default, else what the kind refuses.
        """
        if received == "":  # an element of XML with nothing inside
            received = {}
        if not isinstance(received, Mapping):
            raise BadBody(Refusal("not_allowed", ""))
        faults: list[Refusal] = []
        given = _in_any_case(received, faults)
        optional = _optional(cast("type", self.noun))
        values: dict[str, Any] = {}
        for field in self.fields:
            value = given.get(field.name.lower())
            if value is not None:
                values[field.attribute] = _read(field.kind, value, field.name, faults)
            elif field.attribute not in optional:
                faults.append(Refusal("required", field.name))
        if faults:
            raise BadBody(*faults)
        return self.noun(**values)


@cache
def _optional(noun: type) -> frozenset[str]:
    """The attributes of a noun that have a default."""
    return frozenset(field.name for field in fields(noun) if field.default is not MISSING)


def _read(kind: Kind, received: Received, name: str, faults: list[Refusal]) -> Any:
    """The value, or None with its faults put under `name`."""
    try:
        return kind.read(received)
    except Unreadable as fault:
        faults.append(Refusal(fault.code, name))
    except BadBody as bad:
        faults.extend(Refusal(fault.code, _below(name, fault.concerns)) for fault in bad.faults)
    return None


def _below(name: str, concerns: str) -> str:
    return f"{name}{concerns}" if not concerns or concerns.startswith("[") else f"{name}.{concerns}"


def _in_any_case(received: Mapping[str, Received], faults: list[Refusal]) -> dict[str, Received]:
    given: dict[str, Received] = {}
    for name, value in received.items():
        if name.lower() in given:
            faults.append(Refusal("twice", name[:60]))
        given[name.lower()] = value
    return given


def _members_of(received: Received) -> list[Received] | None:
    """The members of a list: as JSON gives them, or as XML does, one element per member inside the property's."""
    if isinstance(received, list):
        return received
    if isinstance(received, Mapping) and len(received) == 1:
        (only,) = received.values()
        return only if isinstance(only, list) else [only]
    if received == "":
        return []
    return None


def _text_of(received: Received) -> str | None:
    """A text, or the digits of a number as they were sent; None for anything else, booleans included."""
    return str(received) if type(received) in (str, int, JsonNumber) else None

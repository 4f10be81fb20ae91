"""Values that know how XML writes them: one shape is JSON, where they are plain strings and lists, and Rails XML."""


class DecimalText(str):
    """A decimal number as text; `type="decimal"` in XML, a string in JSON."""

    __slots__ = ()


class DayText(str):
    """A calendar day, YYYY-MM-DD; `type="date"` in XML."""

    __slots__ = ()


class MomentText(str):
    """An instant with its offset, 2013-09-09T11:47:21-03:00; `type="dateTime"` in XML."""

    __slots__ = ()


class SymbolText(str):
    """One of a few names, as Ruby's symbols are; `type="symbol"` in XML."""

    __slots__ = ()


class Sentences(list[str]):
    """The messages of an error: a list that XML writes without a type."""

    __slots__ = ()

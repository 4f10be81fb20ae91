"""From one row of a report to what it says: what was sold, what was kept of it, and what remains."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from tieout.importers._provider_amounts import UnclearMark
from tieout.importers._provider_profile import Meaning, Part, Profile, normalised
from tieout.importers._provider_table import Row
from tieout.kernel.money import AmountOutOfRange, NotAnAmount, TooManyDecimals

UNREADABLE = (NotAnAmount, TooManyDecimals, AmountOutOfRange, UnclearMark)

_UNKNOWN = Meaning("adjustment", "adjustment")


class NoAmount(NotAnAmount):
    """A row whose credit and debit are both empty."""

    code = "no_amount"

    def __init__(self) -> None:
        super().__init__("")
        self.args = ("the row has neither a credit nor a debit",)


@dataclass(frozen=True, slots=True)
class Kept:
    """What one column says was kept of a row, as its effect in minor units."""

    part: Part
    minor_units: int


@dataclass(frozen=True, slots=True)
class Amounts:
    """The amounts of one row, signed, in minor units of the currency that is paid out; positive is money in."""

    net: int
    gross: int  # what is left of the net without the parts; the net where the columns do not add up
    parts: tuple[Kept, ...]  # none where they do not add up
    fault: int  # net - (gross + parts) as the columns state them; zero where they add up

    @property
    def fees(self) -> int:
        """The signed sum of the parts."""
        return sum(part.minor_units for part in self.parts)


@dataclass(frozen=True, slots=True)
class AmountReader:
    """Reads the amounts of rows that share a currency and a way to write decimals."""

    profile: Profile
    plain: Callable[[str], str]  # a cell as decimal text like -1234.50
    minor_units: Callable[[str], int]  # of a decimal text

    def cell(self, row: Row, column: str) -> int | None:
        """One amount; None where the cell is empty or the report lacks the column. Raises one of UNREADABLE."""
        text = row.cell(column)
        return self.minor_units(self.plain(text)) if text else None

    def net(self, row: Row) -> int:
        """Credit less debit. Raises one of UNREADABLE."""
        columns = self.profile.columns
        credit, debit = self.cell(row, columns.credit), self.cell(row, columns.debit)
        if credit is None and debit is None:
            raise NoAmount
        return (credit or 0) - (debit or 0)

    def amounts(self, row: Row) -> Amounts:
        """Everything that the row states. Raises one of UNREADABLE where the net cannot be read."""
        net = self.net(row)
        try:
            parts = tuple(self._parts(row))
            faults = [(self._fault(row, net, chosen), chosen) for chosen in _choices(parts)]
        except UNREADABLE:
            return Amounts(net, net, (), 0)
        for fault, chosen in faults:
            if not fault:
                return Amounts(net, net - sum(part.minor_units for part in chosen), chosen, 0)
        return Amounts(net, net, (), faults[0][0])

    def _parts(self, row: Row) -> Iterator[Kept]:
        for part in self.profile.parts:
            stated = self.cell(row, part.column)
            if stated:
                yield Kept(part, part.effect * stated)

    def _fault(self, row: Row, net: int, parts: tuple[Kept, ...]) -> int:
        """net - (gross + parts) as far as the report states a gross in the same currency, or a rate to it.

        A converted gross may be off by half a minor unit for itself and for each part.
        """
        columns = self.profile.columns
        gross = net - sum(part.minor_units for part in parts)
        sold, paid = row.cell(columns.gross_currency), row.first(columns.currency)
        if not sold or not paid or sold == paid:
            stated = self._stated_gross(row)
            return 0 if stated is None else gross - stated
        converted = self._converted_gross(row)
        if converted is None:
            return 0
        off = gross - converted
        bound = Fraction(len(parts) + 1, 2)
        return 0 if -bound <= off <= bound else round(off)

    def _stated_gross(self, row: Row) -> int | None:
        columns = self.profile.columns
        if row.cell(columns.gross):
            return self.cell(row, columns.gross)
        credit, debit = self.cell(row, columns.gross_credit), self.cell(row, columns.gross_debit)
        return None if credit is None and debit is None else (credit or 0) - (debit or 0)

    def _converted_gross(self, row: Row) -> Fraction | None:
        """The gross in the currency that is paid out, in minor units; None where the report does not say."""
        columns = self.profile.columns
        texts = [row.cell(name) for name in (columns.gross_credit, columns.gross_debit, columns.rate)]
        exact = [Fraction(self.plain(text)) if text else Fraction(0) for text in texts]
        scale = self.minor_units("1")
        return (exact[0] - exact[1]) * exact[2] * scale if texts[2] and (texts[0] or texts[1]) else None


def _choices(parts: tuple[Kept, ...]) -> list[tuple[Kept, ...]]:
    """All parts, and those without the optional ones where there are any."""
    needed = tuple(part for part in parts if not part.part.optional)
    return [parts] if len(needed) == len(parts) else [parts, needed]


def meaning_of(profile: Profile, row: Row) -> Meaning | None:
    """What the type of the row means; None for a type that nobody knows."""
    columns = profile.columns
    entry_type = normalised(row.cell(columns.entry_type))
    record = profile.records.get(normalised(row.cell(columns.record_type)) or entry_type)
    if record is not None:
        return record
    known = profile.meanings.get(entry_type)
    if known is not None:
        return known
    return next((each for start, each in profile.beginnings.items() if entry_type.startswith(start)), None)


def known_or_adjustment(meaning: Meaning | None) -> Meaning:
    """The meaning, or for an unknown type that of an adjustment: its columns say the sign."""
    return meaning or _UNKNOWN


def received(row: Row, profile: Profile) -> str:
    """The value of a row as the provider writes it, with the sign that its column gives it."""
    columns = profile.columns
    if row.cell(columns.gross):
        return row.cell(columns.gross)
    for credit, debit in ((columns.gross_credit, columns.gross_debit), (columns.credit, columns.debit)):
        for column, sign in ((credit, ""), (debit, "-")):
            text = row.cell(column)
            if text and text.strip("0.,"):
                return sign + text
    return "0"

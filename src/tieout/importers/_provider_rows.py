"""From one row of a report to what it says: what was sold, what was kept of it, and what remains."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from tieout.importers._provider_amounts import UnclearMark
from tieout.importers._provider_profile import Meaning, Part, Profile, normalised
from tieout.importers._provider_table import Row
from tieout.kernel.errors import TieoutError
from tieout.kernel.money import AmountOutOfRange, NotAnAmount, TooManyDecimals

_UNKNOWN = Meaning("adjustment", "adjustment")
_HALF = Fraction(1, 2)


class NoAmount(TieoutError):
    """A row whose credit and debit are both empty."""

    code = "no_amount"

    def __init__(self) -> None:
        super().__init__("the row has neither a credit nor a debit")


UNREADABLE = (NoAmount, NotAnAmount, TooManyDecimals, AmountOutOfRange, UnclearMark)


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
    fault: int = 0  # net - (gross + parts) as far as the columns state them
    adds_up: bool = True  # False with a fault, and where a cost cannot be read

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
            choices = _choices(tuple(self._parts(row)))
            faults = [(self._fault(row, net, chosen), chosen) for chosen in choices]
        except TooManyDecimals:
            return self._together(row, net)
        except UNREADABLE:
            return Amounts(net, net, (), adds_up=False)
        for fault, chosen in faults:
            if not fault:
                return Amounts(net, net - sum(part.minor_units for part in chosen), chosen)
        return Amounts(net, net, (), faults[0][0], adds_up=False)

    def _together(self, row: Row, net: int) -> Amounts:
        """The amounts where single costs have more decimals than the currency: together they are in whole units.

        Half a minor unit for each of them is what rounding may explain.
        """
        try:
            stated = [(part, self._exact(row.cell(part.column)) * part.effect) for part in self.profile.parts]
            stated = [(part, exact) for part, exact in stated if exact]
            kept = sum((exact for _, exact in stated), Fraction(0))
            gross = self._gross(row)
        except UNREADABLE:
            return Amounts(net, net, (), adds_up=False)
        fees = floor(kept + _HALF) if gross is None else net - floor(gross + _HALF)
        off = fees - kept
        if not -_HALF * (len(stated) + 1) <= off <= _HALF * (len(stated) + 1):
            return Amounts(net, net, (), floor(off + _HALF), adds_up=False)
        whole = Part(" + ".join(part.column for part, _ in stated), stated[0][0].kind)
        return Amounts(net, net - fees, (Kept(whole, fees),) if fees else ())

    def _exact(self, text: str) -> Fraction:
        """An amount in minor units and parts of them."""
        return Fraction(self.plain(text)) * self.minor_units("1") if text else Fraction(0)

    def _parts(self, row: Row) -> Iterator[Kept]:
        for part in self.profile.parts:
            stated = self.cell(row, part.column)
            if stated:
                yield Kept(part, part.effect * stated)

    def _fault(self, row: Row, net: int, parts: tuple[Kept, ...]) -> int:
        """net - (gross + parts), as far as the report states a gross; a converted one may be off by its roundings."""
        gross = self._gross(row)
        if gross is None:
            return 0
        off = net - sum(part.minor_units for part in parts) - gross
        bound = _HALF * (len(parts) + 1) if self._is_converted(row) else 0
        return 0 if -bound <= off <= bound else floor(off + _HALF)

    def _is_converted(self, row: Row) -> bool:
        columns = self.profile.columns
        sold, paid = row.cell(columns.gross_currency), row.first(columns.currency)
        return bool(sold) and bool(paid) and sold != paid

    def _gross(self, row: Row) -> Fraction | None:
        """The stated gross in minor units of the currency that is paid out; None where the report does not say."""
        columns = self.profile.columns
        if row.cell(columns.gross):
            return self._exact(row.cell(columns.gross))
        credit, debit = row.cell(columns.gross_credit), row.cell(columns.gross_debit)
        if not credit and not debit:
            return None
        gross = self._exact(credit) - self._exact(debit)
        if not self._is_converted(row):
            return gross
        rate = row.cell(columns.rate)
        return gross * Fraction(self.plain(rate)) if rate else None


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


def stated_column(row: Row, profile: Profile) -> tuple[str, int]:
    """The column that states the value of a row before fees, and the sign that it gives it; none for a value of 0."""
    columns = profile.columns
    signed = ((columns.gross, 1), (columns.gross_credit, 1), (columns.gross_debit, -1))
    for column, sign in (*signed, (columns.credit, 1), (columns.debit, -1)):
        if row.cell(column).strip("0.,"):
            return column, sign
    return "", 1

"""Number and sum of the entries of an MT942, against what fields 90C and 90D state.

SWIFT defines the totals as the debit and the credit entries since the last report and does not say whether expected
ones (EC, ED) count. Banks do both, so a report is proved when either reading agrees in number and sum.
Entries below a floor limit (34F) are not listed but are in the totals.
Source: SWIFT Standards MT942, fields 34F, 90C and 90D.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from tieout.domain.statements import BalanceProof


class Total(NamedTuple):
    """Number of entries of one side and their sum in minor units, debits negative."""

    entries: int = 0
    minor_units: int = 0

    def plus(self, other: "Total") -> "Total":
        """Both together."""
        return Total(self.entries + other.entries, self.minor_units + other.minor_units)


@dataclass(slots=True)
class Totals:
    """What one message states of its totals and what it lists; sides are "C" and "D"."""

    stated: dict[str, Total] = field(default_factory=dict)
    booked: dict[str, Total] = field(default_factory=dict)
    expected: dict[str, Total] = field(default_factory=dict)
    has_floor: bool = False  # a floor limit above zero is stated

    def count(self, side: str, minor_units: int, booked: bool) -> None:
        """Take one listed entry into its side."""
        listed = self.booked if booked else self.expected
        listed[side] = listed.get(side, Total()).plus(Total(1, minor_units))

    def add(self, page: "Totals") -> None:
        """Take in what the next page of the same report states and lists."""
        for mine, others in ((self.stated, page.stated), (self.booked, page.booked), (self.expected, page.expected)):
            for side, total in others.items():
                mine[side] = mine.get(side, Total()).plus(total)
        self.has_floor = self.has_floor or page.has_floor

    def prove(self, divisor: int = 1) -> BalanceProof:
        """Prove the stated totals; a side that is not stated proves nothing.

        divisor: what brings amounts here down to the minor units of the finished statement.
        The gap is stated minus listed, booked and expected entries together. Where a floor limit above zero leaves
        small entries out, a difference is no fault: then nothing is proved, with reason floor_limit.
        """
        if not self.stated:
            return BalanceProof(holds=None, gap=None, identity=None, reason="no_balances")
        if self._agrees(self.booked) or self._agrees(self._listed()):
            return BalanceProof(holds=True, gap=0, identity="totals", reason=None)
        if self.has_floor:
            return BalanceProof(holds=None, gap=None, identity=None, reason="floor_limit")
        listed = self._listed()
        gap = sum(total.minor_units - listed.get(side, Total()).minor_units for side, total in self.stated.items())
        return BalanceProof(holds=False, gap=gap // divisor, identity="totals", reason=None)

    def _agrees(self, listed: dict[str, Total]) -> bool:
        return all(listed.get(side, Total()) == total for side, total in self.stated.items())

    def _listed(self) -> dict[str, Total]:
        return {side: self.booked.get(side, Total()).plus(self.expected.get(side, Total())) for side in "CD"}

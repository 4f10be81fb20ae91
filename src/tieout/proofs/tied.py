"""How much of each line is tied: what confirming a match takes, and what undoing it gives back."""

from collections.abc import Iterable

from tieout.domain.kinds import Side
from tieout.domain.matches import Match


class TiedAmounts:
    """Minor units used of each line by live confirmed matches, by side and line id, with the sign of the line."""

    def __init__(self, matches: Iterable[Match] = ()) -> None:
        self.statement: dict[str, int] = {}
        self.ledger: dict[str, int] = {}
        for match in matches:
            self.tie(match)

    def of(self, side: Side) -> dict[str, int]:
        """The used lines of one side; a line that nothing uses is absent."""
        return self.statement if side == "statement" else self.ledger

    def tie(self, match: Match) -> None:
        """Take what a confirmed match uses."""
        for side, line, minor_units, _ in match.allocations:
            used = self.statement if side == "statement" else self.ledger
            used[line] = used.get(line, 0) + minor_units

    def undo(self, match: Match) -> None:
        """Give back what `tie` took for the same match, in whatever order matches are undone."""
        for side, line, minor_units, _ in match.allocations:
            used = self.of(side)
            left = used.pop(line) - minor_units
            if left:
                used[line] = left

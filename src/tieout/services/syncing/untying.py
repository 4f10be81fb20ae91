"""Letting a line follow the platform's books: what is tied to it is undone first, and somebody is told.

A line in a live match is frozen, so the match goes, with a difference that names why. In a period that is closed or
locked nothing is undone: the line stays as it was tied, and the difference says what the platform has now. A line that
is ticked in a reconciliation follows all the same, and the reconciliation shows it by its status.
"""

from collections.abc import Callable, Sequence
from typing import Any

from tieout.domain.lines import Line
from tieout.domain.match_records import MatchStatus, StateRecord, StoredMatch
from tieout.kernel.currencies import exponent_of
from tieout.kernel.dates import day_text
from tieout.kernel.errors import Refusal
from tieout.kernel.money import decimal_text
from tieout.services.instalments import follow
from tieout.services.line_requests import Ground
from tieout.services.line_versions import next_version
from tieout.services.match_rules import period_refusals
from tieout.services.syncing.differing import open_difference
from tieout.services.syncing.wanting import match_not_wanted
from tieout.store.protocols import Condition, LineNow, Writing

# Columns that a match rests on; others may change under it.
_FROZEN = ("account_id", "booking_day", "currency", "minor_units")
# What people call them, and how each is told.
_TOLD: Sequence[tuple[str, Callable[[Line], str]]] = (
    ("account", lambda line: str(line.account_id)),
    ("day", lambda line: day_text(line.booking_day)),
    ("amount", lambda line: f"{decimal_text(line.minor_units, exponent_of(line.currency))} {line.currency}"),
)


class Following:
    """Changes of lines that one transaction makes for a platform."""

    def __init__(self, work: Writing, ground: Ground, entity_id: int, now: int, by: str) -> None:
        self.work, self.ground, self.entity_id, self.now, self.by = work, ground, entity_id, now, by

    def changed(self, found: LineNow, **values: Any) -> tuple[Refusal, ...]:
        """Give a line a version with these values; nothing where it has them. Why not, where it may not follow."""
        if all(getattr(found.line, name) == value for name, value in values.items()):
            return ()
        after = next_version(found.line, self.now, self.by, **values)
        if not any(getattr(found.line, name) != getattr(after, name) for name in _FROZEN):
            self.work.add(after)
            return ()
        return self._moved(found, after, after.minor_units - found.line.minor_units)

    def deleted(self, found: LineNow) -> tuple[Refusal, ...]:
        """Delete a line that the platform no longer has. Why not, where it may not follow."""
        after = next_version(found.line, self.now, self.by, deleted=True)
        return self._moved(found, after, -found.line.minor_units)

    def _moved(self, found: LineNow, after: Line, change: int) -> tuple[Refusal, ...]:
        before = found.line
        what = _what(before, after)
        amount = change or before.minor_units
        refusals = self._locked(before, after) + self._untied(found, what, amount)
        if refusals:
            told = f"{what}, in days that are closed or locked here: the line stays as it was"
            self._tell(f"line:{before.id}", amount, before.currency, told)
            return refusals
        self.work.add(after)
        follow(self.work, [after], self.now)
        if found.cleared_in is not None:
            self._tell(f"reconciliation:{found.cleared_in}", amount, before.currency, f"{what} after it was ticked")
        return ()

    def _locked(self, before: Line, after: Line) -> tuple[Refusal, ...]:
        locked = self.ground.locked
        found = [
            *locked.refusals(before.account_id, before.booking_day, "booking_day"),
            *locked.refusals(after.account_id, after.booking_day, "booking_day"),
        ]
        return tuple(dict.fromkeys(found))

    def _untied(self, found: LineNow, what: str, amount: int) -> tuple[Refusal, ...]:
        """Undo every live match of a line, or none. Why not, where one of them is in closed or locked days."""
        if not found.used_minor_units:
            return ()
        live = self.work.matches_of(self.entity_id, [found.line.id], MatchStatus.CONFIRMED)
        lines = {stored.record.id: self._lines(stored) for stored in live}
        refusals = tuple(
            refusal
            for stored in live
            for refusal in period_refusals(self.work, self.entity_id, [*lines[stored.record.id].values()])
        )
        if refusals:
            return refusals
        for stored in live:
            self._undo(stored, lines[stored.record.id], what)
            self._tell(f"match:{stored.record.id}", amount, found.line.currency, f"{what}, so the match was undone")
            match_not_wanted(self.work, stored, self.now, self.by)
        return ()

    def _lines(self, stored: StoredMatch) -> dict[int, Line]:
        ids = [leg.line_id for leg in stored.allocations]
        return {now.line.id: now.line for now in self.work.lines(self.entity_id, Condition("id", "in", ids))}

    def _undo(self, stored: StoredMatch, lines: dict[int, Line], reason: str) -> None:
        uses = {leg.line_id: (lines[leg.line_id].minor_units, -leg.minor_units) for leg in stored.allocations}
        short = self.work.use(self.entity_id, uses)
        assert not short, "a live match uses what its allocations say"
        self.work.add(
            StateRecord(
                entity_id=self.entity_id,
                match_id=stored.record.id,
                number=len(stored.states) + 1,
                state=MatchStatus.UNDONE,
                reason=reason,
                at=self.now,
                by=self.by,
            )
        )

    def _tell(self, subject: str, minor_units: int, currency: str, reason: str) -> None:
        open_difference(self.work, self.entity_id, subject, minor_units, currency, reason, self.now, self.by)


def _what(before: Line, after: Line) -> str:
    """What the platform did to a line, in words."""
    named = f"line {before.id}" + (f' "{before.reference}"' if before.reference else "")
    if after.deleted:
        return f"the accounting system deleted {named}"
    changes = [
        f"{word} of {named} from {tell(before)} to {tell(after)}" for word, tell in _TOLD if tell(before) != tell(after)
    ]
    return f"the accounting system changed the {' and the '.join(changes)}"

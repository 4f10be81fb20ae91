"""Which lines may be changed or deleted, and what changes with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tieout.domain.lines import Line, Origin
from tieout.kernel.errors import Refusal
from tieout.services.instalments import has_fixed_amount, is_instalment
from tieout.services.line_requests import Ground, line_refusals
from tieout.services.line_versions import holding_matches
from tieout.store.protocols import Condition, LineNow, Reading

# What a person may change of a line; of a bank's own line only `extra`.
EDITABLE = (
    "kind",
    "account_id",
    "currency",
    "minor_units",
    "booking_day",
    "value_day",
    "reference",
    "counterparty",
    "counterparty_account",
    "batch",
    "description",
    "native_id",
    "settles",
    "foreign_minor_units",
    "foreign_currency",
    "rate",
    "extra",
)
# What a live confirmed match rests on.
FROZEN = ("minor_units", "booking_day", "currency", "account_id")


@dataclass(frozen=True, slots=True)
class Holds:
    """What holds lines as they are, by line: the live confirmed match that uses it."""

    matches: Mapping[int, int]

    def facts(self, line: Line) -> tuple[tuple[str, str], ...]:
        """The facts of a refusal because of a match: the line and the match."""
        return ("line", str(line.id)), ("match", str(self.matches[line.id]))


def holds_of(view: Reading, entity_id: int, lines: Sequence[LineNow]) -> Holds:
    """What holds these lines now."""
    return Holds(holding_matches(view, entity_id, (now.line.id for now in lines if now.used_minor_units)))


def differing(before: Line, after: Line) -> frozenset[str]:
    """The editable fields in which two versions differ."""
    return frozenset(name for name in EDITABLE if getattr(before, name) != getattr(after, name))


def edit_refusals(view: Reading, ground: Ground, before: Line, after: Line, holds: Holds) -> list[Refusal]:
    """Every rule that the change from one version to the next breaks.

    Nothing is asked of a change to `extra` alone: it says nothing about the line.
    """
    changed = differing(before, after)
    if changed <= {"extra"}:
        return []
    found = _own_refusals(before, ground, "")
    found += [
        Refusal("line_frozen", name, holds.facts(before))
        for name in FROZEN
        if name in changed and before.id in holds.matches
    ]
    if changed & {*FROZEN, "kind"} and is_part_of_entry(before):
        found.append(Refusal("part_of_entry", "line", (("journal_entry", str(before.parent_id)),)))
    if "minor_units" in changed and before.paid_day is not None:
        found.append(Refusal("already_paid", "minor_units"))
    if "minor_units" in changed and is_instalment(before) and has_fixed_amount(view, before):
        found.append(Refusal("instalments_differ", "minor_units", (("invoice", str(before.parent_id)),)))
    if "currency" in changed and (is_instalment(before) or before.transfer_id is not None):
        found.append(Refusal("currency_differs", "currency"))
    found += [refusal for refusal in line_refusals(after, ground) if refusal not in found]
    return found


def delete_refusals(line: Line, ground: Ground, holds: Holds, where: str) -> list[Refusal]:
    """Every rule that deleting a line breaks; `where` names the line in the request."""
    found = _own_refusals(line, ground, where)
    if line.id in holds.matches:
        found.append(Refusal("line_frozen", where, holds.facts(line)))
    if is_part_of_entry(line):
        facts = ("journal_entry", str(line.parent_id)), ("line", str(line.id))
        found.append(Refusal("part_of_entry", where, facts))
    return found


def _own_refusals(line: Line, ground: Ground, where: str) -> list[Refusal]:
    """Why a line stays as it is, whatever would be done to it."""
    found = []
    if line.side == "statement" and line.origin != Origin.ENTERED:
        found.append(Refusal("line_not_entered", where or "line", (("line", str(line.id)),)))
    return found + ground.locked.refusals(line.account_id, line.booking_day, where or "booking_day")


def is_part_of_entry(line: Line) -> bool:
    """Whether the line belongs to a journal entry, which alone may change it."""
    return line.kind == "journal_entry_line" and line.parent_id is not None


def with_other_sides(view: Reading, entity_id: int, lines: Sequence[LineNow]) -> list[LineNow]:
    """The lines, and behind them the other sides of own transfers that are not among them."""
    transfers = sorted({now.line.transfer_id for now in lines if now.line.transfer_id is not None})
    if not transfers:
        return list(lines)
    given = {now.line.id for now in lines}
    others = view.lines(entity_id, Condition("transfer_id", "in", transfers))
    return [*lines, *(now for now in others if now.line.id not in given)]

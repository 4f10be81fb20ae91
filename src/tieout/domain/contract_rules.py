"""Rules that some contracts put on top of those of every match: whole lines, no netting, paid before.

Pure functions over lines as they count now; the services run one inside the transaction that ties the lines, so that
what they saw still holds when the match stands.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeAlias

from tieout.domain.lines import Line
from tieout.kernel.errors import Refusal


class LineFacts(Protocol):
    """A line as it counts now."""

    @property
    def line(self) -> Line:
        """The version that counts."""
        ...

    @property
    def left_minor_units(self) -> int:
        """What no live confirmed match uses, signed."""
        ...


Check: TypeAlias = Callable[[Sequence[LineFacts]], Sequence[Refusal]]
PAYABLE, RECEIVABLE = "payable", "receivable"


def no_rule(_: Sequence[LineFacts]) -> tuple[Refusal, ...]:
    """Nothing beyond the rules of every match."""
    return ()


def paid_with_their_money(lines: Sequence[LineFacts]) -> tuple[Refusal, ...]:
    """Payables with money out or receivables with money in, never both; all of them paid; both sums equal in size.

    Codes: sides by `directions_agree`, `all_paid` and `sums_agree`, in this order.
    """
    return (*directions_agree(lines), *all_paid(lines), *sums_agree(lines))


def directions_agree(lines: Sequence[LineFacts]) -> tuple[Refusal, ...]:
    """direction_differs: per bank line whose direction is not the items', or per item where both kinds are named."""
    open_items = [each.line for each in lines if each.line.side == "ledger"]
    movements = [each.line for each in lines if each.line.side == "statement"]
    kinds = {open_item.kind for open_item in open_items}
    wrong = [open_item for open_item in open_items if open_item.kind not in (PAYABLE, RECEIVABLE)]
    if len(kinds) > 1 and not wrong:
        wrong = open_items
    elif len(kinds) == 1 and not wrong:
        money_out = kinds == {PAYABLE}
        wrong = [movement for movement in movements if (movement.minor_units < 0) != money_out]
    elif not open_items and len({movement.minor_units < 0 for movement in movements}) > 1:
        wrong = movements
    return tuple(Refusal("direction_differs", str(line.id), (("side", line.side),)) for line in wrong)


def all_paid(lines: Sequence[LineFacts]) -> tuple[Refusal, ...]:
    """unpaid: per open item that nobody has said is paid."""
    return tuple(
        Refusal("unpaid", str(each.line.id), (("side", "ledger"),))
        for each in lines
        if each.line.side == "ledger" and each.line.paid_day is None
    )


def sums_agree(lines: Sequence[LineFacts]) -> tuple[Refusal, ...]:
    """residual_remains: where both sides' sums differ in size, whatever their signs, with the sums as facts."""
    statement = sum(_amounts(lines, "statement"))
    ledger = sum(_amounts(lines, "ledger"))
    if statement in (ledger, -ledger):
        return ()
    currency = lines[0].line.currency
    return (Refusal("residual_remains", currency, (("ledger", str(ledger)), ("statement", str(statement)))),)


def _amounts(lines: Sequence[LineFacts], side: str) -> Iterable[int]:
    return (each.line.minor_units for each in lines if each.line.side == side)

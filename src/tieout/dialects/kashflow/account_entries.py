"""The book entries of one bank account: found by the vendor's ids, and put beside the other side of a transfer."""

from collections.abc import Sequence

from tieout.dialects.kashflow.answers import refuse
from tieout.dialects.kashflow.bank_accounts import book_entries_of
from tieout.dialects.kashflow.entries import Placed, wire_id_of
from tieout.dialects.kashflow.serving import Here, require
from tieout.domain.accounts import Account
from tieout.domain.lines import Line
from tieout.services.lines import Condition, LineNow, find_lines


def placed(here: Here, of: Account, found: Sequence[LineNow]) -> list[Placed]:
    """Entries of an account, each with the account that its transfer left."""
    first = {each.line.transfer_id for each in found if each.line.transfer_id not in (None, each.line.id)}
    left = _lines(here, Condition("id", "in", sorted(number for number in first if number is not None)))
    origins = {each.line.id: each.line.account_id for each in left}
    return [Placed(each, of, _origin(each.line, origins, of)) for each in found]


def entry_named(here: Here, of: Account, wire_id: int) -> Placed:
    """The entry that an account shows under this id. Raises Refused (404)."""
    found = entries_named(here, of, [wire_id])
    return found[wire_id] if found else refuse("not_found", "line")


def entries_named(here: Here, of: Account, wire_ids: Sequence[int]) -> dict[int, Placed]:
    """The entries of an account by the ids that it shows them under; what it does not have is left out."""
    wanted = frozenset(wire_ids)
    found = [
        each
        for column in ("id", "transfer_id")
        for each in _lines(here, *book_entries_of(of.id), Condition(column, "in", sorted(wanted)))
        if wire_id_of(each.line) in wanted
    ]
    return {each.wire_id: each for each in placed(here, of, found)}


def _lines(here: Here, *conditions: Condition) -> list[LineNow]:
    if any(condition.operator == "in" and not condition.value for condition in conditions):
        return []
    return require(find_lines(here.context, here.principal, here.company, *conditions))


def _origin(line: Line, origins: dict[int, int], of: Account) -> int:
    """The account that a transfer left; of anything else, and where that side is gone, its own."""
    return of.id if line.transfer_id in (None, line.id) else origins.get(line.transfer_id or 0, of.id)

"""Many transactions at once: deleting those that may go, and saying why the others stay."""

from tieout.dialects.kashflow.account_entries import entries_named
from tieout.dialects.kashflow.answers import Answer, Refused
from tieout.dialects.kashflow.bank_accounts import account_named
from tieout.dialects.kashflow.refusals import answered
from tieout.dialects.kashflow.serving import Here, body_received, require
from tieout.dialects.kashflow.shapes_transactions import NOT_DELETED, TRANSACTION_IDS, NotDeleted
from tieout.dialects.kashflow.wire import BadBody, Repeated, Unreadable
from tieout.kernel.errors import Refusal
from tieout.services.lines import delete_lines


def delete_transactions(here: Here) -> Answer:
    """DELETE /bankaccounts/{account_id}/transactionlist with a list of ids.

    204 where all of them went, otherwise 200 with those that stayed, in the order given.
    """
    of = account_named(here)
    wire_ids = list(dict.fromkeys(_ids(here)))
    entries = entries_named(here, of, wire_ids)
    line_ids = {entry.line.id: wire_id for wire_id, entry in entries.items()}
    deleted = require(delete_lines(here.context, here.principal, here.company, list(line_ids), partial=True))
    refusals: dict[int, list[Refusal]] = {
        wire_id: [Refusal("not_found", "line")] for wire_id in wire_ids if wire_id not in entries
    }
    for refusal in deleted.refused:
        # The place in the call: a transfer may be held by its other side.
        place = int(refusal.concerns.removeprefix("lines[").removesuffix("]"))
        refusals.setdefault(list(line_ids.values())[place], []).append(refusal)
    stayed = [NotDeleted(id=each, reason=answered(refusals[each]).message) for each in wire_ids if each in refusals]
    if not stayed:
        return Answer(204)
    members = tuple(NOT_DELETED.write(each) for each in stayed)
    return Answer(200, Repeated(NOT_DELETED.type_name, members), f"ArrayOf{NOT_DELETED.type_name}")


def _ids(here: Here) -> tuple[int, ...]:
    try:
        found: tuple[int, ...] = TRANSACTION_IDS.read(body_received(here.asked))
    except Unreadable as fault:
        raise Refused([Refusal(fault.code, "The list of ids")]) from None
    except BadBody as bad:
        raise Refused(bad.faults) from None
    return found

"""Own transfers: money from one account of an entity to another, as two book entries that share an id."""

from dataclasses import replace

from tieout.domain.lines import Line, Origin
from tieout.domain.people import Capability, Principal
from tieout.kernel.errors import Refusal
from tieout.services.context import Context, Denied
from tieout.services.line_requests import Ground, LineRequest, ground_of, line_refusals
from tieout.services.line_versions import first_version
from tieout.services.permitting import not_permitted
from tieout.store.protocols import Scope


def enter_transfer(
    context: Context,
    principal: Principal,
    entity_id: int,
    from_account_id: int,
    to_account_id: int,
    minor_units: int,
    booking_day: int,
    description: str = "",
    *,
    extra: str = "",
) -> tuple[Line, Line] | Denied:
    """Two ledger lines of kind bank_transfer, out of one account and into the other.

    Their transfer_id is the id of the first. minor_units: positive, in the currency that both accounts share.
    Needs PREPARE. Refused: amount_zero, not_allowed for a negative amount, twice for one account, currency_differs,
    and as enter_lines, concerning "from." or "to." and the field.
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    now, by = context.now(), principal.name
    with context.store.writing(Scope("entity", entity_id), by, "enter_transfer", now) as work:
        ground = ground_of(work, entity_id)
        account = ground.accounts.get(from_account_id)
        leaving = LineRequest(
            side="ledger",
            kind="bank_transfer",
            account_id=from_account_id,
            currency=account.currency if account else ground.currency,
            minor_units=-minor_units,
            booking_day=booking_day,
            description=description,
            extra=extra,
        )
        arriving = replace(leaving, account_id=to_account_id, minor_units=minor_units)
        if refusals := _refusals(leaving, arriving, ground):
            return Denied(tuple(refusals))
        first_id, second_id = work.new_ids(Line, 2)
        lines = tuple(
            replace(
                first_version(each, entity_id=entity_id, line_id=line_id, origin=Origin.ENTERED, now=now, by=by),
                transfer_id=first_id,
            )
            for each, line_id in ((leaving, first_id), (arriving, second_id))
        )
        work.add(*lines)
        return lines[0], lines[1]


def _refusals(leaving: LineRequest, arriving: LineRequest, ground: Ground) -> list[Refusal]:
    found = []
    if arriving.minor_units == 0:
        found.append(Refusal("amount_zero", "minor_units"))
    if arriving.minor_units < 0:
        found.append(Refusal("not_allowed", "minor_units"))
    if leaving.account_id == arriving.account_id:
        found.append(Refusal("twice", "to.account_id"))
    found += line_refusals(leaving, ground, "from.")
    return found + line_refusals(arriving, ground, "to.")

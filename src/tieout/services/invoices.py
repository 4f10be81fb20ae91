"""Invoices and bills: what they are for, and the instalments that wait for money."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tieout.domain.books import Invoice, InvoiceLine
from tieout.domain.lines import Line
from tieout.domain.people import Capability, Principal
from tieout.kernel.errors import Refusal
from tieout.kernel.public_ids import uuid7
from tieout.services.context import Context, Denied, denied
from tieout.services.instalments import instalments_of
from tieout.services.invoice_adding import add_invoice, instalments_asked, named_party
from tieout.services.invoice_rules import InvoiceLineRequest, InvoiceRequest, invoice_refusals
from tieout.services.line_changes import delete_refusals, holds_of
from tieout.services.line_requests import LineRequest, ground_of
from tieout.services.line_versions import next_version
from tieout.services.payments import cash_refusals, day_refusals, pay_instalment, undo_payment
from tieout.services.permitting import not_permitted
from tieout.services.syncing.wanting import invoice_not_wanted, want_invoice
from tieout.store.protocols import Condition, LineNow, Order, Scope, Writing

__all__ = (
    "InvoiceLineRequest",
    "InvoiceNow",
    "InvoiceRequest",
    "cancel_invoice",
    "create_invoice",
    "invoice",
    "invoices",
    "pay_instalment",
    "undo_payment",
)


@dataclass(frozen=True, slots=True)
class InvoiceNow:
    """An invoice with its lines by number and its instalments by id; a cancelled one has no instalments."""

    invoice: Invoice
    lines: tuple[InvoiceLine, ...]
    instalments: tuple[LineNow, ...]


def create_invoice(
    context: Context, principal: Principal, entity_id: int, request: InvoiceRequest
) -> tuple[Invoice, list[Line]] | Denied:
    """An invoice and its instalments, one open item each, in the order given. Needs PREPARE.

    While the entity is connected to an accounting platform, it is sent there in the background, once.
    Refused: not_allowed, required, too_many, instalments_differ, unknown_currency, bad_date, amount_out_of_range,
    direction_differs, too_long, not_found, period_locked (an instalment due or paid in a locked period), amount_zero
    (paid with nothing).
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    now, by = context.now(), principal.name
    with context.store.writing(Scope("entity", entity_id), by, "create_invoice", now) as work:
        party = named_party(work, entity_id, request)
        if isinstance(party, Denied):
            return party
        instalments = instalments_asked(party)
        refusals = invoice_refusals(party, instalments, ground_of(work, entity_id))
        if refusals := refusals + _paid_refusals(work, entity_id, party, instalments):
            return Denied(tuple(refusals))
        public_id = uuid7(now, context.random_bytes(10))
        made = add_invoice(work, entity_id, party, instalments, public_id=public_id, now=now, by=by)
        want_invoice(context, work, made[0], now, by)
        return made


def _paid_refusals(
    work: Writing, entity_id: int, request: InvoiceRequest, instalments: Sequence[LineRequest]
) -> list[Refusal]:
    return [
        Refusal(each.code, f"paid[{place}].{each.concerns}", each.facts)
        for place, (line, (day, minor_units)) in enumerate(zip(instalments, request.paid, strict=False))
        for each in cash_refusals(line, minor_units) + day_refusals(work, entity_id, line, day)
    ]


def cancel_invoice(context: Context, principal: Principal, entity_id: int, invoice_id: int) -> Invoice | Denied:
    """Cancel an invoice and delete its instalments; a cancelled one stays as it is. Needs PREPARE.

    Refused: not_found, already_paid (undo the payment first), line_frozen (fact `match`), period_locked.
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    now, by = context.now(), principal.name
    with context.store.writing(Scope("entity", entity_id), by, "cancel_invoice", now) as work:
        before = work.one(Invoice, entity_id=entity_id, id=invoice_id)
        if before is None:
            return denied("not_found", "invoice")
        if before.status == "cancelled":
            return before
        lines = instalments_of(work, before)
        if refusals := _cancel_refusals(work, entity_id, lines):
            return Denied(tuple(refusals))
        work.add(*(next_version(each.line, now, by, deleted=True) for each in lines))
        if not work.change(before, status="cancelled", updated_at=now):
            work.roll_back()
            return denied("changed_meanwhile", "invoice")
        invoice_not_wanted(work, before, now)
        return replace(before, status="cancelled", updated_at=now)


def _cancel_refusals(work: Writing, entity_id: int, lines: Sequence[LineNow]) -> list[Refusal]:
    ground, holds = ground_of(work, entity_id), holds_of(work, entity_id, lines)
    found = []
    for place, each in enumerate(lines):
        where = f"instalments[{place}]"
        if each.line.paid_day is not None:
            found.append(Refusal("already_paid", where, (("line", str(each.line.id)),)))
        found += delete_refusals(each.line, ground, holds, where)
    return found


def invoice(context: Context, principal: Principal, entity_id: int, invoice_id: int) -> InvoiceNow | Denied:
    """One invoice with its lines and instalments."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        stored = view.one(Invoice, entity_id=entity_id, id=invoice_id)
        if stored is None:
            return denied("not_found", "invoice")
        lines = view.all(InvoiceLine, order=(Order("number"),), entity_id=entity_id, invoice_id=invoice_id)
        return InvoiceNow(stored, tuple(lines), tuple(instalments_of(view, stored)))


def invoices(
    context: Context,
    principal: Principal,
    entity_id: int,
    *conditions: Condition,
    after: int = 0,
    limit: int | None = None,
    offset: int = 0,
) -> list[Invoice] | Denied:
    """Invoices by id, those above `after`; conditions are on the columns of Invoice."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        behind = (Condition("id", ">", after), *conditions)
        return view.all(Invoice, *behind, order=(Order("id"),), limit=limit, offset=offset, entity_id=entity_id)

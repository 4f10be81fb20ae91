"""Adding invoices: the rows of a request that broke no rule, whether somebody entered it or a platform has it."""

from collections.abc import Sequence
from dataclasses import replace

from tieout.domain.books import Invoice, InvoiceLine
from tieout.domain.connections import Counterparty
from tieout.domain.lines import Line, Origin
from tieout.services.context import Denied, denied
from tieout.services.invoice_rules import InvoiceLineRequest, InvoiceRequest, totals_of
from tieout.services.line_requests import LineRequest
from tieout.services.line_versions import first_version
from tieout.services.payments import paid_version
from tieout.store.protocols import Reading, Writing


def named_party(view: Reading, entity_id: int, request: InvoiceRequest) -> InvoiceRequest | Denied:
    """The request with the name of the customer or vendor that it refers to, where it gives none of its own."""
    if request.counterparty_id is None:
        return request
    kept = view.one(Counterparty, entity_id=entity_id, id=request.counterparty_id)
    if kept is None:
        return denied("not_found", "counterparty_id")
    if kept.role != ("customer" if request.direction == "receivable" else "vendor"):
        return denied("not_allowed", "counterparty_id", role=kept.role)
    return replace(request, counterparty=request.counterparty or kept.name)


def instalments_asked(request: InvoiceRequest) -> list[LineRequest]:
    """The open items of an invoice; one on its issue day, over the whole amount, where none are given."""
    given = request.instalments or ((request.issue_day, totals_of(request.lines).minor_units),)
    extras = request.line_extra
    return [
        LineRequest(
            side="ledger",
            kind=request.direction,
            account_id=request.account_id,
            currency=request.currency,
            minor_units=minor_units,
            booking_day=due_day,
            reference=request.number,
            counterparty=request.counterparty,
            counterparty_account=request.counterparty_account,
            description=request.description,
            extra=extras if isinstance(extras, str) else "".join(extras[place : place + 1]),
        )
        for place, (due_day, minor_units) in enumerate(given)
    ]


def add_invoice(
    work: Writing,
    entity_id: int,
    request: InvoiceRequest,
    instalments: Sequence[LineRequest],
    *,
    public_id: str,
    now: int,
    by: str,
    origin: Origin = Origin.ENTERED,
) -> tuple[Invoice, list[Line]]:
    """The invoice of a request that broke no rule, added with its lines and instalments."""
    tax = request.tax_minor_units
    stored = Invoice(
        entity_id=entity_id,
        id=work.new_ids(Invoice)[0],
        public_id=public_id,
        direction=request.direction,
        number=request.number,
        counterparty=request.counterparty,
        currency=request.currency,
        issue_day=request.issue_day,
        minor_units=sum(each.minor_units for each in instalments),
        tax_minor_units=totals_of(request.lines).tax_minor_units if tax is None else tax,
        status="open",
        extra=request.extra,
        created_at=now,
        updated_at=now,
        counterparty_id=request.counterparty_id,
    )
    ids = work.new_ids(Line, len(instalments))
    lines = [
        first_version(
            replace(each, parent_id=stored.id),
            entity_id=entity_id, line_id=line_id, origin=origin, now=now, by=by,
        )
        for line_id, each in zip(ids, instalments, strict=True)
    ]  # fmt: skip
    paid = [
        paid_version(line, day, minor_units, now, by)
        for line, (day, minor_units) in zip(lines, request.paid, strict=False)
    ]
    work.add(stored, *invoice_lines(stored, request.lines), *lines, *paid)
    return stored, [*paid, *lines[len(paid) :]]


def invoice_lines(stored: Invoice, requests: Sequence[InvoiceLineRequest]) -> list[InvoiceLine]:
    """What an invoice is for, line by line, numbered from 1."""
    return [
        InvoiceLine(
            entity_id=stored.entity_id,
            invoice_id=stored.id,
            number=number,
            description=each.description,
            quantity=each.quantity,
            minor_units=each.minor_units,
            tax_minor_units=each.tax_minor_units,
            account_code=each.account_code,
            price_minor_units=each.price_minor_units,
            tax_rate_value=each.tax_rate_value,
            vat_rate_id=each.vat_rate_id,
        )
        for number, each in enumerate(requests, 1)
    ]

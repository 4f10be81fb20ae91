"""Invoices and bills of the platform as ours: their lines, and the instalments that wait for money."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tieout.domain.books import Invoice, InvoiceLine
from tieout.domain.lines import Line, Origin
from tieout.kernel.errors import Refusal
from tieout.services.instalments import instalments_of, nominal_minor_units
from tieout.services.invoice_adding import add_invoice, instalments_asked, invoice_lines
from tieout.services.invoice_rules import InvoiceLineRequest, InvoiceRequest, invoice_refusals
from tieout.services.line_requests import LineRequest
from tieout.services.line_versions import first_version
from tieout.services.syncing.contents import InvoiceContent
from tieout.services.syncing.untying import Following
from tieout.store.protocols import LineNow, Order


class Rates(dict[str, tuple[str, int]]):
    """The platform's tax rates by its id: our public id, and hundredths of a percent."""


def take_invoice(
    following: Following, own_id: int | None, read: InvoiceContent, party_id: int | None, rates: Rates, public_id: str
) -> tuple[Invoice | None, tuple[Refusal, ...]]:
    """The invoice that a document of the platform is, made or following, and why it could not be.

    One that is paid or cancelled there before it was ever here is not made: nobody waits for its money.
    """
    work = following.work
    kept = work.one(Invoice, entity_id=following.entity_id, id=own_id) if own_id is not None else None
    if kept is None and read.status != "open":
        return None, ()
    request = _request(read, party_id, rates)
    asked = instalments_asked(request)
    open_refusals = [
        refusal for refusal in invoice_refusals(request, asked, following.ground) if refusal.code != "period_locked"
    ]
    if open_refusals:
        return kept, tuple(open_refusals)
    if kept is not None:
        return kept, _followed(following, kept, read, request, asked)
    locked = tuple(each for each in invoice_refusals(request, asked, following.ground))
    if locked:
        return None, locked
    made, _ = add_invoice(
        work, following.entity_id, request, asked,
        public_id=public_id, now=following.now, by=following.by, origin=Origin.FEED,
    )  # fmt: skip
    return made, ()


def _request(read: InvoiceContent, party_id: int | None, rates: Mapping[str, tuple[str, int]]) -> InvoiceRequest:
    return InvoiceRequest(
        direction=read.direction,
        currency=read.currency,
        issue_day=read.issue_day,
        number=read.number,
        counterparty=read.counterparty_name,
        counterparty_id=party_id,
        lines=tuple(
            InvoiceLineRequest(
                description=each.description,
                minor_units=each.minor_units,
                quantity=each.quantity,
                tax_minor_units=each.tax_minor_units,
                account_code=each.account_code,
                price_minor_units=each.price_minor_units,
                tax_rate_value=rates[each.tax_rate][1] if each.tax_rate in rates else None,
                vat_rate_id=rates[each.tax_rate][0] if each.tax_rate in rates else "",
            )
            for each in read.lines
        ),
        instalments=read.instalments,
    )


def _followed(
    following: Following, kept: Invoice, read: InvoiceContent, request: InvoiceRequest, asked: Sequence[LineRequest]
) -> tuple[Refusal, ...]:
    """Let an invoice that is here be as it is there. Why not, where one of its instalments may not follow."""
    work, there = following.work, instalments_of(following.work, kept)
    if read.status == "open":
        refusals = _aligned(following, kept, there, asked)
    else:
        # What is tied was paid through here, and stays; nobody waits for the rest.
        going = [now for now in there if read.status == "cancelled" or not now.used_minor_units]
        refusals = tuple(refusal for now in going for refusal in following.deleted(now))
    if refusals:
        return refusals
    now_kept = work.one(Invoice, entity_id=kept.entity_id, id=kept.id)
    assert now_kept is not None, "invoices are not removed"
    work.change(
        now_kept,
        number=read.number,
        counterparty=read.counterparty_name,
        currency=read.currency,
        issue_day=read.issue_day,
        minor_units=read.minor_units,
        tax_minor_units=read.tax_minor_units,
        status="cancelled" if read.status == "cancelled" else "open",
        updated_at=following.now,
        counterparty_id=request.counterparty_id,
    )
    _replace_lines(following, kept, request)
    return ()


def _aligned(
    following: Following, kept: Invoice, there: Sequence[LineNow], asked: Sequence[LineRequest]
) -> tuple[Refusal, ...]:
    """Instalments in the order of their due days: each follows the one in its place; missing and surplus ones too."""
    before = sorted(there, key=lambda now: (now.line.booking_day, now.line.id))
    after = sorted(asked, key=lambda each: (each.booking_day, each.minor_units))
    refusals: list[Refusal] = []
    for now, wanted in zip(before, after, strict=False):
        refusals += _instalment_followed(following, now, wanted)
    for now in before[len(after) :]:
        refusals += following.deleted(now)
    for wanted in after[len(before) :]:
        locked = following.ground.locked.refusals(wanted.account_id, wanted.booking_day, "booking_day")
        refusals += locked
        if not locked:
            _add_instalment(following, kept, wanted)
    return tuple(refusals)


def _instalment_followed(following: Following, now: LineNow, wanted: LineRequest) -> tuple[Refusal, ...]:
    values = {name: getattr(wanted, name) for name in ("booking_day", "currency", "reference", "counterparty")}
    if now.line.paid_day is None:
        values["minor_units"] = wanted.minor_units
    elif nominal_minor_units(now.line) != wanted.minor_units:
        return (Refusal("already_paid", "instalments", (("line", str(now.line.id)),)),)
    return following.changed(now, **values)


def _add_instalment(following: Following, kept: Invoice, wanted: LineRequest) -> None:
    following.work.add(
        first_version(
            replace(wanted, parent_id=kept.id),
            entity_id=following.entity_id,
            line_id=following.work.new_ids(Line)[0],
            origin=Origin.FEED,
            now=following.now,
            by=following.by,
        )
    )


def _replace_lines(following: Following, kept: Invoice, request: InvoiceRequest) -> None:
    work, of_it = following.work, {"entity_id": kept.entity_id, "invoice_id": kept.id}
    before = work.all(InvoiceLine, order=(Order("number"),), **of_it)
    after = invoice_lines(kept, request.lines)
    if before == after:
        return
    for line in before:
        work.remove(line)
    work.add(*after)


def drop_invoice(following: Following, own_id: int) -> tuple[Refusal, ...]:
    """Cancel an invoice that the platform no longer has. Why not, where an instalment may not follow."""
    work = following.work
    kept = work.one(Invoice, entity_id=following.entity_id, id=own_id)
    if kept is None or kept.status == "cancelled":
        return ()
    refusals = tuple(refusal for now in instalments_of(work, kept) for refusal in following.deleted(now))
    left = work.one(Invoice, entity_id=following.entity_id, id=own_id)
    if not refusals and left is not None and left.status != "cancelled":
        work.change(left, status="cancelled", updated_at=following.now)
    return refusals

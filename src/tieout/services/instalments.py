"""Instalments and their invoice: the sum of the ones is the amount of the other, whatever happens to a line."""

from collections.abc import Iterable

from tieout.domain.books import Invoice, InvoiceLine
from tieout.domain.extra import extra_of, with_extra
from tieout.domain.lines import Line
from tieout.store.protocols import Condition, LineNow, Reading, Writing

INSTALMENT_KINDS = ("receivable", "payable")
# What the core itself keeps beside its columns.
_CORE = "core"


def is_instalment(line: Line) -> bool:
    """Whether the line belongs to an invoice."""
    return line.parent_id is not None and line.kind in INSTALMENT_KINDS


def nominal_minor_units(line: Line) -> int:
    """What an open item asked for before it was paid: its amount while it is unpaid."""
    nominal = extra_of(line.extra, _CORE).get("nominal_minor_units")
    return line.minor_units if line.paid_day is None or nominal is None else int(nominal)


def with_nominal(line: Line) -> str:
    """The `extra` of an open item that is about to be paid: its amount is kept there."""
    return with_extra(line.extra, _CORE, {"nominal_minor_units": line.minor_units})


def has_fixed_amount(view: Reading, line: Line) -> bool:
    """Whether the invoice of an instalment says line by line what it is for, so that its amount follows from that."""
    return bool(view.count(InvoiceLine, entity_id=line.entity_id, invoice_id=line.parent_id))


def follow(work: Writing, changed: Iterable[Line], now: int) -> None:
    """Let the invoices of changed lines follow them: an invoice is what its instalments ask for.

    An invoice whose last instalment went is cancelled and keeps its amount; one that got one back is open again.
    """
    invoices = {(line.entity_id, line.parent_id) for line in changed if is_instalment(line)}
    for entity_id, invoice_id in sorted(invoices, key=str):
        invoice = work.one(Invoice, entity_id=entity_id, id=invoice_id)
        if invoice is None:
            continue
        left = instalments_of(work, invoice)
        amount = sum(nominal_minor_units(each.line) for each in left) if left else invoice.minor_units
        work.change(invoice, minor_units=amount, status="open" if left else "cancelled", updated_at=now)


def instalments_of(view: Reading, invoice: Invoice) -> list[LineNow]:
    """The instalments of an invoice, by id."""
    of_it = Condition("parent_id", "=", invoice.id), Condition("kind", "in", INSTALMENT_KINDS)
    return view.lines(invoice.entity_id, *of_it)

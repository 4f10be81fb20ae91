"""Instalments and their invoice: the sum of the ones is the amount of the other, whatever happens to a line."""

from collections.abc import Iterable

from tieout.domain.books import Invoice, InvoiceLine
from tieout.domain.extra import extra_of, with_extra
from tieout.domain.lines import Line
from tieout.store.protocols import Condition, Reading, Writing

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


def follow(work: Writing, changed: Iterable[tuple[Line, int]], now: int) -> None:
    """Let invoices follow their instalments, each given with the signed amount that it adds to its invoice.

    An invoice whose last instalment went is cancelled, one that got one back is open again.
    """
    sums: dict[tuple[int, int], int] = {}
    for line, minor_units in changed:
        if is_instalment(line) and line.parent_id is not None:
            key = line.entity_id, line.parent_id
            sums[key] = sums.get(key, 0) + minor_units
    for (entity_id, invoice_id), minor_units in sorted(sums.items()):
        invoice = work.one(Invoice, entity_id=entity_id, id=invoice_id)
        if invoice is not None:
            amount = invoice.minor_units + minor_units
            left = instalments_of(work, invoice)
            work.change(invoice, minor_units=amount, status="open" if left else "cancelled", updated_at=now)


def instalments_of(view: Reading, invoice: Invoice) -> int:
    """How many instalments an invoice has."""
    return view.line_totals(
        invoice.entity_id, Condition("parent_id", "=", invoice.id), Condition("kind", "in", INSTALMENT_KINDS)
    ).lines

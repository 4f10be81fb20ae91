"""Documents of the books: invoices with instalments, and journal entries."""

from tieout.api.native.book_shapes import (
    CancellationBody,
    InvoiceAnswer,
    InvoiceBody,
    InvoiceLineAnswer,
    InvoicesAnswer,
    JournalAnswer,
    JournalBody,
    JournalEntriesAnswer,
    PaymentBody,
    invoice_request,
    journal_request,
    written_entry,
    written_invoice,
)
from tieout.api.native.calling import Answer, Call, Given
from tieout.api.native.line_shapes import LineAnswer, written_line
from tieout.api.native.operations import Operation, Parameter
from tieout.api.native.paging import PAGING, after_of, limit_of, next_cursor
from tieout.api.native.spelling import Reader, amount_text, maybe_amount_text
from tieout.domain.lines import Line
from tieout.services.context import Denied
from tieout.services.invoices import cancel_invoice, create_invoice, invoice, invoices, pay_instalment, undo_payment
from tieout.services.journal import (
    cancel_journal_entry,
    delete_journal_entry,
    enter_journal_entry,
    journal_entries,
    journal_entry,
)
from tieout.services.lines import Condition, line
from tieout.services.people.entities import entity


def _list_invoices(call: Call) -> Answer:
    direction = call.asked.query.choice("direction", None, ("receivable", "payable"))
    narrowed = [Condition("direction", "=", direction)] if direction else []
    found = invoices(
        call.context, call.principal, call.entity_id, *narrowed, after=after_of(call), limit=limit_of(call)
    )
    if isinstance(found, Denied):
        return found
    cursor = next_cursor(call, found, lambda each: each.id)
    return InvoicesAnswer(invoices=[written_invoice(each) for each in found], next=cursor)


def _create_invoice(call: Call) -> Answer:
    body, reader = call.read(InvoiceBody), Reader()
    request = invoice_request(body, reader)
    if reader.refusals:
        return Denied(tuple(reader.refusals))
    made = create_invoice(call.context, call.principal, call.entity_id, request)
    if isinstance(made, Denied):
        return made
    shown = _invoice_now(call, made[0].id)
    return shown if isinstance(shown, Denied) else Given(shown, 201, {"location": f"{call.asked.path}/{made[0].id}"})


def _show_invoice(call: Call) -> Answer:
    return _invoice_now(call, call.number("invoice_id"))


def _invoice_now(call: Call, invoice_id: int) -> InvoiceAnswer | Denied:
    found = invoice(call.context, call.principal, call.entity_id, invoice_id)
    if isinstance(found, Denied):
        return found
    currency = found.invoice.currency
    return InvoiceAnswer(
        invoice=written_invoice(found.invoice),
        lines=[
            InvoiceLineAnswer(
                number=each.number,
                description=each.description,
                quantity=each.quantity,
                amount=amount_text(each.minor_units, currency),
                tax=amount_text(each.tax_minor_units, currency),
                account_code=each.account_code,
                price=maybe_amount_text(each.price_minor_units, currency),
                tax_rate_value=each.tax_rate_value,
                vat_rate_id=each.vat_rate_id,
            )
            for each in found.lines
        ],
        instalments=[written_line(each) for each in found.instalments],
    )


def _cancel_invoice(call: Call) -> Answer:
    cancelled = cancel_invoice(call.context, call.principal, call.entity_id, call.number("invoice_id"))
    return cancelled if isinstance(cancelled, Denied) else _invoice_now(call, cancelled.id)


def _pay(call: Call) -> Answer:
    body, reader = call.read(PaymentBody), Reader()
    before = line(call.context, call.principal, call.entity_id, call.number("line_id"))
    if isinstance(before, Denied):
        return before
    day = reader.day(body.paid_date, "paid_date")
    minor_units = reader.amount(body.amount, before.line.currency, "amount")
    if reader.refusals:
        return Denied(tuple(reader.refusals))
    return _open_item_now(
        call, pay_instalment(call.context, call.principal, call.entity_id, before.line.id, day, minor_units)
    )


def _undo_payment(call: Call) -> Answer:
    return _open_item_now(call, undo_payment(call.context, call.principal, call.entity_id, call.number("line_id")))


def _open_item_now(call: Call, changed: Line | Denied) -> Answer:
    if isinstance(changed, Denied):
        return changed
    now = line(call.context, call.principal, call.entity_id, changed.id)
    return now if isinstance(now, Denied) else written_line(now)


def _list_entries(call: Call) -> Answer:
    behind = Condition("id", ">", after_of(call))
    found = journal_entries(call.context, call.principal, call.entity_id, behind, limit=limit_of(call))
    if isinstance(found, Denied):
        return found
    cursor = next_cursor(call, found, lambda each: each.entry.id)
    return JournalEntriesAnswer(journal_entries=[written_entry(each.entry, each.lines) for each in found], next=cursor)


def _enter(call: Call) -> Answer:
    body, reader = call.read(JournalBody), Reader()
    of = entity(call.context, call.principal, call.entity_id)
    if isinstance(of, Denied):
        return of
    request = journal_request(body, of.currency, reader)
    if reader.refusals:
        return Denied(tuple(reader.refusals))
    made = enter_journal_entry(call.context, call.principal, call.entity_id, request)
    if isinstance(made, Denied):
        return made
    return Given(written_entry(*made), 201, {"location": f"{call.asked.path}/{made[0].id}"})


def _show_entry(call: Call) -> Answer:
    found = journal_entry(call.context, call.principal, call.entity_id, call.number("entry_id"))
    return found if isinstance(found, Denied) else written_entry(found.entry, found.lines)


def _cancel_entry(call: Call) -> Answer:
    body, reader = call.read(CancellationBody), Reader()
    day = reader.maybe_day(body.booking_date, "booking_date")
    if reader.refusals:
        return Denied(tuple(reader.refusals))
    reversed_by = cancel_journal_entry(
        call.context, call.principal, call.entity_id, call.number("entry_id"), body.reason, day
    )
    if isinstance(reversed_by, Denied):
        return reversed_by
    return written_entry(reversed_by[1].entry, reversed_by[1].lines)


def _delete_entry(call: Call) -> Answer:
    deleted = delete_journal_entry(call.context, call.principal, call.entity_id, call.number("entry_id"))
    return deleted if isinstance(deleted, Denied) else Given(None, 204)


_INVOICES = "/entities/{entity_id}/invoices"
_INVOICE = f"{_INVOICES}/{{invoice_id}}"
_ENTRIES = "/entities/{entity_id}/journal-entries"
_ENTRY = f"{_ENTRIES}/{{entry_id}}"
_LINE = "/entities/{entity_id}/lines/{line_id}"
_DIRECTION = Parameter("direction", "receivable or payable", {"type": "string", "enum": ["receivable", "payable"]})

OPERATIONS = (
    Operation(
        "GET", _INVOICES, "invoices by identifier", _list_invoices, None, InvoicesAnswer, 200, (_DIRECTION, *PAGING)
    ),
    Operation("POST", _INVOICES, "an invoice with its instalments", _create_invoice, InvoiceBody, InvoiceAnswer, 201),
    Operation("GET", _INVOICE, "one invoice", _show_invoice, gives=InvoiceAnswer),
    Operation("POST", f"{_INVOICE}/cancel", "cancel it", _cancel_invoice, gives=InvoiceAnswer),
    Operation("POST", f"{_LINE}/pay", "say that an open item is paid", _pay, PaymentBody, LineAnswer),
    Operation("POST", f"{_LINE}/undo-payment", "take that back", _undo_payment, gives=LineAnswer),
    Operation("GET", _ENTRIES, "journal entries", _list_entries, gives=JournalEntriesAnswer, parameters=PAGING),
    Operation("POST", _ENTRIES, "enter a journal entry", _enter, JournalBody, JournalAnswer, 201),
    Operation("GET", _ENTRY, "one journal entry", _show_entry, gives=JournalAnswer),
    Operation("POST", f"{_ENTRY}/cancel", "reverse it", _cancel_entry, CancellationBody, JournalAnswer),
    Operation("DELETE", _ENTRY, "delete it with its lines", _delete_entry, status=204),
)

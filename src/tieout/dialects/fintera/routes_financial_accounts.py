"""Payable and receivable accounts: listed, shown, made, changed, paid or received and back, deleted."""

from dataclasses import dataclass

from tieout.dialects.fintera.answers import Answer, Blank, Many, One
from tieout.dialects.fintera.calling import Call, TurnedAway, not_found, require_faultless
from tieout.dialects.fintera.fields import Given
from tieout.dialects.fintera.links import Page, link_header, page_number
from tieout.dialects.fintera.payments import PARTS, TAXES, payment_of, payment_told
from tieout.dialects.fintera.recurring import read_recurring
from tieout.dialects.fintera.refusals import SPELLED
from tieout.dialects.fintera.shapes_financial_accounts import (
    Direction,
    FinancialAccountGiven,
    read_financial_account,
    require_new,
    require_payment,
    write_financial_account,
)
from tieout.dialects.fintera.tied import around, lines_by_id
from tieout.domain.extra import extra_of, with_extra
from tieout.domain.lines import Line
from tieout.domain.people import Face
from tieout.services.instalments import nominal_minor_units
from tieout.services.invoices import InvoiceRequest, create_invoice, pay_instalment, undo_payment
from tieout.services.lines import Condition, LineNow, Order, count_lines, delete_lines, edit_line, find_lines
from tieout.services.people.entities import entity

PAGE_SIZE = 50
_FIELDS = {
    "booking_day": "due_date",
    "account_id": "expected_deposit_account",
    "description": "description",
    "paid": "occurred_at",
    "lines": "base",
    "line": "base",
    "instalments": "amount",
}


@dataclass(frozen=True, slots=True)
class FinancialAccounts:
    """The routes of one direction."""

    direction: Direction

    def index(self, call: Call) -> Answer:
        """Accounts, those that wait for money first, each by due date, 50 a page."""
        of_kind = Condition("side", "=", "ledger"), Condition("kind", "=", self.direction.kind)
        unpaid, paid = Condition("paid_day", "=", None), Condition("paid_day", "!=", None)
        waiting = self._count(call, *of_kind, unpaid)
        page = Page(page_number(call.asked), PAGE_SIZE, waiting + self._count(call, *of_kind, paid))
        found: list[LineNow] = []
        if page.offset < waiting:
            found += self._window(call, page.offset, PAGE_SIZE, *of_kind, unpaid)
        if page.offset < page.total and len(found) < PAGE_SIZE:
            offset = max(0, page.offset - waiting)
            found += self._window(call, offset, PAGE_SIZE - len(found), *of_kind, paid)
        headers = link_header(call.asked, page)
        return Answer(Many(self.direction.singular, self.direction.plural, written_accounts(call, found)), 200, headers)

    def show(self, call: Call) -> Answer:
        """One account."""
        return self._shown(call, self._account(call))

    def create(self, call: Call) -> Answer:
        """A new account, paid at once where a day and a total are given; recurrences and parcels come all at once."""
        of_entity = call.answer_of(entity(call.context, call.principal, call.entity_id))
        given = call.given(self.direction.singular)
        told = read_financial_account(given, of_entity.currency)
        require_new(given, told)
        recurring = read_recurring(given, told.due_day, told.kept)
        require_faultless(given)
        assert told.amount is not None, "its absence is a fault"
        first, *others = recurring.kept
        paid, payment = self._payment(told, told.amount, told.kept)
        extras = [with_extra("", Face.FINTERA, kept) for kept in ({**first, **payment}, *others)]
        request = InvoiceRequest(
            direction=self.direction.kind,
            currency=of_entity.currency,
            issue_day=told.kept.get("document_emission_date") or recurring.due_days[0],
            number=told.document or "",
            description=told.description or "",
            account_id=told.expected_account_id or 0,
            instalments=tuple((day, self.direction.sign * told.amount) for day in recurring.due_days),
            paid=paid,
            line_extra=tuple(extras),
        )
        _, lines = call.answer_of(create_invoice(call.context, call.principal, call.entity_id, request), fields=_FIELDS)
        location = call.addresses.financial_account(self.direction.plural, lines[0].id)
        return self._shown(call, LineNow(lines[0], 0, None), 201, {"location": location})

    def update(self, call: Call) -> Answer:
        """Change what is given; payments go through `pay`, `receive` and their undo."""
        now = self._account(call)
        given = call.given(self.direction.singular)
        told = read_financial_account(given, now.line.currency)
        if now.line.paid_day is not None:
            self._require_same_payment(given, told, now.line)
        elif told.occurred_day is not None or told.total is not None:
            given.fault("occurred_at", f"use {self.direction.pay} para informar o pagamento")
        require_faultless(given)
        changes = self._changes(now.line, told)
        edited = call.answer_of(
            edit_line(call.context, call.principal, call.entity_id, now.line.id, changes), fields=_FIELDS
        )
        return self._shown(call, now._replace(line=edited))

    def pay(self, call: Call) -> Answer:
        """Say that an account is paid, or received: `occurred_at` and `total_amount` are needed."""
        now = self._account(call)
        given = call.given(self.direction.singular)
        told = read_financial_account(given, now.line.currency)
        require_payment(given, told)
        nominal = self.direction.sign * nominal_minor_units(now.line)
        if told.amount not in (None, nominal):
            given.fault("amount", "não é o valor da conta; altere a conta antes")
        require_faultless(given)
        kept = {**extra_of(now.line.extra, Face.FINTERA), **told.kept}
        ((day, cash),), payment = self._payment(told, nominal, kept)
        paid = call.answer_of(
            pay_instalment(
                call.context,
                call.principal,
                call.entity_id,
                now.line.id,
                day,
                cash,
                told={**told.kept, **payment},
            ),
            fields=_FIELDS,
        )
        return self._shown(call, now._replace(line=paid))

    def undo(self, call: Call) -> Answer:
        """Take a payment back; a reconciled account keeps it."""
        now = self._account(call)
        unpaid = call.answer_of(undo_payment(call.context, call.principal, call.entity_id, now.line.id), fields=_FIELDS)
        return self._shown(call, now._replace(line=unpaid))

    def delete(self, call: Call) -> Answer:
        """Delete one account."""
        return self._deleted(call, [self._account(call).line.id])

    def delete_many(self, call: Call) -> Answer:
        """Delete those of `selected_ids`, all or none."""
        ids = call.ids_of("selected_ids")
        known = lines_by_id(call, call.entity_id, ids)
        for line_id in ids:
            if line_id not in known or known[line_id].line.kind != self.direction.kind:
                raise TurnedAway(self._not_found(line_id))
        return self._deleted(call, ids)

    def delete_recurrence(self, call: Call) -> Answer:
        """Delete an account with all of its recurrence or parcels, all or none."""
        now = self._account(call)
        siblings = around(call, [now])[now.line.id].siblings
        return self._deleted(call, list(siblings) or [now.line.id])

    def _payment(
        self, told: FinancialAccountGiven, amount: int, kept: dict[str, object]
    ) -> tuple[tuple[tuple[int, int], ...], dict[str, object]]:
        """Day and signed cash of a payment that is told, and what is kept of it; nothing of each where none is."""
        if told.occurred_day is None or told.total is None:
            return (), {}
        payment = payment_of(told.occurred_day, told.total, amount, kept)
        return ((payment.day, self.direction.sign * payment.cash),), {"payment": payment._asdict()}

    def _require_same_payment(self, given: Given, told: FinancialAccountGiven, line: Line) -> None:
        """Note what a request would change of a payment: that is undone and told anew, never changed."""
        payment, kept = payment_told(line), extra_of(line.extra, Face.FINTERA)
        figures = {
            "occurred_at": (told.occurred_day, line.paid_day),
            "amount": (told.amount, self.direction.sign * nominal_minor_units(line)),
            "total_amount": (told.total, self.direction.sign * line.minor_units if payment is None else payment.total),
        }
        figures |= {name: (told.kept.get(name), kept.get(name)) for name in (*PARTS, TAXES)}
        for name, (wanted, current) in figures.items():
            if wanted is not None and wanted != (current or type(wanted)()):
                given.fault(name, SPELLED["already_paid"].message)

    def _changes(self, line: Line, told: FinancialAccountGiven) -> dict[str, object]:
        """The columns of an account after a request."""
        changes: dict[str, object] = {"extra": with_extra(line.extra, Face.FINTERA, told.kept)}
        if told.amount is not None and line.paid_day is None:
            changes["minor_units"] = self.direction.sign * told.amount
        columns = {
            "booking_day": told.due_day,
            "reference": told.document,
            "description": told.description,
            "account_id": told.expected_account_id,
        }
        return changes | {name: value for name, value in columns.items() if value is not None}

    def _account(self, call: Call) -> LineNow:
        """The account of the path. Raises TurnedAway (404)."""
        line_id = call.id_of(f"{self.direction.singular}_id", f"a {self.direction.title}")
        found = lines_by_id(call, call.entity_id, [line_id]).get(line_id)
        if found is None or found.line.kind != self.direction.kind:
            raise TurnedAway(self._not_found(line_id))
        return found

    def _not_found(self, line_id: int) -> Answer:
        return not_found(f"a {self.direction.title}", line_id)

    def _count(self, call: Call, *conditions: Condition) -> int:
        return call.answer_of(count_lines(call.context, call.principal, call.entity_id, *conditions)).lines

    def _window(self, call: Call, offset: int, limit: int, *conditions: Condition) -> list[LineNow]:
        order = Order("booking_day"), Order("id")
        return call.answer_of(
            find_lines(
                call.context, call.principal, call.entity_id, *conditions, order=order, limit=limit, offset=offset
            )
        )

    def _deleted(self, call: Call, ids: list[int]) -> Answer:
        call.answer_of(delete_lines(call.context, call.principal, call.entity_id, ids), fields=_FIELDS)
        return Answer(Blank())

    def _shown(self, call: Call, now: LineNow, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
        return Answer(One(self.direction.singular, written_accounts(call, [now])[0]), status, headers or {})


def written_accounts(call: Call, found: list[LineNow]) -> list[dict[str, object]]:
    """Payable and receivable accounts as the vendor shows them."""
    known = around(call, found)
    return [write_financial_account(now, known[now.line.id], call.addresses) for now in found]

"""Invoices are created with instalments, paid and unpaid, changed and cancelled."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.given_documents import FIRST_OF_MAY, done, given_account, lines_of, refused
from tests.given_store import Office, given_context, given_office
from tieout.domain.books import Invoice
from tieout.domain.lines import Line
from tieout.services.context import Context, Denied
from tieout.services.invoices import (
    InvoiceLineRequest,
    InvoiceRequest,
    cancel_invoice,
    create_invoice,
    invoice,
    invoices,
    pay_instalment,
    undo_payment,
)
from tieout.services.lines import Condition, LineRequest, delete_lines, edit_line, enter_lines, restore_line
from tieout.services.matching import AllocationRequest, MatchRequest, make_match
from tieout.services.period_locks import lock_period
from tieout.store.sql.store import SqlStore


def a_bill(*instalments: int, **more: Any) -> InvoiceRequest:
    """A bill of 1 May whose instalments are due on the days after it."""
    fields: dict[str, Any] = {"direction": "payable", "currency": "NOK", "number": "B-1", "counterparty": "Ola", **more}
    due = tuple((FIRST_OF_MAY + place, amount) for place, amount in enumerate(instalments, 1))
    return InvoiceRequest(issue_day=FIRST_OF_MAY, instalments=due, **fields)


def created(context: Context, office: Office, request: InvoiceRequest) -> tuple[Invoice, list[Line]]:
    """An invoice that breaks no rule."""
    return done(create_invoice(context, office.preparer, office.entity_id, request))


def test_an_invoice_is_what_its_instalments_ask_for(context: Context) -> None:
    office = given_office(context)

    bill, lines = created(context, office, a_bill(-30_00, -20_00))

    now = done(invoice(context, office.reader, office.entity_id, bill.id))
    assert (bill.minor_units, bill.status) == (-50_00, "open")
    assert [(line.kind, line.minor_units, line.booking_day, line.reference) for line in lines] == [
        ("payable", -30_00, FIRST_OF_MAY + 1, "B-1"),
        ("payable", -20_00, FIRST_OF_MAY + 2, "B-1"),
    ]
    assert [each.line for each in now.instalments] == lines
    assert {line.parent_id for line in lines} == {bill.id}


def test_lines_with_tax_give_the_amount_of_an_invoice_without_instalments(context: Context) -> None:
    office = given_office(context)
    lines = (
        InvoiceLineRequest(description="Hours", quantity="7.5", minor_units=100_00, tax_minor_units=25_00),
        InvoiceLineRequest(description="Rebate", minor_units=-10_00),
    )

    sale, (instalment,) = created(context, office, a_bill(direction="receivable", lines=lines))

    now = done(invoice(context, office.reader, office.entity_id, sale.id))
    assert (sale.minor_units, sale.tax_minor_units, instalment.minor_units) == (115_00, 25_00, 115_00)
    assert [(line.number, line.quantity, line.minor_units) for line in now.lines] == [
        (1, "7.5", 100_00),
        (2, "1", -10_00),
    ]


@pytest.mark.parametrize(
    ("request_", "refusals"),
    [
        (a_bill(), [("required", "instalments")]),
        (a_bill(-1, direction="order"), [("not_allowed", "direction")]),
        (
            a_bill(-1, -1, lines=(InvoiceLineRequest(description="x", minor_units=-3),)),
            [("instalments_differ", "instalments")],
        ),
        (
            a_bill(-1, lines=(InvoiceLineRequest(description="\0", minor_units=-1, quantity="1e3"),)),
            [("not_an_amount", "lines[0].quantity"), ("not_allowed", "lines[0].description")],
        ),
        (
            a_bill(-1, tax_minor_units=-5, lines=(InvoiceLineRequest(description="x", minor_units=-1),)),
            [("instalments_differ", "tax_minor_units")],
        ),
        (a_bill(-1, currency="KR"), [("unknown_currency", "instalments[0].currency")]),
        (a_bill(-1, -(2**63)), None),
        (a_bill(-1, -1, line_extra=("{}",)), [("not_allowed", "line_extra")]),
        (a_bill(-1, account_id=2**40), [("not_found", "instalments[0].account_id")]),
    ],
)
def test_an_invoice_that_breaks_a_rule_is_refused_whole(
    context: Context, request_: InvoiceRequest, refusals: list[tuple[str, str]] | None
) -> None:
    office = given_office(context)

    answer = create_invoice(context, office.preparer, office.entity_id, request_)

    if refusals is None:
        assert {code for code, _ in refused(answer)} == {"amount_out_of_range"}
    else:
        assert refused(answer) == refusals
    assert done(invoices(context, office.reader, office.entity_id)) == []
    assert lines_of(context, office) == []


def test_paying_sets_the_cash_and_undoing_brings_back_what_was_asked_for(context: Context) -> None:
    office = given_office(context)
    bill, (line,) = created(context, office, a_bill(-50_00))

    paid = done(pay_instalment(context, office.preparer, office.entity_id, line.id, FIRST_OF_MAY + 7, -52_50))
    again = pay_instalment(context, office.preparer, office.entity_id, line.id, FIRST_OF_MAY + 7, -1)
    unpaid = done(undo_payment(context, office.preparer, office.entity_id, line.id))
    unpaid_again = undo_payment(context, office.preparer, office.entity_id, line.id)

    assert (paid.paid_day, paid.minor_units, paid.version) == (FIRST_OF_MAY + 7, -52_50, 2)
    assert refused(again) == [("already_paid", "line")]
    assert (unpaid.paid_day, unpaid.minor_units, unpaid.version) == (None, -50_00, 3)
    assert refused(unpaid_again) == [("unpaid", "line")]
    assert done(invoice(context, office.reader, office.entity_id, bill.id)).invoice.minor_units == -50_00


def test_an_open_item_that_a_match_uses_is_neither_paid_nor_unpaid(context: Context) -> None:
    office = given_office(context)
    _, (first, second) = created(context, office, a_bill(-50_00, -9_00))
    done(pay_instalment(context, office.preparer, office.entity_id, second.id, FIRST_OF_MAY, -9_00))
    match_ids = [given_match(context, office, each) for each in (first, second)]

    paying = pay_instalment(context, office.preparer, office.entity_id, first.id, FIRST_OF_MAY, -50_00)
    undoing = undo_payment(context, office.preparer, office.entity_id, second.id)

    assert refused(paying) == refused(undoing) == [("line_frozen", "line")]
    assert isinstance(paying, Denied)
    assert paying.refusals[0].fact("match") == str(match_ids[0])


def given_match(context: Context, office: Office, line: Line) -> int:
    """The id of a confirmed match of an open item with a bank line of its amount."""
    bank = LineRequest(
        side="statement",
        kind="",
        account_id=given_account(context, office, number=""),
        currency="NOK",
        minor_units=line.minor_units,
        booking_day=FIRST_OF_MAY,
    )
    (paid,) = done(enter_lines(context, office.preparer, office.entity_id, [bank]))
    allocations = (AllocationRequest(line_id=paid.id), AllocationRequest(line_id=line.id))
    request = MatchRequest(kind="across", allocations=allocations)
    return done(make_match(context, office.owner, office.entity_id, request)).record.id


@pytest.mark.parametrize(
    ("day", "minor_units", "refusal"),
    [
        (FIRST_OF_MAY, 0, ("amount_zero", "minor_units")),
        (FIRST_OF_MAY, 50_00, ("direction_differs", "minor_units")),
        (FIRST_OF_MAY, -(2**63), ("amount_out_of_range", "minor_units")),
        (10**8, -1, ("bad_date", "paid_day")),
        (FIRST_OF_MAY - 1, -1, ("period_locked", "paid_day")),
    ],
)
def test_a_payment_that_breaks_a_rule_is_refused(
    context: Context, day: int, minor_units: int, refusal: tuple[str, str]
) -> None:
    office = given_office(context)
    _, (line,) = created(context, office, a_bill(-50_00))
    done(lock_period(context, office.approver, office.entity_id, 0, FIRST_OF_MAY - 1, enabled=True))

    answer = pay_instalment(context, office.preparer, office.entity_id, line.id, day, minor_units)

    assert refused(answer) == [refusal]


def test_an_instalment_that_is_edited_or_deleted_takes_its_invoice_along(context: Context) -> None:
    office = given_office(context)
    bill, (first, second) = created(context, office, a_bill(-30_00, -20_00))
    amounts = []

    done(edit_line(context, office.preparer, office.entity_id, first.id, {"minor_units": -31_00}))
    amounts.append(_state(context, office, bill))
    done(delete_lines(context, office.preparer, office.entity_id, [first.id]))
    amounts.append(_state(context, office, bill))
    done(delete_lines(context, office.preparer, office.entity_id, [second.id]))
    amounts.append(_state(context, office, bill))
    done(restore_line(context, office.preparer, office.entity_id, first.id))
    amounts.append(_state(context, office, bill))

    assert amounts == [(-51_00, "open"), (-20_00, "open"), (-20_00, "cancelled"), (-31_00, "open")]


def _state(context: Context, office: Office, bill: Invoice) -> tuple[int, str]:
    now = done(invoice(context, office.reader, office.entity_id, bill.id)).invoice
    return now.minor_units, now.status


def test_the_amount_of_an_instalment_stands_where_the_invoice_says_what_it_is_for(context: Context) -> None:
    office = given_office(context)
    lines = (InvoiceLineRequest(description="Hours", minor_units=-50_00),)
    _, (line,) = created(context, office, a_bill(-50_00, lines=lines))

    answer = edit_line(context, office.preparer, office.entity_id, line.id, {"minor_units": -1})

    assert refused(answer) == [("instalments_differ", "minor_units")]


def test_the_amount_of_a_paid_instalment_is_not_edited(context: Context) -> None:
    office = given_office(context)
    _, (line,) = created(context, office, a_bill(-50_00))
    done(pay_instalment(context, office.preparer, office.entity_id, line.id, FIRST_OF_MAY, -50_00))

    answer = edit_line(context, office.preparer, office.entity_id, line.id, {"minor_units": -1})

    assert refused(answer) == [("already_paid", "minor_units")]


def test_a_cancelled_invoice_keeps_its_amount_and_loses_its_instalments(context: Context) -> None:
    office = given_office(context)
    bill, _ = created(context, office, a_bill(-30_00, -20_00))

    cancelled = done(cancel_invoice(context, office.preparer, office.entity_id, bill.id))

    assert (cancelled.status, cancelled.minor_units) == ("cancelled", -50_00)
    assert lines_of(context, office) == []
    assert cancel_invoice(context, office.preparer, office.entity_id, bill.id) == cancelled


def test_an_invoice_with_a_paid_or_tied_instalment_is_not_cancelled(context: Context) -> None:
    office = given_office(context)
    bill, (first, second) = created(context, office, a_bill(-30_00, -20_00))
    done(pay_instalment(context, office.preparer, office.entity_id, first.id, FIRST_OF_MAY, -30_00))
    given_match(context, office, second)

    answer = cancel_invoice(context, office.preparer, office.entity_id, bill.id)

    assert refused(answer) == [("already_paid", "instalments[0]"), ("line_frozen", "instalments[1]")]
    assert len(lines_of(context, office, Condition("kind", "=", "payable"))) == 2


def test_invoices_are_listed_by_id_behind_the_last_one_seen(context: Context) -> None:
    office = given_office(context)
    first, second = (created(context, office, a_bill(-1))[0] for _ in range(2))

    page = done(invoices(context, office.reader, office.entity_id, after=first.id, limit=5))
    none = done(invoices(context, office.reader, office.entity_id, Condition("status", "=", "cancelled")))

    assert page == [second]
    assert none == []
    assert len({first.public_id, second.public_id}) == 2


def test_an_invoice_of_another_entity_is_as_unknown_as_none(context: Context) -> None:
    office = given_office(context)
    bill, (line,) = created(context, office, a_bill(-1))
    theirs = office.stranger, office.stranger_entity.id

    answers = [
        invoice(context, *theirs, bill.id),
        cancel_invoice(context, *theirs, bill.id),
        pay_instalment(context, *theirs, line.id, FIRST_OF_MAY, -1),
        undo_payment(context, *theirs, line.id),
    ]

    assert [code for answer in answers for code, _ in refused(answer)] == ["not_found"] * 4


@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["pay", "undo", "edit", "delete", "restore"]), st.integers(0, 2), st.integers(1, 99)),
        max_size=12,
    )
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_to_instalments_their_invoice_is_what_they_ask_for(
    store: SqlStore, steps: list[tuple[str, int, int]]
) -> None:
    context = given_context(store, str(steps))
    office = given_office(context)
    bill, lines = created(context, office, a_bill(-1_00, -2_00, -3_00))
    asked = {line.id: line.minor_units for line in lines}
    gone: set[int] = set()
    who = context, office.preparer, office.entity_id

    for verb, place, amount in steps:
        line_id = lines[place].id
        if verb == "pay":
            pay_instalment(*who, line_id, FIRST_OF_MAY, -amount)
        elif verb == "undo":
            undo_payment(*who, line_id)
        elif verb == "edit" and not isinstance(edit_line(*who, line_id, {"minor_units": -amount}), Denied):
            asked[line_id] = -amount
        elif verb == "delete" and not isinstance(delete_lines(*who, [line_id]), Denied):
            gone.add(line_id)
        elif verb == "restore" and not isinstance(restore_line(*who, line_id), Denied):
            gone.discard(line_id)

    left = [minor_units for line_id, minor_units in asked.items() if line_id not in gone]
    now = done(invoice(context, office.reader, office.entity_id, bill.id))
    assert now.invoice.status == ("open" if left else "cancelled")
    assert len(now.instalments) == len(left)
    assert not left or now.invoice.minor_units == sum(left)

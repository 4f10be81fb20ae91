"""Invoices whose first instalments are paid already when they come in, and what a face keeps of a payment."""

import pytest

from tests.given_store import Office, given_office
from tieout.domain.extra import extra_of
from tieout.domain.lines import Line
from tieout.kernel.dates import day_number, day_of_text
from tieout.services.context import Context, Denied
from tieout.services.invoices import InvoiceRequest, create_invoice, invoice, invoices, pay_instalment, undo_payment
from tieout.services.period_locks import lock_period


def day(text: str) -> int:
    """Days since 1970-01-01."""
    return day_number(day_of_text(text))


def bill(context: Context, office: Office, *paid: tuple[int, int]) -> list[Line]:
    """A bill of two instalments of 100.00."""
    request = InvoiceRequest(
        direction="payable",
        currency="NOK",
        issue_day=day("2026-01-01"),
        instalments=((day("2026-02-01"), -100_00), (day("2026-03-01"), -100_00)),
        paid=paid,
    )
    made = create_invoice(context, office.owner, office.entity_id, request)
    assert not isinstance(made, Denied), made
    return made[1]


def test_the_first_instalment_is_paid_and_asks_again_when_that_is_taken_back(context: Context) -> None:
    office = given_office(context)

    first, second = bill(context, office, (day("2026-01-20"), -95_00))
    unpaid = undo_payment(context, office.owner, office.entity_id, first.id)

    assert (first.paid_day, first.minor_units, second.paid_day) == (day("2026-01-20"), -95_00, None)
    assert isinstance(unpaid, Line)
    assert (unpaid.paid_day, unpaid.minor_units) == (None, -100_00)


def test_the_amount_of_the_invoice_is_what_was_asked_for_not_what_was_paid(context: Context) -> None:
    office = given_office(context)

    first, _ = bill(context, office, (day("2026-01-20"), -95_00))

    assert first.parent_id is not None
    shown = invoice(context, office.owner, office.entity_id, first.parent_id)
    assert not isinstance(shown, Denied)
    assert shown.invoice.minor_units == -200_00
    assert [now.line.minor_units for now in shown.instalments] == [-95_00, -100_00]


@pytest.mark.parametrize(
    ("paid", "code", "concerns"),
    [
        (("2025-12-31", -100_00), "period_locked", "paid[0].paid_day"),
        (("2026-01-20", 0), "amount_zero", "paid[0].minor_units"),
        (("2026-01-20", 100_00), "direction_differs", "paid[0].minor_units"),
    ],
)
def test_a_payment_that_breaks_a_rule_refuses_the_whole_invoice(
    context: Context, paid: tuple[str, int], code: str, concerns: str
) -> None:
    office = given_office(context)
    lock_period(context, office.owner, office.entity_id, 0, day("2025-12-31"), enabled=True)
    request = InvoiceRequest(
        direction="payable",
        currency="NOK",
        issue_day=day("2026-01-01"),
        instalments=((day("2026-02-01"), -100_00),),
        paid=((day(paid[0]), paid[1]),),
    )

    refused = create_invoice(context, office.owner, office.entity_id, request)

    assert isinstance(refused, Denied)
    assert [(each.code, each.concerns) for each in refused.refusals] == [(code, concerns)]
    assert invoices(context, office.owner, office.entity_id) == []


def test_more_payments_than_instalments_are_too_many(context: Context) -> None:
    office = given_office(context)
    request = InvoiceRequest(
        direction="receivable",
        currency="NOK",
        issue_day=day("2026-01-01"),
        instalments=((day("2026-02-01"), 100_00),),
        paid=((day("2026-01-20"), 100_00), (day("2026-01-21"), 100_00)),
    )

    refused = create_invoice(context, office.owner, office.entity_id, request)

    assert isinstance(refused, Denied)
    assert refused.codes == ("too_many",)


def test_what_a_face_was_told_of_a_payment_is_kept_for_that_face_alone(context: Context) -> None:
    office = given_office(context)
    first, _ = bill(context, office)

    paid = pay_instalment(
        context, office.owner, office.entity_id, first.id, day("2026-01-20"), -100_00, told={"total": 10000}
    )

    assert isinstance(paid, Line)
    assert extra_of(paid.extra, office.owner.face) == {"total": 10000}
    assert extra_of(paid.extra, "kashflow") == {}

"""Whole lines, no netting, paid before: each broken rule is told, and only the broken ones."""

from typing import NamedTuple

import pytest

from tieout.domain.contract_rules import LineFacts, no_rule, paid_with_their_money
from tieout.domain.lines import Line


class Now(NamedTuple):
    """A line as it counts now."""

    line: Line

    @property
    def left_minor_units(self) -> int:
        """Nothing of it is used."""
        return self.line.minor_units


def a_line(number: int, side: str, kind: str, minor_units: int, paid_day: int | None = None) -> LineFacts:
    return Now(
        Line(
            entity_id=1, id=number, version=1, deleted=False, side=side, kind=kind, origin="entered", account_id=1,
            currency="BRL", minor_units=minor_units, booking_day=20_000, value_day=None, reference="", counterparty="",
            counterparty_account="", batch="", description="", native_id="", settles="", foreign_minor_units=None,
            foreign_currency="", rate="", document_id=None, statement_id=None, place="", parent_id=None,
            transfer_id=None, paid_day=paid_day, extra="", created_at=0, changed_at=0, changed_by="",
        )
    )  # fmt: skip


def money(number: int, minor_units: int) -> LineFacts:
    return a_line(number, "statement", "", minor_units)


def paid(number: int, kind: str, minor_units: int) -> LineFacts:
    return a_line(number, "ledger", kind, minor_units, paid_day=20_000)


def told(*lines: LineFacts) -> list[tuple[str, str]]:
    return [(refusal.code, refusal.concerns) for refusal in paid_with_their_money(lines)]


@pytest.mark.parametrize(("kind", "sign"), [("payable", -1), ("receivable", 1)])
def test_paid_open_items_and_their_money_may_be_tied_in_any_number(kind: str, sign: int) -> None:
    lines = [money(1, sign * 60), money(2, sign * 40), paid(3, kind, sign * 30), paid(4, kind, sign * 70)]

    assert told(*lines) == []


def test_a_payable_does_not_go_with_money_in_however_well_the_amounts_agree() -> None:
    assert told(money(1, 100), paid(2, "payable", -100)) == [("direction_differs", "1")]


def test_payables_and_receivables_are_not_netted() -> None:
    found = told(money(1, 60), paid(2, "receivable", 100), paid(3, "payable", -40))

    assert found == [("direction_differs", "2"), ("direction_differs", "3")]


def test_money_in_and_money_out_are_not_netted() -> None:
    assert told(money(1, 100), money(2, -40), paid(3, "receivable", 60)) == [("direction_differs", "2")]


def test_what_is_neither_payable_nor_receivable_has_no_direction() -> None:
    assert told(money(1, 100), paid(2, "order", 100)) == [("direction_differs", "2")]


def test_every_broken_rule_is_told_at_once() -> None:
    found = told(money(1, 99), a_line(2, "ledger", "payable", -100))

    assert found == [("direction_differs", "1"), ("unpaid", "2"), ("residual_remains", "BRL")]


def test_the_sums_that_differ_are_facts_of_the_refusal() -> None:
    (refusal,) = paid_with_their_money([money(1, -99), paid(2, "payable", -100)])

    assert (refusal.fact("statement"), refusal.fact("ledger")) == ("-99", "-100")


def test_without_a_contract_there_is_nothing_to_break() -> None:
    assert no_rule([money(1, 99)]) == ()

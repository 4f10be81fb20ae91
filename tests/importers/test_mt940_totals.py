"""Interim reports (MT942): proved by the number and the sum of their entries."""

import pytest

from tests.importers.mt940_told import reading_of, the_statement
from tieout.domain.statements import BalanceProof, StatementKind

BOOKED = (":61:260505D12,00NMSCNONREF", ":61:260505C50,00NMSCNONREF")
EXPECTED = (":61:260505ED3,00NMSCNONREF", ":61:260505EC7,00NMSCNONREF")


def report_of(*lines: str, floor: str = "EUR0,") -> str:
    """An interim report with those lines behind its floor limit."""
    return "\n".join([":20:NOW", ":25:12345", ":28C:5/1", f":34F:{floor}", ":13D:2605051032+0200", *lines, "-", ""])


def test_a_report_is_proved_by_its_totals() -> None:
    reading = reading_of(report_of(*BOOKED, ":90D:1EUR12,", ":90C:1EUR50,00"))

    (statement,) = reading.statements
    assert (reading.format, statement.kind, statement.currency) == ("mt942", StatementKind.INTRADAY, "EUR")
    assert statement.proof == BalanceProof(holds=True, gap=0, identity="totals", reason=None)


@pytest.mark.parametrize("totals", [(":90D:1EUR12,", ":90C:1EUR50,"), (":90D:2EUR15,", ":90C:2EUR57,")])
def test_totals_may_cover_the_booked_entries_or_the_expected_ones_too(totals: tuple[str, str]) -> None:
    assert the_statement(report_of(*BOOKED, *EXPECTED, *totals)).proof.holds


def test_totals_of_another_sum_show_the_gap_against_everything_listed() -> None:
    proof = the_statement(report_of(*BOOKED, *EXPECTED, ":90D:2EUR16,", ":90C:2EUR60,")).proof

    assert proof == BalanceProof(holds=False, gap=200, identity="totals", reason=None)


def test_totals_of_the_right_sum_and_another_number_do_not_hold() -> None:
    proof = the_statement(report_of(*BOOKED, ":90D:2EUR12,", ":90C:1EUR50,")).proof

    assert proof == BalanceProof(holds=False, gap=0, identity="totals", reason=None)


@pytest.mark.parametrize("floor", ["EUR100,", "EURD100,", "EURC0,01"])
def test_above_a_floor_limit_differing_totals_prove_nothing(floor: str) -> None:
    proof = the_statement(report_of(*BOOKED, ":90D:4EUR80,", ":90C:1EUR50,", floor=floor)).proof

    assert proof == BalanceProof(holds=None, gap=None, identity=None, reason="floor_limit")


def test_above_a_floor_limit_agreeing_totals_hold() -> None:
    assert the_statement(report_of(*BOOKED, ":90D:1EUR12,", ":90C:1EUR50,", floor="EUR100,")).proof.holds


def test_only_the_side_that_is_stated_is_proved() -> None:
    assert the_statement(report_of(*BOOKED, ":90C:1EUR50,")).proof.holds


def test_a_report_without_totals_has_nothing_to_prove() -> None:
    assert the_statement(report_of(*BOOKED)).proof.reason == "no_balances"


def test_a_total_that_cannot_be_read_is_said_and_left_out() -> None:
    reading = reading_of(report_of(*BOOKED, ":90D:one", ":90C:1EUR50,"))

    assert [(warning.code, warning.place.line) for warning in reading.warnings] == [("unreadable_total", 8)]
    assert reading.statements[0].proof.holds


def test_the_gap_of_a_currency_without_decimals_of_its_own_is_in_those_of_the_statement() -> None:
    lines = [line.replace("EUR", "DEM") for line in (*BOOKED, ":90D:1EUR12,", ":90C:1EUR51,5")]

    statement = the_statement(report_of(*lines, floor="DEM0,"))

    assert (statement.exponent, statement.proof.gap) == (2, 150)


def test_a_report_that_states_balances_is_proved_by_them() -> None:
    header = "{1:F01EXAMDEFFXXX0000000000}{2:I942EXAMDEFFXXXN}{4:\n"
    lines = (":60F:C260504EUR100,00", *BOOKED, ":62F:C260505EUR138,00")

    statement = the_statement(header + report_of(*lines))

    assert (statement.kind, statement.proof.identity, statement.proof.holds) == (
        StatementKind.INTRADAY,
        "balances",
        True,
    )


def test_totals_of_a_booked_statement_that_disagree_are_a_warning_beside_its_proof() -> None:
    text = report_of(":60F:C260504EUR100,00", *BOOKED, ":90D:1EUR12,", ":90C:7EUR50,", ":62F:C260505EUR138,00")

    reading = reading_of(text)

    assert reading.statements[0].proof.holds
    assert [warning.code for warning in reading.warnings] == ["control_total"]


def test_a_booked_statement_and_an_interim_report_in_one_file_keep_their_kinds() -> None:
    booked = ":20:A\n:25:12345\n:60F:C260504EUR1,00\n:62F:C260504EUR1,00\n-+@117@\n"

    reading = reading_of(booked + report_of(*BOOKED))

    assert reading.format == "mt940"
    assert [statement.kind for statement in reading.statements] == [StatementKind.BOOKED, StatementKind.INTRADAY]

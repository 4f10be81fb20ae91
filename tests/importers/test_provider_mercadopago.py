"""Mercado Pago's releases: a statement of the available balance, proved by its totals or row by row."""

import pytest

from tests.importers.provider_told import (
    RELEASE,
    balance,
    moved,
    moves,
    read,
    release,
    release_text,
    statement_of,
)
from tieout.contracts.reading import Head
from tieout.importers import provider_mercadopago
from tieout.kernel.money import decimal_text

_OPENING = balance("initial_available_balance", "150.00")
_SALE = moved("payment", "225.96", GROSS_AMOUNT="269.00", MP_FEE_AMOUNT="-40.04", TAXES_AMOUNT="-3.00",
              EXTERNAL_REFERENCE="HB-1", SOURCE_ID="70418800101", INSTALLMENTS="3")  # fmt: skip
_PAYOUT = moved("payout", debit="303.00", GROSS_AMOUNT="-300.00", MP_FEE_AMOUNT="-3.00", SOURCE_ID="70418800102")


def test_the_balance_before_and_every_row_give_the_total() -> None:
    statement = statement_of(_OPENING, _SALE, _PAYOUT, balance("total", "375.96", "303.00", "2026-05-31"))

    tally = statement.tally
    assert statement.opening
    assert statement.closing
    assert [decimal_text(each, 2) for each in (statement.opening.minor_units, tally.sum)] == ["150.00", "-77.04"]
    assert [str(each.on) for each in (statement.opening, statement.closing)] == ["2026-05-01", "2026-05-31"]
    assert (tally.entries, statement.closing.minor_units) == (2, 72_96)
    assert (statement.proof.holds, statement.proof.identity) == (True, "balances")


def test_the_account_is_the_providers_and_no_number_is_made_up_for_it() -> None:
    statement = statement_of(_OPENING, _SALE)

    assert (statement.account, statement.channel, statement.account_name) == (None, "MERCADO PAGO", "MERCADOPAGO")
    assert (statement.currency, statement.proof.reason) == ("BRL", "no_closing")


def test_a_payment_becomes_the_sale_its_fee_and_its_tax() -> None:
    statement = statement_of(_SALE)

    sale = statement.entries[0]
    assert moves(statement.entries) == ["sale 269.00", "fee -40.04", "tax -3.00"]
    assert {(entry.reference, entry.native_id) for entry in statement.entries} == {("HB-1", "70418800101")}
    assert sale.provider is not None
    assert (sale.provider.plots_quantity, sale.provider.received, str(sale.booking_date)) == (3, "269.00", "2026-05-04")


def test_a_payout_leaves_whole_after_what_it_costs() -> None:
    assert moves(statement_of(_PAYOUT).entries) == ["fee -3.00", "payout -300.00"]


def test_a_refund_gives_its_fee_back() -> None:
    row = moved("refund", debit="225.96", GROSS_AMOUNT="-269.00", MP_FEE_AMOUNT="43.04")

    assert moves(statement_of(row).entries) == ["refund -269.00", "fee 43.04"]


@pytest.mark.parametrize(
    ("description", "record", "out", "back"),
    [
        ("reserve_for_dispute", "release", "reserve_hold", "reserve_release"),
        ("reserve_for_payout", "release", "reserve_hold", "reserve_release"),
        ("dispute", "block", "reserve_hold", "reserve_release"),
        ("Chargeback", "Release", "chargeback", "chargeback_reversed"),
        ("mediation", "release", "chargeback", "chargeback_reversed"),
        ("tax_payment_iibb", "release", "tax", "tax"),
        ("Shipping fee", "Release", "fee", "fee"),
        ("Cash withdrawal", "Release", "payout", "payout"),
        ("asset_management_gain", "release", "adjustment", "adjustment"),
        ("payment", "release", "adjustment", "sale"),
        ("credit_payment", "", "adjustment", "adjustment"),
    ],
)
def test_record_and_description_say_the_kind_whoever_wrote_them(
    description: str, record: str, out: str, back: str
) -> None:
    rows = [moved(description, debit="5.00", RECORD_TYPE=record), moved(description, "5.00", RECORD_TYPE=record)]

    reading = release(*rows)

    assert moves(reading.statements[0].entries) == [f"{out} -5.00", f"{back} 5.00"]
    assert reading.warnings == []


def test_balances_in_between_and_subtotals_are_no_movement() -> None:
    between = moved("pre_payout_70418800102", "375.96", RECORD_TYPE="available_balance")
    statement = statement_of(_OPENING, _SALE, between, balance("subtotal", "225.96"), balance("total", "375.96"))

    assert (statement.tally.entries, statement.proof.holds) == (1, True)


def test_a_total_of_movements_alone_is_a_proof_and_no_balance() -> None:
    statement = statement_of(_OPENING, _SALE, balance("total", "225.96"))

    assert (statement.proof.holds, statement.proof.identity, statement.closing) == (True, "totals", None)


def test_a_missing_row_is_the_gap() -> None:
    statement = statement_of(_OPENING, _SALE, balance("total", "375.96", "303.00"))

    assert (statement.proof.holds, statement.proof.gap) == (False, -303_00)


def test_with_a_balance_on_every_row_each_row_is_proved() -> None:
    rows = [{**_SALE, "BALANCE_AMOUNT": "375.96"}, {**_PAYOUT, "BALANCE_AMOUNT": "72.96"}]
    text = release_text(*rows, columns=(*RELEASE, "BALANCE_AMOUNT"))

    (statement,) = read(provider_mercadopago, text).statements

    assert statement.opening
    assert statement.closing
    assert (statement.opening.minor_units, statement.closing.minor_units) == (150_00, 72_96)
    assert (statement.proof.holds, statement.proof.identity) == (True, "running_balance")


def test_a_balance_that_jumps_is_said_where_it_does() -> None:
    rows = [{**_SALE, "BALANCE_AMOUNT": "375.96"}, {**_PAYOUT, "BALANCE_AMOUNT": "82.96"}]

    reading = read(provider_mercadopago, release_text(*rows, columns=(*RELEASE, "BALANCE_AMOUNT")))

    assert [(warning.code, warning.place.line) for warning in reading.warnings] == [("balance_break", 3)]
    assert (reading.statements[0].proof.holds, reading.statements[0].proof.gap) == (False, 10_00)


def test_a_coupon_that_only_informs_is_no_part_of_the_net() -> None:
    counted = moved("payment", "95.00", GROSS_AMOUNT="100.00", COUPON_AMOUNT="-5.00")
    informs = moved("payment", "100.00", GROSS_AMOUNT="100.00", COUPON_AMOUNT="-5.00")

    assert moves(statement_of(counted).entries) == ["sale 100.00", "adjustment -5.00"]
    assert moves(statement_of(informs).entries) == ["sale 100.00"]


def test_a_currency_that_the_report_does_not_name_comes_from_the_profile() -> None:
    columns = [name for name in RELEASE if name != "CURRENCY"]
    text = release_text(_OPENING, _SALE, columns=columns)

    unnamed = read(provider_mercadopago, text)
    chosen = read(provider_mercadopago, text, profile="mercadopago-ars")

    assert (unnamed.statements[0].currency, unnamed.statements[0].exponent) == (None, 2)
    assert [warning.code for warning in unnamed.warnings] == ["no_currency"]
    assert (chosen.statements[0].currency, chosen.profile, chosen.warnings) == ("ARS", "mercadopago-ars", [])


def test_a_row_in_another_currency_is_quarantined() -> None:
    reading = release(_SALE, {**_PAYOUT, "CURRENCY": "USD"})

    assert [(finding.code, finding.place.line) for finding in reading.quarantined] == [("other_currency", 3)]
    assert reading.statements[0].tally.entries == 1


def test_a_second_opening_begins_a_second_statement() -> None:
    reading = release(_OPENING, _SALE, balance("initial_available_balance", "10.00"), moved("payment", "1.00"))

    assert [statement.tally.entries for statement in reading.statements] == [1, 1]


def test_taxes_in_brackets_do_not_break_the_row() -> None:
    taxes = "[{financial_entity:sirtac,amount:-3.00,detail:tax},{financial_entity:iva,amount:0}]"
    row = {**_SALE, "TAXES_DISAGGREGATED": taxes}
    columns = ("DATE", "SOURCE_ID", "EXTERNAL_REFERENCE", "TAXES_DISAGGREGATED", *RELEASE[3:])

    reading = read(provider_mercadopago, release_text(row, columns=columns, separator=","))

    assert moves(reading.statements[0].entries) == ["sale 269.00", "fee -40.04", "tax -3.00"]
    assert reading.quarantined == []


def test_a_stray_quotation_mark_costs_no_row() -> None:
    reading = release({**_SALE, "EXTERNAL_REFERENCE": 'disc 12" HB-1'})

    assert reading.statements[0].entries[0].reference == 'disc 12" HB-1'


def test_a_row_with_too_many_cells_is_quarantined() -> None:
    text = release_text(_SALE, _PAYOUT).replace("70418800102", "7041;8800102")

    reading = read(provider_mercadopago, text)

    assert [(finding.code, finding.place.line) for finding in reading.quarantined] == [("wrong_cell_count", 3)]


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_row_that_the_file_ends_in_is_no_row_since_its_amount_may_be_cut(end: str) -> None:
    whole = release_text(_OPENING, _SALE, _PAYOUT)
    cut = whole[: whole.rindex("303.00") + 2] + end  # 30: another amount

    reading = read(provider_mercadopago, cut)

    counted = [decimal_text(entry.minor_units, 2) for entry in reading.statements[0].entries]
    assert ("-30.00" in counted) is bool(end)
    assert [finding.place.line for finding in reading.quarantined] == ([] if end else [4])
    assert all("download the report again" in finding.advice for finding in reading.quarantined)


def test_the_last_row_counts_whether_a_line_end_follows_it_or_not() -> None:
    text = release_text(_OPENING, _SALE, _PAYOUT).rstrip("\n")

    assert len(read(provider_mercadopago, text).statements[0].entries) == len(
        statement_of(_OPENING, _SALE, _PAYOUT).entries
    )


def test_a_table_of_account_money_is_left_to_others() -> None:
    header = "EXTERNAL_REFERENCE;SOURCE_ID;TRANSACTION_TYPE;TRANSACTION_AMOUNT;SETTLEMENT_NET_AMOUNT;SETTLEMENT_DATE\n"

    assert provider_mercadopago.recognise(Head(header.encode())) is None
    assert provider_mercadopago.recognise(Head(release_text(_SALE).encode())) == "mercadopago"


def test_a_balance_that_is_wrong_in_between_leaves_the_proof_to_the_last_one() -> None:
    opening = balance("initial_available_balance", "150.00")
    rows = [{**_SALE, "BALANCE_AMOUNT": "375.00"}, {**_PAYOUT, "BALANCE_AMOUNT": "72.96"}]

    reading = read(provider_mercadopago, release_text(opening, *rows, columns=(*RELEASE, "BALANCE_AMOUNT")))

    (proof,) = (statement.proof for statement in reading.statements)
    assert (proof.holds, proof.identity) == (True, "balances")
    assert [warning.code for warning in reading.warnings] == ["balance_break"]


def test_a_row_that_moves_nothing_is_an_entry_all_the_same() -> None:
    statement = statement_of(moved("payment", "0.00"))

    assert (moves(statement.entries), statement.tally.entries) == (["sale 0.00"], 1)


def test_a_currency_that_nobody_knows_keeps_the_decimals_that_are_written() -> None:
    statement = statement_of({**_SALE, "CURRENCY": "XXX", "NET_CREDIT_AMOUNT": "225.9600"})

    assert (statement.currency, statement.exponent, moves(statement.entries, 4)[0]) == ("XXX", 4, "sale 269.0000")
    assert statement.entries[0].provider is not None
    assert statement.entries[0].provider.original_minor_units is None

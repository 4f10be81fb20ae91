"""Adyen's settlement detail: every row typed, its fees traceable, and each batch proved by its payout."""

import json
from random import Random

import pytest

from tests.importers.provider_told import ADYEN, adyen, adyen_text, batch_of, moves, other, read, settled, told
from tieout.contracts.reading import Head
from tieout.importers import provider_adyen
from tieout.kernel.errors import Refused
from tieout.kernel.money import decimal_text

_PAYOUT = other("MerchantPayout", debit="150.00", day="2026-05-06 23:10:00", modification="TX20110041XT batch 7")


def test_a_batch_is_proved_when_what_was_earned_and_carried_is_paid_out() -> None:
    batch = batch_of(
        settled("HK-1", "100.00", "97.50", markup="1.50", scheme="0.40", interchange="0.60"),
        settled("HK-2", "52.00", "50.00", commission="2.00"),
        other("Fee", debit="7.50"),
        other("Balancetransfer", credit="10.00"),
        _PAYOUT,
    )

    assert told(batch) == "3 rows: 152.00 and -12.00 is 140.00, carried 10.00, paid 150.00, gap 0.00"
    assert (batch.number, batch.currency, str(batch.payout_date)) == ("7", "EUR", "2026-05-06")
    assert (batch.proof.holds, batch.proof.identity) == (True, "payout")


def test_a_row_becomes_the_sale_and_each_fee_with_the_place_of_its_amount() -> None:
    batch = batch_of(settled("HK-1", "100.00", "97.50", markup="1.50", scheme="0.40", interchange="0.60"), _PAYOUT)

    entries = batch.statement.entries[:4]
    columns = [entry.provider.entry_type for entry in entries if entry.provider]
    assert moves(entries) == ["sale 100.00", "fee -1.50", "fee -0.40", "fee -0.60"]
    assert columns == ["Settled", "Markup (NC)", "Scheme Fees (NC)", "Interchange (NC)"]
    assert {(entry.line, entry.reference, entry.native_id, entry.batch) for entry in entries} == {
        (2, "HK-1", "88HK-1", "7")
    }
    row = adyen_text(settled("HK-1", "100.00", "97.50", markup="1.50", scheme="0.40", interchange="0.60")).split("\n")[
        1
    ]
    assert [row[entry.column - 1 :].split(",")[0] for entry in entries] == ["100.00", "1.50", "0.40", "0.60"]


def test_values_stand_as_received_with_the_sign_that_their_column_gives_them() -> None:
    batch = batch_of(settled("HK-1", "100", "98.5", commission="2.50", markup="-1.00"), _PAYOUT)

    said = [(entry.provider.received, entry.minor_units) for entry in batch.statement.entries if entry.provider]
    assert said == [("100", 100_00), ("-2.50", -2_50), ("1.00", 1_00), ("-150.00", -150_00)]


def test_a_value_that_the_report_does_not_state_in_this_currency_is_the_amount_of_its_entry() -> None:
    reading = adyen(
        settled("HK-3", "890.00", "74.98", sold_in="NOK", rate="0.0856", commission="1.20"),
        settled("HK-4", "10.00", "9.99", commission="0.004", markup="0.006"),
        settled("HK-5", "10.00", "8.00"),
    )

    said = [entry.provider.received for entry in reading.batches[0].statement.entries if entry.provider]
    assert said == ["76.18", "-1.20", "10.00", "-0.01", "8.00"]


def test_a_value_that_a_spreadsheet_wrote_with_a_comma_is_received_as_decimal_text() -> None:
    text = adyen_text(settled("HK-1", "100,00", "97,50", commission="2,50"), separator=";")

    entries = read(provider_adyen, text).batches[0].statement.entries
    assert [entry.provider.received for entry in entries if entry.provider] == ["100.00", "-2.50"]


def test_an_order_in_another_currency_is_sold_at_what_it_brought_before_fees() -> None:
    batch = batch_of(
        settled("HK-3", "890.00", "74.98", sold_in="NOK", rate="0.0856", commission="1.20", modification="99")
    )

    sale = batch.statement.entries[0]
    assert moves(batch.statement.entries) == ["sale 76.18", "fee -1.20"]
    assert (sale.original_amount, sale.original_currency, sale.rate) == ("890.00", "NOK", "0.0856")
    assert (sale.native_id, batch.proof.identity, batch.proof.holds) == ("99", "rows", True)


@pytest.mark.parametrize(
    ("entry_type", "credit", "debit", "kind"),
    [
        ("Refunded", "", "5.00", "refund"),
        ("RefundedReversed", "5.00", "", "refund"),
        ("Chargeback", "", "5.00", "chargeback"),
        ("SecondChargeback", "", "5.00", "chargeback"),
        ("ChargebackReversed", "5.00", "", "chargeback_reversed"),
        ("DepositCorrection", "", "5.00", "reserve_hold"),
        ("DepositCorrection", "5.00", "", "reserve_release"),
        ("InvoiceDeduction", "", "5.00", "fee"),
        ("ManualCorrected", "5.00", "", "adjustment"),
        ("Balancetransfer", "", "5.00", "carry_over"),
        ("MerchantPayout", "", "5.00", "payout"),
        ("BankInstructionReturned", "5.00", "", "payout"),
    ],
)
def test_a_type_says_the_kind_and_the_column_its_sign(entry_type: str, credit: str, debit: str, kind: str) -> None:
    batch = batch_of(other(entry_type, credit, debit))

    assert moves(batch.statement.entries) == [f"{kind} {'5.00' if credit else '-5.00'}"]


def test_a_type_that_nobody_knows_counts_as_an_adjustment_and_is_said_once() -> None:
    reading = adyen(other("Rebate", "3.00"), other("Rebate", "", "1.00"), other("Fee", debit="2.00"))

    (batch,), (warning,) = reading.batches, reading.warnings
    assert moves(batch.statement.entries) == ["adjustment 3.00", "adjustment -1.00", "fee -2.00"]
    assert (warning.code, warning.place.line, "2 rows" in warning.what) == ("unknown_type", 2, True)


def test_everything_carried_to_the_next_batch_closes_without_a_payout() -> None:
    batch = batch_of(settled("HK-1", "5.00", "4.80", commission="0.20"), other("Balancetransfer", debit="4.80"))

    assert told(batch) == "1 rows: 5.00 and -0.20 is 4.80, carried -4.80, paid -, gap 0.00"
    assert (batch.proof.holds, batch.payout_date) == (True, None)


def test_a_payout_that_is_short_shows_by_how_much() -> None:
    batch = batch_of(settled("HK-1", "200.00", "200.00"), other("MerchantPayout", debit="195.33"))

    assert (batch.proof.holds, decimal_text(batch.proof.gap or 0, 2)) == (False, "-4.67")


def test_batches_and_currencies_are_apart_in_the_order_in_which_they_appear() -> None:
    reading = adyen(
        settled("HK-1", "10.00", "10.00", batch="8"),
        settled("HK-2", "20.00", "20.00", batch="7", currency="NOK", sold_in="NOK"),
        settled("HK-3", "30.00", "30.00", batch="8"),
        settled("HK-4", "40", "40", batch="8", currency="JPY", sold_in="JPY"),
        settled("HK-5", "50.00", "50.00", batch="8", merchant="TeeShop"),
    )

    said = [(each.number, each.currency, each.net, each.statement.account_name) for each in reading.batches]
    assert said == [
        ("8", "EUR", 40_00, "ADYEN-KaffeShop"),
        ("7", "NOK", 20_00, "ADYEN-KaffeShop"),
        ("8", "JPY", 40, "ADYEN-KaffeShop"),
        ("8", "EUR", 50_00, "ADYEN-TeeShop"),
    ]


def test_columns_in_another_order_and_without_the_optional_ones_say_the_same() -> None:
    rows = [settled("HK-1", "100.00", "98.00", commission="2.00"), _PAYOUT]
    columns = [name for name in ADYEN if name not in ("Company Account", "TimeZone", "Payment Method Variant")]
    Random(5).shuffle(columns)

    (batch,) = read(provider_adyen, adyen_text(*rows, columns=columns)).batches

    assert told(batch) == told(batch_of(*rows))
    assert moves(batch.statement.entries) == ["sale 100.00", "fee -2.00", "payout -150.00"]


def test_without_gross_columns_the_gross_is_the_net_and_its_fees() -> None:
    columns = [name for name in ADYEN if not name.startswith("Gross") and name != "Exchange Rate"]

    (batch,) = read(
        provider_adyen, adyen_text(settled("HK-1", "", "98.00", commission="2.00"), columns=columns)
    ).batches

    assert (moves(batch.statement.entries), batch.proof.holds) == (["sale 100.00", "fee -2.00"], True)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separator_and_encoding_are_told_from_the_content(separator: str, encoding: str) -> None:
    raw = adyen_text(settled("Bestilling Æ 1", "100.00", "100.00"), separator=separator).encode(encoding)

    (batch,) = read(provider_adyen, raw).batches

    assert provider_adyen.recognise(Head(raw)) == "adyen"
    assert (batch.net, batch.statement.entries[0].reference) == (100_00, "Bestilling Æ 1")


def test_a_row_that_does_not_add_up_counts_with_its_net_and_is_said() -> None:
    reading = adyen(settled("HK-1", "100.00", "97.00", commission="2.50"))

    (batch,), (warning,) = reading.batches, reading.warnings
    assert (moves(batch.statement.entries), warning.code) == (["sale 97.00"], "row_differs")
    assert (batch.proof.holds, batch.proof.gap) == (False, -50)


def test_fees_of_parts_of_a_cent_are_one_fee_of_whole_cents() -> None:
    batch = batch_of(settled("HK-1", "10.00", "9.77", markup="0.1175", interchange="0.1125"))

    assert moves(batch.statement.entries) == ["sale 10.00", "fee -0.23"]
    assert batch.statement.entries[1].description.endswith("Markup (NC) + Interchange (NC)")


def test_an_amount_that_cannot_be_read_is_quarantined_and_the_proof_shows_it() -> None:
    reading = adyen(
        settled("HK-1", "100.00", "100.00"), settled("HK-2", "50.00", "5O.00"), other("MerchantPayout", debit="150.00")
    )

    (batch,), (finding,) = reading.batches, reading.quarantined
    assert (finding.code, finding.place.line, batch.entries, batch.proof.gap) == ("not_an_amount", 3, 1, 50_00)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"credit": ""}, "no_amount"),
        ({"credit": "2E+15"}, "not_an_amount"),
        ({"credit": "1.001"}, "too_many_decimals"),
        ({"credit": "99999999999999999999.00"}, "not_an_amount"),
        ({"credit": "99999999999999999.00"}, "amount_out_of_range"),
        ({"currency": "XXX"}, "unknown_currency"),
        ({"currency": ""}, "unknown_currency"),
    ],
)
def test_a_row_without_a_good_amount_is_not_counted(fields: dict[str, str], code: str) -> None:
    reading = adyen(settled("HK-1", "2.00", "2.00"), {**settled("HK-2", "1.00", "1.00"), **fields})

    assert [finding.code for finding in reading.quarantined] == [code]
    assert [batch.net for batch in reading.batches] == [2_00]


def test_a_row_of_totals_names_no_currency_and_is_said_so() -> None:
    reading = adyen(settled("HK-1", "2.00", "2.00"), {"merchant": "Total", "currency": "", "credit": "2.00"})

    assert [(finding.what, finding.place.line) for finding in reading.quarantined] == [("the row names no currency", 3)]


def test_an_id_that_a_spreadsheet_cut_names_nothing() -> None:
    reading = adyen(settled("2E+15", "2.00", "2.00", psp="8.81E+15"), settled("2E+15", "2.00", "2.00", psp="8.81E+15"))

    entries = reading.batches[0].statement.entries
    assert {(entry.reference, entry.native_id) for entry in entries} == {("", "")}
    assert [(warning.code, warning.place.line) for warning in reading.warnings] == [("damaged_id", 2)] * 2


def test_the_booking_day_is_that_of_the_report_whatever_its_time_zone() -> None:
    entry = batch_of(settled("HK-1", "2.00", "2.00", day="2026-05-04 23:59:59")).statement.entries[0]

    assert str(entry.booking_date) == "2026-05-04"


@pytest.mark.parametrize("day", ["04/05/2026 10:15", "", "2026-02-30 10:00:00"])
def test_a_day_that_cannot_be_read_is_only_a_warning(day: str) -> None:
    reading = adyen(settled("HK-1", "2.00", "2.00", day=day))

    assert [warning.code for warning in reading.warnings] == ["no_booking_date"]
    assert (reading.batches[0].net, reading.batches[0].statement.entries[0].booking_date) == (2_00, None)


def test_what_else_the_provider_says_is_kept_under_its_own_names() -> None:
    entry = batch_of(settled("HK-1", "2.00", "2.00", modification="99")).statement.entries[0]

    assert entry.provider is not None
    assert json.loads(entry.provider.facts)["Psp Reference"] == "88HK-1"
    assert (entry.provider.order_code, entry.provider.original_minor_units) == ("HK-1", 2_00)


def test_counting_gives_the_same_figures_and_notes_without_entries() -> None:
    text = adyen_text(settled("2E+15", "100.00", "98.00", commission="2.00"), other("Rebate", "1.00"), _PAYOUT)

    kept, counted = read(provider_adyen, text), read(provider_adyen, text, keep_entries=False)

    assert [told(batch) for batch in kept.batches] == [told(batch) for batch in counted.batches]
    assert (kept.warnings, kept.quarantined) == (counted.warnings, counted.quarantined)
    assert counted.batches[0].statement.entries == []


def test_a_report_without_rows_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        adyen()

    assert [finding.code for finding in refused.value.findings] == ["no_statement"]


@pytest.mark.parametrize("text", ["", "id,amount,currency,booking_date\n", "Psp Reference,Type\n1,Settled\n"])
def test_other_tables_are_left_to_others(text: str) -> None:
    assert provider_adyen.recognise(Head(text.encode())) is None

"""Entries of a camt message: the amount and the mark of the entry are what moved the balance."""

from datetime import date

import pytest

from tests.importers.camt_made import (
    ACCOUNT,
    balance,
    codes,
    detail,
    entry,
    figures,
    message,
    proved,
    reading_of,
    statement,
    the_entry,
    the_statement,
)
from tieout.domain.statements import StatementKind


def test_a_credit_adds_to_the_balance_and_a_debit_takes_from_it() -> None:
    may = proved(entry("30.00", "CRDT"), entry("20.00", "DBIT"), closing="110.00")

    found = the_statement(may)

    assert figures(found) == (2, "10.00", "100.00", "110.00", True)
    assert (found.tally.credits, found.tally.debits) == (3000, -2000)


def test_the_amounts_of_a_detail_never_replace_the_amount_of_the_entry() -> None:
    instructed = (
        "<AmtDtls><InstdAmt><Amt Ccy='NOK'>99.00</Amt></InstdAmt><TxAmt><Amt Ccy='NOK'>98.00</Amt></TxAmt></AmtDtls>"
    )
    may = proved(entry("10.00", inside=f"<NtryDtls>{detail(instructed, '97.00')}</NtryDtls>"))

    found = the_statement(may)

    assert figures(found) == (1, "10.00", "100.00", "110.00", True)


@pytest.mark.parametrize("mark", ["CRDT", "DBIT"])
def test_an_amount_of_zero_is_counted_under_either_mark(mark: str) -> None:
    found = the_statement(message(statement(entry("0.00", mark))))

    assert (found.tally.entries, found.tally.sum) == (1, 0)


@pytest.mark.parametrize(
    ("written", "minor_units"),
    [("5", 500), ("5.", 500), (".5", 50), ("+5.00", 500), (" 5.00\n", 500), ("5.0000000000", 500), ("0005.10", 510)],
)
def test_an_amount_is_read_in_every_spelling_that_leaves_no_doubt(written: str, minor_units: int) -> None:
    (found,) = the_statement(message(statement(entry(written)))).entries

    assert found.minor_units == minor_units


@pytest.mark.parametrize(
    ("broken", "code", "what"),
    [
        (entry(""), "no_amount", "an entry without an amount"),
        (entry(" "), "no_amount", "an entry without an amount"),
        (entry(mark=""), "no_mark", 'an entry without a mark CRDT or DBIT; in "NOK 10.00"'),
        (entry(mark="CREDIT"), "no_mark", "the mark 'CREDIT' is neither CRDT nor DBIT; in \"NOK 10.00\""),
        (entry("12..34"), "not_an_amount", "'12..34' is not an amount like -1234.50"),
        (entry("1,50"), "not_an_amount", "'1,50' is not an amount like -1234.50"),
        (entry("1e3"), "not_an_amount", "'1e3' is not an amount like -1234.50"),
        (entry("."), "not_an_amount", "'.' is not an amount like -1234.50"),
        (entry("-5.00"), "not_an_amount", "the amount '-5.00' has a sign of its own beside its mark"),
        (entry("10.001"), "too_many_decimals", "'10.001' has more than 2 decimals that are not zero"),
        (
            entry("10.0000000000001"),
            "too_many_decimals",
            "'10.0000000000001' has more than 2 decimals that are not zero",
        ),
        (entry("9" * 19), "amount_out_of_range", f"'{'9' * 19}' is larger than 64 bits of minor units can hold"),
        (entry(currency="EUR"), "other_currency", 'an entry in EUR on an account in NOK; in "EUR 10.00"'),
    ],
)
def test_an_entry_that_cannot_be_read_whole_is_quarantined_at_its_place(broken: str, code: str, what: str) -> None:
    may = proved(entry("10.00"), broken, entry("1.00"), closing="121.00")

    reading = reading_of(may)

    assert [(finding.code, str(finding)) for finding in reading.quarantined] == [(code, f"may.xml:6:1: {what}")]
    assert figures(reading.statements[0]) == (2, "11.00", "100.00", "121.00", False)
    assert reading.statements[0].proof.gap == 1000


def test_a_pending_entry_in_another_currency_is_quarantined_as_well() -> None:
    reading = reading_of(message(statement(entry(currency="EUR").replace("BOOK", "PDNG"))))

    assert codes(reading.quarantined) == ["other_currency"]
    assert reading.statements[0].tally.pending_entries == 0


def test_an_entry_that_names_no_currency_is_in_that_of_its_account() -> None:
    (found,) = the_statement(message(statement(entry().replace(' Ccy="NOK"', "")))).entries

    assert found.minor_units == 1000


@pytest.mark.parametrize("status", ["<Sts>BOOK</Sts>", "<Sts><Cd>BOOK</Cd></Sts>", "<Sts> BOOK </Sts>", "<Sts/>", ""])
def test_an_entry_is_booked_under_the_status_book_and_under_none(status: str) -> None:
    found = the_statement(message(statement(entry().replace("<Sts>BOOK</Sts>", status))))

    assert (found.tally.entries, found.tally.pending_entries) == (1, 0)


@pytest.mark.parametrize("status", ["PDNG", "INFO", "FUTR"])
@pytest.mark.parametrize("spelling", ["<Sts>{}</Sts>", "<Sts>\n<Cd>{}</Cd></Sts>"])
def test_a_pending_entry_is_counted_apart_and_moves_no_balance(status: str, spelling: str) -> None:
    pending = entry("9.00", "DBIT").replace("<Sts>BOOK</Sts>", spelling.format(status))

    reading = reading_of(proved(entry("10.00"), pending))

    (found,) = reading.statements
    assert reading.warnings == []
    assert figures(found) == (1, "10.00", "100.00", "110.00", True)
    assert (found.tally.pending_entries, found.tally.pending_sum) == (1, -900)
    assert [each.booked for each in found.entries] == [True, False]


def test_a_status_that_nobody_knows_is_pending_and_said() -> None:
    reading = reading_of(message(statement(entry().replace("BOOK", "MAYBE"))))

    assert reading.statements[0].tally.pending_entries == 1
    assert [str(warning) for warning in reading.warnings] == [
        "may.xml:4:1: the status 'MAYBE' is none that we know; read as pending"
    ]


@pytest.mark.parametrize(
    "written",
    [
        "<Dt>2026-05-04</Dt>",
        "<DtTm>2026-05-04T23:59:59.213294607Z</DtTm>",
        "<DtTm>2026-05-04T00:30:00+02:00</DtTm>",
        "<Dt>2026-05-04T23:30:00-05:00</Dt>",
        "<Dt>2026-05-04+02:00</Dt>",
        "<Dt>2026-05-04Z</Dt>",
        " 2026-05-04 ",
    ],
)
def test_the_booking_day_is_the_bank_s_local_day_as_written(written: str) -> None:
    may = message(statement(entry(on="", inside=f"<BookgDt>{written}</BookgDt>")))

    reading = reading_of(may)

    assert [each.booking_date for each in reading.statements[0].entries] == [date(2026, 5, 4)]
    assert reading.warnings == []


def test_the_value_day_stands_in_for_a_booking_day_that_is_missing() -> None:
    may = message(statement(entry(on="", inside="<ValDt><Dt>2026-05-04</Dt></ValDt>")))

    reading = reading_of(may)

    assert [each.booking_date for each in reading.statements[0].entries] == [date(2026, 5, 4)]
    assert [(warning.code, str(warning)) for warning in reading.warnings] == [
        ("no_booking_date", "may.xml:4:1: a booked entry without a booking date; its value date is used")
    ]


def test_an_entry_without_any_day_is_counted_and_said() -> None:
    reading = reading_of(proved(entry(on="")))

    assert figures(reading.statements[0]) == (1, "10.00", "100.00", "110.00", True)
    assert [str(warning) for warning in reading.warnings] == ["may.xml:5:1: a booked entry without a booking date"]


def test_a_pending_entry_needs_no_booking_day() -> None:
    may = message(statement(entry(on="", inside="<ValDt><Dt>2026-05-04</Dt></ValDt>").replace("BOOK", "PDNG")))

    reading = reading_of(may)

    assert reading.warnings == []
    assert [each.booking_date for each in reading.statements[0].entries] == [None]


@pytest.mark.parametrize("day", ["2026-02-30", "04.05.2026", "0000-00-00", "20260504", "2026-05-04x", "soon"])
def test_a_day_that_is_none_is_a_warning_and_never_costs_the_entry(day: str) -> None:
    reading = reading_of(proved(entry(on=day)))

    assert figures(reading.statements[0]) == (1, "10.00", "100.00", "110.00", True)
    assert codes(reading.warnings) == ["bad_date", "no_booking_date"]
    assert [each.value_date for each in reading.statements[0].entries] == [None]


def test_a_reversal_mark_alone_does_not_turn_the_sign() -> None:
    reversal = entry("10.00", "CRDT", inside="<RvslInd>true</RvslInd>")

    found = the_statement(proved(reversal))

    assert figures(found) == (1, "10.00", "100.00", "110.00", True)
    assert [each.reversal for each in found.entries] == [True]


def test_a_bank_that_leaves_the_first_mark_on_reversals_is_noticed_and_the_profile_is_proposed() -> None:
    fee, returned = entry("10.00", "DBIT"), entry("10.00", "DBIT", inside="<RvslInd>1</RvslInd>")
    may = proved(fee, returned, closing="100.00")

    plain, flipped = reading_of(may), reading_of(may, profile="reversal_flips")

    assert plain.statements[0].proof.gap == 2000
    turned = "the balances hold when the sign of every reversal entry is turned"
    assert [(warning.code, str(warning)) for warning in plain.warnings] == [
        ("reversal_sign", f"may.xml:3:1: {turned}: read the file with the profile reversal_flips")
    ]
    assert figures(flipped.statements[0]) == (2, "0.00", "100.00", "100.00", True)
    assert [each.minor_units for each in flipped.statements[0].entries] == [-1000, 1000]
    assert (flipped.profile, flipped.warnings) == ("reversal_flips", [])


def test_a_profile_that_breaks_a_proof_is_noticed_too() -> None:
    may = proved(entry("10.00", "CRDT", inside="<RvslInd>true</RvslInd>"))

    (warning,) = reading_of(may, profile="reversal_flips").warnings

    assert warning.code == "reversal_sign"
    assert warning.what.endswith(": read the file without the profile reversal_flips")


def test_a_proof_that_fails_for_another_reason_proposes_nothing() -> None:
    reading = reading_of(proved(entry("10.00", "CRDT", inside="<RvslInd>true</RvslInd>"), closing="91.00"))

    assert reading.statements[0].proof.holds is False
    assert reading.warnings == []


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("Stmt", StatementKind.BOOKED), ("Rpt", StatementKind.INTRADAY), ("Ntfctn", StatementKind.ADVICE)],
)
def test_how_final_a_statement_is_follows_from_its_message(kind: str, expected: StatementKind) -> None:
    reading = reading_of(message(statement(entry()), kind=kind))

    assert [found.kind for found in reading.statements] == [expected]
    assert [found.tally.entries for found in reading.statements] == [1]


def test_an_advice_has_no_balances_and_proves_nothing() -> None:
    found = the_statement(message(statement(entry()), kind="Ntfctn"))

    assert (found.proof.holds, found.proof.reason) == (None, "no_balances")


def test_entries_in_a_currency_without_decimals_are_whole_units() -> None:
    yen = "<Acct><Id><IBAN>JP1</IBAN></Id><Ccy>JPY</Ccy></Acct>"
    may = message(statement(entry("1500", currency="JPY"), entry("2.50", currency="JPY"), account=yen))

    reading = reading_of(may)

    assert reading.statements[0].tally.sum == 1500
    assert codes(reading.quarantined) == ["too_many_decimals"]


def test_a_currency_without_fixed_decimals_keeps_as_many_as_the_file_writes() -> None:
    unknown = "<Acct><Id><IBAN>X1</IBAN></Id><Ccy>XXX</Ccy></Acct>"
    may = message(statement(balance("OPBD", "1", currency="XXX"), entry("2.125", currency="XXX"), account=unknown))

    found = the_statement(may)

    assert (found.exponent, found.tally.sum, found.opening and found.opening.minor_units) == (3, 2125, 1000)


@pytest.mark.parametrize(
    ("account", "other", "expected"),
    [
        (ACCOUNT, balance("OPBD", "1.00"), "NOK"),
        (
            ACCOUNT.replace("<Ccy>NOK</Ccy>", ""),
            balance("OPAV", "1.00", currency="EUR") + balance("ITBD", "1.00"),
            "NOK",
        ),
        (ACCOUNT.replace("NOK", ""), balance("OPBD", "1.00"), "NOK"),
        (ACCOUNT.replace("<Ccy>NOK</Ccy>", ""), "", "NOK"),
    ],
)
def test_the_currency_is_the_account_s_else_a_booked_balance_s_else_the_first_entry_s(
    account: str, other: str, expected: str
) -> None:
    found = the_statement(message(statement(other, entry(), account=account)))

    assert (found.currency, found.tally.entries) == (expected, 1)


def test_entries_of_an_advice_that_names_no_currency_are_all_in_that_of_the_first_readable_one() -> None:
    nameless = ACCOUNT.replace("<Ccy>NOK</Ccy>", "")
    may = message(statement(entry(""), entry(), entry(currency="EUR"), account=nameless), kind="Ntfctn")

    reading = reading_of(may)

    assert [(found.currency, found.tally.entries) for found in reading.statements] == [("NOK", 1)]
    assert codes(reading.quarantined) == ["no_amount", "other_currency"]


def test_entries_keep_their_line_and_column() -> None:
    may = proved(entry("1.00"), "é€ " + entry("2.00") + "<!-- <Ntry> -->" + entry("3.00"))

    found = the_statement(may)

    assert [(each.minor_units, each.line, each.column) for each in found.entries] == [
        (100, 5, 1),
        (200, 6, 4),
        (300, 6, 4 + len(entry("2.00")) + len("<!-- <Ntry> -->")),
    ]


def test_the_details_of_a_batch_must_add_up_to_its_entry() -> None:
    parts = detail(amount="6.00") + detail(amount="3.00", mark="CRDT") + detail(amount="2.00", mark="DBIT")

    reading = reading_of(proved(entry("10.00", inside=f"<NtryDtls>{parts}</NtryDtls>")))

    assert figures(reading.statements[0]) == (1, "10.00", "100.00", "110.00", True)
    assert [(warning.code, str(warning)) for warning in reading.warnings] == [
        (
            "details_differ",
            "may.xml:5:1: the entry moved 10.00 NOK, 3 details add up to 7.00; the entry counts",
        )
    ]


@pytest.mark.parametrize(
    "parts",
    [
        detail(amount="6.00") + detail(amount="4.00"),
        detail(amount="12.00") + detail(amount="2.00", mark="DBIT"),
        detail(amount="6.00") + detail(),
        detail(amount="6.00") + detail(amount="4.00", currency="EUR"),
        detail("<AmtDtls><TxAmt><Amt Ccy='NOK'>10.00</Amt></TxAmt></AmtDtls>", "1.00", currency="EUR"),
        detail("<AmtDtls><InstdAmt><Amt Ccy='NOK'>10.00</Amt></InstdAmt></AmtDtls>"),
        detail("<AmtDtls><InstdAmt><Amt Ccy='NOK'>9.00</Amt></InstdAmt></AmtDtls><Amt Ccy='NOK'>10.00</Amt>"),
        detail("<AmtDtls><InstdAmt><Amt Ccy='NOK'>9</Amt></InstdAmt><TxAmt><Amt Ccy='NOK'>10</Amt></TxAmt></AmtDtls>"),
        "",
    ],
)
def test_details_that_add_up_or_cannot_be_added_are_no_cause_for_a_warning(parts: str) -> None:
    reading = reading_of(proved(entry("10.00", inside=f"<NtryDtls>{parts}</NtryDtls>")))

    assert reading.warnings == []


def test_the_details_of_a_flipped_reversal_turn_with_it() -> None:
    parts = f"<RvslInd>true</RvslInd><NtryDtls>{detail(amount='6.00')}{detail(amount='4.00')}</NtryDtls>"
    may = proved(entry("10.00", "DBIT", inside=parts))

    reading = reading_of(may, profile="reversal_flips")

    assert reading.warnings == []
    assert [each.minor_units for each in reading.statements[0].entries[0].details] == [600, 400]


def test_a_lone_detail_that_says_the_same_is_no_batch() -> None:
    assert the_entry(f"<NtryDtls>{detail(amount='10.00')}</NtryDtls>").details == ()


def test_a_lone_detail_before_charges_is_kept_beside_its_entry() -> None:
    returned = the_entry(f"<NtryDtls>{detail(amount='50.00')}</NtryDtls>", "DBIT", "53.00")

    assert returned.minor_units == -5300
    assert [each.minor_units for each in returned.details] == [-5000]


def test_warnings_stand_in_the_order_of_their_places() -> None:
    may = proved(entry(inside=f"<NtryDtls>{detail(amount='9.00')}</NtryDtls>"), opening="six")

    assert codes(reading_of(may).warnings) == ["unreadable_balance", "details_differ"]


def test_the_details_of_something_else_named_like_an_entry_are_not_those_of_the_next() -> None:
    inside = f"<NtryDtls>{detail(amount='7.00')}</NtryDtls>"
    supplementary = f"<SplmtryData><Envlp>{entry('7.00', inside=inside)}</Envlp></SplmtryData>"

    reading = reading_of(proved(supplementary, entry("10.00")))

    assert figures(reading.statements[0]) == (1, "10.00", "100.00", "110.00", True)
    assert reading.warnings == []

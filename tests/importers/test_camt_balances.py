"""Balances of a camt statement: which one opens and closes it, and what the proof makes of them."""

from datetime import date

import pytest

from tests.importers.camt_made import (
    balance,
    codes,
    entry,
    figures,
    message,
    proved,
    reading_of,
    statement,
    the_statement,
)


@pytest.mark.parametrize(
    ("balances", "opening", "closing"),
    [
        (["OPBD", "CLBD"], "1.00", "2.00"),
        (["PRCD", "CLBD"], "1.00", "2.00"),
        (["PRCD", "OPBD", "CLBD"], "2.00", "3.00"),
        (["CLBD", "OPBD"], "2.00", "1.00"),
        (["ITBD", "ITBD"], "1.00", "2.00"),
        (["ITBD", "ITBD", "ITBD"], "1.00", "3.00"),
        (["OPBD", "ITBD", "ITBD"], "1.00", "3.00"),
        (["ITBD", "ITBD", "CLBD"], "1.00", "3.00"),
        (["OPBD", "ITBD", "CLBD"], "1.00", "3.00"),
        (["OPBD", "ITBD"], "1.00", None),
        (["ITBD", "CLBD"], None, "2.00"),
        (["ITBD"], None, None),
        (["OPAV", "CLAV", "FWAV", "INFO", "XPCD", "ITAV"], None, None),
        (["OPBD", "PRCD", "OPAV", "CLBD", "CLAV", "FWAV", "INFO", "ITAV", "ITBD", "XPCD"], "1.00", "4.00"),
        ([], None, None),
    ],
)
def test_the_booked_opening_and_closing_are_found_among_all_balances(
    balances: list[str], opening: str | None, closing: str | None
) -> None:
    stated = [balance(code, f"{amount}.00") for amount, code in enumerate(balances, 1)]

    found = the_statement(message(statement(*stated)))

    assert figures(found)[2:4] == (opening, closing)


def test_balances_behind_the_entries_are_found_as_well() -> None:
    may = message(statement(entry("10.00"), balance("OPBD", "100.00"), balance("CLBD", "110.00")))

    assert figures(the_statement(may)) == (1, "10.00", "100.00", "110.00", True)


@pytest.mark.parametrize(
    ("balances", "reason"),
    [([], "no_balances"), (["CLBD"], "no_opening"), (["OPBD"], "no_closing"), (["ITBD"], "no_balances")],
)
def test_a_missing_balance_leaves_nothing_to_prove_and_says_which(balances: list[str], reason: str) -> None:
    found = the_statement(message(statement(*(balance(code, "1.00") for code in balances), entry())))

    assert (found.proof.holds, found.proof.gap, found.proof.reason) == (None, None, reason)


def test_a_proof_that_fails_carries_the_signed_gap() -> None:
    found = the_statement(proved(entry("10.00", "DBIT"), closing="95.00"))

    assert (found.proof.holds, found.proof.gap, found.proof.identity) == (False, 500, "balances")


def test_a_balance_marked_as_debit_is_money_owed() -> None:
    may = message(statement(balance("OPBD", "5.00", "DBIT"), entry("2.00"), balance("CLBD", "3.00", "DBIT")))

    assert figures(the_statement(may)) == (1, "2.00", "-5.00", "-3.00", True)


def test_a_balance_without_a_mark_is_money_held() -> None:
    may = message(statement(balance("OPBD", "5.00", ""), entry("2.00"), balance("CLBD", "7.00", "")))

    assert figures(the_statement(may)) == (1, "2.00", "5.00", "7.00", True)


@pytest.mark.parametrize(
    ("broken", "what"),
    [
        (balance("OPBD", "66.0000000000001"), "'66.0000000000001' has more than 2 decimals that are not zero"),
        (balance("OPBD", "66.001"), "'66.001' has more than 2 decimals that are not zero"),
        (balance("OPBD", "six"), "'six' is not an amount like -1234.50"),
        (balance("OPBD", "-5.00"), "the amount '-5.00' has a sign of its own beside its mark"),
        (balance("OPBD", ""), "no amount is stated"),
        (balance("OPBD", "5.00").replace("<Amt", "<Sum").replace("</Amt", "</Sum"), "no amount is stated"),
    ],
)
def test_a_balance_that_cannot_be_read_is_left_out_with_a_warning(broken: str, what: str) -> None:
    reading = reading_of(message(statement(broken, entry(), balance("CLBD", "1.00"))))

    assert figures(reading.statements[0])[2:] == (None, "1.00", None)
    assert [(warning.code, str(warning)) for warning in reading.warnings] == [
        ("unreadable_balance", f"may.xml:4:1: the opening balance cannot be read: {what}")
    ]


def test_a_balance_with_a_mark_of_its_own_kind_is_left_out() -> None:
    reading = reading_of(message(statement(entry(), balance("CLBD", "1.00", "CREDIT"))))

    assert figures(reading.statements[0])[2:] == (None, None, None)
    assert [str(warning) for warning in reading.warnings] == [
        "may.xml:5:1: the mark 'CREDIT' of the closing balance is neither CRDT nor DBIT"
    ]


def test_an_available_balance_that_cannot_be_read_is_of_no_concern() -> None:
    assert reading_of(message(statement(balance("CLAV", "six"), entry()))).warnings == []


def test_a_balance_in_another_currency_is_used_and_said() -> None:
    may = message(statement(balance("OPBD", "5.00"), entry("1.00"), balance("CLBD", "6.00", currency="SEK")))

    reading = reading_of(may)

    assert figures(reading.statements[0])[2:] == ("5.00", "6.00", True)
    (warning,) = reading.warnings
    assert (warning.code, str(warning.place), warning.excerpt) == ("balance_currency", "may.xml:6:1", "SEK 6.00")
    assert warning.what == "the closing balance is stated in SEK, the account is kept in NOK; its figure is used"


def test_of_several_balances_of_a_kind_the_one_in_the_account_s_currency_counts() -> None:
    euros = (balance("OPBD", "0.40", currency="EUR"), balance("CLBD", "0.50", currency="EUR"))
    may = message(statement(euros[0], balance("OPBD", "5.00"), balance("CLBD", "5.00"), euros[1]))

    reading = reading_of(may)

    assert figures(reading.statements[0])[2:] == ("5.00", "5.00", True)
    assert reading.warnings == []


@pytest.mark.parametrize(
    ("written", "on"),
    [
        ("<Dt><Dt>2026-05-31</Dt></Dt>", date(2026, 5, 31)),
        ("<Dt><DtTm>2026-05-31T23:30:00+02:00</DtTm></Dt>", date(2026, 5, 31)),
        ("<Dt><Dt>2026-05-31T00:00:00.000000000</Dt></Dt>", date(2026, 5, 31)),
        ("<Dt>2026-05-31</Dt>", date(2026, 5, 31)),
        ("", None),
    ],
)
def test_the_day_of_a_balance_is_read_in_every_spelling_and_may_be_missing(written: str, on: date | None) -> None:
    stated = balance("CLBD", "1.00", on="").replace("</Bal>", f"{written}</Bal>")

    reading = reading_of(message(statement(stated)))

    assert reading.statements[0].closing is not None
    assert reading.statements[0].closing.on == on
    assert reading.warnings == []


def test_a_day_of_a_balance_that_is_none_is_only_a_warning() -> None:
    reading = reading_of(message(statement(balance("CLBD", "1.00", on="2026-02-30"))))

    assert figures(reading.statements[0])[3] == "1.00"
    assert codes(reading.warnings) == ["bad_date"]


@pytest.mark.parametrize(
    "spelling", ["<Cd>CLBD</Cd>", "<Prtry>CLBD</Prtry>", "<CdOrPrtry><Prtry>CLBD</Prtry></CdOrPrtry>"]
)
def test_the_kind_of_a_balance_is_found_where_each_version_puts_it(spelling: str) -> None:
    stated = balance("CLBD", "1.00").replace("<CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry>", spelling)

    assert figures(the_statement(message(statement(stated))))[3] == "1.00"


def test_a_proprietary_kind_that_is_a_bank_s_code_is_no_booked_balance() -> None:
    stated = balance("CLBD", "1.00").replace("<Cd>CLBD</Cd>", "<Prtry>DABAIE2DXXX</Prtry>")

    assert figures(the_statement(message(statement(stated))))[3] is None


@pytest.mark.parametrize(
    ("identified", "account"),
    [
        ("<IBAN>NO93 8601 1117 947</IBAN>", "NO9386011117947"),
        ("<Othr><Id>  5000 0000</Id><SchmeNm><Cd>BBAN</Cd></SchmeNm></Othr>", "50000000"),
        ("<PrtryAcct><Id>77</Id></PrtryAcct>", "77"),
        ("<BBAN>86011117947</BBAN>", "86011117947"),
        ("<IBAN/><Othr><Id>8</Id></Othr>", "8"),
        ("", None),
    ],
)
def test_the_account_is_the_iban_or_another_identification_without_spaces(identified: str, account: str | None) -> None:
    found = the_statement(message(statement(entry(), account=f"<Acct><Id>{identified}</Id></Acct>")))

    assert found.account == account


@pytest.mark.parametrize(
    ("numbered", "number"),
    [
        ("<ElctrncSeqNb>19</ElctrncSeqNb><LglSeqNb>7</LglSeqNb>", "19"),
        ("<LglSeqNb>7</LglSeqNb>", "7"),
        ("<ElctrncSeqNb/>", "S1"),
    ],
)
def test_the_number_of_a_statement_is_its_sequence_number_else_its_id(numbered: str, number: str) -> None:
    assert the_statement(message(statement(numbered))).number == number

"""The answer of `tieout check --json`, key by key."""

import json
from typing import cast

import pytest

from tests.given_statements import ACCOUNT, a_statement
from tieout.contracts.check_json import write_check
from tieout.contracts.checking import Checked, CheckedFile
from tieout.contracts.reading import Reading
from tieout.domain.statements import BalanceProof, Statement, StatementKind
from tieout.kernel.errors import Finding, Place


def answer(*files: CheckedFile) -> list[dict[str, object]]:
    """The JSON array that a script gets."""
    written = write_check(Checked(files))
    assert written.endswith(b"]\n")
    array: list[dict[str, object]] = json.loads(written)
    return array


def statement_answer(statement: Statement) -> dict[str, object]:
    """The JSON of one statement."""
    (file,) = answer(CheckedFile("may.sta", Reading("mt940", statements=[statement])))
    statements = cast("list[dict[str, object]]", file["statements"])
    (found,) = statements
    return found


def test_a_file_that_was_read_has_every_key_in_the_promised_shape() -> None:
    statement = a_statement(
        "100.00", "300.00", "-50.00", "0.00", closing="350.00", number="19", currency="EUR", pending=("-9.00",)
    )
    statement.pages = 2
    warning = Finding("no_booking_date", "the entry has no booking date", Place("may.sta", 17), "61:26", "check it")
    reading = Reading("mt940", None, None, "utf-8", [statement], [warning], [Finding("x", "y", Place("may.sta"))])

    assert answer(CheckedFile("may.sta", reading)) == [
        {
            "file": "may.sta",
            "format": "mt940",
            "version": None,
            "profile": None,
            "encoding": "utf-8",
            "statements": [
                {
                    "account": ACCOUNT,
                    "currency": "EUR",
                    "number": "19",
                    "kind": "booked",
                    "pages": 2,
                    "opening": "100.00",
                    "opening_date": "2026-05-01",
                    "closing": "350.00",
                    "closing_date": "2026-05-31",
                    "entries": 3,
                    "sum": "250.00",
                    "credits": "300.00",
                    "debits": "-50.00",
                    "pending": {"entries": 1, "sum": "-9.00"},
                    "proof": {"holds": True, "gap": "0.00", "identity": "balances", "reason": None},
                }
            ],
            "batches": [],
            "warnings": [
                {
                    "code": "no_booking_date",
                    "place": "may.sta:17:1",
                    "message": 'the entry has no booking date; in "61:26"; check it',
                }
            ],
            "quarantined": [{"code": "x", "place": "may.sta", "message": "y"}],
            "refused": None,
        }
    ]


def test_a_refused_file_has_every_key_and_the_first_reason() -> None:
    reasons = (
        Finding("truncated", "it ends", Place("may.xml", 3, 9), advice="ask again"),
        Finding("x", "y", Place("z")),
    )

    assert answer(CheckedFile("may.xml", Reading("camt.053", "001.08", "reversed"), reasons)) == [
        {
            "file": "may.xml",
            "format": "camt.053",
            "version": "001.08",
            "profile": "reversed",
            "encoding": None,
            "statements": [],
            "batches": [],
            "warnings": [],
            "quarantined": [],
            "refused": {"code": "truncated", "message": "it ends; ask again"},
        }
    ]


@pytest.mark.parametrize(
    ("currency", "amount", "written"),
    [
        ("JPY", "100", "100"),
        ("BHD", "1", "1.000"),
        ("EUR", "-0.05", "-0.05"),
        (None, "7.5", "7.50"),
        (None, "7.125", "7.125"),
    ],
)
def test_amounts_are_decimal_strings_at_the_exponent_of_the_currency_or_as_the_file_writes_them(
    currency: str | None, amount: str, written: str
) -> None:
    found = statement_answer(a_statement("0", amount, closing=amount, currency=currency))

    assert (found["currency"], found["sum"], found["closing"]) == (currency, written, written)


def test_what_a_statement_does_not_say_is_null() -> None:
    found = statement_answer(a_statement(None, closing=None, account=None, currency=None, kind=StatementKind.INTRADAY))

    assert [found[key] for key in ("account", "currency", "number", "opening", "opening_date", "closing")] == [None] * 6
    assert found["kind"] == "intraday"
    assert found["proof"] == {"holds": None, "gap": None, "identity": None, "reason": "no_balances"}


def test_a_balance_without_a_day_keeps_its_amount() -> None:
    found = statement_answer(a_statement("1.00", closing="1.00", opens=None, closes=None))

    assert (found["opening"], found["opening_date"], found["closing_date"]) == ("1.00", None, None)


def test_a_failed_proof_carries_the_signed_gap() -> None:
    found = statement_answer(a_statement("100.00", "10.00", closing="98.00"))

    assert found["proof"] == {"holds": False, "gap": "-12.00", "identity": "balances", "reason": None}


def test_a_proof_by_totals_keeps_its_name() -> None:
    statement = a_statement(None, closing=None)
    statement.proof = BalanceProof(holds=True, gap=0, identity="totals", reason=None)

    assert statement_answer(statement)["proof"] == {"holds": True, "gap": "0.00", "identity": "totals", "reason": None}


def test_no_file_is_an_empty_array() -> None:
    assert answer() == []

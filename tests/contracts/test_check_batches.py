"""Payouts of a provider's report in the answer of `tieout check --json`."""

import json
from typing import Any

from tests.importers.provider_told import adyen, balance, moved, other, release, settled
from tieout.contracts.check_json import write_check
from tieout.contracts.checking import Checked, CheckedFile
from tieout.contracts.reading import Reading


def answer(reading: Reading) -> dict[str, Any]:
    """The element of a file that holds this."""
    (said,) = json.loads(write_check(Checked((CheckedFile("may.csv", reading),))))
    assert isinstance(said, dict)
    return said


def test_a_batch_says_every_figure_of_its_proof() -> None:
    said = answer(
        adyen(
            settled("HK-1", "110.00", "106.00", commission="4.00"),
            other("MerchantPayout", debit="105.00", day="2026-05-02 23:00:00"),
        )
    )

    assert said["statements"] == []
    assert said["batches"] == [
        {
            "id": "7",
            "currency": "EUR",
            "entries": 1,
            "gross": "110.00",
            "fees": "-4.00",
            "net": "106.00",
            "carried": "0.00",
            "payout": "105.00",
            "payout_date": "2026-05-02",
            "paid": None,
            "proof": {"holds": False, "gap": "-1.00", "identity": "payout", "reason": None},
        }
    ]


def test_rows_that_are_not_paid_out_yet_have_neither_number_nor_payout() -> None:
    (batch,) = answer(adyen(settled("HK-1", "1100", "1060", batch="", currency="JPY", sold_in="JPY", commission="40")))[
        "batches"
    ]

    assert (batch["id"], batch["payout"], batch["payout_date"], batch["net"]) == (None, None, None, "1060")
    assert batch["proof"] == {"holds": True, "gap": "0", "identity": "rows", "reason": None}


def test_a_report_with_balances_is_a_statement_and_has_no_batches() -> None:
    said = answer(
        release(balance("initial_available_balance", "10.00"), moved("payment", "5.00"), balance("total", "15.00"))
    )

    assert said["batches"] == []
    assert [(each["account"], each["opening"], each["closing"]) for each in said["statements"]] == [
        (None, "10.00", "15.00")
    ]

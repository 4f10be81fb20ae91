"""Payouts of a provider's report in the table of `tieout check`."""

import re

from rich.console import Console

from tests.importers.provider_told import adyen, balance, moved, other, release, settled
from tieout.cli.check_table import check_table
from tieout.contracts.checking import Checked, CheckedFile
from tieout.contracts.reading import Reading


def shown(*readings: Reading) -> list[str]:
    """The lines of what is printed into a pipe."""
    console = Console(width=200, markup=False, highlight=False, color_system=None)
    with console.capture() as captured:
        console.print(check_table(Checked(tuple(CheckedFile("may.csv", reading) for reading in readings))))
    return captured.get().splitlines()


def test_a_batch_stands_with_its_figures_and_its_verdict() -> None:
    lines = shown(
        adyen(
            settled("HK-1", "110.00", "106.00", commission="4.00"),
            other("MerchantPayout", debit="106.00", day="2026-05-02 23:00:00"),
        )
    )

    assert re.split(r"  +", lines[3].strip()) == [
        "ADYEN-KaffeShop EUR no. 7",
        "1",
        "110.00",
        "-4.00",
        "106.00",
        "0.00",
        "106.00",
        "2026-05-02",
        "proved by its payout",
    ]


def test_batches_are_counted_beside_the_statements() -> None:
    wallet = release(balance("initial_available_balance", "1.00"), moved("payment", "1.00"), balance("total", "2.00"))

    lines = shown(adyen(settled("HK-1", "1.00", "1.00"), other("MerchantPayout", debit="3.00")), wallet)

    assert lines[-1] == "2 files, 1 statements, 1 payout batches, 1 proved, 1 off, 0 cannot be proved, 0 refused"
    assert any(line.startswith("MERCADO PAGO BRL") for line in lines)

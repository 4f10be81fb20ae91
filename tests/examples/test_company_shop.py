"""The example company's web shop: two reports of providers that close, and payouts that arrive at its banks."""

from datetime import date
from functools import cache

import pytest

from examples.making.shop import SHOP_EUR, told
from tests.examples.company import COMPANY
from tests.examples.test_company_files import is_norwegian_account, remainder_of_iban
from tieout.app import check, reconcile
from tieout.domain.results import Result
from tieout.kernel.money import decimal_text

_REPORTS = sorted(map(str, (COMPANY / "providers").iterdir()))
_BANK = [str(COMPANY / "shop" / name) for name in ("euro-2026-05.sta", "reais-2026-05.ofx")]
_ORDERS = str(COMPANY / "shop" / "orders.csv")


@cache
def result() -> Result:
    """The reconciliation of the shop."""
    return reconcile(ledger=[_ORDERS], statement=[*_REPORTS, *_BANK])


def test_both_batches_close_with_their_payout_and_the_wallet_with_its_balance() -> None:
    checked = check(_REPORTS)

    batches = [batch for file in checked.files for batch in file.reading.batches]
    paid = [(batch.number, decimal_text(batch.payout or 0, 2), batch.proof.holds) for batch in batches]
    assert paid == [("41", "138.66", True), ("42", "407.21", True)]
    assert [decimal_text(each.closing.minor_units, 2) for each in checked.statements if each.closing] == ["288.10"]
    assert ([proof.holds for proof in checked.proofs], checked.warnings) == ([True] * 3, ())


def test_every_payout_is_tied_to_the_line_of_its_bank() -> None:
    transfers = [match for match in result().matches() if match.matcher == "transfer"]

    assert [match.state.value for match in transfers] == ["confirmed"] * 4
    accounts = {tuple(sorted(line.partition("/")[0] for line in match.lines("statement"))) for match in transfers}
    assert accounts == {("ADYEN-HavskarShop", SHOP_EUR.number), ("77120-9", "MERCADOPAGO")}


def test_every_order_that_was_paid_is_tied_and_those_of_june_wait() -> None:
    waiting = {line.line for line in result().open_lines if line.side == "ledger"}

    assert waiting == {"HK-2007", "HB-305"}
    assert len([match for match in result().matches() if match.lines("ledger")]) == 12


def test_deposit_dispute_and_balance_are_ended_by_their_later_legs() -> None:
    ended = [match for match in result().matches() if match.matcher == "reversal"]

    assert [match.state.value for match in ended] == ["confirmed"] * 4
    assert {match.evidence.supporting[-1] for match in ended} == {"ends"}


def test_only_what_the_providers_kept_and_the_bank_charged_is_left() -> None:
    lines = result().statement
    left = {lines.kind.at(line.row) for line in result().open_lines if line.side == "statement"}

    # The chargeback's own fee, the fees of sales, a tax; and the bank's charge, which has no kind.
    assert left == {"fee", "tax", ""}
    assert result().conservation.holds


def test_the_order_of_the_files_decides_nothing() -> None:
    turned = reconcile(ledger=[_ORDERS], statement=[*reversed(_BANK), *reversed(_REPORTS)])

    assert [match.lines("statement") for match in turned.matches()] == [
        match.lines("statement") for match in result().matches()
    ]


@pytest.mark.parametrize("number", [SHOP_EUR.number])
def test_the_account_of_the_shop_has_its_check_digits(number: str) -> None:
    assert remainder_of_iban(number) == 1
    assert is_norwegian_account(number[4:])


def test_no_bank_of_the_shop_books_on_a_weekend() -> None:
    days = {line.day for line in told().bank_lines}

    assert [day for day in sorted(days) if date.fromisoformat(day).weekday() >= 5] == []

"""Reports of payment providers as statements of their clearing accounts: united, counted, chained, reconciled."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.importers.provider_told import adyen_text, balance, moved, other, release_text, settled
from tieout.app import check, reconcile
from tieout.domain.line_table import texts_of
from tieout.domain.results import Result
from tieout.kernel.money import decimal_text

_PAID = [
    settled("HK-1001", "100.00", "97.50", markup="1.50", interchange="1.00"),
    settled("HK-1002", "50.00", "49.00", commission="1.00"),
    other("MerchantPayout", debit="146.50", day="2026-05-06 23:10:00", modification="TX20110007XT batch 7"),
]


def reconciled(folder: Path, statements: dict[str, str], orders: Iterable[tuple[str, str]]) -> Result:
    """Reconcile files with these contents with orders of these numbers and amounts in euro."""
    for name, text in statements.items():
        (folder / name).write_text(text, "utf-8")
    rows = "".join(f"{number},{amount},EUR,2026-05-03,order,{number}\n" for number, amount in orders)
    (folder / "orders.csv").write_text(f"id,amount,currency,booking_date,kind,reference\n{rows}", "utf-8")
    paths = [str(folder / name) for name in statements]
    return reconcile(ledger=[str(folder / "orders.csv")], statement=paths)


def lines_of(result: Result) -> list[str]:
    """Id, kind and amount of every statement line."""
    lines = result.statement
    ids = texts_of(lines.id, len(lines))
    return [f"{ids[row]} {lines.kind.at(row)} {lines.minor_units[row]}" for row in range(len(lines))]


def test_sales_tie_to_their_orders_exactly_and_fees_stay_beside_them(tmp_path: Path) -> None:
    orders = [("HK-1001", "100.00"), ("HK-1002", "50.00")]

    result = reconciled(tmp_path, {"adyen.csv": adyen_text(*_PAID)}, orders)

    confirmed = [match.lines("ledger") for match in result.matches()]
    assert confirmed == [("HK-1001",), ("HK-1002",)]
    assert lines_of(result) == [
        "ADYEN-KaffeShop/2026-05-04/1 sale 10000",
        "ADYEN-KaffeShop/2026-05-04/2 fee -150",
        "ADYEN-KaffeShop/2026-05-04/3 fee -100",
        "ADYEN-KaffeShop/2026-05-04/4 sale 5000",
        "ADYEN-KaffeShop/2026-05-04/5 fee -100",
        "ADYEN-KaffeShop/2026-05-06/1 payout -14650",
    ]
    assert [(proof.account, proof.holds) for proof in result.proofs] == [("ADYEN-KaffeShop", True)]


def test_the_same_report_twice_is_one(tmp_path: Path) -> None:
    text = adyen_text(*_PAID)

    once = reconciled(tmp_path, {"a.csv": text}, [("HK-1001", "100.00")])
    twice = reconciled(tmp_path, {"a.csv": text, "b.csv": text}, [("HK-1001", "100.00")])

    assert lines_of(twice) == lines_of(once)


def test_equal_rows_of_two_batches_stay_two(tmp_path: Path) -> None:
    fee = other("Fee", debit="5.00")
    batches = {f"{number}.csv": adyen_text({**fee, "batch": number}) for number in ("7", "8")}

    result = reconciled(tmp_path, batches, [("HK-1001", "100.00")])

    assert len(result.statement) == 2


def test_equal_rows_of_one_batch_stay_as_many_as_they_are(tmp_path: Path) -> None:
    rows = [other("Fee", debit="5.00")] * 3

    result = reconciled(tmp_path, {"7.csv": adyen_text(*rows)}, [("HK-1001", "100.00")])

    assert len(result.statement) == 3


@pytest.mark.parametrize(("opening", "codes"), [("15.00", []), ("16.00", ["chain_gap"])])
def test_releases_of_two_months_are_a_chain(tmp_path: Path, opening: str, codes: list[str]) -> None:
    closing = balance("total", "15.00", day="2026-05-31")
    later = balance("initial_available_balance", opening, day="2026-06-01")
    months = [
        [balance("initial_available_balance", "10.00"), moved("payment", "5.00"), closing],
        [later, moved("payment", "1.00", DATE="2026-06-02")],
    ]
    for number, rows in enumerate(months):
        (tmp_path / f"{number}.csv").write_text(release_text(*rows), "utf-8")

    checked = check([str(tmp_path / "0.csv"), str(tmp_path / "1.csv")])

    assert [warning.code for warning in checked.warnings] == codes


def test_a_proof_is_counted_for_every_batch(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(adyen_text(*_PAID, settled("HK-9", "1.00", "1.00", batch="8")), "utf-8")

    checked = check([str(tmp_path / "a.csv")], keep_entries=True)

    assert [proof.identity for proof in checked.proofs] == ["payout", "rows"]
    assert sum(entry.minor_units for entry in checked.entries) == 1_00
    assert decimal_text(sum(batch.net or 0 for batch in checked.files[0].reading.batches), 2) == "147.50"


def test_overlapping_releases_are_united(tmp_path: Path) -> None:
    sales = [
        moved("payment", f"{day}.00", DATE=f"2026-05-{day:02}T10:00:00.000-04:00", SOURCE_ID=f"7041880{day}")
        for day in (2, 9, 9, 16, 23)
    ]
    halves = {"a.csv": release_text(*sales[:4]), "b.csv": release_text(*sales[1:])}

    result = reconciled(tmp_path, halves, [("HK-1001", "100.00")])

    assert lines_of(result) == [
        "MERCADOPAGO/2026-05-02/1 sale 200",
        "MERCADOPAGO/2026-05-09/1 sale 900",
        "MERCADOPAGO/2026-05-09/2 sale 900",
        "MERCADOPAGO/2026-05-16/1 sale 1600",
        "MERCADOPAGO/2026-05-23/1 sale 2300",
    ]

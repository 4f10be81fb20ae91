"""The bank reconciliations of the example company, and that the order of files and rows decides nothing."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.examples.company import ACCOUNTS, BANK, BOOKS, reconciliation, result
from tieout.app import reconcile, write_file
from tieout.domain.results import Result


def written(of: Result) -> dict[str, Any]:
    """result.json without what depends on the clock; proofs stand in the order of the files, so they are sorted."""
    stream = BytesIO()
    write_file(of, "result.json", stream)
    said: dict[str, Any] = json.loads(stream.getvalue())
    del said["summary"]["seconds"]
    said["proofs"].sort(key=json.dumps)
    return said


@pytest.mark.parametrize(
    ("account", "per_bank", "per_books"),
    [
        ("NOK", 228_361_35, 154_128_45),
        ("TAX", 43_993_20, 75_89),
        ("EUR", 29_124_74, 24_864_33),
        ("BRL", 53_742_56, 62_814_86),
    ],
)
def test_every_account_ties_to_the_balance_that_its_books_state(account: str, per_bank: int, per_books: int) -> None:
    found = reconciliation(account)

    assert (found.as_of, found.per_bank, found.per_books) == ("2026-05-31", per_bank, per_books)
    assert found.per_bank is not None
    assert found.per_bank + found.in_books_not_on_bank.sum - found.on_bank_not_in_books.sum == per_books
    assert (found.difference, found.holds, found.reason) == (0, True, None)


@pytest.mark.parametrize(
    ("account", "outstanding"),
    [
        pytest.param("NOK", ("V04-17", "V04-18", "V05-08", "V05-09")),
        ("TAX", ()),
        pytest.param("EUR", ()),
        pytest.param("BRL", ("V05-13",)),
    ],
)
def test_only_what_the_bank_does_not_have_is_outstanding_in_the_books(
    account: str, outstanding: tuple[str, ...]
) -> None:
    assert reconciliation(account).in_books_not_on_bank.lines == outstanding


def test_every_statement_that_states_both_balances_is_proved() -> None:
    proofs = result().proofs

    assert {each.holds for each in proofs if each.account != ACCOUNTS["BRL"]} == {True}
    assert {each.reason for each in proofs if each.account == ACCOUNTS["BRL"]} == {"no_opening"}


def test_nothing_is_lost_and_nothing_is_used_twice() -> None:
    assert result().conservation.holds
    assert (result().quarantined, result().warnings) == ((), ())


def test_the_order_of_files_and_rows_changes_nothing(tmp_path: Path) -> None:
    turned = []
    for path in map(Path, reversed(BOOKS)):
        header, *rows = path.read_text("utf-8").splitlines()
        (tmp_path / path.name).write_text("\n".join([header, *reversed(rows), ""]), "utf-8")
        turned.append(str(tmp_path / path.name))

    again = reconcile(ledger=turned, statement=list(reversed(BANK)))

    assert written(again) == written(result())

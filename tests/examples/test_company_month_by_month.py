"""The example company fed month by month: each run takes over what the one before it left open."""

import csv
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random

import pytest

from tests.examples.company import BANK, BOOKS
from tieout.app import reconcile, write, write_file
from tieout.domain.results import BankReconciliation, Result
from tieout.kernel.errors import Refused

MONTHS = ("2026-03", "2026-04", "2026-05")
# Files that only repeat what others of their month say.
_REPEATING = ("kroner-2026-03-again.xml", "kroner-2026-05-last-week.xml")


def bank_of(month: str) -> list[str]:
    """The bank files of one month."""
    return [path for path in BANK if month in path and Path(path).name not in _REPEATING]


def books_up_to(month: str, folder: Path, since: str) -> list[str]:
    """The books with the lines booked from one month to another, both counted; older lines belong to the first."""
    paths = []
    for book in BOOKS:
        with Path(book).open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        path = folder / f"{month}-{Path(book).name}"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, rows[0])
            writer.writeheader()
            writer.writerows(row for row in rows if since <= max(row["booking_date"][:7], MONTHS[0]) <= month)
        paths.append(str(path))
    return paths


def fed(folder: Path, months: Sequence[str], repeating: bool) -> list[Result]:
    """The results of the months, one after the other; with `repeating`, the books list every line up to then."""
    results: list[Result] = []
    previous = None
    for month in months:
        books = books_up_to(month, folder, MONTHS[0] if repeating else month)
        results.append(reconcile(books, bank_of(month), previous=previous))
        previous = str(folder / f"result-{month}")
        write(results[-1], previous)
    return results


@cache
def at_once() -> Result:
    """One run over all months."""
    return reconcile(BOOKS, [path for month in MONTHS for path in bank_of(month)])


def left_open(result: Result) -> list[tuple[str, str, int]]:
    """Every open line with what is left of it."""
    return [(part.side, part.line, part.remaining) for part in result.open_lines]


def balances(result: Result) -> list[tuple[object, ...]]:
    """Every account's reconciliation without the ages of its lines."""
    return [_balances(account) for account in result.reconciliations]


def _balances(each: BankReconciliation) -> tuple[object, ...]:
    outstanding = (each.in_books_not_on_bank, each.on_bank_not_in_books)
    lines = [set(zip(part.lines, part.amounts, strict=True)) for part in outstanding]
    return each.account, each.currency, each.as_of, each.per_bank, each.per_books, each.holds, *lines


@pytest.mark.parametrize("repeating", [False, True], ids=["new lines only", "every line so far"])
def test_month_by_month_ends_with_the_open_lines_and_balances_of_one_run_over_all(
    repeating: bool, tmp_path: Path
) -> None:
    *_, last = fed(tmp_path, MONTHS, repeating)

    assert left_open(last) == left_open(at_once())
    assert balances(last) == balances(at_once())
    assert last.conservation.holds


def test_every_month_proves_by_itself(tmp_path: Path) -> None:
    results = fed(tmp_path, MONTHS, repeating=False)

    assert all(each.holds for result in results for each in result.reconciliations)
    assert all(result.conservation.holds for result in results)
    assert all(proof.holds is not False for result in results for proof in result.proofs)


def test_a_month_left_out_is_refused_by_the_balances(tmp_path: Path) -> None:
    fed(tmp_path, MONTHS[:1], repeating=False)

    with pytest.raises(
        Refused, match=r"kroner-2026-05\.xml: account \S+ opens with .* but the run before closed it with"
    ):
        reconcile(
            books_up_to(MONTHS[2], tmp_path, MONTHS[2]), bank_of(MONTHS[2]), previous=str(tmp_path / "result-2026-03")
        )


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_files_decides_nothing(seed: int, tmp_path: Path) -> None:
    dice = Random(seed)
    books, bank = dice.sample(BOOKS, len(BOOKS)), dice.sample(BANK, len(BANK))

    assert _json(reconcile(books, bank), tmp_path) == _json(reconcile(BOOKS, BANK), tmp_path)


def _json(result: Result, folder: Path) -> str:
    with (folder / "result.json").open("wb") as stream:
        write_file(result, "result.json", stream)
    return re.sub(r'"seconds":[0-9.]+', "", (folder / "result.json").read_text("utf-8"))

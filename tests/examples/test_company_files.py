"""The files of the example company: made from the story, plausible in themselves, each movement counted once."""

from datetime import date

import pytest

from examples.make_company import files, told
from examples.making import who
from examples.making.story import Account, Party
from tests.examples.company import ACCOUNTS, EXAMPLES, result, statement_ids
from tieout.app import check, reconcile
from tieout.domain.line_table import texts_of
from tieout.kernel.errors import Refused

BROKEN = EXAMPLES / "broken"


def remainder_of_iban(iban: str) -> int:
    """ISO 13616: the four first characters behind the others, letters as numbers from 10, modulo 97."""
    return int("".join(str(int(mark, 36)) for mark in iban[4:] + iban[:4])) % 97


def is_norwegian_account(number: str) -> bool:
    """Eleven digits whose weighted sum, the last digit included, is a multiple of 11."""
    weights = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True)) % 11 == 0


def has_check_digit(number: str) -> bool:
    """Modulus 10: every second digit doubled from the right, the sums of digits a multiple of 10."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number))]
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def test_the_story_gives_exactly_the_files_that_are_kept() -> None:
    kept = {
        path.relative_to(EXAMPLES).as_posix(): path.read_bytes()
        for folder in ("company", "broken")
        for path in (EXAMPLES / folder).rglob("*")
        # The ledger folder is written by hand, as such folders are.
        if path.is_file() and path.name != "README.md" and path.parent.name != "ledger"
    }

    made = files()

    assert sorted(made) == sorted(kept)
    assert [path for path in made if made[path] != kept[path]] == [], (
        "python -m examples.make_company writes them again"
    )


def test_every_iban_of_the_story_has_its_check_digits() -> None:
    numbers = [value.account for value in vars(who).values() if isinstance(value, Party) and value.account]
    numbers += [value.number for value in vars(who).values() if isinstance(value, Account) and value is not who.BRL]

    assert len(numbers) > 20
    assert [number for number in numbers if remainder_of_iban(number) != 1] == []
    assert [number for number in numbers if number[:2] == "NO" and not is_norwegian_account(number[4:])] == []


def test_every_norwegian_invoice_number_is_a_kid() -> None:
    story = told()
    numbers = {each.reference for each in story.open_items} | {line.reference for line in story.bank_lines}

    kids = [number for number in numbers if number.startswith("26") and len(number) == 7]

    assert len(kids) > 30
    assert [number for number in kids if not has_check_digit(number)] == []


def test_no_bank_books_on_a_weekend() -> None:
    days = {line.day for line in told().bank_lines}

    assert [day for day in sorted(days) if date.fromisoformat(day).weekday() >= 5] == []


def test_what_overlapping_files_repeat_counts_once_and_two_equal_tolls_stay_two() -> None:
    booked = [line for line in told().bank_lines if not line.is_pending]

    ids = statement_ids()

    tolls = [line for line in ids if line.startswith(f"{ACCOUNTS['BRL']}/2026-04-27/")]
    assert len(ids) == len(set(ids)) == len(booked) == 156
    assert len(tolls) == 2


def test_a_pending_purchase_is_in_no_line() -> None:
    texts = texts_of(result().statement.description, len(result().statement))

    assert any("27.04 Papirhuset Blyant" in text for text in texts)
    assert not any("28.05 Papirhuset Blyant" in text for text in texts)


def test_a_damaged_amount_is_named_and_the_proofs_show_exactly_it() -> None:
    (checked,) = check([str(BROKEN / "kroner-2026-05.xml")]).files

    (finding,) = checked.reading.quarantined
    assert (finding.code, finding.place.line) == ("not_an_amount", 97)
    assert [statement.proof.gap for statement in checked.reading.statements] == [14_602_00, 0]


def test_a_damaged_file_leaves_the_books_and_the_bank_apart_by_its_entry() -> None:
    months = [EXAMPLES / "company" / "bank" / f"kroner-2026-{month}.xml" for month in ("03", "04")]

    reconciled = reconcile(
        ledger=sorted(map(str, (EXAMPLES / "company" / "books").iterdir())),
        statement=[*map(str, months), str(BROKEN / "kroner-2026-05.xml")],
    )

    differences = {each.account: each.difference for each in reconciled.reconciliations if each.per_bank is not None}
    assert differences == {ACCOUNTS["NOK"]: -14_602_00, ACCOUNTS["TAX"]: 0}


def test_a_missing_entry_is_the_gap_of_the_proof() -> None:
    (checked,) = check([str(BROKEN / "euro-2026-05.sta")]).files

    assert checked.reading.quarantined == []
    assert [statement.proof.gap for statement in checked.reading.statements] == [5_412_30]


def test_a_forgotten_month_is_a_gap_between_two_proved_statements() -> None:
    march_and_may = [str(EXAMPLES / "company" / "bank" / f"euro-2026-{month}.sta") for month in ("03", "05")]

    checked = check(march_and_may)

    said = [warning.code for each in checked.files for warning in each.reading.warnings]
    assert said == ["chain_gap", "number_gap"]


def test_books_that_a_spreadsheet_rewrote_are_refused_cell_by_cell() -> None:
    with pytest.raises(Refused) as refused:
        reconcile(ledger=[str(BROKEN / "open_items.csv")], statement=[str(EXAMPLES / "company/bank/euro-2026-05.sta")])

    places = [(finding.code, finding.place.line) for finding in refused.value.findings]
    assert places == [("not_an_amount", 2), ("not_a_date", 5), ("unknown_currency", 13)]

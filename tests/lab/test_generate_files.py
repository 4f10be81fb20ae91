"""What `tieout generate` writes: the same bytes for the same seed, canonical files, and a truth that fits them."""

import csv
import hashlib
import pathlib
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lab.clerk import Row, rows_of
from tieout.domain.kinds import BOOK_ENTRY_KINDS, kinds_of
from tieout.kernel.currencies import exponent_of
from tieout.kernel.errors import UsageError
from tieout.lab._mixes import CLASSES, MIXES
from tieout.lab._truth import Truth, read_json
from tieout.lab.generate import generate, mixes

_FILES = ("ledger.csv", "statement.csv", "truth.json")
# Of both CSV files of 400 lines with seed 7. They change only when what is generated is meant to change.
_DIGESTS = {
    "default": "e39d9bca7838eca8",
    "clean": "ba1d2cab3e5d7519",
    "marketplace": "92dc0a1624713bfe",
    "hard": "acdc837175b09b65",
    "price_points": "2b165cab8e0d8658",
}


@pytest.mark.parametrize("mix", sorted(MIXES))
def test_the_same_seed_gives_the_same_bytes_on_every_machine(mix: str, tmp_path: pathlib.Path) -> None:
    generate(400, 7, tmp_path, mix)

    digest = hashlib.sha256()
    for name in _FILES[:2]:
        digest.update((tmp_path / name).read_bytes())
    assert digest.hexdigest()[:16] == _DIGESTS[mix]


def test_generating_twice_writes_the_same_truth(tmp_path: pathlib.Path) -> None:
    generate(500, 3, tmp_path / "first", "hard")

    generate(500, 3, tmp_path / "second", "hard")

    assert [(tmp_path / "first" / name).read_bytes() for name in _FILES] == [
        (tmp_path / "second" / name).read_bytes() for name in _FILES
    ]


def test_another_seed_gives_other_lines(tmp_path: pathlib.Path) -> None:
    generate(300, 1, tmp_path / "first", "default")

    generate(300, -1, tmp_path / "second", "default")

    for name in _FILES:
        assert (tmp_path / "first" / name).read_bytes() != (tmp_path / "second" / name).read_bytes()


@pytest.mark.parametrize("mix", sorted(MIXES))
def test_every_class_of_a_mix_appears_and_no_other(mix: str, tmp_path: pathlib.Path) -> None:
    summary = generate(400, 1, tmp_path, mix)

    drawn = [name for name in CLASSES if MIXES[mix].shares.get(name) and name != "missing_counterpart"]
    assert [count.class_name for count in summary.classes] == drawn


def test_the_default_mix_has_every_class() -> None:
    assert set(MIXES["default"].shares) == set(CLASSES)


def test_the_mixes_are_offered_by_name_with_a_sentence_the_default_first() -> None:
    assert list(mixes()) == ["default", "clean", "marketplace", "hard", "price_points"]
    assert all(len(about) > 40 for about in mixes().values())


@pytest.mark.parametrize("mix", sorted(MIXES))
def test_the_shares_of_a_mix_are_of_a_thousand_draws_and_name_classes(mix: str) -> None:
    assert sum(MIXES[mix].shares.values()) == 1000
    assert set(MIXES[mix].shares) <= set(CLASSES)


@pytest.mark.parametrize("lines", [1, 50, 300, 2_000])
def test_the_larger_side_has_about_as_many_lines_as_asked_for(lines: int, tmp_path: pathlib.Path) -> None:
    summary = generate(lines, 5, tmp_path, "default")

    assert lines <= max(summary.statement_lines, summary.ledger_lines) < lines + 30
    assert summary.statement_lines == len(rows_of(tmp_path / "statement.csv"))
    assert summary.ledger_lines == len(rows_of(tmp_path / "ledger.csv"))


def test_no_lines_are_two_headers_and_an_empty_truth(tmp_path: pathlib.Path) -> None:
    generate(0, 1, tmp_path, "default")

    assert [len((tmp_path / name).read_text(encoding="utf-8").splitlines()) for name in _FILES[:2]] == [1, 1]
    assert _truth(tmp_path).groups == []


def test_an_unknown_mix_is_refused_with_the_nearest_name(tmp_path: pathlib.Path) -> None:
    with pytest.raises(UsageError, match="there is no mix 'market_place'; did you mean \"marketplace\""):
        generate(10, 1, tmp_path, "market_place")


def test_a_negative_number_of_lines_is_refused(tmp_path: pathlib.Path) -> None:
    with pytest.raises(UsageError, match="cannot generate -1 lines"):
        generate(-1, 1, tmp_path, "default")


def test_a_folder_that_is_a_file_is_refused_by_name(tmp_path: pathlib.Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("in the way", encoding="utf-8")

    with pytest.raises(UsageError, match="taken: cannot write"):
        generate(10, 1, taken, "default")


@given(seed=st.integers(0, 10_000), lines=st.integers(1, 400), mix=st.sampled_from(sorted(MIXES)))
@settings(max_examples=25, deadline=None)
def test_the_truth_names_lines_of_the_files_and_uses_each_once(
    seed: int, lines: int, mix: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("generated")

    generate(lines, seed, folder, mix)

    truth, statement, ledger = _truth(folder), _by_id(folder / "statement.csv"), _by_id(folder / "ledger.csv")
    statement_uses = Counter(line for group in truth.groups for line in group.statement)
    ledger_uses = Counter(line for group in truth.groups if group.class_name != "partial" for line in group.ledger)
    paid_in_part = {line for group in truth.groups if group.class_name == "partial" for line in group.ledger}
    assert statement_uses.keys() <= statement.keys()
    assert ledger_uses.keys() | paid_in_part <= ledger.keys()
    assert set(statement_uses.values()) | set(ledger_uses.values()) <= {1}
    assert not ledger_uses.keys() & paid_in_part
    assert all(bool(group.ledger) is (group.kind == "across") for group in truth.groups)


@given(seed=st.integers(0, 10_000), mix=st.sampled_from(sorted(MIXES)))
@settings(max_examples=15, deadline=None)
def test_a_true_group_balances_but_for_fees_discounts_instalments_and_exchange(
    seed: int, mix: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("generated")

    generate(300, seed, folder, mix)

    statement, ledger = _by_id(folder / "statement.csv"), _by_id(folder / "ledger.csv")
    for group in _truth(folder).groups:
        paid = sum(statement[line].units for line in group.statement)
        owed = sum(ledger[line].units for line in group.ledger)
        if group.class_name in {"fee", "discount", "partial"}:
            assert 0 < paid < owed or owed < paid < 0
        elif group.class_name == "batch":
            assert owed * 95 // 100 <= paid <= owed
        elif group.class_name != "exchange":
            assert paid == owed


def test_the_files_are_canonical(tmp_path: pathlib.Path) -> None:
    generate(2_000, 2, tmp_path, "default")

    for side, name in (("statement", "statement.csv"), ("ledger", "ledger.csv")):
        rows = rows_of(tmp_path / name)
        assert len({row.id for row in rows}) == len(rows)
        assert {row["kind"] for row in rows} <= set(kinds_of("statement" if side == "statement" else "ledger"))
        assert all(row.units for row in rows)
        assert [row.day for row in rows] == sorted(row.day for row in rows)
    assert {exponent_of(row["currency"]) for row in rows_of(tmp_path / "ledger.csv")} == {0, 2, 3}


def test_money_goes_both_ways_through_four_accounts_of_three_currencies(tmp_path: pathlib.Path) -> None:
    generate(1_000, 2, tmp_path, "default")

    rows = rows_of(tmp_path / "statement.csv")
    assert len({row["account"] for row in rows}) == 4
    assert {row["currency"] for row in rows} == {"NOK", "EUR", "JPY"}
    assert any(row.units < 0 for row in rows)
    assert any(row.units > 0 for row in rows)


def test_book_entries_name_the_bank_account_and_open_items_never_do(tmp_path: pathlib.Path) -> None:
    generate(1_000, 2, tmp_path, "default")

    own = {row["account"] for row in rows_of(tmp_path / "statement.csv")}
    for row in rows_of(tmp_path / "ledger.csv"):
        assert (row["account"] in own) is (row["kind"] in BOOK_ENTRY_KINDS)


def test_what_a_book_entry_settles_exists_adds_up_and_is_in_no_group(tmp_path: pathlib.Path) -> None:
    generate(1_000, 2, tmp_path, "default")

    ledger, truth = _by_id(tmp_path / "ledger.csv"), _truth(tmp_path)
    grouped = {line for group in truth.groups for line in group.ledger}
    entries = [row for row in ledger.values() if row["settles"]]
    assert entries
    for entry in entries:
        settled = entry["settles"].split(" ")
        assert sum(ledger[line].units for line in settled) == entry.units
        assert grouped.isdisjoint(settled)


@pytest.mark.parametrize("mix", ["default", "price_points"])
def test_interchangeable_lines_differ_in_nothing_that_could_tell_them_apart(mix: str, tmp_path: pathlib.Path) -> None:
    generate(600, 2, tmp_path, mix)

    rows = _by_id(tmp_path / "statement.csv") | _by_id(tmp_path / "ledger.csv")
    shown = ("account", "currency", "amount", "booking_date", "reference", "counterparty", "counterparty_account")
    sets = _truth(tmp_path).interchangeable
    assert sets
    for alike in sets:
        assert len({tuple(rows[line][column] for column in shown) for line in alike}) == 1


def test_a_cell_with_a_comma_comes_back_whole(tmp_path: pathlib.Path) -> None:
    generate(2_000, 2, tmp_path, "default")

    with (tmp_path / "statement.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, strict=True))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert any(", " in row[-1] for row in rows)


def _truth(folder: pathlib.Path) -> Truth:
    return read_json(folder / "truth.json", Truth, "the truth")


def _by_id(path: pathlib.Path) -> dict[str, Row]:
    return {row.id: row for row in rows_of(path)}

"""Invented names that never resemble each other by accident, and the damage that banks and payers do to texts."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tieout.lab import _names, _texts
from tieout.lab._dice import Dice


def test_no_two_words_of_a_list_begin_alike() -> None:
    for words in (_names._STEMS, _names._TRADES, _names._FIRST, _names._EXTENSIONS):
        beginnings = [_names.without_accents(word)[:3].upper() for word in words]
        assert len(set(beginnings)) == len(beginnings)


def test_every_number_gives_another_name() -> None:
    companies = {_names.company(number)[0] for number in range(0, _names.COMPANIES_MAX, 7)}
    persons = {_names.person(number)[0] for number in range(0, _names.PERSONS_MAX, 7)}

    assert len(companies) == len(range(0, _names.COMPANIES_MAX, 7))
    assert len(persons) == len(range(0, _names.PERSONS_MAX, 7))


@given(serial=st.integers(0, 999_999_999), country=st.sampled_from(["NO", "DE", "SE", "PT", "DK"]))
def test_an_account_number_has_right_check_digits_and_a_bank_that_does_not_exist(serial: int, country: str) -> None:
    number = _names.account_number(country, serial)

    moved = number[4:] + number[:4]
    assert int("".join(str(int(mark, 36)) for mark in moved)) % 97 == 1
    assert number[4:8] == "0000"


def test_capitals_and_cuts_leave_a_name_clear_and_a_slip_of_the_pen_does_not_change_its_beginning() -> None:
    dice = Dice("texts")

    assert _texts.in_capitals("Mühlstrøm Kaffe AS") == "MUHLSTROM KAFFE AS"
    cut, clear = _texts.cut(dice, "Rosenhausen Textil Internasjonal GmbH")
    assert len(cut) in {26, 27, 32, 35}
    assert clear
    for _ in range(50):
        slip = _texts.misspelt(dice, "Bergvik Transport AS")
        assert slip != "Bergvik Transport AS"
        assert [word[:3] for word in slip.split(" ")] == ["Ber", "Tra", "AS"]


def test_a_respaced_number_is_the_same_when_normalised_and_a_broken_one_is_in_two_pieces() -> None:
    dice = Dice("numbers")

    for _ in range(20):
        assert _texts.normalised(_texts.respaced(dice, "INV-2025-10000012")) == "INV202510000012"
    assert _texts.broken("INV-2025-10000012") == "INV-2025-10000 012"
    assert "INV-2025-10000012" in _texts.embedded(dice, "INV-2025-10000012")


@given(seed=st.text(max_size=8), total=st.integers(40, 2**31), count=st.integers(1, 5))
def test_parts_add_up_and_none_is_nothing(seed: str, total: int, count: int) -> None:
    parts = Dice(seed).parts(total, count)

    assert len(parts) == count
    assert sum(parts) == total
    assert min(parts) >= total // (8 * count)


def test_draws_stay_inside_their_range_and_reach_both_ends() -> None:
    dice = Dice("range")

    drawn = sorted({dice.between(3, 6) for _ in range(200)})

    assert drawn == [3, 4, 5, 6]
    assert all(high - low == 1 for low, high in pairwise(drawn))
    assert not any(dice.chance(0) for _ in range(100))
    assert all(dice.chance(1000) for _ in range(100))

"""When a true group is called decidable: exactly one answer under the default plan, and not by accident."""

import pathlib
from typing import Literal

import pytest

from tests.lab.clerk import Clerk
from tieout.lab._chance import Density, subsets, sum_is_rare
from tieout.lab._draft import Draft, Group, Line, OwnAccount, Party
from tieout.lab._labels import label
from tieout.lab._mixes import MIXES
from tieout.lab._names import company
from tieout.lab._texts import normalised
from tieout.lab._truth import Truth, read_json
from tieout.lab.generate import generate
from tieout.lab.score import score_of

BANK, SAVINGS = OwnAccount("NO1", "NOK"), OwnAccount("NO2", "NOK")


def a_party(number: int, account: str = "") -> Party:
    name, marks, _ = company(number)
    return Party(name, account, BANK, marks, bool(account), bool(account), "")


ANNA, BERNT = a_party(0), a_party(2)


class Made:
    """A draft made by hand, with a year's worth of days."""

    def __init__(self) -> None:
        self.draft = Draft(days=365)

    def paid(
        self, units: int, day: int, party: Party | None = None, number: str = "", account: str = BANK.number
    ) -> Line:
        """A statement line."""
        return self._line("S", units, day, party, number, account)

    def owed(
        self, units: int, day: int, party: Party | None = None, number: str = "", kind: str = "receivable"
    ) -> Line:
        """An open item, or a book entry of the bank account."""
        line = self._line("L", units, day, party, number, BANK.number if kind == "customer_payment" else "")
        line.kind = kind
        return line

    def tie(self, statement: list[Line], ledger: list[Line]) -> Group:
        """A true group."""
        group = Group("made", "across" if ledger else "within", tuple(statement), tuple(ledger))
        self.draft.groups.append(group)
        return group

    def pair(self, units: int, days: tuple[int, int] = (0, 0), party: Party | None = None, number: str = "") -> Group:
        """A payment and its open item, on the two days."""
        return self.tie([self.paid(units, days[0], party, number)], [self.owed(units, days[1], party, number)])

    def labels(self) -> list[bool]:
        """What the groups are labelled, in the order in which they were tied."""
        label(self.draft)
        return [group.decidable for group in self.draft.groups]

    def _line(
        self, side: Literal["S", "L"], units: int, day: int, party: Party | None, number: str, account: str
    ) -> Line:
        line = Line(side, units, "NOK", day, account, party=party, name=party.name if party else "", reference=number)
        line.party_account = party.account if party else ""
        line.documents = (normalised(number),) if number else ()
        (self.draft.statement if side == "S" else self.draft.ledger).append(line)
        return line


@pytest.mark.parametrize("mix", sorted(MIXES))
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_clerk_who_compares_every_line_confirms_every_group_called_decidable(
    mix: str, seed: int, tmp_path: pathlib.Path
) -> None:
    generate(500, seed, tmp_path, mix)

    truth = read_json(tmp_path / "truth.json", Truth, "the truth")
    found = score_of(truth, Clerk(tmp_path).matches)

    assert found.decidable > 50
    assert found.confirmed_decidable == found.decidable


def test_the_default_mix_is_mostly_decidable_and_never_wholly(tmp_path: pathlib.Path) -> None:
    summary = generate(4_000, 1, tmp_path, "default")

    assert 0.85 <= summary.decidable / summary.groups <= 0.97
    shares = {count.class_name: count.decidable / count.groups for count in summary.classes}
    assert min(shares["one_to_one"], shares["sum_named"], shares["duplicates"]) > 0.9
    assert shares["price_point"] < 0.7


def test_an_equal_reference_decides_up_to_45_days() -> None:
    made = Made()

    made.pair(12345, (45, 0), number="INV-1000")
    made.pair(23456, (46, 0), number="INV-1001")

    assert made.labels() == [True, False]


def test_a_reference_that_two_documents_carry_does_not_decide() -> None:
    made = Made()

    made.pair(12345, (40, 0), ANNA, number="INV-1000")
    made.owed(12345, 1, ANNA, "INV 1000")

    assert made.labels() == [False]


def test_identical_twins_are_one_answer_and_three_for_two_are_not() -> None:
    equal, unequal = Made(), Made()

    for made in (equal, unequal):
        made.pair(12345, (3, 0), ANNA)
        made.pair(12345, (3, 0), ANNA)
    unequal.owed(12345, 0, ANNA)

    assert equal.labels() == [True, True]
    assert unequal.labels() == [False, False]


def test_a_party_decides_a_lone_amount_up_to_10_days() -> None:
    made = Made()

    made.pair(12345, (10, 0), ANNA)
    made.pair(23456, (11, 0), ANNA)

    assert made.labels() == [True, False]


def test_another_line_with_the_amount_leaves_it_open_unless_its_party_is_surely_another() -> None:
    nameless, other = Made(), Made()

    nameless.pair(12345, (3, 0), ANNA)
    nameless.owed(12345, 5)
    other.pair(12345, (3, 0), ANNA)
    other.owed(12345, 5, BERNT)

    assert nameless.labels() == [False]
    assert other.labels() == [True]


def test_nothing_but_a_rare_amount_decides_and_a_round_one_does_not() -> None:
    made = Made()

    made.pair(9_876_543, (3, 0))
    made.pair(5_000_000, (3, 0))

    assert made.labels() == [True, False]


def test_a_price_that_repeats_through_the_year_never_decides_by_itself() -> None:
    made = Made()

    for month in range(12):
        made.pair(9_876_543, (30 * month + 3, 30 * month))

    assert not any(made.labels())


def test_one_sum_decides_and_two_do_not() -> None:
    one, two = Made(), Made()

    for made in (one, two):
        invoices = [made.owed(units, 0, ANNA) for units in (4_100_001, 5_200_020)]
        made.tie([made.paid(9_300_021, 20, ANNA)], invoices)
    for units in (4_300_001, 5_000_020):
        two.owed(units, 1, ANNA)

    assert one.labels() == [True]
    assert two.labels() == [False]


def test_a_sum_that_shares_a_line_with_another_sum_is_open_for_both() -> None:
    made = Made()

    shared = made.owed(4_100_001, 0, ANNA)
    made.tie([made.paid(9_300_021, 20, ANNA)], [shared, made.owed(5_200_020, 0, ANNA)])
    made.tie([made.paid(10_400_004, 21, ANNA)], [made.owed(3_100_001, 0, ANNA), made.owed(7_300_003, 0, ANNA)])
    made.owed(6_300_003, 0, ANNA)  # with the shared line it makes the second payment too

    assert made.labels() == [False, False]


@pytest.mark.parametrize(("count", "decided"), [(5, True), (6, False)])
def test_a_sum_of_more_than_five_lines_is_beyond_the_plan(count: int, decided: bool) -> None:
    made = Made()
    amounts = [41_000_017, 52_000_031, 63_000_047, 74_000_059, 85_000_067, 96_000_083][:count]

    made.tie([made.paid(sum(amounts), 20, ANNA)], [made.owed(units, 0, ANNA) for units in amounts])

    assert made.labels() == [decided]


def test_an_instalment_decides_as_long_as_some_of_the_invoice_stays_open() -> None:
    less, more = Made(), Made()

    for made, parts in ((less, (30_000, 40_000)), (more, (60_000, 50_000))):
        invoice = made.owed(100_000, 0, ANNA, "INV-1000")
        for units in parts:
            made.tie([made.paid(units, 5, ANNA, "INV-1000")], [invoice])

    assert less.labels() == [True, True]
    assert more.labels() == [False, False]


def test_a_returned_debit_that_is_paid_again_fits_two_ways() -> None:
    made = Made()
    invoice, first = made.owed(123_456, 0, ANNA, "INV-1000"), made.paid(123_456, 5, ANNA, "INV-1000")
    returned, again = made.paid(-123_456, 8, ANNA, "INV-1000"), made.paid(123_456, 12, ANNA, "INV-1000")
    returned.says_return = True

    made.tie([first, returned], [])
    made.tie([again], [invoice])

    assert made.labels() == [False, False]


def test_a_return_decides_by_its_reference_unless_a_second_payment_could_be_meant() -> None:
    one, two = Made(), Made()

    for made in (one, two):
        made.tie([made.paid(123_456, 5, ANNA, "V-1"), made.paid(-123_456, 9, ANNA, "V-1")], [])
    two.paid(123_456, 6, ANNA, "V-1")

    assert one.labels() == [True]
    assert two.labels() == [False]


def test_a_transfer_decides_up_to_five_days_and_not_where_two_fit() -> None:
    made = Made()
    for units, days in ((-7_654_321, 5), (-8_765_432, 6)):
        made.tie([made.paid(units, 0), made.paid(-units, days, account=SAVINGS.number)], [])
    crowded = Made()
    crowded.tie([crowded.paid(-7_654_321, 0), crowded.paid(7_654_321, 1, account=SAVINGS.number)], [])
    crowded.paid(7_654_321, 2, account=SAVINGS.number)

    assert made.labels() == [True, False]
    assert crowded.labels() == [False]


def test_a_book_entry_is_looked_for_first_and_may_take_a_line_from_an_open_item() -> None:
    made = Made()
    made.pair(123_456, (3, 0), ANNA, "INV-1000")
    made.owed(123_456, 2, ANNA, "V-1", kind="customer_payment")

    assert made.labels() == [False]


def test_an_open_item_that_a_book_entry_settles_is_no_candidate_for_another_payment() -> None:
    settled, unsettled = Made(), Made()

    for made in (settled, unsettled):
        made.pair(123_456, (3, 0), ANNA)
        made.owed(123_456, 2, ANNA, "INV-1000").settled = made is settled

    assert settled.labels() == [True]
    assert unsettled.labels() == [False]


def test_a_list_of_documents_decides_unless_a_number_is_carried_twice_or_the_text_may_be_cut() -> None:
    whole, twice, cut = Made(), Made(), Made()

    for made in (whole, twice, cut):
        invoices = [made.owed(units, 0, ANNA, number) for units, number in ((41_000, "INV-1"), (52_000, "INV-2"))]
        payment = made.paid(93_000 - 930, 20, ANNA)
        payment.documents = ("INV1", "INV2")
        payment.description = "x" * 35 if made is cut else "Invoices INV-1, INV-2"
        made.tie([payment], invoices)
    twice.owed(7_000, 5, BERNT, "INV-2")

    assert whole.labels() == [True]
    assert twice.labels() == [False]
    assert cut.labels() == [False]


@pytest.mark.parametrize(
    ("named", "kept", "days", "decided"),
    [(True, 0, 10, True), (True, 4_650, 3, True), (True, 4_651, 3, False), (False, 0, 3, True), (False, 1, 3, False)],
)
def test_a_payout_decides_named_with_a_fee_or_unnamed_without(named: bool, kept: int, days: int, decided: bool) -> None:
    made = Made()
    orders = [made.owed(units, 0) for units in (41_001, 52_016)]
    payout = made.paid(93_017 - kept, days)
    for line in (*orders, *([payout] if named else [])):
        line.batch = "PO-1"

    made.tie([payout], orders)

    assert made.labels() == [decided]


def test_a_payout_of_half_a_batch_or_beside_a_second_payout_of_it_is_open() -> None:
    half, second = Made(), Made()

    for made in (half, second):
        orders = [made.owed(units, 0) for units in (41_001, 52_016)]
        payout = made.paid(93_017, 3)
        made.tie([payout], orders)
        for line in (*orders, payout):
            line.batch = "PO-1"
    half.owed(11, 1).batch = "PO-1"
    second.paid(93_017, 4).batch = "PO-1"

    assert half.labels() == [False]
    assert second.labels() == [False]


def test_an_amount_is_rare_by_its_neighbours_its_roundness_and_its_repetition() -> None:
    made = Made()
    lines = [made.paid(units, day) for day, units in enumerate(range(4_200_000, 8_200_000, 40_003))]
    density = Density(lines, 365)

    assert density.is_rare("NOK", lines[7].minor_units, 10)
    assert not density.is_rare("NOK", 5_000_000, 10)
    assert density.is_rare("NOK", 4_321, 10)
    assert not density.is_rare("NOK", lines[7].minor_units, 10, own=0)
    crowd = Density([*lines, *(made.paid(units, 3) for units in range(4_101, 8_100, 97))], 365)
    assert not crowd.is_rare("NOK", 4_321, 10)


def test_sums_become_common_with_more_lines_smaller_targets_and_round_amounts() -> None:
    odd = [1_234_567, 2_345_671, 3_456_713]

    assert subsets(6, 5) == 62
    assert sum_is_rare(odd, sum(odd), 5)
    assert not sum_is_rare(odd * 6, sum(odd), 5)
    assert not sum_is_rare([1_201, 2_303], 3_504, 5)
    assert not sum_is_rare([500_000, 800_000], 1_300_000, 5)

"""What a provider reports is tied by its kind: payouts to the bank, holds to their release, sales to their orders."""

import pytest

from tests.given_lines import BANK, Line, confirmed, reconciled, suggested, tied
from tieout.domain.matches import MatchKind

SHOP = "ADYEN-KaffeShop"


def payout(amount: str, day: int = 12, name: str = "P1", **fields: str) -> Line:
    """A payout as its provider reports it."""
    return Line(name, f"-{amount}", day, account=SHOP, kind="payout", batch=fields.get("batch", ""))


def arrived(amount: str, day: int = 13, name: str = "B1", **fields: str) -> Line:
    """Money that arrives at the bank."""
    return Line(name, amount, day, account=BANK, **fields)  # type: ignore[arg-type]


def reported(name: str, amount: str, kind: str, day: int = 4, **fields: str) -> Line:
    """Another entry of the provider."""
    return Line(name, amount, day, account=SHOP, kind=kind, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "party", "account", "supporting"),
    [
        ("TX20110041XT batch 41", "", "", ("batch", "payout")),
        ("", "Adyen N.V.", "NL39ADYX1000600999", ("counterparty", "payout")),
        ("ADYEN BATCH 41", "", "", ("batch", "counterparty", "payout")),
    ],
)
def test_a_payout_is_tied_to_the_bank_line_that_names_its_batch_or_provider(
    text: str, party: str, account: str, supporting: tuple[str, ...]
) -> None:
    line = arrived("138.00", description=text, counterparty=party, counterparty_account=account)

    result = reconciled([payout("138.00", batch="41"), line], [])

    (match,) = confirmed(result)
    assert (tied(result), match.kind) == (["P1 B1"], MatchKind.WITHIN)
    assert (match.matcher, set(match.evidence.supporting)) == ("transfer", set(supporting))


def test_a_payout_that_nothing_names_is_proposed_where_its_amount_is_common() -> None:
    result = reconciled([payout("500.00"), arrived("500.00")], [])

    assert (tied(result), suggested(result)) == ([], ["P1 B1"])


def test_of_two_payouts_of_one_amount_the_named_one_is_tied() -> None:
    lines = [payout("138.00", 12, "P1", batch="41"), payout("138.00", 12, "P2", batch="42")]

    result = reconciled([*lines, arrived("138.00", description="ADYEN BATCH 42")], [])

    assert tied(result) == ["P2 B1"]


def test_a_named_batch_may_arrive_late_and_an_unnamed_one_may_not() -> None:
    late = payout("138.37", 1, batch="41")

    assert tied(reconciled([late, arrived("138.37", 20, description="BATCH 41")], [])) == ["P1 B1"]
    assert tied(reconciled([late, arrived("138.37", 20, description="ADYEN")], [])) == []


@pytest.mark.parametrize("kind", ["fee", "sale", "reserve_hold", "chargeback"])
def test_only_payouts_leave_for_the_bank(kind: str) -> None:
    result = reconciled([reported("F1", "-138.37", kind), arrived("138.37", 4, description="ADYEN")], [])

    assert (tied(result), suggested(result)) == ([], [])


@pytest.mark.parametrize("kind", ["payout", "reserve_hold", "carry_over"])
def test_what_only_changes_place_settles_no_bill(kind: str) -> None:
    bill = Line("AP-1", "-138.37", 4, kind="payable", reference="AP-1", account="")

    result = reconciled([reported("L1", "-138.37", kind, reference="AP-1")], [bill])

    assert (tied(result), suggested(result)) == ([], [])


def test_a_payout_that_is_booked_is_tied_to_its_entry() -> None:
    booked = Line("V1", "-138.37", 12, account=SHOP, kind="bank_transfer")

    result = reconciled([payout("138.37"), arrived("138.37", description="ADYEN")], [booked])

    assert tied(result) == ["P1 = V1"]


@pytest.mark.parametrize(
    ("held", "ended"),
    [("reserve_hold", "reserve_release"), ("chargeback", "chargeback_reversed"), ("carry_over", "carry_over")],
)
def test_what_is_held_or_carried_on_is_ended_by_its_later_leg(held: str, ended: str) -> None:
    result = reconciled([reported("L1", "-50.00", held, 4), reported("L2", "50.00", ended, 20)], [])

    (match,) = confirmed(result)
    assert (tied(result), match.evidence.supporting) == (["L1 L2"], ("ends",))


def test_a_hold_and_its_release_on_one_day_are_tied_whatever_their_ids() -> None:
    lines = [reported("L9", "-50.00", "reserve_hold"), reported("L10", "50.00", "reserve_release")]

    assert tied(reconciled(lines, [])) == ["L10 L9"]


def test_a_release_for_another_order_ends_nothing() -> None:
    lines = [
        reported("L1", "-50.00", "reserve_hold", reference="HK-1001"),
        reported("L2", "50.00", "reserve_release", 9, reference="HK-1002"),
    ]

    assert tied(reconciled(lines, [])) == []


def test_a_release_never_ends_a_fee_of_its_amount() -> None:
    lines = [reported("L1", "-50.00", "fee"), reported("L2", "50.00", "reserve_release", 9)]

    result = reconciled(lines, [])

    assert (tied(result), suggested(result)) == ([], [])


def test_a_release_that_is_short_is_left_open_and_nothing_explains_the_rest_away() -> None:
    lines = [
        reported("L1", "-50.00", "reserve_hold", reference="HK-1001"),
        reported("L2", "45.00", "reserve_release", 9, reference="HK-1001"),
    ]

    result = reconciled(lines, [])

    assert (tied(result), suggested(result)) == ([], [])


def test_a_won_dispute_ends_the_chargeback_and_leaves_the_sale_to_its_order() -> None:
    order = Line("HK-1001", "58.00", 2, kind="order", reference="HK-1001", account="")
    lines = [
        reported("L1", "58.00", "sale", 4, reference="HK-1001"),
        reported("L2", "-58.00", "chargeback", 8, reference="HK-1001"),
        reported("L3", "58.00", "chargeback_reversed", 20, reference="HK-1001"),
    ]

    result = reconciled(lines, [order])

    assert sorted(tied(result)) == ["L1 = HK-1001", "L2 L3"]


def test_a_lost_dispute_proposes_to_undo_the_sale() -> None:
    order = Line("HK-1001", "58.00", 2, kind="order", reference="HK-1001", account="")
    lines = [
        reported("L1", "58.00", "sale", 4, reference="HK-1001"),
        reported("L2", "-58.00", "chargeback", 8, reference="HK-1001"),
    ]

    result = reconciled(lines, [order])

    (proposed,) = (match for match in result.matches() if match.action)
    assert (tied(result), proposed.action) == (["L1 = HK-1001"], "undo_and_reopen")

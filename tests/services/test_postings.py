"""What follows from a confirmed match for the books: payments, adjustments, transfers, realised exchange."""

from collections import Counter

import pytest
from hypothesis import given

from tests.given_lines import BANK, SAVINGS, Line, confirmed, day_of_may, reconciled, table
from tests.properties.sides import Sides, sides
from tieout.domain.kinds import is_book_entry
from tieout.domain.matches import Adjustment, AdjustmentType, Allocation, Match, MatchKind, MatchState, Realised
from tieout.domain.results import Posting
from tieout.services.files.postings import PAYMENT, REALISED_EXCHANGE, TRANSFER, postings


def entries(statement: list[Line], ledger: list[Line]) -> list[Posting]:
    """The postings of both sides under the default plan."""
    return list(reconciled(statement, ledger).postings())


def briefly(found: list[Posting]) -> list[tuple[str, str, str, int]]:
    """Kind, statement line, settled open item and amount of each posting."""
    return [(posting.kind, posting.line, posting.settles, posting.minor_units) for posting in found]


def test_a_payment_of_an_open_item_is_booked_on_its_account_on_the_day_of_the_bank() -> None:
    statement = [Line("S1", "60.00", 3, reference="INV-2026-01")]
    ledger = [Line("L1", "60.00", 1, reference="INV-2026-01", counterparty="Nordic AS", account="1500")]

    assert entries(statement, ledger) == [
        Posting(1, PAYMENT, "S1", "L1", "1500", 60_00, "NOK", day_of_may(3), "Nordic AS INV-2026-01")
    ]


def test_a_payment_short_by_a_fee_is_booked_whole_with_the_fee_beside_it() -> None:
    statement = [Line("S1", "97.00", 3, description="INV-2026-01")]
    ledger = [Line("L1", "100.00", 1, reference="INV-2026-01", account="1500")]

    payment, fee = entries(statement, ledger)

    assert (payment.kind, payment.minor_units) == (PAYMENT, 100_00)
    assert (fee.kind, fee.minor_units, fee.account) == ("discount", -3_00, "4700")


def test_what_is_tied_to_a_book_entry_is_booked_already_all_but_its_fee() -> None:
    statement = [Line("S1", "98.00", 3, description="INV-2026-01"), Line("S2", "40.00", 3, reference="V-0007")]
    ledger = [
        Line("L1", "100.00", 1, reference="INV-2026-01", kind="customer_payment"),
        Line("L2", "40.00", 1, reference="V-0007", kind="bank_entry"),
    ]

    assert briefly(entries(statement, ledger)) == [("discount", "S1", "", -2_00)]


def test_an_own_transfer_is_booked_once_where_the_money_left() -> None:
    statement = [
        Line("S1", "-500.00", 3, counterparty_account=SAVINGS),
        Line("S2", "500.00", 4, account=SAVINGS, counterparty_account=BANK),
    ]

    assert entries(statement, []) == [
        Posting(1, TRANSFER, "S1", "", SAVINGS, -500_00, "NOK", day_of_may(3), f"from {BANK} to {SAVINGS}")
    ]


def test_of_a_payment_that_came_back_only_the_banks_charge_is_booked() -> None:
    statement = [
        Line("S1", "-100.00", 3, reference="E2E-4711"),
        Line("S2", "90.00", 5, reference="E2E-4711", reversal=True),
    ]

    (charge,) = entries(statement, [])

    assert (charge.kind, charge.account, charge.minor_units) == ("bank_charge", "7770", -10_00)


def test_a_conversion_is_booked_in_both_currencies_with_the_realised_gain_beside_it() -> None:
    statement = [Line("S1", "1163.43", 3, description="INV-2026-01")]
    ledger = [Line("L1", "101.00", 1, currency="EUR", reference="INV-2026-01", account="1500", base_amount="1150.00")]

    found = entries(statement, ledger)

    assert [(posting.kind, posting.minor_units, posting.currency) for posting in found] == [
        (PAYMENT, 101_00, "EUR"),
        ("exchange", 1_163_43, "NOK"),
        ("exchange", -101_00, "EUR"),
        (REALISED_EXCHANGE, 13_43, "NOK"),
    ]
    assert [posting.account for posting in found] == ["1500", "", "", "8060"]


def a_match(*allocations: Allocation, adjustments: tuple[Adjustment, ...] = ()) -> Match:
    """A confirmed match across."""
    return Match(1, MatchKind.ACROSS, MatchState.CONFIRMED, "decision", allocations, adjustments)


def on_statement(line: str, minor_units: int) -> Allocation:
    """What a match uses of a statement line."""
    return Allocation("statement", line, minor_units, "NOK")


def on_ledger(line: str, minor_units: int) -> Allocation:
    """What a match uses of a ledger line."""
    return Allocation("ledger", line, minor_units, "NOK")


@pytest.mark.parametrize(
    ("match", "paid"),
    [
        pytest.param(
            a_match(on_statement("S1", 70), on_statement("S2", 30), on_ledger("L1", 60), on_ledger("L2", 40)),
            [("S1", "L1", 60), ("S1", "L2", 10), ("S2", "L2", 30)],
            id="two payments of two documents",
        ),
        pytest.param(
            a_match(on_statement("S1", 80), on_ledger("L1", 100), on_ledger("L2", -20)),
            [("S1", "L1", 100), ("S1", "L2", -20)],
            id="a credit note comes off",
        ),
        pytest.param(
            a_match(on_statement("S1", 100), on_statement("S2", -13), on_ledger("L1", 87)),
            [("S1", "L1", 100), ("S2", "L1", -13)],
            id="a payout of a sale and a refund",
        ),
        pytest.param(
            a_match(
                on_statement("S1", 57),
                on_statement("S2", 40),
                on_ledger("L1", 60),
                on_ledger("L2", 40),
                adjustments=(Adjustment(AdjustmentType.FEE, -3, "NOK"),),
            ),
            [("S1", "L1", 60), ("S2", "L2", 40)],
            id="the fee comes out of the first payment",
        ),
        pytest.param(
            a_match(on_statement("S1", 50), on_statement("S2", -10), on_ledger("L1", 70), on_ledger("L2", -30)),
            [("S1", "L1", 50), ("S2", "L1", -10), ("S2", "L1", 30), ("S2", "L2", -30)],
            id="both sides go both ways",
        ),
    ],
)
def test_several_payments_of_several_documents_are_shared_out_to_the_last_minor_unit(
    match: Match, paid: list[tuple[str, str, int]]
) -> None:
    statement = table([Line(f"S{number}", "1.00") for number in (1, 2)])
    ledger = table([Line(f"L{number}", "1.00") for number in (1, 2)])

    found = [posting for posting in postings([match], statement, ledger) if posting.kind == PAYMENT]

    totals: Counter[tuple[str, str]] = Counter()
    wanted: Counter[tuple[str, str]] = Counter()
    for posting in found:
        totals[posting.line, posting.settles] += posting.minor_units
    for line, settles, minor_units in paid:
        wanted[line, settles] += minor_units
    assert totals == wanted


def test_a_realised_gain_of_nothing_or_unknown_is_not_booked() -> None:
    match = a_match(on_statement("S1", 100), on_ledger("L1", 100))
    lines = table([Line("S1", "1.00")]), table([Line("L1", "1.00")])

    for realised in (Realised(0, "NOK", None), Realised(None, None, "no_carrying_value")):
        found = list(postings([match._replace(realised=realised)], *lines))
        assert [posting.kind for posting in found] == [PAYMENT]


@given(sides())
def test_the_postings_of_a_match_add_up_to_what_it_uses_of_the_bank(company: Sides) -> None:
    result = reconciled(*company)
    entry_ids = {line.id for line in company.ledger if is_book_entry(line.kind)}

    for match in confirmed(result):
        found = [each for each in result.postings() if each.match == match.id and each.kind != REALISED_EXCHANGE]
        sums: Counter[str] = Counter()
        for each in found:
            sums[each.currency] += each.minor_units
        if match.kind is MatchKind.WITHIN or entry_ids & {*match.lines("ledger")}:
            assert PAYMENT not in {each.kind for each in found}
            continue
        used: Counter[str] = Counter()
        for leg in match.allocations:
            if leg.side == "statement":
                used[leg.currency] += leg.minor_units
        assert {currency: units for currency, units in sums.items() if units} == dict(used)


@given(sides())
def test_every_open_item_that_a_match_pays_is_settled_by_exactly_what_the_match_uses_of_it(company: Sides) -> None:
    result = reconciled(*company)
    entry_ids = {line.id for line in company.ledger if is_book_entry(line.kind)}
    settled: Counter[tuple[int, str]] = Counter()
    for posting in result.postings():
        if posting.settles:
            settled[posting.match, posting.settles] += posting.minor_units

    assert settled == {
        (match.id, leg.line): leg.minor_units
        for match in confirmed(result)
        if match.kind is MatchKind.ACROSS
        for leg in match.allocations
        if leg.side == "ledger" and leg.line not in entry_ids
    }

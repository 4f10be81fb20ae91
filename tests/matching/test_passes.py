"""How the passes of a plan work together: book entries first, nothing twice, nothing that another still claims."""

from hypothesis import given
from hypothesis import strategies as st

from tests.given_lines import SAVINGS, Line, a_plan, confirmed, default_plan, proposed, reconciled, suggested, tied
from tests.properties.sides import Sides, sides
from tieout.domain.kinds import is_book_entry
from tieout.domain.matches import MatchState

NORDIC = "Nordic Timber AS"


def entry(name: str, amount: str, day: int = 3, **fields: str) -> Line:
    """A book entry of one party."""
    account = fields.get("account", Line("", "0.00").account)
    return Line(name, amount, day, account=account, kind="customer_payment", counterparty=NORDIC,
                settles=fields.get("settles", ""))  # fmt: skip


def payment(name: str, amount: str, day: int = 4) -> Line:
    """A bank line of one party."""
    return Line(name, amount, day, counterparty=NORDIC)


def document(name: str, amount: str, day: int = 1) -> Line:
    """An open item of one party."""
    return Line(name, amount, day, account="1500", kind="receivable", counterparty=NORDIC)


def test_a_bank_line_ties_to_its_book_entry_before_any_open_item() -> None:
    result = reconciled([payment("S1", "97.00")], [document("L1", "97.00"), entry("L2", "97.00")])

    assert tied(result) == ["S1 = L2"]


def test_an_open_item_that_a_book_entry_settles_is_out_of_bank_matching() -> None:
    result = reconciled([payment("S1", "97.00")], [document("L1", "97.00"), entry("L2", "40.00", settles="L1")])

    assert tied(result) == []
    assert result.settled_in_books == ("L1",)
    assert [part.line for part in result.open_lines] == ["S1", "L2"]


def test_only_what_is_an_open_item_is_settled_by_a_book_entry() -> None:
    ledger = [entry("L1", "97.00"), entry("L2", "40.00", settles="L1 L9")]

    result = reconciled([payment("S1", "97.00")], ledger)

    assert (tied(result), result.settled_in_books) == (["S1 = L1"], ())


def test_a_book_entry_of_another_account_is_no_candidate_and_an_open_items_account_does_not_matter() -> None:
    elsewhere = entry("L1", "97.00", account=SAVINGS)

    assert tied(reconciled([payment("S1", "97.00")], [elsewhere])) == []
    assert tied(reconciled([payment("S1", "97.00")], [elsewhere, document("L2", "97.00")])) == ["S1 = L2"]


def test_a_line_that_an_earlier_pass_left_ambiguous_is_not_confirmed_by_a_later_one() -> None:
    plan = a_plan(
        '[[pass]]\nmatcher = "amount_and_date"\ndays = 10\n[[pass]]\nmatcher = "sum_of_many"\ndays = 45\nlines_max = 3'
    )
    ledger = [document("L1", "97.00", 1), document("L2", "97.00", 2), document("L3", "60.00"), document("L4", "37.00")]

    result = reconciled([payment("S1", "97.00")], ledger, plan)

    assert tied(result) == []
    assert result.ambiguous[0].statement == ("S1",)


def test_a_line_that_an_earlier_pass_proposes_is_not_confirmed_elsewhere_without_better_evidence() -> None:
    plan = a_plan(
        '[[pass]]\nmatcher = "amount_and_date"\ndays = 3\nconfirm = "propose"\n'
        '[[pass]]\nmatcher = "amount_and_date"\ndays = 10'
    )

    result = reconciled(
        [payment("S1", "97.00")],
        [
            document("L1", "97.00", 3),
        ],
        plan,
    )

    assert (tied(result), suggested(result)) == ([], ["S1 = L1"])


def test_what_a_reference_ties_is_no_longer_in_the_way_of_an_amount() -> None:
    statement = [payment("S1", "97.00"), payment("S2", "97.00", 6)._replace(reference="INV-2026-01")]
    ledger = [document("L1", "97.00", 2), document("L2", "97.00")._replace(reference="INV-2026-01")]

    assert tied(reconciled(statement, ledger)) == ["S1 = L1", "S2 = L2"]


def test_the_same_lines_are_proposed_once_by_the_first_pass_that_finds_them() -> None:
    plan = a_plan('[[pass]]\nmatcher = "amount_and_date"\ndays = 10\n[[pass]]\nmatcher = "amount_and_date"\ndays = 20')
    statement, ledger = [Line("S1", "97.00", 4)], [Line("L1", "97.00", 3)]

    assert [match.matcher for match in proposed(reconciled(statement, ledger, plan))] == ["amount_and_date"]


def test_two_empty_sides_give_an_empty_result() -> None:
    result = reconciled([], [])

    assert (list(result.matches()), result.open_lines, result.ambiguous) == ([], (), ())
    assert result.conservation.holds


@given(sides())
def test_no_bank_line_ties_to_a_book_entry_of_another_account(company: Sides) -> None:
    accounts = {line.id: line.account for line in [*company.statement, *company.ledger]}
    entries = {line.id for line in company.ledger if is_book_entry(line.kind)}

    for match in reconciled(*company).matches():
        for line in entries & {*match.lines("ledger")}:
            assert {accounts[other] for other in match.lines("statement")} <= {accounts[line]}


@given(sides())
def test_a_match_never_mixes_book_entries_with_open_items_nor_touches_settled_ones(company: Sides) -> None:
    result = reconciled(*company)
    entries = {line.id for line in company.ledger if is_book_entry(line.kind)}

    for match in result.matches():
        lines = {*match.lines("ledger")}
        assert lines <= entries or not lines & entries
        assert not lines & set(result.settled_in_books)


@given(sides())
def test_what_is_contradicted_is_never_confirmed_and_a_proposal_says_why_it_is_only_one(company: Sides) -> None:
    for match in reconciled(*company).matches():
        if match.state is MatchState.CONFIRMED:
            assert match.evidence.contradicting == ()
            assert match.evidence.supporting
            assert match.searched_fully
        else:
            assert match.evidence.contradicting or match.action or match.reasons[-1].startswith("only proposed")


@given(sides(), st.integers(0, 7))
def test_a_plan_cut_short_gives_what_its_first_passes_give(company: Sides, passes: int) -> None:
    whole = default_plan()
    short = type(whole)(whole.name, whole.passes[: passes + 1])
    first = {rule.matcher for rule in short.passes}

    for match in confirmed(reconciled(*company, short)):
        assert match.matcher in first

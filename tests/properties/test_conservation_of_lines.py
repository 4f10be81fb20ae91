"""Nothing is lost and nothing counted twice, whatever the lines are; and the proof notices when it is."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.given_lines import reconciled
from tests.properties.sides import Sides, sides
from tieout.domain.results import Result
from tieout.proofs.certificate import Verifier
from tieout.proofs.conservation import Outcomes, conservation, shares
from tieout.proofs.line_amounts import line_amounts

pytestmark = pytest.mark.slow


def outcomes_of(result: Result) -> Outcomes:
    """What the result says became of its lines."""
    verifier = Verifier(line_amounts(result.statement, result.ledger))
    for match in result.matches():
        verifier.take(match)
    return Outcomes(verifier.tied, result.open_lines, result.settled_in_books, result.ignored)


def holds(result: Result, outcomes: Outcomes) -> bool:
    """Whether conservation is proved."""
    return conservation(result.statement, result.ledger, outcomes).holds


@given(sides())
def test_every_line_is_tied_open_or_settled_in_the_books_whole_and_once(company: Sides) -> None:
    result = reconciled(*company)

    assert result.conservation.faults == ()
    assert result.conservation.holds


@given(sides())
def test_per_side_account_and_currency_the_outcomes_add_up_to_the_lines(company: Sides) -> None:
    result = reconciled(*company)

    for account in shares(result.statement, result.ledger, outcomes_of(result)):
        lines = company.statement if account.side == "statement" else company.ledger
        of_account = [line for line in lines if (line.account, line.currency) == (account.account, account.currency)]
        assert account.total == sum(line.minor_units for line in of_account)
        assert account.total == account.tied + account.open + account.settled + account.ignored


@given(sides(), st.data())
def test_an_open_line_that_is_lost_is_noticed(company: Sides, choice: st.DataObject) -> None:
    result = reconciled(*company)
    assume(result.open_lines)
    lost = choice.draw(st.sampled_from(result.open_lines))

    found = outcomes_of(result)

    assert not holds(result, found._replace(open_lines=[part for part in result.open_lines if part != lost]))


@given(sides(), st.data())
def test_an_open_line_that_is_a_minor_unit_off_is_noticed(company: Sides, choice: st.DataObject) -> None:
    result = reconciled(*company)
    assume(result.open_lines)
    place = choice.draw(st.integers(0, len(result.open_lines) - 1))
    parts = list(result.open_lines)
    parts[place] = parts[place]._replace(remaining=parts[place].remaining + choice.draw(st.sampled_from((1, -1))))

    assert not holds(result, outcomes_of(result)._replace(open_lines=parts))


@given(sides(), st.data())
def test_an_open_line_that_is_listed_twice_is_noticed(company: Sides, choice: st.DataObject) -> None:
    result = reconciled(*company)
    assume(result.open_lines)
    parts = [*result.open_lines, choice.draw(st.sampled_from(result.open_lines))]

    assert not holds(result, outcomes_of(result)._replace(open_lines=parts))


@given(sides(), st.data())
def test_a_tied_line_that_is_also_set_aside_is_noticed(company: Sides, choice: st.DataObject) -> None:
    result = reconciled(*company)
    found = outcomes_of(result)
    assume(found.tied.statement)
    line = choice.draw(st.sampled_from(sorted(found.tied.statement)))

    assert not holds(result, found._replace(ignored=[("statement", line)]))

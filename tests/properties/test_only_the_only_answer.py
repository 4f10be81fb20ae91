"""Nothing is confirmed that is not the only answer: tiny problems, of which every answer is tried."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations, permutations
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.given_lines import Line, a_plan, confirmed, reconciled
from tieout.domain.matches import Match

DAYS = 10
LINES_MAX = 3
PAIRS = a_plan(f'[[pass]]\nmatcher = "amount_and_date"\ndays = {DAYS}')
SUMS = a_plan(
    f'[[pass]]\nmatcher = "amount_and_date"\ndays = {DAYS}\n'
    f'[[pass]]\nmatcher = "sum_of_many"\ndays = {DAYS}\nlines_max = {LINES_MAX}'
)


class Problem(NamedTuple):
    """Lines of one party, so that only amounts and days tell them apart."""

    statement: list[Line]
    ledger: list[Line]


def lines(prefix: str, amounts: tuple[str, ...]) -> st.SearchStrategy[list[Line]]:
    """A few lines of few amounts and days, so that many of them fit each other."""
    drawn = st.tuples(st.sampled_from(amounts), st.sampled_from((1, 1, 2, 8, 12)))
    line = drawn.map(lambda amount_and_day: Line("", *amount_and_day, counterparty="Nordic Timber AS"))
    return st.lists(line, max_size=4).map(
        lambda some: [each._replace(id=f"{prefix}{number}") for number, each in enumerate(some, 1)]
    )


pairs = st.builds(Problem, lines("S", ("10.00", "10.00", "25.00")), lines("L", ("10.00", "10.00", "25.00")))
sums = st.builds(Problem, lines("S", ("30.00", "50.00", "20.00")), lines("L", ("10.00", "20.00", "30.00", "-5.00")))


def fits(line: Line, other: Line) -> bool:
    """Whether two lines have the same amount inside the window."""
    return line.amount == other.amount and abs(line.day_number - other.day_number) <= DAYS


def kind_of(line: Line) -> tuple[str, int]:
    """What tells a line from others; lines of one kind are interchangeable."""
    return line.amount, line.day_number


def pairings(problem: Problem) -> Iterator[Counter[tuple[object, object]]]:
    """Every way to tie as many pairs as possible, as counts of kinds."""
    statement, ledger = problem
    found = []
    padded: list[Line | None] = [*ledger, *([None] * len(statement))]
    for chosen in set(permutations(padded, len(statement))):
        tied = [(line, other) for line, other in zip(statement, chosen, strict=True) if other is not None]
        if all(fits(line, other) for line, other in tied):
            found.append(tied)
    most = max((len(tied) for tied in found), default=0)
    for tied in found:
        if len(tied) == most:
            yield Counter((kind_of(line), kind_of(other)) for line, other in tied)


def kinds_tied(problem: Problem, matches: Iterable[Match]) -> Counter[tuple[object, object]]:
    """What the matches tie, as counts of kinds."""
    by_id = {line.id: kind_of(line) for side in problem for line in side}
    return Counter((by_id[match.lines("statement")[0]], by_id[match.lines("ledger")[0]]) for match in matches)


@settings(max_examples=200)
@given(pairs)
def test_a_confirmed_pair_stands_in_every_best_pairing(problem: Problem) -> None:
    tied = kinds_tied(problem, confirmed(reconciled(*problem, PAIRS)))

    for pairing in pairings(problem):
        assert tied <= pairing


@settings(max_examples=200)
@given(pairs)
def test_a_line_with_two_different_answers_that_nothing_else_claims_is_not_confirmed(problem: Problem) -> None:
    tied = {line for match in confirmed(reconciled(*problem, PAIRS)) for line in match.lines("statement")}

    for line in problem.statement:
        answers = {kind_of(other) for other in problem.ledger if fits(line, other)}
        rivals = [other for other in problem.statement if other is not line and other.amount == line.amount]
        if len(answers) > 1 and not rivals:
            assert line.id not in tied


def subsets(target: Line, others: list[Line]) -> set[tuple[tuple[tuple[str, int], int], ...]]:
    """Every sum of a few lines in the window that gives the target, as counts of kinds."""
    near = [other for other in others if abs(other.day_number - target.day_number) <= DAYS]
    return {
        tuple(sorted(Counter(kind_of(line) for line in chosen).items()))
        for size in range(1, LINES_MAX + 1)
        for chosen in combinations(near, size)
        if sum(line.minor_units for line in chosen) == target.minor_units
    }


@settings(max_examples=300)
@given(sums)
def test_a_confirmed_sum_is_the_only_one_among_the_lines_that_pairs_left_open(problem: Problem) -> None:
    by_id = {line.id: line for side in problem for line in side}
    matches = confirmed(reconciled(*problem, SUMS))
    paired = {line for match in matches if match.matcher == "amount_and_date" for line in ids_of(match)}

    for match in matches:
        if match.matcher != "sum_of_many":
            continue
        side = "statement" if len(match.lines("statement")) == 1 else "ledger"
        target, others = (
            (match.lines("statement")[0], problem.ledger)
            if side == "statement"
            else (
                match.lines("ledger")[0],
                problem.statement,
            )
        )
        left = [line for line in others if line.id not in paired]
        assert len(subsets(by_id[target], left)) == 1


@settings(max_examples=300)
@given(sums)
def test_two_targets_that_want_the_same_lines_get_none_of_them_unless_they_are_interchangeable(
    problem: Problem,
) -> None:
    by_id = {line.id: line for side in problem for line in side}
    matches = confirmed(reconciled(*problem, SUMS))
    paired = {line for match in matches if match.matcher == "amount_and_date" for line in ids_of(match)}

    for match in matches:
        if match.matcher != "sum_of_many" or len(match.lines("statement")) != 1:
            continue
        own = by_id[match.lines("statement")[0]]
        left = [line for line in problem.ledger if line.id not in paired]
        taken = subsets(own, left)
        rivals = [line for line in problem.statement if line.id not in paired and kind_of(line) != kind_of(own)]
        enough = all(
            Counter(kind_of(line) for line in left)[kind] >= 2 * count for answer in taken for kind, count in answer
        )
        assert enough or all(subsets(rival, left) != taken for rival in rivals)


def ids_of(match: Match) -> list[str]:
    """Every line of a match."""
    return [leg.line for leg in match.allocations]

"""Conservation in examples: what became of each line, and how the proof says that something is amiss."""

import pytest

from tests.given_lines import BANK, Line, table
from tieout.domain.matches import Allocation, Match, MatchKind, MatchState
from tieout.domain.results import Conservation, OpenLine
from tieout.proofs.conservation import FAULTS_MAX, Outcomes, Shares, conservation, shares
from tieout.proofs.tied import TiedAmounts

STATEMENT = [Line("S1", "100.00", 3), Line("S2", "-20.00", 4), Line("S3", "0.00", 5)]
LEDGER = [
    Line("L1", "60.00", 1, account="1500"),
    Line("L2", "55.00", 2, account="1500"),
    Line("L3", "60.00", 2, kind="customer_payment", settles="L1"),
    Line("L4", "9.00", 2, account="2400"),
]
# S1 = L3 + part of L2; L1 is settled by L3; S2, the rest of L2 and the line of 0.00 are open; L4 is set aside.
TIE = Match(
    1,
    MatchKind.ACROSS,
    MatchState.CONFIRMED,
    "decision",
    (
        Allocation("statement", "S1", 100_00, "NOK"),
        Allocation("ledger", "L3", 60_00, "NOK"),
        Allocation("ledger", "L2", 40_00, "NOK"),
    ),
)
OPEN = (
    OpenLine("statement", "S2", -20_00, "NOK", 1, 0),
    OpenLine("statement", "S3", 0, "NOK", 2, 0),
    OpenLine("ledger", "L2", 15_00, "NOK", 1, 0),
)
OUTCOMES = Outcomes(TiedAmounts([TIE]), OPEN, settled=["L1"], ignored=[("ledger", "L4")])


def proved(outcomes: Outcomes) -> Conservation:
    """The proof over the lines of this file."""
    return conservation(table(STATEMENT), table(LEDGER), outcomes)


def test_lines_that_are_tied_open_settled_or_set_aside_are_conserved() -> None:
    assert proved(OUTCOMES) == Conservation(holds=True)


def test_what_became_of_an_account_is_said_in_sums() -> None:
    assert shares(table(STATEMENT), table(LEDGER), OUTCOMES) == (
        Shares("statement", BANK, "NOK", total=80_00, tied=100_00, open=-20_00, settled=0, ignored=0),
        Shares("ledger", "1500", "NOK", total=115_00, tied=40_00, open=15_00, settled=60_00, ignored=0),
        Shares("ledger", "2400", "NOK", total=9_00, tied=0, open=0, settled=0, ignored=9_00),
        Shares("ledger", BANK, "NOK", total=60_00, tied=60_00, open=0, settled=0, ignored=0),
    )


@pytest.mark.parametrize(
    ("outcomes", "faults"),
    [
        pytest.param(
            OUTCOMES._replace(open_lines=OPEN[1:]),
            (
                "statement line S2: -20.00 of -20.00 NOK is not accounted for",
                f"statement lines of account {BANK}: -20.00 of 80.00 NOK is not accounted for",
            ),
            id="an open line is missing",
        ),
        pytest.param(
            OUTCOMES._replace(open_lines=(OPEN[0], *OPEN[2:])),
            ("statement line S3 has 0 outcomes instead of one",),
            id="a line of 0.00 is missing",
        ),
        pytest.param(
            OUTCOMES._replace(settled=[]),
            (
                "ledger line L1: 60.00 of 60.00 NOK is not accounted for",
                "ledger lines of account 1500: 60.00 of 115.00 NOK is not accounted for",
            ),
            id="a settled item is forgotten",
        ),
        pytest.param(
            OUTCOMES._replace(settled=["L1", "L7"]),
            ("ledger line L7 is settled, but not among the lines",),
            id="a settled item that is not there",
        ),
        pytest.param(
            OUTCOMES._replace(open_lines=(*OPEN, OpenLine("ledger", "L9", 1, "NOK", 0, 0))),
            (
                "ledger line L9 is open, but not among the lines",
                "ledger line L9 is open, but row 0 is another line",
            ),
            id="an open line that is not there",
        ),
        pytest.param(
            OUTCOMES._replace(open_lines=(*OPEN, OpenLine("statement", "S1", 0, "NOK", 0, 0))),
            ("statement line S1 has 2 outcomes instead of one",),
            id="a line tied whole is open for nothing",
        ),
        pytest.param(
            OUTCOMES._replace(open_lines=(*OPEN, OPEN[1])),
            ("statement line S3 is open 2 times",),
            id="an open line twice",
        ),
    ],
)
def test_a_line_that_is_not_accounted_for_is_named_with_what_is_missing(
    outcomes: Outcomes, faults: tuple[str, ...]
) -> None:
    assert proved(outcomes) == Conservation(holds=False, faults=faults)


def test_an_id_that_stands_for_two_lines_is_named() -> None:
    twice = [Line("S1", "5.00"), Line("S1", "5.00")]
    parts = [OpenLine("statement", "S1", 5_00, "NOK", 0, 0)]

    found = conservation(table(twice), table([]), Outcomes(TiedAmounts(), parts))

    assert found.faults == ("statement line S1 stands 2 times among the lines",)


def test_many_faults_are_counted_and_the_first_are_shown() -> None:
    lines = [Line(f"S{number}", "5.00") for number in range(100)]

    found = conservation(table(lines), table([]), Outcomes(TiedAmounts(), ()))

    assert len(found.faults) == FAULTS_MAX + 1
    assert found.faults[-1] == "and 81 more"

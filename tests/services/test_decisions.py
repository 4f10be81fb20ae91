"""Decisions of people: what they settle, and where a file of them is wrong."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.given_files import ACCOUNT, Row, canonical
from tieout.app import reconcile
from tieout.domain.matches import Match
from tieout.domain.results import Result
from tieout.kernel.errors import Refused

TWO_EQUAL = (
    Row("L1", "90.00", 1, kind="receivable", counterparty="Øst"),
    Row("L2", "90.00", 2, kind="receivable", counterparty="Vest"),
)
ONE_PAYMENT = (Row("S1", "90.00", 4, account=ACCOUNT, description="payment"),)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def decided(
    decisions: str | bytes, ledger: Sequence[Row] = TWO_EQUAL, statement: Sequence[Row] = ONE_PAYMENT
) -> Result:
    """The reconciliation under these decisions; a text begins with the rows after the usual header."""
    raw = decisions if isinstance(decisions, bytes) else f"action,statement,ledger,reason\n{decisions}".encode()
    Path("d.csv").write_bytes(raw)
    books, bank = canonical(Path("books.csv"), ledger), canonical(Path("bank.csv"), statement)
    return reconcile([books], [bank], decisions="d.csv")


def refused(
    decisions: str | bytes, ledger: Sequence[Row] = TWO_EQUAL, statement: Sequence[Row] = ONE_PAYMENT
) -> list[str]:
    """The reasons for which these decisions are refused."""
    with pytest.raises(Refused) as raised:
        decided(decisions, ledger, statement)
    return [str(finding) for finding in raised.value.findings]


def ties(result: Result) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Matcher and lines of every confirmed match."""
    found: list[Match] = [match for match in result.matches() if match.state == "confirmed"]
    return [(match.matcher, match.lines("statement"), match.lines("ledger")) for match in found]


def test_confirming_one_of_two_answers_settles_what_was_ambiguous_and_says_why() -> None:
    undecided = decided("")
    result = decided("confirm,S1,L2,Vest called\n")

    assert [len(undecided.ambiguous), ties(undecided)] == [1, []]
    assert ties(result) == [("decision", ("S1",), ("L2",))]
    (match,) = result.matches()
    assert match.reasons == ("confirmed by decision", "Vest called")
    assert [part.line for part in result.open_lines] == ["L1"]
    assert result.ambiguous == ()
    assert result.conservation.holds


def test_a_tie_that_was_rejected_is_not_made_again() -> None:
    ledger = [Row("L1", "90.00", 1, kind="receivable", reference="INV-1001", counterparty="Øst")]
    statement = [Row("S1", "90.00", 4, reference="INV-1001", counterparty="Øst", account=ACCOUNT)]

    assert ties(decided("", ledger, statement)) == [("exact_reference", ("S1",), ("L1",))]
    assert ties(decided("reject,S1,L1,another invoice of that number\n", ledger, statement)) == []


def test_when_one_of_two_answers_is_rejected_the_other_is_proposed_and_not_confirmed() -> None:
    result = decided("reject,S1,L1,\n")

    assert [(match.state, match.lines("ledger")) for match in result.matches()] == [("proposed", ("L2",))]
    assert result.ambiguous == ()


def test_a_line_that_is_ignored_is_neither_tied_nor_open() -> None:
    result = decided("ignore,,L1,a copy\n")

    assert result.ignored == (("ledger", "L1"),)
    assert ties(result) == [] or ties(result)[0][2] == ("L2",)
    assert "L1" not in [part.line for part in result.open_lines]
    assert result.conservation.holds


def test_ids_are_separated_as_in_settles_and_columns_stand_in_any_order() -> None:
    ledger = [Row(name, "30.00", 1) for name in ("L1", "L2", "L3")]

    result = decided(b'reason,ledger,action,statement\n,"L1; L2,L3",confirm,S1\n', ledger)

    assert ties(result) == [("decision", ("S1",), ("L1", "L2", "L3"))]


def test_a_part_of_one_larger_line_may_be_confirmed_and_the_rest_stays_open() -> None:
    result = decided("confirm,S1,L1,\n", [Row("L1", "150.00", 1)])

    assert ties(result) == [("decision", ("S1",), ("L1",))]
    assert [(part.line, part.remaining) for part in result.open_lines] == [("L1", 60_00)]


def test_lines_of_one_side_that_cancel_may_be_confirmed() -> None:
    statement = [Row("S1", "90.00", 4, account=ACCOUNT), Row("S2", "-90.00", 9, account=ACCOUNT)]

    assert ties(decided("confirm,S1 S2,,a test payment\n", statement=statement)) == [("decision", ("S1", "S2"), ())]


def test_an_id_with_blanks_stands_alone_and_a_guarded_one_is_understood() -> None:
    ledger = [Row("INV 1", "40.00", 1), Row("=INV2", "50.00", 1)]

    result = decided("confirm,S1,INV 1,\nconfirm,S1,'=INV2,\n", ledger)

    assert sorted(lines for _, _, lines in ties(result)) == [("=INV2",), ("INV 1",)]


def test_a_file_with_only_a_header_decides_nothing() -> None:
    assert ties(decided("")) == []


@pytest.mark.parametrize(
    ("rows", "place", "said"),
    [
        ("confrim,S1,L1,\n", "2:1", 'there is no such action; in "confrim"; did you mean "confirm"?'),
        ("confirm,S9,L1,\n", "2:9", 'there is no such statement line; in "S9"; did you mean "S1"?'),
        ("confirm,L1,S1,\n", "2:9", 'there is no such statement line; in "L1"; it is a ledger line; '),
        ("confirm,S1 S1,L1,\n", "2:9", 'the line stands 2 times in this decision; in "S1"; name it once'),
        ("confirm,S1,,\n", "2:9", 'one line alone cannot be confirmed; in "S1"; name the lines that it ties to'),
        ("reject,,L1,\n", "2:9", 'one line alone cannot be rejected; in "L1"; name the lines that it ties to'),
        ("ignore,,,\n", "2:8", "no line is named; name the ids of the lines"),
        (
            'confirm,S1,"L1,L2",\n',
            "2:9",
            "the statement lines add up to 90.00 NOK, the ledger lines to 180.00 NOK: the difference is -90.00 NOK; ",
        ),
        (
            "confirm,,L1 L2,\n",
            "2:10",
            "lines of one side must cancel, but these add up to 180.00 NOK; add the line that is missing",
        ),
        ("confirm,S1,L1\n", "2:12", "the row has 3 cells and the header 4; "),
        ('confirm,"S1,L1,\n', "2:9", "the quotation mark that opens this cell is never closed; "),
    ],
)  # fmt: skip
def test_a_wrong_decision_is_located_and_says_what_to_do(rows: str, place: str, said: str) -> None:
    reasons = refused(rows)

    assert reasons[0].startswith(f"d.csv:{place}: {said}")


def test_a_line_used_up_by_an_earlier_decision_is_refused_where_it_is_used_again() -> None:
    assert refused("confirm,S1,L1,\nconfirm,S1,L2,\n") == [
        'd.csv:3:9: nothing is left of the line; in "S1"; leave it out here, or correct the decision before'
    ]


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ("ignore,,L1,\n", 'the line is ignored in line 3 of this file; in "L1"; keep one of the two decisions'),
        ("reject,S1,L1,\n", "the same lines are rejected in line 3 of this file; keep one of the two decisions"),
    ],
)
def test_decisions_that_exclude_each_other_are_refused(other: str, said: str) -> None:
    assert refused(f"confirm,S1,L1,\n{other}") == [f"d.csv:2:9: {said}"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "d.csv: the file holds no bytes; "),
        (b"\n", 'd.csv:1:1: the required column "action" is missing; '),
        (b"statement,ledger\n", 'd.csv:1:1: the required column "action" is missing; '),
        (b"action,statemnt,ledger\n", 'd.csv:1:8: there is no such column; in "statemnt"; did you mean "statement"?'),
        (b"action,statement,ledger,ledger\n", 'd.csv:1:25: a second column is named "ledger"; '),
        (b"action;statement;ledger\n", "d.csv:1:1: the columns are separated by semicolons, not by commas; "),
        (b'action,"statement\n', "d.csv:1:8: in the header, the quotation mark that opens this cell is never closed; "),
        (b"action,statement,ledger\nconfirm,S\xf8,L1\n", "d.csv:2:9: byte 0xF8 is no UTF-8; "),
    ],
)
def test_a_file_that_is_none_of_decisions_is_refused_at_its_fault(content: bytes, said: str) -> None:
    assert refused(content)[0].startswith(said)


def test_every_wrong_decision_is_named_at_once() -> None:
    reasons = refused("confirm,S8,L1,\nconfirm,S9,L2,\nhold,S1,,\n")

    assert [reason.split(": ")[0] for reason in reasons] == ["d.csv:4:1"]
    assert [reason.split(": ")[0] for reason in refused("confirm,S8,L1,\nconfirm,S9,L2,\n")] == [
        "d.csv:2:9",
        "d.csv:3:9",
    ]


def test_a_file_of_decisions_that_is_not_there_is_named() -> None:
    books, bank = canonical(Path("books.csv"), TWO_EQUAL), canonical(Path("bank.csv"), ONE_PAYMENT)

    with pytest.raises(Refused, match=r"^gone\.csv: there is no such file; check the path$"):
        reconcile([books], [bank], decisions="gone.csv")


def test_what_nobody_types_is_no_file_of_decisions() -> None:
    with Path("d.csv").open("wb") as stream:
        stream.truncate(64 * 1024**2)
    books, bank = canonical(Path("books.csv"), TWO_EQUAL), canonical(Path("bank.csv"), ONE_PAYMENT)

    with pytest.raises(Refused, match=r"^d\.csv: the file has 67,108,864 bytes; "):
        reconcile([books], [bank], decisions="d.csv")

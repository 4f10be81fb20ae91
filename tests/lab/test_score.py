"""What `tieout score` calls right, wrong and missed."""

import json
import pathlib
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieout.kernel.errors import UsageError
from tieout.lab._truth import TrueGroup, Truth, read_json
from tieout.lab.generate import generate
from tieout.lab.score import WRONG_LISTED_MAX, ConfirmedMatch, score, score_of

Ids = tuple[str, ...]


def a_group(statement: str, ledger: str = "", class_name: str = "one_to_one", decidable: bool = True) -> TrueGroup:
    sides = tuple(statement.split()), tuple(ledger.split())
    return TrueGroup(class_name, "across" if ledger else "within", *sides, decidable)


def a_truth(*groups: TrueGroup, alike: tuple[Ids, ...] = ()) -> Truth:
    return Truth("0.1.0", 1, "default", 10, list(groups), list(alike))


def a_match(
    statement: str, ledger: str = "", state: Literal["confirmed", "proposed"] = "confirmed", kind: str = ""
) -> ConfirmedMatch:
    sides = tuple(statement.split()), tuple(ledger.split())
    real: Literal["across", "within"] = "within" if kind == "within" or not (ledger or kind) else "across"
    return ConfirmedMatch(real, state, *sides)


def test_a_confirmed_true_group_is_correct() -> None:
    found = score_of(a_truth(a_group("S1", "L1 L2"), a_group("S2", "L3")), [a_match("S1", "L2 L1")])

    assert (found.confirmed, found.correct, found.wrong) == (1, 1, 0)
    assert (found.precision, found.recall) == (1.0, 0.5)


def test_a_planted_wrong_confirmation_is_found_and_shown_with_the_truth() -> None:
    truth = a_truth(a_group("S1", "L1"), a_group("S2", "L2", class_name="bare"))

    found = score_of(truth, [a_match("S1", "L1"), a_match("S2", "L9")])

    assert (found.correct, found.wrong, found.precision) == (1, 1, 0.5)
    (wrong,) = found.wrong_confirmations
    assert (wrong.match.statement, wrong.match.ledger) == (("S2",), ("L9",))
    assert wrong.truth == (truth.groups[1],)


@pytest.mark.parametrize(
    "match",
    [a_match("S1", "L1"), a_match("S1", "L1 L2 L3"), a_match("S1 S2", "L1 L2"), a_match("S1", "L1 L4")],
    ids=["a leg is missing", "a leg too many", "a statement line too many", "one wrong leg"],
)
def test_one_leg_that_differs_makes_a_match_wrong(match: ConfirmedMatch) -> None:
    found = score_of(a_truth(a_group("S1", "L1 L2", class_name="sum")), [match])

    assert (found.correct, found.wrong, found.recall) == (0, 1, 0.0)


def test_proposed_matches_count_neither_way() -> None:
    found = score_of(a_truth(a_group("S1", "L1")), [a_match("S1", "L9", state="proposed")])

    assert (found.confirmed, found.wrong, found.precision, found.recall) == (0, 0, 1.0, 0.0)


def test_a_transfer_is_correct_only_as_a_match_within() -> None:
    truth = a_truth(a_group("S1 S2", class_name="transfer"))

    assert score_of(truth, [a_match("S2 S1")]).correct == 1
    assert score_of(truth, [a_match("S1 S2", kind="across")]).wrong == 1


def test_swapping_interchangeable_lines_is_correct() -> None:
    truth = a_truth(a_group("S1", "L1"), a_group("S2", "L2"), alike=(("L1", "L2"), ("S1", "S2")))

    found = score_of(truth, [a_match("S1", "L2"), a_match("S2", "L1")])

    assert (found.correct, found.recall) == (2, 1.0)


def test_a_line_that_stands_in_no_group_may_serve_for_its_twin() -> None:
    truth = a_truth(a_group("S1", "L1 L5", class_name="sum"), alike=(("L1", "L2"),))

    assert score_of(truth, [a_match("S1", "L2 L5")]).correct == 1


def test_an_interchangeable_line_used_twice_is_wrong_once() -> None:
    truth = a_truth(a_group("S1", "L1"), a_group("S2", "L2"), alike=(("L1", "L2"), ("S1", "S2")))

    found = score_of(truth, [a_match("S1", "L1"), a_match("S2", "L1")])

    assert (found.correct, found.wrong) == (1, 1)


def test_the_same_match_twice_is_wrong_once() -> None:
    found = score_of(a_truth(a_group("S1", "L1")), [a_match("S1", "L1"), a_match("S1", "L1")])

    assert (found.correct, found.wrong) == (1, 1)


INSTALMENTS = a_truth(a_group("S1", "L1", class_name="partial"), a_group("S2", "L1", class_name="partial"))


def test_each_instalment_is_correct_by_itself() -> None:
    found = score_of(INSTALMENTS, [a_match("S2", "L1")])

    assert (found.correct, found.wrong, found.recall) == (1, 0, 0.5)


def test_all_instalments_in_one_match_are_correct() -> None:
    found = score_of(INSTALMENTS, [a_match("S1 S2", "L1")])

    assert (found.correct, found.confirmed_groups, found.recall) == (1, 2, 1.0)


def test_a_wrong_instalment_is_wrong_and_leaves_the_right_one_correct() -> None:
    found = score_of(INSTALMENTS, [a_match("S1", "L1"), a_match("S9", "L1")])

    assert (found.correct, found.wrong, found.recall) == (1, 1, 0.5)


def test_payments_told_one_by_one_are_correct_when_together_they_are_the_group() -> None:
    truth = a_truth(a_group("S1 S2 S3", "L1", class_name="many_payments"))
    one_by_one = [a_match("S1", "L1"), a_match("S2", "L1"), a_match("S3", "L1")]

    whole, without_one, with_another = (
        score_of(truth, one_by_one),
        score_of(truth, one_by_one[:2]),
        score_of(truth, [*one_by_one, a_match("S4", "L1")]),
    )

    assert (whole.correct, whole.confirmed_groups, whole.recall) == (3, 1, 1.0)
    assert (without_one.wrong, without_one.recall) == (2, 0.0)
    assert (with_another.wrong, with_another.recall) == (4, 0.0)


def test_groups_that_share_no_line_are_not_one_match() -> None:
    found = score_of(a_truth(a_group("S1", "L1"), a_group("S2", "L2")), [a_match("S1 S2", "L1 L2")])

    assert (found.correct, found.wrong) == (0, 1)


def test_a_group_that_cannot_be_decided_is_correct_and_changes_no_recall() -> None:
    truth = a_truth(a_group("S1", "L1"), a_group("S2", "L2", class_name="price_point", decidable=False))

    both, wrong = score_of(truth, [a_match("S1", "L1"), a_match("S2", "L2")]), score_of(truth, [a_match("S2", "L1")])

    assert (both.correct, both.confirmed_groups, both.confirmed_decidable, both.recall) == (2, 2, 1, 1.0)
    assert (wrong.wrong, wrong.recall) == (1, 0.0)


def test_nothing_to_find_and_nothing_confirmed_is_perfect() -> None:
    found = score_of(a_truth(), [])

    assert (found.precision, found.recall, found.classes) == (1.0, 1.0, ())


def test_the_table_has_a_row_per_class_and_one_for_lines_without_a_group() -> None:
    truth = a_truth(
        a_group("S2", "L2", class_name="bare"),
        a_group("S1", "L1"),
        a_group("S3", "L3", decidable=False),
    )

    found = score_of(truth, [a_match("S1", "L1"), a_match("S2", "L3"), a_match("S8", "L9")])

    rows = [(row.class_name, row.groups, row.decidable, row.confirmed_decidable, row.wrong) for row in found.classes]
    assert rows == [("one_to_one", 2, 1, 1, 0), ("bare", 1, 1, 0, 1), ("no_group", 0, 0, 0, 1)]


def test_wrong_confirmations_are_all_counted_and_the_first_of_them_listed() -> None:
    many = WRONG_LISTED_MAX + 5

    found = score_of(a_truth(), [a_match(f"S{number}", f"L{number}") for number in range(many)])

    assert (found.wrong, len(found.wrong_confirmations)) == (many, WRONG_LISTED_MAX)
    assert found.wrong_confirmations[0].match.statement == ("S0",)


def test_the_files_of_a_run_are_read_whatever_else_the_result_tells(tmp_path: pathlib.Path) -> None:
    generate(60, 1, tmp_path, "default")
    truth = read_json(tmp_path / "truth.json", Truth, "the truth")
    group = truth.groups[0]
    match = {"id": 1, "kind": group.kind, "state": "confirmed", "statement": group.statement, "ledger": group.ledger}
    result = {"tieout": "0.1.0", "plan": {"name": "default"}, "matches": [{**match, "allocations": [], "steps": 3}]}
    (tmp_path / "result.json").write_text(json.dumps(result), encoding="utf-8")

    found = score(tmp_path / "truth.json", tmp_path / "result.json")

    assert (found.groups, found.confirmed, found.correct) == (len(truth.groups), 1, 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "this is not a result.json of `tieout reconcile`"),
        ('{"matches": [{"kind": "sideways"}]}', r"sideways.*matches\[0\].kind"),
        ('{"summary": {}}', "missing required field `matches`"),
        ('{"matches": [{"kind": "across", "state": "confirmed", "statement": [1], "ledger": []}]}', "Expected `str`"),
    ],
)
def test_a_result_that_is_none_is_refused_with_the_place(text: str, message: str, tmp_path: pathlib.Path) -> None:
    generate(0, 1, tmp_path, "default")
    (tmp_path / "result.json").write_text(text, encoding="utf-8")

    with pytest.raises(UsageError, match=message):
        score(tmp_path / "truth.json", tmp_path / "result.json")


def test_a_truth_with_an_unknown_member_is_refused(tmp_path: pathlib.Path) -> None:
    (tmp_path / "truth.json").write_text('{"tieout": "0.1.0", "seeds": 1}', encoding="utf-8")

    with pytest.raises(UsageError, match=r"truth\.json: this is not a truth\.json .* unknown field `seeds`"):
        score(tmp_path / "truth.json", tmp_path / "truth.json")


def test_a_file_that_is_missing_is_refused_by_name(tmp_path: pathlib.Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.json: cannot read"):
        score(tmp_path / "nowhere.json", tmp_path / "nowhere.json")


@given(seed=st.integers(0, 1000), spoilt=st.integers(0, 10**6))
@settings(max_examples=20, deadline=None)
def test_the_truth_itself_scores_perfectly_and_one_swapped_line_costs_one_match(
    seed: int, spoilt: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("scored")
    generate(120, seed, folder, "default")
    truth = read_json(folder / "truth.json", Truth, "the truth")
    matches = [ConfirmedMatch(group.kind, "confirmed", group.statement, group.ledger) for group in truth.groups]
    place = spoilt % len(matches)
    changed = ConfirmedMatch(
        matches[place].kind, "confirmed", ("S0", *matches[place].statement[1:]), matches[place].ledger
    )

    perfect = score_of(truth, matches)
    spoilt_one = score_of(truth, [*matches[:place], changed, *matches[place + 1 :]])

    assert (perfect.wrong, perfect.precision, perfect.recall) == (0, 1.0, 1.0)
    assert (spoilt_one.wrong, spoilt_one.correct) == (1, len(matches) - 1)

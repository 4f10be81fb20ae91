"""`tieout score`: what a result got right, against the truth that `tieout generate` wrote.

A confirmed match is **correct** when, after interchangeable lines are swapped, it is a true group. Instalments may be
told in two ways: as one match each or as one match of several, so a match is also correct when it is the whole of
several true groups that share a line, and matches that share a line are correct when together they are such a whole.
Any other confirmed match is **wrong**: one wrong leg is enough, and so is half of a true group. Proposed matches are
not counted.

Precision is correct over confirmed matches; recall is confirmed decidable groups over decidable groups. A group that
cannot be decided and is confirmed all the same is correct, if it is true.
"""

import pathlib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from tieout.lab._comparison import Comparison
from tieout.lab._mixes import CLASSES
from tieout.lab._truth import Kind, TrueGroup, Truth, read_json

# More wrong confirmations than this are counted, not listed.
WRONG_LISTED_MAX = 1_000
# The row of the table for wrong confirmations whose lines stand in no true group.
NO_GROUP = "no_group"


class ConfirmedMatch(msgspec.Struct, frozen=True, gc=False):
    """What counts of a match in result.json."""

    kind: Kind
    state: Literal["confirmed", "proposed"]
    statement: tuple[str, ...]
    ledger: tuple[str, ...]
    id: int | None = None
    matcher: str | None = None


class _Result(msgspec.Struct, frozen=True):
    matches: list[ConfirmedMatch]


class WrongConfirmation(msgspec.Struct, frozen=True):
    """A confirmed match that is not true, with the true groups of its lines."""

    match: ConfirmedMatch
    truth: tuple[TrueGroup, ...]


class ClassScore(msgspec.Struct, frozen=True):
    """One class of true groups; `wrong` counts wrong matches whose first line with a true group has this class."""

    class_name: str
    groups: int
    decidable: int
    confirmed: int
    confirmed_decidable: int
    wrong: int


class Score(msgspec.Struct, frozen=True):
    """What a result got right; shares are 1.0 where there was nothing to get wrong."""

    groups: int  # true ones
    decidable: int
    confirmed: int  # matches of the result, as are correct and wrong
    correct: int
    wrong: int
    confirmed_groups: int  # true groups that the correct matches confirm
    confirmed_decidable: int
    precision: float
    recall: float
    wrong_confirmations: list[WrongConfirmation]  # the first WRONG_LISTED_MAX, in the order of the result
    classes: tuple[ClassScore, ...]


def score(truth_path: pathlib.Path, result_path: pathlib.Path) -> Score:
    """Compare a result.json with a truth.json. Raises UsageError for a file that is not one."""
    truth = read_json(truth_path, Truth, "a truth.json of `tieout generate`")
    result = read_json(result_path, _Result, "a result.json of `tieout reconcile`")
    return score_of(truth, result.matches)


def score_of(truth: Truth, matches: Iterable[ConfirmedMatch]) -> Score:
    """Compare the confirmed ones of some matches with the truth."""
    confirmed = [match for match in matches if match.state == "confirmed"]
    comparison = Comparison(truth, confirmed)
    wrong = [match for match, right in zip(confirmed, comparison.right, strict=True) if not right]
    found = [group for group, known in zip(truth.groups, comparison.found, strict=True) if known]
    decidable = sum(group.decidable for group in truth.groups)
    found_decidable = sum(group.decidable for group in found)
    return Score(
        groups=len(truth.groups),
        decidable=decidable,
        confirmed=len(confirmed),
        correct=len(confirmed) - len(wrong),
        wrong=len(wrong),
        confirmed_groups=len(found),
        confirmed_decidable=found_decidable,
        precision=_share(len(confirmed) - len(wrong), len(confirmed)),
        recall=_share(found_decidable, decidable),
        wrong_confirmations=[
            WrongConfirmation(match, comparison.truth_of(match)) for match in wrong[:WRONG_LISTED_MAX]
        ],
        classes=_classes(truth.groups, found, _wrong_by_class(wrong, comparison)),
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _wrong_by_class(wrong: Iterable[ConfirmedMatch], comparison: Comparison) -> Counter[str]:
    truths = (comparison.truth_of(match) for match in wrong)
    return Counter(groups[0].class_name if groups else NO_GROUP for groups in truths)


def _classes(groups: Sequence[TrueGroup], found: Sequence[TrueGroup], wrong: Counter[str]) -> tuple[ClassScore, ...]:
    total = Counter((group.class_name, group.decidable) for group in groups)
    known = Counter((group.class_name, group.decidable) for group in found)
    names = {*wrong, *(name for name, _ in total)}
    ordered = [name for name in CLASSES if name in names] + sorted(names.difference(CLASSES))
    return tuple(
        ClassScore(
            class_name=name,
            groups=total[name, True] + total[name, False],
            decidable=total[name, True],
            confirmed=known[name, True] + known[name, False],
            confirmed_decidable=known[name, True],
            wrong=wrong[name],
        )
        for name in ordered
    )

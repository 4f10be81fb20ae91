"""`tieout generate`: realistic lines of both sides, with the truth about which belong together.

The same number of lines, seed and mix give the same three files, byte for byte, on every machine: `ledger.csv` and
`statement.csv` (canonical CSV) and `truth.json`:

    {"tieout": "0.1.0",          version that generated
     "seed": 7, "mix": "default", "lines": 100000,
     "groups": [
       {"class": "sum",          what makes the group easy or hard; one of CLASSES
        "kind": "across",        statement lines to ledger lines; "within": statement lines that cancel
        "statement": ["S17"],    ids, in the order of the file
        "ledger": ["L4", "L9"],  ids; empty within
        "decidable": true}],     exactly one answer exists under the default plan's windows, limits and adjustments
     "interchangeable": [["S3", "S4"]]}

Every instalment of an invoice is a group of its own; such groups share the ledger line. Lines that stand in one list
of `interchangeable` are alike in everything that could tell them apart, so that an answer which swaps them is right
too. A line of class `missing_counterpart`, the rest of an invoice paid in part, and an open item that a book entry
settles stand in no group.
"""

import pathlib
from collections import Counter
from collections.abc import Callable, Mapping

import msgspec

from tieout.kernel.errors import UsageError
from tieout.kernel.version import VERSION
from tieout.lab import _booked, _crowds, _dirty, _files, _inside, _several, _short, _single
from tieout.lab._dice import Dice
from tieout.lab._draft import Draft
from tieout.lab._labels import label
from tieout.lab._mixes import CLASSES, MIXES, Mix, mix_named
from tieout.lab._world import World

# Fewer lines than this cannot hold one group of every class.
LINES_FOR_EVERY_CLASS = 300

_MAKERS: Mapping[str, Callable[[World], None]] = {
    "one_to_one": _single.one_to_one,
    "reference_in_text": _single.reference_in_text,
    "counterparty_only": _single.counterparty_only,
    "bare": _single.bare,
    "duplicates": _single.duplicates,
    "batch": _several.batch,
    "sum": _several.sum_unnamed,
    "sum_named": _several.sum_named,
    "many_payments": _several.many_payments,
    "fee": _short.fee,
    "discount": _short.discount,
    "partial": _short.partial,
    "credit_note": _several.credit_note,
    "reversal": _inside.reversal,
    "transfer": _inside.transfer,
    "exchange": _short.exchange,
    "price_point": _crowds.price_point,
    "missing_counterpart": _crowds.missing_counterpart,
    "dirty_text": _dirty.dirty_text,
    "booked": _booked.booked,
}


class ClassCount(msgspec.Struct, frozen=True):
    """How many true groups of one class were generated, and how many of them can be decided."""

    class_name: str
    groups: int
    decidable: int


class Summary(msgspec.Struct, frozen=True):
    """What was generated."""

    statement_lines: int
    ledger_lines: int
    groups: int
    decidable: int
    classes: tuple[ClassCount, ...]  # in the order of CLASSES, without those that have no group


def mixes() -> dict[str, str]:
    """The names of the mixes, the default first, each with one sentence about it."""
    return {mix.name: mix.about for mix in MIXES.values()}


def generate(lines: int, seed: int, out: pathlib.Path, mix: str) -> Summary:
    """Write ledger.csv, statement.csv and truth.json into `out`, which is made when it does not exist.

    lines: how many lines the larger side shall have, roughly; the last group may add a few.
    Raises UsageError for an unknown mix, a negative number of lines, or a folder that cannot be written.
    """
    chosen = mix_named(mix)
    if lines < 0:
        raise UsageError(f"cannot generate {lines} lines; ask for 0 or more")
    draft = _drafted(chosen, lines, seed)
    _files.number_lines(draft.statement)
    _files.number_lines(draft.ledger)
    twins = label(draft)
    head = {"tieout": VERSION, "seed": seed, "mix": mix, "lines": lines}
    try:
        out.mkdir(parents=True, exist_ok=True)
        _files.write_ledger(out / "ledger.csv", draft.ledger)
        _files.write_statement(out / "statement.csv", draft.statement)
        _files.write_truth(out / "truth.json", head, draft, twins)
    except OSError as error:
        raise UsageError(f"{error.filename or out}: cannot write: {error.strerror}") from None
    return _summary(draft)


def _drafted(mix: Mix, lines: int, seed: int) -> Draft:
    """Lines and groups, drawn class by class until the larger side is full."""
    world = World(Dice(f"tieout {mix.name} {lines} {seed}"), mix, lines)
    draft = world.draft
    if lines >= LINES_FOR_EVERY_CLASS:
        for name in CLASSES:
            if mix.shares.get(name):
                _MAKERS[name](world)
    names = [name for name in CLASSES if mix.shares.get(name)]
    deck = [_MAKERS[name] for name in names for _ in range(mix.shares[name])]
    while max(len(draft.statement), len(draft.ledger)) < lines:
        world.dice.pick(deck)(world)
    return draft


def _summary(draft: Draft) -> Summary:
    groups = Counter(group.class_name for group in draft.groups)
    decidable = Counter(group.class_name for group in draft.groups if group.decidable)
    classes = tuple(ClassCount(name, groups[name], decidable[name]) for name in CLASSES if groups[name])
    return Summary(
        statement_lines=len(draft.statement),
        ledger_lines=len(draft.ledger),
        groups=len(draft.groups),
        decidable=decidable.total(),
        classes=classes,
    )

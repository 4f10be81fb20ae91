"""What holds for every camt statement: the gap is the one that was planted, and damage never passes unsaid."""

from typing import NamedTuple

from hypothesis import given
from hypothesis.strategies import booleans, builds, integers, lists, sampled_from

from tests.importers.camt_made import balance, detail, entry, message, reading_of, statement, the_statement
from tieout.contracts.reading import Reading
from tieout.kernel.errors import Refused
from tieout.kernel.money import decimal_text


class Movement(NamedTuple):
    """An entry to be written: its amount in minor units, its status, and whether it reverses another one."""

    minor_units: int
    status: str
    reversal: bool


MOVEMENTS = lists(
    builds(Movement, integers(-(10**9), 10**9), sampled_from(["BOOK", "BOOK", "", "PDNG", "INFO"]), booleans()),
    max_size=8,
)


def spelled(minor_units: int) -> tuple[str, str]:
    """Amount and mark of a signed amount."""
    text = decimal_text(minor_units, 2)
    return text.removeprefix("-"), "DBIT" if minor_units < 0 else "CRDT"


def written(movement: Movement) -> str:
    """The entry of a movement."""
    amount, mark = spelled(movement.minor_units)
    reversal = f"<RvslInd>{str(movement.reversal).lower()}</RvslInd>"
    return entry(amount, mark, inside=reversal).replace("BOOK", movement.status)


def stated(opening: int, movements: list[Movement], gap: int) -> str:
    """A statement of those movements whose closing balance is off by the gap."""
    booked = sum(movement.minor_units for movement in movements if movement.status in ("BOOK", ""))
    balances = [balance(code, *spelled(sum_)) for code, sum_ in (("OPBD", opening), ("CLBD", opening + booked + gap))]
    return message(statement(*balances, *(written(movement) for movement in movements)))


@given(opening=integers(-(10**6), 10**6), movements=MOVEMENTS, gap=sampled_from([0, 0, 1, -1, 500]))
def test_a_proof_names_exactly_the_gap_that_was_planted(opening: int, movements: list[Movement], gap: int) -> None:
    found = the_statement(stated(opening, movements, gap))

    assert (found.proof.gap, found.proof.holds) == (gap, gap == 0)
    assert [each.minor_units for each in found.entries] == [movement.minor_units for movement in movements]


@given(movements=MOVEMENTS)
def test_flipping_reversals_twice_changes_nothing(movements: list[Movement]) -> None:
    turned = [
        movement._replace(minor_units=-movement.minor_units) if movement.reversal else movement
        for movement in movements
    ]

    once = the_statement(stated(0, turned, 0), profile="reversal_flips")

    assert [each.minor_units for each in once.entries] == [movement.minor_units for movement in movements]


WHOLE = message(
    statement(
        balance("OPBD", "1.00"),
        entry("6.00"),
        entry("4.00", "DBIT", inside=f"<NtryDtls>{detail(amount='4.00')}</NtryDtls>"),
        "<!-- a remark -->",
        entry("3.00"),
        entry("2.00"),
        balance("CLBD", "8.00"),
    )
)
FRAGMENTS = (
    "",
    "&",
    "<",
    "<Ntry>",
    "</Ntry>",
    "</Stmt>",
    "<!--",
    "<![CDATA[",
    "<Bal>",
    "</TxDtls>",
    "9" * 30,
    "\x0b",
    "<?",
)


def outcome(text: str, keep_entries: bool) -> Reading | str:
    """The reading without its entries, or the reason for refusing the file."""
    try:
        reading = reading_of(text, keep_entries)
    except Refused as refused:
        return str(refused)
    for found in reading.statements:
        found.entries.clear()
    return reading


@given(begin=integers(0, len(WHOLE)), length=integers(0, 30), fragment=sampled_from(FRAGMENTS))
def test_damage_is_refused_quarantined_or_shown_by_the_proof_and_counting_agrees(
    begin: int, length: int, fragment: str
) -> None:
    damaged = WHOLE[:begin] + fragment + WHOLE[begin + length :]

    kept, counted = outcome(damaged, keep_entries=True), outcome(damaged, keep_entries=False)

    assert kept == counted
    if isinstance(kept, Reading) and sum(found.tally.entries for found in kept.statements) < 4:
        assert kept.quarantined or any(not found.proof.holds for found in kept.statements)

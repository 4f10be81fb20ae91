"""What speaks for and against tying a statement row to a ledger row, as bits.

Evidence against blocks confirmation, whatever speaks for the pair; only an equal reference outweighs that accounts or
names differ.
"""

from enum import IntEnum
from functools import cache

import numpy as np

from tieout.domain.line_table import BoolColumn, Int64Column
from tieout.matching.codes import NO_CODE
from tieout.matching.columns import Problem
from tieout.matching.texts import resemblance


class For(IntEnum):
    """Evidence that supports a match."""

    REFERENCE = 1  # the references are equal
    NAMED = 2  # the bank's text names the document
    BATCH = 4  # the payout or batch id is equal or named
    COUNTERPARTY = 8  # the names are the same party's
    COUNTERPARTY_ACCOUNT = 16  # the account numbers are equal
    ONLY_AMOUNT = 32  # no other open line in the window has the amount
    OWN_ACCOUNT = 64  # the counterparty account is the entity's other account
    RETURN_MARK = 128  # the bank marks the line as a return, or its text says so
    BOOKED_TOGETHER = 512  # an entry of the account and nearly the day, and neither side names anybody
    CARRYING_VALUE = 256  # the amount in the functional currency is near the carrying value
    PAYOUT = 1024  # one line is what a provider says it paid out
    ENDS = 2048  # the later line ends what the provider held, reversed or carried on with the earlier one


class Against(IntEnum):
    """Evidence that contradicts a match."""

    NAMES_OTHER = 1  # the bank's text names another open document
    ACCOUNTS_DIFFER = 2  # both counterparty accounts are known and differ
    PARTIES_DIFFER = 4  # both names are known and resemble nothing
    OUTSIDE_WINDOW = 8  # too many days apart
    OWN_TRANSFER = 16  # the counterparty account is the entity's own: a transfer, not a payment
    OVERPAID = 32  # more money than the documents ask for
    OTHER_REFERENCE = 64  # the bank gives a number of the same shape as the document's, but another one
    BEFORE_DOCUMENT = 256  # paid days before the document was written, without naming it
    BANK_CHARGE = 512  # the text says that the bank charges, pays interest or moves money between own accounts
    POSTED_WHOLE = 1024  # part of a book entry: what is posted does not arrive in parts
    TEXT_CUT = 128  # the bank cut its text, so that it may name more documents than can be seen


STRONG = For.REFERENCE | For.NAMED | For.BATCH
PARTY = For.COUNTERPARTY | For.COUNTERPARTY_ACCOUNT


@cache
def codes_for(bits: int) -> tuple[str, ...]:
    """The supporting evidence as stable codes."""
    return tuple(flag.name.lower() for flag in For if bits & flag)


@cache
def codes_against(bits: int) -> tuple[str, ...]:
    """The contradicting evidence as stable codes."""
    return tuple(flag.name.lower() for flag in Against if bits & flag)


def supporting(problem: Problem, rows: Int64Column, ledger_rows: Int64Column) -> Int64Column:
    """Bits of For per pair, from references, parties and account numbers."""
    statement, ledger = problem.statement, problem.ledger
    bits = np.zeros(len(rows), dtype=np.int64)
    for column, flag in (
        ("reference", For.REFERENCE),
        ("batch", For.BATCH),
        ("party_account", For.COUNTERPARTY_ACCOUNT),
        ("party", For.COUNTERPARTY),
    ):
        left, right = getattr(statement, column)[rows], getattr(ledger, column)[ledger_rows]
        bits[(left == right) & (left != NO_CODE)] |= int(flag)
    bits[names_document(problem, rows, ledger_rows)] |= int(For.NAMED)
    _add_resembling(problem, rows, ledger_rows, bits)
    return bits


def _add_resembling(problem: Problem, rows: Int64Column, ledger_rows: Int64Column, bits: Int64Column) -> None:
    for pair, left, right in _unequal_names(problem, rows, ledger_rows):
        if resemblance(left, right) > 0:
            bits[pair] |= int(For.COUNTERPARTY)


def contradicting(problem: Problem, rows: Int64Column, ledger_rows: Int64Column, bits_for: Int64Column) -> Int64Column:
    """Bits of Against per pair; bits_for: what `supporting` gave for the same pairs."""
    statement, ledger = problem.statement, problem.ledger
    bits = np.zeros(len(rows), dtype=np.int64)
    left, right = statement.party_account[rows], ledger.party_account[ledger_rows]
    bits[(left != right) & (left != NO_CODE) & (right != NO_CODE)] |= int(Against.ACCOUNTS_DIFFER)
    for pair, name, other in _unequal_names(problem, rows, ledger_rows):
        if resemblance(name, other) < 0:
            bits[pair] |= int(Against.PARTIES_DIFFER)
    points_elsewhere = problem.named.count(rows) > 0
    bits[other_reference(problem, rows, ledger_rows) | points_elsewhere] |= int(Against.OTHER_REFERENCE)
    bits[(bits_for & STRONG) != 0] = 0
    bits[names_other_document(problem, rows, ledger_rows)] |= int(Against.NAMES_OTHER)
    nameless = (problem.statement.party[rows] == NO_CODE) & ~ledger.book_entry[ledger_rows]
    bits[nameless & problem.bank_movement[rows] & (bits_for & (STRONG | PARTY) == 0)] |= int(Against.BANK_CHARGE)
    bits[own_transfer(problem, rows) & ~ledger.book_entry[ledger_rows]] |= int(Against.OWN_TRANSFER)
    return bits


def other_reference(problem: Problem, rows: Int64Column, ledger_rows: Int64Column) -> BoolColumn:
    """Whether the bank gives a number that is shaped like the document's and is not the document's.

    Such a payment is for a document that the files do not hold.
    """
    return problem.foreign.has(rows, problem.ledger_shapes[ledger_rows])


# A payment a few days before the date of its invoice is common; earlier ones name what they pay.
DAYS_BEFORE_DOCUMENT_MAX = 3


def before_document(problem: Problem, rows: Int64Column, ledger_rows: Int64Column) -> BoolColumn:
    """Whether the money moved well before the open item was written; book entries may be booked any day."""
    early = problem.ledger.day[ledger_rows] - problem.statement.day[rows] > DAYS_BEFORE_DOCUMENT_MAX
    return np.asarray(early & ~problem.ledger.book_entry[ledger_rows], dtype=np.bool_)


def own_transfer(problem: Problem, rows: Int64Column) -> BoolColumn:
    """Whether the money came from, or went to, another account of the entity itself."""
    if not problem.own_accounts:
        return np.zeros(len(rows), dtype=np.bool_)
    own = np.array(sorted(problem.own_accounts), dtype=np.int64)
    return np.isin(problem.statement.party_account[rows], own)


def _unequal_names(problem: Problem, rows: Int64Column, ledger_rows: Int64Column) -> list[tuple[int, str, str]]:
    left, right = problem.statement.party[rows], problem.ledger.party[ledger_rows]
    known = len(problem.party_names)
    unequal = (left != right) & (left != NO_CODE) & (right != NO_CODE) & (left < known) & (right < known)
    names = problem.party_names
    return [
        (pair, names[left_code], names[right_code])
        for pair, left_code, right_code in zip(
            np.flatnonzero(unequal).tolist(), left[unequal].tolist(), right[unequal].tolist(), strict=True
        )
    ]


def names_document(problem: Problem, rows: Int64Column, ledger_rows: Int64Column) -> BoolColumn:
    """Whether the statement row's text names the document of the ledger row, or one that the book entry settles."""
    named = problem.named.has(rows, problem.ledger.reference[ledger_rows])
    settling = (problem.settled.count(ledger_rows) > 0) & (problem.named.count(rows) > 0)
    for pair in np.flatnonzero(settling).tolist():
        named[pair] |= not set(problem.named.at(rows[pair])).isdisjoint(problem.settled.at(ledger_rows[pair]))
    return named


def open_documents(problem: Problem) -> BoolColumn:
    """Per reference code: whether a ledger line with it still has something left."""
    codes = problem.ledger.reference
    size = max(int(codes.max(initial=NO_CODE)), int(problem.named.codes.max(initial=NO_CODE))) + 1
    is_open = np.zeros(size, dtype=np.bool_)
    is_open[codes[problem.ledger.open & (codes != NO_CODE)]] = True
    return is_open


def names_other_document(problem: Problem, rows: Int64Column, ledger_rows: Int64Column) -> BoolColumn:
    """Whether the statement row's text names a document that is open and is not the ledger row's."""
    is_open = open_documents(problem)
    open_named = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(is_open[problem.named.codes])])
    offsets = problem.named.offsets
    count = open_named[offsets[rows + 1]] - open_named[offsets[rows]]
    references = problem.ledger.reference[ledger_rows]
    own = names_document(problem, rows, ledger_rows)
    own[own] = is_open[references[own]]
    return np.asarray(count > own, dtype=np.bool_)

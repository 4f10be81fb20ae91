"""What statements say of their accounts: balances for the bank reconciliation, proofs for the result."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tieout.domain.results import AccountProof
from tieout.domain.statements import Statement, StatementKind
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.dates import NO_DAY, day_number

# The account of statements that name none, as the lines' table has it.
NO_ACCOUNT = "-"


class AccountBalances(NamedTuple):
    """The booked balances between which one statement of an account lies, in minor units of the currency."""

    account: str  # as the lines' table has it
    currency: str
    opening: int | None
    closing: int | None
    as_of: int  # day number of the closing balance; NO_DAY where the statement does not say


def account_balances(statements: Iterable[Statement]) -> tuple[AccountBalances, ...]:
    """The balances of booked statements, in the order given.

    Amounts in other decimals than the currency's cannot be added to its lines and are left out.
    """
    return tuple(
        AccountBalances(
            account=statement.account_name,
            currency=statement.currency or "",
            opening=None if statement.opening is None else statement.opening.minor_units,
            closing=None if statement.closing is None else statement.closing.minor_units,
            as_of=NO_DAY if statement.closing is None else day_number(statement.closing.on),
        )
        for statement in statements
        if statement.kind is StatementKind.BOOKED
        and statement.exponent == EXPONENTS.get(statement.currency or "", statement.exponent)
    )


def account_proofs(statements: Iterable[Statement]) -> tuple[AccountProof, ...]:
    """Whether opening plus movements gives closing, for every booked statement in the order given."""
    return tuple(
        AccountProof(
            account=statement.account_name,
            currency=statement.currency or "",
            exponent=statement.exponent,
            opening=None if statement.opening is None else statement.opening.minor_units,
            movements=statement.tally.sum,
            closing=None if statement.closing is None else statement.closing.minor_units,
            holds=statement.proof.holds,
            gap=statement.proof.gap,
            reason=statement.proof.reason,
        )
        for statement in statements
        if statement.kind is StatementKind.BOOKED
    )


def last_of(balances: Sequence[AccountBalances]) -> AccountBalances | None:
    """The statement of one account that closes last; None where none states a closing balance.

    Of several that close on one day it is the one that no other continues, in whatever order they were given.
    """
    closed = [each for each in balances if each.closing is not None]
    if not closed:
        return None
    last_day = max(each.as_of for each in closed)
    same_day = sorted(each for each in closed if each.as_of == last_day)
    openings = Counter(each.opening for each in set(same_day))
    ends = [each for each in same_day if each.opening == each.closing or not openings[each.closing]]
    return (ends or same_day)[-1]

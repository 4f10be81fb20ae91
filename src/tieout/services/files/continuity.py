"""Whether the statements of a run begin where the run before it closed, account by account."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from tieout.domain.results import amount_text
from tieout.domain.statements import Balance, Statement, StatementKind
from tieout.kernel.dates import NO_DAY, day_number, day_text
from tieout.kernel.errors import Finding, Place, Refused
from tieout.kernel.names import without_blanks
from tieout.proofs.account_balances import AccountBalances
from tieout.services.files.previous import Account, Previous


class Continuity(NamedTuple):
    """What the balances show: these accounts go on without a gap, of these nothing can be shown."""

    followed: frozenset[Account]
    warnings: tuple[Finding, ...]


def continuity(previous: Previous, statements: Sequence[Statement], files: Sequence[str]) -> Continuity:
    """Hold the first opening balance of every account against its closing balance in the run before.

    files: the file of each statement. Raises Refused for every account that opens with another balance.
    """
    by_account: defaultdict[Account, list[tuple[Statement, str]]] = defaultdict(list)
    for statement, file in zip(statements, files, strict=True):
        if statement.kind is StatementKind.BOOKED:
            account = without_blanks(statement.account_name), statement.currency or ""
            by_account[account].append((statement, file))
    followed: set[Account] = set()
    warnings: list[Finding] = []
    refused: list[Finding] = []
    for account, placed in sorted(by_account.items(), key=lambda entry: entry[0]):
        closing = previous.closings.get(account)
        if closing is None or closing.closing is None:
            continue
        opening, file = _first_opening(placed)
        if opening is None:
            warnings.append(_unshown(account, closing, file))
        elif opening.minor_units != closing.closing:
            refused.append(_broken(account, closing, opening, file))
        elif opening.on is None or closing.as_of == NO_DAY or day_number(opening.on) >= closing.as_of:
            followed.add(account)
    if refused:
        raise Refused(refused)
    return Continuity(frozenset(followed), tuple(warnings))


def _first_opening(placed: Sequence[tuple[Statement, str]]) -> tuple[Balance | None, str]:
    """The opening balance from which the statements of one account go on, with its file.

    It is the earliest; of several on one day, one with which no statement closes.
    """
    opened = [(statement.opening, file) for statement, file in placed if statement.opening is not None]
    if not opened:
        return None, placed[0][1]
    first_day = min(opening.on or date.min for opening, _ in opened)
    same_day = [each for each in opened if (each[0].on or date.min) == first_day]
    closings = Counter(statement.closing.minor_units for statement, _ in placed if statement.closing)
    starts = [each for each in same_day if not closings[each[0].minor_units]]
    return min(starts or same_day, key=lambda each: (each[0].minor_units, each[1]))


def _broken(account: Account, closing: AccountBalances, opening: Balance, file: str) -> Finding:
    name, currency = account
    what = (
        f"account {name} opens with {_money(opening.minor_units, currency)}{_on(opening.on)}, but the run before "
        f"closed it with {_money(closing.closing or 0, currency)}{_on_day(closing.as_of)}"
    )
    since = f"the statements after {day_text(closing.as_of)}" if closing.as_of != NO_DAY else "the next statements"
    advice = f"give {since}, or name with --previous the run that ends where these begin"
    return Finding("previous_differs", what, Place(file), advice=advice)


def _unshown(account: Account, closing: AccountBalances, file: str) -> Finding:
    balance = _money(closing.closing or 0, account[1])
    what = f"no opening balance of account {account[0]} shows that it goes on from {balance} where the run before ended"
    return Finding("previous_unproved", what, Place(file), advice="look for lines missing between the two runs")


def _money(minor_units: int, currency: str) -> str:
    return f"{amount_text(minor_units, currency)} {currency}".rstrip()


def _on(day: date | None) -> str:
    return f" on {day}" if day else ""


def _on_day(number: int) -> str:
    return f" on {day_text(number)}" if number != NO_DAY else ""

"""Chains: the closing balance of one statement is the opening balance of the next, per account and currency.

The chain is what shows that no statement is missing between two that each hold. Source: measured over sample files,
where grouping by account and currency held on every step and grouping by file did not.
"""

import heapq
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from tieout.domain.statements import Balance, Statement, StatementKind
from tieout.kernel.money import decimal_text

# Balances of statements that state no known currency are compared at the most decimals that an amount may have.
_DECIMALS_MAX = 6

# Five digits, the length of a statement number in MT940 field 28C; longer ones are dates or identifiers that do not
# count statements.
_RUNNING_NUMBER = re.compile(r"[0-9]{1,5}", re.ASCII)


# So many different statements of one account end on one day and are not continued only where nothing is a chain; the
# work for each statement stays bounded.
ENDS_MAX = 64


class ChainFault(NamedTuple):
    """A statement that does not follow the one before it; positions count the statements handed in."""

    code: str  # chain_gap or number_gap
    position: int
    previous: int
    what: str


class _Link(NamedTuple):
    position: int
    statement: Statement
    day: date  # when the statement begins
    closing_day: date  # never before `day`
    opening: int | None
    closing: int | None


class _Step(NamedTuple):
    previous: _Link
    link: _Link
    holds: bool | None  # None where the statement states no opening balance


def chain_faults(statements: Sequence[Statement]) -> list[ChainFault]:
    """Every break in the chains of booked statements, and every running statement number left out, in given order.

    Statements that name no account or no day are in no chain. A statement that begins where another one begins
    (the same statement twice, a month beside its days) is no break, and nothing is said across a statement that has
    no closing balance.
    """
    chains: dict[tuple[str, str | None], list[_Link]] = defaultdict(list)
    for position, statement in enumerate(statements):
        link = _link(position, statement)
        if link is not None and (statement.account or statement.channel):
            chains[statement.account_name, statement.currency].append(link)
    faults: list[ChainFault] = []
    for links in chains.values():
        steps = list(_steps(_in_order(links)))
        faults += [_chain_gap(step) for step in steps if step.holds is False]
        faults += _number_gaps(steps)
    return sorted(faults, key=lambda fault: (fault.position, fault.code))


def _link(position: int, statement: Statement) -> _Link | None:
    opening, closing = statement.opening, statement.closing
    day = _day(opening) or _day(closing)
    if day is None or statement.kind is not StatementKind.BOOKED:
        return None
    closing_day = max(_day(closing) or day, day)
    return _Link(
        position, statement, day, closing_day, _comparable(statement, opening), _comparable(statement, closing)
    )


def _day(balance: Balance | None) -> date | None:
    return None if balance is None else balance.on


def _comparable(statement: Statement, balance: Balance | None) -> int | None:
    return None if balance is None else balance.minor_units * 10 ** (_DECIMALS_MAX - statement.exponent)


def _in_order(links: list[_Link]) -> list[_Link]:
    """By opening date; statements of one day follow each other's balances, whatever order they were given in."""
    by_day: dict[date, list[_Link]] = defaultdict(list)
    for link in sorted(links, key=lambda link: (link.day, link.closing_day, link.position)):
        by_day[link.day].append(link)
    ordered: list[_Link] = []
    for same_day in by_day.values():
        ordered += _linked(same_day, ordered[-1].closing if ordered else None)
    return ordered


def _linked(same_day: list[_Link], closing_before: int | None) -> list[_Link]:
    if len(same_day) == 1:
        return same_day
    following: dict[int | None, list[_Link]] = defaultdict(list)
    for link in reversed(same_day):
        following[link.opening].append(link)
    closings = {link.closing for link in same_day}
    starts = sorted(same_day, key=lambda link: (link.opening != closing_before, link.opening in closings))
    placed: dict[int, _Link] = {}
    for start in starts:
        next_link: _Link | None = start
        while next_link is not None and next_link.position not in placed:
            placed[next_link.position] = next_link
            waiting = following[next_link.closing]
            while waiting and waiting[-1].position in placed:
                waiting.pop()
            next_link = waiting.pop() if waiting else None
    return list(placed.values())


def _steps(chain: Iterable[_Link]) -> Iterator[_Step]:
    """Each statement with one that ended last before it began, or on the day it begins, and was not continued yet."""
    running: list[tuple[date, int, _Link]] = []  # begun before, ending on a later day
    ends: list[_Link] = []  # in order of closing day
    begun: set[tuple[date, int | None]] = set()
    for order, link in enumerate(_once_each(chain)):
        while running and running[0][0] <= link.day:
            ends.append(heapq.heappop(running)[2])
        ends = _latest(ends, link.day)
        if ends and (link.day, link.opening) not in begun:
            step = _step(ends, link)
            ends = [end for end in ends if not (step.holds and end is step.previous)]
            yield step
        begun.add((link.day, link.opening))
        if link.closing is None:
            running, ends = [], []
        else:
            heapq.heappush(running, (link.closing_day, order, link))


def _latest(ends: list[_Link], day: date) -> list[_Link]:
    """Those that end on this day, and on the last day before it: banks date an opening balance either way."""
    before = max((end.closing_day for end in ends if end.closing_day < day), default=day)
    return [end for end in ends if end.closing_day in (day, before)][-ENDS_MAX:]


def _once_each(chain: Iterable[_Link]) -> Iterator[_Link]:
    """The statements without those that say the same again, as overlapping downloads do."""
    seen: set[tuple[object, ...]] = set()
    for link in chain:
        said = (link.day, link.closing_day, link.opening, link.closing, link.statement.number)
        if said not in seen:
            seen.add(said)
            yield link


def _step(ends: list[_Link], link: _Link) -> _Step:
    if link.opening is None:
        return _Step(ends[-1], link, None)
    fitting = [end for end in ends if end.closing == link.opening]
    return _Step((fitting or ends)[-1], link, bool(fitting))


def _chain_gap(step: _Step) -> ChainFault:
    later, earlier = step.link, step.previous
    assert later.statement.opening is not None
    assert earlier.statement.closing is not None
    assert later.opening is not None
    assert earlier.closing is not None
    exponent = max(later.statement.exponent, earlier.statement.exponent)
    gap = decimal_text((later.opening - earlier.closing) // 10 ** (_DECIMALS_MAX - exponent), exponent)
    what = (
        f"{_named(later.statement)} opens with {_text(later.statement, later.statement.opening)}, but "
        f"{_number(earlier.statement)} before it closed with {_text(earlier.statement, earlier.statement.closing)}: "
        f"{gap} {later.statement.currency or ''}".rstrip()
        + " in between"
    )
    return ChainFault("chain_gap", later.position, earlier.position, what)


def _number_gaps(steps: list[_Step]) -> list[ChainFault]:
    """Numbers left out inside one year, where the account's numbers run one by one or the balances break as well.

    A number that falls starts a new count. Some banks number by day or by document; where balances link across
    such a jump and no two statements of the account follow by one, nothing is missing.
    """
    jumps = [(step, _jump(step)) for step in steps]
    runs = any(jump == 1 for _, jump in jumps)
    return [_number_gap(step, jump) for step, jump in jumps if jump > 1 and (runs or step.holds is False)]


def _jump(step: _Step) -> int:
    earlier, later = _running_number(step.previous.statement), _running_number(step.link.statement)
    same_year = step.previous.day.year == step.link.day.year
    return later - earlier if earlier and later and same_year else 0


def _running_number(statement: Statement) -> int:
    number = statement.number or ""
    return int(number) if _RUNNING_NUMBER.fullmatch(number) else 0


def _number_gap(step: _Step, jump: int) -> ChainFault:
    earlier, later = step.previous.statement, step.link.statement
    first, last = _running_number(earlier) + 1, _running_number(later) - 1
    missing = f"statement {first} is missing" if jump == 2 else f"statements {first} to {last} are missing"
    what = f"{_named(later)} follows statement {earlier.number}: {missing}"
    return ChainFault("number_gap", step.link.position, step.previous.position, what)


def _named(statement: Statement) -> str:
    return (
        f"statement {statement.number} of {statement.account_name}"
        if _is_numbered(statement)
        else statement.account_name
    )


def _number(statement: Statement) -> str:
    return f"statement {statement.number}" if _is_numbered(statement) else "the statement"


def _is_numbered(statement: Statement) -> bool:
    """Whether the number says anything: banks that do not count write zeros."""
    return bool((statement.number or "").strip("0 "))


def _text(statement: Statement, balance: Balance) -> str:
    amount = f"{decimal_text(balance.minor_units, statement.exponent)} {statement.currency or ''}".rstrip()
    return f"{amount} on {balance.on}" if balance.on else amount

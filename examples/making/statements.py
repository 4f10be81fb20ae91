"""Bank lines of one account between two balances, as a bank cuts them into files."""

from collections.abc import Sequence
from dataclasses import dataclass

from examples.making.story import Account, BankLine


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first_day` to `last_day`, both included, as YYYY-MM-DD."""

    first_day: str
    last_day: str


MARCH = Period("2026-03-01", "2026-03-31")
APRIL = Period("2026-04-01", "2026-04-30")
MAY = Period("2026-05-01", "2026-05-31")


@dataclass(frozen=True, slots=True)
class Listed:
    """A bank line with the id that the bank gives it, the same in every file that holds the line."""

    id: str
    line: BankLine


@dataclass(frozen=True, slots=True)
class Statement:
    """What one file says of one account; balances in minor units."""

    account: Account
    period: Period
    opening: int
    closing: int
    listed: tuple[Listed, ...]


def statement_of(lines: Sequence[BankLine], account: Account, period: Period) -> Statement:
    """The statement of an account over a period; lines of one day stay in the order in which they were told."""
    own = sorted((line for line in lines if line.account is account), key=lambda line: line.day)
    numbered = [Listed(f"{line.day.replace('-', '')}{number:05}", line) for number, line in enumerate(own, 1)]
    opening = account.opening + sum(_moved(each) for each in numbered if each.line.day < period.first_day)
    inside = tuple(each for each in numbered if period.first_day <= each.line.day <= period.last_day)
    return Statement(account, period, opening, opening + sum(map(_moved, inside)), inside)


def _moved(each: Listed) -> int:
    return 0 if each.line.is_pending else each.line.amount


def decimal(minor_units: int, mark: str = ".") -> str:
    """An amount of a currency with two decimals, without its sign."""
    size = minor_units if minor_units >= 0 else -minor_units
    return f"{size // 100}{mark}{size % 100:02}"

"""The status of every reconciliation of an account, as a pure function of what is kept.

An account's reconciliations form a chain by end day and identifier: each begins where the one before it ends, the first
where the account's own history does. Nothing here is stored: repair the fact, and the status is whole again.

Source: KashFlow's seven statuses of a reconciliation; their precedence is the order of `_RULES`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from tieout.domain.accounts import Account
from tieout.domain.reconciling import Reconciliation

# Where an account's history begins when nobody said so: the day that stands for "never set".
UNSET_DAY = 0


class Status(StrEnum):
    """How a reconciliation stands; the first that applies, in this order, complete where none does."""

    INCOMPLETE = "incomplete"
    OVERLAPS_PREVIOUS = "overlaps_previous"
    RECONCILE_DATE_CHANGED = "reconcile_date_changed"
    STARTING_BALANCE_CHANGED = "starting_balance_changed"
    INCORRECT_STARTING_BALANCE = "incorrect_starting_balance"
    TRANSACTIONS_MODIFIED = "transactions_modified"
    COMPLETE = "complete"


_IN_DAYS = frozenset({Status.OVERLAPS_PREVIOUS, Status.RECONCILE_DATE_CHANGED})


class StatusNow(NamedTuple):
    """A status, what this reconciliation no longer agrees with, and by how much.

    culprit: `account.FIELD`, `reconciliation:ID` or `line:ID`, lines in order of id; empty where nothing is wrong.
    delta: what the culprit says now minus what the reconciliation has; days for dates, minor units for balances and
    lines; None where there is none, as for a reconcile day that was taken away.
    """

    status: Status
    culprit: tuple[str, ...] = ()
    delta: int | None = None

    @property
    def delta_unit(self) -> str:
        """What `delta` counts: `days`, `minor_units`, or nothing."""
        if self.delta is None:
            return ""
        return "days" if self.status in _IN_DAYS else "minor_units"


class LineFacts(NamedTuple):
    """What of a cleared line must stay as it was. A changed text is nothing."""

    minor_units: int  # in the account's currency
    booking_day: int
    account_id: int


class ClearedLine(NamedTuple):
    """A line ticked in a reconciliation: as it was when that was completed, and as it is."""

    line_id: int
    reconciliation_id: int
    seen: LineFacts | None  # None before completion
    now: LineFacts | None  # None: the line is gone


class Link(NamedTuple):
    """Where a period has to begin, and which fact says so."""

    day: int
    minor_units: int
    day_from: str
    minor_units_from: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciliationNow:
    """A reconciliation with all that follows from the facts around it; amounts in minor units of its account."""

    reconciliation: Reconciliation  # an incomplete one begins where its predecessor ends now
    status: Status
    culprit: tuple[str, ...]
    delta: int | None
    delta_unit: str
    latest: bool
    cleared_lines: int
    cleared_minor_units: int  # complete: as it was completed; before: of the ticked lines that it may clear

    @property
    def left_minor_units(self) -> int:
        """What is still to be ticked, signed: closing minus opening minus ticked lines."""
        held = self.reconciliation.start_minor_units + self.cleared_minor_units
        return self.reconciliation.end_minor_units - held


def origin_of(account: Account) -> Link:
    """Where the first reconciliation of an account begins.

    The day is the later of the starting day and of a reconcile day set while there was no reconciliation.
    """
    known = [
        (day, name)
        for day, name in ((account.starting_day, "starting_day"), (account.origin_day, "reconcile_day"))
        if day is not None
    ]
    day, name = max(known, default=(UNSET_DAY, "starting_day"))
    return Link(day, account.starting_minor_units, f"account.{name}", "account.starting_minor_units")


def end_of(reconciliation: Reconciliation) -> Link:
    """Where the successor of a reconciliation begins."""
    name = f"reconciliation:{reconciliation.id}"
    return Link(reconciliation.end_day, reconciliation.end_minor_units, name, name)


def chain_of(account: Account, reconciliations: Iterable[Reconciliation]) -> tuple[Reconciliation, ...]:
    """The reconciliations of one account in their order; an incomplete one begins where its predecessor ends now."""
    ordered = sorted(reconciliations, key=lambda each: (each.end_day, each.id))
    links = [origin_of(account), *map(end_of, ordered)]
    return tuple(
        each if each.done else replace(each, start_day=link.day, start_minor_units=link.minor_units)
        for link, each in zip(links, ordered, strict=False)
    )


def next_link(account: Account, chain: Sequence[Reconciliation]) -> Link:
    """Where a reconciliation that follows the chain begins."""
    return end_of(chain[-1]) if chain else origin_of(account)


def may_clear(reconciliation: Reconciliation, line: LineFacts) -> bool:
    """Whether a line may be cleared in this period: of its account, up to its end; older lines too."""
    return line.account_id == reconciliation.account_id and line.booking_day <= reconciliation.end_day


def cleared_sum(reconciliation: Reconciliation, cleared: Iterable[ClearedLine]) -> int:
    """What the cleared lines of this reconciliation add up to: as completed, or what it may clear as they are now."""
    if reconciliation.done:
        return sum(line.seen.minor_units for line in cleared if line.seen is not None)
    return sum(line.now.minor_units for line in cleared if line.now is not None and may_clear(reconciliation, line.now))


def chain_now(
    account: Account, reconciliations: Iterable[Reconciliation], cleared: Iterable[ClearedLine]
) -> tuple[ReconciliationNow, ...]:
    """Every reconciliation of one account with its status, in the order of the chain.

    cleared: the lines ticked in any of them, any order.
    """
    chain = chain_of(account, reconciliations)
    lines: defaultdict[int, list[ClearedLine]] = defaultdict(list)
    for line in cleared:
        lines[line.reconciliation_id].append(line)
    statuses = chain_statuses(account, chain, lines)
    return tuple(
        ReconciliationNow(
            reconciliation=each,
            status=now.status,
            culprit=now.culprit,
            delta=now.delta,
            delta_unit=now.delta_unit,
            latest=each is chain[-1],
            cleared_lines=len(lines[each.id]),
            cleared_minor_units=cleared_sum(each, lines[each.id]),
        )
        for each, now in zip(chain, statuses, strict=True)
    )


def chain_statuses(
    account: Account, chain: Sequence[Reconciliation], cleared: Mapping[int, Sequence[ClearedLine]]
) -> tuple[StatusNow, ...]:
    """The status of each reconciliation of a chain in its order; `cleared` has their lines by reconciliation."""
    links = [origin_of(account), *map(end_of, chain)]
    last_done = max((place for place, each in enumerate(chain) if each.done), default=-1)
    return tuple(
        _status(_Facts(account, each, link, place == last_done, cleared.get(each.id, ())))
        for place, (each, link) in enumerate(zip(chain, links, strict=False))
    )


class _Facts(NamedTuple):
    account: Account
    this: Reconciliation
    link: Link
    last_done: bool
    lines: Sequence[ClearedLine]


def _status(facts: _Facts) -> StatusNow:
    return next((found for rule in _RULES if (found := rule(facts)) is not None), StatusNow(Status.COMPLETE))


def _incomplete(facts: _Facts) -> StatusNow | None:
    return None if facts.this.done else StatusNow(Status.INCOMPLETE)


def _overlaps(facts: _Facts) -> StatusNow | None:
    days = facts.link.day - facts.this.start_day
    return StatusNow(Status.OVERLAPS_PREVIOUS, (facts.link.day_from,), days) if days > 0 else None


def _reconcile_day_differs(facts: _Facts) -> StatusNow | None:
    day = facts.account.reconcile_day
    if not facts.last_done or day == facts.this.end_day:
        return None
    delta = None if day is None else day - facts.this.end_day
    return StatusNow(Status.RECONCILE_DATE_CHANGED, ("account.reconcile_day",), delta)


def _leaves_a_gap(facts: _Facts) -> StatusNow | None:
    days = facts.link.day - facts.this.start_day
    return StatusNow(Status.RECONCILE_DATE_CHANGED, (facts.link.day_from,), days) if days < 0 else None


def _opening_differs(facts: _Facts) -> StatusNow | None:
    delta = facts.link.minor_units - facts.this.start_minor_units
    if not delta:
        return None
    agreed = facts.this.agreed_with_previous
    status = Status.STARTING_BALANCE_CHANGED if agreed else Status.INCORRECT_STARTING_BALANCE
    return StatusNow(status, (facts.link.minor_units_from,), delta)


def _lines_modified(facts: _Facts) -> StatusNow | None:
    modified = sorted(line for line in facts.lines if line.seen is not None and line.seen != line.now)
    if not modified:
        return None
    delta = sum(_minor_units_now(line) - line.seen.minor_units for line in modified if line.seen is not None)
    return StatusNow(Status.TRANSACTIONS_MODIFIED, tuple(f"line:{line.line_id}" for line in modified), delta)


def _minor_units_now(line: ClearedLine) -> int:
    """What the line still moves on the account that it was cleared in."""
    if line.now is None or line.seen is None or line.now.account_id != line.seen.account_id:
        return 0
    return line.now.minor_units


_RULES: tuple[Callable[[_Facts], StatusNow | None], ...] = (
    _incomplete,
    _overlaps,
    _reconcile_day_differs,
    _leaves_a_gap,
    _opening_differs,
    _lines_modified,
)

"""Which book entries a reconciliation may clear, and ticking them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tieout.domain.accounts import Account
from tieout.domain.kinds import BOOK_ENTRY_KINDS, is_book_entry
from tieout.domain.people import Capability, Principal
from tieout.domain.reconciling import Clearing, Reconciliation
from tieout.kernel.errors import Refusal
from tieout.services.context import Context, Denied, denied
from tieout.services.period_locks import locked_days
from tieout.services.permitting import not_permitted
from tieout.services.reconciling_chain import facts_of
from tieout.store.protocols import Condition, LineNow, Order, Reading, Scope, Writing

# As many as any bulk call of ours carries: each is looked up and kept inside one transaction.
LINES_MAX = 10_000


class Ticked(NamedTuple):
    """What became of ticking: the lines that stayed as they were, and why, one refusal each (`line:ID`)."""

    failed: tuple[int, ...]
    refusals: tuple[Refusal, ...]


def candidates(
    context: Context, principal: Principal, entity_id: int, reconciliation_id: int
) -> list[LineNow] | Denied:
    """The book entries that belong on the list of a reconciliation, by booking day and id.

    Of an incomplete one: every entry of its account up to its end that no other reconciliation clears, however old;
    `cleared_in` says which are ticked. Of a complete one: the entries that it cleared and that are still there.
    Needs READ. Refused: not_found.
    """
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        found = view.one(Reconciliation, entity_id=entity_id, id=reconciliation_id)
        return denied("not_found", "reconciliation") if found is None else _candidates(view, found)


def _candidates(view: Reading, of: Reconciliation) -> list[LineNow]:
    order = (Order("booking_day"), Order("id"))
    ticked = Condition("cleared_in", "=", of.id)
    if of.done:
        return view.lines(of.entity_id, ticked, order=order)
    within = (
        Condition("account_id", "=", of.account_id),
        Condition("side", "=", "ledger"),
        Condition("kind", "in", BOOK_ENTRY_KINDS),
        Condition("booking_day", "<=", of.end_day),
    )
    found = view.lines(of.entity_id, *within, ticked) + view.lines(
        of.entity_id, *within, Condition("cleared_in", "=", None)
    )
    return sorted(found, key=lambda each: (each.line.booking_day, each.line.id))


def tick(
    context: Context,
    principal: Principal,
    entity_id: int,
    reconciliation_id: int,
    tick: Sequence[int] = (),
    untick: Sequence[int] = (),
    *,
    partial: bool = True,
) -> Ticked | Denied:
    """Tick and untick book entries by line id in an incomplete reconciliation.

    What is ticked already, or not ticked at all, stays so without a failure. partial: the good ones go and the others
    are named; otherwise one failure refuses all. Needs PREPARE. Refused: not_found, too_many. Per line: both_given,
    not_in_progress, period_locked, line_unknown (also of another account, or no book entry), line_after_end,
    line_cleared (fact `reconciliation`).
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    if len(tick) + len(untick) > LINES_MAX:
        return denied("too_many", "lines", most=str(LINES_MAX))
    at = context.now()
    with context.store.writing(Scope("entity", entity_id), principal.name, "tick", at) as work:
        on, off = frozenset(tick), frozenset(untick)
        ticking = _ticking_of(work, entity_id, reconciliation_id, on | off)
        if ticking is None:
            return denied("not_found", "reconciliation")
        failures = {line: why for line in on | off if (why := _why_not(ticking, line, on, off))}
        refusals = tuple(failures[line] for line in sorted(failures))
        if refusals and not partial:
            return Denied(refusals)
        clear(work, ticking, sorted(on - failures.keys()), principal.name, at)
        release(work, ticking, sorted(off - failures.keys()))
        return Ticked(tuple(sorted(failures)), refusals)


class Ticking(NamedTuple):
    """What deciding about some lines of one reconciliation needs, fetched at once."""

    reconciliation: Reconciliation
    account: Account
    lines: dict[int, LineNow]
    clearings: dict[int, Clearing]
    locked: list[Refusal]


def _ticking_of(view: Reading, entity_id: int, reconciliation_id: int, line_ids: Iterable[int]) -> Ticking | None:
    found = view.one(Reconciliation, entity_id=entity_id, id=reconciliation_id)
    if found is None:
        return None
    account = view.one(Account, entity_id=entity_id, id=found.account_id)
    assert account is not None
    return ticking_of(view, account, found, line_ids)


def ticking_of(view: Reading, account: Account, of: Reconciliation, line_ids: Iterable[int]) -> Ticking:
    """Some lines of a reconciliation of an account, in two queries."""
    wanted = tuple(sorted(line_ids))
    lines = view.lines(of.entity_id, Condition("id", "in", wanted)) if wanted else []
    clearings = view.all(Clearing, Condition("line_id", "in", wanted), entity_id=of.entity_id) if wanted else []
    return Ticking(
        of,
        account,
        {each.line.id: each for each in lines},
        {each.line_id: each for each in clearings},
        locked_days(view, of.entity_id).refusals(of.account_id, of.end_day, "reconciliation"),
    )


def _why_not(ticking: Ticking, line: int, on: frozenset[int], off: frozenset[int]) -> Refusal | None:
    place = f"line:{line}"
    if line in on and line in off:
        return Refusal("both_given", place)
    if ticking.reconciliation.done:
        return Refusal("not_in_progress", place)
    if ticking.locked:
        return Refusal("period_locked", place, ticking.locked[0].facts)
    return clearing_refusal(ticking, line, place) if line in on else releasing_refusal(ticking, line, place)


def clearing_refusal(ticking: Ticking, line: int, concerns: str) -> Refusal | None:
    """Why a line may not be cleared in this reconciliation, or None."""
    now = ticking.lines.get(line)
    if now is None or now.line.account_id != ticking.account.id or not is_book_entry(now.line.kind):
        return Refusal("line_unknown", concerns)
    if now.line.side != "ledger":
        return Refusal("line_unknown", concerns)
    if now.line.booking_day > ticking.reconciliation.end_day:
        return Refusal("line_after_end", concerns)
    return _cleared_elsewhere(ticking, line, concerns)


def releasing_refusal(ticking: Ticking, line: int, concerns: str) -> Refusal | None:
    """Why a line may not be released from this reconciliation, or None; one that is not ticked stays so."""
    if line not in ticking.lines and line not in ticking.clearings:
        return Refusal("line_unknown", concerns)
    return _cleared_elsewhere(ticking, line, concerns)


def _cleared_elsewhere(ticking: Ticking, line: int, concerns: str) -> Refusal | None:
    clearing = ticking.clearings.get(line)
    if clearing is None or clearing.reconciliation_id == ticking.reconciliation.id:
        return None
    return Refusal("line_cleared", concerns, (("reconciliation", str(clearing.reconciliation_id)),))


def clear(work: Writing, ticking: Ticking, lines: Iterable[int], by: str, at: int) -> None:
    """Tick lines that are not ticked yet; what they are now is kept with the tick."""
    fresh = [line for line in lines if line not in ticking.clearings]
    if not fresh:
        return
    facts = [facts_of(ticking.lines[line].line, ticking.account.currency) for line in fresh]
    work.add_many(
        Clearing,
        len(fresh),
        {
            "entity_id": ticking.reconciliation.entity_id,
            "line_id": fresh,
            "reconciliation_id": ticking.reconciliation.id,
            "completed_minor_units": [each.minor_units for each in facts],
            "completed_day": [each.booking_day for each in facts],
            "completed_account_id": [each.account_id for each in facts],
            "ticked_at": at,
            "ticked_by": by,
        },
    )


def release(work: Writing, ticking: Ticking, lines: Iterable[int]) -> None:
    """Untick lines; those that are not ticked stay so."""
    for line in lines:
        if line in ticking.clearings:
            work.remove(ticking.clearings[line])

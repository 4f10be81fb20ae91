"""The reconciliations of an account as a chain, with the status that follows from the facts around each."""

from collections.abc import Sequence
from typing import NamedTuple

from tieout.domain.account_amounts import amount_in
from tieout.domain.accounts import Account
from tieout.domain.lines import Line
from tieout.domain.people import Capability, Principal
from tieout.domain.reconciliation_status import (
    ClearedLine,
    LineFacts,
    Link,
    ReconciliationNow,
    Status,
    chain_now,
    chain_of,
    next_link,
)
from tieout.domain.reconciling import Clearing, Reconciliation, ReconciliationStep
from tieout.services.context import Context, Denied, denied
from tieout.services.permitting import not_permitted
from tieout.store.protocols import Condition, Order, Reading

__all__ = ("Chain", "ReconciliationNow", "Status", "reconciliation", "reconciliations", "steps")


class Chain(NamedTuple):
    """An account with its reconciliations as they are kept, in their order."""

    account: Account
    kept: tuple[Reconciliation, ...]

    @property
    def in_progress(self) -> Reconciliation | None:
        """The incomplete one; at most one is."""
        return next((each for each in self.kept if not each.done), None)

    @property
    def next_link(self) -> Link:
        """Where the next one begins."""
        return next_link(self.account, self.kept)

    def before(self, reconciliation_id: int) -> "Chain":
        """The chain up to but without one of its reconciliations."""
        place = next(place for place, each in enumerate(self.kept) if each.id == reconciliation_id)
        return Chain(self.account, self.kept[:place])

    def is_latest(self, reconciliation_id: int) -> bool:
        """Whether none follows it."""
        return self.kept[-1].id == reconciliation_id


def reconciliations(
    context: Context, principal: Principal, entity_id: int, account_id: int
) -> list[ReconciliationNow] | Denied:
    """Every reconciliation of an account with its status, in the order of the chain: by end day, then id.

    Needs READ. Refused: not_found.
    """
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        chain = chain_in(view, entity_id, account_id)
        if chain is None:
            return denied("not_found", "account")
        cleared = cleared_in(view, chain.account, [each.id for each in chain.kept])
        return list(chain_now(chain.account, chain.kept, cleared))


def reconciliation(
    context: Context, principal: Principal, entity_id: int, reconciliation_id: int
) -> ReconciliationNow | Denied:
    """One reconciliation with its status. Needs READ. Refused: not_found."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        chain = chain_around(view, entity_id, reconciliation_id)
        if chain is None:
            return denied("not_found", "reconciliation")
        cleared = cleared_in(view, chain.account, [reconciliation_id])
        found = chain_now(chain.account, chain.kept, cleared)
        return next(each for each in found if each.reconciliation.id == reconciliation_id)


def steps(
    context: Context, principal: Principal, entity_id: int, reconciliation_id: int
) -> list[ReconciliationStep] | Denied:
    """Who completed, reopened, corrected or deleted a reconciliation and why, oldest first.

    Needs READ. Refused: not_found. What was deleted still answers.
    """
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        found = view.all(
            ReconciliationStep, order=(Order("number"),), entity_id=entity_id, reconciliation_id=reconciliation_id
        )
        if not found and view.one(Reconciliation, entity_id=entity_id, id=reconciliation_id) is None:
            return denied("not_found", "reconciliation")
        return found


def chain_in(view: Reading, entity_id: int, account_id: int) -> Chain | None:
    """The chain of an account; None where there is no such account."""
    account = view.one(Account, entity_id=entity_id, id=account_id)
    if account is None:
        return None
    kept = view.all(Reconciliation, entity_id=entity_id, account_id=account_id)
    return Chain(account, tuple(sorted(kept, key=lambda each: (each.end_day, each.id))))


def chain_around(view: Reading, entity_id: int, reconciliation_id: int) -> Chain | None:
    """The chain that a reconciliation belongs to; None where there is no such reconciliation."""
    found = view.one(Reconciliation, entity_id=entity_id, id=reconciliation_id)
    return None if found is None else chain_in(view, entity_id, found.account_id)


def as_it_stands(chain: Chain, reconciliation_id: int) -> Reconciliation:
    """One of the chain; an incomplete one begins where its predecessor ends now, whatever was kept when it opened."""
    return next(each for each in chain_of(chain.account, chain.kept) if each.id == reconciliation_id)


def cleared_in(view: Reading, account: Account, reconciliation_ids: Sequence[int]) -> list[ClearedLine]:
    """The lines ticked in some reconciliations of an account, as they were and as they are, in two queries."""
    if not reconciliation_ids:
        return []
    within = tuple(reconciliation_ids)
    clearings = view.all(Clearing, Condition("reconciliation_id", "in", within), entity_id=account.entity_id)
    lines = view.lines(account.entity_id, Condition("cleared_in", "in", within))
    now = {each.line.id: facts_of(each.line, account.currency) for each in lines}
    return [
        ClearedLine(each.line_id, each.reconciliation_id, seen_of(each), now.get(each.line_id)) for each in clearings
    ]


def facts_of(line: Line, currency: str) -> LineFacts:
    """What of a line must stay as it is once it is cleared; its amount in the account's currency."""
    return LineFacts(amount_in(line, currency), line.booking_day, line.account_id)


def seen_of(clearing: Clearing) -> LineFacts | None:
    """What the line was when it was ticked or completed."""
    amount, day, account_id = (
        clearing.completed_minor_units,
        clearing.completed_day,
        clearing.completed_account_id,
    )
    return None if amount is None or day is None or account_id is None else LineFacts(amount, day, account_id)

"""Differences that analysing raises: one for each shortfall, kept in step with it, never raised against a person."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tieout.domain.books import Difference
from tieout.domain.settlements import SettlementBatch
from tieout.services.match_rules import ENGINE
from tieout.services.settlements.shortfalls import Shortfall, Term, of_line
from tieout.store.protocols import Condition, Reading, Writing

_OURS = re.compile(r"(line|batch):([0-9]+)", re.ASCII)


# What nobody looks through in a day; the others follow as these are resolved.
RAISED_MAX = 1_000


class Explained(NamedTuple):
    """How many differences came, and how many went because nothing is short any more."""

    raised: int
    resolved: int
    untold: int  # shortfalls beyond RAISED_MAX, which are no differences yet


def keep_differences(
    work: Writing,
    entity_id: int,
    found: Iterable[Shortfall],
    account_ids: frozenset[int],
    batches: Iterable[SettlementBatch],
    term: Term,
    at: int,
) -> Explained:
    """Raise what is new, change what is another amount, and resolve what is no longer so.

    batches: every batch of the accounts looked at. What a person resolved for the same amount is not raised again.
    """
    wanted = {each.subject: each for each in found}
    raised, untold, kept = _raise_or_change(work, entity_id, wanted, at)
    gaps = {f"batch:{batch.id}" for batch in batches}
    resolved = 0
    for difference in work.all(Difference, entity_id=entity_id, state="open", created_by=ENGINE):
        if difference.id in kept or not _is_of(work, difference, gaps, account_ids):
            continue
        still = _still(work, difference, term)
        if still is None:
            _resolve(work, difference, at)
            resolved += 1
        elif still.minor_units != difference.minor_units:
            work.change(difference, minor_units=still.minor_units, reason=still.reason)
    return Explained(raised, resolved, untold)


def _raise_or_change(
    work: Writing, entity_id: int, wanted: Mapping[str, Shortfall], at: int
) -> tuple[int, int, frozenset[int]]:
    """How many differences are new, how many shortfalls stay untold, and the ids of those that stand for one."""
    raised, untold, kept = 0, 0, set[int]()
    told: dict[str, list[Difference]] = {}
    for difference in work.all(Difference, Condition("subject", "in", sorted(wanted)), entity_id=entity_id):
        told.setdefault(difference.subject, []).append(difference)
    for subject, each in wanted.items():
        same = [one for one in told.get(subject, ()) if one.currency == each.currency]
        standing = next((one for one in same if one.state == "open"), None)
        if standing is not None:
            kept.add(standing.id)
            if standing.created_by == ENGINE and standing.minor_units != each.minor_units:
                work.change(standing, minor_units=each.minor_units, reason=each.reason)
        elif not any(one.minor_units == each.minor_units and one.resolved_by != ENGINE for one in same):
            if raised == RAISED_MAX:
                untold += 1
                continue
            new = _new(work, entity_id, each, at)
            work.add(new)
            kept.add(new.id)
            raised += 1
    return raised, untold, frozenset(kept)


def _new(work: Writing, entity_id: int, shortfall: Shortfall, at: int) -> Difference:
    return Difference(
        entity_id=entity_id,
        id=work.new_ids(Difference)[0],
        subject=shortfall.subject,
        minor_units=shortfall.minor_units,
        currency=shortfall.currency,
        reason=shortfall.reason,
        owner="",
        state="open",
        resolution="",
        created_at=at,
        created_by=ENGINE,
        resolved_at=None,
        resolved_by="",
    )


def _is_of(view: Reading, difference: Difference, gaps: set[str], account_ids: frozenset[int]) -> bool:
    """Whether it is about a batch or a line of the accounts, or about an order that they may pay."""
    named = _OURS.fullmatch(difference.subject)
    if named is None:
        return False
    if named[1] == "batch":
        return difference.subject in gaps
    now = view.line(difference.entity_id, int(named[2]))
    return now is None or now.line.side == "ledger" or now.line.account_id in account_ids


def _still(view: Reading, difference: Difference, term: Term) -> Shortfall | None:
    """What is left to explain of a line that this time was not looked at; a batch was."""
    what, _, number = difference.subject.partition(":")
    return of_line(view, difference.entity_id, int(number), term) if what == "line" else None


def _resolve(work: Writing, difference: Difference, at: int) -> None:
    work.change(
        difference,
        state="resolved",
        resolution="it is explained by what came since",
        resolved_at=at,
        resolved_by=ENGINE,
    )

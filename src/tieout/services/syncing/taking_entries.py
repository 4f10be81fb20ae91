"""Postings of the platform's books as book entries of ours: those of accounts that are reconciled here."""

from tieout.domain.accounts import Account, AccountKind
from tieout.domain.lines import Line, Origin
from tieout.kernel.errors import Refusal
from tieout.services.line_requests import Ground, LineRequest, line_refusals
from tieout.services.line_versions import first_version
from tieout.services.syncing.contents import EntryContent
from tieout.services.syncing.untying import Following

# Whose postings the outside confirms.
_RECONCILED = (AccountKind.BANK, AccountKind.PROVIDER)


def accounts_by_code(ground: Ground) -> dict[str, Account]:
    """The bank and provider accounts that have a code in the chart of accounts; of several with one code the oldest."""
    found: dict[str, Account] = {}
    for account in sorted(ground.accounts.values(), key=lambda each: each.id):
        if account.code and account.kind in _RECONCILED and account.archived_at is None:
            found.setdefault(account.code, account)
    return found


def take_entry(
    following: Following, own_id: int | None, read: EntryContent, account: Account, platform_object_id: str
) -> tuple[int | None, tuple[Refusal, ...]]:
    """The book entry of a posting, made or following; its id, and why it could not be."""
    request = LineRequest(
        side="ledger",
        kind="journal_entry_line",
        account_id=account.id,
        currency=read.currency,
        minor_units=read.minor_units,
        booking_day=read.booking_day,
        reference=read.reference,
        counterparty=read.counterparty,
        description=read.description,
        native_id=platform_object_id,
    )
    kept = following.work.line(following.entity_id, own_id) if own_id is not None else None
    refusals = line_refusals(request, following.ground)
    if kept is None and refusals:
        return own_id, tuple(refusals)
    # Whether a line may move out of or into locked days is asked of the line itself.
    if broken := [each for each in refusals if each.code != "period_locked"]:
        return own_id, tuple(broken)
    if kept is not None:
        names = ("account_id", "currency", "minor_units", "booking_day", "reference", "counterparty", "description")
        return own_id, following.changed(kept, **{name: getattr(request, name) for name in names})
    made = first_version(
        request,
        entity_id=following.entity_id,
        line_id=following.work.new_ids(Line)[0],
        origin=Origin.FEED,
        now=following.now,
        by=following.by,
    )
    following.work.add(made)
    return made.id, ()


def drop_entry(following: Following, own_id: int) -> tuple[Refusal, ...]:
    """Delete the book entry of a posting that is gone. Why not, where it may not follow."""
    kept = following.work.line(following.entity_id, own_id)
    return following.deleted(kept) if kept is not None else ()

"""What credentials called, which of them are locked, and letting one in again."""

from tieout.domain.people import OPERATOR, Capability, Principal, User
from tieout.domain.work import CallMade, CredentialBlock, UsageDay
from tieout.services.context import Context, Denied, denied
from tieout.services.limits import FAULTY, credential_of
from tieout.services.people.governing import governs
from tieout.store.protocols import Condition, Reading


def usage(context: Context, principal: Principal, from_day: int = 0) -> list[UsageDay]:
    """What was called since a day (UTC), by credential, endpoint and day.

    Whoever owns every entity sees all credentials of the organisation; everybody else their own.
    """
    with context.store.reading() as view:
        since = Condition("on_day", ">=", from_day)
        return view.all(UsageDay, since, *_shown(view, principal), organisation_id=principal.organisation_id)


def blocks(context: Context, principal: Principal) -> list[CredentialBlock]:
    """The credentials that are locked for misuse now, as far as `usage` shows them."""
    at = context.now()
    with context.store.reading() as view:
        kept = view.all(CredentialBlock, *_shown(view, principal), organisation_id=principal.organisation_id)
    return [block for block in kept if block.until is None or at < block.until]


def unblock(context: Context, principal: Principal, user_id: int) -> CredentialBlock | Denied:
    """Let a locked user call again; its faulty calls so far count no more.

    It plays the vendor's support, so that only whoever runs commands does it.
    """
    if principal.user_id != OPERATOR:
        return denied("not_permitted", Capability.CONFIGURE)
    credential = credential_of(user_id)
    with context.store.operating() as work:
        kept = work.one(CredentialBlock, organisation_id=principal.organisation_id, credential=credential)
        if kept is None or work.one(User, id=user_id) is None:
            return denied("not_found", "credential")
        work.remove(kept)
        for call in work.all(CallMade, credential=credential, endpoint=FAULTY):
            work.remove(call)
        return kept


def _shown(view: Reading, principal: Principal) -> tuple[Condition, ...]:
    """The conditions under which a row is shown to the principal."""
    if governs(view, principal):
        return ()
    return (Condition("credential", "=", credential_of(principal.user_id)),)

"""Secrets that must be read back: kept sealed, bound to their row."""

from tieout.domain.people import OPERATOR, Principal, Secret
from tieout.services.context import Context, Denied, denied
from tieout.services.people.governing import configured, not_governing
from tieout.store.protocols import Reading, Scope

SECRET_LENGTH_MAX = 10_000


def keep_secret(
    context: Context, principal: Principal, owner: str, name: str, clear: str, *, entity_id: int = 0
) -> Secret | Denied:
    """The sealed secret, in place of the one of that owner and name before.

    owner: "user:7", "connection:3". Everybody keeps their own; who owns `entity_id` keeps those of that entity's
    connections; what else there is takes an owner of every entity.
    """
    if refused := _not_kept(name, clear):
        return refused
    at = context.now()
    scope = Scope("organisation", principal.organisation_id)
    with context.store.writing(scope, principal.name, "keep_secret", at) as work:
        if not _may_keep(principal, owner, entity_id) and (refused := not_governing(work, principal)):
            return refused
        before = _kept(work, principal.organisation_id, owner, name)
        secret_id = before.id if before else work.new_ids(Secret)[0]
        if before is not None:
            work.remove(before)
        made = Secret(
            id=secret_id,
            organisation_id=principal.organisation_id,
            owner=owner,
            name=name,
            key_id=context.sealer.key_id,
            sealed=context.sealer.seal(clear.encode(), _bound(principal.organisation_id, secret_id, owner, name)),
            created_at=at,
        )
        work.add(made)
        return made


def read_secret(context: Context, organisation_id: int, owner: str, name: str) -> str | None:
    """The secret in the clear; None where there is none.

    For code that needs it to check a sign-in or to reach a connection; nothing shows it to anybody.
    Raises CannotUnseal where the process has another key, or the row was changed.
    """
    with context.store.reading() as view:
        kept = _kept(view, organisation_id, owner, name)
    if kept is None:
        return None
    bound = _bound(kept.organisation_id, kept.id, kept.owner, kept.name)
    return context.sealer.unseal(kept.sealed, bound, kept.key_id).decode()


def erase_secrets(context: Context, principal: Principal, owner: str) -> None:
    """Erase every secret of an owner; whoever ends a connection or a feed was asked for the right to before."""
    scope = Scope("organisation", principal.organisation_id)
    with context.store.writing(scope, principal.name, "erase_secrets", context.now()) as work:
        for kept in work.all(Secret, organisation_id=principal.organisation_id, owner=owner):
            work.remove(kept)


def _not_kept(name: str, clear: str) -> Denied | None:
    """Why a text cannot be a secret, or None."""
    if not clear:
        return denied("required", name)
    if len(clear) > SECRET_LENGTH_MAX:
        return denied("too_long", name, length_max=str(SECRET_LENGTH_MAX))
    if any("\ud800" <= mark <= "\udfff" for mark in clear):  # half a character: no text in any encoding
        return denied("not_allowed", name)
    return None


def _may_keep(principal: Principal, owner: str, entity_id: int) -> bool:
    if principal.user_id != OPERATOR and owner == f"user:{principal.user_id}":
        return True
    return not owner.startswith("user:") and entity_id in configured(principal)


def _kept(view: Reading, organisation_id: int, owner: str, name: str) -> Secret | None:
    return view.one(Secret, organisation_id=organisation_id, owner=owner, name=name)


def _bound(organisation_id: int, secret_id: int, owner: str, name: str) -> bytes:
    """What a sealed secret is bound to: moved to another row, it does not open."""
    return f"secret {organisation_id}/{secret_id}/{owner}/{name}".encode()

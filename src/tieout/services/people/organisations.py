"""Organisations: made by whoever runs the server, never over a network."""

from tieout.domain.people import OPERATOR, Organisation, Principal
from tieout.kernel.public_ids import uuid7
from tieout.services.context import Context, Denied, denied
from tieout.services.people.texts import text_refusals
from tieout.store.protocols import Scope


def create_organisation(context: Context, name: str) -> Organisation | Denied:
    """A new organisation without entities; the first event of its audit chain."""
    if refusals := text_refusals("name", name):
        return Denied(refusals)
    at = context.now()
    with context.store.operating() as work:
        (organisation_id,) = work.new_ids(Organisation)
    made = Organisation(
        id=organisation_id, public_id=uuid7(at, context.random_bytes(10)), name=name.strip(), created_at=at
    )
    with context.store.writing(Scope("organisation", made.id), "operator", "create_organisation", at) as work:
        work.add(made)
    return made


def organisations(context: Context) -> list[Organisation]:
    """Every organisation of this database; for commands, which act for none of them."""
    with context.store.reading() as view:
        return view.all(Organisation)


def organisation(context: Context, principal: Principal) -> Organisation | Denied:
    """The organisation that the principal belongs to."""
    with context.store.reading() as view:
        found = view.one(Organisation, id=principal.organisation_id)
    if found is None or (principal.user_id != OPERATOR and not principal.roles):
        return denied("not_found", "organisation")
    return found

"""Whoever asked for work that goes on later: written into a job, and found again when it runs."""

from collections.abc import Mapping
from dataclasses import replace

from tieout.domain.people import OPERATOR, Face, Principal
from tieout.services.context import Context
from tieout.services.people.operator import operator
from tieout.services.people.principals import principal_of_user


def said_principal(principal: Principal) -> dict[str, object]:
    """Who a principal is and how far its credential reaches, fit for JSON."""
    return {
        "organisation_id": principal.organisation_id,
        "user_id": principal.user_id,
        "face": str(principal.face),
        "post": principal.post,
        "entities": sorted(principal.roles),
    }


def principal_said(context: Context, said: Mapping[str, object]) -> Principal | None:
    """The principal with the roles that it has now, and with no more than it had; None where it is disabled."""
    user_id, organisation_id, entities = said["user_id"], said["organisation_id"], said["entities"]
    assert isinstance(user_id, int)
    assert isinstance(organisation_id, int)
    assert isinstance(entities, list)
    if user_id == OPERATOR:
        return operator(context, organisation_id)
    found = principal_of_user(context, user_id, Face(str(said["face"])))
    if found is None:
        return None
    roles = {entity: role for entity, role in found.roles.items() if entity in entities}
    return replace(found, roles=roles, post=bool(said["post"]))

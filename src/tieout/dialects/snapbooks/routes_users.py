"""Who the token stands for."""

from starlette.responses import Response

from tieout.dialects.snapbooks.answers import shown
from tieout.dialects.snapbooks.calling import Here, require
from tieout.dialects.snapbooks.values import instant_text
from tieout.services.people.entities import entities
from tieout.services.people.users import user


def show_me(here: Here) -> Response:
    """The user behind the token, with the client accounts that the token reaches."""
    found = require(user(here.context, here.principal, here.principal.user_id))
    reached = entities(here.context, here.principal)
    return shown(
        {
            "id": found.id,
            "name": found.name,
            "email": found.email,
            "created_at": instant_text(found.created_at),
            "client_accounts": [{"id": each.id, "name": each.name} for each in reached],
        }
    )

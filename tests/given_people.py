"""People beside those of an office: somebody with a password, or with a role in some of its entities."""

from collections.abc import Mapping

from tests.given_store import Office
from tieout.domain.people import Entity, Face, Principal, Role, User
from tieout.services.context import Context, Denied
from tieout.services.people.entities import EntityRequest, create_entity
from tieout.services.people.operator import operator
from tieout.services.people.principals import principal_of_user
from tieout.services.people.users import UserRequest, create_user

PASSWORD = "carrots and peas"


def given_user(context: Context, office: Office, roles: Mapping[int, Role] | None = None, email: str = "") -> User:
    """Somebody who signs in with PASSWORD; a reader of the office's first entity where no roles are named."""
    request = UserRequest(
        email=email or f"{context.random_bytes(6).hex()}@office.example",
        name="Ada Berg",
        password=PASSWORD,
        roles={office.entity_id: Role.READER} if roles is None else roles,
    )
    made = create_user(context, operator(context, office.organisation.id), request)
    assert not isinstance(made, Denied), made
    return made


def given_colleague(context: Context, office: Office, roles: Mapping[int, Role], face: Face = Face.NATIVE) -> Principal:
    """Somebody who has signed in, with these roles and no others."""
    principal = principal_of_user(context, given_user(context, office, roles).id, face)
    assert principal is not None
    return principal


def given_entity(context: Context, office: Office, currency: str = "NOK") -> Entity:
    """One more entity of the office; in it, only the owners of the office have a role."""
    made = create_entity(
        context, operator(context, office.organisation.id), EntityRequest(name="Ny AS", currency=currency)
    )
    assert not isinstance(made, Denied), made
    return made


def principal(context: Context, user_id: int, face: Face = Face.NATIVE) -> Principal:
    """What somebody may do now."""
    found = principal_of_user(context, user_id, face)
    assert found is not None
    return found

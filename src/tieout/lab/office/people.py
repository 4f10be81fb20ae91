"""Who works for the example company: its owner, a bookkeeper who prepares and may not close, and an ERP."""

from dataclasses import dataclass

from tieout.domain.people import Entity, Face, Principal, Role, User
from tieout.lab.office.doing import done
from tieout.services.context import Context
from tieout.services.people.entities import EntityRequest, create_entity
from tieout.services.people.operator import operator
from tieout.services.people.organisations import create_organisation
from tieout.services.people.principals import principal_of_user
from tieout.services.people.secrets import keep_secret
from tieout.services.people.signing_in import MEMORABLE_WORD
from tieout.services.people.users import UserRequest, create_user

_ENTITIES = (
    EntityRequest(name="Havskar Kaffebrenneri AS", currency="NOK", time_zone="Europe/Oslo"),
    EntityRequest(name="Havskar Café do Brasil Ltda", currency="BRL", time_zone="America/Sao_Paulo"),
    EntityRequest(name="Havskar Coffee Ltd", currency="GBP", time_zone="Europe/London"),
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in, with what only they know."""

    user: User
    password: str
    memorable_word: str


@dataclass(frozen=True, slots=True)
class People:
    """The company's entities and who works for it; `owner_acts` is the owner as services see one."""

    norway: Entity
    brazil: Entity
    britain: Entity
    owner: Person
    british_owner: Person
    bookkeeper: Person
    webshop_erp: Person
    owner_acts: Principal


def hire(context: Context) -> People:
    """A new organisation with its entities, an owner of all, two people of the British one and a Brazilian program."""
    organisation = done(create_organisation(context, "Havskar"))
    acting = operator(context, organisation.id)
    norway, brazil, britain = (done(create_entity(context, acting, request)) for request in _ENTITIES)
    acting = operator(context, organisation.id)
    everywhere = {entity.id: Role.OWNER for entity in (norway, brazil, britain)}
    owner = _person(context, acting, "Ingrid Havskar", "ingrid", everywhere)
    british_owner = _person(context, acting, "Margaret Alderson", "margaret", {britain.id: Role.OWNER})
    bookkeeper = _person(context, acting, "Peter Fell", "peter", {britain.id: Role.PREPARER})
    webshop_erp = _person(context, acting, "Webshop ERP", "erp", {brazil.id: Role.PREPARER})
    owner_acts = principal_of_user(context, owner.user.id, Face.DESK)
    assert owner_acts is not None, "the owner was just made"
    return People(norway, brazil, britain, owner, british_owner, bookkeeper, webshop_erp, owner_acts)


def _person(context: Context, acting: Principal, name: str, address: str, roles: dict[int, Role]) -> Person:
    # Every demo has its own secrets, so that one left running on a network opens no other.
    password, word = context.random_bytes(9).hex(), context.random_bytes(5).hex()
    request = UserRequest(email=f"{address}@havskar.example", name=name, password=password, roles=roles)
    user = done(create_user(context, acting, request))
    done(keep_secret(context, acting, f"user:{user.id}", MEMORABLE_WORD, word))
    return Person(user, password, word)

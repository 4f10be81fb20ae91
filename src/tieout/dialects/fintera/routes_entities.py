"""GET /accounts, which clients ask to see whether their token is good, and GET /entities."""

from tieout.contracts.http_faults import RequestFault, bad_parameter
from tieout.contracts.http_query import Query
from tieout.dialects.fintera.answers import Answer, Many, One
from tieout.dialects.fintera.calling import Call
from tieout.dialects.fintera.shapes_entities import write_account, write_entity
from tieout.domain.people import Entity
from tieout.services.people.entities import entities, entity
from tieout.services.people.organisations import organisation


def list_accounts(call: Call) -> Answer:
    """The one account that a token belongs to."""
    own = call.answer_of(organisation(call.context, call.principal))
    return Answer(Many("account", "accounts", [write_account(own, call.principal.user_id)]))


def list_entities(call: Call) -> Answer:
    """Every entity that the token sees, by id; `search[name]` is the whole name, `search[name_contains]` a part."""
    seen = entities(call.context, call.principal)
    wanted = [each for each in seen if named_so(call.asked.query, each.name)]
    return Answer(Many("entity", "entities", [write_entity(each, each is seen[0]) for each in wanted]))


def show_entity(call: Call) -> Answer:
    """One entity."""
    found: Entity = call.answer_of(entity(call.context, call.principal, call.entity_id))
    return Answer(One("entity", write_entity(found, found.id == min(call.principal.roles))))


def named_so(query: Query, name: str) -> bool:
    """Whether a name is what the search asks for. Raises RequestFault (400) for a search that is not understood."""
    for parameter, value in query:
        if parameter == "search[name]":
            if name != value:
                return False
        elif parameter == "search[name_contains]":
            if value.casefold() not in name.casefold():
                return False
        elif parameter.startswith("search"):
            raise RequestFault(bad_parameter(parameter, "this is not searched by"))
    return True

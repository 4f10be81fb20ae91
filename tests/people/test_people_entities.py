"""Entities are made by who owns all others, changed by who owns them, and unknown to everybody else."""

import pytest

from tests.given_people import given_colleague, given_entity, principal
from tests.given_store import Office, given_office
from tieout.domain.audit import AuditEvent
from tieout.domain.people import Entity, Organisation, Role
from tieout.services.context import Context, Denied
from tieout.services.people.entities import EntityRequest, change_entity, create_entity, entities, entity
from tieout.services.people.operator import operator
from tieout.services.people.organisations import create_organisation, organisation, organisations
from tieout.store.protocols import Scope


def actions(context: Context, scope: Scope) -> list[str]:
    """What was done in an audit chain, in order."""
    with context.store.reading() as view:
        return [event.action for event in view.all(AuditEvent, scope=str(scope))]


def test_a_new_organisation_begins_its_audit_chain_and_has_no_entity(context: Context) -> None:
    made = create_organisation(context, " Nordic Group ")

    assert isinstance(made, Organisation)
    assert made in organisations(context)
    assert made.name == "Nordic Group"
    assert actions(context, Scope("organisation", made.id)) == ["create_organisation"]
    assert entities(context, operator(context, made.id)) == []


@pytest.mark.parametrize(("name", "code"), [(" ", "required"), ("x" * 201, "too_long"), ("a\x00b", "not_allowed")])
def test_an_organisation_needs_a_name_that_can_be_read(name: str, code: str, context: Context) -> None:
    made = create_organisation(context, name)

    assert isinstance(made, Denied)
    assert made.codes == (code,)


def test_people_see_their_own_organisation(context: Context) -> None:
    office = given_office(context)

    assert organisation(context, office.reader) == office.organisation
    assert organisation(context, office.stranger) != office.organisation


def test_a_new_entity_is_owned_by_who_owns_every_other_one(context: Context) -> None:
    office = given_office(context, "NOK", "EUR")
    half = given_colleague(context, office, {office.entity_id: Role.OWNER})

    made = create_entity(context, office.owner, EntityRequest(name="Sueco AB", currency="SEK"))

    assert isinstance(made, Entity)
    assert principal(context, office.owner.user_id).roles[made.id] is Role.OWNER
    for other in (half, office.approver, office.reader):
        assert not principal(context, other.user_id).sees(made.id)


def test_the_first_entity_of_an_organisation_is_made_by_who_runs_the_server(context: Context) -> None:
    founded = create_organisation(context, "Nordic Group")
    assert isinstance(founded, Organisation)

    made = create_entity(context, operator(context, founded.id), EntityRequest(name="Nordic AS", currency="NOK"))

    assert isinstance(made, Entity)
    assert entities(context, operator(context, founded.id)) == [made]


def test_who_does_not_own_every_entity_makes_none(context: Context) -> None:
    office = given_office(context, "NOK", "EUR")
    half = given_colleague(context, office, {office.entity_id: Role.OWNER})

    for who in (half, office.approver, office.reader):
        refused = create_entity(context, who, EntityRequest(name="Sueco AB", currency="SEK"))
        assert isinstance(refused, Denied)
        assert refused.codes == ("not_permitted",)


def test_everything_that_is_wrong_with_a_new_entity_is_said_at_once(context: Context) -> None:
    office = given_office(context)

    refused = create_entity(context, office.owner, EntityRequest(name="", currency="ZZZ", time_zone="Oslo/../etc"))

    assert isinstance(refused, Denied)
    assert [(refusal.code, refusal.concerns) for refusal in refused.refusals] == [
        ("required", "name"),
        ("unknown_currency", "currency"),
        ("not_allowed", "time_zone"),
    ]


def test_a_changed_entity_tells_its_own_audit_chain(context: Context) -> None:
    office = given_office(context)

    changed = change_entity(context, office.owner, office.entity_id, {"name": "Nordic Supplies AS"})
    again = change_entity(context, office.owner, office.entity_id, {"name": "Nordic Supplies AS"})

    assert isinstance(changed, Entity)
    assert (changed.name, changed.currency) == ("Nordic Supplies AS", "NOK")
    assert again == changed == entity(context, office.reader, office.entity_id)
    assert actions(context, Scope("entity", office.entity_id)) == ["change_entity"]


def test_the_currency_of_an_entity_stays_what_its_books_are_in(context: Context) -> None:
    office = given_office(context)

    refused = change_entity(context, office.owner, office.entity_id, {"currency": "EUR", "time_zone": "Mars"})

    assert isinstance(refused, Denied)
    assert [refusal.concerns for refusal in refused.refusals] == ["currency", "time_zone"]
    assert entity(context, office.owner, office.entity_id) == office.entity


def test_only_an_owner_changes_an_entity(context: Context) -> None:
    office = given_office(context)

    for who in (office.approver, office.preparer, office.reader):
        refused = change_entity(context, who, office.entity_id, {"name": "Mine"})
        assert isinstance(refused, Denied)
        assert refused.codes == ("not_permitted",)


def _answers(context: Context, office: Office, entity_id: int) -> list[object]:
    return [
        entity(context, office.owner, entity_id),
        change_entity(context, office.owner, entity_id, {"name": "Mine"}),
    ]


def test_an_entity_of_others_is_answered_like_one_that_does_not_exist(context: Context) -> None:
    office = given_office(context)

    others = _answers(context, office, office.stranger_entity.id)

    assert others == _answers(context, office, 2**40)
    assert all(isinstance(answer, Denied) and answer.codes == ("not_found",) for answer in others)
    assert office.stranger_entity not in entities(context, office.owner)


def test_an_entity_of_the_same_organisation_is_unknown_without_a_role_in_it(context: Context) -> None:
    office = given_office(context)
    other = given_entity(context, office)

    assert entity(context, office.reader, other.id) == entity(context, office.reader, 2**40)
    assert entities(context, office.reader) == [office.entity]

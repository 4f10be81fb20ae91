"""Business settings: an entity's own decision, else its organisation's, else the product's."""

import pytest

from tests.given_people import given_colleague, given_entity
from tests.given_store import given_office
from tieout.domain.audit import AuditEvent
from tieout.domain.people import Role, Setting
from tieout.services.context import Context, Denied
from tieout.services.people.settings import FOUR_EYES, KNOWN, WRITE_OFF_LIMIT, set_setting, setting


def value_in(context: Context, organisation_id: int, entity_id: int, name: str = FOUR_EYES) -> str:
    with context.store.reading() as view:
        return setting(view, organisation_id, entity_id, name)


def test_the_nearest_decision_counts(context: Context) -> None:
    office = given_office(context, "NOK", "EUR")
    first, second = (entity.id for entity in office.entities)

    default = value_in(context, office.organisation.id, first)
    set_setting(context, office.owner, FOUR_EYES, "on")
    decided = value_in(context, office.organisation.id, first)
    set_setting(context, office.owner, FOUR_EYES, "off", entity_id=first)

    assert (default, decided) == ("off", "on")
    assert value_in(context, office.organisation.id, first) == "off"
    assert value_in(context, office.organisation.id, second) == "on"
    assert value_in(context, office.stranger.organisation_id, office.stranger_entity.id) == "off"


def test_a_caller_may_have_a_default_of_its_own(context: Context) -> None:
    office = given_office(context)

    with context.store.reading() as view:
        assert setting(view, office.organisation.id, office.entity_id, WRITE_OFF_LIMIT, "500") == "500"


def test_a_decision_is_an_event_of_its_entity_or_organisation(context: Context) -> None:
    office = given_office(context)

    for value in ("on", "on", "off"):
        set_setting(context, office.owner, FOUR_EYES, value)
        set_setting(context, office.owner, FOUR_EYES, value, entity_id=office.entity_id)

    for scope in (f"organisation:{office.organisation.id}", f"entity:{office.entity_id}"):
        with context.store.reading() as view:
            events = view.all(AuditEvent, scope=scope)
        assert [event.action for event in events][-2:] == ["set_setting"] * 2
        assert [event.action for event in events].count("set_setting") == 2


@pytest.mark.parametrize(
    ("name", "value", "concerns"),
    [
        ("for_eyes", "on", "name"),
        (FOUR_EYES, "yes", "value"),
        (WRITE_OFF_LIMIT, "-1", "value"),
        (WRITE_OFF_LIMIT, "1.5", "value"),
        (WRITE_OFF_LIMIT, "9" * 16, "value"),
    ],
)
def test_an_unknown_name_or_value_is_refused(name: str, value: str, concerns: str, context: Context) -> None:
    office = given_office(context)

    refused = set_setting(context, office.owner, name, value)

    assert isinstance(refused, Denied)
    assert [(each.code, each.concerns) for each in refused.refusals] == [("not_allowed", concerns)]
    assert refused.refusals[0].fact("nearest") == (FOUR_EYES if concerns == "name" else "")


def test_only_owners_decide_and_for_all_only_who_owns_all(context: Context) -> None:
    office = given_office(context)
    given_entity(context, office)
    half = given_colleague(context, office, {office.entity_id: Role.OWNER})

    assert isinstance(set_setting(context, half, FOUR_EYES, "on", entity_id=office.entity_id), Setting)
    assert isinstance(set_setting(context, half, FOUR_EYES, "on"), Denied)
    assert isinstance(set_setting(context, office.approver, FOUR_EYES, "on", entity_id=office.entity_id), Denied)


def test_a_decision_for_an_entity_of_others_is_refused_like_one_for_no_entity(context: Context) -> None:
    office = given_office(context)

    answers = [
        set_setting(context, office.owner, FOUR_EYES, "on", entity_id=entity_id)
        for entity_id in (office.stranger_entity.id, 2**40)
    ]

    assert answers[0] == answers[1]
    assert isinstance(answers[0], Denied)


def test_every_setting_takes_its_own_default() -> None:
    assert all(known.takes(known.default) for known in KNOWN.values())

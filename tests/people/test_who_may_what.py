"""Whatever people grant, revoke and disable: every entity keeps an owner, and a refusal changes nothing."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis.strategies import integers, lists, sampled_from, tuples

from tests.given_people import given_user
from tests.given_store import Office, given_context, given_office
from tieout.domain.people import Face, Grant, Role, User
from tieout.services.context import Context, Denied
from tieout.services.people.governing import owners
from tieout.services.people.grants import grant, revoke_grant
from tieout.services.people.principals import principal_of_token, principal_of_user
from tieout.services.people.tokens import Issued, issue_token
from tieout.services.people.users import disable_user, enable_user
from tieout.store.protocols import Scope
from tieout.store.sql.store import SqlStore

PEOPLE, ENTITIES = 4, 2

Model = dict[int, tuple[bool, dict[int, Role]]]


class Step(NamedTuple):
    """Who does what to whom, where."""

    who: int
    what: str
    whom: int
    entity: int
    role: Role


STEPS = lists(
    tuples(
        integers(0, PEOPLE - 1),
        sampled_from(["grant", "grant", "revoke", "disable", "enable"]),
        integers(0, PEOPLE - 1),
        integers(0, ENTITIES - 1),
        sampled_from([*Role, Role.OWNER]),
    ).map(lambda drawn: Step(*drawn)),
    min_size=5,
    max_size=25,
)


def kept(context: Context, people: list[int]) -> Model:
    """Who can sign in, with which roles, as rows say."""
    with context.store.reading() as view:
        users = {user.id: user for user in (view.one(User, id=each) for each in people) if user is not None}
        grants = {each: view.all(Grant, user_id=each) for each in people}
    return {
        each: (
            users[each].disabled_at is None,
            {granted.entity_id: Role(granted.role) for granted in grants[each]},
        )
        for each in people
    }


def done(context: Context, office: Office, people: list[int], step: Step) -> object:
    """The answer to a step; of nobody where who should do it cannot sign in."""
    who = principal_of_user(context, people[step.who], Face.NATIVE)
    if who is None:
        return Denied(())
    whom, entity = people[step.whom], office.entities[step.entity].id
    steps: dict[str, Callable[[], object]] = {
        "grant": lambda: grant(context, who, entity, whom, step.role),
        "revoke": lambda: revoke_grant(context, who, entity, whom),
        "disable": lambda: disable_user(context, who, whom),
        "enable": lambda: enable_user(context, who, whom),
    }
    return steps[step.what]()


@pytest.fixture(scope="module")
def people_context(store: SqlStore) -> Context:
    """One for every example: chance goes on from one to the next."""
    return given_context(store, "who may what")


@settings(max_examples=25)
@given(steps=STEPS)
def test_every_entity_keeps_an_owner_and_a_refusal_changes_nothing(people_context: Context, steps: list[Step]) -> None:
    context = people_context
    office = given_office(context, *["NOK"] * ENTITIES)
    people = [office.owner.user_id, office.approver.user_id, office.reader.user_id, given_user(context, office).id]
    scope = Scope("organisation", office.organisation.id)
    tokens = [issue_token(context, who, who.user_id, Face.NATIVE) for who in (office.owner, office.reader)]

    for step in steps:
        with context.store.reading() as view:
            events = view.event_count(scope)
        before = kept(context, people)

        answer = done(context, office, people, step)

        after = kept(context, people)
        with context.store.reading() as view:
            assert all(owners(view, entity.id) for entity in office.entities)
            assert view.event_count(scope) == events + (after != before)
        assert after == before or not isinstance(answer, Denied)
        for issued in tokens:
            assert isinstance(issued, Issued)
            found = principal_of_token(context, Face.NATIVE, issued.text)
            enabled, roles = after[issued.token.user_id]
            assert (found.roles if found else None) == (roles if enabled else None)
    with context.store.reading() as view:
        assert view.trail_faults(office.organisation.id) == []

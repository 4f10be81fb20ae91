"""Grants: the role of a user in an entity, given by its owners, of whom one always stays."""

from concurrent.futures import ThreadPoolExecutor

from tests.given_people import given_colleague, given_entity, given_user, principal
from tests.given_store import given_office
from tieout.domain.audit import AuditEvent
from tieout.domain.people import Grant, Role
from tieout.services.context import Context, Denied
from tieout.services.people.governing import owners
from tieout.services.people.grants import grant, grants, revoke_grant
from tieout.services.people.users import disable_user


def test_a_role_takes_the_place_of_the_one_before(context: Context) -> None:
    office = given_office(context)

    given = grant(context, office.owner, office.entity_id, office.reader.user_id, Role.APPROVER)

    assert isinstance(given, Grant)
    assert principal(context, office.reader.user_id).roles == {office.entity_id: Role.APPROVER}
    granted = grants(context, office.owner, office.entity_id)
    assert not isinstance(granted, Denied)
    assert given in granted
    assert len(granted) == 4


def test_what_was_granted_and_revoked_stands_in_the_organisations_audit_chain(context: Context) -> None:
    office = given_office(context)

    grant(context, office.owner, office.entity_id, office.reader.user_id, Role.APPROVER)
    grant(context, office.owner, office.entity_id, office.reader.user_id, Role.APPROVER)
    revoke_grant(context, office.owner, office.entity_id, office.reader.user_id)

    with context.store.reading() as view:
        events = view.all(AuditEvent, scope=f"organisation:{office.organisation.id}")
    assert [(event.actor, event.action) for event in events][-2:] == [
        (office.owner.name, "grant"),
        (office.owner.name, "revoke_grant"),
    ]
    assert [event.sequence for event in events] == [*range(1, len(events) + 1)]


def test_a_revoked_role_leaves_the_entity_unknown(context: Context) -> None:
    office = given_office(context)

    revoke_grant(context, office.owner, office.entity_id, office.reader.user_id)

    assert not principal(context, office.reader.user_id).sees(office.entity_id)


def test_the_last_owner_keeps_the_role(context: Context) -> None:
    office = given_office(context)

    answers = (
        revoke_grant(context, office.owner, office.entity_id, office.owner.user_id),
        grant(context, office.owner, office.entity_id, office.owner.user_id, Role.APPROVER),
    )

    assert [isinstance(answer, Denied) and answer.codes for answer in answers] == [("last_owner",)] * 2
    assert principal(context, office.owner.user_id) == office.owner


def test_an_owner_goes_when_another_one_stays(context: Context) -> None:
    office = given_office(context)
    grant(context, office.owner, office.entity_id, office.reader.user_id, Role.OWNER)

    gone = revoke_grant(context, office.owner, office.entity_id, office.owner.user_id)

    assert isinstance(gone, Grant)


def test_owners_who_remove_each_other_at_the_same_moment_leave_one(context: Context) -> None:
    office = given_office(context)
    second = given_colleague(context, office, {office.entity_id: Role.OWNER})
    pairs = [(office.owner, second), (second, office.owner)] * 4

    def remove(number: int) -> object:
        who, whom = pairs[number]
        if number % 4 < 2:
            return revoke_grant(context, who, office.entity_id, whom.user_id)
        return disable_user(context, who, whom.user_id)

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(remove, range(len(pairs))))

    with context.store.reading() as view:
        assert len(owners(view, office.entity_id)) == 1
    assert any(isinstance(answer, Denied) for answer in answers)


def test_only_an_owner_gives_takes_and_lists_roles(context: Context) -> None:
    office = given_office(context)

    for who in (office.approver, office.preparer, office.reader):
        answers = (
            grant(context, who, office.entity_id, who.user_id, Role.OWNER),
            revoke_grant(context, who, office.entity_id, office.owner.user_id),
            grants(context, who, office.entity_id),
        )
        assert [isinstance(answer, Denied) and answer.codes for answer in answers] == [("not_permitted",)] * 3


def test_roles_in_an_entity_of_others_are_answered_like_those_in_no_entity(context: Context) -> None:
    office = given_office(context)

    def answers(entity_id: int) -> list[object]:
        return [
            grant(context, office.owner, entity_id, office.owner.user_id, Role.OWNER),
            revoke_grant(context, office.owner, entity_id, office.stranger.user_id),
            grants(context, office.owner, entity_id),
        ]

    assert answers(office.stranger_entity.id) == answers(2**40)


def test_a_role_for_somebody_unseen_is_refused_like_one_for_nobody(context: Context) -> None:
    office = given_office(context)
    other = given_entity(context, office)
    half = given_colleague(context, office, {office.entity_id: Role.OWNER})
    elsewhere = given_user(context, office, {other.id: Role.READER})

    answers = [
        [
            grant(context, half, office.entity_id, user_id, Role.READER),
            revoke_grant(context, half, office.entity_id, user_id),
        ]
        for user_id in (elsewhere.id, office.stranger.user_id, 2**40)
    ]

    assert answers[0] == answers[1] == answers[2]
    assert all(isinstance(answer, Denied) for answer in answers[0])

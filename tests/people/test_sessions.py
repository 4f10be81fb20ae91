"""Sessions: somebody signed in for a while, each use of which begins the idle time anew."""

from uuid import UUID

import pytest

from tests.given_people import given_user, principal
from tests.given_store import Clock, given_office
from tieout.domain.audit import AuditEvent
from tieout.domain.people import Face, Role, Session
from tieout.services.context import Context
from tieout.services.people.grants import grant
from tieout.services.people.last_uses import write_last_uses
from tieout.services.people.principals import principal_of_token
from tieout.services.people.sessions import SIGNED_IN, end_session, session_of, start_session
from tieout.services.people.tokens import Issued, issue_token
from tieout.store.protocols import Condition

FACTS = '{"positions":[1,3,5]}'


def started(context: Context, user_id: int, purpose: str = SIGNED_IN, face: Face = Face.KASHFLOW) -> str:
    """The token of a new session."""
    token = start_session(context, face, purpose, user_id, FACTS)
    assert token is not None
    return token


def test_a_session_stands_for_its_user_with_its_facts(context: Context) -> None:
    office = given_office(context)
    token = started(context, office.approver.user_id)

    found = session_of(context, Face.KASHFLOW, SIGNED_IN, token)

    assert found is not None
    assert found.principal == principal(context, office.approver.user_id, Face.KASHFLOW)
    assert found.session.facts == FACTS
    assert UUID(token).version == 4


def test_a_session_sees_roles_as_they_are_now(context: Context) -> None:
    office = given_office(context)
    token = started(context, office.reader.user_id)
    grant(context, office.owner, office.entity_id, office.reader.user_id, Role.APPROVER)

    found = session_of(context, Face.KASHFLOW, SIGNED_IN, token)

    assert found is not None
    assert found.principal.roles == {office.entity_id: Role.APPROVER}


def test_a_session_belongs_to_one_face_and_one_purpose(context: Context) -> None:
    office = given_office(context)
    token = started(context, office.reader.user_id, "memorable_word")

    found = [
        (face, purpose)
        for face in Face
        for purpose in (SIGNED_IN, "memorable_word", "")
        if session_of(context, face, purpose, token)
    ]

    assert found == [(Face.KASHFLOW, "memorable_word")]
    assert not end_session(context, Face.KASHFLOW, SIGNED_IN, token)
    assert not end_session(context, Face.DESK, "memorable_word", token)


def test_an_hour_without_use_ends_a_session(context: Context, clock: Clock) -> None:
    office = given_office(context)
    token = started(context, office.reader.user_id)

    clock.forward(minutes=59, seconds=59)
    used = session_of(context, Face.KASHFLOW, SIGNED_IN, token)
    clock.forward(minutes=60)

    assert used is not None
    assert session_of(context, Face.KASHFLOW, SIGNED_IN, token) is None


def test_a_session_in_use_goes_on_for_days(context: Context, clock: Clock) -> None:
    office = given_office(context)
    token = started(context, office.reader.user_id)

    for _ in range(50):
        clock.forward(minutes=55)
        assert session_of(context, Face.KASHFLOW, SIGNED_IN, token) is not None


def test_how_long_a_session_may_idle_is_said_when_it_starts(context: Context, clock: Clock) -> None:
    office = given_office(context)
    token = start_session(context, Face.KASHFLOW, SIGNED_IN, office.reader.user_id, idle_minutes=5)
    assert token is not None

    clock.forward(minutes=4)
    used = session_of(context, Face.KASHFLOW, SIGNED_IN, token)
    clock.forward(minutes=5)

    assert used is not None
    assert session_of(context, Face.KASHFLOW, SIGNED_IN, token) is None


def test_a_session_that_is_ended_is_over_and_ends_once(context: Context) -> None:
    office = given_office(context)
    token = started(context, office.reader.user_id)

    ended = [end_session(context, Face.KASHFLOW, SIGNED_IN, token) for _ in range(2)]

    assert ended == [True, False]
    assert session_of(context, Face.KASHFLOW, SIGNED_IN, token) is None


def test_nobody_signs_in_as_a_user_that_does_not_exist(context: Context) -> None:
    assert start_session(context, Face.KASHFLOW, SIGNED_IN, 2**40) is None


def test_sessions_make_no_event_and_are_kept_by_digest_alone(context: Context, clock: Clock) -> None:
    office = given_office(context)
    scope = f"organisation:{office.organisation.id}"
    with context.store.reading() as view:
        events = view.count(AuditEvent, scope=scope)

    token = started(context, office.reader.user_id)
    clock.forward(minutes=5)
    session_of(context, Face.KASHFLOW, SIGNED_IN, token)

    with context.store.reading() as view:
        (kept,) = view.all(Session, user_id=office.reader.user_id)
        assert view.count(AuditEvent, scope=scope) == events
    assert token not in repr(kept)
    assert kept.seen_at == context.now()


def test_who_signs_in_forgets_up_to_twenty_that_have_ended_until_none_is_left(context: Context, clock: Clock) -> None:
    office = given_office(context)
    made = given_user(context, office)
    for _ in range(21):
        started(context, made.id)
    clock.forward(minutes=60)

    left = [ended(context)]
    while left[-1]:
        started(context, made.id)
        left.append(ended(context))

    assert left == [*range(left[0], 0, -20), 0]
    with context.store.reading() as view:
        assert view.count(Session, user_id=made.id) == len(left) - 1 > 1


def ended(context: Context) -> int:
    """How many sessions of anybody have ended and are kept still: the tests before leave some."""
    with context.store.reading() as view:
        return view.count(Session, Condition("expires_at", "<=", context.now()))


@pytest.mark.parametrize("purpose", ["last_use", "wrong_attempts"])
def test_a_row_that_only_counts_lets_nobody_in(purpose: str, context: Context) -> None:
    office = given_office(context)
    issued = issue_token(context, office.reader, office.reader.user_id, Face.NATIVE)
    assert isinstance(issued, Issued)
    principal_of_token(context, Face.NATIVE, issued.text)
    write_last_uses(context)

    assert session_of(context, Face.NATIVE, purpose, issued.text) is None
    assert not end_session(context, Face.NATIVE, purpose, issued.text)

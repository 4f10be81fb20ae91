"""Users: made with their roles, known to those who own an entity that they work in, disabled rather than deleted."""

import pytest

from tests.given_people import PASSWORD, given_colleague, given_entity, given_user, principal
from tests.given_store import given_office
from tieout.domain.people import Face, Role, User
from tieout.services.context import Context, Denied
from tieout.services.people.operator import operator
from tieout.services.people.principals import principal_of_user
from tieout.services.people.sessions import SIGNED_IN, session_of, start_session
from tieout.services.people.signing_in import check_password
from tieout.services.people.users import (
    UserRequest,
    change_password,
    create_user,
    disable_user,
    enable_user,
    roles_of,
    user,
    user_with_email,
    users,
)
from tieout.store.protocols import Scope


def request(roles: dict[int, Role], email: str = "bo@office.example", password: str = PASSWORD) -> UserRequest:
    return UserRequest(email=email, name="Bo Ek", password=password, roles=roles)


def address(context: Context) -> str:
    return f"{context.random_bytes(6).hex()}@Office.Example"


def test_an_owner_makes_a_user_with_roles_in_its_entities(context: Context) -> None:
    office = given_office(context, "NOK", "EUR")
    roles = {office.entities[0].id: Role.PREPARER, office.entities[1].id: Role.READER}
    email = address(context)

    made = create_user(context, office.owner, request(roles, email))

    assert isinstance(made, User)
    assert made.email == email.lower()
    assert principal(context, made.id).roles == roles == roles_of(context, office.owner, made.id)
    assert user_with_email(context, f" {email.upper()} ") == made


def test_no_password_is_kept_and_none_is_shown(context: Context) -> None:
    office = given_office(context)

    made = given_user(context, office)

    assert made.password_hash.startswith("$argon2id$")
    assert PASSWORD not in made.password_hash
    assert PASSWORD not in repr(request({office.entity_id: Role.READER}))


def test_an_address_belongs_to_one_user_whatever_its_case_and_organisation(context: Context) -> None:
    office, other = given_office(context), given_office(context)
    email = given_user(context, other).email

    refused = create_user(context, office.owner, request({office.entity_id: Role.READER}, email.upper()))

    assert isinstance(refused, Denied)
    assert [(each.code, each.concerns) for each in refused.refusals] == [("exists", "email")]


def test_everything_that_is_wrong_with_a_new_user_is_said_at_once(context: Context) -> None:
    office = given_office(context)
    half = given_colleague(context, office, {office.entity_id: Role.APPROVER})
    wrong = UserRequest(
        email="ada", name="\t", password="short", roles={office.entity_id: Role.READER, 2**40: Role.READER}
    )

    refused = create_user(context, half, wrong)

    assert isinstance(refused, Denied)
    assert [(each.code, each.concerns) for each in refused.refusals] == [
        ("not_allowed", "email"),
        ("required", "name"),
        ("not_allowed", "password"),
        ("not_permitted", f"roles[{office.entity_id}]"),
        ("not_found", f"roles[{2**40}]"),
    ]


@pytest.mark.parametrize(
    "email", ["", "a b@office.example", "a@b@c", "x" * 251 + "@a.b", "ada@\ud800.example", "a\x00@b.c"]
)
def test_what_is_no_address_makes_no_user(email: str, context: Context) -> None:
    office = given_office(context)

    refused = create_user(context, office.owner, request({office.entity_id: Role.READER}, email))

    assert isinstance(refused, Denied)
    assert {each.concerns for each in refused.refusals} == {"email"}


def test_a_user_without_any_role_is_made_by_who_owns_every_entity(context: Context) -> None:
    office = given_office(context)
    given_entity(context, office)
    half = given_colleague(context, office, {office.entity_id: Role.OWNER})

    refused = create_user(context, half, request({}, address(context)))

    assert isinstance(refused, Denied)
    assert refused.codes == ("not_permitted",)
    assert isinstance(
        create_user(context, operator(context, office.organisation.id), request({}, address(context))), User
    )


def test_a_role_in_an_entity_of_others_is_refused_like_one_in_no_entity(context: Context) -> None:
    office = given_office(context)

    answers = [
        create_user(context, office.owner, request({entity_id: Role.OWNER}, address(context)))
        for entity_id in (office.stranger_entity.id, 2**40)
    ]

    assert [isinstance(answer, Denied) and answer.codes for answer in answers] == [("not_found",)] * 2


def test_an_owner_knows_who_works_in_its_entities_and_nobody_else(context: Context) -> None:
    office = given_office(context)
    other = given_entity(context, office)
    half = given_colleague(context, office, {office.entity_id: Role.OWNER})
    here = given_user(context, office, {office.entity_id: Role.READER})
    elsewhere = given_user(context, office, {other.id: Role.READER})

    known = [each.id for each in users(context, half)]

    assert here.id in known
    assert elsewhere.id not in known
    assert user(context, half, here.id) == here
    assert user(context, half, elsewhere.id) == user(context, half, 2**40)
    assert user(context, half, office.stranger.user_id) == user(context, half, 2**40)
    assert roles_of(context, half, elsewhere.id) == {}


def test_an_owner_of_one_entity_does_not_learn_of_roles_in_another(context: Context) -> None:
    office = given_office(context)
    other = given_entity(context, office)
    half = given_colleague(context, office, {office.entity_id: Role.OWNER})
    both = given_user(context, office, {office.entity_id: Role.READER, other.id: Role.OWNER})

    assert roles_of(context, half, both.id) == {office.entity_id: Role.READER}


def test_a_reader_knows_itself_alone(context: Context) -> None:
    office = given_office(context)

    assert [each.id for each in users(context, office.reader)] == [office.reader.user_id]
    assert user(context, office.reader, office.owner.user_id) == user(context, office.reader, 2**40)


def test_a_disabled_user_stands_for_nobody_until_enabled_again(context: Context) -> None:
    office = given_office(context)
    made = given_user(context, office)
    session = start_session(context, Face.KASHFLOW, SIGNED_IN, made.id)
    assert session is not None

    disabled = disable_user(context, office.owner, made.id)

    assert isinstance(disabled, User)
    assert disabled.disabled_at == context.now()
    assert principal_of_user(context, made.id, Face.DESK) is None
    assert session_of(context, Face.KASHFLOW, SIGNED_IN, session) is None
    assert start_session(context, Face.KASHFLOW, SIGNED_IN, made.id) is None
    assert enable_user(context, office.owner, made.id) == made
    assert principal_of_user(context, made.id, Face.DESK) is not None


def test_disabling_twice_changes_nothing_the_second_time(context: Context) -> None:
    office = given_office(context)
    made = given_user(context, office)
    first = disable_user(context, office.owner, made.id)
    scope = Scope("organisation", office.organisation.id)
    with context.store.reading() as view:
        events = view.event_count(scope)

    again = disable_user(context, office.owner, made.id)

    assert again == first
    with context.store.reading() as view:
        assert view.event_count(scope) == events


def test_the_last_owner_of_an_entity_cannot_be_disabled(context: Context) -> None:
    office = given_office(context)

    refused = disable_user(context, operator(context, office.organisation.id), office.owner.user_id)

    assert isinstance(refused, Denied)
    assert refused.codes == ("last_owner",)
    assert refused.refusals[0].fact("entity") == str(office.entity_id)


def test_a_disabled_owner_is_none_that_an_entity_could_keep(context: Context) -> None:
    office = given_office(context)
    second = given_user(context, office, {office.entity_id: Role.OWNER})
    disable_user(context, office.owner, second.id)

    refused = disable_user(context, office.owner, office.owner.user_id)

    assert isinstance(refused, Denied)
    assert refused.codes == ("last_owner",)


def test_an_owner_of_some_entities_disables_nobody_and_learns_nothing(context: Context) -> None:
    office = given_office(context)
    given_entity(context, office)
    half = given_colleague(context, office, {office.entity_id: Role.OWNER})

    answers = [disable_user(context, half, user_id) for user_id in (office.reader.user_id, 2**40)]

    assert answers[0] == answers[1]
    assert isinstance(answers[0], Denied)


def test_a_user_of_others_is_disabled_like_one_that_does_not_exist(context: Context) -> None:
    office = given_office(context)

    answers = [disable_user(context, office.owner, user_id) for user_id in (office.stranger.user_id, 2**40)]

    assert answers[0] == answers[1]
    assert principal(context, office.stranger.user_id) == office.stranger


def test_people_change_their_own_password_and_are_signed_out(context: Context) -> None:
    office = given_office(context)
    made = given_user(context, office)
    session = start_session(context, Face.DESK, SIGNED_IN, made.id)
    assert session is not None

    changed = change_password(context, principal(context, made.id), made.id, "parsnips and leeks", old=PASSWORD)

    assert changed == check_password(context, made.email, "parsnips and leeks")
    assert isinstance(check_password(context, made.email, PASSWORD), Denied)
    assert session_of(context, Face.DESK, SIGNED_IN, session) is None


def test_a_new_password_needs_the_old_one_and_eight_characters(context: Context) -> None:
    office = given_office(context)
    made = given_user(context, office)

    refused = change_password(context, principal(context, made.id), made.id, "short", old="wrong")

    assert isinstance(refused, Denied)
    assert [(each.code, each.concerns) for each in refused.refusals] == [
        ("credentials_wrong", "old"),
        ("not_allowed", "password"),
    ]
    assert check_password(context, made.email, PASSWORD) == made


def test_an_owner_gives_nobody_else_a_password(context: Context) -> None:
    office = given_office(context)
    made = given_user(context, office)

    refused = change_password(context, office.owner, made.id, "parsnips and leeks", old=PASSWORD)

    assert isinstance(refused, Denied)
    assert refused.codes == ("not_permitted",)


def test_who_runs_the_server_gives_a_new_password_without_the_old_one(context: Context) -> None:
    office = given_office(context)
    made = given_user(context, office)

    changed = change_password(context, operator(context, office.organisation.id), made.id, "parsnips and leeks")

    assert changed == check_password(context, made.email, "parsnips and leeks")

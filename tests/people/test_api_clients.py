"""Clients: programs that sign in by themselves, and the access tokens that they are given."""

from dataclasses import replace

from tests.given_people import given_entity, given_user
from tests.given_store import Clock, Office, given_office
from tieout.domain.audit import AuditEvent
from tieout.domain.people import NOBODY, Face, Principal, Role, Session
from tieout.services.context import Context, Denied
from tieout.services.people.api_clients import IssuedClient, api_clients, create_client, revoke_client
from tieout.services.people.client_tokens import (
    AccessToken,
    issue_access_token,
    principal_of_access_token,
    revoke_access_token,
)
from tieout.services.people.four_eyes import second_person_missing
from tieout.services.people.operator import operator
from tieout.services.people.principals import principal_of_token
from tieout.services.people.sessions import end_sessions_of, session_of
from tieout.services.people.users import disable_user, user

NO_SUCH_ID = "018f0000-0000-7000-8000-000000000000"


def given_client(context: Context, office: Office, label: str = "ERP") -> IssuedClient:
    """A client of the office."""
    made = create_client(context, operator(context, office.organisation.id), label)
    assert isinstance(made, IssuedClient), made
    return made


def given_access(context: Context, client: IssuedClient, user_public_id: str | None = None) -> AccessToken:
    """A token of the client, or of a user through it."""
    made = issue_access_token(context, client.client.public_id, client.secret, user_public_id)
    assert isinstance(made, AccessToken), made
    return made


def codes(answer: object) -> list[tuple[str, str]]:
    """Code and concern of every refusal."""
    assert isinstance(answer, Denied), answer
    return [(each.code, each.concerns) for each in answer.refusals]


def public_id_of(context: Context, principal: Principal) -> str:
    """The public id of a user."""
    found = user(context, principal, principal.user_id)
    assert not isinstance(found, Denied)
    return found.public_id


def test_a_client_owns_every_entity_of_its_organisation_those_made_later_too(context: Context) -> None:
    office = given_office(context, "NOK", "EUR")
    client = given_client(context, office)
    token = given_access(context, client)
    later = given_entity(context, office)

    found = principal_of_access_token(context, token.text)

    assert found == Principal(
        organisation_id=office.organisation.id,
        user_id=NOBODY,
        face=Face.MONITE,
        roles={entity.id: Role.OWNER for entity in (*office.entities, later)},
        post=False,
        client_id=client.client.id,
    )
    assert found.name == f"client:{client.client.id}@monite"
    assert token.seconds == 86_400
    assert client.secret not in repr(client)
    assert token.text not in repr(token)


def test_a_request_about_one_entity_reads_no_other(context: Context) -> None:
    office = given_office(context, "NOK", "EUR")
    token = given_access(context, given_client(context, office)).text

    own = principal_of_access_token(context, token, office.entities[1].public_id)
    strange = principal_of_access_token(context, token, office.stranger_entity.public_id)

    assert own is not None
    assert strange is not None
    assert own.roles == {office.entities[1].id: Role.OWNER}
    assert strange.roles == {}


def test_a_client_makes_nothing_final_alone(context: Context) -> None:
    office = given_office(context)
    found = principal_of_access_token(context, given_access(context, given_client(context, office)).text)
    assert found is not None

    with context.store.reading() as view:
        refusal = second_person_missing(view, found, office.entity_id, "user:1@desk")

    assert refusal is not None
    assert refusal.code == "post_missing"


def test_a_token_for_a_user_may_what_the_user_may(context: Context) -> None:
    office = given_office(context)
    token = given_access(context, given_client(context, office), public_id_of(context, office.reader))

    found = principal_of_access_token(context, token.text)

    assert found == replace(office.reader, face=Face.MONITE, post=False)


def test_whoever_does_not_know_the_secret_is_told_nothing(context: Context) -> None:
    office = given_office(context)
    client = given_client(context, office)
    stranger = public_id_of(context, office.stranger)
    revoked = given_client(context, office, "old")
    revoke_client(context, office.owner, revoked.client.public_id)

    def asked(public_id: str, secret: str, user_id: str | None = None) -> list[tuple[str, str]]:
        return codes(issue_access_token(context, public_id, secret, user_id))

    assert asked(client.client.public_id, client.secret + "x") == [("credentials_wrong", "")]
    assert asked(client.client.public_id, "x", stranger) == [("credentials_wrong", "")]
    assert asked(NO_SUCH_ID, client.secret) == [("credentials_wrong", "")]
    assert asked(revoked.client.public_id, revoked.secret) == [("credentials_wrong", "")]
    assert asked(client.client.public_id, client.secret, NO_SUCH_ID) == [("not_found", "user")]
    assert asked(client.client.public_id, client.secret, stranger) == [("not_found", "user")]


def test_a_token_is_good_for_a_day_however_often_it_is_used(context: Context, clock: Clock) -> None:
    token = given_access(context, given_client(context, given_office(context)))

    clock.forward(hours=23, minutes=59)
    before = principal_of_access_token(context, token.text)
    clock.forward(minutes=1)
    after = principal_of_access_token(context, token.text)

    assert before is not None
    assert after is None


def test_a_revoked_client_ends_all_that_it_was_given(context: Context) -> None:
    office = given_office(context)
    client = given_client(context, office)
    tokens = [given_access(context, client), given_access(context, client, public_id_of(context, office.owner))]

    revoked = revoke_client(context, office.owner, client.client.public_id)
    again = revoke_client(context, office.owner, client.client.public_id)

    assert revoked == again == replace(client.client, revoked_at=context.now())
    assert [principal_of_access_token(context, token.text) for token in tokens] == [None, None]


def test_a_disabled_or_signed_out_user_is_nobody_through_a_client_either(context: Context) -> None:
    office = given_office(context)
    client = given_client(context, office)
    disabled, signed_out = given_user(context, office), given_user(context, office)
    tokens = [given_access(context, client, each.public_id) for each in (disabled, signed_out)]

    disable_user(context, office.owner, disabled.id)
    with context.store.operating() as work:
        end_sessions_of(work, signed_out.id)

    assert [principal_of_access_token(context, token.text) for token in tokens] == [None, None]
    assert codes(issue_access_token(context, client.client.public_id, client.secret, disabled.public_id)) == [
        ("not_found", "user")
    ]


def test_a_client_ends_its_own_tokens_and_no_others(context: Context) -> None:
    office = given_office(context)
    own, other = given_client(context, office), given_client(context, office, "other")
    ending, staying = given_access(context, own), given_access(context, other)

    answers = [
        revoke_access_token(context, own.client.public_id, own.secret, token)
        for token in (ending.text, staying.text, "never given")
    ]
    wrong = revoke_access_token(context, other.client.public_id, own.secret, staying.text)

    assert answers == [None, None, None]
    assert codes(wrong) == [("credentials_wrong", "")]
    assert principal_of_access_token(context, ending.text) is None
    assert principal_of_access_token(context, staying.text) is not None


def test_an_access_token_signs_nobody_in_elsewhere(context: Context) -> None:
    office = given_office(context)
    token = given_access(context, given_client(context, office), public_id_of(context, office.owner))

    assert principal_of_token(context, Face.MONITE, token.text) is None
    assert session_of(context, Face.MONITE, "session", token.text) is None
    assert session_of(context, Face.KASHFLOW, "entity_user", token.text) is None


def test_only_who_owns_every_entity_makes_sees_and_revokes_clients(context: Context) -> None:
    office = given_office(context)
    client = given_client(context, office)

    assert codes(create_client(context, office.approver, "ERP")) == [("not_permitted", "configure")]
    assert codes(create_client(context, office.owner, " ")) == [("required", "label")]
    assert codes(revoke_client(context, office.approver, client.client.public_id)) == [("not_found", "client")]
    assert codes(revoke_client(context, office.stranger, client.client.public_id)) == [("not_found", "client")]
    assert api_clients(context, office.owner) == [client.client]
    assert api_clients(context, office.approver) == []
    assert api_clients(context, office.stranger) == []


def test_secrets_and_tokens_are_kept_as_digests_alone(context: Context) -> None:
    office = given_office(context)
    client = given_client(context, office)
    token = given_access(context, client)

    with context.store.reading() as view:
        events = view.all(AuditEvent, scope=f"organisation:{office.organisation.id}")
        sessions = view.all(Session, organisation_id=office.organisation.id)

    kept = f"{events} {sessions}"
    assert "create_client" in [event.action for event in events]
    assert client.secret not in kept
    assert token.text not in kept
    assert client.client.digest.hex() not in kept

"""Tokens: shown once, good for one face, never more than who issues them may give."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.given_people import given_colleague, given_entity, given_user, principal
from tests.given_store import Clock, Office, given_context, given_office
from tieout import app
from tieout.contracts.settings import ProcessSettings
from tieout.domain.audit import AuditEvent
from tieout.domain.people import Face, Principal, Role, Token
from tieout.services.context import Context, Denied
from tieout.services.people.grants import grant, revoke_grant
from tieout.services.people.last_uses import write_last_uses
from tieout.services.people.operator import operator
from tieout.services.people.principals import principal_of_token
from tieout.services.people.secrets import keep_secret
from tieout.services.people.tokens import Issued, issue_token, revoke_token, tokens
from tieout.services.people.users import disable_user, enable_user
from tieout.store.protocols import Scope
from tieout.store.sql.migrating import migrate
from tieout.store.sql.store import open_store


def issued(answer: Issued | Denied) -> Issued:
    """The token that was issued."""
    assert isinstance(answer, Issued), answer
    return answer


def codes(answer: object) -> list[tuple[str, str]]:
    """Code and concern of every refusal."""
    assert isinstance(answer, Denied)
    return [(each.code, each.concerns) for each in answer.refusals]


def own(context: Context, who: Principal, face: Face = Face.NATIVE, **how: object) -> Issued:
    """A token that somebody issues for itself."""
    return issued(issue_token(context, who, who.user_id, face, **how))  # type: ignore[arg-type]


def test_a_token_stands_for_its_user_in_every_entity_of_the_users(context: Context) -> None:
    office = given_office(context, "NOK", "EUR")

    made = own(context, office.approver)

    found = principal_of_token(context, Face.NATIVE, made.text)
    assert found == Principal(
        organisation_id=office.organisation.id,
        user_id=office.approver.user_id,
        face=Face.NATIVE,
        roles=office.approver.roles,
        post=False,
        token_id=made.token.id,
    )
    assert made.text not in repr(made)


def test_what_the_user_is_granted_later_counts_for_its_token_too(context: Context) -> None:
    office = given_office(context)
    made = own(context, office.reader)
    new = given_entity(context, office)
    grant(context, office.owner, office.entity_id, office.reader.user_id, Role.PREPARER)
    grant(context, principal(context, office.owner.user_id), new.id, office.reader.user_id, Role.READER)

    found = principal_of_token(context, Face.NATIVE, made.text)

    assert found is not None
    assert found.roles == {office.entity_id: Role.PREPARER, new.id: Role.READER}


def test_a_token_narrowed_to_entities_reaches_those_that_its_user_still_has_a_role_in(context: Context) -> None:
    office = given_office(context, "NOK", "EUR", "SEK")
    first, second, _ = (entity.id for entity in office.entities)
    made = own(context, office.reader, entities=(second, first, second))
    revoke_grant(context, office.owner, first, office.reader.user_id)

    found = principal_of_token(context, Face.NATIVE, made.text)

    assert made.token.entities == f"{first} {second}"
    assert found is not None
    assert found.roles == {second: Role.READER}


@pytest.mark.parametrize("face", [face for face in Face if face is not Face.DESK])
def test_a_token_belongs_to_one_face_and_is_nothing_to_the_others(face: Face, context: Context) -> None:
    office = given_office(context)

    made = own(context, office.reader, face)

    assert [each for each in Face if principal_of_token(context, each, made.text)] == [face]


def test_people_sign_in_to_the_desk_and_have_no_token_for_it(context: Context) -> None:
    office = given_office(context)

    refused = issue_token(context, office.owner, office.owner.user_id, Face.DESK, days=0, label="\x07")

    assert codes(refused) == [("not_allowed", "label"), ("not_allowed", "face"), ("not_allowed", "days")]


@pytest.mark.parametrize("text", ["", " ", "Bearer", "tieout_native_", "\ud800", "x" * 10_000])
def test_a_text_that_is_no_token_stands_for_nobody(text: str, context: Context) -> None:
    given_office(context)

    assert principal_of_token(context, Face.NATIVE, text) is None


def test_an_expired_token_stands_for_nobody(context: Context, clock: Clock) -> None:
    office = given_office(context)
    made = own(context, office.reader, days=2)

    clock.forward(hours=47, minutes=59)
    before = principal_of_token(context, Face.NATIVE, made.text)
    clock.forward(minutes=1)

    assert before is not None
    assert principal_of_token(context, Face.NATIVE, made.text) is None
    assert [each.counts for each in tokens(context, office.reader)] == [False]


def test_a_snapbooks_token_is_good_for_a_day_where_nothing_else_is_said(context: Context, clock: Clock) -> None:
    office = given_office(context)
    day, month = own(context, office.reader, Face.SNAPBOOKS), own(context, office.reader, Face.SNAPBOOKS, days=30)

    clock.forward(hours=24)

    assert principal_of_token(context, Face.SNAPBOOKS, day.text) is None
    assert principal_of_token(context, Face.SNAPBOOKS, month.text) is not None


def test_a_revoked_token_stands_for_nobody_from_that_moment(context: Context) -> None:
    office = given_office(context)
    made = own(context, office.reader)
    assert principal_of_token(context, Face.NATIVE, made.text) is not None

    revoked = revoke_token(context, office.reader, made.token.id)

    assert isinstance(revoked, Token)
    assert revoked.revoked_at == context.now()
    assert principal_of_token(context, Face.NATIVE, made.text) is None
    assert revoke_token(context, office.reader, made.token.id) == revoked


@pytest.mark.parametrize("change", ["the token", "the user", "the role"])
def test_what_one_process_changes_counts_for_a_token_that_another_knows(change: str, context: Context) -> None:
    office = given_office(context)
    made = own(context, office.reader)
    other = replace(context, known_tokens={})
    assert principal_of_token(other, Face.NATIVE, made.text) is not None

    match change:
        case "the token":
            revoke_token(context, office.reader, made.token.id)
        case "the user":
            disable_user(context, office.owner, office.reader.user_id)
        case _:
            revoke_grant(context, office.owner, office.entity_id, office.reader.user_id)

    found = principal_of_token(other, Face.NATIVE, made.text)
    assert found is None or (change == "the role" and found.roles == {})


def test_the_token_of_a_disabled_user_stands_for_nobody_until_it_is_enabled(context: Context) -> None:
    office = given_office(context)
    made = own(context, office.reader)
    assert principal_of_token(context, Face.NATIVE, made.text) is not None

    disable_user(context, office.owner, office.reader.user_id)
    disabled = principal_of_token(context, Face.NATIVE, made.text)
    enable_user(context, office.owner, office.reader.user_id)

    assert disabled is None
    assert principal_of_token(context, Face.NATIVE, made.text) is not None


def test_only_an_owner_lets_a_token_post_and_an_event_says_so(context: Context) -> None:
    office = given_office(context)

    refused = issue_token(context, office.approver, office.approver.user_id, Face.FINTERA, post=True)
    given = issue_token(context, office.owner, office.approver.user_id, Face.FINTERA, post=True)

    assert codes(refused) == [("not_permitted", "post")]
    made = issued(given)
    found = principal_of_token(context, Face.FINTERA, made.text)
    assert found is not None
    assert found.post
    with context.store.reading() as view:
        last = view.all(AuditEvent, scope=f"organisation:{office.organisation.id}")[-1]
    assert (last.actor, last.action) == (office.owner.name, "issue_token_with_post")
    assert made.text not in last.body


def test_a_token_that_posts_does_so_only_where_its_owner_said_so(context: Context) -> None:
    office = given_office(context)
    made = own(context, office.owner, post=True)
    new = given_entity(context, office)

    found = principal_of_token(context, Face.NATIVE, made.text)

    assert found is not None
    assert principal(context, office.owner.user_id).sees(new.id)
    assert not found.sees(new.id)


def test_a_token_that_an_owner_issues_for_somebody_is_narrowed_to_what_the_owner_owns(context: Context) -> None:
    office = given_office(context)
    other = given_entity(context, office)
    half = given_colleague(context, office, {office.entity_id: Role.OWNER})
    both = given_user(context, office, {office.entity_id: Role.READER, other.id: Role.OWNER})

    made = issued(issue_token(context, half, both.id, Face.FINTERA))

    found = principal_of_token(context, Face.FINTERA, made.text)
    assert found is not None
    assert found.roles == {office.entity_id: Role.READER}


def test_who_owns_nothing_issues_tokens_for_itself_alone(context: Context) -> None:
    office = given_office(context)

    answers = [
        issue_token(context, office.approver, user_id, Face.NATIVE)
        for user_id in (office.reader.user_id, office.stranger.user_id, 2**40)
    ]

    assert [codes(answer) for answer in answers] == [[("not_found", "user")]] * 3


def test_a_token_narrowed_to_an_entity_of_others_is_refused_like_one_for_no_entity(context: Context) -> None:
    office = given_office(context)
    other = given_entity(context, office)

    answers = [
        codes(issue_token(context, office.reader, office.reader.user_id, Face.NATIVE, entities=(entity_id,)))
        for entity_id in (other.id, office.stranger_entity.id, 2**40)
    ]

    assert answers == [
        [("not_found", f"entities[{entity_id}]")] for entity_id in (other.id, office.stranger_entity.id, 2**40)
    ]


def test_a_token_issues_none_that_reaches_further_lives_longer_or_posts(context: Context, clock: Clock) -> None:
    office = given_office(context, "NOK", "EUR")
    first, second = (entity.id for entity in office.entities)
    held = own(context, office.owner, entities=(first,), days=2)
    acting = principal_of_token(context, Face.NATIVE, held.text)
    assert acting is not None

    further = issue_token(context, acting, acting.user_id, Face.NATIVE, entities=(second,))
    posting = issue_token(context, acting, acting.user_id, Face.NATIVE, post=True)
    made = own(context, acting, days=30)

    assert codes(further) == [("not_found", f"entities[{second}]")]
    assert codes(posting) == [("post_missing", "post")]
    assert made.token.entities == str(first)
    assert made.token.expires_at == held.token.expires_at


def test_people_list_and_revoke_their_own_tokens_and_owners_those_that_act_where_they_own(context: Context) -> None:
    office = given_office(context)
    made = own(context, office.reader)

    assert [each.token for each in tokens(context, office.reader)] == [made.token]
    assert made.token in [each.token for each in tokens(context, office.owner)]
    assert tokens(context, office.approver) == []
    assert codes(revoke_token(context, office.approver, made.token.id)) == [("not_found", "token")]
    assert isinstance(revoke_token(context, office.owner, made.token.id), Token)


def _unseen(context: Context, office: Office, half: Principal, token_id: int) -> list[object]:
    return [
        revoke_token(context, half, token_id),
        [each for each in tokens(context, half) if each.token.id == token_id],
        revoke_token(context, office.stranger, token_id),
    ]


def test_a_token_that_acts_in_another_entity_is_answered_like_one_that_does_not_exist(context: Context) -> None:
    office = given_office(context)
    other = given_entity(context, office)
    half = given_colleague(context, office, {office.entity_id: Role.OWNER})
    elsewhere = given_colleague(context, office, {other.id: Role.OWNER})
    made = own(context, elsewhere)

    assert _unseen(context, office, half, made.token.id) == _unseen(context, office, half, 2**40)


def test_an_owner_sees_of_a_token_only_the_entities_that_it_owns(context: Context) -> None:
    office = given_office(context)
    other = given_entity(context, office)
    half = given_colleague(context, office, {office.entity_id: Role.OWNER})
    both = given_colleague(context, office, {office.entity_id: Role.READER, other.id: Role.READER})
    made = own(context, both)

    (seen,) = (each.token for each in tokens(context, half))

    assert (seen.id, seen.entities) == (made.token.id, str(office.entity_id))
    assert codes(revoke_token(context, half, made.token.id)) == [("not_permitted", "configure")]


def test_last_use_is_told_to_the_minute_and_makes_no_event(context: Context, clock: Clock) -> None:
    office = given_office(context)
    made = own(context, office.reader)
    scope = f"organisation:{office.organisation.id}"
    with context.store.reading() as view:
        events = view.count(AuditEvent, scope=scope)

    used = []
    for seconds in (0, 59, 1, 30):
        clock.forward(seconds=seconds)
        principal_of_token(context, Face.NATIVE, made.text)
        used.append((tokens(context, office.reader)[0].last_used_at, write_last_uses(context)))

    begin = made.token.created_at
    assert used == [(begin, 1), (begin, 0), (begin + 60_000_000, 1), (begin + 60_000_000, 0)]
    with context.store.reading() as view:
        assert view.count(AuditEvent, scope=scope) == events


def test_what_two_processes_remember_of_one_token_is_written_once_a_minute(context: Context, clock: Clock) -> None:
    office = given_office(context)
    made = own(context, office.reader)
    other = replace(context, known_tokens={}, token_uses={})

    written = []
    for minutes in (0, 1):
        clock.forward(minutes=minutes)
        for process in (context, other):
            principal_of_token(process, Face.NATIVE, made.text)
        written += [write_last_uses(process) for process in (context, other)]

    assert written == [1, 0, 1, 0]
    assert tokens(other, office.reader)[0].last_used_at == context.now()


def test_a_request_with_a_token_writes_nothing_and_waits_for_no_writer(context: Context) -> None:
    office = given_office(context)
    made = own(context, office.reader)

    with context.store.writing(Scope("organisation", office.organisation.id), "somebody", "something", context.now()):
        found = principal_of_token(context, Face.NATIVE, made.text)

    assert found is not None


def test_a_token_that_was_never_used_says_so(context: Context) -> None:
    office = given_office(context)
    own(context, office.reader)

    assert [each.last_used_at for each in tokens(context, office.reader)] == [None]


def test_no_file_of_a_database_holds_a_token_or_a_secret(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'tieout.db'}")
    migrate(store.database)
    context = given_context(store, "no token in the file")
    office = given_office(context)
    texts = [own(context, office.owner, face).text for face in Face if face is not Face.DESK]
    keep_secret(context, operator(context, office.organisation.id), f"user:{office.owner.user_id}", "word", "kohlrabi")
    for face, text in zip([face for face in Face if face is not Face.DESK], texts, strict=True):
        assert principal_of_token(context, face, text) is not None
    write_last_uses(context)
    store.close()

    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert b"issue_token" in kept
    for text in (*texts, "kohlrabi"):
        assert text.encode() not in kept
        assert text.split("_", 2)[-1].encode() not in kept


def test_the_clock_and_chance_of_the_machine_reach_services_through_the_composition_root(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'tieout.db'}")
    migrate(store.database)
    store.close()

    with app.opened(ProcessSettings(database=f"sqlite:///{tmp_path / 'tieout.db'}")) as context:
        office = given_office(context)
        texts = {own(context, office.owner).text for _ in range(3)}

    assert len(texts) == 3
    assert context.now() > 1_700_000_000_000_000

"""Secrets: kept sealed by who may, read back by code that signs somebody in."""

import pytest

from tests.given_people import given_colleague, given_entity, principal
from tests.given_store import given_office
from tieout.contracts.sealing import CannotUnseal
from tieout.domain.people import Face, Role, Secret
from tieout.services.context import Context, Denied
from tieout.services.people.operator import operator
from tieout.services.people.secrets import keep_secret, read_secret
from tieout.store.protocols import Scope


def test_a_secret_is_read_back_as_it_was_kept_and_seen_by_no_reader_of_rows(context: Context) -> None:
    office = given_office(context)
    owner = f"user:{office.reader.user_id}"

    kept = keep_secret(context, office.reader, owner, "memorable_word", "kohlrabi æøå")

    assert isinstance(kept, Secret)
    assert read_secret(context, office.organisation.id, owner, "memorable_word") == "kohlrabi æøå"
    assert b"kohlrabi" not in kept.sealed


def test_a_new_secret_takes_the_place_of_the_one_before(context: Context) -> None:
    office = given_office(context)
    owner = f"user:{office.reader.user_id}"
    before = keep_secret(context, office.reader, owner, "memorable_word", "kohlrabi")

    after = keep_secret(context, office.reader, owner, "memorable_word", "radishes")

    assert isinstance(before, Secret)
    assert isinstance(after, Secret)
    assert read_secret(context, office.organisation.id, owner, "memorable_word") == "radishes"
    with context.store.reading() as view:
        assert view.all(Secret, owner=owner) == [after]


def test_a_secret_moved_to_another_row_does_not_open(context: Context) -> None:
    office = given_office(context)
    mine, yours = (f"user:{who.user_id}" for who in (office.reader, office.owner))
    kept = keep_secret(context, office.reader, mine, "memorable_word", "kohlrabi")
    target = keep_secret(context, office.owner, yours, "memorable_word", "radishes")
    assert isinstance(kept, Secret)
    assert isinstance(target, Secret)

    scope = Scope("organisation", office.organisation.id)
    with context.store.writing(scope, "intruder", "move_secret", context.now()) as work:
        work.change(target, sealed=kept.sealed)

    with pytest.raises(CannotUnseal):
        read_secret(context, office.organisation.id, yours, "memorable_word")
    assert read_secret(context, office.organisation.id, mine, "memorable_word") == "kohlrabi"


def test_nobody_keeps_a_secret_of_somebody_else(context: Context) -> None:
    office = given_office(context)
    given_entity(context, office)
    half = given_colleague(context, office, {office.entity_id: Role.OWNER})
    owner = f"user:{office.reader.user_id}"

    for who in (half, office.approver):
        refused = keep_secret(context, who, owner, "memorable_word", "mine now", entity_id=office.entity_id)
        assert isinstance(refused, Denied)
        assert refused.codes == ("not_permitted",)
    assert read_secret(context, office.organisation.id, owner, "memorable_word") is None


def test_an_owner_keeps_the_secrets_of_its_entitys_connections(context: Context) -> None:
    office = given_office(context)
    other = given_entity(context, office)
    half = given_colleague(context, office, {office.entity_id: Role.OWNER})

    kept = keep_secret(context, half, "connection:3", "client_secret", "s3", entity_id=office.entity_id)
    refused = keep_secret(context, half, "connection:4", "client_secret", "s4", entity_id=other.id)

    assert isinstance(kept, Secret)
    assert isinstance(refused, Denied)


def test_who_runs_the_server_keeps_anybodys_secret(context: Context) -> None:
    office = given_office(context)
    owner = f"user:{office.reader.user_id}"

    keep_secret(context, operator(context, office.organisation.id), owner, "memorable_word", "kohlrabi")

    assert read_secret(context, office.organisation.id, owner, "memorable_word") == "kohlrabi"


@pytest.mark.parametrize(
    ("clear", "code"), [("", "required"), ("x" * 10_001, "too_long"), ("half \ud800", "not_allowed")]
)
def test_what_cannot_be_a_secret_is_refused(clear: str, code: str, context: Context) -> None:
    office = given_office(context)

    refused = keep_secret(context, office.reader, f"user:{office.reader.user_id}", "memorable_word", clear)

    assert isinstance(refused, Denied)
    assert refused.codes == (code,)


def test_a_secret_of_another_organisation_is_not_found(context: Context) -> None:
    office = given_office(context)
    owner = f"user:{office.reader.user_id}"
    keep_secret(context, principal(context, office.reader.user_id, Face.DESK), owner, "memorable_word", "kohlrabi")

    assert read_secret(context, office.stranger.organisation_id, owner, "memorable_word") is None

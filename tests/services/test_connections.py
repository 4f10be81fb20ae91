"""Connections: made, told, synced, given other secrets, ended."""

import json

import pytest

from tests.given_matches import accepted, codes
from tests.given_platform import SECRETS, SETTINGS, Stub, found_connection, given_connection, with_platform
from tests.given_store import Clock, Office, given_office
from tieout.contracts.platform import Business, PlatformFault
from tieout.domain.connections import Connection
from tieout.domain.people import Secret
from tieout.domain.work import Job, Schedule
from tieout.services.context import Context
from tieout.services.jobs import run_queued
from tieout.services.people.settings import SYNC_MINUTES, set_setting
from tieout.services.schedules import run_due_schedules
from tieout.services.syncing.connections import (
    configure_connection,
    connections,
    create_connection,
    disconnect,
    error_messages,
    sync_connection,
)


@pytest.fixture
def stub() -> Stub:
    return Stub()


@pytest.fixture
def office(context: Context) -> Office:
    return given_office(context)


@pytest.fixture
def here(context: Context, stub: Stub) -> Context:
    return with_platform(context, stub)


def made(here: Context, office: Office) -> Connection:
    return accepted(create_connection(here, office.owner, office.entity_id))


def told(here: Context, office: Office, connection: Connection, **secrets: str) -> object:
    return configure_connection(
        here, office.owner, office.entity_id, connection.id, "stub", SETTINGS, secrets or SECRETS
    )


def test_a_new_connection_waits_to_be_told_where_it_leads(here: Context, office: Office) -> None:
    connection = made(here, office)

    assert (connection.status, connection.platform) == ("pending_auth", "")


def test_a_connection_is_connected_once_its_platform_has_answered(here: Context, office: Office) -> None:
    connection = given_connection(here, office)

    assert connection.status == "connected"
    assert json.loads(connection.business)["legal_name"] == "Nordic Trading AS"
    assert connection.last_pull_at is not None


def test_what_a_platform_says_of_wrong_secrets_is_told_on_the_connection(here: Context, office: Office) -> None:
    connection = made(here, office)

    answer = told(here, office, connection, password="wrong")

    assert codes(answer) == ["platform_unavailable"]
    now = found_connection(here, office, connection.id)
    assert (now.status, error_messages(now)) == ("pending_auth", ("the password is wrong",))


@pytest.mark.parametrize(
    ("platform", "settings", "secrets", "refused"),
    [
        ("stab", SETTINGS, SECRETS, [("not_allowed", "platform")]),
        ("stub", {}, SECRETS, [("required", "settings.address")]),
        ("stub", SETTINGS, {}, [("required", "secrets.password")]),
        ("stub", {**SETTINGS, "password": "x"}, SECRETS, [("not_allowed", "settings.password")]),
        ("stub", SETTINGS, {**SECRETS, "token": "x"}, [("not_allowed", "secrets.token")]),
    ],
)
def test_a_connection_is_told_what_its_platform_asks_for_and_nothing_else(
    here: Context,
    office: Office,
    platform: str,
    settings: dict[str, str],
    secrets: dict[str, str],
    refused: list[tuple[str, str]],
) -> None:
    connection = made(here, office)

    answer = configure_connection(here, office.owner, office.entity_id, connection.id, platform, settings, secrets)

    assert [(each.code, each.concerns) for each in answer.refusals] == refused  # type: ignore[union-attr]


def test_books_in_another_currency_are_not_the_entitys(here: Context, office: Office, stub: Stub) -> None:
    stub.company = Business("Elsewhere", base_currency="SEK")
    connection = made(here, office)

    answer = told(here, office, connection)

    assert codes(answer) == ["currency_differs"]
    with here.store.reading() as view:
        assert view.count(Secret, owner=f"connection:{connection.id}") == 0


def test_an_entity_has_one_active_connection(here: Context, office: Office) -> None:
    waiting = made(here, office)
    first = given_connection(here, office)

    second = create_connection(here, office.owner, office.entity_id)
    third = told(here, office, waiting)

    assert codes(second) == ["exists"]
    assert codes(third) == ["exists"]
    assert second.refusals[0].fact("connection") == first.public_id  # type: ignore[union-attr]


def test_only_who_configures_connects_and_ends(here: Context, office: Office) -> None:
    connection = given_connection(here, office)

    assert codes(create_connection(here, office.approver, office.entity_id)) == ["not_permitted"]
    assert codes(disconnect(here, office.approver, office.entity_id, connection.id)) == ["not_permitted"]
    assert codes(disconnect(here, office.stranger, office.entity_id, connection.id)) == ["not_found"]


def test_a_sync_that_waits_is_joined(here: Context, office: Office) -> None:
    connection = given_connection(here, office)

    first = accepted(sync_connection(here, office.preparer, office.entity_id, connection.id))
    second = accepted(sync_connection(here, office.preparer, office.entity_id, connection.id))

    assert first.id == second.id


def test_a_sync_that_runs_is_joined(here: Context, office: Office, stub: Stub) -> None:
    connection = given_connection(here, office)
    joined: list[Job] = []

    def during(call: str, object_type: str) -> PlatformFault | None:
        if (call, object_type) == ("pull", "customer") and not joined:
            joined.append(accepted(sync_connection(here, office.preparer, office.entity_id, connection.id)))
        return None

    stub.says = during
    running = accepted(sync_connection(here, office.preparer, office.entity_id, connection.id))
    run_queued(here)

    assert [each.id for each in joined] == [running.id]


def test_a_connection_is_synced_every_day_by_itself(here: Context, office: Office, stub: Stub, clock: Clock) -> None:
    connection = given_connection(here, office)
    stub.calls.clear()

    clock.forward(hours=25)
    run_due_schedules(here)
    run_queued(here)

    assert ("pull", "receivable") in stub.calls
    now = found_connection(here, office, connection.id)
    assert now.last_pull_at is not None
    assert connection.last_pull_at is not None
    assert now.last_pull_at > connection.last_pull_at


def test_how_often_a_connection_is_synced_is_a_setting(here: Context, office: Office) -> None:
    accepted(set_setting(here, office.owner, SYNC_MINUTES, "60", entity_id=office.entity_id))
    given_connection(here, office)

    with here.store.reading() as view:
        schedules = view.all(Schedule, entity_id=office.entity_id)
    assert [each.every_minutes for each in schedules] == [60]


def test_an_ended_connection_keeps_no_secret_no_schedule_and_asks_nothing(
    here: Context, office: Office, stub: Stub, clock: Clock
) -> None:
    connection = given_connection(here, office)
    stub.calls.clear()

    ended = accepted(disconnect(here, office.owner, office.entity_id, connection.id))
    again = accepted(disconnect(here, office.owner, office.entity_id, connection.id))
    clock.forward(days=3)
    run_due_schedules(here)
    run_queued(here)

    assert (ended.status, again.status) == ("disconnected", "disconnected")
    assert stub.calls == []
    with here.store.reading() as view:
        assert view.count(Secret, owner=f"connection:{connection.id}") == 0
        assert view.count(Schedule, entity_id=office.entity_id) == 0
    assert codes(sync_connection(here, office.owner, office.entity_id, connection.id)) == ["state_differs"]
    assert codes(told(here, office, connection)) == ["state_differs"]
    assert accepted(connections(here, office.owner, office.entity_id)) == []
    shown = accepted(connections(here, office.owner, office.entity_id, disconnected=True))
    assert [each.id for each in shown] == [connection.id]


def test_a_platform_that_refuses_the_credentials_is_not_asked_again_before_others_are_given(
    here: Context, office: Office, stub: Stub, clock: Clock
) -> None:
    connection = given_connection(here, office)
    stub.says = lambda call, _: PlatformFault("unauthorised", "the token was revoked") if call == "open" else None
    accepted(sync_connection(here, office.owner, office.entity_id, connection.id))
    run_queued(here)
    refused = found_connection(here, office, connection.id)

    stub.says = lambda _call, _object_type: None
    stub.calls.clear()
    clock.forward(days=2)
    run_due_schedules(here)
    run_queued(here)
    quiet = [*stub.calls]
    healed = told(here, office, connection)

    assert (refused.status, error_messages(refused)) == ("deauthorized", ("the token was revoked",))
    assert quiet == []
    assert isinstance(healed, Connection)
    assert healed.status == "connected"


def test_secrets_that_are_not_given_again_stay(here: Context, office: Office) -> None:
    connection = given_connection(here, office)

    answer = configure_connection(here, office.owner, office.entity_id, connection.id, "stub", SETTINGS, {})

    assert isinstance(answer, Connection)


def test_a_schedule_goes_on_after_every_fault_of_a_platform(
    here: Context, office: Office, stub: Stub, clock: Clock
) -> None:
    connection = given_connection(here, office)
    for kind in ("malformed", "unknown", "refused", "unavailable", "settings"):
        stub.says = lambda call, _, kind=kind: PlatformFault(kind, f"it is {kind}") if call == "pull" else None  # type: ignore[misc]
        clock.forward(hours=25)
        run_due_schedules(here)
        run_queued(here)
        clock.forward(hours=1)
        run_queued(here)
        assert f"it is {kind}" in error_messages(found_connection(here, office, connection.id))

    stub.says = lambda _call, _object_type: None
    clock.forward(hours=25)
    run_due_schedules(here)
    run_queued(here)

    assert error_messages(found_connection(here, office, connection.id)) == ()

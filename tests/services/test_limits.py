"""How often a credential may call, and what becomes of one that misuses its calls."""

import os
from dataclasses import replace
from itertools import count
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis.strategies import integers, lists

from tests.given_store import NOON, SECOND, Clock, given_context, given_office
from tieout.domain.people import OPERATOR
from tieout.domain.work import CallMade, CredentialBlock
from tieout.services.context import Context, Denied
from tieout.services.limits import (
    FAULTY,
    FAULTY_MAX,
    LOCKED_CALLS_MAX,
    MINUTE,
    Allowed,
    Locked,
    Taken,
    TooMany,
    credential_of,
    note_answer,
    take_call,
)
from tieout.services.people.operator import operator
from tieout.services.usage import blocks, unblock, usage
from tieout.store.sql.store import SqlStore

ENDPOINT = "unresolveds"
A_DAY = 24 * 60
EXAMPLES = count(1)


def a_call(context: Context, organisation_id: int, user_id: int, per_minute: int | None = 3) -> Taken:
    """One call of a user."""
    return take_call(context, organisation_id, credential_of(user_id), ENDPOINT, per_minute)


def a_credential(context: Context) -> tuple[int, int]:
    """An organisation with one user that nobody else has."""
    office = given_office(context)
    return office.organisation.id, office.owner.user_id


def given_faults(context: Context, user_id: int, faults: int, apart: int) -> None:
    """Faulty calls of a user that lie so many seconds apart, the last of them now."""
    rows = (
        CallMade(
            credential=credential_of(user_id),
            endpoint=FAULTY,
            at=context.now() - (faults - number) * apart * SECOND,
            number=number,
        )
        for number in range(1, faults + 1)
    )
    with context.store.operating() as work:
        work.add(*rows)


def most_in_a_minute(answered: list[int]) -> int:
    """How many of these instants lie inside one minute, wherever it begins."""
    return max((sum(at <= other < at + MINUTE for other in answered) for at in answered), default=0)


def test_the_fourth_call_of_a_minute_is_told_how_long_to_wait_and_gets_through_then(
    context: Context, clock: Clock
) -> None:
    who = a_credential(context)
    for _ in range(3):
        assert a_call(context, *who) == Allowed()
        clock.forward(seconds=10)

    early = a_call(context, *who)
    clock.forward(seconds=30)
    late = a_call(context, *who)

    assert (early, late) == (TooMany(30), Allowed())


def test_a_minute_begins_with_each_call_and_not_with_the_clock(context: Context, clock: Clock) -> None:
    """Two fixed minutes would let six calls through between the 59th second of one and the first of the next."""
    who = a_credential(context)
    clock.forward(seconds=59)
    assert [a_call(context, *who) for _ in range(3)] == [Allowed()] * 3

    clock.forward(seconds=2)

    assert [a_call(context, *who) for _ in range(3)] == [TooMany(58)] * 3


def test_refused_calls_do_not_put_off_the_next_one(context: Context, clock: Clock) -> None:
    who = a_credential(context)
    for _ in range(3):
        a_call(context, *who)
    for _ in range(59):
        clock.forward(seconds=1)
        assert isinstance(a_call(context, *who), TooMany)

    clock.forward(seconds=1)

    assert a_call(context, *who) == Allowed()


def test_endpoints_and_credentials_have_limits_of_their_own(context: Context) -> None:
    one, other = a_credential(context), a_credential(context)
    for _ in range(3):
        a_call(context, *one)

    assert isinstance(a_call(context, *one), TooMany)
    assert a_call(context, *other) == Allowed()
    assert take_call(context, one[0], credential_of(one[1]), "concilieds", 30) == Allowed()


@settings(max_examples=20)
@given(pauses=lists(integers(0, 45 * SECOND), min_size=1, max_size=25), per_minute=integers(1, 5))
def test_no_minute_holds_more_calls_than_it_may_whenever_they_come(
    store: SqlStore, pauses: list[int], per_minute: int
) -> None:
    clock = Clock()
    context = given_context(store, "sliding minutes", clock)
    credential = f"user:sliding {next(EXAMPLES)} of {os.getpid()}"
    answered: list[int] = []

    for pause in pauses:
        clock.now += pause
        match take_call(context, 0, credential, ENDPOINT, per_minute):
            case Allowed():
                answered.append(clock.now)
            case TooMany(seconds):
                free_at = answered[-per_minute] + MINUTE
                assert free_at <= clock.now + seconds * SECOND < free_at + SECOND

    assert most_in_a_minute(answered) <= per_minute


@pytest.mark.slow
def test_over_a_day_of_bursts_no_minute_holds_too_many_and_waiting_as_told_is_enough(
    context: Context, clock: Clock
) -> None:
    who, chance = a_credential(context), Random(7)
    answered: list[int] = []
    refused_after_waiting, waited = 0, False

    while clock.now < NOON + A_DAY * MINUTE:
        match a_call(context, *who):
            case Allowed():
                answered.append(clock.now)
                waited = False
                clock.now += chance.randrange(20 * SECOND if len(answered) % 8 else 20 * MINUTE)
            case TooMany(seconds):
                refused_after_waiting += waited
                waited = True
                clock.forward(seconds=seconds)

    assert refused_after_waiting == 0
    assert len(answered) > 500
    assert most_in_a_minute(answered) == 3


def test_the_five_hundredth_fault_of_an_hour_locks_for_an_hour(context: Context, clock: Clock) -> None:
    organisation_id, user_id = who = a_credential(context)
    given_faults(context, user_id, FAULTY_MAX - 1, apart=7)
    assert a_call(context, *who, None) == Allowed()
    note_answer(context, organisation_id, credential_of(user_id), ENDPOINT, 404)

    locked = a_call(context, *who, None)
    clock.forward(hours=1)
    after = a_call(context, *who, None)

    assert locked == Locked(clock.now, 3600)
    assert after == Allowed()


def test_faults_that_lie_further_apart_lock_nobody(context: Context, clock: Clock) -> None:
    organisation_id, user_id = who = a_credential(context)
    given_faults(context, user_id, FAULTY_MAX, apart=8)

    for _ in range(20):
        clock.forward(seconds=8)
        note_answer(context, organisation_id, credential_of(user_id), ENDPOINT, 400)

    assert a_call(context, *who) == Allowed()


def test_calls_that_come_too_early_are_faults_too(context: Context) -> None:
    who = a_credential(context)
    given_faults(context, who[1], FAULTY_MAX - 2, apart=1)

    answers = [a_call(context, *who) for _ in range(6)]

    assert [type(each) for each in answers] == [Allowed] * 3 + [TooMany] * 2 + [Locked]


def test_a_thousand_calls_at_a_locked_door_lock_it_until_support_acts(context: Context, clock: Clock) -> None:
    organisation_id, user_id = who = a_credential(context)
    given_faults(context, user_id, FAULTY_MAX - 1, apart=1)
    note_answer(context, organisation_id, credential_of(user_id), ENDPOINT, 403)
    with context.store.operating() as work:
        (kept,) = work.all(CredentialBlock, credential=credential_of(user_id))
        work.change(kept, asked=LOCKED_CALLS_MAX - 2)
    before, last = a_call(context, *who), a_call(context, *who)
    clock.forward(days=30)
    principal = operator(context, organisation_id)

    assert (before, last) == (Locked(kept.until, 3600), Locked(None, None))
    assert a_call(context, *who) == Locked(None, None)
    assert [each.credential for each in blocks(context, principal)] == [credential_of(user_id)]
    assert not isinstance(unblock(context, principal, user_id), Denied)
    assert a_call(context, *who) == Allowed()
    note_answer(context, organisation_id, credential_of(user_id), ENDPOINT, 403)
    clock.forward(minutes=1)
    assert a_call(context, *who) == Allowed()


def test_only_whoever_runs_commands_plays_the_vendors_support(context: Context) -> None:
    office = given_office(context)
    given_faults(context, office.owner.user_id, FAULTY_MAX - 1, apart=1)
    note_answer(context, office.organisation.id, credential_of(office.owner.user_id), ENDPOINT, 400)

    by_owner = unblock(context, office.owner, office.owner.user_id)
    unknown = unblock(context, operator(context, office.organisation.id), office.reader.user_id)

    assert isinstance(by_owner, Denied)
    assert by_owner.codes == ("not_permitted",)
    assert isinstance(unknown, Denied)
    assert unknown.codes == ("not_found",)


def test_what_was_called_is_counted_by_day_and_shown_to_owners_alone(context: Context, clock: Clock) -> None:
    office = given_office(context)
    preparer, reader = office.preparer.user_id, office.reader.user_id
    for _ in range(5):
        a_call(context, office.organisation.id, preparer)
    clock.forward(days=1)
    a_call(context, office.organisation.id, preparer)
    a_call(context, office.organisation.id, reader)

    shown = usage(context, office.owner)
    own = usage(context, office.reader)

    told = {(each.credential, each.on_day): (each.calls, each.refused, each.faulty, each.blocked) for each in shown}
    today = clock.now // (A_DAY * MINUTE)
    assert told == {
        (credential_of(preparer), today - 1): (5, 2, 2, 0),
        (credential_of(preparer), today): (1, 0, 0, 0),
        (credential_of(reader), today): (1, 0, 0, 0),
    }
    assert {each.credential for each in own} == {credential_of(reader)}
    assert [each.on_day for each in usage(context, office.owner, from_day=today)] == [today, today]
    assert usage(context, replace(office.stranger, user_id=OPERATOR)) == []


def test_with_limits_off_no_call_is_refused_or_counted(context: Context) -> None:
    lifted = replace(context, settings=replace(context.settings, call_limits="off"))
    organisation_id, user_id = who = a_credential(context)

    answers = [a_call(lifted, *who) for _ in range(10)]
    note_answer(lifted, organisation_id, credential_of(user_id), ENDPOINT, 400)

    assert answers == [Allowed()] * 10
    assert usage(context, operator(context, organisation_id)) == []
    assert a_call(context, *who) == Allowed()

"""The same key and request give the same answer, and one effect, whatever happens in between."""

import threading
from typing import Any

import pytest

from tests.api.given_server import Native, Told
from tests.given_store import Clock, given_office
from tieout.domain.accounts import Account
from tieout.domain.audit import RequestKept
from tieout.domain.people import Face, Principal, Role
from tieout.services.accounts import AccountRequest, open_account
from tieout.services.context import Context, Denied
from tieout.services.idempotency import (
    LEASE_MICROSECONDS,
    FieldsDiffer,
    Kept,
    Outcome,
    Request,
    StillRunning,
    forget_old_answers,
    once,
)

KEY = {"idempotency-key": "march-1"}
REQUEST = Request("user:7@native", "POST /accounts", "key", {"name": b'"Main"'})


def open_main(served: Native, headers: dict[str, str], **fields: str) -> Told:
    """Open an account under a key."""
    asked: dict[str, Any] = {"kind": "bank", "name": "Main", "currency": "NOK", **fields}
    return served.client.ask("POST", f"{served.entity}/accounts", headers=headers, **asked)


def account_count(served: Native) -> int:
    """How many accounts there are."""
    return len(served.client.ask("GET", f"{served.entity}/accounts").json["accounts"])


def test_the_same_request_again_gets_the_same_answer_and_has_one_effect(served: Native) -> None:
    first, again = open_main(served, KEY), open_main(served, KEY)

    assert (first.status, first.content) == (again.status, again.content) == (201, first.content)
    assert first.headers["location"] == again.headers["location"]
    assert account_count(served) == 1


def test_without_a_key_every_request_has_its_effect(served: Native) -> None:
    open_main(served, {}), open_main(served, {})

    assert account_count(served) == 2


def test_another_body_under_the_key_is_told_which_field_differs(served: Native) -> None:
    open_main(served, KEY)

    told = open_main(served, KEY, name="Other", code="1920")

    assert (told.status, told.code) == (422, "key_used")
    assert [each["concerns"] for each in told.json["findings"]] == ["code", "name"]
    assert account_count(served) == 1


def test_a_refusal_is_kept_too(served: Native) -> None:
    first = open_main(served, KEY, number="NO1", currency="XXX")
    again = open_main(served, KEY, number="NO1", currency="XXX")

    assert (first.status, first.content) == (again.status, again.content) == (422, first.content)


def test_a_key_belongs_to_its_principal_and_route(served: Native) -> None:
    open_main(served, KEY)
    approver = served.client_of(served.office.approver)

    other = approver.ask("POST", f"{served.entity}/accounts", headers=KEY, kind="bank", name="Main", currency="NOK")

    assert other.status == 201
    assert account_count(served) == 2


def kept_of(context: Context) -> RequestKept | None:
    """What is kept under the key of the tests below."""
    with context.store.reading() as view:
        return view.one(RequestKept, principal=REQUEST.principal, route=REQUEST.route, key=REQUEST.key)


@pytest.fixture(autouse=True)
def _no_key_of_a_test_before(context: Context) -> None:
    with context.store.operating() as work:
        for kept in work.all(RequestKept, principal=REQUEST.principal):
            work.remove(kept)


def opening(context: Context, entity_id: int, status: int = 201) -> Kept:
    """The effect of the tests below: one more account."""
    owner = Principal(1, 1, Face.NATIVE, {entity_id: Role.OWNER})
    made = open_account(context, owner, entity_id, AccountRequest(kind="bank", name="Main", currency="NOK"))
    assert not isinstance(made, Denied)
    return Kept(status, str(made.id).encode(), {})


def accounts_in(context: Context, entity_id: int) -> int:
    """How many accounts were really opened."""
    with context.store.reading() as view:
        return view.count(Account, entity_id=entity_id)


def test_the_answer_is_kept_in_the_transaction_of_its_effect(context: Context) -> None:
    entity_id = given_office(context).entity_id

    def crashing(handed: Context) -> Kept:
        opening(handed, entity_id)
        assert accounts_in(context, entity_id) == 0, "nothing is committed before the answer is known"
        raise MemoryError

    with pytest.raises(MemoryError):
        once(context, REQUEST, crashing)

    assert accounts_in(context, entity_id) == 0
    assert kept_of(context) is None
    assert once(context, REQUEST, lambda handed: opening(handed, entity_id)) == once(context, REQUEST, _must_not_run)
    assert accounts_in(context, entity_id) == 1


def _must_not_run(_: Context) -> Kept:
    raise AssertionError("the answer was kept")


def test_an_answer_that_says_the_server_failed_leaves_nothing(context: Context) -> None:
    entity_id = given_office(context).entity_id

    told = once(context, REQUEST, lambda handed: opening(handed, entity_id, 500))

    assert isinstance(told, Kept)
    assert (told.status, accounts_in(context, entity_id), kept_of(context)) == (500, 0, None)


def test_while_the_first_runs_the_second_is_told_to_come_again(context: Context) -> None:
    entity_id = given_office(context).entity_id
    second: list[Outcome] = []

    def first(handed: Context) -> Kept:
        asking = threading.Thread(target=lambda: second.append(once(context, REQUEST, _must_not_run)))
        asking.start()
        asking.join()
        return opening(handed, entity_id)

    told = once(context, REQUEST, first)

    assert isinstance(told, Kept)
    assert second == [StillRunning(1)]


def test_a_key_that_a_dead_process_held_is_free_after_its_lease(context: Context, clock: Clock) -> None:
    entity_id = given_office(context).entity_id

    def outlived(handed: Context) -> Kept:
        clock.now += LEASE_MICROSECONDS
        assert isinstance(once(context, REQUEST, lambda inner: opening(inner, entity_id)), Kept)
        return opening(handed, entity_id)

    told = once(context, REQUEST, outlived)

    assert isinstance(told, StillRunning), "who lost the key leaves nothing behind"
    assert accounts_in(context, entity_id) == 1


def test_after_a_day_the_key_is_free_and_swept_away(context: Context, clock: Clock) -> None:
    entity_id = given_office(context).entity_id
    once(context, REQUEST, lambda handed: opening(handed, entity_id))
    differs = once(context, REQUEST._replace(fields={"name": b'"Other"'}), _must_not_run)
    clock.forward(days=1, seconds=1)

    again = once(context, REQUEST._replace(fields={"name": b'"Other"'}), lambda handed: opening(handed, entity_id))
    clock.forward(days=1, seconds=1)
    swept = forget_old_answers(context)

    assert differs == FieldsDiffer(("name",))
    assert isinstance(again, Kept)
    assert swept >= 1
    assert kept_of(context) is None

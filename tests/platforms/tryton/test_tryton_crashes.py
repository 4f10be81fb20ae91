"""A push whose answers are lost, at any step: nothing is doubled, nothing is lost, and what is known is said."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from typing import Any, TypeAlias

import pytest

from tests.platforms.tryton.desk import behind_its_back
from tests.platforms.tryton.given import body_of
from tests.platforms.tryton.network import LOSE_ANSWER, LOSE_CALL, PASS, Answer, Fate, Network, network
from tests.platforms.tryton.office import Office, invoice
from tests.platforms.tryton.pushing import payment
from tieout.contracts.platform import PlatformFault, PlatformSession
from tieout.platforms import tryton

pytestmark = pytest.mark.slow

_numbers = count(1)

# By type of object the calls that change something there, in their order; the last one is what counts. A match begins
# as a payment does.
_CHANGES = {
    "customer": ["party.party.create"],
    "bill": ["account.invoice.create", "account.invoice.post"],
    "payment_record": [
        "account.statement.create",
        "account.statement.line.create",
        "account.statement.validate_statement",
        "account.statement.post",
    ],
    "match": ["account.move.reconcile_lines.execute", "account.statement.post"],
}
_STEPS = [(object_type, call) for object_type, calls in _CHANGES.items() for call in calls]


Through: TypeAlias = Callable[[Fate], AbstractContextManager[tuple[Network, PlatformSession]]]


@pytest.fixture(scope="module")
def through(place: Office) -> Iterator[Through]:
    """One session over a network whose calls have a fate for a while."""
    with (
        network(_all_pass, place.server.url) as up,
        tryton.opened({**place.settings, "url": up.url}, place.secrets) as session,
    ):

        @contextmanager
        def with_fate(fate: Fate) -> Iterator[tuple[Network, PlatformSession]]:
            up.fate = fate
            try:
                yield up, session
            finally:
                up.fate = _all_pass

        yield with_fate


def _all_pass(_method: str, _place: int) -> str:
    return PASS


def made_under(place: Office, object_type: str, key: str) -> list[tuple[int, str]]:
    """Ids and states of what is in Tryton under a key, whatever the platform says of it."""
    model, field, state = {
        "customer": ("party.party", "identifiers.code", "active"),
        "bill": ("account.invoice", "lines.note", "state"),
    }.get(object_type, ("account.statement", "name", "state"))
    mark = f"tieout customer {key}" if object_type == "customer" else f"tieout {key}"
    return [(row["id"], str(row[state])) for row in place.desk.rows(model, [state], [field, "=", mark])]


@pytest.mark.parametrize(("object_type", "step"), _STEPS)
def test_a_push_whose_answer_is_lost_at_any_step_is_made_once_by_the_next(
    place: Office, through: Through, object_type: str, step: str
) -> None:
    key, body = f"tieout-lost-{next(_numbers)}", body_of(place, object_type)
    lost: list[str] = []

    def fate(method: str, _: int) -> str:
        if method.endswith(step) and not lost:
            lost.append(method)
            return LOSE_ANSWER
        return PASS

    with through(fate) as (_, session):
        told = _pushed_or_fault(session, object_type, key, body)
        evidence = session.find(object_type, key)
        made = session.push(object_type, key, body)

        assert lost
        # Only the last step changes the books; whatever is lost before is nothing that happened.
        counts = step == _CHANGES[object_type][-1]
        assert (evidence is not None) == counts
        assert told == (made.platform_object_id if counts and object_type != "customer" else _kind(object_type))
        assert session.find(object_type, key) == made
    assert [record_id for record_id, _ in made_under(place, object_type, key)] == [int(made.platform_object_id)]


def test_a_post_that_never_arrived_leaves_it_open_until_it_is_looked_for(place: Office, through: Through) -> None:
    key, body = f"tieout-lost-{next(_numbers)}", body_of(place, "bill")

    def fate(method: str, _: int) -> str:
        return LOSE_CALL if method == "model.account.invoice.post" else PASS

    with through(fate) as (up, session):
        assert _pushed_or_fault(session, "bill", key, body) == "unknown"
        assert session.find("bill", key) is None
        up.fate = _all_pass
        made = session.push("bill", key, body)

    assert made_under(place, "bill", key) == [(int(made.platform_object_id), "posted")]


def test_where_nothing_can_be_asked_any_more_the_outcome_is_unknown(place: Office, through: Through) -> None:
    key, body = f"tieout-lost-{next(_numbers)}", body_of(place, "bill")
    cut = []

    def fate(method: str, _: int) -> str | Answer:
        if method == "model.account.invoice.post":
            cut.append(method)
            return LOSE_ANSWER
        return Answer(502, b"Bad Gateway") if cut else PASS

    with through(fate) as (_, session):
        assert _pushed_or_fault(session, "bill", key, body) == "unknown"

    with tryton.opened(place.settings, place.secrets) as session:
        assert session.find("bill", key) is not None


@pytest.mark.parametrize("object_type", ["receivable", "payment_record"])
def test_two_that_push_the_same_at_once_make_it_once(place: Office, object_type: str) -> None:
    key = f"tieout-lost-{next(_numbers)}"
    # A part alone, so that the invoice does not refuse what is paid twice.
    owed = invoice(place, "out", "2026-10-05", "90.00", "") if object_type == "payment_record" else 0
    body = payment(owed, "30.00") if owed else body_of(place, object_type)

    def push(_: int) -> str:
        with tryton.opened(place.settings, place.secrets) as session:
            return _pushed_or_fault(session, object_type, key, body)

    with ThreadPoolExecutor(2) as several:
        told = list(several.map(push, range(2)))
    with tryton.opened(place.settings, place.secrets) as session:
        made = session.push(object_type, key, body)

    assert set(told) <= {made.platform_object_id, "unavailable", "unknown", "refused"}
    found = made_under(place, "bill" if object_type == "receivable" else object_type, key)
    assert found == [(int(made.platform_object_id), "posted")]


def test_sessions_that_an_administrator_ends_are_begun_again_in_the_middle_of_a_push(
    place: Office, through: Through
) -> None:
    key, body = f"tieout-lost-{next(_numbers)}", body_of(place, "payment_record")
    ended: list[str] = []

    def fate(method: str, _: int) -> str:
        if method == "model.account.statement.line.create" and not ended:
            ended.append(method)
            behind_its_back(place.server.file, "DELETE FROM ir_session")
        return PASS

    with through(fate) as (up, session):
        signed_in = up.methods.count("common.db.login")
        made = session.push("payment_record", key, body)
    place.desk.sign_in()

    assert up.methods.count("common.db.login") == signed_in + 1
    assert made_under(place, "payment_record", key) == [(int(made.platform_object_id), "posted")]


def _pushed_or_fault(session: Any, object_type: str, key: str, body: Mapping[str, Any]) -> str:
    try:
        return str(session.push(object_type, key, body).platform_object_id)
    except PlatformFault as fault:
        return fault.kind


def _kind(object_type: str) -> str:
    return "unknown" if object_type == "customer" else "unavailable"

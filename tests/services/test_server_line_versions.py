"""Whatever is done to lines, their versions have no gap and the totals are those of the last ones."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.given_documents import FIRST_OF_MAY, done, given_account, lines_of
from tests.given_store import Office, given_context, given_office
from tieout.domain.lines import Line
from tieout.services.accounts import balance
from tieout.services.context import Context
from tieout.services.lines import (
    LineRequest,
    count_lines,
    delete_lines,
    edit_line,
    enter_lines,
    enter_transfer,
    restore_line,
)
from tieout.store.sql.store import SqlStore

_AMOUNTS = st.integers(-500, 500)
_PLACES = st.integers(0, 7)
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("enter"), _AMOUNTS, _PLACES),
        st.tuples(st.just("edit"), _AMOUNTS, _PLACES),
        st.tuples(st.just("delete"), _AMOUNTS, _PLACES),
        st.tuples(st.just("restore"), _AMOUNTS, _PLACES),
        st.tuples(st.just("transfer"), st.integers(1, 500), _PLACES),
    ),
    min_size=1,
    max_size=14,
)


@given(steps=_STEPS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_version_chains_have_no_gap_and_totals_equal_their_recomputation(
    store: SqlStore, steps: list[tuple[str, int, int]]
) -> None:
    context = given_context(store, str(steps))
    office = given_office(context)
    accounts = given_account(context, office, "1"), given_account(context, office, "2")
    told: dict[int, Any] = {}  # by line, in the order of entry: account and amount, None while it is deleted

    for verb, minor_units, place in steps:
        _do(context, office, accounts, told, verb, minor_units, place)

    with context.store.reading() as view:
        versions = view.all(Line, entity_id=office.entity_id)
    assert _numbers(versions) == {line_id: list(range(1, n + 1)) for line_id, n in _counts(versions).items()}
    assert {line.id: (line.account_id, line.minor_units) for line in lines_of(context, office)} == {
        line_id: state for line_id, state in told.items() if state is not None
    }
    for account_id in accounts:
        expected = sum(state[1] for state in told.values() if state is not None and state[0] == account_id)
        assert balance(context, office.reader, office.entity_id, account_id, "ledger") == expected
    totals = done(count_lines(context, office.reader, office.entity_id))
    assert totals.lines == sum(state is not None for state in told.values())


def _do(
    context: Context,
    office: Office,
    accounts: tuple[int, int],
    told: dict[int, Any],
    verb: str,
    minor_units: int,
    place: int,
) -> None:
    """One step through the services, and what it must lead to in `told`."""
    who = context, office.preparer, office.entity_id
    if verb == "enter":
        request = LineRequest(
            side="ledger",
            kind="bank_entry",
            account_id=accounts[place % 2],
            currency="NOK",
            minor_units=minor_units,
            booking_day=FIRST_OF_MAY,
        )
        (line,) = done(enter_lines(*who, [request]))
        told[line.id] = (line.account_id, minor_units)
    elif verb == "transfer":
        for line in done(enter_transfer(*who, *accounts, minor_units, FIRST_OF_MAY, "")):
            told[line.id] = (line.account_id, line.minor_units)
    elif told:
        line_id = sorted(told)[place % len(told)]
        with context.store.reading() as view:
            (first, *_) = view.all(Line, entity_id=office.entity_id, id=line_id, version=1)
            together = (
                [first] if first.transfer_id is None else _sides(view.all(Line, entity_id=office.entity_id), first)
            )
        _change(who, told, verb, minor_units, line_id, together)


def _sides(versions: list[Line], first: Line) -> list[Line]:
    return [each for each in versions if each.version == 1 and each.transfer_id == first.transfer_id]


def _change(
    who: tuple[Context, Any, int], told: dict[int, Any], verb: str, minor_units: int, line_id: int, together: list[Line]
) -> None:
    present = told[line_id] is not None
    if verb == "edit" and present:
        done(edit_line(*who, line_id, {"minor_units": minor_units}))
        for each in together:
            told[each.id] = (each.account_id, minor_units if each.id == line_id else -minor_units)
    elif verb == "delete" and present:
        done(delete_lines(*who, [line_id]))
        told.update(dict.fromkeys(each.id for each in together))
    elif verb == "restore" and not present:
        with who[0].store.reading() as view:
            for each in together:
                last = max(view.all(Line, entity_id=who[2], id=each.id), key=lambda version: version.version)
                told[each.id] = (last.account_id, last.minor_units)
        done(restore_line(*who, line_id))


def _counts(versions: list[Line]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for line in versions:
        counts[line.id] = counts.get(line.id, 0) + 1
    return counts


def _numbers(versions: list[Line]) -> dict[int, list[int]]:
    numbers: dict[int, list[int]] = {}
    for line in versions:
        numbers.setdefault(line.id, []).append(line.version)
    return {line_id: sorted(found) for line_id, found in numbers.items()}

"""Ten thousand lines go in as columns, under the rules that single lines obey."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.given_documents import FIRST_OF_MAY, done, given_account, lines_of, refused
from tests.given_store import given_context, given_office
from tieout.domain.lines import Origin
from tieout.services.context import Context, Denied
from tieout.services.line_columns import breaks_nothing, located_refusals
from tieout.services.line_requests import ground_of
from tieout.services.lines import LineColumns, enter_line_columns
from tieout.services.period_locks import lock_period
from tieout.store.sql.store import SqlStore


def columns_of(account_id: int, *amounts: int, **more: Any) -> LineColumns:
    """Bank lines of 4 May."""
    fields: dict[str, Any] = {
        "side": "statement",
        "kind": "",
        "account_id": account_id,
        "currency": "NOK",
        "booking_day": FIRST_OF_MAY + 3,
        **more,
    }
    return LineColumns(count=len(amounts), minor_units=list(amounts), **fields)


def test_columns_become_lines_in_their_order(context: Context) -> None:
    office = given_office(context)
    account_id = given_account(context, office)
    columns = columns_of(
        account_id, 5, -7, reference=["A", "B\tC\\"], value_day=[None, FIRST_OF_MAY], description="ÆØÅ"
    )

    answer = done(enter_line_columns(context, office.preparer, office.entity_id, columns, Origin.FEED))

    lines = lines_of(context, office)
    assert [line.id for line in lines] == list(answer.ids)
    assert [(line.minor_units, line.reference, line.value_day) for line in lines] == [
        (5, "A", None),
        (-7, "B\tC\\", FIRST_OF_MAY),
    ]
    assert {(line.origin, line.description, line.version, line.extra) for line in lines} == {("feed", "ÆØÅ", 1, "")}


def test_no_lines_are_no_change(context: Context) -> None:
    office = given_office(context)

    answer = enter_line_columns(context, office.preparer, office.entity_id, columns_of(0))

    assert done(answer).ids == ()


def test_the_first_hundred_refusals_are_located_and_all_are_counted(context: Context) -> None:
    office = given_office(context)
    account_id = given_account(context, office)
    columns = columns_of(account_id, *range(250), currency=["NOK"] * 100 + ["EUR"] * 150)

    answer = enter_line_columns(context, office.preparer, office.entity_id, columns)

    assert isinstance(answer, Denied)
    assert answer.count == 150
    assert refused(answer)[0] == ("currency_differs", "lines[100].currency")
    assert len(answer.refusals) == 100
    assert lines_of(context, office) == []


def test_more_than_ten_thousand_lines_are_refused_at_once(context: Context) -> None:
    office = given_office(context)

    answer = enter_line_columns(context, office.preparer, office.entity_id, columns_of(0, *range(10_001)))

    assert refused(answer) == [("too_many", "lines")]


@pytest.mark.parametrize(
    ("name", "column", "code"),
    [
        ("side", ["statement", "books"], "not_allowed"),
        ("kind", ["", "receivable"], "not_allowed"),
        ("account_id", [1, 2**40], "not_found"),
        ("currency", ["NOK", "nok"], "unknown_currency"),
        ("minor_units", [0, 2**63], "amount_out_of_range"),
        ("booking_day", [FIRST_OF_MAY, FIRST_OF_MAY - 1], "period_locked"),
        ("booking_day", [FIRST_OF_MAY, 10**9], "bad_date"),
        ("value_day", [None, -(10**9)], "bad_date"),
        ("description", ["", "\0"], "not_allowed"),
        ("counterparty", ["", "\udc80"], "not_allowed"),
        ("extra", ["", "x" * 10_001], "too_long"),
        ("settles", ["", "12 x"], "not_allowed"),
        ("rate", ["", "1e3"], "not_an_amount"),
        ("foreign_currency", ["", "EUR"], "required"),
        ("parent_id", [None, 7], "not_allowed"),
    ],
)
def test_one_bad_value_refuses_every_line_and_says_where_it_is(
    context: Context, name: str, column: list[Any], code: str
) -> None:
    office = given_office(context)
    account_id = given_account(context, office)
    done(lock_period(context, office.approver, office.entity_id, account_id, FIRST_OF_MAY - 1, enabled=True))
    column = [account_id if each == 1 and name == "account_id" else each for each in column]
    given: dict[str, Any] = {"account_id": account_id, "booking_day": FIRST_OF_MAY, "minor_units": 1, name: column}
    columns = LineColumns(**{"count": 2, "side": "statement", "kind": "", "currency": "NOK", **given})

    answer = enter_line_columns(context, office.preparer, office.entity_id, columns)

    concerns = "foreign_minor_units" if name == "foreign_currency" else name
    assert refused(answer) == [(code, f"lines[1].{concerns}")]
    assert lines_of(context, office) == []


@given(
    sides=st.lists(st.sampled_from(["statement", "ledger", "books"]), min_size=1, max_size=4),
    kinds=st.sampled_from(["", "payable", "bank_entry", "fee"]),
    currency=st.sampled_from(["NOK", "EUR", "XAU"]),
    amount=st.sampled_from([0, 2**63 - 1, -(2**63)]),
    day=st.sampled_from([FIRST_OF_MAY, FIRST_OF_MAY - 1, 10**8]),
    text=st.sampled_from(["", "plain", "nul\0"]),
    settles=st.sampled_from(["", "1 2", "a"]),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whole_columns_pass_only_what_single_lines_pass(
    store: SqlStore, sides: list[str], kinds: str, currency: str, amount: int, day: int, text: str, settles: str
) -> None:
    context = given_context(store, f"{sides} {kinds} {currency} {amount} {day} {text!r} {settles}")
    office = given_office(context)
    account_id = given_account(context, office)
    done(lock_period(context, office.approver, office.entity_id, 0, FIRST_OF_MAY - 1, enabled=True))
    columns = columns_of(
        account_id,
        *[amount] * len(sides),
        side=sides,
        kind=kinds,
        currency=currency,
        booking_day=day,
        description=text,
        settles=settles,
    )

    with context.store.reading() as view:
        ground = ground_of(view, office.entity_id)

    refusals = located_refusals(columns, ground)
    assert not (breaks_nothing(columns, ground) and refusals)
    if not refusals and not settles:
        assert breaks_nothing(columns, ground)

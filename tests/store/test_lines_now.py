"""Lines as they count now: the last version, what is used of it, and pages that cost the same however far behind."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.given_rows import a_line, add_columns, given_lines, keep, scope_of
from tests.given_store import NOON, Office, given_context, given_office
from tieout.domain.line_table import texts_of
from tieout.domain.lines import Line
from tieout.services.context import Context
from tieout.store.protocols import Condition, LineTotals, Order
from tieout.store.sql import postgres, sqlite
from tieout.store.sql.store import SqlStore


def test_the_last_version_counts_and_a_deleted_line_is_gone(context: Context) -> None:
    office = given_office(context)
    kept, edited, deleted = given_lines(context, office, {}, {}, {})
    keep(
        context,
        office,
        a_line(office.entity_id, edited.id, version=2, minor_units=70_00),
        a_line(office.entity_id, deleted.id, version=2, deleted=True),
    )

    with context.store.reading() as view:
        found = view.lines(office.entity_id)
        gone = view.line(office.entity_id, deleted.id)
        totals = view.line_totals(office.entity_id)
        table = view.line_table(office.entity_id, "statement")

    assert [(line.line.id, line.line.version, line.line.minor_units) for line in found] == [
        (kept.id, 1, 100_00),
        (edited.id, 2, 70_00),
    ]
    assert gone is None
    assert totals == LineTotals(2, 170_00, 0)
    assert (table.id, table.minor_units.tolist(), table.line.tolist()) == (
        [str(kept.id), str(edited.id)],
        [100_00, 70_00],
        [1, 2],
    )


def test_a_line_is_open_until_all_of_it_is_used(context: Context) -> None:
    office = given_office(context)
    untouched, partly, wholly = given_lines(context, office, {}, {}, {})
    with context.store.writing(scope_of(office), "somebody", "use", NOON) as work:
        assert work.use(office.entity_id, {partly.id: (100_00, 30_00), wholly.id: (100_00, 100_00)}) == []

    with context.store.reading() as view:
        found = view.lines(office.entity_id, open_only=True)
        left = view.lines(office.entity_id, Condition("left_minor_units", "=", 70_00))
        table = view.line_table(office.entity_id, "statement")

    assert [(line.line.id, line.left_minor_units) for line in found] == [(untouched.id, 100_00), (partly.id, 70_00)]
    assert [line.line.id for line in left] == [partly.id]
    assert table.minor_units.tolist() == [100_00, 70_00]


def test_what_is_given_back_leaves_a_line_as_if_it_never_was_used(context: Context) -> None:
    office = given_office(context)
    (line,) = given_lines(context, office, {"minor_units": -50})

    with context.store.writing(scope_of(office), "somebody", "use", NOON) as work:
        assert work.use(office.entity_id, {line.id: (-50, -20)}) == []
        assert work.use(office.entity_id, {line.id: (-50, -31)}) == [line.id]
        assert work.use(office.entity_id, {line.id: (-50, 21)}) == [line.id]
        assert work.use(office.entity_id, {line.id: (-50, -30)}) == []
        assert work.use(office.entity_id, {line.id: (-50, 50)}) == []

    with context.store.reading() as view:
        now = view.line(office.entity_id, line.id)
    assert now is not None
    assert (now.used_minor_units, now.tied) == (0, False)


DAYS = st.one_of(st.none(), st.integers(20_000, 20_003))
SOME_LINES = st.lists(
    st.fixed_dictionaries(
        {
            "booking_day": st.integers(20_000, 20_003),
            "value_day": DAYS,
            "minor_units": st.integers(-2, 2),
            "reference": st.sampled_from(["", "a", "B", "ø", "😀", "z"]),
        }
    ),
    min_size=1,
    max_size=12,
)
ORDERS = st.lists(
    st.builds(Order, st.sampled_from(["booking_day", "value_day", "minor_units", "reference"]), st.booleans()),
    max_size=3,
    unique_by=lambda order: order.column,
)


@pytest.fixture(scope="module")
def office_context(store: SqlStore) -> Context:
    return given_context(store, "lines now")


@settings(max_examples=30)
@given(rows=SOME_LINES, order=ORDERS, last=st.booleans(), size=st.integers(1, 4))
def test_paging_behind_a_line_gives_every_line_once_in_the_order_of_counting(
    office_context: Context, rows: list[dict[str, Any]], order: list[Order], last: bool, size: int
) -> None:
    office = given_office(office_context)
    given_lines(office_context, office, *rows)
    ordered = [*order, Order("id", last)]

    with office_context.store.reading() as view:
        whole = view.lines(office.entity_id, order=ordered)
        counted = [
            line
            for offset in range(0, len(rows), size)
            for line in view.lines(office.entity_id, order=ordered, limit=size, offset=offset)
        ]
        paged = []
        after: list[Any] | None = None
        while page := view.lines(office.entity_id, order=ordered, after=after, limit=size):
            paged += page
            after = [getattr(page[-1].line, column) for column, _ in ordered]

    assert whole == counted == paged
    assert len(whole) == len(rows)


NASTY = [
    "a\tb",
    "a\nb",
    "a\r\nb",
    "\\N",
    "\\",
    '"',
    "\\.",
    "a,b",
    "'",
    "😀",
    "e\u0301",
    " ",
    "",
    "%s",
    "\x1f",
    "\u2028",
]


def test_every_text_comes_back_as_it_went_in_one_by_one_in_bulk_and_as_columns(context: Context) -> None:
    office = given_office(context)
    with context.store.writing(scope_of(office), "somebody", "add", NOON) as work:
        ids = work.new_ids(Line, 2 * len(NASTY))
        lines = [
            a_line(office.entity_id, line_id, description=text, reference=text, extra=text)
            for line_id, text in zip(ids, NASTY * 2, strict=True)
        ]
        work.add(*lines[: len(NASTY)])
        add_columns(work, lines[len(NASTY) :])

    with context.store.reading() as view:
        found = [line.line for line in view.lines(office.entity_id)]
        table = view.line_table(office.entity_id, "statement")
        for text in NASTY:
            ids_found = [line.line.id for line in view.lines(office.entity_id, Condition("description", "=", text))]
            assert len(ids_found) == 2, text

    assert found == lines
    assert texts_of(table.description, len(lines)) == NASTY * 2


def given_many(context: Context, office: Office, count: int) -> list[Line]:
    with context.store.writing(scope_of(office), "somebody", "add", NOON) as work:
        lines = [
            a_line(office.entity_id, line_id, description=NASTY[number % len(NASTY)], value_day=number % 3 or None)
            for number, line_id in enumerate(work.new_ids(Line, count))
        ]
        add_columns(work, lines)
    return lines


@pytest.mark.parametrize("block_bits", [16, 6])
def test_many_lines_make_the_same_columns_as_few(
    context: Context, monkeypatch: pytest.MonkeyPatch, block_bits: int
) -> None:
    monkeypatch.setattr(sqlite, "_BLOCK_IDS", 2**block_bits)
    monkeypatch.setattr(postgres, "_BLOCK_BITS", block_bits)
    office = given_office(context)
    lines = given_many(context, office, 2_100)

    with context.store.reading() as view:
        many = view.line_table(office.entity_id, "statement")
        few = view.line_table(office.entity_id, "statement", Condition("id", "<", lines[40].id))

    assert texts_of(many.id, len(many)) == [str(line.id) for line in lines]
    assert texts_of(many.description, len(many)) == [line.description for line in lines]
    assert many.value_day[:40].tolist() == few.value_day.tolist()
    assert few.id == [str(line.id) for line in lines[:40]]
    assert few.description == [line.description for line in lines[:40]]
    assert not many.is_small
    assert few.is_small


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (Condition("description", "contains", "ÆR"), [1]),
        (Condition("description", "contains any case", "ær"), [0, 1]),
        (Condition("description", "contains", "%"), [2]),
        (Condition("value_day", "=", None), [0, 2]),
        (Condition("value_day", "!=", None), [1]),
        (Condition("value_day", "!=", 7), [0, 2]),
        (Condition("value_day", "in", [7, 8]), [1]),
        (Condition("value_day", "not in", [7, 8]), [0, 2]),
        (Condition("description", "in", ["100 %", "x"]), [2]),
        (Condition("minor_units", ">=", 2), [1, 2]),
        (Condition("minor_units", "in", []), []),
        (Condition("cleared_in", "=", None), [0, 1, 2]),
        (Condition("used_minor_units", "!=", 0), []),
    ],
    ids=str,
)
def test_each_condition_means_the_same_on_both_engines(
    context: Context, condition: Condition, found: list[int]
) -> None:
    office = given_office(context)
    lines = given_lines(
        context,
        office,
        {"description": "Lærer", "minor_units": 1},
        {"description": "LÆRER", "minor_units": 2, "value_day": 7},
        {"description": "100 %", "minor_units": 3},
    )

    with context.store.reading() as view:
        ids = [line.line.id for line in view.lines(office.entity_id, condition)]

    assert ids == [lines[number].id for number in found]

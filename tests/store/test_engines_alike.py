"""SQLite and PostgreSQL answer alike: the same random work on both leaves the same rows, answers and refusals."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.given_rows import a_line, a_match, add_columns, an_account, an_allocation, scope_of
from tests.given_store import NOON, Office, given_context, given_office
from tieout.domain.accounts import Account
from tieout.domain.lines import Line
from tieout.domain.match_records import MatchRecord, MatchStatus, StateRecord
from tieout.services.context import Context
from tieout.store.errors import CannotKeep, Conflict
from tieout.store.protocols import Condition, Order
from tieout.store.sql.migrating import migrate
from tieout.store.sql.store import SqlStore, open_store

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=4) | st.sampled_from(["\\N", "\t", "%"])
GOOD: dict[str, Any] = {
    "minor_units": st.integers(1, 3),
    "booking_day": st.integers(20_000, 20_002),
    "value_day": st.none() | st.integers(20_000, 20_002),
    "description": TEXTS,
    "side": st.sampled_from(["statement", "ledger"]),
}
BAD: list[dict[str, Any]] = [
    {"minor_units": st.just(2**63)},
    {"side": st.just("neither")},
    {"description": st.sampled_from(["\ud800", "a\0b"])},
]
GOOD_LINES = st.fixed_dictionaries(GOOD)
# Three of eight cannot be kept.
LINES = st.sampled_from([{}] * 5 + BAD).flatmap(lambda bad: st.fixed_dictionaries(GOOD | bad))
WORK = st.one_of(
    st.tuples(st.just("add"), st.lists(LINES, min_size=1, max_size=3)),
    st.tuples(st.just("add many"), st.lists(LINES, min_size=1, max_size=3)),
    st.tuples(st.just("edit"), st.integers(0, 9), LINES),
    st.tuples(st.just("delete"), st.integers(0, 9)),
    st.tuples(st.just("match"), st.integers(0, 9), st.integers(0, 9), st.sampled_from([1, 1, 2, -1])),
    st.tuples(st.just("undo"), st.integers(0, 3)),
    st.tuples(st.just("rename"), TEXTS),
)


class Side:
    """One engine with its own office, where the same work is done."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.office: Office = given_office(context)
        self.account = an_account(self.office.entity_id, self._new(Account))
        self._write(lambda work: work.add(self.account))
        self.lines: list[int] = []
        self.matches: list[int] = []

    def _new(self, noun: type[Any]) -> int:
        with self.context.store.operating() as work:
            return work.new_ids(noun)[0]

    def _write(self, change: Callable[[Any], Any]) -> Any:
        try:
            with self.context.store.writing(scope_of(self.office), "somebody", "work", NOON) as work:
                return change(work)
        except (Conflict, CannotKeep) as error:
            return type(error).__name__

    def do(self, work: tuple[Any, ...]) -> Any:
        """Do one piece of work; the answer, ids as their place in the order they were given."""
        return getattr(self, "_" + work[0].replace(" ", "_"))(*work[1:])

    def _add(self, lines: list[dict[str, Any]], how: str = "add") -> Any:
        def add(work: Any) -> int:
            new = [a_line(self.office.entity_id, work.new_ids(Line)[0], **line) for line in lines]
            if how == "add":
                work.add(*new)
            else:
                add_columns(work, new)
            self.lines += [line.id for line in new]
            return len(new)

        before = list(self.lines)
        answer = self._write(add)
        self.lines = self.lines if answer == len(lines) else before
        return answer

    def _add_many(self, lines: list[dict[str, Any]]) -> Any:
        return self._add(lines, "add many")

    def _edit(self, number: int, changes: dict[str, Any]) -> Any:
        return self._changed(number, **changes)

    def _delete(self, number: int) -> Any:
        return self._changed(number, deleted=True)

    def _changed(self, number: int, **changes: Any) -> Any:
        def edit(work: Any) -> str:
            now = work.line(self.office.entity_id, self._line(number))
            if now is None or now.used_minor_units:
                return "nothing"
            work.add(replace(now.line, version=now.line.version + 1, **changes))
            return "edited"

        return self._write(edit)

    def _match(self, first: int, second: int, minor_units: int) -> Any:
        def match(work: Any) -> Any:
            found = {line: work.line(self.office.entity_id, line) for line in (self._line(first), self._line(second))}
            if None in found.values():
                return "nothing"
            uses = {line: (now.line.minor_units, minor_units) for line, now in found.items()}
            beyond = work.use(self.office.entity_id, uses)
            if beyond:
                return [self.lines.index(line) for line in beyond]
            (match_id,) = work.new_ids(MatchRecord)
            parts = [an_allocation(now.line, match_id, minor_units) for now in found.values()]
            work.add(a_match(self.office.entity_id, match_id), *parts)
            self.matches.append(match_id)
            return "matched"

        before = list(self.matches)
        answer = self._write(match)
        self.matches = self.matches if answer == "matched" else before
        return answer

    def _undo(self, number: int) -> Any:
        def undo(work: Any) -> str:
            if not self.matches:
                return "nothing"
            entity, match_id = self.office.entity_id, self.matches[number % len(self.matches)]
            stored = work.match(entity, match_id)
            if stored.status is not MatchStatus.CONFIRMED:
                return "nothing"
            wholes = {part.line_id: work.line(entity, part.line_id).line.minor_units for part in stored.allocations}
            assert not work.use(
                entity, {part.line_id: (wholes[part.line_id], -part.minor_units) for part in stored.allocations}
            )
            work.add(
                StateRecord(
                    entity_id=entity, match_id=match_id, number=1, state="undone", reason="", at=NOON, by="somebody"
                )
            )
            return "undone"

        return self._write(undo)

    def _rename(self, name: str) -> Any:
        answer = self._write(lambda work: work.change(self.account, name=name))
        if answer is True:
            self.account = replace(self.account, name=name)
        return answer

    def _line(self, number: int) -> int:
        return self.lines[number % len(self.lines)] if self.lines else 0

    def seen(self) -> list[Any]:
        """All that can be asked, with ids as their place in the order they were given."""
        entity = self.office.entity_id
        with self.context.store.reading() as view:
            assert view.trail_faults(self.office.organisation.id) == []
            in_order = view.lines(
                entity, order=[Order("description", descending=True), Order("value_day"), Order("id")]
            )
            table = view.line_table(entity, "statement")
            return [
                [(self.lines.index(now.line.id), now[1:], *self._said(now.line)) for now in in_order],
                [self.lines.index(now.line.id) for now in view.lines(entity, Condition("description", ">", "a"))],
                view.line_totals(entity, open_only=True),
                [
                    (self.matches.index(match.record.id), match.status, len(match.allocations))
                    for match in view.matches(entity)
                ],
                sorted(
                    zip(
                        map(self.lines.index, map(int, table.id)),
                        table.minor_units.tolist(),
                        table.description,
                        strict=True,
                    )
                ),
                view.event_count(scope_of(self.office)),
                self.account.name,
            ]

    def _said(self, line: Line) -> tuple[Any, ...]:
        return (line.version, line.minor_units, line.booking_day, line.value_day, line.description, line.side)


@pytest.fixture(scope="module")
def both(postgresql_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Context, Context]]:
    """The two engines side by side."""
    stores: list[SqlStore] = [
        open_store(f"sqlite:///{tmp_path_factory.mktemp('alike')}/tieout.db"),
        open_store(postgresql_database),
    ]
    for store in stores:
        migrate(store.database)
    first, second = (given_context(store, "alike") for store in stores)
    yield first, second
    for store in stores:
        store.close()


@pytest.mark.slow
@settings(max_examples=30)
@given(lines=st.lists(GOOD_LINES, min_size=2, max_size=4), work=st.lists(WORK, max_size=12))
def test_the_same_work_on_both_engines_leaves_the_same(
    both: tuple[Context, Context], lines: list[dict[str, Any]], work: list[tuple[Any, ...]]
) -> None:
    work = [("add", lines), ("match", 0, 1, 1), *work]
    first, second = Side(both[0]), Side(both[1])

    answers = [[side.do(piece) for piece in work] for side in (first, second)]

    assert answers[0] == answers[1]
    assert first.seen() == second.seen()

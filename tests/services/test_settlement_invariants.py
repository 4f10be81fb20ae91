"""S1 to S5 as properties: flags go once, marking in any pieces, a drain, every id accounted for, batches that close."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import ceil
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis.strategies import builds, integers, just, lists, one_of, permutations, sampled_from, sets, tuples

from tests.given_documents import done
from tests.given_matches import lasting_context
from tests.given_reports import Released, Settled, release_report, settlement_detail
from tests.given_settlements import given_batch, given_provider
from tests.given_store import Office, given_office
from tieout.domain.settlements import Delivery, Integration, SettlementBatch, SettlementEntry
from tieout.services.context import Context
from tieout.services.intake import receive_document
from tieout.services.settlements.analysing import analyse
from tieout.services.settlements.delivery import Fetch, mark_read, mark_resolved, resolved, unresolved
from tieout.services.settlements.integrations import integration_of
from tieout.store.protocols import Condition, Scope
from tieout.store.sql.store import SqlStore

pytestmark = pytest.mark.slow

ENTRIES = 8


class Marking(NamedTuple):
    """One call of an integration: the flag, and places of entries; those beyond are ids that nobody has."""

    flag: str
    places: Sequence[int]


MARKINGS = builds(Marking, sampled_from(["read", "resolved"]), lists(integers(0, ENTRIES + 1), max_size=5))


class Flags:
    """What the flags are, told without a database."""

    def __init__(self, ids: Sequence[int]) -> None:
        self.ids = ids
        self.read: set[int] = set()
        self.resolved: set[int] = set()

    def mark(self, flag: str, ids: Sequence[int]) -> tuple[list[int], list[int], list[int]]:
        """What a call must answer: marked, already and unknown."""
        flags = self.read if flag == "read" else self.resolved
        answer: tuple[list[int], list[int], list[int]] = ([], [], [])
        for each in ids:
            answer[2 if each not in self.ids else 1 if each in flags else 0].append(each)
            if each in self.ids:
                flags.add(each)
        return answer

    def listed(self, state: str) -> list[int]:
        """The ids on a list."""
        gone = {"unread": self.read | self.resolved, "unresolved": self.resolved}.get(state)
        return [each for each in self.ids if (each in self.resolved if gone is None else each not in gone)]


def given_shown(context: Context, office: Office) -> list[int]:
    """The ids of shown entries, of two batches of which the second lies between the first."""
    account = given_provider(context, office)
    first, lines = given_batch(context, office, account, ENTRIES)
    second, _ = given_batch(context, office, account, 0)
    inside = [line.id for line in lines[2:5]]
    with context.store.writing(Scope("entity", office.entity_id), "given", "move", context.now()) as work:
        for entry in work.all(SettlementEntry, Condition("line_id", "in", inside), entity_id=office.entity_id):
            work.change(entry, batch_id=second.id)
        work.change(first, entries=ENTRIES - len(inside))
        work.change(second, entries=len(inside))
    return [line.id for line in lines]


def mark(context: Context, office: Office, integration: Integration, flag: str, ids: Sequence[int]) -> list[list[int]]:
    """What a call answers: marked, already and unknown."""
    marked = done((mark_read if flag == "read" else mark_resolved)(context, office.owner, integration, ids))
    return [list(marked.marked), list(marked.already), list(marked.unknown)]


def pages(context: Context, office: Office, integration: Integration, state: str, limit: int) -> list[int]:
    """A whole list, page by page, each of which tells the same total."""
    found: list[int] = []
    while True:
        fetch = Fetch(offset=len(found), limit=limit, unread_only=state == "unread")
        page = done((resolved if state == "resolved" else unresolved)(context, office.owner, integration, fetch))
        found += [each.line.id for each in page.entries]
        if not page.entries:
            assert page.total == len(found)
            return found


@settings(max_examples=25)
@given(markings=lists(MARKINGS, max_size=8), limit=integers(1, 5))
def test_s1_s2_s4_flags_go_from_no_to_yes_once_and_every_id_is_accounted_for(
    store: SqlStore, markings: list[Marking], limit: int
) -> None:
    context = lasting_context(store, "flags")
    office = given_office(context)
    ids = given_shown(context, office)
    integration = done(integration_of(context, office.owner))
    flags = Flags(ids)

    for marking in markings:
        named = [ids[place] if place < ENTRIES else -place for place in marking.places]
        assert mark(context, office, integration, marking.flag, named) == [*flags.mark(marking.flag, named)]

    for state in ("unread", "unresolved", "resolved"):
        assert pages(context, office, integration, state, limit) == flags.listed(state)


@settings(max_examples=15)
@given(order=permutations(range(ENTRIES)), cuts=sets(integers(1, ENTRIES - 1)), again=sets(integers(0, ENTRIES - 1)))
def test_s2_marking_in_any_pieces_and_order_is_marking_once(
    store: SqlStore, order: list[int], cuts: set[int], again: set[int]
) -> None:
    context = lasting_context(store, "pieces")
    office = given_office(context)
    ids = given_shown(context, office)
    integration = done(integration_of(context, office.owner))
    edges = [0, *sorted(cuts), ENTRIES]

    for start, end in pairwise(edges):
        mark(context, office, integration, "read", [ids[place] for place in order[start:end]])
    mark(context, office, integration, "read", [ids[place] for place in sorted(again)])

    with context.store.reading() as view:
        flags = view.all(Delivery, entity_id=office.entity_id)
    assert {(each.line_id, each.read_at, each.resolved_at) for each in flags} == {
        (each, context.now(), None) for each in ids
    }
    assert pages(context, office, integration, "unread", 3) == []


@settings(max_examples=20)
@given(
    sizes=lists(integers(0, 7), min_size=1, max_size=4), limit=integers(1, 6), flag=sampled_from(["read", "resolved"])
)
def test_s3_fetching_at_offset_zero_and_marking_delivers_every_entry_once(
    store: SqlStore, sizes: list[int], limit: int, flag: str
) -> None:
    context = lasting_context(store, "drain")
    office = given_office(context)
    account = given_provider(context, office)
    ids = [line.id for size in sizes for line in given_batch(context, office, account, size)[1]]
    integration = done(integration_of(context, office.owner))

    drained = [*_drained(context, office, integration, limit, flag)]

    assert [each for page in drained for each in page] == sorted(ids)
    assert len(drained) == ceil(len(ids) / limit)


def _drained(context: Context, office: Office, integration: Integration, limit: int, flag: str) -> Iterator[list[int]]:
    while page := done(unresolved(context, office.owner, integration, Fetch(limit=limit, unread_only=True))).entries:
        ids = [each.line.id for each in page]
        mark(context, office, integration, flag, ids)
        yield ids


AMOUNTS = integers(-20_000, 20_000).map(lambda minor_units: f"{minor_units / 100:.2f}")
SETTLED = builds(
    Settled,
    kind=sampled_from(["Settled", "Refunded", "Chargeback", "Fee", "DepositCorrection", "Balancetransfer"]),
    gross=AMOUNTS,
    order=sampled_from(["ORD-1", "ORD-2", ""]),
    commission=sampled_from(["0.00", "1.25", "-0.50"]),
    day=integers(4, 9),
    psp=sampled_from(["P1", "P2", ""]),
    batch=sampled_from(["7", "8"]),
)


@settings(max_examples=25)
@given(rows=lists(SETTLED, min_size=1, max_size=8), off=one_of(just(0), integers(-500, 500)), told_first=integers(0, 8))
def test_s5_the_entries_of_a_batch_what_was_carried_and_its_payout_close_to_zero_but_for_the_gap_we_put_in(
    store: SqlStore, rows: list[Settled], off: int, told_first: int
) -> None:
    context = lasting_context(store, "batches")
    office = given_office(context, "BRL")
    nets = {number: sum(_net(row) for row in rows if row.batch == number) for number in ("7", "8")}
    payouts = [
        Settled("MerchantPayout", _text(-net - off), batch=number) for number, net in nets.items() if net + off > 0
    ]

    late = Settled("Fee", "-1.00", psp="LATE", batch="7")

    for part in (rows[:told_first], [*rows, *payouts], [late, *payouts, *rows]):
        if part:
            done(receive_document(context, office.owner, office.entity_id, "r.csv", settlement_detail(part)))
    done(analyse(context, office.owner, office.entity_id))

    for batch in _batches(context, office):
        effects = _effects(context, office, batch)
        assert (batch.entries, batch.entries_minor_units) == (len(effects), sum(effects))
        paid = any(payout.batch == batch.number for payout in payouts)
        assert batch.payout_minor_units == (nets[batch.number] + off if paid else None)
        if paid:
            gap = off + (1_00 if batch.number == "7" else 0)
            assert batch.gap_minor_units == gap
            assert batch.payout_minor_units == sum(effects) + batch.carried_minor_units + gap
        assert (batch.state == "finalized") == (not paid and batch.gap_minor_units == 0)


RELEASED = builds(
    Released,
    kind=sampled_from(["payment", "refund", "payout"]),
    gross=integers(1, 20_000).map(lambda minor_units: f"{minor_units / 100:.2f}"),
    order=sampled_from(["ORD-1", "ORD-2", ""]),
    fee=sampled_from(["0.00", "-1.25"]),
    day=integers(4, 6),
    source=sampled_from(["S1", "S2", "S3", ""]),
)


@settings(max_examples=25)
@given(rows=lists(RELEASED, min_size=1, max_size=8), first=tuples(integers(0, 8), integers(0, 500)))
def test_s5_between_two_balances_every_payout_closes_and_the_rest_waits(
    store: SqlStore, rows: list[Released], first: tuple[int, int]
) -> None:
    context = lasting_context(store, "balances")
    office = given_office(context, "BRL")
    out = [row._replace(gross=f"-{row.gross}", fee="0.00") if row.kind != "payment" else row for row in rows]
    told, off = first

    for part in (out[:told], out):
        if part:
            done(receive_document(context, office.owner, office.entity_id, "r.csv", release_report(_text(off), part)))

    batches = _batches(context, office)
    for batch in batches:
        effects = _effects(context, office, batch)
        assert (batch.entries, batch.entries_minor_units) == (len(effects), sum(effects))
        assert sum(effects) + batch.carried_minor_units == (batch.payout_minor_units or 0)
    assert sum(batch.payout_minor_units is not None for batch in batches) == sum(row.kind == "payout" for row in out)


@pytest.mark.parametrize("minor_units", [-1, 0, 5, -12345])
def test_an_amount_of_a_report_is_written_exactly(minor_units: int) -> None:
    assert int(_text(minor_units).replace(".", "")) == minor_units


def _net(row: Settled) -> int:
    return int(row.gross.replace(".", "")) - int(row.commission.replace(".", ""))


def _text(minor_units: int) -> str:
    sign, size = ("-", -minor_units) if minor_units < 0 else ("", minor_units)
    return f"{sign}{size // 100}.{size % 100:02d}"


def _batches(context: Context, office: Office) -> list[SettlementBatch]:
    with context.store.reading() as view:
        return view.all(SettlementBatch, entity_id=office.entity_id)


def _effects(context: Context, office: Office, batch: SettlementBatch) -> list[int]:
    with context.store.reading() as view:
        entries = view.all(SettlementEntry, entity_id=office.entity_id, batch_id=batch.id)
        lines = view.lines(office.entity_id, Condition("id", "in", [entry.line_id for entry in entries]))
    return [now.line.minor_units for now in lines]

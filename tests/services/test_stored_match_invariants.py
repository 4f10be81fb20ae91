"""M5, M6 and M9 as properties: one entity, contract rules at commit time, versions and freezing."""

from dataclasses import replace
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis.strategies import booleans, builds, integers, just, lists, one_of, permutations, sampled_from, tuples

from tests.given_matches import MONDAY, Desk, accepted, codes, faults_of_all, given_desk, lasting_context
from tests.given_store import given_office
from tieout.domain.contract_rules import paid_with_their_money
from tieout.domain.lines import Line
from tieout.services.context import Denied
from tieout.services.lines import edit_line
from tieout.services.matching import AllocationRequest, MatchRequest, make_match, undo_match
from tieout.store.protocols import Condition, Order
from tieout.store.sql.store import SqlStore


@settings(max_examples=15)
@given(abroad=lists(booleans(), min_size=2, max_size=4), order=permutations(range(4)))
def test_m5_a_match_stands_exactly_where_all_its_lines_are_of_one_entity(
    store: SqlStore, abroad: list[bool], order: list[int]
) -> None:
    context = lasting_context(store, "one entity")
    office = given_office(context, "NOK", "NOK")
    desks = [
        given_desk(context, replace(office, entities=entities)) for entities in (office.entities, office.entities[::-1])
    ]
    here, there = desks
    lines = [(there if far else here).invoice(1) for far in abroad[1:]]
    lines.insert(0, (there if abroad[0] else here).money(len(lines)))

    answer = here.tie(*(lines[place] for place in order if place < len(lines)))

    if any(abroad):
        assert set(codes(answer)) == {"entities_differ"}
        assert here.left(*(line for line, far in zip(lines, abroad, strict=True) if not far)) == [
            1 if place else len(lines) - 1 for place, far in enumerate(abroad) if not far
        ]
    else:
        made = accepted(answer)
        assert {leg.entity_id for leg in made.allocations} == {here.entity_id}


class OpenItem(NamedTuple):
    """A payable or receivable of so many minor units."""

    kind: str
    size: int
    paid: bool

    @property
    def minor_units(self) -> int:
        """Signed as in the books."""
        return -self.size if self.kind == "payable" else self.size


OPEN_ITEMS = builds(
    OpenItem, kind=sampled_from(["payable", "receivable"]), size=integers(1, 3), paid=sampled_from([True, True, False])
)
ONE_KIND = one_of(
    *(lists(builds(OpenItem, kind=just(kind), size=integers(1, 3), paid=just(value=True)), min_size=1, max_size=3)
      for kind in ("payable", "receivable"))
)  # fmt: skip


@settings(max_examples=40)
@given(
    open_items=one_of(ONE_KIND, lists(OPEN_ITEMS, min_size=1, max_size=3)),
    off=sampled_from([0, 0, 0, 1]),
    turned=sampled_from([False, False, True]),
)
def test_m6_what_a_contract_ties_keeps_its_rules_and_what_breaks_one_stays_open(
    store: SqlStore, open_items: list[OpenItem], off: int, turned: bool
) -> None:
    context = lasting_context(store, "contract rules")
    desk = given_desk(context, given_office(context))
    total = sum(open_item.minor_units for open_item in open_items) + off
    amount = (-total if turned else total) or 7
    money = desk.money(amount)
    entered = [desk.line("ledger", each.kind, each.minor_units, MONDAY, account_id=0) for each in open_items]
    for each, line in zip(open_items, entered, strict=True):
        if each.paid:
            desk.paid(line)

    legs = tuple(AllocationRequest(line_id=line) for line in (money, *entered))
    request = MatchRequest(allocations=legs)
    answer = make_match(context, desk.office.owner, desk.entity_id, request, check=paid_with_their_money)

    allowed = (
        len({open_item.kind for open_item in open_items}) == 1
        and all(open_item.paid for open_item in open_items)
        and sum(open_item.minor_units for open_item in open_items) == amount
    )
    assert isinstance(answer, Denied) == (not allowed)
    if allowed:
        assert faults_of_all(context, desk.entity_id, [accepted(answer)]) == ()
    else:
        assert desk.left(money, *entered) == [amount, *(open_item.minor_units for open_item in open_items)]


CHANGES = sampled_from(["minor_units", "booking_day", "description"])


@settings(max_examples=20)
@given(steps=lists(tuples(sampled_from(["edit", "tie", "undo"]), CHANGES, integers(1, 3)), max_size=8))
def test_m9_a_line_is_a_chain_of_versions_and_frozen_while_it_is_tied(
    store: SqlStore, steps: list[tuple[str, str, int]]
) -> None:
    context = lasting_context(store, "versions")
    desk = given_desk(context, given_office(context))
    line, live, versions = desk.money(2), None, [2]

    for step, field, value in steps:
        if step == "edit":
            change = {
                field: f"text {value}" if field == "description" else value + (MONDAY if field == "booking_day" else 0)
            }
            answer = edit_line(context, desk.office.owner, desk.entity_id, line, change)
            frozen = live is not None and field != "description"
            before = desk.now(line).line
            if isinstance(answer, Denied):
                assert (answer.codes, frozen) == (("line_frozen",), True)
                assert answer.refusals[0].fact("match") == str(live)
            else:
                assert not frozen or answer == before, "a frozen line stays as it was"
                versions += [answer.minor_units] if answer.version > len(versions) else []
        elif step == "tie" and live is None:
            made = desk.tied(line, desk.invoice(desk.now(line).line.minor_units))
            assert made.allocations[0].line_version == desk.now(line).line.version
            live = made.record.id
        elif step == "undo" and live is not None:
            accepted(undo_match(context, desk.office.owner, desk.entity_id, live))
            live = None

    assert _chain(desk, line) == list(enumerate(versions, 1))


def _chain(desk: Desk, line: int) -> list[tuple[int, int]]:
    """Version and amount of every version of a line."""
    with desk.context.store.reading() as view:
        of_line = Condition("id", "=", line)
        found = view.all(Line, of_line, order=(Order("version"),), entity_id=desk.entity_id)
    return [(each.version, each.minor_units) for each in found]

"""Entries from a feed: each once, values as the vendor wrote them, effects by the rule that ties the batch."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.given_documents import done
from tests.given_settlements import given_provider
from tests.given_store import Office, given_office
from tieout.domain.accounts import Account
from tieout.domain.entry_facts import EntryFacts
from tieout.domain.settlements import SettlementBatch, SettlementEntry
from tieout.services.accounts import AccountRequest, open_account
from tieout.services.context import Context, Denied
from tieout.services.lines import Condition, find_lines
from tieout.services.matching import AllocationRequest, MatchRequest, make_match
from tieout.services.settlements.analysing import analyse
from tieout.services.settlements.delivery import Fetch, mark_read, unresolved
from tieout.services.settlements.integrations import integration_of
from tieout.services.settlements.receiving import EntriesReceived, Received, ReceivedEntry, receive_entries

THE_FIRST = 20_454  # 2026-01-01


def told(native_id: str, kind: str, received: str, order: str = "ORD-1001", **facts: Any) -> ReceivedEntry:
    """An entry of the first of January; its type is its kind in capitals where a test does not say."""
    columns = {"entry_type": kind.upper(), "received": received, "order_code": order}
    return ReceivedEntry(native_id=native_id, kind=kind, day=THE_FIRST, facts=EntryFacts(**(columns | facts)))


SALE = told("1", "sale", "570.00", entry_type="SALE")
COMMISSION = told("2", "fee", "85.5", entry_type="COMISSION")
TRANSFER = told("3", "payout", "484.50", "", entry_type="TRANSFER")


def received(
    context: Context, office: Office, account: Account, entries: Sequence[ReceivedEntry], **more: Any
) -> Received:
    """What came of entries of batch 77 that nothing refuses."""
    columns: dict[str, Any] = {"account_id": account.id, "batch_number": "77", "entries": entries}
    asked = EntriesReceived(**(columns | more))
    return done(receive_entries(context, office.preparer, office.entity_id, asked))


def effects(context: Context, office: Office) -> dict[str, int]:
    """By the vendor's id what each line does to the account."""
    return {
        now.line.native_id: now.line.minor_units for now in done(find_lines(context, office.owner, office.entity_id))
    }


def entry_of(context: Context, line_id: int) -> SettlementEntry:
    """What is kept beside a line."""
    with context.store.reading() as view:
        found = view.one(SettlementEntry, line_id=line_id)
    assert found is not None
    return found


def test_a_commission_written_as_a_positive_value_is_taken_from_the_payout_and_stays_as_it_was_written(
    context: Context,
) -> None:
    office = given_office(context, "BRL")
    account = given_provider(context, office, currency="BRL")

    answer = received(context, office, account, [SALE, COMMISSION, TRANSFER])

    batch = answer.batch
    assert effects(context, office) == {"1": 570_00, "2": -85_50, "3": -484_50}
    assert entry_of(context, answer.lines["2"]).received == "85.5"
    assert (batch.sign_rule, batch.gap_minor_units, batch.entries) == ("by_type", 0, 2)
    assert (batch.payout_minor_units, batch.payout_line_id) == (484_50, answer.lines["3"])


def test_what_a_payout_is_may_be_said_beside_the_entries(context: Context) -> None:
    office = given_office(context, "BRL")
    account = given_provider(context, office, currency="BRL")
    debit = replace(COMMISSION, facts=COMMISSION.facts._replace(received="-85.50"))

    batch = received(
        context, office, account, [SALE, debit], payout_minor_units=400_00, carried_minor_units=-84_50
    ).batch

    assert (batch.sign_rule, batch.gap_minor_units, batch.carried_minor_units) == ("as_received", 0, -84_50)


def test_until_a_payout_decides_values_stand_as_they_were_written_and_no_rule_is_named(context: Context) -> None:
    office = given_office(context, "BRL")
    account = given_provider(context, office, currency="BRL")

    waiting = received(context, office, account, [SALE, COMMISSION])
    undecided = effects(context, office)
    decided = received(context, office, account, [TRANSFER])

    assert (waiting.batch.sign_rule, undecided) == ("", {"1": 570_00, "2": 85_50})
    assert (decided.batch.sign_rule, effects(context, office)["2"]) == ("by_type", -85_50)


def test_a_batch_that_no_rule_ties_is_analysed_and_never_finalised(context: Context) -> None:
    office = given_office(context, "BRL")
    account = given_provider(context, office, currency="BRL")
    received(context, office, account, [SALE, COMMISSION], payout_minor_units=500_00)

    done(analyse(context, office.owner, office.entity_id))

    (batch,) = _batches(context, office)
    assert (batch.state, batch.sign_rule, batch.gap_minor_units) == ("analyzed", "", 500_00 - 655_50)


def test_the_same_entries_again_are_known_by_the_vendors_id(context: Context) -> None:
    office = given_office(context, "BRL")
    account = given_provider(context, office, currency="BRL")
    adjustment = told("9", "adjustment", "1.00", "")
    first = received(context, office, account, [SALE, COMMISSION, TRANSFER, adjustment])

    again = received(context, office, account, [adjustment, TRANSFER, COMMISSION, SALE])

    assert (again.new, again.lines) == (0, first.lines)
    assert again.batch == first.batch
    assert len(effects(context, office)) == 4


def test_pieces_of_a_batch_in_any_order_are_the_whole(context: Context) -> None:
    office = given_office(context, "BRL", "BRL")
    entries = [SALE, COMMISSION, TRANSFER, told("4", "sale", "10.00", "ORD-1002"), told("5", "fee", "1.00", "ORD-1002")]
    account = given_provider(context, office, currency="BRL")

    for each in entries[::-1]:
        batch = received(context, office, account, [each]).batch

    assert (batch.entries, batch.entries_minor_units, batch.gap_minor_units) == (4, 655_50 + 11_00, 484_50 - 666_50)


def test_an_entry_that_the_vendor_waits_for_has_no_effect_until_it_is_released(context: Context) -> None:
    office = given_office(context, "BRL")
    account = given_provider(context, office, currency="BRL")
    waiting = told("1", "sale", "", expected_minor_units=570_00)
    first = received(context, office, account, [waiting], batch_number="")
    released = replace(told("1", "sale", "570.00"), day=THE_FIRST + 9)

    answer = received(context, office, account, [released], batch_number="")

    (now,) = done(find_lines(context, office.owner, office.entity_id))
    entry = entry_of(context, now.line.id)
    assert (answer.released, answer.lines) == (1, first.lines)
    assert (now.line.minor_units, now.line.booking_day, now.line.version) == (570_00, THE_FIRST + 9, 2)
    assert (entry.received, entry.released_day, entry.expected_minor_units) == ("570.00", THE_FIRST + 9, 570_00)


def test_entries_that_waited_without_a_batch_go_into_the_one_that_names_them_and_stay_delivered(
    context: Context,
) -> None:
    office = given_office(context, "BRL")
    account = given_provider(context, office, currency="BRL")
    first = received(context, office, account, [SALE, COMMISSION], batch_number="")
    received(context, office, account, [told("7", "sale", "5.00", "ORD-7007")])
    done(analyse(context, office.owner, office.entity_id))
    integration = done(integration_of(context, office.owner))
    seventh = done(unresolved(context, office.owner, integration, Fetch())).entries[0].line.id
    mark_read(context, office.owner, integration, [seventh])

    answer = received(context, office, account, [SALE, COMMISSION])

    left, numbered = _batches(context, office)
    (line,) = done(find_lines(context, office.owner, office.entity_id, Condition("id", "=", first.lines["1"])))
    page = done(unresolved(context, office.owner, integration, Fetch()))
    assert (left.number, left.entries, left.entries_minor_units) == ("", 0, 0)
    assert (numbered, numbered.entries, numbered.entries_minor_units) == (answer.batch, 3, 660_50)
    assert line.line.batch == "77"
    assert (page.total, [each.line.id for each in page.entries]) == (2, [first.lines["1"], first.lines["2"]])


def test_an_entry_that_waited_and_is_told_with_another_value_leaves_nothing_behind(context: Context) -> None:
    office = given_office(context, "BRL")
    account = given_provider(context, office, currency="BRL")
    received(context, office, account, [told("1", "sale", "5.00")], batch_number="")

    received(context, office, account, [told("1", "sale", "7.00")])

    left, numbered = _batches(context, office)
    assert (left.entries, left.entries_minor_units) == (0, 0)
    assert (numbered.entries, numbered.entries_minor_units) == (1, 7_00)


def test_a_value_that_the_vendor_corrects_is_held_while_a_match_uses_its_line(context: Context) -> None:
    office = given_office(context, "BRL")
    account = given_provider(context, office, currency="BRL")
    fee, back = told("1", "fee", "-5.00", "ORD-1"), told("2", "fee", "5.00", "ORD-2")
    lines = received(context, office, account, [fee, back]).lines
    tie = MatchRequest(
        kind="within", allocations=tuple(AllocationRequest(line_id=line_id) for line_id in lines.values())
    )
    done(make_match(context, office.owner, office.entity_id, tie))

    answer = received(context, office, account, [told("1", "fee", "-6.00", "ORD-1")])

    assert (answer.held, answer.released, effects(context, office)["1"]) == (("1",), 0, -5_00)


def test_the_release_day_of_the_facts_counts_before_the_day_of_the_entry(context: Context) -> None:
    office = given_office(context, "BRL")
    account = given_provider(context, office, currency="BRL")
    entry = told("1", "sale", "1.00", released_date=date(2026, 1, 20))

    line_id = received(context, office, account, [entry]).lines["1"]

    assert entry_of(context, line_id).released_day == THE_FIRST + 19


@pytest.mark.parametrize(
    ("entry", "refusal"),
    [
        (told("1", "sale", "1,50"), ("not_an_amount", "entries[0].received")),
        (told("1", "sale", "1.505"), ("too_many_decimals", "entries[0].received")),
        (told("1", "sale", "999999999999999999"), ("amount_out_of_range", "entries[0].received")),
        (told("", "sale", "1.00"), ("required", "entries[0].native_id")),
        (told("1", "", "1.00"), ("not_allowed", "entries[0].kind")),
        (told("1", "sale", "1.00", "a\0b"), ("not_allowed", "entries[0].order_code")),
        (replace(SALE, day=2**40), ("bad_date", "entries[0].day")),
    ],
)
def test_an_entry_that_cannot_be_kept_refuses_all_and_says_where(
    context: Context, entry: ReceivedEntry, refusal: tuple[str, str]
) -> None:
    office = given_office(context, "BRL")
    account = given_provider(context, office, currency="BRL")
    asked = EntriesReceived(account_id=account.id, batch_number="77", entries=[entry, TRANSFER])

    answer = receive_entries(context, office.preparer, office.entity_id, asked)

    assert isinstance(answer, Denied)
    assert [(each.code, each.concerns) for each in answer.refusals] == [refusal]
    assert effects(context, office) == {}


def test_one_id_twice_in_a_call_is_refused(context: Context) -> None:
    office = given_office(context, "BRL")
    account = given_provider(context, office, currency="BRL")
    asked = EntriesReceived(account_id=account.id, batch_number="77", entries=[SALE, SALE])

    answer = receive_entries(context, office.preparer, office.entity_id, asked)

    assert isinstance(answer, Denied)
    assert answer.codes == ("twice", "twice")


def test_entries_are_kept_on_accounts_of_providers_alone(context: Context) -> None:
    office = given_office(context, "BRL")
    bank = done(
        open_account(context, office.owner, office.entity_id, AccountRequest(kind="bank", name="B", currency="BRL"))
    )

    answers = [
        receive_entries(context, who, office.entity_id, EntriesReceived(account_id=each, batch_number="", entries=()))
        for who, each in ((office.preparer, bank.id), (office.preparer, 0), (office.reader, bank.id))
    ]

    assert [each.codes for each in answers if isinstance(each, Denied)] == [
        ("not_allowed",),
        ("not_found",),
        ("not_permitted",),
    ]


def _batches(context: Context, office: Office) -> list[SettlementBatch]:
    with context.store.reading() as view:
        return view.all(SettlementBatch, entity_id=office.entity_id)


def test_an_entry_that_waited_has_the_effect_that_the_rule_of_its_batch_says_once_it_comes_into_it(
    context: Context,
) -> None:
    office = given_office(context, "BRL")
    account = given_provider(context, office, "B2W", "BRL")
    tied = received(context, office, account, [SALE, COMMISSION, TRANSFER])
    refund = told("9", "refund", "1.03", "ORD-2", entry_type="RETURN_SALE")
    received(context, office, account, [refund], batch_number="")

    late = received(context, office, account, [refund])

    assert (tied.batch.sign_rule, effects(context, office)["9"]) == ("by_type", -103)
    assert late.batch.entries_minor_units == sum(
        amount for native_id, amount in effects(context, office).items() if native_id != "3"
    )

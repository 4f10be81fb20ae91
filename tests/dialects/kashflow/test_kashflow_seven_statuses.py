"""Each of the seven statuses in a chain of 24 periods: its cause put in, that status on that one alone, then healed.

What the vendor's API can cause is caused through it; the rest by history from another system or a native correction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from tests.dialects.kashflow.given import day, given_account, given_entry, granted
from tests.dialects.kashflow.served import Served, served
from tieout.kernel.dates import day_text
from tieout.services.context import Context
from tieout.services.lines import LineRequest, enter_lines, restore_line
from tieout.services.reconciling_chain import reconciliations
from tieout.services.reconciling_correction import CorrectionRequest, correct_reconciliation
from tieout.services.reconciling_history import ImportedPeriod, import_chain

PERIODS, PERIOD_DAYS, MOVED = 24, 30, 50_00
START, OPENING = day("2013-12-31"), 1_500_00
THIRTEENTH = 12


@dataclass(frozen=True)
class Chain:
    """24 complete reconciliations of one account, each clearing 70.00 in and 20.00 out."""

    here: Served
    account_id: int
    ids: tuple[int, ...]
    entries: tuple[tuple[int, int], ...]

    @property
    def account(self) -> str:
        """The account's path."""
        return f"/bankaccounts/{self.account_id}"

    def path(self, place: int) -> str:
        """The path of one reconciliation, counted from 0."""
        return f"{self.account}/reconciliations/{self.ids[place]}"

    def entry(self, place: int) -> str:
        """The path of the first transaction that a reconciliation cleared."""
        return f"{self.account}/transactions/{self.entries[place][0]}"

    def put(self, path: str, **fields: object) -> None:
        """Change something through the vendor's API."""
        self.here.client.ask("PUT", path, fields)

    def faults(self) -> dict[int, str]:
        """By place in the chain, every status but Complete, as the vendor's list tells it."""
        page = self.here.client.ask("GET", f"{self.account}/reconciliations?perpage=200")
        return {place: each["Status"] for place, each in enumerate(page["Data"]) if each["Status"] != "Complete"}

    def culprit(self, place: int) -> tuple[tuple[str, ...], int | None]:
        """What a reconciliation no longer agrees with and by how much, as the core tells it."""
        office = self.here.office
        found = granted(reconciliations(self.here.context, office.owner, office.entity_id, self.account_id))
        return found[place].culprit, found[place].delta

    def correct(self, place: int, **fields: object) -> None:
        """A native correction, with its reason."""
        request = CorrectionRequest(reason="found in the bank's archive", **fields)  # type: ignore[arg-type]
        office = self.here.office
        granted(correct_reconciliation(self.here.context, office.owner, office.entity_id, self.ids[place], request))

    def extra_entry(self, place: int, minor_units: int) -> int:
        """A back-dated transaction inside a period."""
        booked = day_text(START + PERIOD_DAYS * place + 5)
        return given_entry(self.here.context, self.here.office, self.account_id, booked, minor_units)


def _periods(entries: tuple[tuple[int, int], ...], shift: int = 0, days: int = 0) -> list[ImportedPeriod]:
    """24 periods; from the 13th on balances are shifted, and the 13th begins some days later."""
    periods = []
    for place, pair in enumerate(entries):
        off = shift if place >= THIRTEENTH else 0
        periods.append(
            ImportedPeriod(
                start_day=START + PERIOD_DAYS * place + (days if place == THIRTEENTH else 0),
                start_minor_units=OPENING + MOVED * place + off,
                end_day=START + PERIOD_DAYS * (place + 1),
                end_minor_units=OPENING + MOVED * (place + 1) + off,
                line_ids=pair,
            )
        )
    return periods


def _entries(here: Served, account_id: int) -> tuple[tuple[int, int], ...]:
    requests = [
        LineRequest(
            side="ledger",
            kind="bank_entry",
            account_id=account_id,
            currency="GBP",
            minor_units=minor_units,
            booking_day=START + PERIOD_DAYS * place + 10,
        )
        for place in range(PERIODS)
        for minor_units in (70_00, -20_00)
    ]
    lines = granted(enter_lines(here.context, here.office.owner, here.office.entity_id, requests))
    return tuple((first.id, second.id) for first, second in zip(lines[::2], lines[1::2], strict=True))


def _chain_over_http(here: Served) -> Chain:
    """Every period opened, ticked and completed as the vendor's clients do it."""
    account_id = given_account(here.context, here.office)
    entries = _entries(here, account_id)
    path, ids = f"/bankaccounts/{account_id}/reconciliations", []
    for place, pair in enumerate(entries):
        body = {
            "EndDate": day_text(START + PERIOD_DAYS * (place + 1)),
            "EndBalance": 1500 + 50 * (place + 1),
        }
        made = here.client.ask("POST", path, body, 201)["Id"]
        ticks = {"Reconcile": [{"Id": each, "Type": 0} for each in pair]}
        here.client.ask("PUT", f"{path}/{made}/transactions", ticks)
        here.client.ask("PUT", f"{path}/{made}", {"ReconciliationDone": True})
        ids.append(made)
    return Chain(here, account_id, tuple(ids), entries)


def _imported_chain(here: Served, shift: int = 0, days: int = 0) -> Chain:
    """The same history, taken over from another system, with a fault in its thirteenth period."""
    account_id = given_account(here.context, here.office)
    entries = _entries(here, account_id)
    periods = _periods(entries, shift, days)
    imported = granted(import_chain(here.context, here.office.owner, here.office.entity_id, account_id, periods))
    return Chain(here, account_id, tuple(each.id for each in imported), entries)


@contextmanager
def _given_chain(context: Context) -> Iterator[Chain]:
    with served(context) as here:
        yield _imported_chain(here)


def test_a_chain_closed_month_by_month_over_the_api_is_complete_throughout(context: Context) -> None:
    with served(context) as here:
        chain = _chain_over_http(here)

        assert chain.faults() == {}
        assert here.client.ask("GET", chain.account)["ReconcileDate"] == day_text(START + PERIOD_DAYS * PERIODS)


def test_incomplete_is_what_was_reopened(context: Context) -> None:
    with _given_chain(context) as chain:
        chain.put(chain.path(23), ReconciliationDone=False)
        reopened = chain.faults()
        chain.put(chain.path(23), ReconciliationDone=True)

        assert reopened == {23: "InComplete"}
        assert chain.faults() == {}


def test_overlaps_previous_shows_on_the_first_when_the_account_starts_later(context: Context) -> None:
    with _given_chain(context) as chain:
        chain.put(chain.account, StartingDate="2014-01-02")
        overlapping, culprit = chain.faults(), chain.culprit(0)
        chain.put(chain.account, StartingDate="2013-12-31 12:00:00")

        assert overlapping == {0: "Overlaps_Previous"}
        assert culprit == (("account.starting_day",), 2)
        assert chain.faults() == {}


def test_overlaps_previous_shows_on_an_imported_period_that_begins_too_early(context: Context) -> None:
    with served(context) as here:
        chain = _imported_chain(here, days=-3)
        overlapping, culprit = chain.faults(), chain.culprit(THIRTEENTH)
        chain.correct(THIRTEENTH, start_day=START + PERIOD_DAYS * THIRTEENTH)

        assert overlapping == {THIRTEENTH: "Overlaps_Previous"}
        assert culprit == ((f"reconciliation:{chain.ids[THIRTEENTH - 1]}",), 3)
        assert chain.faults() == {}


def test_reconcile_date_changed_shows_on_the_last_when_the_accounts_date_is_edited(context: Context) -> None:
    with _given_chain(context) as chain:
        right = chain.here.client.ask("GET", chain.account)["ReconcileDate"]
        chain.put(chain.account, ReconcileDate="2015-11-30")
        edited, culprit = chain.faults(), chain.culprit(23)
        chain.put(chain.account, ReconcileDate=right)

        assert edited == {23: "ReconcileDate_Changed"}
        assert culprit == (("account.reconcile_day",), day("2015-11-30") - day(right))
        assert chain.faults() == {}


@pytest.mark.parametrize("days", [1, 20])
def test_reconcile_date_changed_shows_on_an_imported_period_behind_a_gap(context: Context, days: int) -> None:
    with served(context) as here:
        chain = _imported_chain(here, days=days)
        gap, culprit = chain.faults(), chain.culprit(THIRTEENTH)
        chain.correct(THIRTEENTH, start_day=START + PERIOD_DAYS * THIRTEENTH)

        assert gap == {THIRTEENTH: "ReconcileDate_Changed"}
        assert culprit == ((f"reconciliation:{chain.ids[THIRTEENTH - 1]}",), -days)
        assert chain.faults() == {}


def test_reconcile_date_changed_shows_on_the_first_when_the_account_starts_earlier(context: Context) -> None:
    with _given_chain(context) as chain:
        chain.put(chain.account, StartingDate="2013-12-30")
        gap, culprit = chain.faults(), chain.culprit(0)
        chain.put(chain.account, StartingDate="2013-12-31")

        assert gap == {0: "ReconcileDate_Changed"}
        assert culprit == (("account.starting_day",), -1)
        assert chain.faults() == {}


def test_starting_balance_changed_shows_on_the_first_when_the_accounts_amount_is_edited(context: Context) -> None:
    with _given_chain(context) as chain:
        chain.put(chain.account, StartingAmount=1499.5)
        edited, culprit = chain.faults(), chain.culprit(0)
        chain.put(chain.account, StartingAmount="1500.0000")

        assert edited == {0: "Starting_Balance_Changed"}
        assert culprit == (("account.starting_minor_units",), -50)
        assert chain.faults() == {}


def test_starting_balance_changed_shows_on_the_successor_of_a_corrected_one(context: Context) -> None:
    with _given_chain(context) as chain:
        before = THIRTEENTH - 1
        extra = chain.extra_entry(before, 5_00)
        chain.correct(before, end_minor_units=OPENING + MOVED * THIRTEENTH + 5_00, tick=(extra,))
        corrected, culprit = chain.faults(), chain.culprit(THIRTEENTH)
        chain.correct(before, end_minor_units=OPENING + MOVED * THIRTEENTH, untick=(extra,))

        assert corrected == {THIRTEENTH: "Starting_Balance_Changed"}
        assert culprit == ((f"reconciliation:{chain.ids[before]}",), 5_00)
        assert chain.faults() == {}


def test_incorrect_starting_balance_shows_on_an_imported_period_that_never_agreed(context: Context) -> None:
    with served(context) as here:
        chain = _imported_chain(here, shift=5_00)
        wrong, culprit = chain.faults(), chain.culprit(THIRTEENTH)
        extra = chain.extra_entry(THIRTEENTH - 1, 5_00)
        chain.correct(THIRTEENTH - 1, end_minor_units=OPENING + MOVED * THIRTEENTH + 5_00, tick=(extra,))

        assert wrong == {THIRTEENTH: "Incorrect_Starting_Balance"}
        assert culprit == ((f"reconciliation:{chain.ids[THIRTEENTH - 1]}",), -5_00)
        assert chain.faults() == {}


@pytest.mark.parametrize(
    ("edit", "back", "delta"),
    [
        ({"PaidIn": 71}, {"PaidIn": 70}, 1_00),
        ({"PaidIn": 0, "PaidOut": 70}, {"PaidIn": 70, "PaidOut": 0}, -140_00),
        ({"Date": "2014-12-20"}, {"Date": "2015-01-05"}, 0),
    ],
    ids=["amount", "sign", "date"],
)
def test_transactions_modified_shows_where_a_cleared_transaction_was_edited(
    context: Context, edit: dict[str, object], back: dict[str, object], delta: int
) -> None:
    assert day_text(START + PERIOD_DAYS * THIRTEENTH + 10) == "2015-01-05"
    with _given_chain(context) as chain:
        chain.put(chain.entry(THIRTEENTH), **edit)
        edited, culprit = chain.faults(), chain.culprit(THIRTEENTH)
        chain.put(chain.entry(THIRTEENTH), **back)

        assert edited == {THIRTEENTH: "Transactions_Modified"}
        assert culprit == ((f"line:{chain.entries[THIRTEENTH][0]}",), delta)
        assert chain.faults() == {}


def test_transactions_modified_shows_where_a_cleared_transaction_moved_to_another_account(context: Context) -> None:
    with _given_chain(context) as chain:
        savings = given_account(context, chain.here.office, "Savings", "1210")
        chain.put(chain.entry(THIRTEENTH), AccountId=savings)
        moved = chain.faults()
        line_id = chain.entries[THIRTEENTH][0]
        chain.put(f"/bankaccounts/{savings}/transactions/{line_id}", AccountId=chain.account_id)

        assert moved == {THIRTEENTH: "Transactions_Modified"}
        assert chain.faults() == {}


def test_transactions_modified_shows_where_a_cleared_transaction_was_deleted_until_it_is_restored(
    context: Context,
) -> None:
    with _given_chain(context) as chain:
        office = chain.here.office
        chain.here.client.ask("DELETE", chain.entry(THIRTEENTH), wanted=204)
        deleted, culprit = chain.faults(), chain.culprit(THIRTEENTH)
        granted(restore_line(context, office.owner, office.entity_id, chain.entries[THIRTEENTH][0]))

        assert deleted == {THIRTEENTH: "Transactions_Modified"}
        assert culprit == ((f"line:{chain.entries[THIRTEENTH][0]}",), -70_00)
        assert chain.faults() == {}


def test_another_comment_and_a_new_back_dated_transaction_are_no_fault(context: Context) -> None:
    with _given_chain(context) as chain:
        chain.put(chain.entry(THIRTEENTH), Comment="Another word", CustomerCode="TEST02")
        late = chain.extra_entry(THIRTEENTH, 9_00)

        body = {"EndDate": "2016-01-31", "EndBalance": 2700}
        made = chain.here.client.ask("POST", f"{chain.account}/reconciliations", body, 201)

        assert chain.faults() == {24: "InComplete"}
        assert [each["Id"] for each in made["Transactions"]] == [late]


def test_the_earlier_status_hides_the_later_until_it_heals(context: Context) -> None:
    with _given_chain(context) as chain:
        chain.put(chain.entry(0), PaidIn=71)
        chain.put(chain.account, StartingAmount=1499)
        chain.put(chain.account, StartingDate="2014-01-02")

        seen = [chain.faults()]
        chain.put(chain.account, StartingDate="2013-12-31")
        seen.append(chain.faults())
        chain.put(chain.account, StartingAmount=1500)
        seen.append(chain.faults())

        assert seen == [{0: "Overlaps_Previous"}, {0: "Starting_Balance_Changed"}, {0: "Transactions_Modified"}]

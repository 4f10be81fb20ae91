"""The bank reconciliation over both stores: every difference between bank and books has its line and its age (P7)."""

from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.given_chains import FIRST_DAY, OPENING
from tests.given_reconciliations import Bookkeeping, bookkeeping, codes, done
from tests.given_store import given_context
from tieout.domain.lines import Document, Origin, StoredStatement
from tieout.domain.results import BankReconciliation, Outstanding
from tieout.services.bank_reconciling import bank_reconciliation
from tieout.services.context import Context
from tieout.services.lines import LineRequest, enter_lines
from tieout.services.match_requests import AdjustmentRequest, AllocationRequest, MatchRequest
from tieout.services.matching import make_match
from tieout.store.protocols import Scope
from tieout.store.sql.store import SqlStore

CLOSING_DAY = FIRST_DAY + 30


@pytest.fixture
def books(context: Context) -> Bookkeeping:
    """An account that opens with 1,000.00."""
    return bookkeeping(context)


def banked(books: Bookkeeping, *lines: tuple[int, int], origin: Origin = Origin.FEED) -> list[int]:
    """Bank lines as (day after the first, minor units); their ids."""
    requests = [_request(books, "statement", "", day, amount) for day, amount in lines]
    return [line.id for line in done(enter_lines(books.context, books.approver, books.entity_id, requests, origin))]


def booked(books: Bookkeeping, *entries: tuple[int, int], kind: str = "bank_entry") -> list[int]:
    """Lines of the books as (day after the first, minor units); their ids."""
    requests = [_request(books, "ledger", kind, day, amount) for day, amount in entries]
    return [line.id for line in done(enter_lines(books.context, books.approver, books.entity_id, requests))]


def _request(books: Bookkeeping, side: Any, kind: str, day: int, minor_units: int, **more: Any) -> LineRequest:
    return LineRequest(
        side=side,
        kind=kind,
        account_id=books.account_id,
        currency="GBP",
        minor_units=minor_units,
        booking_day=FIRST_DAY + day,
        **more,
    )


def legs(*lines: int) -> tuple[AllocationRequest, ...]:
    """All that is left of these lines."""
    return tuple(AllocationRequest(line_id=line) for line in lines)


def tied(books: Bookkeeping, *lines: int, fee: int = 0) -> None:
    """Tie these lines wholly; a fee is what the bank kept."""
    adjustments = (AdjustmentRequest(type="fee", minor_units=fee, currency="GBP"),) if fee else ()
    request = MatchRequest(
        allocations=tuple(AllocationRequest(line_id=line) for line in lines), adjustments=adjustments
    )
    done(make_match(books.context, books.approver, books.entity_id, request))


def stated(books: Bookkeeping, day: int, closing: int, *, opening: int | None = None) -> None:
    """A booked statement of the account that closes on a day."""
    with books.context.store.writing(Scope("entity", books.entity_id), "given", "given_statement", 0) as work:
        (document,) = work.new_ids(Document)
        work.add(_document(books.entity_id, document))
        work.add(
            StoredStatement(
                entity_id=books.entity_id,
                id=work.new_ids(StoredStatement)[0],
                document_id=document,
                account_id=books.account_id,
                number="",
                kind="booked",
                currency="GBP",
                opening_minor_units=opening,
                opening_day=None,
                closing_minor_units=closing,
                closing_day=FIRST_DAY + day,
                lines=0,
                movement_minor_units=0,
                holds=None,
                gap_minor_units=None,
                reason="no_opening",
            )
        )


def _document(entity_id: int, document_id: int) -> Document:
    return Document(
        entity_id=entity_id,
        id=document_id,
        name="statement.xml",
        format="camt.053",
        sha256=f"{document_id:064x}",
        size=1,
        account_id=0,
        state="read",
        answer="{}",
        received_at=0,
        received_by="given",
    )


def at(books: Bookkeeping, day: int) -> BankReconciliation:
    """The bank reconciliation some days after the first."""
    return done(bank_reconciliation(books.context, books.approver, books.entity_id, books.account_id, FIRST_DAY + day))


def outstanding(*lines: tuple[int, int, int]) -> Outstanding:
    """Lines as (id, what is outstanding of it, its age)."""
    ids, amounts, ages = zip(*lines, strict=True) if lines else ((), (), ())
    return Outstanding(tuple(map(str, ids)), sum(amounts), tuple(ages), tuple(amounts))


def test_an_entry_on_its_way_and_a_bank_line_not_booked_explain_the_difference(books: Bookkeeping) -> None:
    paid, interest = banked(books, (5, 60_00), (20, -12_50))
    entry, cheque = booked(books, (4, 60_00), (29, -40_00))
    tied(books, paid, entry)
    stated(books, 30, OPENING + 47_50)

    found = at(books, 30)

    assert found == BankReconciliation(
        account=str(books.account_id),
        currency="GBP",
        as_of="2024-01-31",
        per_bank=OPENING + 47_50,
        in_books_not_on_bank=outstanding((cheque, -40_00, 1)),
        on_bank_not_in_books=outstanding((interest, -12_50, 10)),
        per_books=OPENING + 20_00,
        difference=0,
        holds=True,
        reason=None,
    )


def test_a_balance_that_the_bank_states_otherwise_leaves_a_difference(books: Bookkeeping) -> None:
    tied(books, *banked(books, (5, 60_00)), *booked(books, (4, 60_00)))
    stated(books, 30, OPENING + 61_00)

    found = at(books, 30)

    assert (found.holds, found.difference) == (False, -1_00)


def test_what_the_other_side_records_later_is_outstanding_until_that_day(books: Bookkeeping) -> None:
    (deposit,) = booked(books, (5, 60_00))
    (banked_late,) = banked(books, (8, 60_00))
    tied(books, banked_late, deposit)
    (early,) = banked(books, (10, 7_00))
    tied(books, early, *booked(books, (15, 7_00)))

    assert at(books, 6).in_books_not_on_bank == outstanding((deposit, 60_00, 1))
    assert at(books, 8).in_books_not_on_bank == outstanding()
    assert at(books, 12).on_bank_not_in_books == outstanding((early, 7_00, 2))
    assert [at(books, day).difference for day in range(20)] == [0] * 20


def test_the_fee_that_the_bank_kept_is_what_the_books_miss(books: Bookkeeping) -> None:
    (line,) = banked(books, (5, 97_00))
    tied(books, line, *booked(books, (4, 100_00)), fee=-3_00)

    found = at(books, 5)

    assert found.on_bank_not_in_books == outstanding((line, -3_00, 0))
    assert (found.per_bank, found.per_books, found.difference) == (OPENING + 97_00, OPENING + 100_00, 0)


def test_a_typed_in_line_is_no_evidence_of_what_the_bank_says(books: Bookkeeping) -> None:
    (typed,) = banked(books, (5, 60_00), origin=Origin.ENTERED)
    (entry,) = booked(books, (5, 60_00))
    tied(books, typed, entry)

    found = at(books, 5)

    assert found.per_bank == OPENING
    assert found.in_books_not_on_bank == outstanding((entry, 60_00, 0))
    assert found.on_bank_not_in_books == outstanding()
    assert found.holds


def test_with_open_items_only_it_says_so(books: Bookkeeping) -> None:
    (line,) = banked(books, (5, 60_00))
    tied(books, line, *booked(books, (4, 60_00), kind="receivable"))

    found = at(books, 5)

    assert (found.per_books, found.holds, found.reason) == (None, None, "open_items_only")
    assert found.on_bank_not_in_books == outstanding((line, 60_00, 0))


def test_an_account_of_which_the_bank_said_nothing_has_no_balance_per_bank(context: Context) -> None:
    books = bookkeeping(context, starting_day=None, opening=0)
    booked(books, (5, 60_00))

    found = at(books, 5)

    assert (found.per_bank, found.difference, found.holds, found.reason) == (None, None, None, "no_bank_balance")


def test_before_the_first_closing_the_balance_is_counted_back_from_it(context: Context) -> None:
    books = bookkeeping(context, starting_day=None, opening=0)
    banked(books, (5, 60_00), (9, 5_00), (31, 2_00))
    stated(books, 30, 500_00)

    assert [at(books, day).per_bank for day in (4, 5, 9, 30, 31)] == [435_00, 495_00, 500_00, 500_00, 502_00]


def test_an_entry_inside_the_starting_balance_that_the_bank_paid_later_is_outstanding_till_then(
    books: Bookkeeping,
) -> None:
    (cheque,) = booked(books, (-3, -40_00))
    (cashed,) = banked(books, (6, -40_00))
    tied(books, cashed, cheque)
    stated(books, 1, OPENING + 40_00)
    booked(books, (-9, 5_00))

    assert at(books, 4).in_books_not_on_bank == outstanding((cheque, -40_00, 7))
    assert [at(books, day).difference for day in (1, 4, 5, 6, 7)] == [0] * 5


def test_lines_are_listed_by_day_and_number(books: Bookkeeping) -> None:
    entries = booked(books, *((5, amount) for amount in range(1, 13)), (4, 99))

    assert at(books, 5).in_books_not_on_bank.lines == tuple(map(str, [entries[-1], *entries[:-1]]))


def test_an_account_in_foreign_currency_is_compared_in_its_own(context: Context) -> None:
    books = bookkeeping(context, currency="NOK")
    (line,) = banked(books, (5, 100_00))
    foreign: dict[str, Any] = {"foreign_currency": "GBP", "rate": "13.00"}
    requests = [
        LineRequest(
            side="ledger", kind="customer_payment", account_id=books.account_id, currency="NOK",
            minor_units=amount * 13, booking_day=FIRST_DAY + 5, foreign_minor_units=amount, **foreign,
        )
        for amount in (100_00, 9_00)
    ]  # fmt: skip
    entries = [each.id for each in done(enter_lines(context, books.approver, books.entity_id, requests))]
    exchange = (
        AdjustmentRequest(type="exchange", minor_units=100_00, currency="GBP", rate="13.00"),
        AdjustmentRequest(type="exchange", minor_units=-1_300_00, currency="NOK", rate="13.00"),
    )
    request = MatchRequest(allocations=legs(line, entries[0]), adjustments=exchange)
    done(make_match(context, books.approver, books.entity_id, request))

    found = at(books, 5)

    assert (found.per_bank, found.per_books, found.difference) == (OPENING + 100_00, OPENING + 109_00, 0)
    assert found.in_books_not_on_bank == outstanding((entries[1], 9_00, 0))


def test_an_account_or_day_that_is_none_is_refused(books: Bookkeeping) -> None:
    ask = (books.context, books.approver, books.entity_id)

    assert codes(bank_reconciliation(*ask, books.account_id + 10_000, FIRST_DAY)) == ("not_found",)
    assert codes(bank_reconciliation(*ask, books.account_id, 2**40)) == ("bad_date",)


class Movement(NamedTuple):
    """Money that the books know on one day and the bank on another; days after the starting day."""

    booked_on: int
    banked_on: int
    amount: int
    recorded: str

    @property
    def banked(self) -> int:
        """What the bank moved."""
        return {"books": 0, "taken back": 0, "with fee": self.amount - 1}.get(self.recorded, self.amount)


MOVEMENTS = st.lists(
    st.builds(
        Movement,
        st.integers(-3, 12),
        st.integers(-3, 12),
        st.integers(2, 500),
        st.sampled_from(["both", "both", "bank", "books", "with fee", "taken back"]),
    ),
    max_size=6,
)


def recorded(books: Bookkeeping, movements: list[Movement]) -> dict[int, tuple[int, int]]:
    """Enter and tie the movements; by place the ids of entry and bank line (or of the entry that takes it back)."""
    pairs = {}
    for place, each in enumerate(movements):
        entry = booked(books, (each.booked_on, each.amount)) if each.recorded != "bank" else [0]
        if each.recorded == "taken back":
            other = booked(books, (each.banked_on, -each.amount))
            request = MatchRequest(
                kind="within", allocations=tuple(AllocationRequest(line_id=n) for n in entry + other)
            )
            done(make_match(books.context, books.approver, books.entity_id, request))
        else:
            other = banked(books, (each.banked_on, each.banked)) if each.recorded != "books" else [0]
        if each.recorded in ("both", "with fee"):
            tied(books, *other, *entry, fee=each.banked - each.amount)
        pairs[place] = entry[0], other[0]
    return pairs


def bank_at_start(movements: list[Movement]) -> int:
    """What the bank held when the books held the opening balance."""
    held = OPENING
    for each in movements:
        if each.recorded in ("both", "with fee", "taken back"):
            held -= each.amount if each.booked_on <= 0 < each.banked_on else 0
            other = -each.amount if each.recorded == "taken back" else each.banked
            sign = -1 if each.recorded == "taken back" else 1
            held += sign * other if each.banked_on <= 0 < each.booked_on else 0
    return held


def listed(each: Movement, ids: tuple[int, int], day: int) -> tuple[dict[int, int], dict[int, int]]:
    """Which lines of a movement explain the difference at a day, in the books and on the bank, with their amounts."""
    entry, other = ids
    in_books, on_bank = each.booked_on <= day, each.banked_on <= day
    match each.recorded:
        case "books":
            return ({entry: each.amount} if 0 < each.booked_on <= day else {}), {}
        case "bank":
            return {}, ({other: each.amount} if 0 < each.banked_on <= day else {})
        case "taken back":
            alone = {entry: each.amount} if in_books and not on_bank else {}
            return alone | ({other: -each.amount} if on_bank and not in_books else {}), {}
    fee = each.banked - each.amount if on_bank and in_books and max(each.booked_on, each.banked_on) > 0 else 0
    left = each.banked if on_bank and not in_books else fee
    return ({entry: each.amount} if in_books and not on_bank else {}), ({other: left} if left else {})


@pytest.fixture(scope="session")
def every_example(store: SqlStore) -> Context:
    """What services are handed in every example on one store."""
    return given_context(store, "bank reconciliation at any day")


@settings(max_examples=40)
@given(movements=MOVEMENTS, day=st.integers(0, 13))
def test_at_any_day_bank_and_books_differ_by_exactly_the_lines_that_are_listed(
    every_example: Context, movements: list[Movement], day: int
) -> None:
    books = bookkeeping(every_example)
    pairs = recorded(books, movements)
    stated(books, 0, bank_at_start(movements))

    found = at(books, day)

    in_books: dict[int, int] = {}
    on_bank: dict[int, int] = {}
    for place, each in enumerate(movements):
        entries, lines = listed(each, pairs[place], day)
        in_books, on_bank = in_books | entries, on_bank | lines
    assert amounts_of(found.in_books_not_on_bank) == in_books
    assert amounts_of(found.on_bank_not_in_books) == on_bank
    if any(each.recorded != "bank" for each in movements):
        assert (found.holds, found.difference) == (True, 0)
    else:
        assert (found.holds, found.reason) == (None, "open_items_only")


def amounts_of(found: Outstanding) -> dict[int, int]:
    """By line what is outstanding of it."""
    return dict(zip(map(int, found.lines), found.amounts, strict=True))

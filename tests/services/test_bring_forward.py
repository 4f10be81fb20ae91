"""What a run takes over from the one before it: every line counts once, whether or not new files repeat it."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.given_files import ACCOUNT, Entry, Row, canonical, mt940, ofx
from tieout.app import reconcile, write
from tieout.contracts.exporter import ResultFormat
from tieout.domain.line_table import texts_of
from tieout.domain.results import Result, amount_text
from tieout.kernel.errors import Refused
from tieout.services.files.verify_folder import verify_folder

RECEIVABLES = (
    Row("L1", "100.00", "2026-04-01", "INV-1001", "Nordic AS", "receivable"),
    Row("L2", "60.00", "2026-04-02", "INV-1002", "Nordic AS", "receivable"),
    Row("L3", "40.00", "2026-04-12", "INV-1003", "Fjord AS", "receivable"),
)
# L1 is paid, L2 in part, nobody knows S3.
APRIL = (
    Row("S1", "100.00", "2026-04-04", "INV-1001", "Nordic AS", account=ACCOUNT),
    Row("S2", "20.00", "2026-04-05", "INV-1002", "Nordic AS", account=ACCOUNT),
    Row("S3", "39.00", "2026-04-05", counterparty="Unknown", account=ACCOUNT),
)
MAY = (
    Row("S4", "40.00", 5, "INV-1002", "Nordic AS", account=ACCOUNT),
    Row("S5", "40.00", 6, "INV-1003", "Fjord AS", account=ACCOUNT),
)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(
    name: str,
    ledger: Sequence[Row] | Sequence[str],
    statement: Sequence[Row] | Sequence[str],
    previous: str | None = None,
    result_format: ResultFormat = "json",
    book_balances: Sequence[str] = (),
) -> Result:
    """Reconcile lines or files, and write the result into the folder `name`."""
    books, bank = _files(f"{name}-books.csv", ledger), _files(f"{name}-bank.csv", statement)
    result = reconcile(books, bank, previous=previous, book_balances=book_balances)
    write(result, name, result_format)
    return result


def _files(name: str, lines: Sequence[Row] | Sequence[str]) -> list[str]:
    rows = [line for line in lines if isinstance(line, Row)]
    return [canonical(Path(name), rows)] if rows or not lines else [line for line in lines if isinstance(line, str)]


def open_lines(result: Result) -> dict[str, str]:
    """What is left of each open line."""
    return {part.line: amount_text(part.remaining, part.currency) for part in result.open_lines}


def refused(
    previous: str, ledger: Sequence[Row] | Sequence[str], statement: Sequence[Row] | Sequence[str]
) -> list[str]:
    """The reasons for which a run is refused."""
    with pytest.raises(Refused) as raised:
        run("refused", ledger, statement, previous)
    return [str(finding) for finding in raised.value.findings]


def test_an_open_line_comes_in_with_what_is_left_of_it_and_is_tied_by_that() -> None:
    april = run("april", RECEIVABLES, APRIL)
    may = run("may", [], MAY, previous="april")

    assert open_lines(april) == {"S3": "39.00", "L2": "40.00", "L3": "40.00"}
    assert open_lines(may) == {"S3": "39.00"}
    assert may.brought_forward is not None
    assert may.brought_forward.lines == (("statement", "S3"), ("ledger", "L2"), ("ledger", "L3"))
    assert may.brought_forward.closed == (("S1", "S2"), ("L1",))
    assert may.conservation.holds


@pytest.mark.parametrize("result_format", ["json", "parquet"])
def test_lines_that_new_files_repeat_count_once(result_format: ResultFormat) -> None:
    run("april", RECEIVABLES, APRIL, result_format=result_format)

    may = run("may", RECEIVABLES, [*APRIL, *MAY], previous="april")

    assert open_lines(may) == {"S3": "39.00"}
    assert may.brought_forward is not None
    assert may.brought_forward.left_out == 4  # S1, S2, L1 and L2; of S3 and L3, untouched, the newer version counts
    assert (len(may.statement), len(may.ledger)) == (3, 2)


def test_three_months_one_after_the_other_end_like_one_run_over_all_of_them() -> None:
    june = (
        Row("S6", "39.00", "2026-06-02", "INV-1005", account=ACCOUNT),
        Row("S7", "5.00", "2026-06-03", account=ACCOUNT),
    )
    june_books = (Row("L5", "39.00", "2026-06-01", "INV-1005", kind="receivable"),)

    run("april", RECEIVABLES, APRIL)
    run("may", [], MAY, previous="april")
    last = run("june", june_books, june, previous="may")

    once = run("once", [*RECEIVABLES, *june_books], [*APRIL, *MAY, *june])
    assert open_lines(last) == open_lines(once) == {"S3": "39.00", "S7": "5.00"}
    assert last.brought_forward is not None
    assert last.brought_forward.closed == (("S1", "S2", "S4", "S5"), ("L1", "L2", "L3"))


def test_a_line_dealt_with_two_runs_ago_is_still_known() -> None:
    run("april", RECEIVABLES, APRIL)
    run("may", [], MAY, previous="april")

    june = run("june", RECEIVABLES, APRIL, previous="may")

    assert open_lines(june) == {"S3": "39.00"}


def test_a_line_in_part_brings_its_whole_amount_to_look_at_and_no_carrying_value() -> None:
    header = "id,currency,amount,booking_date,reference,counterparty,base_amount"
    Path("books.csv").write_text(f"{header}\nL2,NOK,60.00,2026-04-02,INV-1002,Nordic AS,60.00\n", "utf-8")
    run("april", ["books.csv"], APRIL)

    may = run("may", [], MAY, previous="april")

    assert may.ledger.extra is not None
    assert texts_of(may.ledger.extra["amount in full"], 1) == ["60.00"]
    assert may.ledger.base_amount is None
    assert may.ledger.minor_units.tolist() == [40_00]


def test_the_books_may_write_a_line_with_what_is_left_of_it() -> None:
    run("april", RECEIVABLES, APRIL)

    may = run("may", [RECEIVABLES[1]._replace(amount="40.00")], MAY, previous="april")

    assert open_lines(may) == {"S3": "39.00"}


def test_a_tied_line_that_comes_with_another_amount_is_refused() -> None:
    run("april", RECEIVABLES, APRIL)

    reasons = refused("april", [RECEIVABLES[0]._replace(amount="101.00"), RECEIVABLES[1]._replace(amount="61.00")], MAY)

    advice = "give the changed line an id of its own, or run the earlier period again with it"
    assert reasons == [
        f"refused-books.csv:{place}: the ledger line was {before} NOK when an earlier run tied it, "
        f'and is {now} NOK here; in "{line}"; {advice}'
        for place, before, now, line in (("2:1", "100.00", "101.00", "L1"), ("3:1", "60.00", "61.00", "L2"))
    ]


def test_a_line_that_nothing_was_tied_of_may_be_corrected() -> None:
    run("april", RECEIVABLES, APRIL)

    may = run("may", [RECEIVABLES[2]._replace(amount="45.00")], MAY[:1], previous="april")

    assert open_lines(may) == {"S3": "39.00", "L3": "45.00"}


def test_bank_lines_of_a_day_go_on_counting_where_the_run_before_stopped() -> None:
    april = mt940(Path("april.sta"), ("0.00", "2026-04-01"), ("30.00", "2026-04-30"), Entry("2026-04-30", "30.00", "a"))
    may = mt940(
        Path("may.sta"),
        ("30.00", "2026-04-30"),
        ("65.00", "2026-05-31"),
        Entry("2026-04-30", "30.00", "a"),
        Entry("2026-05-04", "5.00"),
    )
    run("first", [], [april])

    second = run("second", [], [may], previous="first")

    names = [f"{ACCOUNT}/{day}" for day in ("2026-04-30/1", "2026-04-30/2", "2026-05-04/1")]
    assert list(open_lines(second)) == names
    assert second.proofs[0].holds


def test_bank_files_without_balances_are_united_by_what_they_say_and_warned_about() -> None:
    april = mt940(Path("april.sta"), ("0.00", "2026-04-01"), ("30.00", "2026-04-30"), Entry("2026-04-28", "30.00"))
    late, may = Entry("2026-04-30", "7.00", "late"), Entry("2026-05-04", "5.00", "may")
    run("first", [], [april])
    second = run("second", [], [ofx(Path("may.ofx"), late)], previous="first")

    third = run("third", [], [ofx(Path("june.ofx"), late, late, may)], previous="second")

    days = ("2026-04-28/1", "2026-04-30/1", "2026-04-30/2", "2026-05-04/1")
    assert list(open_lines(third)) == [f"{ACCOUNT}/{day}" for day in days]
    assert [warning.code for warning in second.warnings] == ["previous_unproved"]
    assert third.brought_forward is not None
    assert third.brought_forward.left_out == 1


def test_an_account_that_opens_with_another_balance_is_refused_with_both() -> None:
    april = mt940(Path("april.sta"), ("0.00", "2026-04-01"), ("30.00", "2026-04-30"), Entry("2026-04-30", "30.00"))
    june = mt940(Path("june.sta"), ("35.00", "2026-06-01"), ("36.00", "2026-06-30"), Entry("2026-06-04", "1.00"))
    run("first", [], [april])

    (reason,) = refused("first", [], [june])

    opens, closed = "opens with 35.00 NOK on 2026-06-01", "the run before closed it with 30.00 NOK on 2026-04-30"
    advice = "give the statements after 2026-04-30, or name with --previous the run that ends where these begin"
    assert reason == f"june.sta: account {ACCOUNT} {opens}, but {closed}; {advice}"


def test_an_account_without_a_new_statement_keeps_its_last_balance_for_the_run_after() -> None:
    april = mt940(Path("april.sta"), ("0.00", "2026-04-01"), ("30.00", "2026-04-30"), Entry("2026-04-30", "30.00"))
    june = mt940(Path("june.sta"), ("31.00", "2026-06-01"), ("36.00", "2026-06-30"), Entry("2026-06-04", "5.00"))
    run("first", [], [april])
    second = run("second", [Row("L1", "9.00", 4)], [], previous="first")

    assert [(each.per_bank, each.as_of) for each in second.reconciliations] == [(30_00, "2026-04-30")]
    assert refused("second", [], [june])[0].startswith(
        f"june.sta: account {ACCOUNT} opens with 31.00 NOK on 2026-06-01, but"
    )


# The bank's April: a customer pays; the books post it in May, and hold a cheque that the bank pays in May.
_APRIL_BOOKS = (
    Row("L1", "100.00", "2026-04-01", "INV-1001", "Nordic AS", "receivable"),
    Row("E1", "-30.00", "2026-04-28", "CHQ-77", kind="bank_entry", account=ACCOUNT),
)
_MAY_BOOKS = (Row("E2", "100.00", "2026-05-02", "INV-1001", "Nordic AS", "customer_payment", "L1", ACCOUNT),)


def _bank() -> tuple[str, str]:
    paid, cheque = Entry("2026-04-04", "100.00", "Nordic AS INV-1001"), Entry("2026-05-06", "-30.00", "CHQ-77")
    return (
        mt940(Path("april.sta"), ("50.00", "2026-03-31"), ("150.00", "2026-04-30"), paid),
        mt940(Path("may.sta"), ("150.00", "2026-04-30"), ("120.00", "2026-05-31"), cheque),
    )


def test_a_payment_tied_to_an_open_item_waits_for_its_book_entry_and_both_months_reconcile() -> None:
    april_bank, may_bank = _bank()

    april = run("april", _APRIL_BOOKS, [april_bank], book_balances=[f"{ACCOUNT}=20.00"])
    may = run("may", _MAY_BOOKS, [may_bank], previous="april", book_balances=[f"{ACCOUNT}=120.00"])

    assert [(each.holds, each.difference) for each in (*april.reconciliations, *may.reconciliations)] == [(True, 0)] * 2
    assert april.reconciliations[0].on_bank_not_in_books.lines == (f"{ACCOUNT}/2026-04-04/1",)
    assert may.reconciliations[0].on_bank_not_in_books.lines == ()
    tied = [(match.lines("statement"), match.lines("ledger")) for match in may.matches()]
    assert tied == [((f"{ACCOUNT}/2026-04-04/1",), ("E2",)), ((f"{ACCOUNT}/2026-05-06/1",), ("E1",))]
    assert may.conservation.holds


def test_a_payment_goes_on_waiting_while_no_entry_comes_and_ties_to_no_second_open_item() -> None:
    april_bank, may_bank = _bank()
    other_receivable = Row("L9", "100.00", "2026-05-03", "INV-1001", "Nordic AS", "receivable")

    run("april", _APRIL_BOOKS, [april_bank], book_balances=[f"{ACCOUNT}=20.00"])
    may = run("may", [other_receivable], [may_bank], previous="april", book_balances=[f"{ACCOUNT}=20.00"])

    assert may.brought_forward is not None
    assert [entry.line for entry in may.brought_forward.awaiting] == [f"{ACCOUNT}/2026-04-04/1"]
    assert open_lines(may) == {"L9": "100.00"}
    assert may.reconciliations[0].holds
    assert may.conservation.holds
    assert verify_folder("may").faults == ()


def test_a_payment_that_waits_cannot_be_given_to_another_open_item_by_decision() -> None:
    april_bank, may_bank = _bank()
    run("april", _APRIL_BOOKS, [april_bank])
    Path("d.csv").write_text(f"action,statement,ledger\nconfirm,{ACCOUNT}/2026-04-04/1,L9\n", "utf-8")
    books = canonical(Path("books.csv"), [Row("L9", "100.00", "2026-05-03", kind="receivable")])

    with pytest.raises(Refused, match=r"^d\.csv:2:9: an earlier run tied the line already; "):
        reconcile([books], [may_bank], previous="april", decisions="d.csv")


def test_a_book_entry_that_was_set_aside_stays_aside_and_outstanding() -> None:
    april_bank, may_bank = _bank()
    Path("d.csv").write_text("action,statement,ledger\nignore,,E1\n", "utf-8")
    books = canonical(Path("books.csv"), _APRIL_BOOKS)
    write(reconcile([books], [april_bank], decisions="d.csv"), "april")

    may = run("may", _MAY_BOOKS, [may_bank], previous="april", book_balances=[f"{ACCOUNT}=120.00"])

    assert may.ignored == (("ledger", "E1"),)
    assert may.reconciliations[0].in_books_not_on_bank.lines == ("E1",)
    assert may.reconciliations[0].holds


def test_a_result_says_the_same_whatever_order_the_lines_come_in() -> None:
    run("april", RECEIVABLES, APRIL)

    said = {
        _json(run(name, ledger, bank, previous="april"), name)
        for name, ledger, bank in (
            ("may", RECEIVABLES, [*APRIL, *MAY]),
            ("again", RECEIVABLES[::-1], [*MAY, *APRIL][::-1]),
        )
    }

    assert len(said) == 1


def _json(result: Result, folder: str) -> str:
    text = (Path(folder) / "result.json").read_text("utf-8")
    assert json.loads(text)["summary"]["statement_lines"] == len(result.statement)
    return re.sub(r'"seconds":[0-9.]+', "", text)

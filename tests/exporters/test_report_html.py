"""report.html: what an auditor reads, in the order in which an auditor asks, and nothing that is not escaped."""

import io
import re
from dataclasses import replace

import pytest
from lxml import html

from tests.given_results import BANK, EMPTY, LEDGER, MATCHES, POSTINGS, RESULT, large, many
from tieout.domain.results import AccountProof, BankReconciliation, OpenLine, Outstanding, Result
from tieout.exporters import report_html
from tieout.exporters.report_html.limits import LIMITS
from tieout.kernel.errors import Finding, Place


def written(result: Result) -> str:
    """The page of a result."""
    stream = io.BytesIO()
    report_html.write(result, stream)
    return stream.getvalue().decode()


def page(result: Result) -> html.HtmlElement:
    """The page as a browser reads it."""
    return html.document_fromstring(written(result))


def words(element: html.HtmlElement) -> str:
    """The text of an element on one line, a blank between cells."""
    return " ".join(" ".join(element.itertext()).split())


def section(result: Result, name: str) -> str:
    """The text of one section; empty where the page does not have it."""
    found = page(result).xpath(f"//section[@id='{name}']")
    return words(found[0]) if found else ""


def test_sections_come_in_the_order_in_which_an_auditor_asks() -> None:
    assert page(RESULT).xpath("//section/@id") == [
        *("quarantined", "reconciliation", "proofs", "waterfall", "tied", "undecided", "open", "postings"),
        *("set-aside", "checks"),
    ]


def test_without_quarantined_entries_the_bank_reconciliation_comes_first() -> None:
    assert page(replace(RESULT, quarantined=())).xpath("//section/@id")[0] == "reconciliation"


def test_every_text_of_the_input_is_escaped() -> None:
    evil = "<script>alert(1)</script>\"'&"
    statement = replace(RESULT.statement, counterparty=[evil] * 9, reference=[evil] * 9)
    opened = tuple(part._replace(nearest=evil, why_not=evil) for part in RESULT.open_lines)
    result = replace(
        RESULT,
        statement=statement,
        open_lines=opened,
        matches=lambda: iter([match._replace(reasons=(evil,), matcher=evil) for match in MATCHES]),
        postings=lambda: iter([posting._replace(text=evil, account=evil) for posting in POSTINGS]),
        quarantined=(Finding("no_amount", evil, Place(evil)),),
        plan=replace(RESULT.plan, name=evil),
        proofs=(RESULT.proofs[0]._replace(account=evil),),
        reconciliations=(RESULT.reconciliations[0]._replace(account=evil, reason=evil, holds=None),),
    )

    assert "<script" not in written(result)
    assert page(result).xpath("//script | //*[@onerror] | //img") == []
    assert "<script>alert(1)</script>" in section(result, "tied")


def test_the_page_needs_nothing_from_outside() -> None:
    text = written(RESULT)

    assert re.findall(r"""(?:src|href)=|url\(|@import|https?://""", text) == []


def test_the_page_says_its_language_and_its_encoding_first() -> None:
    text = written(RESULT)

    assert text.startswith('<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">')


def test_every_table_has_a_caption_and_every_heading_a_scope() -> None:
    tables = page(RESULT).xpath("//table")

    assert len(tables) >= 8
    assert [table for table in tables if not table.xpath("./caption[normalize-space()]")] == []
    assert page(RESULT).xpath("//th[not(@scope)]") == []


def test_every_row_of_a_table_fills_its_columns() -> None:
    for table in page(RESULT).xpath("//table"):
        width = len(table.xpath("./thead/tr/th"))
        reaching = [0] * (len(table.xpath("./tbody/tr")) + 1)
        for row, line in enumerate(table.xpath("./tbody/tr")):
            for cell in line.xpath("./td | ./th"):
                for below in range(int(cell.get("rowspan", "1"))):
                    reaching[row + below] += int(cell.get("colspan", "1"))
        assert set(reaching[:-1]) == {width}, words(table)


def test_the_reconciliation_goes_from_the_bank_to_the_books_with_every_line_between() -> None:
    text = section(replace(RESULT, reconciliations=RESULT.reconciliations[:1]), "reconciliation")

    steps = [
        *("Balance per bank 1,646.50", "in the books, not on the bank", "L10 Cheque 118 2026-05-31 0 days 40.00"),
        *("on the bank, not in the books", "S2", "S6", "50.00", "S7", "-137.50", "Balance per books 1,549.00"),
        *("Difference 0.00", "Reconciled"),
    ]
    places = [text.find(step) for step in steps]
    assert -1 not in places
    assert places == sorted(places)


def test_a_difference_is_named_with_its_sign() -> None:
    account = RESULT.reconciliations[0]._replace(per_books=1_536_66, difference=-12_34, holds=False)
    result = replace(RESULT, reconciliations=(account,), quarantined=(), proofs=RESULT.proofs[:1])

    assert "Not reconciled: -12.34 NOK remain unexplained" in section(result, "reconciliation")
    assert "differs from the books by -12.34 NOK" in words(page(result).xpath("//header")[0])


def test_an_account_that_cannot_be_reconciled_is_one_row_with_what_is_known() -> None:
    (row,) = page(RESULT).xpath("//section[@id='reconciliation']//table[2]/tbody/tr")

    assert words(row).startswith("JP-77 JPY 2026-05-11 10,480 0 0 lines 10,000 1 line Cannot be proved")


def test_accounts_with_the_same_reason_share_a_sentence() -> None:
    account = RESULT.reconciliations[1]
    several = tuple(account._replace(account=f"NO{number}") for number in range(4))

    text = words(page(replace(EMPTY, reconciliations=several)).xpath("//header")[0])

    assert "4 accounts: the books were given as open items only" in text


def test_what_cannot_be_proved_says_why_and_what_would_help() -> None:
    assert "give the book entries too, or --book-balance" in section(RESULT, "reconciliation")
    assert "the file states no balances" in section(RESULT, "proofs")


def test_a_result_in_which_everything_agrees_says_so() -> None:
    result = replace(
        RESULT,
        proofs=RESULT.proofs[:1],
        reconciliations=RESULT.reconciliations[:1],
        quarantined=(),
    )

    assert "Ties out" in words(page(result).xpath("//header")[0])


def test_failed_proofs_come_first() -> None:
    rows = page(RESULT).xpath("//section[@id='proofs']//tbody/tr")

    assert [words(row.xpath("./th")[0]) for row in rows] == ["JP-77", "XX-1", BANK]


def test_both_sides_of_a_match_stand_beside_each_other() -> None:
    row = page(RESULT).xpath("//section[@id='tied']//table[2]/tbody/tr")[0]

    cells = [words(cell) for cell in row]
    assert cells[:5] == [
        "1",
        "S1 2026-05-04 Nordic AS KID 4009",
        "97.00 NOK",
        "L4 2026-05-01 Nordic AS KID 4009",
        "60.00 NOK",
    ]


def test_sums_by_matcher_count_the_statement_side_and_both_legs_within() -> None:
    rows = [words(row) for row in page(RESULT).xpath("//section[@id='tied']//table[1]/tbody/tr")]

    assert "Sum of many 1 3 NOK 97.00 0.00 -3.00".split() == rows[0].split()
    assert "Reversal 1 2 NOK 45.00 -45.00 0.00".split() == rows[1].split()


def test_a_proposal_says_how_many_answers_there_are_what_to_do_and_where_the_search_stopped() -> None:
    text = section(RESULT, "undecided")

    assert "2 answers were found; to do: undo and reopen; not searched further: a limit of the plan was reached" in text
    assert "Left over 100 JPY" in text


def test_what_would_decide_stands_beside_the_answers() -> None:
    text = section(RESULT, "undecided")

    assert "L1 90.00 NOK 2026-04-28 Øst" in text
    assert text.count("and there may be more") == 1
    assert text.endswith("booking date")


def test_open_lines_say_how_long_and_what_is_nearest() -> None:
    text = section(RESULT, "open")

    assert "L1: another line fits as well" in text
    assert "S6 +47 22 33 44 55 -17 2026-05-20 11 200.00 50.00 NOK" in text


def test_what_the_run_before_left_open_is_said() -> None:
    assert "2 open lines brought forward from the run before" in section(RESULT, "set-aside")
    assert "brought forward from the run before" not in section(EMPTY, "set-aside")


def test_the_waterfall_tells_its_figures_to_those_who_cannot_see_it() -> None:
    told = [words(element) for element in page(RESULT).xpath("//figure//*[local-name()='desc']")]

    assert told[0] == (
        "Opening balance 100.00; Money in, tied 1,454.00; Money in, open 140.00; Money out, tied -45.00;"
        " Money out, open 0.00; Set aside by decision -2.50; Closing balance 1,646.50"
    )
    assert "Not explained by any line -20" in told[1]


def test_movements_that_are_small_beside_the_balance_cut_the_scale_and_say_so() -> None:
    proof = AccountProof(BANK, "NOK", 2, 1_000_000_00, 1_546_50, 1_001_546_50, holds=True, gap=0, reason=None)

    assert "not at zero" in section(replace(RESULT, proofs=(proof,)), "waterfall")


def test_an_account_without_balances_is_drawn_from_zero_and_says_so() -> None:
    assert "Start, no balance stated" in section(replace(RESULT, proofs=()), "waterfall")


def test_long_lists_end_with_how_many_more_there_are_and_where() -> None:
    count = LIMITS.matches + 250
    result = many(count)
    opened = tuple(OpenLine("statement", f"S{row}", 100, "NOK", row, 9) for row in range(LIMITS.open_lines + 7))

    assert "and 250 more in the list of matches beside this page (matches.csv)" in section(result, "tied")
    assert "and 7 more open statement lines" in section(replace(result, open_lines=opened), "open")
    assert len(page(result).xpath("//section[@id='tied']//table[2]/tbody/tr")) == LIMITS.matches


def test_outstanding_lines_beyond_the_limit_are_counted_in_the_sum_all_the_same() -> None:
    count = LIMITS.outstanding + 5
    outstanding = Outstanding(tuple(f"S{row}" for row in range(count)), count, (1,) * count)
    account = BankReconciliation(
        BANK, "NOK", None, count, Outstanding((), 0, ()), outstanding, 0, 0, holds=True, reason=None
    )

    text = section(replace(many(count), reconciliations=(account,)), "reconciliation")

    assert "105 lines -1.05" in text
    assert "and 5 more outstanding lines in result.json" in text


@pytest.mark.parametrize("result", [EMPTY, large(EMPTY)], ids=["small", "large"])
def test_an_empty_result_is_a_page_too(result: Result) -> None:
    text = words(page(result))

    assert "No match was confirmed." in text
    assert "Nothing: every line of both sides is tied." in text


def test_small_and_large_tables_give_the_same_page() -> None:
    assert written(large(RESULT)) == written(RESULT)


def test_lines_of_the_ledger_alone_are_told_too() -> None:
    only = replace(EMPTY, ledger=RESULT.ledger, open_lines=RESULT.open_lines[4:])

    assert f"of {len(LEDGER)}" in words(page(only))

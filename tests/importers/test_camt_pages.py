"""Pages of one statement are united, a missing one is said; control totals are compared with what was counted."""

import pytest

from tests.importers.camt_made import (
    ACCOUNT,
    balance,
    codes,
    entry,
    figures,
    message,
    reading_of,
    statement,
    the_statement,
)


def page(number: int, *parts: str, last: bool | None = None, statement_number: str = "S1") -> str:
    """The inside of one page of a statement."""
    of_last = "" if last is None else f"<LastPgInd>{str(last).lower()}</LastPgInd>"
    pagination = f"<StmtPgntn><PgNb>{number}</PgNb>{of_last}</StmtPgntn>"
    return statement(pagination, *parts, number=statement_number)


FIRST = (balance("OPBD", "0.00"), entry("1.00"), balance("ITBD", "1.00"))
MIDDLE = (balance("ITBD", "1.00"), entry("2.00"), balance("ITBD", "3.00"))
LAST = (balance("ITBD", "3.00"), entry("4.00"), balance("CLBD", "7.00"))


def test_the_pages_of_a_statement_are_united_from_the_first_opening_to_the_last_closing() -> None:
    may = message(page(1, *FIRST, last=False), page(2, *MIDDLE, last=False), page(3, *LAST, last=True))

    reading = reading_of(may)

    assert [figures(found) for found in reading.statements] == [(3, "7.00", "0.00", "7.00", True)]
    assert reading.statements[0].pages == 3
    assert [each.minor_units for each in reading.statements[0].entries] == [100, 200, 400]
    assert reading.warnings == []


def test_pages_that_state_interim_balances_only_open_with_the_first_and_close_with_the_last() -> None:
    may = message(page(1, *FIRST[1:], balance("ITBD", "1.00"), last=False), page(2, *LAST[:2], balance("ITBD", "5.00")))

    found = the_statement(may)

    assert figures(found)[2:4] == ("1.00", "5.00")


def test_pages_in_another_order_and_with_other_statements_between_are_united_all_the_same() -> None:
    other = statement(balance("OPBD", "5.00"), balance("CLBD", "5.00"), number="S9")
    may = message(page(2, *LAST, last=True), other, page(1, *FIRST, balance("ITBD", "3.00"), last=False))

    reading = reading_of(may)

    assert [found.pages for found in reading.statements] == [2, 1]
    assert figures(reading.statements[0])[2:4] == ("0.00", "7.00")
    assert reading.warnings == []


@pytest.mark.parametrize(
    "second",
    [
        page(2, *LAST, statement_number="S2"),
        page(2, *LAST).replace("NO93", "NO94"),
        page(2, *LAST).replace("NOK", "SEK"),
        page(1, *LAST),
    ],
)
def test_another_id_account_currency_or_the_same_page_again_is_another_statement(second: str) -> None:
    assert [found.pages for found in reading_of(message(page(1, *FIRST), second)).statements] == [1, 1]


def test_pages_without_numbers_are_united_where_the_closing_is_still_owed() -> None:
    may = message(statement(*FIRST), statement(*MIDDLE), statement(*LAST))

    assert [figures(found) for found in reading_of(may).statements] == [(3, "7.00", "0.00", "7.00", True)]


def test_two_complete_statements_with_one_id_stay_two() -> None:
    day = statement(balance("OPBD", "0.00"), entry("1.00"), balance("CLBD", "1.00"))

    assert [found.pages for found in reading_of(message(day, day)).statements] == [1, 1]


@pytest.mark.parametrize(
    ("pages", "what"),
    [
        ([page(2, *LAST, last=True)], "page 1 is missing before page 2"),
        ([page(1, *FIRST), page(4, *LAST)], "pages 2, 3 are missing before page 4"),
        ([page(1, *FIRST, last=False)], "page 1 is not the last, but none follows"),
    ],
)
def test_a_missing_page_is_said_at_the_first_page_there_is(pages: list[str], what: str) -> None:
    reading = reading_of(message(*pages))

    assert [(warning.code, str(warning)) for warning in reading.warnings] == [("missing_page", f"may.xml:3:1: {what}")]


def test_a_page_number_that_is_none_is_left_alone() -> None:
    reading = reading_of(message(page(1, *FIRST).replace("<PgNb>1<", "<PgNb>one<")))

    assert reading.warnings == []
    assert [found.pages for found in reading.statements] == [1]


def totals(inside: str) -> str:
    """A TxsSummry element."""
    return f"<TxsSummry>{inside}</TxsSummry>"


ENTRIES = (entry("30.00"), entry("20.00", "DBIT"), entry("5.00", "DBIT"), entry("1.00").replace("BOOK", "PDNG"))


@pytest.mark.parametrize(
    "stated",
    [
        "<TtlNtries><NbOfNtries>3</NbOfNtries><Sum>55.00</Sum></TtlNtries>",
        "<TtlNtries><NbOfNtries>4</NbOfNtries><Sum>56.00</Sum></TtlNtries>",
        "<TtlNtries><NbOfNtries>3</NbOfNtries><Sum>5.00</Sum></TtlNtries>",
        "<TtlNtries><TtlNetNtryAmt>5.00</TtlNetNtryAmt><CdtDbtInd>CRDT</CdtDbtInd></TtlNtries>",
        "<TtlNtries><TtlNetNtry><Amt>5</Amt><CdtDbtInd>CRDT</CdtDbtInd></TtlNetNtry></TtlNtries>",
        "<TtlNtries><TtlNetNtryAmt>5.00</TtlNetNtryAmt></TtlNtries>",
        "<TtlCdtNtries><NbOfNtries>1</NbOfNtries><Sum>30</Sum></TtlCdtNtries>",
        "<TtlCdtNtries><NbOfNtries>2</NbOfNtries><Sum>31</Sum></TtlCdtNtries>",
        "<TtlDbtNtries><NbOfNtries>2</NbOfNtries><Sum>25.00</Sum></TtlDbtNtries>",
        "<TtlDbtNtries><Sum>-25.00</Sum></TtlDbtNtries>",
        "<TtlNtries><NbOfNtries/><Sum/></TtlNtries>",
        "",
    ],
)
def test_control_totals_of_the_booked_or_of_all_entries_agree(stated: str) -> None:
    assert reading_of(message(statement(totals(stated), *ENTRIES))).warnings == []


@pytest.mark.parametrize(
    ("stated", "what"),
    [
        ("<TtlNtries><NbOfNtries>35</NbOfNtries></TtlNtries>", "35 entries stated, 3 counted"),
        ("<TtlNtries><Sum>55.01</Sum></TtlNtries>", "turnover of 55.01 stated, 55.00 counted"),
        ("<TtlNtries><Sum>many</Sum></TtlNtries>", "turnover of many stated, 55.00 counted"),
        (
            "<TtlNtries><TtlNetNtryAmt>5.00</TtlNetNtryAmt><CdtDbtInd>DBIT</CdtDbtInd></TtlNtries>",
            "net of 5.00 stated, -5.00 counted",
        ),
        ("<TtlCdtNtries><NbOfNtries>3</NbOfNtries></TtlCdtNtries>", "3 credit entries stated, 1 counted"),
        ("<TtlCdtNtries><Sum>29.00</Sum></TtlCdtNtries>", "credits of 29.00 stated, 30.00 counted"),
        ("<TtlDbtNtries><NbOfNtries>x</NbOfNtries></TtlDbtNtries>", "x debit entries stated, 2 counted"),
        ("<TtlDbtNtries><Sum>24.00</Sum></TtlDbtNtries>", "debits of 24.00 stated, 25.00 counted"),
        (
            "<TtlCdtNtries><NbOfNtries>1</NbOfNtries><Sum>31</Sum></TtlCdtNtries>",
            "credits of 31 stated, 30.00 counted",
        ),
    ],
)
def test_control_totals_that_disagree_are_a_warning_and_leave_the_proof_alone(stated: str, what: str) -> None:
    may = message(statement(balance("OPBD", "0.00"), totals(stated), *ENTRIES, balance("CLBD", "5.00")))

    reading = reading_of(may)

    assert reading.statements[0].proof.holds is True
    assert [(warning.code, str(warning)) for warning in reading.warnings] == [
        ("control_total", f"may.xml:5:1: the statement's own totals disagree: {what}")
    ]


def test_totals_on_pages_may_be_those_of_the_page_or_of_the_statement() -> None:
    of_page = totals("<TtlNtries><NbOfNtries>1</NbOfNtries><Sum>1.00</Sum></TtlNtries>")
    of_statement = totals("<TtlNtries><NbOfNtries>2</NbOfNtries><Sum>5.00</Sum></TtlNtries>")
    wrong = totals("<TtlNtries><NbOfNtries>3</NbOfNtries></TtlNtries>")

    agreeing = reading_of(message(page(1, of_page, *FIRST), page(2, of_statement, *LAST)))
    differing = reading_of(message(page(1, of_page, *FIRST), page(2, wrong, *LAST)))

    assert codes(agreeing.warnings) == []
    assert codes(differing.warnings) == ["control_total"]


def test_totals_know_nothing_of_a_flipped_sign() -> None:
    stated = totals("<TtlDbtNtries><NbOfNtries>1</NbOfNtries><Sum>9.00</Sum></TtlDbtNtries>")
    reversal = entry("9.00", "DBIT", inside="<RvslInd>true</RvslInd>")

    reading = reading_of(message(statement(stated, reversal)), profile="reversal_flips")

    assert reading.statements[0].tally.sum == 900
    assert reading.warnings == []


def test_several_statements_of_one_message_keep_their_own_accounts_and_sums() -> None:
    first = statement(balance("OPBD", "1.00"), entry("1.00"), balance("CLBD", "2.00"))
    second = statement(entry("3.00"), account=ACCOUNT.replace("NO93", "NO94"), number="S2")

    reading = reading_of(message(first, second))

    assert [(found.account, found.number, found.tally.sum) for found in reading.statements] == [
        ("NO9386011117947", "S1", 100),
        ("NO9486011117947", "S2", 300),
    ]


def test_warnings_of_one_kind_end_after_a_hundred_and_say_how_many_more_there_are() -> None:
    may = message(statement(*(entry(on="") for _ in range(103))))

    reading = reading_of(may)

    assert codes(reading.warnings) == ["no_booking_date"] * 101
    assert str(reading.warnings[-1]) == "may.xml: 3 more of these in this file"
    assert reading.warnings[:100] == sorted(reading.warnings[:100], key=lambda warning: warning.place)

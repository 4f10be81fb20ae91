"""Messages, pages and accounts of one file, and where text ends and a field begins."""

import pytest
from hypothesis import given
from hypothesis.strategies import integers

from tests.importers.mt940_told import FILES, reading_of, statement_of, the_statement
from tieout.kernel.errors import Refused
from tieout.kernel.money import decimal_text


def page_of(number: str, opening: str, *lines: str, closing: str, account: str = "12345") -> str:
    """One page; its balances bring their tags."""
    return "\n".join([":20:PAGE", f":25:{account}", f":28C:{number}", opening, *lines, closing, "-", ""])


FIRST_PAGE = page_of("4/1", ":60F:C260503EUR100,00", ":61:260504C50,00NTRF", closing=":62M:C260504EUR150,00")
LAST_PAGE = page_of("4/2", ":60M:C260504EUR150,00", ":61:260504D30,00NTRF", closing=":62F:C260504EUR120,00")


def test_pages_are_one_statement_between_its_first_and_its_last_balance() -> None:
    middle = page_of("4/2", ":60M:C260504EUR150,00", closing=":62M:C260504EUR150,00")

    statement = the_statement(FIRST_PAGE + middle + LAST_PAGE.replace("4/2", "4/3"))

    assert (statement.pages, statement.number, statement.tally.entries) == (3, "4", 2)
    assert [entry.minor_units for entry in statement.entries] == [5000, -3000]
    assert statement.proof.holds


def test_a_page_whose_number_does_not_go_on_follows_when_its_balance_does() -> None:
    assert the_statement(FIRST_PAGE + LAST_PAGE.replace("4/2", "5/1")).pages == 2


def test_a_missing_page_shows_as_the_gap() -> None:
    statement = the_statement(
        FIRST_PAGE + LAST_PAGE.replace("EUR150,00", "EUR400,00").replace("EUR120,00", "EUR370,00")
    )

    assert (statement.pages, statement.proof.gap) == (2, 25000)


@pytest.mark.parametrize(
    "second",
    [
        LAST_PAGE.replace("60M", "60F"),
        LAST_PAGE.replace(":25:12345", ":25:99999"),
        LAST_PAGE.replace("EUR", "USD"),
        LAST_PAGE.replace("4/2", "5/1").replace("EUR150,00", "EUR151,00"),
    ],
)
def test_what_does_not_follow_is_a_statement_of_its_own(second: str) -> None:
    assert [statement.pages for statement in reading_of(FIRST_PAGE + second).statements] == [1, 1]


def test_a_lone_page_has_its_page_balances() -> None:
    statement = the_statement(page_of("9/7", ":60M:C260504EUR1,00", closing=":62M:C260504EUR1,00"))

    assert statement.proof.holds


def test_two_accounts_in_one_file_are_two_statements() -> None:
    text = statement_of() + statement_of().replace("12345", "NO93 8601 1117 947")

    assert [statement.account for statement in reading_of(text).statements] == ["12345", "NO9386011117947"]


def test_the_bic_on_the_second_line_is_no_part_of_the_account() -> None:
    assert the_statement(statement_of().replace(":25:12345", ":25P:12345\nEXAMNL2A")).account == "12345"


@pytest.mark.parametrize(
    ("written", "number"),
    [("19/1", "19"), ("00004", "00004"), ("0", "0"), ("/1", None), (" /1", None), ("000\n12/1", "00012")],
)
def test_the_statement_number_stands_before_the_slash(written: str, number: str | None) -> None:
    assert the_statement(statement_of().replace(":28C:5/1", f":28C:{written}")).number == number


@pytest.mark.parametrize(
    "end", ["-\n", "-}\n", "-}{5:{MAC:0}}\n", "-XXX\n", "-+@117@\n", "-å\n", "", "\n\n", "-}\x03\x01{1:F01}{4:\n"]
)
def test_messages_are_apart_whatever_ends_them(end: str) -> None:
    message = statement_of(":61:260504C1,00NTRFNONREF", ":86:text", closing="")[:-2] + end

    statements = reading_of(message + message).statements

    assert [statement.entries[0].description for statement in statements] == ["text", "text"]


def test_a_statement_without_a_header_of_its_own_has_the_one_before() -> None:
    statements = reading_of(statement_of()[:-2] + ":60F:C260531EUR100,00\n:62F:C260630EUR100,00\n").statements

    assert [(statement.account, statement.number) for statement in statements] == [("12345", "5"), ("12345", "5")]


def test_an_entry_behind_the_end_of_a_message_belongs_to_no_statement_before() -> None:
    statements = reading_of(statement_of() + ":61:260504C1,00NTRFNONREF\n").statements

    assert [(statement.account, statement.proof.reason) for statement in statements] == [
        ("12345", None),
        (None, "no_balances"),
    ]


def test_text_behind_the_closing_balance_belongs_to_the_statement() -> None:
    lines = (":61:260504C1,00NTRFNONREF", ":62F:C260531EUR101,00", ":86:SUM 1 1,00")

    (entry,) = the_statement(statement_of(*lines, closing="")).entries

    assert entry.description == ""


def test_a_line_of_text_may_begin_with_a_colon_a_dash_or_half_a_time() -> None:
    full = "x" * 62 + "T16"
    text = f":86:{full}\n:20:37 and\n: colon\n-dash\n-\n:940 shares"

    statement = the_statement(statement_of(":61:260504C1,00NTRFNONREF", text, ":61:260504D1,00NTRFNONREF"))

    assert statement.entries[0].description == f"{full}:20:37 and : colon -dash - :940 shares"


def test_a_tag_broken_behind_its_colon_is_a_tag() -> None:
    (entry,) = the_statement(statement_of(":61:260504C1,00NTRFNONREF", ":\n86:text")).entries

    assert (entry.description, entry.line) == ("text", 5)


def test_an_account_in_the_place_of_the_text_is_text_and_said() -> None:
    reading = reading_of(statement_of(":61:260504C1,00NTRFNONREF", ":25:166?00GUTSCHRIFT?20SVWZ+Miete"))

    assert [(warning.code, warning.place.line) for warning in reading.warnings] == [("misplaced_field", 6)]
    assert (reading.statements[0].account, reading.statements[0].entries[0].description) == ("12345", "Miete")


def test_only_line_feeds_only_carriage_returns_or_both_give_the_same_lines() -> None:
    text = statement_of(":61:260504C1,00NTRFNONREF", ":86:one\ntwo")

    told = [
        [(entry.line, entry.description) for entry in the_statement(text.replace("\n", end)).entries]
        for end in ("\n", "\r\n", "\r")
    ]

    assert told == [[(5, "one two")]] * 3


@pytest.mark.parametrize("text", [":86:091\n-", ":25:10020030/1234567890EUR", ":20:A\n:20:B\n", ":28C:1/1"])
def test_fields_that_state_nothing_of_an_account_are_no_statement(text: str) -> None:
    with pytest.raises(Refused) as refused:
        reading_of(text)

    assert [finding.code for finding in refused.value.findings] == ["no_statement"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (":61:260504C1,00NTRFNONREF", "no_balances"),
        (":62F:C260504EUR1,00", "no_opening"),
        (":60F:C260504EUR1,00", "no_closing"),
        (":20:A\n:25:12345\n", "no_balances"),
    ],
)
def test_a_fragment_that_states_anything_is_a_statement(text: str, reason: str) -> None:
    assert the_statement(text).proof.reason == reason


def test_the_currency_is_the_one_behind_the_account_where_no_balance_states_one() -> None:
    assert the_statement(":20:A\n:25:1234/56EUR\n:61:260504C1,00NTRFNONREF").currency == "EUR"


@pytest.mark.parametrize(
    "cut", ["260504D", "260504D1", "260504D10", "260504D10,", "260504D10,00", "260504D10,00NTR", "2605"]
)
def test_an_entry_that_the_file_ends_in_is_quarantined(cut: str) -> None:
    reading = reading_of(statement_of(closing="")[:-2] + f":61:{cut}")

    assert [(finding.code, str(finding.place)) for finding in reading.quarantined] == [("cut_off", "may.sta:5:1")]
    assert (reading.statements[0].tally.entries, reading.statements[0].proof.reason) == (0, "no_closing")


def test_an_entry_without_a_type_is_whole_where_the_message_ends_after_it() -> None:
    reading = reading_of(statement_of(":61:260504D10,00", closing=""))

    assert (reading.quarantined, reading.statements[0].tally.debits) == ([], -1000)


def test_a_closing_balance_that_the_file_ends_in_cannot_be_read() -> None:
    reading = reading_of(statement_of(closing="")[:-2] + ":62F:C260531EUR1")

    assert reading.statements[0].proof.reason == "no_closing"
    assert [warning.code for warning in reading.warnings] == ["unreadable_balance"]


WHOLE = (FILES / "structured.sta").read_bytes()


@given(length=integers(1, len(WHOLE) - 1))
def test_a_file_cut_anywhere_never_gives_an_amount_that_the_whole_file_does_not_have(length: int) -> None:
    (whole,) = reading_of(WHOLE).statements
    try:
        cut = the_statement(WHOLE[:length])
    except Refused:
        return

    amounts = [decimal_text(entry.minor_units, cut.exponent) for entry in cut.entries]
    assert amounts == [decimal_text(entry.minor_units, 2) for entry in whole.entries][: len(amounts)]
    assert cut.proof.holds is not True or cut.closing == whole.closing

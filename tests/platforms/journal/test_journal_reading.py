"""Reading what people write for hledger and Beancount, and what is said where it is not understood."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis.strategies import characters, lists, sampled_from

from tests.platforms.journal.given import SUFFIXES
from tieout.contracts.platform import PlatformFault
from tieout.platforms.journal.balancing import completed
from tieout.platforms.journal.books import Books
from tieout.platforms.journal.flavours import FLAVOURS
from tieout.platforms.journal.folder import LedgerFolder
from tieout.platforms.journal.texts import decoded, displayed, encoded

HEADS = {"hledger": "", "beancount": "2020-01-01 open Assets:A\n2020-01-01 open Assets:B\n"}


def books_of(flavour: str, folder: Path, main: str, **others: str) -> Books:
    """Some books whose main file says this; others: further files by their name without suffix."""
    suffix = SUFFIXES[flavour]
    (folder / f"main{suffix}").write_text(main, "utf-8")
    for name, said in others.items():
        (folder / f"{name}{suffix}").write_text(said, "utf-8")
    return Books(LedgerFolder(folder.resolve(), f"main{suffix}", FLAVOURS[flavour]).ledger())


def amounts_in(books: Books) -> list[tuple[str, Decimal, str]]:
    """Account, number and commodity of every real posting, in the ledger's order."""
    return [
        (posting.account, posting.quantity.number, posting.quantity.commodity)
        for entry in books.ledger.entries
        for posting in completed(entry)
        if posting.quantity
    ]


@pytest.mark.parametrize(
    ("written", "number", "commodity"),
    [
        ("1,000.50 NOK", "1000.50", "NOK"),
        ("1.000,50 NOK", "1000.50", "NOK"),
        ("1 000,50 NOK", "1000.50", "NOK"),
        ("NOK 10", "10", "NOK"),
        ("$-3", "-3", "$"),
        ("-$3", "-3", "$"),
        ("- $ 3", "-3", "$"),
        (".5 EUR", "0.5", "EUR"),
        ("7. EUR", "7", "EUR"),
        ("1,5 EUR", "1.5", "EUR"),
        ("1.000.000 EUR", "1000000", "EUR"),
        ('"funds 2" 3', "3", "funds 2"),
        ("12", "12", ""),
    ],
)
def test_an_amount_of_hledger_is_read_as_hledger_reads_it(
    written: str, number: str, commodity: str, tmp_path: Path
) -> None:
    books = books_of("hledger", tmp_path, f"2026-11-20 x\n    A  {written}\n    B\n")

    assert amounts_in(books) == [("A", Decimal(number), commodity), ("B", -Decimal(number), commodity)]


def test_a_decimal_mark_that_is_declared_decides(tmp_path: Path) -> None:
    main = "commodity 1.000,00 EUR\ndecimal-mark .\ninclude other.journal\n"
    other = "2026-11-20 x\n    A  1,000 EUR\n    B\ndecimal-mark ,\n2026-11-20 x\n    A  1,000 EUR\n    B\n"

    books = books_of("hledger", tmp_path, main, other=other)

    assert [number for account, number, _ in amounts_in(books) if account == "A"] == [1000, 1]


@pytest.mark.parametrize(
    ("flavour", "postings"),
    [
        ("hledger", "    A  10 EUR @ 11.50 NOK\n    A  -2 USD @@ 21 NOK\n    B\n"),
        ("beancount", "  Assets:A  10 EUR @ 11.50 NOK\n  Assets:A  -2 USD @@ 21 NOK\n  Assets:B\n"),
        ("beancount", "  Assets:A  10 EUR {11.50 NOK}\n  Assets:A  -2 USD {{21 NOK}} @ 99 NOK\n  Assets:B\n"),
    ],
)
def test_an_amount_that_is_left_out_is_what_the_prices_leave_over(flavour: str, postings: str, tmp_path: Path) -> None:
    head = {"hledger": "2026-11-20 x", "beancount": '2026-11-20 * "x"'}[flavour]

    books = books_of(flavour, tmp_path, f"{HEADS[flavour]}{head}\n{postings}")

    assert amounts_in(books)[-1][1:] == (Decimal("-94.00"), "NOK")


@pytest.mark.parametrize(
    ("flavour", "text_of_main", "said"),
    [
        ("hledger", "alias a=b\n", "main.journal:1:1: tieout does not read this directive"),
        ("hledger", "apply account x\n", "main.journal:1:1: tieout does not read this directive"),
        ("hledger", "include rates.csv\n", "main.journal:1:1: tieout does not read this directive"),
        ("hledger", "include gone.journal\n", "main.journal:1:1: there is no such file in the folder of the ledger"),
        ("hledger", "include ../x.journal\n", "there is no such file in the folder of the ledger"),
        ("hledger", "2026-11-20 x\n    A  1 EUR\n    B  10 EUR {3}\n", "main.journal:3:1: this is no amount"),
        ("hledger", "2026-11-20 x\n    A  = 5 EUR\n    B\n", "main.journal:2:1: this assigns a balance"),
        (
            "hledger",
            "2026-11-20 x\n    A\n    B\n",
            "main.journal:3:1: only one posting of an entry may have no amount",
        ),
        (
            "hledger",
            "2026-11-20 x\n    A  5.00 EUR\n    B  -6.00 EUR\n",
            "main.journal:1:1: the postings of this entry do not add up, -1.00 EUR is left over",
        ),
        (
            "beancount",
            '2026-11-20 * "x"\n  Assets:A  5 EUR\n  Assets:B  -5.01 EUR\n',
            "main.beancount:1:1: the postings of this entry do not add up, -0.01 EUR is left over",
        ),
        ("hledger", "2026-11-31 x\n", "main.journal:1:1: this is no day"),
        ("hledger", "11-20 x\n", "main.journal:1:1: this is no day of a year that is given"),
        ("hledger", "\n    A  1\n", "main.journal:2:1: this is indented below nothing"),
        ("hledger", f"2026-11-20 x\n    A  {'9' * 41}\n    B\n", "this is no number of at most 40 digits"),
        ("hledger", "2026-11-20 x\n    A  1 ; [2026-11-21]\n    B\n", "write a posting's own date as date:2026-11-20"),
        ("beancount", "2026-11-20 frobnicate x\n", "main.beancount:1:1: tieout does not read this directive"),
        ("beancount", "pushmeta x: 1\n", "main.beancount:1:1: tieout does not read this directive"),
        ("beancount", '2026-11-20 * "x" junk\n', "main.beancount:1:1: this is no first line of an entry"),
        ("beancount", '2026-11-20 * "x"\n  Assets:A  (1+2) EUR\n', "main.beancount:2:1: this is no posting"),
        ("beancount", '2026-11-20 * "x\n', "main.beancount:1:1: this text in quotes has no end"),
        ("beancount", '2026-11-20 * "x"\n  Assets:A  1 X {}\n  Assets:B\n', "main.beancount:3:1: write this amount"),
        (
            "beancount",
            '2026-11-20 * "x"\n  id: "1"\n2026-11-20 * "y"\n  id: "1"\n',
            "main.beancount:3:1: this id is that of",
        ),
    ],
)
def test_what_is_not_understood_stops_the_reading_at_its_place(
    flavour: str, text_of_main: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(PlatformFault) as fault:
        assert books_of(flavour, tmp_path, text_of_main).entries

    assert fault.value.kind == "malformed"
    assert said in fault.value.message


@pytest.mark.parametrize(
    "postings",
    [
        "    A  10 EUR @ 11.3333 NOK\n    B  -113.33 NOK\n",
        "    A  10 EUR\n    B  -113.33 NOK\n",
        "    A  5 EUR\n    B  -5.00 EUR\n",
        "    A  5 EUR\n    (C)  7 EUR\n    B  -5 EUR\n",
    ],
    ids=["a price that was rounded", "a price that is left out", "fewer decimals", "outside of the balance"],
)
def test_what_hledger_takes_for_balanced_is_balanced(postings: str, tmp_path: Path) -> None:
    books = books_of("hledger", tmp_path, f"2026-11-20 x\n{postings}")

    assert len(books.entries) == 1


def test_a_file_that_is_no_text_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "main.journal").write_bytes(b"; one\n; tw\xf8\n")

    with pytest.raises(PlatformFault, match=r"main\.journal:2:1: this is not UTF-8"):
        LedgerFolder(tmp_path.resolve(), "main.journal", FLAVOURS["hledger"]).ledger()


def test_files_that_include_each_other_end_in_a_message(tmp_path: Path) -> None:
    with pytest.raises(PlatformFault, match="included twice"):
        books_of("hledger", tmp_path, "include other.journal\n", other="include main.journal\n")


def test_an_entry_of_hledger_tells_payee_note_code_and_tags(tmp_path: Path) -> None:
    main = (
        "2026-11-20=2026-11-21 ! (17) Kafé | note: a, b ; project:roof, due:2026-12-01\n"
        "    ; more:1\n    A  1 EUR  ; line:x%2C y\n    ; date:2026-12-24\n    B\n"
    )

    (entry,) = books_of("hledger", tmp_path, main).ledger.entries

    assert (entry.booking_date, entry.code, entry.payee, entry.narration) == (
        date(2026, 11, 20),
        "17",
        "Kafé",
        "note: a, b",
    )
    assert entry.tags == {"project": "roof", "due": "2026-12-01", "more": "1"}
    assert entry.postings[0].tags["line"] == "x, y"
    assert entry.postings[0].booking_date == date(2026, 12, 24)


def test_an_entry_of_beancount_tells_payee_narration_link_and_metadata(tmp_path: Path) -> None:
    main = (
        '2026-11-20 ! "Kafé \\"x\\"" "over\ntwo lines ; no comment" #tag ^link-1 ; a comment\n'
        '  due: 2026-12-01 ; another\n  Assets:A  1,000.00 EUR ; third\n    line: "a; b"\n  ! Assets:B  -1000 EUR\n'
    )

    (entry,) = books_of("beancount", tmp_path, HEADS["beancount"] + main).ledger.entries

    assert (entry.payee, entry.narration, entry.code) == ('Kafé "x"', "over\ntwo lines ; no comment", "link-1")
    assert entry.tags == {"due": "2026-12-01"}
    assert entry.postings[0].tags == {"line": "a; b"}
    assert [posting.quantity.number for posting in entry.postings if posting.quantity] == [1000, -1000]


def test_an_entry_without_an_id_is_known_by_what_it_says_and_twins_are_told_apart(tmp_path: Path) -> None:
    coffee = "2026-11-20 Kafé\n    A  1 EUR\n    B\n\n"

    first, twin = books_of("hledger", tmp_path, coffee + coffee).entries
    moved, _ = books_of("hledger", tmp_path, f"; a remark\n\n{coffee}{coffee}").entries
    edited = books_of("hledger", tmp_path, coffee.replace("1 EUR", "2 EUR")).entries[0]

    assert twin.id == f"{first.id}-2"
    assert moved.id == first.id
    assert edited.id not in (first.id, twin.id)


def test_a_commodity_is_the_currency_that_its_declaration_names(tmp_path: Path) -> None:
    main = "commodity $1000.00  ; currency:USD\n2026-11-20 x\n    A  $1\n    B\n2026-11-20 x\n    A  1 €\n    B\n"

    books = books_of("hledger", tmp_path, main)

    assert [books.currency_of(commodity) for commodity in ("$", "€", "kr", "NOK")] == ["USD", "EUR", "kr", "NOK"]
    assert [books.commodity_for(currency) for currency in ("USD", "EUR", "NOK")] == ["$", "€", "NOK"]


@given(
    anything=lists(sampled_from(["%2C", "%41", *"%,[;|\n \t2C"]) | characters(exclude_categories=["Cs"])).map("".join)
)
def test_any_text_comes_back_from_the_value_of_a_tag(anything: str) -> None:
    written = encoded(anything)

    assert decoded(written.strip()) == anything
    assert not set(written) & set(",[\n\r\t")
    assert not set(displayed(anything)) & set(";|\n\r\t")


def test_the_type_of_an_account_is_declared_or_told_by_its_name(tmp_path: Path) -> None:
    main = "account Eiendeler  ; type:A\n2026-11-20 x\n    Eiendeler:Bank  1 EUR\n    Gjeld:Skatt\n    revenues:x  0\n"

    accounts = books_of("hledger", tmp_path, main).accounts

    assert {name: account.type for name, account in accounts.items()} == {
        "Eiendeler": "asset",
        "Eiendeler:Bank": "asset",
        "Gjeld:Skatt": "Gjeld",
        "revenues:x": "income",
    }

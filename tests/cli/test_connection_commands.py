"""`tieout connection` as whoever runs the server types it, against books in a folder."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.given_matches import accepted
from tieout import app
from tieout.cli import main
from tieout.services.accounts import AccountRequest, open_account
from tieout.services.invoices import InvoiceLineRequest, InvoiceRequest, create_invoice
from tieout.services.jobs import run_queued
from tieout.services.lines import LineRequest, enter_lines, find_lines
from tieout.services.matching import AllocationRequest, MatchRequest, make_match
from tieout.services.people.operator import operator

pytestmark = pytest.mark.slow

BOOKS = """\
; business Nordlys AS
;   currency: NOK

account Assets:Bank  ; code:1920, role:bank
account Assets:Receivable  ; code:1500, role:receivable
account Income:Sales  ; code:3000, role:sales
account Liabilities:Tax  ; code:2700, role:output-tax

; tax-rate V25
;   rate: 25
;   name: 25 % output
;   direction: sales

2026-01-10 Deposit  ; id:E-1
    Assets:Bank     100.00 NOK
    Income:Sales
"""
JANUARY_5, JANUARY_20 = 20_458, 20_473

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def tieout(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command, over a database with an entity and a folder with its books."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "books").mkdir()
    (tmp_path / "books" / "main.journal").write_text(BOOKS)

    def command(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        shown = capsys.readouterr()
        return status, shown.out, shown.err

    command("migrate")
    command("entity", "add", "Nordlys AS", "--currency", "NOK")
    return command


def connected(tieout: Command) -> str:
    status, out, err = tieout("connection", "add", "journal", "--entity", "1", "--set", f"folder={Path.cwd()}/books")
    assert (status, err) == (0, "")
    worked()
    return out.strip()


def worked() -> None:
    """A worker that ran what was due."""
    with app.opened(app.process_settings()) as context:
        run_queued(context)


def test_books_in_a_folder_are_connected_pulled_and_ended(tieout: Command) -> None:
    connection = connected(tieout)

    (row,) = json.loads(tieout("connection", "list", "--entity", "1", "--json")[1])
    shown = {
        each["name"]: each["value"]
        for each in json.loads(tieout("connection", "show", connection, "--entity", "1", "--json")[1])
    }
    rates = json.loads(tieout("connection", "records", "tax_rate", "--entity", "1", "--json")[1])
    job = tieout("connection", "sync", connection, "--entity", "1")
    ended = tieout("connection", "disconnect", connection, "--entity", "1")

    assert (row["platform"], row["status"], row["business"], row["errors"]) == (
        "journal",
        "connected",
        "Nordlys AS",
        None,
    )
    assert shown["tax_rate done"] == "1"
    assert [each["name"] for each in rates] == ["25 % output"]
    assert job[0] == ended[0] == 0
    assert "disconnected" in tieout("connection", "list", "--entity", "1", "--all")[1]


def test_what_cannot_be_connected_says_why(tieout: Command) -> None:
    unknown = tieout("connection", "add", "jurnal", "--entity", "1")
    nowhere = tieout("connection", "add", "journal", "--entity", "1", "--set", "folder=/elsewhere")
    misnamed = tieout(
        "connection", "add", "journal", "--entity", "1", "--set", f"folder={Path.cwd()}/books", "--set", "formt=hledger"
    )
    unsaid = tieout("connection", "add", "journal", "--entity", "1", "--set", "folder")

    assert [each[0] for each in (unknown, nowhere, misnamed, unsaid)] == [2, 2, 2, 2]
    assert 'there is no platform "jurnal"; did you mean "journal"?' in unknown[2]
    assert "elsewhere" in nowhere[2]
    assert (
        '--set formt: Plain-text ledger (hledger, Beancount) has no such setting; did you mean "format"?' in misnamed[2]
    )
    assert "write NAME=VALUE" in unsaid[2]
    assert json.loads(tieout("connection", "list", "--entity", "1", "--json")[1]) == []


def test_an_invoice_and_its_payment_go_into_the_books_once(tieout: Command, tmp_path: Path) -> None:
    with app.opened(app.process_settings()) as context:
        request = AccountRequest(kind="bank", name="Bank", currency="NOK", code="1920")
        bank = accepted(open_account(context, operator(context, 1), 1, request))
    connected(tieout)
    with app.opened(app.process_settings()) as context:
        owner = operator(context, 1)
        line = InvoiceLineRequest(description="Goods", minor_units=100_00, tax_minor_units=25_00, tax_rate_value=2500)
        asked = InvoiceRequest(
            direction="receivable",
            currency="NOK",
            issue_day=JANUARY_5,
            number="I-1",
            lines=(line,),
            counterparty="Fjord",
        )
        _, (instalment,) = accepted(create_invoice(context, owner, 1, asked))
        run_queued(context)
        money = LineRequest(
            side="statement", kind="", account_id=bank.id, currency="NOK", minor_units=125_00, booking_day=JANUARY_20
        )
        (paid,) = accepted(enter_lines(context, owner, 1, [money]))
        legs = (AllocationRequest(line_id=paid.id), AllocationRequest(line_id=instalment.id))
        accepted(make_match(context, owner, 1, MatchRequest(allocations=legs)))
    worked()
    first = written(tmp_path)
    tieout("connection", "sync", "1", "--entity", "1")
    worked()

    told = [
        (each["status"], each["errors"])
        for object_type in ("receivable", "payment_record")
        for each in json.loads(tieout("connection", "records", object_type, "--entity", "1", "--json")[1])
    ]
    with app.opened(app.process_settings()) as context:
        found = accepted(find_lines(context, operator(context, 1), 1))
    assert told == [("done", None), ("done", None)]
    assert (first.count("tieout-key"), written(tmp_path)) == (2, first)
    entries = [now.line.minor_units for now in found if now.line.kind == "journal_entry_line"]
    assert entries == [100_00]


def written(folder: Path) -> str:
    """What tieout wrote into the books."""
    return "".join(each.read_text() for each in sorted((folder / "books" / "tieout").rglob("*.journal")))


def test_a_folder_may_be_named_from_where_one_stands(tieout: Command) -> None:
    status, out, _ = tieout("connection", "add", "journal", "--entity", "1", "--set", "folder=books")

    (row,) = json.loads(tieout("connection", "list", "--entity", "1", "--json")[1])
    assert (status, row["id"], row["status"]) == (0, int(out), "connected")


def test_a_misspelt_setting_is_told_before_a_connection_is_made(tieout: Command) -> None:
    status, _, err = tieout("connection", "add", "journal", "--entity", "1", "--set", "foldr=books")

    assert (status, 'did you mean "folder"?' in err) == (2, True)
    assert json.loads(tieout("connection", "list", "--entity", "1", "--all", "--json")[1]) == []


def test_a_second_connection_is_told_how_to_end_the_first(tieout: Command) -> None:
    first = connected(tieout)

    status, _, err = tieout("connection", "add", "journal", "--entity", "1", "--set", "folder=books")

    assert (status, f"tieout connection disconnect {first} --entity 1" in err) == (2, True)

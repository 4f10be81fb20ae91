"""Two years of a British bank account in the books: 24 months reconciled one after another, and the next to do."""

from dataclasses import dataclass

from tieout.domain.accounts import Account
from tieout.domain.lines import Line
from tieout.domain.people import Principal
from tieout.lab.office.doing import day, done
from tieout.services.accounts import AccountRequest, open_account
from tieout.services.context import Context
from tieout.services.line_requests import LineRequest
from tieout.services.lines import enter_lines
from tieout.services.reconciling import open_reconciliation
from tieout.services.reconciling_completion import complete_reconciliation
from tieout.services.ticking import tick
from tieout.services.transfers import enter_transfer

_OPENING = 150_000  # pence, on the last day of May 2024
_MONTHS = 24
_CUSTOMERS = ("Thornby Delicatessen", "Café Larkspur", "Moor & Mill Hotels", "The Quay Rooms")


@dataclass(frozen=True, slots=True)
class NextPeriod:
    """The period that waits: its end, and the lines that complete it."""

    account: Account
    end_day: int
    end_minor_units: int
    lines: tuple[Line, ...]


def keep_books(context: Context, owner: Principal, entity_id: int) -> NextPeriod:
    """Open the current account and a reserve, enter every month's lines and reconcile 24 of the 25 months."""
    started = day("2024-05-31")
    account = done(open_account(context, owner, entity_id, _account("Current account", "1200", started, _OPENING)))
    reserve = done(open_account(context, owner, entity_id, _account("Reserve account", "1210", started, 0)))
    balance = _OPENING
    for number in range(_MONTHS):
        lines = [*_month(context, owner, account, number)]
        if number % 6 == 5:
            put_aside = enter_transfer(
                context, owner, entity_id, account.id, reserve.id, 25_000, _end_of(number) - 2, "To reserve"
            )
            lines.append(done(put_aside)[0])
        balance += sum(line.minor_units for line in lines)
        _reconcile(context, owner, account, _end_of(number), balance, lines)
    waiting = _month(context, owner, account, _MONTHS)
    return NextPeriod(account, _end_of(_MONTHS), balance + sum(line.minor_units for line in waiting), tuple(waiting))


def _account(name: str, code: str, started: int, opening: int) -> AccountRequest:
    return AccountRequest(
        kind="bank", name=name, currency="GBP", code=code, starting_day=started, starting_minor_units=opening
    )


def _month(context: Context, owner: Principal, account: Account, number: int) -> list[Line]:
    """Takings, wages, beans and the bank's charge of one month."""
    end = _end_of(number)
    entries = (
        ("customer_payment", 184_000 + 1_350 * number, end - 20, _CUSTOMERS[number % 4], f"INV #{1_600 + number}"),
        ("customer_payment", 96_500 + 700 * number, end - 12, _CUSTOMERS[(number + 1) % 4], f"INV #{1_700 + number}"),
        ("supplier_payment", -88_000 - 450 * number, end - 9, "Havskar Kaffebrenneri AS", f"Green beans {number + 1}"),
        ("bank_entry", -142_000, end - 3, "", "Staff salaries"),
        ("bank_entry", -1_200, end, "", "Bank charges"),
    )
    requests = [
        LineRequest(
            side="ledger",
            kind=kind,
            account_id=account.id,
            currency="GBP",
            minor_units=amount,
            booking_day=booked,
            counterparty=party,
            description=text,
        )
        for kind, amount, booked, party, text in entries
    ]
    return done(enter_lines(context, owner, account.entity_id, requests))


def _reconcile(context: Context, owner: Principal, account: Account, end: int, balance: int, lines: list[Line]) -> None:
    opened = done(open_reconciliation(context, owner, account.entity_id, account.id, end, balance))
    done(tick(context, owner, account.entity_id, opened.id, tick=[line.id for line in lines]))
    done(complete_reconciliation(context, owner, account.entity_id, opened.id))


def _end_of(number: int) -> int:
    """The last day of a month, June 2024 being number 0."""
    months = 2024 * 12 + 6 + number
    return day(f"{months // 12:04}-{months % 12 + 1:02}-01") - 1

"""June of the Norwegian and Brazilian books, all of it still to be tied: work for whoever asks over an API."""

from collections.abc import Sequence
from dataclasses import dataclass

from tieout.domain.accounts import Account
from tieout.domain.lines import Line, Origin
from tieout.domain.people import Principal
from tieout.lab.office.doing import day, done
from tieout.services.accounts import AccountRequest, accounts, open_account
from tieout.services.context import Context
from tieout.services.invoice_rules import InvoiceRequest
from tieout.services.invoices import create_invoice
from tieout.services.journal import enter_journal_entry
from tieout.services.journal_rules import JournalLineRequest, JournalRequest
from tieout.services.line_requests import LineRequest
from tieout.services.lines import enter_lines
from tieout.services.payments import pay_instalment

_PAYABLES = ((-300_000, "Emballasjeverket Stormvik AS"), (-200_000, "Kystfrakt Vest AS"))
_SALE, _SALE_EURO, _RATE = 150_000, 10_000, "11.50"


@dataclass(frozen=True, slots=True)
class OpenWork:
    """Lines of one bank account that wait to be tied."""

    account: Account
    payables: tuple[Line, ...]
    receivables: tuple[Line, ...]
    transactions: tuple[Line, ...]
    paid_payables: tuple[Line, ...]  # which together are
    debits: tuple[Line, ...]  # these, exactly


@dataclass(frozen=True, slots=True)
class JournalWork:
    """A line of a journal entry and the bank transaction that it says, both wholly open."""

    entry_line: Line
    transaction: Line


def bank_account(context: Context, owner: Principal, entity_id: int, currency: str) -> Account:
    """The bank account of that currency with the most lines behind it: the first that the files named."""
    found = done(accounts(context, owner, entity_id, kinds=("bank",)))
    return next(account for account in found if account.currency == currency)


def owe(context: Context, owner: Principal, account: Account) -> OpenWork:
    """Payables and receivables, paid and unpaid, and the account's transactions of June."""
    paid = [_instalment(context, owner, account, "payable", amount, party) for amount, party in _PAYABLES]
    for line in paid:
        done(pay_instalment(context, owner, account.entity_id, line.id, day("2026-06-09"), line.minor_units))
    unpaid = _instalment(context, owner, account, "payable", -125_000, "Nordlys Energi AS")
    received = _instalment(context, owner, account, "receivable", 410_000, "Fjellstova Ravnejuv DA")
    done(pay_instalment(context, owner, account.entity_id, received.id, day("2026-06-10"), 410_000))
    waiting = _instalment(context, owner, account, "receivable", 230_000, "Skihytta Sneglefart AS")
    amounts = (-300_000, -100_000, -100_000, 410_000, -77_700)
    transactions = _transactions(context, owner, account, amounts, day("2026-06-09"))
    return OpenWork(
        account=account,
        payables=(*paid, unpaid),
        receivables=(received, waiting),
        transactions=tuple(transactions),
        paid_payables=tuple(paid),
        debits=tuple(transactions[:3]),
    )


def sell(context: Context, owner: Principal, account: Account) -> JournalWork:
    """A sale in the functional currency, booked and received."""
    entry_line = _sale(context, owner, account, JournalLineRequest(account_id=account.id, minor_units=_SALE))
    (transaction,) = _transactions(context, owner, account, [_SALE], day("2026-06-12"))
    return JournalWork(entry_line, transaction)


def sell_abroad(context: Context, owner: Principal, account: Account) -> JournalWork:
    """A sale in the account's foreign currency, booked in the functional one at a rate."""
    booked = _SALE_EURO * 1_150 // 100
    line = JournalLineRequest(
        account_id=account.id,
        minor_units=booked,
        foreign_minor_units=_SALE_EURO,
        foreign_currency=account.currency,
        rate=_RATE,
    )
    entry_line = _sale(context, owner, account, line)
    (transaction,) = _transactions(context, owner, account, [_SALE_EURO], day("2026-06-15"))
    return JournalWork(entry_line, transaction)


def _sale(context: Context, owner: Principal, account: Account, on_bank: JournalLineRequest) -> Line:
    sales = _sales_account(context, owner, account.entity_id)
    other = JournalLineRequest(account_id=sales.id, minor_units=-on_bank.minor_units)
    request = JournalRequest(booking_day=day("2026-06-12"), lines=(on_bank, other), memo="Sale at the roastery door")
    _, lines = done(enter_journal_entry(context, owner, account.entity_id, request))
    return lines[0]


def _sales_account(context: Context, owner: Principal, entity_id: int) -> Account:
    found = done(accounts(context, owner, entity_id, kinds=("book",)))
    for account in found:
        if account.code == "3000":
            return account
    request = AccountRequest(kind="book", name="Sales", currency="NOK", code="3000")
    return done(open_account(context, owner, entity_id, request))


def _instalment(context: Context, owner: Principal, account: Account, direction: str, amount: int, party: str) -> Line:
    request = InvoiceRequest(
        direction=direction,
        currency=account.currency,
        issue_day=day("2026-06-01"),
        counterparty=party,
        account_id=account.id,
        instalments=((day("2026-06-09"), amount),),
    )
    _, lines = done(create_invoice(context, owner, account.entity_id, request))
    return lines[0]


def _transactions(
    context: Context, owner: Principal, account: Account, amounts: Sequence[int], booked: int
) -> list[Line]:
    requests = [
        LineRequest(
            side="statement",
            kind="",
            account_id=account.id,
            currency=account.currency,
            minor_units=amount,
            booking_day=booked,
            description="Payment in June",
        )
        for amount in amounts
    ]
    return done(enter_lines(context, owner, account.entity_id, requests, Origin.ENTERED))

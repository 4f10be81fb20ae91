"""A Norwegian firm that keeps its books in Snapbooks: tokens, bank accounts, bank transactions and journal entries."""

from dataclasses import dataclass

from tests.given_matches import accepted
from tests.given_store import Office, given_office
from tieout.domain.accounts import AccountKind
from tieout.domain.books import JournalEntry
from tieout.domain.lines import Line
from tieout.domain.people import Face, Principal
from tieout.kernel.dates import day_number, day_of_text
from tieout.services.accounts import AccountRequest, open_account
from tieout.services.context import Context
from tieout.services.journal import JournalLineRequest, JournalRequest, enter_journal_entry
from tieout.services.lines import LineRequest, enter_lines
from tieout.services.matching import AllocationRequest, MatchRequest, make_match
from tieout.services.people.tokens import issue_token
from tieout.services.period_locks import lock_period


def day(text: str) -> int:
    """Days since 1970-01-01."""
    return day_number(day_of_text(text))


@dataclass(frozen=True)
class Firm:
    """An office with two client accounts in NOK, bank accounts in NOK and EUR in the first, and a posting token."""

    context: Context
    office: Office
    bank_account_id: int
    euro_account_id: int
    sales_account_id: int
    token: str

    @property
    def client_account_id(self) -> int:
        """The first client account."""
        return self.office.entities[0].id

    def transaction(self, minor_units: int, on: str = "2024-03-15", currency: str = "NOK", **fields: object) -> int:
        """A bank transaction of the account in this currency."""
        request = LineRequest(
            side="statement",
            kind="",
            account_id=self.bank_account_id if currency == "NOK" else self.euro_account_id,
            currency=currency,
            minor_units=minor_units,
            booking_day=day(on),
            **fields,  # type: ignore[arg-type]
        )
        return accepted(enter_lines(self.context, self.office.owner, self.client_account_id, [request]))[0].id

    def journal(
        self, minor_units: int, on: str = "2024-03-15", *, euros: int | None = None, rate: str = ""
    ) -> tuple[JournalEntry, list[Line]]:
        """An entry of money in or out: its first line is on the bank's book account, its second on sales.

        euros: the same amount in EUR, on the account in that currency.
        """
        money = JournalLineRequest(
            account_id=self.bank_account_id if euros is None else self.euro_account_id,
            minor_units=minor_units,
            foreign_minor_units=euros,
            foreign_currency="" if euros is None else "EUR",
            rate=rate,
        )
        sales = JournalLineRequest(account_id=self.sales_account_id, minor_units=-minor_units)
        request = JournalRequest(booking_day=day(on), lines=(money, sales), memo="Sale")
        return accepted(enter_journal_entry(self.context, self.office.owner, self.client_account_id, request))

    def token_of(self, principal: Principal, *, post: bool = True) -> str:
        """A token of one of the office's users."""
        return accepted(issue_token(self.context, self.office.owner, principal.user_id, Face.SNAPBOOKS, post=post)).text


def given_firm(context: Context) -> Firm:
    """A firm without any transaction."""
    office = given_office(context, "NOK", "NOK")

    def opened(kind: AccountKind, name: str, currency: str, code: str) -> int:
        request = AccountRequest(kind=kind, name=name, currency=currency, code=code)
        return accepted(open_account(context, office.owner, office.entities[0].id, request)).id

    return Firm(
        context,
        office,
        bank_account_id=opened(AccountKind.BANK, "Driftskonto", "NOK", "1920"),
        euro_account_id=opened(AccountKind.BANK, "Valutakonto", "EUR", "1925"),
        sales_account_id=opened(AccountKind.BOOK, "Salgsinntekt", "NOK", "3000"),
        token=accepted(issue_token(context, office.owner, office.owner.user_id, Face.SNAPBOOKS, post=True)).text,
    )


def given(context: Context) -> dict[str, str]:
    """A firm of its own, for the suite that every dialect passes."""
    firm = given_firm(context)
    owner, entity_id = firm.office.owner, firm.client_account_id
    entry, (money, _) = firm.journal(1500_00)
    _, (tied, _) = firm.journal(70_00)
    _, (out, _), _, (back, _) = (*firm.journal(25_00), *firm.journal(-25_00))
    _, (foreign, _) = firm.journal(1150_00, euros=100_00, rate="11.5")

    def match(kind: str, *lines: int) -> int:
        request = MatchRequest(kind=kind, allocations=tuple(AllocationRequest(line_id=line) for line in lines))
        return accepted(make_match(context, owner, entity_id, request)).record.id

    lock = accepted(lock_period(context, owner, entity_id, firm.sales_account_id, day("2023-12-31"), enabled=True))
    return {
        "authorization": f"Bearer {firm.token}",
        "token": firm.token,
        "reader_authorization": f"Bearer {firm.token_of(firm.office.reader)}",
        "user_id": str(owner.user_id),
        "client_account_id": str(entity_id),
        "other_client_account_id": str(firm.office.entities[1].id),
        "stranger_client_account_id": str(firm.office.stranger_entity.id),
        "bank_account_id": str(firm.bank_account_id),
        "euro_account_id": str(firm.euro_account_id),
        "general_ledger_account_id": str(firm.sales_account_id),
        "journal_entry_id": str(entry.id),
        "journal_entry_line_id": str(money.id),
        "bank_transaction_id": str(firm.transaction(1500_00)),
        "foreign_line_id": str(foreign.id),
        "foreign_transaction_id": str(firm.transaction(100_00, currency="EUR")),
        "external_reconciliation_id": str(match("across", firm.transaction(70_00), tied.id)),
        "reconciliation_id": str(match("within", out.id, back.id)),
        "period_lock_id": str(lock.account_id * 2),
    }

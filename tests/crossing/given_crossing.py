"""One firm whose books four programs work in at once, each through the API of its vendor, over one store."""

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from starlette.testclient import TestClient

from tests.given_matches import accepted
from tests.given_store import Office, given_office
from tieout.api.native import application as native
from tieout.dialects import fintera, kashflow, snapbooks
from tieout.domain.accounts import AccountKind
from tieout.domain.people import Face
from tieout.kernel.dates import day_number, day_of_text
from tieout.services.accounts import AccountRequest, open_account
from tieout.services.context import Context
from tieout.services.invoices import InvoiceRequest, create_invoice
from tieout.services.lines import LineRequest, enter_lines
from tieout.services.people.sessions import SIGNED_IN, start_session
from tieout.services.people.tokens import issue_token

TODAY = "2026-01-12"
JSON = {"content-type": "application/json"}


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    def names(self, number: int) -> bool:
        """Whether some sentence of it says this number."""
        return str(number) in re.findall("[0-9]+", self.text)


@dataclass(frozen=True)
class Program:
    """Somebody's program, which speaks to one vendor's API with that vendor's credential."""

    http: TestClient
    base: str

    def call(self, method: str, path: str, body: object = None) -> Reply:
        """One call below the vendor's base."""
        content = None if body is None else json.dumps(body)
        answer = self.http.request(method, self.base + path, content=content, headers=JSON if content else None)
        return Reply(answer.status_code, answer.content)

    def done(self, method: str, path: str, body: object = None) -> Any:
        """What a call gives that no rule refuses; None where it gives nothing."""
        reply = self.call(method, path, body)
        assert 200 <= reply.status < 300, (method, path, reply)
        return reply.json if reply.body.strip() else None


@dataclass(frozen=True)
class Firm:
    """A bank account in NOK, an income account, and a program of each face that acts for the same user."""

    context: Context
    office: Office
    account_id: int
    income_id: int
    native: Program
    fintera: Program
    kashflow: Program
    snapbooks: Program

    @property
    def entity_id(self) -> int:
        """The entity, client account or company, as each face calls it."""
        return self.office.entity_id

    @property
    def transactions(self) -> str:
        """Fintera's path of the account's transactions."""
        return f"/deposit_accounts/{self.account_id}/financial_transactions"

    @property
    def entries(self) -> str:
        """KashFlow's path of the account's book entries."""
        return f"/bankaccounts/{self.account_id}/transactions"

    def transaction(self, minor_units: int) -> int:
        """A bank transaction of today; its id."""
        request = LineRequest(
            side="statement",
            kind="",
            account_id=self.account_id,
            currency="NOK",
            minor_units=minor_units,
            booking_day=day(TODAY),
        )
        return accepted(enter_lines(self.context, self.office.owner, self.entity_id, [request]))[0].id

    def paid_payable(self, minor_units: int) -> int:
        """A payable that was paid today; the amount is below zero. Its id."""
        request = InvoiceRequest(
            direction="payable",
            currency="NOK",
            issue_day=day(TODAY),
            instalments=((day(TODAY), minor_units),),
            paid=((day(TODAY), minor_units),),
        )
        _, (instalment,) = accepted(create_invoice(self.context, self.office.owner, self.entity_id, request))
        return instalment.id

    def journal_line(self, amount: str) -> int:
        """A journal entry made through Snapbooks; the id of its line on the bank's book account."""
        lines = [
            {"general_ledger_account_id": self.account_id, "debit": amount, "credit": "0"},
            {"general_ledger_account_id": self.income_id, "debit": "0", "credit": amount},
        ]
        made = self.snapbooks.done(
            "POST", "/journal-entries", {"client_account_id": self.entity_id, "date": TODAY, "lines": lines}
        )
        return int(made["lines"][0]["id"])

    def external(self, transaction_id: int, line_id: int, amount: str) -> Reply:
        """Snapbooks ties this much of a bank transaction to a journal entry line."""
        entries = [
            {
                "relation_type": kind,
                "relation_id": number,
                "relation_line_id": number,
                "amount": amount,
                "currency_code": "NOK",
                "exchange_rate": "1",
            }
            for kind, number in (("bank_transaction", transaction_id), ("journal_entry_line", line_id))
        ]
        body = {
            "client_account_id": self.entity_id,
            "external_type": "bank_transaction",
            "internal_type": "journal_entry_line",
            "internal_id": line_id,
            "sequence_number": 1,
            "entries": entries,
        }
        return self.snapbooks.call("POST", "/external-reconciliations", body)

    def reconcile(self, payable_ids: list[int], transaction_ids: list[int]) -> Reply:
        """Fintera ties payables to bank transactions."""
        body = {
            "selected_financial_account_ids": payable_ids,
            "selected_financial_transaction_ids": transaction_ids,
        }
        return self.fintera.call("POST", "/reconciles", body)

    def open_in_snapbooks(self) -> list[int]:
        """The bank transactions that Snapbooks still offers."""
        return [each["id"] for each in self.snapbooks.done("GET", "/bank-transactions")["data"]]

    def all_in_snapbooks(self) -> dict[int, bool]:
        """Every bank transaction that Snapbooks knows, and whether it is externally reconciled."""
        found = self.snapbooks.done("GET", "/bank-transactions?include_externally_reconciled=true")["data"]
        return {each["id"]: each["externally_reconciled"] for each in found}

    def open_natively(self) -> list[int]:
        """The bank transactions that the native API calls open."""
        return [each["id"] for each in self.native.done("GET", "/lines?side=statement&open=true")["lines"]]

    def line(self, line_id: int) -> dict[str, Any]:
        """A line as the native API shows it."""
        shown: dict[str, Any] = self.native.done("GET", f"/lines/{line_id}")
        return shown

    def reconciled_in_fintera(self, transaction_id: int) -> bool:
        """Whether Fintera shows a bank transaction as reconciled."""
        shown = self.fintera.done("GET", f"{self.transactions}/{transaction_id}")["financial_transaction"]
        return bool(shown["reconciled"])

    def live_match(self) -> int:
        """The id of the only match that stands."""
        (match,) = self.native.done("GET", "/matches?status=confirmed")["matches"]
        return int(match["id"])

    def undo(self, match_id: int) -> None:
        """Take a match back through the native API."""
        self.native.done("POST", f"/matches/{match_id}/undo", {"reason": "tied in error"})


def day(text: str) -> int:
    """Days since 1970-01-01."""
    return day_number(day_of_text(text))


@contextmanager
def given_firm(context: Context) -> Iterator[Firm]:
    """A firm whose four programs are connected until the block ends."""
    office = given_office(context, "NOK")
    owner, entity_id = office.owner, office.entity_id
    bank = AccountRequest(
        kind=AccountKind.BANK, name="Driftskonto", currency="NOK", code="1920", starting_day=day("2025-12-31")
    )
    income = AccountRequest(kind=AccountKind.BOOK, name="Salgsinntekt", currency="NOK", code="3000")

    def token(face: Face) -> str:
        return accepted(issue_token(context, owner, owner.user_id, face, post=True)).text

    session = start_session(context, Face.KASHFLOW, SIGNED_IN, owner.user_id, f'{{"company": {entity_id}}}')
    basic = b64encode(f"{token(Face.FINTERA)}:X".encode()).decode()
    with ExitStack() as connected:

        def program(application: Any, authorization: str, base: str) -> Program:
            headers = {"authorization": authorization, "accept": "application/json"}
            client = TestClient(application(context), raise_server_exceptions=False, headers=headers)
            return Program(connected.enter_context(client), base)

        yield Firm(
            context,
            office,
            account_id=accepted(open_account(context, owner, entity_id, bank)).id,
            income_id=accepted(open_account(context, owner, entity_id, income)).id,
            native=program(
                native.application, f"Bearer {token(Face.NATIVE)}", f"{native.PREFIXES[0]}/entities/{entity_id}"
            ),
            fintera=program(fintera.application, f"Basic {basic}", f"/entities/{entity_id}"),
            kashflow=program(kashflow.application, f"KfToken {session}", "/v2"),
            snapbooks=program(snapbooks.application, f"Bearer {token(Face.SNAPBOOKS)}", "/api/v2"),
        )

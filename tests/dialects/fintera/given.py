"""A Brazilian firm that keeps its books in Fintera: tokens, a bank account, transactions, payables and receivables."""

from base64 import b64encode
from dataclasses import dataclass
from typing import Any, TypeVar

from tests.given_store import Office, given_office
from tieout.domain.accounts import AccountKind
from tieout.domain.people import Face, Principal
from tieout.kernel.dates import day_number, day_of_text
from tieout.services.accounts import AccountRequest, open_account
from tieout.services.context import Context, Denied
from tieout.services.intake import receive_document
from tieout.services.invoices import InvoiceRequest, create_invoice
from tieout.services.lines import LineRequest, enter_lines
from tieout.services.people.tokens import issue_token

Answered = TypeVar("Answered")

OFX = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
ENCODING:UTF-8
CHARSET:NONE

<OFX><BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STMTRS><CURDEF>BRL
<BANKACCTFROM><BANKID>341<ACCTID>{number}<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20130901<DTEND>20130930
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20130909<TRNAMT>-120.50<FITID>A1<MEMO>Energia</STMTTRN>
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20130910<TRNAMT>800.00<FITID>A2<MEMO>Venda</STMTTRN>
</BANKTRANLIST><LEDGERBAL><BALAMT>679.50<DTASOF>20130930</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""


def day(text: str) -> int:
    """Days since 1970-01-01."""
    return day_number(day_of_text(text))


def granted(answer: Answered | Denied) -> Answered:
    """What a service answered; a denial is a fault of the test."""
    assert not isinstance(answer, Denied), answer
    return answer


def basic(token: str, password: str = "X") -> str:
    """The header of a token."""
    return f"Basic {b64encode(f'{token}:{password}'.encode()).decode()}"


@dataclass(frozen=True)
class Firm:
    """An office with two entities in BRL, a bank account in each, and a token that may post."""

    context: Context
    office: Office
    account_id: int
    other_account_id: int
    token: str

    @property
    def entity_id(self) -> int:
        """The first entity."""
        return self.office.entities[0].id

    @property
    def other_entity_id(self) -> int:
        """The second one, which the token sees too."""
        return self.office.entities[1].id

    def transaction(self, minor_units: int, on: str = "2013-09-09", *, other: bool = False, **fields: Any) -> int:
        """An entered transaction of the bank account, or of the other entity's."""
        request = LineRequest(
            side="statement",
            kind="",
            account_id=self.other_account_id if other else self.account_id,
            currency="BRL",
            minor_units=minor_units,
            booking_day=day(on),
            **fields,
        )
        entity_id = self.other_entity_id if other else self.entity_id
        return granted(enter_lines(self.context, self.office.owner, entity_id, [request]))[0].id

    def payable(self, minor_units: int, due: str = "2013-09-06", paid: str | None = "2013-09-09") -> int:
        """An account to pay, paid unless it is said otherwise; the amount is unsigned."""
        return self._account("payable", -minor_units, due, paid)

    def receivable(self, minor_units: int, due: str = "2013-09-06", paid: str | None = "2013-09-09") -> int:
        """An account to receive, received unless it is said otherwise."""
        return self._account("receivable", minor_units, due, paid)

    def _account(self, direction: str, minor_units: int, due: str, paid: str | None) -> int:
        request = InvoiceRequest(
            direction=direction,
            currency="BRL",
            issue_day=day(due),
            instalments=((day(due), minor_units),),
            paid=((day(paid), minor_units),) if paid else (),
        )
        _, lines = granted(create_invoice(self.context, self.office.owner, self.entity_id, request))
        return lines[0].id

    def token_of(self, principal: Principal, *, post: bool) -> str:
        """A token of one of the office's users."""
        issued = issue_token(self.context, self.office.owner, principal.user_id, Face.FINTERA, post=post)
        return granted(issued).text


def given_firm(context: Context) -> Firm:
    """A firm without any transaction."""
    office = given_office(context, "BRL", "BRL")
    accounts = [
        granted(
            open_account(
                context,
                office.owner,
                entity.id,
                AccountRequest(kind=AccountKind.BANK, name="Conta Corrente", currency="BRL"),
            )
        ).id
        for entity in office.entities
    ]
    token = granted(issue_token(context, office.owner, office.owner.user_id, Face.FINTERA, post=True)).text
    return Firm(context, office, accounts[0], accounts[1], token)


def given(context: Context) -> dict[str, str]:
    """A firm of its own, for the suite that every dialect passes."""
    firm = given_firm(context)
    office = firm.office
    document = granted(
        receive_document(
            context,
            office.owner,
            firm.entity_id,
            "extrato.ofx",
            OFX.format(number=f"0001{firm.account_id}").encode(),
            account_id=firm.account_id,
        )
    )
    return {
        "authorization": basic(firm.token),
        "reader_authorization": basic(firm.token_of(office.reader, post=False)),
        "preparer_authorization": basic(firm.token_of(office.approver, post=False)),
        "organisation_id": str(office.organisation.id),
        "entity_id": str(firm.entity_id),
        "other_entity_id": str(firm.other_entity_id),
        "stranger_entity_id": str(office.stranger_entity.id),
        "deposit_account_id": str(firm.account_id),
        "other_deposit_account_id": str(firm.other_account_id),
        "transaction_id": str(firm.transaction(-50_00)),
        "bank_statement_id": str(document.id),
        "payable_account_id": str(firm.payable(75_00)),
        "receivable_account_id": str(firm.receivable(80_00)),
        "first_payable_id": str(firm.payable(3000_00)),
        "second_payable_id": str(firm.payable(2000_00)),
        "unpaid_payable_id": str(firm.payable(10_00, paid=None)),
        "first_debit_id": str(firm.transaction(-3000_00)),
        "second_debit_id": str(firm.transaction(-1000_00)),
        "third_debit_id": str(firm.transaction(-1000_00)),
        "other_credit_id": str(firm.transaction(5000_00, other=True)),
    }

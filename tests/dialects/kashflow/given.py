"""A company that keeps its bank account in KashFlow: users who sign in, accounts, transactions and reconciliations."""

from dataclasses import dataclass
from typing import TypeVar

from tests.given_store import Office, given_office
from tieout.domain.accounts import AccountKind
from tieout.domain.people import Face, Principal, Role
from tieout.domain.reconciling import Reconciliation
from tieout.kernel.dates import day_number, day_of_text
from tieout.services.accounts import AccountRequest, open_account
from tieout.services.context import Context, Denied
from tieout.services.lines import LineRequest, enter_lines, enter_transfer
from tieout.services.people.principals import principal_of_user
from tieout.services.people.secrets import keep_secret
from tieout.services.people.sessions import SIGNED_IN, start_session
from tieout.services.people.users import UserRequest, create_user
from tieout.services.reconciling import open_reconciliation
from tieout.services.reconciling_completion import complete_reconciliation
from tieout.services.ticking import tick

Answered = TypeVar("Answered")

PASSWORD = "correct horse battery"
MEMORABLE_WORD = "Lighthouse"


@dataclass(frozen=True)
class SignedUser:
    """Somebody who can sign in, and a token as if they had."""

    user_name: str
    principal: Principal
    token: str

    @property
    def authorization(self) -> str:
        """The header that the vendor's clients send."""
        return f"KfToken {self.token}"


def day(text: str) -> int:
    """Days since 1970-01-01."""
    return day_number(day_of_text(text))


def granted(answer: Answered | Denied) -> Answered:
    """What a service answered; a denial is a fault of the test."""
    assert not isinstance(answer, Denied), answer
    return answer


def given_user(
    context: Context, office: Office, role: Role = Role.OWNER, memorable_word: str = MEMORABLE_WORD
) -> SignedUser:
    """A user with this role in the office's first entity, signed in."""
    name = f"{role}.{context.random_bytes(6).hex()}@books.example"
    request = UserRequest(email=name, name="Ada Byron", password=PASSWORD, roles={office.entity_id: role})
    user = granted(create_user(context, office.owner, request))
    principal = principal_of_user(context, user.id, Face.KASHFLOW)
    assert principal is not None
    granted(keep_secret(context, principal, f"user:{user.id}", "memorable_word", memorable_word))
    token = start_session(context, Face.KASHFLOW, SIGNED_IN, user.id, f'{{"company": {office.entity_id}}}')
    assert token is not None
    return SignedUser(name, principal, token)


def given_account(context: Context, office: Office, name: str = "Current account", code: str = "1200") -> int:
    """A bank account in the entity's currency that begins on 2013-12-31 with 1,500.00."""
    request = AccountRequest(
        kind=AccountKind.BANK,
        name=name,
        currency=office.entity.currency,
        code=code,
        starting_day=day("2013-12-31"),
        starting_minor_units=1_500_00,
    )
    return granted(open_account(context, office.owner, office.entity_id, request)).id


def given_entry(
    context: Context,
    office: Office,
    account_id: int,
    booked: str,
    minor_units: int,
    kind: str = "bank_entry",
    description: str = "",
    counterparty: str = "",
) -> int:
    """A book entry of the account."""
    request = LineRequest(
        side="ledger",
        kind=kind,
        account_id=account_id,
        currency=office.entity.currency,
        minor_units=minor_units,
        booking_day=day(booked),
        description=description,
        counterparty=counterparty,
    )
    return granted(enter_lines(context, office.owner, office.entity_id, [request]))[0].id


def given_reconciliation(
    context: Context, office: Office, account_id: int, end: str, end_minor_units: int, *ticked: int
) -> Reconciliation:
    """A complete reconciliation that follows the last one."""
    who, entity = office.owner, office.entity_id
    opened = granted(open_reconciliation(context, who, entity, account_id, day(end), end_minor_units))
    granted(tick(context, who, entity, opened.id, ticked))
    return granted(complete_reconciliation(context, who, entity, opened.id))


def given(context: Context) -> dict[str, str]:
    """A company of its own, for the suite that every dialect passes."""
    office = given_office(context, "GBP")
    user = given_user(context, office)
    limited = given_user(context, office, Role.PREPARER)
    # Whichever characters are asked for, a record can give them.
    recorded = given_user(context, office, memorable_word="eeeeeeee")
    account_id = given_account(context, office)
    savings_id = given_account(context, office, "Savings", "1210")
    paid_in = given_entry(
        context, office, account_id, "2014-01-10", 1_000_00, "customer_payment", "INV #1632", "TEST02"
    )
    salary = given_entry(context, office, account_id, "2014-01-15", -200_00, description="Staff Salaries")
    first = given_reconciliation(context, office, account_id, "2014-01-21", 2_300_00, paid_in, salary)
    rent = given_entry(context, office, account_id, "2014-02-03", -350_50, description="Rent")
    left, _ = granted(
        enter_transfer(
            context, office.owner, office.entity_id, account_id, savings_id, 400_00, day("2014-02-05"), "To savings"
        )
    )
    return {
        "authorization": user.authorization,
        "session_token": user.token,
        "company_id": str(office.entity_id),
        "account_id": str(account_id),
        "savings_id": str(savings_id),
        "transaction_id": str(rent),
        "paid_in_id": str(paid_in),
        "transfer_id": str(left.id),
        "reconciliation_id": str(first.id),
        "user_name": recorded.user_name,
        "limited_authorization": limited.authorization,
    }

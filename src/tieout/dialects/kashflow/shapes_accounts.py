"""Bank accounts, as they are listed, as they are shown alone, and what may be changed of them.

Source: the vendor's page on bank accounts and the field reference of its Swagger, seen live (README.md).
"""

from dataclasses import dataclass

from tieout.dialects.kashflow.shapes_paging import PAGE_LINKS, PageLinks
from tieout.dialects.kashflow.wire import (
    Amount,
    Day,
    Field,
    Kind,
    Members,
    Moment,
    Part,
    Received,
    Shape,
    Truth,
    Whole,
    Words,
    Written,
)


class Code:
    """A number in the chart of accounts: digits are a number on the wire, anything else a text."""

    def write(self, value: str) -> Written:
        """As a number where that says the same."""
        return int(value) if value == str(_whole_or_none(value)) else value

    def read(self, received: Received) -> str:
        """Raises Unreadable."""
        return Words().read(received)


def _whole_or_none(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentType:
    """How money is paid; names are the vendor's own table, of which only the numbers are kept."""

    id: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountShown:
    """One bank account; amounts in ten-thousandths, days since 1970-01-01 with day 0 for never."""

    id: int
    name: str
    code: str = ""
    is_default: bool = False
    lock_enabled: bool = False
    lock_day: int = 0
    reconcile_day: int = 0
    starting_day: int = 0
    starting_amount: int = 0
    paid_in_first: bool = False
    on_dashboard: bool = False
    note: str = ""
    lock_overridden: bool = False
    is_archived: bool = False
    balance: int = 0
    is_empty: bool = True
    order: int = 0
    period: str = ""
    icon_id: int = 0
    invoice_payment_type: PaymentType = PaymentType()
    purchase_payment_type: PaymentType = PaymentType()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChange:
    """What a create or an edit gives; None where it says nothing of it."""

    id: int | None = None
    name: str | None = None
    code: str | None = None
    is_default: bool | None = None
    lock_enabled: bool | None = None
    lock_day: int | None = None
    reconcile_day: int | None = None
    starting_day: int | None = None
    starting_amount: int | None = None
    paid_in_first: bool | None = None
    on_dashboard: bool | None = None
    note: str | None = None
    lock_overridden: bool | None = None
    is_archived: bool | None = None
    order: int | None = None
    period: str | None = None
    icon_id: int | None = None
    invoice_payment_type: PaymentType | None = None
    purchase_payment_type: PaymentType | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage:
    """One page of bank accounts."""

    accounts: tuple[AccountShown, ...]
    links: PageLinks


PAYMENT_TYPE = Shape("PaymentType", PaymentType, (Field("Id", "id", Whole()), Field("Name", "name", Words())))

_ALONE = (
    Field("StartingDate", "starting_day", Moment()),
    Field("StartingAmount", "starting_amount", Amount()),
    Field("ShowPaidInFirst", "paid_in_first", Truth()),
    Field("IncludeOnDashBoard", "on_dashboard", Truth()),
    Field("Note", "note", Words()),
    Field("OverrideTransactionLock", "lock_overridden", Truth()),
)


def _fields(payment_type: Kind, *more: Field) -> tuple[Field, ...]:
    return (
        Field("Id", "id", Whole()),
        Field("AccountName", "name", Words()),
        Field("Code", "code", Code()),
        Field("IsDefaultAccount", "is_default", Truth()),
        Field("TransactionLockEnabled", "lock_enabled", Truth()),
        Field("TransactionLockDate", "lock_day", Day()),
        Field("ReconcileDate", "reconcile_day", Day()),
        *more,
        Field("IsArchived", "is_archived", Truth()),
        Field("Order", "order", Whole()),
        Field("Period", "period", Words()),
        Field("IconId", "icon_id", Whole()),
        Field("DefaultInvoicePaymentType", "invoice_payment_type", payment_type),
        Field("DefaultPurchasePaymentType", "purchase_payment_type", payment_type),
    )


_COMPUTED = (Field("BankBalance", "balance", Amount()), Field("IsBankEmpty", "is_empty", Truth()))
# No bank feed of the vendor's is ever connected here.
_FEED: dict[str, Written] = {
    "FeedAccountNumber": "",
    "FeedSiteName": "",
    "FeedAccountName": "",
    "FeedAccountHolder": "",
    "FeedSource": "",
    "LastTransactionImportDate": None,
    "BankFeedsAccountId": 0,
}

ACCOUNT_LISTED = Shape("BankAccount", AccountShown, _fields(Part(PAYMENT_TYPE), *_COMPUTED), _FEED)
ACCOUNT = Shape("BankAccount", AccountShown, _fields(Part(PAYMENT_TYPE), *_ALONE, *_COMPUTED), _FEED)
ACCOUNT_CHANGE = Shape("BankAccount", AccountChange, _fields(Part(PAYMENT_TYPE), *_ALONE))
ACCOUNT_PAGE = Shape(
    "BankAccountList",
    AccountPage,
    (
        Field("Data", "accounts", Members("BankAccount", Part(ACCOUNT_LISTED))),
        Field("MetaData", "links", Part(PAGE_LINKS)),
    ),
)

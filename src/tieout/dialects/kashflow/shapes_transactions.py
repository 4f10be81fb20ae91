"""Bank transactions: book entries of a bank account, with PaidIn and PaidOut for the sign.

Source: the vendor's page on bank transactions and the field reference of its Swagger (README.md).
"""

from dataclasses import dataclass

from tieout.dialects.kashflow.shapes_paging import PAGE_LINKS, PageLinks
from tieout.dialects.kashflow.wire import Amount, Field, Members, Moment, Part, Shape, Truth, Whole, Words

# How many transactions one call deletes at most.
TRANSACTIONS_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionShown:
    """One transaction; amounts in ten-thousandths, none of them negative but the balance."""

    id: int
    booking_day: int | None
    money_type: int = 0
    comment: str = ""
    vat_able: bool = False
    vat_amount: int = 0
    vat_rate: int = 0
    account_id: int
    project_number: int = 0
    paid_in: int = 0
    paid_out: int = 0
    vat_paid: int = 0
    balance: int | None = None
    type: str = ""
    transaction_type: int = 0
    transaction_number: int = 0
    reconciled: bool = False
    reconciled_id: int = 0
    resource_number: int | None = None
    entity_name: str = ""
    edit_link: str = ""
    customer_code: str = ""
    customer_name: str = ""
    supplier_code: str = ""
    supplier_name: str = ""
    customer_supplier_name: str = ""
    payment_id: int = 0
    feed_transaction_id: int = 0
    disallowed: bool = False
    system_generated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionChange:
    """What a create or an edit gives; None where it says nothing of it."""

    id: int | None = None
    booking_day: int | None = None
    money_type: int | None = None
    comment: str | None = None
    vat_able: bool | None = None
    vat_amount: int | None = None
    vat_rate: int | None = None
    account_id: int | None = None
    project_number: int | None = None
    paid_in: int | None = None
    paid_out: int | None = None
    vat_paid: int | None = None
    transaction_type: int | None = None
    customer_code: str | None = None
    supplier_code: str | None = None
    feed_transaction_id: int | None = None
    disallowed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionPage:
    """One page of the transactions of an account."""

    transactions: tuple[TransactionShown, ...]
    links: PageLinks


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDeleted:
    """A transaction that could not be deleted, and why."""

    id: int
    reason: str


_GIVEN = (
    Field("Id", "id", Whole()),
    Field("Date", "booking_day", Moment()),
    Field("MoneyType", "money_type", Whole()),
    Field("Comment", "comment", Words()),
    Field("VATAble", "vat_able", Truth()),
    Field("VATAmount", "vat_amount", Amount()),
    Field("VATRate", "vat_rate", Amount()),
    Field("AccountId", "account_id", Whole()),
    Field("ProjectNumber", "project_number", Whole()),
    Field("PaidIn", "paid_in", Amount()),
    Field("PaidOut", "paid_out", Amount()),
    Field("VATPaid", "vat_paid", Amount()),
    Field("TransactionType", "transaction_type", Whole()),
    Field("CustomerCode", "customer_code", Words()),
    Field("SupplierCode", "supplier_code", Words()),
    Field("BFSTransactionId", "feed_transaction_id", Whole()),
    Field("Disallowed", "disallowed", Truth()),
)
TRANSACTION_CHANGE = Shape("BankTransaction", TransactionChange, _GIVEN)
TRANSACTION = Shape(
    "BankTransaction",
    TransactionShown,
    (
        *_GIVEN,
        Field("PaymentId", "payment_id", Whole()),
        Field("Balance", "balance", Amount(), left_out_when_none=True),
        Field("Type", "type", Words()),
        Field("TransactionNumber", "transaction_number", Whole()),
        Field("Reconciled", "reconciled", Truth()),
        Field("ReconciledId", "reconciled_id", Whole()),
        Field("ResourceNumber", "resource_number", Whole()),
        Field("EntityName", "entity_name", Words()),
        Field("EditLink", "edit_link", Words()),
        Field("CustomerName", "customer_name", Words()),
        Field("SupplierName", "supplier_name", Words()),
        Field("CustomerSupplierName", "customer_supplier_name", Words()),
        Field("IsSystemGeneratedTransaction", "system_generated", Truth()),
    ),
    {"LineProjectsCount": 0, "ProjectUrl": "", "ProjectName": "", "VATReturnId": 0, "DisableDisallowed": False},
)
TRANSACTION_PAGE = Shape(
    "BankTransactionList",
    TransactionPage,
    (
        Field("Data", "transactions", Members("BankTransaction", Part(TRANSACTION))),
        Field("MetaData", "links", Part(PAGE_LINKS)),
    ),
)
TRANSACTION_IDS = Members("int", Whole(), TRANSACTIONS_MAX)
NOT_DELETED = Shape("FailedTransaction", NotDeleted, (Field("Id", "id", Whole()), Field("Reason", "reason", Words())))

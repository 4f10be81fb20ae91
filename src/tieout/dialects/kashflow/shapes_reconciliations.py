"""Bank reconciliations: header, detail with transactions, what comes next, and what is ticked.

Source: the vendor's page on bank reconciliations, whose samples contradict it in places, and the field reference of its
Swagger (README.md names each choice).
"""

from dataclasses import dataclass

from tieout.dialects.kashflow.shapes_paging import PAGE_LINKS, PageLinks
from tieout.dialects.kashflow.wire import Amount, Field, Members, Moment, Part, Shape, Truth, Whole, Words
from tieout.domain.reconciliation_status import Status

# How many transactions one call ticks or unticks at most.
TICKS_MAX = 10_000

# The vendor's names of the core's statuses.
STATUS_NAMES = {
    Status.INCOMPLETE: "InComplete",
    Status.COMPLETE: "Complete",
    Status.OVERLAPS_PREVIOUS: "Overlaps_Previous",
    Status.RECONCILE_DATE_CHANGED: "ReconcileDate_Changed",
    Status.STARTING_BALANCE_CHANGED: "Starting_Balance_Changed",
    Status.TRANSACTIONS_MODIFIED: "Transactions_Modified",
    Status.INCORRECT_STARTING_BALANCE: "Incorrect_Starting_Balance",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryShown:
    """One transaction inside a reconciliation; amounts in ten-thousandths."""

    id: int
    payment_id: int
    booking_day: int | None
    type: str = ""
    payment_type: int = 0
    transaction_type: int = 0
    payee: str = ""
    comment: str = ""
    paid_in: int = 0
    paid_out: int = 0
    balance: int = 0
    reconciled: bool = False
    reconciled_id: int = 0
    edit_link: str = ""
    entity_name: str = ""
    resource_number: int | None = None
    system_generated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciliationShown:
    """A reconciliation; account name and transactions only where it is shown alone."""

    id: int
    start_day: int
    end_day: int
    start_balance: int
    end_balance: int
    status: str
    latest: bool
    done: bool
    account_name: str | None = None
    transactions: tuple[EntryShown, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciliationPage:
    """One page of reconciliations, oldest first unless asked otherwise."""

    reconciliations: tuple[ReconciliationShown, ...]
    links: PageLinks


@dataclass(frozen=True, slots=True, kw_only=True)
class NextShown:
    """Which reconciliation is in progress, or where the next one starts: one of the two."""

    in_progress_id: int | None = None
    start_day: int | None = None
    start_balance: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciliationChange:
    """What a create or an update gives; the status is read and does nothing, it follows from what is stored."""

    id: int | None = None
    end_day: int | None = None
    end_balance: int | None = None
    done: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryNamed:
    """One transaction by its id, or its payment's, with its type 0 to 6."""

    id: int
    type: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticks:
    """Transactions to tick and to untick."""

    reconcile: tuple[EntryNamed, ...] | None = None
    unreconcile: tuple[EntryNamed, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Those of them that could not be."""

    failed: tuple[EntryNamed, ...]


ENTRY = Shape(
    "BankReconciliationTransaction",
    EntryShown,
    (
        Field("Id", "id", Whole()),
        Field("PaymentId", "payment_id", Whole()),
        Field("Date", "booking_day", Moment()),
        Field("Type", "type", Words()),
        Field("PaymentType", "payment_type", Whole()),
        Field("TransactionType", "transaction_type", Whole()),
        Field("Payee", "payee", Words()),
        Field("Comment", "comment", Words()),
        Field("PaidIn", "paid_in", Amount()),
        Field("PaidOut", "paid_out", Amount()),
        Field("Balance", "balance", Amount()),
        Field("Reconciled", "reconciled", Truth()),
        Field("ReconciledId", "reconciled_id", Whole()),
        Field("EditLink", "edit_link", Words()),
        Field("EntityName", "entity_name", Words()),
        Field("ResourceNumber", "resource_number", Whole()),
        Field("IsSystemGeneratedTransaction", "system_generated", Truth()),
    ),
)
RECONCILIATION = Shape(
    "BankReconciliation",
    ReconciliationShown,
    (
        Field("Id", "id", Whole()),
        Field("StartDate", "start_day", Moment()),
        Field("EndDate", "end_day", Moment()),
        Field("StartBalance", "start_balance", Amount()),
        Field("EndBalance", "end_balance", Amount()),
        Field("Status", "status", Words()),
        Field("LatestReconciliation", "latest", Truth()),
        Field("ReconciliationDone", "done", Truth()),
        Field("AccountName", "account_name", Words(), left_out_when_none=True),
        Field(
            "Transactions",
            "transactions",
            Members("BankReconciliationTransaction", Part(ENTRY)),
            left_out_when_none=True,
        ),
    ),
)
RECONCILIATION_PAGE = Shape(
    "BankReconciliationList",
    ReconciliationPage,
    (
        Field("Data", "reconciliations", Members("BankReconciliation", Part(RECONCILIATION))),
        Field("MetaData", "links", Part(PAGE_LINKS)),
    ),
)
NEXT = Shape(
    "BankReconciliationMetadata",
    NextShown,
    (
        Field("InProgressReconciliationId", "in_progress_id", Whole(), left_out_when_none=True),
        Field("NextReconciliationStartDate", "start_day", Moment(), left_out_when_none=True),
        Field("NextReconciliationStartBalance", "start_balance", Amount(), left_out_when_none=True),
    ),
)
RECONCILIATION_CHANGE = Shape(
    "BankReconciliation",
    ReconciliationChange,
    (
        Field("Id", "id", Whole()),
        Field("EndDate", "end_day", Moment()),
        Field("EndBalance", "end_balance", Amount()),
        Field("ReconciliationDone", "done", Truth()),
    ),
)
ENTRY_NAMED = Shape("TransactionItem", EntryNamed, (Field("Id", "id", Whole()), Field("Type", "type", Whole())))
_NAMED = Members("TransactionItem", Part(ENTRY_NAMED), TICKS_MAX)
TICKS = Shape(
    "ReconcileRequest", Ticks, (Field("Reconcile", "reconcile", _NAMED), Field("UnReconcile", "unreconcile", _NAMED))
)
FAILED = Shape("ReconcileResponse", Failed, (Field("Failed", "failed", _NAMED),))

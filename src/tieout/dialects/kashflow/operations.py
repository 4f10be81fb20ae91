"""Every operation of the vendor's contract for signing in and banking, served or not, with its path below /v2."""

from tieout.contracts.dialect import Operation

_ACCOUNTS = "/v2/bankaccounts"
_ACCOUNT = f"{_ACCOUNTS}/{{account_id}}"
_TRANSACTIONS = f"{_ACCOUNT}/transactions"
_RECONCILIATIONS = f"{_ACCOUNT}/reconciliations"
_RECONCILIATION = f"{_RECONCILIATIONS}/{{reconciliation_id}}"

_DELETES_SOURCE = "it deletes the bank transactions that it assigns; a match ties them and leaves them as they are"
_NO_DOCUMENTS = "banking alone is spoken; invoices and journals come through the native API"
_NO_FEED = "bank files come through the native API, not from the vendor's feed providers"

OPERATIONS: tuple[Operation, ...] = (
    Operation("POST", "/v2/sessiontoken", "sign in: user name and password"),
    Operation("PUT", "/v2/sessiontoken", "sign in: memorable word"),
    Operation("GET", "/v2/sessiontoken", "swap an external token"),
    Operation("GET", "/v2/sessiontoken/{company_id}", "enter another company"),
    Operation("DELETE", "/v2/sessiontoken/{session_token}", "sign out"),
    Operation("GET", _ACCOUNTS, "list bank accounts"),
    Operation("GET", f"{_ACCOUNTS}/list", "a page of bank accounts"),
    Operation("POST", _ACCOUNTS, "make a bank account"),
    Operation("GET", _ACCOUNT, "one bank account"),
    Operation("PUT", _ACCOUNT, "edit a bank account"),
    Operation("DELETE", _ACCOUNT, "delete a bank account"),
    Operation("GET", _TRANSACTIONS, "list transactions with totals"),
    Operation("POST", _TRANSACTIONS, "enter a transaction"),
    Operation("GET", f"{_TRANSACTIONS}/{{transaction_id}}", "one transaction"),
    Operation("PUT", f"{_TRANSACTIONS}/{{transaction_id}}", "edit a transaction"),
    Operation("DELETE", f"{_TRANSACTIONS}/{{transaction_id}}", "delete a transaction"),
    Operation("DELETE", f"{_ACCOUNT}/transactionlist", "delete several transactions"),
    Operation("GET", _RECONCILIATIONS, "list reconciliations"),
    Operation("POST", _RECONCILIATIONS, "open a reconciliation"),
    Operation("GET", f"{_RECONCILIATIONS}/metadata", "what is in progress, or where the next one starts"),
    Operation("GET", _RECONCILIATION, "one reconciliation"),
    Operation("PUT", _RECONCILIATION, "change its end, complete or reopen it"),
    Operation("DELETE", _RECONCILIATION, "delete the latest reconciliation"),
    Operation("PUT", f"{_RECONCILIATION}/transactions", "tick and untick transactions"),
    Operation("PUT", f"{_ACCOUNT}/transactionlist", "assign transactions to invoices", _DELETES_SOURCE),
    Operation(
        "POST",
        f"{_ACCOUNTS}/assign-transaction-to-new-entity",
        "make invoices of transactions",
        _DELETES_SOURCE,
    ),
    Operation("GET", f"{_TRANSACTIONS}/bfs", "ids of transactions of bank feeds", _NO_FEED),
    Operation("GET", f"{_TRANSACTIONS}/bfstransactions", "transactions of bank feeds", _NO_FEED),
    Operation("POST", f"{_ACCOUNTS}/feeds", "register for bank feeds", _NO_FEED),
    *(
        Operation(method, f"/v2/{resource}", resource.replace("/", " "), _NO_DOCUMENTS)
        for resource in ("journals", "invoices", "purchases")
        for method in ("GET", "POST", "PUT", "DELETE")
    ),
    Operation("GET", "/v2/invoices/bulk/payments/{number}", "a bulk payment of invoices", _NO_DOCUMENTS),
    Operation("GET", "/v2/purchases/bulk/payments/{number}", "a bulk payment of purchases", _NO_DOCUMENTS),
)

# Parts of paths that .NET takes in any case; ids and tokens are left as they are.
LITERALS = frozenset(
    part for operation in OPERATIONS for part in operation.path.split("/") if part and not part.startswith("{")
)

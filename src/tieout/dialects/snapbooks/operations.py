"""Every operation of the vendor's contract and what serves it, with its path below /api/v2."""

from collections.abc import Callable
from typing import NamedTuple

from starlette.responses import Response

from tieout.contracts.dialect import Operation
from tieout.dialects.snapbooks import (
    routes_bank_accounts,
    routes_external,
    routes_internal,
    routes_journal,
    routes_locks,
    routes_transactions,
    routes_users,
)
from tieout.dialects.snapbooks.calling import Here

# The vendor's pages write the first; its servers answer under the second.
BASE = "/api/v2"
BASES = (BASE, "/snapbooks/api/v2")

_EXTERNAL = f"{BASE}/external-reconciliations"
_INTERNAL = f"{BASE}/reconciliations"
_JOURNAL = f"{BASE}/journal-entries"
_TRANSACTIONS = f"{BASE}/bank-transactions"
_BANK_ACCOUNTS = f"{BASE}/bank-accounts"
_LEDGER_ACCOUNTS = f"{BASE}/general-ledger-accounts"
_LOCKS = f"{BASE}/period-locks"
_NO_PAGE = "the vendor's page on it could not be read, and reconciling needs none of it"


class Served(NamedTuple):
    """One operation with what answers it."""

    operation: Operation
    action: Callable[[Here], Response]


def _served(method: str, path: str, purpose: str, action: Callable[[Here], Response]) -> Served:
    return Served(Operation(method, path, purpose), action)


SERVED: tuple[Served, ...] = (
    _served("GET", _EXTERNAL, "list external reconciliations", routes_external.list_external),
    _served("POST", _EXTERNAL, "make an external reconciliation", routes_external.create_external),
    _served(
        "DELETE",
        f"{_EXTERNAL}/{{external_reconciliation_id}}",
        "delete an external reconciliation",
        routes_external.delete_external,
    ),
    _served("GET", _INTERNAL, "list internal reconciliations", routes_internal.list_internal),
    _served(
        "DELETE",
        f"{_INTERNAL}/{{reconciliation_id}}",
        "delete an internal reconciliation",
        routes_internal.delete_internal,
    ),
    _served("GET", _JOURNAL, "list journal entries", routes_journal.list_journal_entries),
    _served("POST", _JOURNAL, "make a journal entry", routes_journal.create_journal_entry),
    _served("GET", f"{_JOURNAL}/{{journal_entry_id}}", "one journal entry", routes_journal.show_journal_entry),
    _served("PUT", f"{_JOURNAL}/{{journal_entry_id}}", "replace a journal entry", routes_journal.replace_journal_entry),
    _served(
        "PATCH",
        f"{_JOURNAL}/{{journal_entry_id}}",
        "change a journal entry",
        routes_journal.change_journal_entry_in_part,
    ),
    _served(
        "DELETE", f"{_JOURNAL}/{{journal_entry_id}}", "delete a journal entry", routes_journal.remove_journal_entry
    ),
    _served("GET", _TRANSACTIONS, "list bank transactions", routes_transactions.list_bank_transactions),
    _served("POST", _TRANSACTIONS, "enter a bank transaction", routes_transactions.create_bank_transaction),
    _served(
        "GET",
        f"{_TRANSACTIONS}/{{bank_transaction_id}}",
        "one bank transaction",
        routes_transactions.show_bank_transaction,
    ),
    _served(
        "GET",
        f"{_TRANSACTIONS}/{{bank_transaction_id}}/statements",
        "its bank statement",
        routes_transactions.list_statements,
    ),
    _served("GET", _BANK_ACCOUNTS, "list bank accounts", routes_bank_accounts.list_bank_accounts),
    _served("POST", _BANK_ACCOUNTS, "make a bank account", routes_bank_accounts.create_bank_account),
    _served("GET", f"{_BANK_ACCOUNTS}/{{bank_account_id}}", "one bank account", routes_bank_accounts.show_bank_account),
    _served(
        "PUT",
        f"{_BANK_ACCOUNTS}/{{bank_account_id}}",
        "replace a bank account",
        routes_bank_accounts.replace_bank_account,
    ),
    _served(
        "PATCH",
        f"{_BANK_ACCOUNTS}/{{bank_account_id}}",
        "change a bank account",
        routes_bank_accounts.change_bank_account,
    ),
    _served(
        "DELETE",
        f"{_BANK_ACCOUNTS}/{{bank_account_id}}",
        "remove a bank account",
        routes_bank_accounts.delete_bank_account,
    ),
    _served("GET", _LEDGER_ACCOUNTS, "list general ledger accounts", routes_bank_accounts.list_ledger_accounts),
    _served(
        "GET",
        f"{_LEDGER_ACCOUNTS}/{{general_ledger_account_id}}",
        "one of them",
        routes_bank_accounts.show_ledger_account,
    ),
    _served("GET", _LOCKS, "list period locks", routes_locks.list_locks),
    _served("POST", _LOCKS, "lock a period", routes_locks.set_lock),
    _served("DELETE", f"{_LOCKS}/{{period_lock_id}}", "unlock a period", routes_locks.delete_lock),
    _served("GET", f"{BASE}/users/me", "who the token stands for", routes_users.show_me),
)

OPERATIONS: tuple[Operation, ...] = (
    *(served.operation for served in SERVED),
    Operation("GET", f"{BASE}/tax-codes", "list tax codes", _NO_PAGE),
    Operation("GET", f"{BASE}/vouchers", "list vouchers", _NO_PAGE),
    Operation("GET", f"{BASE}/business-partners", "list business partners", _NO_PAGE),
)

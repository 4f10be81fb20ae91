"""Every operation of the vendor's contract and the action that serves it; pages and the application read this list."""

from typing import NamedTuple

from tieout.contracts.dialect import Operation
from tieout.contracts.http_application import Bodies
from tieout.dialects.fintera.calling import Action
from tieout.dialects.fintera.misfits import UPLOAD_FIELD
from tieout.dialects.fintera.routes_bank_statements import show_bank_statement, upload_bank_statement
from tieout.dialects.fintera.routes_deposit_accounts import (
    create_deposit_account,
    delete_deposit_account,
    list_deposit_accounts,
    show_deposit_account,
    update_deposit_account,
)
from tieout.dialects.fintera.routes_entities import list_accounts, list_entities, show_entity
from tieout.dialects.fintera.routes_financial_accounts import FinancialAccounts
from tieout.dialects.fintera.routes_reconciles import reconcile
from tieout.dialects.fintera.routes_transactions import (
    create_transaction,
    delete_transaction,
    delete_transactions,
    list_transactions,
    show_transaction,
    update_transaction,
)
from tieout.dialects.fintera.shapes_financial_accounts import PAYABLE, RECEIVABLE, Direction

_ENTITY = "/entities/{entity_id}"
_DEPOSITS = f"{_ENTITY}/deposit_accounts"
_DEPOSIT = f"{_DEPOSITS}/{{deposit_account_id}}"
_TRANSACTIONS = f"{_DEPOSIT}/financial_transactions"
_TRANSACTION = f"{_TRANSACTIONS}/{{transaction_id}}"
_STATEMENTS = f"{_DEPOSIT}/bank_statements"


class Served(NamedTuple):
    """One operation with what answers it."""

    operation: Operation
    action: Action
    bodies: Bodies | None = None
    upload_field: str = ""


def _served(method: str, path: str, purpose: str, action: Action, bodies: Bodies | None = None) -> Served:
    return Served(Operation(method, path, purpose), action, bodies, UPLOAD_FIELD if bodies == "upload" else "")


def _of(direction: Direction) -> tuple[Served, ...]:
    routes = FinancialAccounts(direction)
    many = f"{_ENTITY}/{direction.plural}"
    one = f"{many}/{{{direction.singular}_id}}"
    name = direction.singular.replace("_", " ")
    return (
        _served("GET", many, f"list {name}s", routes.index),
        _served("POST", many, f"create a {name}, recurrent or in parcels too", routes.create),
        _served("DELETE", many, f"delete several {name}s", routes.delete_many),
        _served("GET", one, f"one {name}", routes.show),
        _served("PUT", one, f"change a {name}", routes.update),
        _served("DELETE", one, f"delete a {name}", routes.delete),
        _served("DELETE", f"{one}/recurrence", "delete it with its whole recurrence", routes.delete_recurrence),
        _served("PUT", f"{one}/{direction.pay}", f"{direction.pay} it", routes.pay),
        _served("PUT", f"{one}/{direction.undo}", "take that back; no body is read", routes.undo, "ignored"),
    )


SERVED: tuple[Served, ...] = (
    _served("GET", "/accounts", "the account of the token", list_accounts),
    _served("GET", "/entities", "list and search entities", list_entities),
    _served("GET", _ENTITY, "one entity", show_entity),
    _served("GET", _DEPOSITS, "list and search deposit accounts", list_deposit_accounts),
    _served("POST", _DEPOSITS, "create a deposit account", create_deposit_account),
    _served("GET", _DEPOSIT, "one deposit account", show_deposit_account),
    _served("PUT", _DEPOSIT, "change a deposit account", update_deposit_account),
    _served("DELETE", _DEPOSIT, "delete a deposit account", delete_deposit_account),
    _served("GET", _TRANSACTIONS, "list financial transactions", list_transactions),
    _served("POST", _TRANSACTIONS, "create a financial transaction", create_transaction),
    _served("DELETE", f"{_TRANSACTIONS}/destroy_many", "delete several transactions", delete_transactions),
    _served("GET", _TRANSACTION, "one financial transaction", show_transaction),
    _served("PUT", _TRANSACTION, "change a financial transaction", update_transaction),
    _served("DELETE", _TRANSACTION, "delete a financial transaction", delete_transaction),
    _served("POST", _STATEMENTS, "upload a bank statement", upload_bank_statement, "upload"),
    _served("GET", f"{_STATEMENTS}/{{bank_statement_id}}", "how far an upload is", show_bank_statement),
    *_of(PAYABLE),
    *_of(RECEIVABLE),
    _served("POST", f"{_ENTITY}/reconciles", "tie accounts and transactions", reconcile),
)

OPERATIONS: tuple[Operation, ...] = tuple(each.operation for each in SERVED)

"""Every operation of the vendor's contract and the action that serves it; pages and the application read this list."""

from typing import NamedTuple

from tieout.contracts.dialect import Operation
from tieout.contracts.http_application import Bodies
from tieout.dialects.monite import (
    routes_connections,
    routes_documents,
    routes_ledger,
    routes_records,
    routes_settings,
    routes_tokens,
)
from tieout.dialects.monite.calling import Action, Asking

PREFIX = "/v1"

_CONNECTIONS = f"{PREFIX}/accounting_connections"
_CONNECTION = f"{_CONNECTIONS}/{{connection_id}}"
_RECORDS = f"{PREFIX}/accounting_synced_records"
_RECORD = f"{_RECORDS}/{{synced_record_id}}"
_TAX_RATES = f"{PREFIX}/accounting_tax_rates"
_LEDGER_ACCOUNTS = f"{PREFIX}/ledger_accounts"
_PAYABLES, _RECEIVABLES = f"{PREFIX}/accounting/payables", f"{PREFIX}/accounting/receivables"
_ENTITY_SETTINGS = f"{PREFIX}/entities/{{entity_id}}/settings"
_INTERNAL = "internal to the vendor: no client of the public contract has it"


class Served(NamedTuple):
    """One operation with what answers it, whom it is for, and whether it reads a body."""

    operation: Operation
    action: Action
    asking: Asking = "entity"
    bodies: Bodies = "ignored"


def _read(path: str, purpose: str, action: Action, asking: Asking = "entity") -> Served:
    return Served(Operation("GET", path, purpose), action, asking)


def _done(path: str, purpose: str, action: Action) -> Served:
    return Served(Operation("POST", path, f"{purpose}; no body is read"), action)


SERVED: tuple[Served, ...] = (
    Served(Operation("POST", f"{PREFIX}/auth/token", "an access token"), routes_tokens.create_token, "anybody", "read"),
    Served(
        Operation("POST", f"{PREFIX}/auth/revoke", "revoke an access token"),
        routes_tokens.revoke_token,
        "anybody",
        "read",
    ),
    _read(_CONNECTIONS, "list accounting connections", routes_connections.list_connections),
    _done(_CONNECTIONS, "connect an accounting system", routes_connections.make_connection),
    _read(_CONNECTION, "one accounting connection", routes_connections.show_connection),
    _done(f"{_CONNECTION}/sync", "synchronize now", routes_connections.start_sync),
    _done(f"{_CONNECTION}/disconnect", "disconnect", routes_connections.end_connection),
    _read(_RECORDS, "list synced records", routes_records.list_records),
    _read(_RECORD, "one synced record", routes_records.show_record),
    _done(f"{_RECORD}/push", "push again what failed", routes_records.push),
    _read(_TAX_RATES, "list tax rates of the accounting system", routes_ledger.list_tax_rates),
    _read(f"{_TAX_RATES}/{{tax_rate_id}}", "one tax rate", routes_ledger.show_tax_rate),
    _read(_LEDGER_ACCOUNTS, "list ledger accounts of the accounting system", routes_ledger.list_ledger_accounts),
    _read(f"{_LEDGER_ACCOUNTS}/{{ledger_account_id}}", "one ledger account", routes_ledger.show_ledger_account),
    _read(_PAYABLES, "list bills of the accounting system", routes_documents.list_payables),
    _read(f"{_PAYABLES}/{{payable_id}}", "one bill", routes_documents.show_payable),
    _read(_RECEIVABLES, "list invoices of the accounting system", routes_documents.list_receivables),
    _read(f"{_RECEIVABLES}/{{invoice_id}}", "one invoice", routes_documents.show_receivable),
    _read(_ENTITY_SETTINGS, "settings of an entity", routes_settings.show_entity_settings, "token"),
    Served(
        Operation("PATCH", _ENTITY_SETTINGS, "change settings of an entity"),
        routes_settings.change_entity_settings,
        "token",
        "read",
    ),
    _read(f"{PREFIX}/settings", "settings of the partner", routes_settings.show_partner_settings, "token"),
    Served(
        Operation("PATCH", f"{PREFIX}/settings", "change settings of the partner"),
        routes_settings.change_partner_settings,
        "token",
        "read",
    ),
)

OPERATIONS: tuple[Operation, ...] = (
    *(each.operation for each in SERVED),
    Operation("GET", f"{PREFIX}/internal/accounting_connections/{{connection_id}}/sync_status", "sync log", _INTERNAL),
)

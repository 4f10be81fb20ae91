"""The OpenAPI document of this face; its place is ours, because the vendor publishes pages for people only.

It can be read without signing in, at /api/v2/openapi.json. Bodies are described from the structs that read them.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import msgspec
from fastapi import FastAPI

from tieout.contracts.dialect import Operation
from tieout.contracts.exact_json import Amount
from tieout.dialects.snapbooks.routes_locks import PeriodLockBody
from tieout.dialects.snapbooks.shapes_accounts import BankAccountBody, BankAccountChange
from tieout.dialects.snapbooks.shapes_external import ExternalBody
from tieout.dialects.snapbooks.shapes_journal import JournalEntryBody, JournalEntryChange
from tieout.dialects.snapbooks.shapes_transactions import BankTransactionBody

DOCUMENT = "openapi.json"  # below the base

Schema: TypeAlias = dict[str, Any]

_NAMES = re.compile(r"\{([a-z_]+)\}")
_KINDS: Mapping[str, Schema] = {
    "whole": {"type": "integer"},
    "text": {"type": "string"},
    "truth": {"type": "boolean"},
    "day": {"type": "string", "format": "date"},
    "moment": {"type": "string"},
    "amount": {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
    "list": {"type": "array", "items": {}},
}
_SIDES = "debit:amount credit:amount debit_fc:amount? credit_fc:amount?"
_JOURNAL_LINE = (
    f"id:whole journal_entry_id:whole general_ledger_account_id:whole {_SIDES} currency_code:text "
    "exchange_rate:amount? description:text dimensions:list"
)
_JOURNAL_ENTRY = (
    "id:whole created_at:moment created_by_id:whole? updated_at:moment updated_by_id:whole? client_account_id:whole "
    "sequence_number:whole date:day memo:text cancelled:truth cancelled_by_id:whole? cancellation_entry_id:whole? "
    "cancellation_reason:text? is_draft:truth voucher_id:whole? relation_id:whole? relation_type:text? lines:list"
)
_TRANSACTION = (
    "id:whole created_at:moment updated_at:moment client_account_id:whole bank_account_id:whole booking_date:day "
    "value_date:day? amount:amount currency_code:text description:text reference:text payor_name:text? "
    "payor_bank_account_id:whole? payor_bank_account_number:text? payee_name:text? payee_bank_account_id:whole? "
    "payee_bank_account_number:text? externally_reconciled:truth remaining_amount:amount"
)
_STATEMENT = (
    "id:whole client_account_id:whole bank_account_id:whole number:text? currency_code:text opening_balance:amount? "
    "opening_date:day? closing_balance:amount? closing_date:day?"
)
_BANK_ACCOUNT = (
    "id:whole client_account_id:whole name:text type:text bban:text? iban:text? bic:text? currency_code:text "
    "general_ledger_account_id:whole general_ledger_account_number:text? created_at:moment updated_at:moment"
)
_LEDGER_ACCOUNT = (
    "id:whole client_account_id:whole number:text? name:text currency_code:text bank_account_id:whole? "
    "created_at:moment updated_at:moment"
)
_EXTERNAL = (
    "id:whole created_at:moment created_by_id:whole? client_account_id:whole external_type:text internal_type:text "
    "internal_id:whole sequence_number:whole entries:list"
)
_INTERNAL = (
    "id:whole created_at:moment created_by_id:whole? client_account_id:whole sequence_number:whole "
    "reconciliation_date:day"
)
_LOCK = "id:whole client_account_id:whole general_ledger_account_id:whole? locked_to:day updated_at:moment"
_ME = "id:whole name:text email:text created_at:moment client_accounts:list"
_OF_ONE = "client_account_id:whole"
_PAGED = "page:whole per_page:whole"


class Said(NamedTuple):
    """What goes in and out of one resource: what it shows, what makes, replaces and changes it, what a list takes."""

    shown: str
    made: type | None = None
    changed: type | None = None
    query: str = ""
    required: Sequence[str] = ("client_account_id",)


_RESOURCES: Mapping[str, Said] = {
    "external-reconciliations": Said(
        _EXTERNAL, ExternalBody, query=f"{_OF_ONE} relation_type:text relation_id:whole relation_line_id:whole {_PAGED}"
    ),
    "reconciliations": Said(
        _INTERNAL, query=f"{_OF_ONE} with:text journal_entry_id:whole journal_entry_line_id:whole {_PAGED}"
    ),
    "journal-entries": Said(
        _JOURNAL_ENTRY,
        JournalEntryBody,
        JournalEntryChange,
        f"{_OF_ONE} relation_type:text relation_id:whole {_PAGED}",
    ),
    "bank-transactions": Said(
        _TRANSACTION,
        BankTransactionBody,
        query=f"{_OF_ONE} bank_account_id:whole include_externally_reconciled:truth order_by:text {_PAGED}",
        required=(),
    ),
    "statements": Said(_STATEMENT, query=_PAGED, required=()),
    "bank-accounts": Said(_BANK_ACCOUNT, BankAccountBody, BankAccountChange, f"{_OF_ONE} {_PAGED}"),
    "general-ledger-accounts": Said(_LEDGER_ACCOUNT, query=f"{_OF_ONE} {_PAGED}"),
    "period-locks": Said(_LOCK, PeriodLockBody, query=f"{_OF_ONE} {_PAGED}"),
    "me": Said(_ME),
}
_META = "page:whole pages:whole per_page:whole records:whole"


def _field(kind: str) -> Schema:
    schema = _KINDS[kind.removesuffix("?")]
    return {"anyOf": [schema, {"type": "null"}]} if kind.endswith("?") else schema


def _object(fields: str) -> Schema:
    """An object of fields `name:kind`, all of which it has; those with a question mark may be null."""
    parts = [part.split(":") for part in fields.split()]
    properties = {name: _field(kind) for name, kind in parts}
    return {"type": "object", "properties": properties, "required": [name for name, _ in parts]}


_WRONG: Schema = {
    "type": "object",
    "properties": {
        "message": {"type": "string"},
        "errors": {
            "type": "object",
            "description": "messages by field",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
    "required": ["message", "errors"],
}


def described(operation: Operation) -> Schema:
    """One operation in OpenAPI's words, beside its path."""
    last, said = _ends(operation.path)
    listing = operation.method == "GET" and last in _RESOURCES and last != "me"
    status, answer = _answered(operation, said, listing=listing)
    found: Schema = {
        "summary": operation.purpose,
        "parameters": [*_path_parameters(operation), *(_query_parameters(said) if listing else [])],
        "responses": {str(status): answer, "4XX": {"description": "no", **_json(_WRONG)}},
    }
    if (body := _body(operation, said)) is not None:
        found["requestBody"] = {"required": True, **_json(body)}
    return found


def _ends(path: str) -> tuple[str, Said]:
    """The last part of a path, and what is said of the last of its parts that is a resource."""
    parts = path.strip("/").split("/")
    return parts[-1], _RESOURCES[next(part for part in reversed(parts) if part in _RESOURCES)]


def _path_parameters(operation: Operation) -> list[Schema]:
    names = _NAMES.findall(operation.path)
    return [{"name": name, "in": "path", "required": True, "schema": _KINDS["whole"]} for name in names]


def _query_parameters(said: Said) -> list[Schema]:
    parts = [part.split(":") for part in said.query.split()]
    return [
        {"name": name, "in": "query", "required": name in said.required, "schema": _KINDS[kind]} for name, kind in parts
    ]


def _answered(operation: Operation, said: Said, *, listing: bool) -> tuple[int, Schema]:
    if operation.method == "DELETE":
        return 204, {"description": "done"}
    one = _object(said.shown)
    if listing:
        page = {"data": {"type": "array", "items": one}, "meta": _object(_META)}
        return 200, {
            "description": "a page",
            **_json({"type": "object", "properties": page, "required": ["data", "meta"]}),
        }
    return 201 if operation.method == "POST" else 200, {"description": "done", **_json(one)}


def _body(operation: Operation, said: Said) -> Schema | None:
    struct = {"POST": said.made, "PUT": said.made, "PATCH": said.changed}.get(operation.method)
    return None if struct is None else _inlined(struct)


def _inlined(struct: type) -> Schema:
    """The schema of a struct with those that it names written out."""
    (schema,), components = msgspec.json.schema_components([struct], schema_hook=_schema_of, ref_template="{name}")

    def written_out(part: Any) -> Any:
        if isinstance(part, dict):
            if "$ref" in part:
                return written_out(components[part["$ref"]])
            return {name: written_out(value) for name, value in part.items() if name not in ("title", "description")}
        return [written_out(each) for each in part] if isinstance(part, list) else part

    found: Schema = written_out(schema)
    return found


def _schema_of(kind: type) -> Schema:
    if kind is Amount:
        return {"type": ["number", "string"]}
    raise TypeError(f"no field of a body may be of type {kind.__name__}")


def _json(schema: Schema) -> Schema:
    return {"content": {"application/json": {"schema": schema}}}


def document_of(application: FastAPI) -> Schema:
    """The whole document; FastAPI writes the paths, and supposes an answer 200 where another is the one."""
    document: Schema = application.openapi()
    document["security"] = [{"token": []}]
    document["components"] = {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}}
    for path in document["paths"].values():
        for operation in path.values():
            if len(operation["responses"]) > 2:
                operation["responses"].pop("200", None)
    return document

"""The OpenAPI document of this face; its place is ours, because the vendor publishes pages for people only.

It can be read without signing in, at /entities/openapi.json.
"""

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from fastapi import FastAPI

from tieout.contracts.dialect import Operation

DOCUMENT = "/entities/openapi.json"

Schema: TypeAlias = dict[str, Any]

_NAMES = re.compile(r"\{([a-z_]+)\}")
_ANY: Schema = {}
_KINDS: Mapping[str, Schema] = {
    "whole": {"type": "integer"},
    "text": {"type": "string"},
    "truth": {"type": "boolean"},
    "day": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "amount": {"type": "string", "pattern": r"^-?[0-9]+\.[0-9]+$"},
    "month": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"},
    "sent": {"type": ["number", "string"], "description": "a decimal number; 0.5E3 is taken too"},
    "list": {"type": "array", "items": {}},
    "object": {"type": "object"},
}
_ENTITY = (
    "account_id:whole charging_uuid:text? created_at:moment default_in_menu:truth deleted_at:moment? "
    "federation_subscription_number:text force_destroy:truth id:whole imported_from_sync_at:moment? name:text "
    "updated_at:moment"
)
_ACCOUNT = (
    "id:whole uuid:text name:text owner_id:whole default_currency_id:whole is_trial:truth canceled_at:moment? "
    "expires_on:day? created_at:moment updated_at:moment"
)
_DEPOSIT_ACCOUNT = (
    "id:whole archived_at:moment? bank_account_id:whole? created_at:moment currency_id:whole "
    "deposit_account_type_id:whole description:text? entity_id:whole force_destroy:truth imported_from_sync:truth "
    "initial_balance:amount? last_transaction_date:day? name:text updated_at:moment calculated_balance:amount "
    "logo_image_url:text links:list"
)
_TRANSACTION = (
    "id:whole guid:text? type:text absolute_amount:amount amount:amount occurred_at:day document:text? "
    "original_description:text? user_description:text? bank_statement_id:whole? classification_center_id:whole? "
    "deposit_account_id:whole person_id:whole? parent_id:whole? currency_id:whole category_id:whole? "
    "transfer_id:whole? created_at:moment updated_at:moment imported_from_sync:truth balance_difference:truth "
    "divided:truth attachments_count:whole observation:text? reconciled:truth transfer_deposit_account_id:whole? "
    "attachment_id_list:list reconciliations:object links:list"
)
_FINANCIAL_ACCOUNT = (
    "id:whole entity_id:whole status:whole status_name:text due_date:day occurred_at:day? amount:amount "
    "ticket_amount:amount? interest_amount:amount? discount_amount:amount? nominal_amount:amount total_amount:amount? "
    "description:text? document:text? document_emission_date:day? observation:text? remind:truth reminded_at:day? "
    "category_id:whole? classification_center_id:whole? expected_deposit_account_id:whole? "
    "financial_transaction_id:whole? person_id:whole? created_at:moment updated_at:moment competency_month:month "
    "recurrence_id:whole? recurrent:truth parcelled:truth recurrence_period:text? number_of_parcels:whole? "
    "current_parcel:whole? attachment_id_list:list financial_account_taxes_attributes:list tax_charges:list "
    "reconciliations:object links:list"
)
_STATEMENT = (
    "id:whole created_at:moment updated_at:moment file_file_name:text file_content_type:text file_file_size:whole "
    "file_updated_at:moment deposit_account_id:whole future_items_ignored_count:whole "
    "amount_zero_items_ignored_count:whole invalid_date_items_ignored_count:whole event:object"
)
_DEPOSIT_ACCOUNT_SENT = (
    "name:text deposit_account_type_id:whole currency_id:whole? description:text? initial_balance:sent? archive:truth?"
)
_TRANSACTION_SENT = (
    "type:text amount:sent occurred_at:day document:text? original_description:text? user_description:text? "
    "observation:text? category_id:whole? classification_center_id:whole? person_id:whole?"
)
_FINANCIAL_ACCOUNT_SENT = (
    "due_date:day amount:sent occurred_at:day? total_amount:sent? ticket_amount:sent? interest_amount:sent? "
    "discount_amount:sent? description:text? document:text? document_emission_date:day? observation:text? "
    "remind:truth? reminded_at:day? competency_month:month? category_id:whole? classification_center_id:whole? "
    "person_id:whole? expected_deposit_account_id:whole? financial_account_taxes_attributes:list? "
    "create_as_recurrent:text? number_of_parcels:whole?"
)
_PAYMENT_SENT = (
    "occurred_at:day total_amount:sent amount:sent? ticket_amount:sent? interest_amount:sent? discount_amount:sent?"
)


def _object(fields: str) -> Schema:
    """An object of fields `name:kind`; those with a question mark may be null, and left out of a request."""
    parts = [part.split(":") for part in fields.split()]
    return {
        "type": "object",
        "properties": {name: _field(kind) for name, kind in parts},
        "required": [name for name, kind in parts if not kind.endswith("?")],
    }


def _field(kind: str) -> Schema:
    schema = _KINDS[kind.removesuffix("?")]
    return {"anyOf": [schema, {"type": "null"}]} if kind.endswith("?") else schema


def _changed(schema: Schema) -> Schema:
    """The same object where every field may be left out."""
    return {name: part for name, part in schema.items() if name != "required"}


def _wrapped(name: str, schema: Schema) -> Schema:
    return {"type": "object", "properties": {name: schema}, "required": [name]}


def _listed(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


_IDS: Schema = {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 10_000}
_SELECTED: Schema = {
    "type": "object",
    "properties": {"selected_financial_account_ids": _IDS, "selected_financial_transaction_ids": _IDS},
    "required": ["selected_financial_account_ids", "selected_financial_transaction_ids"],
}
_TIED: Schema = {
    "type": "object",
    "properties": {
        "financial_transactions": _listed(_object(_TRANSACTION)),
        "financial_accounts": _listed(_object(_FINANCIAL_ACCOUNT)),
    },
    "required": ["financial_transactions", "financial_accounts"],
}
_WRONG: Schema = {
    "type": "object",
    "description": "messages by field; or one sentence under `error`",
    "additionalProperties": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
}
# What is at the end of a path, as it is answered and as it is sent.
_RESOURCES: Mapping[str, tuple[str, Schema, Schema]] = {
    "accounts": ("account", _object(_ACCOUNT), _ANY),
    "entities": ("entity", _object(_ENTITY), _ANY),
    "deposit_accounts": ("deposit_account", _object(_DEPOSIT_ACCOUNT), _object(_DEPOSIT_ACCOUNT_SENT)),
    "financial_transactions": ("financial_transaction", _object(_TRANSACTION), _object(_TRANSACTION_SENT)),
    "bank_statements": ("bank_statement", _object(_STATEMENT), _ANY),
    "payable_accounts": ("payable_account", _object(_FINANCIAL_ACCOUNT), _object(_FINANCIAL_ACCOUNT_SENT)),
    "receivable_accounts": ("receivable_account", _object(_FINANCIAL_ACCOUNT), _object(_FINANCIAL_ACCOUNT_SENT)),
}


def described(operation: Operation) -> Schema:
    """One operation in OpenAPI's words, beside its path."""
    said: Schema = {
        "summary": operation.purpose,
        "parameters": _parameters(operation),
        "responses": {str(_status(operation)): _answered(operation), "4XX": {"description": "no", **_in_both(_WRONG)}},
    }
    if (body := _body(operation)) is not None:
        said["requestBody"] = {"required": True, **body}
    return said


def _parameters(operation: Operation) -> list[Schema]:
    names = _NAMES.findall(operation.path)
    found = [{"name": name, "in": "path", "required": True, "schema": _KINDS["whole"]} for name in names]
    last = operation.path.rpartition("/")[2]
    query = []
    if operation.method == "GET" and last in ("entities", "deposit_accounts"):
        query = ["search[name]", "search[name_contains]"]
    elif operation.method == "GET" and last in ("financial_transactions", "payable_accounts", "receivable_accounts"):
        query = ["page"]
    elif operation.method == "DELETE" and last in ("destroy_many", "payable_accounts", "receivable_accounts"):
        query = ["selected_ids"]
    needed = "selected_ids"
    return [
        *found,
        *({"name": name, "in": "query", "required": name == needed, "schema": _KINDS["text"]} for name in query),
    ]


def _status(operation: Operation) -> int:
    return 201 if operation.method == "POST" and not operation.path.endswith("/reconciles") else 200


def _answered(operation: Operation) -> Schema:
    """What a success gives; deletions and changed deposit accounts give no body."""
    last, resource = _ends(operation.path)
    if last == "reconciles":
        return {"description": "tied", **_in_both(_TIED)}
    if operation.method == "DELETE" or (operation.method == "PUT" and resource == "deposit_accounts"):
        return {"description": "done, without a body"}
    name, answered, _ = _RESOURCES[resource]
    one = _wrapped(name, answered)
    many = operation.method == "GET" and last == resource
    return {"description": "done", **_in_both(_listed(one) if many else one)}


def _body(operation: Operation) -> Schema | None:
    last, resource = _ends(operation.path)
    if operation.method not in ("POST", "PUT") or last in ("undo_payment", "undo_receivement"):
        return None
    if last == "reconciles":
        return _in_both(_SELECTED)
    if last == "bank_statements":
        form = _wrapped("bank_statement[file]", {"type": "string", "format": "binary"})
        return {"content": {"multipart/form-data": {"schema": form}}}
    name, _, sent = _RESOURCES[resource]
    if last in ("pay", "receive"):
        return _in_both(_wrapped(name, _object(_PAYMENT_SENT)))
    return _in_both(_wrapped(name, sent if operation.method == "POST" else _changed(sent)))


def _ends(path: str) -> tuple[str, str]:
    """The last part of a path, and the last of its parts that is a resource."""
    parts = path.strip("/").split("/")
    return parts[-1], next(part for part in reversed(parts) if part in _RESOURCES)


def _in_both(schema: Schema) -> Schema:
    return {"content": {"application/json": {"schema": schema}, "application/xml": {"schema": schema}}}


def document_of(application: FastAPI) -> Schema:
    """The whole document; FastAPI writes the paths, and supposes an answer 200 where another is the one."""
    document: Schema = application.openapi()
    document["security"] = [{"token": []}]
    token = {"type": "http", "scheme": "basic", "description": "the token as user; the password is not looked at"}
    document["components"] = {"securitySchemes": {"token": token}}
    for path in document["paths"].values():
        for operation in path.values():
            if "201" in operation["responses"]:
                operation["responses"].pop("200", None)
    return document

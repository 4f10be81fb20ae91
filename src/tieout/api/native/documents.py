"""Documents: a file in; its statements, their proofs and what was noticed out."""

import json
from typing import Any

import msgspec

from tieout.api.native.accounts import SIDES
from tieout.api.native.calling import Answer, Call, Given
from tieout.api.native.operations import Operation, Parameter
from tieout.api.native.paging import PAGING, after_of, limit_of, next_cursor
from tieout.api.native.spelling import instant_text, maybe_amount_text, maybe_day_text
from tieout.contracts.http_answers import bytes_answer
from tieout.domain.kinds import Side
from tieout.domain.lines import Document, StoredStatement
from tieout.services.context import Denied
from tieout.services.intake import document, document_bytes, documents, receive_document, statements


class StatementAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One statement of a document: its balances and whether they prove its movements."""

    id: int
    document_id: int
    account_id: int
    number: str
    kind: str
    currency: str
    opening_balance: str | None
    opening_date: str | None
    closing_balance: str | None
    closing_date: str | None
    lines: int
    movement: str | None
    holds: bool | None
    gap: str | None
    reason: str


class DocumentAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A file received: `report` is what `tieout check` says of it, and what became of its lines."""

    id: int
    name: str
    format: str
    sha256: str
    size: int
    account_id: int
    state: str  # queued, read, refused
    report: dict[str, Any]
    statements: list[StatementAnswer]
    received_at: str
    received_by: str


class DocumentRow(msgspec.Struct, frozen=True, kw_only=True):
    """A file received, in a list."""

    id: int
    name: str
    format: str
    sha256: str
    size: int
    account_id: int
    state: str
    received_at: str
    received_by: str


class DocumentsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of documents; `next` is the cursor of the page behind it."""

    documents: list[DocumentRow]
    next: str | None


class StatementsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Statements of documents."""

    statements: list[StatementAnswer]


def _receive(call: Call) -> Answer:
    query, upload = call.asked.query, call.asked.upload
    assert upload is not None, "the route takes an upload"
    side: Side = "ledger" if query.choice("side", "statement", SIDES) == "ledger" else "statement"
    received = receive_document(
        call.context,
        call.principal,
        call.entity_id,
        query.text("name", "") or upload.name or "document",
        upload.file.read(),
        account_id=query.whole("account_id", 0),
        side=side,
        later=query.flag("later", absent=False),
    )
    if isinstance(received, Denied):
        return received
    status = 202 if received.state == "queued" else 201
    location = {"location": f"{call.asked.path}/{received.id}"}
    shown = _written(call, received)
    return shown if isinstance(shown, Denied) else Given(shown, status, location)


def _list(call: Call) -> Answer:
    found = documents(call.context, call.principal, call.entity_id, after=after_of(call), limit=limit_of(call))
    if isinstance(found, Denied):
        return found
    return DocumentsAnswer(
        documents=[DocumentRow(**_facts(each)) for each in found], next=next_cursor(call, found, lambda each: each.id)
    )


def _show(call: Call) -> Answer:
    found = document(call.context, call.principal, call.entity_id, call.number("document_id"))
    return found if isinstance(found, Denied) else _written(call, found)


def _content(call: Call) -> Answer:
    content = document_bytes(call.context, call.principal, call.entity_id, call.number("document_id"))
    if isinstance(content, Denied):
        return content
    # Somebody else's file is never shown as a page of ours.
    headers = {"content-disposition": "attachment", "x-content-type-options": "nosniff"}
    return bytes_answer(content, "application/octet-stream", headers=headers)


def _statements(call: Call) -> Answer:
    account_id = call.asked.query.optional_whole("account_id")
    found = statements(call.context, call.principal, call.entity_id, account_id)
    return found if isinstance(found, Denied) else StatementsAnswer(statements=[_statement(each) for each in found])


def _facts(document: Document) -> dict[str, Any]:
    return {
        "id": document.id,
        "name": document.name,
        "format": document.format,
        "sha256": document.sha256,
        "size": document.size,
        "account_id": document.account_id,
        "state": document.state,
        "received_at": instant_text(document.received_at),
        "received_by": document.received_by,
    }


def _written(call: Call, document: Document) -> DocumentAnswer | Denied:
    found = statements(call.context, call.principal, call.entity_id, document_id=document.id)
    if isinstance(found, Denied):
        return found
    report: dict[str, Any] = json.loads(document.answer) if document.answer else {}
    return DocumentAnswer(**_facts(document), report=report, statements=[_statement(each) for each in found])


def _statement(kept: StoredStatement) -> StatementAnswer:
    return StatementAnswer(
        id=kept.id,
        document_id=kept.document_id,
        account_id=kept.account_id,
        number=kept.number,
        kind=kept.kind,
        currency=kept.currency,
        opening_balance=maybe_amount_text(kept.opening_minor_units, kept.currency),
        opening_date=maybe_day_text(kept.opening_day),
        closing_balance=maybe_amount_text(kept.closing_minor_units, kept.currency),
        closing_date=maybe_day_text(kept.closing_day),
        lines=kept.lines,
        movement=maybe_amount_text(kept.movement_minor_units, kept.currency),
        holds=kept.holds,
        gap=maybe_amount_text(kept.gap_minor_units, kept.currency),
        reason=kept.reason,
    )


_DOCUMENTS = "/entities/{entity_id}/documents"
_DOCUMENT = f"{_DOCUMENTS}/{{document_id}}"
_ACCOUNT_ID = Parameter("account_id", "the account that it is of; 0: the file says", {"type": "integer", "minimum": 0})
_UPLOADED = (
    Parameter("name", "what the file is called, where no form says it"),
    _ACCOUNT_ID,
    Parameter(
        "side", "what it holds: a bank's statement, or the books' ledger", {"type": "string", "enum": list(SIDES)}
    ),
    Parameter("later", "keep it now and read it in a job", {"type": "boolean"}),
)

OPERATIONS = (
    Operation("GET", _DOCUMENTS, "documents by identifier", _list, gives=DocumentsAnswer, parameters=PAGING),
    Operation(
        "POST", _DOCUMENTS, "upload a file", _receive, None, DocumentAnswer, 201, parameters=_UPLOADED, bodies="upload"
    ),
    Operation("GET", _DOCUMENT, "one document with its statements", _show, gives=DocumentAnswer),
    Operation("GET", f"{_DOCUMENT}/content", "its bytes", _content, plain="application/octet-stream"),
    Operation(
        "GET",
        "/entities/{entity_id}/statements",
        "statements of documents",
        _statements,
        gives=StatementsAnswer,
        parameters=(_ACCOUNT_ID,),
    ),
)

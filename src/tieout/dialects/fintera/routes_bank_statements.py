"""Bank statements of a deposit account: uploaded as a form, read afterwards, polled until they are read."""

from tieout.dialects.fintera.answers import Answer, Faults, One
from tieout.dialects.fintera.calling import Call, TurnedAway, not_found
from tieout.dialects.fintera.refusals import BLANK
from tieout.dialects.fintera.routes_deposit_accounts import deposit_account
from tieout.dialects.fintera.shapes_bank_statements import write_bank_statement
from tieout.domain.lines import Document
from tieout.services.intake import document, receive_document

_TITLE = "o Extrato"
_FIELDS = {"account_id": "deposit_account", "document": "file"}


def upload_bank_statement(call: Call) -> Answer:
    """Take a file in; it is read after the answer, or was already where the same bytes came before."""
    account = deposit_account(call)
    upload = call.asked.upload
    assert upload is not None, "the route reads one"
    content = upload.file.read()
    if not content:
        raise TurnedAway(Answer(Faults({"file": [BLANK]}), 422))
    received = call.answer_of(
        receive_document(
            call.context,
            call.principal,
            account.entity_id,
            upload.name,
            content,
            account_id=account.id,
            later=True,
        ),
        fields=_FIELDS,
    )
    location = call.addresses.bank_statement(account.id, received.id)
    return Answer(One("bank_statement", write_bank_statement(received)), 201, {"location": location})


def show_bank_statement(call: Call) -> Answer:
    """How far a file is: `event.status` goes from queued to success or error."""
    account = deposit_account(call)
    document_id = call.id_of("bank_statement_id", _TITLE)
    found = document(call.context, call.principal, account.entity_id, document_id)
    if not isinstance(found, Document) or found.account_id != account.id:
        raise TurnedAway(not_found(_TITLE, document_id))
    return Answer(One("bank_statement", write_bank_statement(found)))

"""Bills and invoices of the accounting system, read there at the moment of asking; nothing of it is kept."""

from collections.abc import Mapping

from starlette.responses import Response

from tieout.contracts.http_answers import json_answer
from tieout.contracts.platform import Pulled
from tieout.dialects.monite.calling import Call, refuse, require
from tieout.dialects.monite.shapes_documents import (
    PayablesAnswer,
    ReceivablesAnswer,
    write_payable,
    write_receivable,
)
from tieout.dialects.monite.shapes_ledger import content_of
from tieout.domain.connections import ObjectType
from tieout.services.syncing.synced_records import (
    RecordPage,
    RecordQuery,
    read_platform,
    synced_records,
)

LIMIT, LIMIT_MAX = 100, 500
# As many as a service gives at once, and as far back as it reads.
_AT_ONCE, _READ_MAX = 1_000, 10_000


def list_payables(call: Call) -> Response:
    """Some bills."""
    found, ledger_accounts = _some(call, ObjectType.BILL), _ledger_accounts(call)
    return json_answer(PayablesAnswer([write_payable(each, ledger_accounts) for each in found]))


def show_payable(call: Call) -> Response:
    """One bill."""
    return json_answer(write_payable(_one(call, ObjectType.BILL, "payable_id"), _ledger_accounts(call)))


def list_receivables(call: Call) -> Response:
    """Some invoices."""
    found, ledger_accounts = _some(call, ObjectType.RECEIVABLE), _ledger_accounts(call)
    return json_answer(ReceivablesAnswer([write_receivable(each, ledger_accounts) for each in found]))


def show_receivable(call: Call) -> Response:
    """One invoice."""
    return json_answer(write_receivable(_one(call, ObjectType.RECEIVABLE, "invoice_id"), _ledger_accounts(call)))


def _some(call: Call, object_type: ObjectType) -> list[Pulled]:
    query = call.asked.query
    limit, offset = query.whole("limit", LIMIT, 1, LIMIT_MAX), query.whole("offset", 0)
    return require(read_platform(call.context, call.principal, call.entity_id, str(object_type), limit, offset))


def _one(call: Call, object_type: ObjectType, name: str) -> Pulled:
    """The object of the path. Raises Refused: not_found where it is not among those that are read directly."""
    for offset in range(0, _READ_MAX, _AT_ONCE):
        found = require(read_platform(call.context, call.principal, call.entity_id, str(object_type), _AT_ONCE, offset))
        for each in found:
            if each.platform_object_id == call.asked.names[name]:
                return each
        if len(found) < _AT_ONCE:
            break
    return refuse("not_found", name)


def _ledger_accounts(call: Call) -> Mapping[str, str]:
    """By nominal code the id of a ledger account."""
    found: dict[str, str] = {}
    page = RecordPage(more_after=True)
    place = None
    while page.more_after:
        query = RecordQuery(object_type=str(ObjectType.LEDGER_ACCOUNT), after=place, limit=_AT_ONCE)
        page = require(synced_records(call.context, call.principal, call.entity_id, query))
        for record in page.records:
            place = record.created_at, record.id
            found[content_of(record).get("nominal_code") or ""] = record.public_id
    return found

"""Synced records: the log of what both sides have, and pushing again what failed."""

from starlette.responses import Response

from tieout.contracts.http_answers import json_answer
from tieout.dialects.monite.calling import Call, refuse, require
from tieout.dialects.monite.paging import page_query, tokens_of
from tieout.dialects.monite.shapes_records import OBJECT_TYPES, RecordsAnswer, read_record_query, write_record
from tieout.domain.connections import SyncedRecord
from tieout.services.syncing.connections import connections
from tieout.services.syncing.synced_records import push_record, synced_record, synced_records


def list_records(call: Call) -> Response:
    """A page of the records of one object type."""
    query = page_query(call, read_record_query)
    page = require(synced_records(call.context, call.principal, call.entity_id, query))
    tokens, platforms = tokens_of(call, query, page), _platforms(call)
    shown = [write_record(each, platforms) for each in page.records]
    return json_answer(
        RecordsAnswer(listed=shown, next_pagination_token=tokens.next, prev_pagination_token=tokens.previous)
    )


def show_record(call: Call) -> Response:
    """One record."""
    return _shown(call, _record(call))


def push(call: Call) -> Response:
    """Send what failed once more, in the background: the answer says that it is pending."""
    record = _record(call)
    return _shown(call, require(push_record(call.context, call.principal, call.entity_id, record.public_id)))


def _record(call: Call) -> SyncedRecord:
    """The record of the path; tax rates and the like are no records of the vendor's. Raises Refused."""
    public_id = call.public_id("synced_record_id")
    found = require(synced_record(call.context, call.principal, call.entity_id, public_id))
    return found if found.object_type in OBJECT_TYPES else refuse("not_found", "record")


def _shown(call: Call, record: SyncedRecord) -> Response:
    return json_answer(write_record(record, _platforms(call)))


def _platforms(call: Call) -> dict[int, str]:
    """By connection its platform."""
    found = require(connections(call.context, call.principal, call.entity_id, disconnected=True))
    return {each.id: each.platform for each in found}

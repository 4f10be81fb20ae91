"""Settlements over the native API: batches, their entries, and what is known of them by analysing."""

from tieout.api.native.calling import Answer, Call, Given
from tieout.api.native.operations import Operation, Parameter
from tieout.api.native.paging import PAGING, after_of, limit_of, next_cursor
from tieout.api.native.settlement_shapes import (
    AnalyseBody,
    AnalysisAnswer,
    BatchAnswer,
    BatchesAnswer,
    EntriesAnswer,
    EntriesBody,
    ReceivedAnswer,
    entries_received,
    written_analysis,
    written_batch,
    written_batch_now,
    written_entry,
)
from tieout.api.native.spelling import Reader
from tieout.domain.settlements import BatchState
from tieout.services.context import Denied
from tieout.services.settlements.analysing import analyse, finalise
from tieout.services.settlements.looking import batch, batches, entries
from tieout.services.settlements.receiving import receive_entries


def _list(call: Call) -> Answer:
    state = call.asked.query.choice("state", None, tuple(BatchState))
    found = batches(
        call.context,
        call.principal,
        call.entity_id,
        account_id=call.asked.query.optional_whole("account_id"),
        state=BatchState(state) if state else None,
        after=after_of(call),
        limit=limit_of(call),
    )
    if isinstance(found, Denied):
        return found
    cursor = next_cursor(call, found, lambda each: each.id)
    return BatchesAnswer(settlement_batches=[written_batch(each) for each in found], next=cursor)


def _show(call: Call) -> Answer:
    found = batch(call.context, call.principal, call.entity_id, call.number("batch_id"))
    return found if isinstance(found, Denied) else written_batch_now(found)


def _finalise(call: Call) -> Answer:
    found = finalise(call.context, call.principal, call.entity_id, call.number("batch_id"))
    return found if isinstance(found, Denied) else written_batch(found)


def _entries(call: Call) -> Answer:
    found = entries(
        call.context,
        call.principal,
        call.entity_id,
        batch_id=call.asked.query.optional_whole("batch_id"),
        order_code=call.asked.query.text("order_code", None),
        after=after_of(call),
        limit=limit_of(call),
    )
    if isinstance(found, Denied):
        return found
    cursor = next_cursor(call, found, lambda each: each.entry.line_id)
    return EntriesAnswer(settlement_entries=[written_entry(each) for each in found], next=cursor)


def _receive(call: Call) -> Answer:
    body, reader = call.read(EntriesBody), Reader()
    received = entries_received(body, reader)
    if reader.refusals:
        return Denied(tuple(reader.refusals))
    kept = receive_entries(call.context, call.principal, call.entity_id, received)
    if isinstance(kept, Denied):
        return kept
    answer = ReceivedAnswer(
        batch=written_batch(kept.batch),
        line_ids=kept.lines,
        new=kept.new,
        released=kept.released,
        held=list(kept.held),
    )
    return Given(answer, 201)


def _analyse(call: Call) -> Answer:
    found = analyse(call.context, call.principal, call.entity_id, call.read(AnalyseBody).account_id)
    return found if isinstance(found, Denied) else written_analysis(found)


_BATCHES = "/entities/{entity_id}/settlement-batches"
_BATCH = f"{_BATCHES}/{{batch_id}}"
_ENTRIES = "/entities/{entity_id}/settlement-entries"
_NUMBER = {"type": "integer", "minimum": 0}
_OF_ACCOUNT = Parameter("account_id", "batches of this provider account", _NUMBER)
_STATE = Parameter("state", "batches in this state", {"type": "string", "enum": list(BatchState)})
_OF_BATCH = Parameter("batch_id", "entries of this batch", _NUMBER)
_OF_ORDER = Parameter("order_code", "entries of this order")

OPERATIONS = (
    Operation(
        "GET",
        _BATCHES,
        "batches by identifier",
        _list,
        gives=BatchesAnswer,
        parameters=(_OF_ACCOUNT, _STATE, *PAGING),
    ),
    Operation("POST", f"{_BATCHES}/analyse", "tie and close what is open", _analyse, AnalyseBody, AnalysisAnswer),
    Operation("GET", _BATCH, "one batch, and what keeps it open", _show, gives=BatchAnswer),
    Operation("POST", f"{_BATCH}/finalise", "finalise a batch by hand", _finalise, gives=BatchAnswer),
    Operation(
        "GET", _ENTRIES, "entries by line", _entries, gives=EntriesAnswer, parameters=(_OF_BATCH, _OF_ORDER, *PAGING)
    ),
    Operation("POST", _ENTRIES, "keep entries of one batch", _receive, EntriesBody, ReceivedAnswer, 201),
)

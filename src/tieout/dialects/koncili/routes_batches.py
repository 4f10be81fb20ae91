"""PUT /externalapi/orderextract/read/batch and resolve/batch: a bare array of ids, every one of them accounted for."""

from starlette.responses import Response

from tieout.contracts.exact_json import JsonNumber, read_tree
from tieout.contracts.http_answers import json_answer
from tieout.contracts.http_faults import HttpFault, RequestFault
from tieout.dialects.koncili.calling import Call, answer_of
from tieout.services.settlements.delivery import Marked, mark_read, mark_resolved

# Clients send a hundred, and more at the end of a long run; a hundred pages at once is a mistake.
IDS_MAX = 10_000


def read_batch(call: Call) -> Response:
    """Mark entries as read: they are left out where unread ones are asked for."""
    ids = read_ids(call.asked.body)
    return json_answer(write_marked(answer_of(mark_read(call.context, call.principal, call.integration, ids))))


def resolve_batch(call: Call) -> Response:
    """Mark entries as resolved, read or not: the receivables they clear are cleared in the ERP."""
    ids = read_ids(call.asked.body)
    return json_answer(write_marked(answer_of(mark_resolved(call.context, call.principal, call.integration, ids))))


def read_ids(body: bytes) -> list[int]:
    """The ids of a body, each once, in their order. Raises BadJson, and RequestFault (400) for anything else."""
    tree = read_tree(body)
    if not isinstance(tree, list):
        raise RequestFault(HttpFault(400, "not_an_array", "the body must be an array of ids"))
    if len(tree) > IDS_MAX:
        raise RequestFault(HttpFault(400, "too_many", f"at most {IDS_MAX} ids at once"))
    return list(dict.fromkeys(_id(each, place) for place, each in enumerate(tree)))


def write_marked(marked: Marked) -> dict[str, tuple[int, ...]]:
    """What became of each id; hidden and foreign ones look like unknown ones."""
    return {"marked": marked.marked, "already": marked.already, "unknown": marked.unknown}


def _id(value: object, place: int) -> int:
    """A whole number; those that are too long for an id were never handed out, but are whole."""
    if isinstance(value, JsonNumber) and value.text.lstrip("-").isdigit():
        return int(value.text)
    if type(value) is not int:
        raise RequestFault(HttpFault(400, "not_an_id", "this must be a whole number", f"[{place}]"))
    return value

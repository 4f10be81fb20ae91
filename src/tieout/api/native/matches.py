"""Matches: made, found by the engine, confirmed, rejected, undone and explained."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from tieout.api.native.calling import Answer, Call, Given
from tieout.api.native.match_shapes import (
    ExplanationAnswer,
    MatchAnswer,
    MatchBody,
    MatchesAnswer,
    PreviewAnswer,
    ReasonAgainst,
    ReasonBody,
    WhyNotAnswer,
    WhyNotBody,
    match_request,
    written_explanation,
    written_match,
    written_preview,
)
from tieout.api.native.operations import Operation, Parameter
from tieout.api.native.paging import PAGING, after_of, limit_of, next_cursor
from tieout.api.native.spelling import Reader
from tieout.domain.match_records import MatchStatus, StoredMatch
from tieout.domain.people import Principal
from tieout.services.context import Context, Denied
from tieout.services.explaining import explain, why_not
from tieout.services.matching import (
    confirm_match,
    find_matches,
    make_match,
    match,
    reject_match,
    undo_match,
    undo_preview,
)

Deciding: TypeAlias = Callable[[Context, Principal, int, int, str], StoredMatch | Denied]


def _list(call: Call) -> Answer:
    status = call.asked.query.choice("status", None, tuple(MatchStatus))
    found = find_matches(
        call.context,
        call.principal,
        call.entity_id,
        status=MatchStatus(status) if status else None,
        after=after_of(call),
        limit=limit_of(call),
    )
    if isinstance(found, Denied):
        return found
    cursor = next_cursor(call, found, lambda each: each.record.id)
    return MatchesAnswer(matches=[written_match(each) for each in found], next=cursor)


def _make(call: Call) -> Answer:
    body, reader = call.read(MatchBody), Reader()
    request = match_request(body, reader)
    if reader.refusals:
        return Denied(tuple(reader.refusals))
    made = make_match(call.context, call.principal, call.entity_id, request, confirm=body.confirm)
    if isinstance(made, Denied):
        return made
    return Given(written_match(made), 201, {"location": f"{call.asked.path}/{made.record.id}"})


def _show(call: Call) -> Answer:
    found = match(call.context, call.principal, call.entity_id, call.number("match_id"))
    return found if isinstance(found, Denied) else written_match(found)


def _deciding(decide: Deciding) -> Callable[[Call], Answer]:
    def decided(call: Call) -> Answer:
        reason = call.read(ReasonBody).reason
        found = decide(call.context, call.principal, call.entity_id, call.number("match_id"), reason)
        return found if isinstance(found, Denied) else written_match(found)

    return decided


def _preview(call: Call) -> Answer:
    found = undo_preview(call.context, call.principal, call.entity_id, call.number("match_id"))
    return found if isinstance(found, Denied) else written_preview(found)


def _explain(call: Call) -> Answer:
    found = explain(call.context, call.principal, call.entity_id, call.number("match_id"))
    return found if isinstance(found, Denied) else written_explanation(found)


def _why_not(call: Call) -> Answer:
    body = call.read(WhyNotBody)
    found = why_not(call.context, call.principal, call.entity_id, body.statement_line_ids, body.ledger_line_ids)
    if isinstance(found, Denied):
        return found
    return WhyNotAnswer(
        refusals=[
            ReasonAgainst(code=each.code, concerns=each.concerns, facts=dict(each.facts)) for each in found.refusals
        ],
        reasons=list(found.reasons),
        matches=list(found.matches),
    )


_MATCHES = "/entities/{entity_id}/matches"
_MATCH = f"{_MATCHES}/{{match_id}}"
_STATUS = Parameter("status", "matches in this state", {"type": "string", "enum": list(MatchStatus)})


def _decision(name: str, purpose: str, decide: Deciding) -> Operation:
    return Operation("POST", f"{_MATCH}/{name}", purpose, _deciding(decide), ReasonBody, MatchAnswer)


OPERATIONS: Sequence[Operation] = (
    Operation("GET", _MATCH, "one match", _show, gives=MatchAnswer, quick=True),
    _decision("confirm", "make a proposed match final", confirm_match),
    _decision("reject", "say that a proposed match is none", reject_match),
    _decision("undo", "take a confirmed match back", undo_match),
    Operation("GET", _MATCHES, "matches by identifier", _list, gives=MatchesAnswer, parameters=(_STATUS, *PAGING)),
    Operation("POST", _MATCHES, "tie lines to each other", _make, MatchBody, MatchAnswer, 201),
    Operation("POST", f"{_MATCHES}/why-not", "why lines are not tied", _why_not, WhyNotBody, WhyNotAnswer),
    Operation("GET", f"{_MATCH}/undo-preview", "what undoing would free", _preview, gives=PreviewAnswer),
    Operation("GET", f"{_MATCH}/explanation", "why a match is what it is", _explain, gives=ExplanationAnswer),
)

"""Reconciliations of an account as a chain of periods, and the bank reconciliation at any day."""

from collections.abc import Callable

import msgspec

from tieout.api.native.calling import Answer, Call, Given
from tieout.api.native.line_shapes import written_line
from tieout.api.native.operations import Operation, Parameter
from tieout.api.native.reconciliation_shapes import (
    BankAnswer,
    CandidatesAnswer,
    CorrectionBody,
    EndBody,
    GivenReason,
    HistoryBody,
    NextAnswer,
    ReconciliationAnswer,
    ReconciliationBody,
    ReconciliationsAnswer,
    StepsAnswer,
    TickBody,
    TickedAnswer,
    written_bank,
    written_next,
    written_reconciliation,
    written_step,
)
from tieout.api.native.spelling import Reader
from tieout.contracts.http_faults import RequestFault, bad_parameter
from tieout.domain.accounts import Account
from tieout.domain.reconciling import Reconciliation
from tieout.services.accounts import account
from tieout.services.bank_reconciling import bank_reconciliation
from tieout.services.context import Denied
from tieout.services.reconciling import change_end, delete_reconciliation, next_period, open_reconciliation
from tieout.services.reconciling_chain import ReconciliationNow, reconciliation, reconciliations, steps
from tieout.services.reconciling_completion import complete_reconciliation, reopen_reconciliation
from tieout.services.reconciling_correction import CorrectionRequest, correct_reconciliation
from tieout.services.reconciling_history import ImportedPeriod, import_chain
from tieout.services.ticking import candidates, tick


def _account_of(call: Call) -> Account | Denied:
    return account(call.context, call.principal, call.entity_id, call.number("account_id"))


def _list(call: Call) -> Answer:
    of = _account_of(call)
    if isinstance(of, Denied):
        return of
    found = reconciliations(call.context, call.principal, call.entity_id, of.id)
    if isinstance(found, Denied):
        return found
    return ReconciliationsAnswer(reconciliations=[written_reconciliation(each, of) for each in found])


def _next(call: Call) -> Answer:
    of = _account_of(call)
    if isinstance(of, Denied):
        return of
    found = next_period(call.context, call.principal, call.entity_id, of.id)
    return found if isinstance(found, Denied) else written_next(found, of)


def _open(call: Call) -> Answer:
    body, of = call.read(ReconciliationBody), _account_of(call)
    if isinstance(of, Denied):
        return of
    reader = Reader()
    end_day = reader.day(body.end_date, "end_date")
    end_minor_units = reader.amount(body.end_balance, of.currency, "end_balance")
    if reader.refusals:
        return Denied(tuple(reader.refusals))
    made = open_reconciliation(
        call.context, call.principal, call.entity_id, of.id, end_day, end_minor_units, done=body.done
    )
    return _as_it_stands(call, made, 201)


def _import(call: Call) -> Answer:
    body, of = call.read(HistoryBody), _account_of(call)
    if isinstance(of, Denied):
        return of
    reader = Reader()
    periods = [
        ImportedPeriod(
            start_day=reader.day(each.start_date, f"periods[{place}].start_date"),
            start_minor_units=reader.amount(each.start_balance, of.currency, f"periods[{place}].start_balance"),
            end_day=reader.day(each.end_date, f"periods[{place}].end_date"),
            end_minor_units=reader.amount(each.end_balance, of.currency, f"periods[{place}].end_balance"),
            line_ids=tuple(each.line_ids),
        )
        for place, each in enumerate(body.periods)
    ]
    if reader.refusals:
        return Denied(tuple(reader.refusals))
    made = import_chain(call.context, call.principal, call.entity_id, of.id, periods, body.reason)
    return made if isinstance(made, Denied) else _list(call)


def _show(call: Call) -> Answer:
    found = _found(call)
    return found if isinstance(found, Denied) else written_reconciliation(*found)


def _found(call: Call, reconciliation_id: int | None = None) -> tuple[ReconciliationNow, Account] | Denied:
    wanted = reconciliation_id or call.number("reconciliation_id")
    found = reconciliation(call.context, call.principal, call.entity_id, wanted)
    if isinstance(found, Denied):
        return found
    of = account(call.context, call.principal, call.entity_id, found.reconciliation.account_id)
    return of if isinstance(of, Denied) else (found, of)


def _as_it_stands(call: Call, changed: Reconciliation | Denied, status: int = 200) -> Answer:
    """The reconciliation that a service changed, with the status that it has now."""
    if isinstance(changed, Denied):
        return changed
    found = _found(call, changed.id)
    return found if isinstance(found, Denied) else Given(written_reconciliation(*found), status)


def _change(call: Call) -> Answer:
    body, found = call.read(EndBody), _found(call)
    if isinstance(found, Denied):
        return found
    reader, (now, of) = Reader(), found
    end_day = reader.maybe_day(body.end_date, "end_date")
    end_minor_units = reader.maybe_amount(body.end_balance, of.currency, "end_balance")
    if reader.refusals:
        return Denied(tuple(reader.refusals))
    changed = change_end(
        call.context,
        call.principal,
        call.entity_id,
        now.reconciliation.id,
        end_day=end_day,
        end_minor_units=end_minor_units,
        reason=body.reason,
    )
    return _as_it_stands(call, changed)


def _delete(call: Call) -> Answer:
    reason = call.asked.query.text("reason", "")
    wanted = call.number("reconciliation_id")
    deleted = delete_reconciliation(call.context, call.principal, call.entity_id, wanted, reason)
    return deleted if isinstance(deleted, Denied) else Given(None, 204)


def _tick(call: Call) -> Answer:
    body, wanted = call.read(TickBody), call.number("reconciliation_id")
    ticked = tick(call.context, call.principal, call.entity_id, wanted, body.tick, body.untick, partial=body.partial)
    if isinstance(ticked, Denied):
        return ticked
    found = _found(call)
    if isinstance(found, Denied):
        return found
    return TickedAnswer(failed=list(ticked.failed), reconciliation=written_reconciliation(*found))


def _complete(call: Call) -> Answer:
    wanted = call.number("reconciliation_id")
    return _as_it_stands(call, complete_reconciliation(call.context, call.principal, call.entity_id, wanted))


def _reopen(call: Call) -> Answer:
    reason, wanted = call.read(GivenReason).reason, call.number("reconciliation_id")
    return _as_it_stands(call, reopen_reconciliation(call.context, call.principal, call.entity_id, wanted, reason))


def _correct(call: Call) -> Answer:
    body, found = call.read(CorrectionBody), _found(call)
    if isinstance(found, Denied):
        return found
    reader, (now, of) = Reader(), found
    request = CorrectionRequest(
        reason=body.reason,
        start_day=reader.maybe_day(body.start_date, "start_date"),
        start_minor_units=reader.maybe_amount(body.start_balance, of.currency, "start_balance"),
        end_day=reader.maybe_day(body.end_date, "end_date"),
        end_minor_units=reader.maybe_amount(body.end_balance, of.currency, "end_balance"),
        tick=tuple(body.tick),
        untick=tuple(body.untick),
    )
    if reader.refusals:
        return Denied(tuple(reader.refusals))
    corrected = correct_reconciliation(call.context, call.principal, call.entity_id, now.reconciliation.id, request)
    return _as_it_stands(call, corrected)


def _candidates(call: Call) -> Answer:
    found = candidates(call.context, call.principal, call.entity_id, call.number("reconciliation_id"))
    return found if isinstance(found, Denied) else CandidatesAnswer(lines=[written_line(each) for each in found])


def _steps(call: Call) -> Answer:
    found = steps(call.context, call.principal, call.entity_id, call.number("reconciliation_id"))
    return found if isinstance(found, Denied) else StepsAnswer(steps=[written_step(each) for each in found])


def _bank(call: Call) -> Answer:
    as_of = call.asked.query.day("as_of")
    if as_of is None:
        raise RequestFault(bad_parameter("as_of", "this must be given", "required"))
    found = bank_reconciliation(call.context, call.principal, call.entity_id, call.number("account_id"), as_of)
    return found if isinstance(found, Denied) else written_bank(found)


_ACCOUNT = "/entities/{entity_id}/accounts/{account_id}"
_CHAIN = f"{_ACCOUNT}/reconciliations"
_ONE = "/entities/{entity_id}/reconciliations/{reconciliation_id}"
_REASON = Parameter("reason", "why; needed where it is complete")
_AS_OF = Parameter("as_of", "at the end of this day", {"type": "string", "format": "date"})


def _action(name: str, purpose: str, answer: Callable[[Call], Answer], takes: type[msgspec.Struct] | None) -> Operation:
    return Operation("POST", f"{_ONE}/{name}", purpose, answer, takes, ReconciliationAnswer)


OPERATIONS = (
    Operation("GET", _CHAIN, "the reconciliations of an account", _list, gives=ReconciliationsAnswer),
    Operation("POST", _CHAIN, "open the next period", _open, ReconciliationBody, ReconciliationAnswer, 201),
    Operation("GET", f"{_CHAIN}/next", "where the next period begins", _next, gives=NextAnswer),
    Operation("POST", f"{_CHAIN}/import", "take over history", _import, HistoryBody, ReconciliationsAnswer),
    Operation("GET", _ONE, "one reconciliation", _show, gives=ReconciliationAnswer),
    Operation("PATCH", _ONE, "another end for the latest one", _change, EndBody, ReconciliationAnswer),
    Operation("DELETE", _ONE, "delete the latest one", _delete, status=204, parameters=(_REASON,)),
    Operation("POST", f"{_ONE}/tick", "tick and release book entries", _tick, TickBody, TickedAnswer),
    _action("complete", "complete it", _complete, None),
    _action("reopen", "reopen the latest one", _reopen, GivenReason),
    _action("correct", "correct a complete one where it stands", _correct, CorrectionBody),
    Operation("GET", f"{_ONE}/candidates", "book entries that it may clear", _candidates, gives=CandidatesAnswer),
    Operation("GET", f"{_ONE}/steps", "who did what to it, and why", _steps, gives=StepsAnswer),
    Operation(
        "GET",
        f"{_ACCOUNT}/bank-reconciliation",
        "why bank and books differ at a day, line by line",
        _bank,
        gives=BankAnswer,
        parameters=(_AS_OF,),
    ),
)

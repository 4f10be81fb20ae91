"""Lines of both sides: entered in bulk, found, changed, deleted and restored; and own transfers."""

from typing import Any

import msgspec

from tieout.api.native.accounts import SIDES
from tieout.api.native.calling import Answer, Call, Given, named
from tieout.api.native.line_shapes import (
    EnteredAnswer,
    LineAnswer,
    LineChanges,
    LinesAnswer,
    LinesBody,
    columns_of,
    written_line,
)
from tieout.api.native.operations import Operation, Parameter
from tieout.api.native.paging import PAGING, after_of, limit_of, next_cursor
from tieout.api.native.spelling import Reader
from tieout.contracts.exact_json import Amount
from tieout.domain.kinds import LEDGER_KINDS, STATEMENT_KINDS
from tieout.domain.lines import Line
from tieout.services.accounts import account
from tieout.services.context import Denied
from tieout.services.lines import (
    Condition,
    delete_lines,
    edit_line,
    enter_line_columns,
    enter_transfer,
    find_lines,
    line,
    restore_line,
)

_DAY = {"type": "string", "format": "date"}
_KINDS = tuple(sorted({*LEDGER_KINDS, *STATEMENT_KINDS}))


class DeletionBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lines to delete, all or none."""

    ids: list[int]


class DeletedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The lines that are gone, the other sides of own transfers included."""

    deleted: list[int]


class TransferBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Money from one own account to another, as the books say it."""

    from_account_id: int
    to_account_id: int
    amount: Amount
    booking_date: str
    description: str = ""


class TransferAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Both ledger lines of an own transfer."""

    lines: list[LineAnswer]


def _list(call: Call) -> Answer:
    open_only = call.asked.query.flag("open", absent=False)
    found = find_lines(
        call.context,
        call.principal,
        call.entity_id,
        *_conditions(call),
        open_only=open_only,
        after=(after_of(call),),
        limit=limit_of(call),
    )
    if isinstance(found, Denied):
        return found
    cursor = next_cursor(call, found, lambda now: now.line.id)
    return LinesAnswer(lines=[written_line(each) for each in found], next=cursor)


def _conditions(call: Call) -> list[Condition]:
    query = call.asked.query
    wanted: list[Condition] = []
    if (side := query.choice("side", None, SIDES)) is not None:
        wanted.append(Condition("side", "=", side))
    if (kind := query.choice("kind", None, _KINDS)) is not None:
        wanted.append(Condition("kind", "=", kind))
    if (account_id := query.optional_whole("account_id")) is not None:
        wanted.append(Condition("account_id", "=", account_id))
    if (first := query.day("booked_from")) is not None:
        wanted.append(Condition("booking_day", ">=", first))
    if (last := query.day("booked_through")) is not None:
        wanted.append(Condition("booking_day", "<=", last))
    texts = {name: query.text(name, None) for name in ("currency", "reference", "counterparty", "batch")}
    wanted += [Condition(name, "=", text) for name, text in texts.items() if text is not None]
    return wanted


def _enter(call: Call) -> Answer:
    columns, refusals = columns_of(call.read(LinesBody).lines)
    if columns is None:
        return Denied(tuple(refusals))
    entered = enter_line_columns(call.context, call.principal, call.entity_id, columns)
    return entered if isinstance(entered, Denied) else Given(EnteredAnswer(ids=list(entered.ids)), 201)


def _show(call: Call) -> Answer:
    found = line(call.context, call.principal, call.entity_id, call.number("line_id"))
    return found if isinstance(found, Denied) else written_line(found)


def _change(call: Call) -> Answer:
    body = call.read(LineChanges)
    before = line(call.context, call.principal, call.entity_id, call.number("line_id"))
    if isinstance(before, Denied):
        return before
    reader = Reader()
    changes = _changes(body, before.line, reader)
    if reader.refusals:
        return Denied(tuple(reader.refusals))
    return _as_it_counts(call, edit_line(call.context, call.principal, call.entity_id, before.line.id, changes))


def _changes(body: LineChanges, before: Line, reader: Reader) -> dict[str, Any]:
    changes = named(body)
    if "amount" in changes:
        currency = changes.get("currency", before.currency)
        changes["minor_units"] = reader.amount(changes.pop("amount"), currency, "amount")
    if "booking_date" in changes:
        changes["booking_day"] = reader.day(changes.pop("booking_date"), "booking_date")
    if "value_date" in changes:
        changes["value_day"] = reader.maybe_day(changes.pop("value_date"), "value_date")
    return changes


def _restore(call: Call) -> Answer:
    return _as_it_counts(call, restore_line(call.context, call.principal, call.entity_id, call.number("line_id")))


def _as_it_counts(call: Call, changed: Line | Denied) -> Answer:
    if isinstance(changed, Denied):
        return changed
    now = line(call.context, call.principal, call.entity_id, changed.id)
    return now if isinstance(now, Denied) else written_line(now)


def _delete_one(call: Call) -> Answer:
    found = line(call.context, call.principal, call.entity_id, call.number("line_id"))
    if isinstance(found, Denied):
        return found
    deleted = delete_lines(call.context, call.principal, call.entity_id, [found.line.id])
    return deleted if isinstance(deleted, Denied) else Given(None, 204)


def _delete(call: Call) -> Answer:
    deleted = delete_lines(call.context, call.principal, call.entity_id, call.read(DeletionBody).ids)
    return deleted if isinstance(deleted, Denied) else DeletedAnswer(deleted=list(deleted.deleted))


def _transfer(call: Call) -> Answer:
    body, reader = call.read(TransferBody), Reader()
    paying = account(call.context, call.principal, call.entity_id, body.from_account_id)
    if isinstance(paying, Denied):
        return paying
    minor_units = reader.amount(body.amount, paying.currency, "amount")
    booking_day = reader.day(body.booking_date, "booking_date")
    if reader.refusals:
        return Denied(tuple(reader.refusals))
    entered = enter_transfer(
        call.context,
        call.principal,
        call.entity_id,
        body.from_account_id,
        body.to_account_id,
        minor_units,
        booking_day,
        body.description,
    )
    if isinstance(entered, Denied):
        return entered
    shown = [_as_it_counts(call, each) for each in entered]
    return Given(TransferAnswer(lines=[each for each in shown if isinstance(each, LineAnswer)]), 201)


_LINES = "/entities/{entity_id}/lines"
_LINE = f"{_LINES}/{{line_id}}"
_FILTERS = (
    Parameter("side", "statement or ledger", {"type": "string", "enum": list(SIDES)}),
    Parameter("kind", "lines of this kind", {"type": "string", "enum": list(_KINDS)}),
    Parameter("account_id", "lines of this account", {"type": "integer", "minimum": 0}),
    Parameter("open", "only what is not wholly tied", {"type": "boolean"}),
    Parameter("booked_from", "from this day", _DAY),
    Parameter("booked_through", "through this day", _DAY),
    Parameter("currency", "lines of this currency"),
    Parameter("reference", "exactly this reference"),
    Parameter("counterparty", "exactly this counterparty"),
    Parameter("batch", "exactly this batch"),
    *PAGING,
)

OPERATIONS = (
    Operation("GET", _LINES, "lines by identifier", _list, gives=LinesAnswer, parameters=_FILTERS),
    Operation("POST", _LINES, "enter up to 10,000 lines, all or none", _enter, LinesBody, EnteredAnswer, 201),
    Operation("POST", f"{_LINES}/delete", "delete lines, all or none", _delete, DeletionBody, DeletedAnswer),
    Operation("GET", _LINE, "one line as it counts now", _show, gives=LineAnswer, quick=True),
    Operation("PATCH", _LINE, "a new version of a line", _change, LineChanges, LineAnswer),
    Operation("DELETE", _LINE, "delete a line", _delete_one, status=204),
    Operation("POST", f"{_LINE}/restore", "bring a deleted line back", _restore, gives=LineAnswer),
    Operation(
        "POST", "/entities/{entity_id}/transfers", "enter an own transfer", _transfer, TransferBody, TransferAnswer, 201
    ),
)

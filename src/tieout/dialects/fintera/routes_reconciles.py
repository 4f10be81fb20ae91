"""POST /entities/{entity_id}/reconciles: accounts and transactions tied to each other, all or nothing, n to m."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from tieout.dialects.fintera.answers import Answer, Bare, Faults
from tieout.dialects.fintera.calling import Call, TurnedAway, require_faultless
from tieout.dialects.fintera.fields import Given, whole_of
from tieout.dialects.fintera.payments import counted_field
from tieout.dialects.fintera.refusals import BLANK, NOT_A_NUMBER, SPELLED, messages_of
from tieout.dialects.fintera.routes_financial_accounts import written_accounts
from tieout.dialects.fintera.routes_transactions import written_transactions
from tieout.dialects.fintera.shapes_financial_accounts import DIRECTIONS
from tieout.dialects.fintera.tied import lines_by_id
from tieout.domain.contract_rules import all_paid, directions_agree, paid_with_their_money, sums_agree
from tieout.domain.extra import with_extra
from tieout.domain.people import Face
from tieout.kernel.errors import Refusal
from tieout.services.context import Denied
from tieout.services.lines import Condition, LineNow, find_lines
from tieout.services.matching import MATCH_LINES_MAX, AllocationRequest, MatchRequest, make_match, matches_of_lines

ACCOUNTS, TRANSACTIONS = "selected_financial_account_ids", "selected_financial_transaction_ids"
# What the core says of lines without those that are not of this entity, and we say of all of them.
_SAID_HERE = {
    "direction_differs", "entities_differ", "line_unknown", "line_tied", "line_used_up", "residual_remains",
    "side_missing", "unpaid", "currency_differs",
}  # fmt: skip


class Selected(NamedTuple):
    """The ids of a request, in its order, and the lines behind them that the caller may see, of any entity."""

    account_ids: list[int]
    transaction_ids: list[int]
    lines: dict[int, LineNow]

    @property
    def in_order(self) -> list[LineNow]:
        """Accounts, then transactions, each in the order of the request."""
        return [self.lines[each] for each in (*self.account_ids, *self.transaction_ids) if each in self.lines]

    @property
    def unknown(self) -> list[int]:
        """Ids behind which there is nothing that the caller may see."""
        return [each for each in (*self.account_ids, *self.transaction_ids) if each not in self.lines]

    def all_of(self, entity_id: int) -> bool:
        """Whether every id is known and of this entity."""
        return not self.unknown and all(now.line.entity_id == entity_id for now in self.lines.values())


def reconcile(call: Call) -> Answer:
    """Tie what is selected; every broken rule is told at once. Location is the collection's, as on the page."""
    headers = {"location": f"{call.addresses.entity}/reconciles"}
    try:
        selected = _selected(call)
        refusals = _tie(call, selected)
    except TurnedAway as away:
        raise TurnedAway(Answer(away.answer.content, away.answer.status, {**away.answer.headers, **headers})) from None
    if refusals:
        return Answer(Faults(messages_of(refusals)), 422, headers)
    return Answer(Bare(_shown(call, selected)), 200, headers)


def _selected(call: Call) -> Selected:
    given = Given(call.fields(ACCOUNTS, TRANSACTIONS))
    account_ids, transaction_ids = _ids(given, ACCOUNTS), _ids(given, TRANSACTIONS)
    require_faultless(given)
    lines = _located(call, account_ids, lambda now: now.line.kind in DIRECTIONS and now.line.side == "ledger")
    lines |= _located(call, transaction_ids, lambda now: now.line.side == "statement")
    return Selected(account_ids, transaction_ids, lines)


def _ids(given: Given, name: str) -> list[int]:
    """Ids of a request, each once; faults are left in `given`."""
    entries = given.entries(name)
    if len(entries) > MATCH_LINES_MAX:
        given.fault(name, SPELLED["too_many"].message)
        return []
    if not entries:
        given.required(name, None, BLANK)
    found: list[int] = []
    for entry in entries:
        number = whole_of(entry)
        if number is None:
            given.fault(name, NOT_A_NUMBER)
        elif number in found:
            given.fault(name, SPELLED["twice"].message)
        else:
            found.append(number)
    return found


def _located(call: Call, ids: Iterable[int], fits: Callable[[LineNow], bool]) -> dict[int, LineNow]:
    """The lines behind ids, first of the path's entity, then of others that the token sees."""
    found: dict[int, LineNow] = {}
    wanted = set(ids)
    others = sorted(call.principal.roles.keys() - {call.entity_id})
    for entity_id in (call.entity_id, *others):
        missing = sorted(wanted - found.keys())
        if not missing:
            break
        lines = call.answer_of(find_lines(call.context, call.principal, entity_id, Condition("id", "in", missing)))
        found |= {now.line.id: now for now in lines if fits(now)}
    return found


def _tie(call: Call, selected: Selected) -> Sequence[Refusal]:
    """Every rule that stands against it; none where the lines are tied now."""
    if not selected.all_of(call.entity_id):
        return _refusals(call, selected)
    request = MatchRequest(
        allocations=tuple(AllocationRequest(line_id=now.line.id) for now in selected.in_order),
        reason=_reason(selected),
        extra=with_extra("", Face.FINTERA, {"sums": _counted(selected)}),
    )
    answered = make_match(call.context, call.principal, call.entity_id, request, check=paid_with_their_money)
    if not isinstance(answered, Denied):
        return ()
    if {"not_found", "not_permitted"} & set(answered.codes):
        call.answer_of(answered)
    now_seen = selected._replace(lines=lines_by_id(call, call.entity_id, selected.lines))
    others = [refusal for refusal in answered.refusals if refusal.code not in _SAID_HERE]
    return [*_refusals(call, now_seen), *others] or answered.refusals


def _counted(selected: Selected) -> dict[str, str]:
    """By account which of its two figures is its cash."""
    return {str(each): counted_field(selected.lines[each].line) for each in selected.account_ids}


def _reason(selected: Selected) -> str:
    by_amount = [line_id for line_id, counted in _counted(selected).items() if counted == "amount"]
    if not by_amount:
        return ""
    which = ", ".join(by_amount)
    return f"the amount counts for {which}: the total stated is not amount, fine and interest less discount and taxes"


def _refusals(call: Call, selected: Selected) -> list[Refusal]:
    """The rules of the vendor over all lines that were selected, whichever entity they are of."""
    lines = selected.in_order
    found = [Refusal("line_unknown", str(each)) for each in selected.unknown]
    found += directions_agree(lines)
    if any(now.line.entity_id != call.entity_id for now in lines):
        found.append(Refusal("entities_differ", "entity"))
    if len({now.line.currency for now in lines}) > 1:
        found.append(Refusal("currency_differs", "currency"))
    elif not selected.unknown:
        found += sums_agree(lines)
    found += all_paid(lines)
    found += _held(call, [now for now in lines if now.used_minor_units])
    return found


def _held(call: Call, used: Sequence[LineNow]) -> list[Refusal]:
    """Lines that live matches use, with the match that holds each."""
    found = []
    for entity_id in sorted({now.line.entity_id for now in used}):
        own = [now for now in used if now.line.entity_id == entity_id]
        ids = [now.line.id for now in own]
        matches = call.answer_of(matches_of_lines(call.context, call.principal, entity_id, ids))
        holders = {leg.line_id: match.record.id for match in matches for leg in match.allocations}
        for now in own:
            code = "line_tied" if now.tied else "line_used_up"
            found.append(Refusal(code, str(now.line.id), (("match", str(holders.get(now.line.id, ""))),)))
    return found


def _shown(call: Call, selected: Selected) -> dict[str, object]:
    """Both arrays as they are now, in the order of the request."""
    known = lines_by_id(call, call.entity_id, selected.lines)
    return {
        "financial_transactions": written_transactions(call, [known[each] for each in selected.transaction_ids]),
        "financial_accounts": written_accounts(call, [known[each] for each in selected.account_ids]),
    }

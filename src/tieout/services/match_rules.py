"""Whether lines may be tied now: every rule, asked inside the transaction that ties or frees them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from tieout.domain.kinds import is_book_entry
from tieout.domain.lines import Line
from tieout.domain.match_records import MatchStatus
from tieout.domain.matches import AdjustmentType, LineFacts, Match, MatchKind, refusals
from tieout.domain.people import Capability, Principal
from tieout.kernel.dates import day_text
from tieout.kernel.errors import Refusal
from tieout.proofs.certificate import faults_of
from tieout.services.people.four_eyes import second_person_missing
from tieout.services.people.settings import FOUR_EYES, setting
from tieout.services.period_locks import closed_through, locked_days
from tieout.services.stored_matches import line_amounts
from tieout.store.protocols import LineNow, Reading

# Nobody's name: what the engine prepared is confirmed by anybody who may.
ENGINE = "engine"
_UNKNOWN = ("line_unknown", "entities_differ")
_FOLLOWING = ("residual_remains", "side_missing", "sides_mixed", "too_few_lines")
_ABOUT_THE_AMOUNT = ("allocation_exceeds", "allocation_sign", "allocation_zero")


class Wanted(NamedTuple):
    """A match that somebody wants to stand, beside the lines it names as they count now."""

    match: Match
    lines: Mapping[int, LineNow]
    elsewhere: frozenset[int] = frozenset()  # lines of other entities that the principal sees too

    @property
    def in_order(self) -> list[LineNow]:
        """The lines in the order of the allocations, each once."""
        return [self.lines[number] for number in dict.fromkeys(_ids(self.match)) if number in self.lines]


def _ids(match: Match) -> list[int]:
    return [int(leg.line) for leg in match.allocations]


def wanted_of(view: Reading, principal: Principal, entity_id: int, match: Match) -> Wanted:
    """The lines of a match as they count now, whether they are of this entity or of another that may be seen."""
    lines, elsewhere = {}, set()
    for number in dict.fromkeys(_ids(match)):
        found = view.line(entity_id, number)
        if found is not None:
            lines[number] = found
            continue
        owner = view.entity_of(Line, number)
        if owner is not None and owner != entity_id and principal.sees(owner):
            elsewhere.add(number)
    return Wanted(match, lines, frozenset(elsewhere))


def tie_refusals(view: Reading, entity_id: int, wanted: Wanted) -> tuple[Refusal, ...]:
    """Every rule of the core that these lines break if they are tied now: M1 to M7, accounts, conversions, P8."""
    return (
        *_match_refusals(view, entity_id, wanted),
        *_account_refusals(wanted),
        *_conversion_refusals(wanted),
        *period_refusals(view, entity_id, [each.line for each in wanted.in_order]),
    )


def _match_refusals(view: Reading, entity_id: int, wanted: Wanted) -> list[Refusal]:
    """The rules of every match; where a live match is in the way, it is named."""

    def facts_of(side: str, line: str) -> LineFacts | None:
        now = wanted.lines.get(int(line))
        if now is None or now.line.side != side:
            return None
        return LineFacts(now.left_minor_units, now.line.currency, str(entity_id))

    found: list[Refusal] = []
    for refusal in refusals(wanted.match, facts_of):
        if refusal.code == "line_unknown" and int(refusal.concerns) in wanted.elsewhere:
            found.append(Refusal("entities_differ", refusal.concerns))
        elif refusal.code in _ABOUT_THE_AMOUNT and wanted.lines[int(refusal.concerns)].used_minor_units:
            found.append(_held(view, entity_id, wanted, refusal))
        else:
            found.append(refusal)
    if any(refusal.code in _UNKNOWN for refusal in found):
        # Without a line nobody can tell what adds up, nor which side is missing.
        found = [refusal for refusal in found if refusal.code not in _FOLLOWING]
    residuals = {residual.currency: str(residual.minor_units) for residual in wanted.match.residuals()}
    return [
        Refusal(each.code, each.concerns, (("minor_units", residuals[each.concerns]),))
        if each.code == "residual_remains"
        else each
        for each in dict.fromkeys(found)
    ]


def _held(view: Reading, entity_id: int, wanted: Wanted, refusal: Refusal) -> Refusal:
    """The refusal of a line of which live matches use something, in the words of what they leave."""
    now = wanted.lines[int(refusal.concerns)]
    if not now.left_minor_units:
        return held_by(view, entity_id, "line_tied", now.line.id)
    asked = [leg.minor_units for leg in wanted.match.allocations if leg.line == refusal.concerns]
    if refusal.code == "allocation_exceeds" and all(_fits(part, now.line.minor_units) for part in asked):
        return held_by(view, entity_id, "line_used_up", now.line.id)
    return refusal


def _fits(part: int, whole: int) -> bool:
    return part <= whole if whole >= 0 else part >= whole


def held_by(view: Reading, entity_id: int, code: str, line_id: int) -> Refusal:
    """A refusal with the latest live match that uses the line."""
    holders = view.matches_of(entity_id, [line_id], MatchStatus.CONFIRMED)
    facts = (("match", str(holders[-1].record.id)),) if holders else ()
    return Refusal(code, str(line_id), facts)


def lost(view: Reading, entity_id: int, line_ids: Iterable[int]) -> tuple[Refusal, ...]:
    """Why the lines that `use` gave back cannot be used: somebody else was quicker."""
    found = []
    for line_id in line_ids:
        now = view.line(entity_id, line_id)
        tied = now is not None and not now.left_minor_units
        found.append(held_by(view, entity_id, "line_tied" if tied else "line_used_up", line_id))
    return tuple(found)


def _account_refusals(wanted: Wanted) -> list[Refusal]:
    """A book entry mirrors a movement of its own account, so it is tied to statement lines of that account."""
    if wanted.match.kind is not MatchKind.ACROSS:
        return []
    lines = [each.line for each in wanted.in_order]
    accounts = {line.account_id for line in lines if line.side == "statement"}
    return [
        Refusal("accounts_differ", str(line.id), (("account", str(line.account_id)),))
        for line in lines
        if line.side == "ledger" and is_book_entry(line.kind) and accounts and line.account_id not in accounts
    ]


def _conversion_refusals(wanted: Wanted) -> list[Refusal]:
    """Exchange legs that are not one amount at one rate would leave a certificate that nobody accepts."""
    if all(leg.type is not AdjustmentType.EXCHANGE for leg in wanted.match.adjustments):
        return []
    faults = faults_of(wanted.match, line_amounts([each.line for each in wanted.in_order]))
    return [Refusal("rate_differs", fault.concerns) for fault in faults if fault.code == "conversion_differs"]


def period_refusals(view: Reading, entity_id: int, lines: Sequence[Line]) -> tuple[Refusal, ...]:
    """P8: an account all of whose lines in the match lie in days that are closed or locked.

    Where one of them lies behind those days, the match belongs to the open period: a cheque of last month that the
    bank paid today. Open items are no movements; they count where nothing else is in the match.
    """
    movements = [line for line in lines if line.side == "statement" or is_book_entry(line.kind)]
    days: dict[int, int] = {}
    for line in movements or lines:
        account = line.account_id if movements else 0
        days[account] = max(line.booking_day, days.get(account, line.booking_day))
    found = []
    locked = locked_days(view, entity_id)
    for account, last_day in sorted(days.items()):
        for code, through in (
            ("period_closed", closed_through(view, entity_id, account) if account else None),
            ("period_locked", locked.of(account)),
        ):
            if through is not None and last_day <= through:
                facts = (("account", str(account)), ("through", day_text(through)))
                found.append(Refusal(code, f"account {account}" if account else "entity", facts))
    return tuple(found)


def person_refusals(
    view: Reading, principal: Principal, entity_id: int, prepared_by: str, *, automatic: bool = False
) -> tuple[Refusal, ...]:
    """Whether this principal may make final what `prepared_by` prepared; automatic: what the engine did, nobody did."""
    refusal = second_person_missing(view, principal, entity_id, ENGINE if automatic else prepared_by)
    return (refusal,) if refusal is not None else ()


def may_confirm_alone(view: Reading, principal: Principal, entity_id: int) -> bool:
    """Whether what the engine finds to be the only answer becomes final under this principal without a second look."""
    four_eyes = setting(view, principal.organisation_id, entity_id, FOUR_EYES) == "on"
    return principal.may(Capability.CONFIRM, entity_id) and principal.post and not four_eyes


def uses_of(wanted: Wanted, sign: int = 1) -> dict[int, tuple[int, int]]:
    """By line its whole amount and what the match adds to its use; with sign -1 what an undo takes from it."""
    return {
        int(leg.line): (wanted.lines[int(leg.line)].line.minor_units, sign * leg.minor_units)
        for leg in wanted.match.allocations
    }

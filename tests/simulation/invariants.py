"""What holds at every moment, as faults found in the rows alone: nothing here asks the services how they see it."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from tests.simulation.kept import POSTED, Kept
from tieout.domain.accounts import Account
from tieout.domain.lines import Line
from tieout.domain.match_records import MatchRecord
from tieout.domain.reconciling import Clearing, Reconciliation
from tieout.domain.results import BankReconciliation

FROZEN = ("minor_units", "currency", "booking_day", "account_id")


def matching_faults(kept: Kept) -> Iterator[str]:
    """M1, M2, M4, M5, M7 and M9 of everything that is matched."""
    for match in kept.matches:
        yield from _shape_faults(kept, match)
        if kept.statuses[match.id] in ("confirmed", "undone"):
            yield from _equation_faults(kept, match)
    for leg in kept.live:
        line = kept.lines.get(leg.line_id)
        if line is None:
            yield f"match {leg.match_id} is confirmed, its line {leg.line_id} is gone"
        elif _frozen(line) != _frozen(_version(kept, leg.line_id, leg.line_version)):
            yield f"line {line.id} was changed under match {leg.match_id}"
    for line_id, used in kept.used.items():
        whole = kept.latest[line_id].minor_units
        if not (0 < used <= whole or whole <= used < 0):
            yield f"line {line_id} of {whole} is used by {used}"
    told = {each.line_id: each.used_minor_units for each in kept.uses if each.used_minor_units}
    if told != {line_id: used for line_id, used in kept.used.items() if used}:
        yield f"the uses that are kept, {told}, are not the sums of the allocations, {kept.used}"


def _shape_faults(kept: Kept, match: MatchRecord) -> Iterator[str]:
    legs = kept.legs(match.id)
    sides = Counter(leg.side for leg in legs)
    fits = len(sides) == 2 if match.kind == "across" else len(sides) == 1 and len(legs) > 1
    if not fits or match.kind not in ("across", "within"):
        yield f"match {match.id} is {match.kind} and has lines {dict(sides)}"
    if len({leg.line_id for leg in legs}) < len(legs) or not all(leg.minor_units for leg in legs):
        yield f"match {match.id} names a line twice, or uses nothing of one"
    for leg in legs:
        line = kept.latest.get(leg.line_id)
        if line is None or line.side != leg.side:
            yield f"line {leg.line_id} of match {match.id} is of another entity or side"
        elif leg.line_version > line.version:
            yield f"match {match.id} rests on a version of line {leg.line_id} that there is not"


def _equation_faults(kept: Kept, match: MatchRecord) -> Iterator[str]:
    sums: defaultdict[str, int] = defaultdict(int)
    for leg in kept.legs(match.id):
        sums[leg.currency] += -leg.minor_units if (match.kind, leg.side) == ("across", "ledger") else leg.minor_units
    for adjustment in kept.adjustments:
        if adjustment.match_id == match.id:
            sign = -1 if match.kind == "across" else 1
            sums[adjustment.currency] += sign * adjustment.minor_units
    if any(sums.values()):
        yield f"match {match.id} leaves {dict(sums)} over"


def _version(kept: Kept, line_id: int, version: int) -> Line:
    return next(each for each in kept.versions if (each.id, each.version) == (line_id, version))


def _frozen(line: Line) -> tuple[object, ...]:
    return tuple(getattr(line, name) for name in FROZEN)


def version_faults(kept: Kept) -> Iterator[str]:
    """M9: the versions of a line count from 1 without a gap, and no line changes its side."""
    numbers: defaultdict[int, list[int]] = defaultdict(list)
    sides: defaultdict[int, set[str]] = defaultdict(set)
    for version in kept.versions:
        numbers[version.id].append(version.version)
        sides[version.id].add(version.side)
    for line_id, found in numbers.items():
        if sorted(found) != list(range(1, len(found) + 1)) or len(sides[line_id]) > 1:
            yield f"line {line_id} has versions {found} on {sides[line_id]}"


def reconciliation_faults(kept: Kept) -> Iterator[str]:
    """P2, P3 and P5 of every account."""
    cleared = Counter(each.line_id for each in kept.clearings)
    yield from (f"line {line_id} is cleared {times} times" for line_id, times in cleared.items() if times > 1)
    for account in kept.accounts:
        chain = kept.chain(account.id)
        if sum(not each.done for each in chain) > 1 or any(not each.done for each in chain[:-1]):
            yield f"account {account.id} has more than one period in progress, or one before its latest"
        for each in chain:
            own = [line.completed_minor_units or 0 for line in kept.clearings if line.reconciliation_id == each.id]
            if each.done and each.start_minor_units + sum(own) != each.end_minor_units:
                yield f"reconciliation {each.id} is complete and does not add up"


def status_of(kept: Kept, account: Account, this: Reconciliation) -> str:
    """P1 and P6: the status of a reconciliation, by the table and from the rows alone."""
    chain = kept.chain(account.id)
    place = chain.index(this)
    days = [day for day in (account.starting_day, account.origin_day) if day is not None]
    day, balance = max(days, default=0), account.starting_minor_units
    if place:
        day, balance = chain[place - 1].end_day, chain[place - 1].end_minor_units
    last_done = [each for each in chain if each.done][-1:] == [this]
    own = [each for each in kept.clearings if each.reconciliation_id == this.id]
    table = [
        (not this.done, "incomplete"),
        (this.start_day < day, "overlaps_previous"),
        (this.start_day > day or (last_done and account.reconcile_day != this.end_day), "reconcile_date_changed"),
        (this.start_minor_units != balance and this.agreed_with_previous, "starting_balance_changed"),
        (this.start_minor_units != balance, "incorrect_starting_balance"),
        (any(_modified(kept, each) for each in own), "transactions_modified"),
    ]
    return next((status for applies, status in table if applies), "complete")


def _modified(kept: Kept, clearing: Clearing) -> bool:
    line = kept.lines.get(clearing.line_id)
    seen = (clearing.completed_minor_units, clearing.completed_day, clearing.completed_account_id)
    return line is None or seen != (line.minor_units, line.booking_day, line.account_id)


def bank_faults(kept: Kept, account: Account, day: int, told: BankReconciliation) -> Iterator[str]:
    """P7 of an account in the entity's currency: both balances, what lies between, and that nothing is left out."""
    begin = -1 if account.starting_day is None else account.starting_day
    own = [line for line in kept.lines.values() if line.account_id == account.id and begin < line.booking_day <= day]
    bank = [line for line in own if line.side == "statement" and line.origin in ("document", "feed")]
    books = [line for line in own if line.kind in POSTED]
    expected = account.starting_minor_units + sum(line.minor_units for line in bank)
    posted = account.starting_minor_units + sum(line.minor_units for line in books)
    on_bank, in_books = told.on_bank_not_in_books, told.in_books_not_on_bank
    if told.per_bank is not None and told.per_bank != expected:
        yield f"account {account.id} holds {expected} per bank on day {day}, not {told.per_bank}"
    if told.per_books is not None and told.per_books != posted:
        yield f"account {account.id} holds {posted} per books on day {day}, not {told.per_books}"
    if told.per_books is not None and expected + in_books.sum - on_bank.sum != posted:
        yield f"account {account.id} differs on day {day}: {told}"
    if told.holds is False or (told.per_books is None and any(line.kind in POSTED for line in _ever(kept, account))):
        yield f"account {account.id} is not reconciled on day {day}: {told}"
    for lines, outstanding in ((bank, on_bank), (books, in_books)):
        untied = {str(line.id) for line in lines if line.id not in kept.used}
        if not untied <= set(outstanding.lines) <= {str(line.id) for line in lines}:
            yield f"account {account.id} lists {outstanding.lines} on day {day}, untied are {sorted(untied)}"


def _ever(kept: Kept, account: Account) -> list[Line]:
    return [line for line in kept.lines.values() if line.account_id == account.id]

"""Decides groups whose documents or batch are named: counted by number, checked by window and amount."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from tieout.domain.kinds import is_book_entry
from tieout.kernel.currencies import exponent_of
from tieout.lab._chance import Density
from tieout.lab._draft import Group, Line
from tieout.lab._texts import may_be_cut, normalised

# Windows and adjustments of the default plan.
REFERENCE_DAYS = 45
BATCH_DAYS = 10
FEE_PER_MILLE, FEE_UNITS = 35, 50
DISCOUNT_PER_MILLE = 30
EXCHANGE_PER_MILLE = 50
BATCH_FEE_PER_MILLE = 50


def label_named(groups: Sequence[Group], statement: Sequence[Line], ledger: Sequence[Line]) -> None:
    """Passes exact_reference and reference_in_text: every number is named once, in days, and explains the amount."""
    carried = Counter(document for line in ledger for document in line.documents)
    naming: defaultdict[str, list[Line]] = defaultdict(list)
    for line in statement:
        for document in line.documents:
            if document in carried:
                naming[document].append(line)
    found = [group for group in groups if _is_only_answer(group, carried, naming)]
    for group in found:
        decide(group)


def decide(group: Group) -> None:
    """The group is the only answer: its lines are out of all later passes."""
    group.decidable = True
    for line in group.lines:
        line.matched = True


def within_days(lines: Sequence[Line], others: Sequence[Line], days: int) -> bool:
    """Whether no line is further than so many days from any line of the other side."""
    return all(-days <= line.day - other.day <= days for line in lines for other in others)


def _is_only_answer(group: Group, carried: Counter[str], naming: dict[str, list[Line]]) -> bool:
    if len(group.statement) != 1 or any(line.contested for line in group.statement):
        return False
    payment = group.statement[0]
    wanted = [document for line in group.ledger for document in line.documents]
    if not wanted or len(wanted) != len(group.ledger) or sorted(wanted) != sorted(payment.documents):
        return False
    if not within_days(group.statement, group.ledger, REFERENCE_DAYS) or not _same_account(group):
        return False
    if len(wanted) == 1 and (carried[wanted[0]] > 1 or len(naming[wanted[0]]) > 1):
        return _are_twins(group, carried[wanted[0]], naming[wanted[0]]) or _are_instalments(group, naming[wanted[0]])
    return all(carried[number] == 1 and naming[number] == [payment] for number in wanted) and _is_explained(group)


def _same_account(group: Group) -> bool:
    return all(line.account == group.statement[0].account for line in group.ledger if is_book_entry(line.kind))


def _are_twins(group: Group, carried: int, naming: Sequence[Line]) -> bool:
    """As many identical payments as identical documents carry the number."""
    payment, document = group.statement[0], group.ledger[0]
    alike = all(line.is_like(payment) for line in naming)
    return alike and carried == len(naming) and payment.minor_units == document.minor_units


def _are_instalments(group: Group, naming: Sequence[Line]) -> bool:
    """Several payments name one document, and all of them together leave some of it open."""
    payment, document = group.statement[0], group.ledger[0]
    same_currency = all(line.currency == document.currency for line in naming)
    same_sign = all((line.minor_units > 0) == (document.minor_units > 0) for line in naming)
    paid, owed = _size(sum(line.minor_units for line in naming)), _size(document.minor_units)
    return same_currency and same_sign and paid < owed and payment in naming


def _is_explained(group: Group) -> bool:
    """The named documents add up to the payment, at once or after one adjustment of the default plan."""
    payment = group.statement[0]
    if any(line.currency != payment.currency for line in group.ledger):
        return len(group.ledger) == 1 and _is_exchange(payment, group.ledger[0])
    total = sum(line.minor_units for line in group.ledger)
    if (total > 0) != (payment.minor_units > 0):
        return False
    owed, paid = _size(total), _size(payment.minor_units)
    if paid >= owed or may_be_cut(payment.description):
        return paid == owed
    if len(group.ledger) == 1:
        # A payment smaller than the one document it names is an instalment.
        return True
    missing = owed - paid
    fee_max = min(owed * FEE_PER_MILLE // 1000, FEE_UNITS * 10 ** exponent_of(payment.currency))
    return (total > 0 and missing <= fee_max) or missing * 1000 <= owed * DISCOUNT_PER_MILLE


def _is_exchange(payment: Line, document: Line) -> bool:
    if not document.base_amount or (payment.minor_units > 0) != (document.minor_units > 0):
        return False
    carried = int(document.base_amount.replace(".", ""))
    moved = payment.minor_units - carried
    return _size(moved) * 1000 <= _size(carried) * EXCHANGE_PER_MILLE


def _size(minor_units: int) -> int:
    return -minor_units if minor_units < 0 else minor_units


def label_batches(groups: Sequence[Group], statement: Sequence[Line], ledger: Sequence[Line], days: int) -> None:
    """Pass batch_total: the lines of one batch add up to one payout that names it, or to no other payout."""
    members: defaultdict[str, list[Line]] = defaultdict(list)
    for line in ledger:
        if line.batch:
            members[line.batch].append(line)
    if not members:
        return
    payouts = _Payouts(members, statement, days)
    for group in groups:
        if not group.decidable and group.ledger[0].batch and payouts.tie(group):
            decide(group)


class _Payouts:
    """Who names which batch, and which totals and amounts there are more than once."""

    def __init__(self, members: dict[str, list[Line]], statement: Sequence[Line], days: int) -> None:
        self._members = members
        self._totals = {batch: sum(line.minor_units for line in lines) for batch, lines in members.items()}
        self._by_total = Counter((members[batch][0].currency, total) for batch, total in self._totals.items())
        self._by_amount = Counter((line.currency, line.minor_units) for line in statement)
        numbers = {normalised(batch): batch for batch in members}
        self._named: dict[int, str] = {}
        for line in statement:
            found = [line.batch, *(numbers[document] for document in line.documents if document in numbers)]
            if found[-1]:
                self._named[id(line)] = found[-1]
        self._naming = Counter(self._named.values())
        self._density = Density(statement, days)

    def tie(self, group: Group) -> bool:
        """Whether this payout and this batch are each other's only answer."""
        payout, batch = group.statement[0], group.ledger[0].batch
        whole = len(group.ledger) == len(self._members[batch])
        if payout.contested or not whole or not within_days([payout], group.ledger, BATCH_DAYS):
            return False
        kept = self._totals[batch] - payout.minor_units
        if self._named.get(id(payout)) == batch:
            return self._naming[batch] == 1 and 0 <= kept * 1000 <= self._totals[batch] * BATCH_FEE_PER_MILLE
        key = (payout.currency, payout.minor_units)
        only = self._by_total[key] == 1 and self._by_amount[key] == 1
        return kept == 0 and only and id(payout) not in self._named and self._density.is_rare(*key, BATCH_DAYS)

"""From what a client stated to what the core is asked: a note, or a match whose two currencies meet at one rate."""

from collections.abc import Sequence

from tieout.dialects.snapbooks.calling import Refused
from tieout.dialects.snapbooks.shapes_external import (
    BANK_TRANSACTION,
    EXTERNAL_TYPES,
    INTERNAL_TYPES,
    JOURNAL_LINE,
    RELATION_TYPES,
    Entry,
    EntryBody,
    ExternalBody,
    Stated,
    write_extra,
)
from tieout.dialects.snapbooks.values import minor_units, rate_text
from tieout.domain.contract_rules import LineFacts
from tieout.domain.exchange import converted, exchange_legs, rate_of
from tieout.kernel.errors import Refusal
from tieout.kernel.money import Money
from tieout.services.matching import AdjustmentRequest, AllocationRequest, MatchRequest


def stated_in(body: ExternalBody) -> Stated:
    """What a body states. Raises Refused with every field that does not fit."""
    refusals = [
        *_unknown("external_type", body.external_type, EXTERNAL_TYPES),
        *_unknown("internal_type", body.internal_type, INTERNAL_TYPES),
    ]
    if not body.entries:
        refusals.append(Refusal("required", "entries"))
    entries = []
    for number, entry in enumerate(body.entries):
        read, found = _entry(entry, f"entries[{number}]")
        entries.append(read)
        refusals += found
    if refusals:
        raise Refused(*refusals)
    return Stated(body.external_type, body.internal_type, body.internal_id, body.sequence_number, tuple(entries))


def _unknown(field: str, value: str, known: Sequence[str]) -> list[Refusal]:
    return [] if value in known else [Refusal("not_allowed", field)]


def _entry(body: EntryBody, where: str) -> tuple[Entry, list[Refusal]]:
    refusals = _unknown(f"{where}.relation_type", body.relation_type, RELATION_TYPES)
    amount, wrong = minor_units(body.amount, body.currency_code, where)
    refusals += wrong
    rate = rate_text(body.exchange_rate)
    if rate_of(rate) is None:
        refusals.append(Refusal("not_allowed", f"{where}.exchange_rate"))
    entry = Entry(body.relation_type, body.relation_id, body.relation_line_id, amount, body.currency_code, rate)
    return entry, refusals


def is_note(stated: Stated) -> bool:
    """Whether its entries are all of one side: nothing meets, so nothing is tied."""
    return len({entry.relation_type for entry in stated.entries}) == 1


def match_request(stated: Stated, functional: str) -> MatchRequest:
    """The match that entries of both sides ask for.

    functional: the client account's currency. The bank's entries count in their own; those of journal lines, which are
    booked in the functional one, are converted into it where they are stated in another.
    Raises Refused with every entry whose rate says something else than its amount.
    """
    refusals = [*_rate_refusals(stated, functional), *_internal_refusals(stated)]
    if refusals:
        raise Refused(*refusals)
    legs = [(entry, _booked(entry, functional)) for entry in stated.entries]
    return MatchRequest(
        allocations=tuple(
            AllocationRequest(line_id=entry.relation_id, minor_units=booked.minor_units) for entry, booked in legs
        ),
        adjustments=_exchange(stated, [booked for _, booked in legs], functional),
        extra=write_extra(stated),
    )


def _rate_refusals(stated: Stated, functional: str) -> list[Refusal]:
    """A rate is 1 in the functional currency, and the same for all foreign money of the bank's side."""
    found = [
        Refusal("rate_differs", f"entries[{number}].exchange_rate")
        for number, entry in enumerate(stated.entries)
        if entry.currency == functional and entry.rate != "1"
    ]
    foreign = {(entry.currency, entry.rate) for entry in _bank(stated) if entry.currency != functional}
    return found if len(foreign) < 2 else [*found, Refusal("rate_differs", "entries")]


def _internal_refusals(stated: Stated) -> list[Refusal]:
    journal = {entry.relation_id for entry in stated.entries if entry.relation_type == JOURNAL_LINE}
    return [] if stated.internal_id in journal else [Refusal("not_allowed", "internal_id")]


def _bank(stated: Stated) -> list[Entry]:
    return [entry for entry in stated.entries if entry.relation_type == BANK_TRANSACTION]


def _booked(entry: Entry, functional: str) -> Money:
    """What of its line an entry uses."""
    amount = Money(entry.minor_units, entry.currency)
    if entry.relation_type == BANK_TRANSACTION or entry.currency == functional:
        return amount
    return Money(converted(amount, functional, entry.rate), functional)


def _exchange(stated: Stated, booked: Sequence[Money], functional: str) -> tuple[AdjustmentRequest, ...]:
    """The legs that turn the bank's foreign money into that of the books. Raises Refused where they do not meet."""
    abroad = [entry for entry in _bank(stated) if entry.currency != functional]
    if not abroad:
        return ()
    local = sum(
        money.minor_units if entry.relation_type == JOURNAL_LINE else -money.minor_units
        for entry, money in zip(stated.entries, booked, strict=True)
        if money.currency == functional
    )
    foreign = Money(sum(entry.minor_units for entry in abroad), abroad[0].currency)
    legs, refusals = exchange_legs(foreign, Money(local, functional), abroad[0].rate, functional)
    if refusals:
        raise Refused(*(Refusal(each.code, "entries", each.facts) for each in refusals))
    return tuple(
        AdjustmentRequest(type=leg.type, minor_units=leg.minor_units, currency=leg.currency, rate=leg.rate or "")
        for leg in legs
    )


class StatedRecords:
    """The rule that every record is what it is called, asked on the lines as they count now."""

    def __init__(self, stated: Stated) -> None:
        self._called = {(entry.relation_id, entry.relation_type) for entry in stated.entries}
        self._called.add((stated.internal_id, stated.internal_type))
        self._currencies = {entry.relation_id: entry.currency for entry in _bank(stated)}

    def __call__(self, lines: Sequence[LineFacts]) -> list[Refusal]:
        """line_unknown: there is no record of this type and id, though perhaps a line of another type.

        currency_differs: the amount of a bank transaction is stated in a currency that it is not in.
        """
        found = []
        for line in (each.line for each in lines):
            if {called for number, called in self._called if number == line.id} != {type_of(line.side, line.kind)}:
                found.append(Refusal("line_unknown", str(line.id)))
            elif line.currency != self._currencies.get(line.id, line.currency):
                found.append(Refusal("currency_differs", str(line.id)))
        return found


def type_of(side: str, kind: str) -> str:
    """What the vendor calls a line; empty for one that it does not know."""
    if side == "statement":
        return BANK_TRANSACTION
    return JOURNAL_LINE if kind == JOURNAL_LINE else ""

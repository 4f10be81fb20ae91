"""The control totals of a statement (TxsSummry) beside what was counted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

from tieout.contracts.building import StatementBuilder
from tieout.importers._camt_notes import At
from tieout.importers._camt_texts import SIGNS, UNREADABLE_AMOUNT, Texts, amount_written
from tieout.importers._camt_xml import Element
from tieout.kernel.money import decimal_text


class StatedTotals(NamedTuple):
    """What a statement says about the number and sum of its entries; empty texts where it says nothing."""

    entries: str
    turnover: str  # credits and debits added up without their signs
    net: str
    net_mark: str
    credit_entries: str
    credits: str
    debit_entries: str
    debits: str
    at: At


def stated_totals(element: Element, at: At) -> StatedTotals:
    """A TxsSummry element."""
    texts = Texts(element)
    return StatedTotals(
        entries=texts.first("TtlNtries/NbOfNtries"),
        turnover=texts.first("TtlNtries/Sum"),
        net=texts.first("TtlNtries/TtlNetNtry/Amt", "TtlNtries/TtlNetNtryAmt"),
        net_mark=texts.first("TtlNtries/TtlNetNtry/CdtDbtInd", "TtlNtries/CdtDbtInd"),
        credit_entries=texts.first("TtlCdtNtries/NbOfNtries"),
        credits=texts.first("TtlCdtNtries/Sum"),
        debit_entries=texts.first("TtlDbtNtries/NbOfNtries"),
        debits=texts.first("TtlDbtNtries/Sum"),
        at=at,
    )


@dataclass(slots=True)
class Turnover:
    """Entries by their marks, amounts without sign, as the statement itself adds them up."""

    credit_entries: int = 0
    credits: int = 0
    debit_entries: int = 0
    debits: int = 0

    def count(self, amount: int, sign: int) -> None:
        """Take one entry in."""
        if sign > 0:
            self.credit_entries += 1
            self.credits += amount
        else:
            self.debit_entries += 1
            self.debits += amount

    def __add__(self, other: "Turnover") -> "Turnover":
        return Turnover(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


def disagreements(stated: StatedTotals, booked: Turnover, pending: Turnover, builder: StatementBuilder) -> list[str]:
    """Each total that is not what was counted, in words; empty where they agree.

    Banks count the booked entries or all of them; either is agreement.
    """
    differing = list(_differing(stated, booked, builder))
    return differing if differing and any(_differing(stated, booked + pending, builder)) else []


def _differing(stated: StatedTotals, counted: Turnover, builder: StatementBuilder) -> Iterator[str]:
    net = counted.credits - counted.debits
    yield from _count_differs("entries", stated.entries, counted.credit_entries + counted.debit_entries)
    yield from _count_differs("credit entries", stated.credit_entries, counted.credit_entries)
    yield from _count_differs("debit entries", stated.debit_entries, counted.debit_entries)
    # The standard means credits and debits without their signs; some banks give the net here.
    yield from _sum_differs("turnover", stated.turnover, (counted.credits + counted.debits, net, -net), builder)
    sign = SIGNS.get(stated.net_mark)
    yield from _sum_differs("net", stated.net, (net, -net) if sign is None else (sign * net,), builder)
    yield from _sum_differs("credits", stated.credits, (counted.credits,), builder)
    yield from _sum_differs("debits", stated.debits, (counted.debits, -counted.debits), builder)


def _count_differs(name: str, stated: str, counted: int) -> Iterator[str]:
    if stated and not (stated.isascii() and stated.isdigit() and int(stated) == counted):
        yield f"{stated} {name} stated, {counted} counted"


def _sum_differs(name: str, stated: str, counted: Sequence[int], builder: StatementBuilder) -> Iterator[str]:
    if not stated:
        return
    try:
        agrees = amount_written(stated, builder) in counted
    except UNREADABLE_AMOUNT:
        agrees = False
    if not agrees:
        yield f"{name} of {stated} stated, {decimal_text(counted[0], builder.exponent)} counted"

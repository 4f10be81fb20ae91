"""Document numbers inside the bank's text: one payment for the documents it names.

The text says which documents, the amount decides: it pays them all, pays them short by one typed leg (a fee, an
early-payment discount), pays them in another currency near their carrying value, or pays part of a single one.
"""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from tieout.domain.line_table import Int64Column, texts_of
from tieout.domain.matches import AdjustmentType
from tieout.domain.plans import AdjustmentRule, Pass
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.money import decimal_text, exact_sum
from tieout.matching.adjusting import leg_for
from tieout.matching.codes import NO_CODE
from tieout.matching.evidence import Against, For, contradicting, open_documents, supporting
from tieout.matching.proposals import (
    ADJUSTED,
    EXACT,
    LEDGER,
    PARTIAL,
    STATEMENT,
    AdjustmentLeg,
    Ambiguous,
    Findings,
    Leg,
    Proposal,
    found_from,
)
from tieout.matching.stage import Stage
from tieout.matching.texts import ends_with_reference, is_cut

# More lines than this under one number, and the number is a word that everybody writes.
LINES_PER_DOCUMENT_MAX = 8
# A rate is stated with so many decimals; what that loses becomes a rounding leg.
RATE_DECIMALS = 8


class _Claim(NamedTuple):
    """What one statement row pays of the ledger rows it names."""

    ledger_rows: tuple[int, ...]
    paid: tuple[int, ...]  # per ledger row, minor units of its currency
    adjustments: tuple[AdjustmentLeg, ...]
    rank: int
    against: int = 0  # bits of Against
    carried: bool = False  # decided by the carrying value in another currency


def find(stage: Stage, rule: Pass) -> Findings:
    """Proposals for every open statement row that names open documents of this round."""
    return _Search(stage, rule).findings()


class _Search:
    def __init__(self, stage: Stage, rule: Pass) -> None:
        self._stage, self._rule = stage, rule
        self._rows_of = self._documents()
        self._left = stage.ledger.left
        self._is_open = open_documents(stage.problem)
        statement, ledger = stage.statement.table, stage.ledger.table
        self._descriptions = texts_of(statement.description, len(statement))
        self._rates = texts_of(statement.rate, len(statement))
        self._written = texts_of(ledger.reference, len(ledger))
        self._base_amounts = texts_of(ledger.base_amount, len(ledger))
        self._ambiguous: list[Ambiguous] = []

    def _documents(self) -> dict[int, list[int]]:
        """Open ledger rows of this round by reference code; only numbers that few lines share."""
        rows_of: defaultdict[int, list[int]] = defaultdict(list)
        ledger_rows = self._stage.ledger_rows
        for row, code in zip(ledger_rows.tolist(), self._stage.ledger.reference[ledger_rows].tolist(), strict=True):
            if code != NO_CODE:
                rows_of[code].append(row)
        return {code: rows for code, rows in rows_of.items() if len(rows) <= LINES_PER_DOCUMENT_MAX}

    def findings(self) -> Findings:
        claims = [(row, claim) for row, named in self._naming() if (claim := self._claim(row, named)) is not None]
        if not claims:
            return Findings(found_from([]), self._ambiguous)
        counts = np.array([len(claim.ledger_rows) for _, claim in claims], dtype=np.int64)
        starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)[:-1]])
        rows = np.repeat(np.array([row for row, _ in claims], dtype=np.int64), counts)
        ledger_rows = np.array([each for _, claim in claims for each in claim.ledger_rows], dtype=np.int64)
        bits = np.bitwise_or.reduceat(supporting(self._stage.problem, rows, ledger_rows), starts)
        against = np.bitwise_or.reduceat(self._against(rows, ledger_rows), starts)
        proposals = [
            self._proposal(row, claim, supports, contradicts)
            for (row, claim), supports, contradicts in zip(claims, bits.tolist(), against.tolist(), strict=True)
        ]
        return Findings(found_from(proposals), self._ambiguous)

    def _naming(self) -> Iterator[tuple[int, list[int]]]:
        """Open statement rows with the documents of this round that they name and that the window allows."""
        statement, ledger, named_codes = self._stage.statement, self._stage.ledger, self._stage.problem.named
        for row in named_codes.filled(self._stage.rows).tolist():
            codes = named_codes.at(row)
            named = [each for code in codes for each in self._rows_of.get(code, ())]
            if self._stage.book_entries:
                named = [each for each in named if ledger.account[each] == statement.account[row]]
            if named:
                yield row, named

    def _proposal(self, row: int, claim: _Claim, supports: int, contradicts: int) -> Proposal:
        against = contradicts | claim.against
        if self._names_other(row, claim):
            against |= int(Against.NAMES_OTHER)
        if claim.rank != EXACT and self._is_cut(row, claim):
            against |= int(Against.TEXT_CUT)
        if claim.rank == PARTIAL and self._stage.book_entries:
            against |= int(Against.POSTED_WHOLE)
        used = sum(claim.paid) if claim.against & Against.OVERPAID else int(self._stage.statement.left[row])
        return Proposal(
            legs=(
                Leg(STATEMENT, row, used),
                *(Leg(LEDGER, each, paid) for each, paid in zip(claim.ledger_rows, claim.paid, strict=True)),
            ),
            confirm=against == 0 and self._rule.confirm == "only_answer",
            supporting=supports | int(For.NAMED) | (int(For.CARRYING_VALUE) if claim.carried else 0),
            contradicting=against,
            rank=claim.rank,
            adjustments=claim.adjustments,
        )

    def _is_cut(self, row: int, claim: _Claim) -> bool:
        """Whether the bank cut the text before its end, so that a further document may have been there."""
        text = self._descriptions[row]
        if not is_cut(text):
            return False
        return not any(ends_with_reference(text, self._written[each]) for each in claim.ledger_rows)

    def _against(self, rows: Int64Column, ledger_rows: Int64Column) -> Int64Column:
        """Bits of Against per pair, other documents aside: which are others depends on the whole claim."""
        named = np.full(len(rows), int(For.NAMED), dtype=np.int64)
        bits = contradicting(self._stage.problem, rows, ledger_rows, named) & ~int(Against.NAMES_OTHER)
        bits[self._stage.days_apart(rows, ledger_rows) > self._rule.days] |= int(Against.OUTSIDE_WINDOW)
        return bits

    def _names_other(self, row: int, claim: _Claim) -> bool:
        codes = self._stage.problem.named.at(row)
        if len(codes) == 1:
            return False
        paid = set(self._stage.ledger.reference[list(claim.ledger_rows)].tolist())
        return any(self._is_open[code] and code not in paid for code in codes)

    def _claim(self, row: int, named: list[int]) -> _Claim | None:
        currency = self._stage.statement.currency[row]
        same = [each for each in named if self._stage.ledger.currency[each] == currency]
        if not same:
            return self._exchanged(row, named)
        amount = int(self._stage.statement.left[row])
        open_amounts = [int(self._left[each]) for each in same]
        total = sum(open_amounts)
        if total == amount:
            return _Claim(tuple(same), tuple(open_amounts), (), EXACT)
        single = self._one_of(row, same, amount)
        if single is not None:
            return single
        if self._ambiguous and self._ambiguous[-1].rows == (row,):
            return None
        name = self._stage.problem.currencies[currency]
        leg = leg_for(self._rule.adjust, amount - total, total, name)
        if leg is not None:
            return _Claim(tuple(same), tuple(open_amounts), (leg,), ADJUSTED)
        return self._part(same, amount, open_amounts)

    def _one_of(self, row: int, same: list[int], amount: int) -> _Claim | None:
        """One line among several that are named has exactly the amount: an instalment, or one of the documents."""
        equal = [each for each in same if self._left[each] == amount]
        if len(equal) == 1 or (equal and len({int(self._stage.ledger.twin[each]) for each in equal}) == 1):
            return _Claim((equal[0],), (amount,), (), EXACT)
        if len(equal) > 1:
            self._ambiguous.append(
                Ambiguous(STATEMENT, (row,), LEDGER, tuple((each,) for each in equal[:3]), len(equal) > 3)
            )
        return None

    def _part(self, same: list[int], amount: int, open_amounts: list[int]) -> _Claim | None:
        """Part of a single document; more money than the documents ask for is only proposed."""
        total = sum(open_amounts)
        if (total < 0) != (amount < 0) or not total:
            return None
        less = amount < total if total > 0 else amount > total
        if less and len(same) == 1:
            return _Claim((same[0],), (amount,), (), PARTIAL)
        if not less:
            return _Claim(tuple(same), tuple(open_amounts), (), PARTIAL, Against.OVERPAID)
        return None

    def _exchanged(self, row: int, named: list[int]) -> _Claim | None:
        """Documents in one foreign currency, paid near their carrying value in the account's currency."""
        rules = [rule for rule in self._rule.adjust if rule.type is AdjustmentType.EXCHANGE]
        ledger, statement = self._stage.ledger, self._stage.statement
        if not rules or len({int(ledger.currency[each]) for each in named}) > 1:
            return None
        foreign = self._stage.problem.currencies[ledger.currency[named[0]]]
        local = self._stage.problem.currencies[statement.currency[row]]
        carrying = exact_sum([self._base_amounts[each] for each in named], EXPONENTS.get(local, 2))
        total, amount = sum(int(self._left[each]) for each in named), int(statement.left[row])
        if carrying is None or not total or (total < 0) != (amount < 0):
            return None
        if not _drifted_within(rules[0], amount, carrying):
            return None
        legs = exchange_legs(rules[0], amount, local, total, foreign, self._rates[row])
        return _Claim(tuple(named), tuple(int(self._left[each]) for each in named), legs, ADJUSTED, carried=True)


def _drifted_within(rule: AdjustmentRule, amount: int, carrying: int) -> bool:
    drift = amount - carrying
    size, base = (drift if drift >= 0 else -drift), (carrying if carrying >= 0 else -carrying)
    return size * 100 <= Fraction(rule.percent_max) * base


def exchange_legs(
    rule: AdjustmentRule, amount: int, local: str, total: int, foreign: str, stated_rate: str
) -> tuple[AdjustmentLeg, ...]:
    """One exchange leg per currency, and a rounding leg for what the stated rate cannot say exactly.

    amount: minor units of `local` on the statement; total: minor units of `foreign` in the ledger.
    """
    scale = Fraction(10) ** (EXPONENTS[local] - EXPONENTS[foreign])
    rate_text = (
        stated_rate if _explains(stated_rate, amount, total, scale) else _rate_text(Fraction(amount, total) / scale)
    )
    converted = round(Fraction(rate_text) * total * scale)
    legs = [
        AdjustmentLeg(AdjustmentType.EXCHANGE, converted, local, rule.account, rule.name, rate_text),
        AdjustmentLeg(AdjustmentType.EXCHANGE, -total, foreign, rule.account, rule.name, rate_text),
    ]
    if amount != converted:
        legs.append(AdjustmentLeg(AdjustmentType.ROUNDING, amount - converted, local, rule.account, rule.name))
    return tuple(legs)


def _explains(rate: str, amount: int, total: int, scale: Fraction) -> bool:
    """Whether a stated rate gives the amount but for what its last decimal may round."""
    if not rate:
        return False
    unit = Fraction(1, 10 ** len(rate.partition(".")[2]))
    missed = amount - Fraction(rate) * total * scale
    size = total if total >= 0 else -total
    return -1 - unit * size * scale / 2 <= missed <= 1 + unit * size * scale / 2


def _rate_text(rate: Fraction) -> str:
    """The rate with RATE_DECIMALS decimals, rounded half to even, without zeros at the end."""
    scaled = round(rate * 10**RATE_DECIMALS)
    text = decimal_text(scaled, RATE_DECIMALS)
    return text.rstrip("0").rstrip(".")

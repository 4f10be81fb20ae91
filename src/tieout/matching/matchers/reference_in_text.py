"""Document numbers inside the bank's text: one payment for the documents it names.

The text says which documents, the amount decides: it pays them all, pays them short by one typed leg (a fee, an
early-payment discount), pays them in another currency near their carrying value, or pays part of a single one.
"""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

import numpy as np

from tieout.domain.line_table import Int64Column, texts_of
from tieout.domain.matches import AdjustmentType
from tieout.domain.plans import AdjustmentRule, Pass
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.money import decimal_text, exact_sum
from tieout.matching.adjusting import leg_for
from tieout.matching.chance import none_expected
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
    Found,
    Leg,
    Proposal,
    found_from,
    found_pairs,
    joined,
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
        self._left = stage.ledger.left
        self._is_open = open_documents(stage.problem)
        self._ambiguous: list[Ambiguous] = []

    @cached_property
    def _descriptions(self) -> list[str]:
        return texts_of(self._stage.statement.table.description, len(self._stage.statement))

    @cached_property
    def _rates(self) -> list[str]:
        return texts_of(self._stage.statement.table.rate, len(self._stage.statement))

    @cached_property
    def _written(self) -> list[str]:
        return texts_of(self._stage.ledger.table.reference, len(self._stage.ledger))

    @cached_property
    def _base_amounts(self) -> list[str]:
        return texts_of(self._stage.ledger.table.base_amount, len(self._stage.ledger))

    def findings(self) -> Findings:
        naming = self._stage.problem.named.filled(self._stage.rows)
        rows, ledger_rows = self._paid_exactly(naming)
        claimed = self._claimed(naming[~np.isin(naming, rows)])
        return Findings(joined([self._exact(rows, ledger_rows), claimed]), self._ambiguous)

    def _paid_exactly(self, naming: Int64Column) -> tuple[Int64Column, Int64Column]:
        """The commonest claim, found in columns: a row that names one document, one open line of it, of its amount."""
        statement, ledger, named = self._stage.statement, self._stage.ledger, self._stage.problem.named
        rows = naming[named.count(naming) == 1]
        codes = named.codes[named.offsets[rows]]
        lines = self._stage.ledger_rows
        lines = lines[ledger.reference[lines] != NO_CODE]
        span = int(max(codes.max(initial=0), ledger.reference.max(initial=0))) + 1
        counts = np.bincount(ledger.reference[lines], minlength=span)
        row_of_code = np.zeros(span, dtype=np.int64)
        row_of_code[ledger.reference[lines]] = lines
        only = counts[codes] == 1
        rows, ledger_rows = rows[only], row_of_code[codes[only]]
        pays = (statement.currency[rows] == ledger.currency[ledger_rows]) & (
            statement.left[rows] == ledger.left[ledger_rows]
        )
        if self._stage.book_entries:
            pays &= statement.account[rows] == ledger.account[ledger_rows]
        return rows[pays], ledger_rows[pays]

    def _exact(self, rows: Int64Column, ledger_rows: Int64Column) -> Found:
        against = self._against(rows, ledger_rows)
        return found_pairs(
            rows,
            ledger_rows,
            self._stage.statement.left[rows],
            confirm=(against == 0) & (self._rule.confirm == "only_answer"),
            supporting=supporting(self._stage.problem, rows, ledger_rows) | int(For.NAMED),
            contradicting=against,
            chance=none_expected(len(rows)),
        )

    def _documents(self, naming: Int64Column) -> dict[int, list[int]]:
        """Open ledger rows of this round by the reference codes that these rows name; only those that few share."""
        named, reference = self._stage.problem.named, self._stage.ledger.reference
        wanted = np.zeros(int(max(named.codes.max(initial=0), reference.max(initial=0))) + 2, dtype=np.bool_)
        wanted[[code for row in naming.tolist() for code in named.at(row)]] = True
        rows_of: defaultdict[int, list[int]] = defaultdict(list)
        ledger_rows = self._stage.ledger_rows
        ledger_rows = ledger_rows[(reference[ledger_rows] != NO_CODE) & wanted[reference[ledger_rows]]]
        for row, code in zip(ledger_rows.tolist(), reference[ledger_rows].tolist(), strict=True):
            rows_of[code].append(row)
        return {code: rows for code, rows in rows_of.items() if len(rows) <= LINES_PER_DOCUMENT_MAX}

    def _claimed(self, naming: Int64Column) -> Found:
        """Every other claim, row by row."""
        claims = [(row, claim) for row, named in self._naming(naming) if (claim := self._claim(row, named)) is not None]
        if not claims:
            return found_from([])
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
        return found_from(proposals)

    def _naming(self, rows: Int64Column) -> Iterator[tuple[int, list[int]]]:
        """The rows with the documents of this round that they name and that the window allows."""
        statement, ledger, named_codes = self._stage.statement, self._stage.ledger, self._stage.problem.named
        rows_of = self._documents(rows)
        for row in rows.tolist():
            codes = named_codes.at(row)
            named = [each for code in codes for each in rows_of.get(code, ())]
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

"""Two lines of one account of which the later returns the earlier: a correction, a bounced debit, a chargeback.

Equal and opposite amounts prove nothing by themselves; something must say that one returns the other. When the earlier
line is already tied, undoing that match is proposed as one action, never done. What a provider holds back, or carries
on to its next payout, is ended by its release, never by an adjustment.
"""

import re

import numpy as np

from tieout.domain.line_table import BoolColumn, Int64Column, texts_at
from tieout.domain.plans import Pass
from tieout.matching.adjusting import leg_for
from tieout.matching.codes import NO_CODE, grouped
from tieout.matching.columns import SideColumns
from tieout.matching.evidence import For
from tieout.matching.pairing import candidates, pair_off
from tieout.matching.proposals import (
    ADJUSTED,
    EXACT,
    LEDGER,
    STATEMENT,
    WITHIN,
    Ambiguous,
    Findings,
    Leg,
    Proposal,
    found_from,
)
from tieout.matching.provider_kinds import ends, has_direction, of_kinds, takes_back
from tieout.matching.stage import Stage, known

# The words by which banks and books in the languages of our users say that something came back.
_RETURN_WORDS = re.compile(
    r"\b(?:return(?:ed)?|revers(?:al|ed)|refused|charge ?back|storno|r[uü]ck(?:lastschrift|gabe|buchung|ueberweisung)"
    r"|retour|estorno|devolu[cç][aã]o|devolvid[oa]|tilbakef[oø]r\w*|retur|reverser\w*|rechazo|devoluci[oó]n)\b",
    re.IGNORECASE,
)


def find(stage: Stage, rule: Pass) -> Findings:
    """Return pairs among the statement lines and among the book entries."""
    parts = [_found(stage, rule, stage.statement, np.arange(len(stage.statement)))]
    if stage.ledger.book_entry.any():
        parts.append(_found(stage, rule, stage.ledger, np.flatnonzero(stage.ledger.book_entry)))
    return Findings(
        found_from([proposal for proposals, _ in parts for proposal in proposals]),
        [each for _, ambiguous in parts for each in ambiguous],
    )


def _found(stage: Stage, rule: Pass, side: SideColumns, rows: Int64Column) -> tuple[list[Proposal], list[Ambiguous]]:
    whole = rows[(side.left[rows] == side.amount[rows]) & (side.amount[rows] != 0)]
    tied = rows[(side.left[rows] == 0) & (side.amount[rows] != 0)]
    if side.side == "ledger":
        tied = tied[:0]  # a tied book entry is corrected in the books, not here
    earlier = np.concatenate([whole, tied])
    pairs = [*_by_reference(side, whole, earlier), *_by_amount(side, whole, earlier)]
    left = np.array([pair[0] for pair in pairs], dtype=np.int64)
    right = np.array([pair[1] for pair in pairs], dtype=np.int64)
    gap = side.day[left] - side.day[right]
    in_order = (gap > 0) | (left > right)
    in_order |= (gap == 0) & _is_of_provider(side, left) & has_direction(side, left)
    possible = (gap >= 0) & (gap <= rule.days) & (left != right) & in_order
    possible &= (side.amount[left] < 0) != (side.amount[right] < 0)
    if side.side == "statement":
        possible &= takes_back(side, left, right)
    bits = _evidence(side, left, right)
    chosen = possible & (bits != 0) & _balances(stage, rule, side, left, right)
    left, right, bits = left[chosen], right[chosen], bits[chosen]
    # An equal reference says which line came back; a mere word of return does not.
    for flag in (For.ENDS, For.REFERENCE):
        pointed = (bits & int(flag)) != 0
        best = pointed | ~(np.isin(left, left[pointed]) | np.isin(right, right[pointed]))
        left, right, bits = left[best], right[best], bits[best]
    unique, first = np.unique(np.stack([left, right], axis=1), axis=0, return_index=True)
    supports = bits[first]
    pairing = pair_off(side, side, unique[:, 0], unique[:, 1])
    proposals = [
        _proposal(stage, rule, side, int(unique[pair, 0]), int(unique[pair, 1]), int(supports[pair]))
        for pair in pairing.only.tolist()
    ]
    number = STATEMENT if side.side == "statement" else LEDGER
    ambiguous = [each._replace(side=number, answers_side=number) for each in pairing.ambiguous]
    return proposals, ambiguous


def _by_reference(side: SideColumns, later: Int64Column, earlier: Int64Column) -> list[tuple[int, int]]:
    return _listed(side, known(side, later, ["reference"]), known(side, earlier, ["reference"]), ["reference"])


def _by_amount(side: SideColumns, later: Int64Column, earlier: Int64Column) -> list[tuple[int, int]]:
    return _listed(side, later, earlier, ["size"])


def _listed(side: SideColumns, later: Int64Column, earlier: Int64Column, columns: list[str]) -> list[tuple[int, int]]:
    both = np.concatenate([later, earlier])
    values = {"size": np.where(side.amount < 0, -side.amount, side.amount), "reference": side.reference}
    keys = grouped(side.currency[both], side.account[both], *(values[column][both] for column in columns))
    listed = candidates(keys[: len(later)], later, keys[len(later) :], earlier)
    return list(zip(listed.rows.tolist(), listed.ledger_rows.tolist(), strict=True))


def _evidence(side: SideColumns, later: Int64Column, earlier: Int64Column) -> Int64Column:
    """Bits of For: an equal reference, or a return mark together with the same party or none known."""
    bits = np.zeros(len(later), dtype=np.int64)
    same_reference = (side.reference[later] == side.reference[earlier]) & (side.reference[later] != NO_CODE)
    same_party = side.party[later] == side.party[earlier]
    marked = _marked(side, later)
    unknown = (side.party[later] == NO_CODE) | (side.party[earlier] == NO_CODE)
    # A returned payment that is paid again bears the same reference: the return is the earlier of those two.
    bits[same_reference & (marked | ~_marked(side, earlier))] |= int(For.REFERENCE)
    bits[marked & (same_party | unknown)] |= int(For.RETURN_MARK)
    bits[(bits != 0) & same_party & ~unknown] |= int(For.COUNTERPARTY)
    if side.side == "statement":
        bits[ends(side, later, earlier)] |= int(For.ENDS)
    return bits


def _is_of_provider(side: SideColumns, rows: Int64Column) -> BoolColumn:
    """Per row whether it has a kind, as what a provider reports has."""
    if side.side == "ledger":
        return np.zeros(len(rows), dtype=np.bool_)
    return ~of_kinds(side, ("",))[rows]


def _marked(side: SideColumns, rows: Int64Column) -> BoolColumn:
    marked = side.reversal[rows].copy()
    distinct, place = np.unique(rows, return_inverse=True)
    texts = texts_at(side.table.description, distinct)
    says = np.array([_RETURN_WORDS.search(text) is not None for text in texts], dtype=np.bool_)
    return np.asarray(marked | says[place] if len(distinct) else marked, dtype=np.bool_)


def _balances(stage: Stage, rule: Pass, side: SideColumns, later: Int64Column, earlier: Int64Column) -> BoolColumn:
    residual = side.amount[later] + side.amount[earlier]
    names = stage.problem.currencies
    of_provider = _is_of_provider(side, later)
    balanced = np.array(
        [
            rest == 0 or leg_for(rule.adjust, rest, gross, names[currency]) is not None
            for rest, gross, currency in zip(
                residual.tolist(), side.amount[earlier].tolist(), side.currency[later].tolist(), strict=True
            )
        ],
        dtype=np.bool_,
    )
    return np.asarray(balanced & ~(of_provider & (residual != 0)), dtype=np.bool_)


def _proposal(stage: Stage, rule: Pass, side: SideColumns, later: int, earlier: int, supports: int) -> Proposal:
    residual = int(side.amount[later] + side.amount[earlier])
    currency = stage.problem.currencies[side.currency[later]]
    leg = leg_for(rule.adjust, residual, int(side.amount[earlier]), currency) if residual else None
    number = STATEMENT if side.side == "statement" else LEDGER
    tied = bool(side.left[earlier] == 0)
    return Proposal(
        legs=tuple(Leg(number, row, int(side.amount[row])) for row in (earlier, later)),
        confirm=not tied and rule.confirm == "only_answer",
        supporting=supports,
        kind=WITHIN,
        rank=ADJUSTED if leg else EXACT,
        # `within`: allocations + adjustments = 0, so the bank's charge stands with the opposite sign.
        adjustments=(leg._replace(minor_units=-residual),) if leg else (),
        action="undo_and_reopen" if tied else None,
    )

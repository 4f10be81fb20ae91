"""An own transfer: money that leaves one account of the entity and arrives on another, tied once."""

import numpy as np

from tieout.domain.line_table import BoolColumn, Int64Column
from tieout.domain.plans import Pass
from tieout.matching.chance import AmountDensity
from tieout.matching.codes import NO_CODE, grouped
from tieout.matching.evidence import For
from tieout.matching.pairing import candidates, pair_off
from tieout.matching.proposals import EXACT, STATEMENT, WITHIN, Findings, Leg, Proposal, found_from
from tieout.matching.stage import Stage


def find(stage: Stage, rule: Pass) -> Findings:
    """Equal and opposite statement lines on two accounts at most `rule.days` apart."""
    statement, rows = stage.statement, stage.rows
    out, into = rows[statement.left[rows] < 0], rows[statement.left[rows] > 0]
    size = np.concatenate([-statement.left[out], statement.left[into]])
    keys = grouped(np.concatenate([statement.currency[out], statement.currency[into]]), size)
    listed = candidates(keys[: len(out)], out, keys[len(out) :], into)
    near = np.abs(statement.day[listed.rows] - statement.day[listed.ledger_rows]) <= rule.days
    apart = statement.account[listed.rows] != statement.account[listed.ledger_rows]
    known, denied = _own_account(stage, listed.rows, listed.ledger_rows)
    chosen = near & apart & ~denied
    left, right, known = listed.rows[chosen], listed.ledger_rows[chosen], known[chosen]
    strong = known | ~(np.isin(left, left[known]) | np.isin(right, right[known]))
    left, right, known = left[strong], right[strong], known[strong]
    pairing = pair_off(statement, statement, left, right)
    density = AmountDensity(statement, into)
    amounts = statement.left[right[pairing.only]]
    hits = density.expected_hits(amounts, statement.currency[right[pairing.only]], rule.days)
    proposals = [
        _proposal(stage, rule, int(left[pair]), int(right[pair]), bool(known[pair]), float(chance))
        for pair, chance in zip(pairing.only.tolist(), hits.tolist(), strict=True)
    ]
    return Findings(found_from(proposals), pairing.ambiguous)


def _own_account(stage: Stage, left: Int64Column, right: Int64Column) -> tuple[BoolColumn, BoolColumn]:
    """Whether one line names the other's account, and whether one names somebody else's."""
    statement = stage.statement
    translation = np.array(
        [stage.problem.account_as_party.get(code, NO_CODE) for code in range(len(stage.problem.account_as_party))],
        dtype=np.int64,
    )
    account_left, account_right = translation[statement.account[left]], translation[statement.account[right]]
    party_left, party_right = statement.party_account[left], statement.party_account[right]
    confirms = ((party_left == account_right) & (account_right != NO_CODE)) | (
        (party_right == account_left) & (account_left != NO_CODE)
    )
    denies = ((party_left != NO_CODE) & (party_left != account_right)) | (
        (party_right != NO_CODE) & (party_right != account_left)
    )
    return confirms, denies


def _proposal(stage: Stage, rule: Pass, out: int, into: int, known: bool, chance: float) -> Proposal:
    amounts = stage.statement.left
    contested = bool(stage.contested[STATEMENT][[out, into]].any())
    enough = known or (chance <= rule.accidental_hits_max and not contested)
    return Proposal(
        legs=tuple(Leg(STATEMENT, row, int(amounts[row])) for row in sorted((out, into))),
        confirm=enough and rule.confirm == "only_answer",
        supporting=int(For.OWN_ACCOUNT) if known else int(For.ONLY_AMOUNT),
        kind=WITHIN,
        rank=EXACT,
        chance=float("nan") if known else chance,
    )

"""An own transfer: money that leaves one account of the entity and arrives on another, tied once.

A provider's payout is one: it leaves the clearing account, which no bank names, and arrives at the bank.
"""

import numpy as np

from tieout.domain.line_table import BoolColumn, Int64Column
from tieout.domain.plans import DAYS_WITH_REFERENCE, Pass
from tieout.matching.chance import AmountDensity
from tieout.matching.codes import NO_CODE, grouped
from tieout.matching.evidence import For
from tieout.matching.pairing import candidates, pair_off
from tieout.matching.proposals import EXACT, STATEMENT, WITHIN, Findings, Leg, Proposal, found_from
from tieout.matching.provider_kinds import MAY_BE_TRANSFERRED, names_batch, names_provider, of_kinds
from tieout.matching.stage import Stage

# Where only one line names the other's account and the other names nobody, the amount has to be this rare.
ACCIDENTAL_HITS_NAMED_MAX = 0.01


def find(stage: Stage, rule: Pass) -> Findings:
    """Equal and opposite statement lines on two accounts at most `rule.days` apart."""
    statement = stage.statement
    rows = np.flatnonzero(statement.open & of_kinds(statement, MAY_BE_TRANSFERRED))
    out, into = rows[statement.left[rows] < 0], rows[statement.left[rows] > 0]
    size = np.concatenate([-statement.left[out], statement.left[into]])
    keys = grouped(np.concatenate([statement.currency[out], statement.currency[into]]), size)
    listed = candidates(keys[: len(out)], out, keys[len(out) :], into)
    gap = statement.day[listed.rows] - statement.day[listed.ledger_rows]
    apart = statement.account[listed.rows] != statement.account[listed.ledger_rows]
    names, denied = _naming(stage, listed.rows, listed.ledger_rows)
    bits = _payouts(stage, listed.rows, listed.ledger_rows, names)
    window = np.where((bits & int(For.BATCH)) != 0, max(rule.days, DAYS_WITH_REFERENCE), rule.days)
    chosen = (gap <= window) & (gap >= -window) & apart & ~(denied & (bits == 0))
    left, right, names, bits = listed.rows[chosen], listed.ledger_rows[chosen], names[chosen], bits[chosen]
    for enough in (3, 2, 1):
        strong = (names >= enough) | ~(np.isin(left, left[names >= enough]) | np.isin(right, right[names >= enough]))
        left, right, names, bits = left[strong], right[strong], names[strong], bits[strong]
    pairing = pair_off(statement, statement, left, right)
    density = AmountDensity(statement, into)
    amounts = statement.left[right[pairing.only]]
    hits = density.expected_hits(amounts, statement.currency[right[pairing.only]], rule.days)
    proposals = [
        _proposal(stage, rule, (int(left[pair]), int(right[pair])), int(names[pair]), int(bits[pair]), float(chance))
        for pair, chance in zip(pairing.only.tolist(), hits.tolist(), strict=True)
    ]
    return Findings(found_from(proposals), pairing.ambiguous)


def _naming(stage: Stage, left: Int64Column, right: Int64Column) -> tuple[Int64Column, BoolColumn]:
    """How many of the two lines name the other's account, and whether one names somebody else."""
    statement = stage.statement
    number_of = stage.problem.account_as_party
    translation = np.array([number_of.get(code, NO_CODE) for code in range(len(number_of))], dtype=np.int64)
    names = np.zeros(len(left), dtype=np.int64)
    denied = np.zeros(len(left), dtype=np.bool_)
    for one, other in ((left, right), (right, left)):
        wanted, said = translation[statement.account[other]], statement.party_account[one]
        names += (said == wanted) & (wanted != NO_CODE)
        denied |= (said != NO_CODE) & (said != wanted)
        # A line that gives a name must give the entity's own, as the line that names the account does.
        stranger = (statement.party[one] != NO_CODE) & (statement.party[one] != statement.party[other])
        denied |= (said == NO_CODE) & stranger & (statement.party[other] != NO_CODE)
    return names, denied


def _payouts(stage: Stage, left: Int64Column, right: Int64Column, names: Int64Column) -> Int64Column:
    """Bits of For where the line that leaves is a provider's payout; `names` then says how well the bank names it.

    A bank line that names the provider is as good as two that name each other's account, one that names the batch is
    better, and one that names nobody as good as one that names an account.
    """
    statement = stage.statement
    bits = np.zeros(len(left), dtype=np.int64)
    payout, bank = of_kinds(statement, ("payout",)), of_kinds(statement, ("",))
    for pair in np.flatnonzero(payout[left] & bank[right]).tolist():
        out, into = int(left[pair]), int(right[pair])
        named = int(For.BATCH) * names_batch(statement, out, into)
        named |= int(For.COUNTERPARTY) * names_provider(statement, out, into)
        bits[pair] = int(For.PAYOUT) | named
        names[pair] = (3 if named & int(For.BATCH) else 2) if named else int(statement.party[into] == NO_CODE)
    return bits


def _proposal(stage: Stage, rule: Pass, pair: tuple[int, int], names: int, bits: int, chance: float) -> Proposal:
    """names: how many of the two lines name the other's account. bits: of For, where one of them is a payout."""
    amounts = stage.statement.left
    contested = bool(stage.contested[STATEMENT][list(pair)].any())
    limit = max(rule.accidental_hits_max, ACCIDENTAL_HITS_NAMED_MAX) if names else rule.accidental_hits_max
    enough = names >= 2 or (chance <= limit and not contested)
    return Proposal(
        legs=tuple(Leg(STATEMENT, row, int(amounts[row])) for row in sorted(pair)),
        confirm=enough and rule.confirm == "only_answer",
        supporting=bits or (int(For.OWN_ACCOUNT) if names else int(For.ONLY_AMOUNT)),
        kind=WITHIN,
        rank=EXACT,
        chance=float("nan") if names >= 2 else chance,
    )

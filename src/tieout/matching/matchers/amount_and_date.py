"""Same amount inside a window of days, and nothing that speaks against it.

An amount alone proves little: the true counterpart may be missing from the files. So a pair is confirmed only when it
is alone in both directions and either the party agrees or hardly any accidental hit is to be expected.
"""

import numpy as np

from tieout.domain.line_table import BoolColumn, Int64Column
from tieout.domain.plans import DAYS_WITH_REFERENCE, Pass
from tieout.matching.chance import ACCIDENTAL_HITS_TOGETHER_MAX, AmountDensity, FloatColumn
from tieout.matching.codes import NO_CODE, grouped
from tieout.matching.columns import SideColumns
from tieout.matching.evidence import PARTY, STRONG, Against, For, before_document, contradicting, supporting
from tieout.matching.pairing import ANSWERS_SHOWN, Candidates, candidates, pair_off
from tieout.matching.proposals import LEDGER, STATEMENT, Ambiguous, Findings, found_pairs
from tieout.matching.stage import Stage, known, unbatched

# Books and bank date one movement the same day or the next one; a weekend lies between them at most.
DAYS_BOOKED_TOGETHER_MAX = 3


def find(stage: Stage, rule: Pass) -> Findings:
    """Pairs of equal currency and open amount at most `rule.days` apart."""
    rows, ledger_rows = unbatched(stage.statement, stage.rows), unbatched(stage.ledger, stage.ledger_rows)
    keys, ledger_keys = stage.keys(["currency", "left"], rows, ledger_rows)
    listed = candidates(keys, rows, ledger_keys, ledger_rows)
    # Of both rounds: an amount that is rare among the book entries may be every second open item's.
    density = AmountDensity(stage.ledger, np.arange(len(stage.ledger)))
    crowded = _by_party(stage, listed)
    left = np.concatenate([listed.rows, *(part.rows for part in crowded)])
    right = np.concatenate([listed.ledger_rows, *(part.ledger_rows for part in crowded)])
    wide = stage.days_apart(left, right) <= max(rule.days, DAYS_WITH_REFERENCE)
    left, right = left[wide], right[wide]
    bits = supporting(stage.problem, left, right)
    plausible = contradicting(stage.problem, left, right, bits) == 0
    left, right, bits = left[plausible], right[plausible], bits[plausible]
    evident = (bits & (PARTY | STRONG)) != 0
    near = stage.days_apart(left, right) <= rule.days
    listed_pairs = near | _older_answers(stage, left, right, near, evident)
    left, right, bits, evident = left[listed_pairs], right[listed_pairs], bits[listed_pairs], evident[listed_pairs]
    best = _strongest(left, right, evident)
    findings = _paired(stage, rule, density, (left[best], right[best], bits[best]))
    findings.ambiguous += _uncounted(stage, rule, listed, findings)
    return findings


def _older_answers(
    stage: Stage, rows: Int64Column, ledger_rows: Int64Column, near: BoolColumn, evident: BoolColumn
) -> BoolColumn:
    """Pairs with an older open item of the same party and amount that nothing nearer wants.

    A payment inside the window of one invoice may as well be for an older one that is still unpaid.
    """
    if stage.book_entries:
        return np.zeros(len(rows), dtype=np.bool_)
    older = ~near & evident & (stage.ledger.day[ledger_rows] <= stage.statement.day[rows])
    unwanted = ~np.isin(ledger_rows, ledger_rows[near])
    return np.asarray(older & unwanted & np.isin(rows, rows[near & evident]), dtype=np.bool_)


def _by_party(stage: Stage, listed: Candidates) -> list[Candidates]:
    """Where one amount is too common to list its pairs, only pairs of one party are looked at."""
    parts = []
    for rows, ledger_rows in listed.crowded:
        named, ledger_named = known(stage.statement, rows, ["party"]), known(stage.ledger, ledger_rows, ["party"])
        keys, ledger_keys = stage.keys(["party"], named, ledger_named)
        parts.append(candidates(keys, named, ledger_keys, ledger_named))
    return parts


def _strongest(rows: Int64Column, ledger_rows: Int64Column, strong: BoolColumn) -> BoolColumn:
    """Pairs with evidence, and pairs of rows that have none with evidence at all."""
    taken = np.isin(rows, rows[strong]) | np.isin(ledger_rows, ledger_rows[strong])
    return strong | ~taken


def _paired(
    stage: Stage, rule: Pass, density: AmountDensity, pairs: tuple[Int64Column, Int64Column, Int64Column]
) -> Findings:
    evident = (pairs[2] & (PARTY | STRONG)) != 0
    pairing = pair_off(stage.statement, stage.ledger, pairs[0], pairs[1], evident)
    alone = _alone(pairs[0]) & _alone(pairs[1])
    rows, ledger_rows, bits = (column[pairing.only] for column in pairs)
    evident, alone = evident[pairing.only], alone[pairing.only]
    amounts, gap = stage.statement.left[rows], stage.days_apart(rows, ledger_rows)
    hits = density.expected_hits(amounts, stage.statement.currency[rows], rule.days)
    booked = _booked_together(stage, rows, ledger_rows)
    certain = evident | booked | _rare(stage, rule, rows, hits, evident)
    if stage.book_entries:
        # An entry that the books took back again never was at the bank.
        certain &= evident | ~_opposed(stage.ledger, ledger_rows, stage.ledger_rows, rule.days)
    confirm = certain & (rule.confirm == "only_answer")
    confirm &= ~stage.is_contested(STATEMENT, rows, evident) & ~stage.is_contested(LEDGER, ledger_rows, evident)
    against = np.zeros(len(rows), dtype=np.int64)
    against[before_document(stage.problem, rows, ledger_rows)] |= int(Against.BEFORE_DOCUMENT)
    against[gap > rule.days] |= int(Against.OUTSIDE_WINDOW)
    found = found_pairs(
        rows,
        ledger_rows,
        amounts,
        confirm=confirm & (against == 0),
        supporting=bits | np.where(alone, int(For.ONLY_AMOUNT), 0) | np.where(booked, int(For.BOOKED_TOGETHER), 0),
        contradicting=against,
        chance=hits,
    )
    return Findings(found, pairing.ambiguous)


def _alone(rows: Int64Column) -> BoolColumn:
    """Rows that occur once."""
    return np.asarray(np.bincount(rows, minlength=1)[rows] == 1, dtype=np.bool_)


def _booked_together(stage: Stage, rows: Int64Column, ledger_rows: Int64Column) -> BoolColumn:
    """Book entries of the account and nearly the day, where neither side names anybody: wages, charges, coffees.

    The books of an account mirror the bank, so an equal entry of that day is that movement.
    """
    if not stage.book_entries:
        return np.zeros(len(rows), dtype=np.bool_)
    nameless = (stage.statement.party[rows] == NO_CODE) & (stage.ledger.party[ledger_rows] == NO_CODE)
    return np.asarray(nameless & (stage.days_apart(rows, ledger_rows) <= DAYS_BOOKED_TOGETHER_MAX), dtype=np.bool_)


def _rare(stage: Stage, rule: Pass, rows: Int64Column, hits: FloatColumn, evident: BoolColumn) -> BoolColumn:
    """Pairs without evidence whose amounts are rare, each by itself and all of them together.

    Among thousands of lines that nothing but their amount ties, some hit by accident even if each one hardly would;
    the rarest amounts are taken as long as their accidental hits add up to little.
    """
    together = np.where(evident, 0.0, hits)
    order = np.lexsort((np.arange(len(hits)), together))
    few = np.zeros(len(hits), dtype=np.bool_)
    few[order] = np.cumsum(together[order]) <= ACCIDENTAL_HITS_TOGETHER_MAX
    moved = _opposed(stage.statement, rows, stage.rows, rule.days) & (not stage.book_entries)
    return np.asarray(few & (hits <= rule.accidental_hits_max) & ~moved, dtype=np.bool_)


def _opposed(side: SideColumns, rows: Int64Column, others: Int64Column, days: int) -> BoolColumn:
    """Rows whose amount another row of their side takes back inside the window: a transfer, a return, a correction."""
    keys = grouped(
        np.concatenate([side.currency[rows], side.currency[others]]),
        np.concatenate([side.left[rows], -side.left[others]]),
    )
    listed = candidates(keys[: len(rows)], rows, keys[len(rows) :], others)
    gap = side.day[listed.rows] - side.day[listed.ledger_rows]
    opposed = listed.rows[(gap <= days) & (gap >= -days)]
    return np.isin(rows, np.concatenate([opposed, *(part[0] for part in listed.crowded)]))


def _uncounted(stage: Stage, rule: Pass, listed: Candidates, findings: Findings) -> list[Ambiguous]:
    """Rows of an amount too common to list, said as not searched further with a few of their candidates."""
    settled_rows = set(findings.found.leg_row[findings.found.leg_side == STATEMENT].tolist())
    settled_rows |= {row for each in findings.ambiguous if each.side == STATEMENT for row in each.rows}
    said = []
    for rows, ledger_rows in listed.crowded:
        order = ledger_rows[np.lexsort((ledger_rows, stage.ledger.day[ledger_rows]))]
        days = stage.ledger.day[order]
        for row in rows.tolist():
            day = int(stage.statement.day[row])
            begin = int(np.searchsorted(days, day - rule.days, "left"))
            end = int(np.searchsorted(days, day + rule.days, "right"))
            answers = order[begin : min(end, begin + ANSWERS_SHOWN)].tolist()
            if row not in settled_rows and answers:
                said.append(Ambiguous(STATEMENT, (row,), LEDGER, tuple((answer,) for answer in answers), more=True))
    return said

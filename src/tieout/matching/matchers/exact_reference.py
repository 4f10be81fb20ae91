"""Same currency, same amount, same reference: the strongest single sign that two lines are one movement."""

import numpy as np

from tieout.domain.line_table import Int64Column
from tieout.domain.plans import Pass
from tieout.matching.chance import none_expected
from tieout.matching.evidence import Against, contradicting, supporting
from tieout.matching.pairing import candidates, pair_off
from tieout.matching.proposals import Findings, found_pairs, joined
from tieout.matching.stage import Stage, known


def find(stage: Stage, rule: Pass) -> Findings:
    """Pairs that agree in currency, open amount and reference, alone in both directions inside the window.

    Pairs further apart than the window are proposed, not confirmed.
    """
    rows = known(stage.statement, stage.rows, ["reference"])
    ledger_rows = known(stage.ledger, stage.ledger_rows, ["reference"])
    keys, ledger_keys = stage.keys(["currency", "left", "reference"], rows, ledger_rows)
    listed = candidates(keys, rows, ledger_keys, ledger_rows)
    near = stage.days_apart(listed.rows, listed.ledger_rows) <= rule.days
    far = ~near & ~np.isin(listed.rows, listed.rows[near])
    findings = [
        _paired(stage, rule, listed.rows[near], listed.ledger_rows[near], 0),
        _paired(stage, rule, listed.rows[far], listed.ledger_rows[far], Against.OUTSIDE_WINDOW),
    ]
    return Findings(joined([part.found for part in findings]), [each for part in findings for each in part.ambiguous])


def _paired(stage: Stage, rule: Pass, rows: Int64Column, ledger_rows: Int64Column, distance: int) -> Findings:
    pairing = pair_off(stage.statement, stage.ledger, rows, ledger_rows)
    rows, ledger_rows = rows[pairing.only], ledger_rows[pairing.only]
    bits = supporting(stage.problem, rows, ledger_rows)
    against = contradicting(stage.problem, rows, ledger_rows, bits) | distance
    found = found_pairs(
        rows,
        ledger_rows,
        stage.statement.left[rows],
        confirm=(against == 0) & (rule.confirm == "only_answer"),
        supporting=bits,
        contradicting=against,
        chance=none_expected(len(rows)),
    )
    return Findings(found, pairing.ambiguous)

"""A million generated lines reconciled and scored against their known truth.

The promise: no wrong confirmation at all, and at least 99 % of what is decidable confirmed. The baseline confirms every
pair of equal currency and amount that is alone in both directions: what tools do that look at amounts alone.
"""

import csv
import json
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.processes import measured, tieout
from tieout.lab.score import score

RECALL_MIN = 0.99
_LINES = 1_000_000


def measure(lines: int = _LINES, mix: str = "default", seed: int = 5) -> dict[str, object]:
    """Wrong confirmations, precision and recall of the result, with the seconds and peak memory it took."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measured(tieout("generate", "--lines", str(lines), "--seed", str(seed), "--mix", mix, "--out", name))
        sides = ["--ledger", str(folder / "ledger.csv"), "--statement", str(folder / "statement.csv")]
        run = measured(tieout("reconcile", *sides, "--out", str(folder / "out")))
        scored = score(folder / "truth.json", folder / "out" / "result.json")
        wrong_by_amount = _wrong_by_amount(folder)
    return {
        "lines": lines,
        "mix": mix,
        "wrong_confirmations": scored.wrong,
        "wrong_confirmations_max": 0,
        "precision": round(scored.precision, 6),
        "recall": round(scored.recall, 4),
        "recall_min": RECALL_MIN,
        "decidable_groups": scored.decidable,
        "groups": scored.groups,
        "seconds": round(run.seconds, 1),
        "peak_mib": round(run.peak_mib),
        "wrong_of_equal_amounts_alone": wrong_by_amount,
    }


def _wrong_by_amount(folder: Path) -> int:
    """Wrong pairs of a tool that ties every amount which each side has exactly once."""
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    partner = {
        line: group["ledger"][0]
        for group in truth["groups"]
        if len(group["statement"]) == 1 and len(group["ledger"]) == 1
        for line in group["statement"]
    }
    sides = []
    for name in ("statement.csv", "ledger.csv"):
        with (folder / name).open(encoding="utf-8", newline="") as stream:
            sides.append([(row["currency"], row["amount"], row["id"]) for row in csv.DictReader(stream)])
    counts = [Counter(line[:2] for line in side) for side in sides]
    ledger = {line[:2]: line[2] for line in sides[1]}
    return sum(
        partner.get(line) != ledger[currency, amount]
        for currency, amount, line in sides[0]
        if counts[0][currency, amount] == 1 and counts[1][currency, amount] == 1
    )


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))

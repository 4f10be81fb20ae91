"""Whole commands on little input: where loading the program is nearly all of the time.

The promise: two small files reconciled in at most 0.8 seconds, `tieout --help` in 0.3, with warm caches. The baseline
is an interpreter that does nothing.
"""

import json
import tempfile
from pathlib import Path

from benchmarks.processes import median, python, tieout
from tieout.lab.generate import generate

SECONDS_RECONCILE_MAX, SECONDS_HELP_MAX = 0.8, 0.3
_LINES = 200
_ROUNDS = 9


def measure() -> dict[str, object]:
    """Median seconds of each command and of the bare interpreter."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate(_LINES, 3, folder, "default")
        sides = ["--ledger", str(folder / "ledger.csv"), "--statement", str(folder / "statement.csv")]
        reconcile = median(tieout("reconcile", *sides, "--out", str(folder / "out")), _ROUNDS)
    bare = median(python("pass"), _ROUNDS)
    return {
        "lines": _LINES,
        "reconcile_seconds": round(reconcile.seconds, 3),
        "reconcile_seconds_max": SECONDS_RECONCILE_MAX,
        "help_seconds": round(median(tieout("--help"), _ROUNDS).seconds, 3),
        "help_seconds_max": SECONDS_HELP_MAX,
        "bare_interpreter_seconds": round(bare.seconds, 3),
        "ratio_to_bare_interpreter": round(reconcile.seconds / bare.seconds, 1),
    }


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))

"""100,000 generated lines a side, from two files to result.json, as a command of its own.

The promise: at most 3 seconds warm, 4 seconds with an empty kernel cache, and 1 GiB. The baseline reads the same two
files with Polars and joins them on currency, amount and reference, which finds a third of the matches and proves none.
"""

import json
import tempfile
from pathlib import Path

from benchmarks.processes import measured, median, python, tieout

SECONDS_WARM_MAX, SECONDS_COLD_MAX, MIB_MAX = 3.0, 4.0, 1024
_LINES = 100_000
_ROUNDS = 3
_BASELINE = """
import polars, sys
sides = [polars.read_csv(path, infer_schema=False) for path in sys.argv[1:]]
sides[0].join(sides[1], on=["currency", "amount", "reference"]).height
"""


def measure(lines: int = _LINES) -> dict[str, object]:
    """Median seconds and peak memory of the command, warm, cold and with every file of the result."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measured(tieout("generate", "--lines", str(lines), "--seed", "11", "--out", name))
        ledger, statement = str(folder / "ledger.csv"), str(folder / "statement.csv")
        command = tieout("reconcile", "--ledger", ledger, "--statement", statement)
        warm = median([*command, "--json"], _ROUNDS)
        cold = measured([*command, "--json"], {"XDG_CACHE_HOME": str(folder / "empty cache")})
        whole = median([*command, "--out", str(folder / "out")], _ROUNDS)
        baseline = median([*python(_BASELINE), ledger, statement], _ROUNDS)
        size = sum(Path(path).stat().st_size for path in (ledger, statement))
    return {
        "lines": lines,
        "bytes": size,
        "seconds_warm": round(warm.seconds, 2),
        "seconds_warm_max": SECONDS_WARM_MAX,
        "seconds_cold": round(cold.seconds, 2),
        "seconds_cold_max": SECONDS_COLD_MAX,
        "seconds_whole_folder": round(whole.seconds, 2),
        "peak_mib": round(max(warm.peak_mib, cold.peak_mib, whole.peak_mib)),
        "peak_mib_max": MIB_MAX,
        "polars_join_seconds": round(baseline.seconds, 2),
        "ratio_to_polars_join": round(warm.seconds / baseline.seconds, 2),
    }


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))

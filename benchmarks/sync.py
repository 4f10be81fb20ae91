"""What goes in and out by itself: settlements drained, pushes to a platform that misbehaves, jobs a second.

Promised on two cores: 10,000 settlement entries drained through Koncili's face in a second with its limit lifted, and
with it never more than 3 calls in any 60 seconds of a simulated day while a client that waits as told is never refused;
10,000 pushes to a platform that doubles, drops, delays and lies in 30 % of calls without a duplicate or a loss there;
1,000 small jobs a second on PostgreSQL and 300 on SQLite. BENCH_PARTS names some of drain, push and work.
"""

import os

from benchmarks import koncili_drain, pushing, worker

_PARTS = {"drain": koncili_drain.figures, "push": pushing.figures, "work": worker.figures}


def measure() -> dict[str, object]:
    """Every figure by its name, the part of the benchmark first."""
    wanted = os.environ.get("BENCH_PARTS", "").split() or _PARTS
    return {f"{part}_{name}": value for part in wanted for name, value in _PARTS[part]().items()}

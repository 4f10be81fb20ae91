"""Whole processes, timed from outside: wall seconds and the peak of resident memory."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Measured(NamedTuple):
    """One finished process."""

    seconds: float
    peak_mib: float
    status: int


def measured(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> Measured:
    """Run a command to its end, its output thrown away."""
    started = time.perf_counter()
    with subprocess.Popen(
        arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **(environment or {})}
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        return Measured(time.perf_counter() - started, usage.ru_maxrss / 1024, process.returncode)


def median(arguments: Sequence[str], rounds: int, environment: Mapping[str, str] | None = None) -> Measured:
    """The median seconds of several runs after one that warms the caches, and the largest peak."""
    runs = [measured(arguments, environment) for _ in range(rounds + 1)][1:]
    failed = [run.status for run in runs if run.status]
    if failed:
        raise RuntimeError(f"{' '.join(arguments)} ended with status {failed[0]}")
    return Measured(statistics.median(run.seconds for run in runs), max(run.peak_mib for run in runs), 0)


def tieout(*arguments: str) -> list[str]:
    """The command line of tieout in this interpreter."""
    return [sys.executable, "-m", "tieout", *arguments]


def python(code: str) -> list[str]:
    """A fresh interpreter that runs `code`."""
    return [sys.executable, "-c", code]

"""Runs the benchmarks of a source checkout and tells their figures."""

import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol, cast

from tieout.kernel.errors import Missing, UsageError
from tieout.kernel.names import did_you_mean

_FOLDER = "benchmarks"


class Benchmark(Protocol):
    """The shape of a benchmark: a module of the folder benchmarks/ that has `measure`."""

    __doc__: str | None

    def measure(self) -> dict[str, object]:
        """Names and values of the figures, what was promised beside each."""
        ...


class Figures(NamedTuple):
    """What one benchmark measured."""

    name: str
    promise: str  # the first line of its docstring
    figures: dict[str, object]


def bench(names: Sequence[str] = ()) -> list[Figures]:
    """Run the named benchmarks, or all of them, in name order.

    Raises Missing where there is no source checkout, UsageError for a name that no benchmark has.
    """
    found = {path.stem: path for path in sorted(_folder().glob("*.py")) if "def measure(" in path.read_text("utf-8")}
    for name in names:
        if name not in found:
            raise UsageError(f"there is no benchmark {name!r}; {did_you_mean(name, found)}")
    return [_run(name, found[name]) for name in names or found]


def _folder() -> Path:
    for root in (Path.cwd(), *Path(__file__).resolve().parents):
        if (root / _FOLDER / "processes.py").is_file():
            return root / _FOLDER
    raise Missing("the folder benchmarks/", "run this inside a source checkout of tieout")


def _run(name: str, path: Path) -> Figures:
    if str(path.parent.parent) not in sys.path:
        sys.path.insert(0, str(path.parent.parent))  # benchmarks share `benchmarks.processes`
    specification = importlib.util.spec_from_file_location(f"{_FOLDER}.{name}", path)
    assert specification is not None, "the file was just found"
    assert specification.loader is not None, "a source file has a loader"
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    benchmark = cast("Benchmark", module)
    return Figures(name, (benchmark.__doc__ or "").strip().splitlines()[0], benchmark.measure())

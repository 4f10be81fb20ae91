"""What stands in the way of a reconciliation: files of both sides, decisions and a plan, in the folder of a code."""

from pathlib import Path

from tieout.app import importers
from tieout.domain.line_table import LineTable
from tieout.kernel.errors import Refusal, Refused
from tieout.kernel.registry import modules_in
from tieout.services.decisions import read_decisions
from tieout.services.directing import Directing
from tieout.services.plans import plan_of
from tieout.services.read_sides import inputs_of, read_side


def read_ledger(folder: Path) -> None:
    """Every file of the folder as the ledger side."""
    read_side(inputs_of(sorted(path.name for path in folder.iterdir())), "ledger", importers())


def read_plan(folder: Path) -> None:
    """The plan of the folder."""
    matchers = [module.__name__.rpartition(".")[2] for module in modules_in("tieout.matching.matchers")]
    plan_of((folder / "plan.toml").read_text("utf-8"), "plan.toml", matchers)


def follow_decisions(folder: Path) -> None:
    """The decisions of the folder, held against its lines."""
    _directing().directions()


def follow_unequal_decision(folder: Path) -> None:
    """The decisions of the folder, where the engine finds that the amounts of one do not add up."""
    raise Refused(_directing().findings([Refusal("amounts_differ", "S1 L1")]))


def follow_decision_twice(folder: Path) -> None:
    """The decisions of the folder, where the engine finds that one line is used up by an earlier one."""
    raise Refused(_directing().findings([Refusal("line_used_up", "S1")]))


def _directing() -> Directing:
    (decisions,) = inputs_of(["decisions.csv"])
    return Directing(read_decisions(decisions.source), _lines("statement.csv"), _lines("ledger.csv"))


def _lines(name: str) -> LineTable:
    return read_side(inputs_of([name]), "ledger" if name == "ledger.csv" else "statement", importers()).lines

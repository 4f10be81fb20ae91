"""The main job on files: both sides in, a proved reconciliation out."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from tieout.contracts.importer import Importer
from tieout.contracts.reading import Source
from tieout.domain.kinds import Side
from tieout.domain.plans import Plan
from tieout.domain.results import Result
from tieout.kernel.errors import Finding, Refused
from tieout.matching.engine import Matcher
from tieout.services.files.bring_forward import Brought, bring_forward
from tieout.services.files.check_files import advised, attempt
from tieout.services.files.decisions import FINDINGS_SHOWN_MAX, Decision, read_decisions
from tieout.services.files.previous import read_previous
from tieout.services.files.read_sides import Input, SideRead, read_side
from tieout.services.files.reconcile_lines import GivenBalances, Lines, reconcile_lines
from tieout.services.files.sources import sources_of


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be reconciled, and under which plan."""

    ledger: Sequence[Input]
    statement: Sequence[Input]
    plan: Plan
    decisions: str | None = None  # a file of decisions
    previous: str | None = None  # the folder of the result that this one follows
    given: GivenBalances = field(default_factory=GivenBalances)
    profile: str | None = None  # a reading option for the files of the statement side


@dataclass(frozen=True, slots=True)
class Parts:
    """What the outer floors hand in."""

    importers: Sequence[Importer]
    matchers: Mapping[str, Matcher]
    watch: Callable[[Source], Source] = lambda source: source  # wraps each source before it is read
    tell: Callable[[str], None] = lambda _: None  # takes the name of what begins when everything is read


def reconcile_files(request: Request, parts: Parts) -> Result:
    """Read both sides, unite them with what an earlier run hands on, and tie them.

    Raises Refused with the located reasons of every file that cannot be read, of decisions that cannot be followed,
    and of a previous result that does not fit; UsageError for an unknown profile or a balance of no account.
    """
    begun = time.perf_counter()
    decisions = _decisions(request.decisions)
    statement, ledger = _sides(request, parts)
    brought = None if request.previous is None else bring_forward(read_previous(request.previous), statement, ledger)
    lines = _lines(statement, ledger, decisions, brought)
    parts.tell(f"matching {len(lines.statement):,} statement lines and {len(lines.ledger):,} ledger lines")
    result = reconcile_lines(lines, request.plan, parts.matchers, request.given)
    return replace(result, seconds=time.perf_counter() - begun)


def _decisions(path: str | None) -> list[Decision]:
    if path is None:
        return []
    sources = sources_of(path)
    if isinstance(sources, Finding):
        raise Refused(advised([sources]))
    found: list[Decision] = []
    for source in sources:
        read = attempt(source, partial(read_decisions, source))
        if isinstance(read, tuple):
            raise Refused(read)
        found += read
    return found


def _sides(request: Request, parts: Parts) -> tuple[SideRead, SideRead]:
    """Both sides; refused files of one do not hide those of the other."""
    refused: list[Refused] = []
    read: list[SideRead] = []
    wanted: tuple[tuple[Side, Sequence[Input], str | None], ...] = (
        ("statement", request.statement, request.profile),
        ("ledger", request.ledger, None),
    )
    for side, inputs, profile in wanted:
        try:
            read.append(read_side(inputs, side, parts.importers, profile, parts.watch))
        except Refused as error:
            refused.append(error)
    if refused:
        findings = [finding for error in refused for finding in error.findings]
        raise Refused(findings[:FINDINGS_SHOWN_MAX], sum(error.count for error in refused))
    return read[0], read[1]


def _lines(statement: SideRead, ledger: SideRead, decisions: Sequence[Decision], brought: Brought | None) -> Lines:
    return Lines(
        statement=statement.lines if brought is None else brought.statement,
        ledger=ledger.lines if brought is None else brought.ledger,
        quarantined=(*statement.quarantined, *ledger.quarantined),
        warnings=(*statement.warnings, *ledger.warnings, *(brought.warnings if brought else ())),
        statements=statement.statements,
        decisions=decisions,
        brought=brought,
    )

"""Proves a result while its matches are walked once: certificates, conservation, bank reconciliations."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from tieout.domain.kinds import Side
from tieout.domain.line_table import LineTable
from tieout.domain.matches import Match
from tieout.domain.results import BankReconciliation, Conservation, OpenLine
from tieout.proofs.bank_reconciliation import Balances, BankReconciler
from tieout.proofs.certificate import Verifier
from tieout.proofs.conservation import FAULTS_MAX, Outcomes, conservation
from tieout.proofs.line_amounts import line_amounts


class Onlooker(Protocol):
    """Whoever else wants to see every match of the walk."""

    def take(self, match: Match) -> None:
        """Look at one match."""
        ...


class Claims(NamedTuple):
    """What a result says of its lines, to be proved."""

    statement: LineTable
    ledger: LineTable
    matches: Iterable[Match]
    open_lines: Sequence[OpenLine]
    settled: Collection[str] = ()
    ignored: Collection[tuple[Side, str]] = ()
    held: Mapping[str, int] = {}  # of statement lines: tied or set aside by an earlier run, waiting for a book entry


class Proved(NamedTuple):
    """What the proofs found."""

    conservation: Conservation
    reconciliations: tuple[BankReconciliation, ...]


def prove(claims: Claims, balances: Balances, onlookers: Sequence[Onlooker] = ()) -> Proved:
    """Check every certificate, that no line is lost or used twice, and every account against its balances.

    A certificate that does not hold is a fault of the conservation: the match uses what it does not say.
    """
    statement, ledger = claims.statement, claims.ledger
    verifier = Verifier(line_amounts(statement, ledger))
    reconciler = BankReconciler(statement, ledger, balances)
    for match in claims.matches:
        verifier.take(match)
        reconciler.take(match)
        for onlooker in onlookers:
            onlooker.take(match)
    for line, part in claims.held.items():
        verifier.tied.statement[line] = verifier.tied.statement.get(line, 0) + part
    broken = [str(fault) for fault in verifier.faults()]
    outcomes = Outcomes(verifier.tied, claims.open_lines, claims.settled, claims.ignored)
    found = conservation(statement, ledger, outcomes)
    if broken:
        found = Conservation(holds=False, faults=(*broken[:FAULTS_MAX], *found.faults))
    return Proved(found, reconciler.reconciliations())

"""Checks a result that lies in a folder, without the engine: digests, certificates, conservation, balances."""

from collections.abc import Iterator
from typing import NamedTuple

from tieout.domain.kinds import Side
from tieout.domain.matches import MatchState
from tieout.domain.results import BankReconciliation, Outstanding
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.dates import NO_DAY, day_number, day_of_text
from tieout.kernel.money import minor_units_of
from tieout.proofs.account_balances import AccountBalances
from tieout.proofs.bank_reconciliation import Balances
from tieout.services.files.prove_result import Claims, prove
from tieout.services.files.read_folder import AccountShape, Folder, OutstandingShape, read_folder

# Decimals that an amount has at most: amounts in currencies without decimals of their own are compared at these.
_DECIMALS_MAX = 6


class Verification(NamedTuple):
    """What was checked, and every fault in words; none where the result proves itself."""

    statement_lines: int
    ledger_lines: int
    matches: int  # confirmed ones, whose certificates were checked
    faults: tuple[str, ...]


def verify_folder(folder: str) -> Verification:
    """Check what `tieout reconcile --out` wrote, from nothing but its own files.

    Nothing of the engine takes part: lines, allocations, adjustments and balances are added up again. Raises
    UsageError where the folder holds no result.
    """
    found = read_folder(folder)
    faults = [
        *(f"{name} is missing or was changed since tieout wrote it" for name in found.changed),
        *_proof_faults(found),
        *_result_faults(found),
        *_summary_faults(found),
    ]
    confirmed = sum(match.state is MatchState.CONFIRMED for match in found.matches)
    return Verification(len(found.statement), len(found.ledger), confirmed, tuple(faults))


def _result_faults(found: Folder) -> Iterator[str]:
    """Certificates, conservation and bank reconciliations, computed again."""
    ignored: list[tuple[Side, str]] = [(each.side, each.line) for each in found.result.ignored]
    claims = Claims(
        found.statement,
        found.ledger,
        found.matches,
        found.open_lines,
        found.result.settled_in_books,
        ignored,
        found.held,
    )
    proved = prove(claims, _balances(found))
    yield from proved.conservation.faults
    if found.result.conservation.holds != proved.conservation.holds:
        yield f"result.json says that conservation {_holds(found.result.conservation.holds)}, and it does not"
    again = {(account.account, account.currency): account for account in proved.reconciliations}
    for account in found.result.reconciliations:
        computed = again.pop((account.account, account.currency), None)
        if computed is None:
            yield f"account {account.account} in {account.currency} is reconciled, but has neither lines nor balances"
        else:
            yield from _account_faults(account, computed)
    yield from (f"account {name} in {currency} is not reconciled" for name, currency in again)


def _holds(holds: bool) -> str:
    return "holds" if holds else "does not hold"


def _balances(found: Folder) -> Balances:
    """The balances as result.json states them, so that the lines between them are computed again."""
    accounts = found.result.reconciliations
    return Balances(
        statements=[
            AccountBalances(
                account=each.account,
                currency=each.currency,
                opening=None,
                closing=_units(each.per_bank, each.currency),
                as_of=day_number(day_of_text(each.as_of)) if each.as_of else NO_DAY,
            )
            for each in accounts
        ],
        books={
            (each.account, each.currency): _units(each.per_books, each.currency)
            for each in accounts
            if each.per_books is not None
        },
    )


def _units(text: str | None, currency: str) -> int:
    return 0 if text is None else minor_units_of(text, EXPONENTS.get(currency, 2))


def _account_faults(said: AccountShape, computed: BankReconciliation) -> Iterator[str]:
    name = f"account {said.account} in {said.currency}"
    for words, listed, again in (
        ("in the books and not on the bank", said.in_books_not_on_bank, computed.in_books_not_on_bank),
        ("on the bank and not in the books", said.on_bank_not_in_books, computed.on_bank_not_in_books),
    ):
        if not _agrees(listed, again, said.currency):
            yield f"{name}: the lines {words} are others than result.json lists"
    if said.per_bank is None or said.per_books is None:
        if said.holds is not None or said.difference is not None:
            yield f"{name}: a difference is stated, though a balance is unknown"
        return
    if said.difference is None or _units(said.difference, said.currency) != computed.difference:
        yield f"{name}: the difference is another one than result.json states"
    if said.holds != computed.holds:
        yield f"{name}: result.json says that the reconciliation {_holds(bool(said.holds))}, and it is wrong"


def _agrees(said: OutstandingShape, computed: Outstanding, currency: str) -> bool:
    amounts = tuple(_units(text, currency) for text in said.amounts)
    return (tuple(said.lines), _units(said.sum, currency), tuple(said.ages), amounts) == computed


def _proof_faults(found: Folder) -> Iterator[str]:
    """Opening plus movements gives closing, for every statement."""
    for proof in found.result.proofs:
        if None in (proof.opening, proof.closing):
            continue
        gap = _wide(proof.closing) - _wide(proof.opening) - _wide(proof.movements)
        if proof.gap is not None and (_wide(proof.gap) != gap or proof.holds != (gap == 0)):
            yield f"the balances of account {proof.account} leave another gap than result.json states"


def _wide(text: str | None) -> int:
    return minor_units_of(text or "0", _DECIMALS_MAX)


def _summary_faults(found: Folder) -> Iterator[str]:
    confirmed = sum(match.state is MatchState.CONFIRMED for match in found.matches)
    counts = {
        "statement_lines": len(found.statement),
        "ledger_lines": len(found.ledger),
        "matches_confirmed": confirmed,
        "matches_proposed": len(found.matches) - confirmed,
    }
    for name, count in counts.items():
        if found.result.summary.get(name) != count:
            yield f"the summary counts {found.result.summary.get(name)} as {name}, but there are {count}"

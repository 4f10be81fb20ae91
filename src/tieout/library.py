"""The public Python calls. `import tieout` finds them here when they are first used."""

import io
import os
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from tieout import app
from tieout.contracts.checking import Checked
from tieout.contracts.exporter import ResultFormat
from tieout.domain.results import AccountProof, BankReconciliation, BroughtForward, Result
from tieout.kernel.errors import Finding, Refused, UsageError
from tieout.services.files.table_source import ArrowStream, LazyTable, TableSource, located_in_tables, table_source

if TYPE_CHECKING:
    import polars

Path: TypeAlias = str | os.PathLike[str]
# What one side is: a file, a table in memory, or several of them.
Input: TypeAlias = Path | ArrowStream | LazyTable
Side: TypeAlias = Input | Sequence[Input]
# Balances by account, exact: decimal text, a decimal, or a whole number of the currency's unit.
Balances: TypeAlias = Mapping[str, str | Decimal | int]


def check(path: Path, profile: str | None = None) -> Checked:
    """What a bank or provider file states, and whether its balances prove it.

    path: a file, or a zip archive that stands for its members.
    profile: a reading option of the format, as `tieout check --profile`.
    Returns the files with their statements, entries, proofs and warnings. A proof that fails and a file that is
    refused are answers: look at `proofs` and `refused`. Raises UsageError for a profile that no format has.
    """
    return app.check([os.fspath(path)], profile, keep_entries=True)


def reconcile(
    ledger: Side,
    statement: Side,
    *,
    plan: Path | None = None,
    decisions: Path | None = None,
    previous: Path | None = None,
    book_balances: Balances | None = None,
    bank_balances: Balances | None = None,
    profile: str | None = None,
) -> "Reconciliation":
    """Tie the lines of the outside to the lines of the books, and prove it; nothing is written.

    ledger: canonical CSV. statement: bank and provider files, or canonical CSV. Either is a path, a table with
    canonical columns (Polars, Arrow, or whatever hands its columns over as Arrow), or several of them.
    plan: a plan file, or the name of a plan that comes with tieout. decisions: a CSV of decisions.
    previous: the folder of the result that this one follows. book_balances, bank_balances: by account.
    profile: a reading option for the files of the statement side.
    Raises Refused, with the located reasons in `findings`, for input that cannot be reconciled; PlanError for a plan;
    UsageError for whatever else cannot be right.
    """
    tables: dict[str, TableSource] = {}
    sides = [_arguments(ledger, "ledger", tables), _arguments(statement, "statement", tables)]
    try:
        result = app.reconcile(
            *sides,
            plan=None if plan is None else os.fspath(plan),
            decisions=None if decisions is None else os.fspath(decisions),
            previous=None if previous is None else os.fspath(previous),
            book_balances=_balances("book_balances", book_balances),
            bank_balances=_balances("bank_balances", bank_balances),
            profile=profile,
        )
    except Refused as refused:
        raise located_in_tables(refused, tables) from None
    return Reconciliation(result)


def _arguments(side: Side, name: str, tables: dict[str, TableSource]) -> list[app.SideArgument]:
    """The files and tables of one side; tables are noted by the name that messages give them."""
    several = [side] if isinstance(side, str | os.PathLike | ArrowStream | LazyTable) else list(side)
    if not several:
        raise UsageError(f"the {name} is empty; name a file or hand over a table")
    found: list[app.SideArgument] = []
    for number, each in enumerate(several, 1):
        if isinstance(each, str | os.PathLike):
            found.append(os.fspath(each))
            continue
        called = f"{name} table" if len(several) == 1 else f"{name} table {number}"
        tables[called] = table_source(each, called)
        found.append(tables[called])
    return found


def _balances(name: str, balances: Balances | None) -> list[str]:
    """The balances as the command takes them. Raises UsageError for one that is not exact."""
    for account, amount in (balances or {}).items():
        if isinstance(amount, bool) or not isinstance(amount, str | Decimal | int):
            raise UsageError(f"{name}: {amount!r} of account {account} is not exact; write it as text or as a Decimal")
    texts = {
        account: f"{amount:f}" if isinstance(amount, Decimal) else str(amount)
        for account, amount in (balances or {}).items()
    }
    return [f"{account}={amount}" for account, amount in texts.items()]


class Reconciliation:
    """One reconciliation: what tied out, what did not, and the proofs.

    Tables are Polars frames, made when they are first asked for; every amount is there as decimal text and as
    `minor_units`. Amounts in the plain values are whole minor units, signed, positive is money in.
    """

    def __init__(self, result: Result) -> None:
        self._result = result

    @cached_property
    def matches(self) -> "polars.DataFrame":
        """One row per match, confirmed and proposed, with its adjustments, evidence and reasons."""
        return self._table("matches.parquet")

    @cached_property
    def allocations(self) -> "polars.DataFrame":
        """What each match uses of each line: match, side, line, amount, minor_units, currency."""
        return self._table("allocations.parquet")

    @cached_property
    def open(self) -> "polars.DataFrame":
        """Every line that nothing confirmed ties, with what is left of it, its age, and why it is still open."""
        return self._table("open.parquet")

    @cached_property
    def ambiguous(self) -> "polars.DataFrame":
        """Lines with more than one answer: statement, ledger, answers, more, would_decide.

        The fixed lines stand under their own side, `answers` has ids of the other side. Where neither side is fixed,
        `pairings` has the answers.
        """
        import polars
        from polars import Boolean, List, String, Struct

        ids = List(String())
        schema = {
            "statement": ids,
            "ledger": ids,
            "answers": List(ids),
            "more": Boolean(),
            "would_decide": String(),
            "pairings": List(Struct({"statement": ids, "ledger": ids})),
        }
        rows = [
            {
                "statement": list(each.statement),
                "ledger": list(each.ledger),
                "answers": [list(answer) for answer in each.answers],
                "more": each.more,
                "would_decide": each.would_decide,
                "pairings": [{"statement": list(one.statement), "ledger": list(one.ledger)} for one in each.pairings],
            }
            for each in self._result.ambiguous
        ]
        return polars.DataFrame(rows, schema=schema)

    @property
    def proofs(self) -> tuple[AccountProof, ...]:
        """Whether opening plus movements gives closing, for every statement of a bank file."""
        return self._result.proofs

    @property
    def reconciliations(self) -> tuple[BankReconciliation, ...]:
        """Per account: balance per bank, what is outstanding, balance per books, and whether that holds."""
        return self._result.reconciliations

    @property
    def quarantined(self) -> tuple[Finding, ...]:
        """Entries of bank files that could not be read whole and are not counted."""
        return self._result.quarantined

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What a reader should know of files that were read."""
        return self._result.warnings

    @property
    def brought_forward(self) -> BroughtForward | None:
        """What this run took over from the one before it; None where none was given."""
        return self._result.brought_forward

    @property
    def summary(self) -> dict[str, object]:
        """How many lines, matches and open lines there are, and how long it took."""
        from tieout.contracts.result_json import summary_of

        return summary_of(self._result)

    def write(self, folder: Path, result_format: ResultFormat = "json") -> None:
        """Write the result as `tieout reconcile --out`: the whole folder or nothing.

        result_format: "json", or "parquet" for the long lists. Raises Refused where the folder holds something that
        tieout did not write, and CannotWrite where the operating system says no.
        """
        app.write(self._result, os.fspath(folder), result_format)

    def to_json(self) -> str:
        """The result as result.json has it."""
        return self._file("result.json", "json").decode()

    def _table(self, file: str) -> "polars.DataFrame":
        """The table that a Parquet file of the result holds."""
        import polars

        return polars.read_parquet(self._file(file, "parquet"))

    def _file(self, file: str, result_format: ResultFormat) -> bytes:
        stream = io.BytesIO()
        app.write_file(self._result, file, stream, result_format)
        return stream.getvalue()

    def __repr__(self) -> str:
        result = self._result
        said = f"{result.matches_confirmed} matches confirmed, {result.matches_proposed} proposed"
        left = f"{len(result.ambiguous)} ambiguous, {len(result.open_lines)} lines open"
        return f"<Reconciliation: {said}, {left}>"

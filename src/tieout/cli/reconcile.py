"""`tieout reconcile`: the main job on files."""

import gc
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer

from tieout.cli.exit_status import DIFFERENCES_REMAIN, DONE
from tieout.cli.output import answer_stream, show
from tieout.kernel.errors import Missing, UsageError

if TYPE_CHECKING:
    from tieout.domain.results import Result


_Ledger: TypeAlias = Annotated[
    list[str],
    typer.Option("--ledger", metavar="FILE...", help="The books as canonical CSV: open items, book entries."),
]
_Statement: TypeAlias = Annotated[
    list[str],
    typer.Option("--statement", metavar="FILE...", help="Bank and provider files, or canonical CSV."),
]
_BookBalances: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--book-balance", metavar="ACCOUNT=AMOUNT", help="The balance per books; one per account."),
]
_BankBalances: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--bank-balance", metavar="ACCOUNT=AMOUNT", help="The balance per bank, where no file has it."),
]
_Plan: TypeAlias = Annotated[
    str | None, typer.Option(metavar="PLAN", help="A plan file, or the name of a plan; see tieout plan show.")
]
_Decisions: TypeAlias = Annotated[
    str | None, typer.Option(metavar="FILE", help="CSV with action, statement, ledger and reason.")
]
_Previous: TypeAlias = Annotated[
    str | None, typer.Option(metavar="DIR", help="The result of the period before: its open lines come in.")
]
_Out: TypeAlias = Annotated[str | None, typer.Option(metavar="DIR", help="Write the result here.")]
_Format: TypeAlias = Annotated[
    Literal["json", "parquet"], typer.Option("--format", help="How long lists are written with --out.")
]
_Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Answer with result.json.")]
_Engine: TypeAlias = Annotated[Literal["local", "pool", "spark"], typer.Option(help="Where the matching runs.")]
_SparkUrl: TypeAlias = Annotated[str | None, typer.Option(metavar="URL", help="The Spark server, for --engine spark.")]
_FailOnDifference: TypeAlias = Annotated[
    bool, typer.Option("--fail-on-difference", help="Exit with 1 when anything is left to look at.")
]
_Profile: TypeAlias = Annotated[
    str | None, typer.Option(metavar="NAME", help="Read the statement files with this reading option.")
]


def reconcile(
    *,
    ledger: _Ledger,
    statement: _Statement,
    book_balance: _BookBalances = None,
    bank_balance: _BankBalances = None,
    plan: _Plan = None,
    decisions: _Decisions = None,
    previous: _Previous = None,
    out: _Out = None,
    result_format: _Format = "json",
    as_json: _Json = False,
    engine: _Engine = "local",
    spark_url: _SparkUrl = None,
    fail_on_difference: _FailOnDifference = False,
    profile: _Profile = None,
) -> None:
    """Tie statement lines to ledger lines, prove it, and say what is open and why.

    For example: tieout reconcile --ledger open_items.csv --statement may.xml june.xml --out result
    """
    _require_possible(engine, spark_url, out, result_format)
    from tieout.app import reconcile as reconcile_files
    from tieout.app import require_replaceable, write
    from tieout.cli.phases import work_progress
    from tieout.domain.differences import differences_remain

    if out is not None:
        require_replaceable(out)
    gc.disable()  # the command ends before garbage in cycles matters; looking for it takes a quarter of the time
    with work_progress() as work:
        result = reconcile_files(
            ledger,
            statement,
            plan=plan,
            decisions=decisions,
            previous=previous,
            book_balances=book_balance or (),
            bank_balances=bank_balance or (),
            profile=profile,
            watch=work.watch,
            tell=work.tell,
        )
        if out is not None:
            work.tell(f"writing {out}")
            write(result, out, result_format)
    _answer(result, out, as_json)
    raise typer.Exit(DIFFERENCES_REMAIN if fail_on_difference and differences_remain(result) else DONE)


def _require_possible(engine: str, spark_url: str | None, out: str | None, result_format: str) -> None:
    """Pass when the options fit each other. Raises UsageError, and Missing for an engine that is not there."""
    if spark_url is not None and engine != "spark":
        raise UsageError("--spark-url: it needs --engine spark")
    if result_format != "json" and out is None:
        raise UsageError(f"--format {result_format}: it needs --out DIR")
    if engine != "local":
        raise Missing(f"the engine {engine}", "it comes with a later version; use --engine local")


def _answer(result: "Result", out: str | None, as_json: bool) -> None:
    if as_json:
        from tieout.app import write_file

        with answer_stream() as stream:
            write_file(result, "result.json", stream)
    else:
        from tieout.cli.result_table import result_table

        show(result_table(result, out))

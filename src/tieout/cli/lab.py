"""`tieout generate`, `tieout score` and `tieout bench`: lines with known truth, and what became of them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tieout.cli.output import show, write

if TYPE_CHECKING:
    from msgspec import Struct

_JSON = typer.Option("--json", help="Answer with JSON.")


def generate(
    *,
    lines: Annotated[int, typer.Option(min=0, help="How many lines the larger side shall have.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same files.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Write ledger.csv, statement.csv and truth.json here.")],
    mix: Annotated[str, typer.Option(metavar="NAME", help="How easy and hard cases are mixed.")] = "default",
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Write realistic lines of both sides, with the truth about which belong together.

    For example: tieout generate --lines 10000 --seed 7 --out generated
    """
    from tieout.lab.generate import generate as write_files

    made = write_files(lines, seed, out, mix)
    if as_json:
        _write_json(made)
    else:
        from tieout.cli.lab_tables import generated_table

        show(generated_table(made, out))


def score(
    *,
    truth: Annotated[Path, typer.Option(metavar="FILE", help="A truth.json of tieout generate.")],
    result: Annotated[Path, typer.Option(metavar="FILE", help="A result.json of tieout reconcile.")],
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Say what a result got right: precision, recall and every wrong confirmation.

    For example: tieout score --truth generated/truth.json --result out/result.json
    """
    from tieout.lab.score import score as compare

    scored = compare(truth, result)
    if as_json:
        _write_json(scored)
    else:
        from tieout.cli.lab_tables import score_table

        show(score_table(scored))


def bench(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Benchmarks; all when none.")] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Measure what docs/benchmarks.md promises, on this machine.

    For example: tieout bench small_commands
    """
    from tieout.lab.bench import bench as measure

    figures = measure(names or ())
    if as_json:
        import json

        answer = {each.name: {"promise": each.promise, **each.figures} for each in figures}
        write((json.dumps(answer, indent=2) + "\n").encode())
    else:
        from tieout.cli.lab_tables import bench_table

        show(bench_table(figures))


def _write_json(answer: "Struct") -> None:
    import msgspec

    write(msgspec.json.format(msgspec.json.encode(answer), indent=2) + b"\n")

"""`tieout verify`: whether a written result still proves itself."""

from typing import Annotated

import typer

from tieout.cli.exit_status import DIFFERENCES_REMAIN, DONE
from tieout.cli.output import complain, write


def verify(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="A folder that tieout reconcile --out wrote.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Answer with JSON.")] = False,
) -> None:
    """Check a result again from its own files: digests, certificates, conservation, balances.

    For example: tieout verify result
    """
    from tieout.app import verify as verify_folder

    found = verify_folder(folder)
    if as_json:
        import json

        write((json.dumps(found._asdict(), indent=2) + "\n").encode())
    else:
        counts = (
            f"{found.statement_lines:,} statement lines, {found.ledger_lines:,} ledger lines, {found.matches:,} matches"
        )
        said = f"{len(found.faults):,} faults" if found.faults else "every equation holds"
        write(f"{counts}: {said}\n".encode())
    for fault in found.faults:
        complain(f"{folder}: {fault}")
    raise typer.Exit(DIFFERENCES_REMAIN if found.faults else DONE)

"""Makes tieout say a code: the folder of the code holds the input and the line that must come out.

tests/errors/<code>/expected.txt   the line, as `tieout` prints it
tests/errors/<code>/command.txt    what stands after `tieout`, where it is not `check --json` and the input; of several
                                   commands, one per line, the last says the code
tests/errors/<code>/...            the input; what no repository can hold is made by tests/errors/made_inputs.py

After a change of words that was wanted, or a new step of the schema: `python -m tests.errors.reproducing CODE...`, then
`make docs`.
"""

import io
import json
import shutil
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.errors import faulty_importer
from tests.errors.made_inputs import CALLS, MADE
from tieout import app
from tieout.cli import main
from tieout.cli.exit_status import MISSING, REFUSED
from tieout.kernel.errors import TieoutError

FOLDER = Path(__file__).parent
_NOT_INPUT = ("expected.txt", "command.txt")


def expected(code: str) -> list[str]:
    """The lines that were recorded for a code; none where nothing was."""
    recorded = FOLDER / code / "expected.txt"
    return recorded.read_text("utf-8").splitlines() if recorded.exists() else []


def said(code: str, workplace: Path) -> list[str]:
    """The lines that tieout now says under a code, in a folder where its input is laid out."""
    _lay_out(code, workplace)
    if code in CALLS:
        with chdir(workplace), pytest.raises(TieoutError) as raised:
            CALLS[code](workplace)
        return str(raised.value).splitlines()
    command = FOLDER / code / "command.txt"
    names = sorted(path.name for path in workplace.iterdir())
    commands = command.read_text("utf-8").splitlines() if command.exists() else [f"check --json {' '.join(names)}"]
    with chdir(workplace):
        answers = [_answer(line.split()) for line in commands]
    answer, complaints = answers[-1]
    return _noticed(code, answer, complaints) if "--json" in commands[-1] and answer else complaints


def _answer(arguments: list[str]) -> tuple[str, list[str]]:
    """What one command puts on standard output and, line by line, on standard error."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    importers = (*app.importers(), faulty_importer)
    with redirect_stdout(out), redirect_stderr(err), pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "importers", lambda: importers)
        status = main(arguments)
    out.seek(0)
    complaints = err.getvalue().splitlines()
    assert bool(complaints) == (status in (REFUSED, MISSING)), (status, complaints)
    return out.read(), complaints


def _lay_out(code: str, workplace: Path) -> None:
    if (FOLDER / code).exists():
        shutil.copytree(FOLDER / code, workplace, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*_NOT_INPUT))
    if code in MADE:
        MADE[code](workplace)


def _noticed(code: str, answer: str, complaints: list[str]) -> list[str]:
    """The warnings, quarantined entries and refusals with this code in the JSON of a check or a result."""
    told = json.loads(answer)
    lines = []
    for file in told if isinstance(told, list) else [told]:
        noticed = [*file["warnings"], *file["quarantined"]]
        lines += [f"{finding['place']}: {finding['message']}" for finding in noticed if finding["code"] == code]
        refused = file.get("refused")
        if refused and refused["code"] == code:
            lines += [line for line in complaints if line.startswith(file["file"]) and refused["message"] in line]
    return lines


def record(codes: list[str]) -> None:
    """Write down what tieout now says under these codes."""
    for code in codes:
        with TemporaryDirectory() as workplace:
            lines = said(code, Path(workplace))
        (FOLDER / code).mkdir(exist_ok=True)
        (FOLDER / code / "expected.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    record(sys.argv[1:])

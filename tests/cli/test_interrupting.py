"""Ctrl-C while a larger input is read, matched or written: status 130, no message, and nothing left behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tieout.lab.generate import generate

LINES = 3_000

# Does the named step over and over, so that the signal arrives inside it, and says when it has begun.
_CHILD = """
import sys
import tieout.{module} as place
whole = place.{step}

def again(*arguments, **options):
    print("begun", flush=True)
    while True:
        {loop}

place.{step} = again
from tieout.cli import main
sys.exit(main(sys.argv[1:]))
"""
_OVER_AND_OVER = "whole(*arguments, **options)"

STEPS = {
    "reading": ("services.files.reconcile_files", "read_side", _OVER_AND_OVER),
    "matching": ("services.files.reconcile_lines", "run", _OVER_AND_OVER),
    "proving": ("services.files.reconcile_lines", "prove", _OVER_AND_OVER),
    "writing": ("exporters.matches_csv", "write", f"{_OVER_AND_OVER}; arguments[1].seek(0)"),
}


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with lines of both sides."""
    folder = tmp_path_factory.mktemp("generated")
    generate(LINES, 11, folder, "default")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("earlier", [False, True], ids=["a new folder", "over an earlier result"])
@pytest.mark.parametrize("step", STEPS)
def test_ctrl_c_ends_with_130_and_leaves_nothing_behind(
    step: str, earlier: bool, generated: Path, tmp_path: Path
) -> None:
    module, name, loop = STEPS[step]
    sides = ["--ledger", str(generated / "ledger.csv"), "--statement", str(generated / "statement.csv")]
    arguments = ["reconcile", *sides, "--out", "results/may"]
    if earlier:
        subprocess.run(
            [sys.executable, "-m", "tieout", *arguments], cwd=tmp_path, check=True, capture_output=True, timeout=120
        )
    before = _content(tmp_path)

    code = _CHILD.format(module=module, step=name, loop=loop)
    child = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "begun\n"
    os.kill(child.pid, signal.SIGINT)
    shown, complaints = child.communicate(timeout=120)

    assert (child.returncode, complaints) == (130, "")
    assert set(shown.splitlines()) <= {"begun"}
    assert _content(tmp_path) == before


def _content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b"" for path in folder.rglob("*")}

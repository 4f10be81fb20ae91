"""The command: what it answers, where, and with which status."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tieout.cli import main
from tieout.contracts.checking import Checked
from tieout.contracts.reading import Source
from tieout.kernel.errors import Missing, TieoutError, UsageError
from tieout.kernel.version import VERSION

STATEMENT = """OFXHEADER:100
VERSION:102

<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>NOK<BANKACCTFROM><ACCTID>1</BANKACCTFROM><BANKTRANLIST>
<STMTTRN><DTPOSTED>20260504<TRNAMT>-1.00<FITID>1</STMTTRN>
</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""

# Nothing that takes longer to import than everything else together.
HEAVY = {"lxml", "msgspec", "numba", "numpy", "polars", "pyarrow", "rapidfuzz", "rich", "tieout.importers", "asyncio"}


def run(*arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    """The real command in a process of its own."""
    command = [sys.executable, "-m", "tieout", *arguments]
    return subprocess.run(command, capture_output=True, cwd=folder, timeout=60, check=False)


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let every check end in this error."""

    def check(paths: Sequence[str], profile: str | None, watch: Callable[[Source], Source]) -> Checked:
        raise error

    monkeypatch.setattr("tieout.app.check", check)


def test_the_version_is_the_one_that_installers_see(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["--version"])

    project = (Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8")
    assert (status, capsys.readouterr().out) == (0, f"tieout {VERSION}\n")
    assert f'\nversion = "{VERSION}"\n' in project


def test_help_lists_the_commands_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["--help"])

    shown = capsys.readouterr()
    assert (status, shown.err) == (0, "")
    assert re.search(r"^  check +Say what each file is, its statements", shown.out, re.MULTILINE)


def test_no_command_at_all_is_wrong_usage_and_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    status = main([])

    shown = capsys.readouterr()
    assert (status, shown.out) == (2, "")
    assert "Commands:" in shown.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["chek"], "tieout: No such command 'chek'. Did you mean 'check'?; see tieout --help"),
        (
            ["check", "--jsn", "x"],
            "tieout check: No such option: --jsn (Possible options: --json); see tieout check --help",
        ),
        (["check"], "tieout check: Missing argument 'FILE'; see tieout check --help"),
        (["check", "x", "--profile"], "tieout: Option '--profile' requires an argument; see tieout --help"),
    ],
)
def test_wrong_usage_is_one_line_with_the_nearest_valid_name(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(arguments)

    shown = capsys.readouterr()
    assert (status, shown.out, shown.err) == (2, "", f"{message}\n")


def test_a_file_that_was_read_is_status_zero_even_without_a_proof(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "may.ofx"
    path.write_text(STATEMENT, encoding="utf-8")

    status = main(["check", str(path)])

    shown = capsys.readouterr()
    assert (status, shown.err) == (0, "")
    assert shown.out.startswith(f"{path}: ofx")
    assert not any(line.endswith(" ") for line in shown.out.splitlines())


def test_json_is_one_array_in_the_order_given_and_refusals_go_to_standard_error_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "may.ofx"
    path.write_text(STATEMENT, encoding="utf-8")

    status = main(["check", "gone.sta", str(path), "--json"])

    shown = capsys.readouterr()
    answer = json.loads(shown.out)
    assert status == 2
    assert [(file["file"], file["refused"] and file["refused"]["code"]) for file in answer] == [
        ("gone.sta", "not_found"),
        (str(path), None),
    ]
    assert shown.err == "gone.sta: there is no such file; check the path\n"


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (UsageError("there is no such plan"), 2, "there is no such plan\n"),
        (TieoutError("one\ntwo"), 2, "one\ntwo\n"),
        (Missing("pyspark", "install tieout[spark]"), 3, "pyspark is missing; install tieout[spark]\n"),
        (OSError(28, "No space left on device"), 2, "[Errno 28] No space left on device\n"),
        (KeyboardInterrupt(), 130, ""),
        (KeyError("leg"), 2, "tieout itself failed: KeyError at test_command_line.py:"),
        (MemoryError(), 2, "tieout itself failed: MemoryError at test_command_line.py:"),
        (RecursionError(), 2, "tieout itself failed: RecursionError at test_command_line.py:"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_every_error_ends_in_a_status_and_a_message_and_never_in_a_traceback(
    error: BaseException, status: int, message: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failing(monkeypatch, error)

    found = main(["check", "may.sta"])

    shown = capsys.readouterr()
    assert (found, shown.out) == (status, "")
    assert shown.err.startswith(message)
    assert "Traceback" not in shown.err


def test_control_characters_in_a_name_reach_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "\x1b[2Jgone\n.sta"])

    assert capsys.readouterr().err == " [2Jgone .sta: there is no such file; check the path\n"


def test_help_imports_nothing_heavy() -> None:
    code = "import sys; from tieout.cli import main; main(['--help']); print(*sys.modules, file=sys.stderr)"

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)

    assert HEAVY & set(ran.stderr.split()) == set()


def test_the_package_answers_as_a_module_and_looks_its_calls_up_when_they_are_used() -> None:
    ran = run("--version")
    code = "import sys, tieout; before = 'tieout.library' in sys.modules; tieout.check; print(before, dir(tieout))"
    looked_up = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)

    assert (ran.returncode, ran.stdout) == (0, f"tieout {VERSION}\n".encode())
    assert looked_up.stdout.startswith("False ['__version__', 'check'")


def test_a_reader_that_goes_away_is_no_error_and_changes_no_status() -> None:
    names = [f"gone-{n}.sta" for n in range(2_000)]

    process = subprocess.Popen(
        [sys.executable, "-m", "tieout", "check", "--json", *names], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    complaints = process.stderr.read().decode().splitlines()
    process.stderr.close()
    status = process.wait(timeout=60)

    assert status == 2
    assert complaints == [f"{name}: there is no such file; check the path" for name in names]


def test_an_answer_is_printed_whatever_the_encoding_of_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "mai-ø.ofx").write_text(STATEMENT, encoding="utf-8")
    code = "import sys; from tieout.cli import main; sys.exit(main(['check', 'mai-ø.ofx', 'ø']))"

    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        cwd=tmp_path,
        env={"PYTHONIOENCODING": "ascii"},
        timeout=60,
        check=False,
    )

    assert ran.returncode == 2
    assert ran.stdout.startswith(b"mai-?.ofx: ofx")
    assert ran.stderr == b"?: there is no such file; check the path\n"

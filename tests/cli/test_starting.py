"""What a command loads and where it keeps what it compiled: little work stays light, no shared folder is trusted."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.given_files import ACCOUNT, Row, canonical
from tieout.kernel.version import VERSION
from tieout.services.files.kernel_cache import kernel_cache_folder, private_folder

HEAVY = "{'numba', 'llvmlite', 'polars', 'pyarrow'}"
_RECONCILE = (
    "import os, sys; from tieout.cli import main;"
    "status = main(['reconcile', '--ledger', 'books.csv', '--statement', 'bank.csv', '--out', 'out']);"
    f"print(status, sorted({HEAVY} & set(sys.modules)), os.environ['NUMBA_CACHE_DIR'], file=sys.stderr)"
)


def ran(folder: Path, code: str = _RECONCILE, **environment: str) -> str:
    """The last line on standard error of a Python of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NUMBA", "XDG"))}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stderr.splitlines()[-1]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder with a small file for either side."""
    canonical(tmp_path / "books.csv", [Row(f"L{n}", f"{n}.00", 1, f"INV-10{n}") for n in range(1, 9)])
    canonical(tmp_path / "bank.csv", [Row(f"S{n}", f"{n}.00", 4, f"INV-10{n}", account=ACCOUNT) for n in range(1, 9)])
    return tmp_path


def test_a_small_reconciliation_loads_neither_numba_nor_polars_and_makes_no_cache(small: Path) -> None:
    said = ran(small, XDG_CACHE_HOME=str(small / "caches"))

    assert said.startswith("0 [] ")
    assert not (small / "caches").exists()


def test_compiled_kernels_are_kept_in_the_users_caches_by_version(small: Path) -> None:
    said = ran(small, XDG_CACHE_HOME=str(small / "caches"))

    assert said.split()[-1].startswith(str(small / "caches" / "tieout" / "numba" / VERSION))


def test_a_folder_that_the_user_names_for_kernels_is_left_alone(small: Path) -> None:
    assert ran(small, NUMBA_CACHE_DIR="/elsewhere").split()[-1] == "/elsewhere"


def test_where_the_users_caches_cannot_be_written_kernels_live_as_long_as_the_command(small: Path) -> None:
    (small / "file").touch()
    named = "os.environ['NUMBA_CACHE_DIR']"
    code = f"{_RECONCILE}; os.makedirs({named}); print({named}, file=sys.stderr)"

    folder = ran(small, code, XDG_CACHE_HOME=str(small / "file"), TMPDIR=str(small))

    assert Path(folder).parent == small
    assert Path(folder).name.startswith("tieout-kernels-")
    assert not Path(folder).exists()


def test_caches_that_others_may_write_to_are_not_trusted(tmp_path: Path) -> None:
    shared, own = tmp_path / "shared", tmp_path / "own"
    shared.mkdir()
    shared.chmod(stat.S_IRWXU | stat.S_IRWXG | stat.S_IRWXO)
    own.mkdir(mode=stat.S_IRWXU)

    assert kernel_cache_folder({"XDG_CACHE_HOME": str(shared)}) is None
    assert kernel_cache_folder({"XDG_CACHE_HOME": str(own)}) is not None


def test_caches_fall_back_to_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("HOME", str(tmp_path))
    tmp_path.chmod(stat.S_IRWXU)

    folder = kernel_cache_folder({"XDG_CACHE_HOME": "not/absolute"})

    assert folder is not None
    assert folder.is_relative_to(tmp_path / ".cache" / "tieout")


def test_private_folders_have_names_that_nobody_can_guess() -> None:
    assert private_folder() != private_folder()

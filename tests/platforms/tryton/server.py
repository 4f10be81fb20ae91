"""A real Tryton server on SQLite, started once by each process that asks for it.

Its database takes fifteen seconds to make. It is made once in an environment, kept beside the programs that made it
for as long as they and these modules stay as they are, and copied. Tryton is a program beside us: nothing of it is
imported.
"""

import atexit
import fcntl
import hashlib
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from typing import TextIO

PASSWORD = "a password for tests alone"
DATABASE = "books"

# What the database is made of, beside Tryton itself.
_FILLED_BY = ("server.py", "office.py", "desk.py")
_MODULES = ("account_invoice", "account_statement")
_CONFIGURATION = """
[database]
uri = sqlite://
path = {folder}
[web]
listen = 127.0.0.1:{port}
[session]
max_attempt = 1000000
"""


@dataclass(frozen=True)
class Served:
    """A running server."""

    url: str
    file: Path  # of its database


# The server ends, and its folder goes, when nobody holds the other end of its input any more: with us, however we end.
_UNTIL_WE_END = """
trap '' INT
"$@" &
cat > /dev/null
kill $!
wait $!
rm -rf "$OWN"
"""


@cache
def served(prepare: Callable[[str], None]) -> Served:
    """The server of this process, which ends with it; its database is the one that `prepare` was once given to fill."""
    own = Path(tempfile.mkdtemp(prefix="tieout-tryton-"))
    file = own / f"{DATABASE}.sqlite"
    shutil.copyfile(_prepared(prepare), file)
    running, url = _started(own)
    atexit.register(_end, running)
    return Served(url, file)


def _prepared(prepare: Callable[[str], None]) -> Path:
    """A database with the modules and what `prepare` puts in, made by whoever comes first; others wait."""
    folder = Path(sys.prefix if os.access(sys.prefix, os.W_OK) else tempfile.gettempdir()) / "tryton-of-tests"
    folder.mkdir(exist_ok=True)
    file = folder / f"{_made_of()}.sqlite"
    with (folder / "making").open("w") as making:
        fcntl.flock(making, fcntl.LOCK_EX)
        if not file.exists():
            for outdated in folder.glob("*.sqlite"):
                outdated.unlink()
            _make(prepare, folder / "unfinished")
            (folder / "unfinished").rename(file)
    return file


def _made_of() -> str:
    """What the database depends on: Tryton as it is installed, and the modules that fill it."""
    programs = sorted(f"{each.name} {each.version}" for each in distributions() if each.name.startswith("trytond"))
    filling = [Path(__file__).with_name(module).read_text() for module in _FILLED_BY]
    return hashlib.sha256("\n".join([*programs, *filling]).encode()).hexdigest()[:16]


def _make(prepare: Callable[[str], None], file: Path) -> None:
    file.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="tieout-tryton-", ignore_cleanup_errors=True) as own:
        made = _with_modules(Path(own))
        running, url = _started(Path(own))
        try:
            prepare(url)
            with sqlite3.connect(made) as source, sqlite3.connect(file) as copy:
                source.backup(copy)
            source.close()
            copy.close()
        finally:
            _end(running)


def _started(folder: Path) -> tuple["subprocess.Popen[str]", str]:
    """A server of the database in this folder, and its address."""
    port = _free_port()
    command = [_program("trytond"), "-c", _configured(folder, port), "-d", DATABASE, "-v"]
    running = subprocess.Popen(
        ["sh", "-c", _UNTIL_WE_END, "trytond", *command],
        env={**os.environ, "OWN": str(folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    _wait_until_it_listens(running)
    return running, f"http://127.0.0.1:{port}"


def _end(running: "subprocess.Popen[str]") -> None:
    assert running.stdin is not None
    running.stdin.close()
    running.wait()


def _with_modules(folder: Path) -> Path:
    """A new database that has the modules and nothing else."""
    file = folder / f"{DATABASE}.sqlite"
    file.touch()
    (folder / "password").write_text(PASSWORD)
    command = [_program("trytond-admin"), "-c", _configured(folder, 0), "-d", DATABASE]
    told = subprocess.run(
        [*command, "--email", "admin@office.example", "--activate-dependencies", "-u", *_MODULES],
        env={**os.environ, "TRYTONPASSFILE": str(folder / "password")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA journal_mode = WAL")  # fewer waits for the disk
    connection.close()
    return file


def _configured(folder: Path, port: int) -> str:
    file = folder / "trytond.conf"
    file.write_text(_CONFIGURATION.format(folder=folder, port=port))
    return str(file)


def _program(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _wait_until_it_listens(running: "subprocess.Popen[str]") -> None:
    """Read what it says up to the line that tells its address, and go on reading so that it is never held up."""
    assert running.stderr is not None
    said = []
    for line in running.stderr:
        said.append(line)
        if "Running on http" in line:
            break
    assert running.poll() is None, "".join(said)
    threading.Thread(target=_read_on, args=(running.stderr,), daemon=True).start()


def _read_on(told: TextIO) -> None:
    with told:
        told.read()

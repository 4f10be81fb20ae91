"""A real Tryton server on SQLite, started once by each process that asks for it.

Its database is made once for all processes of a run, since that takes ten seconds, and copied. Tryton is a program
beside us: nothing of it is imported.
"""

import atexit
import fcntl
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import uuid
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PASSWORD = "a password for tests alone"
DATABASE = "books"

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
# The last one takes what they shared along.
_UNTIL_WE_END = """
trap '' INT
"$@" &
cat > /dev/null
kill $!
wait $!
rm -rf "$OWN"
ls "$SHARED" | grep -q server || rm -rf "$SHARED"
"""


@cache
def served() -> Served:
    """The server of this process, with a database that has the modules and nothing else; it ends with the process."""
    shared = Path(tempfile.gettempdir()) / f"tieout-tryton-{_run()[:12]}"
    shared.mkdir(exist_ok=True)
    own = Path(tempfile.mkdtemp(prefix="server-", dir=shared))
    file = own / f"{DATABASE}.sqlite"
    shutil.copyfile(_template(shared), file)
    port = _free_port()
    command = [_program("trytond"), "-c", _configured(own, port), "-d", DATABASE, "-v"]
    running = subprocess.Popen(
        ["sh", "-c", _UNTIL_WE_END, "trytond", *command],
        env={**os.environ, "OWN": str(own), "SHARED": str(shared)},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    atexit.register(_end, running)
    _wait_until_it_listens(running)
    return Served(f"http://127.0.0.1:{port}", file)


def _end(running: "subprocess.Popen[str]") -> None:
    assert running.stdin is not None
    running.stdin.close()
    running.wait()


def _run() -> str:
    return os.environ.get("PYTEST_XDIST_TESTRUNUID") or _alone()


@cache
def _alone() -> str:
    return uuid.uuid4().hex


def _template(shared: Path) -> Path:
    """A database with the modules, made by whoever comes first; the others wait."""
    file = shared / f"{DATABASE}.sqlite"
    with (shared / "making").open("w") as making:
        fcntl.flock(making, fcntl.LOCK_EX)
        if not file.exists():
            _make(shared)
    return file


def _make(shared: Path) -> None:
    folder = shared / "made"
    folder.mkdir()
    (folder / f"{DATABASE}.sqlite").touch()
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
    with sqlite3.connect(folder / f"{DATABASE}.sqlite") as connection:
        connection.execute("PRAGMA journal_mode = WAL")  # fewer waits for the disk
    connection.close()
    (folder / f"{DATABASE}.sqlite").rename(shared / f"{DATABASE}.sqlite")


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
    threading.Thread(target=running.stderr.read, daemon=True).start()

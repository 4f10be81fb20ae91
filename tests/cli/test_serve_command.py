"""`tieout serve` as its users start and end it."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import urllib3

TIEOUT = Path(sys.executable).with_name("tieout")


@contextmanager
def served(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The running command and the address that it tells."""
    command = [str(TIEOUT), "serve", "--port", "0", "--database", "sqlite:///books.db", *options]
    running = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert running.stdout is not None
    told = running.stdout.readline()
    address = re.fullmatch(r"tieout serves (http://127\.0\.0\.1:[0-9]+)\n", told)
    assert address is not None, told + (running.stderr.read() if running.stderr else "")
    try:
        yield running, address[1]
    finally:
        if running.poll() is None:
            running.kill()
        running.communicate()


def ended(running: subprocess.Popen[str], by: signal.Signals) -> tuple[int, str]:
    """Exit status and standard error after this signal."""
    running.send_signal(by)
    _, complaints = running.communicate(timeout=30)
    return running.returncode, complaints


@pytest.mark.slow
@pytest.mark.parametrize(("by", "status"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_it_makes_its_database_answers_and_ends_when_it_is_told_to(
    tmp_path: Path, by: signal.Signals, status: int
) -> None:
    with served(tmp_path) as (running, address):
        told = urllib3.request("GET", f"{address}/tieout/v1/entities", retries=False)
        page = urllib3.request("GET", f"{address}/docs", retries=False)

        assert (told.status, json.loads(told.data)["code"]) == (401, "token_missing")
        assert told.headers["x-request-id"]
        assert page.status == 200
        assert ended(running, by) == (status, "")
    assert (tmp_path / "books.db").exists()


def serve(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """The command where it does not come to serve."""
    command = [str(TIEOUT), "serve", "--port", "0", *options]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TIEOUT_")}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.slow
def test_a_schema_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    with served(tmp_path) as (running, _):
        ended(running, signal.SIGTERM)
    with sqlite3.connect(tmp_path / "books.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()

    refused = serve(tmp_path, "--database", "sqlite:///books.db")

    assert refused.returncode == 2
    assert "install the newer tieout" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.slow
def test_an_address_that_is_taken_and_a_database_that_is_none_are_told_in_one_line(tmp_path: Path) -> None:
    with served(tmp_path) as (_, address):
        taken = serve(tmp_path, "--port", address.rpartition(":")[2], "--database", "sqlite:///other.db")
    unknown = serve(tmp_path, "--database", "mysql://localhost/books")

    assert (taken.returncode, "in use" in taken.stderr) == (2, True)
    assert (unknown.returncode, len(unknown.stderr.splitlines())) == (2, 1)

"""The two programs, asked as programs: neither is ever imported."""

import csv
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

_HOW = "`make test` installs it with apt where it may, else: apt install hledger"


def checked(flavour: str, ledger: Path) -> str:
    """What the flavour's own program says against a ledger; empty when it accepts it."""
    if flavour == "beancount":
        return _said([str(Path(sys.executable).with_name("bean-check")), str(ledger / "main.beancount")])
    main = str(ledger / "main.journal")
    checks = ["accounts", "commodities", "ordereddates"]
    return _said([_hledger(), "check", "-f", main]) + _said([_hledger(), "check", *checks, "-f", main])


def balances_of_hledger(ledger: Path) -> dict[tuple[str, str], Decimal]:
    """By account and commodity what hledger makes of a ledger, without zeros."""
    command = [_hledger(), "balance", "-f", str(ledger / "main.journal"), "-O", "csv", "--layout=bare", "--flat", "-R"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rows = [row for row in csv.DictReader(printed.splitlines()) if row["account"] != "total"]
    found = {(row["account"], row["commodity"]): Decimal(row["balance"].replace(",", ".")) for row in rows}
    return {key: number for key, number in found.items() if number}


def _hledger() -> str:
    program = shutil.which("hledger")
    if program is None:
        pytest.skip(reason=f"hledger is not installed; {_HOW}")
    return program


def _said(command: list[str]) -> str:
    # No configuration and no ledger of the user's own.
    environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    return "" if done.returncode == 0 else (done.stdout + done.stderr) or f"it ended with {done.returncode}"

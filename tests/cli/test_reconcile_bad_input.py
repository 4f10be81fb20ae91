"""What must not be reconciled, through the real command: refused in its place, with what to do, and nothing written."""

import subprocess
import sys
import zipfile
from collections.abc import Callable
from copy import copy
from pathlib import Path

import pytest

from tests.given_files import ACCOUNT, Entry, Row, canonical, mt940

pytestmark = pytest.mark.slow

HEADER = "id,account,currency,amount,booking_date\n"


def _text(content: str, encoding: str = "utf-8") -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.write_bytes(content.encode(encoding))

    return make


def _zip_bomb(path: Path) -> None:
    """Nine members that share the same packed 64 MiB of zeros."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("1.xml", bytes(64 * 1024 * 1024))
        for number in range(2, 10):
            member = copy(archive.filelist[0])
            member.filename = f"{number}.xml"
            archive.filelist.append(member)


def _sparse(path: Path) -> None:
    """Two GiB of zeros that take no room on the disk."""
    with path.open("wb") as stream:
        stream.truncate(2 * 1024**3)


_CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>MAY</Id>
<Acct><Id><IBAN>NO9386011117947</IBAN></Id><Ccy>NOK</Ccy></Acct>
<Ntry><Amt Ccy="NOK">50.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts></Ntry>
<Ntry><Amt Ccy="NOK">7.00</Amt><CdtDbt"""

# By what is wrong: the file, what makes it, where the message begins and what it says.
BAD: dict[str, tuple[str, Callable[[Path], None], str, str]] = {
    "a missing column": (
        "bad.csv", _text("id,account,currency,amount\nX1,,NOK,1.00\n"), "bad.csv:1:1: ",
        'the required column "booking_date" is missing; in "id,account,currency,amount"; the first row names the',
    ),
    "an unknown currency": (
        "bad.csv", _text(f"{HEADER}X1,,NKO,1.00,2026-05-04\n"), "bad.csv:2:5: ",
        'currency is not an ISO 4217 code with a minor unit; in "NKO"; did you mean "NOK"?',
    ),
    "three decimals": (
        "bad.csv", _text(f"{HEADER}X1,,NOK,1.005,2026-05-04\n"), "bad.csv:2:9: ",
        'amount has more decimals than the 2 of NOK; in "1.005"; round it where it was made',
    ),
    "an amount beyond 64 bits": (
        "bad.csv", _text(f"{HEADER}X1,,NOK,92233720368547758.08,2026-05-04\n"), "bad.csv:2:9: ",
        'amount is larger than 64 bits of minor units can hold; in "92233720368547758.08"; check the amount',
    ),
    "an amount of twenty digits": (
        "bad.csv", _text(f"{HEADER}X1,,NOK,12345678901234567890,2026-05-04\n"), "bad.csv:2:9: ",
        'amount is larger than 64 bits of minor units can hold; in "12345678901234567890"; check the amount',
    ),
    "a repeated id": (
        "bad.csv", _text(f"{HEADER}X1,,NOK,1.00,2026-05-04\nX1,,NOK,2.00,2026-05-04\n"), "bad.csv:3:1: ",
        'the id stands in line 2 already; in "X1"; give every line an id of its own',
    ),
    "a wrong encoding": (
        "bad.csv", _text(f"{HEADER}Ø1,,NOK,1.00,2026-05-04\n", "latin-1"), "bad.csv:2:1: ",
        'byte 0xD8 is no UTF-8; in "Ø1"; save the file again as CSV UTF-8',
    ),
    "UTF-16": ("bad.csv", _text(HEADER, "utf-16"), "bad.csv:1:1: ", "the file is UTF-16, not UTF-8; save the file"),
    "semicolons": (
        "bad.csv", _text("Id;Amount;Currency;Booking_Date\nX1;1,00;NOK;2026-05-04\n"), "bad.csv:1:1: ",
        "the columns are separated by semicolons, not by commas; ",
    ),
    "no bytes": ("bad.csv", _text(""), "bad.csv: ", "the file holds no bytes; export it again; the download may"),
    "a folder": ("bad", Path.mkdir, "bad: ", "this is a directory, not a file; name the files in it"),
    "two GiB of zeros": ("bad.csv", _sparse, "bad.csv: ", "the file has 2,147,483,648 bytes; more than 536,870,912"),
    "a zip bomb": ("bad.zip", _zip_bomb, "bad.zip", ""),
    "a PDF": ("bad.pdf", _text("%PDF-1.7\n"), "bad.pdf: ", "the content is in none of the formats that tieout reads;"),
}  # fmt: skip


def reconcile(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """`tieout reconcile` in a process of its own, with a good file for the side that is not given."""
    books = canonical(folder / "books.csv", [Row("L1", "1.00")])
    bank = mt940(folder / "bank.sta", ("0.00", "2026-05-01"), ("1.00", "2026-05-31"), Entry("2026-05-04", "1.00"))
    others = ("--ledger", books, "--statement", bank)
    given = [*arguments, *(others[:2] if "--ledger" not in arguments else others[2:])]
    command = [sys.executable, "-m", "tieout", "reconcile", *given, "--out", "out"]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=120, check=False)


@pytest.mark.parametrize("side", ["ledger", "statement"])
@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_of_either_side_is_refused_in_its_place_and_nothing_is_written(
    what: str, side: str, tmp_path: Path
) -> None:
    file, make, place, said = BAD[what]
    make(tmp_path / file)

    ran = reconcile(tmp_path, f"--{side}", file)

    assert (ran.returncode, ran.stdout) == (2, "")
    first = ran.stderr.splitlines()[0]
    assert first.startswith(f"{place}{said}")
    assert "; " in first
    assert "Traceback" not in ran.stderr
    assert not (tmp_path / "out").exists()


def test_a_truncated_statement_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "may.xml").write_text(_CAMT, "utf-8")

    ran = reconcile(tmp_path, "--statement", "may.xml")

    assert (ran.returncode, ran.stdout, (tmp_path / "out").exists()) == (2, "", False)
    assert ran.stderr.startswith("may.xml:")
    assert ran.stderr.rstrip().endswith("download it again, whole")


def test_a_bank_file_is_no_ledger(tmp_path: Path) -> None:
    mt940(tmp_path / "may.sta", ("0.00", "2026-05-01"), ("1.00", "2026-05-31"), Entry("2026-05-04", "1.00"))

    ran = reconcile(tmp_path, "--ledger", "may.sta")

    assert ran.returncode == 2
    assert ran.stderr.startswith(
        "may.sta: the books are read from canonical CSV only; write the books as canonical CSV"
    )


def test_an_earlier_result_stays_when_the_next_run_is_refused(tmp_path: Path) -> None:
    assert reconcile(tmp_path, "--ledger", "books.csv", "--statement", "bank.sta").returncode == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    (tmp_path / "bad.csv").write_text(f"{HEADER}X1,{ACCOUNT},NOK,x,2026-05-04\n", "utf-8")

    ran = reconcile(tmp_path, "--statement", "bad.csv")

    assert ran.returncode == 2
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []

"""What users hand in by mistake, and what is made to do harm, through the real command."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from copy import copy
from pathlib import Path

import pytest

STATEMENT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>MAY</Id>
<Acct><Id><IBAN>NO9386011117947</IBAN></Id><Ccy>NOK</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="NOK">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Dt><Dt>2026-05-01</Dt></Dt></Bal>
<Ntry><Amt Ccy="NOK">50.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts></Ntry>
<Ntry><Amt Ccy="NOK">7.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts></Ntry>
</Stmt></BkToCstmrStmt></Document>
"""
ENTITIES = '<!DOCTYPE Document [<!ENTITY a "1"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
CANONICAL = "id,account,currency,amount,booking_date,description\nS1,NO1,NOK,10.00,2026-05-01,blåbær\n"


def _bytes(content: bytes) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.write_bytes(content)

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


def _nothing(path: Path) -> None:
    assert not path.exists()


BAD: dict[str, tuple[str, str, Callable[[Path], None]]] = {
    "no bytes": ("may.sta", "empty", _bytes(b"")),
    "a folder": ("may", "not_a_file", Path.mkdir),
    "nothing there": ("gone.sta", "not_found", _nothing),
    "XML cut inside an entry": ("may.xml", "truncated", _bytes(STATEMENT[:-100].encode())),
    "a document type": ("may.xml", "doctype", _bytes(STATEMENT.replace("\n", f"\n{ENTITIES}\n", 1).encode())),
    "our own format in Latin-1": ("may.csv", "wrong_encoding", _bytes(CANONICAL.encode("latin-1"))),
    "a zip bomb": ("may.zip", "too_large", _zip_bomb),
    "two GiB of zeros": ("may.sta", "too_large", _sparse),
    "zeros": ("may.sta", "unknown_format", _bytes(bytes(100_000))),
    "a PDF": ("may.pdf", "unknown_format", _bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")),
    "a web page": ("may.csv", "unknown_format", _bytes(b"<!DOCTYPE html><html><body>Log in</body></html>")),
    "a table of another bank": ("may.csv", "needs_profile", _bytes(b"Dato;Tekst;Bel\xf8p\n04.05.2026;Kaffe;-4,00\n")),
    "elements without end": ("may.xml", "too_deep", _bytes(STATEMENT.replace("<Acct>", "<Acct>" * 200_000).encode())),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_in_its_place_and_the_answer_is_given_all_the_same(name: str, tmp_path: Path) -> None:
    file, code, make = BAD[name]
    make(tmp_path / file)

    ran = check("--json", file, folder=tmp_path)

    (answer,) = json.loads(ran.stdout)
    assert ran.returncode == 2
    assert (answer["file"], answer["statements"], answer["refused"]["code"]) == (file, [], code)
    assert "Traceback" not in ran.stderr
    (complaint,) = ran.stderr.splitlines()
    assert complaint.startswith(f"{file}:")
    assert complaint.endswith(f": {answer['refused']['message']}")
    assert "; " in complaint


def test_good_files_are_answered_beside_bad_ones(tmp_path: Path) -> None:
    (tmp_path / "good.xml").write_text(STATEMENT, encoding="utf-8")
    (tmp_path / "empty.sta").write_bytes(b"")
    with zipfile.ZipFile(tmp_path / "days.zip", "w") as archive:
        archive.writestr("2.pdf", b"%PDF-1.7")
        archive.writestr("1.xml", STATEMENT)

    ran = check("empty.sta", "good.xml", "days.zip", "gone.sta", folder=tmp_path)

    assert ran.returncode == 2
    assert [line.partition(":")[0] for line in ran.stderr.splitlines()] == ["empty.sta", "days.zip!2.pdf", "gone.sta"]
    assert ran.stdout.startswith("good.xml: camt.053, 001.08, utf-8\n")
    assert "\ndays.zip!1.xml: camt.053, 001.08, utf-8\n" in ran.stdout
    assert ran.stdout.endswith("5 files, 2 statements, 0 proved, 0 off, 2 cannot be proved, 3 refused\n")


def test_a_statement_in_another_code_page_than_it_declares_is_read_and_says_which(tmp_path: Path) -> None:
    text = STATEMENT.replace("<Id>MAY</Id>", "<Id>MÅ</Id>")
    (tmp_path / "may.xml").write_bytes(text.encode("latin-1"))

    ran = check("--json", "may.xml", folder=tmp_path)

    (answer,) = json.loads(ran.stdout)
    assert (ran.returncode, ran.stderr, answer["refused"]) == (0, "", None)
    assert answer["encoding"] in ("cp1252", "latin-1")


def check(*arguments: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """`tieout check` in a process of its own."""
    command = [sys.executable, "-m", "tieout", "check", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=60, check=False)

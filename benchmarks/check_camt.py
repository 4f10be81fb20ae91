"""Checking a camt.053 of 100,000 entries and 60 MiB, held against lxml visiting and clearing every element of it.

The promise: at most 1.5 times as long and at most 150 MiB, the whole process with its start. What is measured is
`tieout check --json`: entries counted, quarantined and proved, dates and details looked at, nothing kept.
"""

import json
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

RATIO_MAX, PEAK_MIB_MAX = 1.5, 150
_ENTRIES = 100_000
_ROUNDS = 3

_BASELINE = """
import sys
from lxml import etree
for _, element in etree.iterparse(sys.argv[1]):
    element.clear()
"""
_BEGINNING = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>\n'
    "<GrpHdr><MsgId>MAY</MsgId><CreDtTm>2026-06-01T04:00:00+02:00</CreDtTm></GrpHdr>\n"
    "<Stmt><Id>MAY-1</Id><ElctrncSeqNb>5</ElctrncSeqNb>"
    "<Acct><Id><IBAN>NO9386011117947</IBAN></Id><Ccy>NOK</Ccy></Acct>\n"
)
_END = "</Stmt></BkToCstmrStmt></Document>\n"
_TEXTS = ("Invoice {0}", "Faktura {0}, takk", "Gebühr für {0}", "Order {0} paid by card ending in 4925")


def measure(entries: int = _ENTRIES) -> dict[str, object]:
    """Median wall seconds of both processes, measured in alternation, the median ratio, and the peaks of memory."""
    from benchmarks.processes import median, tieout

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "may.xml"
        write_statement(path, entries)
        size = path.stat().st_size
        commands = [sys.executable, "-c", _BASELINE, str(path)], tieout("check", "--json", str(path))
        _require_proved(commands[1], entries)
        pairs = [[median(command, rounds=1) for command in commands] for _ in range(_ROUNDS)]
    return {
        "entries": entries,
        "mib": round(size / 2**20, 1),
        "lxml_seconds": round(statistics.median(baseline.seconds for baseline, _ in pairs), 2),
        "seconds": round(statistics.median(ours.seconds for _, ours in pairs), 2),
        "ratio": round(statistics.median(ours.seconds / baseline.seconds for baseline, ours in pairs), 2),
        "ratio_max": RATIO_MAX,
        "lxml_peak_mib": round(max(baseline.peak_mib for baseline, _ in pairs), 1),
        "peak_mib": round(max(ours.peak_mib for _, ours in pairs), 1),
        "peak_mib_max": PEAK_MIB_MAX,
    }


def write_statement(path: Path, entries: int, seed: int = 20260531) -> None:
    """One statement of so many booked entries whose balances prove it; one entry in fifty is a batch of three."""
    chance = random.Random(seed)
    moved = [chance.randint(100, 5_000_000) * chance.choice((1, -1)) for _ in range(entries)]
    opening = 1_000_000_00
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(_BEGINNING)
        stream.write(_balance("OPBD", opening, "2026-04-30"))
        stream.write(_balance("CLBD", opening + sum(moved), "2026-05-31"))
        stream.writelines(_entry(chance, number, minor_units) for number, minor_units in enumerate(moved, 1))
        stream.write(_END)


def _balance(code: str, minor_units: int, on: str) -> str:
    of_type = f"<Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
    return f"<Bal>{of_type}{_amount(minor_units)}<Dt><Dt>{on}</Dt></Dt></Bal>\n"


def _amount(minor_units: int) -> str:
    units, hundredths = divmod(minor_units if minor_units > 0 else -minor_units, 100)
    mark = "DBIT" if minor_units < 0 else "CRDT"
    return f'<Amt Ccy="NOK">{units}.{hundredths:02d}</Amt><CdtDbtInd>{mark}</CdtDbtInd>'


def _entry(chance: random.Random, number: int, minor_units: int) -> str:
    day = f"<Dt>2026-05-{chance.randint(1, 31):02d}</Dt>"
    parts = _thirds(minor_units) if number % 50 == 0 else [minor_units]
    return (
        f"<Ntry><NtryRef>{number}</NtryRef>{_amount(minor_units)}<Sts><Cd>BOOK</Cd></Sts>"
        f"<BookgDt>{day}</BookgDt><ValDt>{day}</ValDt><AcctSvcrRef>2026{number:012d}</AcctSvcrRef>"
        "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>"
        f"<NtryDtls>{''.join(_details(chance, parts))}</NtryDtls></Ntry>\n"
    )


def _thirds(minor_units: int) -> list[int]:
    third = minor_units // 3
    return [third, third, minor_units - 2 * third]


def _details(chance: random.Random, parts: list[int]) -> Iterator[str]:
    for part in parts:
        role = "Cdtr" if part < 0 else "Dbtr"
        name, account = f"Nordlys Handel {chance.randrange(5_000)} AS", f"NO{chance.randrange(10**12, 10**13)}"
        yield (
            f"<TxDtls><Refs><EndToEndId>E{chance.randrange(10**9):09d}</EndToEndId></Refs>{_amount(part)}"
            f"<RltdPties><{role}><Pty><Nm>{name}</Nm></Pty></{role}>"
            f"<{role}Acct><Id><IBAN>{account}</IBAN></Id></{role}Acct></RltdPties>"
            f"<RmtInf><Ustrd>{chance.choice(_TEXTS).format(chance.randrange(10**6))}</Ustrd></RmtInf></TxDtls>"
        )


def _require_proved(command: list[str], entries: int) -> None:
    answer = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    (statement,) = answer[0]["statements"]
    if statement["entries"] != entries or not statement["proof"]["holds"] or answer[0]["warnings"]:
        raise RuntimeError(f"the generated statement was not read as written: {statement}")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # for benchmarks.processes
    print(json.dumps(measure(), indent=2))

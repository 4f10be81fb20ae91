"""What the OFX importer tells of a file, in a form that can be kept beside it, and small OFX files made of entries."""

from pathlib import Path
from typing import Any

from tieout.contracts.reading import BytesSource, Reading
from tieout.domain.statements import Statement, StatementEntry
from tieout.importers import ofx
from tieout.kernel.errors import Finding, Refused
from tieout.kernel.money import decimal_text

FILES = Path(__file__).parent / "ofx"


def reading_of(text: str | bytes, keep_entries: bool = True) -> Reading:
    """What the importer makes of a text. Raises Refused."""
    raw = text if isinstance(text, bytes) else text.encode("utf-8")
    return ofx.read(BytesSource("may.ofx", raw), keep_entries, None)


def statement_of(*entries: str, currency: str = "EUR", balance: str = "") -> str:
    """An OFX file with one account. An entry is the inside of a STMTTRN, balance that of LEDGERBAL."""
    listed = "".join(f"<STMTTRN>{entry}</STMTTRN>\n" for entry in entries)
    ledger = f"<LEDGERBAL>{balance}</LEDGERBAL>" if balance else ""
    return (
        f"OFXHEADER:100\nVERSION:102\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>{currency}"
        f"<BANKACCTFROM><ACCTID>1</BANKACCTFROM><BANKTRANLIST>\n{listed}</BANKTRANLIST>{ledger}"
        "</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    )


def entry_of(inside: str, currency: str = "EUR") -> StatementEntry:
    """The one entry of a statement with that STMTTRN; an amount and a day are added."""
    (statement,) = reading_of(statement_of(f"<DTPOSTED>20260504<TRNAMT>-1.00{inside}", currency=currency)).statements
    (entry,) = statement.entries
    return entry


def told(raw: bytes) -> dict[str, Any]:
    """Everything that the importer says of a file, as plain values."""
    try:
        reading = reading_of(raw)
    except Refused as refused:
        return {"refused": [_told_finding(finding) for finding in refused.findings]}
    return {
        "version": reading.version,
        "encoding": reading.encoding,
        "statements": [_told_statement(statement) for statement in reading.statements],
        "warnings": [_told_finding(finding) for finding in reading.warnings],
        "quarantined": [_told_finding(finding) for finding in reading.quarantined],
    }


def _told_statement(statement: Statement) -> dict[str, Any]:
    tally, exponent = statement.tally, statement.exponent
    closing = statement.closing
    return {
        "account": statement.account,
        "currency": statement.currency,
        "entries": tally.entries,
        "sum": decimal_text(tally.sum, exponent),
        "pending": [tally.pending_entries, decimal_text(tally.pending_sum, exponent)],
        "closing": closing and [decimal_text(closing.minor_units, exponent), str(closing.on)],
        "reason": statement.proof.reason,
        "lines": [_told_entry(entry, exponent) for entry in statement.entries],
    }


def _told_entry(entry: StatementEntry, exponent: int) -> dict[str, str]:
    said = {name: str(value) for name, value in entry._asdict().items() if value not in ("", None, False, ())}
    place = f"{said.pop('line')}:{said.pop('column')}"
    return {"place": place, "amount": decimal_text(int(said.pop("minor_units")), exponent), **said}


def _told_finding(finding: Finding) -> str:
    return f"{finding.code} {finding.place.line}:{finding.place.column} {finding.what}"

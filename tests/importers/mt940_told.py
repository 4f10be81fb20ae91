"""What the MT940 importer tells of a file, in a form that can be kept beside it, and small statements made of lines."""

from pathlib import Path
from typing import Any

from tieout.contracts.reading import BytesSource, Reading, head_of
from tieout.domain.statements import Balance, Statement, StatementEntry
from tieout.importers import mt940
from tieout.kernel.errors import Finding, Refused
from tieout.kernel.money import decimal_text

FILES = Path(__file__).parent / "mt940"


def reading_of(text: str | bytes, keep_entries: bool = True) -> Reading:
    """What the importer makes of a text. Raises Refused."""
    raw = text if isinstance(text, bytes) else text.encode("utf-8")
    return mt940.read(BytesSource("may.sta", raw), keep_entries, None)


def recognised(text: str | bytes) -> str | None:
    """The format that the importer sees in a text."""
    raw = text if isinstance(text, bytes) else text.encode("utf-8")
    return mt940.recognise(head_of(BytesSource("may.sta", raw)))


def statement_of(*lines: str, opening: str = "C260430EUR100,00", closing: str = "C260531EUR100,00") -> str:
    """A statement of account 12345 with those lines between its balances; an empty balance is left out."""
    first = [":20:MAY", ":25:12345", ":28C:5/1", *([f":60F:{opening}"] if opening else [])]
    last = [f":62F:{closing}"] if closing else []
    return "\n".join([*first, *lines, *last, "-", ""])


def the_statement(text: str | bytes) -> Statement:
    """The one statement of a text."""
    (statement,) = reading_of(text).statements
    return statement


def entry_of(line: str, *texts: str) -> StatementEntry:
    """The one entry of a statement with that field 61; each text is a field 86, or brings its own tag."""
    fields = [text if text.startswith(":") else f":86:{text}" for text in texts]
    (entry,) = the_statement(statement_of(f":61:{line}", *fields)).entries
    return entry


def told(raw: bytes) -> dict[str, Any]:
    """Everything that the importer says of a file, as plain values."""
    try:
        reading = reading_of(raw)
    except Refused as refused:
        return {"recognised": recognised(raw), "refused": [_told_finding(finding) for finding in refused.findings]}
    return {
        "format": reading.format,
        "encoding": reading.encoding,
        "statements": [_told_statement(statement) for statement in reading.statements],
        "warnings": [_told_finding(finding) for finding in reading.warnings],
        "quarantined": [_told_finding(finding) for finding in reading.quarantined],
    }


def _told_statement(statement: Statement) -> dict[str, Any]:
    tally, exponent, proof = statement.tally, statement.exponent, statement.proof
    return {
        "account": statement.account,
        "currency": statement.currency,
        "number": statement.number,
        "kind": statement.kind.value,
        "pages": statement.pages,
        "opening": _told_balance(statement.opening, exponent),
        "closing": _told_balance(statement.closing, exponent),
        "entries": tally.entries,
        "sum": decimal_text(tally.sum, exponent),
        "pending": [tally.pending_entries, decimal_text(tally.pending_sum, exponent)],
        "holds": proof.holds,
        "gap": None if proof.gap is None else decimal_text(proof.gap, exponent),
        "identity": proof.identity,
        "reason": proof.reason,
        "lines": [_told_entry(entry, exponent) for entry in statement.entries],
    }


def _told_balance(balance: Balance | None, exponent: int) -> list[str] | None:
    return balance and [decimal_text(balance.minor_units, exponent), str(balance.on)]


def _told_entry(entry: StatementEntry, exponent: int) -> dict[str, str]:
    said = {name: str(value) for name, value in entry._asdict().items() if value not in ("", None, False, ())}
    place = f"{said.pop('line')}:{said.pop('column')}"
    booked = said.pop("booked", None)
    amount = decimal_text(int(said.pop("minor_units", "0")), exponent)
    return {"place": place, "amount": amount, **({} if booked else {"booked": "no"}), **said}


def _told_finding(finding: Finding) -> str:
    return f"{finding.code} {finding.place.line}:{finding.place.column} {finding.what}"

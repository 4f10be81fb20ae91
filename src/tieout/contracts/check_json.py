"""The answer of a check as JSON: every key always present, amounts as decimal strings, unknown as null.

The shape is a promise (docs: the public interface); keys are added freely and changed only with a dated entry in the
changelog.
"""

import msgspec

from tieout.contracts.checking import Checked, CheckedFile
from tieout.domain.settlement_reports import ReportedBatch
from tieout.domain.statements import Balance, BalanceProof, Statement
from tieout.kernel.errors import Finding
from tieout.kernel.money import decimal_text


class Noticed(msgspec.Struct, frozen=True):
    """A warning or a quarantined entry; `place` is FILE or FILE:LINE:COLUMN."""

    code: str
    place: str
    message: str


class RefusedFile(msgspec.Struct, frozen=True):
    """Why a file was not read; `message` is the first reason."""

    code: str
    message: str


class Pending(msgspec.Struct, frozen=True):
    """Entries that are not part of the balance."""

    entries: int
    sum: str


class Proof(msgspec.Struct, frozen=True):
    """Whether the statement adds up; `gap` is closing - (opening + sum)."""

    holds: bool | None
    gap: str | None
    identity: str | None
    reason: str | None


class StatementAnswer(msgspec.Struct, frozen=True):
    """One statement; amounts at the exponent of its currency, positive is money in."""

    account: str | None
    currency: str | None
    number: str | None
    kind: str
    pages: int
    opening: str | None
    opening_date: str | None
    closing: str | None
    closing_date: str | None
    entries: int
    sum: str
    credits: str
    debits: str
    pending: Pending
    proof: Proof


class BatchAnswer(msgspec.Struct, frozen=True):
    """One payout of a provider's report; gross + fees = net, and net + carried = payout where it ties out."""

    id: str | None
    currency: str | None
    entries: int
    gross: str
    fees: str
    net: str | None
    carried: str
    payout: str | None
    payout_date: str | None
    paid: int | None
    proof: Proof


class FileAnswer(msgspec.Struct, frozen=True):
    """One file or archive member."""

    file: str
    format: str | None
    version: str | None
    profile: str | None
    encoding: str | None
    statements: list[StatementAnswer]
    batches: list[BatchAnswer]
    warnings: list[Noticed]
    quarantined: list[Noticed]
    refused: RefusedFile | None


def write_check(checked: Checked) -> bytes:
    """The whole answer: one array, one element per file in the order given, ending in a line feed."""
    return msgspec.json.format(msgspec.json.encode([file_answer(file) for file in checked]), indent=2) + b"\n"


def file_answer(file: CheckedFile) -> FileAnswer:
    """What one file is and states, or why it was refused."""
    reading = file.reading
    return FileAnswer(
        file=file.file,
        format=reading.format,
        version=reading.version,
        profile=reading.profile,
        encoding=reading.encoding,
        statements=[_statement(statement) for statement in reading.statements],
        batches=[_batch(batch) for batch in reading.batches],
        warnings=[_noticed(finding) for finding in reading.warnings],
        quarantined=[_noticed(finding) for finding in reading.quarantined],
        refused=RefusedFile(file.refused[0].code, file.refused[0].message) if file.refused else None,
    )


def _statement(statement: Statement) -> StatementAnswer:
    tally, exponent = statement.tally, statement.exponent
    opening, opening_date = _balance(statement.opening, exponent)
    closing, closing_date = _balance(statement.closing, exponent)
    return StatementAnswer(
        account=statement.account,
        currency=statement.currency,
        number=statement.number,
        kind=statement.kind,
        pages=statement.pages,
        opening=opening,
        opening_date=opening_date,
        closing=closing,
        closing_date=closing_date,
        entries=tally.entries,
        sum=decimal_text(tally.sum, exponent),
        credits=decimal_text(tally.credits, exponent),
        debits=decimal_text(tally.debits, exponent),
        pending=Pending(tally.pending_entries, decimal_text(tally.pending_sum, exponent)),
        proof=_proof(statement.proof, exponent),
    )


def _batch(batch: ReportedBatch) -> BatchAnswer:
    exponent = batch.exponent
    return BatchAnswer(
        id=batch.number,
        currency=batch.currency,
        entries=batch.entries,
        gross=decimal_text(batch.gross, exponent),
        fees=decimal_text(batch.fees, exponent),
        net=_amount(batch.net, exponent),
        carried=decimal_text(batch.carried, exponent),
        payout=_amount(batch.payout, exponent),
        payout_date=None if batch.payout_date is None else batch.payout_date.isoformat(),
        paid=batch.paid,
        proof=_proof(batch.proof, exponent),
    )


def _amount(minor_units: int | None, exponent: int) -> str | None:
    return None if minor_units is None else decimal_text(minor_units, exponent)


def _balance(balance: Balance | None, exponent: int) -> tuple[str | None, str | None]:
    if balance is None:
        return None, None
    return decimal_text(balance.minor_units, exponent), None if balance.on is None else balance.on.isoformat()


def _proof(proof: BalanceProof, exponent: int) -> Proof:
    return Proof(proof.holds, _amount(proof.gap, exponent), proof.identity, proof.reason)


def _noticed(finding: Finding) -> Noticed:
    return Noticed(finding.code, str(finding.place), finding.message)

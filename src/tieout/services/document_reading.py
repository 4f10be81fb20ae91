"""The bytes of a document as lines and statements, whatever its format; nothing is kept yet."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tieout.contracts.checking import CheckedFile
from tieout.contracts.importer import Importer, LineImporter
from tieout.contracts.places import file_name
from tieout.contracts.reading import BytesSource, Reading, Source, head_of
from tieout.domain.entry_facts import EntryFacts
from tieout.domain.kinds import Side
from tieout.domain.line_table import Int32Column, LineTable
from tieout.domain.settlement_reports import ReportedBatch
from tieout.domain.statements import Statement, StatementKind, Tally
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.errors import Finding, Place
from tieout.proofs.roll_forward import roll_forward
from tieout.services.files.archives import MARK_SIZE, looks_like_archive
from tieout.services.files.check_files import advised, attempt, check_source, warn_about_chains
from tieout.services.files.entry_table import table_of
from tieout.services.files.uniting import united

# What a currency is written with that no statement names: an account given with the upload then says which it is.
_EXPONENT_DEFAULT = 2


@dataclass(frozen=True, slots=True)
class DocumentRead:
    """What a document says: statements, and the lines of one side with the statement that each is of.

    The movements of a provider's payouts are statements too, behind those between two balances.
    """

    checked: CheckedFile
    table: LineTable
    statements: tuple[Statement, ...]
    statement_of: Int32Column  # by line, index into `statements`; -1 for a line of the books
    own_ids: bool  # the lines carry ids of their own: our canonical CSV
    facts: tuple[EntryFacts | None, ...] = ()  # by line, what a provider says beside it; empty where no provider tells

    def batch_of(self, statement: int) -> ReportedBatch | None:
        """The payout whose movements a statement has; None for one between two balances."""
        first = len(self.statements) - len(self.checked.reading.batches)
        return self.checked.reading.batches[statement - first] if statement >= first else None


def read_bytes(
    name: str, content: bytes, importers: Sequence[Importer], side: Side
) -> DocumentRead | tuple[Finding, ...]:
    """What the bytes of a document say, or every located reason why they say nothing.

    A canonical CSV is strict, and one bad cell refuses it whole; of a bank file a bad entry is quarantined. Only a
    canonical CSV can be of the ledger side.
    """
    source = BytesSource(file_name(name), content)
    if looks_like_archive(content[:MARK_SIZE]):
        advice = "unpack it and send its files one by one: each is a document"
        return (Finding("unknown_format", "this is a zip archive, not a document", Place(source.name), advice=advice),)
    importer = attempt(source, lambda: _lines_importer(source, importers))
    if isinstance(importer, tuple):
        return importer
    if importer is not None:
        return _canonical(source, importer, side)
    if side == "ledger":
        what = "the books are read from canonical CSV only"
        return tuple(advised([Finding("not_a_ledger", what, Place(source.name))]))
    return _bank_file(source, importers)


def _lines_importer(source: Source, importers: Sequence[Importer]) -> LineImporter | None:
    """The importer of canonical files, for one of them and for what is meant to be one."""
    if not source.size:
        return None
    head = head_of(source)
    recognised = [importer for importer in importers if importer.recognise(head) is not None]
    for importer in recognised or importers:
        if isinstance(importer, LineImporter) and (recognised or importer.resembles(head)):
            return importer
    return None


def _canonical(source: Source, importer: LineImporter, side: Side) -> DocumentRead | tuple[Finding, ...]:
    warnings: list[Finding] = []
    table = attempt(source, lambda: importer.read_lines(source, side, warnings.append))
    if isinstance(table, tuple):
        return table
    table = replace(table, native_id=table.id)
    statements, statement_of = _statements_of(table) if side == "statement" else ([], _of_none(table))
    reading = Reading(importer.FORMATS[0], encoding="utf-8", statements=statements, warnings=advised(warnings))
    return DocumentRead(CheckedFile(source.name, reading), table, tuple(statements), statement_of, own_ids=True)


def _of_none(table: LineTable) -> Int32Column:
    return np.full(len(table), -1, dtype=np.int32)


def _statements_of(table: LineTable) -> tuple[list[Statement], Int32Column]:
    """One statement without balances per account and currency, as they first appear, and the number of each line's."""
    groups = table.account.codes.astype(np.int64) * len(table.currency.names) + table.currency.codes
    _, first, statement_of = np.unique(groups, return_index=True, return_inverse=True)
    ranks = np.argsort(np.argsort(first, kind="stable"), kind="stable").astype(np.int32)
    statement_of = ranks[statement_of]
    statements = []
    for number, row in enumerate(np.sort(first).tolist()):
        amounts = table.minor_units[statement_of == number]
        tally = Tally(len(amounts), sum(amounts[amounts >= 0].tolist()), sum(amounts[amounts < 0].tolist()))
        currency = table.currency.at(row)
        statements.append(
            Statement(
                account="".join(table.account.at(row).split()) or None,
                currency=currency,
                exponent=EXPONENTS[currency],
                number=None,
                kind=StatementKind.BOOKED,
                proof=roll_forward(None, tally.sum, None),
                tally=tally,
            )
        )
    return statements, statement_of


def _bank_file(source: Source, importers: Sequence[Importer]) -> DocumentRead | tuple[Finding, ...]:
    checked = check_source(source, importers, keep_entries=True)
    statements = tuple(checked.reading.movements)
    refused = checked.refused or tuple(
        _unknown_decimals(source, statement)
        for statement in statements
        if statement.exponent != EXPONENTS.get(statement.currency or "", _EXPONENT_DEFAULT)
        or (statement.currency is not None and statement.currency not in EXPONENTS)
    )
    if refused:
        return refused
    warn_about_chains([checked])
    placed = united([statements])
    of_entry = {id(entry): number for number, statement in enumerate(statements) for entry in statement.entries}
    table = _without_nul(table_of(placed, [source.name]))
    statement_of = np.array([of_entry[id(each.entry)] for each in placed], dtype=np.int32)
    facts = tuple(each.entry.provider for each in placed)
    return DocumentRead(checked, table, statements, statement_of, own_ids=False, facts=facts if any(facts) else ())


def _unknown_decimals(source: Source, statement: Statement) -> Finding:
    currency = statement.currency or "no currency"
    what = f"account {statement.account_name} is in {currency}, which has no fixed number of decimals"
    advice = "leave this account out; its amounts cannot be held in minor units"
    return Finding("unknown_currency", what, Place(source.name), advice=advice)


def _without_nul(table: LineTable) -> LineTable:
    """The table as a database can keep it: no text holds a NUL."""
    names = ("reference", "counterparty", "counterparty_account", "batch", "description", "native_id")
    columns = {name: getattr(table, name) for name in names}
    dirty = {name: column for name, column in columns.items() if column and "\0" in "".join(column)}
    clean: dict[str, Any] = {name: [text.replace("\0", "") for text in column] for name, column in dirty.items()}
    return replace(table, **clean)

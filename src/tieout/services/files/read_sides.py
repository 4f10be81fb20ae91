"""Reads the files of one side into columns: canonical files by their own ids, bank files united into booked lines."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from tieout.contracts.checking import CheckedFile
from tieout.contracts.importer import Importer, LineImporter
from tieout.contracts.places import file_name
from tieout.contracts.reading import Source, head_of
from tieout.domain.kinds import Side
from tieout.domain.line_table import LineTable, TextColumn, concat, texts_of
from tieout.domain.statements import Statement
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.errors import Finding, Place, Refused
from tieout.services.files.check_files import advised, attempt, check_source, require_known, warn_about_chains
from tieout.services.files.entry_table import table_of
from tieout.services.files.sources import sources_of
from tieout.services.files.uniting import united

# How many reasons are shown before it is clear that a file is of another kind altogether.
FINDINGS_SHOWN_MAX = 20
# What a two-decimal currency and a currency unknown to ISO 4217 are shown with.
_EXPONENT_DEFAULT = 2


@dataclass(frozen=True, slots=True)
class Input:
    """One file of a side; `prefix` goes before its ids, so that two files may use the same ones."""

    source: Source
    prefix: str = ""


@dataclass(slots=True)
class SideRead:
    """One side as it was read."""

    lines: LineTable
    bank_lines: int = 0  # the last so many lines are of bank files, with ids of ours
    statements: list[Statement] = field(default_factory=list)  # of bank files; canonical files have none
    statement_files: list[str] = field(default_factory=list)  # the file of each statement
    quarantined: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)


def inputs_of(arguments: Sequence[str]) -> list[Input]:
    """The files that `FILE` or `FILE=PREFIX:` arguments name, archive members included.

    Raises Refused with every file that is not there.
    """
    found: list[Input] = []
    refused: list[Finding] = []
    for argument in arguments:
        path, prefix = _split(argument)
        sources = sources_of(path)
        if isinstance(sources, Finding):
            refused += advised([sources])
        else:
            found += [Input(source, prefix) for source in sources]
    if refused:
        raise Refused(refused)
    return found


def _split(argument: str) -> tuple[str, str]:
    """`FILE=PREFIX:` as file and prefix; anything else is a file whose name happens to hold an equals sign."""
    path, mark, prefix = argument.rpartition("=")
    return (path, prefix) if mark and prefix.endswith(":") and path else (argument, "")


def read_side(
    inputs: Sequence[Input],
    side: Side,
    importers: Sequence[Importer],
    profile: str | None = None,
    watch: Callable[[Source], Source] = lambda source: source,
) -> SideRead:
    """Read every file of one side.

    The ledger side takes canonical files only. A bad cell of a canonical file refuses it whole; a bad entry of a bank
    file is quarantined. Bank files count in the order of what they hold, in whatever order they are given.
    Raises Refused with the reasons of every file that was refused, and UsageError for a profile that no format has.
    """
    require_known(profile, importers)
    reader = _Reader(side, importers, profile)
    for each in inputs:
        reader.read(replace(each, source=watch(each.source)))
    return reader.finished()


class _Reader:
    def __init__(self, side: Side, importers: Sequence[Importer], profile: str | None) -> None:
        self._side, self._importers, self._profile = side, importers, profile
        self._tables: list[LineTable] = []
        self._places: list[str] = []
        self._bank: list[CheckedFile] = []
        self._warnings: list[Finding] = []
        self._refused: list[Finding] = []
        self._refused_count = 0

    def read(self, each: Input) -> None:
        """Read one file; what refuses it is kept until every file was looked at."""
        reader = attempt(each.source, lambda: self._lines_importer(each.source))
        if isinstance(reader, tuple):
            self._refuse(reader)
        elif reader is not None:
            self._canonical(each, reader)
        elif self._side == "ledger":
            self._refuse(self._not_a_ledger(each.source))
        else:
            self._bank_file(each.source)

    def _lines_importer(self, source: Source) -> LineImporter | None:
        """The importer of canonical files, for one of them and for what is meant to be one."""
        head = head_of(source)
        recognised = [importer for importer in self._importers if importer.recognise(head) is not None]
        for importer in recognised or self._importers:
            if isinstance(importer, LineImporter) and (recognised or importer.resembles(head)):
                return importer
        return None

    def _not_a_ledger(self, source: Source) -> Sequence[Finding]:
        """Why a file cannot be the books: it is of a bank, or nothing that anybody reads."""
        if any(importer.recognise(head_of(source)) is not None for importer in self._importers):
            advice = "write the books as canonical CSV: id, amount, currency, booking_date and what else you have"
            what = "the books are read from canonical CSV only"
            return [Finding("not_a_ledger", what, Place(source.name), advice=advice)]
        return check_source(source, self._importers).refused

    def _refuse(self, findings: Sequence[Finding], count: int | None = None) -> None:
        self._refused += findings
        self._refused_count += len(findings) if count is None else count

    def _canonical(self, each: Input, importer: LineImporter) -> None:
        table = attempt(each.source, lambda: self._lines(each.source, importer))
        if isinstance(table, tuple):
            self._refuse(table)
            return
        if table is None:
            return
        self._tables.append(_prefixed(table, each.prefix))
        self._places.append(each.source.name)

    def _lines(self, source: Source, importer: LineImporter) -> LineTable | None:
        try:
            return importer.read_lines(source, self._side, self._warn)
        except Refused as refused:
            self._refuse(refused.findings, refused.count)
            return None

    def _warn(self, finding: Finding) -> None:
        self._warnings.append(replace(finding, place=replace(finding.place, file=file_name(finding.place.file))))

    def _bank_file(self, source: Source) -> None:
        checked = check_source(source, self._importers, self._profile, keep_entries=True)
        self._refuse(checked.refused)
        self._refuse(
            [
                _unknown_decimals(source, statement)
                for statement in checked.reading.movements
                if statement.exponent != EXPONENTS.get(statement.currency or "", _EXPONENT_DEFAULT)
            ]
        )
        self._bank.append(_without_folder(checked))

    def finished(self) -> SideRead:
        """The side, unless a file was refused or two files share an id."""
        self._refuse(self._shared_ids())
        if self._refused:
            raise Refused(self._refused[:FINDINGS_SHOWN_MAX], self._refused_count)
        bank = _in_order(self._bank)
        warn_about_chains(bank)
        bank_lines = table_of(united([file.reading.movements for file in bank]), [file.file for file in bank])
        return SideRead(
            lines=concat([*self._tables, bank_lines] if bank or not self._tables else self._tables),
            bank_lines=len(bank_lines),
            statements=[statement for file in bank for statement in file.reading.movements],
            statement_files=[file.file for file in bank for _ in file.reading.movements],
            quarantined=[finding for file in bank for finding in file.reading.quarantined],
            warnings=sorted(self._warnings, key=_by_place)
            + [finding for file in bank for finding in file.reading.warnings],
        )

    def _shared_ids(self) -> list[Finding]:
        if len(self._tables) < 2:
            return []
        first: dict[str, int] = {}
        found = []
        for number, table in enumerate(self._tables):
            for row, identifier in enumerate(texts_of(table.id, len(table))):
                other = first.setdefault(identifier, number)
                if other != number:
                    place = Place(self._places[number], int(table.line[row]), 1)
                    what = f"the id is also in {self._places[other]}"
                    advice = f'name a prefix for one of them: "{self._places[number]}=OTHER:"'
                    found.append(Finding("id_in_two_files", what, place, identifier, advice))
        return found


def _prefixed(table: LineTable, prefix: str) -> LineTable:
    if not prefix:
        return table
    settles = table.settles
    return replace(
        table,
        id=_with_prefix(table.id, prefix, len(table)),
        settles=None if settles is None else _with_prefix(settles, prefix, len(table)),
    )


def _with_prefix(column: TextColumn, prefix: str, length: int) -> TextColumn:
    """Every id of every cell with the prefix before it."""
    texts = [" ".join(f"{prefix}{one}" for one in text.split(" ") if one) for text in texts_of(column, length)]
    if isinstance(column, list):
        return texts
    import polars

    return polars.Series(texts, dtype=polars.String)


def _unknown_decimals(source: Source, statement: Statement) -> Finding:
    currency = statement.currency or "no currency"
    what = f"account {statement.account_name} is in {currency}, which has no fixed number of decimals"
    advice = "leave this account out; its amounts cannot be held in minor units"
    return Finding("unknown_currency", what, Place(source.name), advice=advice)


def _without_folder(checked: CheckedFile) -> CheckedFile:
    """The file as a result may name it: the same on every machine."""
    reading = checked.reading
    found = [
        [replace(finding, place=replace(finding.place, file=file_name(finding.place.file))) for finding in findings]
        for findings in (reading.warnings, reading.quarantined)
    ]
    reading = replace(reading, warnings=found[0], quarantined=found[1])
    return CheckedFile(file_name(checked.file), reading, checked.refused)


def _in_order(files: Sequence[CheckedFile]) -> list[CheckedFile]:
    """Bank files by the days they begin and end, their names and all that they say, whatever order they came in."""
    keys = [(min((_days(statement) for statement in file.reading.movements), default=()), file.file) for file in files]
    counts = Counter(keys)
    decided = [(key, repr(file.reading) if counts[key] > 1 else "") for key, file in zip(keys, files, strict=True)]
    return [files[place] for place in sorted(range(len(files)), key=decided.__getitem__)]


def _days(statement: Statement) -> tuple[str, ...]:
    entries = [str(entry.booking_date or entry.value_date or "") for entry in statement.entries]
    opening, closing = (str(balance.on or "") if balance else "" for balance in (statement.opening, statement.closing))
    return opening or min(entries, default=""), closing or max(entries, default="")


def _by_place(finding: Finding) -> tuple[object, ...]:
    return finding.place, finding.code

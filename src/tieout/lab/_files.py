"""Writes ledger.csv, statement.csv and truth.json of a finished draft."""

import pathlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import BinaryIO

import msgspec

from tieout.kernel.currencies import exponent_of
from tieout.kernel.dates import day_text
from tieout.kernel.money import decimal_text
from tieout.lab._draft import Draft, Group, Line
from tieout.lab._truth import TrueGroup

_STATEMENT_HEADER = (
    "id,account,currency,amount,booking_date,value_date,"
    "reference,counterparty,counterparty_account,batch,kind,description"
)
_LEDGER_HEADER = (
    "id,account,currency,amount,booking_date,"
    "reference,counterparty,counterparty_account,batch,kind,settles,base_amount,rate"
)


def number_lines(lines: list[Line]) -> None:
    """Put the lines in the order of their days, by chance within a day, and number them from 1."""
    lines.sort(key=lambda line: (line.day, line.sort_key))
    for number, line in enumerate(lines, start=1):
        line.number = number


def write_statement(path: pathlib.Path, lines: Sequence[Line]) -> None:
    """The statement side as canonical CSV."""
    _write(path, _STATEMENT_HEADER, (_statement_row(line) for line in lines))


def write_ledger(path: pathlib.Path, lines: Sequence[Line]) -> None:
    """The ledger side as canonical CSV."""
    _write(path, _LEDGER_HEADER, (_ledger_row(line) for line in lines))


def write_truth(path: pathlib.Path, head: Mapping[str, object], draft: Draft, twins: Sequence[Sequence[Line]]) -> None:
    """The true groups in the order of their lines, then the interchangeable lines; one of each on a line of the file.

    head: the members before them.
    """
    groups = sorted(draft.groups, key=_first_numbers)
    sets = sorted(sorted(line.id for line in alike) for alike in twins)
    with path.open("wb") as file:
        file.write(_encode(head)[:-1] + b',"groups":[')
        _write_joined(file, (_encode(_true_group(group)) for group in groups))
        file.write(b'],"interchangeable":[')
        _write_joined(file, map(_encode, sets))
        file.write(b"]}\n")


_encode = msgspec.json.Encoder().encode


def _write_joined(file: BinaryIO, elements: Iterable[bytes]) -> None:
    """Elements of a JSON array, each on a line of its own."""
    separator = b"\n"
    for element in elements:
        file.write(separator + element)
        separator = b",\n"
    file.write(b"\n")


def _true_group(group: Group) -> TrueGroup:
    return TrueGroup(group.class_name, group.kind, _ids(group.statement), _ids(group.ledger), group.decidable)


def _first_numbers(group: Group) -> tuple[int, int]:
    # Two groups share a ledger line or a statement line, never both.
    return min(line.number for line in group.statement), min((line.number for line in group.ledger), default=0)


def _ids(lines: Sequence[Line]) -> tuple[str, ...]:
    if len(lines) == 1:
        return (lines[0].id,)
    return tuple(line.id for line in sorted(lines, key=lambda line: line.number))


def _write(path: pathlib.Path, header: str, rows: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(header + "\n")
        file.writelines(rows)


def _statement_row(line: Line) -> str:
    value_day = "" if line.value_day is None else _day_text(line.value_day)
    return (
        f"{line.id},{line.account},{line.currency},{_amount(line)},{_day_text(line.day)},{value_day},"
        f"{_cell(line.reference)},{_cell(line.name)},{line.party_account},{line.batch},{line.kind},"
        f"{_cell(line.description)}\n"
    )


def _ledger_row(line: Line) -> str:
    settles = " ".join(_ids(line.settles))
    return (
        f"{line.id},{line.account},{line.currency},{_amount(line)},{_day_text(line.day)},{_cell(line.reference)},"
        f"{_cell(line.name)},{line.party_account},{line.batch},{line.kind},{settles},{line.base_amount},{line.rate}\n"
    )


def _amount(line: Line) -> str:
    return decimal_text(line.minor_units, exponent_of(line.currency))


# A year has few days and many lines.
_day_text = cache(day_text)


def _cell(text: str) -> str:
    """The text as a CSV cell, quoted where it must be."""
    if "," in text or '"' in text:
        quoted = text.replace('"', '""')
        return f'"{quoted}"'
    return text

"""The bad cells of a canonical CSV, found column by column, so that each distinct text is judged once."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeAlias

from tieout.importers._canonical_cells import (
    CellFault,
    amount_of,
    fault_in_base_amount,
    fault_in_currency,
    fault_in_day,
    fault_in_id,
    fault_in_kind,
    fault_in_rate,
    fault_of_nul,
    fault_of_repeated_id,
)

Columns: TypeAlias = Mapping[str, list[str]]


def amounts_of(columns: Columns) -> list[int | CellFault]:
    """The minor units of every row, or why its amount is none."""
    return [amount_of(text, currency) for text, currency in zip(columns["amount"], columns["currency"], strict=True)]


def faults_in(
    columns: Columns, amounts: Sequence[int | CellFault], lines: Sequence[int], kinds: Collection[str]
) -> dict[int, dict[str, CellFault]]:
    """The faults of every bad row, by the name of the column; one for each bad cell.

    lines: where each row begins. kinds: those that a line may have.
    """
    faults: defaultdict[int, dict[str, CellFault]] = defaultdict(dict)
    found = [
        *_faults_of_distinct_texts(columns, kinds),
        *_faults_of_repeated_ids(columns["id"], lines),
        *((row, "amount", amount) for row, amount in enumerate(amounts) if isinstance(amount, CellFault)),
        *_faults_of_nul(columns),
    ]
    for row, name, fault in found:
        faults[row][name] = fault
    return dict(faults)


def _faults_of_distinct_texts(columns: Columns, kinds: Collection[str]) -> Iterator[tuple[int, str, CellFault]]:
    judges: dict[str, Callable[[str], CellFault | None]] = {
        "id": fault_in_id,
        "currency": fault_in_currency,
        "booking_date": partial(fault_in_day, column="booking_date"),
        "value_date": partial(fault_in_day, column="value_date"),
        "kind": partial(fault_in_kind, kinds=kinds),
        "base_amount": fault_in_base_amount,
        "rate": fault_in_rate,
    }
    for name in judges.keys() & columns.keys():
        judged = {text: judges[name](text) for text in set(columns[name])}
        bad = {text: fault for text, fault in judged.items() if fault}
        if bad:
            yield from ((row, name, bad[text]) for row, text in enumerate(columns[name]) if text in bad)


def _faults_of_repeated_ids(identifiers: Sequence[str], lines: Sequence[int]) -> Iterator[tuple[int, str, CellFault]]:
    if len(set(identifiers)) == len(identifiers):
        return
    first_line: dict[str, int] = {}
    for row, (identifier, line) in enumerate(zip(identifiers, lines, strict=True)):
        first = first_line.setdefault(identifier, line)
        if first != line and not fault_in_id(identifier):
            yield row, "id", fault_of_repeated_id(first)


def _faults_of_nul(columns: Columns) -> Iterator[tuple[int, str, CellFault]]:
    for name, texts in columns.items():
        if "\0" in "".join(texts):
            yield from ((row, name, fault_of_nul()) for row, text in enumerate(texts) if "\0" in text)

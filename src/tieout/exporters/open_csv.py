"""open.csv: every line that nothing confirmed ties, with what is left of it, its age, and why it is still open."""

from typing import BinaryIO

import numpy as np

from tieout.contracts.csv_table import Amounts, Cells, Days, Names, Texts, write_header, write_rows
from tieout.contracts.exporter import ResultFormat
from tieout.contracts.line_lookup import LinesOf, is_small
from tieout.domain.line_table import coded
from tieout.domain.results import Result

FILE = "open.csv"
FORMATS: tuple[ResultFormat, ...] = ("json",)

_COLUMNS = (
    *("side", "line", "amount", "remaining", "currency", "booking_date", "age_days", "counterparty", "reference"),
    *("account", "kind", "description", "nearest", "why_not"),
)


def write(result: Result, stream: BinaryIO) -> None:
    """One row per open line, in the order of the result: statement before ledger, then by booking day and id."""
    parts = result.open_lines
    lines = LinesOf(result, [part.side for part in parts], [part.row for part in parts])
    currency = coded([part.currency for part in parts])
    remaining = np.array([part.remaining for part in parts], dtype=np.int64)
    columns: list[Cells] = [
        Names(coded([part.side for part in parts])),
        Texts([part.line for part in parts]),
        Amounts(lines.minor_units(), currency),
        Amounts(remaining, currency),
        Names(currency),
        Days(lines.days("booking_day")),
        Texts(["" if part.age_days is None else str(part.age_days) for part in parts]),
        Texts(lines.texts("counterparty")),
        Texts(lines.texts("reference")),
        Names(lines.names("account")),
        Names(lines.names("kind")),
        Texts(lines.texts("description")),
        Texts([part.nearest for part in parts]),
        Texts([part.why_not for part in parts]),
    ]
    write_header(stream, _COLUMNS)
    write_rows(stream, columns, is_small(result))

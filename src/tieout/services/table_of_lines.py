"""Kept lines as the columns that proofs read."""

from collections.abc import Sequence

import numpy as np

from tieout.domain.account_amounts import amount_in
from tieout.domain.line_table import LineTable, coded
from tieout.domain.lines import Line
from tieout.kernel.dates import NO_DAY

# The width of the largest id: texts of one width stand in the order of their numbers.
_ID_DIGITS = 19


def sorting_id(line_id: int) -> str:
    """The id of a line as a text that sorts as its number does."""
    return str(line_id).zfill(_ID_DIGITS)


def table_of_account(account_id: int, currency: str, lines: Sequence[Line]) -> LineTable:
    """Lines of one account, each with what it moves in the account's currency; ids as `sorting_id`."""
    count = len(lines)
    nothing, zeros = [""] * count, np.zeros(count, dtype=np.int32)
    return LineTable(
        id=[sorting_id(line.id) for line in lines],
        account=coded([str(account_id)] * count),
        currency=coded([currency] * count),
        kind=coded([line.kind for line in lines]),
        minor_units=np.array([amount_in(line, currency) for line in lines], dtype=np.int64),
        booking_day=np.array([line.booking_day for line in lines], dtype=np.int32),
        value_day=np.array([NO_DAY if line.value_day is None else line.value_day for line in lines], dtype=np.int32),
        reference=nothing,
        counterparty=nothing,
        counterparty_account=nothing,
        batch=nothing,
        description=nothing,
        settles=None,
        base_amount=None,
        rate=None,
        files=(),
        file=zeros,
        line=zeros,
        column=zeros,
    )

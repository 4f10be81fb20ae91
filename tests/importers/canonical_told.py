"""Canonical CSV files given as text, and what is said about them."""

import pytest

from tieout.contracts.reading import BytesSource
from tieout.domain.kinds import Side
from tieout.domain.line_table import LineTable
from tieout.importers.canonical_csv import read_lines
from tieout.kernel.errors import Refused

HEADER = (
    "id,account,currency,amount,booking_date,value_date,reference,counterparty,counterparty_account,batch,kind,"
    "settles,base_amount,rate,description"
)
SHORT = "id,amount,currency,booking_date"
LINE = "L1,10.00,NOK,2026-05-31"


def table_of(text: str | bytes, side: Side = "ledger") -> LineTable:
    """The lines of a good file."""
    return read_lines(source_of(text), side)


def source_of(text: str | bytes) -> BytesSource:
    """The file `books.csv` with this content."""
    return BytesSource("books.csv", text if isinstance(text, bytes) else text.encode())


def refusal_of(text: str | bytes, side: Side = "ledger") -> Refused:
    """Why a file is refused."""
    with pytest.raises(Refused) as refused:
        read_lines(source_of(text), side)
    return refused.value


def messages_of(text: str | bytes, side: Side = "ledger") -> list[str]:
    """The messages of a refusal, as they are printed."""
    return [str(finding) for finding in refusal_of(text, side).findings]

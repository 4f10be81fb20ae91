"""Entities, users and tokens as tables for people and as JSON."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from rich.box import SIMPLE_HEAD
from rich.table import Table

from tieout.cli.output import show, write
from tieout.kernel.errors import printable

Row = Mapping[str, object]


def answer_with(rows: Sequence[Row], headings: Sequence[str], *, as_json: bool) -> None:
    """Print rows whose keys are the headings: a table, or a JSON array."""
    if as_json:
        write((json.dumps(list(rows), indent=2, ensure_ascii=False) + "\n").encode())
        return
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="")
    for heading in headings:
        table.add_column(heading)
    for row in rows:
        table.add_row(*(_cell(row[heading]) for heading in headings))
    show(table)


def instant(at: int | None) -> str | None:
    """An instant to the second, as ISO 8601 in UTC; None where there is none."""
    return None if at is None else datetime.fromtimestamp(at // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _cell(value: object) -> str:
    if value is None or value is False:
        return "-"
    if value is True:
        return "yes"
    return printable(" ".join(map(str, value))) if isinstance(value, list) else printable(str(value))

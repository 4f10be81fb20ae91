"""HTML out of texts and figures; every text of the input goes through `text` and nothing else."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

from tieout.contracts.result_words import figure
from tieout.kernel.errors import printable


class Heading(NamedTuple):
    """The heading of a column."""

    words: str
    of_figures: bool = False  # right-aligned, as its cells are


def text(words: str) -> str:
    """Any text as HTML: escaped, on one line, without control characters."""
    return escape(printable(words))


def figures(minor_units: int | None, currency: str, exponent: int | None = None) -> str:
    """The cell of an amount; empty where it is unknown."""
    shown = "" if minor_units is None else text(figure(minor_units, currency, exponent))
    return f'<td class="figure">{shown}</td>'


def money_cell(minor_units: int, currency: str) -> str:
    """The cell of an amount with its currency, where a table holds several."""
    return f'<td class="figure">{text(figure(minor_units, currency))} <small>{text(currency)}</small></td>'


def count(number: int) -> str:
    """The cell of a count."""
    return f'<td class="figure">{number:,}</td>'


def cell(words: str, kind: str = "") -> str:
    """A cell of text."""
    return f"<td{_class(kind)}>{text(words)}</td>"


def row_head(words: str, kind: str = "") -> str:
    """The cell that names its row."""
    return f'<th scope="row"{_class(kind)}>{text(words)}</th>'


def row(*cells: str, kind: str = "") -> str:
    """A row of finished cells."""
    return f"<tr{_class(kind)}>{''.join(cells)}</tr>"


def table(caption: str, headings: Sequence[Heading], rows: Iterable[str], kind: str = "") -> str:
    """A table of finished rows, named by its caption."""
    heads = "".join(
        f'<th scope="col"{_class("figure" if head.of_figures else "")}>{text(head.words)}</th>' for head in headings
    )
    return (
        f"<table{_class(kind)}><caption>{text(caption)}</caption>"
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def section(name: str, heading: str, *parts: str) -> str:
    """A section of the page under its heading; nothing where it has no parts."""
    body = "".join(parts)
    return f'<section id="{name}"><h2>{text(heading)}</h2>{body}</section>' if body else ""


def paragraph(words: str, kind: str = "") -> str:
    """A paragraph of text."""
    return f"<p{_class(kind)}>{text(words)}</p>" if words else ""


def more(shown: int, whole: int, where: str) -> str:
    """Says how many are not shown and where they are; nothing where all are shown."""
    return paragraph(f"and {whole - shown:,} more {where}", "more") if whole > shown else ""


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""

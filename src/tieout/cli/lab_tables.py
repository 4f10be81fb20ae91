"""What was generated, what a result got right and what was measured, as tables for people."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tieout.kernel.errors import printable
from tieout.lab.bench import Figures
from tieout.lab.generate import Summary
from tieout.lab.score import Score, WrongConfirmation

# A screen full; `--json` lists them all.
WRONG_SHOWN_MAX = 15


def generated_table(made: Summary, folder: Path) -> RenderableType:
    """How many lines and groups were written, per class."""
    rows = [(each.class_name, each.groups, each.decidable) for each in made.classes]
    counts = (
        f"{made.statement_lines:,} statement lines, {made.ledger_lines:,} ledger lines, {made.groups:,} true groups"
    )
    said = f"{counts}, {made.decidable:,} of them decidable; written to {folder}"
    return Group(_table(("class", "groups", "decidable"), rows), Text(printable(said)))


def score_table(scored: Score) -> RenderableType:
    """Precision and recall, per class of true groups, and the wrong confirmations."""
    headings = ("class", "groups", "decidable", "confirmed", "of decidable", "wrong")
    rows = [
        (each.class_name, each.groups, each.decidable, each.confirmed, each.confirmed_decidable, each.wrong)
        for each in scored.classes
    ]
    counts = f"{scored.confirmed:,} matches confirmed, {scored.correct:,} correct, {scored.wrong:,} wrong"
    shares = f"precision {_percent(scored.precision)}, recall {_percent(scored.recall)}"
    recall = f"{scored.confirmed_decidable:,} of {scored.decidable:,} decidable groups"
    return Group(_table(headings, rows), Text(f"{counts}\n{shares} ({recall})"), *_wrong(scored))


def bench_table(figures: Sequence[Figures]) -> RenderableType:
    """Every figure of every benchmark under its promise."""
    parts: list[RenderableType] = []
    for each in figures:
        parts.append(Text.assemble((printable(each.name), "bold"), f": {printable(each.promise)}"))
        parts.append(_table(("figure", "value"), [(name, str(value)) for name, value in each.figures.items()]))
    return Group(*parts)


def _wrong(scored: Score) -> Iterator[RenderableType]:
    if not scored.wrong:
        return
    yield Text(f"wrong ({scored.wrong:,}):", style="red")
    for each in scored.wrong_confirmations[:WRONG_SHOWN_MAX]:
        yield Padding(Text(_said(each)), (0, 0, 0, 2), expand=False)
    if scored.wrong > WRONG_SHOWN_MAX:
        yield Padding(
            Text(f"and {scored.wrong - WRONG_SHOWN_MAX:,} more; --json lists them"), (0, 0, 0, 2), expand=False
        )


def _said(wrong: WrongConfirmation) -> str:
    match = wrong.match
    truths = "; ".join(f"{group.class_name}: {_lines(group.statement, group.ledger)}" for group in wrong.truth)
    by = f" by {match.matcher}" if match.matcher else ""
    return printable(
        f"{_lines(match.statement, match.ledger)}{by}, but the truth is {truths or 'that these tie to nothing'}"
    )


def _lines(statement: Sequence[str], ledger: Sequence[str]) -> str:
    return f"{' '.join(statement)} = {' '.join(ledger)}" if ledger else " ".join(statement)


def _percent(share: float) -> str:
    # Rounded down: 99.99 % is not all of them.
    return f"{int(share * 10_000) / 100:.2f} %"


def _table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="")
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if place else "left")
    for row in rows:
        table.add_row(*(f"{cell:,}" if isinstance(cell, int) else printable(str(cell)) for cell in row))
    return table

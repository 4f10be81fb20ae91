"""What is open and why: by age, then line by line with the nearest candidate and what speaks against it."""

from tieout.contracts.line_lookup import SIDES
from tieout.contracts.result_selection import Selection
from tieout.contracts.result_words import age_names, figure
from tieout.domain.kinds import Side
from tieout.domain.result_totals import AgeGroup, ageing
from tieout.domain.results import OpenLine
from tieout.exporters.report_html.markup import (
    Heading,
    cell,
    count,
    figures,
    money_cell,
    more,
    paragraph,
    row,
    row_head,
    section,
    table,
    text,
)

_AGE_HEADINGS = (
    Heading("Side"),
    Heading("Currency"),
    *(Heading(name, of_figures=True) for name in age_names()),
    Heading("Lines", of_figures=True),
    Heading("Sum", of_figures=True),
)
_HEADINGS = (
    Heading("Line"),
    Heading("Booked"),
    Heading("Age in days", of_figures=True),
    Heading("Amount", of_figures=True),
    Heading("Open", of_figures=True),
    Heading("Nearest candidate, and why not"),
)


def open_lines(selection: Selection) -> str:
    """Sums by age, then the open lines of each side, the longest open first as the result has them."""
    result = selection.result
    if not result.open_lines:
        return section("open", "What is open", paragraph("Nothing: every line of both sides is tied."))
    ages = [_ages(side, currency, groups) for (side, currency), groups in ageing(result.open_lines).items()]
    parts = [table("Open amounts by age", _AGE_HEADINGS, ages)]
    parts += [_side(side, selection) for side in SIDES]
    return section("open", "What is open and why", *parts)


def _ages(side: Side, currency: str, groups: list[AgeGroup]) -> str:
    sums = [figures(group.minor_units, currency) if group.lines else cell("") for group in groups]
    lines, whole = sum(group.lines for group in groups), sum(group.minor_units for group in groups)
    return row(row_head(side.capitalize()), cell(currency), *sums, count(lines), figures(whole, currency))


def _side(side: Side, selection: Selection) -> str:
    parts = selection.open_lines[side]
    if not parts:
        return paragraph(f"No {side} line is open.")
    rows = [_open(part, selection) for part in parts]
    rest = more(
        len(parts), selection.open_counts[side], f"open {side} lines in the list of open lines beside this page"
    )
    return table(f"Open {side} lines", _HEADINGS, rows, "open") + rest


def _open(part: OpenLine, selection: Selection) -> str:
    facts = selection.facts.get((part.side, part.line))
    whole = facts.minor_units if facts else part.remaining
    said = f'<span class="said">{text(facts.said if facts else "")}</span>'
    return row(
        f'<th scope="row" class="line"><b>{text(part.line)}</b> {said}</th>',
        cell(facts.booked if facts else "", "day"),
        cell("" if part.age_days is None else f"{part.age_days:,}", "figure"),
        cell("" if whole == part.remaining else figure(whole, part.currency), "figure"),
        money_cell(part.remaining, part.currency),
        cell(": ".join(words for words in (part.nearest, part.why_not) if words), "why"),
    )

"""What tied out: counts and sums by matcher, then the matches with both sides beside each other."""

from collections.abc import Iterator

from tieout.contracts.result_selection import Selection
from tieout.contracts.result_words import phrase
from tieout.domain.result_totals import MatcherTotal
from tieout.exporters.report_html.legs import MATCH_HEADINGS, match_rows
from tieout.exporters.report_html.markup import Heading, cell, figures, more, paragraph, row, section, table, text

_HEADINGS = (
    Heading("Matched by"),
    Heading("Matches", of_figures=True),
    Heading("Lines", of_figures=True),
    Heading("Currency"),
    Heading("Money in", of_figures=True),
    Heading("Money out", of_figures=True),
    Heading("Adjustments", of_figures=True),
)


def tied(selection: Selection) -> str:
    """Totals of every confirmed match, and the first of them in full."""
    totals = selection.totals
    if not totals.confirmed:
        return section("tied", "What tied out", paragraph("No match was confirmed."))
    sums = [each for matcher, total in totals.by_matcher.items() for each in _total(matcher, total)]
    rows = [each for match in totals.confirmed for each in match_rows(match, selection)]
    rest = more(len(totals.confirmed), totals.confirmed_count, "in the list of matches beside this page (matches.csv)")
    return section(
        "tied",
        "What tied out",
        table("Confirmed matches by matcher", _HEADINGS, sums),
        table("Confirmed matches", MATCH_HEADINGS, rows, "matches"),
        rest,
    )


def _total(matcher: str, total: MatcherTotal) -> Iterator[str]:
    height = max(1, len(total.turnover))
    head = (
        f'<th scope="rowgroup" rowspan="{height}">{text(phrase(matcher).capitalize())}</th>'
        f'<td class="figure" rowspan="{height}">{total.matches:,}</td>'
        f'<td class="figure" rowspan="{height}">{total.lines:,}</td>'
    )
    kind = "first"
    for currency, turnover in sorted(total.turnover.items()):
        amounts = (turnover.money_in, turnover.money_out, turnover.adjustments)
        yield row(head, cell(currency), *(figures(minor_units, currency) for minor_units in amounts), kind=kind)
        head, kind = "", ""

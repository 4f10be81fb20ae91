"""The entries to book that follow from confirmed matches."""

from tieout.contracts.result_selection import PostingTotal, Selection
from tieout.contracts.result_words import phrase
from tieout.domain.results import Posting
from tieout.exporters.report_html.markup import Heading, cell, count, money_cell, more, row, row_head, section, table
from tieout.kernel.dates import day_text

_TOTAL_HEADINGS = (
    Heading("Entry"),
    Heading("Entries", of_figures=True),
    Heading("Sum", of_figures=True),
)
_HEADINGS = (
    Heading("Match", of_figures=True),
    Heading("Entry"),
    Heading("Day"),
    Heading("Account"),
    Heading("Line"),
    Heading("Settles"),
    Heading("Text"),
    Heading("Amount", of_figures=True),
)


def postings(selection: Selection) -> str:
    """Sums by kind, then the first entries; nothing where there are none."""
    if not selection.posting_totals:
        return ""
    totals = [_total(total) for total in selection.posting_totals]
    rows = [_posting(posting) for posting in selection.postings]
    return section(
        "postings",
        "Entries to book",
        table("Sums, signed as on the bank account", _TOTAL_HEADINGS, totals),
        table("Entries that follow from confirmed matches", _HEADINGS, rows),
        more(len(rows), sum(total.entries for total in selection.posting_totals), "in postings.csv"),
    )


def _total(total: PostingTotal) -> str:
    head = row_head(phrase(total.kind).capitalize())
    return row(head, count(total.entries), money_cell(total.minor_units, total.currency))


def _posting(posting: Posting) -> str:
    return row(
        f'<th scope="row" class="figure">{posting.match:,}</th>',
        cell(phrase(posting.kind).capitalize()),
        cell(day_text(posting.booking_day), "day"),
        cell(posting.account),
        cell(posting.line),
        cell(posting.settles),
        cell(posting.text),
        money_cell(posting.minor_units, posting.currency),
    )

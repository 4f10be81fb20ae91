"""The page as a whole: what it is about, the verdict, and its sections in the order in which an auditor asks."""

from functools import cache
from pathlib import Path

from tieout.contracts.result_selection import Selection, select
from tieout.contracts.result_words import accounts_of, count_of, names_of, period_of, verdict
from tieout.domain.results import Result
from tieout.exporters.report_html.bank import reconciliations
from tieout.exporters.report_html.checks import checks
from tieout.exporters.report_html.findings import quarantined, set_aside
from tieout.exporters.report_html.limits import LIMITS, REASONS_MAX
from tieout.exporters.report_html.markup import text
from tieout.exporters.report_html.open_lines import open_lines
from tieout.exporters.report_html.postings import postings
from tieout.exporters.report_html.proofs import proofs
from tieout.exporters.report_html.tied import tied
from tieout.exporters.report_html.undecided import undecided
from tieout.exporters.report_html.waterfall import waterfall_charts
from tieout.kernel.version import VERSION

_SIGNS = {"holds": "✓", "fails": "✕", "unproved": "–"}


def page(result: Result) -> str:
    """The whole HTML document."""
    selection = select(result, LIMITS)
    title = f"Reconciliation of {names_of(accounts_of(result))}"
    sections = (
        quarantined(selection),
        reconciliations(selection),
        proofs(result),
        waterfall_charts(result),
        tied(selection),
        undecided(selection),
        open_lines(selection),
        postings(selection),
        set_aside(selection),
        checks(result),
    )
    body = "\n".join(part for part in sections if part)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{text(title)}</title><style>{_style()}</style></head>\n"
        f"<body><main>{_header(title, selection)}\n{body}\n</main>"
        f"<footer>tieout {VERSION}, plan {text(result.plan.name)}</footer></body></html>\n"
    )


@cache
def _style() -> str:
    return Path(__file__).with_name("page.css").read_text("utf-8")


def _header(title: str, selection: Selection) -> str:
    result = selection.result
    period = period_of(result)
    days = f"Lines booked {period[0]} to {period[1]}" if period else "No lines"
    about = f'<h1>{text(title)}</h1><p class="period">{text(days)}</p>'
    return f"<header>{about}{_verdict(result)}{_counts(selection)}</header>"


def _verdict(result: Result) -> str:
    said = verdict(result)
    shown = [*said.reasons[:REASONS_MAX]]
    if len(said.reasons) > REASONS_MAX:
        shown.append(f"and {len(said.reasons) - REASONS_MAX:,} more, below")
    reasons = "".join(f"<li>{text(reason)}</li>" for reason in shown)
    return (
        f'<div class="verdict {said.standing}"><p><span class="sign" aria-hidden="true">{_SIGNS[said.standing]}</span>'
        f"{text(said.headline)}</p><ul>{reasons}</ul></div>"
    )


def _counts(selection: Selection) -> str:
    result, opened = selection.result, selection.open_counts
    pairs = (
        (result.matches_confirmed, "matches confirmed", count_of(result.matches_proposed, "proposed", "proposed")),
        (len(result.ambiguous), "ambiguous", "with more than one answer"),
        (opened["statement"], "statement lines open", f"of {len(result.statement):,}"),
        (opened["ledger"], "ledger lines open", f"of {len(result.ledger):,}"),
    )
    cells = (f"<div><dt>{words}</dt><dd>{number:,}</dd><dd>{text(note)}</dd></div>" for number, words, note in pairs)
    return f'<dl class="counts">{"".join(cells)}</dl>'

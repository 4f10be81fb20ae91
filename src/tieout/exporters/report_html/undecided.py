"""What needs somebody's decision: proposed matches, and lines with more than one answer."""

from collections.abc import Iterable

from tieout.contracts.result_selection import Selection, answers_of
from tieout.contracts.result_words import phrase
from tieout.domain.kinds import Side
from tieout.domain.results import Ambiguity
from tieout.exporters.report_html.legs import MATCH_HEADINGS, line_text, match_rows
from tieout.exporters.report_html.markup import Heading, cell, more, row, section, table

_HEADINGS = (Heading("Lines"), Heading("Possible answers"), Heading("Would decide"))
_MORE = '<p class="said">and there may be more</p>'
_NO_SIDE = '<span class="said">on both sides</span>'


def undecided(selection: Selection) -> str:
    """Proposals first, then ambiguities; nothing where there are none."""
    return section("undecided", "What needs a decision", _proposed(selection), _ambiguous(selection))


def _proposed(selection: Selection) -> str:
    totals = selection.totals
    if not totals.proposed:
        return ""
    rows = [each for match in totals.proposed for each in match_rows(match, selection)]
    rest = more(len(totals.proposed), totals.proposed_count, "proposals in the list of matches beside this page")
    return table("Proposed matches, not tied until somebody confirms them", MATCH_HEADINGS, rows, "matches") + rest


def _ambiguous(selection: Selection) -> str:
    ambiguous = selection.result.ambiguous
    if not ambiguous:
        return ""
    rows = [_ambiguity(ambiguity, selection) for ambiguity in ambiguous[: selection.limits.ambiguous]]
    rest = more(len(rows), len(ambiguous), "in result.json")
    return table("More than one answer, so none was chosen", _HEADINGS, rows) + rest


def _ambiguity(ambiguity: Ambiguity, selection: Selection) -> str:
    fixed: list[tuple[Side, str]] = [("statement", line) for line in ambiguity.statement]
    fixed += [("ledger", line) for line in ambiguity.ledger]
    answers = [_lines(answer, selection) for answer in answers_of(ambiguity, selection)]
    return row(
        f'<td class="line">{_lines(fixed, selection) or _NO_SIDE}</td>',
        f"<td><ol>{''.join(f'<li>{answer}</li>' for answer in answers)}</ol>{_MORE if ambiguity.more else ''}</td>",
        cell(phrase(ambiguity.would_decide)),
        kind="first",
    )


def _lines(lines: Iterable[tuple[Side, str]], selection: Selection) -> str:
    return "<br>".join(line_text(side, line, selection) for side, line in lines)

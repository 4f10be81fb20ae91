"""A match as rows: the statement side at the left, the ledger side and the adjustments at the right."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import NamedTuple

from tieout.contracts.result_selection import Selection
from tieout.contracts.result_words import money, phrase
from tieout.domain.kinds import Side
from tieout.domain.matches import Adjustment, Match, MatchKind, MatchState, Realised
from tieout.exporters.report_html.markup import Heading, money_cell, row, text

MATCH_HEADINGS = (
    Heading("No.", of_figures=True),
    Heading("Statement"),
    Heading("Amount", of_figures=True),
    Heading("Ledger and adjustments"),
    Heading("Amount", of_figures=True),
    Heading("Why"),
)


class _Leg(NamedTuple):
    name: str
    said: str
    minor_units: int
    currency: str


def match_rows(match: Match, selection: Selection) -> Iterator[str]:
    """As many rows as the longer side has legs; the number and the reasons stand beside them."""
    left, right = _legs(match, selection)
    height = max(len(left), len(right))
    head = f'<th scope="rowgroup" rowspan="{height}" class="figure">{match.id:,}</th>'
    why = f'<td rowspan="{height}" class="why">{text("; ".join(_why(match)))}</td>'
    kind = "first"
    for on_the_left, on_the_right in zip_longest(left, right):
        yield row(head, _leg(on_the_left), _leg(on_the_right), why, kind=kind)
        head, why, kind = "", "", ""


def line_text(side: Side, line: str, selection: Selection) -> str:
    """A line as it is named in running text, finished HTML: its id, then how much, when, who and what."""
    facts = selection.facts.get((side, line))
    if facts is None:
        return f"<b>{text(line)}</b>"
    amount = money(facts.minor_units, facts.currency)
    return f'<b>{text(line)}</b> {text(amount)} <span class="said">{text(facts.booked)} {text(facts.said)}</span>'


def _legs(match: Match, selection: Selection) -> tuple[list[_Leg], list[_Leg]]:
    statement, ledger = [_allocated(side, match, selection) for side in ("statement", "ledger")]
    other = [_Leg(phrase(leg.type).capitalize(), _terms(leg), *leg[1:3]) for leg in match.adjustments]
    if match.state is MatchState.PROPOSED:
        other += [_Leg("Left over", "", residual.minor_units, residual.currency) for residual in match.residuals()]
    if match.kind is MatchKind.WITHIN and statement:
        return statement + other, ledger
    return statement, ledger + other


def _terms(leg: Adjustment) -> str:
    rate = f"at {leg.rate}" if leg.rate else ""
    posts_to = f"posts to {leg.account}" if leg.account else ""
    return ", ".join(words for words in (leg.rule, rate, posts_to) if words)


def _allocated(side: Side, match: Match, selection: Selection) -> list[_Leg]:
    legs = []
    for allocation in match.allocations:
        if allocation.side == side:
            facts = selection.facts.get((side, allocation.line))
            said = f"{facts.booked} {facts.said}" if facts else ""
            legs.append(_Leg(allocation.line, said, allocation.minor_units, allocation.currency))
    return legs


def _leg(leg: _Leg | None) -> str:
    if leg is None:
        return "<td></td><td></td>"
    said = f'<span class="said">{text(leg.said)}</span>' if leg.said else ""
    return f'<td class="line"><b>{text(leg.name)}</b> {said}</td>{money_cell(leg.minor_units, leg.currency)}'


def _why(match: Match) -> Iterator[str]:
    yield from match.reasons
    if match.answers > 1:
        yield f"{match.answers:,} answers were found"
    if match.realised:
        yield _gain_or_loss(match.realised)
    if match.action:
        yield f"to do: {phrase(match.action)}"
    if not match.searched_fully:
        yield "not searched further: a limit of the plan was reached"


def _gain_or_loss(realised: Realised) -> str:
    if realised.minor_units is None or realised.currency is None:
        return f"realised gain or loss not computed: {phrase(realised.reason or 'unknown')}"
    word = "loss" if realised.minor_units < 0 else "gain"
    return f"realised {word} {money(realised.minor_units, realised.currency)}"

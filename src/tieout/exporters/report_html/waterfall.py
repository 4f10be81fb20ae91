"""The waterfall: a picture of one account from its opening to its closing balance, as inline SVG."""

from collections.abc import Iterable
from typing import NamedTuple

from tieout.contracts.line_lookup import rows_of
from tieout.contracts.result_words import figure
from tieout.domain.kinds import Side
from tieout.domain.results import Result
from tieout.exporters.report_html.limits import CHARTS_MAX
from tieout.exporters.report_html.markup import more, section, text
from tieout.proofs.waterfall import Step, StepKind, Waterfall, waterfalls

_NAMES: dict[StepKind, str] = {
    "opening": "Opening balance",
    "in_tied": "Money in, tied",
    "in_open": "Money in, open",
    "out_tied": "Money out, tied",
    "out_open": "Money out, open",
    "set_aside": "Set aside by decision",
    "unexplained": "Not explained by any line",
    "closing": "Closing balance",
}
_NAMES_WITHOUT_BALANCES = {**_NAMES, "opening": "Start, no balance stated", "closing": "Net movement"}

# In units of the drawing: labels, then bars, then amounts flush right.
_WIDTH, _ROW, _BAR = 960, 30, 16
_BARS_FROM, _BARS_TO = 210, 820
_BAR_WIDTH_MIN = 2
_PARTS_OF_THE_SCALE = 10_000

# Where movements are less than a quarter of the balance they would be invisible beside it: the scale is then cut.
_CUT_BELOW = 4


def waterfall_charts(result: Result) -> str:
    """One picture per account and currency, with the same figures as text beside the bars."""
    earlier = result.brought_forward.lines if result.brought_forward else ()
    rows = [_statement_rows(result, lines) for lines in (result.ignored, earlier)]
    drawn = waterfalls(result.statement, result.proofs, result.open_lines, *rows)
    charts = [_chart(number, waterfall) for number, waterfall in enumerate(drawn[:CHARTS_MAX])]
    rest = more(len(charts), len(drawn), "accounts without a picture; their proofs are above")
    return section("waterfall", "From opening to closing", *charts, rest) if charts else ""


def _statement_rows(result: Result, lines: Iterable[tuple[Side, str]]) -> list[int]:
    wanted = [line for side, line in lines if side == "statement"]
    return list(rows_of(result.statement, wanted).values()) if wanted else []


class _Scale(NamedTuple):
    """Where an amount lies between the left and the right end of the bars."""

    low: int
    high: int

    def at(self, minor_units: int) -> int:
        """In units of the drawing; what lies left of the scale is at its beginning."""
        span = _BARS_TO - _BARS_FROM
        return _BARS_FROM + span * (max(minor_units, self.low) - self.low) // max(1, self.high - self.low)


def _chart(number: int, waterfall: Waterfall) -> str:
    scale, is_cut = _scale_of(waterfall)
    names = _NAMES if waterfall.stated else _NAMES_WITHOUT_BALANCES
    rows = [_row(place, step, names[step.kind], waterfall, scale) for place, step in enumerate(waterfall.steps)]
    title = f"{waterfall.account or 'Unnamed account'}, {waterfall.currency}: from opening to closing"
    said = "; ".join(f"{names[step.kind]} {figure(step.minor_units, waterfall.currency)}" for step in waterfall.steps)
    low = figure(scale.low, waterfall.currency)
    note = f'<p class="note">The scale begins at {text(low)}, not at zero.</p>' if is_cut else ""
    height = _ROW * len(waterfall.steps) + 6
    return (
        f"<figure><figcaption>{text(title)}</figcaption>"
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-labelledby="waterfall-{number} waterfall-said-{number}">'
        f'<title id="waterfall-{number}">{text(title)}</title><desc id="waterfall-said-{number}">{text(said)}</desc>'
        f"{''.join(rows)}</svg>{note}</figure>"
    )


def _scale_of(waterfall: Waterfall) -> tuple[_Scale, bool]:
    levels = [step.end for step in waterfall.steps]
    low, high = min(0, *levels), max(0, *levels)
    spread = max(levels) - min(levels)
    if low < 0 or spread * _CUT_BELOW >= high:
        return _Scale(low, high), False
    return _Scale(max(0, min(levels) - max(spread, high // _PARTS_OF_THE_SCALE) // 4), high), True


def _row(place: int, step: Step, name: str, waterfall: Waterfall, scale: _Scale) -> str:
    top = place * _ROW + (_ROW - _BAR) // 2
    start, end = sorted((scale.at(step.start), scale.at(step.end)))
    middle = top + _BAR - 4
    amount = figure(step.minor_units, waterfall.currency)
    width = max(_BAR_WIDTH_MIN, end - start) if step.minor_units else 0
    link = ""
    if place < len(waterfall.steps) - 1:
        here = scale.at(step.end)
        link = f'<line class="link" x1="{here}" y1="{top + (_BAR if width else 0)}" x2="{here}" y2="{top + _ROW}"/>'
    return (
        f'<text class="name" x="0" y="{middle}">{text(name)}</text>'
        f'<rect class="{step.kind}" x="{start}" y="{top}" width="{width}" height="{_BAR}"/>'
        f'{link}<text class="amount" x="{_WIDTH}" y="{middle}">{text(amount)}</text>'
    )

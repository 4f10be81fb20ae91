"""How a reader can check all this without tieout."""

from tieout.domain.results import Result
from tieout.exporters.report_html.markup import section, text


def checks(result: Result) -> str:
    """What was counted, under which plan, and where the equations are."""
    conservation = result.conservation
    said = "Holds: every line of the input is tied, open, or set aside; none is lost, none is used twice."
    if not conservation.holds:
        said = f"Does not hold: {'; '.join(conservation.faults) or 'a line of the input is neither used nor open'}."
    pairs = (
        (
            "Lines read",
            text(f"{len(result.statement):,} of the statement side, {len(result.ledger):,} of the ledger side"),
        ),
        ("Conservation", text(said)),
        ("Plan", f"{text(result.plan.name)}, SHA-256 <code>{text(result.plan.sha256)}</code>"),
        ("Equations", _EQUATIONS),
        (
            "Files",
            "<code>sha256sum -c SHA256SUMS</code>, run beside this page, shows whether a file was changed since.",
        ),
    )
    listed = "".join(f"<dt>{name}</dt><dd>{words}</dd>" for name, words in pairs)
    return section("checks", "How to check", f'<dl class="checks">{listed}</dl>')


_EQUATIONS = (
    "Each confirmed match is an equation in exact amounts: statement = ledger + adjustments, per currency; lines of one"
    " side that cancel add up to zero. Filter the list of matches by number and add up."
)

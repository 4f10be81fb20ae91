"""What was noticed while reading, and what was left out on purpose."""

from collections.abc import Sequence

from tieout.contracts.places import place_text
from tieout.contracts.result_selection import Selection
from tieout.contracts.result_words import brought_forward, count_of
from tieout.exporters.report_html.legs import line_text
from tieout.exporters.report_html.markup import Heading, cell, more, paragraph, row, row_head, section, table
from tieout.kernel.errors import Finding

_HEADINGS = (Heading("Place"), Heading("What"))


def quarantined(selection: Selection) -> str:
    """Entries that could not be read whole: they come before every figure, since no figure counts them."""
    result = selection.result
    if not result.quarantined:
        return ""
    caption = "Not counted anywhere below; the balance proofs show the gap that they leave"
    return section("quarantined", "Entries that could not be read", _table(caption, result.quarantined, selection))


def set_aside(selection: Selection) -> str:
    """Lines that a decision or the books keep out of matching, and warnings."""
    result = selection.result
    parts = [paragraph(brought_forward(result))]
    if result.settled_in_books:
        count = count_of(len(result.settled_in_books), "open item is", "open items are")
        parts.append(paragraph(f"{count} settled by an entry in the books, and so not matched to the bank."))
    if result.ignored:
        lines = [line_text(side, line, selection) for side, line in result.ignored[: selection.limits.findings]]
        listed = "".join(f"<li>{line}</li>" for line in lines)
        parts.append(paragraph("Set aside by decision:") + f"<ul>{listed}</ul>")
        parts.append(more(len(lines), len(result.ignored), "in result.json"))
    if result.warnings:
        parts.append(_table("Warnings: read and counted all the same", result.warnings, selection))
    return section("set-aside", "Brought forward, set aside, and warnings", *parts)


def _table(caption: str, findings: Sequence[Finding], selection: Selection) -> str:
    rows = [
        row(row_head(place_text(finding.place), "place"), cell(finding.message))
        for finding in findings[: selection.limits.findings]
    ]
    return table(caption, _HEADINGS, rows) + more(len(rows), len(findings), "in result.json")

"""A reconciliation for people: the bank reconciliation first, then its proofs, what tied out, and what needs a look."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from tieout.cli.result_parts import (
    STYLES,
    Rest,
    ambiguity_table,
    bank_reconciliation,
    heading,
    matcher_table,
    open_table,
    proof_table,
    proposal_table,
    unreconciled_table,
)
from tieout.contracts.places import place_text
from tieout.contracts.result_selection import Limits, Selection, select
from tieout.contracts.result_words import (
    accounts_of,
    brought_forward,
    count_of,
    money,
    names_of,
    period_of,
    phrase,
    verdict,
)
from tieout.domain.results import Result
from tieout.kernel.errors import printable

# A screen full per table; the files of --out hold the rest.
ROWS_MAX = 15
# As many as find one example per matcher in nearly every result.
_MATCHES_SEEN_MAX = 1_000

_LIMITS = Limits(
    matches=_MATCHES_SEEN_MAX,
    proposed=ROWS_MAX,
    ambiguous=ROWS_MAX,
    open_lines=ROWS_MAX,
    outstanding=ROWS_MAX,
    postings=0,
    findings=ROWS_MAX,
)


def result_table(result: Result, folder: str | None = None) -> RenderableType:
    """The whole answer of a reconciliation.

    folder: where the files of the result are, to say where the rest of a long list is; None when nothing was written.
    """
    selection, rest = select(result, _LIMITS), Rest(folder)
    provable = [account for account in result.reconciliations if account.holds is not None]
    unprovable = [account for account in result.reconciliations if account.holds is None]
    return Group(
        *_head(result),
        *_quarantined(selection, rest),
        *(part for account in provable for part in bank_reconciliation(account, selection, rest)),
        *unreconciled_table(unprovable, rest, ROWS_MAX),
        *proof_table(result, rest, ROWS_MAX),
        *matcher_table(selection),
        *proposal_table(selection, rest),
        *ambiguity_table(selection, rest),
        *open_table("statement", selection, rest),
        *open_table("ledger", selection, rest),
        *_postings(selection),
        *_foot(result, folder),
    )


def _head(result: Result) -> Iterator[RenderableType]:
    period = period_of(result)
    days = f", {period[0]} to {period[1]}" if period else ""
    yield Text.assemble((printable(f"Reconciliation of {names_of(accounts_of(result))}"), "bold"), days)
    said = verdict(result)
    yield Text(said.headline, style=STYLES[said.standing])
    for reason in said.reasons[:ROWS_MAX]:
        yield Padding(Text(printable(reason)), (0, 0, 0, 2), expand=False)


def _quarantined(selection: Selection, rest: Rest) -> Iterator[RenderableType]:
    quarantined = selection.result.quarantined
    if not quarantined:
        return
    yield heading("Not counted, since they cannot be read whole")
    for finding in quarantined[:ROWS_MAX]:
        yield Padding(Text(printable(f"{place_text(finding.place)}: {finding.message}")), (0, 0, 0, 2), expand=False)
    yield from rest.after(ROWS_MAX, len(quarantined), "result.json")


def _postings(selection: Selection) -> Iterator[RenderableType]:
    totals = selection.posting_totals
    if not totals:
        return
    yield heading("Entries to book")
    for total in totals:
        words = f"{total.entries:,} x {phrase(total.kind)}, {money(total.minor_units, total.currency)}"
        yield Padding(Text(words), (0, 0, 0, 2), expand=False)


def _foot(result: Result, folder: str | None) -> Iterator[RenderableType]:
    counts = (
        f"{count_of(result.matches_confirmed, 'match', 'matches')} confirmed",
        f"{result.matches_proposed:,} proposed",
        f"{len(result.ambiguous):,} ambiguous",
        f"{count_of(len(result.open_lines), 'line')} open",
        f"{result.seconds:.2f} s",
    )
    yield Text(f"\n{', '.join(counts)}")
    if result.brought_forward:
        yield Text(brought_forward(result))
    if folder is not None:
        yield Text(printable(f"written to {folder}: report.html is the page to file"))

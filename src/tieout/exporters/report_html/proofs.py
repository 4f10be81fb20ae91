"""The balance proofs: opening plus movements gives closing, one row per statement."""

from tieout.contracts.result_words import figure, why_unproved
from tieout.domain.results import AccountProof, Result
from tieout.exporters.report_html.limits import PROOFS_MAX
from tieout.exporters.report_html.markup import Heading, cell, figures, more, paragraph, row, row_head, section, table

_HEADINGS = (
    Heading("Account"),
    Heading("Currency"),
    Heading("Opening", of_figures=True),
    Heading("Movements", of_figures=True),
    Heading("Closing", of_figures=True),
    Heading("Gap", of_figures=True),
    Heading("Verdict"),
)


def proofs(result: Result) -> str:
    """Every statement; failed proofs come first."""
    if not result.proofs:
        return section("proofs", "Balance proofs", paragraph("The files state no balances, so none can be proved."))
    ordered = sorted(result.proofs, key=lambda proof: (proof.holds is not False, proof.holds is not None))
    rows = [_proof(proof) for proof in ordered[:PROOFS_MAX]]
    rest = more(len(rows), len(ordered), "in result.json, all of them proved or without balances")
    shown = table("Opening balance plus movements gives the closing balance", _HEADINGS, rows)
    return section("proofs", "Balance proofs", shown, rest)


def _proof(proof: AccountProof) -> str:
    currency, exponent = proof.currency, proof.exponent
    said, standing = _verdict(proof)
    return row(
        row_head(proof.account or "no account named"),
        cell(currency),
        figures(proof.opening, currency, exponent),
        figures(proof.movements, currency, exponent),
        figures(proof.closing, currency, exponent),
        figures(proof.gap, currency, exponent),
        cell(said, f"standing {standing}"),
    )


def _verdict(proof: AccountProof) -> tuple[str, str]:
    if proof.holds:
        return "Proved", "holds"
    if proof.holds is None:
        return f"Cannot be proved: {why_unproved(proof.reason)}", "unproved"
    if not proof.gap:
        return "Off: the sums agree, the counts do not", "fails"
    return f"Off by {figure(proof.gap, proof.currency, proof.exponent)}", "fails"

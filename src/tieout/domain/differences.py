"""Whether anything of a result is left for somebody to look at."""

from tieout.domain.results import Result


def differences_remain(result: Result) -> bool:
    """Whether a line is open, a match only proposed, a choice ambiguous, a proof broken or an entry quarantined.

    A line of 0.00 is always open and never a difference. What cannot be proved for want of a balance is none either.
    """
    proofs = [*(proof.holds for proof in result.proofs), *(account.holds for account in result.reconciliations)]
    return bool(
        any(part.remaining for part in result.open_lines)
        or result.matches_proposed
        or result.ambiguous
        or False in proofs
        or not result.conservation.holds
        or result.quarantined
    )

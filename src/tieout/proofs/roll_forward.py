"""Roll-forward: the opening balance plus every movement gives the closing balance."""

from tieout.domain.statements import Balance, BalanceProof


def roll_forward(opening: Balance | None, movements: int, closing: Balance | None) -> BalanceProof:
    """Prove the closing balance of one account in one currency.

    movements: the signed sum of the booked entries, in the same minor units as the balances.
    Returns a proof that holds, one that carries the signed gap (closing minus computed), or one that says which
    balance is missing. A wrong balance is an answer, not an error.
    Source: ISO 20022 camt.053, booked balances OPBD and CLBD; SWIFT MT940, fields 60F and 62F.
    """
    if opening is None or closing is None:
        return BalanceProof(holds=None, gap=None, identity=None, reason=_missing(opening, closing))
    gap = closing.minor_units - (opening.minor_units + movements)
    return BalanceProof(holds=gap == 0, gap=gap, identity="balances", reason=None)


def _missing(opening: Balance | None, closing: Balance | None) -> str:
    if opening is None and closing is None:
        return "no_balances"
    return "no_opening" if opening is None else "no_closing"

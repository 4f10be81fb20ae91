"""What a book entry moves on its account, in the currency that the account is reconciled in."""

from tieout.domain.lines import Line


def amount_in(line: Line, currency: str) -> int:
    """The signed amount that a line moves in this currency, in minor units.

    The books keep an account in foreign currency by two amounts: the functional one and the foreign one. The bank
    knows the foreign one alone, so that is what an account in foreign currency is reconciled by. An entry without it,
    such as a revaluation, moves no money there: zero.
    """
    if line.currency == currency:
        return line.minor_units
    if line.foreign_currency == currency and line.foreign_minor_units is not None:
        return line.foreign_minor_units
    return 0

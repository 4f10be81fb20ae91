"""The equation of a match in words of minor units: what an auditor adds up by hand."""

from collections import defaultdict

from tieout.domain.matches import Match, MatchKind


def equations(match: Match) -> tuple[str, ...]:
    """One equation per currency, in the order of their codes.

    `across`: `NOK: line 4 9700 = line 7 6000 + line 9 4000 + fee -300`. `within`: everything = 0. A side without legs
    in a currency is 0.
    """
    left: defaultdict[str, list[str]] = defaultdict(list)
    right: defaultdict[str, list[str]] = defaultdict(list)
    across = match.kind is MatchKind.ACROSS
    for leg in match.allocations:
        side = right if across and leg.side == "ledger" else left
        side[leg.currency].append(f"line {leg.line} {leg.minor_units}")
    for adjustment in match.adjustments:
        side = right if across else left
        rate = f" at {adjustment.rate}" if adjustment.rate else ""
        side[adjustment.currency].append(f"{adjustment.type} {adjustment.minor_units}{rate}")
    return tuple(
        f"{currency}: {_sum(left[currency])} = {_sum(right[currency])}" for currency in sorted({*left, *right})
    )


def _sum(parts: list[str]) -> str:
    return " + ".join(parts) or "0"

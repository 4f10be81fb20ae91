"""What a value that a provider reports does to its payout: by its own sign, or by what it is for.

Some providers write a commission as -85.50, some as 85.50, and some change their mind. No sign is assumed: the rule is
the one under which the entries of a batch are its payout, where the other one does not give it.
"""

from collections.abc import Sequence
from typing import NamedTuple

from tieout.domain.settlements import SignRule

# What leaves a payout smaller; every other kind that has a direction adds to it.
_TAKEN = frozenset({"fee", "tax", "refund", "chargeback", "reserve_hold", "payout"})
_GIVEN = frozenset({"sale", "chargeback_reversed", "reserve_release"})
# A fee that is given back with its sale: RETURN_COMISSION.
_GIVEN_BACK = "RETURN"
_CHARGES = frozenset({"fee", "tax"})


class ReportedValue(NamedTuple):
    """A value as a provider reports it, in minor units with the sign that it wrote."""

    kind: str  # domain.kinds.STATEMENT_KINDS
    entry_type: str  # in the provider's words
    minor_units: int


def effect(rule: SignRule, value: ReportedValue) -> int:
    """What a value does to the payout under a rule; of a kind without a direction its own sign says it."""
    if rule is SignRule.AS_RECEIVED:
        return value.minor_units
    size = value.minor_units if value.minor_units >= 0 else -value.minor_units
    if value.kind in _CHARGES and value.entry_type.upper().startswith(_GIVEN_BACK):
        return size
    if value.kind in _TAKEN:
        return -size
    return size if value.kind in _GIVEN else value.minor_units


def ruling(values: Sequence[ReportedValue], carried: int, payout: int | None) -> SignRule | None:
    """The rule under which values and carried balance are the payout, where no other one gives it too.

    Two rules that mean the same for every value are one. None where nothing says a payout, where neither rule gives it,
    and where both do.
    """
    if payout is None:
        return None
    ties = [rule for rule in SignRule if sum(effect(rule, each) for each in values) + carried == payout]
    if len(ties) == 1:
        return ties[0]
    same = all(effect(SignRule.AS_RECEIVED, each) == effect(SignRule.BY_TYPE, each) for each in values)
    return SignRule.AS_RECEIVED if ties and same else None

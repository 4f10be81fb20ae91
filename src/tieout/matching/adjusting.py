"""Typed legs that explain a residual: fees, discounts and the like, as far as the plan allows them."""

from collections.abc import Sequence
from fractions import Fraction
from functools import cache

from tieout.domain.matches import AdjustmentType
from tieout.domain.plans import AdjustmentRule
from tieout.kernel.currencies import EXPONENTS
from tieout.matching.proposals import AdjustmentLeg

# A cost is negative whether the payment came in short or went out long; a discount is what was not paid.
_COSTS = frozenset(
    {
        AdjustmentType.FEE,
        AdjustmentType.BANK_CHARGE,
        AdjustmentType.TAX,
        AdjustmentType.WITHHOLDING_TAX,
    }
)
_REDUCTIONS = frozenset({AdjustmentType.DISCOUNT})


@cache
def _ratio(decimal: str) -> tuple[int, int]:
    """An exact decimal text as a fraction of whole numbers."""
    return Fraction(decimal).as_integer_ratio()


def limit_of(rule: AdjustmentRule, gross: int, currency: str) -> int:
    """The largest residual, in minor units, that the rule explains on an amount of `gross` minor units."""
    size = gross if gross >= 0 else -gross
    percent, whole = _ratio(rule.percent_max)
    limit = percent * size // (whole * 100) if percent else None
    if rule.amount_max is None:
        return limit or 0
    amount, units = _ratio(rule.amount_max)
    fixed = int(amount * 10 ** EXPONENTS.get(currency, 2) // units)
    return fixed if limit is None else min(limit, fixed)


def allows(rule: AdjustmentRule, residual: int, gross: int, currency: str) -> bool:
    """Whether the rule explains the residual (paid minus gross) of an amount."""
    if rule.type in _COSTS and residual > 0:
        return False
    if rule.type in _REDUCTIONS and (residual > 0) == (gross > 0):
        return False
    size = residual if residual >= 0 else -residual
    return 0 < size <= limit_of(rule, gross, currency)


def leg_for(rules: Sequence[AdjustmentRule], residual: int, gross: int, currency: str) -> AdjustmentLeg | None:
    """The leg that explains the residual, by the first rule that is hit exactly, else the first that allows it."""
    fitting = [
        rule for rule in rules if rule.type is not AdjustmentType.EXCHANGE and allows(rule, residual, gross, currency)
    ]
    if not fitting:
        return None
    size = residual if residual >= 0 else -residual
    exact = [rule for rule in fitting if limit_of(rule, gross, currency) == size]
    rule = (exact or fitting)[0]
    return AdjustmentLeg(rule.type, residual, currency, rule.account, rule.name)


def gross_bounds(rules: Sequence[AdjustmentRule], paid: int, currency: str) -> tuple[int, int]:
    """Between which gross amounts a payment of `paid` can lie, in minor units, both included."""
    low = high = paid
    for rule in rules:
        if rule.type is AdjustmentType.EXCHANGE:
            continue
        percent, whole = _ratio(rule.percent_max)
        size = paid if paid >= 0 else -paid
        # A payment short by p percent of its gross: gross = paid / (1 - p).
        widest = size * 100 * whole // (100 * whole - percent) - size + 1 if 0 < percent < 100 * whole else size
        reach = min(widest, limit_of(rule, size + widest, currency))
        if allows(rule, -1, paid, currency) or rule.type in _COSTS:
            high = max(high, paid + reach)
        if allows(rule, 1, paid, currency):
            low = min(low, paid - reach)
    return low, high

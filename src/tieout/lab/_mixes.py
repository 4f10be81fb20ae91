"""What the generated lines consist of: named mixes of classes, with shares and habits.

A share says how many of a thousand draws make a group of the class; a draw of `batch` makes some dozen lines, a draw of
`price_point` two to four groups, most others one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tieout.kernel.errors import UsageError
from tieout.kernel.names import did_you_mean

# Every class, in the order in which tables show them. `missing_counterpart` makes lines without a group.
CLASSES = (
    "one_to_one",
    "reference_in_text",
    "counterparty_only",
    "bare",
    "duplicates",
    "batch",
    "sum",
    "sum_named",
    "many_payments",
    "fee",
    "discount",
    "partial",
    "credit_note",
    "reversal",
    "transfer",
    "exchange",
    "price_point",
    "missing_counterpart",
    "dirty_text",
    "booked",
)


@dataclass(frozen=True, slots=True)
class Mix:
    """One named mix."""

    name: str
    about: str  # one sentence for the user who chooses
    shares: Mapping[str, int]  # class to draws in a thousand; a class that is absent is never drawn
    accounts: int  # own accounts, 2 to 4: NOK, NOK, EUR, JPY
    round_per_mille: int  # amounts that people round: 12,500.00
    payable_per_mille: int  # groups in which money goes out
    beyond_limits_per_mille: int  # draws that lie outside the default plan's windows and limits


_DEFAULT = Mix(
    name="default",
    about="a trading company: mostly payments that name what they pay, and a share of every difficulty",
    shares={
        "one_to_one": 261,
        "reference_in_text": 130,
        "counterparty_only": 90,
        "bare": 15,
        "duplicates": 15,
        "batch": 8,
        "sum": 20,
        "sum_named": 35,
        "many_payments": 16,
        "fee": 40,
        "discount": 25,
        "partial": 35,
        "credit_note": 20,
        "reversal": 20,
        "transfer": 20,
        "exchange": 30,
        "price_point": 20,
        "missing_counterpart": 85,
        "dirty_text": 50,
        "booked": 65,
    },
    accounts=4,
    round_per_mille=90,
    payable_per_mille=300,
    beyond_limits_per_mille=15,
)

_CLEAN = Mix(
    name="clean",
    about="payments that carry their reference, nothing late and nothing short: what a good connection delivers",
    shares={
        "one_to_one": 550,
        "reference_in_text": 200,
        "sum_named": 80,
        "batch": 20,
        "partial": 30,
        "transfer": 20,
        "missing_counterpart": 50,
        "booked": 50,
    },
    accounts=2,
    round_per_mille=50,
    payable_per_mille=300,
    beyond_limits_per_mille=0,
)

_MARKETPLACE = Mix(
    name="marketplace",
    about="a shop: payouts of many orders, card fees, refunds, chargebacks that come back, equal prices",
    shares={
        "one_to_one": 150,
        "reference_in_text": 100,
        "duplicates": 30,
        "batch": 250,
        "fee": 120,
        "credit_note": 60,
        "reversal": 60,
        "exchange": 40,
        "price_point": 90,
        "missing_counterpart": 60,
        "dirty_text": 20,
        "booked": 20,
    },
    accounts=3,
    round_per_mille=30,
    payable_per_mille=60,
    beyond_limits_per_mille=20,
)

_HARD = Mix(
    name="hard",
    about="little is named, much is dirty, late or missing: for finding wrong confirmations, not for high recall",
    shares={
        "one_to_one": 50,
        "reference_in_text": 40,
        "counterparty_only": 90,
        "bare": 70,
        "duplicates": 40,
        "batch": 15,
        "sum": 70,
        "sum_named": 40,
        "many_payments": 40,
        "fee": 45,
        "discount": 30,
        "partial": 40,
        "credit_note": 40,
        "reversal": 30,
        "transfer": 30,
        "exchange": 30,
        "price_point": 40,
        "missing_counterpart": 110,
        "dirty_text": 100,
        "booked": 50,
    },
    accounts=4,
    round_per_mille=350,
    payable_per_mille=350,
    beyond_limits_per_mille=150,
)

_PRICE_POINTS = Mix(
    name="price_points",
    about="subscriptions: a few prices, thousands of equal amounts inside every window, with and without names",
    shares={
        "one_to_one": 150,
        "reference_in_text": 50,
        "counterparty_only": 40,
        "duplicates": 60,
        "batch": 20,
        "reversal": 30,
        "price_point": 600,
        "missing_counterpart": 50,
    },
    accounts=3,
    round_per_mille=50,
    payable_per_mille=30,
    beyond_limits_per_mille=10,
)

MIXES: dict[str, Mix] = {mix.name: mix for mix in (_DEFAULT, _CLEAN, _MARKETPLACE, _HARD, _PRICE_POINTS)}


def mix_named(name: str) -> Mix:
    """The mix of this name. Raises UsageError with the nearest valid name."""
    try:
        return MIXES[name]
    except KeyError:
        raise UsageError(f"there is no mix {name!r}; {did_you_mean(name, MIXES)}") from None

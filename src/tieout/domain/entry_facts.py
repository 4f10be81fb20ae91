"""What a provider's report says of one entry, beside its movement."""

from datetime import date
from typing import NamedTuple


class EntryFacts(NamedTuple):
    """What a provider says of one entry beside day, amount and texts."""

    entry_type: str  # as written: Settled, payment, SALE, COMISSION
    received: str  # the value as received: decimal text with its own sign
    order_code: str = ""
    channel: str = ""  # the marketplace, where it is another than the report's provider
    original_minor_units: int | None = None  # what the order was sold for
    expected_minor_units: int | None = None  # the effect that was expected
    expected_date: date | None = None
    released_date: date | None = None
    plot_number: int | None = None  # which instalment of
    plots_quantity: int | None = None
    facts: str = ""  # JSON text: what else is said, by the provider's own field names

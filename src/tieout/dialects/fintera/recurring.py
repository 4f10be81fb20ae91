"""Accounts that come again: every month, every year, or in parcels, all made at once.

Recorded: `create_as_recurrent` with `annual` and `monthly` rows made years ahead at the same second; parcels one month
apart that share the competency month of the first. How the vendor is asked for parcels stands nowhere.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from tieout.dialects.fintera.fields import Given
from tieout.dialects.fintera.moments import later
from tieout.dialects.fintera.refusals import NOT_IN_LIST, SPELLED
from tieout.kernel.dates import day_text

# As many as an invoice may have instalments (services.invoice_rules).
PARCELS_MAX = 400


class Rhythm(NamedTuple):
    """How far apart the accounts of a recurrence are, and how many are made ahead."""

    months: int
    occurrences: int


# Two years of months, five of the longer ones: nobody plans further, and every one can be deleted with the rest.
RHYTHMS: Mapping[str, Rhythm] = {
    "monthly": Rhythm(1, 24),
    "quarterly": Rhythm(3, 20),
    "semiannual": Rhythm(6, 10),
    "annual": Rhythm(12, 5),
}


class Recurring(NamedTuple):
    """The due days, and what is kept with each account."""

    due_days: tuple[int, ...]
    kept: tuple[dict[str, Any], ...]


def read_recurring(given: Given, due_day: int | None, kept: dict[str, Any]) -> Recurring:
    """One account, or those of the recurrence or the parcels that a request asks for; faults are left in `given`."""
    period = given.text("create_as_recurrent")
    parcels = given.whole("number_of_parcels")
    if period is not None and period not in RHYTHMS:
        given.fault("create_as_recurrent", NOT_IN_LIST)
    if parcels is not None and not 1 <= parcels <= PARCELS_MAX:
        given.fault("number_of_parcels", SPELLED["too_many"].message)
    if given.faults or due_day is None:
        return Recurring((), ())
    if period is not None:
        rhythm = RHYTHMS[period]
        days = tuple(later(due_day, rhythm.months * number) for number in range(rhythm.occurrences))
        own = {"recurrent": True, "recurrence_period": period}
        return Recurring(days, tuple({**kept, **own, "competency_month": day_text(day)[:7]} for day in days))
    days = tuple(later(due_day, number) for number in range(parcels or 1))
    month = kept.get("competency_month") or day_text(due_day)[:7]
    return Recurring(days, tuple({**kept, "competency_month": month} for _ in days))

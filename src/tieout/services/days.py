"""Which numbers are days: those that a calendar of four-digit years has."""

from datetime import date

from tieout.kernel.dates import day_number

FIRST_DAY = day_number(date.min)
LAST_DAY = day_number(date.max)


def is_day(number: int) -> bool:
    """Whether days since 1970-01-01 lie in the years 1 to 9999."""
    return FIRST_DAY <= number <= LAST_DAY

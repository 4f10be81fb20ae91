"""Days of a time zone as instants: a day there begins and ends when its own clocks say so."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tieout.kernel.dates import day_number, day_of_number

# Beyond these an instant may lie outside the calendar; nothing that is asked for begins there.
_FIRST, _LAST = day_number(date(2, 1, 1)), day_number(date(9998, 12, 31))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def begin_of_day(day: int, time_zone: str) -> int:
    """When a day begins in a zone, in microseconds since 1970 UTC.

    day: days since 1970-01-01; of the years 1 and 9999 the nearest day of another. Where the clocks jump over midnight,
    it begins at the instant of the jump.
    """
    begins = datetime.combine(_calendar_day(day), time.min, ZoneInfo(time_zone))
    return (begins.astimezone(UTC) - _EPOCH) // _MICROSECOND


def day_in_zone(instant: int, time_zone: str) -> int:
    """The day that it is in a zone at an instant, as days since 1970-01-01."""
    there = (_EPOCH + timedelta(microseconds=instant)).astimezone(ZoneInfo(time_zone))
    return there.date().toordinal() - _EPOCH.date().toordinal()


def _calendar_day(day: int) -> date:
    found = day_of_number(min(max(day, _FIRST), _LAST))
    assert found is not None, "a day that is asked for is there"
    return found

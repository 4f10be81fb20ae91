"""Days as the vendor writes them: Java's instants, 2019-05-06T03:00:00.000+0000, the midnight that begins the day.

It is midnight in Sao Paulo, where the vendor and its readers are: those who take the first ten characters and those who
turn the instant into their own time find the same day.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from tieout.kernel.dates import NotADay, day_number
from tieout.services.settlements.days_in_zone import begin_of_day

VENDORS_ZONE = "America/Sao_Paulo"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ZONE = ZoneInfo(VENDORS_ZONE)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}[+-]\d{4}", re.ASCII)
# Days of a few years; entries of one page mostly share theirs.
_DAYS_REMEMBERED = 2_000


@lru_cache(_DAYS_REMEMBERED)
def write_day(day: int) -> str:
    """The beginning of a day, days since 1970-01-01."""
    begins = _EPOCH + timedelta(microseconds=begin_of_day(day, VENDORS_ZONE))
    return f"{begins:%Y-%m-%dT%H:%M:%S}.000+0000"


def write_optional_day(day: int | None) -> str | None:
    """`write_day`; null for no day."""
    return None if day is None else write_day(day)


def read_day(text: str) -> int:
    """The day that an instant is of in the vendor's zone. Raises NotADay."""
    if _INSTANT.fullmatch(text) is None:
        raise NotADay(text[:40])
    try:
        instant = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")
        return day_number(instant.astimezone(_ZONE).date())
    except (ValueError, OverflowError):
        raise NotADay(text[:40]) from None

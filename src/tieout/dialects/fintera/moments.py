"""Days and instants as the vendor writes them; instants carry the offset that Sao Paulo had at that time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tieout.dialects.fintera.values import DayText, MomentText
from tieout.kernel.dates import NotADay, day_number, day_of_text, day_text

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def write_moment(at: int) -> MomentText:
    """An instant in microseconds since 1970 UTC, to the second: 2013-09-09T11:47:21-03:00, -02:00 in old summers."""
    moment = _EPOCH + timedelta(seconds=at // 1_000_000)
    return MomentText(moment.astimezone(SAO_PAULO).isoformat(timespec="seconds"))


def write_day(day: int) -> DayText:
    """A day number as YYYY-MM-DD."""
    return DayText(day_text(day))


def read_day(value: object) -> int:
    """The day number of YYYY-MM-DD, sent alone or before a time of day, which is left aside. Raises NotADay."""
    if not isinstance(value, str):
        raise NotADay(str(value)[:40])
    day, _, _ = value.partition("T")
    return day_number(day_of_text(day))


def later(day: int, months: int) -> int:
    """The same day so many months later; the last of the month where that has fewer days."""
    first = day_of_text(day_text(day))
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return day_number(_last_possible(f"{year:04}-{month + 1:02}", first.day))


def _last_possible(month: str, day_of_month: int) -> date:
    try:
        return day_of_text(f"{month}-{day_of_month:02}")
    except NotADay:
        return _last_possible(month, day_of_month - 1)

"""When a schedule runs next, in the local time of a place or after so many minutes.

A local time that the clocks skip in spring runs as much later, and one that comes twice in autumn runs the first time:
RFC 5545, 3.3.5 (read 2026-11-20) gives both rules for times with a time zone. So "every day at 02:30" runs once on each
day of the year. What is to run in every hour that passes says so in minutes.
"""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from croniter import croniter

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MINUTE = 60_000_000
# The 29th of February is at most eight years away; what comes more seldom never comes.
_YEARS_MAX = 9
# Samoa skipped a whole day when it went over the date line in 2011.
_SKIPPED_MAX = timedelta(hours=25)
# crontab(5) alone: croniter knows more (R for chance, L, W, #, seconds, years), which other programs read differently.
_VALUE = r"(?:\d{1,2}|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)"
_PART = rf"(?:\*|{_VALUE}(?:-{_VALUE})?)(?:/\d{{1,2}})?"
_FIELD = re.compile(rf"{_PART}(?:,{_PART})*", re.ASCII | re.IGNORECASE)


def is_cron(text: str) -> bool:
    """Whether these are the five fields of crontab(5): numbers, names of months and days, `*`, `,`, `-` and `/`.

    False as well for days that never come, as the 31st of February.
    """
    fields = text.split()
    if len(fields) != 5 or not all(map(_FIELD.fullmatch, fields)):
        return False
    try:
        _candidates(text, _EPOCH.replace(tzinfo=None)).get_next(datetime)
    except ValueError:
        return False
    return True


def is_time_zone(name: str) -> bool:
    """Whether this is the name of a time zone of IANA."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return bool(name)


def next_by_cron(cron: str, time_zone: str, after: int) -> int:
    """The first instant behind `after` at which the local clock shows a minute of these five fields.

    Microseconds since 1970 UTC, as `after`.
    """
    zone, since = ZoneInfo(time_zone), _EPOCH + after * _MICROSECOND
    local = since.astimezone(zone).replace(tzinfo=None)
    found: datetime | None = None
    candidates = _candidates(cron, local - _skipped_before(since, zone))
    while True:
        candidate: datetime = candidates.get_next(datetime)
        # What comes behind the skipped hour may be earlier than what was meant for that hour.
        if found is not None and candidate > found.astimezone(zone).replace(tzinfo=None):
            return (found - _EPOCH) // _MICROSECOND
        at = candidate.replace(tzinfo=zone).astimezone(UTC)
        if at > since and (found is None or at < found):
            found = at


def next_by_minutes(every_minutes: int, planned_at: int, after: int) -> int:
    """The first instant behind `after` that lies a whole number of periods behind `planned_at`."""
    period = every_minutes * _MINUTE
    return planned_at + max(1, (after - planned_at) // period + 1) * period


def local_minute(at: int, time_zone: str) -> str:
    """What a clock in that zone shows: 2026-10-25T02:30."""
    return (_EPOCH + at * _MICROSECOND).astimezone(ZoneInfo(time_zone)).strftime("%Y-%m-%dT%H:%M")


def _candidates(cron: str, local: datetime) -> croniter:
    """Local times without a zone: croniter's own arithmetic with zones skips and repeats."""
    return croniter(cron, local, max_years_between_matches=_YEARS_MAX)


def _skipped_before(since: datetime, zone: ZoneInfo) -> timedelta:
    """How much of local time was skipped shortly before: minutes of it may still have to run."""
    now, before = since.astimezone(zone), (since - _SKIPPED_MAX).astimezone(zone)
    change = (now.utcoffset() or timedelta()) - (before.utcoffset() or timedelta())
    return max(change, timedelta())

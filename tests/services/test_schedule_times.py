"""When schedules run: on each day of the year once, whatever the clocks do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieout.services.schedule_times import is_cron, is_time_zone, local_minute, next_by_cron, next_by_minutes

MINUTE = 60_000_000
HOUR = 60 * MINUTE

# Where clocks change, and a day on which they do: by an hour at night, at midnight, by half an hour, by two hours, and
# by a whole day.
CHANGES = [
    ("Europe/Oslo", date(2026, 3, 29)),
    ("Europe/Oslo", date(2026, 10, 25)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("America/Sao_Paulo", date(2018, 2, 18)),
    ("Africa/Cairo", date(2024, 4, 26)),
    ("America/Havana", date(2024, 11, 3)),
    ("Asia/Beirut", date(2024, 3, 31)),
    ("Australia/Lord_Howe", date(2025, 10, 5)),
    ("Antarctica/Troll", date(2025, 3, 30)),
    ("Pacific/Apia", date(2011, 12, 30)),
]


def instant(text: str) -> int:
    """Microseconds since 1970 of an ISO 8601 text in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


def utc(at: int) -> str:
    """An instant as 2026-10-25T01:30 in UTC."""
    return local_minute(at, "UTC")


def runs(cron: str, time_zone: str, after: int, until: int) -> list[int]:
    """Every time of a schedule in (after, until]."""
    found = []
    at = next_by_cron(cron, time_zone, after)
    while at <= until:
        found.append(at)
        at = next_by_cron(cron, time_zone, at)
    return found


def test_half_past_two_runs_once_when_the_clocks_go_back_and_as_much_later_when_they_go_forward() -> None:
    autumn = runs("30 2 * * *", "Europe/Oslo", instant("2026-10-24T12:00"), instant("2026-10-26T12:00"))
    spring = runs("30 2 * * *", "Europe/Oslo", instant("2026-03-28T12:00"), instant("2026-03-30T12:00"))

    assert [utc(at) for at in autumn] == ["2026-10-25T00:30", "2026-10-26T01:30"]
    assert [utc(at) for at in spring] == ["2026-03-29T01:30", "2026-03-30T00:30"]
    assert local_minute(spring[0], "Europe/Oslo") == "2026-03-29T03:30"


def test_midnight_that_does_not_exist_runs_when_the_day_begins() -> None:
    found = runs("0 0 * * *", "America/Sao_Paulo", instant("2018-11-03T12:00"), instant("2018-11-05T12:00"))

    assert [local_minute(at, "America/Sao_Paulo") for at in found] == ["2018-11-04T01:00", "2018-11-05T00:00"]


def test_what_was_meant_for_the_skipped_hour_and_what_comes_behind_it_run_in_order() -> None:
    found = runs("45 2,3 * * *", "Europe/Oslo", instant("2026-03-28T12:00"), instant("2026-03-29T12:00"))
    quarters = runs("*/15 * * * *", "Europe/Oslo", instant("2026-03-29T00:00"), instant("2026-03-29T03:00"))

    assert [utc(at) for at in found] == ["2026-03-29T01:45"]
    assert quarters == [instant("2026-03-29T00:00") + number * 15 * MINUTE for number in range(1, 13)]


def test_what_was_meant_for_the_skipped_hour_is_still_to_come_when_that_hour_has_been_skipped() -> None:
    ten_past_three = instant("2026-03-29T01:10")

    assert utc(next_by_cron("45 2 * * *", "Europe/Oslo", ten_past_three)) == "2026-03-29T01:45"
    assert utc(next_by_cron("5 2 * * *", "Europe/Oslo", ten_past_three)) == "2026-03-30T00:05"


def test_every_quarter_of_an_hour_of_the_clock_runs_once_though_one_hour_comes_twice() -> None:
    found = runs("*/15 * * * *", "Europe/Oslo", instant("2026-10-24T23:45"), instant("2026-10-25T02:00"))

    assert [utc(at)[11:] for at in found] == ["00:00", "00:15", "00:30", "00:45", "02:00"]


@settings(max_examples=50)
@given(
    change=st.sampled_from(CHANGES),
    hour=st.integers(0, 23),
    minute=st.sampled_from([0, 15, 30, 59]),
    begins=st.integers(0, 24 * 60),
)
def test_every_day_means_once_on_each_day_of_the_local_calendar(
    change: tuple[str, date], hour: int, minute: int, begins: int
) -> None:
    time_zone, day = change
    zone = ZoneInfo(time_zone)
    after = instant(f"{day - timedelta(days=3)}T00:00") + begins * MINUTE
    until = after + 7 * 24 * HOUR

    found = runs(f"{minute} {hour} * * *", time_zone, after, until)

    days = [datetime.fromtimestamp(at // 1_000_000, zone).date() for at in found]
    assert len(set(days)) == len(days), "once a day"
    skipped = date(2011, 12, 30) if time_zone == "Pacific/Apia" else None
    whole = [days[0] + timedelta(days=number) for number in range((days[-1] - days[0]).days + 1)]
    assert days == [each for each in whole if each != skipped]


@given(
    change=st.sampled_from(CHANGES),
    cron=st.sampled_from(["*/20 * * * *", "30 2 * * *", "0 0,2,3 * * *", "59 23 * * sun", "5 */6 1-31/2 * *"]),
    begins=st.integers(0, 5 * 24 * 60),
    share=st.floats(0, 1, exclude_max=True),
)
def test_asking_at_any_moment_before_a_time_gives_that_time(
    change: tuple[str, date], cron: str, begins: int, share: float
) -> None:
    time_zone, day = change
    after = instant(f"{day - timedelta(days=3)}T00:00") + begins * MINUTE

    following = next_by_cron(cron, time_zone, after)

    later = after + int((following - after) * share)
    assert following > after
    assert next_by_cron(cron, time_zone, later) == following


@given(period=st.integers(1, 10_000), planned=st.integers(0, 10**15), late=st.integers(0, 10**12))
def test_every_so_many_minutes_keeps_its_step_and_skips_what_was_missed(period: int, planned: int, late: int) -> None:
    following = next_by_minutes(period, planned, planned + late)

    assert planned + late < following <= planned + late + period * MINUTE
    assert (following - planned) % (period * MINUTE) == 0


@pytest.mark.parametrize(
    "cron", ["30 6 * * *", "*/15 8-16 * * mon-fri", "0 0 1,15 jan-mar *", "0 0 29 2 *", "0 0 * * 7"]
)
def test_five_fields_of_crontab_are_understood(cron: str) -> None:
    assert is_cron(cron)
    assert next_by_cron(cron, "UTC", 0) > 0


@pytest.mark.parametrize(
    "cron",
    [
        "",
        "daily",
        "@daily",
        "* * * *",
        "* * * * * *",
        "61 * * * *",
        "0 24 * * *",
        "0 0 31 2 *",
        "0 0 L * *",
        "R * * * *",
        "H * * * *",
        "0 0 15W * *",
        "0 0 * * fri#1",
        "*/0 * * * *",
        "0 0 * * ٣",
        "1,,2 * * * *",
    ],
)
def test_what_is_not_crontab_or_never_comes_is_none(cron: str) -> None:
    assert not is_cron(cron)


def test_a_time_zone_has_a_name_of_iana() -> None:
    assert [is_time_zone(name) for name in ("Europe/Oslo", "UTC")] == [True, True]
    assert [is_time_zone(name) for name in ("", "Mars/Olympus", "../etc/passwd", "/etc/localtime")] == [False] * 4

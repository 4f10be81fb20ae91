"""How long a job waits before it is tried again."""

from collections.abc import Callable

_SECOND = 1_000_000
# Longer than an hour nobody who repaired the other side waits gladly.
WAIT_SECONDS_MAX = 60 * 60
# Who asks for more than a day is not waited for but looked at; the next attempt says it again.
ASKED_SECONDS_MAX = 24 * 60 * 60
# 2**12 seconds are more than an hour.
_DOUBLINGS_MAX = 12


def wait_before(attempts: int, asked_seconds: int | None, random_bytes: Callable[[int], bytes]) -> int:
    """Microseconds from a fault to the next attempt.

    attempts: how many were begun, at least 1. asked_seconds: what the other side asked for, honoured and never
    shortened below a day. Otherwise 2, 4, 8, ... seconds, at most an hour, of which chance takes up to a half: jobs
    that failed together do not come back together.
    """
    if asked_seconds is not None:
        # A little later than asked for: clocks differ.
        return (min(max(asked_seconds, 0), ASKED_SECONDS_MAX) + 1) * _SECOND
    whole: int = min(1 << min(attempts, _DOUBLINGS_MAX), WAIT_SECONDS_MAX) * _SECOND
    chance = int.from_bytes(random_bytes(4), "big")
    return whole - (whole // 2 * chance >> 32)

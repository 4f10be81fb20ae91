"""Waiting for what another process or thread does, with a limit."""

from collections.abc import Callable
from threading import Event

_LOOKED_EVERY_SECONDS = 0.1


def wait_until(there: Callable[[], bool], limit_seconds: int) -> None:
    """Come back as soon as it is so; a failure when it never is."""
    pause = Event()
    for _ in range(int(limit_seconds / _LOOKED_EVERY_SECONDS)):
        if there():
            return
        pause.wait(_LOOKED_EVERY_SECONDS)
    raise AssertionError(f"it did not happen within {limit_seconds} seconds")

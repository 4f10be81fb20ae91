"""Holds off the search for garbage in cycles while many rows are read, tied and kept.

It would walk millions of objects that stay, again and again. What is no longer used is given back all the same; only
cycles wait.
"""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_held = 0
_was_on = True


@contextmanager
def without_collecting() -> Iterator[None]:
    """No search for cycles inside the block, nor in other threads meanwhile; blocks of several threads may overlap."""
    global _held, _was_on  # noqa: PLW0603 - the collector is one for the whole process
    with _lock:
        if not _held:
            _was_on = gc.isenabled()
            gc.disable()
        _held += 1
    try:
        yield
    finally:
        with _lock:
            _held -= 1
            if not _held and _was_on:
                gc.enable()

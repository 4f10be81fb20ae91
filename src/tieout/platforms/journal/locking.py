"""One writer at a time, among all threads and processes of the machine; one that dies leaves nothing locked."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tieout.contracts.platform import PlatformFault

# A write takes milliseconds; whoever holds the folder this long is stopped or stuck.
SECONDS_MAX = 20
_SECONDS_BETWEEN = 0.02

if sys.platform == "win32":
    import msvcrt

    def _taken(file: BinaryIO) -> bool:
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _taken(file: BinaryIO) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


@contextmanager
def held(path: Path) -> Iterator[None]:
    """The lock that this file stands for, for as long as the block takes. Raises PlatformFault unavailable."""
    try:
        file = path.open("ab")
    except OSError as fault:
        raise PlatformFault("unavailable", f"{path} cannot be locked: {fault.strerror}; nothing was changed") from None
    with file:
        waiting = threading.Event()
        for _ in range(int(SECONDS_MAX / _SECONDS_BETWEEN)):
            if _taken(file):
                yield
                return
            waiting.wait(_SECONDS_BETWEEN)
    raise PlatformFault("unavailable", f"somebody else has been writing beside {path} for {SECONDS_MAX} seconds", 5)

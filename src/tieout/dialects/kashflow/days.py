"""Days as KashFlow writes them: midnight printed with a 12-hour clock, so that every time of day says 12:00:00.

The time carries nothing and is ignored on input. Source: the vendor's page and its live answers (README.md).
"""

import re

from tieout.kernel.dates import NotADay, day_number, day_of_text, day_text

# What the vendor prints for a day that was never set.
NEVER = "1970-01-01"

_TIME = re.compile(r"[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?", re.ASCII)
_DAY_LENGTH = len(NEVER)


def day_read(text: str) -> int:
    """Days since 1970-01-01 of `yyyy-MM-dd`, alone or followed by a time of day in either spelling. Raises NotADay."""
    day, time = text[:_DAY_LENGTH], text[_DAY_LENGTH:]
    if time and _TIME.fullmatch(time) is None:
        raise NotADay(text)
    return day_number(day_of_text(day))


def moment_written(day: int) -> str:
    """`yyyy-MM-dd 12:00:00`, as dates of transactions and reconciliations are written."""
    return f"{day_text(day)} 12:00:00"

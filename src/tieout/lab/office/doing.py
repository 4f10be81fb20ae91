"""Asks services for what must succeed: the example company breaks no rule."""

from typing import TypeVar

from tieout.kernel.dates import day_number, day_of_text
from tieout.services.context import Denied

Answer = TypeVar("Answer")


def done(answer: Answer | Denied) -> Answer:
    """The answer of a service that had no reason to refuse."""
    assert not isinstance(answer, Denied), f"the example company was refused: {answer}"
    return answer


def day(text: str) -> int:
    """The day that YYYY-MM-DD names, as the store counts days."""
    return day_number(day_of_text(text))

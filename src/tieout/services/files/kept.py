"""A sequence that proofs and exporters each walk: kept when it fits, made anew each time when it does not."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

Value = TypeVar("Value")

# A match or a posting takes about a kilobyte, so this many take a quarter of a gigabyte.
KEPT_MAX = 250_000


class Kept(Generic[Value]):
    """Values in an order of their own; every walk gives the same ones."""

    def __init__(self, make: Callable[[], Iterator[Value]], count: int) -> None:
        """make: a new walk over the values. count: about how many there are."""
        self._make, self._fits = make, count <= KEPT_MAX
        self._values: list[Value] | None = None

    def __iter__(self) -> Iterator[Value]:
        if not self._fits:
            return self._make()
        if self._values is None:
            self._values = list(self._make())
        return iter(self._values)

"""What is done again after some time, and not more often however often it is asked."""

from collections.abc import Callable


class Every:
    """`run` again when so many seconds have passed since it began last."""

    def __init__(self, seconds: float, run: Callable[[], object]) -> None:
        self._seconds, self._run = seconds, run
        self._due_at = 0.0

    def run_when_due(self, at: float) -> None:
        """Run it if its time has come; `at` is in seconds of one steady clock."""
        if at >= self._due_at:
            self._due_at = at + self._seconds
            self._run()

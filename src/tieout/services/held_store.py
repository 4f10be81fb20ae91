"""A store whose last transaction stays open until the answer to its effect is known, and is then kept with it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any

from tieout.store.protocols import Reading, Scope, Store, Writing


class HeldStore:
    """The store for one request in one thread.

    A transaction that a service ends is held instead of committed; what the service reads then, it reads inside. The
    next transaction commits the one before, so that only the last waits for `keep`.
    """

    def __init__(self, store: Store) -> None:
        self.name = store.name
        self._store = store
        self._transaction = ExitStack()
        self._work: Writing | None = None

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """A view of one moment: inside the held transaction where there is one."""
        if self._work is not None:
            yield self._work
            return
        with self._store.reading() as view:
            yield view

    def glancing(self) -> AbstractContextManager[Reading]:
        """For one question: the same as `reading`."""
        return self.reading()

    @contextmanager
    def writing(self, scope: Scope, actor: str, action: str, at: int) -> Iterator[Writing]:
        """A transaction that is held when its block ends; an exception rolls it back."""
        self._end()
        with ExitStack() as transaction:
            work = transaction.enter_context(self._store.writing(scope, actor, action, at))
            yield work
            self._transaction, self._work = transaction.pop_all(), work

    @contextmanager
    def operating(self) -> Iterator[Writing]:
        """A transaction for operational rows: the held one, where there is one."""
        if self._work is not None:
            yield self._work.operational()
            return
        with self._store.operating() as work:
            yield work

    def watching(self, noun: type[Any], told: Callable[[], None]) -> AbstractContextManager[None]:
        """As the store below."""
        return self._store.watching(noun, told)

    def close(self) -> None:
        """Nothing: the store below outlives the request."""

    def keep(self, kept: Callable[[Writing], bool]) -> bool:
        """Write what shall be kept with the effect, and commit both; neither where `kept` says no."""
        with self.operating() as work:
            stands = kept(work)
        if stands:
            self._end()
        else:
            self.abandon()
        return stands

    def abandon(self) -> None:
        """Leave nothing of the held transaction."""
        if self._work is not None:
            self._work.roll_back()
        self._end()

    def _end(self) -> None:
        self._work = None
        self._transaction.close()

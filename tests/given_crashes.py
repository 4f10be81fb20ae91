"""A store under which the process is killed now and then, and which knows whether a transaction is open."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from random import Random
from typing import Any

from tieout.store.protocols import Reading, Scope, Store, Writing


class Killed(BaseException):
    """The process is gone: nothing catches this."""


class CrashingStore:
    """A store whose transactions may be cut off just before or just behind their commit, as its chance says."""

    def __init__(self, store: Store) -> None:
        self.name = store.name
        self.open = 0  # transactions of this thread
        self.chance: Random | None = None
        self.share = 0.05
        self._store = store

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """As the store below."""
        with self._counted(), self._store.reading() as view:
            yield view

    @contextmanager
    def glancing(self) -> Iterator[Reading]:
        """As the store below."""
        with self._counted(), self._store.glancing() as view:
            yield view

    @contextmanager
    def writing(self, scope: Scope, actor: str, action: str, at: int) -> Iterator[Writing]:
        """As the store below, unless the process is killed."""
        with self._counted(), self._store.writing(scope, actor, action, at) as work:
            yield work
            self._perhaps_killed()
        self._perhaps_killed()

    @contextmanager
    def operating(self) -> Iterator[Writing]:
        """As the store below, unless the process is killed."""
        with self._counted(), self._store.operating() as work:
            yield work
            self._perhaps_killed()
        self._perhaps_killed()

    def watching(self, noun: type[Any], told: Callable[[], None]) -> AbstractContextManager[None]:
        """As the store below."""
        return self._store.watching(noun, told)

    def close(self) -> None:
        """Nothing: the store below outlives the test."""

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self.open += 1
        try:
            yield
        finally:
            self.open -= 1

    def _perhaps_killed(self) -> None:
        if self.chance is not None and self.chance.random() < self.share:
            raise Killed

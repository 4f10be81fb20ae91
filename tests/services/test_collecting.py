"""The search for garbage in cycles waits while many rows are worked on, and goes on afterwards."""

import gc
import threading
from collections.abc import Iterator

import pytest

from tieout.services.collecting import without_collecting


@pytest.fixture(autouse=True)
def searching() -> Iterator[None]:
    """The search goes on, whatever a command of an earlier test left."""
    before = gc.isenabled()
    gc.enable()
    yield
    if not before:
        gc.disable()


def test_the_search_waits_inside_and_goes_on_afterwards() -> None:
    with without_collecting():
        inside = gc.isenabled()

    assert (inside, gc.isenabled()) == (False, True)


def test_what_ends_first_does_not_start_the_search_for_another_thread() -> None:
    with without_collecting():
        other = threading.Thread(target=without_collecting()(lambda: None))
        other.start()
        other.join()

        assert not gc.isenabled()

    assert gc.isenabled()


def test_who_had_switched_it_off_finds_it_off() -> None:
    gc.disable()

    with without_collecting():
        pass

    assert not gc.isenabled()
    gc.enable()

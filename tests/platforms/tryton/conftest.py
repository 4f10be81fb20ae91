"""The company in Tryton that the tests of one process share, and a session with it."""

from collections.abc import Iterator

import pytest

from tests.platforms.tryton.office import Office, office
from tieout.contracts.platform import PlatformSession
from tieout.platforms import tryton


@pytest.fixture(scope="session")
def place() -> Office:
    """The company."""
    return office()


@pytest.fixture(scope="session")
def session(place: Office) -> Iterator[PlatformSession]:
    """A session with it, shared too: signing in costs as much as a payment."""
    with tryton.opened(place.settings, place.secrets) as opened:
        yield opened

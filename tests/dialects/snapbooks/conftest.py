"""A firm, and a client that reaches the vendor's API over a real connection."""

from collections.abc import Iterator

import pytest

from tests.dialects.serving import serving
from tests.dialects.snapbooks.given import Firm, given_firm
from tests.dialects.snapbooks.snapbooks_client import SnapbooksClient
from tieout.dialects.snapbooks import application
from tieout.services.context import Context


@pytest.fixture
def firm(context: Context) -> Firm:
    """A firm of its own, on each engine."""
    return given_firm(context)


@pytest.fixture
def server(context: Context) -> Iterator[str]:
    """The address of the vendor's API over the store."""
    with serving(application(context)) as url:
        yield url


@pytest.fixture
def client(server: str, firm: Firm) -> Iterator[SnapbooksClient]:
    """The firm's client."""
    opened = SnapbooksClient(f"{server}/api/v2", firm.token)
    yield opened
    opened.close()

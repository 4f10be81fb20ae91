"""A firm, and clients that reach the vendor's API over a real connection: the vendor's own, and one of ours."""

from collections.abc import Iterator

import httpx
import pytest
from monite import Monite

from tests.dialects.monite.given import VERSION, Firm, given_firm, prepared
from tests.dialects.monite.monite_client import MoniteClient
from tests.dialects.serving import serving
from tieout.dialects.monite import application
from tieout.services.context import Context


@pytest.fixture
def firm(context: Context) -> Firm:
    """A firm of its own, on each engine."""
    return given_firm(context)


@pytest.fixture
def server(context: Context) -> Iterator[str]:
    """The address of the vendor's API over the store."""
    with serving(application(prepared(context))) as url:
        yield url


@pytest.fixture
def client(server: str, firm: Firm) -> Iterator[MoniteClient]:
    """The firm's client, for its first entity."""
    opened = MoniteClient(f"{server}/v1", firm.token, firm.entity_id)
    yield opened
    opened.close()


@pytest.fixture
def monite(server: str, firm: Firm) -> Iterator[Monite]:
    """The vendor's own client, for the first entity."""
    with httpx.Client() as over:
        yield Monite(
            base_url=f"{server}/v1",
            monite_version=VERSION,
            monite_entity_id=firm.entity_id,
            token=firm.token,
            httpx_client=over,
        )

"""A shop, and a client that reaches the vendor's API over a real connection."""

from collections.abc import Iterator

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.dialects.koncili.given import Shop, given_shop
from tests.dialects.koncili.koncili_client import KonciliClient
from tests.dialects.serving import serving
from tests.given_store import Clock
from tieout.dialects.koncili import application
from tieout.services.context import Context


class Switchboard:
    """One server for all tests of a process; each connects the application over its own store."""

    connected: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on."""
        await self.connected(scope, receive, send)


@pytest.fixture
def shop(context: Context) -> Shop:
    """A shop of its own, on each engine."""
    return given_shop(context)


@pytest.fixture(scope="package")
def switchboard() -> Iterator[tuple[Switchboard, str]]:
    """A server that stays, and its address."""
    board = Switchboard()
    with serving(board) as url:
        yield board, url


@pytest.fixture
def server(switchboard: tuple[Switchboard, str], context: Context) -> str:
    """The address of the vendor's API over the store."""
    board, url = switchboard
    board.connected = application(context)
    return url


@pytest.fixture
def client(server: str, shop: Shop, clock: Clock) -> Iterator[KonciliClient]:
    """The shop's ERP, signed in; it waits as it is told."""
    opened = KonciliClient(server, shop.token, lambda seconds: clock.forward(seconds=seconds))
    yield opened
    opened.close()

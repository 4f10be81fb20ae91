"""A firm, and a client that reaches the vendor's API over a real connection."""

from collections.abc import Iterator

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.dialects.fintera.fintera_client import FinteraClient
from tests.dialects.fintera.given import Firm, given_firm
from tests.dialects.serving import serving
from tieout.dialects.fintera import application
from tieout.services.context import Context


class Switchboard:
    """One server for all tests of a process; each connects the application over its own store."""

    connected: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on."""
        await self.connected(scope, receive, send)


@pytest.fixture
def firm(context: Context) -> Firm:
    """A firm of its own, on each engine."""
    return given_firm(context)


@pytest.fixture(scope="package")
def switchboard() -> Iterator[tuple[Switchboard, str]]:
    """A server that stays, and its address: starting and stopping one takes longer than most tests."""
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
def client(server: str, firm: Firm) -> Iterator[FinteraClient]:
    """The firm's client."""
    opened = FinteraClient(server, firm.token)
    yield opened
    opened.close()

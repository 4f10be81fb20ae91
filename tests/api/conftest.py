"""The native API over a real connection, on both stores."""

from collections.abc import Iterator

import pytest

from tests.api.given_server import Client, Native, given_token
from tests.dialects.serving import serving
from tests.given_store import given_office
from tieout.api.dispatcher import Dispatcher, Served
from tieout.api.native import application as native
from tieout.contracts.http_body import BODY_LIMIT
from tieout.services.context import Context


@pytest.fixture
def served(context: Context) -> Iterator[Native]:
    """An office, its server, and its owner's program."""
    office = given_office(context)
    own = native.application(context)
    limits = {BODY_LIMIT: context.settings.json_bytes_max}
    dispatcher = Dispatcher([Served("native", native.PREFIXES, own)], own, lambda: "made-id", limits)
    with serving(dispatcher) as address:
        yield Native(office, Client(address, given_token(context, office.owner, post=True)), context)

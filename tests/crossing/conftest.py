"""The firm of every test here, on each engine."""

from collections.abc import Iterator

import pytest

from tests.crossing.given_crossing import Firm, given_firm
from tieout.services.context import Context


@pytest.fixture
def firm(context: Context) -> Iterator[Firm]:
    """A firm of its own."""
    with given_firm(context) as connected:
        yield connected

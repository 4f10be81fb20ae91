"""The vendor's API on loopback over one store, and who asks it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.dialects.kashflow.given import SignedUser, given_user
from tests.dialects.kashflow.vendor_client import VendorClient
from tests.dialects.serving import serving
from tests.given_store import Office, given_office
from tieout.dialects.kashflow import application
from tieout.domain.people import Role
from tieout.services.context import Context


@dataclass(frozen=True)
class Served:
    """A company, its API and an owner who is signed in."""

    context: Context
    office: Office
    base_url: str
    user: SignedUser
    client: VendorClient

    def client_of(self, role: Role) -> VendorClient:
        """A client of somebody else in this company."""
        return VendorClient(self.base_url, given_user(self.context, self.office, role).token)


@contextmanager
def served(context: Context) -> Iterator[Served]:
    """A company in GBP whose API is served until the block ends."""
    office = given_office(context, "GBP")
    user = given_user(context, office)
    with serving(application(context)) as address:
        client = VendorClient(f"{address}/v2", user.token)
        try:
            yield Served(context, office, f"{address}/v2", user, client)
        finally:
            client.close()

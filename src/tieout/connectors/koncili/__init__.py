"""Fetches settlements from Koncili, as the vendor's integration guide asks an ERP to do every day.

Source: the Financial Integration API of developers.koncili.com; README.md of tieout.dialects.koncili lists the pages
and where they contradict each other.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tieout.connectors.koncili.records import Reading
from tieout.connectors.koncili.session import KonciliSession
from tieout.contracts.connector import Surroundings
from tieout.contracts.http_client import CallFault, HttpClient
from tieout.contracts.platform import SettingField
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.errors import excerpt_of

__all__ = ("FIELDS", "TITLE", "opened")

TITLE = "Koncili"
FIELDS = (
    SettingField("url", "address of the API, without a path", default="https://api.koncili.com"),
    SettingField("email", "the user of the integration"),
    SettingField("password", "its password", secret=True),
    SettingField("currency", "of every amount: the API names none", default="BRL"),
    SettingField("time_zone", "whose days the vendor's instants are", default="America/Sao_Paulo"),
)


@contextmanager
def opened(settings: Mapping[str, str], secrets: Mapping[str, str], around: Surroundings) -> Iterator[KonciliSession]:
    """A session; it signs in with its first call, or goes on with the tokens of the session before."""
    try:
        zone = ZoneInfo(settings["time_zone"])
    except (ZoneInfoNotFoundError, ValueError):
        message = f"time_zone: {excerpt_of(settings['time_zone'])} is no time zone; give one like America/Sao_Paulo"
        raise CallFault("settings", message) from None
    if settings["currency"] not in EXPONENTS:
        message = f"currency: {excerpt_of(settings['currency'])} is no currency; give three letters of ISO 4217"
        raise CallFault("settings", message)
    with HttpClient(settings["url"]) as client:
        reading = Reading(settings["currency"], zone)
        yield KonciliSession(client, settings["email"], secrets["password"], reading, around)

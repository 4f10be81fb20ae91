"""Tryton over JSON-RPC: accounts, taxes, parties, invoices and moves in; invoices, payments and matches out.

A company of a Tryton 8 server with the modules account, account_invoice and account_statement, as one of its users.
What we make there carries our key where nobody prints it: an invoice in the note of its first line, a payment or match
as the name of its statement, a customer or vendor as one of its identifiers. What is booked is drafted, checked against
what was told, and posted last, by one call: whatever is lost before that leaves the books as they were, and is found
again by its key.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from tieout.contracts.http_client import CallFault, HttpClient
from tieout.contracts.platform import PlatformFault, PlatformSession, SettingField
from tieout.platforms.tryton.books import opened_books
from tieout.platforms.tryton.calls import HEADERS, TrytonServer
from tieout.platforms.tryton.session import TrytonSession
from tieout.platforms.tryton.sources import SOURCES

TITLE = "Tryton"
FIELDS: Sequence[SettingField] = (
    SettingField("url", "address of the server: https://tryton.example"),
    SettingField("database", "name of the database"),
    SettingField("user", "login of a user who may post invoices and statements"),
    SettingField("password", "password of that user", secret=True),
    SettingField("company", "name of the company, where the user has several", default=""),
)
PULLS: Sequence[str] = tuple(SOURCES)
PUSHES: Sequence[str] = ("customer", "vendor", "receivable", "bill", "payment_record", "match")


@contextmanager
def opened(settings: Mapping[str, str], secrets: Mapping[str, str]) -> Iterator[PlatformSession]:
    """A signed-in session with one company; signed out at the end of the block. Raises PlatformFault."""
    missing = [field.name for field in FIELDS if field.default is None and not {**settings, **secrets}.get(field.name)]
    if missing:
        raise PlatformFault("settings", f"Tryton cannot be asked without: {', '.join(missing)}")
    try:
        client = HttpClient(settings["url"], headers=HEADERS)
    except CallFault as fault:
        raise PlatformFault(fault.kind, fault.message) from None
    with client:
        server = TrytonServer(client, settings["database"], settings["user"], secrets["password"])
        server.sign_in()
        try:
            yield TrytonSession(opened_books(server, settings.get("company", "")))
        finally:
            server.sign_out()

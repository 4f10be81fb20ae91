"""The company whose books are read and written, and what every part of the platform asks of it."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from tieout.contracts.platform import Business, PlatformFault
from tieout.platforms.tryton.calls import TrytonServer
from tieout.platforms.tryton.values import Row

# What of a user's preferences a client sends along with every call.
_SENT_ALONG = ("company", "companies", "company_filter", "employees", "groups", "language")


class Books:
    """One company on a server that is signed in to."""

    def __init__(self, server: TrytonServer, company: Row) -> None:
        self.server = server
        self.company_id: int = company["id"]
        self.party_id: int = company["party."]["id"]
        self.currency: str = company["currency."]["code"]
        self.business = Business(
            name=company["party."]["name"] or "",
            legal_name=company["party."]["name"] or "",
            base_currency=self.currency,
            email=company["party."]["email"] or "",
            type="company",
        )

    @cached_property
    def bank_account_ids(self) -> frozenset[int]:
        """Accounts that a statement journal keeps."""
        own = [("company", "=", self.company_id)]
        return frozenset(row["account"] for row in self.server.rows("account.statement.journal", own, ["account"]))

    def account_id(self, nominal_code: str) -> int:
        """The account with this code. Raises PlatformFault (refused) where there is none, or more than one."""
        domain = [("company", "=", self.company_id), ("code", "=", nominal_code), ("type.statement", "!=", None)]
        match self.server.rows("account.account", domain, ["code"]):
            case [only]:
                return int(only["id"])
            case []:
                raise PlatformFault("refused", f"Tryton has no account {nominal_code} that can be posted to")
        raise PlatformFault("refused", f"Tryton has several accounts {nominal_code}: give each its own code")

    def currency_id(self, code: str) -> int:
        """The currency with this code. Raises PlatformFault (refused) where there is none."""
        for row in self.server.rows("currency.currency", [("code", "=", code)], ["code"]):
            return int(row["id"])
        raise PlatformFault("refused", f"Tryton has no currency {code}; add it there and push again")


def opened_books(server: TrytonServer, company: str) -> Books:
    """The company of the signed-in user; `company`: its name, where the user has several.

    Raises PlatformFault (settings) where there is none, or no such one.
    """
    preferences = server.read("model.res.user.get_preferences", *[True])
    if not isinstance(preferences, Mapping):
        raise PlatformFault("malformed", "Tryton does not tell the preferences of the user")
    server.context = {name: preferences[name] for name in _SENT_ALONG if name in preferences}
    found = _companies(server, preferences.get("companies") or [])
    if company:
        chosen = [row for row in found if row["party."]["name"] == company]
    else:
        chosen = [row for row in found if row["id"] == preferences.get("company")]
    if len(chosen) != 1:
        raise PlatformFault("settings", _which(company, [row["party."]["name"] for row in found]))
    server.context["company"] = chosen[0]["id"]
    return Books(server, chosen[0])


def _companies(server: TrytonServer, ids: Any) -> list[Row]:
    fields = ["party.name", "party.email", "currency.code"]
    try:
        return list(server.rows("company.company", [("id", "in", ids)], fields))
    except PlatformFault as fault:
        if fault.kind != "malformed":
            raise
        message = f"{fault.message}; the modules account, account_invoice and account_statement have to be activated"
        raise PlatformFault("settings", message) from None


def _which(company: str, names: list[str]) -> str:
    if not names:
        return "the user has no company in Tryton; give it one in its preferences"
    asked = f'the user has no company "{company}"' if company else "the user has no current company"
    return f"{asked}; there is: {', '.join(names)}"

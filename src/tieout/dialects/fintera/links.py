"""Addresses of resources: `links` in every shape, `Location`, and the `Link` header of paged lists."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from tieout.contracts.http_asked import Asked


class Page(NamedTuple):
    """One page of a list; pages count from 1."""

    number: int
    size: int
    total: int  # entries of all pages

    @property
    def offset(self) -> int:
        """How many entries lie before it."""
        return (self.number - 1) * self.size

    @property
    def last(self) -> int:
        """The number of the last page that has entries."""
        return max(1, -(-self.total // self.size))


def page_number(asked: Asked) -> int:
    """The page that is asked for; the first where the parameter is no number from 1, as Rails' pagers have it."""
    text = (asked.query.all("page") or ["1"])[-1]
    digits = text.isascii() and text.isdigit() and len(text) <= 12
    return max(1, int(text)) if digits else 1


def link_header(asked: Asked, page: Page) -> dict[str, str]:
    """The Link header, with quoted relations in the vendor's order; none where there is one page only.

    Behind the last page `prev` is the page before, whether it has entries or not, as recorded.
    """
    pages = []
    if page.number > 1:
        pages += [("first", 1), ("prev", page.number - 1)]
    if page.number < page.last:
        pages += [("last", page.last), ("next", page.number + 1)]
    if not pages:
        return {}
    others = [(name, value) for name, value in asked.query if name != "page"]
    address = asked.address
    return {
        "link": ", ".join(
            f'<{address}?{urlencode([*others, ("page", str(number))])}>; rel="{relation}"' for relation, number in pages
        )
    }


class Addresses(NamedTuple):
    """The addresses of one entity's resources as this client reaches them."""

    origin: str
    entity_id: int

    @property
    def entity(self) -> str:
        """Of the entity itself."""
        return f"{self.origin}/entities/{self.entity_id}"

    def deposit_account(self, account_id: int) -> str:
        """Of a deposit account."""
        return f"{self.entity}/deposit_accounts/{account_id}"

    def transaction(self, account_id: int, line_id: int) -> str:
        """Of a financial transaction."""
        return f"{self.deposit_account(account_id)}/financial_transactions/{line_id}"

    def financial_account(self, plural: str, line_id: int) -> str:
        """Of a payable or receivable account."""
        return f"{self.entity}/{plural}/{line_id}"

    def bank_statement(self, account_id: int, document_id: int) -> str:
        """Of an uploaded bank statement."""
        return f"{self.deposit_account(account_id)}/bank_statements/{document_id}"


def link(relation: str, address: str, method: str = "get") -> dict[str, str]:
    """One entry of `links`."""
    return {"rel": relation, "href": address, "method": method}


def reconciliations(transactions: Sequence[Any], accounts: Sequence[Any]) -> dict[str, list[Any]]:
    """What a line is reconciled with: entries of id and self link."""
    return {"financial_transactions": list(transactions), "financial_accounts": list(accounts)}


def reconciled_with(line_id: int, address: str) -> dict[str, Any]:
    """One line that another is reconciled with."""
    return {"id": line_id, "links": [link("self", address)]}

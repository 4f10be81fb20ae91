"""Where each type of object lives in Tryton: its model, which records count, when one changed, and how it is read.

What changed is found by the instants that Tryton keeps of every record and of those it consists of; a posted move that
gets a new due date has changed its invoice.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from tieout.domain.connections import ObjectType
from tieout.platforms.tryton.books import Books
from tieout.platforms.tryton.contents import (
    ACCOUNT_FIELDS,
    PARTY_FIELDS,
    PRODUCT_FIELDS,
    TAX_FIELDS,
    account_content,
    party_content,
    party_key,
    product_content,
    tax_content,
)
from tieout.platforms.tryton.invoices import INVOICE_FIELDS, invoice_content, invoice_key
from tieout.platforms.tryton.journal import JOURNAL_FIELDS, journal_content, journal_key
from tieout.platforms.tryton.values import Row


class Part(NamedTuple):
    """Something that an object consists of, of which there are several: an edit there is an edit of the object."""

    field: str  # its records, as seen from the object
    model: str


class Source(NamedTuple):
    """One type of object in Tryton."""

    model: str
    domain: Callable[[Books], Sequence[Any]]  # which records count
    fields: Sequence[str]
    content: Callable[[Books, Row], Mapping[str, Any]]
    key: Callable[[Row], str] = lambda _: ""
    instants: Sequence[str] = ("write_date",)  # of edits, in fields that can be sorted by
    parts: Sequence[Part] = ()
    day: str = ""  # the day that says which span it belongs to; empty for what has none
    with_inactive: bool = False


def _of_company(books: Books) -> Sequence[Any]:
    return [("company", "=", books.company_id)]


def _accounts(books: Books) -> Sequence[Any]:
    """Accounts that can be posted to; others are headings."""
    return [("company", "=", books.company_id), ("type.statement", "!=", None)]


def _taxes(books: Books) -> Sequence[Any]:
    """Taxes that a line may name, others are their components; a fixed amount is no rate, and none of our taxes."""
    return [("company", "=", books.company_id), ("parent", "=", None), ("type", "!=", "fixed")]


def _parties(books: Books) -> Sequence[Any]:
    """Everybody but the company itself: Tryton keeps customers and vendors as one."""
    return [("id", "!=", books.party_id)]


def _everything(_: Books) -> Sequence[Any]:
    return []


def _invoices(kind: str) -> Callable[[Books], Sequence[Any]]:
    """Invoices that are in the books: no drafts, and none that were given up as drafts."""

    def domain(books: Books) -> Sequence[Any]:
        return [
            ("company", "=", books.company_id),
            ("type", "=", kind),
            ("state", "in", ["posted", "paid", "cancelled"]),
            ("move", "!=", None),
        ]

    return domain


def _journal_lines(books: Books) -> Sequence[Any]:
    """Lines of posted moves."""
    return [("move.company", "=", books.company_id), ("move_state", "=", "posted")]


def _invoice_source(kind: str) -> Source:
    return Source(
        "account.invoice",
        _invoices(kind),
        INVOICE_FIELDS,
        invoice_content,
        key=invoice_key,
        parts=(Part("move.lines", "account.move.line"), Part("additional_moves.lines", "account.move.line")),
        day="invoice_date",
    )


def _party_source(object_type: str) -> Source:
    return Source(
        "party.party",
        _parties,
        PARTY_FIELDS,
        party_content,
        key=partial(party_key, object_type),
        parts=(Part("identifiers", "party.identifier"), Part("contact_mechanisms", "party.contact_mechanism")),
    )


# Those that others refer to come first.
SOURCES: Mapping[str, Source] = {
    str(ObjectType.LEDGER_ACCOUNT): Source("account.account", _accounts, ACCOUNT_FIELDS, account_content),
    str(ObjectType.TAX_RATE): Source(
        "account.tax", _taxes, TAX_FIELDS, tax_content, parts=(Part("childs", "account.tax"),), with_inactive=True
    ),
    str(ObjectType.PRODUCT): Source("product.product", _everything, PRODUCT_FIELDS, product_content),
    str(ObjectType.CUSTOMER): _party_source("customer"),
    str(ObjectType.VENDOR): _party_source("vendor"),
    str(ObjectType.RECEIVABLE): _invoice_source("out"),
    str(ObjectType.BILL): _invoice_source("in"),
    str(ObjectType.JOURNAL_LINE): Source(
        "account.move.line",
        _journal_lines,
        JOURNAL_FIELDS,
        journal_content,
        key=journal_key,
        instants=("write_date", "move.write_date"),
        day="date",
    ),
}

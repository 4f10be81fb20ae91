"""Whom an invoice names: a party of Tryton, found, or made where there is none."""

from collections.abc import Mapping
from typing import Any

from tieout.contracts.platform import PlatformFault
from tieout.platforms.tryton.books import Books
from tieout.platforms.tryton.values import one_line


def party_id_of(books: Books, body: Mapping[str, Any]) -> int:
    """The party by its id, else by its tax number, else by its exact name, else a new one with both.

    Raises PlatformFault (refused) where several answer to the number or name: which one is somebody's decision.
    """
    if body.get("counterparty"):
        return _existing(books, str(body["counterparty"]))
    name, number = one_line(body.get("counterparty_name")), one_line(body.get("counterparty_tax_number"))
    for field, told in (("identifiers.code", number), ("name", name)):
        if told and (found := _only(books, field, told)):
            return found
    if not name:
        raise PlatformFault("refused", "the invoice names nobody: Tryton needs a customer or vendor")
    values: dict[str, Any] = {"name": name, "addresses": [["create", [{}]]]}
    if number:
        values["identifiers"] = [["create", [{"code": number}]]]
    (made,) = books.server.prepare("model.party.party.create", [values])
    return int(made)


def _existing(books: Books, told: str) -> int:
    if told.isascii() and told.isdecimal() and books.server.rows("party.party", [("id", "=", int(told))], ["name"]):
        return int(told)
    raise PlatformFault("refused", f"Tryton has no party {told} any more; sync and push again")


def _only(books: Books, field: str, told: str) -> int | None:
    domain = [(field, "=", told), ("id", "!=", books.party_id)]
    match books.server.rows("party.party", domain, ["name"]):
        case [only]:
            return int(only["id"])
        case []:
            return None
        case several:
            ids = ", ".join(str(row["id"]) for row in several)
            raise PlatformFault("refused", f'Tryton has several parties with "{told}" ({ids}); say which one it is')

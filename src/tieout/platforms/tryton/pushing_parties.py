"""A customer or vendor put into Tryton: a party with our key among its identifiers."""

from collections.abc import Mapping
from typing import Any

from tieout.contracts.platform import PlatformFault, Pushed
from tieout.platforms.tryton.books import Books
from tieout.platforms.tryton.marks import party_mark_of
from tieout.platforms.tryton.posting import pushed
from tieout.platforms.tryton.values import one_line


def find_party(books: Books, object_type: str, key: str) -> Pushed | None:
    """The party that was made under the key, in use or not; of two that crossed the first."""
    domain = [("identifiers.code", "=", party_mark_of(object_type, key))]
    rows = books.server.rows("party.party", domain, ["create_date", "write_date"], limit=1, active_test=False)
    return pushed(rows[0]) if rows else None


def push_party(books: Books, object_type: str, key: str, body: Mapping[str, Any]) -> Pushed:
    """The party, made once. Raises PlatformFault, `unknown` where it may have been made."""
    if made := find_party(books, object_type, key):
        return made
    name = one_line(body.get("name"))
    if not name:
        raise PlatformFault("refused", f"a {object_type} without a name is nobody in Tryton")
    codes = [one_line(body.get("tax_number")), party_mark_of(object_type, key)]
    values: dict[str, Any] = {
        "name": name,
        "addresses": [["create", [{}]]],
        "identifiers": [["create", [{"code": code} for code in codes if code]]],
    }
    if email := one_line(body.get("email")):
        values["contact_mechanisms"] = [["create", [{"type": "email", "value": email}]]]
    books.server.post("model.party.party.create", [values])
    if made := find_party(books, object_type, key):
        return made
    raise PlatformFault("unknown", f"Tryton took the {object_type} and does not find it")

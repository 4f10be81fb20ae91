"""An invoice put into Tryton's books: drafted, compared with what was told, posted.

Tryton computes amounts and taxes itself and numbers customer invoices by its own sequence, so our number is its
reference. What it computes has to be what was told: a tax that differs by rounding is set to what the invoice says, any
other difference refuses the invoice, with both figures.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tieout.contracts.platform import PlatformFault, Pushed
from tieout.platforms.tryton.books import Books
from tieout.platforms.tryton.invoice_drafts import draft_values
from tieout.platforms.tryton.marks import mark_of
from tieout.platforms.tryton.posting import posted, pushed, the_one, without_fault
from tieout.platforms.tryton.values import Row, decimal_of, told_decimal, wire_decimal

_FINISHED = ("posted", "paid", "cancelled")
_MODEL = "model.account.invoice"


def find_invoice(books: Books, kind: str, key: str) -> Pushed | None:
    """The invoice with this key, where it was posted; kind: out for customers, in for vendors."""
    row = _found(books, kind, key)
    return pushed(row) if row and row["state"] in _FINISHED else None


def push_invoice(books: Books, kind: str, key: str, body: Mapping[str, Any]) -> Pushed:
    """The invoice, posted once. Raises PlatformFault."""
    if made := find_invoice(books, kind, key):
        return made
    draft_id = _drafted(books, kind, key, body)

    def give_up() -> None:
        without_fault(lambda: books.server.prepare(f"{_MODEL}.delete", [draft_id]))

    try:
        _require_told_amounts(books, draft_id, body)
    except PlatformFault as fault:
        if fault.kind == "refused":
            give_up()
        raise
    return posted(books, f"{_MODEL}.post", draft_id, lambda: find_invoice(books, kind, key), give_up)


def _found(books: Books, kind: str, key: str) -> Row | None:
    domain = [("company", "=", books.company_id), ("type", "=", kind), ("lines.note", "=", mark_of(key))]
    return the_one(books.server.rows("account.invoice", domain, ["state", "create_date", "write_date"]), _FINISHED)


def _drafted(books: Books, kind: str, key: str, body: Mapping[str, Any]) -> int:
    """A draft with the key: one that was left behind, or a new one; of two that crossed the first stays."""
    if left_behind := _found(books, kind, key):
        return int(left_behind["id"])
    (made,) = books.server.prepare(f"{_MODEL}.create", [draft_values(books, kind, key, body)])
    first = _found(books, kind, key)
    if first and first["id"] != made:
        books.server.prepare(f"{_MODEL}.delete", [made])
        return int(first["id"])
    return int(made)


def _require_told_amounts(books: Books, draft_id: int, body: Mapping[str, Any]) -> None:
    """Pass when Tryton comes to the tax and total that were told, after rounding. Raises PlatformFault (refused)."""
    tax, total = told_decimal(body["tax"]), told_decimal(body["total"])
    row = _amounts(books, draft_id)
    if decimal_of(row["tax_amount"]) != tax and _round_taxes(books, row, body):
        row = _amounts(books, draft_id)
    computed_tax, computed_total = decimal_of(row["tax_amount"]), decimal_of(row["total_amount"])
    if (computed_tax, computed_total) != (tax, total):
        computed = f"Tryton comes to {computed_total:f} with {computed_tax:f} tax"
        raise PlatformFault("refused", f"{computed}, the invoice says {total:f} with {tax:f} tax; nothing was posted")


def _amounts(books: Books, draft_id: int) -> Row:
    fields = ["tax_amount", "total_amount", "currency.digits", "taxes.tax", "taxes.amount"]
    rows = books.server.rows("account.invoice", [("id", "=", draft_id)], fields)
    if not rows:
        raise PlatformFault("unavailable", f"somebody deleted the draft {draft_id} in Tryton; push again")
    return rows[0]


def _round_taxes(books: Books, row: Row, body: Mapping[str, Any]) -> bool:
    """Set each tax to what the lines say, where it is off by at most half a minor unit for each line and itself."""
    wanted: dict[int, Decimal] = {}
    for line in body["lines"]:
        if line.get("tax_rate") and line.get("tax_amount") is not None:
            tax_id = int(line["tax_rate"])
            wanted[tax_id] = wanted.get(tax_id, Decimal(0)) + told_decimal(line["tax_amount"])
    tolerance = (len(body["lines"]) + 1) * Decimal(5).scaleb(-row["currency."]["digits"] - 1)
    off = [
        (tax["id"], wanted[tax["tax"]])
        for tax in row["taxes."]
        if tax["tax"] in wanted and _is_rounding(wanted[tax["tax"]] - decimal_of(tax["amount"]), tolerance)
    ]
    for tax_row_id, amount in off:
        books.server.prepare("model.account.invoice.tax.write", [tax_row_id], {"amount": wire_decimal(amount)})
    return bool(off)


def _is_rounding(gap: Decimal, tolerance: Decimal) -> bool:
    return gap != 0 and -tolerance <= gap <= tolerance

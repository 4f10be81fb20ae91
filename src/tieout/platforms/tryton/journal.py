"""Lines of posted moves in our words."""

from collections.abc import Mapping
from typing import Any

from tieout.platforms.tryton.books import Books
from tieout.platforms.tryton.contents import INSTANT_FIELDS
from tieout.platforms.tryton.marks import is_mark, key_of
from tieout.platforms.tryton.values import Row, day_text, decimal_of, decimal_text

JOURNAL_FIELDS = (
    *INSTANT_FIELDS,
    *("date", "debit", "credit", "description", "move_description_used", "amount_second_currency"),
    *("second_currency.code", "account.code", "account.second_currency", "party.name"),
    *("move", "move.number", "move.write_date", "move_origin.rec_name"),
)


def journal_content(books: Books, row: Row) -> Mapping[str, Any]:
    """A line of a move, debit positive; in the account's own currency where it is kept in another one."""
    second = row["second_currency."]
    if second and row["account."]["second_currency"]:
        amount, currency = decimal_text(row["amount_second_currency"]), second["code"]
    else:
        amount, currency = f"{decimal_of(row['debit']) - decimal_of(row['credit']):f}", books.currency
    return {
        "account": row["account."]["code"] or None,
        "booking_date": day_text(row["date"]),
        "amount": amount,
        "currency": currency,
        "description": row["description"] or row["move_description_used"] or _origin(row),
        "reference": row["move."]["number"] or "",
        "counterparty": (row["party."] or {}).get("name"),
        "entry": str(row["move"]),
    }


def journal_key(row: Row) -> str:
    """The key of the payment or match that we made the line's move for."""
    return key_of((row["move_origin."] or {}).get("rec_name"))


def _origin(row: Row) -> str:
    """What the move was made for, as Tryton calls it: `17 [INV-1042]`; nothing for what we made."""
    told = (row["move_origin."] or {}).get("rec_name")
    return "" if is_mark(told) else told or ""

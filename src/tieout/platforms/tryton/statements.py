"""A bank statement of Tryton that carries a payment or match: what the bank said, and what it was for.

Tryton books from a statement: each line against the bank, under the bank's own line as its origin. It is drafted,
validated (which makes its moves, unposted), tied to the lines of the books that it settles, and posted last.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

from tieout.contracts.platform import PlatformFault, Pushed
from tieout.platforms.tryton.books import Books
from tieout.platforms.tryton.marks import mark_of
from tieout.platforms.tryton.posting import posted, pushed, the_one, without_fault
from tieout.platforms.tryton.values import Row, decimal_of, one_line, wire_day, wire_decimal

_FINISHED = ("posted",)
_MODEL = "model.account.statement"


class BankLine(NamedTuple):
    """One movement as the bank said it."""

    day: date
    amount: Decimal  # positive is money in
    reference: str
    description: str


class Part(NamedTuple):
    """What part of a bank line is for; positive is money in."""

    bank_line: int  # index
    amount: Decimal
    account_id: int
    party_id: int | None
    invoice_id: int | None = None


class Plan(NamedTuple):
    """A statement to be made."""

    key: str
    journal: Row
    day: date
    bank_lines: Sequence[BankLine]
    parts: Sequence[Part]


def journal_of(books: Books, nominal_code: str) -> Row:
    """The statement journal of a bank account. Raises PlatformFault (refused) where there is none."""
    domain = [("company", "=", books.company_id), ("account.code", "=", nominal_code)]
    fields = ["name", "validation", "account", "currency.code"]
    for row in books.server.rows("account.statement.journal", domain, fields):
        return row
    raise PlatformFault("refused", f"Tryton has no statement journal for account {nominal_code}; add one, push again")


def find_statement(books: Books, key: str) -> Pushed | None:
    """The statement with this key, where it was posted."""
    row = _found(books, key)
    return pushed(row) if row and row["state"] in _FINISHED else None


def is_validated(books: Books, key: str) -> bool:
    """Whether a statement with this key was left behind with its moves: what it pays looks paid already."""
    row = _found(books, key)
    return row is not None and row["state"] == "validated"


def push_statement(books: Books, plan: Plan, tie: Callable[[int], None]) -> Pushed:
    """The statement, posted once; `tie` settles what its moves are for, before. Raises PlatformFault."""
    statement_id = _drafted(books, plan)

    def give_up() -> None:
        without_fault(lambda: _take_away(books, statement_id))

    try:
        _fill(books, statement_id, plan)
        if _state(books, statement_id) == "draft":
            books.server.prepare(f"{_MODEL}.validate_statement", [statement_id])
        tie(statement_id)
    except PlatformFault as fault:
        if fault.kind == "refused":
            give_up()
        raise
    return posted(books, f"{_MODEL}.post", statement_id, lambda: find_statement(books, plan.key), give_up)


def _found(books: Books, key: str) -> Row | None:
    domain = [("company", "=", books.company_id), ("name", "=", mark_of(key)), ("state", "!=", "cancelled")]
    return the_one(books.server.rows("account.statement", domain, ["state", "create_date", "write_date"]), _FINISHED)


def _drafted(books: Books, plan: Plan) -> int:
    """A draft with the key: one that was left behind, or a new one; of two that crossed the first stays."""
    if left_behind := _found(books, plan.key):
        return int(left_behind["id"])
    (made,) = books.server.prepare(f"{_MODEL}.create", [_values(books, plan)])
    first = _found(books, plan.key)
    if first and first["id"] != made:
        books.server.prepare(f"{_MODEL}.delete", [made])
        return int(first["id"])
    return int(made)


def _values(books: Books, plan: Plan) -> Mapping[str, Any]:
    total = sum((line.amount for line in plan.bank_lines), Decimal(0))
    return {
        "name": mark_of(plan.key),
        "company": books.company_id,
        "journal": plan.journal["id"],
        "date": wire_day(plan.day),
        "origins": [["create", [_origin(line) for line in plan.bank_lines]]],
        **_proof(books, plan, total),
    }


def _proof(books: Books, plan: Plan, total: Decimal) -> Mapping[str, Any]:
    """What the journal compares the lines with."""
    if plan.journal["validation"] == "amount":
        return {"total_amount": wire_decimal(total)}
    if plan.journal["validation"] == "number_of_lines":
        # Tryton counts neighbours with one number and day as one; lines without a number each.
        keyed = [(line.reference or at, line.day) for at, line in enumerate(plan.bank_lines)]
        return {"number_of_lines": len(list(groupby(keyed)))}
    start = _last_balance(books, plan.journal)
    return {"start_balance": wire_decimal(start), "end_balance": wire_decimal(start + total)}


def _last_balance(books: Books, journal: Row) -> Decimal:
    """Where the last statement of a journal ended; zero before the first one that says so."""
    domain = [("journal", "=", journal["id"]), ("state", "!=", "cancelled"), ("end_balance", "!=", None)]
    newest = (("date", "DESC"), ("id", "DESC"))
    rows = books.server.rows("account.statement", domain, ["end_balance"], limit=1, order=newest)
    return decimal_of(rows[0]["end_balance"]) if rows else Decimal(0)


def _origin(line: BankLine) -> Mapping[str, Any]:
    return {
        "date": wire_day(line.day),
        "amount": wire_decimal(line.amount),
        "number": one_line(line.reference) or None,
        "description": one_line(line.description) or None,
    }


def _fill(books: Books, statement_id: int, plan: Plan) -> None:
    """Give the draft its lines, in one call, unless it has them."""
    (row,) = books.server.rows("account.statement", [("id", "=", statement_id)], ["lines", "origins", "state"])
    if row["lines"] or row["state"] != "draft":
        return
    origin_ids = sorted(row["origins"])
    if len(origin_ids) != len(plan.bank_lines):
        raise PlatformFault("refused", f"somebody changed the draft of statement {statement_id}; delete it in Tryton")
    lines = [_line(statement_id, origin_ids, plan, part) for part in plan.parts]
    books.server.prepare("model.account.statement.line.create", lines)


def _line(statement_id: int, origin_ids: Sequence[int], plan: Plan, part: Part) -> Mapping[str, Any]:
    bank_line = plan.bank_lines[part.bank_line]
    return {
        "statement": statement_id,
        "origin": origin_ids[part.bank_line],
        "date": wire_day(bank_line.day),
        "amount": wire_decimal(part.amount),
        "account": part.account_id,
        "party": part.party_id,
        "related_to": f"account.invoice,{part.invoice_id}" if part.invoice_id else None,
        "number": one_line(bank_line.reference) or None,
        "description": one_line(bank_line.description) or None,
    }


def _state(books: Books, statement_id: int) -> str:
    (row,) = books.server.rows("account.statement", [("id", "=", statement_id)], ["state"])
    return str(row["state"])


def _take_away(books: Books, statement_id: int) -> None:
    books.server.prepare(f"{_MODEL}.cancel", [statement_id])
    books.server.prepare(f"{_MODEL}.delete", [statement_id])

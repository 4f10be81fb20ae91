"""A confirmed match put into Tryton's books: the bank's lines as a statement, reconciled with the lines they match.

Each account and party that the matched lines stand on is credited by the statement with what they come to, and those
lines are reconciled with what credits them. Lines on the bank account itself are so replaced by the statement's: the
balance of the bank stays, and what was booked by hand now has the bank's word for it.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from tieout.contracts.platform import PlatformFault, Pushed
from tieout.platforms.tryton.books import Books
from tieout.platforms.tryton.statements import BankLine, Part, Plan, find_statement, journal_of, push_statement
from tieout.platforms.tryton.values import Row, decimal_of, told_day, told_decimal

_FIELDS = (
    *("debit", "credit", "amount_second_currency", "second_currency", "reconciliation", "move_state"),
    *("party", "account", "account.code", "account.reconcile", "account.party_required", "currency.code"),
)


class _Group(NamedTuple):
    """Matched lines of the books on one account and party."""

    account_id: int
    party_id: int | None
    amount: Decimal  # debit less credit
    line_ids: Sequence[int]


def push_match(books: Books, key: str, body: Mapping[str, Any]) -> Pushed:
    """The match, posted once. Raises PlatformFault."""
    if made := find_statement(books, key):
        return made
    journal = journal_of(books, body["bank_account"])
    bank_lines = [_bank_line(told) for told in body["statement"]]
    groups = _groups(_matched(books, [str(told) for told in body["ledger"]]))
    _require_equal(bank_lines, groups)
    if journal["currency."]["code"] != books.currency:
        message = f"journal {journal['name']} is kept in {journal['currency.']['code']}, the books in {books.currency}"
        raise PlatformFault("refused", f"{message}: reconcile this match in Tryton, where the rate is known")
    plan = Plan(key, journal, told_day(body["date"]), bank_lines, _parts(bank_lines, groups))
    return push_statement(books, plan, tie=lambda statement_id: _reconcile(books, statement_id, groups))


def _bank_line(told: Mapping[str, Any]) -> BankLine:
    reference, description = told.get("reference") or "", told.get("description") or ""
    return BankLine(told_day(told["date"]), told_decimal(told["amount"]), reference, description)


def _matched(books: Books, told: Sequence[str]) -> Sequence[Row]:
    """The matched lines, open or tied by this match already. Raises PlatformFault (refused)."""
    ids = [int(each) for each in told if each.isascii() and each.isdecimal()]
    domain = [("id", "in", ids), ("move.company", "=", books.company_id)]
    rows = {row["id"]: row for row in books.server.rows("account.move.line", domain, _FIELDS)}
    for each in told:
        row = rows.get(int(each)) if each.isascii() and each.isdecimal() else None
        if row is None or row["move_state"] != "posted":
            raise PlatformFault("refused", f"Tryton has no posted journal line {each} any more; sync and push again")
        if not row["account."]["reconcile"]:
            code = row["account."]["code"]
            message = f'lines of account {code} cannot be reconciled in Tryton: mark the account "Reconcile"'
            raise PlatformFault("refused", f"{message} and push again")
    return list(rows.values())


def _groups(rows: Sequence[Row]) -> Sequence[_Group]:
    places = sorted({(row["account"], row["party"] or 0) for row in rows})
    groups = []
    for account_id, party_id in places:
        there = [row for row in rows if (row["account"], row["party"] or 0) == (account_id, party_id)]
        amount = sum((decimal_of(row["debit"]) - decimal_of(row["credit"]) for row in there), Decimal(0))
        groups.append(_Group(account_id, party_id or None, amount, sorted(row["id"] for row in there)))
    return groups


def _require_equal(bank_lines: Sequence[BankLine], groups: Sequence[_Group]) -> None:
    bank = sum((line.amount for line in bank_lines), Decimal(0))
    books = sum((group.amount for group in groups), Decimal(0))
    if not bank_lines or not groups or bank != books:
        message = f"the bank's lines come to {bank:f}, the matched lines in Tryton to {books:f}"
        raise PlatformFault("refused", f"{message}: book the difference in Tryton and push again")


def _parts(bank_lines: Sequence[BankLine], groups: Sequence[_Group]) -> Sequence[Part]:
    """The bank's lines divided among the groups, exactly: all to the first, the others out of the first line."""
    first, *others = groups
    moved = sum((group.amount for group in others), Decimal(0))
    amounts = [(at, first, line.amount - (moved if at == 0 else 0)) for at, line in enumerate(bank_lines)]
    amounts += [(0, group, group.amount) for group in others]
    return [Part(at, amount, group.account_id, group.party_id) for at, group, amount in amounts if amount]


def _reconcile(books: Books, statement_id: int, groups: Sequence[_Group]) -> None:
    """Reconcile each group with the statement's lines that credit it, unless that was done. Raises PlatformFault."""
    statement_lines = books.server.rows("account.statement.line", [("statement", "=", statement_id)], ["amount"])
    origins = [f"account.statement.line,{row['id']}" for row in statement_lines]
    fields = ["account", "party", "reconciliation"]
    made = books.server.rows("account.move.line", [("origin", "in", origins)], fields)
    for group in groups:
        crediting = [row for row in made if (row["account"], row["party"]) == (group.account_id, group.party_id)]
        if any(row["reconciliation"] for row in crediting):
            continue
        _reconcile_lines(books, [*group.line_ids, *(row["id"] for row in crediting)])


def _reconcile_lines(books: Books, line_ids: Sequence[int]) -> None:
    wizard = "wizard.account.move.reconcile_lines"
    session_id, start, _ = books.server.prepare(f"{wizard}.create")
    chosen = {"active_model": "account.move.line", "active_id": line_ids[0], "active_ids": list(line_ids)}
    asked = books.server.prepare(f"{wizard}.execute", session_id, {}, start, **chosen)
    if "view" in asked:
        raise PlatformFault(
            "refused", "the matched lines are not settled in full: Tryton asks what to do with the rest"
        )
    books.server.prepare(f"{wizard}.delete", session_id)

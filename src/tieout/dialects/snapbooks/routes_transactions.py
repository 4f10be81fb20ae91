"""Bank transactions: listed, entered, and the statement of each."""

from dataclasses import replace
from heapq import merge

from starlette.responses import Response

from tieout.dialects.snapbooks.answers import Page, listed, page_of, shown
from tieout.dialects.snapbooks.calling import Here, Refused, refuse, require
from tieout.dialects.snapbooks.parameters import days_between, order_by
from tieout.dialects.snapbooks.shapes_transactions import (
    BankTransactionBody,
    read_bank_transaction,
    write_bank_transaction,
    write_statement,
)
from tieout.domain.accounts import AccountKind
from tieout.services.accounts import account, accounts
from tieout.services.context import Denied
from tieout.services.intake import statements
from tieout.services.lines import Condition, LineNow, Order, count_lines, enter_lines, find_lines, line
from tieout.services.owning import entity_of_line
from tieout.services.people.entities import entities

PER_PAGE = 50
_ORDERS = {
    "booking_date": "booking_day",
    "value_date": "value_day",
    "amount": "minor_units",
    "id": "id",
    "created_at": "created_at",
}
_ABSENT = (Order("booking_day"), Order("minor_units"))


def list_bank_transactions(here: Here) -> Response:
    """A page of bank transactions, of one client account or of all that the token sees.

    Those that are reconciled in full are left out unless `include_externally_reconciled` asks for them.
    """
    query = here.asked.query
    page = page_of(query, PER_PAGE)
    chosen = [Condition("side", "=", "statement"), *days_between(query, "from_date", "to_date")]
    account_id = query.optional_whole("bank_account_id")
    if account_id is not None:
        chosen.append(Condition("account_id", "=", account_id))
    open_only = not query.flag("include_externally_reconciled", absent=False, true=("true", "1"), false=("false", "0"))
    if query.optional_whole("client_account_id") is None:
        searched = [each.id for each in entities(here.context, here.principal)]
    else:
        searched = [here.asked_client_account().id]
    search = _Search(here, searched, chosen, order_by(query, _ORDERS, _ABSENT), open_only=open_only)
    return listed([write_bank_transaction(each) for each in search.page(page)], page, search.count())


class _Search:
    """Bank transactions of several client accounts in one order."""

    def __init__(
        self, here: Here, entity_ids: list[int], chosen: list[Condition], order: list[Order], *, open_only: bool
    ) -> None:
        self._here, self._entities, self._chosen = here, entity_ids, chosen
        self._order, self._open_only = order, open_only

    def count(self) -> int:
        """How many there are."""
        return sum(self._count_of(entity_id) for entity_id in self._entities)

    def _count_of(self, entity_id: int) -> int:
        here, chosen = self._here, self._chosen_of(entity_id)
        totals = count_lines(here.context, here.principal, entity_id, *chosen, open_only=self._open_only)
        return require(totals).lines

    def _chosen_of(self, entity_id: int) -> list[Condition]:
        """The conditions, on bank accounts alone: what a payment provider reports is no bank transaction."""
        here = self._here
        found = accounts(here.context, here.principal, entity_id, kinds=(AccountKind.BANK,), archived=True)
        return [*self._chosen, Condition("account_id", "in", [each.id for each in require(found)])]

    def page(self, page: Page) -> list[LineNow]:
        """One page of them."""
        if len(self._entities) == 1:
            return self._of(self._entities[0], page.size, page.offset)
        if page.offset >= self.count():
            return []
        parts = [self._of(entity_id, page.offset + page.size, 0) for entity_id in self._entities]
        return list(merge(*parts, key=self._sorted_by))[page.offset : page.offset + page.size]

    def _of(self, entity_id: int, limit: int, offset: int) -> list[LineNow]:
        here = self._here
        return require(
            find_lines(
                here.context,
                here.principal,
                entity_id,
                *self._chosen_of(entity_id),
                open_only=self._open_only,
                order=self._order,
                limit=limit,
                offset=offset,
            )
        )

    def _sorted_by(self, now: LineNow) -> list[int]:
        values = [(getattr(now.line, each.column), each.descending) for each in self._order]
        return [-_number(value) if descending else _number(value) for value, descending in values]


def _number(value: int | None) -> int:
    """Absent days come before all others, as the store has them."""
    return -(2**63) if value is None else value


def show_bank_transaction(here: Here) -> Response:
    """One bank transaction."""
    return shown(write_bank_transaction(_transaction(here)))


def create_bank_transaction(here: Here) -> Response:
    """Enter a bank transaction by hand; a document's line that equals it takes it over."""
    body = here.body(BankTransactionBody)
    client_account = here.client_account(body.client_account_id)
    request, refusals = read_bank_transaction(body)
    if refusals:
        raise Refused(*refusals)
    answer = enter_lines(here.context, here.principal, client_account.id, [request])
    if isinstance(answer, Denied):
        raise Refused(*(replace(each, concerns=each.concerns.removeprefix("lines[0].")) for each in answer.refusals))
    (entered,) = answer
    return shown(write_bank_transaction(LineNow(entered, 0, None)), 201)


def list_statements(here: Here) -> Response:
    """The statement that a bank transaction came in with, as a list; none where it was entered."""
    now = _transaction(here)
    page = page_of(here.asked.query, PER_PAGE)
    kept = require(statements(here.context, here.principal, now.line.entity_id, now.line.account_id))
    found = [each for each in kept if each.id == now.line.statement_id]
    return listed([write_statement(each) for each in found[page.offset : page.offset + page.size]], page, len(found))


def _transaction(here: Here) -> LineNow:
    number = here.named("bank_transaction")
    entity_id = entity_of_line(here.context, here.principal, number)
    if entity_id is None:
        refuse("not_found", "bank_transaction")
    found = require(line(here.context, here.principal, entity_id, number))
    if found.line.side != "statement":
        refuse("not_found", "bank_transaction")
    of_bank = require(account(here.context, here.principal, entity_id, found.line.account_id))
    return found if of_bank.kind == AccountKind.BANK else refuse("not_found", "bank_transaction")

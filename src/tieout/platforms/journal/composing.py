"""Entries that say what was pushed, balanced and on accounts that the ledger has; what it cannot say is refused."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from tieout.kernel.errors import Place
from tieout.platforms.journal.accounts import ROLES, LedgerAccount
from tieout.platforms.journal.bodies import (
    CounterpartyBody,
    InvoiceBody,
    LineBody,
    MatchBody,
    PaymentBody,
    StatementLineBody,
    exact,
    refused,
)
from tieout.platforms.journal.books import Books, total_of
from tieout.platforms.journal.contents import Contents
from tieout.platforms.journal.model import EXACT, KEY_TAG, Declared, Entry, Posting, Quantity

_NOWHERE = Place("tieout")
_OWED_ROLE = {"receivable": "receivable", "bill": "payable"}
_LINE_ROLE = {"receivable": "sales", "bill": "purchases"}
_TAX_ROLE = {"receivable": "output-tax", "bill": "input-tax"}
_DOCUMENT = {"receivable": "Invoice", "bill": "Bill"}
_COUNTERPARTY = {"receivable": "customer", "bill": "vendor"}


def counterparty_declared(role: str, key: str, body: CounterpartyBody) -> Declared:
    """A customer or vendor, known by the key."""
    if not body.name.strip():
        raise refused(f"a {role} has a name")
    said = {"name": body.name, "tax-number": body.tax_number, "email": body.email, KEY_TAG: key}
    return Declared(role, key, {tag: value for tag, value in said.items() if value is not None}, _NOWHERE)


def invoice_entry(books: Books, object_type: str, key: str, body: InvoiceBody) -> Entry:
    """A receivable or bill: what is owed by instalments, each line on its account, tax by account."""
    _require_sums(body)
    counterparty = _counterparty_id(books, _COUNTERPARTY[object_type], body.counterparty)
    # What is owed to us is a debit; what we owe, a credit.
    side = 1 if object_type == "receivable" else -1
    owed = _account(books, _OWED_ROLE[object_type])
    compose = _Composer(books, body.currency)
    postings = [
        compose.posting(owed, instalment.amount, side, due=instalment.due_date.isoformat())
        for instalment in body.instalments
    ]
    taxes: dict[str, Decimal] = {}
    for line in body.lines:
        account = _line_account(books, _LINE_ROLE[object_type], line)
        postings.append(compose.posting(account, line.amount, -side, **_line_tags(line)))
        if tax := exact(line.tax_amount, body.currency):
            name = _tax_account(books, _TAX_ROLE[object_type], line).name
            taxes[name] = EXACT.add(taxes.get(name, Decimal()), tax)
    postings += [compose.posting(books.accounts[name], f"{tax:f}", -side) for name, tax in taxes.items()]
    tags = {KEY_TAG: key, "invoice": body.number}
    if counterparty:
        tags[_COUNTERPARTY[object_type]] = counterparty
    narration = f"{_DOCUMENT[object_type]} {body.number}"
    return _entry(body.issue_date, body.counterparty_name, narration, body.number, tags, postings)


def payment_entry(books: Books, contents: Contents, key: str, body: PaymentBody) -> Entry:
    """Money between a bank account and what is owed."""
    invoice = contents.invoices.by_id.get(body.invoice)
    if invoice is None:
        raise refused(f"there is no invoice or bill {body.invoice!r} in this ledger to be paid")
    if books.currency_of(invoice.commodity) != body.currency:
        owed_in = books.currency_of(invoice.commodity)
        raise refused(
            f"{invoice.number} is owed in {owed_in}; a payment in {body.currency} needs a rate that nobody gave"
        )
    owed = books.accounts[invoice.owed[0].account]
    compose = _Composer(books, body.currency)
    postings = [
        compose.posting(_account_of(books, body.account), body.amount, invoice.sign),
        compose.posting(owed, body.amount, -invoice.sign),
    ]
    tags = {KEY_TAG: key, "pays": body.invoice, **_told(reference=body.reference)}
    narration = f"Payment of {invoice.number}"
    return _entry(body.paid_on, invoice.kept.entry.payee, narration, body.reference or "", tags, postings)


def match_entry(books: Books, contents: Contents, key: str, body: MatchBody) -> Entry:
    """A note on the bank account, of nothing, that says which journal lines the bank's statement lines cleared."""
    account = _account_of(books, body.bank_account)
    known = {dated.pulled.platform_object_id for dated in contents.of("journal_line")}
    if missing := [line for line in body.ledger if line not in known]:
        raise refused(f"the journal line {missing[0]!r} is not in this ledger any more")
    if not body.ledger:
        raise refused("a match names at least one journal line")
    currency = books.currency_of(account.commodities[0]) if account.commodities else books.base_currency
    exact(body.amount, currency)
    tags = {KEY_TAG: key, **_numbered("clears", body.ledger), **_told(reference=body.reference)}
    tags |= _numbered("statement", [_statement_text(line, currency) for line in body.statement])
    posting = _Composer(books, currency).posting(account, "0", 1, cleared=body.amount)
    return _entry(body.matched_on, "", "Cleared by the bank", "", tags, [posting])


def require_room(books: Books, entry: Entry) -> None:
    """Pass when nothing in the ledger speaks against the entry. Raises PlatformFault refused.

    A closed account, one that takes other commodities only, and a balance asserted for a later day: that balance would
    no longer hold, and the programs would refuse the whole ledger.
    """
    for posting in entry.postings:
        account, quantity = books.accounts[posting.account], posting.quantity
        assert quantity is not None, "what tieout writes has amounts"
        if account.opened_on and entry.booking_date < account.opened_on:
            raise refused(f"{account.name} is opened on {account.opened_on}, after {entry.booking_date}")
        if account.closed_on and entry.booking_date >= account.closed_on:
            raise refused(f"{account.name} is closed on {account.closed_on}")
        if account.commodities and quantity.commodity not in account.commodities:
            raise refused(f"{account.name} takes {', '.join(account.commodities)} and not {quantity.commodity}")
        if quantity.number:
            _require_no_assertion(books, posting.account, quantity.commodity, entry.booking_date)


def _require_no_assertion(books: Books, account: str, commodity: str, posted_on: date) -> None:
    for asserted in books.ledger.asserted:
        below = asserted.with_children and account.startswith(f"{asserted.account}:")
        same = asserted.account == account or below
        if same and asserted.commodity in ("", commodity) and posted_on < asserted.before:
            what = f"the balance of {asserted.account} is asserted for {asserted.asserted_on} ({asserted.place})"
            raise refused(f"{what}; a posting on {posted_on} would break it")


class _Composer:
    """Makes postings in one currency, written as the ledger writes it."""

    def __init__(self, books: Books, currency: str) -> None:
        self._currency, self._commodity = currency, books.commodity_for(currency)

    def posting(self, account: LedgerAccount, amount: str, side: int, **tags: str) -> Posting:
        """So much on an account: side 1 is a debit."""
        number = exact(amount, self._currency)
        quantity = Quantity(number if side > 0 or not number else number.copy_negate(), self._commodity)
        return Posting(account.name, quantity, quantity, None, tags, _NOWHERE)


def _entry(
    booking_date: date, payee: str, narration: str, code: str, tags: Mapping[str, str], postings: Iterable[Posting]
) -> Entry:
    return Entry(booking_date, payee, narration, code, tags, tuple(postings), _NOWHERE)


def _require_sums(body: InvoiceBody) -> None:
    if not body.lines or not body.instalments:
        raise refused(f"{body.number!r} has no lines or no instalments")
    total, tax = exact(body.total, body.currency), exact(body.tax, body.currency)
    taxes = total_of(exact(line.tax_amount, body.currency) for line in body.lines)
    amounts = total_of(exact(line.amount, body.currency) for line in body.lines)
    due = total_of(exact(instalment.amount, body.currency) for instalment in body.instalments)
    for what, sum_of_parts, whole in (
        ("the tax of the lines", taxes, tax),
        ("the lines with their tax", EXACT.add(amounts, taxes), total),
        ("the instalments", due, total),
    ):
        if sum_of_parts != whole:
            raise refused(f"{body.number!r} does not add up: {what} make {sum_of_parts}, told are {whole}")


def _counterparty_id(books: Books, role: str, named: str | None) -> str | None:
    if named and named not in {each.id for each in books.declared(role)}:
        raise refused(f"there is no {role} {named!r} in this ledger")
    return named


def _account(books: Books, role: str) -> LedgerAccount:
    account = books.with_role(role)
    if account is None:
        raise refused(f"no account is declared for {ROLES[role]}; give its declaration the tag role: {role}")
    return account


def _account_of(books: Books, code: str) -> LedgerAccount:
    account = books.by_code.get(code)
    if account is None:
        raise refused(f"there is no account {code!r} in this ledger")
    return account


def _line_account(books: Books, role: str, line: LineBody) -> LedgerAccount:
    return _account_of(books, line.account) if line.account else _account(books, role)


def _tax_account(books: Books, role: str, line: LineBody) -> LedgerAccount:
    """The account of the line's tax rate, or the one for all tax of this direction."""
    if line.tax_rate is not None:
        rates = {each.id: each for each in books.declared("tax-rate")}
        if line.tax_rate not in rates:
            raise refused(f"there is no tax rate {line.tax_rate!r} in this ledger; it has {', '.join(rates) or 'none'}")
        if account := rates[line.tax_rate].tags.get("account"):
            return _account_of(books, account)
    return _account(books, role)


def _line_tags(line: LineBody) -> dict[str, str]:
    said = {"quantity": line.quantity, "price": line.price, "tax": line.tax_amount, "tax-rate": line.tax_rate}
    return {"line": line.description, **{tag: value for tag, value in said.items() if value is not None}}


def _told(**said: str | None) -> dict[str, str]:
    return {tag: value for tag, value in said.items() if value}


def _numbered(tag: str, values: Sequence[str]) -> dict[str, str]:
    return {f"{tag}-{number}": value for number, value in enumerate(values, 1)}


def _statement_text(line: StatementLineBody, currency: str) -> str:
    said = (line.booked_on.isoformat(), line.amount, currency, line.reference, line.description)
    return " ".join(part for part in said if part)

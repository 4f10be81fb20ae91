"""Bank transactions: statement lines, whoever they came from, and the statements they stand in."""

import msgspec

from tieout.contracts.exact_json import Amount
from tieout.dialects.snapbooks.values import amount_text, day_of, day_or_none, instant_text, minor_units
from tieout.domain.lines import StoredStatement
from tieout.kernel.dates import day_text
from tieout.kernel.errors import Refusal
from tieout.services.lines import LineNow, LineRequest


class BankTransactionBody(msgspec.Struct, frozen=True):
    """A bank transaction as it is entered; a positive amount is money in."""

    client_account_id: int
    bank_account_id: int
    booking_date: str
    amount: Amount
    currency_code: str
    value_date: str | None = None
    description: str | None = None
    reference: str | None = None
    payee_name: str | None = None
    payee_bank_account_number: str | None = None
    payor_name: str | None = None
    payor_bank_account_number: str | None = None


def read_bank_transaction(body: BankTransactionBody) -> tuple[LineRequest, list[Refusal]]:
    """The statement line to enter, and what does not fit."""
    amount, refusals = minor_units(body.amount, body.currency_code, "")
    booking_day, bad_day = day_of(body.booking_date, "booking_date")
    value_day, bad_value_day = (None, []) if body.value_date is None else day_of(body.value_date, "value_date")
    coming_in = amount >= 0
    request = LineRequest(
        side="statement",
        kind="",
        account_id=body.bank_account_id,
        currency=body.currency_code,
        minor_units=amount,
        booking_day=booking_day,
        value_day=value_day,
        description=body.description or "",
        reference=body.reference or "",
        counterparty=(body.payor_name if coming_in else body.payee_name) or "",
        counterparty_account=(body.payor_bank_account_number if coming_in else body.payee_bank_account_number) or "",
    )
    return request, [*refusals, *bad_day, *bad_value_day]


def write_bank_transaction(now: LineNow) -> dict[str, object]:
    """A bank transaction; the counterparty is who pays for money in, who is paid for money out."""
    line = now.line
    payor, payee = (True, False) if line.minor_units >= 0 else (False, True)
    return {
        "id": line.id,
        "created_at": instant_text(line.created_at),
        "updated_at": instant_text(line.changed_at),
        "client_account_id": line.entity_id,
        "bank_account_id": line.account_id,
        "booking_date": day_text(line.booking_day),
        "value_date": day_or_none(line.value_day),
        "amount": amount_text(line.minor_units, line.currency),
        "currency_code": line.currency,
        "description": line.description,
        "reference": line.reference,
        "payor_name": _where(line.counterparty, said=payor),
        "payor_bank_account_id": None,
        "payor_bank_account_number": _where(line.counterparty_account, said=payor),
        "payee_name": _where(line.counterparty, said=payee),
        "payee_bank_account_id": None,
        "payee_bank_account_number": _where(line.counterparty_account, said=payee),
        "externally_reconciled": now.tied,
        "remaining_amount": amount_text(now.left_minor_units, line.currency),
    }


def _where(text: str, *, said: bool) -> str | None:
    return (text or None) if said else None


def write_statement(statement: StoredStatement) -> dict[str, object]:
    """The statement that a bank transaction stands in."""
    currency = statement.currency
    opening, closing = statement.opening_minor_units, statement.closing_minor_units
    return {
        "id": statement.id,
        "client_account_id": statement.entity_id,
        "bank_account_id": statement.account_id,
        "number": statement.number or None,
        "currency_code": currency,
        "opening_balance": None if opening is None else amount_text(opening, currency),
        "opening_date": day_or_none(statement.opening_day),
        "closing_balance": None if closing is None else amount_text(closing, currency),
        "closing_date": day_or_none(statement.closing_day),
    }

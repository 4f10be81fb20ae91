"""Documents as bytes, and what became of them, in the words of a test."""

import json
from collections.abc import Sequence
from typing import Any, TypeVar

from tests.given_files import ACCOUNT, Entry, Row
from tests.given_store import Office
from tieout.domain.lines import Document, Line
from tieout.services.accounts import AccountRequest, open_account
from tieout.services.context import Context, Denied
from tieout.services.intake import receive_document
from tieout.services.lines import Condition, Order, find_lines

Answer = TypeVar("Answer")

FIRST_OF_MAY = 20_574  # 2026-05-01 in days since 1970-01-01


def done(answer: Answer | Denied) -> Answer:
    """The answer of a service that refuses nothing."""
    assert not isinstance(answer, Denied), answer
    return answer


def refused(answer: object) -> list[tuple[str, str]]:
    """The code of each refusal and what it concerns."""
    assert isinstance(answer, Denied), answer
    return [(refusal.code, refusal.concerns) for refusal in answer.refusals]


def given_account(context: Context, office: Office, number: str = ACCOUNT, currency: str = "NOK", **more: Any) -> int:
    """The id of a bank account of the office."""
    request = AccountRequest(kind="bank", name="Bank", number=number, currency=currency, **more)
    return done(open_account(context, office.preparer, office.entity_id, request)).id


def mt940_bytes(
    opening: tuple[str, str] | None, closing: tuple[str, str] | None, *entries: Entry, account: str = ACCOUNT
) -> bytes:
    """An MT940 statement in NOK whose bank gives its entries no ids; balances are an amount and a day."""
    fields = [":20:TIEOUT", f":25:{account}", ":28C:1/1"]
    fields += [f":60F:{_balance(*opening)}"] if opening else []
    for entry in entries:
        mark = "D" if entry.amount.startswith("-") else "C"
        fields.append(f":61:{_short(entry.day)}{mark}{_comma(entry.amount)}NTRFNONREF")
        fields += [f":86:{entry.text}"] if entry.text else []
    fields += [f":62F:{_balance(*closing)}"] if closing else []
    return ("\r\n".join(fields) + "\r\n-\r\n").encode()


def _balance(amount: str, day: str) -> str:
    return f"{'D' if amount.startswith('-') else 'C'}{_short(day)}NOK{_comma(amount)}"


def _comma(amount: str) -> str:
    return amount.removeprefix("-").replace(".", ",")


def _short(day: str) -> str:
    return day[2:].replace("-", "")


def csv_bytes(rows: Sequence[Row]) -> bytes:
    """A canonical CSV."""
    header = "id,account,currency,amount,booking_date,reference,counterparty,kind,settles,description"
    lines = [
        f"{row.id},{row.account},{row.currency},{row.amount},2026-05-{row.day:02},{row.reference},{row.counterparty},"
        f"{row.kind},{row.settles},{row.description}"
        for row in rows
    ]
    return ("\n".join([header, *lines]) + "\n").encode()


def received(context: Context, office: Office, content: bytes, name: str = "may.sta", **more: Any) -> Document:
    """The document of these bytes, taken in by the office's preparer."""
    return done(receive_document(context, office.preparer, office.entity_id, name, content, **more))


def became(document: Document) -> tuple[int, int, int]:
    """How many lines of a document are new, known already, and taken over."""
    lines = json.loads(document.answer)["lines"]
    return lines["new"], lines["known"], lines["taken_over"]


def lines_of(context: Context, office: Office, *conditions: Condition) -> list[Line]:
    """The lines of the office's entity that count, by day and id."""
    order = (Order("booking_day"), Order("id"))
    return [now.line for now in done(find_lines(context, office.reader, office.entity_id, *conditions, order=order))]


def told(lines: Sequence[Line]) -> list[str]:
    """Day of May, amount and text of each line."""
    return [f"{line.booking_day - FIRST_OF_MAY + 1} {line.minor_units} {line.description}".strip() for line in lines]

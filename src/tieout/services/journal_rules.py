"""What may be a journal entry: the request, and every rule that it can break."""

from collections.abc import Sequence
from dataclasses import dataclass

from tieout.kernel.errors import Refusal
from tieout.services.days import is_day
from tieout.services.line_requests import Ground, LineRequest, line_refusals
from tieout.services.texts import text_refusals

# A payroll of a large employer, one line per person; more is a document.
ENTRY_LINES_MAX = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalLineRequest:
    """One line of a journal entry: debit minus credit in the functional currency, positive is money in.

    A line on a bank account in another currency also carries the amount in that currency and the rate.
    """

    account_id: int
    minor_units: int
    description: str = ""
    foreign_minor_units: int | None = None
    foreign_currency: str = ""
    rate: str = ""  # functional units for one foreign unit
    reference: str = ""
    counterparty: str = ""
    extra: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalRequest:
    """A journal entry to enter."""

    booking_day: int
    lines: tuple[JournalLineRequest, ...]
    sequence_number: int | None = None  # None: the next one
    memo: str = ""
    draft: bool = False
    extra: str = ""


def line_request(line: JournalLineRequest, booking_day: int, currency: str) -> LineRequest:
    """The ledger line of a line of an entry."""
    return LineRequest(
        side="ledger",
        kind="journal_entry_line",
        account_id=line.account_id,
        currency=currency,
        minor_units=line.minor_units,
        booking_day=booking_day,
        reference=line.reference,
        counterparty=line.counterparty,
        description=line.description,
        foreign_minor_units=line.foreign_minor_units,
        foreign_currency=line.foreign_currency,
        rate=line.rate,
        extra=line.extra,
    )


def entry_refusals(
    requests: Sequence[LineRequest], ground: Ground, *, booking_day: int, draft: bool, texts: Sequence[tuple[str, str]]
) -> list[Refusal]:
    """Every rule that an entry breaks, its lines' included; a draft may be out of balance, and lie in a locked period.

    texts: (field, text) of the entry itself.
    """
    found = text_refusals(texts)
    if not is_day(booking_day):
        found.append(Refusal("bad_date", "booking_day"))
    if len(requests) > ENTRY_LINES_MAX:
        return [*found, Refusal("too_many", "lines", (("most", str(ENTRY_LINES_MAX)),))]
    if not draft:
        found += balance_refusals(requests)
    for place, request in enumerate(requests):
        refusals = line_refusals(request, ground, f"lines[{place}].")
        found += [each for each in refusals if not (draft and each.code == "period_locked")]
        found += _foreign_refusals(request, ground, f"lines[{place}].")
    return found


def balance_refusals(requests: Sequence[LineRequest]) -> list[Refusal]:
    """`entry_unbalanced` with the signed gap, debits minus credits; `required` where an entry has no line."""
    if not requests:
        return [Refusal("required", "lines")]
    gap = sum(request.minor_units for request in requests)
    return [Refusal("entry_unbalanced", "lines", (("gap", str(gap)),))] if gap else []


def _foreign_refusals(request: LineRequest, ground: Ground, where: str) -> list[Refusal]:
    """A foreign amount on an account is in the account's currency, or the account is in the functional one."""
    account = ground.accounts.get(request.account_id)
    if account is None or not request.foreign_currency or account.currency == ground.currency:
        return []
    if request.foreign_currency != account.currency:
        return [Refusal("currency_differs", f"{where}foreign_currency", (("currency", account.currency),))]
    return []

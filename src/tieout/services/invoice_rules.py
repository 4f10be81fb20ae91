"""What may be an invoice: the request, and every rule that it can break."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tieout.kernel.errors import Refusal
from tieout.kernel.money import MINOR_UNITS_MAX
from tieout.services.days import is_day
from tieout.services.instalments import INSTALMENT_KINDS
from tieout.services.line_requests import Ground, LineRequest, line_refusals
from tieout.services.texts import text_refusals

# Ten years of monthly payments, with room.
INSTALMENTS_MAX = 400
INVOICE_LINES_MAX = 1_000
# No tax takes ten times of what it is on.
TAX_RATE_MAX = 100_000
_QUANTITY = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,12})?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLineRequest:
    """What one line of an invoice is for; amounts signed as the invoice, without tax."""

    description: str
    minor_units: int
    quantity: str = "1"  # exact decimal text
    tax_minor_units: int = 0
    account_code: str = ""
    price_minor_units: int | None = None  # of one, without tax
    tax_rate_value: int | None = None  # hundredths of a percent: 2500 is 25 %
    vat_rate_id: str = ""  # public id of the accounting platform's tax rate


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceRequest:
    """An invoice to create; a payable's amounts are negative.

    instalments: due day and signed amount of each; empty for one over what the lines add up to with their tax, due on
    the issue day. paid: day and signed cash of the first instalments, where they are paid already. line_extra: what a
    face keeps with the instalments, the same with all or one text for each.
    """

    direction: str  # receivable, payable
    currency: str
    issue_day: int
    number: str = ""
    counterparty: str = ""
    counterparty_id: int | None = None  # the customer or vendor, where it is kept; its name counts if none is given
    counterparty_account: str = ""
    description: str = ""
    account_id: int = 0  # that the money is expected on; 0 where nobody said
    lines: tuple[InvoiceLineRequest, ...] = ()
    instalments: tuple[tuple[int, int], ...] = ()
    paid: tuple[tuple[int, int], ...] = ()
    tax_minor_units: int | None = None  # None: the sum of the lines' tax
    extra: str = ""
    line_extra: str | tuple[str, ...] = ""


class Totals(NamedTuple):
    """What the lines of an invoice add up to."""

    minor_units: int  # with tax
    tax_minor_units: int


def totals_of(lines: Sequence[InvoiceLineRequest]) -> Totals:
    """The sums of the lines, exact."""
    tax = sum(line.tax_minor_units for line in lines)
    return Totals(sum(line.minor_units for line in lines) + tax, tax)


def invoice_refusals(request: InvoiceRequest, instalments: Sequence[LineRequest], ground: Ground) -> list[Refusal]:
    """Every rule that an invoice breaks, its instalments' included."""
    found = _own_refusals(request)
    total = sum(each.minor_units for each in instalments)
    if request.lines and total != totals_of(request.lines).minor_units:
        stated = str(totals_of(request.lines).minor_units)
        found.append(Refusal("instalments_differ", "instalments", (("instalments", str(total)), ("lines", stated))))
    if not -MINOR_UNITS_MAX <= total <= MINOR_UNITS_MAX:
        found.append(Refusal("amount_out_of_range", "instalments"))
    tax = totals_of(request.lines).tax_minor_units
    if request.lines and request.tax_minor_units not in (None, tax):
        found.append(Refusal("instalments_differ", "tax_minor_units", (("lines", str(tax)),)))
    found += text_refusals(
        (f"lines[{place}].{name}", getattr(line, name))
        for place, line in enumerate(request.lines)
        for name in ("description", "account_code", "vat_rate_id")
    )
    if request.direction not in INSTALMENT_KINDS:
        return [*found, Refusal("not_allowed", "direction")]
    for place, each in enumerate(instalments):
        found += line_refusals(each, ground, f"instalments[{place}].")
    return found


def _own_refusals(request: InvoiceRequest) -> list[Refusal]:
    found = text_refusals(
        (name, getattr(request, name)) for name in ("number", "counterparty", "counterparty_account", "extra")
    )
    if not request.lines and not request.instalments:
        found.append(Refusal("required", "instalments"))
    for name, most in (("instalments", INSTALMENTS_MAX), ("lines", INVOICE_LINES_MAX)):
        if len(getattr(request, name)) > most:
            found.append(Refusal("too_many", name, (("most", str(most)),)))
    if not isinstance(request.line_extra, str) and len(request.line_extra) != max(len(request.instalments), 1):
        found.append(Refusal("not_allowed", "line_extra"))
    if len(request.paid) > max(len(request.instalments), 1):
        found.append(Refusal("too_many", "paid", (("most", str(max(len(request.instalments), 1))),)))
    if not is_day(request.issue_day):
        found.append(Refusal("bad_date", "issue_day"))
    for place, line in enumerate(request.lines):
        if _QUANTITY.fullmatch(line.quantity) is None:
            found.append(Refusal("not_an_amount", f"lines[{place}].quantity"))
        for name in ("minor_units", "tax_minor_units", "price_minor_units"):
            if not -MINOR_UNITS_MAX <= (getattr(line, name) or 0) <= MINOR_UNITS_MAX:
                found.append(Refusal("amount_out_of_range", f"lines[{place}].{name}"))
        if line.tax_rate_value is not None and not 0 <= line.tax_rate_value <= TAX_RATE_MAX:
            found.append(Refusal("not_allowed", f"lines[{place}].tax_rate_value"))
    return found

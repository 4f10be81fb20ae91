"""Reports of payment providers made of rows, and what the importers say of them in short."""

from collections.abc import Sequence
from types import ModuleType

from tieout.contracts.reading import BytesSource, Reading
from tieout.domain.settlement_reports import ReportedBatch
from tieout.domain.statements import Statement, StatementEntry
from tieout.importers import provider_adyen, provider_mercadopago
from tieout.kernel.money import decimal_text

ADYEN = (
    "Company Account",
    "Merchant Account",
    "Psp Reference",
    "Merchant Reference",
    "Payment Method",
    "Creation Date",
    "TimeZone",
    "Type",
    "Modification Reference",
    "Gross Currency",
    "Gross Debit (GC)",
    "Gross Credit (GC)",
    "Exchange Rate",
    "Net Currency",
    "Net Debit (NC)",
    "Net Credit (NC)",
    "Commission (NC)",
    "Markup (NC)",
    "Scheme Fees (NC)",
    "Interchange (NC)",
    "Payment Method Variant",
    "Batch Number",
)
RELEASE = (
    "DATE",
    "SOURCE_ID",
    "EXTERNAL_REFERENCE",
    "RECORD_TYPE",
    "DESCRIPTION",
    "NET_CREDIT_AMOUNT",
    "NET_DEBIT_AMOUNT",
    "GROSS_AMOUNT",
    "MP_FEE_AMOUNT",
    "FINANCING_FEE_AMOUNT",
    "SHIPPING_FEE_AMOUNT",
    "TAXES_AMOUNT",
    "COUPON_AMOUNT",
    "INSTALLMENTS",
    "PAYMENT_METHOD",
    "CURRENCY",
)

_SHORT = {
    "merchant": "Merchant Account",
    "psp": "Psp Reference",
    "order": "Merchant Reference",
    "day": "Creation Date",
    "type": "Type",
    "modification": "Modification Reference",
    "sold_in": "Gross Currency",
    "gross_debit": "Gross Debit (GC)",
    "gross": "Gross Credit (GC)",
    "rate": "Exchange Rate",
    "currency": "Net Currency",
    "debit": "Net Debit (NC)",
    "credit": "Net Credit (NC)",
    "commission": "Commission (NC)",
    "markup": "Markup (NC)",
    "scheme": "Scheme Fees (NC)",
    "interchange": "Interchange (NC)",
    "batch": "Batch Number",
}
_USUAL = {"merchant": "KaffeShop", "day": "2026-05-04 10:15:00", "currency": "EUR", "batch": "7"}

Row = dict[str, str]


def settled(order: str, gross: str, net: str, **fields: str) -> Row:
    """A captured payment in euro, with the columns that matter for it."""
    row = {"type": "Settled", "order": order, "psp": f"88{order}", "sold_in": "EUR", "gross": gross, "rate": "1"}
    return {**row, "credit": net, **fields}


def other(entry_type: str, credit: str = "", debit: str = "", **fields: str) -> Row:
    """A row of another type, without a gross."""
    return {"type": entry_type, "credit": credit, "debit": debit, **fields}


def adyen_text(*rows: Row, columns: Sequence[str] = ADYEN, separator: str = ",") -> str:
    """A settlement detail report; a row names its cells by short names, and has the usual ones besides."""
    said = [{_SHORT[name]: text for name, text in {**_USUAL, **row}.items()} for row in rows]
    return _text(said, columns, separator)


def release_text(*rows: Row, columns: Sequence[str] = RELEASE, separator: str = ";") -> str:
    """A release report; a row names its cells as the report does."""
    return _text(rows, columns, separator)


def moved(description: str, credit: str = "0.00", debit: str = "0.00", **fields: str) -> Row:
    """A row of a release report that moves the balance."""
    row = {"DATE": "2026-05-04T22:15:00.000-04:00", "RECORD_TYPE": "release", "CURRENCY": "BRL"}
    row |= {"DESCRIPTION": description, "NET_CREDIT_AMOUNT": credit, "NET_DEBIT_AMOUNT": debit}
    return {**row, **fields}


def balance(record: str, credit: str, debit: str = "0.00", day: str = "2026-05-01") -> Row:
    """A row of a release report that states a balance."""
    row = {"DATE": f"{day}T00:00:00.000-04:00", "RECORD_TYPE": record}
    return {**row, "NET_CREDIT_AMOUNT": credit, "NET_DEBIT_AMOUNT": debit}


def _text(rows: Sequence[Row], columns: Sequence[str], separator: str) -> str:
    lines = [columns, *([row.get(name, "") for name in columns] for row in rows)]
    return "".join(f"{separator.join(cells)}\n" for cells in lines)


def read(importer: ModuleType, text: str | bytes, *, keep_entries: bool = True, profile: str | None = None) -> Reading:
    """What an importer makes of a report. Raises Refused."""
    raw = text if isinstance(text, bytes) else text.encode()
    reading: Reading = importer.read(BytesSource("may.csv", raw), keep_entries, profile)
    return reading


def adyen(*rows: Row) -> Reading:
    """What is made of a settlement detail report with these rows."""
    return read(provider_adyen, adyen_text(*rows))


def release(*rows: Row, profile: str | None = None) -> Reading:
    """What is made of a release report with these rows."""
    return read(provider_mercadopago, release_text(*rows), profile=profile)


def batch_of(*rows: Row) -> ReportedBatch:
    """The one batch of a settlement detail report with these rows."""
    (batch,) = adyen(*rows).batches
    return batch


def statement_of(*rows: Row) -> Statement:
    """The one statement of a release report with these rows."""
    (statement,) = release(*rows).statements
    return statement


def moves(entries: Sequence[StatementEntry], exponent: int = 2) -> list[str]:
    """Kind and amount of each entry."""
    return [f"{entry.kind} {decimal_text(entry.minor_units, exponent)}" for entry in entries]


def told(batch: ReportedBatch) -> str:
    """What a batch says in one line: rows, gross + fees = net, carried, payout, and the gap of its proof."""
    amounts = (batch.gross, batch.fees, batch.net, batch.carried, batch.payout, batch.proof.gap)
    gross, fees, *rest = ["-" if amount is None else decimal_text(amount, batch.exponent) for amount in amounts]
    net, carried, payout, gap = rest
    return f"{batch.entries} rows: {gross} and {fees} is {net}, carried {carried}, paid {payout}, gap {gap}"

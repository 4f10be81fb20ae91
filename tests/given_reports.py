"""Reports of two providers as bytes, in the words of a test; days are of May 2026, amounts in BRL."""

from collections.abc import Sequence
from typing import NamedTuple

ADYEN_COLUMNS = (
    "Company Account,Merchant Account,Psp Reference,Merchant Reference,Payment Method,Creation Date,TimeZone,Type,"
    "Modification Reference,Gross Currency,Gross Debit (GC),Gross Credit (GC),Exchange Rate,Net Currency,"
    "Net Debit (NC),Net Credit (NC),Commission (NC),Markup (NC),Scheme Fees (NC),Interchange (NC),"
    "Payment Method Variant,Modification Merchant Reference,Batch Number"
)
RELEASE_COLUMNS = (
    "DATE,SOURCE_ID,EXTERNAL_REFERENCE,RECORD_TYPE,DESCRIPTION,NET_CREDIT_AMOUNT,NET_DEBIT_AMOUNT,GROSS_AMOUNT,"
    "MP_FEE_AMOUNT,FINANCING_FEE_AMOUNT,SHIPPING_FEE_AMOUNT,TAXES_AMOUNT,COUPON_AMOUNT,CURRENCY,BALANCE_AMOUNT"
)


class Settled(NamedTuple):
    """One row of a settlement detail report: what was sold or taken, and the commission kept of it."""

    kind: str  # Settled, Refunded, Chargeback, Fee, MerchantPayout, Balancetransfer, ...
    gross: str  # signed decimal text
    order: str = ""
    commission: str = "0.00"  # positive where it was kept
    day: int = 4
    psp: str = ""
    batch: str = "7"


def settlement_detail(rows: Sequence[Settled], merchant: str = "LOJA") -> bytes:
    """An Adyen settlement detail report in BRL; a row without a psp reference is of no payment."""
    lines = [ADYEN_COLUMNS]
    for row in rows:
        net = _minor(row.gross) - _minor(row.commission)
        gross_debit, gross_credit = _debit_and_credit(_minor(row.gross))
        debit, credit = _debit_and_credit(net)
        lines.append(
            f"Loja SA,{merchant},{row.psp},{row.order},visa,2026-05-{row.day:02d} 10:00:00,CET,{row.kind},{row.psp},"
            f"BRL,{gross_debit},{gross_credit},1,BRL,{debit},{credit},{row.commission},0.00,0.00,0.00,visa,,{row.batch}"
        )
    return ("\n".join(lines) + "\n").encode()


class Released(NamedTuple):
    """One row of a release report: what was paid or taken, and the fee kept of it."""

    kind: str  # payment, payout, refund, reserve for dispute, ...
    gross: str  # signed decimal text
    order: str = ""
    fee: str = "0.00"  # negative where it was kept, as the report writes it
    day: int = 4
    source: str = ""


def release_report(opening: str, rows: Sequence[Released], closing: str | None = None) -> bytes:
    """A Mercado Pago release report in BRL from one balance to the next; closing: what it states, if not the sum."""
    balance = _minor(opening)
    first = min((row.day for row in rows), default=1)
    lines = [
        RELEASE_COLUMNS,
        _release_row(first, "", "", "initial_available_balance", "", balance, ("0", "0"), balance),
    ]
    for row in rows:
        net = _minor(row.gross) + _minor(row.fee)
        balance += net
        shown = _release_row(row.day, row.source, row.order, "release", row.kind, net, (row.gross, row.fee), balance)
        lines.append(shown)
    stated = balance if closing is None else _minor(closing)
    last = max((row.day for row in rows), default=1)
    lines.append(_release_row(last, "", "", "total", "", stated, ("0", "0"), stated))
    return ("\n".join(lines) + "\n").encode()


def _release_row(
    day: int, source: str, order: str, record: str, kind: str, net: int, parts: tuple[str, str], balance: int
) -> str:
    debit, credit = _debit_and_credit(net)
    gross, fee = parts
    return (
        f"2026-05-{day:02d}T10:00:00.000-04:00,{source},{order},{record},{kind},{credit or '0.00'},{debit or '0.00'},"
        f"{gross},{fee},0.00,0.00,0.00,0.00,BRL,{_text(balance)}"
    )


def _minor(text: str) -> int:
    return int(text.replace(".", "")) if "." in text else int(text) * 100


def _text(minor_units: int) -> str:
    sign = "-" if minor_units < 0 else ""
    size = minor_units if minor_units >= 0 else -minor_units
    return f"{sign}{size // 100}.{size % 100:02d}"


def _debit_and_credit(minor_units: int) -> tuple[str, str]:
    return (_text(-minor_units), "") if minor_units < 0 else ("", _text(minor_units))

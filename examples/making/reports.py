"""Writes the reports of the two payment providers as they name their columns."""

from collections.abc import Iterable, Sequence

from examples.making.shop import CARD_PAYOUTS, CARDS, WALLET, WALLET_OPENING, CardRow, WalletRow, net_of, payout_of
from examples.making.statements import decimal

_ADYEN = (
    "Company Account,Merchant Account,Psp Reference,Merchant Reference,Payment Method,Creation Date,TimeZone,Type,"
    "Modification Reference,Gross Currency,Gross Debit (GC),Gross Credit (GC),Exchange Rate,Net Currency,"
    "Net Debit (NC),Net Credit (NC),Commission (NC),Markup (NC),Scheme Fees (NC),Interchange (NC),"
    "Payment Method Variant,Modification Merchant Reference,Batch Number"
)
_RELEASE = (
    "DATE;SOURCE_ID;EXTERNAL_REFERENCE;RECORD_TYPE;DESCRIPTION;NET_CREDIT_AMOUNT;NET_DEBIT_AMOUNT;GROSS_AMOUNT;"
    "MP_FEE_AMOUNT;FINANCING_FEE_AMOUNT;SHIPPING_FEE_AMOUNT;TAXES_AMOUNT;COUPON_AMOUNT;INSTALLMENTS;PAYMENT_METHOD;"
    "CURRENCY"
)
_OWN = "HavskarGruppen,HavskarShop"


def adyen() -> bytes:
    """The settlement detail of both batches: the rows of each, then its payout."""
    rows = [_ADYEN]
    for batch, (day, _, number) in CARD_PAYOUTS.items():
        rows += [_card(row, place) for place, row in enumerate(CARDS) if row.batch == batch]
        payout = f"MerchantPayout,{number} batch {batch},EUR,,,,EUR,{decimal(payout_of(batch))}"
        rows.append(f"{_OWN},,,,{day} 23:10:00,CEST,{payout},,,,,,,,{batch}")
    return _lines(rows)


def _card(row: CardRow, place: int) -> str:
    is_order = bool(row.order)
    payment = f"88{int(row.order[3:]):014}" if is_order else ""
    net = net_of(row)
    gross = _debit_and_credit(row.amount) if is_order else ","
    costs = ",".join(decimal(cost) if cost > 0 else "" for cost in (row.commission, row.markup, row.scheme))
    cells = (
        _OWN,
        payment,
        row.order,
        "visa" if is_order else "",
        f"2026-{row.day} 0{place % 10}:15:00",
        "CEST",
        row.entry_type,
        row.says or (f"99{20_000 + place:014}" if is_order else ""),
        "NOK" if row.converted is not None else "EUR",
        gross,
        row.rate if is_order else "",
        "EUR",
        _debit_and_credit(net),
        costs,
        decimal(row.interchange) if row.interchange else "",
        "visaclassic" if is_order else "",
        "",
        str(row.batch),
    )
    return ",".join(cells)


def _debit_and_credit(minor_units: int) -> str:
    return f"{decimal(minor_units)}," if minor_units < 0 else f",{decimal(minor_units)}"


def mercado_pago() -> bytes:
    """The releases of May between the balance before and after."""
    moved = [_net(row) for row in WALLET]
    credit = WALLET_OPENING + sum(net for net in moved if net > 0)
    debit = -sum(net for net in moved if net < 0)
    rows = [_RELEASE, _balance("05-01", "initial_available_balance", WALLET_OPENING, 0)]
    rows += [_wallet(row) for row in WALLET]
    rows.append(_balance("05-31", "total", credit, debit))
    return _lines(rows)


def _balance(day: str, record: str, credit: int, debit: int) -> str:
    return f"2026-{day}T00:00:00.000-04:00;;;{record};;{decimal(credit)};{decimal(debit)};;;;;;;;;"


def _net(row: WalletRow) -> int:
    return row.gross - row.fee - row.financing - row.tax


def _wallet(row: WalletRow) -> str:
    net = _net(row)
    amounts = (max(net, 0), max(-net, 0), row.gross, -row.fee, -row.financing, 0, -row.tax, 0)
    method = "visa" if row.description == "payment" else ""
    start = f"2026-{row.day}T09:30:00.000-04:00;{row.source};{row.order};release;{row.description}"
    return ";".join([start, *map(_signed, amounts), str(row.instalments), method, "BRL"])


def _signed(minor_units: int) -> str:
    return f"{'-' if minor_units < 0 else ''}{decimal(minor_units)}"


def _lines(rows: Sequence[str] | Iterable[str]) -> bytes:
    return "\n".join([*rows, ""]).encode()

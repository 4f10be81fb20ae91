"""Mercado Pago release report: the movements of the available balance, between the balance before and after.

Credit and debit columns say the sign; the columns of costs have the sign of their effect. Days are those of the time
zone that the report was made in, GMT-4 unless its owner chose another.
Source: Mercado Pago developers, Releases report, fields and glossary, read 2026-11-20.
"""

from tieout.contracts.reading import Head, Reading, Source
from tieout.importers._provider_profile import Columns, Meaning, Part, Profile, Role
from tieout.importers._provider_report import read_report, recognised

_FEE, _TAX, _ADJUSTMENT = Meaning("fee", "fee"), Meaning("tax", "tax"), Meaning("adjustment", "adjustment")
_CHARGEBACK, _REFUND = Meaning("chargeback_reversed", "chargeback"), Meaning("refund", "refund")
_RESERVE, _PAYOUT = Meaning("reserve_release", "reserve_hold"), Meaning("payout", "payout", Role.PAYOUT)
_NOTE = Meaning("", "", Role.NOTE)

PROFILE = Profile(
    format="mercadopago",
    channel="MERCADO PAGO",
    required=("DATE", "SOURCE_ID", "DESCRIPTION", "NET_CREDIT_AMOUNT", "NET_DEBIT_AMOUNT"),
    columns=Columns(
        day=("DATE",),
        credit="NET_CREDIT_AMOUNT",
        debit="NET_DEBIT_AMOUNT",
        entry_type="DESCRIPTION",
        currency=("CURRENCY", "SETTLEMENT_CURRENCY"),
        record_type="RECORD_TYPE",
        gross="GROSS_AMOUNT",
        order=("EXTERNAL_REFERENCE", "ORDER_ID"),
        native_id=("SOURCE_ID",),
        balance="BALANCE_AMOUNT",
        plots_quantity="INSTALLMENTS",
        description=("PAYMENT_METHOD",),
        facts=("ORDER_ID", "SHIPPING_ID", "PACK_ID", "PAYMENT_METHOD", "TRANSACTION_APPROVAL_DATE", "DATE"),
    ),
    parts=(
        Part("MP_FEE_AMOUNT", "fee"),
        Part("FINANCING_FEE_AMOUNT", "fee"),
        Part("SHIPPING_FEE_AMOUNT", "fee"),
        Part("TAXES_AMOUNT", "tax"),
        Part("COUPON_AMOUNT", "adjustment", optional=True),
    ),
    meanings={
        "payment": Meaning("sale", "adjustment"),
        "refund": _REFUND,
        "chargeback": _CHARGEBACK,
        "chargeback cancel": _CHARGEBACK,
        "dispute": _CHARGEBACK,
        "mediation": _CHARGEBACK,
        "mediation cancel": _CHARGEBACK,
        "payout": _PAYOUT,
        "payout cancel": _PAYOUT,
        "withdrawal": _PAYOUT,
        "withdrawal cancel": _PAYOUT,
        "cash withdrawal": _PAYOUT,
        "mp fee": _FEE,
        "fee release in advance": _FEE,
        "cashback": _ADJUSTMENT,
        "credit payment": _ADJUSTMENT,
        "tip": _ADJUSTMENT,
        "restriction": _RESERVE,
        "reserve": _RESERVE,
    },
    beginnings={
        "reserve for": _RESERVE,
        "tax": _TAX,
        "shipping": _FEE,
        "asset management": _ADJUSTMENT,
    },
    records={
        "initial available balance": Meaning("", "", Role.OPENING),
        "total": Meaning("", "", Role.CLOSING),
        "available balance": _NOTE,
        "subtotal": _NOTE,
        "block": _RESERVE,
        "fullblock": _RESERVE,
        "unblock": _RESERVE,
    },
    in_batches=False,
    currencies={f"mercadopago-{site}": site.upper() for site in ("ars", "brl", "clp", "cop", "mxn", "pen", "uyu")},
)

FORMATS = (PROFILE.format,)
PROFILES: tuple[str, ...] = tuple(PROFILE.currencies)


def recognise(head: Head) -> str | None:
    """`mercadopago` where the first row names the columns of this report, in any order."""
    return recognised(head, PROFILE)


def read(source: Source, keep_entries: bool, profile: str | None) -> Reading:
    """One statement of the available balance. Raises Refused: no_statement."""
    return read_report(source, keep_entries, PROFILE, profile)

"""Adyen settlement detail: one row per capture, refund, chargeback and fee of each payout batch.

Debit and credit columns say the sign; the columns of costs are positive where something was kept. Net credits less net
debits of a batch, its payout and the balances carried from and to other batches included, are zero.
Source: Adyen documentation, Settlement details report and Journal types, read 2026-11-20.
"""

from tieout.contracts.reading import Head, Reading, Source
from tieout.importers._provider_profile import Columns, Meaning, Part, Profile, Role
from tieout.importers._provider_report import read_report, recognised

_SALE, _REFUND = Meaning("sale", "sale"), Meaning("refund", "refund")
_FEE, _ADJUSTMENT = Meaning("fee", "fee"), Meaning("adjustment", "adjustment")
_CHARGEBACK = Meaning("chargeback_reversed", "chargeback")
_RESERVE = Meaning("reserve_release", "reserve_hold")
_CARRY = Meaning("carry_over", "carry_over", Role.CARRY)

PROFILE = Profile(
    format="adyen",
    channel="ADYEN",
    required=("Psp Reference", "Type", "Net Currency", "Net Debit (NC)", "Net Credit (NC)", "Batch Number"),
    columns=Columns(
        day=("Booking Date", "Creation Date"),
        credit="Net Credit (NC)",
        debit="Net Debit (NC)",
        entry_type="Type",
        currency=("Net Currency",),
        gross_credit="Gross Credit (GC)",
        gross_debit="Gross Debit (GC)",
        gross_currency="Gross Currency",
        rate="Exchange Rate",
        order=("Merchant Reference",),
        native_id=("Modification Reference", "Psp Reference"),
        batch="Batch Number",
        account="Merchant Account",
        description=("Payment Method Variant", "Modification Merchant Reference"),
        facts=("Company Account", "Psp Reference", "Payment Method", "Creation Date", "TimeZone", "Gross Currency"),
    ),
    parts=(
        Part("Commission (NC)", "fee", -1),
        Part("Markup (NC)", "fee", -1),
        Part("Scheme Fees (NC)", "fee", -1),
        Part("Interchange (NC)", "fee", -1),
    ),
    meanings={
        "settled": _SALE,
        "settledbulk": _SALE,
        "settledininstallments": _SALE,
        "settledreversed": _REFUND,
        "refunded": _REFUND,
        "refundedbulk": _REFUND,
        "refundedreversed": _REFUND,
        "chargeback": _CHARGEBACK,
        "secondchargeback": _CHARGEBACK,
        "chargebackreversed": _CHARGEBACK,
        "fee": _FEE,
        "misccosts": _FEE,
        "authorisationschemefee": _FEE,
        "paymentcost": _FEE,
        "invoicededuction": _FEE,
        "depositcorrection": _RESERVE,
        "reserveadjustment": _RESERVE,
        "manualcorrected": _ADJUSTMENT,
        "matchedstatement": _ADJUSTMENT,
        "internalcompanypayout": _ADJUSTMENT,
        "bankinstructionreturned": Meaning("payout", "payout"),
        "merchantpayout": Meaning("payout", "payout", Role.PAYOUT),
        "balancetransfer": _CARRY,
    },
    in_batches=True,
)

FORMATS = (PROFILE.format,)
PROFILES: tuple[str, ...] = ()


def recognise(head: Head) -> str | None:
    """`adyen` where the first row names the columns of this report, in any order."""
    return recognised(head, PROFILE)


def read(source: Source, keep_entries: bool, profile: str | None) -> Reading:
    """One batch per merchant account, batch number and currency. Raises Refused: no_statement."""
    return read_report(source, keep_entries, PROFILE, profile)

"""The web shop in May 2026: orders paid through two providers, what they kept of them, and their payouts to the bank.

The shop has bank accounts of its own, so that its story can be read without the company's. Amounts of the reports are
whole minor units; costs are positive where the provider keeps them.
"""

from dataclasses import dataclass

from examples.making.story import Account, Party, Story

SHOP_EUR = Account("NO3699900590101", "EUR", 1_204_00)
SHOP_BRL = Account("77120-9", "BRL", 3_350_00)


@dataclass(frozen=True, slots=True)
class CardRow:
    """One row of the report about cards in Europe. A rate other than 1 belongs to an order in kroner."""

    batch: int
    day: str
    entry_type: str
    order: str
    amount: int  # signed, in the order's currency
    commission: int = 0
    markup: int = 0
    scheme: int = 0
    interchange: int = 0
    rate: str = "1"
    converted: int | None = None  # the amount in euro, where the order was in kroner
    says: str = ""  # modification reference


@dataclass(frozen=True, slots=True)
class WalletRow:
    """One row of the report about the wallet in Brazil."""

    day: str
    source: str
    order: str
    description: str
    gross: int  # signed
    fee: int = 0
    financing: int = 0
    tax: int = 0
    instalments: int = 1


# Two payouts: the first holds a deposit back and leaves 20.00 for the second, which releases it and wins a dispute.
CARDS = (
    CardRow(41, "05-04", "Settled", "HK-2001", 89_00, markup=85, scheme=12, interchange=18),
    CardRow(41, "05-04", "Settled", "HK-2002", 124_50, markup=119, scheme=16, interchange=25),
    CardRow(41, "05-05", "Settled", "HK-2003", 890_00, commission=1_20, rate="0.0856", converted=76_18),
    CardRow(41, "05-06", "Settled", "HK-2004", 42_00, markup=40, scheme=9, interchange=8),
    CardRow(41, "05-07", "Refunded", "HK-1988", -39_00, commission=10),
    CardRow(41, "05-08", "Chargeback", "HK-1975", -58_00, commission=15_00),
    CardRow(41, "05-08", "Fee", "", -6_40, says="Transaction Fees May 2026"),
    CardRow(41, "05-11", "DepositCorrection", "", -50_00),
    CardRow(41, "05-11", "Balancetransfer", "", -20_00, says="to batch 42"),
    CardRow(42, "05-12", "Balancetransfer", "", 20_00, says="from batch 41"),
    CardRow(42, "05-13", "Settled", "HK-2005", 215_00, markup=205, scheme=31, interchange=43),
    CardRow(42, "05-15", "Settled", "HK-2006", 67_90, markup=65, scheme=11, interchange=14),
    CardRow(42, "05-18", "ChargebackReversed", "HK-1975", 58_00),
    CardRow(42, "05-20", "DepositCorrection", "", 50_00),
)
CARD_PAYOUTS = {41: ("2026-05-12", "2026-05-13", "TX20110041XT"), 42: ("2026-05-22", "2026-05-26", "TX20110042XT")}

# What the wallet had when May began, and its movements; sales are paid out less a fee for the transfer.
WALLET_OPENING = 612_40
WALLET = (
    WalletRow("05-04", "70418800101", "HB-301", "payment", 189_90, fee=9_48, instalments=1),
    WalletRow("05-05", "70418800102", "HB-302", "payment", 420_00, fee=20_96, financing=18_27, instalments=6),
    WalletRow("05-06", "70418800103", "HB-303", "payment", 96_50, fee=4_82, tax=1_45),
    WalletRow("05-07", "70418800102", "HB-302", "reserve_for_dispute", -420_00),
    WalletRow("05-11", "70418800104", "", "payout", -540_00, fee=3_00),
    WalletRow("05-14", "70418800099", "HB-288", "refund", -75_00, fee=-3_74),
    WalletRow("05-19", "70418800102", "HB-302", "reserve_for_dispute", 420_00),
    WalletRow("05-20", "70418800105", "HB-304", "payment", 258_30, fee=12_89, tax=3_87),
    WalletRow("05-27", "70418800106", "", "payout", -600_00, fee=3_00),
)
WALLET_PAYOUTS = {"70418800104": "05-12", "70418800106": "05-28"}

# Ordered and not yet paid by a provider when May ends.
_WAITING = (("HK-2007", "05-29", 54_00, "EUR"), ("HB-305", "05-30", 131_20, "BRL"))


def told() -> Story:
    """The shop's orders, and what arrived on its bank accounts."""
    story = Story()
    _orders(story)
    for batch, (_, arrived, number) in CARD_PAYOUTS.items():
        text = f"{number} BATCH {batch} HAVSKARSHOP"
        story.bank(SHOP_EUR, arrived, payout_of(batch), "GUTSCHRIFT", text=text, party=Party("Adyen N.V."))
    story.bank(SHOP_EUR, "2026-05-29", -4_00, "GEBUEHREN", text="GEBYR KONTO")
    for row in WALLET:
        if row.source in WALLET_PAYOUTS:
            day = f"2026-{WALLET_PAYOUTS[row.source]}"
            story.bank(SHOP_BRL, day, -row.gross, "TED RECEBIDA MERCADO PAGO INSTITUICAO DE PAGAMENTO")
    return story


def net_of(row: CardRow) -> int:
    """What a row moves, in euro."""
    amount = row.amount if row.converted is None else row.converted
    return amount - row.commission - row.markup - row.scheme - row.interchange


def payout_of(batch: int) -> int:
    """What the bank gets for a batch."""
    return sum(net_of(row) for row in CARDS if row.batch == batch)


def _orders(story: Story) -> None:
    """One open item for each order and refund; the one in kroner has its value in euro as it was sold."""
    for row in CARDS:
        if row.entry_type in ("Settled", "Refunded"):
            amount = row.amount if row.converted is None else row.converted
            _order(story, row.order, row.day, amount, "EUR")
    for entry in WALLET:
        if entry.description in ("payment", "refund"):
            _order(story, entry.order, entry.day, entry.gross, "BRL")
    for number, day, amount, currency in _WAITING:
        _order(story, number, day, amount, currency)


def _order(story: Story, number: str, day: str, amount: int, currency: str) -> None:
    says = "Web shop" if amount > 0 else "Web shop, refund"
    story.document(number, "order", amount, f"2026-{day}", f"2026-{day}", Party(), says, currency=currency)

"""May 2026 in Norway: the regular things are booked, the rest of the bank's lines wait for a reconciliation."""

from examples.making.story import Exchange, Payment, Story
from examples.making.who import (
    BLEKKHUSET,
    DUSK,
    GRONNSKAR,
    KAIHUSET,
    KAUZBERG,
    KORTFANGST,
    KRAFTLAGET,
    KRUMTAPP,
    MYRKEVIKEN,
    NOK,
    OWN_NOK,
    OWN_TAX,
    RAVNEJUV,
    SKATTEKONTORET,
    STORMVIK,
    TAKEDAL,
    TALLKNUSER,
    TANNHOF,
    TAX,
    TORGVIKA,
    TUSSMORKET,
    ULVESTAD,
    ULVOYA,
    UNDERBRUKET,
    VANNKNEKK,
    VINTERHAGEN,
)


def tell(story: Story) -> None:
    """Everything of May on the two accounts in kroner."""
    _booked_already(story)
    _on_their_way(story)
    _customers_with_numbers(story)
    _customers_without_numbers(story)
    _paid_short(story)
    _not_to_be_tied(story)
    _collectors(story)
    _suppliers(story)
    _in_euro(story)
    _taken_back(story)
    _between_own_accounts(story)
    _charges(story)


def _booked_already(story: Story) -> None:
    line = story.bank(NOK, "2026-05-04", -27_500_00, "Betaling", text="Husleie mai", party=KAIHUSET)
    story.booked(line, "supplier_payment", "Rent of May")
    line = story.bank(NOK, "2026-05-05", -4_317_60, "AvtaleGiro", party=KRAFTLAGET, reference="88104635")
    story.booked(line, "supplier_payment", "Electricity of April")
    line = story.bank(NOK, "2026-05-05", 22_670_45, "Innbetaling", text="Utbetaling TV-2618", party=TORGVIKA)
    story.booked(line, "customer_batch_payment", "Payout TV-2618", reference="TV-2618")
    line = story.bank(NOK, "2026-05-08", 3_988_35, "Innbetaling", text="Kortoppgjør uke 18", party=KORTFANGST)
    story.booked(line, "journal_entry_line", "Card sales of week 18, net of fees")
    line = story.bank(NOK, "2026-05-12", -121_305_00, "Lønn", batch="LONN-2604")
    story.booked(line, "journal_entry_line", "Net wages of April")
    # Booked with the invoice that it pays, which the list of open items still has.
    line = story.bank(NOK, "2026-05-11", 8_840_00, "Innbetaling med KID", party=BLEKKHUSET, reference="2600542")
    story.booked(line, "customer_payment", "Invoice 2600542", settles="2600542")
    line = story.bank(TAX, "2026-05-15", -84_170_00, "Betaling", text="Forskuddstrekk 2. termin", party=SKATTEKONTORET)
    story.booked(line, "supplier_payment", "Withheld tax, March and April")


def _on_their_way(story: Story) -> None:
    """Sent on the last Friday of the month; the bank executes them on Monday, the first of June."""
    for amount, party, reference, bill in (
        (-19_640_00, STORMVIK, "51200406", "AP-0426"),
        (-11_208_50, ULVOYA, "UL-77190", "AP-0425"),
    ):
        story.entry(
            NOK,
            "2026-05-29",
            amount,
            "supplier_payment",
            f"Bill {reference}",
            party=party,
            reference=reference,
            settles=bill,
        )


def _customers_with_numbers(story: Story) -> None:
    story.bank(NOK, "2026-05-06", 7_150_00, "Innbetaling med KID", party=MYRKEVIKEN, reference="2600476")
    payments = (
        Payment(3_160_00, TUSSMORKET, "2600534"),
        Payment(2_745_00, MYRKEVIKEN, "2600559"),
        Payment(2_507_00, KRUMTAPP, "2600567"),
    )
    story.bank(NOK, "2026-05-11", 8_412_00, "OCR-innbetalinger", batch="OCR-0511", payments=payments)
    text = "Gjelder faktura 2600450, 2600484 og 2600518"
    story.bank(NOK, "2026-05-18", 14_602_00, "Innbetaling", text=text, party=MYRKEVIKEN)
    # The same invoice paid by two people of one bakery on one morning.
    for _ in range(2):
        story.bank(NOK, "2026-05-20", 4_275_00, "Innbetaling med KID", party=KRUMTAPP, reference="2600658")


def _customers_without_numbers(story: Story) -> None:
    story.bank(NOK, "2026-05-19", 11_893_00, "Innbetaling", text="Kaffe april og mai", party=ULVESTAD)
    story.bank(NOK, "2026-05-20", 6_374_00, "Innbetaling", text="Kaffe minus retur", party=VINTERHAGEN)
    for day, amount in (("2026-05-08", 5_000_00), ("2026-05-15", 5_000_00), ("2026-05-22", 2_480_00)):
        story.bank(NOK, day, amount, "Innbetaling", text="Avdrag", party=RAVNEJUV)
    # Two invoices of this amount are open. This is the day on which the older one falls due.
    story.bank(NOK, "2026-05-13", 6_250_00, "Innbetaling", text="Kaffe", party=GRONNSKAR)


def _paid_short(story: Story) -> None:
    # Less 2 % for paying within ten days.
    story.bank(NOK, "2026-05-13", 9_408_00, "Innbetaling med KID", party=GRONNSKAR, reference="2600617")
    # A card from abroad: 3.2 % stay with those who collect it.
    story.bank(NOK, "2026-05-15", 1_432_64, "Innbetaling", text="Kortbetaling 2600682", party=KORTFANGST)
    story.bank(NOK, "2026-05-19", 618_88, "Innbetaling", text="Nettbutikk", party=TAKEDAL)
    story.bank(NOK, "2026-05-21", 3_000_00, "Innbetaling", text="Delbetaling faktura 2600591", party=KRUMTAPP)
    # 4,600 of 5,000, and nobody says why.
    story.bank(NOK, "2026-05-27", 4_600_00, "Innbetaling", text="Kaffe til kroa", party=UNDERBRUKET)


def _not_to_be_tied(story: Story) -> None:
    # The number is of an invoice paid in March; the amount is of one that is open.
    story.bank(NOK, "2026-05-28", 3_980_00, "Innbetaling", text="Faktura 2600302", party=TUSSMORKET)
    story.bank(NOK, "2026-05-26", 3_150_00, "Innbetaling", text="Takk for samarbeidet", party=DUSK)
    line = "Varekjøp 28.05 Papirhuset Blyant"
    story.bank(NOK, "2026-05-29", -189_00, "Varekjøp", text=line, is_pending=True)


def _collectors(story: Story) -> None:
    # Eight orders less 4.2 % for the marketplace.
    story.bank(NOK, "2026-05-20", 7_972_48, "Innbetaling", text="Utbetaling TV-2620", party=TORGVIKA)


def _suppliers(story: Story) -> None:
    story.bank(NOK, "2026-05-07", -8_964_00, "Betaling", party=TALLKNUSER, reference="40319220")
    story.bank(NOK, "2026-05-19", -3_187_50, "Betaling", text="Bet. av fakt. VK 3355", party=VANNKNEKK)
    story.bank(NOK, "2026-05-20", -13_905_00, "Betaling", text="Frakt april/mai", party=ULVOYA)
    text = "51200414 minus kreditnota 51200422"
    story.bank(NOK, "2026-05-27", -4_360_00, "Betaling", text=text, party=STORMVIK)


def _in_euro(story: Story) -> None:
    """Documents in euro, paid on the account in kroner at the rate of the day."""
    story.bank(
        NOK,
        "2026-05-20",
        36_886_50,
        "Innbetaling fra utlandet",
        text="EX-2026-0040",
        party=KAUZBERG,
        exchange=Exchange(3_150_00, "EUR", "11.71"),
    )
    story.bank(
        NOK,
        "2026-05-22",
        -21_583_20,
        "Betaling til utlandet",
        text="R-70561",
        party=TANNHOF,
        exchange=Exchange(1_840_00, "EUR", "11.73"),
    )


def _taken_back(story: Story) -> None:
    # A direct debit that the customer's bank returns five days later, with a charge of 25.00.
    story.bank(NOK, "2026-05-07", 2_340_00, "AvtaleGiro", party=BLEKKHUSET, reference="2600492")
    story.bank(
        NOK,
        "2026-05-12",
        -2_365_00,
        "Retur AvtaleGiro",
        text="Retur AvtaleGiro, gebyr 25,00",
        party=BLEKKHUSET,
        reference="2600492",
        return_reason="AM04",
    )
    # The bank took somebody else's payment from our account and puts it back.
    story.bank(NOK, "2026-05-18", -18_000_00, "Nettgiro", text="Nettgiro 7733")
    story.bank(NOK, "2026-05-19", 18_000_00, "Korreksjon", text="Reversering av feilpostering 18.05")


def _between_own_accounts(story: Story) -> None:
    story.bank(NOK, "2026-05-12", -43_870_00, "Overføring egne konti", text="Skattetrekk april", party=OWN_TAX)
    story.bank(TAX, "2026-05-12", 43_870_00, "Overføring egne konti", text="Skattetrekk april", party=OWN_NOK)


def _charges(story: Story) -> None:
    story.bank(NOK, "2026-05-29", -245_00, "Gebyr", text="Gebyrer mai")
    story.bank(NOK, "2026-05-29", 104_60, "Renter", text="Kreditrenter")
    story.bank(TAX, "2026-05-29", 47_31, "Renter", text="Kreditrenter")

"""March 2026 in Norway: everything is booked, and one payment of February arrives."""

from examples.making.story import Payment, Story
from examples.making.who import (
    EUR,
    GRONNSKAR,
    KAIHUSET,
    KORTFANGST,
    KRAFTLAGET,
    KRUMTAPP,
    MYRKEVIKEN,
    NOK,
    OWN_EUR,
    OWN_NOK,
    OWN_TAX,
    RAVNEJUV,
    SKATTEKONTORET,
    STORMVIK,
    TALLKNUSER,
    TAX,
    TORGVIKA,
    TUSSMORKET,
    ULVESTAD,
    ULVOYA,
    VANNKNEKK,
)


def tell(story: Story) -> None:
    """Everything of March on the two accounts in kroner, and the exchange into euro."""
    _customers(story)
    _collectors(story)
    _suppliers(story)
    _remittance(story)
    _wages_and_taxes(story)
    _between_own_accounts(story)
    _coffees_and_charges(story)


def _customers(story: Story) -> None:
    line = story.bank(NOK, "2026-03-03", 6_412_00, "Innbetaling med KID", party=TUSSMORKET, reference="2600302")
    story.booked(line, "customer_payment", "Invoice 2600302")
    line = story.bank(NOK, "2026-03-04", 18_730_00, "Innbetaling med KID", party=MYRKEVIKEN, reference="2600310")
    story.booked(line, "customer_payment", "Invoice 2600310")
    payments = (Payment(5_120_00, KRUMTAPP, "2600328"), Payment(4_144_50, RAVNEJUV, "2600336"))
    line = story.bank(NOK, "2026-03-09", 9_264_50, "OCR-innbetalinger", batch="OCR-0309", payments=payments)
    story.booked(line, "customer_batch_payment", "Invoices 2600328 and 2600336")
    line = story.bank(NOK, "2026-03-18", 12_905_00, "Innbetaling med KID", party=ULVESTAD, reference="2600344")
    story.booked(line, "customer_payment", "Invoice 2600344")
    line = story.bank(NOK, "2026-03-24", 7_230_00, "Innbetaling med KID", party=GRONNSKAR, reference="2600351")
    story.booked(line, "customer_payment", "Invoice 2600351")
    line = story.bank(NOK, "2026-03-26", 8_015_00, "Innbetaling med KID", party=RAVNEJUV, reference="2600369")
    story.booked(line, "customer_payment", "Invoice 2600369")
    line = story.bank(NOK, "2026-03-30", 5_640_00, "Innbetaling med KID", party=KRUMTAPP, reference="2600377")
    story.booked(line, "customer_payment", "Invoice 2600377")


def _collectors(story: Story) -> None:
    for day, amount, payout in (("2026-03-06", 23_418_90, "TV-2609"), ("2026-03-20", 26_790_35, "TV-2611")):
        line = story.bank(NOK, day, amount, "Innbetaling", text=f"Utbetaling {payout}", party=TORGVIKA)
        story.booked(line, "customer_batch_payment", f"Payout {payout}", reference=payout)
    for day, amount, week in (
        ("2026-03-06", 3_906_15, 9),
        ("2026-03-13", 4_118_40, 10),
        ("2026-03-20", 3_871_05, 11),
        ("2026-03-27", 4_402_80, 12),
    ):
        line = story.bank(NOK, day, amount, "Innbetaling", text=f"Kortoppgjør uke {week}", party=KORTFANGST)
        story.booked(line, "journal_entry_line", f"Card sales of week {week}, net of fees")


def _suppliers(story: Story) -> None:
    # Paid and booked on the last Friday of February, executed by the bank on Monday.
    story.entry(NOK, "2026-02-27", -14_387_00, "supplier_payment", "Coffee bags", party=STORMVIK, reference="51200349")
    story.bank(NOK, "2026-03-02", -14_387_00, "Betaling", party=STORMVIK, reference="51200349")
    line = story.bank(NOK, "2026-03-02", -27_500_00, "Betaling", text="Husleie mars", party=KAIHUSET)
    story.booked(line, "supplier_payment", "Rent of March")
    line = story.bank(NOK, "2026-03-05", -4_182_30, "AvtaleGiro", party=KRAFTLAGET, reference="88104417")
    story.booked(line, "supplier_payment", "Electricity of February")
    line = story.bank(NOK, "2026-03-11", -31_240_00, "Betaling", party=ULVOYA, reference="UL-76804")
    story.booked(line, "supplier_payment", "Container from Santos")
    line = story.bank(NOK, "2026-03-19", -9_875_00, "Betaling", party=TALLKNUSER, reference="40318826")
    story.booked(line, "supplier_payment", "Annual accounts")


def _remittance(story: Story) -> None:
    """One payment file of four: the bank takes one sum, the books have each payment."""
    story.bank(NOK, "2026-03-25", -61_418_75, "Samlebetaling 4 transaksjoner", batch="REM-0325")
    for amount, party, reference in (
        (-22_140_00, STORMVIK, "51200356"),
        (-18_905_50, ULVOYA, "UL-76931"),
        (-6_250_00, TALLKNUSER, "40318834"),
        (-14_123_25, VANNKNEKK, "VK-3298"),
    ):
        story.entry(
            NOK,
            "2026-03-25",
            amount,
            "supplier_batch_payment",
            f"Remittance REM-0325: {reference}",
            party=party,
            reference=reference,
            batch="REM-0325",
        )


def _wages_and_taxes(story: Story) -> None:
    line = story.bank(NOK, "2026-03-12", -118_640_00, "Lønn", batch="LONN-2602")
    story.booked(line, "journal_entry_line", "Net wages of February")
    line = story.bank(TAX, "2026-03-16", -80_074_00, "Betaling", text="Forskuddstrekk 1. termin", party=SKATTEKONTORET)
    story.booked(line, "supplier_payment", "Withheld tax, January and February")
    line = story.bank(NOK, "2026-03-16", -24_990_00, "Betaling", text="Arbeidsgiveravgift", party=SKATTEKONTORET)
    story.booked(line, "supplier_payment", "Employer's contribution, January and February")


def _between_own_accounts(story: Story) -> None:
    line = story.bank(NOK, "2026-03-12", -41_860_00, "Overføring egne konti", text="Skattetrekk februar", party=OWN_TAX)
    story.booked(line, "bank_transfer", "Withheld tax of February to its own account")
    line = story.bank(TAX, "2026-03-12", 41_860_00, "Overføring egne konti", text="Skattetrekk februar", party=OWN_NOK)
    story.booked(line, "bank_transfer", "Withheld tax of February from the operating account")
    line = story.bank(
        NOK, "2026-03-23", -115_400_00, "Valutaveksling", text="Kjøp EUR 10 000,00 kurs 11,5400", party=OWN_EUR
    )
    story.booked(line, "bank_transfer", "Bought 10,000 EUR at 11.54")
    line = story.bank(
        EUR, "2026-03-23", 10_000_00, "VALUTAVEKSLING", text="KJOEP EUR 10000,00 KURS 11,5400", party=OWN_NOK
    )
    story.booked(line, "bank_transfer", "Bought 10,000 EUR at 11.54")


def _coffees_and_charges(story: Story) -> None:
    # Two coffees of the same price, for tasting what others roast.
    for _ in range(2):
        line = story.bank(NOK, "2026-03-10", -56_00, "Varekjøp", text="Varekjøp 09.03 Kaffebaren Rundholmen")
        story.booked(line, "journal_entry_line", "Coffee for tasting")
    line = story.bank(NOK, "2026-03-31", -245_00, "Gebyr", text="Gebyrer mars")
    story.booked(line, "bank_entry", "Bank charges of March")
    line = story.bank(NOK, "2026-03-31", 112_40, "Renter", text="Kreditrenter")
    story.booked(line, "bank_entry", "Interest of March")
    line = story.bank(TAX, "2026-03-31", 31_87, "Renter", text="Kreditrenter")
    story.booked(line, "bank_entry", "Interest of March")

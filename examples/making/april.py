"""April 2026 in Norway: everything is booked, two things of it wrongly."""

from examples.making.story import Payment, Story
from examples.making.who import (
    BLEKKHUSET,
    EUR,
    KAIHUSET,
    KORTFANGST,
    KRAFTLAGET,
    MYRKEVIKEN,
    NOK,
    OWN_EUR,
    OWN_NOK,
    OWN_TAX,
    SKATTEKONTORET,
    STORMVIK,
    TALLKNUSER,
    TAX,
    TORGVIKA,
    TUSSMORKET,
    ULVESTAD,
    ULVOYA,
    VANNKNEKK,
    VINTERHAGEN,
)


def tell(story: Story) -> None:
    """Everything of April on the two accounts in kroner, and the exchange into euro."""
    _customers(story)
    _collectors(story)
    _suppliers(story)
    _booked_wrongly(story)
    _remittance(story)
    _wages_and_taxes(story)
    _between_own_accounts(story)
    _card_and_charges(story)


def _customers(story: Story) -> None:
    # The bank has it on Tuesday; it was booked on Wednesday.
    line = story.bank(NOK, "2026-04-14", 21_460_00, "Innbetaling med KID", party=MYRKEVIKEN, reference="2600393")
    story.booked(line, "customer_payment", "Invoice 2600393", day="2026-04-15")
    line = story.bank(NOK, "2026-04-16", 9_985_00, "Innbetaling med KID", party=BLEKKHUSET, reference="2600401")
    story.booked(line, "customer_payment", "Invoice 2600401")
    payments = (
        Payment(4_385_00, VINTERHAGEN, "2600419"),
        Payment(3_870_50, ULVESTAD, "2600427"),
        Payment(3_092_00, TUSSMORKET, "2600435"),
    )
    story.bank(NOK, "2026-04-20", 11_347_50, "OCR-innbetalinger", batch="OCR-0420", payments=payments)
    for payment in payments:
        story.entry(
            NOK,
            "2026-04-20",
            payment.amount,
            "customer_payment",
            f"Invoice {payment.reference}",
            party=payment.party,
            reference=payment.reference,
        )
    line = story.bank(NOK, "2026-04-27", 13_275_00, "Innbetaling", text="Kaffe mars", party=ULVESTAD)
    story.booked(line, "customer_payment", "Invoice 2600443", reference="2600443")


def _collectors(story: Story) -> None:
    for day, amount, payout in (("2026-04-07", 19_884_60, "TV-2613"), ("2026-04-21", 24_108_15, "TV-2616")):
        line = story.bank(NOK, day, amount, "Innbetaling", text=f"Utbetaling {payout}", party=TORGVIKA)
        story.booked(line, "customer_batch_payment", f"Payout {payout}", reference=payout)
    for day, amount, week in (
        ("2026-04-10", 3_655_20, 14),
        ("2026-04-17", 4_290_75, 15),
        ("2026-04-24", 4_011_60, 16),
    ):
        line = story.bank(NOK, day, amount, "Innbetaling", text=f"Kortoppgjør uke {week}", party=KORTFANGST)
        story.booked(line, "journal_entry_line", f"Card sales of week {week}, net of fees")


def _suppliers(story: Story) -> None:
    line = story.bank(NOK, "2026-04-01", -27_500_00, "Betaling", text="Husleie april", party=KAIHUSET)
    story.booked(line, "supplier_payment", "Rent of April")
    line = story.bank(NOK, "2026-04-07", -4_960_85, "AvtaleGiro", party=KRAFTLAGET, reference="88104522")
    story.booked(line, "supplier_payment", "Electricity of March")
    line = story.bank(NOK, "2026-04-15", -16_730_00, "Betaling", party=STORMVIK, reference="51200372")
    story.booked(line, "supplier_payment", "Coffee bags")
    line = story.bank(NOK, "2026-04-22", -7_318_00, "Betaling", party=ULVOYA, reference="UL-77012")
    story.booked(line, "supplier_payment", "Freight to Bergen")


def _booked_wrongly(story: Story) -> None:
    # Booked twice: once by hand, once from the payment list.
    line = story.bank(NOK, "2026-04-08", 6_980_00, "Innbetaling med KID", party=TUSSMORKET, reference="2600385")
    story.booked(line, "customer_payment", "Invoice 2600385")
    story.booked(line, "customer_payment", "Invoice 2600385")
    # Two digits changed places: 4,950.00 left the bank, 4,590.00 was booked.
    story.bank(NOK, "2026-04-09", -4_950_00, "Betaling", text="Faktura VK-3317", party=VANNKNEKK)
    story.entry(NOK, "2026-04-09", -4_590_00, "supplier_payment", "Burst pipe", party=VANNKNEKK, reference="VK-3317")


def _remittance(story: Story) -> None:
    story.bank(NOK, "2026-04-24", -38_904_40, "Samlebetaling 3 transaksjoner", batch="REM-0424")
    for amount, party, reference in (
        (-19_560_00, STORMVIK, "51200380"),
        (-12_094_40, ULVOYA, "UL-77053"),
        (-7_250_00, TALLKNUSER, "40319105"),
    ):
        story.entry(
            NOK,
            "2026-04-24",
            amount,
            "supplier_batch_payment",
            f"Remittance REM-0424: {reference}",
            party=party,
            reference=reference,
            batch="REM-0424",
        )


def _wages_and_taxes(story: Story) -> None:
    line = story.bank(NOK, "2026-04-10", -46_215_00, "Betaling", text="MVA 1. termin", party=SKATTEKONTORET)
    story.booked(line, "supplier_payment", "Value added tax, January and February")
    line = story.bank(NOK, "2026-04-13", -118_640_00, "Lønn", batch="LONN-2603")
    story.booked(line, "journal_entry_line", "Net wages of March")


def _between_own_accounts(story: Story) -> None:
    line = story.bank(NOK, "2026-04-13", -42_310_00, "Overføring egne konti", text="Skattetrekk mars", party=OWN_TAX)
    story.booked(line, "bank_transfer", "Withheld tax of March to its own account")
    line = story.bank(TAX, "2026-04-13", 42_310_00, "Overføring egne konti", text="Skattetrekk mars", party=OWN_NOK)
    story.booked(line, "bank_transfer", "Withheld tax of March from the operating account")
    line = story.bank(
        NOK, "2026-04-23", -92_160_00, "Valutaveksling", text="Kjøp EUR 8 000,00 kurs 11,5200", party=OWN_EUR
    )
    story.booked(line, "bank_transfer", "Bought 8,000 EUR at 11.52")
    line = story.bank(
        EUR, "2026-04-23", 8_000_00, "VALUTAVEKSLING", text="KJOEP EUR 8000,00 KURS 11,5200", party=OWN_NOK
    )
    story.booked(line, "bank_transfer", "Bought 8,000 EUR at 11.52")


def _card_and_charges(story: Story) -> None:
    line = story.bank(NOK, "2026-04-28", -1_249_00, "Varekjøp", text="Varekjøp 27.04 Papirhuset Blyant")
    story.booked(line, "journal_entry_line", "Paper and labels")
    line = story.bank(NOK, "2026-04-30", -245_00, "Gebyr", text="Gebyrer april")
    story.booked(line, "bank_entry", "Bank charges of April")
    line = story.bank(NOK, "2026-04-30", 98_15, "Renter", text="Kreditrenter")
    story.booked(line, "bank_entry", "Interest of April")
    line = story.bank(TAX, "2026-04-30", 44_02, "Renter", text="Kreditrenter")
    story.booked(line, "bank_entry", "Interest of April")

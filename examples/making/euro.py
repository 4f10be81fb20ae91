"""The account in euro: customers and suppliers abroad; March and April are booked, May is not."""

from examples.making.story import Story
from examples.making.who import (
    BRUMETERRE,
    EUR,
    GRAUWE_REIGER,
    HOPEAKETJU,
    KAUZBERG,
    PEDRA_ROXA,
    SACARIA,
    TANNHOF,
)


def tell(story: Story) -> None:
    """Everything on the account in euro but the exchanges, which are told with the account in kroner."""
    _march(story)
    _april(story)
    _may_received(story)
    _may_paid(story)


def _march(story: Story) -> None:
    line = story.bank(EUR, "2026-03-03", 4_860_00, "GUTSCHRIFT", text="RECHNUNG EX-2026-0018", party=KAUZBERG)
    story.booked(line, "customer_payment", "Invoice EX-2026-0018", reference="EX-2026-0018")
    line = story.bank(EUR, "2026-03-10", 2_214_40, "GUTSCHRIFT", text="LASKU EX-2026-0021", party=HOPEAKETJU)
    story.booked(line, "customer_payment", "Invoice EX-2026-0021", reference="EX-2026-0021")
    line = story.bank(EUR, "2026-03-17", -3_905_60, "UEBERWEISUNG", text="R-70418", party=TANNHOF)
    story.booked(line, "supplier_payment", "Spare parts", reference="R-70418")
    line = story.bank(EUR, "2026-03-26", -12_480_00, "UEBERWEISUNG", text="PR-2026-041", party=PEDRA_ROXA)
    story.booked(line, "supplier_payment", "Green coffee, 40 bags", reference="PR-2026-041")
    line = story.bank(EUR, "2026-03-31", -12_50, "GEBUEHREN", text="GEBYR UTLAND")
    story.booked(line, "bank_entry", "Charges of March")


def _april(story: Story) -> None:
    line = story.bank(EUR, "2026-04-09", 5_127_30, "GUTSCHRIFT", text="FACTURE EX-2026-0025", party=BRUMETERRE)
    story.booked(line, "customer_payment", "Invoice EX-2026-0025", reference="EX-2026-0025")
    line = story.bank(EUR, "2026-04-15", 1_818_00, "GUTSCHRIFT", text="KOFFIE", party=GRAUWE_REIGER)
    story.booked(line, "customer_payment", "Invoice EX-2026-0027", reference="EX-2026-0027", day="2026-04-17")
    line = story.bank(EUR, "2026-04-16", -2_260_75, "UEBERWEISUNG", text="SR-5406", party=SACARIA)
    story.booked(line, "supplier_payment", "Jute bags", reference="SR-5406")
    line = story.bank(EUR, "2026-04-24", -9_944_20, "UEBERWEISUNG", text="PR-2026-067", party=PEDRA_ROXA)
    story.booked(line, "supplier_payment", "Green coffee, 32 bags", reference="PR-2026-067")
    line = story.bank(EUR, "2026-04-30", -12_50, "GEBUEHREN", text="GEBYR UTLAND")
    story.booked(line, "bank_entry", "Charges of April")


def _may_received(story: Story) -> None:
    story.bank(EUR, "2026-05-05", 3_180_00, "GUTSCHRIFT", text="RECHNUNG EX 2026/0037 BESTEN DANK", party=KAUZBERG)
    story.bank(EUR, "2026-05-07", 1_960_00, "GUTSCHRIFT", text="EX-2026-0038 1. ERAE", party=HOPEAKETJU)
    story.bank(EUR, "2026-05-21", 1_524_60, "GUTSCHRIFT", text="EX 2026 0038 LOPPUERAE", party=HOPEAKETJU)
    text = "FACT EX-2026-0036 + EX-2026-0039 AVOIR EX-2026-0041"
    story.bank(EUR, "2026-05-19", 5_412_30, "GUTSCHRIFT", text=text, party=BRUMETERRE)
    story.bank(EUR, "2026-05-22", 1_818_00, "GUTSCHRIFT", text="KOFFIE", party=GRAUWE_REIGER)
    story.bank(EUR, "2026-05-29", 3_41, "ZINSEN", text="RENTER")


def _may_paid(story: Story) -> None:
    # Less 2 % for paying within fourteen days.
    story.bank(EUR, "2026-05-12", -2_695_00, "UEBERWEISUNG", text="R-70533 ABZGL. 2 PROZENT SKONTO", party=TANNHOF)
    story.bank(EUR, "2026-05-27", -6_930_40, "UEBERWEISUNG", text="PR 2026 088", party=PEDRA_ROXA)
    story.bank(EUR, "2026-05-29", -12_50, "GEBUEHREN", text="GEBYR UTLAND")

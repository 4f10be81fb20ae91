"""The open items as the books list them at the end of May: invoices, credit notes, bills, orders."""

from examples.making.story import NOBODY, Party, Story
from examples.making.who import (
    BLEKKHUSET,
    BRUMETERRE,
    GRAUWE_REIGER,
    GRONNSKAR,
    HOPEAKETJU,
    KAUZBERG,
    KRUMTAPP,
    MYRKEVIKEN,
    PEDRA_ROXA,
    RAVNEJUV,
    SACARIA,
    SNEGLEFART,
    STORMVIK,
    TAKEDAL,
    TALLKNUSER,
    TANNHOF,
    TORGVIKA,
    TUSSMORKET,
    ULVESTAD,
    ULVOYA,
    UNDERBRUKET,
    VANNKNEKK,
    VINTERHAGEN,
)

_BEANS = "Roasted coffee"


def tell(story: Story) -> None:
    """Every open item. Those that a book entry settles are still in the list."""
    _invoices(story)
    _invoices_in_euro(story)
    _invoices_in_brazil(story)
    _bills(story)
    _bills_abroad(story)
    _orders(story)


def _invoices(story: Story) -> None:
    """The last digit of a number checks it, so that the number is also the KID that customers pay with."""
    for number, day, due_day, amount, party, text in (
        ("2600278", "02-10", "02-24", 4_475_00, SNEGLEFART, _BEANS),
        ("2600450", "04-20", "05-04", 4_310_00, MYRKEVIKEN, _BEANS),
        ("2600468", "04-20", "05-20", 4_116_00, ULVESTAD, _BEANS),
        ("2600476", "04-22", "05-06", 7_150_00, MYRKEVIKEN, "Espresso machine, rent"),
        ("2600484", "04-22", "05-06", 6_845_00, MYRKEVIKEN, _BEANS),
        ("2600492", "04-23", "05-07", 2_340_00, BLEKKHUSET, "Subscription, direct debit"),
        ("2600500", "04-24", "05-08", 12_480_00, RAVNEJUV, "Season's stock, in three instalments"),
        ("2600518", "04-27", "05-11", 3_447_00, MYRKEVIKEN, _BEANS),
        ("2600526", "04-27", "05-27", 2_987_00, ULVESTAD, _BEANS),
        ("2600534", "04-27", "05-11", 3_160_00, TUSSMORKET, _BEANS),
        ("2600542", "04-27", "05-11", 8_840_00, BLEKKHUSET, _BEANS),
        ("2600559", "04-28", "05-12", 2_745_00, MYRKEVIKEN, _BEANS),
        ("2600567", "04-28", "05-12", 2_507_00, KRUMTAPP, _BEANS),
        ("2600575", "04-28", "05-12", 5_210_00, VINTERHAGEN, _BEANS),
        ("2600583", "04-29", "05-13", 6_250_00, GRONNSKAR, "Filter coffee, April"),
        ("2600591", "04-29", "05-13", 5_318_00, KRUMTAPP, "Grinder"),
        ("2600609", "05-04", "06-03", 4_790_00, ULVESTAD, _BEANS),
        ("2600617", "05-04", "05-18", 9_600_00, GRONNSKAR, "Espresso machine, 2 % if paid within ten days"),
        ("2600625", "05-05", "05-19", 2_414_00, VINTERHAGEN, _BEANS),
        ("2600633", "05-06", "05-06", -1_250_00, VINTERHAGEN, "Credit note: one box came back"),
        ("2600641", "05-06", "05-20", 6_250_00, GRONNSKAR, "Filter coffee, May"),
        ("2600658", "05-07", "05-21", 4_275_00, KRUMTAPP, _BEANS),
        ("2600666", "05-08", "05-22", 5_000_00, UNDERBRUKET, _BEANS),
        ("2600674", "05-11", "06-10", 3_305_00, ULVESTAD, _BEANS),
        ("2600682", "05-12", "05-12", 1_480_00, BLEKKHUSET, "Paid by card"),
        ("2600690", "05-20", "06-03", 3_980_00, TUSSMORKET, _BEANS),
        ("2600708", "05-26", "06-09", 3_560_00, RAVNEJUV, _BEANS),
        ("2600716", "05-27", "06-10", 6_115_00, VINTERHAGEN, _BEANS),
    ):
        story.document(number, "receivable", amount, f"2026-{day}", f"2026-{due_day}", party, text)


def _invoices_in_euro(story: Story) -> None:
    """With their value in kroner at the rate they were booked at."""
    for number, day, due_day, amount, party, carrying, rate in (
        ("EX-2026-0036", "04-16", "05-16", 3_846_00, BRUMETERRE, 44_421_30, "11.55"),
        ("EX-2026-0037", "04-20", "05-05", 3_180_00, KAUZBERG, 36_697_20, "11.54"),
        ("EX-2026-0038", "04-22", "05-22", 3_484_60, HOPEAKETJU, 40_142_59, "11.52"),
        ("EX-2026-0039", "04-24", "05-24", 1_986_30, BRUMETERRE, 22_862_31, "11.51"),
        ("EX-2026-0040", "04-27", "05-20", 3_150_00, KAUZBERG, 36_382_50, "11.55"),
        ("EX-2026-0041", "04-28", "04-28", -420_00, BRUMETERRE, -4_851_00, "11.55"),
        ("EX-2026-0042", "05-14", "05-28", 1_818_00, GRAUWE_REIGER, 21_161_52, "11.64"),
        ("EX-2026-0043", "05-20", "06-19", 2_205_00, BRUMETERRE, 25_820_55, "11.71"),
    ):
        story.document(
            number,
            "receivable",
            amount,
            f"2026-{day}",
            f"2026-{due_day}",
            party,
            "Credit note: late delivery" if amount < 0 else _BEANS,
            currency="EUR",
            carrying=carrying,
            rate=rate,
        )


def _invoices_in_brazil(story: Story) -> None:
    for number, day, due_day, amount, name in (
        ("NF-004518", "04-22", "05-06", 4_318_70, "Padaria Três Araras Ltda"),
        ("NF-004521", "05-05", "05-19", 2_944_60, "Empório Serra do Sabiá Ltda"),
        ("NF-004523", "05-11", "05-25", 3_875_20, "Restaurante Mandacaru Azul Ltda"),
        ("NF-004529", "05-25", "06-08", 2_212_90, "Padaria Três Araras Ltda"),
    ):
        story.document(
            number, "receivable", amount, f"2026-{day}", f"2026-{due_day}", Party(name), "Café torrado", currency="BRL"
        )


def _bills(story: Story) -> None:
    for voucher, number, day, due_day, amount, party, text in (
        ("AP-0411", "UL-77120", "04-20", "05-20", -4_210_00, ULVOYA, "Freight"),
        ("AP-0414", "40319220", "04-24", "05-08", -8_964_00, TALLKNUSER, "Bookkeeping"),
        ("AP-0416", "UL-77148", "04-28", "05-28", -6_120_00, ULVOYA, "Freight"),
        ("AP-0419", "VK-3355", "05-06", "05-20", -3_187_50, VANNKNEKK, "Water for the roaster"),
        ("AP-0420", "UL-77163", "05-06", "06-05", -3_575_00, ULVOYA, "Freight"),
        ("AP-0423", "51200414", "05-08", "05-28", -5_480_00, STORMVIK, "Coffee bags"),
        ("AP-0424", "51200422", "05-12", "05-12", 1_120_00, STORMVIK, "Credit note: misprinted bags"),
        ("AP-0425", "UL-77190", "05-13", "06-01", -11_208_50, ULVOYA, "Container from Santos"),
        ("AP-0426", "51200406", "05-15", "06-01", -19_640_00, STORMVIK, "Coffee bags"),
        ("AP-0431", "40319341", "05-26", "06-09", -8_120_00, TALLKNUSER, "Bookkeeping"),
    ):
        story.document(number, "payable", amount, f"2026-{day}", f"2026-{due_day}", party, text, voucher=voucher)


def _bills_abroad(story: Story) -> None:
    """Those in euro with their value in kroner at the rate they were booked at."""
    for voucher, number, day, due_day, amount, party, carrying, rate, text in (
        ("AP-0412", "PR-2026-088", "04-21", "05-27", -6_930_40, PEDRA_ROXA, -79_907_51, "11.53", "Green coffee"),
        ("AP-0415", "R-70533", "04-28", "05-28", -2_750_00, TANNHOF, -31_735_00, "11.54", "Roaster, service"),
        ("AP-0417", "R-70561", "04-29", "05-22", -1_840_00, TANNHOF, -21_160_00, "11.50", "Spare parts"),
        ("AP-0429", "SR-5521", "05-20", "06-19", -1_154_20, SACARIA, -13_515_68, "11.71", "Jute bags"),
    ):
        days = f"2026-{day}", f"2026-{due_day}"
        story.document(
            number, "payable", amount, *days, party, text, voucher=voucher, currency="EUR", carrying=carrying, rate=rate
        )
    for voucher, number, day, due_day, amount, name, text in (
        ("AP-0413", "FAT-21077", "04-22", "05-13", -18_420_00, "Fazenda Boa Neblina Ltda", "Café verde"),
        ("AP-0418", "FAT-77812", "05-05", "05-19", -2_860_45, "Vale Manso Ltda", "Frete"),
    ):
        days = f"2026-{day}", f"2026-{due_day}"
        story.document(number, "payable", amount, *days, Party(name), text, voucher=voucher, currency="BRL")


def _orders(story: Story) -> None:
    """Sold through others, who pay out several at once."""
    _payout(story, "TV-2620", "NOK", TORGVIKA, 88_412, ("05-07", "05-15"),
            (349_00, 1_196_00, 598_00, 2_390_00, 449_00, 897_00, 1_794_00, 649_00))  # fmt: skip
    _payout(story, "TV-2622", "NOK", TORGVIKA, 88_431, ("05-22", "05-27"), (498_00, 1_345_00, 799_00))
    _payout(story, "FV-2605-1", "BRL", NOBODY, 30_117, ("04-28", "05-04"), (365_90, 228_45, 612_30, 154_75, 489_60))
    _payout(story, "FV-2605-2", "BRL", NOBODY, 30_129, ("05-12", "05-18"),
            (312_40, 187_90, 540_25, 98_60, 421_35, 276_80))  # fmt: skip
    story.document("NB-5107", "order", 640_00, "2026-05-14", "2026-05-14", TAKEDAL, "Web shop")
    story.document("NB-5112", "order", 915_00, "2026-05-18", "2026-05-18", TAKEDAL, "Web shop")


def _payout(
    story: Story, batch: str, currency: str, party: Party, first: int, days: tuple[str, str], amounts: tuple[int, ...]
) -> None:
    """Orders of one payout, the first half of them on the first day, the rest on the second."""
    for place, amount in enumerate(amounts):
        day = f"2026-{days[2 * place >= len(amounts)]}"
        number = f"{'TO' if currency == 'NOK' else 'FO'}-{first + place}"
        story.document(number, "order", amount, day, day, party, "Order", currency=currency, batch=batch)

"""The account in Brazil, whose bank says everything in one memo; March and April are booked, May is not."""

from examples.making.story import Party, Story
from examples.making.who import BRL

_RENT = "PIX ENVIADO ALUGUEL GALPAO IMOBILIARIA PEDRA LISA"


def tell(story: Story) -> None:
    """Everything on the account in reais."""
    _march(story)
    _april(story)
    _may_received(story)
    _may_paid(story)
    _may_returned_and_charged(story)


def _march(story: Story) -> None:
    for day, amount, memo, kind, says, reference in (
        ("03-03", -6_218_37, f"{_RENT} 03/2026", "supplier_payment", "Warehouse, March", ""),
        ("03-05", 5_104_80, "PIX RECEBIDO PADARIA TRÊS ARARAS NF 004471", "customer_payment", "Invoice", "NF-004471"),
        ("03-09", 9_733_18, "TED RECEBIDA FEIRA VÍVIDA FV-2603-1", "customer_batch_payment", "Payout", "FV-2603-1"),
        ("03-10", -14_870_00, "PAGTO BOLETO FAZENDA BOA NEBLINA FAT 20931", "supplier_payment", "Bill", "FAT-20931"),
        ("03-12", -9_640_00, "FOLHA DE PAGAMENTO 02/2026", "journal_entry_line", "Net wages of February", ""),
        (
            "03-16",
            3_287_55,
            "PIX RECEBIDO EMPÓRIO SERRA DO SABIÁ NF 004476",
            "customer_payment",
            "Invoice",
            "NF-004476",
        ),
        ("03-20", -1_304_66, "DARF 0561", "supplier_payment", "Income tax withheld", ""),
        ("03-23", 10_419_02, "TED RECEBIDA FEIRA VÍVIDA FV-2603-2", "customer_batch_payment", "Payout", "FV-2603-2"),
        ("03-25", -2_715_40, "PAGTO BOLETO VALE MANSO FAT 77501", "supplier_payment", "Bill", "FAT-77501"),
        ("03-31", -49_90, "TARIFA PACOTE DE SERVIÇOS", "bank_entry", "Bank charges of March", ""),
        ("03-31", 41_12, "REND PAGO APLIC AUT", "bank_entry", "Interest of March", ""),
    ):
        _booked(story, day, amount, memo, kind, says, reference)


def _april(story: Story) -> None:
    for day, amount, memo, kind, says, reference in (
        ("04-02", -6_218_37, f"{_RENT} 04/2026", "supplier_payment", "Warehouse, April", ""),
        ("04-07", 4_662_10, "PIX RECEBIDO PADARIA TRÊS ARARAS NF 004489", "customer_payment", "Invoice", "NF-004489"),
        ("04-09", 8_906_44, "TED RECEBIDA FEIRA VÍVIDA FV-2604-1", "customer_batch_payment", "Payout", "FV-2604-1"),
        ("04-10", -9_640_00, "FOLHA DE PAGAMENTO 03/2026", "journal_entry_line", "Net wages of March", ""),
        ("04-14", -16_205_00, "PAGTO BOLETO FAZENDA BOA NEBLINA FAT 21004", "supplier_payment", "Bill", "FAT-21004"),
        ("04-20", -1_304_66, "DARF 0561", "supplier_payment", "Income tax withheld", ""),
        ("04-23", 9_577_31, "TED RECEBIDA FEIRA VÍVIDA FV-2604-2", "customer_batch_payment", "Payout", "FV-2604-2"),
        # From here on the download of May has the lines again.
        ("04-24", -2_988_10, "PAGTO BOLETO VALE MANSO FAT 77655", "supplier_payment", "Bill", "FAT-77655"),
        ("04-27", -18_40, "PEDÁGIO RODOVIA BOA NEBLINA", "journal_entry_line", "Toll", ""),
        ("04-27", -18_40, "PEDÁGIO RODOVIA BOA NEBLINA", "journal_entry_line", "Toll", ""),
        ("04-28", 4_006_25, "PIX RECEBIDO MANDACARU AZUL NF 004497", "customer_payment", "Invoice", "NF-004497"),
        ("04-30", -49_90, "TARIFA PACOTE DE SERVIÇOS", "bank_entry", "Bank charges of April", ""),
        ("04-30", 39_75, "REND PAGO APLIC AUT", "bank_entry", "Interest of April", ""),
    ):
        _booked(story, day, amount, memo, kind, says, reference)


def _booked(story: Story, day: str, amount: int, memo: str, kind: str, says: str, reference: str) -> None:
    line = story.bank(BRL, f"2026-{day}", amount, memo)
    story.booked(line, kind, f"{says} {reference}".strip(), reference=reference)


def _may_received(story: Story) -> None:
    story.bank(BRL, "2026-05-05", 4_318_70, "PIX RECEBIDO PADARIA TRÊS ARARAS NF004518")
    story.bank(BRL, "2026-05-07", 1_851_00, "TED RECEBIDA FEIRA VÍVIDA FV 2605 1")
    story.bank(BRL, "2026-05-12", 2_944_60, "PIX RECEBIDO EMPÓRIO SERRA DO SABIÁ")
    # The marketplace forgot to name its payout.
    story.bank(BRL, "2026-05-21", 1_837_30, "TED RECEBIDA FEIRA VÍVIDA")
    story.bank(BRL, "2026-05-26", 1_500_00, "PIX RECEBIDO MANDACARU AZUL PARTE NF 004523")


def _may_paid(story: Story) -> None:
    line = story.bank(BRL, "2026-05-04", -6_218_37, f"{_RENT} 05/2026")
    story.booked(line, "supplier_payment", "Warehouse, May")
    line = story.bank(BRL, "2026-05-12", -9_985_00, "FOLHA DE PAGAMENTO 04/2026")
    story.booked(line, "journal_entry_line", "Net wages of April")
    story.bank(BRL, "2026-05-13", -18_420_00, "PAGTO BOLETO FAZENDA BOA NEBLINA FAT 21077")
    story.bank(BRL, "2026-05-19", -2_860_45, "PAGTO BOLETO VALE MANSO FAT.77812")
    # Two cheques: one presented after four days, the other written on Thursday and not yet presented.
    story.bank(BRL, "2026-05-22", -742_15, "CHEQUE COMPENSADO", check_number="000146")
    for day, amount, number, name in (
        ("2026-05-18", -742_15, "000146", "Marcenaria Tábua Torta"),
        ("2026-05-28", -1_086_40, "000147", "Pinturas Arco da Velha"),
    ):
        story.entry(BRL, day, amount, "supplier_payment", f"Cheque {number}", party=Party(name), reference=number)


def _may_returned_and_charged(story: Story) -> None:
    story.bank(BRL, "2026-05-08", -350_00, "PIX ENVIADO CHAVE INVÁLIDA")
    story.bank(BRL, "2026-05-08", 350_00, "PIX DEVOLVIDO CHAVE INVÁLIDA")
    story.bank(BRL, "2026-05-20", -1_318_22, "DARF 0561")
    story.bank(BRL, "2026-05-29", -49_90, "TARIFA PACOTE DE SERVIÇOS")
    story.bank(BRL, "2026-05-29", 38_27, "REND PAGO APLIC AUT")

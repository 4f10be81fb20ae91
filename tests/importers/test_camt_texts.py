"""What an entry of a camt message says beside its amount: who, why, under which references, converted from what."""

import pytest

from tests.importers.camt_made import ACCOUNT, detail, entry, message, reading_of, statement, the_entry
from tieout.domain.statements import EntryDetail, StatementEntry

OWN = "NO9386011117947"
PARTIES = (
    "<RltdPties>"
    "<Dbtr><Nm>Debtor AS</Nm></Dbtr><DbtrAcct><Id><IBAN>DE11 2222</IBAN></Id></DbtrAcct>"
    "<Cdtr><Nm>Creditor AS</Nm></Cdtr><CdtrAcct><Id><Othr><Id>33 44</Id></Othr></Id></CdtrAcct>"
    "</RltdPties>"
)


def of_details(*parts: str, mark: str = "CRDT", beside: str = "") -> StatementEntry:
    """The entry of 10.00 with those details, each given by what stands in it; `beside` stands in the entry itself."""
    inside = "".join(detail(part) for part in parts)
    return the_entry(f"{beside}<NtryDtls>{inside}</NtryDtls>", mark)


@pytest.mark.parametrize(
    ("mark", "name", "account"), [("CRDT", "Debtor AS", "DE112222"), ("DBIT", "Creditor AS", "3344")]
)
@pytest.mark.parametrize("amount", ["10.00", "0.00"])
def test_the_counterparty_of_a_credit_is_its_debtor_and_that_of_a_debit_its_creditor(
    mark: str, name: str, account: str, amount: str
) -> None:
    found = the_entry(f"<NtryDtls>{detail(PARTIES)}</NtryDtls>", mark, amount)

    assert (found.counterparty, found.counterparty_account) == (name, account)


@pytest.mark.parametrize(
    "party",
    [
        "<Dbtr><Nm>Debtor AS</Nm></Dbtr>",
        "<Dbtr><Pty><Nm>Debtor AS</Nm></Pty></Dbtr>",
        "<Dbtr><Nm/><Id/></Dbtr><UltmtDbtr><Nm>Debtor AS</Nm></UltmtDbtr>",
        "<UltmtDbtr><Pty><Nm> Debtor AS\n</Nm></Pty></UltmtDbtr>",
        "<Dbtr><Nm>Debtor AS</Nm></Dbtr><UltmtDbtr><Nm>Somebody behind</Nm></UltmtDbtr>",
        "<Dbtr><Agt><FinInstnId><Nm>Debtor AS</Nm></FinInstnId></Agt></Dbtr>",
    ],
)
def test_a_party_is_named_as_each_version_spells_it_else_the_ultimate_one(party: str) -> None:
    found = of_details(f"<RltdPties>{party}</RltdPties>")

    assert (found.counterparty, found.counterparty_account) == ("Debtor AS", "")


def test_the_holder_of_the_account_is_not_his_own_counterparty() -> None:
    returned = of_details(PARTIES.replace("DE11 2222", "NO93 8601 1117 947"))

    assert (returned.counterparty, returned.counterparty_account) == ("Creditor AS", "3344")


def test_a_transfer_between_accounts_with_the_same_number_keeps_its_parties() -> None:
    between = PARTIES.replace("DE11 2222", OWN).replace("33 44", OWN)

    assert of_details(between).counterparty == "Debtor AS"


STRUCTURED = "<Strd><CdtrRefInf><Ref>RF18 5390</Ref></CdtrRefInf></Strd>"


@pytest.mark.parametrize(
    ("inside", "reference"),
    [
        ("<Refs><EndToEndId>E2E-1</EndToEndId></Refs>", "E2E-1"),
        ("<Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>", ""),
        ("<Refs><EndToEndId>Not Provided</EndToEndId></Refs>", ""),
        (f"<Refs><EndToEndId>E2E-1</EndToEndId></Refs><RmtInf>{STRUCTURED}</RmtInf>", "RF18 5390"),
        (f"<RmtInf>{STRUCTURED}{STRUCTURED}</RmtInf>", "RF18 5390"),
        ("<RmtInf><Strd><CdtrRefInf><CdtrRef>OLD-1</CdtrRef></CdtrRefInf></Strd></RmtInf>", "OLD-1"),
        ("", ""),
    ],
)
def test_the_reference_is_the_structured_one_else_the_end_to_end_id_if_it_is_one(inside: str, reference: str) -> None:
    assert of_details(inside).reference == reference


def test_several_structured_references_are_text_and_no_reference() -> None:
    other = STRUCTURED.replace("RF18 5390", "RF99")

    found = of_details(f"<Refs><EndToEndId>E2E-1</EndToEndId></Refs><RmtInf>{STRUCTURED}{other}</RmtInf>")

    assert (found.reference, found.description) == ("E2E-1", "RF18 5390 RF99")


@pytest.mark.parametrize(
    ("inside", "beside", "description"),
    [
        ("<RmtInf><Ustrd>Invoice 1</Ustrd><Ustrd> and 2 </Ustrd></RmtInf>", "", "Invoice 1 and 2"),
        ("<RmtInf><Ustrd>May</Ustrd></RmtInf><AddtlTxInf>Fee</AddtlTxInf>", "<AddtlNtryInf>GIRO</AddtlNtryInf>", "May"),
        ("<AddtlTxInf>Fee</AddtlTxInf>", "<AddtlNtryInf>GIRO</AddtlNtryInf>", "Fee GIRO"),
        ("<AddtlTxInf>GIRO</AddtlTxInf>", "<AddtlNtryInf>GIRO</AddtlNtryInf>", "GIRO"),
        ("", "<AddtlNtryInf>GIRO</AddtlNtryInf>", "GIRO"),
        ("<RmtInf><Strd><RfrdDocInf><Nb>INV-7</Nb></RfrdDocInf></Strd></RmtInf>", "", "INV-7"),
        ("<RmtInf><Ustrd>a &amp; b<!-- no --></Ustrd></RmtInf>", "", "a & b"),
        ("<RmtInf><Ustrd/></RmtInf>", "", ""),
    ],
)  # fmt: skip
def test_the_description_is_the_whole_remittance_text_else_what_the_bank_adds(
    inside: str, beside: str, description: str
) -> None:
    assert of_details(inside, beside=beside).description == description


@pytest.mark.parametrize(
    ("beside", "inside", "native_id"),
    [
        ("<NtryRef>1</NtryRef><AcctSvcrRef>BANK-9</AcctSvcrRef>", "", "BANK-9"),
        ("<NtryRef>1</NtryRef><AcctSvcrRef>NONREF</AcctSvcrRef>", "", "1"),
        ("<NtryRef>1</NtryRef>", "<Refs><AcctSvcrRef>BANK-8</AcctSvcrRef></Refs>", "BANK-8"),
        ("<NtryRef>NOTPROVIDED</NtryRef>", "", ""),
        ("", "", ""),
    ],
)
def test_the_bank_s_own_id_is_its_reference_else_that_of_the_entry(beside: str, inside: str, native_id: str) -> None:
    assert of_details(inside, beside=beside).native_id == native_id


@pytest.mark.parametrize(
    ("inside", "batch"),
    [
        ("<Btch><MsgId>M-1</MsgId><PmtInfId>P-1</PmtInfId></Btch>", "P-1"),
        ("<Btch><MsgId>M-1</MsgId><NbOfTxs>20</NbOfTxs></Btch>", "M-1"),
        ("<Btch><MsgId>M-1</MsgId><PmtInfId>NOTPROVIDED</PmtInfId></Btch>", "M-1"),
        ("<Btch><NbOfTxs>20</NbOfTxs></Btch>", ""),
        ("", ""),
    ],
)
def test_a_batch_is_named_by_its_payment_information_else_by_its_message(inside: str, batch: str) -> None:
    assert the_entry(f"<NtryDtls>{inside}</NtryDtls>").batch == batch
    assert the_entry(inside).batch == batch


@pytest.mark.parametrize(
    "reason",
    ["<Rsn><Cd>AC04</Cd></Rsn>", "<Rsn><Prtry>AC04</Prtry></Rsn>", "<RtrRsn><Cd>AC04</Cd></RtrRsn><AddtlInf/>"],
)
def test_a_returned_payment_carries_the_code_of_its_reason(reason: str) -> None:
    assert of_details(f"<RtrInf>{reason}</RtrInf>").return_reason == "AC04"


def test_what_the_payments_of_a_batch_share_is_said_by_the_entry_and_the_rest_by_its_details() -> None:
    first = "<Refs><EndToEndId>E1</EndToEndId></Refs>" + PARTIES + "<RmtInf><Ustrd>Wages</Ustrd></RmtInf>"
    second = first.replace("E1", "E2").replace("33 44", "55")

    batch = of_details(first, second, mark="DBIT")

    assert (batch.reference, batch.counterparty, batch.counterparty_account) == ("", "Creditor AS", "")
    assert batch.description == "Wages"
    assert batch.details == (
        EntryDetail(None, "E1", "Creditor AS", "3344", "Wages"),
        EntryDetail(None, "E2", "Creditor AS", "55", "Wages"),
    )


def test_the_amounts_of_details_are_signed_and_in_the_account_s_currency() -> None:
    parts = (
        detail(amount="6.00"),
        detail(amount="4.00", mark="CRDT"),
        detail(amount="1.00", currency="EUR"),
        detail("<AmtDtls><TxAmt><Amt Ccy='NOK'>3.00</Amt></TxAmt></AmtDtls>", "1.00", currency="EUR"),
        detail(amount="6.001"),
    )

    batch = the_entry(f"<NtryDtls>{''.join(parts[:2])}</NtryDtls><NtryDtls>{''.join(parts[2:])}</NtryDtls>", "DBIT")

    assert [each.minor_units for each in batch.details] == [-600, 400, None, -300, None]


def converted(instructed: str, exchange: str, name: str = "InstdAmt", currency: str = "EUR") -> str:
    """An AmtDtls element: what was instructed in another currency, and how it was exchanged."""
    return (
        f"<AmtDtls><InstdAmt><Amt Ccy='{currency}'>{instructed}</Amt></InstdAmt>"
        f"<TxAmt><Amt Ccy='NOK'>10.00</Amt>{exchange if name == 'TxAmt' else ''}</TxAmt>"
        f"<CntrValAmt><Amt Ccy='NOK'>10.00</Amt>{exchange if name == 'CntrValAmt' else ''}</CntrValAmt></AmtDtls>"
    )


EXCHANGE = "<CcyXchg><SrcCcy>EUR</SrcCcy><XchgRate>11.5000</XchgRate></CcyXchg>"


@pytest.mark.parametrize("name", ["TxAmt", "CntrValAmt"])
def test_a_converted_payment_keeps_what_was_instructed_and_the_rate(name: str) -> None:
    inside = converted("0.87", EXCHANGE, name)

    by_detail, by_entry = of_details(inside), the_entry(inside)

    for found in (by_detail, by_entry):
        assert (found.original_amount, found.original_currency, found.rate) == ("0.87", "EUR", "11.5000")


def test_of_two_foreign_amounts_the_instructed_one_is_the_original() -> None:
    both = converted("0.87", EXCHANGE).replace("<Amt Ccy='NOK'>10.00</Amt>", "<Amt Ccy='USD'>0.95</Amt>")

    found = of_details(both)

    assert (found.original_amount, found.original_currency) == ("0.87", "EUR")


def test_a_detail_in_another_currency_is_the_original_where_nothing_else_is_said() -> None:
    found = the_entry(f"<NtryDtls>{detail(amount='0.87', currency='EUR')}</NtryDtls>", "DBIT")

    assert (found.original_amount, found.original_currency, found.rate) == ("0.87", "EUR", "")


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (converted("10.00", EXCHANGE, currency="NOK"), ("", "", "")),
        (converted("some", EXCHANGE, "TxAmt"), ("", "EUR", "11.5000")),
        (converted("0.87", EXCHANGE.replace("11.5000", "eleven"), "TxAmt"), ("0.87", "EUR", "")),
        ("", ("", "", "")),
    ],
)
def test_what_was_not_converted_or_cannot_be_read_is_left_empty(inside: str, expected: tuple[str, str, str]) -> None:
    found = of_details(inside)

    assert (found.original_amount, found.original_currency, found.rate) == expected


def test_the_texts_of_one_entry_never_reach_the_next() -> None:
    full = entry(inside=f"<NtryDtls>{detail(PARTIES)}{detail(PARTIES)}</NtryDtls>")
    may = message(statement(full, entry(), account=ACCOUNT))

    first, second = reading_of(may).statements[0].entries

    assert (len(first.details), first.counterparty) == (2, "Debtor AS")
    assert (second.details, second.counterparty) == ((), "")


def test_the_first_version_keeps_details_in_the_entry_itself() -> None:
    found = the_entry(detail(PARTIES + "<RmtInf><Ustrd>Invoice 1</Ustrd></RmtInf>"))

    assert (found.counterparty, found.description) == ("Debtor AS", "Invoice 1")

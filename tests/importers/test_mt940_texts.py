"""What remittance text says of an entry: structured, with keys between slashes, or free."""

import pytest
from hypothesis import given
from hypothesis.strategies import characters, integers, lists, text

from tests.importers.mt940_told import entry_of

LINE = "260504C1,00NTRFNONREF"


def wrapped(line: str, first: int) -> str:
    """The text on lines of 65 characters, the first one of `first`, without the blanks at their ends."""
    lines = [line[:first], *(line[at : at + 65] for at in range(first, len(line), 65))]
    return "\n".join(part.rstrip(" ") for part in lines)


def in_subfields(line: str, number: int, separator: str = "?") -> str:
    """The text in subfields of 27 characters, numbered from `number`."""
    pieces = [line[at : at + 27] for at in range(0, len(line), 27)]
    return "".join(f"{separator}{number + count}{piece}" for count, piece in enumerate(pieces))


WORDS = lists(text(characters(codec="ascii", min_codepoint=97, max_codepoint=122), min_size=1, max_size=15), min_size=1)


@given(words=WORDS, reference=integers(10**11, 10**12 - 1), cut=integers(0, 1))
def test_text_cut_into_subfields_and_lines_comes_back_whole(words: list[str], reference: int, cut: int) -> None:
    remittance = " ".join(words)[:200].strip()
    subfields = in_subfields(f"EREF+{reference} SVWZ+{remittance}", 20)

    entry = entry_of(LINE, wrapped(f"166?00GUTSCHRIFT?109310{subfields}?32Nordic AS", (61, 65)[cut]))

    assert (entry.reference, entry.description, entry.counterparty) == (str(reference), remittance, "Nordic AS")


@given(words=WORDS)
def test_keyed_text_cut_into_lines_comes_back_whole(words: list[str]) -> None:
    remittance = " ".join(words)

    entry = entry_of(
        LINE, wrapped(f"/EREF/2026-17/CNTP/NL12COBA0370400440/COBANL2X/B Berg//REMI/USTD//{remittance}/", 65)
    )

    assert (entry.reference, entry.description, entry.counterparty) == ("2026-17", remittance, "B Berg")


@pytest.mark.parametrize("separator", ["?", ">", "~", "&", "^", "|"])
def test_any_separator_divides_structured_text(separator: str) -> None:
    structured = "166?00GUTSCHRIFT?20Miete Mai?30COBADEFF?31DE02120300000000202051?32Erika?33Muster".replace(
        "?", separator
    )

    entry = entry_of(LINE, structured)

    assert (entry.description, entry.counterparty, entry.counterparty_account) == (
        "Miete Mai",
        "Erika Muster",
        "DE02120300000000202051",
    )


@pytest.mark.parametrize("free", ["166.20 EUR paid", "123/20 of May", "what?20 more", "106 ?20", "100+20"])
def test_digits_and_a_mark_alone_are_no_structure(free: str) -> None:
    assert entry_of(LINE, free).description == free


def test_the_booking_text_is_the_description_only_where_nothing_else_is() -> None:
    assert entry_of(LINE, "116?00SEPA-UEBERW/STORNO?100399").description == "SEPA-UEBERW/STORNO"
    assert entry_of(LINE, "116?00SEPA-UEBERW?20Miete").description == "Miete"


def test_a_full_account_number_goes_before_the_one_without_bank() -> None:
    entry = entry_of(LINE, "020?00Przelew?20Faktura 17?3010600076?310000777777777777?38PL08106000760000777777777777")

    assert entry.counterparty_account == "PL08106000760000777777777777"


@pytest.mark.parametrize("placeholder", ["NOTPROVIDED", "NONREF", ""])
def test_a_reference_that_is_none_gives_way_to_the_next(placeholder: str) -> None:
    entry = entry_of("260504C1,00NTRFINV-9", f"166?00X?20EREF+{placeholder}?21SVWZ+Miete")

    assert entry.reference == "INV-9"


def test_the_customer_reference_of_the_text_stands_in_for_the_end_to_end_one() -> None:
    assert entry_of(LINE, "166?00X?20EREF+NOTPROVIDED?21KREF+K-17?22SVWZ+Miete").reference == "K-17"


def test_keys_without_structure_are_taken_out_of_free_text() -> None:
    entry = entry_of(LINE, "EREF+E-1 MREF+M-2 IBAN+DE02120300000000202051 SVWZ+Miete Mai ABWA+Erika Muster")

    assert (entry.reference, entry.description) == ("E-1", "Miete Mai")
    assert (entry.counterparty, entry.counterparty_account) == ("Erika Muster", "DE02120300000000202051")


@pytest.mark.parametrize(
    ("remittance", "reason", "reversal"),
    [
        ("109?00RETOURE?20SVWZ+zurueck?34914", "914", True),
        ("159?00RETOURE?20EREF+A?34901", "901", True),
        ("166?00GUTSCHRIFT?20SVWZ+Miete?34997", "", False),
        ("109?00RETOURE?20SVWZ+zurueck?34011", "", False),
        ("/RTRN/MS03//EREF/A/REMI/back", "MS03", True),
    ],
)
def test_a_return_names_its_reason(remittance: str, reason: str, reversal: bool) -> None:
    entry = entry_of(LINE, remittance)

    assert (entry.return_reason, entry.reversal) == (reason, reversal)


def test_a_returned_direct_debit_names_its_original_amount_and_its_charges() -> None:
    entry = entry_of("260504D12,35NRTIKREF+//20260504\n/OCMT/EUR11,85//CHGS/EUR0,50/", "109?00RETOURE?20SVWZ+zurueck")

    assert (entry.original_amount, entry.original_currency, entry.reversal) == ("11.85", "EUR", True)
    assert entry.description == "zurueck CHGS EUR0,50"


def test_an_amount_in_another_currency_comes_with_its_rate() -> None:
    entry = entry_of("260504D2978,NCHK1000017\n/OCMT/CAD4500,5//EXCH/1,5110/", "Cheque")

    assert (entry.original_amount, entry.original_currency, entry.rate) == ("4500.5", "CAD", "1.5110")


def test_text_behind_an_amount_between_slashes_is_kept() -> None:
    assert entry_of(LINE, "/OCMT/USD28,12/\nPAYMENT OF INVOICE 17").description == "PAYMENT OF INVOICE 17"


@pytest.mark.parametrize(
    ("remittance", "description", "reference"),
    [
        ("/REMI/USTD//Invoice 17/", "Invoice 17", ""),
        ("/REMI/STRD/CUR/1234567890123456/", "1234567890123456", "1234567890123456"),
        ("/REMI/Invoice 17/DEC- 16, a and/or b/ISDT/2026-05-04", "Invoice 17/DEC- 16, a and/or b", ""),
        ("/REMI//REMI/Invoice 17", "Invoice 17", ""),
        ("Card /EREF/E-1/REMI/Invoice 17", "Card Invoice 17", "E-1"),
        ("/TRTP/SEPA OVERBOEKING/NAME/J. Berg", "SEPA OVERBOEKING", ""),
        ("/RTYP/unknown key", "/RTYP/unknown key", ""),
    ],
)
def test_the_remittance_text_stands_behind_its_key(remittance: str, description: str, reference: str) -> None:
    entry = entry_of(LINE, remittance)

    assert (entry.description, entry.reference) == (description, reference)


@pytest.mark.parametrize(
    ("remittance", "name", "account"),
    [
        ("/IBAN/NL20INGB0001234567/BIC/EXAMNL2A/NAME/J. Berg/REMI/x", "J. Berg", "NL20INGB0001234567"),
        ("/CNTP/NL20INGB0001234567/EXAMNL2A/J. Berg/OSLO//REMI/USTD//x/", "J. Berg", "NL20INGB0001234567"),
        ("/CNTP//EXAMNL2A/J. Berg///REMI/USTD//x/", "J. Berg", ""),
        ("/CNTP/0001234567/////REMI/USTD//x/", "", "0001234567"),
        ("/ORDP//NAME/J. Berg/ADDR/Street 1 OSLO/REMI/x", "J. Berg", ""),
        ("/BENM/200000000012345\n/J. Berg\n/REMI/x", "J. Berg", "200000000012345"),
        ("/ORDP/J. Berg/REMI/x", "J. Berg", ""),
        ("/NAME/J. Berg/ULTD//NAME/A. Other/REMI/x", "J. Berg", ""),
        ("/ULTD//NAME/A. Other/BENM//NAME/J. Berg/REMI/x", "J. Berg", ""),
    ],
)
def test_the_other_party_stands_behind_its_keys(remittance: str, name: str, account: str) -> None:
    entry = entry_of(LINE, remittance)

    assert (entry.counterparty, entry.counterparty_account, entry.description) == (name, account, "x")


def test_the_payment_batch_is_named() -> None:
    assert entry_of("260504D1,00N586PREF", "/PREF/BATCH-17").batch == "BATCH-17"


@pytest.mark.parametrize(
    ("remittance", "name", "account"),
    [
        ("FACTUUR 12\nREK: NL91ABNA0417164300/NAAM: J. Berg", "J. Berg", "NL91ABNA0417164300"),
        ("SEPA IBAN: NL91ABNA0417164300 NAAM: J. Berg OMSCHRIJVING: 12", "J. Berg", "NL91ABNA0417164300"),
        ("NL91ABNA0417164300 EXAMNL2A J. Berg 12", "", "NL91ABNA0417164300"),
        ("RF18539007547034 paid", "", ""),
    ],
)
def test_free_text_names_the_other_party_behind_a_label(remittance: str, name: str, account: str) -> None:
    entry = entry_of(LINE, remittance)

    assert (entry.counterparty, entry.counterparty_account) == (name, account)
    assert entry.description == remittance.replace("\n", " ")


@pytest.mark.parametrize(
    ("line", "remittance", "name", "account", "reference"),
    [
        ("260504D1,00N0600370400440      J. BERG", "x", "J. BERG", "0370400440", ""),
        ("260504D1,00N060P000012345      J. BERG", "x", "J. BERG", "P000012345", ""),
        ("260504D1,00N030NONREF          J. BERG", "x", "J. BERG", "", ""),
        ("260504D1,00N102INV-17          J. BERG", "x", "J. BERG", "", "INV-17"),
        (
            "260504D1,00NOVBNL91ABNA0417164300\nj. berg",
            "NL91ABNA0417164300 j. berg",
            "j. berg",
            "NL91ABNA0417164300",
            "",
        ),
        ("260504D1,00NIOB0123456789\nj. berg", "0123456789 j. berg\nx", "j. berg", "0123456789", ""),
        ("260504D1,00N102EREF\nNL91ABNA0417164300", "x", "", "NL91ABNA0417164300", ""),
        ("260504D1,00N586NONREF\n0000000000", "x", "", "", ""),
    ],
)
def test_account_and_name_may_stand_where_the_reference_belongs(
    line: str, remittance: str, name: str, account: str, reference: str
) -> None:
    entry = entry_of(line, remittance)

    assert (entry.counterparty, entry.counterparty_account, entry.reference) == (name, account, reference)


def test_a_second_line_of_the_entry_is_added_to_its_text_unless_it_is_there() -> None:
    assert entry_of(f"{LINE}\nCard payment", "Corner shop").description == "Corner shop Card payment"
    assert entry_of(f"{LINE}\nCard payment", "CARD PAYMENT corner shop").description == "CARD PAYMENT corner shop"
    assert entry_of(f"{LINE}\nCard payment").description == "Card payment"
    assert entry_of(f"{LINE}\n/TRCD/00100/", "Corner shop").description == "Corner shop"


def test_several_text_fields_of_one_entry_are_its_text() -> None:
    assert (
        entry_of(LINE, "BETALINGSKENM.  4711       ", "TERMIJN MEI").description == "BETALINGSKENM.  4711 TERMIJN MEI"
    )


def test_lines_of_a_bank_that_does_not_wrap_stay_apart() -> None:
    line = "one line of a bank that writes as much on a line as it likes to write"

    assert entry_of(LINE, f"{line}\nanother").description == f"{line} another"
    assert entry_of(LINE, f"{line[:65]}\nanother").description == f"{line[:65]}another"


def test_blank_lines_and_blanks_at_line_ends_are_no_text() -> None:
    assert entry_of(LINE, " \n" + " " * 65 + "\ninterest     01-01-26 to 31-05-26   \n\n\n").description == (
        "interest     01-01-26 to 31-05-26"
    )


def test_a_national_text_field_takes_the_place_of_the_text() -> None:
    entry = entry_of(LINE, ":NS:01Miete Maerz\n02Hinterhaus\n15Erika\n16Muster\n17DAUERAUFTRAG")

    assert (entry.description, entry.counterparty) == ("Miete Maerz Hinterhaus", "Erika Muster")
    assert entry_of(LINE, ":NS:17DAUERAUFTRAG").description == "DAUERAUFTRAG"

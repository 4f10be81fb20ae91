"""How texts are compared: references, party names and document numbers inside a bank's text."""

import pytest

from tieout.matching.texts import (
    DocumentIndex,
    account_key,
    ends_with_reference,
    is_cut,
    party_key,
    reference_key,
    resemblance,
    runs_of,
    shape_of,
)


def documents(*written: str) -> DocumentIndex:
    """An index of references, coded in the order given."""
    return DocumentIndex({text: (reference_key(text), code) for code, text in enumerate(written)})


def named(index: DocumentIndex, text: str) -> list[int]:
    """Codes of the documents that a bank's text names."""
    return index.read(runs_of(text))[0]


@pytest.mark.parametrize("written", ["INV-2026-001", "inv 2026/001", "Inv.2026.001", "INV2026001"])
def test_a_reference_is_the_same_however_its_parts_are_separated(written: str) -> None:
    assert reference_key(written) == "INV2026001"


@pytest.mark.parametrize("written", ["", "NOTPROVIDED", "nonref", "12", "--", "0000"])
def test_what_banks_write_for_want_of_a_reference_is_none(written: str) -> None:
    assert reference_key(written) == ""


def test_leading_zeros_of_a_number_do_not_count_but_those_after_letters_do() -> None:
    assert reference_key("000123") == reference_key("123")
    assert reference_key("INV-00123") != reference_key("INV-123")


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("Nordic Trade AS", "NORDIC TRADE A.S."),
        ("Müller GmbH", "MULLER"),
        ("Østby & Sønn AS", "OSTBY SONN"),
        ("Ação Comércio Ltda.", "ACAO COMERCIO"),
    ],
)
def test_a_name_is_the_same_without_accents_punctuation_and_legal_form(written: str, other: str) -> None:
    assert party_key(written) == party_key(other)


def test_a_name_made_of_legal_forms_only_keeps_them() -> None:
    assert party_key("SA") == "SA"


def test_an_account_number_is_compared_without_blanks_and_leading_zeros() -> None:
    assert account_key("NO93 8601 1117 947") == "NO9386011117947"
    assert account_key("0001234-5") == "12345"


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("NORDIC TRADE", "NORDIC TRADE", 1),
        ("NORDIC TRADING COMPANY", "NORDIC TRADNG COMPANY", 1),
        ("OLE HANSEN", "HANSEN OLE", 1),
        ("NORDIC TRADE", "NORDIC TRADE OSLO BRANCH", 0),
        ("CASTHEIM LIVROS GESELLSCHAFT", "OSTERTAL DESIGN GESELLSCHAFT", -1),
        ("BERG", "HANSEN", -1),
        ("OBERSAETER AGRO", "EBERSAETER AGRO", 0),
    ],
)
def test_two_names_are_one_party_or_undecided_or_resemble_nothing(left: str, right: str, expected: int) -> None:
    assert resemblance(left, right) == expected
    assert resemblance(right, left) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Payment INV-2026-001 thanks",
        "paym. INV 2026/001",
        "inv2026001",
        "faktura:INV2026-001",
    ],
)
def test_a_document_is_found_however_the_text_writes_its_number(text: str) -> None:
    assert named(documents("INV-2026-001"), text) == [0]


@pytest.mark.parametrize("text", ["2026-001", "INV-2026-0012", "XINV-2026-001", "001", "rent May 2026", ""])
def test_part_of_a_number_or_a_longer_one_is_not_the_document(text: str) -> None:
    assert named(documents("INV-2026-001"), text) == []


def test_a_text_may_name_several_documents_each_once_in_its_order() -> None:
    index = documents("INV-1001", "INV-1002", "CN-77001")

    assert named(index, "INV-1002, INV-1001 and INV-1002 less CN 77001") == [1, 0, 2]


@pytest.mark.parametrize("written", ["2026", "AB", "RENT", "1234"])
def test_a_word_or_a_short_number_is_never_searched_for(written: str) -> None:
    assert named(documents(written), f"payment {written}") == []


def test_a_number_shaped_like_a_document_that_nobody_knows_is_said() -> None:
    index = documents("INV-1001", "INV-1002")

    found, foreign = index.read(runs_of("Payment INV-9999"))

    assert found == []
    assert foreign == [index.shapes[shape_of("INV1001")]]


def test_a_bare_number_is_foreign_only_within_its_own_series() -> None:
    index = documents("41007335")

    assert index.read(runs_of("KID 41009999"))[1] == [0]
    assert index.read(runs_of("KID 88009999"))[1] == []


def test_a_text_that_fills_its_field_was_probably_cut() -> None:
    assert is_cut("x" * 35)
    assert not is_cut("x" * 36)


def test_a_text_that_ends_with_the_reference_lost_nothing_of_it() -> None:
    assert ends_with_reference("Betaling faktura 410-915-367", "410915367")
    assert not ends_with_reference("Fakt F10049752 INV-2025-100497", "INV-2025-10049754")

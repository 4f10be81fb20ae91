"""An OFX file as a whole: recognised by content, refused with a code, and never half read without saying so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.importers.ofx_told import FILES, reading_of, statement_of, told
from tieout.contracts.reading import Head
from tieout.importers import ofx
from tieout.importers._ofx_header import header_of
from tieout.kernel.errors import Refused

_WHOLE = (FILES / "leaves_unclosed.ofx").read_bytes()


@pytest.mark.parametrize(
    "beginning",
    [
        "OFXHEADER:100\nDATA:OFXSGML\n",
        "\n\n  <OFX>",
        '<?xml version="1.0"?>\n<!-- note -->\n<?OFX OFXHEADER="200"?>\n<OFX>',
        '<?xml version="1.0"?><ns2:OFX xmlns:ns2="http://ofx.net/types/2003/04">',
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-ofx\r\n\r\nOFXHEADER:100\r\n",
        "<ofx>",
    ],
)
def test_ofx_is_recognised_by_its_root_or_its_header(beginning: str) -> None:
    assert ofx.recognise(Head(beginning.encode())) == "ofx"


@pytest.mark.parametrize(
    "beginning",
    [
        "",
        "id,amount\n1,2.00\n",
        '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><Nm><OFX></Nm>',
        "<html><body>Your OFX download failed</body></html>",
        ":20:OFX\n:25:1\n",
    ],
)
def test_other_content_is_left_to_other_importers(beginning: str) -> None:
    assert ofx.recognise(Head(beginning.encode())) is None


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_decides_whatever_the_header_says(encoding: str) -> None:
    raw = _WHOLE.decode("ascii").encode(encoding)

    reading = reading_of(raw)

    assert ofx.recognise(Head(raw[:100])) == "ofx"
    assert (reading.version, reading.encoding) == ("102", encoding.removesuffix("-sig"))
    assert [statement.tally.entries for statement in reading.statements] == [2, 1]


def test_text_in_two_bytes_a_character_without_a_mark_is_read_as_the_header_says() -> None:
    text = statement_of("<DTPOSTED>20260504<TRNAMT>1.00<MEMO>Kaffee", currency="eur")

    reading = reading_of(text.replace("VERSION:102", "ENCODING:UNICODE\nCHARSET:1200").encode("utf-16-le"))

    (statement,) = reading.statements
    assert reading.encoding == "utf-16-le"
    assert (statement.currency, statement.entries[0].description) == ("EUR", "Kaffee")


@pytest.mark.parametrize(
    ("header", "version", "code_page"),
    [
        ("OFXHEADER:100\nVERSION:102\nENCODING:USASCII\nCHARSET:1252\n", "102", "cp1252"),
        ("OFXHEADER:100 VERSION:151 ENCODING:UTF-8 CHARSET:NONE", "151", "UTF-8"),
        ("OFXHEADER: 100\r\nVERSION: 103\r\nENCODING: UNICODE\r\nCHARSET: 1200\r\n", "103", "utf-16-le"),
        ("OFXHEADER:100VERSION:102ENCODING:USASCIICHARSET:ISO-8859-1COMPRESSION:NONE", "102", "iso-8859-1"),
        ("OFXHEADER:100\nENCODING:USASCII\nCHARSET:8859-1\n", None, "iso-8859-1"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?><?OFX OFXHEADER="200" VERSION="211"?>', "211", "ISO-8859-1"),
        ("<?xml version='1.0'?><?OFX OFXHEADER='200' VERSION = '220'?>", "220", None),
        ('<?xml version="1.0" encoding="US-ASCII"?>', None, None),
        ("MIME-Version: 1.0\nTransfer-Encoding: chunked\n", None, None),
        ("", None, None),
    ],
)
def test_a_header_in_either_form_gives_version_and_code_page(
    header: str, version: str | None, code_page: str | None
) -> None:
    found = header_of(f"{header}<OFX><BANKMSGSRSV1>VERSION:999".encode())

    assert (found.version, found.code_page) == (version, code_page)


@given(st.integers(0, len(_WHOLE) - len(b"</OFX>\n")))
def test_a_file_that_is_cut_off_anywhere_is_refused_and_never_read_by_half(length: int) -> None:
    with pytest.raises(Refused) as refused:
        reading_of(_WHOLE[:length])

    codes = {finding.code for finding in refused.value.findings}
    assert codes == ({"truncated"} if b"<OFX>" in _WHOLE[:length] else {"not_well_formed"})


@given(st.lists(st.tuples(st.integers(0, len(_WHOLE)), st.binary(max_size=4), st.integers(0, 40)), max_size=4))
def test_a_damaged_file_is_read_or_refused_but_never_a_fault(damages: list[tuple[int, bytes, int]]) -> None:
    raw = _WHOLE
    for at, put, length in damages:
        raw = raw[:at] + put + raw[at + length :]

    answer = told(raw)

    assert ("refused" in answer) != ("statements" in answer)


@pytest.mark.parametrize("keep_entries", [True, False])
def test_counting_needs_no_entries_in_memory(keep_entries: bool) -> None:
    statement, _ = reading_of(_WHOLE, keep_entries).statements

    assert statement.tally.entries == 2
    assert len(statement.entries) == (2 if keep_entries else 0)


def test_two_documents_one_after_the_other_are_both_read() -> None:
    twice = statement_of("<DTPOSTED>20260504<TRNAMT>1.00") + "\n" + statement_of("<DTPOSTED>20260504<TRNAMT>2.00")

    statements = reading_of(twice).statements

    assert [statement.tally.sum for statement in statements] == [1_00, 2_00]


def test_a_second_document_does_not_hide_that_the_first_is_cut_off() -> None:
    first, second = (statement_of(f"<DTPOSTED>20260504<TRNAMT>{amount}") for amount in ("1.00", "2.00"))

    reading = reading_of(first[: first.index("</BANKTRANLIST>")] + second)

    assert len(reading.statements) == 2
    assert {finding.code for finding in reading.warnings} == {"end_tag_missing"}


def test_an_entry_that_corrects_its_own_id_replaces_one_of_an_earlier_file() -> None:
    entry = "<DTPOSTED>20260504<TRNAMT>-5.00<FITID>A<CORRECTFITID>A<CORRECTACTION>REPLACE"

    reading = reading_of(statement_of(entry))

    assert reading.statements[0].tally.sum == -5_00
    assert [finding.code for finding in reading.warnings] == ["corrected_elsewhere"]


def test_lines_that_end_in_carriage_returns_are_counted() -> None:
    text = statement_of("<DTPOSTED>20260504<TRNAMT>1.00", "<DTPOSTED>20260504<TRNAMT>x")

    for line_end in ("\n", "\r\n", "\r"):
        reading = reading_of(text.replace("\n", line_end))

        assert [(entry.line, entry.column) for entry in reading.statements[0].entries] == [(5, 1)]
        assert str(reading.quarantined[0].place) == "may.ofx:6:1"


@given(st.lists(st.integers(-(10**9), 10**9), max_size=20), st.sets(st.integers(0, 19)))
def test_the_sum_is_that_of_the_entries_that_can_be_read(amounts: list[int], broken: set[int]) -> None:
    entries = [f"<DTPOSTED>20260504<TRNAMT>{amount}{'x' if at in broken else ''}" for at, amount in enumerate(amounts)]

    reading = reading_of(statement_of(*entries, currency="JPY"))

    readable = [amount for at, amount in enumerate(amounts) if at not in broken]
    assert reading.statements[0].tally.sum == sum(readable)
    assert len(reading.quarantined) == len(amounts) - len(readable)

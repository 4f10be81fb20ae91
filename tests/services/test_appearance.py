"""What is said about a file that no importer recognises."""

import pytest

from tieout.contracts.reading import Head
from tieout.kernel.errors import Place
from tieout.services.files.appearance import finding_about_unrecognised


def code_and_words(raw: bytes) -> tuple[str, str]:
    """Code and words for a file with this content."""
    finding = finding_about_unrecognised(Head(raw), Place("may"))
    return finding.code, finding.message


@pytest.mark.parametrize(
    ("raw", "seems"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "a PDF document"),
        (b"PK\x03\x04\x14\x00", "an Excel workbook or another office document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", "an Excel workbook or another office document of an old format"),
        (b"\x89PNG\r\n\x1a\n\x00", "a picture (PNG)"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a picture (JPEG)"),
        (b"\x1f\x8b\x08\x00", "an archive packed with gzip"),
        (b"<!DOCTYPE html>\n<html><body>Log in, please; the session is over</body></html>", "a web page"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- a; b -->\n<HTML lang='no'>", "a web page"),
        (b"<?xml version='1.0'?><Invoice><ID>1</ID></Invoice>", "an XML document that begins with <Invoice>"),
        (b'{"entries": [1, 2],\n "next": 3}', "a JSON document"),
        (b'[\n {"amount": 1},\n {"amount": 2}]', "a JSON document"),
        (bytes(1_000), "nothing but zero bytes, as a broken download leaves them"),
    ],
)
def test_a_file_of_another_kind_is_called_by_its_name(raw: bytes, seems: str) -> None:
    code, words = code_and_words(raw)

    assert (code, words) == (
        "unknown_format",
        f"the content is in none of the formats that tieout reads; it seems to be {seems}",
    )


@pytest.mark.parametrize(
    ("raw", "header"),
    [
        (b"Date,Text,Amount\n2026-05-01,Coffee,-4.00\n", "Date,Text,Amount"),
        (b"Buchung;Text;Betrag\r\n01.05.2026;Kaffee;-4,00\r\n02.05.2026;Tee;-3,00", "Buchung;Text;Betrag"),
        (b"date\tamount\n1\t2\n3\t4\n", "date\tamount"),
        (b"Dato;Tekst;Bel\xf8p\n1;kaffe, sort;-4\n2;te, hvit;-3\n", "Dato;Tekst;Beløp"),
        (b"Account statement\nAccount: 1\n\nDate;Text;Amount\n1;a;2\n2;b;3\n3;c;4\n", "Date;Text;Amount"),
        (b"Date;Text;Amount", "Date;Text;Amount"),
        ("Date;Text;Amount\n1;a;2\n".encode("utf-16"), "Date;Text;Amount"),
        (b'Date,Text\n1,"a, b and c"\n2,"d"\n', "Date,Text"),
    ],
    ids=["comma", "semicolon", "tab", "latin-1", "preamble", "header only", "utf-16", "quotes"],
)
def test_a_table_needs_a_profile_and_its_header_is_shown(raw: bytes, header: str) -> None:
    code, words = code_and_words(raw)

    assert code == "needs_profile"
    assert words == f'a table whose columns nobody recognises; in "{header}"'.replace("\t", " ")


@pytest.mark.parametrize(
    "raw",
    [
        b"Dear customer,\nyour statement is ready.\nKind regards, your bank\n",
        b"one line, one comma",
        b"\x00\x01\x02,\x03,\x04\n\x05,\x06,\x07\n",
        bytes(range(256)) * 4,
        b"x",
        b"\x00 \x00",
    ],
    ids=["letter", "sentence", "binary with commas", "every byte", "one letter", "a blank among zeros"],
)
def test_text_and_bytes_that_are_no_table_are_an_unknown_format(raw: bytes) -> None:
    assert code_and_words(raw)[0] == "unknown_format"


@pytest.mark.parametrize(
    "raw",
    [
        b'<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><lolz>&b;</lolz>',
        b'<?xml version="1.0"?>\n<!-- a bank, honestly -->\n<!DOCTYPE x SYSTEM "file:///etc/hostname">\n<x/>',
        b"<!doctype x []><x/>",
    ],
)
def test_a_document_type_is_refused_as_such_whatever_document_it_is(raw: bytes) -> None:
    assert code_and_words(raw) == ("doctype", "the XML declares a document type")


@pytest.mark.parametrize("piece", [b"<!-- -->", b"<!-- ", b"<?x ?>", b"<? ", b" ", b"a,", b'"', b"a,\n", b"<a "])
def test_a_beginning_made_to_be_slow_is_looked_at_in_one_go(piece: bytes) -> None:
    code, _ = code_and_words((piece * 65_536)[:65_536])

    assert code in ("unknown_format", "needs_profile")

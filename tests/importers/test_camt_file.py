"""A camt file as bytes: recognised by its content, read in whatever encoding it really is, refused when unsafe."""

import re

import pytest

from tests.importers.camt_made import (
    NAMESPACE,
    balance,
    entry,
    figures,
    message,
    proved,
    reading_of,
    recognised,
    refusal_of,
    statement,
    the_statement,
)
from tieout.contracts.reading import BytesSource
from tieout.importers import camt
from tieout.importers._camt_xml import PROLOG_SIZE_MAX, SILENCE_MAX

MAY = proved(entry())
READ = [(1, "10.00", "100.00", "110.00", True)]


def _prefixed(text: str) -> str:
    """The same message with a prefix on every element."""
    beginning, _, document = text.partition("\n")
    return f"{beginning}\n" + re.sub(r"<(/?)(\w)", r"<\1camt:\2", document).replace("xmlns=", "xmlns:camt=")


def _in_envelope(text: str) -> str:
    """The same message behind a business header, as networks deliver it."""
    header = f"<AppHdr xmlns='urn:head'><MsgDefIdr>{NAMESPACE[-15:]}</MsgDefIdr></AppHdr>"
    return f"\n<Envelope>{header}{text.partition(chr(10))[2]}</Envelope>"


@pytest.mark.parametrize(("kind", "expected"), [("Stmt", "camt.053"), ("Rpt", "camt.052"), ("Ntfctn", "camt.054")])
@pytest.mark.parametrize("version", ["001.01", "001.02", "001.06", "001.08", "001.14"])
def test_the_message_element_names_the_format_and_the_namespace_the_version(
    kind: str, expected: str, version: str
) -> None:
    may = message(statement(), kind=kind, namespace=f"urn:iso:std:iso:20022:tech:xsd:{expected}.{version}")

    assert recognised(may) == expected
    assert (reading_of(may).format, reading_of(may).version) == (expected, version)


def test_the_first_version_numbers_its_message_element() -> None:
    may = MAY.replace("BkToCstmrStmt", "BkToCstmrStmtV01")

    assert recognised(may) == "camt.053"
    assert [figures(found) for found in reading_of(may).statements] == READ


@pytest.mark.parametrize(
    ("spelling", "version"),
    [
        (MAY, "001.08"),
        (MAY.replace(f' xmlns="{NAMESPACE}"', ""), None),
        (MAY.replace(NAMESPACE, "urn:bank:own"), None),
        (_prefixed(MAY), "001.08"),
        (_prefixed(MAY).replace(f' xmlns:camt="{NAMESPACE}"', ""), None),
        (_in_envelope(MAY), "001.08"),
        (_prefixed(_in_envelope(MAY)), "001.08"),
        (MAY.replace(" xmlns=", ' xsi:schemaLocation="camt.xsd" xmlns='), "001.08"),
        ("\n \n" + MAY, "001.08"),
        (MAY + "\x1a\x00", "001.08"),
        (MAY.replace("?>", "?><!-- <!DOCTYPE Document> <Ntry> -->", 1), "001.08"),
        (MAY.replace("\n", "\r\n"), "001.08"),
        (MAY.replace("\n", ""), "001.08"),
    ],
)
def test_a_message_is_read_by_local_names_whatever_stands_around_it(spelling: str, version: str | None) -> None:
    reading = reading_of(spelling)

    assert recognised(spelling) == "camt.053"
    assert reading.version == version
    assert [figures(found) for found in reading.statements] == READ
    assert (reading.warnings, reading.quarantined) == ([], [])


def test_several_messages_in_one_envelope_are_all_read() -> None:
    whole = f"<Envelope>{MAY.partition(chr(10))[2]}{MAY.partition(chr(10))[2]}</Envelope>"

    assert [figures(found) for found in reading_of(whole).statements] == READ * 2


@pytest.mark.parametrize(
    "other",
    [
        "",
        "BkToCstmrStmt",
        "<html><body>camt.053.001.08</body></html>",
        "<OFX><BANKMSGSRSV1></BANKMSGSRSV1></OFX>",
        "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:pain.001.001.09'><CstmrCdtTrfInitn/></Document>",
        "<a><!-- <BkToCstmrStmt> --></a>",
        "<BkToCstmrStmtLike/>",
    ],
)
def test_what_is_no_camt_message_is_left_to_others(other: str) -> None:
    assert recognised(other) is None


@pytest.mark.parametrize(
    ("declared", "encoding", "reported"),
    [
        ("UTF-8", "utf-8", "utf-8"),
        ("UTF-8", "utf-8-sig", "utf-8"),
        ("UTF-8", "cp1252", "cp1252"),
        ("UTF-16", "utf-8", "utf-8"),
        ("UTF-16", "utf-16", "utf-16"),
        ("UTF-8", "utf-16", "utf-16"),
        ("UTF-16", "utf-16-le", "utf-16-le"),
        ("UTF-16", "utf-16-be", "utf-16-be"),
        ("ISO-8859-15", "iso-8859-15", "iso8859-15"),
        ("ISO-8859-1", "utf-8", "utf-8"),
        ("ISO-8859-1", "iso-8859-1", "iso8859-1"),
        ("no-such-page", "cp1252", "cp1252"),
        ("idna", "cp1252", "cp1252"),
        ("base64", "cp1252", "cp1252"),
    ],
)
def test_the_encoding_that_decodes_the_bytes_is_used_and_reported(declared: str, encoding: str, reported: str) -> None:
    text = "<NtryDtls><TxDtls><RmtInf><Ustrd>Gebühr für Mai</Ustrd></RmtInf></TxDtls></NtryDtls>"
    may = proved(entry(inside=text)).replace("UTF-8", declared).encode(encoding)

    reading = reading_of(may)

    assert recognised(may) == "camt.053"
    assert reading.encoding == reported
    assert [found.description for found in reading.statements[0].entries] == ["Gebühr für Mai"]


def test_a_declared_encoding_that_makes_no_xml_of_the_bytes_is_not_believed() -> None:
    may = MAY.replace("UTF-8", "UTF-16-LE").replace("S1", "Sé").encode("cp1252")
    even = may if len(may) % 2 == 0 else may + b"\n"

    assert reading_of(even).encoding == "cp1252"


def test_a_byte_that_no_code_page_has_is_read_as_latin_1() -> None:
    reading = reading_of(MAY.replace("S1", "S\x81").encode("latin-1"))

    assert reading.encoding == "latin-1"
    assert [figures(found) for found in reading.statements] == READ


def test_text_that_is_cut_inside_a_character_is_found_broken_and_never_fails() -> None:
    assert refusal_of(MAY.encode("utf-16")[:-31]).startswith("truncated may.xml:")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("before", ["", "\n", "<!-- no harm é -->\n", "<?bank one?>\n"])
def test_a_document_type_is_refused_in_every_encoding_before_anything_is_parsed(encoding: str, before: str) -> None:
    declared = '<!DOCTYPE Document [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>\n'
    may = MAY.replace("<Document", f"{before}{declared}<Document").replace("<Id>S1", "<Id>&b;é").encode(encoding)

    line = 2 + before.count("\n")
    assert recognised(may) == "camt.053"
    assert refusal_of(may) == f"doctype may.xml:{line}:1: the XML declares a document type"


def test_the_words_of_a_document_type_inside_a_text_are_no_document_type() -> None:
    text = "<NtryDtls><TxDtls><RmtInf><Ustrd><![CDATA[<!DOCTYPE x> & <Ntry>]]></Ustrd></RmtInf></TxDtls></NtryDtls>"

    (found,) = the_statement(proved(entry(inside=text))).entries

    assert found.description == "<!DOCTYPE x> & <Ntry>"


@pytest.mark.parametrize(
    "envelope",
    [
        message(),
        message().replace("<GrpHdr><MsgId>M1</MsgId></GrpHdr>", ""),
        f"<Document xmlns='{NAMESPACE}'/>",
        f"<Document xmlns='{NAMESPACE}'><Stmt><Id>elsewhere</Id></Stmt></Document>",
        f"<Bal xmlns='{NAMESPACE}'/>",
        f"<Stmt xmlns='{NAMESPACE}'><Ntry/></Stmt>",
    ],
)
def test_a_message_without_a_statement_is_refused(envelope: str) -> None:
    assert recognised(envelope) == "camt.053"
    assert refusal_of(envelope) == "no_statement may.xml: a camt message without any statement in it"


def test_elements_of_an_envelope_that_are_named_like_ours_are_not_ours() -> None:
    supplementary = f"<SplmtryData><Envlp><Stmt>{entry('7.00')}{balance('OPBD', '1.00')}</Stmt></Envlp></SplmtryData>"

    reading = reading_of(proved(entry(), supplementary, entry("0.00")))

    assert [figures(found) for found in reading.statements] == [(2, "10.00", "100.00", "110.00", True)]


@pytest.mark.parametrize("depth", [300, 10_000])
def test_elements_nested_too_deep_are_refused(depth: int) -> None:
    deep = MAY.replace("<Ntry>", "<Ntry>" + "<a>" * depth + "</a>" * depth)

    assert refusal_of(deep).startswith("too_deep may.xml:5:")


def test_a_text_longer_than_any_bank_writes_is_refused() -> None:
    assert refusal_of(MAY.replace("S1", "1" * (SILENCE_MAX + 1))).startswith("too_large may.xml: more than 8 MiB")


def test_elements_that_are_no_entries_may_not_fill_memory() -> None:
    other = "<Other>x</Other>" * (SILENCE_MAX // 15)

    assert refusal_of(proved(entry(), other)) == "too_large may.xml: more than 8 MiB without an entry"


def test_a_beginning_without_any_element_is_refused() -> None:
    assert refusal_of("<!-- -->") == "not_well_formed may.xml:1:9: no XML element begins here"
    assert refusal_of("<!--" + "-" * PROLOG_SIZE_MAX).startswith("not_well_formed may.xml:1:1: no XML element")


@pytest.mark.parametrize("spelling", [MAY, _prefixed(MAY), _in_envelope(MAY), MAY.replace("10.00", "1o.00")])
def test_counting_says_what_reading_everything_says(spelling: str) -> None:
    counted, kept = reading_of(spelling, keep_entries=False), reading_of(spelling)

    assert [found.entries for found in counted.statements] == [[]]
    assert [found.tally for found in counted.statements] == [found.tally for found in kept.statements]
    assert [found.proof for found in counted.statements] == [found.proof for found in kept.statements]
    assert (counted.warnings, counted.quarantined) == (kept.warnings, kept.quarantined)


def test_a_file_larger_than_one_piece_is_read_to_its_end() -> None:
    many = [entry("0.01", on="2026-05-04") for _ in range(2_000)]
    may = proved(*many, entry("", on=""), closing="120.00")

    reading = camt.read(BytesSource("may.xml", may.encode()), keep_entries=True, profile=None)

    assert [figures(found) for found in reading.statements] == [(2_000, "20.00", "100.00", "120.00", True)]
    assert [str(finding.place) for finding in reading.quarantined] == ["may.xml:2005:1"]
    assert [each.line for each in reading.statements[0].entries] == list(range(5, 2005))

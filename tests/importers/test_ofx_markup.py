"""OFX markup: leaves and aggregates told apart, whatever is left unclosed."""

import pytest

from tieout.importers._ofx_markup import DEPTH_MAX, Aggregate, NestedTooDeep, parse


def _only(text: str, name: str) -> Aggregate:
    (found,) = [part for part in parse(text).top.within() if part.name == name]
    return found


@pytest.mark.parametrize(
    "inside",
    [
        "<TRNAMT>5.00<FITID>7<MEMO>lunch",
        "<TRNAMT>5.00</TRNAMT><FITID>7</FITID><MEMO>lunch</MEMO>",
        "<TRNAMT>5.00\r\n<FITID>7</FITID>\r\n<MEMO>\r\n lunch \r\n",
        "<TRNAMT >5.00<CHECKNUM><FITID>7<REFNUM/><MEMO>lunch<NAME>",
        "<trnamt>5.00<fitid>7<memo>lunch",
        "<a:TRNAMT>5.00</a:TRNAMT><a:FITID>7</a:FITID><a:MEMO>lunch</a:MEMO>",
        "<!-- a note --><TRNAMT>5.00<FITID>7<!-- <FITID>8 --><MEMO><![CDATA[lunch]]>",
        "<NAME></NAME><TRNAMT>5.00<FITID>7<MEMO>lunch<MEMO>lunch",
    ],
)
def test_leaves_are_read_closed_or_not(inside: str) -> None:
    entry = _only(f"<OFX><STMTTRN>{inside}</STMTTRN></OFX>", "STMTTRN")

    assert entry.leaves == {"TRNAMT": "5.00", "FITID": "7", "MEMO": "lunch"}
    assert entry.parts == []


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("AT&T &amp; Sons", "AT&T & Sons"),
        ("a &lt; b &gt; c &quot;d&quot; &apos;e&apos;", "a < b > c \"d\" 'e'"),
        ("caf&eacute; &#233; &#xE9;&nbsp;!", "café é é\u00a0!"),
        ("&unknown; &#0; &#x110000; &", "&unknown; &#0; &#x110000; &"),
        ("&amp;amp;", "&amp;"),
        ("1 < 2, 3 <4, <5> or mail <a@b.example>", "1 < 2, 3 <4, <5> or mail <a@b.example>"),
        ("<![CDATA[<b> &amp; ]]>", "<b> &amp;"),
        ("first\r\n   second\n\nthird&#10;fourth", "first second third fourth"),
    ],
)
def test_the_text_of_a_leaf_is_what_a_reader_would_see(written: str, text: str) -> None:
    assert _only(f"<OFX><STMTTRN><MEMO>{written}</MEMO></STMTTRN></OFX>", "STMTTRN").leaf("MEMO") == text


def test_an_empty_leaf_that_is_never_closed_takes_nothing_from_its_neighbours() -> None:
    text = "<OFX><STMTTRN><NAME><TRNAMT>1.00<MEMO></STMTTRN><STMTTRN><NAME>A</NAME><TRNAMT>2.00</STMTTRN></OFX>"

    entries = [part.leaves for part in parse(text).top.within() if part.name == "STMTTRN"]

    assert entries == [{"TRNAMT": "1.00"}, {"NAME": "A", "TRNAMT": "2.00"}]


def test_a_vendor_aggregate_keeps_its_leaves_to_itself() -> None:
    entry = _only("<OFX><STMTTRN><X.EXTRA><NAME>inner</X.EXTRA><NAME>outer<TRNAMT>1.00</STMTTRN></OFX>", "STMTTRN")

    assert entry.leaf("NAME") == "outer"
    assert [(part.name, part.leaves) for part in entry.parts] == [("X.EXTRA", {"NAME": "inner"})]


def test_an_entry_that_opens_closes_the_one_before_it() -> None:
    markup = parse("<OFX><BANKTRANLIST><STMTTRN><FITID>1<STMTTRN><FITID>2</BANKTRANLIST></OFX>")

    entries = [part for part in markup.top.within() if part.name == "STMTTRN"]

    assert [entry.leaf("FITID") for entry in entries] == ["1", "2"]
    assert markup.unclosed == entries


def test_an_end_tag_of_nothing_that_is_open_is_passed_over() -> None:
    markup = parse("<OFX><CCSTMTRS><CURDEF>EUR</STMTRS></BANKTRANLIST></FITID></CCSTMTRS></OFX>")

    assert (markup.open_at_end, markup.unclosed) == ((), [])


def test_what_the_end_of_the_file_leaves_open_is_named_from_outside_in() -> None:
    markup = parse("<OFX><BANKMSGSRSV1><STMTTRNRS></STMTTRNRS><STMTTRNRS><STMTRS><CURDEF>EUR")

    assert [part.name for part in markup.open_at_end] == ["OFX", "BANKMSGSRSV1", "STMTTRNRS", "STMTRS"]


def test_a_leaf_that_is_repeated_with_another_text_loses_neither() -> None:
    entry = _only("<OFX><STMTTRN><MEMO>a<MEMO>b</STMTTRN></OFX>", "STMTTRN")

    assert entry.leaf("MEMO") == "a\nb"


def test_a_comment_that_never_ends_hides_nothing() -> None:
    assert _only("<OFX><!-- <STMTTRN><FITID>1</STMTTRN></OFX>", "STMTTRN").leaf("FITID") == "1"


def test_aggregates_nested_deeper_than_any_statement_are_refused() -> None:
    names = [f"A{level}" for level in range(DEPTH_MAX + 1)]
    text = "".join(f"<{name}>" for name in names) + "<X>1" + "".join(f"</{name}>" for name in reversed(names))

    with pytest.raises(NestedTooDeep):
        parse(text)

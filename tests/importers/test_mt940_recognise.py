"""MT940 and MT942 are recognised by their content, and nothing else is."""

import pytest

from tests.importers.mt940_told import recognised, statement_of


@pytest.mark.parametrize(
    "header",
    [
        "",
        "\n",
        "\ufeff",
        ":940:\n",
        "940 00\n",
        "EXAMNL2A\n940\nEXAMNL2A\n",
        "0000 01EXAMNL2AXXXX00001\n0000 01EXAMNL2AXXXX00001\n940 00\n",
        "{1:F01EXAMNL2AXXX0000000000}{2:I940EXAMNL2AXXXN}{3:}{4:\n",
        "{1:F01EXAMNL2AXXX0000000000}\n{2:I940EXAMNL2AXXXN}\n{4:\n",
        "\x01{1:F01EXAMNL2AXXX0000000000}{2:I940EXAMNL2AXXXN}{4:\n",
        "Ä4:\n",
    ],
)
def test_a_statement_is_recognised_behind_every_header_that_banks_write(header: str) -> None:
    assert recognised(header + statement_of()) == "mt940"
    assert recognised((header + statement_of()).replace("\n", "\r\n")) == "mt940"


@pytest.mark.parametrize(
    "text",
    [
        ":20:A\n:25:1\n:28C:1\n:34F:EUR0,\n:13D:2605051032+0200\n:90C:0EUR0,\n-",
        ":34F:EURD12,\n:61:260504C1,00NTRFNONREF\n",
        "{1:F01EXAMNL2AXXX0000000000}{2:O9421200EXAMNL2AXXXN}{4:\n:20:A\n:25:1\n:61:260504C1,00NTRFNONREF\n-}",
    ],
)
def test_an_interim_report_is_recognised(text: str) -> None:
    assert recognised(text) == "mt942"


@pytest.mark.parametrize("text", [":61:260504C1,00NTRFNONREF", ":62F:C260504EUR1,00", ":86:166?00TEXT", ":25:1234/56"])
def test_a_fragment_is_recognised_by_the_field_that_it_begins_with(text: str) -> None:
    assert recognised(text) == "mt940"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1\n2\n3\n",
        "tag,meaning\n:61:,statement line\n:86:,remittance text\n",
        "Dear colleague,\n\nthe line\n:61:2605040504D10,00NTRFNONREF\nis wrong.\n",
        ":61: holds the entry, :86: its text\n",
        "How to read MT940\n:20: is the reference\n:25: is the account\n",
        '{"statement": "\n:61:2605040504D10,00NTRFNONREF\n"}',
        "<?xml version='1.0'?>\n<a>\n:61:2605040504D10,00NTRFNONREF\n</a>",
        "date;amount\n2026-05-04;10,00\n",
        ":21:32 we met\n",
        "OFXHEADER:100\nDATA:OFXSGML\n:20:1\n",
    ],
)
def test_other_texts_are_not_recognised_even_where_they_mention_the_fields(text: str) -> None:
    assert recognised(text) is None

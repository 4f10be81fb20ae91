"""XML bodies: what is taken and what is refused."""

import pytest

from tieout.contracts.exact_xml import BadXml, read_xml


def test_a_document_is_read_without_comments_and_instructions() -> None:
    root = read_xml(b'<?xml version="1.0" encoding="UTF-8"?><a><!-- no --><?do it?><b>\xc3\xb8</b></a>')

    assert [child.tag for child in root] == ["b"]
    assert root.findtext("b") == "\u00f8"


def test_several_roots_come_below_one_where_a_dialect_asks_for_it() -> None:
    root = read_xml(b'<?xml version="1.0"?><a>1</a><b>2</b>', several_roots=True)

    assert [(child.tag, child.text) for child in root] == [("a", "1"), ("b", "2")]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not_xml"),
        (b"<a>", "not_xml"),
        (b"<a/><b/>", "not_xml"),
        (b"<a>&undefined;</a>", "not_xml"),
        (b"<a>\xff</a>", "not_xml"),
        (b"<a>&#0;</a>", "not_xml"),
        ('<?xml version="1.0"?><a/>'.encode("utf-16"), "not_xml"),
        (b"<!DOCTYPE a><a/>", "doctype"),
        (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "doctype"),
        (b'<!DOCTYPE a [<!ENTITY b "cc"><!ENTITY c "&b;&b;">]><a>&c;</a>', "doctype"),
        (b"<a>" * 33 + b"</a>" * 33, "too_deep"),
        (b"<a>" * 100_000, "not_xml"),
    ],
)
def test_what_could_do_harm_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(BadXml) as refused:
        read_xml(body)

    assert refused.value.reason == reason

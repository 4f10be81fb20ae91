"""Broken XML: a fault inside one entry costs that entry; a file that ends early or breaks elsewhere is refused."""

import pytest

from tests.importers.camt_made import balance, entry, figures, message, proved, reading_of, refusal_of, statement
from tieout.importers._camt_damage import BROKEN_ENTRIES_MAX

GOOD = entry("10.00")


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (entry("1.00").replace("BOOK", "B&OK"), "EntityRef: expecting ';'"),
        (entry("1.00").replace("BOOK", "B&nbsp;K"), "Entity 'nbsp' not defined"),
        (entry("1.00").replace("BOOK", "B<OK"), "error parsing attribute name"),
        (entry("1.00").replace("</Amt>", ""), "Opening and ending tag mismatch: Amt line 6 and Ntry"),
        (entry("1.00").replace("</Ntry>", ""), "Opening and ending tag mismatch: Ntry line 6 and Stmt"),
        (entry("1.00").replace("BOOK", "B\x0bOK"), "PCDATA invalid Char value 11"),
        (entry("1.00").replace("<Sts>", "<Sts x=1>"), "AttValue: \" or ' expected"),
        (entry("1.00").replace("BOOK", "<![CDATA[<Ntry>]]>&"), "xmlParseEntityRef: no name"),
    ],
)
@pytest.mark.parametrize("after", [GOOD, ""])
def test_an_entry_whose_xml_is_broken_is_quarantined_and_the_rest_is_read(broken: str, why: str, after: str) -> None:
    may = proved(GOOD, broken, after, closing="111.00")

    reading = reading_of(may)

    assert [(finding.code, str(finding)) for finding in reading.quarantined] == [
        ("broken_xml", f"may.xml:6:1: the XML of an entry is broken: {why}")
    ]
    entries = 2 if after else 1
    assert figures(reading.statements[0]) == (entries, f"{entries}0.00", "100.00", "111.00", False)


def test_entries_behind_a_broken_one_keep_their_places() -> None:
    may = proved(GOOD, entry("1.00", inside="<a>&</a>\n<b/>\n"), entry("2.00"), entry(""))

    reading = reading_of(may)

    assert [each.line for each in reading.statements[0].entries] == [5, 9]
    assert [str(finding.place) for finding in reading.quarantined] == ["may.xml:6:1", "may.xml:10:1"]


def test_several_broken_entries_are_quarantined_one_by_one() -> None:
    broken = entry("1.00").replace("BOOK", "&")
    several = [broken] * BROKEN_ENTRIES_MAX

    assert len(reading_of(proved(GOOD, *several)).quarantined) == BROKEN_ENTRIES_MAX
    assert refusal_of(proved(GOOD, *several, broken)).startswith(f"not_well_formed may.xml:{6 + BROKEN_ENTRIES_MAX}:")


def test_a_fault_before_any_complete_entry_refuses_the_file() -> None:
    assert refusal_of(proved(GOOD.replace("BOOK", "&"), GOOD)).startswith("not_well_formed may.xml:5:")
    assert refusal_of(proved(GOOD).replace("<Id>S1", "<Id>&")).startswith("not_well_formed may.xml:3:")


@pytest.mark.parametrize("elsewhere", ["&", "<Bal>", "</Bal>", "<a b></a>"])
def test_a_fault_between_entries_refuses_the_file(elsewhere: str) -> None:
    assert refusal_of(proved(GOOD, elsewhere, GOOD)).startswith("not_well_formed may.xml:")


def test_the_line_of_a_fault_is_right_behind_an_entry_that_was_left_out() -> None:
    broken = entry("1.00", inside="<a>&</a>\n\n\n")

    assert refusal_of(proved(GOOD, broken, GOOD, "</Bal>")).startswith("not_well_formed may.xml:11:")


def test_text_behind_the_end_of_the_message_refuses_the_file() -> None:
    assert refusal_of(proved(GOOD) + proved(GOOD)).startswith("not_well_formed may.xml:9:")


WHOLE = proved(GOOD, entry("5.00"), closing="115.00")
ENTRY_END = WHOLE.index("</Ntry>") + len("</Ntry>")


@pytest.mark.parametrize(
    "end",
    [
        ENTRY_END,
        ENTRY_END + 10,
        WHOLE.index("</Ntry>", ENTRY_END),
        WHOLE.index("CLBD"),
        WHOLE.index("</Stmt>"),
        WHOLE.index("</Document>"),
        WHOLE.index("</Document>") + 5,
    ],
)
def test_a_file_that_ends_after_complete_entries_is_refused_as_truncated(end: int) -> None:
    assert refusal_of(WHOLE[:end]).startswith("truncated may.xml:")


@pytest.mark.parametrize("end", [len(WHOLE) - 1, len(WHOLE)])
def test_the_line_break_behind_the_root_may_be_missing(end: int) -> None:
    assert figures(reading_of(WHOLE[:end]).statements[0]) == (2, "15.00", "100.00", "115.00", True)


@pytest.mark.parametrize("end", [60, WHOLE.index("OPBD"), WHOLE.index("<Ntry>") + 3, ENTRY_END - 4])
def test_a_file_that_ends_before_any_complete_entry_is_not_well_formed(end: int) -> None:
    assert refusal_of(WHOLE[:end]).startswith("not_well_formed may.xml:")


def test_a_file_that_breaks_and_then_ends_early_is_truncated() -> None:
    may = proved(GOOD, GOOD.replace("BOOK", "&"), GOOD)

    assert refusal_of(may[: may.index("</Stmt>")]).startswith("truncated may.xml:")


def test_the_number_of_entries_before_the_end_is_said() -> None:
    assert " the file ends after 1 entry, inside a statement" in refusal_of(WHOLE[: ENTRY_END + 10])
    assert " the file ends after 2 entries, inside a statement" in refusal_of(WHOLE[: WHOLE.index("CLBD")])


def test_a_broken_entry_in_a_later_statement_is_found_by_its_place_in_the_file() -> None:
    first = statement(balance("OPBD", "0.00"), GOOD, balance("CLBD", "10.00"))
    second = statement(balance("OPBD", "10.00"), GOOD.replace("BOOK", "&"), GOOD, balance("CLBD", "30.00"), number="S2")

    reading = reading_of(message(first, second))

    assert [figures(found)[-1] for found in reading.statements] == [True, False]
    assert [str(finding.place) for finding in reading.quarantined] == ["may.xml:10:1"]

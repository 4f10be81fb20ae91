"""Sample files that other projects publish: what the importer makes of each, and why each proof that fails does so.

Where a proof holds, the file decided who is right; most that fail were made anonymous by changing amounts.
"""

from pathlib import Path
from typing import NamedTuple

import pytest

from tieout.contracts.reading import BytesSource, head_of
from tieout.domain.statements import Statement
from tieout.importers import camt
from tieout.kernel.errors import Refused
from tieout.kernel.money import decimal_text
from tieout.proofs.chains import chain_faults

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "corpus"
FOLDERS = ("camt052", "camt053", "camt054")

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the sample files are not there: shared/corpus beside the checkout"
)


class Expected(NamedTuple):
    """What a file holds. A statement is booked entries, their sum, whether the proof holds, and the gap."""

    version: str | None
    statements: tuple[tuple[int, str, bool | None, str | None], ...] = ()
    pending: int = 0
    quarantined: int = 0
    warned: tuple[str, ...] = ()
    why: str = ""  # a proof fails, or nothing can be proved


def unproved(entries: int, total: str) -> tuple[tuple[int, str, bool | None, str | None], ...]:
    """One statement of which nothing can be proved."""
    return ((entries, total, None, None),)


DEBIT_CLOSING = "the closing balance is marked DBIT, and stated in SEK for an account in EUR"
NO_BALANCES = "no booked balances"

EXPECTED = {
    "camt052/genkgo-camt__camt052.v4.xml": Expected(
        "001.04",
        unproved(0, "0.00"),
        quarantined=1,
        warned=("missing_page",),
        why="a lone ITBD, an entry in another currency",
    ),
    "camt052/genkgo-camt__camt052.v6.xml": Expected(
        "001.06",
        unproved(0, "0.00"),
        quarantined=1,
        warned=("missing_page",),
        why="a lone ITBD, an entry in another currency",
    ),
    "camt052/genkgo-camt__camt052.v8.xml": Expected("001.08", unproved(1, "-200000.00"), why=NO_BALANCES),
    "camt052/sebastienrousseau-camt053__business_sample_camt.052.001.04.xml": Expected(
        "001.04", unproved(1, "-200000.00"), pending=1, why=NO_BALANCES
    ),
    "camt052/viafintech-camt_parser__valid_example.xml": Expected("001.02", ((2, "5.00", True, "0.00"),)),
    "camt053/genkgo-camt__camt053.v2.all-balance-types.xml": Expected(
        "001.02", ((1, "8.85", False, "-5.82"),), why="ten balances of invented amounts; 1.01 opens and 4.04 closes"
    ),
    "camt053/genkgo-camt__camt053.v2.minimal.ultimate.xml": Expected(
        "001.02", ((1, "8.85", False, "-54.00"),), warned=("balance_currency",), why=DEBIT_CLOSING
    ),
    "camt053/genkgo-camt__camt053.v2.minimal.xml": Expected(
        "001.02", ((1, "8.85", False, "-54.00"),), warned=("balance_currency",), why=DEBIT_CLOSING
    ),
    "camt053/genkgo-camt__camt053.v2.multi.statement.xml": Expected(
        "001.02", ((1, "8.85", True, "0.00"), (1, "-7.00", True, "0.00"))
    ),
    "camt053/genkgo-camt__camt053.v2.with-party-ids.xml": Expected(
        "001.02", ((1, "8.85", False, "-54.00"),), warned=("balance_currency",), why=DEBIT_CLOSING
    ),
    "camt053/genkgo-camt__camt053.v3.xml": Expected(
        "001.03", ((1, "8.85", False, "-54.00"),), warned=("details_differ", "balance_currency"), why=DEBIT_CLOSING
    ),
    "camt053/genkgo-camt__camt53.only-Dt-with-DtTm.xml": Expected(
        "001.02", unproved(0, "0.00"), why="no closing balance"
    ),
    "camt053/prowide-prowide-iso20022__camt.053.001.07.xml": Expected("001.07", unproved(0, "0.00"), why=NO_BALANCES),
    "camt053/sebastienrousseau-bankstatementparser__camt053_duplicate_same_day.xml": Expected(
        "001.02", unproved(2, "-9.00"), why=NO_BALANCES
    ),
    "camt053/sebastienrousseau-bankstatementparser__camt053_garbled_amount.xml": Expected(
        "001.02", unproved(0, "0.00"), quarantined=1, why=NO_BALANCES
    ),
    "camt053/sebastienrousseau-bankstatementparser__camt053_no_namespace.xml": Expected(
        None, ((1, "250.00", True, "0.00"),)
    ),
    "camt053/sebastienrousseau-camt053__business_sample_camt.053.001.04.xml": Expected(
        "001.04", ((3, "-64321.50", True, "0.00"),), warned=("details_differ",)
    ),
    "camt053/viafintech-camt_parser__valid_example.xml": Expected("001.02", ((4, "-10.00", True, "0.00"),)),
    "camt053/viafintech-camt_parser__valid_example_v4.xml": Expected("001.04", ((13, "537.61", True, "0.00"),)),
    "camt053/viafintech-camt_parser__valid_example_with_datetime.xml": Expected(
        "001.10",
        unproved(1, "195.86"),
        warned=("control_total",),
        why="no opening balance, and 13 of 14 entries were removed",
    ),
    "camt053/viafintech-camt_parser__valid_example_with_debit.xml": Expected(
        "001.02", ((4, "-10.00", False, "66.12"),), why="the mark of the opening balance was turned to DBIT"
    ),
    "camt053/viafintech-camt_parser__valid_example_with_instdamt.xml": Expected(
        "001.02",
        ((1, "4500.00", False, "-100.00"),),
        warned=("details_differ",),
        why="the opening is not part of the closing",
    ),
    "camt054/genkgo-camt__camt054.v2.with-account-name.xml": Expected(
        "001.02", unproved(1, "-200000.00"), warned=("no_booking_date",), why=NO_BALANCES
    ),
    "camt054/genkgo-camt__camt054.v8.xml": Expected(
        "001.08", unproved(1, "-200000.00"), warned=("missing_page",), why=NO_BALANCES
    ),
    "camt054/viafintech-camt_parser__valid_example.xml": Expected("001.04", unproved(4, "59.03"), why=NO_BALANCES),
}

# Daily files of one bank: reports without entries, statements of two accounts, and advices of one pending entry each.
DAILY = "Subite-eu-camt-to-coda__"
REPORT_DAYS = ("03-13", "03-15", "03-16", "03-17", "03-19", "03-20", "03-21")
ADVICE_DAYS = ("03-07", "03-08", "03-10", "03-13", "03-15", "03-16", "03-17")
STATEMENT_DAYS = {
    "03-13": (6, "-512111.19"),
    "03-18": (3, "266708.40"),
    "03-20": (5, "141613.65"),
    "03-22": (10, "1212618.88"),
    "03-25": (12, "-2079553.09"),
    "03-26": (4, "173282.65"),
    "03-27": (7, "-757946.50"),
    "04-03": (8, "2815258.00"),
    "04-10": (9, "1834097.80"),
    "04-11": (15, "-4269179.76"),
    "04-17": (5, "1357428.38"),
    "04-18": (7, "628739.89"),
}
SECOND_ACCOUNT = {"03-22": (1, "-2000.00")}

EXPECTED |= {
    f"camt052/{DAILY}LT809872649478701594_2024-{day}.xml": Expected("001.06", unproved(0, "0.00"), why=NO_BALANCES)
    for day in REPORT_DAYS
}
EXPECTED |= {
    f"camt054/{DAILY}LT809872649478701594_2024-{day}.xml": Expected(
        "001.10", unproved(0, "0.00"), pending=1, why=NO_BALANCES
    )
    for day in ADVICE_DAYS
}
EXPECTED |= {
    f"camt053/{DAILY}LT625883379695428516_2024-{day}.xml": Expected(
        "001.08",
        ((*figures, True, "0.00"), (*SECOND_ACCOUNT.get(day, (0, "0.00")), True, "0.00")),
        warned=("no_booking_date",) * (figures[0] + SECOND_ACCOUNT.get(day, (0, ""))[0]),
    )
    for day, figures in STATEMENT_DAYS.items()
}

WITHOUT_STATEMENT = "camt053/genkgo-camt__camt053.v2.wrong.xml"


def source_of(path: str) -> BytesSource:
    """A sample file."""
    return BytesSource(path, (FOLDER / path).read_bytes())


def figures_of(statement: Statement) -> tuple[int, str, bool | None, str | None]:
    """Booked entries, their sum, whether the proof holds, and the gap."""
    gap = None if statement.proof.gap is None else decimal_text(statement.proof.gap, statement.exponent)
    total = decimal_text(statement.tally.sum, statement.exponent)
    return statement.tally.entries, total, statement.proof.holds, gap


@pytest.mark.parametrize("path", EXPECTED)
def test_a_published_file_gives_the_statements_that_were_checked_by_hand(path: str) -> None:
    expected, source = EXPECTED[path], source_of(path)

    reading = camt.read(source, keep_entries=True, profile=None)

    assert reading.format == camt.recognise(head_of(source)) == f"{path[:4]}.{path[4:7]}"
    assert (reading.version, reading.encoding) == (expected.version, "utf-8")
    assert tuple(figures_of(statement) for statement in reading.statements) == expected.statements
    assert sum(statement.tally.pending_entries for statement in reading.statements) == expected.pending
    assert len(reading.quarantined) == expected.quarantined
    assert sorted(warning.code for warning in reading.warnings) == sorted(expected.warned)


@pytest.mark.parametrize("path", EXPECTED)
def test_counting_a_published_file_says_what_reading_it_says(path: str) -> None:
    source = source_of(path)

    kept = camt.read(source, keep_entries=True, profile=None)
    counted = camt.read(source, keep_entries=False, profile=None)

    assert [statement.tally for statement in counted.statements] == [statement.tally for statement in kept.statements]
    assert (counted.warnings, counted.quarantined) == (kept.warnings, kept.quarantined)


def test_every_proof_that_does_not_hold_has_its_reason_here() -> None:
    holding = {path for path, found in EXPECTED.items() if all(figures[2] for figures in found.statements)}

    assert {path for path, found in EXPECTED.items() if not found.why} == holding


def test_a_published_envelope_without_a_statement_is_refused() -> None:
    source = source_of(WITHOUT_STATEMENT)

    with pytest.raises(Refused) as refused:
        camt.read(source, keep_entries=False, profile=None)

    assert [finding.code for finding in refused.value.findings] == ["no_statement"]


def test_every_published_file_is_listed_here() -> None:
    there = {f"{folder}/{path.name}" for folder in FOLDERS for path in (FOLDER / folder).iterdir()}

    assert there == {*EXPECTED, WITHOUT_STATEMENT}


def test_daily_statements_that_follow_each_other_link_by_account_and_not_by_file() -> None:
    days = ("03-25", "03-26", "03-27")
    paths = [f"camt053/{DAILY}LT625883379695428516_2024-{day}.xml" for day in days]

    readings = [camt.read(source_of(path), keep_entries=False, profile=None) for path in paths]
    statements = [statement for reading in readings for statement in reading.statements]

    assert [statement.account for statement in statements[:2]] == ["LT625883379695428516", "LT414319056143772570"]
    assert chain_faults(statements) == []

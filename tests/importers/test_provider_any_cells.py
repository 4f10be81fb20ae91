"""Whatever stands in the cells of a provider's report, nothing of it is lost without being said."""

from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.importers.provider_told import ADYEN, RELEASE, read
from tieout.importers import provider_adyen, provider_mercadopago

_AMOUNTS = st.sampled_from(
    ["", "0.00", "12.50", "-3.10", "1,5", "1.234,56", "2E+15", "9.700", "abc", "0.0712", "7" * 19]
)
_TEXTS = st.sampled_from(
    [
        "",
        "Settled",
        "Chargeback",
        "payment",
        "MerchantPayout",
        "release",
        "EUR",
        "NOK",
        "JPY",
        "XXX",
        "7",
        "[a",
        "}",
    ]
)
_DAYS = st.sampled_from(["2026-05-04T10:00:00.000-04:00", "2026-05-04 10:00:00", "04/05/2026", "", "2026-13-01"])
_CELLS = st.one_of(_AMOUNTS, _TEXTS, _DAYS, st.text("\"'\u2212;[]{}=x9 ", max_size=4))


def _is_an_amount(column: str) -> bool:
    return column.endswith(("AMOUNT", "(NC)", "(GC)"))


def _rows(columns: tuple[str, ...]) -> st.SearchStrategy[list[list[str]]]:
    """Rows of any cells that have an id, so that none is empty."""
    cell = {name: st.one_of(_AMOUNTS, _AMOUNTS, _CELLS) if _is_an_amount(name) else _CELLS for name in columns}
    cell |= dict.fromkeys(("Psp Reference", "SOURCE_ID"), st.just("8811"))
    return st.lists(st.tuples(*(cell[name] for name in columns)).map(list), min_size=1, max_size=5)


@pytest.mark.parametrize(("importer", "columns"), [(provider_adyen, ADYEN), (provider_mercadopago, RELEASE)])
@settings(max_examples=40)
@given(choice=st.data())
def test_every_row_of_a_report_is_counted_or_quarantined(
    importer: ModuleType, columns: tuple[str, ...], choice: st.DataObject
) -> None:
    rows = choice.draw(_rows(columns))
    lines = [",".join(columns), *(",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in rows)]

    reading = read(importer, "\n".join(lines) + "\n")
    counted = read(importer, "\n".join(lines) + "\n", keep_entries=False)

    tallies = [statement.tally for statement in reading.movements]
    entries = [entry for statement in reading.movements for entry in statement.entries]
    assert sum(tally.sum for tally in tallies) == sum(entry.minor_units for entry in entries)
    assert sum(tally.entries for tally in tallies) + len(reading.quarantined) == len(rows)
    assert {entry.line for entry in entries} <= set(range(2, len(rows) + 2))
    assert [statement.tally for statement in counted.movements] == tallies
    assert (counted.warnings, counted.quarantined) == (reading.warnings, reading.quarantined)

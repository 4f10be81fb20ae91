"""A statement as importers build it, entry by entry."""

import pytest

from tieout.contracts.building import StatementBuilder
from tieout.domain.statements import Balance, StatementEntry
from tieout.kernel.errors import TieoutError


def test_an_amount_that_was_refused_leaves_no_trace_in_the_decimals_of_a_statement_without_currency() -> None:
    builder = StatementBuilder(None, keep_entries=True)
    builder.opening = Balance(builder.minor_units("1.005"), None)

    with pytest.raises(TieoutError):
        builder.minor_units("1.0000005")
    builder.add(StatementEntry(builder.minor_units("2.5"), True, None, None, line=1, column=1))  # noqa: FBT003
    statement = builder.finish()

    assert (statement.exponent, statement.opening) == (3, Balance(1_005, None))
    assert [entry.minor_units for entry in statement.entries] == [2_500]

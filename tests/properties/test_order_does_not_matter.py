"""The same lines give the same result: in any row order, under other ids of the same order, small or large."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.given_lines import Line, default_plan, in_polars, matchers, reconciled, table
from tests.properties.sides import Sides, sides
from tieout.domain.results import Result
from tieout.matching.kernels import compiled
from tieout.services.files.reconcile_lines import Lines, reconcile_lines

pytestmark = pytest.mark.slow


def told(result: Result, prefix: str = "") -> str:
    """Everything that a result says, as text; `prefix` is taken off every id."""
    said: list[Any] = [
        list(result.matches()),
        result.open_lines,
        result.ambiguous,
        result.reconciliations,
        result.settled_in_books,
        list(result.postings()),
        result.conservation,
        list(result.statement.id),
        list(result.ledger.id),
    ]
    return json.dumps(said, default=str).replace(prefix, "")


def renamed(lines: list[Line], prefix: str) -> list[Line]:
    """The lines with a prefix before each id; they sort as before."""
    return [
        line._replace(id=f"{prefix}{line.id}", settles=f"{prefix}{line.settles}" if line.settles else "")
        for line in lines
    ]


@given(sides(), st.data())
def test_shuffled_rows_give_the_same_result(company: Sides, choice: st.DataObject) -> None:
    statement = choice.draw(st.permutations(company.statement))
    ledger = choice.draw(st.permutations(company.ledger))

    assert told(reconciled(statement, ledger)) == told(reconciled(*company))


@given(sides())
def test_ids_with_a_prefix_give_the_same_result_under_the_longer_ids(company: Sides) -> None:
    prefix = "2026/"
    longer = reconciled(renamed(company.statement, prefix), renamed(company.ledger, prefix))

    assert told(longer, prefix) == told(reconciled(*company))


@given(sides())
def test_texts_in_polars_columns_give_the_same_result_as_texts_in_lists(company: Sides) -> None:
    statement, ledger = table(company.statement), table(company.ledger)
    large = Lines(in_polars(statement), in_polars(ledger))

    result = reconcile_lines(large, default_plan(), matchers())

    assert told(result) == told(reconcile_lines(Lines(statement, ledger), default_plan(), matchers()))


@given(sides())
def test_the_names_of_the_files_and_the_places_in_them_do_not_matter(company: Sides) -> None:
    statement, ledger = table(company.statement), table(company.ledger)
    elsewhere = Lines(
        replace(statement, files=("other.csv",), line=statement.line + 100), replace(ledger, files=("x.csv",))
    )

    result = reconcile_lines(elsewhere, default_plan(), matchers())

    assert told(result) == told(reconciled(*company))


@contextmanager
def compiled_kernels() -> Iterator[None]:
    """Inside, every kernel runs compiled, however little work there is."""
    with mock.patch.object(compiled, "PLAIN_ENTRIES_MAX", -1):
        yield


@pytest.mark.slow
@settings(max_examples=50)
@given(sides())
def test_compiled_kernels_give_the_same_result_as_plain_ones(company: Sides) -> None:
    plain = told(reconciled(*company))

    with compiled_kernels():
        assert told(reconciled(*company)) == plain

"""Differences: what may be raised about what, and who may resolve it how."""

from typing import Any

import pytest

from tests.given_reconciliations import Bookkeeping, bookkeeping, codes, done
from tieout.domain.books import Difference
from tieout.services.context import Context, Denied
from tieout.services.differences import (
    DifferenceRequest,
    difference,
    differences,
    raise_difference,
    resolve_difference,
)
from tieout.services.lines import Condition
from tieout.services.people.settings import set_setting


@pytest.fixture
def books(context: Context) -> Bookkeeping:
    """An account that nobody reconciled yet."""
    return bookkeeping(context)


def raised(books: Bookkeeping, **changes: Any) -> Difference | Denied:
    """The answer to raising a difference about a new entry."""
    values: dict[str, Any] = {"minor_units": -3_00, "currency": "GBP", "reason": "the bank kept something"}
    values = {**values, **changes}
    if "subject" not in values:
        values["subject"] = f"line:{books.book((1, 1_00))[0]}"
    request = DifferenceRequest(**values)
    return raise_difference(books.context, books.approver, books.entity_id, request)


def test_a_difference_is_open_until_somebody_says_how_it_came_about(books: Bookkeeping) -> None:
    found = done(raised(books, owner="Ada"))
    ask = (books.context, books.approver, books.entity_id, found.id)

    resolved = done(resolve_difference(*ask, "a fee that was not announced"))

    assert (found.state, found.owner, found.created_by) == ("open", "Ada", books.approver.name)
    assert difference(*ask) == resolved
    assert (resolved.state, resolved.resolution) == ("resolved", "a fee that was not announced")
    assert codes(resolve_difference(*ask, "again")) == ("resolved_already",)


def test_every_broken_rule_is_told_together(books: Bookkeeping) -> None:
    answer = raised(books, subject="invoice:1", minor_units=0, currency="XXQ", reason=" ")

    assert codes(answer) == ("required", "amount_zero", "unknown_currency", "not_allowed")


@pytest.mark.parametrize("subject", ["line:999999999999", "match:999999999999", "reconciliation:999999999999"])
def test_what_is_not_there_has_no_difference(books: Bookkeeping, subject: str) -> None:
    assert codes(raised(books, subject=subject)) == ("not_found",)


def test_one_subject_has_one_open_difference_in_a_currency(books: Bookkeeping) -> None:
    period, _ = books.reconcile(1)
    subject = f"reconciliation:{period.id}"
    first = done(raised(books, subject=subject))

    again = raised(books, subject=subject)

    assert codes(again) == ("exists",)
    assert isinstance(again, Denied)
    assert again.refusals[0].fact("difference") == str(first.id)
    assert done(raised(books, subject=subject, currency="EUR"))
    done(resolve_difference(books.context, books.approver, books.entity_id, first.id, "explained"))
    assert done(raised(books, subject=subject))


def test_differences_are_found_by_state(books: Bookkeeping) -> None:
    first, second = done(raised(books)), done(raised(books))
    done(resolve_difference(books.context, books.approver, books.entity_id, first.id, "explained"))

    found = differences(books.context, books.office.reader, books.entity_id, Condition("state", "=", "open"))

    assert found == [second]


def test_a_write_off_above_the_limit_needs_a_second_person_under_four_eyes(books: Bookkeeping) -> None:
    owner = books.office.owner
    done(set_setting(books.context, owner, "four_eyes", "on", entity_id=books.entity_id))
    done(set_setting(books.context, owner, "write_off_limit", "300", entity_id=books.entity_id))
    small, large, foreign = (
        done(raised(books, **changes)) for changes in ({}, {"minor_units": -3_01}, {"currency": "EUR"})
    )

    def written_off(found: Difference) -> Difference | Denied:
        return resolve_difference(
            books.context, books.approver, books.entity_id, found.id, "too small to ask for", write_off=True
        )

    assert done(written_off(small)).state == "resolved"
    assert codes(written_off(large)) == ("second_person_needed",)
    assert codes(written_off(foreign)) == ("second_person_needed",)
    by_owner = resolve_difference(books.context, owner, books.entity_id, large.id, "agreed", write_off=True)
    assert done(by_owner).resolved_by == owner.name
    explained = resolve_difference(books.context, books.approver, books.entity_id, foreign.id, "rate of the day")
    assert done(explained).state == "resolved"


def test_a_preparer_raises_and_explains_and_an_approver_writes_off(books: Bookkeeping) -> None:
    preparer = books.office.preparer
    found = done(raised(books))
    ask = (books.entity_id, found.id, "explained")

    assert codes(resolve_difference(books.context, preparer, *ask, write_off=True)) == ("not_permitted",)
    assert codes(resolve_difference(books.context, books.office.reader, *ask)) == ("not_permitted",)
    assert codes(resolve_difference(books.context, books.office.stranger, *ask)) == ("not_found",)
    assert done(resolve_difference(books.context, preparer, *ask)).state == "resolved"

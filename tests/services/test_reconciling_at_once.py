"""Several people, and many lines, at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from tests.given_chains import OPENING, end_day_of
from tests.given_reconciliations import a_history, bookkeeping
from tieout.domain.reconciling import Reconciliation
from tieout.services.context import Context, Denied
from tieout.services.reconciling import open_reconciliation
from tieout.services.reconciling_completion import complete_reconciliation
from tieout.store.sql.asking import Asking

PEOPLE = 6


def test_of_several_who_open_at_once_one_gets_a_reconciliation_and_the_others_hear_of_it(context: Context) -> None:
    books, start = bookkeeping(context), Barrier(PEOPLE)

    def opened(person: int) -> Reconciliation | Denied:
        start.wait()
        return open_reconciliation(
            context, books.approver, books.entity_id, books.account_id, end_day_of(1) + person, OPENING
        )

    with ThreadPoolExecutor(PEOPLE) as people:
        answers = list(people.map(opened, range(PEOPLE)))

    (winner,) = [answer for answer in answers if isinstance(answer, Reconciliation)]
    told = [answer.refusals[0] for answer in answers if isinstance(answer, Denied)]
    assert [(each.code, each.fact("reconciliation")) for each in told] == [
        ("reconciliation_in_progress", str(winner.id))
    ] * (PEOPLE - 1)
    assert [each.reconciliation for each in books.now()] == [winner]


def test_of_several_who_complete_at_once_one_completes(context: Context) -> None:
    books, start = bookkeeping(context), Barrier(PEOPLE)
    period, _ = books.reconcile(1, in_progress=True)

    def completed(_: int) -> Reconciliation | Denied:
        start.wait()
        return complete_reconciliation(context, books.approver, books.entity_id, period.id)

    with ThreadPoolExecutor(PEOPLE) as people:
        answers = list(people.map(completed, range(PEOPLE)))

    assert sorted(answer.codes if isinstance(answer, Denied) else () for answer in answers) == [
        (),
        *[("not_in_progress",)] * (PEOPLE - 1),
    ]


def test_a_long_chain_with_many_lines_asks_the_store_as_often_as_a_short_one(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    short, long = bookkeeping(context), a_history(context).books
    short.reconcile(1)
    asked: list[object] = []
    run = Asking.run

    def counted(asking: Asking, *arguments: Any) -> Any:
        asked.append(arguments[0])
        return run(asking, *arguments)

    monkeypatch.setattr(Asking, "run", counted)

    short.now()
    for_short = len(asked)
    long.now()

    assert 0 < for_short == len(asked) - for_short

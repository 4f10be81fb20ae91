"""Several at once: identifiers stay unique, one of two wins, and changes of one entity come one after another."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.given_rows import a_line, a_reconciliation, an_account, given_lines, scope_of
from tests.given_store import NOON, given_office
from tieout.domain.accounts import Account
from tieout.domain.audit import AuditEvent
from tieout.domain.lines import Line
from tieout.domain.reconciling import Reconciliation
from tieout.services.context import Context
from tieout.store.errors import Conflict

THREADS = 4


def at_once(work: Callable[[int], object]) -> list[object]:
    """The answers of threads that begin together; an exception is its thread's answer."""
    ready = Barrier(THREADS)

    def run(number: int) -> object:
        ready.wait()
        try:
            return work(number)
        except Conflict as error:
            return error

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def test_identifiers_are_never_given_twice(context: Context) -> None:
    given_office(context)

    def take(number: int) -> list[int]:
        found: list[int] = []
        for count in (1, 3, 150, 2):
            with context.store.operating() as work:
                found += work.new_ids(Line, count)
        return found

    ids = [line_id for taken in at_once(take) for line_id in taken]  # type: ignore[attr-defined]

    assert len(ids) == len(set(ids)) == THREADS * 156
    assert min(ids) >= 1


def test_of_two_who_open_a_reconciliation_at_once_one_wins(context: Context) -> None:
    office = given_office(context)
    with context.store.writing(scope_of(office), "given", "open", NOON) as work:
        account = an_account(office.entity_id, work.new_ids(Account)[0])
        work.add(account)

    def open_one(number: int) -> str:
        with context.store.writing(scope_of(office), f"user:{number}", "open", NOON) as work:
            work.add(a_reconciliation(account, work.new_ids(Reconciliation)[0]))
        return "opened"

    answers = at_once(open_one)

    assert answers.count("opened") == 1
    assert sum(isinstance(answer, Conflict) for answer in answers) == THREADS - 1
    with context.store.reading() as view:
        assert view.count(Reconciliation, entity_id=office.entity_id) == 1


def test_of_several_who_use_the_last_of_a_line_one_gets_it(context: Context) -> None:
    office = given_office(context)
    (line,) = given_lines(context, office, {"minor_units": 100})

    def use(number: int) -> list[int]:
        with context.store.writing(scope_of(office), f"user:{number}", "use", NOON) as work:
            return work.use(office.entity_id, {line.id: (100, 60)})

    answers = at_once(use)

    assert sorted(map(str, answers)) == sorted(["[]", *[f"[{line.id}]"] * (THREADS - 1)])


def test_changes_of_one_entity_make_one_chain(context: Context) -> None:
    office = given_office(context)

    def add(number: int) -> None:
        for _ in range(5):
            with context.store.writing(scope_of(office), f"user:{number}", "add", NOON) as work:
                work.add(a_line(office.entity_id, work.new_ids(Line)[0]))

    at_once(add)

    with context.store.reading() as view:
        events = view.all(AuditEvent, scope=str(scope_of(office)))
        assert [event.sequence for event in events] == list(range(1, 5 * THREADS + 1))
        assert view.event_count(scope_of(office)) == 5 * THREADS
        assert view.trail_faults(office.organisation.id) == []


def test_a_view_stays_at_its_moment_while_others_write(context: Context) -> None:
    office = given_office(context)
    given_lines(context, office, {})

    with context.store.reading() as view:
        before = view.line_totals(office.entity_id)
        given_lines(context, office, {})
        after = view.line_totals(office.entity_id)

    assert before == after
    assert before.lines == 1

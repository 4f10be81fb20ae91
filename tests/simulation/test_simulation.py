"""Random work of several people over one entity: after every step, all that must hold is proved from the rows."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.given_store import given_context
from tests.simulation.settlement_work import SettlementWork
from tests.simulation.syncing_work import SyncingWork
from tieout.services.context import Context
from tieout.services.verify_store import verify_store
from tieout.store.sql.migrating import migrate
from tieout.store.sql.store import open_store

# A step takes PostgreSQL several times as long; each store has sequences of its own.
SEEDS = {"sqlite": (1, 2, 3), "postgresql": (4,)}
# From the eleventh on, Hypothesis makes most sequences by copying parts of one: little that is new comes of it.
RUNS = {"sqlite": 10, "postgresql": 5}
STEPS = 40
# Among so much that people, platforms and workers do, it takes longer until they meet.
WORK_STEPS = 60
SETTLEMENT_RUNS = {"sqlite": 6, "postgresql": 2}


@pytest.fixture(params=["sqlite", "postgresql"])
def office_context(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """A database of its own, so that the whole of it can be verified."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('simulation')}/tieout.db"
    else:
        url = _new_database(request.getfixturevalue("postgresql_database"))
    store = open_store(url)
    migrate(store.database)
    yield given_context(store, "random work of several people")
    store.close()


def _new_database(beside: str) -> str:
    import psycopg

    name = beside.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(beside, autocommit=True) as connection:
        # Each test of one process begins with an empty one.
        connection.execute(f'DROP DATABASE IF EXISTS "{name}_simulation"')
        connection.execute(f'CREATE DATABASE "{name}_simulation"')
    return beside.replace(f"/{name}?", f"/{name}_simulation?")


def test_random_work_of_several_people_breaks_no_rule(office_context: Context) -> None:
    for number in SEEDS[office_context.store.name]:

        @seed(number)
        class OnThisStore(SyncingWork):
            def __init__(self) -> None:
                super().__init__(office_context)

        run_state_machine_as_test(
            OnThisStore,
            settings=settings(
                max_examples=RUNS[office_context.store.name],
                stateful_step_count=WORK_STEPS,
                # The steps of a failure are few enough to read as they are; making them fewer takes minutes.
                phases=[Phase.generate],
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
            ),
        )

    verified = verify_store(office_context)
    assert verified.faults == ()
    assert verified.matches > 0


def test_random_settlements_and_their_delivery_break_no_rule(office_context: Context) -> None:
    class OnThisStore(SettlementWork):
        def __init__(self) -> None:
            super().__init__(office_context)

    run_state_machine_as_test(
        OnThisStore,
        settings=settings(
            max_examples=SETTLEMENT_RUNS[office_context.store.name],
            stateful_step_count=STEPS,
            phases=[Phase.generate],
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )

    assert verify_store(office_context).faults == ()

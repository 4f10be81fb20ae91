"""Random work of several people over one entity: after every step, all that must hold is proved from the rows."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.given_store import given_context
from tests.simulation.office_work import OfficeWork
from tests.simulation.settlement_work import SettlementWork
from tieout.services.context import Context
from tieout.services.verify_store import verify_store
from tieout.store.sql.migrating import migrate
from tieout.store.sql.store import open_store

# A step takes PostgreSQL several times as long.
RUNS = {"sqlite": 32, "postgresql": 12}
STEPS = 40
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
        connection.execute(f'CREATE DATABASE "{name}_simulation"')
    return beside.replace(f"/{name}?", f"/{name}_simulation?")


def test_random_work_of_several_people_breaks_no_rule(office_context: Context) -> None:
    class OnThisStore(OfficeWork):
        def __init__(self) -> None:
            super().__init__(office_context)

    run_state_machine_as_test(
        OnThisStore,
        settings=settings(
            max_examples=RUNS[office_context.store.name],
            stateful_step_count=STEPS,
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

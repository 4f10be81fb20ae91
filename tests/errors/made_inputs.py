"""What no file of a repository can show: inputs that are too large, no file at all, an archive or a database, and
Python calls."""

import io
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.given_results import EMPTY
from tieout.contracts.reading import BytesSource
from tieout.domain.people import Organisation
from tieout.exporters import matches_csv
from tieout.importers import canonical_csv
from tieout.kernel.money import Money
from tieout.services.files.write_result import require_replaceable, write_result
from tieout.services.process_settings import read_settings
from tieout.services.sealing import AesSealer
from tieout.store.protocols import Scope
from tieout.store.sql.migrating import migrate
from tieout.store.sql.store import open_store


def _too_large(folder: Path) -> None:
    with (folder / "may.xml").open("wb") as stream:
        stream.truncate(2 * 1024**3)


def _too_deep(folder: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("may.sta", ":20:MAY")
    with zipfile.ZipFile(folder / "year.zip", "w") as archive:
        archive.writestr("may.zip", inner.getvalue())


def _archive_unreadable(folder: Path) -> None:
    with zipfile.ZipFile(folder / "may.zip", "w") as archive:
        archive.writestr("may.sta", ":20:MAY")
    whole = (folder / "may.zip").read_bytes()
    (folder / "may.zip").write_bytes(whole[:-30])


def _not_a_file(folder: Path) -> None:
    (folder / "may").mkdir()


def _not_readable(folder: Path) -> None:
    (folder / "may.sta").symlink_to("may.sta")


def _out_is_a_file(folder: Path) -> None:
    (folder / "out").touch()


def _schema_missing(folder: Path) -> None:
    (folder / "books.db").touch()


def _schema_newer(folder: Path) -> None:
    with closing(open_store(f"sqlite:///{folder / 'books.db'}")) as store:
        migrate(store.database)
        with store.operating() as work:
            store.database.run(work.connection, "UPDATE alembic_version SET version_num = 's999_later'")


def _out_has_other_files(folder: Path) -> None:
    (folder / "out").mkdir()
    (folder / "out" / "budget.xlsx").touch()


MADE: dict[str, Callable[[Path], None]] = {
    "archive_unreadable": _archive_unreadable,
    "not_a_file": _not_a_file,
    "not_readable": _not_readable,
    "out_has_other_files": _out_has_other_files,
    "out_is_a_file": _out_is_a_file,
    "schema_missing": _schema_missing,
    "schema_newer": _schema_newer,
    "too_deep": _too_deep,
    "too_large": _too_large,
}


def _missing_column(folder: Path) -> None:
    header = b"id,account,currency,amount\nS1,NO9386011117947,NOK,10.00\n"
    canonical_csv.read_lines(BytesSource("may.csv", header), "statement")


def _currency_mismatch(folder: Path) -> None:
    Money.of("10.00", "NOK") + Money.of("10.00", "EUR")


def _out_was_changed(folder: Path) -> None:
    write_result(EMPTY, "out", "json", (matches_csv,))
    Path("out/matches.csv").write_text("a note", encoding="utf-8")
    require_replaceable("out")


def _settings(folder: Path) -> None:
    (folder / "tieout.toml").write_text("prot = 8000\n", encoding="utf-8")
    read_settings({}, Path())


def _cannot_unseal(folder: Path) -> None:
    sealer = AesSealer(bytes(32), bytes)
    sealer.unseal(sealer.seal(b"carrot", b"secret 1"), b"secret 2", sealer.key_id)


def _keep(*names: str) -> None:
    """Keep organisations of these names, all under one id."""
    with closing(open_store("sqlite:///books.db")) as store:
        migrate(store.database)
        with store.writing(Scope("organisation", 1), "somebody", "create_organisation", 0) as work:
            work.add(*(Organisation(id=1, public_id="", name=name, created_at=0) for name in names))


def _conflict(folder: Path) -> None:
    _keep("Fjord", "Fjell")


def _cannot_keep(folder: Path) -> None:
    _keep("Fj\0rd")


# Codes that no command says, or only after somebody changed what it wrote; each call is made inside the folder.
CALLS: dict[str, Callable[[Path], None]] = {
    "cannot_keep": _cannot_keep,
    "cannot_unseal": _cannot_unseal,
    "conflict": _conflict,
    "currency_mismatch": _currency_mismatch,
    "missing_column": _missing_column,
    "out_was_changed": _out_was_changed,
    "settings": _settings,
}

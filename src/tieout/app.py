"""Where the parts meet: the only module that hands importers to services."""

from collections.abc import Callable, Sequence
from typing import cast

from tieout.contracts.checking import Checked
from tieout.contracts.importer import Importer
from tieout.contracts.reading import Source
from tieout.kernel.registry import modules_in
from tieout.services.check_files import check_files


def importers() -> tuple[Importer, ...]:
    """Every importer there is, in name order."""
    return tuple(cast("Importer", module) for module in modules_in("tieout.importers"))


def check(
    paths: Sequence[str],
    profile: str | None = None,
    keep_entries: bool = False,
    watch: Callable[[Source], Source] = lambda source: source,
) -> Checked:
    """What each file is, what it states and whether that is proved: `check_files` with every importer."""
    return check_files(paths, importers(), profile, keep_entries, watch)

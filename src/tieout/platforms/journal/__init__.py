"""Books in plain-text ledger files, as people keep them for hledger and Beancount.

tieout reads every file of the ledger and writes its own: one for each month and one for counterparties, in the folder
`tieout` beside the main file, which gets one line that includes them. Neither program is needed to run this; both
accept what is written, which the tests have them say.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tieout.contracts.platform import PlatformFault, PlatformSession, SettingField
from tieout.kernel.names import did_you_mean
from tieout.platforms.journal.flavours import FLAVOURS
from tieout.platforms.journal.folder import LedgerFolder
from tieout.platforms.journal.session import PULLS, PUSHES, JournalSession

__all__ = ["FIELDS", "PULLS", "PUSHES", "TITLE", "opened"]

TITLE = "Plain-text ledger (hledger, Beancount)"
FIELDS: Sequence[SettingField] = (
    SettingField("folder", "the folder of the ledger, as the server sees it", local=True),
    SettingField("format", "hledger or beancount", default="hledger"),
    SettingField("main", "the file that includes the others; empty: main.journal or main.beancount", default=""),
)


@contextmanager
def opened(settings: Mapping[str, str], secrets: Mapping[str, str]) -> Iterator[PlatformSession]:
    """A session on the folder that the settings name; there are no secrets. Raises PlatformFault settings."""
    if secrets:
        raise PlatformFault("settings", f"a folder has no secrets; leave out {', '.join(sorted(secrets))}")
    named = settings.get("folder", "")
    if not named or not Path(named).is_absolute():
        raise PlatformFault("settings", f"folder has to be the whole path of a folder, and is {named!r}")
    folder = Path(named).resolve()
    if not folder.is_dir():
        raise PlatformFault("settings", f"folder: there is no folder {named}")
    flavour = FLAVOURS.get(settings.get("format") or "hledger")
    if flavour is None:
        raise PlatformFault("settings", f"format: {did_you_mean(settings['format'], FLAVOURS)}")
    main = (folder / (settings.get("main") or f"main{flavour.suffix}")).resolve()
    if not main.is_file() or not main.is_relative_to(folder):
        raise PlatformFault("settings", f"main: there is no file {main.name} in {named}; it includes all others")
    yield JournalSession(LedgerFolder(folder, main.relative_to(folder).as_posix(), flavour))

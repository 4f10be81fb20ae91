"""The public Python calls. `import tieout` finds them here when they are first used."""

import os

from tieout.app import check as check_paths
from tieout.contracts.checking import Checked


def check(path: str | os.PathLike[str], profile: str | None = None) -> Checked:
    """What a bank or provider file states, and whether its balances prove it.

    path: a file, or a zip archive that stands for its members.
    profile: a reading option of the format, as `tieout check --profile`.
    Returns the files with their statements, entries, proofs and warnings. A proof that fails and a file that is
    refused are answers: look at `proofs` and `refused`. Raises UsageError for a profile that no format has.
    """
    return check_paths([os.fspath(path)], profile, keep_entries=True)

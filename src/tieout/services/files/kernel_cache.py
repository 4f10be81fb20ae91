"""Where compiled kernels are kept between runs: a folder of the user's caches that nobody else can write to.

Numba runs what it finds in its cache, so a folder that another user could fill is not used.
"""

import os
import stat
import sys
from collections.abc import Mapping
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from tieout.kernel.version import VERSION

# What tells processors apart on Linux; the rest of the file changes while the machine runs.
_TELLING = ("model name", "flags", "Features", "CPU implementer", "CPU part", "cpu", "isa")
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


def kernel_cache_folder(environment: Mapping[str, str]) -> Path | None:
    """The folder for this version of tieout and Numba on this processor; it need not exist yet.

    environment: as os.environ. None where the user's caches cannot be written or are not the user's alone; use
    `private_folder` then.
    """
    caches = _user_caches(environment)
    if caches is None:
        return None
    folder = caches / "tieout" / "numba" / f"{VERSION}-{_numba_version()}-{_processor(environment)}"
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    return folder if _is_ours_alone(existing) else None


def private_folder() -> Path:
    """A folder that does not exist yet, under a name that nobody can guess; whoever uses it removes it."""
    from tempfile import gettempdir

    return Path(gettempdir()) / f"tieout-kernels-{os.urandom(8).hex()}"


def _user_caches(environment: Mapping[str, str]) -> Path | None:
    named = environment.get("LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME", "")
    if Path(named).is_absolute():
        return Path(named)
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if not home.is_absolute():
        return None
    return home / "Library" / "Caches" if sys.platform == "darwin" else home / ".cache"


def _is_ours_alone(folder: Path) -> bool:
    """Whether we may write into the folder, and, where the system has owners, nobody else may."""
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        return False
    if not hasattr(os, "geteuid"):
        return True
    status = folder.stat()
    return status.st_uid == os.geteuid() and not status.st_mode & _OTHERS_MAY_WRITE


def _numba_version() -> str:
    """The version of the installed Numba, read off its folder: asking the package would load it."""
    found = find_spec("numba")
    if found is None or found.origin is None:
        return "none"
    names = sorted(path.name for path in Path(found.origin).parent.parent.glob("numba-*.dist-info"))
    return names[0].split("-")[1].removesuffix(".dist") if names else "unknown"


def _processor(environment: Mapping[str, str]) -> str:
    """A short code that differs where compiled code may not run."""
    return sha256(f"{_machine()} {_processor_text(environment)}".encode()).hexdigest()[:12]


def _machine() -> str:
    return os.uname().machine if hasattr(os, "uname") else sys.platform


def _processor_text(environment: Mapping[str, str]) -> str:
    if os.name == "nt":
        return environment.get("PROCESSOR_IDENTIFIER", "")
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8", errors="replace").split("\n\n")[0].splitlines()
    except OSError:
        return ""
    return "\n".join(line for line in lines if line.partition(":")[0].strip() in _TELLING)

"""The secret key of the process: from its settings, or from a file of the user's alone beside the SQLite database."""

import binascii
import os
import stat
from base64 import b64decode, b64encode
from pathlib import Path
from tempfile import mkstemp

from tieout.contracts.settings import ProcessSettings, SettingsError
from tieout.kernel.errors import Missing
from tieout.services.process_settings import sqlite_path
from tieout.services.sealing import SECRET_KEY_LENGTH

_HOW = "give 32 random bytes in base64, for example those of `openssl rand -base64 32`"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def secret_key(settings: ProcessSettings) -> bytes:
    """The 32 bytes under which secrets are sealed.

    Where no setting gives it, it is read from DATABASE.key, which is made the first time; a backup of the database
    does not hold it. Raises SettingsError where it is no such key or others may read it, and Missing for a database
    that is no file.
    """
    if settings.secret_key:
        return _decoded("TIEOUT_SECRET_KEY", settings.secret_key)
    database = sqlite_path(settings.database)
    if database is None:
        raise Missing("the secret key of this database", f"set TIEOUT_SECRET_KEY: {_HOW}")
    path = database.with_name(f"{database.name}.key")
    try:
        if not path.exists():
            _make(path)
        return _read(path)
    except OSError as error:
        raise SettingsError(
            str(path), f"the secret key cannot be kept here ({error.strerror})", "look at its folder"
        ) from None


def _read(path: Path) -> bytes:
    if hasattr(os, "geteuid") and path.stat().st_mode & _OTHERS:
        raise SettingsError(str(path), "others may read this secret key", "run chmod 600 on it")
    return _decoded(str(path), path.read_text("ascii", errors="replace").strip())


def _decoded(where: str, text: str) -> bytes:
    try:
        key = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != SECRET_KEY_LENGTH:
        raise SettingsError(where, "this is no secret key", _HOW)
    return key


def _make(path: Path) -> None:
    """Write a new key, whole or not at all; of two processes that start together, one does."""
    descriptor, name = mkstemp(dir=path.parent, prefix=f".{path.name}.")
    written = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(b64encode(os.urandom(SECRET_KEY_LENGTH)) + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        _take_name(written, path)
    finally:
        written.unlink()


def _take_name(written: Path, path: Path) -> None:
    """Give the file its name, unless somebody else just did."""
    try:
        path.hardlink_to(written)
    except FileExistsError:
        return

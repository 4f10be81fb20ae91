"""Reads the settings of the process, once: what the command says, then TIEOUT_*, then tieout.toml, then defaults."""

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

from tieout.contracts.settings import ProcessSettings, SettingsError
from tieout.kernel.names import did_you_mean

PREFIX = "TIEOUT_"
FILE = "tieout.toml"

_TYPES: Mapping[str, type] = {field.name: type(field.default) for field in fields(ProcessSettings)}
# The smallest value of each number; 0 is the port that the system chooses.
_LEAST = {"port": 0, "password_memory_kibibytes": 8}
_LARGEST = {
    "port": 65_535,
    "password_memory_kibibytes": 4 * 1024 * 1024,
    "password_passes": 1_000,
    "worker_threads": 32,
}
_LARGEST_OTHERWISE = 2**53 - 1
# The words of settings that take no other text.
_WORDS = {"call_limits": ("on", "off")}
_SQLITE = "sqlite:///"


def read_settings(
    environment: Mapping[str, str], folder: Path, told: Mapping[str, str | int | None] | None = None
) -> ProcessSettings:
    """The settings that count.

    environment: as os.environ; folder: where tieout.toml may lie. told: what options of the command say, None where
    they say nothing. Raises SettingsError for a name that is no setting and a value that it cannot have.
    """
    values: dict[str, str | int] = {**_of_file(folder / FILE), **_of_environment(environment)}
    values |= {name: value for name, value in (told or {}).items() if value is not None}
    if "://" not in str(values.get("database", "://")):
        values["database"] = f"{_SQLITE}{values['database']}"
    return ProcessSettings(**values)  # type: ignore[arg-type]  # checked against the type of each field


def sqlite_path(database: str) -> Path | None:
    """The file of a SQLite database; None for PostgreSQL and a database in memory."""
    if not database.startswith(_SQLITE):
        return None
    name = database.removeprefix(_SQLITE).partition("?")[0]
    return None if name in ("", ":memory:") else Path(name)


def _of_environment(environment: Mapping[str, str]) -> dict[str, str | int]:
    found: dict[str, str | int] = {}
    for variable in sorted(environment):
        if not variable.startswith(PREFIX):
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name not in _TYPES or variable != variable.upper():
            valid = [f"{PREFIX}{each.upper()}" for each in _TYPES]
            raise SettingsError(variable, "there is no such setting", did_you_mean(variable, valid))
        found[name] = _value(variable, name, environment[variable])
    return found


def _of_file(path: Path) -> dict[str, str | int]:
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(str(path), f"not valid TOML: {error}", "correct it") from None
    except UnicodeDecodeError:
        raise SettingsError(str(path), "not UTF-8", "save it again as UTF-8") from None
    except OSError as error:
        raise SettingsError(str(path), f"it cannot be read ({error.strerror})", "look at its permissions") from None
    for name in document:
        if name not in _TYPES:
            raise SettingsError(f"{path}: {name}", "there is no such setting", did_you_mean(name, _TYPES))
    return {name: _value(f"{path}: {name}", name, value) for name, value in document.items()}


def _value(where: str, name: str, given: object) -> str | int:
    """A value in the type of its setting; the text of a whole number counts as one."""
    if _TYPES[name] is str:
        words = _WORDS.get(name)
        if words is not None and given not in words:
            raise SettingsError(where, f"{given!r} cannot be", f"give {' or '.join(words)}")
        if isinstance(given, str):
            return given
        raise SettingsError(where, f"{given!r} is no text", 'put it in quotation marks: "..."')
    if isinstance(given, str) and given.isascii() and given.isdecimal():
        given = int(given)
    least, largest = _LEAST.get(name, 1), _LARGEST.get(name, _LARGEST_OTHERWISE)
    if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= largest:
        raise SettingsError(where, f"{given!r} cannot be", f"give a whole number from {least:,} to {largest:,}")
    return given

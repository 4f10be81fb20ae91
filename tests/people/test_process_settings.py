"""Settings of the process: what wins over what, and what is refused with the place where it stands."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis.strategies import integers, none

from tieout.contracts.settings import ProcessSettings, SettingsError
from tieout.services.process_settings import read_settings, sqlite_path


def in_file(folder: Path, text: str) -> Path:
    (folder / "tieout.toml").write_text(text, encoding="utf-8")
    return folder


def test_without_anything_said_defaults_count(tmp_path: Path) -> None:
    assert read_settings({"PATH": "bin"}, tmp_path) == ProcessSettings()


PORTS = none() | integers(0, 65_535)


@given(told=PORTS, variable=PORTS, written=PORTS)
def test_an_option_wins_over_the_environment_and_that_over_the_file(
    told: int | None, variable: int | None, written: int | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = in_file(tmp_path_factory.mktemp("settings"), "" if written is None else f"port = {written}\n")
    environment = {} if variable is None else {"TIEOUT_PORT": str(variable)}

    settings = read_settings(environment, folder, {"port": told})

    assert settings.port == next(port for port in (told, variable, written, 8000) if port is not None)


def test_every_setting_can_be_given_in_the_environment(tmp_path: Path) -> None:
    environment = {
        f"TIEOUT_{name.upper()}": "19" if isinstance(getattr(ProcessSettings(), name), int) else "sqlite:///19"
        for name in ProcessSettings.__slots__
    }
    environment["TIEOUT_CALL_LIMITS"] = "off"

    settings = read_settings(environment, tmp_path)

    assert {getattr(settings, name) for name in ProcessSettings.__slots__} == {19, "sqlite:///19", "off"}


def test_a_path_is_the_address_of_a_sqlite_database(tmp_path: Path) -> None:
    settings = read_settings({"TIEOUT_DATABASE": "books.db"}, tmp_path)

    assert settings.database == "sqlite:///books.db"
    assert sqlite_path(settings.database) == Path("books.db")


@pytest.mark.parametrize("database", ["postgresql://localhost/books", "sqlite:///:memory:", "sqlite:///"])
def test_a_database_that_is_no_file_has_no_path(database: str) -> None:
    assert sqlite_path(database) is None


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("TIEOUT_PROT", "1", 'TIEOUT_PROT: there is no such setting; did you mean "TIEOUT_PORT"?'),
        ("TIEOUT_port", "1", 'TIEOUT_port: there is no such setting; did you mean "TIEOUT_PORT"?'),
        ("TIEOUT_PORT", "80a", "TIEOUT_PORT: '80a' cannot be; give a whole number from 0 to 65,535"),
        ("TIEOUT_PORT", "65536", "TIEOUT_PORT: 65536 cannot be; give a whole number from 0 to 65,535"),
        ("TIEOUT_PORT", "", "TIEOUT_PORT: '' cannot be; give a whole number from 0 to 65,535"),
        ("TIEOUT_PORT", "٣", "TIEOUT_PORT: '٣' cannot be; give a whole number from 0 to 65,535"),
        ("TIEOUT_TOKEN_HOURS", "0", "TIEOUT_TOKEN_HOURS: 0 cannot be; give a whole number from 1 to "),
    ],
)
def test_a_wrong_variable_is_refused_by_name(variable: str, value: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        read_settings({variable: value}, tmp_path)

    assert str(raised.value).startswith(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prot = 1", 'prot: there is no such setting; did you mean "port"?'),
        ("[xyz]\nport = 1", "xyz: there is no such setting; valid are call_limits, database, host, "),
        ("port = true", "port: True cannot be; give a whole number"),
        ("port = 1.5", "port: 1.5 cannot be; give a whole number"),
        ("host = 1", 'host: 1 is no text; put it in quotation marks: "..."'),
        ("port = ", "not valid TOML: "),
        ('call_limits = "none"', "call_limits: 'none' cannot be; give on or off"),
    ],
)
def test_a_wrong_line_of_the_file_is_refused_in_its_place(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        read_settings({}, in_file(tmp_path, text))

    assert str(raised.value).startswith(str(tmp_path / "tieout.toml"))
    assert said in str(raised.value)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tieout.toml").write_bytes(b"host = '\xff'")

    with pytest.raises(SettingsError, match="not UTF-8; save it again"):
        read_settings({}, tmp_path)


def test_what_opens_doors_is_not_shown(tmp_path: Path) -> None:
    environment = {"TIEOUT_SECRET_KEY": "hidden", "TIEOUT_DATABASE": "postgresql://ada:hidden@host/books"}

    assert "hidden" not in repr(read_settings(environment, tmp_path))

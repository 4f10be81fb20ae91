"""The secret key: from a setting, or from a file of the user's alone that is made once."""

from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tieout.contracts.settings import ProcessSettings, SettingsError
from tieout.kernel.errors import Missing
from tieout.services.secret_key import secret_key

KEY = bytes(range(32))


def beside(folder: Path) -> ProcessSettings:
    return ProcessSettings(database=f"sqlite:///{folder / 'books.db'}")


def test_a_key_in_the_settings_is_used_and_no_file_is_made(tmp_path: Path) -> None:
    settings = ProcessSettings(database=f"sqlite:///{tmp_path / 'books.db'}", secret_key=b64encode(KEY).decode())

    assert secret_key(settings) == KEY
    assert list(tmp_path.iterdir()) == []


def test_without_one_a_file_of_the_users_alone_is_made_beside_the_database(tmp_path: Path) -> None:
    first = secret_key(beside(tmp_path))

    assert secret_key(beside(tmp_path)) == first
    assert len(first) == 32
    assert [path.name for path in tmp_path.iterdir()] == ["books.db.key"]
    assert (tmp_path / "books.db.key").stat().st_mode & 0o777 == 0o600


def test_processes_that_start_together_have_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(secret_key, [beside(tmp_path)] * 32))

    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["books.db.key"]


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    secret_key(beside(tmp_path))
    (tmp_path / "books.db.key").chmod(0o640)

    with pytest.raises(SettingsError, match=r"books\.db\.key: others may read this secret key; run chmod 600 on it"):
        secret_key(beside(tmp_path))


@pytest.mark.parametrize("text", ["", "short", b64encode(KEY[:31]).decode(), b64encode(KEY).decode() + "!"])
def test_what_is_no_key_is_refused_wherever_it_stands(text: str, tmp_path: Path) -> None:
    path = tmp_path / "books.db.key"
    path.write_text(text, encoding="ascii")
    path.chmod(0o600)

    with pytest.raises(SettingsError, match=r"books\.db\.key: this is no secret key; give 32 random bytes in base64"):
        secret_key(beside(tmp_path))
    if text:
        with pytest.raises(SettingsError, match="TIEOUT_SECRET_KEY: this is no secret key"):
            secret_key(ProcessSettings(secret_key=text))


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="the secret key cannot be kept here"):
        secret_key(beside(tmp_path / "gone"))


def test_a_database_on_another_machine_needs_the_key_in_the_settings() -> None:
    with pytest.raises(Missing, match="set TIEOUT_SECRET_KEY"):
        secret_key(ProcessSettings(database="postgresql://localhost/books"))

"""What was erased is not in the file any more, not even sealed: a key that is lost later opens nothing."""

from pathlib import Path

import pytest

from tieout import app
from tieout.cli import main
from tieout.domain.people import Secret
from tieout.services.people.operator import operator
from tieout.services.people.secrets import erase_secrets, keep_secret


@pytest.mark.slow
def test_an_erased_secret_leaves_nothing_in_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    main(["migrate"])
    main(["entity", "add", "Nordlys AS", "--currency", "NOK"])
    with app.opened(app.process_settings()) as context:
        kept = keep_secret(context, operator(context, 1), "connection:1", "password", "correct horse", entity_id=1)
        keep_secret(context, operator(context, 1), "connection:2", "password", "battery staple", entity_id=1)
        assert isinstance(kept, Secret)

        erase_secrets(context, operator(context, 1), "connection:1")

    assert kept.sealed not in b"".join(file.read_bytes() for file in tmp_path.glob("tieout.db*"))

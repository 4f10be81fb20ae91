"""`tieout integration`, `tieout token usage` and `tieout token unblock` as whoever runs the server types them."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tieout import app
from tieout.cli import main
from tieout.domain.people import Face
from tieout.services.context import Denied
from tieout.services.limits import FAULTY_MAX, credential_of, note_answer, take_call
from tieout.services.people.principals import principal_of_user
from tieout.services.settlements.integrations import integration_of

pytestmark = pytest.mark.slow

ERP = "erp@shop.example"
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def tieout(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command, over a database with a shop and the user of its ERP."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TIEOUT_PASSWORD_MEMORY_KIBIBYTES", "8")

    def command(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        status = main(arguments)
        shown = capsys.readouterr()
        return status, shown.out, shown.err

    command("migrate")
    command("entity", "add", "Loja Central", "--currency", "BRL", "--time-zone", "America/Sao_Paulo")
    command("user", "add", ERP, "--name", "ERP", "--role", "1=preparer", typed="carrots and peas\n")
    return command


def test_an_integration_is_made_changed_and_acted_for_by_a_users_credentials(tieout: Command) -> None:
    made = tieout("integration", "add", "ERP", "--entity", "1")
    changed = tieout("integration", "change", "1", "--name", "Protheus", "--read-too")
    assigned = tieout("integration", "assign", "1", ERP)

    (row,) = json.loads(tieout("integration", "list", "--json")[1])
    assert (made, changed, assigned) == ((0, "1\n", ""), (0, "", ""), (0, "", ""))
    assert row == {
        "id": 1,
        "entity": 1,
        "name": "Protheus",
        "unread only": False,
        "users": [ERP],
        "unread for over a day": 0,
    }
    assert "Protheus" in tieout("integration", "list")[1]
    with app.opened(app.process_settings()) as context:
        principal = principal_of_user(context, 1, Face.KONCILI)
        assert principal is not None
        acting = integration_of(context, principal)
    assert not isinstance(acting, Denied)
    assert acting.name == "Protheus"


def test_what_is_wrong_with_an_integration_is_said_in_a_line(tieout: Command) -> None:
    unknown = tieout("integration", "change", "9", "--name", "x")
    elsewhere = tieout("integration", "add", "ERP", "--entity", "9")
    tieout("integration", "add", "ERP", "--entity", "1")
    twice = tieout("integration", "add", "ERP", "--entity", "1")

    assert unknown == (2, "", "there is no integration 9; see tieout integration list\n")
    assert elsewhere == (2, "", "there is no entity 9; see tieout entity list\n")
    assert twice == (2, "", "name: this exists already\n")


def test_a_locked_user_is_shown_and_let_in_again(tieout: Command) -> None:
    caller = (1, credential_of(1), "unresolveds")
    with app.opened(app.process_settings()) as context:
        for _ in range(FAULTY_MAX):
            note_answer(context, *caller, 400)
        take_call(context, *caller, 3)

    (locked,) = json.loads(tieout("token", "usage", "--days", "1", "--json")[1])
    unblocked, again = tieout("token", "unblock", ERP), tieout("token", "unblock", ERP)
    (free,) = json.loads(tieout("token", "usage", "--json")[1])

    assert {**locked, "day": "", "locked until": ""} == {
        "credential": ERP,
        "endpoint": "unresolveds",
        "day": "",
        "calls": 1,
        "too many": 0,
        "faulty": FAULTY_MAX,
        "blocked": 1,
        "locked until": "",
    }
    assert locked["locked until"].endswith("Z")
    assert free["locked until"] is None
    assert (unblocked, again) == ((0, "", ""), (2, "", "credential: there is no such thing here\n"))

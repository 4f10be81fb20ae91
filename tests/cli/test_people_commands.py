"""`tieout entity`, `tieout user`, `tieout token` and `tieout migrate` as whoever runs the server types them."""

import io
import json
from pathlib import Path

import pytest

from tieout import app
from tieout.cli import main
from tieout.domain.people import Face, Role
from tieout.services.people.client_tokens import AccessToken, issue_access_token, principal_of_access_token
from tieout.services.people.principals import principal_of_token
from tieout.services.people.secrets import read_secret
from tieout.services.people.signing_in import check_password
from tieout.services.people.users import user_with_email

pytestmark = pytest.mark.slow

ADA = "ada@nordic.example"
PASSWORD = "carrots and peas"

Shown = tuple[int, str, str]


class Typed:
    """Commands in a folder with a database: what each answers."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys, self._monkeypatch = capsys, monkeypatch

    def __call__(self, *arguments: str, typed: str = "") -> Shown:
        """Exit status, standard output, standard error; `typed` stands on standard input."""
        self._monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        status = main(arguments)
        shown = self._capsys.readouterr()
        return status, shown.out, shown.err

    def told(self, *arguments: str) -> list[dict[str, object]]:
        """The JSON that a command answers with."""
        status, out, err = self(*arguments, "--json")
        assert (status, err) == (0, "")
        rows: list[dict[str, object]] = json.loads(out)
        return rows


@pytest.fixture
def tieout(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Typed:
    """The command, in a folder with a database and cheap passwords."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TIEOUT_PASSWORD_MEMORY_KIBIBYTES", "8")
    command = Typed(capsys, monkeypatch)
    assert command("migrate")[0] == 0
    return command


@pytest.fixture
def staffed(tieout: Typed) -> Typed:
    """The command, over a database with an entity that Ada owns and a second one that she reads."""
    tieout("entity", "add", "Nordic AS", "--currency", "NOK", "--time-zone", "Europe/Oslo")
    tieout("entity", "add", "Sueco AB", "--currency", "SEK")
    answer = tieout(
        "user", "add", ADA, "--name", "Ada Berg", "--role", "1=owner", "--role", "2=reader", typed=f"{PASSWORD}\n"
    )
    assert answer == (0, "1\n", "")
    return tieout


def test_the_first_entity_founds_its_organisation_and_the_next_join_it(staffed: Typed) -> None:
    listed = staffed.told("entity", "list")
    assert len({row.pop("public id") for row in listed}) == 2
    assert listed == [
        {"id": 1, "name": "Nordic AS", "currency": "NOK", "time zone": "Europe/Oslo", "organisation": "Nordic AS"},
        {"id": 2, "name": "Sueco AB", "currency": "SEK", "time zone": "UTC", "organisation": "Nordic AS"},
    ]
    assert "Sueco AB    SEK        UTC" in staffed("entity", "list")[1]


def test_among_several_organisations_one_is_named(staffed: Typed) -> None:
    founded = staffed("entity", "add", "Brasil SA", "--currency", "BRL", "--new-organisation", "Sul")
    joined = staffed("entity", "add", "Chile SA", "--currency", "CLP", "--organisation", "Sul")
    unnamed = staffed("entity", "add", "Peru SA", "--currency", "PEN")
    misspelt = staffed("entity", "add", "Peru SA", "--currency", "PEN", "--organisation", "Sull")
    both = staffed("entity", "add", "X", "--currency", "PEN", "--organisation", "Sul", "--new-organisation", "Sul")

    assert (founded, joined) == ((0, "3\n", ""), (0, "4\n", ""))
    assert unnamed == (2, "", "name the organisation with --organisation: there are Nordic AS, Sul\n")
    assert misspelt == (2, "", 'there is no organisation "Sull"; did you mean "Sul"?\n')
    assert both == (2, "", "--organisation joins one, --new-organisation founds one; give one of them\n")


def test_everything_wrong_with_an_entity_is_said_line_by_line(staffed: Typed) -> None:
    status, out, err = staffed("entity", "add", " ", "--currency", "nok", "--time-zone", "Oslo")

    assert (status, out) == (2, "")
    assert err.splitlines() == [
        "name: this must be given",
        "currency: this is not a currency of ISO 4217; give the three letters of ISO 4217, for example NOK",
        "time_zone: this value is not one of those allowed; give one like Europe/Oslo",
    ]


def test_an_entity_changes_its_name_and_nobody_changes_one_that_is_not_there(staffed: Typed) -> None:
    changed = staffed("entity", "change", "2", "--name", "Sueco Livs AB")

    assert changed == (0, "", "")
    assert staffed.told("entity", "list")[1]["name"] == "Sueco Livs AB"
    assert staffed("entity", "change", "3") == (2, "", "there is no entity 3; see tieout entity list\n")


def test_a_setting_is_decided_for_an_entity_or_for_all(staffed: Typed) -> None:
    answers = [
        staffed("entity", "set", "four_eyes", "on", "--entity", "1", "--organisation"),
        staffed("entity", "set", "four_eyes", "off", "--entity", "2"),
        staffed("entity", "set", "for_eyes", "on", "--entity", "1"),
        staffed("entity", "set", "four_eyes", "yes", "--entity", "1"),
    ]

    assert answers == [
        (0, "", ""),
        (0, "", ""),
        (2, "", 'there is no setting "for_eyes"; did you mean "four_eyes"?\n'),
        (2, "", "value: this value is not one of those allowed; see tieout entity settings\n"),
    ]
    values = [
        {row["name"]: row["value"] for row in staffed.told("entity", "settings", "--entity", entity)}["four_eyes"]
        for entity in ("1", "2")
    ]
    assert values == ["on", "off"]


def test_users_are_listed_with_their_roles(staffed: Typed) -> None:
    (listed,) = staffed.told("user", "list")
    with app.opened(app.process_settings()) as context:
        ada = user_with_email(context, ADA)
    assert ada is not None
    assert listed == {
        "id": 1,
        "email": ADA,
        "name": "Ada Berg",
        "roles": ["1=owner", "2=reader"],
        "disabled": None,
        "public id": ada.public_id,
    }
    assert "1=owner 2=reader" in staffed("user", "list")[1]


def test_a_user_signs_in_with_the_password_that_was_typed(staffed: Typed) -> None:
    with app.opened(app.process_settings()) as context:
        assert check_password(context, ADA, PASSWORD) == user_with_email(context, ADA)

    changed = staffed("user", "password", ADA, typed="parsnips and leeks\r\n")

    assert changed == (0, "", "")
    with app.opened(app.process_settings()) as context:
        assert check_password(context, ADA, "parsnips and leeks") == user_with_email(context, ADA)


def test_the_memorable_word_is_kept_for_who_must_compare_it(staffed: Typed) -> None:
    answer = staffed("user", "memorable-word", ADA, typed="kohlrabi\n")

    assert answer == (0, "", "")
    with app.opened(app.process_settings()) as context:
        assert read_secret(context, 1, "user:1", "memorable_word") == "kohlrabi"
    assert "kohlrabi" not in "".join(path.read_text("latin-1") for path in Path().iterdir())


def test_roles_are_given_and_taken_and_the_last_owner_stays(staffed: Typed) -> None:
    granted = staffed("user", "grant", ADA, "--role", "2=owner")
    revoked = staffed("user", "revoke", ADA, "--entity", "1")
    disabled = staffed("user", "disable", ADA)

    assert granted == (0, "", "")
    assert revoked == disabled == (2, "", "user: an entity keeps at least one owner who can sign in\n")
    assert staffed.told("user", "list")[0]["roles"] == ["1=owner", "2=owner"]


def test_a_disabled_user_is_shown_as_such_and_enabled_again(staffed: Typed) -> None:
    email = "bo@nordic.example"
    staffed("user", "add", email, "--name", "Bo", "--role", "1=reader", typed=PASSWORD)

    disabled = staffed("user", "disable", email)
    since = staffed.told("user", "list")[1]["disabled"]
    enabled = staffed("user", "enable", email)

    assert disabled == enabled == (0, "", "")
    assert str(since).endswith("Z")
    assert staffed.told("user", "list")[1]["disabled"] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("grant", "bo@x", "--role", "1=owner"), "there is no user bo@x; see tieout user list"),
        (("grant", ADA, "--role", "1=ownr"), '--role 1=ownr: there is no role ownr; did you mean "owner"?'),
        (("grant", ADA, "--role", "owner"), "--role owner: write ENTITY=ROLE, for example 3=approver"),
        (("grant", ADA, "--role", "7=owner"), "entity: there is no such thing here"),
        (("add", ADA, "--name", "A", "--role", "1=reader"), "email: this exists already\npassword: this must be given"),
        (("password", ADA), "password: this must be given"),
        (("add", "a@b", "--name", "A"), "tieout user add: Missing option '--role'; see tieout user add --help"),
    ],
)
def test_what_cannot_be_is_refused_in_words(arguments: tuple[str, ...], said: str, staffed: Typed) -> None:
    status, out, err = staffed("user", *arguments)

    assert (status, out) == (2, "")
    assert sorted(err.splitlines()) == sorted(said.splitlines())


def test_a_token_is_printed_once_and_works_for_its_face(staffed: Typed) -> None:
    status, text, err = staffed(
        "token", "issue", ADA, "--face", "fintera", "--entity", "1", "--post", "--days", "9", "--label", "ERP"
    )

    assert (status, err) == (0, "")
    with app.opened(app.process_settings()) as context:
        found = principal_of_token(context, Face.FINTERA, text.strip())
    assert found is not None
    assert (found.roles, found.post) == ({1: Role.OWNER}, True)
    (row,) = staffed.told("token", "list")
    assert text.strip() not in str(row)
    assert (row["user"], row["face"], row["label"], row["entities"]) == (ADA, "fintera", "ERP", [1])
    assert (row["post"], row["good"]) == (True, True)
    assert row["last used"] is not None


def test_a_revoked_token_is_good_for_nothing(staffed: Typed) -> None:
    text = staffed("token", "issue", ADA, "--face", "native")[1].strip()

    revoked = staffed("token", "revoke", "1")

    assert revoked == (0, "", "")
    with app.opened(app.process_settings()) as context:
        assert principal_of_token(context, Face.NATIVE, text) is None
    assert staffed.told("token", "list")[0]["good"] is False
    assert staffed("token", "revoke", "2") == (2, "", "there is no token 2; see tieout token list\n")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--face", "finterra"), '--face finterra: there is no such API; did you mean "fintera"?'),
        (
            ("--face", "desk"),
            "face: this value is not one of those allowed; people sign in to the desk; give another face",
        ),
        (("--face", "native", "--days", "0"), "days: this value is not one of those allowed; give 1 to 3660"),
        (("--face", "native", "--entity", "7"), "entities[7]: there is no such thing here"),
    ],
)
def test_a_token_that_cannot_be_is_refused_in_words(options: tuple[str, ...], said: str, staffed: Typed) -> None:
    assert staffed("token", "issue", ADA, *options) == (2, "", f"{said}\n")


def test_a_database_is_made_by_migrate_alone(tieout: Typed) -> None:
    gone = tieout("user", "list", "--database", "gone.db")

    assert gone == (
        2,
        "",
        "gone.db: there is no database; make it with tieout migrate, or name another with --database\n",
    )
    assert not Path("gone.db").exists()


def test_migrating_again_changes_nothing(tieout: Typed) -> None:
    before = Path("tieout.db").read_bytes()

    status, out, err = tieout("migrate", "--database", "tieout.db")

    assert (status, err) == (0, "")
    assert out.endswith(": nothing to do\n")
    assert Path("tieout.db").read_bytes() == before


def test_a_database_that_was_not_migrated_says_what_to_do(tieout: Typed) -> None:
    Path("empty.db").touch()

    status, _, err = tieout("token", "list", "--database", "sqlite:///empty.db")

    assert status == 2
    assert "run `tieout migrate`" in err


def test_a_file_that_is_no_database_and_a_folder_that_is_not_there_are_refused(tieout: Typed) -> None:
    Path("notes.txt").write_text("carrots " * 200, "utf-8")

    assert tieout("migrate", "--database", "notes.txt") == (
        2,
        "",
        "the database cannot be reached: file is not a database\n",
    )
    assert not Path("notes.txt.key").exists()
    assert tieout("migrate", "--database", "gone/tieout.db") == (
        2,
        "",
        "gone: there is no such folder; make it, or name another database\n",
    )


def test_a_server_that_does_not_answer_is_a_missing_service(tieout: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEOUT_SECRET_KEY", "A" * 43 + "=")

    status, _, err = tieout("user", "list", "--database", "postgresql://nobody@127.0.0.1:1/books")

    assert status == 3
    assert err.startswith("a database that answers is missing; ")
    assert "Connection refused" in err


def test_a_client_is_made_listed_and_revoked(staffed: Typed) -> None:
    made = staffed("token", "client", "create", "ERP", "--entity", "1")
    client_id, secret = (line.split()[1] for line in made[1].splitlines())
    listed = staffed.told("token", "client", "list")
    with app.opened(app.process_settings()) as context:
        token = issue_access_token(context, client_id, secret)

        assert isinstance(token, AccessToken)
        assert principal_of_access_token(context, token.text) is not None

    assert (made[0], made[2]) == (0, "")
    assert [(row["client id"], row["organisation"], row["label"], row["revoked"]) for row in listed] == [
        (client_id, "Nordic AS", "ERP", None)
    ]
    assert staffed("token", "client", "revoke", client_id) == (0, "", "")
    assert str(staffed.told("token", "client", "list")[0]["revoked"]).endswith("Z")
    with app.opened(app.process_settings()) as context:
        assert principal_of_access_token(context, token.text) is None


def test_a_client_that_cannot_be_is_refused_in_words(staffed: Typed) -> None:
    assert staffed("token", "client", "create", "ERP", "--entity", "9") == (
        2,
        "",
        "there is no entity 9; see tieout entity list\n",
    )
    assert staffed("token", "client", "create", " ", "--entity", "1") == (2, "", "label: this must be given\n")
    assert staffed("token", "client", "revoke", "x") == (2, "", "there is no client x; see tieout token client list\n")


@pytest.mark.parametrize("group", ["entity", "user", "token", "token client"])
def test_each_group_and_command_has_help_with_an_example(
    group: str, tieout: Typed, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = tieout(*group.split())
    commands = [line.split()[0] for line in err.partition("Commands:\n")[2].splitlines() if line[2:3].strip()]

    assert (status, out) == (2, "")
    assert len(commands) >= 3
    for command in commands:
        assert (
            f"For example: tieout {group} {command} "
            in " ".join(tieout(*group.split(), command, "--help")[1].split()) + " "
        )

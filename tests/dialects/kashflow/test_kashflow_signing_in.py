"""Signing in as the vendor's clients do: two steps, three carriers, and an end."""

import re
from urllib.parse import urlencode

import pytest

from tests.dialects.kashflow.given import MEMORABLE_WORD, PASSWORD, given_user, granted
from tests.dialects.kashflow.served import Served, served
from tests.dialects.kashflow.vendor_client import VendorClient
from tests.given_store import Clock, given_office
from tieout.domain.people import Face, Role
from tieout.services.context import Context
from tieout.services.people.tokens import issue_token
from tieout.services.people.users import UserRequest, create_user

INVALID = {"Error": "InvalidSessionToken", "Message": "Session token provided is invalid."}
# What the vendor's own client library takes for a KfToken.
GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def _anonymous(here: Served) -> VendorClient:
    return VendorClient(here.base_url)


def _half_way(client: VendorClient, here: Served) -> dict[str, object]:
    body = {"UserName": here.user.user_name, "Password": PASSWORD}
    answer: dict[str, object] = client.ask("POST", "/sessiontoken", body, wanted=201)
    return answer


def test_two_steps_lead_to_a_token_that_every_client_sends_as_kftoken(context: Context) -> None:
    with served(context) as here:
        client = _anonymous(here)

        answer = client.sign_in(here.user.user_name, PASSWORD, MEMORABLE_WORD)

        assert GUID.fullmatch(answer["SessionToken"])
        assert answer["CompanyName"] == here.office.entity.name
        assert client.ask("GET", "/bankaccounts") == []


def test_three_different_characters_are_asked_for_by_positions_from_one(context: Context) -> None:
    with served(context) as here:
        asked = _half_way(_anonymous(here), here)["MemorableWordList"]

    assert isinstance(asked, list)
    positions = [each["Position"] for each in asked]
    assert positions == sorted(set(positions))
    assert len(positions) == 3
    assert 1 <= positions[0] <= positions[-1] <= len(MEMORABLE_WORD)
    assert [each["Value"] for each in asked] == ["", "", ""]


def test_asking_again_on_the_same_day_asks_for_the_same_characters(context: Context, clock: Clock) -> None:
    with served(context) as here:
        client = _anonymous(here)
        first, again = (_half_way(client, here)["MemorableWordPositions"] for _ in range(2))
        later = set()
        for _ in range(5):
            clock.forward(days=1)
            later.add(_half_way(client, here)["MemorableWordPositions"])

    assert first == again
    assert later - {first}


def test_names_of_fields_and_characters_count_in_any_case(context: Context) -> None:
    with served(context) as here:
        client = _anonymous(here)
        body = {"username": here.user.user_name.upper(), "password": PASSWORD}
        half_way = client.ask("POST", "/SessionToken", body, wanted=201)
        characters = [
            {"position": each["Position"], "VALUE": MEMORABLE_WORD[each["Position"] - 1].upper()}
            for each in half_way["MemorableWordList"]
        ]

        answer = client.ask(
            "PUT", "/sessiontoken", {"temporarytoken": half_way["TemporaryToken"], "memorablewordlist": characters}
        )

        assert GUID.fullmatch(answer["SessionToken"])


def test_both_steps_may_come_as_forms(context: Context) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    with served(context) as here:
        client = _anonymous(here)
        body = urlencode({"username": here.user.user_name, "password": PASSWORD}).encode()
        half_way = client.send("POST", "/sessiontoken", body, form).json()
        fields = [("TemporaryToken", half_way["TemporaryToken"])]
        for place, each in enumerate(half_way["MemorableWordList"]):
            fields.append((f"MemorableWordList[{place}][Position]", str(each["Position"])))
            fields.append((f"MemorableWordList[{place}].Value", MEMORABLE_WORD[each["Position"] - 1]))

        answer = client.send("PUT", "/sessiontoken", urlencode(fields).encode(), form)

        assert answer.status == 200
        assert GUID.fullmatch(answer.json()["SessionToken"])


@pytest.mark.parametrize(
    "carrier",
    [
        {"Authorization": "KfToken {token}"},
        {"Authorization": "kftoken {token}"},
        {"Authorization": "Bearer {token}"},
        {"X-SessionToken": "{token}"},
    ],
    ids=["KfToken", "kftoken", "Bearer", "X-SessionToken"],
)
def test_the_token_is_taken_from_every_header_that_clients_send_it_in(
    context: Context, carrier: dict[str, str]
) -> None:
    with served(context) as here:
        headers = {name: text.format(token=here.user.token) for name, text in carrier.items()}

        response = _anonymous(here).send("GET", "/bankaccounts", headers=headers)

        assert response.status == 200


def test_paths_may_be_written_in_any_case_with_a_slash_behind_them_and_a_token_in_capitals(context: Context) -> None:
    with served(context) as here:
        client = VendorClient(here.base_url, here.user.token.upper())

        assert client.ask("GET", "/BankAccounts/") == client.ask("GET", "/bankaccounts") == []


def test_a_wrong_name_password_or_word_are_told_alike(context: Context) -> None:
    with served(context) as here:
        client = _anonymous(here)
        unknown = client.try_to("POST", "/sessiontoken", {"UserName": "nobody@books.example", "Password": PASSWORD})
        wrong = client.try_to("POST", "/sessiontoken", {"UserName": here.user.user_name, "Password": "guess"})
        half_way = _half_way(client, here)
        characters = [{"Position": each["Position"], "Value": "!"} for each in _asked(half_way)]
        word = client.try_to(
            "PUT",
            "/sessiontoken",
            {"TemporaryToken": half_way["TemporaryToken"], "MemorableWordList": characters},
        )

    assert unknown == wrong == word
    assert wrong[0] == 400
    assert wrong[1]["Error"] == "InvalidCredentials"


def _asked(half_way: dict[str, object]) -> list[dict[str, int]]:
    asked = half_way["MemorableWordList"]
    assert isinstance(asked, list)
    return asked


def test_other_characters_than_those_asked_for_let_nobody_in(context: Context) -> None:
    with served(context) as here:
        client = _anonymous(here)
        half_way = _half_way(client, here)
        whole_word = [
            {"Position": position, "Value": character} for position, character in enumerate(MEMORABLE_WORD, 1)
        ]

        status, answer = client.try_to(
            "PUT",
            "/sessiontoken",
            {"TemporaryToken": half_way["TemporaryToken"], "MemorableWordList": whole_word},
        )

    assert (status, answer["Error"]) == (400, "InvalidCredentials")


def test_after_five_wrong_attempts_the_account_is_locked_for_a_while(context: Context, clock: Clock) -> None:
    with served(context) as here:
        client = _anonymous(here)
        wrong, right = ({"UserName": here.user.user_name, "Password": password} for password in ("guess", PASSWORD))
        for _ in range(5):
            client.ask("POST", "/sessiontoken", wrong, wanted=400)

        locked = client.try_to("POST", "/sessiontoken", right)
        clock.forward(minutes=16)
        later = client.try_to("POST", "/sessiontoken", right)

    assert locked[0] == 400
    assert locked[1]["Error"] == "AccountLocked"
    assert later[0] == 201


def test_a_temporary_token_signs_in_once_and_is_no_session(context: Context) -> None:
    with served(context) as here:
        client = _anonymous(here)
        half_way = _half_way(client, here)
        characters = [
            {"Position": each["Position"], "Value": MEMORABLE_WORD[each["Position"] - 1]} for each in _asked(half_way)
        ]
        body = {"TemporaryToken": half_way["TemporaryToken"], "MemorableWordList": characters}
        as_session = VendorClient(here.base_url, str(half_way["TemporaryToken"])).try_to("GET", "/bankaccounts")

        first = client.try_to("PUT", "/sessiontoken", body)
        second = client.try_to("PUT", "/sessiontoken", body)

    assert as_session == (401, INVALID)
    assert first[0] == 200
    assert second == (401, INVALID)


def test_an_hour_without_use_ends_a_session_and_use_keeps_it(context: Context, clock: Clock) -> None:
    with served(context) as here:
        for _ in range(3):
            clock.forward(minutes=59)
            here.client.ask("GET", "/bankaccounts")
        clock.forward(minutes=61)

        assert here.client.try_to("GET", "/bankaccounts") == (401, INVALID)


def test_signing_out_ends_the_session_and_nobody_elses(context: Context) -> None:
    with served(context) as here:
        other = here.client_of(Role.READER)

        of_other = here.client.try_to("DELETE", f"/sessiontoken/{other.token}")
        own = here.client.try_to("DELETE", f"/sessiontoken/{here.client.token}")

        assert of_other == (401, INVALID)
        assert own == (200, {})
        assert here.client.try_to("GET", "/bankaccounts") == (401, INVALID)
        assert other.try_to("GET", "/bankaccounts")[0] == 200


def test_the_token_of_a_program_is_swapped_and_used_as_a_session(context: Context) -> None:
    with served(context) as here:
        user_id = here.user.principal.user_id
        issued = granted(
            issue_token(context, here.office.owner, user_id, Face.KASHFLOW, entities=[here.office.entity_id])
        )

        answer = _anonymous(here).ask("GET", f"/sessiontoken?externaltoken={issued.text}&UID={user_id}")
        wrong = _anonymous(here).try_to("GET", f"/sessiontoken?externalToken={issued.text}&uid={user_id + 1}")

        assert VendorClient(here.base_url, answer["SessionToken"]).ask("GET", "/bankaccounts") == []
        assert wrong == (401, INVALID)


def test_a_token_of_another_face_is_no_session_here(context: Context) -> None:
    with served(context) as here:
        issued = granted(issue_token(context, here.user.principal, here.user.principal.user_id, Face.FINTERA))

        assert VendorClient(here.base_url, issued.text).try_to("GET", "/bankaccounts") == (401, INVALID)


def test_a_user_without_a_memorable_word_is_told_so_after_the_password(context: Context) -> None:
    with served(context) as here:
        request = UserRequest(
            email=f"new.{here.user.user_name}",
            name="New",
            password=PASSWORD,
            roles={here.office.entity_id: Role.READER},
        )
        user = granted(create_user(context, here.office.owner, request))

        status, answer = _anonymous(here).try_to(
            "POST", "/sessiontoken", {"UserName": user.email, "Password": PASSWORD}
        )

    assert (status, answer["Error"]) == (400, "MemorableWordMissing")


def test_a_session_is_in_one_company_and_can_enter_another_of_the_same_user(context: Context) -> None:
    with served(context) as here:
        elsewhere = given_office(context, "GBP")
        stranger = given_user(context, elsewhere)

        same = here.client.ask("GET", f"/sessiontoken/{here.office.entity_id}")
        of_stranger = here.client.try_to("GET", f"/sessiontoken/{elsewhere.entity_id}")

        assert same["CompanyId"] == here.office.entity_id
        assert GUID.fullmatch(same["SessionToken"])
        assert of_stranger[0] == 404
        assert stranger.token not in str(of_stranger)

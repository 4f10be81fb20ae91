"""Who asks: tokens of clients and of users, the headers of every call, and what comes back in the head."""

import re

import pytest

from tests.dialects.monite.given import NO_SUCH_ID, Firm, access_token
from tests.dialects.monite.monite_client import MoniteClient
from tests.given_matches import accepted
from tests.given_store import Clock
from tieout.dialects.monite.versions import VERSIONS
from tieout.domain.people import Face
from tieout.services.people.api_clients import revoke_client
from tieout.services.people.tokens import issue_token

CONNECTIONS = "/accounting_connections"


def proof(firm: Firm, **more: str) -> dict[str, str]:
    """What the firm's client proves itself with."""
    return {
        "client_id": firm.client.client.public_id,
        "client_secret": firm.client.secret,
        "grant_type": "client_credentials",
        **more,
    }


def test_tokens_and_secrets_may_be_asked_for_with_any_authorization(client: MoniteClient, firm: Firm) -> None:
    answers = [
        client.call("POST", "/auth/token", proof(firm), headers={"Authorization": header})
        for header in ("", "Bearer x", "Basic eDp5", f"Bearer {firm.token}")
    ]
    upper = client.call("POST", "/auth/token", proof(firm, client_id=firm.client.client.public_id.upper()))

    assert [each.status for each in (*answers, upper)] == [200] * 5
    assert len({each.json["access_token"] for each in answers}) == 4


def test_an_entity_user_may_what_its_user_may(client: MoniteClient, firm: Firm) -> None:
    body = proof(firm, grant_type="entity_user", entity_user_id=firm.reader_id)
    token = client.call("POST", "/auth/token", body).json["access_token"]
    reader = MoniteClient(client.base, token, firm.entity_id)

    assert len(reader.get(CONNECTIONS)["data"]) == 1
    assert reader.wrong("POST", f"{CONNECTIONS}/{firm.connection.public_id}/disconnect") == (403, [])
    assert reader.wrong("GET", "/settings") == (403, [])
    reader.close()


def test_an_entity_user_is_not_looked_at_for_a_clients_own_token(client: MoniteClient, firm: Firm) -> None:
    answer = client.call("POST", "/auth/token", proof(firm, entity_user_id=NO_SUCH_ID))

    assert answer.status == 200


@pytest.mark.parametrize(
    ("change", "status", "places"),
    [
        ({"client_secret": "x"}, 401, []),
        ({"client_secret": ""}, 401, []),
        ({"client_id": NO_SUCH_ID}, 401, []),
        ({"client_id": "x" * 5_000}, 401, []),
        ({"client_id": 7}, 422, [["body", "client_id"]]),
        ({"client_id": None}, 422, [["body", "client_id"]]),
        ({"grant_type": "refresh_token"}, 422, [["body", "grant_type"]]),
        ({"grant_type": "entity_user"}, 422, [["body", "entity_user_id"]]),
        ({"grant_type": "entity_user", "entity_user_id": ""}, 422, [["body", "entity_user_id"]]),
        ({"grant_type": "entity_user", "entity_user_id": "x"}, 400, []),
        ({"scope": "all"}, 422, [["body", "scope"]]),
    ],
    ids=str,
)
def test_a_token_is_refused_with_its_reason(
    client: MoniteClient, firm: Firm, change: dict[str, object], status: int, places: list[list[str]]
) -> None:
    assert client.wrong("POST", "/auth/token", {**proof(firm), **change}) == (status, places)


def test_a_users_own_token_of_this_face_counts_too(client: MoniteClient, firm: Firm) -> None:
    owner = firm.office.owner
    here = accepted(issue_token(firm.context, owner, owner.user_id, Face.MONITE)).text
    elsewhere = accepted(issue_token(firm.context, owner, owner.user_id, Face.NATIVE)).text

    statuses = [
        client.call("GET", CONNECTIONS, headers={"Authorization": f"Bearer {token}"}).status
        for token in (here, elsewhere)
    ]

    assert statuses == [200, 401]


def test_a_token_ends_with_its_client(client: MoniteClient, firm: Firm) -> None:
    revoke_client(firm.context, firm.office.owner, firm.client.client.public_id)
    after_revoking = client.wrong("GET", CONNECTIONS)
    no_more = client.wrong("POST", "/auth/token", proof(firm))

    assert (after_revoking, no_more) == ((401, []), (401, []))


def test_a_token_is_refused_once_its_day_is_over(client: MoniteClient, firm: Firm, clock: Clock) -> None:
    clock.forward(hours=24)

    assert client.wrong("GET", CONNECTIONS) == (401, [])


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer ", "Basic eDp5", "Bearer x y", "bearer\t"])
def test_whoever_is_not_known_is_turned_away(client: MoniteClient, authorization: str) -> None:
    answer = client.call("GET", CONNECTIONS, headers={"Authorization": authorization})

    assert answer.status == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json == {"error": {"message": "The access token is missing, expired or not valid."}}


def test_the_first_sample_of_the_page_which_lacks_bearer_is_turned_away(client: MoniteClient, firm: Firm) -> None:
    assert client.call("GET", CONNECTIONS, headers={"Authorization": firm.token}).status == 401


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_of_the_vendors_list_is_answered(client: MoniteClient, version: str) -> None:
    answer = client.call("GET", CONNECTIONS, headers={"X-Monite-Version": version})

    assert (answer.status, answer.headers["x-monite-version"]) == (200, version)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_call_without_version_is_refused_whatever_else_it_says(client: MoniteClient, method: str) -> None:
    bare = {"X-Monite-Version": "", "Authorization": "", "X-Monite-Entity-Id": ""}

    answer = client.call(method, CONNECTIONS, headers=bare)

    assert answer.status == 400
    assert answer.json["error"]["type"] == "missing_api_version"


def test_what_a_call_named_comes_back_with_whatever_it_is_answered(client: MoniteClient, firm: Firm) -> None:
    answers = [client.call("GET", path) for path in (CONNECTIONS, "/no-such-path", "/accounting_synced_records")]
    odd = client.call(
        "GET", CONNECTIONS, headers={"X-Monite-Version": "<script>", "X-Monite-Entity-Id": "'; drop table"}
    )

    for answer in answers:
        assert answer.headers["x-monite-version"] == "2024-05-25"
        assert answer.headers["x-monite-entity-id"] == firm.entity_id
        assert re.fullmatch(r"[0-9]+\.[0-9]{6}", answer.headers["x-process-time"])
    assert [answer.status for answer in answers] == [200, 404, 422]
    assert {"x-monite-version", "x-monite-entity-id"}.isdisjoint(odd.headers)


def test_an_entity_is_reached_by_whoever_may_and_by_nobody_else(client: MoniteClient, firm: Firm) -> None:
    entities = [
        firm.entity_id.upper(),
        firm.second_entity_id,
        firm.office.stranger_entity.public_id,
        NO_SUCH_ID,
        "7",
        "",
    ]

    answers = [client.call("GET", CONNECTIONS, headers={"X-Monite-Entity-Id": each}) for each in entities]

    assert [each.status for each in answers] == [200, 200, 403, 403, 422, 422]
    assert answers[2].json == answers[3].json
    assert answers[5].json["detail"] == [
        {"loc": ["header", "x-monite-entity-id"], "msg": "Field required", "type": "missing"}
    ]


def test_a_client_ends_its_tokens_and_tells_nobody_whose_others_are(client: MoniteClient, firm: Firm) -> None:
    own = access_token(firm.context, firm.client).text
    body = {"client_id": firm.client.client.public_id, "client_secret": firm.client.secret}

    answers = [client.call("POST", "/auth/revoke", {**body, "token": token}) for token in (own, own, "never given")]

    assert [(each.status, each.json) for each in answers] == [(200, {"message": "The token is revoked."})] * 3
    assert client.call("GET", CONNECTIONS, headers={"Authorization": f"Bearer {own}"}).status == 401
    assert client.call("GET", CONNECTIONS).status == 200


def test_a_body_that_is_no_json_is_refused_as_a_misfit(client: MoniteClient) -> None:
    answer = client.call("PATCH", "/settings", None, headers={"Content-Type": "application/json"})

    assert answer.status == 422
    assert answer.json["detail"][0]["loc"] == ["body"]
    assert answer.json["detail"][0]["type"] == "json_invalid"

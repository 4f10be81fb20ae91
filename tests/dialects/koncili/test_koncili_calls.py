"""Who is let in, how often, and what is told to whom is not."""

from base64 import b64encode

import pytest

from tests.dialects.koncili.given import PASSWORD, Shop
from tests.dialects.koncili.koncili_client import EXTRACT, KonciliClient
from tests.given_matches import accepted
from tests.given_store import Clock
from tieout.domain.people import Face, Role, User
from tieout.services.limits import FAULTY_MAX, Locked, credential_of, note_answer, take_call
from tieout.services.people.entities import EntityRequest, create_entity
from tieout.services.people.grants import grant
from tieout.services.people.operator import operator
from tieout.services.people.tokens import issue_token, revoke_token
from tieout.services.people.users import UserRequest, create_user, disable_user
from tieout.services.usage import usage


def encoded(text: str) -> str:
    """Base64."""
    return b64encode(text.encode()).decode()


@pytest.mark.parametrize("form", ["joined", "apart", "apart and joined", "in lines", "for addresses, without padding"])
def test_credentials_are_taken_in_every_form_that_the_pages_can_mean(
    form: str, shop: Shop, client: KonciliClient
) -> None:
    joined, apart = encoded(f"{shop.email}:{PASSWORD}"), f"{encoded(shop.email)}:{encoded(PASSWORD)}"
    credentials = {
        "joined": joined,
        "apart": apart,
        "apart and joined": encoded(apart),
        "in lines": f"{joined[:20]}\r\n{joined[20:]}\n",
        "for addresses, without padding": joined.replace("+", "-").replace("/", "_").rstrip("="),
    }[form]

    reply = client.call("POST", "/public/api/auth/token", {"credentials": credentials})

    assert reply.status == 200
    assert reply.json["accessToken"].count(".") == 2


@pytest.mark.parametrize(
    "credentials", ["", "not base64!", "QQ==", encoded("no colon"), encoded("\0:\0"), "a:b", 7, None]
)
def test_what_is_no_credentials_is_a_bad_value(credentials: object, client: KonciliClient) -> None:
    reply = client.call("POST", "/public/api/auth/token", {"credentials": credentials})

    assert (reply.status, reply.code) == (400, "400-0")


def test_wrong_passwords_are_listened_to_a_few_times(shop: Shop, client: KonciliClient) -> None:
    waiting = KonciliClient(client.url)
    statuses = [waiting.sign_in(shop.email, "a wrong one").status for _ in range(6)]
    right = waiting.sign_in(shop.email, PASSWORD)

    assert statuses == [401] * 5 + [429]
    assert (right.status, right.headers["Retry-After"]) == (429, "900")


def test_an_access_token_ends_after_two_hours_and_a_renewed_one_goes_on(
    shop: Shop, client: KonciliClient, clock: Clock
) -> None:
    tokens = client.sign_in(shop.email, PASSWORD).json
    clock.forward(hours=2)

    ended = client.call("GET", f"{EXTRACT}/concilieds")
    renewed = client.renew(tokens["refreshToken"])

    assert (ended.status, ended.json) == (403, {"response": "NO_TOKEN"})
    assert renewed.json["expiresIn"] == 7200
    assert client.concilieds()["count"] == 0


def test_a_disabled_account_is_told_that_it_is_inactive(shop: Shop, client: KonciliClient) -> None:
    chief = operator(shop.context, shop.office.organisation.id)
    made = create_user(
        shop.context, chief, UserRequest(email="erp@shop.example", name="ERP", password=PASSWORD, roles={})
    )
    assert isinstance(made, User)
    grant(shop.context, chief, shop.office.entity_id, made.id, Role.PREPARER)
    client.sign_in("erp@shop.example", PASSWORD)
    client.concilieds()

    disable_user(shop.context, chief, made.id)
    reply = client.call("GET", f"{EXTRACT}/concilieds")

    assert (reply.status, reply.code) == (403, "403-1")


def test_a_reader_fetches_and_marks_nothing_and_an_account_without_an_entity_is_missing(
    shop: Shop, client: KonciliClient
) -> None:
    chief = operator(shop.context, shop.office.organisation.id)
    request = UserRequest(email=f"r{shop.account.id}@shop.example", name="BI", password=PASSWORD, roles={})
    made = create_user(shop.context, chief, request)
    assert isinstance(made, User)
    client.sign_in(request.email, PASSWORD)
    nowhere = client.call("GET", f"{EXTRACT}/concilieds")

    grant(shop.context, chief, shop.office.entity_id, made.id, Role.READER)
    page, marked = client.concilieds(), client.call("PUT", f"{EXTRACT}/read/batch", [1])

    assert (nowhere.status, nowhere.code) == (404, "404-1")
    assert page["count"] == 0
    assert (marked.status, marked.code) == (403, "403-2")


def test_the_first_entity_that_an_account_sees_is_its_own(shop: Shop, client: KonciliClient) -> None:
    shop.batch(2)
    create_entity(shop.context, shop.office.owner, EntityRequest(name="Second", currency="BRL"))

    assert client.unresolveds()["count"] == 2


def test_a_client_that_waits_as_it_is_told_is_never_refused(shop: Shop, client: KonciliClient, clock: Clock) -> None:
    refused = KonciliClient(client.url, shop.token)
    began = clock.now

    for _ in range(3):
        client.unresolveds()
    too_early = refused.call("GET", f"{EXTRACT}/unresolveds")
    for _ in range(7):
        client.unresolveds()

    assert (too_early.status, too_early.headers["Retry-After"]) == (429, "60")
    assert clock.now - began == 180_000_000


def test_ninety_batches_of_a_kind_go_in_a_minute_and_thirty_lists_of_resolved_ones(
    shop: Shop, client: KonciliClient
) -> None:
    hasty = KonciliClient(client.url, shop.token)

    reads = [hasty.call("PUT", f"{EXTRACT}/read/batch", []).status for _ in range(91)]
    lists = [hasty.call("GET", f"{EXTRACT}/concilieds").status for _ in range(31)]

    assert reads == [200] * 90 + [429]
    assert lists == [200] * 30 + [429]


def test_a_token_that_an_owner_issued_is_taken_as_older_clients_carry_one(shop: Shop, client: KonciliClient) -> None:
    owner = shop.office.owner
    issued = accepted(issue_token(shop.context, owner, owner.user_id, Face.KONCILI))
    shop.batch(2)

    client.token = issued.text
    before = client.unresolveds()["count"]
    revoke_token(shop.context, owner, issued.token.id)

    assert before == 2
    assert client.call("GET", f"{EXTRACT}/unresolveds").status == 403


def test_a_new_token_is_no_way_around_the_limit(shop: Shop, client: KonciliClient) -> None:
    hasty = KonciliClient(client.url)
    statuses = []

    for _ in range(4):
        hasty.sign_in(shop.email, PASSWORD)
        statuses.append(hasty.call("GET", f"{EXTRACT}/unresolveds").status)

    assert statuses == [200, 200, 200, 429]


def test_a_user_that_misuses_the_api_is_locked_out_everywhere(shop: Shop, client: KonciliClient, clock: Clock) -> None:
    caller = (shop.context, shop.office.organisation.id, credential_of(shop.office.owner.user_id))
    for _ in range(FAULTY_MAX - 1):
        note_answer(*caller, "unresolveds", 400)
    tokens = client.sign_in(shop.email, PASSWORD).json
    last = client.call("PUT", f"{EXTRACT}/read/batch", {"ids": [1]})

    locked = [
        client.call("GET", f"{EXTRACT}/concilieds"),
        client.sign_in(shop.email, PASSWORD),
        client.renew(tokens["refreshToken"]),
    ]
    clock.forward(hours=1)

    assert last.status == 400
    assert [each.status for each in locked] == [423] * 3
    assert {each.headers["Retry-After"] for each in locked} == {"3600"}
    assert client.renew(tokens["refreshToken"]).status == 200
    assert not isinstance(take_call(*caller, "concilieds", 30), Locked)


def test_the_owner_sees_what_was_called_and_what_was_wrong(shop: Shop, client: KonciliClient) -> None:
    hasty = KonciliClient(client.url, shop.token)
    for path in ("unresolveds", "unresolveds?offset=x", "unresolveds", "unresolveds", "nobody/B2W"):
        hasty.call("GET", f"{EXTRACT}/{path}")

    told = {each.endpoint: (each.calls, each.refused, each.faulty) for each in usage(shop.context, shop.office.owner)}

    assert told == {"unresolveds": (4, 1, 2), "order": (1, 0, 1)}

"""How calls are answered whatever they are about: who asks, in which format, and what no client should send."""

from typing import Any

import pytest

from tests.dialects.fintera.fintera_client import JSON, XML, FinteraClient
from tests.dialects.fintera.given import Firm, basic, granted
from tieout.domain.audit import AuditEvent
from tieout.domain.people import Face
from tieout.services.people.tokens import issue_token, revoke_token

DENIED = b"HTTP Basic: Access denied.\n"


def stored(firm: Firm) -> int:
    """How many events there are: it grows with everything that is stored."""
    with firm.context.store.reading() as view:
        return view.count(AuditEvent)


@pytest.mark.parametrize("password", ["", "X", "anything:at all"])
def test_the_token_is_the_user_and_the_password_is_not_looked_at(server: str, firm: Firm, password: str) -> None:
    client = FinteraClient(server, firm.token, password)

    (account,) = client.call("GET", "/accounts", {}).json

    assert account["account"]["id"] == firm.office.organisation.id
    assert account["account"]["name"] == firm.office.organisation.name
    client.close()


@pytest.mark.parametrize(
    "authorization", ["", "Basic", "Basic %%%", "Basic /w==", "Bearer x", basic("unknown"), basic("")]
)
def test_whoever_is_not_known_is_answered_in_plain_text(client: FinteraClient, authorization: str) -> None:
    headers = {"Authorization": authorization} if authorization else {}

    reply = client.raw("GET", "/accounts", {**headers, "Accept": JSON})

    assert (reply.status, reply.body) == (401, DENIED)
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert reply.headers["WWW-Authenticate"] == 'Basic realm="Myfinance API"'


def test_a_token_of_another_face_and_a_revoked_one_are_unknown(server: str, firm: Firm) -> None:
    owner = firm.office.owner
    foreign = granted(issue_token(firm.context, owner, owner.user_id, Face.SNAPBOOKS))
    revoked = granted(issue_token(firm.context, owner, owner.user_id, Face.FINTERA))
    revoke_token(firm.context, owner, revoked.token.id)

    clients = [FinteraClient(server, each.text) for each in (foreign, revoked)]
    replies = [client.call("GET", "/accounts") for client in clients]

    assert [(reply.status, reply.body) for reply in replies] == [(401, DENIED)] * 2
    for client in clients:
        client.close()


def test_the_account_header_selects_the_tokens_own_account_and_no_other(client: FinteraClient, firm: Firm) -> None:
    own = client.call("GET", "/entities", ACCOUNT_ID=str(firm.office.organisation.id))
    named = {"Authorization": basic(firm.token), "ACCOUNT_ID": str(firm.office.organisation.id)}
    other = {**named, "ACCOUNT_ID": "999999"}

    assert own.status == client.raw("GET", "/entities", named).status == 200
    assert client.raw("GET", "/entities", other).status == 404


def test_entities_are_those_that_the_token_sees(client: FinteraClient, firm: Firm) -> None:
    entities = [each["entity"] for each in client.call("GET", "/entities?").json]

    assert [each["id"] for each in entities] == [firm.entity_id, firm.other_entity_id]
    assert [each["default_in_menu"] for each in entities] == [True, False]
    assert {each["account_id"] for each in entities} == {firm.office.organisation.id}
    assert client.call("GET", f"/entities/{firm.entity_id}", {}).json == {"entity": entities[0]}


@pytest.mark.parametrize("name", ["name", "name_contains"])
def test_entities_are_searched_by_whole_name_or_a_part_of_it(client: FinteraClient, firm: Firm, name: str) -> None:
    wanted = firm.office.entities[1].name if name == "name" else firm.office.entities[1].name[3:].upper()

    reply = client.raw(
        "GET", f"/entities?search[{name}]={wanted.replace(' ', '%20')}", {"Authorization": basic(firm.token)}
    )

    assert [each["entity"]["id"] for each in reply.json] == [firm.other_entity_id]


def test_a_search_that_is_not_understood_is_refused_rather_than_passed_over(client: FinteraClient) -> None:
    reply = client.call("GET", "/entities?search[created_at_gt]=2013-01-01")

    assert (reply.status, list(reply.json)) == (400, ["error"])


@pytest.mark.parametrize(
    ("accept", "content_type", "answered"),
    [
        ("*/*", JSON, JSON),
        ("", JSON, JSON),
        (XML, JSON, XML),
        ("text/xml", JSON, "text/xml"),
        ("*/*", XML, XML),
        ("application/json;q=0.5, application/xml", JSON, XML),
        ("text/html, */*;q=0.1", JSON, JSON),
    ],
)
def test_accept_chooses_the_format_and_otherwise_the_bodys_own(
    client: FinteraClient, firm: Firm, accept: str, content_type: str, answered: str
) -> None:
    headers = {"Authorization": basic(firm.token), "Content-Type": content_type}

    reply = client.raw("GET", "/entities", headers | ({"Accept": accept} if accept else {}))

    assert (reply.status, reply.headers["Content-Type"]) == (200, f"{answered}; charset=utf-8")


def test_a_format_that_the_vendor_does_not_write_is_not_acceptable(client: FinteraClient) -> None:
    reply = client.call("GET", "/entities", Accept="image/png")

    assert (reply.status, list(reply.json)) == (406, ["error"])


def test_what_is_created_in_xml_is_answered_in_xml_and_reads_the_same_in_json(
    client: FinteraClient, firm: Firm
) -> None:
    path = f"/entities/{firm.entity_id}/payable_accounts"
    body = """<payable-account>
        <due-date type="date">2015-08-15</due-date><amount type="decimal">150.99</amount>
        <description>Água &amp; luz</description><remind type="boolean">true</remind>
      </payable-account>"""

    made = client.call_xml("POST", path, body)
    wrapped = client.call_xml("POST", path, f"<hash>{body}</hash>")
    shown = client.call("GET", made.headers["Location"]).json["payable_account"]

    assert (made.status, wrapped.status, made.headers["Content-Type"]) == (201, 201, "application/xml; charset=utf-8")
    assert f'  <id type="integer">{shown["id"]}</id>\n' in made.text
    assert '  <amount type="decimal">150.99</amount>\n' in made.text
    assert '  <status-name type="symbol">unpaid</status-name>\n' in made.text
    assert (shown["amount"], shown["description"], shown["remind"]) == ("150.99", "Água & luz", True)


def test_lists_and_faults_have_their_roots_in_xml(client: FinteraClient, firm: Firm) -> None:
    path = f"/entities/{firm.entity_id}/payable_accounts"
    firm.payable(1_00)

    listed, refused = client.call_xml("GET", path), client.call_xml("POST", path, "<payable-account/>")

    assert '<payable-accounts type="array">\n  <payable-account>\n' in listed.text
    assert refused.status == 422
    assert refused.errors == [
        "Amount não pode ser vazio", "Competency month não pode ser vazio", "Due date não é uma data válida",
    ]  # fmt: skip


def test_a_body_on_a_read_or_a_deletion_is_not_looked_at(client: FinteraClient, firm: Firm) -> None:
    path = f"/entities/{firm.entity_id}/payable_accounts"

    for body in ("{}", "{", '{"payable_account":{}}'):
        assert client.call("GET", path, body).status == 200
        assert client.call("GET", f"{path}/{firm.payable(1_00)}", body).status == 200
        assert client.call("DELETE", f"{path}/{firm.payable(1_00)}", body).status == 200


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        (JSON, b'{"payable_account": {"amount": NaN, "due_date": "2015-08-15"}}', 400),
        (JSON, b'{"payable_account": {"amount": 1, "amount": 2, "due_date": "2015-08-15"}}', 400),
        (JSON, b'{"payable_account": {"amount": 1', 400),
        (JSON, b"\xff\xfe", 400),
        (JSON, b"[" * 200 + b"]" * 200, 400),
        (JSON, b"", 400),
        (JSON, b"7", 422),
        (JSON, b"[]", 422),
        (JSON, b"{}", 422),
        (JSON, b'{"payable_account": [1]}', 422),
        (JSON, b'{"receivable_account": {"amount": 1, "due_date": "2015-08-15"}}', 422),
        (JSON, b'{"payable_account": {"amount": true, "due_date": "2015-08-15"}}', 422),
        (JSON, b'{"payable_account": {"amount": "1_000", "due_date": "2015-08-15"}}', 422),
        (JSON, b'{"payable_account": {"amount": 1e400, "due_date": "2015-08-15"}}', 422),
        (JSON, b'{"payable_account": {"amount": 1, "due_date": "2015-08-15", "description": {"a": 1}}}', 422),
        (JSON, b'{"payable_account": {"amount": 1, "due_date": "2015-08-15", "description": "a\\u0000"}}', 400),
        (XML, b'<!DOCTYPE a [<!ENTITY b "1">]><payable-account><amount>&b;</amount></payable-account>', 400),
        (XML, b"<payable-account><amount>1</amount>", 400),
        (XML, b'<payable-account type="yaml">x</payable-account>', 400),
        (XML, b"text", 422),
        ("application/x-tieout", b"{}", 415),
        ("application/x-www-form-urlencoded", b"payable_account[amount]=1", 415),
        (f"{JSON}; charset=utf-16", b"{}", 415),
    ],
)
def test_what_no_client_should_send_is_refused_in_the_vendors_words_and_nothing_is_stored(
    client: FinteraClient, firm: Firm, content_type: str, body: bytes, status: int
) -> None:
    headers = {"Authorization": basic(firm.token), "Accept": JSON, "Content-Type": content_type}
    before = stored(firm)

    reply = client.raw("POST", f"/entities/{firm.entity_id}/payable_accounts", headers, body)

    assert (reply.status, reply.headers["Content-Type"]) == (status, f"{JSON}; charset=utf-8")
    assert isinstance(reply.json, dict)
    assert stored(firm) == before


def test_a_million_ids_are_too_many_and_cost_no_look_up(client: FinteraClient, firm: Firm) -> None:
    body = b'{"selected_financial_account_ids": [' + b"1," * 999_999 + b'1], "selected_financial_transaction_ids": [1]}'
    before = stored(firm)

    reply = client.call("POST", f"/entities/{firm.entity_id}/reconciles", body)

    assert (reply.status, list(reply.json)) == (422, ["selected_financial_account_ids"])
    assert stored(firm) == before


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/entities/{entity}/nothing", 404),
        ("GET", "/accounts/1", 404),
        ("GET", "/entities//payable_accounts", 404),
        ("GET", "/entities/abc", 404),
        ("GET", "/entities/{entity}/payable_accounts/abc", 404),
        ("GET", "/entities/{entity}/payable_accounts/9007199254740991", 404),
        ("GET", "/entities/{entity}/deposit_accounts/9007199254740991/financial_transactions", 404),
        ("POST", "/entities", 405),
        ("DELETE", "/entities/{entity}/reconciles", 405),
        ("PATCH", "/entities/{entity}/payable_accounts/1", 405),
        ("GET", "/entities/{stranger}/payable_accounts", 403),
        ("GET", "/entities/{stranger}", 403),
        ("GET", "/entities/9007199254740991", 403),
    ],
)
def test_what_is_not_there_not_allowed_or_not_seen_is_said_in_both_formats(
    client: FinteraClient, firm: Firm, method: str, path: str, status: int
) -> None:
    path = path.format(entity=firm.entity_id, stranger=firm.office.stranger_entity.id)

    reply = client.call(method, path)
    in_xml = client.call(method, path, Accept=XML)

    assert (reply.status, list(reply.json)) == (status, ["error"])
    assert (in_xml.status, in_xml.errors) == (status, [reply.json["error"]])
    assert ("Allow" in reply.headers) == (status == 405)


def test_every_read_and_write_of_a_strangers_rows_is_answered_as_of_rows_that_do_not_exist(
    client: FinteraClient, firm: Firm
) -> None:
    other = f"/entities/{firm.other_entity_id}"
    payable, transaction = firm.payable(1_00), firm.transaction(-1_00)
    fields: dict[str, Any] = {"total_amount": 1, "occurred_at": "2015-08-15"}

    replies = [
        client.call("GET", f"{other}/payable_accounts/{payable}"),
        client.call("PUT", f"{other}/payable_accounts/{payable}/pay", {"payable_account": fields}),
        client.call("DELETE", f"{other}/payable_accounts/{payable}"),
        client.call("GET", f"{other}/deposit_accounts/{firm.account_id}"),
        client.call("GET", f"{other}/deposit_accounts/{firm.other_account_id}/financial_transactions/{transaction}"),
        client.call("DELETE", f"{other}/deposit_accounts/{firm.account_id}/financial_transactions/{transaction}"),
    ]

    assert [reply.status for reply in replies] == [404] * 6
    assert client.call("GET", f"/entities/{firm.entity_id}/payable_accounts/{payable}").status == 200

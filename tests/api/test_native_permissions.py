"""Who is let in: every operation asks for a token of this face, and shows nothing of what the token does not see."""

import re
import socket
from typing import Any
from urllib.parse import urlsplit

from tests.api.given_server import PREFIX, Client, Native, given_token
from tieout.api.native.application import OPERATIONS
from tieout.api.native.operations import Operation
from tieout.domain.people import Face

IN_ENTITIES = [each for each in OPERATIONS if "{entity_id}" in each.path]


def path_of(operation: Operation, entity_id: int, other: int = 1) -> str:
    """The path of an operation in an entity."""
    return re.sub(r"{\w+}", str(other), operation.path.replace("{entity_id}", str(entity_id)))


def test_nobody_is_let_in_without_a_token_of_this_face(served: Native) -> None:
    office = served.office
    tokens = ["", "tk_wrong", given_token(served.context, office.owner, Face.FINTERA)]

    for token in tokens:
        stranger = Client(served.client.address, token, served.client.http)
        for operation in OPERATIONS:
            told = stranger.ask(operation.method, path_of(operation, office.entity_id))
            assert told.status == 401, (operation.path, told.content)
            assert told.headers["www-authenticate"].startswith("Bearer")


def test_an_entity_that_the_token_does_not_see_answers_as_one_that_does_not_exist(served: Native) -> None:
    unseen, unknown = served.office.stranger_entity.id, 2**53 - 1

    for operation in IN_ENTITIES:
        answers = []
        for entity_id in (unseen, unknown):
            told = served.client.ask(operation.method, path_of(operation, entity_id))
            answers.append((told.status, told.content))
        assert answers[0] == answers[1], operation.path
        assert answers[0][0] in (400, 404), (operation.path, answers)


def test_a_reader_reads_and_changes_nothing(served: Native) -> None:
    match_id = served.given_match()
    reader = served.client_of(served.office.reader)

    assert reader.ask("GET", f"{served.entity}/matches/{match_id}").status == 200
    asked: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "/accounts", {"kind": "bank", "name": "Other", "currency": "NOK"}),
        ("POST", "/lines", {"lines": []}),
        ("POST", f"/matches/{match_id}/undo", {}),
        ("PUT", "/period-locks", {"through_date": "2026-01-31"}),
    ]
    for method, path, fields in asked:
        told = reader.ask(method, f"{served.entity}{path}", **fields)
        assert (told.status, told.code) == (403, "not_permitted"), (path, told.content)


def test_a_token_that_may_not_post_prepares_and_does_not_confirm(served: Native) -> None:
    lines = [{"line_id": each} for each in served.given_pair()]
    preparer = served.client_of(served.office.approver)

    proposed = preparer.ask("POST", f"{served.entity}/matches", allocations=lines, confirm=False)
    confirmed = preparer.ask("POST", f"{served.entity}/matches/{proposed.json['id']}/confirm")

    assert (proposed.status, proposed.json["status"]) == (201, "proposed")
    assert (confirmed.status, confirmed.code) == (403, "post_missing")


def test_nothing_of_an_upload_is_read_before_its_token_is_known(served: Native) -> None:
    where = urlsplit(served.client.address)
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=10) as connection:
        head = f"POST {PREFIX}{served.entity}/documents HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\n"

        connection.sendall(head.encode())

        assert connection.recv(100).startswith(b"HTTP/1.1 401")

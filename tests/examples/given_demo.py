"""`tieout demo` running, and what its credentials file says, for tests that ask it as a client of each vendor would."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import urllib3

TIEOUT = Path(sys.executable).with_name("tieout")
# A machine that is busy elsewhere takes its time; who waits for longer waits for nothing.
LIMIT_SECONDS = 240
_LINES_BEHIND = 4


class Reply(NamedTuple):
    """Status and body of an answer."""

    status: int
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON, numbers with a fraction as exact decimals."""
        return json.loads(self.body, parse_float=Decimal)


@dataclass(frozen=True)
class Demo:
    """The running command, what its credentials file says, and where its complaints go."""

    running: subprocess.Popen[str]
    told: dict[str, Any]
    file: Path
    shown: str  # what it prints from the line on that says where it serves
    complaints: Path
    http: urllib3.PoolManager

    def ask(
        self,
        face: str,
        method: str,
        path: str,
        authorization: str,
        body: object = None,
        further: Mapping[str, str] | None = None,
    ) -> Reply:
        """One call below the base that the file names for this face, with further headers where they are given."""
        headers = {"Authorization": authorization, "Accept": "application/json"} if authorization else {}
        headers |= further or {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        content = None if body is None else json.dumps(body, default=str)
        answer = self.http.request(method, self.told[face]["base_url"] + path, body=content, headers=headers)
        return Reply(answer.status, answer.data)

    def authorization(self, face: str) -> str:
        """The header of the face's token, as the vendor's clients send it."""
        token = self.told[face]["token"]
        if face == "fintera":
            return urllib3.make_headers(basic_auth=f"{token}:X")["authorization"]
        return f"Bearer {token}"

    def call(self, face: str, method: str, path: str, body: object = None) -> Reply:
        """One call with the token that the file holds."""
        return self.ask(face, method, path, self.authorization(face), body)

    def done(self, face: str, method: str, path: str, body: object = None) -> Any:
        """What a call gives that is not refused; None where it gives nothing."""
        reply = self.call(face, method, path, body)
        assert 200 <= reply.status < 300, (face, method, path, reply)
        return reply.json if reply.body.strip() else None

    def sign_in(self, login: dict[str, str]) -> str:
        """Both steps of KashFlow's clients; the header of the session."""
        name_and_password = {"UserName": login["username"], "Password": login["password"]}
        half_way = self.ask("kashflow", "POST", "/sessiontoken", "", name_and_password)
        assert half_way.status == 201, half_way
        positions = [each["Position"] for each in half_way.json["MemorableWordList"]]
        answers = [{"Position": each, "Value": login["memorable_word"][each - 1]} for each in positions]
        body = {"TemporaryToken": half_way.json["TemporaryToken"], "MemorableWordList": answers}
        signed_in = self.ask("kashflow", "PUT", "/sessiontoken", "", body)
        assert signed_in.status == 200, signed_in
        return f"KfToken {signed_in.json['SessionToken']}"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo from its first line until the tests are done."""
    folder = tmp_path_factory.mktemp("demo")
    file, complaints = folder / "credentials.json", folder / "complaints.txt"
    command = [str(TIEOUT), "demo", "--port", "0", "--credentials", str(file)]
    with complaints.open("w") as stream:
        running = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=stream, text=True)
    # Ends the command, and with it the reading of its lines, when it never comes to serve.
    limit = threading.Timer(LIMIT_SECONDS, running.kill)
    limit.start()
    try:
        assert running.stdout is not None
        served = next((line for line in running.stdout if line.startswith("serving the example company at ")), "")
        assert served, complaints.read_text("utf-8")
        told = json.loads(file.read_text("utf-8"), parse_float=Decimal)
        shown = served + "".join(running.stdout.readline() for _ in range(_LINES_BEHIND))
        yield Demo(running, told, file, shown, complaints, urllib3.PoolManager(retries=False))
    finally:
        limit.cancel()
        if running.poll() is None:
            running.kill()
        running.communicate()

"""What may go wrong between us and Tryton: a server in front of it that passes calls on, loses them, or lies."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import urllib3


@dataclass(frozen=True)
class Answer:
    """What the network says instead of Tryton."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


PASS = "pass"  # asked and answered as ever
LOSE_CALL = "lose the call"  # the connection breaks before Tryton hears of it
LOSE_ANSWER = "lose the answer"  # it breaks when Tryton has done what it was asked

# What becomes of a call, by its method and its place in the order of calls.
Fate = Callable[[str, int], str | Answer]


def said(result: object) -> Answer:
    """An answer of JSON-RPC."""
    return Answer(body=json.dumps({"id": 1, "result": result}).encode())


def said_no(*error: object) -> Answer:
    """An error of JSON-RPC."""
    return Answer(body=json.dumps({"id": 1, "error": error}).encode())


@dataclass
class Network:
    """A network that is up: its address, and the methods that were called through it."""

    url: str
    methods: list[str] = field(default_factory=list)
    fate: Fate = lambda _method, _place: PASS


@contextmanager
def network(fate: Fate, behind: str = "") -> Iterator[Network]:
    """A network in front of the server at `behind`, or of none where every call has an answer of its own."""
    up = Network("", fate=fate)
    pool = urllib3.PoolManager()

    class Call(BaseHTTPRequestHandler):
        """One call on its way."""

        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            method = json.loads(body)["method"]
            up.methods.append(method)
            fate = up.fate(method, len(up.methods) - 1)
            if isinstance(fate, Answer):
                self._answer(fate)
            elif fate == LOSE_CALL:
                self.close_connection = True
            else:
                passed = self._passed_on(body)
                if fate == LOSE_ANSWER:
                    self.close_connection = True
                else:
                    self._answer(passed)

        def _passed_on(self, body: bytes) -> Answer:
            kept = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
            told = pool.request("POST", behind + self.path, body=body, headers=kept, retries=False)
            return Answer(told.status, told.data, {"content-type": "application/json"})

        def _answer(self, answer: Answer) -> None:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            """Say nothing on the terminal."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Call)
    listening.daemon_threads = True
    up.url = f"http://127.0.0.1:{listening.server_address[1]}"
    thread = threading.Thread(target=lambda: listening.serve_forever(poll_interval=0.01))
    thread.start()
    try:
        yield up
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()
        pool.clear()

"""Asks a server on loopback as fast as it answers: the client of the server's benchmark, a process of its own.

Standard input holds a JSON object: host, port, connections, headers, and requests as [method, path, body] each.
Standard output gets the seconds of the whole, those of each request, and how often each status came. One request at a
time is under way on a connection. The protocol is spoken on plain sockets, so that the client costs little of what is
measured.
"""

import asyncio
import json
import sys
import time
from collections import Counter, deque
from typing import Any


class _Connection(asyncio.Protocol):
    """One kept-alive connection that takes the next request from the queue when an answer is complete."""

    def __init__(self, waiting: deque[bytes], told: "_Told", ended: asyncio.Future[None]) -> None:
        self._waiting, self._told, self._ended = waiting, told, ended
        self._received = bytearray()
        self._missing = -1  # bytes of the body that have not come; -1 while the head is read
        self._status = 0
        self._started = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        self._ask()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._ended.done():
            self._ended.set_exception(error or ConnectionError("the server closed the connection"))

    def data_received(self, received: bytes) -> None:
        self._received += received
        if self._missing < 0:
            end = self._received.find(b"\r\n\r\n")
            if end < 0:
                return
            head = bytes(self._received[:end]).lower()
            self._status = int(head[9:12])
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r", 1)[0]) if at >= 0 else 0
            self._missing = end + 4 + length
        if len(self._received) >= self._missing:
            self._told.answered(self._status, time.perf_counter() - self._started, self._received)
            self._received, self._missing = bytearray(), -1
            self._ask()

    def _ask(self) -> None:
        if not self._waiting:
            if not self._ended.done():
                self._ended.set_result(None)
            self._transport.close()
            return
        self._started = time.perf_counter()
        self._transport.write(self._waiting.popleft())


class _Told:
    """What came back."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.statuses: Counter[int] = Counter()
        self.sample = ""

    def answered(self, status: int, seconds: float, answer: bytearray) -> None:
        """Take one answer; the first that is none is kept to be shown."""
        self.seconds.append(seconds)
        self.statuses[status] += 1
        if not self.sample and status >= 300:
            self.sample = bytes(answer[:600]).decode("utf-8", "replace")


def _request(method: str, path: str, body: str | None, headers: dict[str, str], host: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"host: {host}", *(f"{name}: {value}" for name, value in headers.items())]
    content = (body or "").encode()
    if body is not None:
        lines += ["content-type: application/json", f"content-length: {len(content)}"]
    return "\r\n".join([*lines, "", ""]).encode() + content


async def _run(job: dict[str, Any]) -> dict[str, object]:
    waiting = deque(_request(*request, job["headers"], job["host"]) for request in job["requests"])
    told = _Told()
    loop = asyncio.get_running_loop()
    ends: list[asyncio.Future[None]] = []
    started = time.perf_counter()
    for _ in range(job["connections"]):
        ended: asyncio.Future[None] = loop.create_future()
        ends.append(ended)
        await loop.create_connection(lambda ended=ended: _Connection(waiting, told, ended), job["host"], job["port"])  # type: ignore[misc]
    await asyncio.gather(*ends)
    return {
        "seconds": time.perf_counter() - started,
        "each": told.seconds,
        "statuses": dict(told.statuses),
        "sample": told.sample,
    }


if __name__ == "__main__":
    import uvloop

    json.dump(uvloop.run(_run(json.load(sys.stdin))), sys.stdout)

"""Settlements drained through the Koncili dialect, and what its limit of calls lets through over a simulated day.

Promised on two cores, on either store: 10,000 entries drained in a second with the limits lifted, by one client that
asks for a page, marks it as read and asks again until the count is 0, as the vendor's guide has it; with the limits
on, never more than 3 calls of a credential answered in any 60 seconds of a day, and a client that waits as it is told
is never refused.
"""

import json
import os
import re
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from random import Random
from typing import Any

from benchmarks.serving import Office, accepted, context_over, database, disk_sync_milliseconds, office, serving
from tieout.domain.lines import Line
from tieout.domain.people import Face, User
from tieout.domain.settlements import SettlementBatch, SettlementEntry
from tieout.services.accounts import AccountRequest, open_account
from tieout.services.context import Context
from tieout.services.limits import MINUTE, SECOND, Allowed, TooMany, take_call
from tieout.services.people.refresh_tokens import start_family
from tieout.services.people.users import users
from tieout.store.protocols import Scope

ENGINES = ("sqlite", "postgresql")
_ENTRIES, _BATCHES, _PAGE = 10_000, 10, 100
_PER_MINUTE, _A_DAY = 3, 24 * 60 * MINUTE
_ID = re.compile(rb'"id":(\d+),"oi"')
_RECEIVED_MAX = 1 << 18
_EXTRACT = "/externalapi/orderextract"
_FACTS = (
    '{"accountName":"Loja Central","customerDocumentNumber":"01234567890","customerName":"Ana Prado",'
    '"internalStatus":"INVOICED","invoiceNumber":"000123","orderDate":"2026-01-02T03:00:00.000+0000",'
    '"paymentMethod":"BILLET","plotValue":285.00,"totalValue":570.00}'
)


def figures() -> dict[str, object]:
    """Every figure by its name, the engine of the store first."""
    found: dict[str, object] = {"disk_sync_ms": round(disk_sync_milliseconds(tempfile.gettempdir()), 3)}
    for engine in ENGINES:
        with database(engine) as url:
            found |= {f"{engine}_{name}": value for name, value in draining(url).items()}
    with database("sqlite") as url, context_over(url) as context:
        return found | simulated_day(context)


def draining(url: str) -> dict[str, object]:
    """Entries drained a second by one client; the first thousand warm the server up."""
    with context_over(url) as context:
        here = office(context)
        token = _token(context, here)
        _settle(context, here, 1_000)
        with _limits_lifted(), serving(url) as address:
            client = _Client(address, token)
            client.drain()
            ids = _settle(context, here, _ENTRIES)
            started = time.perf_counter()
            drained = client.drain()
            seconds = time.perf_counter() - started
            client.close()
    if drained != ids:
        raise RuntimeError(f"{len(drained)} entries were drained of {len(ids)}, or in another order")
    return {
        "entries_drained_per_second": round(len(drained) / seconds),
        "page_and_mark_ms": round(seconds / (len(drained) / _PAGE) * 1000, 2),
    }


class _Client:
    """One kept-alive connection of the ERP, on a plain socket, so that it costs little of what is measured."""

    def __init__(self, address: tuple[str, int], token: str) -> None:
        self._socket = socket.create_connection(address)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._headers = f"host: {address[0]}\r\ngumgaToken: {token}\r\n"

    def drain(self) -> list[int]:
        """The ids of everything that was unread, in the order in which they came."""
        drained: list[int] = []
        while ids := [int(each) for each in _ID.findall(self._asked("GET", "unresolveds", ""))]:
            drained += ids
            self._asked("PUT", "read/batch", json.dumps(ids))
        return drained

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _asked(self, method: str, what: str, body: str) -> bytes:
        head = f"{method} {_EXTRACT}/{what} HTTP/1.1\r\n{self._headers}content-length: {len(body)}\r\n\r\n"
        self._socket.sendall(f"{head}{body}".encode())
        received = self._socket.recv(_RECEIVED_MAX)
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._socket.recv(_RECEIVED_MAX)
        length = re.search(rb"content-length: *(\d+)", received[:end], re.IGNORECASE)
        assert length is not None, "every answer says how long it is"
        pieces, missing = [received[end + 4 :]], int(length[1]) - (len(received) - end - 4)
        while missing:
            pieces.append(self._socket.recv(_RECEIVED_MAX))
            missing -= len(pieces[-1])
        if b" 200 " not in received[:20]:
            raise RuntimeError(f"the server refused: {received[:600]!r}")
        return b"".join(pieces)


@contextmanager
def _limits_lifted() -> Iterator[None]:
    """For servers that are started inside."""
    os.environ["TIEOUT_CALL_LIMITS"] = "off"
    try:
        yield
    finally:
        del os.environ["TIEOUT_CALL_LIMITS"]


def _token(context: Context, here: Office) -> str:
    """The access token of the office's user."""
    (user,) = users(context, here.owner)
    assert isinstance(user, User), "the office has one user"
    pair = start_family(context, Face.KONCILI, user.id, 7200)
    assert pair is not None, "the user was made a moment ago"
    return pair.access


def _settle(context: Context, here: Office, entries: int) -> list[int]:
    """The ids of new entries in analysed batches: sales and their commissions, with what a marketplace says of them."""
    (entity_id,) = here.entities
    name = f"B2W {entries}"
    account = accepted(
        open_account(
            context, here.owner, entity_id, AccountRequest(kind="provider", name=name, currency="BRL", number=name)
        )
    )
    ids: list[int] = []
    for _ in range(_BATCHES):
        ids += _batch(context, entity_id, account.id, entries // _BATCHES)
    return ids


def _batch(context: Context, entity_id: int, account_id: int, entries: int) -> list[int]:
    now = context.now()
    shared = {"entity_id": entity_id, "account_id": account_id}
    with context.store.writing(Scope("entity", entity_id), "benchmark", "settle", now) as work:
        (batch_id,) = work.new_ids(SettlementBatch)
        batch = {"id": batch_id, "state": "analyzed", "entries": entries, "analyzed_at": now, "currency": "BRL"}
        work.add(SettlementBatch(**{**_blank(SettlementBatch), **shared, **batch, "channel": "B2W"}))
        ids = list(work.new_ids(Line, entries))
        orders = [f"MKT-{number // 2}" for number in ids]
        said = {"channel": "B2W", "order_code": orders, "entry_type": "SALE", "received": "570.00", "facts": _FACTS}
        values = {"original_minor_units": 570_00, "expected_minor_units": 570_00, "released_day": 20_463}
        rows = _blank(SettlementEntry) | shared | {"line_id": ids, "batch_id": batch_id} | said | values
        work.add_many(SettlementEntry, entries, rows)
        line = {"side": "statement", "kind": "sale", "origin": "feed", "currency": "BRL", "minor_units": 570_00}
        line |= {"booking_day": 20_463, "version": 1, "created_at": now, "changed_at": now, "changed_by": "benchmark"}
        work.add_many(Line, entries, _blank(Line) | shared | line | {"id": ids, "reference": orders})
    return ids


def _blank(noun: type[Any]) -> dict[str, Any]:
    """By column what says nothing: empty texts, zeros, no, and absent where a column may be."""
    blank: dict[Any, Any] = {str: "", int: 0, bool: False}
    return {each.name: blank.get(each.type) for each in fields(noun)}


def simulated_day(context: Context) -> dict[str, object]:
    """The most calls that were answered in any 60 seconds, for a client that waits as told and a hasty one."""
    (obedient, refused), (hasty, _) = (_day(context, f"user:{name}") for name in ("obedient", "hasty"))
    return {
        "most_calls_in_60_seconds_of_a_day": max(_most_in_a_minute(obedient), _most_in_a_minute(hasty)),
        "calls_answered_in_a_day": len(obedient),
        "refused_after_waiting_as_told": refused,
    }


def _day(context: Context, credential: str) -> tuple[list[int], int]:
    """The instants of the calls that were answered, and how often one was refused that had waited as it was told."""
    began = context.now()
    now, answered, waited, refused, chance = began, list[int](), False, 0, Random(credential)
    while now < began + _A_DAY:
        at = now
        match take_call(replace(context, now=lambda at=at: at), 0, credential, "unresolveds", _PER_MINUTE):  # type: ignore[misc]
            case Allowed():
                answered.append(at)
                waited, pause = False, chance.randrange(25 * SECOND)
            case TooMany(seconds) if credential.endswith("hasty"):
                pause = chance.randrange(min(seconds, 15) * SECOND)
            case TooMany(seconds):
                refused += waited
                waited, pause = True, seconds * SECOND
            case locked:
                # Its misuse locks the hasty one out; it goes on when it may.
                pause = (locked.retry_after_seconds or 3600) * SECOND
        now += pause
    return answered, refused


def _most_in_a_minute(instants: list[int]) -> int:
    most, first = 0, 0
    for number, at in enumerate(instants):
        while instants[first] <= at - MINUTE:
            first += 1
        most = max(most, number - first + 1)
    return most

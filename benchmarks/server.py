"""The server on loopback over both stores, its token checked with every request, client included.

Promised on two cores: one match read 1,500 times a second with 99 of 100 answers under 30 ms; 60,000 lines a second
taken in on PostgreSQL and 50,000 on SQLite, 10,000 a call; 600 matches a second confirmed for good on SQLite, 400 on
PostgreSQL in one entity and 500 over eight; a million lines a side uploaded, matched and stored in 30 s on PostgreSQL
and 45 s on SQLite; page 10,000 of a list as fast as page 1. BENCH_LINES takes another size than the million.
"""

import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import urllib3

from benchmarks.serving import (
    Office,
    accepted,
    context_over,
    database,
    disk_sync_milliseconds,
    load,
    office,
    percentile,
    serving,
)
from tieout.lab.generate import generate
from tieout.services.context import Context
from tieout.services.line_requests import LineRequest
from tieout.services.lines import enter_lines
from tieout.services.making import make_match
from tieout.services.match_requests import AllocationRequest, MatchRequest

ENGINES = ("sqlite", "postgresql")
_READS, _CALLS, _LINES_A_CALL, _CONFIRMED = 12_000, 20, 10_000, 2_400
_PAGE, _STEP = 100, 1_000


def measure() -> dict[str, object]:
    """Every figure by its name, the engine of the store first."""
    figures: dict[str, object] = {"disk_sync_ms": round(disk_sync_milliseconds(tempfile.gettempdir()), 3)}
    with tempfile.TemporaryDirectory(prefix="tieout-bench-files-") as name:
        lines = int(os.environ.get("BENCH_LINES", "1000000"))
        generate(lines, 3, Path(name), "default")
        parts: tuple[Callable[[str], dict[str, object]], ...] = (
            reading,
            bulk,
            confirming,
            partial(million, folder=Path(name)),
        )
        for engine in ENGINES:
            for part in parts:
                with database(engine) as url:
                    figures |= {f"{engine}_{figure}": value for figure, value in part(url).items()}
    return figures


def reading(url: str) -> dict[str, object]:
    """Single matches read over 16 connections, beside the driver alone reading the same rows one after another."""
    with context_over(url) as context:
        here = office(context)
        matches = _matches(context, here, 0, 1_000, confirm=True)
    with serving(url) as address:
        path = f"/tieout/v1/entities/{here.entities[0]}/matches"
        asked = [("GET", f"{path}/{matches[number % len(matches)]}", None) for number in range(_READS)]
        load(address, here.token, asked[:1_000], 16)
        told = load(address, here.token, asked, 16)
    return {
        "matches_read_per_second": round(_READS / told["seconds"]),
        "match_read_p99_ms": round(percentile(told["each"], 0.99) * 1000, 1),
        "driver_alone_matches_per_second": round(_driver_alone(url, here.entities[0], matches)),
    }


def _driver_alone(url: str, entity: int, matches: list[int]) -> float:
    """Matches a second that the bare driver reads with their allocations: the ceiling of any server."""
    statements = (
        "SELECT * FROM matches WHERE entity_id = {0} AND id = {0}",
        "SELECT * FROM allocations WHERE entity_id = {0} AND match_id = {0}",
    )
    connection, mark = _driver(url)
    texts = [statement.format(mark) for statement in statements]
    started = time.perf_counter()
    rounds = [matches[number % len(matches)] for number in range(5_000)]
    for match_id in rounds:
        for text in texts:
            connection.execute(text, (entity, match_id)).fetchall()
    seconds = time.perf_counter() - started
    connection.close()
    return len(rounds) / seconds


def _driver(url: str) -> tuple[Any, str]:
    if url.startswith("sqlite"):
        import sqlite3

        return sqlite3.connect(url.removeprefix("sqlite:///")), "?"
    import psycopg

    return psycopg.connect(url), "%s"


def bulk(url: str) -> dict[str, object]:
    """Lines entered 10,000 a call over two connections."""
    with context_over(url) as context:
        here = office(context)
    with serving(url) as address:
        path = f"/tieout/v1/entities/{here.entities[0]}/lines"
        bodies = [("POST", path, _lines_body(here.accounts[0], number)) for number in range(_CALLS)]
        load(address, here.token, bodies[:2], 2)
        told = load(address, here.token, bodies, 2)
    return {"lines_entered_per_second": round(_CALLS * _LINES_A_CALL / told["seconds"])}


def _lines_body(account: int, call: int) -> str:
    lines = [
        {
            "side": "statement",
            "account_id": account,
            "currency": "NOK",
            "amount": f"{(number * 37) % 90_000 + 1}.{number % 100:02}",
            "booking_date": f"2026-05-{number % 28 + 1:02}",
            "reference": f"INV-{call}-{number}",
            "counterparty": f"Customer {number % 500} AS",
            "description": f"Payment of invoice INV-{call}-{number}",
        }
        for number in range(_LINES_A_CALL)
    ]
    return json.dumps({"lines": lines})


def confirming(url: str) -> dict[str, object]:
    """Proposed matches made final over 16 connections, in one entity and spread over eight."""
    with context_over(url) as context:
        here = office(context, entities=8)
        in_one = [(here.entities[0], each) for each in _matches(context, here, 0, _CONFIRMED, confirm=False)]
        apart = [_matches(context, here, place, _CONFIRMED // 8, confirm=False) for place in range(8)]
        over_eight = [
            (entity, matches[turn])
            for turn in range(_CONFIRMED // 8)
            for entity, matches in zip(here.entities, apart, strict=True)
        ]
    with serving(url) as address:
        one, eight = (
            load(
                address,
                here.token,
                [("POST", f"/tieout/v1/entities/{e}/matches/{m}/confirm", "{}") for e, m in asked],
                16,
            )
            for asked in (in_one, over_eight)
        )
    return {
        "confirmed_per_second_in_one_entity": round(_CONFIRMED / one["seconds"]),
        "confirmed_per_second_over_eight": round(_CONFIRMED / eight["seconds"]),
        "confirm_p99_ms": round(percentile(one["each"], 0.99) * 1000, 1),
    }


def _matches(context: Context, here: Office, place: int, count: int, *, confirm: bool) -> list[int]:
    """Ids of new matches of one statement line and one book entry each."""
    entity, account = here.entities[place], here.accounts[place]
    sides = [
        accepted(
            enter_lines(
                context,
                here.owner,
                entity,
                [
                    LineRequest(
                        side=side,
                        kind=kind,
                        account_id=account,
                        currency="NOK",
                        minor_units=number + 1,
                        booking_day=20_600,
                    )
                    for number in range(count)
                ],
            )
        )
        for side, kind in (("statement", ""), ("ledger", "customer_payment"))
    ]
    made = []
    for bank, book in zip(*sides, strict=True):
        request = MatchRequest(allocations=(AllocationRequest(line_id=bank.id), AllocationRequest(line_id=book.id)))
        made.append(accepted(make_match(context, here.owner, entity, request, confirm=confirm)).record.id)
    return made


def million(url: str, folder: Path) -> dict[str, object]:
    """Two generated files uploaded and matched, the matches kept; then a first and a deep page of their list."""
    with context_over(url) as context:
        here = office(context)
    with serving(url) as (host, port):
        http = urllib3.HTTPConnectionPool(host, port, headers={"authorization": f"Bearer {here.token}"}, timeout=600)
        entity = f"/tieout/v1/entities/{here.entities[0]}"
        laps = [time.perf_counter()]
        for side in ("statement", "ledger"):
            content = (folder / f"{side}.csv").read_bytes()
            answer = http.request(
                "POST",
                f"{entity}/documents?name={side}.csv&side={side}",
                body=content,
                headers={**http.headers, "content-type": "application/octet-stream"},
            )
            require(answer)
            laps.append(time.perf_counter())
        answer = http.request("POST", f"{entity}/matches/propose", json={})
        run = json.loads(require(answer))
        laps.append(time.perf_counter())
        return {
            "million_statement_lines": run["run"]["statement_lines"],
            "million_ledger_lines": run["run"]["ledger_lines"],
            "million_matches": run["run"]["confirmed"] + run["run"]["proposed"],
            "million_statement_upload_seconds": round(laps[1] - laps[0], 1),
            "million_ledger_upload_seconds": round(laps[2] - laps[1], 1),
            "million_match_and_store_seconds": round(laps[3] - laps[2], 1),
            "million_seconds": round(laps[3] - laps[0], 1),
            **_pages(http, f"{entity}/matches"),
        }


def _pages(http: urllib3.HTTPConnectionPool, path: str) -> dict[str, object]:
    """Median milliseconds of the first page and of one behind all matches but the last thousand, 100 matches each."""
    cursor, behind, pages = "", "", 0
    while True:
        page = json.loads(require(http.request("GET", f"{path}?limit={_STEP}{cursor}")))
        pages += _STEP // _PAGE
        if page["next"] is None:
            break
        behind, cursor = cursor, f"&cursor={page['next']}"
    times: dict[str, float] = {}
    for name, at in (("first", ""), ("deep", behind)):
        seconds = []
        for _ in range(50):
            started = time.perf_counter()
            require(http.request("GET", f"{path}?limit={_PAGE}{at}"))
            seconds.append(time.perf_counter() - started)
        times[name] = statistics.median(seconds)
    return {
        "page_number_of_deep_page": pages - 2 * _STEP // _PAGE + 1,
        "first_page_ms": round(times["first"] * 1000, 2),
        "deep_page_ms": round(times["deep"] * 1000, 2),
    }


def require(answer: urllib3.BaseHTTPResponse) -> bytes:
    """The body of an answer. Raises RuntimeError where it is none."""
    if answer.status >= 300:
        raise RuntimeError(f"the server refused: {answer.status} {answer.data[:600]!r}")
    return answer.data


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))

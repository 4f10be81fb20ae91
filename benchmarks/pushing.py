"""10,000 pushes to a platform that doubles, drops, delays and lies in 30 % of calls: no duplicate and no loss there.

The invoices are made first, each with its intent; then workers run until nothing waits, the clock going forward as far
as the waits between attempts say. What the platform has in the end is compared with what was to be there. Beside it the
same pushes to a platform that behaves, which is what one push costs.
"""

import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from random import Random
from typing import Any

from benchmarks.serving import context_over, database, disk_sync_milliseconds, office
from tieout.contracts.platform import Business, PlatformFault, PulledPage, Pushed, SettingField, SpanSum
from tieout.domain.connections import SyncedRecord
from tieout.domain.work import Job
from tieout.services.context import Context, Denied
from tieout.services.invoices import InvoiceRequest, create_invoice
from tieout.services.jobs import run_queued
from tieout.services.people.operator import operator
from tieout.services.syncing.connections import configure_connection, create_connection
from tieout.store.protocols import Order

ENGINES = ("sqlite", "postgresql")
PUSHES = 10_000
FAULTY_SHARE = 0.3
_WRONGS = ("drop", "unreached", "delay", "double", "lost answer", "lie of refusal", "lie of success", "nonsense")
_DAY = 20_400


class Platform:
    """Keeps one object for each key, and its word in seven calls of ten."""

    TITLE: str = "Bench"
    FIELDS: Sequence[SettingField] = ()
    PULLS: Sequence[str] = ()
    PUSHES: Sequence[str] = ("receivable",)

    def __init__(self, chance: Random, share: float) -> None:
        self.chance, self.share = chance, share
        self.made: dict[tuple[str, str], str] = {}  # by type and key the number of the document
        self.asked = Counter[str]()
        self._delayed: list[tuple[tuple[str, str], str]] = []

    @contextmanager
    def opened(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> Iterator["Platform"]:  # noqa: ARG002
        """Itself."""
        yield self

    def business(self) -> Business:
        """A company."""
        return Business("Bench")

    def pull(self, object_type: str, cursor: str, limit: int) -> PulledPage:  # noqa: ARG002
        """Nothing."""
        return PulledPage((), cursor, more=False)

    def spans(self, object_type: str) -> Mapping[str, SpanSum]:  # noqa: ARG002
        """Nothing."""
        return {}

    def ids(self, object_type: str, span: str) -> Sequence[str]:  # noqa: ARG002
        """Nothing."""
        return ()

    def push(self, object_type: str, key: str, body: Mapping[str, Any]) -> Pushed:
        """Make the object, unless the call goes wrong."""
        self.asked["push"] += 1
        self.deliver()
        went, number, place = self._went(), body["number"], (object_type, key)
        if went == "unreached":
            raise PlatformFault("unavailable", "nobody answers")
        if went == "delay":
            self._delayed.append((place, number))
        if went in ("drop", "delay"):
            raise PlatformFault("unknown", "no answer came in time")
        if went == "lie of success":
            return Pushed("never-made")
        self.made.setdefault(place, number)
        if went == "double":
            self.made.setdefault(place, number)
        if went == "lie of refusal":
            raise PlatformFault("refused", "no such thing")
        if went in ("lost answer", "nonsense"):
            raise PlatformFault("unknown" if went == "lost answer" else "malformed", went)
        return Pushed(f"there-{key}")

    def find(self, object_type: str, key: str) -> Pushed | None:
        """What there is under a key; it may not answer, and does not lie."""
        self.asked["find"] += 1
        if self._went() in ("drop", "unreached", "delay", "nonsense"):
            raise PlatformFault("unavailable", "nobody answers")
        return Pushed(f"there-{key}") if (object_type, key) in self.made else None

    def deliver(self) -> None:
        """Let everything arrive that was delayed."""
        while self._delayed:
            self.made.setdefault(*self._delayed.pop())

    def _went(self) -> str:
        return self.chance.choice(_WRONGS) if self.chance.random() < self.share else "well"


def figures() -> dict[str, object]:
    """Every figure by its name, the engine of the store first."""
    found: dict[str, object] = {"disk_sync_ms": round(disk_sync_milliseconds(tempfile.gettempdir()), 3)}
    for engine in ENGINES:
        for name, share, count in (("faulty", FAULTY_SHARE, PUSHES), ("well", 0.0, PUSHES // 10)):
            with database(engine) as url, context_over(url) as context:
                told = _pushed(context, Platform(Random(11), share), count)
            found |= {f"{engine}_{name}_{what}": value for what, value in told.items()}
    return found


def _pushed(context: Context, platform: Platform, count: int) -> dict[str, object]:
    """Make the invoices, send them, and compare both sides."""
    at = [context.now()]
    here = replace(context, now=lambda: at[0], platforms=lambda: {"bench": platform})
    entity_id = _connected(here)
    for number in range(count):
        request = InvoiceRequest(
            direction="receivable", currency="NOK", issue_day=_DAY, number=str(number), instalments=((_DAY, 100_00),)
        )
        assert not isinstance(create_invoice(here, operator(here, 1), entity_id, request), Denied)
    began = time.perf_counter()
    while (due_at := _next_due(here)) is not None:
        at[0] = max(at[0], due_at)
        run_queued(here)
    seconds = time.perf_counter() - began
    platform.deliver()
    return {**_compared(here, platform, entity_id, count), "pushes_per_second": round(count / seconds)}


def _connected(context: Context) -> int:
    entity_id = office(context).entities[0]
    principal = operator(context, 1)
    made = create_connection(context, principal, entity_id)
    assert not isinstance(made, Denied)
    told = configure_connection(context, principal, entity_id, made.id, "bench", {}, {})
    assert not isinstance(told, Denied)
    run_queued(context)
    return entity_id


def _next_due(context: Context) -> int | None:
    with context.store.reading() as view:
        waiting = view.all(Job, order=(Order("due_at"), Order("id")), limit=1, state="queued")
    return waiting[0].due_at if waiting else None


def _compared(context: Context, platform: Platform, entity_id: int, count: int) -> dict[str, object]:
    """What is there twice, what is not there, and what our records say of it."""
    numbers = Counter(platform.made.values())
    with context.store.reading() as view:
        states = Counter(record.status for record in view.all(SyncedRecord, entity_id=entity_id))
    return {
        "duplicates": sum(times - 1 for times in numbers.values()),
        "lost": count - len(numbers),
        "records": dict(states),
        "calls": dict(platform.asked),
    }

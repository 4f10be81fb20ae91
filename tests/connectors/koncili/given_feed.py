"""An ERP with a feed from a marketplace hub: our own Koncili face is the vendor, in the same database, over HTTP."""

import json
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from tests.dialects.koncili.given import PASSWORD, Shop, given_shop
from tests.given_matches import accepted
from tests.given_settlements import given_provider
from tests.given_store import Clock, Office, given_office
from tieout.connectors import koncili
from tieout.contracts.connector import ConnectorSession, FoundPage, Surroundings
from tieout.domain.accounts import Account
from tieout.domain.feeds import Feed, FetchedEntry
from tieout.domain.settlements import Delivery
from tieout.domain.work import Job
from tieout.kernel.dates import day_number, day_of_text
from tieout.services.context import Context
from tieout.services.feeds.feeds import FeedRequest, create_feed, run_feed
from tieout.services.feeds.fetching import fetch_feed
from tieout.services.job_holds import Again, GivenUp, Later
from tieout.services.lines import LineNow, LineRequest, enter_lines
from tieout.services.people.entities import change_entity
from tieout.store.protocols import Condition, Order

SALE, COMMISSION = 100_00, 12_00


class Killed(BaseException):
    """The process ended here."""


@dataclass
class Stepping:
    """A connector that counts its calls and ends the process before or after one of them."""

    ends_at: int = 0  # never
    steps: int = 0
    FIELDS = koncili.FIELDS
    TITLE = koncili.TITLE

    def opened(self, settings: Any, secrets: Any, around: Surroundings) -> AbstractContextManager[ConnectorSession]:
        return self._opened(settings, secrets, around)

    @contextmanager
    def _opened(self, settings: Any, secrets: Any, around: Surroundings) -> Iterator[ConnectorSession]:
        with koncili.opened(settings, secrets, around) as session:
            yield SteppingSession(session, self)

    def step(self) -> None:
        self.steps += 1
        if self.steps == self.ends_at:
            raise Killed


@dataclass
class SteppingSession:
    """A session whose every call has a step before it and one behind it."""

    inner: ConnectorSession
    stepping: Stepping

    def unread(self) -> FoundPage:
        self.stepping.step()
        page = self.inner.unread()
        self.stepping.step()
        return page

    def mark_read(self, vendor_ids: Sequence[str]) -> None:
        self.stepping.step()
        self.inner.mark_read(vendor_ids)
        self.stepping.step()

    def mark_resolved(self, vendor_ids: Sequence[str]) -> None:
        self.stepping.step()
        self.inner.mark_resolved(vendor_ids)
        self.stepping.step()


@dataclass
class Erp:
    """An entity in BRL with a feed, its clearing account, and the shop whose settlements it fetches."""

    context: Context
    clock: Clock
    office: Office
    account: Account
    shop: Shop
    feed: Feed
    pauses: list[int] = field(default_factory=list)

    def orders(self, *codes: str, minor_units: int = SALE) -> None:
        """Orders that wait for their money."""
        requests = [
            LineRequest(
                side="ledger",
                kind="order",
                account_id=0,
                currency="BRL",
                minor_units=minor_units,
                booking_day=day_number(day_of_text("2026-01-05")),
                reference=code,
            )
            for code in codes
        ]
        accepted(enter_lines(self.context, self.office.owner, self.office.entity_id, requests))

    def day(self, connector: Any = None) -> dict[str, Any]:
        """Fetch until the day is done, waiting as often as the limits ask; the answer of the job."""
        context = self.context if connector is None else with_connector(self.context, connector)
        while True:
            job = self._claimed()
            try:
                answer: dict[str, Any] = json.loads(fetch_feed(context, job))
            except Later as pause:
                self.pauses.append(pause.after_seconds)
                self.clock.forward(seconds=pause.after_seconds)
                self._ended(job, "queued")
                continue
            except (Again, GivenUp):
                self._ended(job, "failed")
                raise
            self._ended(job, "done")
            return answer

    def _claimed(self) -> Job:
        job = accepted(run_feed(self.context, self.office.owner, self.office.entity_id, self.feed.id))
        at = self.clock.now
        values: dict[str, Any] = {
            "state": "running",
            "fence": job.fence + 1,
            "started_at": at,
            "lease_until": at + 600_000_000,
        }
        with self.context.store.operating() as work:
            assert work.change(job, **values)
        return replace(job, **values)

    def _ended(self, job: Job, state: str) -> None:
        with self.context.store.operating() as work:
            now = work.one(Job, entity_id=job.entity_id, id=job.id)
            assert now is not None
            work.change(now, state=state)

    def lines(self) -> list[LineNow]:
        """The entries as lines of the clearing account."""
        with self.context.store.reading() as view:
            of_account = Condition("account_id", "=", self.account.id)
            return view.lines(self.office.entity_id, of_account, Condition("side", "=", "statement"))

    def fetched(self) -> list[FetchedEntry]:
        """How far each entry is."""
        with self.context.store.reading() as view:
            order = (Order("vendor_id"),)
            return view.all(FetchedEntry, order=order, entity_id=self.office.entity_id, feed_id=self.feed.id)

    def delivered(self) -> list[Delivery]:
        """What the vendor knows to be read and resolved."""
        with self.context.store.reading() as view:
            return view.all(Delivery, entity_id=self.shop.office.entity_id)

    def feed_now(self) -> Feed:
        """The feed as it is kept."""
        with self.context.store.reading() as view:
            found = view.one(Feed, entity_id=self.office.entity_id, id=self.feed.id)
        assert found is not None
        return found


def with_connector(context: Context, connector: Any) -> Context:
    """The same with another connector under the vendor's name."""
    return replace(context, connectors=lambda: {"koncili": connector})


def given_erp(
    context: Context, clock: Clock, url: str, password: str = PASSWORD, time_zone: str = "America/Sao_Paulo"
) -> Erp:
    """An ERP that has fetched nothing yet."""
    shop = given_shop(context)
    office = given_office(context, "BRL")
    accepted(change_entity(context, office.owner, office.entity_id, {"time_zone": time_zone}))
    account = given_provider(context, office, "Koncili", "BRL")
    request = FeedRequest(
        name="marketplaces",
        connector="koncili",
        account_id=account.id,
        settings={"url": url, "email": shop.email},
        secrets={"password": password},
    )
    feed = accepted(create_feed(context, office.owner, office.entity_id, request))
    return Erp(context, clock, office, account, shop, feed)


def sold(shop: Shop, codes: Sequence[str]) -> list[int]:
    """Settle these orders at the vendor: a sale and its commission each, in one batch; the ids of the entries."""
    entries: list[dict[str, Any]] = []
    for code in codes:
        entries += [
            {"order_code": code, "minor_units": SALE, "entry_type": "SALE"},
            {"order_code": code, "minor_units": -COMMISSION, "kind": "fee", "entry_type": "COMISSION"},
        ]
    return shop.batch(entries)[1]

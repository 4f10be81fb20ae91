"""One day of a feed: fetch until nothing is unread, store before marking, clear, mark resolved, stop.

Every step can be the last one before a crash. What was stored but not marked read is told again and known by the
vendor's id; what was marked is noted afterwards, and marking twice changes nothing there. So the next run begins at the
first step and repeats no effect.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NoReturn

from tieout.contracts.connector import Connector, ConnectorSession, FoundPage, Surroundings
from tieout.contracts.http_client import CallFault
from tieout.domain.feeds import Feed, FeedState
from tieout.domain.people import Entity, Principal
from tieout.domain.work import Job
from tieout.services.context import Context, Denied
from tieout.services.feeds.clearing import to_resolve
from tieout.services.feeds.feeds import owner_of
from tieout.services.feeds.storing import Taking, note_read, note_resolved, store_page, unread_here
from tieout.services.job_holds import Again, GivenUp, Later, keep_hold
from tieout.services.limits import seconds_to_wait
from tieout.services.people.operator import operator
from tieout.services.people.secrets import keep_secret, read_secret
from tieout.services.settlements.analysing import analyse
from tieout.store.protocols import Scope

_TOKENS = "tokens"
# The waits between them add up to more than an hour: what lasts longer waits for the next day.
FETCH_ATTEMPTS_MAX = 12


@dataclass(frozen=True, slots=True)
class _Run:
    """What one run of a feed needs."""

    context: Context
    job: Job
    feed: Feed
    connector: Connector
    acting: Principal

    @property
    def taking(self) -> Taking:
        """What keeping entries needs of it."""
        return Taking(self.context, self.job, self.feed, self.acting)


def fetch_feed(context: Context, job: Job) -> str:
    """Fetch what a feed has unread, tie it, and say what is cleared; the counts as JSON text.

    Raises Later where the vendor's limits ask for a pause, and Again where a fault may pass.
    """
    run = _run_of(context, job)
    if run is None:
        return json.dumps({"fetched": 0, "reason": "the feed is paused, was removed, or its credentials are refused"})
    try:
        with _opened(run) as session:
            fetched = _drain(run, session)
            analysed = analyse(context, run.acting, job.entity_id, run.feed.account_id)
            resolved = _resolve(run, session)
    except CallFault as fault:
        _faulty(run, fault)
    _ended(run, FeedState.ACTIVE, "")
    faults = list(analysed.codes) if isinstance(analysed, Denied) else []
    return json.dumps({"fetched": fetched, "resolved": resolved, "refusals": faults})


def _run_of(context: Context, job: Job) -> _Run | None:
    with context.store.reading() as view:
        feed = view.one(Feed, entity_id=job.entity_id, id=json.loads(job.request)["feed"])
        entity = view.one(Entity, id=job.entity_id)
    connector = context.connectors().get(feed.connector) if feed is not None else None
    if feed is None or feed.state != FeedState.ACTIVE or entity is None or connector is None:
        return None
    return _Run(context, job, feed, connector, operator(context, entity.organisation_id))


@contextmanager
def _opened(run: _Run) -> Iterator[ConnectorSession]:
    organisation_id, owner = run.acting.organisation_id, owner_of(run.feed)
    fields = run.connector.FIELDS
    told = json.loads(run.feed.settings)
    settings = {each.name: told.get(each.name, each.default or "") for each in fields if not each.secret}
    secrets = {}
    for each in fields:
        if each.secret:
            clear = read_secret(run.context, organisation_id, owner, each.name)
            if clear is None:
                raise CallFault("settings", f"{each.name}: it was not given; resume the feed with it")
            secrets[each.name] = clear

    def keep(tokens: str) -> None:
        keep_secret(run.context, run.acting, owner, _TOKENS, tokens, entity_id=run.feed.entity_id)

    around = Surroundings(
        now=run.context.now,
        pace=lambda endpoint, a_minute: _pace(run, endpoint, a_minute),
        tokens=lambda: read_secret(run.context, organisation_id, owner, _TOKENS) or "",
        keep_tokens=keep,
    )
    with run.connector.opened(settings, secrets, around) as session:
        yield session


def _pace(run: _Run, endpoint: str, a_minute: int) -> None:
    """Take one of the calls that the vendor allows in any minute. Raises Later where there is none now."""
    keep_hold(run.context, run.job)
    wait = seconds_to_wait(run.context, run.acting.organisation_id, owner_of(run.feed), endpoint, a_minute)
    if wait is not None:
        raise Later(f"{endpoint}: the vendor allows {a_minute} calls a minute", wait)


def _drain(run: _Run, session: ConnectorSession) -> int:
    """Fetch and store until nothing is unread; how many entries this job has stored, pauses included."""
    count = int(json.loads(run.job.progress or "{}").get("done", 0))
    _mark_stored(run, session)
    while page := session.unread():
        count += _stored(run, page)
        keep_hold(run.context, run.job, done=count)
        _mark_stored(run, session)
    return count


def _stored(run: _Run, page: FoundPage) -> int:
    """Keep a page. A page of nothing but what was marked before would come for ever. Raises CallFault."""
    new = store_page(run.taking, page)
    if not new and not unread_here(run.taking):
        raise CallFault("malformed", "the vendor goes on telling entries that were marked read")
    return new


def _mark_stored(run: _Run, session: ConnectorSession) -> None:
    """Mark read there what is stored here, what a run before stored included."""
    stored = unread_here(run.taking)
    if stored:
        session.mark_read(stored)
        note_read(run.taking, stored)


def _resolve(run: _Run, session: ConnectorSession) -> int:
    """Mark resolved there what is cleared here; how many entries that are."""
    cleared = to_resolve(run.context, run.feed)
    if cleared:
        session.mark_resolved(cleared)
        note_resolved(run.taking, cleared)
    return len(cleared)


def _faulty(run: _Run, fault: CallFault) -> NoReturn:
    """Keep what went wrong where people see it. Raises Again where it may pass, and GivenUp where it will not."""
    lasting = fault.kind in ("unauthorised", "settings")
    _ended(run, FeedState.DEAUTHORIZED if fault.kind == "unauthorised" else FeedState.ACTIVE, fault.message)
    if lasting:
        raise GivenUp(fault.message) from fault
    raise Again(fault.message, fault.retry_after) from fault


def _ended(run: _Run, state: FeedState, fault: str) -> None:
    at = run.context.now()
    scope = Scope("entity", run.feed.entity_id)
    with run.context.store.writing(scope, run.acting.name, "fetch_feed", at) as work:
        now = work.one(Feed, entity_id=run.feed.entity_id, id=run.feed.id)
        if now is None or now.state in (FeedState.PAUSED, FeedState.REMOVED):
            return
        work.change(now, state=state, fault=fault, last_ended_at=at, updated_at=at)

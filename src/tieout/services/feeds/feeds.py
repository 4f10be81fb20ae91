"""Standing orders to fetch: made, shown, paused, run at once, removed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tieout.contracts.connector import Connector
from tieout.domain.accounts import Account, AccountKind
from tieout.domain.feeds import Feed, FeedState, FetchedEntry
from tieout.domain.people import Capability, Principal
from tieout.domain.work import Job
from tieout.kernel.errors import Refusal
from tieout.services.context import Context, Denied, denied
from tieout.services.job_rows import queue_job
from tieout.services.people.secrets import erase_secrets, keep_secret
from tieout.services.permitting import not_permitted
from tieout.services.schedules import ScheduleRequest, add_schedule, remove_schedules, schedule_refusals
from tieout.services.texts import text_refusals
from tieout.store.protocols import Condition, Order, Reading, Scope

FETCH = "fetch_feed"

# Before anybody is at work, and after marketplaces have closed their day.
DAILY = "30 6 * * *"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRequest:
    """A feed to make; `settings` and `secrets` by the names of the connector's fields."""

    name: str
    connector: str
    account_id: int  # the provider's clearing account
    settings: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    cron: str = DAILY  # in the time zone of the entity


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedNow:
    """A feed and how far it is: entries stored here, those marked read there and resolved there, and those left out."""

    feed: Feed
    stored: int
    read: int
    resolved: int
    left_out: int


def create_feed(context: Context, principal: Principal, entity_id: int, request: FeedRequest) -> Feed | Denied:
    """A feed that is fetched every day from now on. Needs CONFIGURE.

    Refused: required, too_long, exists (the name), not_allowed (the connector, a field that it has not, the schedule),
    not_found (the account) and account_mismatch where it is no provider's.
    """
    if refused := not_permitted(principal, Capability.CONFIGURE, entity_id):
        return refused
    connector = context.connectors().get(request.connector)
    if connector is None:
        return denied("not_allowed", "connector", value=request.connector)
    at = context.now()
    with context.store.writing(Scope("entity", entity_id), principal.name, "create_feed", at) as work:
        if refusals := _refusals(work, entity_id, request, connector):
            return Denied(tuple(refusals))
        made = Feed(
            entity_id=entity_id,
            id=work.new_ids(Feed)[0],
            name=request.name.strip(),
            connector=request.connector,
            account_id=request.account_id,
            settings=json.dumps(dict(request.settings), ensure_ascii=False, sort_keys=True),
            state=FeedState.ACTIVE,
            fault="",
            last_ended_at=None,
            created_at=at,
            created_by=principal.name,
            updated_at=at,
        )
        work.add(made)
        add_schedule(work, entity_id, _daily(made, request.cron), at, principal.name)
    for name, clear in request.secrets.items():
        kept = keep_secret(context, principal, owner_of(made), name, clear, entity_id=entity_id)
        if isinstance(kept, Denied):
            return kept
    return made


def owner_of(feed: Feed) -> str:
    """Under which name the secrets of a feed are kept."""
    return f"feed:{feed.id}"


def _daily(feed: Feed, cron: str) -> ScheduleRequest:
    return ScheduleRequest(
        name=_schedule_name(feed.id), kind=FETCH, request={"feed": feed.id}, cron=cron, joined_by=_key(feed.id)
    )


def _key(feed_id: int) -> str:
    """Under which jobs of one feed are joined: two at once would fetch the same pages."""
    return f"feed:{feed_id}"


def _schedule_name(feed_id: int) -> str:
    return f"feed {feed_id}"


def _refusals(view: Reading, entity_id: int, request: FeedRequest, connector: Connector) -> list[Refusal]:
    found = text_refusals([("name", request.name)])
    if not request.name.strip():
        found.append(Refusal("required", "name"))
    elif view.one(Feed, entity_id=entity_id, name=request.name.strip()) is not None:
        found.append(Refusal("exists", "name"))
    account = view.one(Account, entity_id=entity_id, id=request.account_id)
    if account is None:
        found.append(Refusal("not_found", "account_id"))
    elif account.kind != AccountKind.PROVIDER:
        found.append(Refusal("account_mismatch", "account_id", (("kind", account.kind),)))
    found += schedule_refusals(ScheduleRequest(name="feed", kind=FETCH, request={}, cron=request.cron))
    return found + field_refusals(connector, request.settings, request.secrets)


def field_refusals(connector: Connector, settings: Mapping[str, str], secrets: Mapping[str, str]) -> list[Refusal]:
    """What is wrong with the settings and secrets of a feed: a field that is missing, empty or not the connector's."""
    given = {**settings, **secrets}
    names = {each.name for each in connector.FIELDS}
    found = [Refusal("not_allowed", f"settings.{name}") for name in sorted(set(given) - names)]
    found += [
        Refusal("required", f"{'secrets' if each.secret else 'settings'}.{each.name}")
        for each in connector.FIELDS
        if not given.get(each.name, each.default or "")
    ]
    secret = {each.name for each in connector.FIELDS if each.secret}
    # A password among the settings would be shown.
    found += [Refusal("not_allowed", f"settings.{name}") for name in sorted(secret & set(settings))]
    return found + text_refusals((f"settings.{name}", value) for name, value in settings.items())


def feeds(context: Context, principal: Principal, entity_id: int) -> list[FeedNow] | Denied:
    """Every feed of an entity that was not removed, by id."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    kept = Condition("state", "!=", FeedState.REMOVED)
    with context.store.reading() as view:
        return [_now(view, each) for each in view.all(Feed, kept, order=(Order("id"),), entity_id=entity_id)]


def feed(context: Context, principal: Principal, entity_id: int, feed_id: int) -> FeedNow | Denied:
    """One feed."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        found = view.one(Feed, entity_id=entity_id, id=feed_id)
        return denied("not_found", "feed") if found is None else _now(view, found)


def _now(view: Reading, found: Feed) -> FeedNow:
    def entries(*conditions: Condition) -> int:
        return view.count(FetchedEntry, *conditions, entity_id=found.entity_id, feed_id=found.id)

    stored = Condition("line_id", "!=", None)
    return FeedNow(
        feed=found,
        stored=entries(stored),
        read=entries(stored, Condition("read_at", "!=", None)),
        resolved=entries(stored, Condition("resolved_at", "!=", None)),
        left_out=entries(Condition("line_id", "=", None)),
    )


def left_out(context: Context, principal: Principal, entity_id: int, feed_id: int) -> list[FetchedEntry] | Denied:
    """The entries of a feed that could not be taken in, each with its reason, by the vendor's id."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        if view.one(Feed, entity_id=entity_id, id=feed_id) is None:
            return denied("not_found", "feed")
        absent = Condition("line_id", "=", None)
        return view.all(FetchedEntry, absent, order=(Order("vendor_id"),), entity_id=entity_id, feed_id=feed_id)


def pause_feed(context: Context, principal: Principal, entity_id: int, feed_id: int) -> Feed | Denied:
    """Fetch nothing until it is resumed. Needs CONFIGURE. Refused: not_found, state_differs for a removed one."""
    return _changed(context, principal, entity_id, feed_id, "pause_feed", state=FeedState.PAUSED)


def resume_feed(
    context: Context,
    principal: Principal,
    entity_id: int,
    feed_id: int,
    secrets: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
) -> Feed | Denied:
    """Fetch again, with other secrets and settings where they are given. Needs CONFIGURE.

    Refused: not_found, state_differs for a removed one, and for settings as `create_feed` says.
    """
    if refused := not_permitted(principal, Capability.CONFIGURE, entity_id):
        return refused
    with context.store.reading() as view:
        before = view.one(Feed, entity_id=entity_id, id=feed_id)
    if before is None:
        return denied("not_found", "feed")
    given = json.loads(before.settings) | dict(settings or {})
    connector = context.connectors().get(before.connector)
    if settings and connector is not None:
        secret = dict.fromkeys((each.name for each in connector.FIELDS if each.secret), "kept")
        if refusals := field_refusals(connector, given, secret):
            return Denied(tuple(refusals))
    told = json.dumps(given, ensure_ascii=False, sort_keys=True)
    resumed = _changed(context, principal, entity_id, feed_id, "resume_feed", state=FeedState.ACTIVE, settings=told)
    for name, clear in {} if isinstance(resumed, Denied) else (secrets or {}).items():
        kept = keep_secret(context, principal, f"feed:{feed_id}", name, clear, entity_id=entity_id)
        if isinstance(kept, Denied):
            return kept
    return resumed


def _changed(
    context: Context, principal: Principal, entity_id: int, feed_id: int, action: str, **values: Any
) -> Feed | Denied:
    if refused := not_permitted(principal, Capability.CONFIGURE, entity_id):
        return refused
    at = context.now()
    with context.store.writing(Scope("entity", entity_id), principal.name, action, at) as work:
        before = work.one(Feed, entity_id=entity_id, id=feed_id)
        if before is None:
            return denied("not_found", "feed")
        if before.state == FeedState.REMOVED:
            return denied("state_differs", "feed", state=before.state)
        work.change(before, fault="", updated_at=at, **values)
        return replace(before, fault="", updated_at=at, **values)


def run_feed(context: Context, principal: Principal, entity_id: int, feed_id: int) -> Job | Denied:
    """Fetch now; a run that waits already is joined. Needs PREPARE.

    Refused: not_found, and state_differs (fact `state`) for a feed that is not active.
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    with context.store.operating() as work:
        found = work.one(Feed, entity_id=entity_id, id=feed_id)
        if found is None:
            return denied("not_found", "feed")
        if found.state != FeedState.ACTIVE:
            return denied("state_differs", "feed", state=found.state)
        asked = {"feed": feed_id}
        return queue_job(work, entity_id, FETCH, asked, context.now(), principal.name, joined_by=_key(feed_id))


def remove_feed(context: Context, principal: Principal, entity_id: int, feed_id: int) -> Feed | Denied:
    """Fetch no more, erase the secrets, and free the name; what was fetched stays. Needs CONFIGURE.

    Refused: not_found, state_differs for one that is removed.
    """
    paused = pause_feed(context, principal, entity_id, feed_id)
    if isinstance(paused, Denied):
        return paused
    erase_secrets(context, principal, owner_of(paused))
    with context.store.writing(Scope("entity", entity_id), principal.name, "remove_feed", context.now()) as work:
        remove_schedules(work, entity_id, _schedule_name(feed_id))
    freed = f"{paused.name} (removed {feed_id})"
    return _changed(context, principal, entity_id, feed_id, "remove_feed", state=FeedState.REMOVED, name=freed)

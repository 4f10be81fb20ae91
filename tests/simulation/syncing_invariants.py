"""Y1, Y2 and Y4 to Y6 as faults found in the rows, and in what the platform has and was asked."""

import json
from collections import Counter
from collections.abc import Iterator

from tests.simulation.kept import Kept
from tests.simulation.witness import Witness
from tieout.domain.connections import SyncCursor

_LIVE = ("pending", "sent", "unknown")


def syncing_faults(kept: Kept) -> Iterator[str]:
    """Y1, Y4 and Y5 from the rows alone: one intent a record, one record an object, nothing that waits for nobody."""
    outside = kept.outside
    if len(outside.connected) > 1:
        yield f"connections {[each.id for each in outside.connected]} are all active"
    if len(outside.intent_of) < len(outside.intents):
        yield "a record has two intents"
    there = [(each.connection_id, each.object_type, each.platform_object_id) for each in outside.records]
    yield from (f"{key} has {count} records" for key, count in Counter(there).items() if count > 1 and key[2])
    ours = [
        (each.connection_id, each.object_type, each.own_id)
        for each in outside.records
        if each.own_id is not None and each.object_type != "payment_record"
    ]
    yield from (f"{key} has {count} records" for key, count in Counter(ours).items() if count > 1)
    for record in outside.records:
        intent = outside.intent_of.get(record.id)
        if intent is not None and intent.state == "done":
            if json.loads(intent.evidence)["platform_object_id"] != record.platform_object_id:
                yield f"record {record.id} is done, its evidence is of another object"
        elif intent is not None and intent.state in ("unknown", "error") and record.status != intent.state:
            yield f"intent {intent.id} is {intent.state}, its record says {record.status}"
    yield from _ended_faults(kept)


def _ended_faults(kept: Kept) -> Iterator[str]:
    """What an ended connection leaves: no secret, no schedule, nothing that waits to be sent."""
    for ended in kept.outside.connections:
        if ended.status != "disconnected":
            continue
        waiting = [
            each.id for each in kept.outside.intents if (each.connection_id, each.state) == (ended.id, "pending")
        ]
        secrets = [name for owner, name in kept.outside.secrets if owner == f"connection:{ended.id}"]
        schedules = [
            each.name for each in kept.outside.schedules if json.loads(each.request) == {"connection": ended.id}
        ]
        if waiting or secrets or schedules:
            yield f"connection {ended.id} was ended and left {waiting}, {secrets}, {schedules}"


def job_faults(kept: Kept) -> Iterator[str]:
    """Y6 from the rows alone, and that whatever waits to be sent has somebody who sends it."""
    for state in ("queued", "running"):
        keys = Counter(each.joined_by for each in kept.outside.jobs if each.state == state and each.joined_by)
        yield from (f"{count} jobs of {key} are {state}" for key, count in keys.items() if count > 1)
    for job in kept.outside.jobs:
        if "itself failed" in job.fault or "itself failed" in job.answer:
            yield f"job {job.id} ({job.kind}) broke off: {job.fault} {job.answer}"
    connected = {each.id for each in kept.outside.connected}
    sent_by = {
        json.loads(job.request)["intent"]
        for job in kept.outside.jobs
        if job.kind == "push_record" and job.state in ("queued", "running")
    }
    for record in kept.outside.records:
        intent = kept.outside.intent_of.get(record.id)
        live = record.connection_id in connected and intent is not None and intent.state in _LIVE
        if live and intent is not None and intent.id not in sent_by:
            yield f"intent {intent.id} of record {record.id} is {intent.state}, and no job is there for it"


def platform_faults(kept: Kept, there: Witness) -> Iterator[str]:
    """Y2 and Y5 from the rows and from what the platform has: each effect once and known, no object left out."""
    yield from there.faults
    owners = {
        intent.key: (record.object_type, record.own_id)
        for record in kept.outside.records
        if (intent := kept.outside.intent_of.get(record.id)) is not None
    }
    for object_type, objects in there.objects.items():
        keys = Counter(each.key for each in objects.values() if each.key)
        yield from (f"{object_type} of key {key} is there {count} times" for key, count in keys.items() if count > 1)
        yield from (f"{object_type} of key {key} is of no intent" for key in keys if key not in owners)
        if object_type in ("receivable", "bill", "customer", "vendor", "match"):
            made = Counter(owners[key] for key in keys if key in owners)
            yield from (f"{owner} is there {count} times" for owner, count in made.items() if count > 1)
    for record in kept.outside.records:
        intent = kept.outside.intent_of.get(record.id)
        done = intent is not None and intent.state == "done"
        if done and record.platform_object_id not in there.ever[record.object_type]:
            yield f"record {record.id} is done, the platform never had {record.platform_object_id}"
    yield from (fault for cursor in kept.outside.cursors for fault in _passed(kept, there, cursor))


def _passed(kept: Kept, there: Witness, cursor: SyncCursor) -> Iterator[str]:
    """Objects in front of a cursor that nobody knows here, but for postings of accounts that are not reconciled."""
    known = {(each.object_type, each.platform_object_id) for each in kept.outside.records}
    codes = {account.code for account in kept.accounts if account.kind in ("bank", "provider")}
    for each in there.objects[cursor.object_type].values():
        ours = cursor.object_type != "journal_line" or each.content["account"] in codes
        if ours and each.changed <= int(cursor.cursor or 0) and (cursor.object_type, each.id) not in known:
            yield f"the cursor of {cursor.object_type} has passed {each}"

"""What one change may do to what the outside sees or said, as faults found by comparing rows before and after it."""

import json
from collections.abc import Iterator
from dataclasses import replace

from tests.simulation.kept import Kept
from tests.simulation.kept_outside import Outside
from tests.simulation.settlement_invariants import effect_of, payouts_of
from tests.simulation.witness import PUSHED_TYPES, Witness
from tieout.domain.books import Difference
from tieout.domain.connections import Intent, SyncedRecord
from tieout.domain.settlements import SettlementBatch
from tieout.domain.work import Job

# What becomes of a batch; open is never come back to.
_STEPS_OF_A_BATCH = {
    ("open", "analyzed"), ("open", "finalized"), ("analyzed", "finalized"), ("finalized", "analyzed"),
}  # fmt: skip
# Columns of an entry that follow the provider; nothing else of it ever changes.
_FOLLOWS = ("batch_id", "received", "released_day")
_OF_MATCHES = ("payment_record", "match")
_INVOICES = ("receivable", "bill")


def outside_faults(before: Kept, after: Kept, *, platform: bool) -> Iterator[str]:
    """S1, S5, Y3, Y5 and Y6 of one change; and that a platform undoes only matches of lines that followed it."""
    yield from _entry_faults(before.outside, after.outside)
    yield from _batch_faults(before, after)
    yield from _flag_faults(before.outside, after.outside)
    yield from _cursor_faults(before.outside, after.outside)
    yield from _job_faults(before.outside, after.outside)
    yield from _wanted_faults(before, after)
    yield from _taken_back_faults(before, after)
    if platform:
        yield from _followed_faults(before, after)


def _entry_faults(before: Outside, after: Outside) -> Iterator[str]:
    """What a provider told stays told; an entry goes only from where it waited into the batch that names its payout."""
    now = {entry.line_id: entry for entry in after.told}
    for was in before.told:
        entry = now.get(was.line_id)
        if entry is None or replace(entry, **{name: getattr(was, name) for name in _FOLLOWS}) != was:
            yield f"entry {was.line_id} was {was}, it is {entry}"
        elif entry.batch_id != was.batch_id and before.batch_of[was.batch_id].number:
            yield f"entry {was.line_id} went from batch {was.batch_id} to {entry.batch_id}"
        elif was.received and not entry.received:
            yield f"entry {was.line_id} was told as {was.received}, and is not any more"


def _batch_faults(before: Kept, after: Kept) -> Iterator[str]:
    for was in before.outside.batches:
        batch = after.outside.batch_of.get(was.id)
        if batch is None or (batch.account_id, batch.number, batch.currency) != (
            was.account_id, was.number, was.currency,
        ):  # fmt: skip
            yield f"batch {was.id} was {was}, it is {batch}"
            continue
        if batch.state != was.state and (was.state, batch.state) not in _STEPS_OF_A_BATCH:
            yield f"batch {was.id} went from {was.state} to {batch.state}"
        if was.sign_rule and batch.sign_rule != was.sign_rule:
            yield f"batch {was.id} meant its signs as {was.sign_rule}, now as {batch.sign_rule}"
        if not was.sign_rule and batch.sign_rule and not _decides(after, batch):
            yield f"batch {was.id} is said to mean its signs as {batch.sign_rule}, which does not tie it alone"


def _decides(after: Kept, batch: SettlementBatch) -> bool:
    """Whether the rule of a batch gives its payout, and the other one does not or means the same."""
    own = [(entry, after.latest[entry.line_id]) for entry in after.outside.told if entry.batch_id == batch.id]
    effects = {
        rule: [effect_of(rule, line.kind, entry.received) for entry, line in own] for rule in ("as_received", "by_type")
    }
    wanted = (batch.payout_minor_units or 0) - batch.carried_minor_units
    other = "by_type" if batch.sign_rule == "as_received" else "as_received"
    same = effects[other] == effects[batch.sign_rule]
    return sum(effects[batch.sign_rule]) == wanted and (same or sum(effects[other]) != wanted)


def _flag_faults(before: Outside, after: Outside) -> Iterator[str]:
    """S1: each flag goes from no to yes, once."""
    now = {(each.integration_id, each.line_id): each for each in after.deliveries}
    for was in before.deliveries:
        each = now.get((was.integration_id, was.line_id))
        kept = each is not None and all(
            getattr(was, name) in (None, getattr(each, name)) for name in ("read_at", "resolved_at")
        )
        if not kept:
            yield f"{was} became {each}"


def _cursor_faults(before: Outside, after: Outside) -> Iterator[str]:
    """Y5: no cursor moves back."""
    now = {(each.connection_id, each.object_type): int(each.cursor or 0) for each in after.cursors}
    for was in before.cursors:
        if now.get((was.connection_id, was.object_type), -1) < int(was.cursor or 0):
            yield f"{was} moved back"


def _job_faults(before: Outside, after: Outside) -> Iterator[str]:
    """Y6: fences only grow, and what is done stays done."""
    now = {job.id: job for job in after.jobs}
    for was in before.jobs:
        job = now.get(was.id)
        if job is None or job.fence < was.fence or (was.state == "done" and _said(job) != _said(was)):
            yield f"job {was.id} was {was}, it is {job}"


def _said(job: Job) -> tuple[str, str, int | None]:
    return job.state, job.answer, job.finished_at


def _wanted_faults(before: Kept, after: Kept) -> Iterator[str]:
    """Y3: what a connected entity makes or confirms is there together with what shall happen on the platform."""
    connected = {each.id for each in before.outside.connected} & {each.id for each in after.outside.connected}
    if not connected or before.outside.connections != after.outside.connections:
        return
    known = {invoice.id for invoice in before.invoices}
    for invoice in after.invoices:
        object_type = "receivable" if invoice.direction == "receivable" else "bill"
        if invoice.id not in known and len(after.outside.of_own(object_type, invoice.id)) != 1:
            yield f"invoice {invoice.id} was made, and nobody is to tell the platform"
    for match in after.matches:
        newly = after.statuses[match.id] == "confirmed" and before.statuses.get(match.id) != "confirmed"
        if newly and match.kind == "across":
            told = sum(len(after.outside.of_own(each, match.id)) for each in _OF_MATCHES)
            if told != _told_of(before, after, match.id):
                yield f"match {match.id} was confirmed, and {told} pushes tell the platform"


def _told_of(before: Kept, after: Kept, match_id: int) -> int:
    """How many pushes a confirmed match has: one for entries of the platform, else one for each invoice it has."""
    lines = [after.latest[leg.line_id] for leg in after.legs(match_id) if leg.side == "ledger"]
    if all(_of_connected(before.outside, "journal_line", line.id) for line in lines):
        return 1
    parents = {line.parent_id for line in lines if line.kind in ("receivable", "payable")}
    return sum(
        any(_of_connected(before.outside, each, number) for each in _INVOICES)
        for number in parents
        if number is not None
    )


def _of_connected(outside: Outside, object_type: str, own_id: int) -> bool:
    connected = {each.id for each in outside.connected}
    return any(each.connection_id in connected for each in outside.of_own(object_type, own_id))


def _followed_faults(before: Kept, after: Kept) -> Iterator[str]:
    """A platform undoes a match only where a line of it followed, and somebody has to explain it."""
    for match_id, status in after.statuses.items():
        if status != "undone" or before.statuses.get(match_id) == "undone":
            continue
        moved = [
            leg for leg in after.legs(match_id) if after.latest[leg.line_id].version > _version(before, leg.line_id)
        ]
        if not moved:
            yield f"match {match_id} was undone, and no line of it changed"
        if not any(each.subject == f"match:{match_id}" for each in after.outside.differences):
            yield f"match {match_id} was undone in the background, and nobody is told"


def _taken_back_faults(before: Kept, after: Kept) -> Iterator[str]:
    """What was undone or cancelled while it waited to be sent is not sent."""
    undone = {number for number, status in after.statuses.items() if status != before.statuses.get(number)}
    cancelled = {each.id for each in after.invoices if each.status == "cancelled"}
    gone = cancelled - {each.id for each in before.invoices if each.status == "cancelled"}
    now = {intent.id: intent for intent in after.outside.intents}
    for record in before.outside.records:
        was = before.outside.intent_of.get(record.id)
        ours = undone if record.object_type in _OF_MATCHES else gone if record.object_type in _INVOICES else set[int]()
        if was is not None and was.state == "pending" and record.own_id in ours and now[was.id].state == "pending":
            yield f"intent {was.id} still waits, its {record.object_type} of {record.own_id} was taken back"


def _version(kept: Kept, line_id: int) -> int:
    return kept.latest[line_id].version if line_id in kept.latest else 0


def is_explained(before: Kept, after: Kept, match_id: int) -> bool:
    """Whether undoing one match changed only the batch whose payout it had brought, and the pushes of the match."""
    legs = {leg.line_id for leg in after.legs(match_id)}
    for was in before.outside.batches:
        batch = after.outside.batch_of[was.id]
        reopened = replace(batch, state=was.state, finalized_at=was.finalized_at, updated_at=was.updated_at)
        paid = any(line.id in legs for line in payouts_of(before, was))
        if batch != was and (reopened != was or not paid or batch.state != "analyzed"):
            return False
    now = {record.id: record for record in after.outside.records}
    pushes = {each for was in before.outside.records if (each := now[was.id]) != was}
    if any(each.own_id != match_id or each.object_type not in _OF_MATCHES for each in pushes):
        return False
    told = set(after.outside.differences) - set(before.outside.differences)
    return all(_is_new(each) and each.subject == f"match:{match_id}" for each in told)


def _is_new(difference: Difference) -> bool:
    return difference.state == "open"


def evidence_faults(before: Kept, after: Kept, there: Witness) -> Iterator[str]:
    """Y1: an intent whose outcome is open leaves that only by what the platform said; what is done stays so."""
    now = {intent.id: intent for intent in after.outside.intents}
    for was in before.outside.intents:
        intent, said = now[was.id], there.said[was.key]
        if (was.key, was.record_id) != (intent.key, intent.record_id):
            yield f"intent {was.id} had the key {was.key}, it has {intent.key}"
        if was.state == "done" and intent.state != "done":
            yield f"intent {was.id} was done, it is {intent.state}"
        elif was.state in ("sent", "unknown") and intent.state not in ("sent", "unknown", "done") and "" not in said:
            yield f"intent {was.id} was {was.state}, it is {intent.state} without evidence: {intent.evidence}"
        elif was.state != "done" and intent.state == "done" and _object_of(intent) not in said:
            yield f"intent {was.id} is done, and the platform said {sorted(said)}: {intent.evidence}"


def _object_of(intent: Intent) -> str:
    told: str = json.loads(intent.evidence)["platform_object_id"]
    return told


def sent_faults(kept: Kept, object_type: str, key: str) -> str:
    """Why nothing may be sent under a key now; empty where it may. Asked by the platform at each push."""
    intent = next((each for each in kept.outside.intents if each.key == key), None)
    if intent is None or not json.loads(intent.body or "{}").get("sent"):
        return "nothing here says so"
    record = next(each for each in kept.outside.records if each.id == intent.record_id)
    if object_type not in PUSHED_TYPES or record.object_type != object_type:
        return f"it is a {record.object_type}"
    if json.loads(record.errors).get("code") in ("cancelled_here", "undone_here"):
        # It was on its way when somebody took it back; its record says that it has to be taken back there too.
        return ""
    return "" if stands(kept, record) else f"{object_type} of {record.own_id} was taken back"


def stands(kept: Kept, record: SyncedRecord) -> bool:
    """Whether the match of a record is confirmed, its invoice not cancelled."""
    if record.object_type in _OF_MATCHES:
        return kept.statuses[record.own_id or 0] == "confirmed"
    cancelled = {invoice.id for invoice in kept.invoices if invoice.status == "cancelled"}
    return record.object_type not in _INVOICES or record.own_id not in cancelled

"""S1 to S5 as faults found in the rows alone: what providers said, what it did to their payouts, who has fetched it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from tests.given_reports import Settled
from tests.simulation.kept import Kept
from tieout.domain.lines import Line
from tieout.domain.settlements import DeliveryProgress, SettlementBatch, SettlementEntry

# What a value without a sign does to the payout.
DIRECTIONS = {"sale": 1, "refund": -1, "fee": -1, "chargeback": -1}


def settlement_faults(kept: Kept) -> Iterator[str]:
    """S5: batches say what their entries are, and beside each value stands the effect that the rule gives it.

    What columns of a report mean is held against the report itself, by `report_faults`.
    """
    lines = kept.latest
    for entry in kept.outside.told:
        batch, line = kept.outside.batch_of.get(entry.batch_id), lines.get(entry.line_id)
        if batch is None or line is None or line.deleted or line.kind == "payout":
            yield f"entry {entry.line_id} is of no batch, or has no line of its own"
        elif (entry.account_id, line.account_id, line.side) != (batch.account_id, batch.account_id, "statement"):
            yield f"entry {entry.line_id} is of another account than batch {batch.id}"
        elif batch.document_id is None and line.minor_units != effect_of(batch.sign_rule, line.kind, entry.received):
            yield f"entry {entry.line_id} of {entry.received!r} is {line.minor_units} by {batch.sign_rule!r}"
    if len({entry.line_id for entry in kept.outside.told}) < len(kept.outside.told):
        yield "a line stands for two entries"
    for batch in kept.outside.batches:
        yield from _batch_faults(kept, batch)


def effect_of(rule: str, kind: str, received: str) -> int:
    """What a value does to the payout, in minor units; nothing while the provider waits."""
    if not received:
        return 0
    value = int(received.replace(".", ""))
    if rule != "by_type" or kind not in DIRECTIONS:
        return value
    return DIRECTIONS[kind] * (value if value >= 0 else -value)


def _batch_faults(kept: Kept, batch: SettlementBatch) -> Iterator[str]:
    own = [kept.latest[entry.line_id] for entry in kept.outside.told if entry.batch_id == batch.id]
    if (batch.entries, batch.entries_minor_units) != (len(own), sum(line.minor_units for line in own)):
        yield f"batch {batch.id} counts {batch.entries} entries of {batch.entries_minor_units}, it has {len(own)}"
    gap = None
    if batch.payout_minor_units is not None or batch.carried_minor_units:
        gap = (batch.payout_minor_units or 0) - batch.entries_minor_units - batch.carried_minor_units
    if batch.gap_minor_units != gap:
        yield f"batch {batch.id} says that {batch.gap_minor_units} is missing, it is {gap}"
    payouts = payouts_of(kept, batch)
    if -sum(line.minor_units for line in payouts) != (batch.payout_minor_units or 0):
        yield f"batch {batch.id} was paid out as {batch.payout_minor_units}, its lines say {payouts}"
    if batch.state == "finalized" and (reason := _not_closed(kept, batch, payouts)):
        yield f"batch {batch.id} is finalised, and {reason}"
    if batch.state != "open" and not batch.number:
        yield f"batch {batch.id} is shown and waits for its payout"


def payouts_of(kept: Kept, batch: SettlementBatch) -> Sequence[Line]:
    """The lines by which a batch was paid out."""
    return [
        line
        for line in kept.lines.values()
        if line.kind == "payout"
        and line.account_id == batch.account_id
        and (line.id == batch.payout_line_id or (batch.number and line.batch == batch.number))
    ]


def closes(kept: Kept, batch: SettlementBatch) -> bool:
    """Whether nothing keeps a batch from being finalised."""
    return not _not_closed(kept, batch, payouts_of(kept, batch))


def _not_closed(kept: Kept, batch: SettlementBatch, payouts: Sequence[Line]) -> str:
    """What keeps a batch from being finalised; empty where nothing does."""
    if not batch.number or not batch.sign_rule:
        return "nothing names its payout, or says what its signs mean"
    if batch.gap_minor_units != 0:
        return f"{batch.gap_minor_units} is missing"
    if batch.payout_minor_units and not payouts:
        return "there is no payout"
    return next((f"payout {line.id} is not at the bank" for line in payouts if not _arrived(kept, line)), "")


def _arrived(kept: Kept, payout: Line) -> bool:
    """Whether live matches tie a payout, whole and within the statements, to a line of a bank account."""
    banks = {account.id for account in kept.accounts if account.kind == "bank"}
    within = {match.id for match in kept.matches if match.kind == "within" and kept.statuses[match.id] == "confirmed"}
    for match_id in {leg.match_id for leg in kept.live if leg.line_id == payout.id} & within:
        others = [kept.latest[leg.line_id] for leg in kept.legs(match_id) if leg.line_id != payout.id]
        if any(line.account_id in banks for line in others):
            return kept.used[payout.id] == payout.minor_units
    return False


def report_faults(kept: Kept, account_id: int, reported: Mapping[str, Mapping[str, Settled]]) -> Iterator[str]:
    """N1 and N2 of reports: a provider's batches hold what all its reports together told, each row once."""
    batches = {batch.number: batch for batch in kept.outside.batches if batch.account_id == account_id}
    if batches.keys() != {number for number, rows in reported.items() if rows}:
        yield f"reports told of {sorted(reported)}, kept are {sorted(batches)}"
        return
    for number, rows in reported.items():
        told = [row for row in rows.values() if row.kind != "MerchantPayout"]
        paid = [row for row in rows.values() if row.kind == "MerchantPayout"]
        entries = sum(1 + (row.commission != "0.00") for row in told)
        total = sum(minor(row.gross) - minor(row.commission) for row in told)
        payout = -sum(minor(row.gross) for row in paid) if paid else None
        batch = batches.get(number)
        if batch is not None and (batch.entries, batch.entries_minor_units, batch.payout_minor_units) != (
            entries, total, payout,
        ):  # fmt: skip
            yield f"reports told {entries} entries of {total} and a payout of {payout}, kept is {batch}"


def minor(text: str) -> int:
    """Hundredths."""
    return int(text.replace(".", ""))


def delivery_faults(kept: Kept) -> Iterator[str]:
    """S1: flags are of entries that are shown or were; how far an integration is follows from its flags."""
    entries = {entry.line_id: entry for entry in kept.outside.told}
    for each in kept.outside.deliveries:
        if each.line_id not in entries or (each.read_at is None and each.resolved_at is None):
            yield f"{each} is of no entry, or says nothing"
    told = {(each.integration_id, each.batch_id): each for each in kept.outside.progress}
    for integration in kept.outside.integrations:
        flags = kept.outside.flags(integration.id)
        for batch in kept.outside.batches:
            own = [flags[entry.line_id] for entry in kept.outside.told if _is_marked(entry, batch, flags)]
            progress = told.get((integration.id, batch.id))
            counts = (progress.touched, progress.resolved) if progress else (0, 0)
            if counts != (len(own), sum(each.resolved_at is not None for each in own)):
                yield f"integration {integration.id} has dealt with {own} of batch {batch.id}, kept is {progress}"
            if progress is not None:
                yield from _mark_faults(kept, batch, progress, flags)


def _is_marked(entry: SettlementEntry, batch: SettlementBatch, flags: Mapping[int, object]) -> bool:
    return entry.batch_id == batch.id and entry.line_id in flags


def _mark_faults(
    kept: Kept, batch: SettlementBatch, progress: DeliveryProgress, flags: Mapping[int, object]
) -> Iterator[str]:
    """Nothing that is left to deliver lies in front of the place from which a list is read."""
    left = [entry.line_id for entry in kept.outside.told if entry.batch_id == batch.id and entry.line_id not in flags]
    if any(line_id < progress.unread_from for line_id in left):
        yield f"entries {left} of batch {batch.id} lie in front of {progress}"


def expected_unread(kept: Kept, integration_id: int) -> list[int]:
    """What an integration has neither read nor resolved, by line."""
    flags = kept.outside.flags(integration_id)
    return [entry.line_id for entry in kept.outside.shown if entry.line_id not in flags]


def expected_unresolved(kept: Kept, integration_id: int) -> list[int]:
    """What an integration has not resolved, read or not."""
    flags = kept.outside.flags(integration_id)
    done = {line_id for line_id, each in flags.items() if each.resolved_at is not None}
    return [entry.line_id for entry in kept.outside.shown if entry.line_id not in done]


def marked_as_told(kept: Kept, integration_id: int, ids: Sequence[int], flag: str) -> tuple[list[int], ...]:
    """S2 and S4: what has to become of each id of a call, in its order: marked, marked already, unknown."""
    shown = {entry.line_id for entry in kept.outside.shown}
    flags = kept.outside.flags(integration_id)
    done = {line_id for line_id, each in flags.items() if getattr(each, f"{flag}_at") is not None}
    first = {line_id: place for place, line_id in reversed(list(enumerate(ids)))}
    new = [id_ for place, id_ in enumerate(ids) if id_ in shown and id_ not in done and first[id_] == place]
    counts = Counter(new)
    already = []
    for id_ in ids:
        if counts[id_]:
            counts[id_] -= 1
        elif id_ in shown:
            already.append(id_)
    return new, already, [id_ for id_ in ids if id_ not in shown]

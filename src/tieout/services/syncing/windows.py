"""Windows: what a platform had in each span of days when it was last looked at, so that later edits are noticed.

A span whose count or checksum changed makes us read all objects of that type again: what differs follows, and what is
no longer there is gone. Every window is kept after what it told was done, never before.
"""

import hashlib
from collections.abc import Iterable, Mapping

from tieout.contracts.platform import PlatformFault, PlatformSession, SpanSum
from tieout.domain.connections import Connection, ObjectType, SyncedRecord, SyncWindow
from tieout.services.line_requests import ground_of
from tieout.services.syncing.taking_entries import accounts_by_code
from tieout.store.protocols import Condition, Order, Reading, Writing

# Names of windows of our own; no platform names a span so.
ACCOUNTS = "@accounts"  # for which accounts postings were read
VANISHED = "@vanished"  # what was gone all at once, and waits for a second look
# More than half of what was there, and more than a busy day of corrections: rather a fault than a decision.
_VANISHED_SHARE = 2
_VANISHED_MIN = 20
# A chart of accounts hardly ever loses one: most of it gone is another ledger, or an empty one.
_ACCOUNTS_VANISHED_MIN = 3


def windows_of(view: Reading, connection: Connection, object_type: str) -> dict[str, SpanSum]:
    """What was seen last, by span."""
    found = view.all(
        SyncWindow, entity_id=connection.entity_id, connection_id=connection.id, object_type=str(object_type)
    )
    return {window.span: SpanSum(window.objects, window.checksum) for window in found}


def changed_spans(before: Mapping[str, SpanSum], now: Mapping[str, SpanSum]) -> list[str]:
    """Spans that are not as they were seen last, those that went included, in order."""
    names = {name for name in (*before, *now) if not name.startswith("@")}
    return sorted(name for name in names if before.get(name) != now.get(name))


def keep_windows(
    work: Writing,
    connection: Connection,
    object_type: str,
    now: Mapping[str, SpanSum],
    checked_at: int,
    *,
    whole: bool = True,
) -> None:
    """Keep what was seen in place of what was seen before.

    whole: `now` names every span of the platform, so that others are gone; windows of our own always stay.
    """
    kept = work.all(
        SyncWindow, entity_id=connection.entity_id, connection_id=connection.id, object_type=str(object_type)
    )
    by_span = {window.span: window for window in kept}
    for span, window in by_span.items():
        if whole and span not in now and not span.startswith("@"):
            work.remove(window)
    for span, seen in now.items():
        window_before = by_span.get(span)
        if window_before is None:
            work.add(
                SyncWindow(
                    entity_id=connection.entity_id,
                    connection_id=connection.id,
                    object_type=str(object_type),
                    span=span,
                    objects=seen.objects,
                    checksum=seen.checksum,
                    checked_at=checked_at,
                )
            )
        elif (window_before.objects, window_before.checksum) != seen:
            work.change(window_before, objects=seen.objects, checksum=seen.checksum, checked_at=checked_at)


def accounts_read(view: Reading, connection: Connection) -> SpanSum:
    """For which accounts of ours postings are read: another account with a code makes all be read again."""
    codes = sorted(accounts_by_code(ground_of(view, connection.entity_id)))
    return SpanSum(len(codes), hashlib.sha256("\n".join(codes).encode()).hexdigest())


def not_seen(view: Reading, connection: Connection, object_type: str, seen: set[str]) -> list[SyncedRecord]:
    """Records of objects that a whole reading did not show, by id."""
    known = view.all(
        SyncedRecord,
        Condition("platform_object_id", "!=", ""),
        order=(Order("id"),),
        entity_id=connection.entity_id,
        connection_id=connection.id,
        object_type=str(object_type),
        gone=False,
    )
    return [record for record in known if record.platform_object_id not in seen]


def still_there(
    session: PlatformSession, object_type: str, spans: Iterable[str], now: Mapping[str, SpanSum], seen: set[str]
) -> set[str]:
    """Ids that the changed spans name themselves, whether a whole reading showed them or not.

    Raises PlatformFault (malformed) where a platform counts objects that it then neither shows nor names: nothing is
    taken for gone then.
    """
    named = {each for span in spans if span in now for each in session.ids(object_type, span)}
    counted = sum(each.objects for each in now.values())
    if counted > len(seen | named):
        told = f"it counts {counted} {object_type}s and shows {len(seen | named)}; nothing was taken for deleted"
        raise PlatformFault("malformed", told)
    return named


def vanished_at_once(object_type: str, gone: list[SyncedRecord], known: int) -> SpanSum | None:
    """What has to be seen twice before it is believed: most of what was there gone at once; None where it is not."""
    least = _ACCOUNTS_VANISHED_MIN if object_type == ObjectType.LEDGER_ACCOUNT else _VANISHED_MIN
    if len(gone) < least or len(gone) * _VANISHED_SHARE <= known:
        return None
    ids = "\n".join(sorted(record.platform_object_id for record in gone))
    return SpanSum(len(gone), hashlib.sha256(ids.encode()).hexdigest())


def is_posting(object_type: str) -> bool:
    """Whether objects of this type are read for some accounts alone."""
    return object_type == ObjectType.JOURNAL_LINE

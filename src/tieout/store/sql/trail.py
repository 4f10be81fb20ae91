"""Holds what is kept against the audit trail, and what is derived against its recomputation."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from tieout.domain.audit import AuditEvent
from tieout.domain.lines import Line
from tieout.domain.people import Entity, Organisation, Setting
from tieout.store.audit_trail import Bulk, Folded, TrailFault, chain_faults
from tieout.store.canonical import ColumnsDigest, said_row
from tieout.store.operational import OPERATIONAL
from tieout.store.protocols import Scope
from tieout.store.sql.asking import Asking
from tieout.store.sql.collecting import BULK
from tieout.store.sql.columns import column_types
from tieout.store.sql.database import mark
from tieout.store.sql.line_query import LAST
from tieout.store.sql.match_query import STATUS
from tieout.store.sql.rows import names_of, reader_of
from tieout.store.sql.schema import (
    ALLOCATIONS,
    AUDIT_HEADS,
    DOCUMENT_BYTES,
    LINE_USES,
    LINES,
    MATCHES,
    NAMES,
    TABLES,
)
from tieout.store.sql.settlement_faults import settlement_faults

BLOCK_ROWS = 10_000
# Enough to see what is wrong; whoever broke a million rows needs no list of them.
FAULTS_MAX = 100

_NOUNS = {name: noun for noun, name in NAMES.items()}


def trail_faults(asking: Asking, organisation_id: int) -> list[TrailFault]:
    """Everything that the chains of an organisation and of its entities do not bear out; empty when all is as told."""
    entities = [
        row[0] for row in _rows(asking, select(TABLES[Entity].c.id), TABLES[Entity].c.organisation_id, organisation_id)
    ]
    organisation = Scope("organisation", organisation_id)
    folded, found = Folded(), []
    for scope in (organisation, *(Scope("entity", entity) for entity in entities)):
        found += _chain(asking, scope, folded)
    for bulk in folded.bulks:
        found += _bulk(asking, bulk)
    _find_rows(asking, folded, organisation_id, entities)
    found += list(folded.faults(str(organisation)))[:FAULTS_MAX]
    found += _bytes(asking, folded, entities)
    for entity in entities:
        found += _uses(asking, entity)
        found += settlement_faults(asking, entity, FAULTS_MAX)
    return found


def _chain(asking: Asking, scope: Scope, folded: Folded) -> list[TrailFault]:
    events, heads = TABLES[AuditEvent], AUDIT_HEADS.c
    head = next(_rows(asking, select(heads.sequence, heads.digest), heads.scope, str(scope)), (0, b""))
    wanted = select(*(events.c[name] for name in names_of(AuditEvent))).order_by(events.c.sequence)

    def told() -> Iterator[AuditEvent]:
        for row in _rows(asking, wanted, events.c.scope, str(scope)):
            event: AuditEvent = reader_of(AuditEvent)(row)
            folded.take(event.body)
            yield event

    return list(chain_faults(str(scope), told(), (head[0], bytes(head[1]))))[:FAULTS_MAX]


def _bulk(asking: Asking, bulk: Bulk) -> Iterator[TrailFault]:
    noun = _NOUNS[bulk.table]
    digest = ColumnsDigest({name: kind for name, (kind, _) in column_types(noun).items()})
    count = 0
    rows = _selected(noun).where(_within(noun, bulk)).order_by(*TABLES[noun].primary_key)
    for block in _blocks(asking, rows, TABLES[noun].c.entity_id, bulk.entity_id):
        digest.take([*zip(*block, strict=True)], len(block))
        count += len(block)
    if (count, digest.hexdigest()) != (bulk.rows, bulk.digest):
        what = f"the {bulk.rows} rows of {bulk.table} from {bulk.first} to {bulk.last} are not as they were written"
        yield TrailFault(f"entity:{bulk.entity_id}", "bulk_differs", what)


def _within(noun: type[Any], bulk: Bulk) -> ColumnElement[bool]:
    """The rows of a bulk; later versions of its lines are none of them."""
    leading = TABLES[noun].c[BULK[noun][0]]
    inside = and_(leading >= bulk.first, leading <= bulk.last)
    return and_(inside, LINES.c.version == 1) if noun is Line else inside


def _find_rows(asking: Asking, folded: Folded, organisation_id: int, entities: Sequence[int]) -> None:
    for noun, table in TABLES.items():
        if noun in OPERATIONAL:
            continue
        names = names_of(noun)
        for column, number in _owners(noun, organisation_id, entities):
            bulks = [bulk for bulk in folded.bulks if bulk.table == NAMES[noun] and bulk.entity_id == number]
            for row in _told_one_by_one(asking, noun, bulks, (column, number)):
                folded.found(f"{table.name}", said_row(names, _said(noun, row)))


def _owners(noun: type[Any], organisation_id: int, entities: Sequence[int]) -> list[tuple[ColumnElement[Any], int]]:
    columns = TABLES[noun].c
    if noun is Organisation:
        return [(columns.id, organisation_id)]
    if noun is Setting or "entity_id" not in columns:
        return [(columns.organisation_id, organisation_id)]
    return [(columns.entity_id, entity) for entity in entities]


def _told_one_by_one(
    asking: Asking, noun: type[Any], bulks: list[Bulk], owner: tuple[ColumnElement[Any], int]
) -> Iterator[Any]:
    """The rows that are in no bulk: all of most tables, so that this is one statement for every owner."""
    column, number = owner
    if bulks:
        for rows in _around(noun, bulks):
            yield from _rows(asking, rows, column, number)
        return
    statement = asking.database.prepared(
        ("trail", noun), lambda: _selected(noun).where(column == mark(column, "owner"))
    )
    values = statement.values({"owner": number})
    for block in asking.database.stream(asking.connection, statement.text, values, BLOCK_ROWS):
        yield from block


def _around(noun: type[Any], bulks: list[Bulk]) -> Iterator[Select[Any]]:
    """The rows between the bulks, and later versions of lines inside them."""
    leading = TABLES[noun].c[BULK[noun][0]]
    before = None
    for bulk in sorted(bulks, key=lambda bulk: bulk.first):
        gap = leading < bulk.first
        yield _selected(noun).where(gap if before is None else and_(leading > before, gap))
        if noun is Line:
            inside = and_(leading >= bulk.first, leading <= bulk.last)
            yield _selected(noun).where(inside, LINES.c.version > 1)
        before = bulk.last
    yield _selected(noun).where(leading > before)


def _said(noun: type[Any], row: Sequence[Any]) -> list[Any]:
    """The row with yes and no as such, whatever the engine says."""
    kinds = [kind for kind, _ in column_types(noun).values()]
    return [
        bool(value) if kind is bool and value is not None else value for kind, value in zip(kinds, row, strict=True)
    ]


def _bytes(asking: Asking, folded: Folded, entities: Sequence[int]) -> Iterator[TrailFault]:
    columns = DOCUMENT_BYTES.c
    left = dict(folded.bytes_kept)
    for entity in entities:
        for document, content in _rows(asking, select(columns.document_id, columns.content), columns.entity_id, entity):
            if left.pop((entity, document), None) != hashlib.sha256(content).hexdigest():
                what = f"the bytes of document {document} are not those that were received"
                yield TrailFault(f"entity:{entity}", "bytes_differ", what)
    for entity, document in left:
        yield TrailFault(f"entity:{entity}", "bytes_differ", f"the bytes of document {document} are gone")


def _uses(asking: Asking, entity_id: int) -> Iterator[TrailFault]:
    """What is kept as used of each line against the sum of its allocations in live confirmed matches."""
    total = func.sum(ALLOCATIONS.c.minor_units)
    joined = and_(MATCHES.c.entity_id == ALLOCATIONS.c.entity_id, MATCHES.c.id == ALLOCATIONS.c.match_id)
    recomputed = (
        select(ALLOCATIONS.c.line_id, total)
        .select_from(ALLOCATIONS.join(MATCHES, joined))
        .where(ALLOCATIONS.c.entity_id == entity_id, STATUS == "confirmed")
        .group_by(ALLOCATIONS.c.line_id)
        .having(total != 0)
    )
    kept = select(LINE_USES.c.line_id, LINE_USES.c.used_minor_units).where(
        LINE_USES.c.entity_id == entity_id, LINE_USES.c.used_minor_units != 0
    )
    lines = {
        row[0] for pair in ((recomputed, kept), (kept, recomputed)) for row in _all(asking, pair[0].except_(pair[1]))
    }
    for line in sorted(lines)[:FAULTS_MAX]:
        what = f"what is used of line {line} is not the sum of what confirmed matches use of it"
        yield TrailFault(f"entity:{entity_id}", "use_differs", what)
    of_line = and_(LINES.c.entity_id == LINE_USES.c.entity_id, LINES.c.id == LINE_USES.c.line_id, LAST)
    unknown = (
        select(LINE_USES.c.line_id)
        .select_from(LINE_USES.outerjoin(LINES, of_line))
        .where(
            LINE_USES.c.entity_id == entity_id,
            or_(LINES.c.id.is_(None), LINES.c.deleted, LINES.c.minor_units != LINE_USES.c.minor_units),
        )
    )
    for (line,) in _all(asking, unknown)[:FAULTS_MAX]:
        what = f"line {line} is used, and there is no line of that amount"
        yield TrailFault(f"entity:{entity_id}", "use_of_unknown_line", what)


def _selected(noun: type[Any]) -> Select[Any]:
    return select(*(TABLES[noun].c[name] for name in names_of(noun)))


def _rows(asking: Asking, rows: Select[Any], column: ColumnElement[Any], value: int | str) -> Iterator[Any]:
    for block in _blocks(asking, rows, column, value):
        yield from block


def _blocks(asking: Asking, rows: Select[Any], column: ColumnElement[Any], value: int | str) -> Iterator[Any]:
    statement = asking.database.rendered(rows.where(column == value))
    return asking.database.stream(asking.connection, statement.text, statement.values({}), BLOCK_ROWS)  # type: ignore[no-any-return]


def _all(asking: Asking, rows: Any) -> list[Any]:
    statement = asking.database.rendered(rows)
    return asking.database.run(asking.connection, statement.text, statement.values({})).fetchall()  # type: ignore[no-any-return]

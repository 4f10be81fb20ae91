"""Rows as they are kept, with what a test does not care about filled in."""

from typing import Any

from tests.given_store import NOON, Office
from tieout.domain.accounts import Account
from tieout.domain.lines import Line
from tieout.domain.match_records import AllocationRecord, MatchRecord
from tieout.domain.reconciling import Reconciliation
from tieout.services.context import Context
from tieout.store.protocols import Scope, Writing
from tieout.store.sql.store import SqlStore


def a_line(entity_id: int, line_id: int, **changes: Any) -> Line:
    """A statement line of 100.00 NOK on account 1, typed in."""
    columns: dict[str, Any] = {
        "entity_id": entity_id,
        "id": line_id,
        "version": 1,
        "deleted": False,
        "side": "statement",
        "kind": "",
        "origin": "entered",
        "account_id": 1,
        "currency": "NOK",
        "minor_units": 100_00,
        "booking_day": 20_000,
        "created_at": NOON,
        "changed_at": NOON,
        "changed_by": "given",
    }
    texts = (
        "reference counterparty counterparty_account batch description native_id settles foreign_currency rate place"
        " extra"
    )
    absent = "value_day foreign_minor_units document_id statement_id parent_id transfer_id paid_day"
    columns |= dict.fromkeys(texts.split(), "") | dict.fromkeys(absent.split())
    return Line(**(columns | changes))


def a_match(entity_id: int, match_id: int, **changes: Any) -> MatchRecord:
    """A match across that somebody made and confirmed."""
    columns: dict[str, Any] = {
        "entity_id": entity_id,
        "id": match_id,
        "kind": "across",
        "matcher": "person",
        "born": "confirmed",
        "automatic": False,
        "prepared_by": "given",
        "plan": "",
        "answers": 1,
        "searched_fully": True,
        "steps": 0,
        "accidental_hits": "",
        "evidence": "{}",
        "extra": "",
        "created_at": NOON,
    }
    return MatchRecord(**(columns | changes))


def an_allocation(line: Line, match_id: int, minor_units: int | None = None) -> AllocationRecord:
    """What a match uses of a line: all of it where no amount is given."""
    return AllocationRecord(
        entity_id=line.entity_id,
        match_id=match_id,
        line_id=line.id,
        line_version=line.version,
        side=line.side,
        minor_units=line.minor_units if minor_units is None else minor_units,
        currency=line.currency,
    )


def an_account(entity_id: int, account_id: int) -> Account:
    """A bank account in NOK."""
    return Account(
        entity_id=entity_id,
        id=account_id,
        kind="bank",
        name="Bank",
        code="1920",
        number="",
        currency="NOK",
        starting_day=None,
        starting_minor_units=0,
        reconcile_day=None,
        archived_at=None,
        extra="",
        created_at=NOON,
        updated_at=NOON,
    )


def a_reconciliation(account: Account, reconciliation_id: int, **changes: Any) -> Reconciliation:
    """A reconciliation in progress."""
    columns: dict[str, Any] = {
        "entity_id": account.entity_id,
        "id": reconciliation_id,
        "account_id": account.id,
        "start_day": 20_000,
        "start_minor_units": 0,
        "end_day": 20_030,
        "end_minor_units": 0,
        "done": False,
        "agreed_with_previous": None,
        "per_statement": "",
        "imported": False,
        "created_at": NOON,
        "created_by": "given",
        "completed_at": None,
        "completed_by": "",
    }
    return Reconciliation(**(columns | changes))


def scope_of(office: Office) -> Scope:
    """The chain of the office's first entity."""
    return Scope("entity", office.entity_id)


def given_lines(context: Context, office: Office, *changes: dict[str, Any]) -> list[Line]:
    """Lines kept, one for each set of changes to `a_line`."""
    with context.store.writing(scope_of(office), "given", "given_lines", NOON) as work:
        ids = work.new_ids(Line, len(changes))
        lines = [a_line(office.entity_id, line_id, **each) for line_id, each in zip(ids, changes, strict=True)]
        work.add(*lines)
    return lines


def new_id(context: Context, noun: type[Any]) -> int:
    """An identifier that no row has."""
    with context.store.operating() as work:
        return work.new_ids(noun)[0]


def keep(context: Context, office: Office, *nouns: object) -> None:
    """Rows of the office's first entity, in one transaction."""
    with context.store.writing(scope_of(office), "given", "keep", NOON) as work:
        work.add(*nouns)


def add_columns(work: Writing, lines: list[Line]) -> None:
    """Keep lines the way a bulk load does."""
    columns = {name: [getattr(line, name) for line in lines] for name in Line.__dataclass_fields__}
    work.add_many(Line, len(lines), columns | {"entity_id": lines[0].entity_id, "version": lines[0].version})


def execute(store: SqlStore, statement: str, *values: object) -> None:
    """Run a statement past everything that tieout checks."""
    marks = statement.replace("?", "%s") if store.name == "postgresql" else statement
    with store.operating() as work:
        work.database.run(work.connection, marks, values)

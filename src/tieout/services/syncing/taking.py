"""Objects of a platform as records, and as rows of ours: a page in one transaction, each object once.

An object that cannot be taken in keeps its record, with the content that it came with and the reason; it is tried again
with every sync, without the platform being asked for it.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from tieout.contracts.platform import Pulled, Pushed
from tieout.domain.connections import Connection, Counterparty, ObjectType, SyncedRecord, SyncStatus
from tieout.kernel.errors import Refusal
from tieout.kernel.public_ids import uuid7
from tieout.services.context import Context
from tieout.services.line_requests import ground_of
from tieout.services.syncing.connection_rows import actor_of, shown_instant
from tieout.services.syncing.contents import (
    Misfit,
    account_code_of,
    content_text,
    entry_of,
    invoice_of,
    name_of,
    party_of,
    require_shape,
)
from tieout.services.syncing.outbox import intent_of
from tieout.services.syncing.settling import error_text, settle_done
from tieout.services.syncing.taking_entries import accounts_by_code, drop_entry, take_entry
from tieout.services.syncing.taking_invoices import Rates, drop_invoice, take_invoice
from tieout.services.syncing.untying import Following
from tieout.store.protocols import Condition, Writing

# The error of a record whose object is there and could not follow here.
NOT_TAKEN = "not_taken"
GONE = "gone"


class Taken(NamedTuple):
    """What became of one object here."""

    own_id: int | None = None
    object_id: str = ""  # public id of ours; empty for what only the platform has
    refusals: tuple[Refusal, ...] = ()
    misfit: str = ""

    @property
    def errors(self) -> str:
        """As a record keeps it."""
        if self.misfit:
            return error_text(NOT_TAKEN, self.misfit)
        if self.refusals:
            said = "; ".join(dict.fromkeys(f"{each.concerns}: {each.code}".lstrip(": ") for each in self.refusals))
            return error_text(NOT_TAKEN, f"it is there and could not be taken over here: {said}")
        return "{}"


class Taking:
    """Takes objects of one connection in, inside one transaction."""

    def __init__(self, context: Context, work: Writing, connection: Connection) -> None:
        self.context, self.work, self.connection = context, work, connection
        self.now = context.now()
        self.at = shown_instant(self.now)
        ground = ground_of(work, connection.entity_id)
        self.following = Following(work, ground, connection.entity_id, self.now, actor_of(connection))
        self._accounts = accounts_by_code(ground)
        self._rates: Rates | None = None

    def take(self, objects: Sequence[Pulled]) -> Counter[str]:
        """Take objects of one type in; how many are new, changed, not taken, or left as they were."""
        if not objects:
            return Counter()
        known = self._known(objects[0].object_type, [each.platform_object_id for each in objects])
        return Counter(self._one(each, known.get(each.platform_object_id)) for each in objects)

    def take_again(self, record: SyncedRecord) -> bool:
        """Try once more what could not be taken in; whether it is now."""
        found = Pulled(record.object_type, record.platform_object_id, json.loads(record.content))
        taken = self._taken(found, record)
        if taken.errors != "{}":
            return False
        values = self._values(record, taken)
        self.work.change(record, **values)
        return True

    def drop(self, record: SyncedRecord) -> None:
        """Note that the platform no longer has an object, and let ours follow."""
        refusals: tuple[Refusal, ...] = ()
        if record.own_id is not None:
            match record.object_type:
                case ObjectType.JOURNAL_LINE:
                    refusals = drop_entry(self.following, record.own_id)
                case ObjectType.RECEIVABLE | ObjectType.BILL:
                    refusals = drop_invoice(self.following, record.own_id)
        told = Taken(refusals=refusals).errors if refusals else error_text(GONE, "the platform no longer has this")
        status = str(SyncStatus.ERROR if refusals else SyncStatus.DONE)
        self.work.change(record, gone=True, status=status, errors=told, updated_at=self.at, last_pulled_at=self.at)

    def _known(self, object_type: str, ids: Sequence[str]) -> dict[str, SyncedRecord]:
        found = self.work.all(
            SyncedRecord,
            Condition("platform_object_id", "in", list(ids)),
            entity_id=self.connection.entity_id,
            connection_id=self.connection.id,
            object_type=object_type,
        )
        return {record.platform_object_id: record for record in found}

    def _one(self, pulled: Pulled, record: SyncedRecord | None) -> str:
        try:
            text, misfit = content_text(pulled.content), ""
        except Misfit as fault:
            text, misfit = "{}", fault.message
        if record is None and pulled.key:
            record = self._of_key(pulled)
        if record is not None and record.content == text and not record.gone and not misfit:
            return "same"
        if record is not None and not record.content and record.own_id is not None:
            # Ours, seen there for the first time: it is what we sent.
            self._keep(record, pulled, text, Taken(record.own_id, record.object_id))
            return "changed"
        if record is None and self._is_pushed_entry(pulled):
            return "elsewhere"
        taken = self._taken(pulled, record, misfit)
        if pulled.object_type == ObjectType.JOURNAL_LINE and record is None and taken == Taken():
            return "elsewhere"
        self._keep(record, pulled, text, taken)
        if taken.errors != "{}":
            return "not taken"
        return "new" if record is None else "changed"

    def _of_key(self, pulled: Pulled) -> SyncedRecord | None:
        """The record that was pushed under the key that the platform keeps: seeing it there settles its push."""
        record = self.work.one(SyncedRecord, entity_id=self.connection.entity_id, public_id=pulled.key)
        if record is None or record.connection_id != self.connection.id or record.object_type != pulled.object_type:
            return None
        intent = intent_of(self.work, record)
        if record.platform_object_id or intent is None:
            return None
        settle_done(
            self.work, intent, record, Pushed(pulled.platform_object_id, pulled.updated_at), "seen there", self.now
        )
        return self.work.one(SyncedRecord, entity_id=self.connection.entity_id, public_id=pulled.key)

    def _is_pushed_entry(self, pulled: Pulled) -> bool:
        """Whether a posting was made by a push of ours.

        What it says is tied here already: as a book entry it would wait for a bank line that never comes.
        """
        if pulled.object_type != ObjectType.JOURNAL_LINE or not pulled.key:
            return False
        return self.work.one(SyncedRecord, entity_id=self.connection.entity_id, public_id=pulled.key) is not None

    def _taken(self, pulled: Pulled, record: SyncedRecord | None, misfit: str = "") -> Taken:
        """Our row of an object, made or following."""
        object_type, content = pulled.object_type, pulled.content
        own_id, object_id = (record.own_id, record.object_id) if record is not None else (None, "")
        if misfit:
            return Taken(own_id, object_id, misfit=misfit)
        try:
            match object_type:
                case ObjectType.CUSTOMER | ObjectType.VENDOR:
                    return self._party(object_type, own_id, content)
                case ObjectType.RECEIVABLE | ObjectType.BILL:
                    return self._invoice(object_type, own_id, object_id, content)
                case ObjectType.JOURNAL_LINE:
                    return self._entry(own_id, pulled)
            require_shape(object_type, content)
        except Misfit as fault:
            return Taken(own_id, object_id, misfit=fault.message)
        return Taken()

    def _party(self, object_type: str, own_id: int | None, content: Mapping[str, Any]) -> Taken:
        read = party_of(content)
        values = {"name": read.name, "tax_number": read.tax_number or "", "email": read.email or ""}
        kept = self.work.one(Counterparty, entity_id=self.connection.entity_id, id=own_id) if own_id else None
        if kept is not None:
            if any(getattr(kept, name) != value for name, value in values.items()):
                self.work.change(kept, **values, updated_at=self.now)
            return Taken(kept.id, kept.public_id)
        made = Counterparty(
            entity_id=self.connection.entity_id,
            id=self.work.new_ids(Counterparty)[0],
            public_id=self._new_public_id(),
            role="customer" if object_type == ObjectType.CUSTOMER else "vendor",
            created_at=self.now,
            updated_at=self.now,
            **values,
        )
        self.work.add(made)
        return Taken(made.id, made.public_id)

    def _invoice(self, object_type: str, own_id: int | None, object_id: str, content: Mapping[str, Any]) -> Taken:
        read = invoice_of(object_type, content)
        role = ObjectType.CUSTOMER if read.direction == "receivable" else ObjectType.VENDOR
        party = self._known(role, [read.counterparty]).get(read.counterparty) if read.counterparty else None
        party_id = party.own_id if party is not None else None
        kept, refusals = take_invoice(
            self.following, own_id, read, party_id, self._rates_there(), self._new_public_id()
        )
        if kept is None:
            return Taken(own_id, object_id, refusals)
        return Taken(kept.id, kept.public_id, refusals)

    def _entry(self, own_id: int | None, pulled: Pulled) -> Taken:
        account = self._accounts.get(account_code_of(pulled.content))
        if account is None:
            # Of an account that is not reconciled here, whatever it says; or it was moved to one.
            refusals = drop_entry(self.following, own_id) if own_id is not None else ()
            return Taken(own_id if refusals else None, refusals=refusals)
        read = entry_of(pulled.content)
        line_id, refusals = take_entry(self.following, own_id, read, account, pulled.platform_object_id)
        return Taken(line_id, refusals=refusals)

    def _rates_there(self) -> Rates:
        if self._rates is None:
            found = self.work.all(
                SyncedRecord,
                entity_id=self.connection.entity_id,
                connection_id=self.connection.id,
                object_type=str(ObjectType.TAX_RATE),
            )
            read = {each.platform_object_id: (each, json.loads(each.content)) for each in found}
            self._rates = Rates(
                {key: (each.public_id, content["effective_tax_rate"]) for key, (each, content) in read.items()}
            )
        return self._rates

    def _keep(self, record: SyncedRecord | None, pulled: Pulled, text: str, taken: Taken) -> None:
        """Write a record as the object now is, with its row here."""
        updated_at = None if pulled.updated_at is None else shown_instant(pulled.updated_at)
        if record is None:
            record = self._new_record(pulled)
            self.work.add(replace(record, content=text, platform_updated_at=updated_at, **self._values(record, taken)))
            return
        name = name_of(pulled.object_type, pulled.content) or record.name
        values = {**self._values(record, taken), "content": text, "name": name, "platform_updated_at": updated_at}
        self.work.change(record, **values)

    def _values(self, record: SyncedRecord, taken: Taken) -> dict[str, Any]:
        errors = taken.errors
        return {
            "own_id": taken.own_id,
            "object_id": taken.object_id or record.object_id,
            "status": str(SyncStatus.DONE if errors == "{}" else SyncStatus.ERROR),
            "errors": errors,
            "gone": False,
            "updated_at": self.at,
            "last_pulled_at": self.at,
            "object_updated_at": self.at if taken.own_id is not None else record.object_updated_at,
        }

    def _new_record(self, pulled: Pulled) -> SyncedRecord:
        public_id = self._new_public_id()
        return SyncedRecord(
            entity_id=self.connection.entity_id,
            id=self.work.new_ids(SyncedRecord)[0],
            public_id=public_id,
            connection_id=self.connection.id,
            object_type=str(pulled.object_type),
            object_id=public_id,
            own_id=None,
            platform_object_id=pulled.platform_object_id,
            status=str(SyncStatus.DONE),
            errors="{}",
            content="",
            name=name_of(pulled.object_type, pulled.content),
            gone=False,
            created_at=self.at,
            updated_at=self.at,
            last_pulled_at=self.at,
            object_updated_at=None,
            platform_updated_at=None,
        )

    def _new_public_id(self) -> str:
        return uuid7(self.now, self.context.random_bytes(10))

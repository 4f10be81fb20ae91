"""A partner of Monite with two entities: its client, tokens, a connection to books on paper, and synced records."""

import json
from dataclasses import dataclass, replace
from typing import Any

from tests.dialects.monite.paper_books import PaperBooks
from tests.given_matches import accepted
from tests.given_store import Office, given_office
from tieout.contracts.platform import Platform
from tieout.domain.connections import Connection, ObjectType, SyncedRecord, SyncStatus
from tieout.domain.people import Face, Principal
from tieout.kernel.public_ids import uuid7
from tieout.services.context import Context
from tieout.services.people.api_clients import IssuedClient, create_client
from tieout.services.people.client_tokens import AccessToken, issue_access_token
from tieout.services.people.operator import operator
from tieout.services.people.users import user
from tieout.services.syncing.connections import configure_connection, create_connection
from tieout.store.protocols import Scope

VERSION = "2024-05-25"
# A UUID of version 7, of another year; nothing has it.
NO_SUCH_ID = "01800000-0000-7000-8000-000000000000"

TAX_RATE = {
    "code": "3",
    "name": "Utgående mva, 25 %",
    "status": "active",
    "direction": "sales",
    "effective_tax_rate": 2500,
    "total_tax_rate": 2500,
    "components": [{"name": "MVA", "rate": 2500, "is_compound": False}],
}
LEDGER_ACCOUNT = {
    "name": "Sales",
    "type": "income",
    "subtype": None,
    "status": "active",
    "nominal_code": "3000",
    "currency": "NOK",
    "current_balance": "-1250.50",
    "is_bank_account": False,
}


def prepared(context: Context) -> Context:
    """The context with books on paper among its platforms."""
    books: Platform = PaperBooks()
    return replace(context, platforms=lambda: {"paper": books})


@dataclass(frozen=True)
class Firm:
    """An office, whose client has a token; its first entity is connected."""

    context: Context
    office: Office
    client: IssuedClient
    token: str
    connection: Connection

    @property
    def entity_id(self) -> str:
        """The public id of the first entity."""
        return self.office.entities[0].public_id

    @property
    def second_entity_id(self) -> str:
        """The public id of the entity that is not connected."""
        return self.office.entities[1].public_id

    @property
    def books(self) -> str:
        """What the ids of the books on paper begin with."""
        return f"books{self.office.entity_id}"

    def record(
        self,
        object_type: str = "receivable",
        status: str = SyncStatus.DONE,
        content: dict[str, Any] | None = None,
        *,
        at: int | None = None,
        **fields: Any,
    ) -> SyncedRecord:
        """A synced record of the first entity. at: when it was made, now where nobody says."""
        now = self.context.now() if at is None else at
        public_id = uuid7(now, self.context.random_bytes(10))
        scope = Scope("entity", self.office.entity_id)
        with self.context.store.writing(scope, "given", "given_record", self.context.now()) as work:
            made = SyncedRecord(
                entity_id=self.office.entity_id,
                id=work.new_ids(SyncedRecord)[0],
                public_id=public_id,
                connection_id=self.connection.id,
                object_type=object_type,
                object_id=fields.get("object_id", public_id),
                own_id=None,
                platform_object_id=fields.get("platform_object_id", ""),
                status=status,
                errors=json.dumps(fields.get("errors", {})),
                content=json.dumps(content) if content else "",
                name=str((content or {}).get("name", "")),
                gone=fields.get("gone", False),
                created_at=now,
                updated_at=fields.get("updated_at", now),
                last_pulled_at=fields.get("last_pulled_at"),
                object_updated_at=fields.get("object_updated_at"),
                platform_updated_at=fields.get("platform_updated_at"),
            )
            work.add(made)
        return made

    def tax_rate(self, name: str = "MVA 25", **fields: Any) -> SyncedRecord:
        """A tax rate of the books on paper."""
        gone = fields.pop("gone", False)
        return self.record(ObjectType.TAX_RATE, content={**TAX_RATE, "name": name, **fields}, gone=gone)

    def ledger_account(self, name: str = "Sales", **fields: Any) -> SyncedRecord:
        """A ledger account of the books on paper."""
        gone = fields.pop("gone", False)
        return self.record(ObjectType.LEDGER_ACCOUNT, content={**LEDGER_ACCOUNT, "name": name, **fields}, gone=gone)

    @property
    def reader_id(self) -> str:
        """The public id of the office's reader."""
        return public_id_of(self.context, self.office.reader)

    def user_token(self, principal: Principal) -> str:
        """A token for one of the office's users, given through the client."""
        return access_token(self.context, self.client, public_id_of(self.context, principal)).text


def public_id_of(context: Context, principal: Principal) -> str:
    """The public id of a user."""
    return accepted(user(context, principal, principal.user_id)).public_id


def access_token(context: Context, client: IssuedClient, user_public_id: str | None = None) -> AccessToken:
    """A token of a client, or of a user through it."""
    return accepted(issue_access_token(context, client.client.public_id, client.secret, user_public_id))


def connected(context: Context, principal: Principal, entity_id: int, name: str) -> Connection:
    """A connection of an entity to the books on paper of this name."""
    waiting = accepted(create_connection(context, principal, entity_id))
    told = configure_connection(
        prepared(context), principal, entity_id, waiting.id, "paper", {"name": name}, {"password": "seven"}
    )
    return accepted(told)


def given_firm(context: Context) -> Firm:
    """A firm without any synced record."""
    office = given_office(context, "NOK", "NOK", face=Face.MONITE)
    client = accepted(create_client(context, operator(context, office.organisation.id), "ERP"))
    made = connected(context, office.owner, office.entity_id, f"books{office.entity_id}")
    return Firm(context, office, client, access_token(context, client).text, made)


def given(context: Context) -> dict[str, str]:
    """A firm of its own, for the suite that every dialect passes."""
    firm = given_firm(context)
    failed = firm.record("bill", SyncStatus.ERROR, errors={"code": "no_tax_rate", "message": "line 1: 25 %"})
    return {
        "authorization": f"Bearer {firm.token}",
        "reader_authorization": f"Bearer {firm.user_token(firm.office.reader)}",
        "owner_authorization": f"Bearer {firm.user_token(firm.office.owner)}",
        "header:x-monite-version": VERSION,
        "header:x-monite-entity-id": firm.entity_id,
        "no_such_id": NO_SUCH_ID,
        "token": firm.token,
        "client_id": firm.client.client.public_id,
        "client_secret": firm.client.secret,
        "entity_user_id": firm.reader_id,
        "entity_id": firm.entity_id,
        "second_entity_id": firm.second_entity_id,
        "stranger_entity_id": firm.office.stranger_entity.public_id,
        "connection_id": firm.connection.public_id,
        "synced_record_id": failed.public_id,
        "pushed_record_id": firm.record("bill", platform_object_id=f"{firm.books}-bill-1").public_id,
        "unknown_record_id": firm.record("payment_record", SyncStatus.UNKNOWN).public_id,
        "tax_rate_id": firm.tax_rate().public_id,
        "ledger_account_id": firm.ledger_account().public_id,
        "payable_id": f"{firm.books}-bill-1",
        "invoice_id": f"{firm.books}-receivable-2",
        "vendor_id": f"{firm.books}-Paper",
    }

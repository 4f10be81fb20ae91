"""A Brazilian shop that sells on marketplaces: two settlement batches, and an ERP that fetches them."""

from dataclasses import dataclass, field
from typing import Any

from tests.given_matches import accepted
from tests.given_rows import a_line
from tests.given_settlements import a_batch, an_entry, given_provider
from tests.given_store import NOON, Office, given_office
from tieout.dialects.koncili.credentials import Credentials, write_apart, write_joined
from tieout.domain.accounts import Account
from tieout.domain.lines import Line
from tieout.domain.people import Face
from tieout.domain.settlements import SettlementBatch
from tieout.kernel.dates import day_number, day_of_text
from tieout.kernel.money import decimal_text
from tieout.services.context import Context
from tieout.services.people.operator import operator
from tieout.services.people.refresh_tokens import start_family
from tieout.services.people.users import change_password
from tieout.services.settlements.integrations import integration_of
from tieout.store.protocols import Scope

CREDENTIAL_HEADER = "gumgaToken"
PASSWORD = "correct horse battery"

# What Koncili itself says of an order, as a client of its keeps it.
SAID = (
    '{"accountName":"Loja Central","channelStatus":"CONCLUDED","customerDocumentNumber":"01234567890",'
    '"customerName":"Ana Prado","expectedPercentualComission":15.00,"internalStatus":"INVOICED",'
    '"invoiceNumber":"000123","orderDate":"2026-01-02T03:00:00.000+0000","orderIdHubOrigin":771,'
    '"paymentMethod":"BILLET","plotValue":"285.00","totalValue":570.00}'
)


def day(text: str) -> int:
    """Days since 1970-01-01."""
    return day_number(day_of_text(text))


@dataclass(frozen=True)
class Shop:
    """An office with one entity in BRL, the clearing account of a marketplace, and the owner's access token."""

    context: Context
    office: Office
    account: Account
    token: str = field(repr=False)

    @property
    def email(self) -> str:
        """Whom the ERP signs in as."""
        return f"owner.{self.office.owner.user_id}@office.example"

    def batch(self, entries: list[dict[str, Any]] | int = 1, **changes: Any) -> tuple[SettlementBatch, list[int]]:
        """A batch with its entries, and their ids; or so many sales of 10.00.

        An entry is given by `minor_units` and `kind` of its line, and by changes to `an_entry`.
        """
        wanted = [{} for _ in range(entries)] if isinstance(entries, int) else entries
        entity_id = self.office.entity_id
        with self.context.store.writing(Scope("entity", entity_id), "given", "given_batch", NOON) as work:
            (batch_id,) = work.new_ids(SettlementBatch)
            batch = a_batch(self.account, batch_id, **({"entries": len(wanted)} | changes))
            work.add(batch)
            lines = []
            for line_id, each in zip(work.new_ids(Line, len(wanted)), wanted, strict=True):
                fields = {"minor_units": 10_00, "kind": "sale", **each}
                line = a_line(
                    entity_id,
                    line_id,
                    account_id=self.account.id,
                    origin="document",
                    currency="BRL",
                    minor_units=fields.pop("minor_units"),
                    kind=fields.pop("kind"),
                    reference=fields.get("order_code", str(line_id)),
                    batch=batch.number,
                )
                fields = {"received": decimal_text(line.minor_units, 2)} | fields
                lines.append(line)
                work.add(line, an_entry(batch, line, **fields))
        return batch, [line.id for line in lines]


def given_shop(context: Context) -> Shop:
    """A shop without any settlement; its default integration is there, so that no call of a test makes it."""
    office = given_office(context, "BRL", face=Face.KONCILI)
    accepted(change_password(context, operator(context, office.organisation.id), office.owner.user_id, PASSWORD))
    accepted(integration_of(context, office.owner))
    pair = start_family(context, Face.KONCILI, office.owner.user_id, 7200)
    assert pair is not None
    return Shop(context, office, given_provider(context, office, "B2W", "BRL"), pair.access)


def given(context: Context) -> dict[str, str]:
    """A shop of its own, for the suite that every dialect passes."""
    shop = given_shop(context)
    with context.store.operating() as work:
        # So that no id is a part of an error's code, where the suite looks for ids.
        work.new_ids(Line, 1_000)
        work.new_ids(SettlementBatch, 1_000)
    order: dict[str, Any] = {
        "order_code": f"MKT-{shop.office.entity_id}",
        "channel": "B2W",
        "plot_number": 1,
        "plots_quantity": 2,
    }
    finalized, ids = shop.batch(
        [
            {
                "minor_units": 570_00,
                "original_minor_units": 570_00,
                "expected_minor_units": 570_00,
                "expected_day": day("2026-01-10"),
                "facts": SAID,
                **order,
            },
            {"minor_units": -85_50, "kind": "fee", "entry_type": "COMISSION", "received": "85.5", **order},
        ],
        state="finalized",
        sign_rule="by_type",
        gap_minor_units=0,
        start_day=day("2026-01-01"),
        end_day=day("2026-01-10"),
        finalized_at=NOON,
    )
    waiting, (waiting_id,) = shop.batch(
        [{"order_code": "MKT-5002", "entry_type": "payment", "received": "", "released_day": None}],
        sign_rule="",
        gap_minor_units=None,
    )
    hidden, (hidden_id,) = shop.batch(state="open", analyzed_at=None)
    return {
        "authorization": shop.token,
        "credentials": write_joined(Credentials(shop.email, PASSWORD)),
        "credentials_apart": write_apart(Credentials(shop.email, PASSWORD)),
        "oi": f"{shop.office.organisation.id}.{shop.office.entity_id}.",
        "sale_id": str(ids[0]),
        "commission_id": str(ids[1]),
        "waiting_id": str(waiting_id),
        "hidden_id": str(hidden_id),
        "finalized_id": str(finalized.id),
        "waiting_batch_id": str(waiting.id),
        "hidden_batch_id": str(hidden.id),
        "orderCode": order["order_code"],
        "channelName": "B2W",
        "extractType": "SALE",
    }
